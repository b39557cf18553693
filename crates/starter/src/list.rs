//! The lists that the starter has parties of.
//!
//! Idea: a table of id, name, authority and topics, in the order in which the rows of the file stand.
//! Source: the authorities' names and topics are those that the readers of `interdict-sources` give the full lists.

/// A list of which the starter has some parties.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct StarterList {
    /// Id of the list.
    pub(crate) id: &'static str,
    /// Name for people.
    pub(crate) name: &'static str,
    /// Who lists.
    pub(crate) authority: &'static str,
    /// Code of the authority's country; empty where it has none.
    pub(crate) country: &'static str,
    /// Topics of FollowTheMoney that a party gets by standing there.
    pub(crate) topics: &'static [&'static str],
}

const OFAC: &str = "Office of Foreign Assets Control";
const BIS: &str = "Bureau of Industry and Security";
const SANCTION: &[&str] = &["sanction"];
const EXPORT: &[&str] = &["export.control"];

/// The lists, in the order of the file and of `docs/starter.md`.
pub(crate) const LISTS: &[StarterList] = &[
    StarterList::new("us_ofac_sdn", "OFAC Specially Designated Nationals (SDN)", OFAC, "us", SANCTION),
    StarterList::new("us_ofac_ssi", "OFAC Sectoral Sanctions Identifications (SSI)", OFAC, "us", SANCTION),
    StarterList::new(
        "us_ofac_cmic",
        "OFAC Chinese Military-Industrial Complex Companies (CMIC)",
        OFAC,
        "us",
        &["sanction", "invest.ban"],
    ),
    StarterList::new("us_bis_el", "BIS Entity List", BIS, "us", EXPORT),
    StarterList::new("us_bis_meu", "BIS Military End User List", BIS, "us", EXPORT),
    StarterList::new("us_bis_uvl", "BIS Unverified List", BIS, "us", EXPORT),
    StarterList::new("us_bis_dpl", "BIS Denied Persons List", BIS, "us", EXPORT),
    StarterList::new("un_sc", "UN Security Council consolidated list", "United Nations Security Council", "", SANCTION),
    StarterList::new("eu_fsf", "EU consolidated financial sanctions list", "European Union", "eu", SANCTION),
    StarterList::new("gb_ofsi", "UK consolidated list (OFSI)", "HM Government of the United Kingdom", "gb", SANCTION),
];

impl StarterList {
    const fn new(
        id: &'static str,
        name: &'static str,
        authority: &'static str,
        country: &'static str,
        topics: &'static [&'static str],
    ) -> StarterList {
        StarterList { id, name, authority, country, topics }
    }

    /// The list of this id.
    pub(crate) fn by_id(id: &str) -> Option<&'static StarterList> {
        LISTS.iter().find(|list| list.id == id)
    }
}
