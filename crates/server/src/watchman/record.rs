//! An entity in Watchman's shape.
//!
//! Invariant: nothing is made up. What a list does not say is empty, zero or null, as Watchman has it for what is not known; a year is not
//! the first of January of that year.

use interdict_model::Entity;
use serde_json::{Map, Value as Json, json};

use super::kind::Kind;
use crate::view::caption;

/// A number that a state gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GovernmentId {
    pub(super) kind: String,
    /// ISO 3166, in capitals.
    pub(super) country: String,
    pub(super) number: String,
}

impl GovernmentId {
    /// Whether it is of one of some types.
    pub(super) fn is_one_of(&self, kinds: &[&str]) -> bool {
        kinds.contains(&self.kind.as_str())
    }
}

/// An address; `line1` has all of it where its parts are not known.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Address {
    pub(super) line1: String,
    pub(super) line2: String,
    pub(super) city: String,
    pub(super) postal_code: String,
    pub(super) state: String,
    pub(super) country: String,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
}

/// Another party that it has to do with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Affiliation {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) details: String,
}

/// What it is sanctioned under.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sanctions {
    pub(super) programs: Vec<String>,
    pub(super) secondary: bool,
    pub(super) description: String,
}

/// What stands on other entities, or beside the properties of a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Related {
    /// The list's number of the record.
    pub(super) source_id: Option<String>,
    pub(super) government_ids: Vec<GovernmentId>,
    pub(super) addresses: Vec<Address>,
    /// Currency and address.
    pub(super) wallets: Vec<(String, String)>,
    pub(super) affiliations: Vec<Affiliation>,
    pub(super) sanctions: Option<Sanctions>,
    pub(super) owner: String,
    pub(super) faxes: Vec<String>,
}

/// An entity with what is said of it.
#[derive(Debug)]
pub(super) struct Record<'e> {
    pub(super) entity: &'e Entity,
    /// Which of the five members describes it.
    pub(super) kind: Option<Kind>,
    /// What it is called a type of; empty where nobody said.
    pub(super) entity_type: &'static str,
    pub(super) source_list: String,
    pub(super) source_id: String,
    pub(super) related: Related,
    /// The entity as FollowTheMoney JSON.
    pub(super) source_data: Json,
}

impl Record<'_> {
    /// What it is called; a query without a name is called nothing.
    pub(super) fn name(&self) -> &str {
        let caption = caption(self.entity);
        if self.source_list.is_empty() && self.entity.first("name").is_none() { "" } else { caption }
    }

    /// Its other names.
    pub(super) fn alt_names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for property in ["name", "alias", "weakAlias", "previousName"] {
            for name in texts(self.entity, property) {
                if name != self.name() && !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// First value of a property; empty where there is none.
    pub(super) fn first(&self, property: &str) -> &str {
        self.entity.first(property).unwrap_or_default()
    }

    /// First day of a property of dates.
    pub(super) fn day(&self, property: &str) -> Option<&str> {
        texts(self.entity, property).find(|text| is_day(text))
    }

    fn time(&self, property: &str) -> Json {
        self.day(property).map_or(Json::Null, |day| json!(format!("{day}T00:00:00Z")))
    }

    /// First country of some properties, in capitals.
    pub(super) fn country(&self, properties: &[&str]) -> String {
        properties.iter().find_map(|property| self.entity.first(property)).unwrap_or_default().to_uppercase()
    }

    /// First value of a property as a whole number; 0 where there is none.
    fn number(&self, property: &str) -> u64 {
        let digits = self.first(property).replace(',', "");
        let whole = digits.split('.').next().unwrap_or_default();
        whole.trim().parse().unwrap_or_default()
    }

    /// All values of a property.
    pub(super) fn texts(&self, property: &str) -> Vec<&str> {
        texts(self.entity, property).collect()
    }

    /// In Watchman's shape, without `match`.
    pub(super) fn json(&self) -> Map<String, Json> {
        let mut out = Map::new();
        out.insert("name".to_owned(), json!(self.name()));
        out.insert("entityType".to_owned(), json!(self.entity_type));
        out.insert("sourceList".to_owned(), json!(self.source_list));
        out.insert("sourceID".to_owned(), json!(self.source_id));
        for kind in [Kind::Person, Kind::Business, Kind::Organization, Kind::Aircraft, Kind::Vessel] {
            let of_kind = if self.kind == Some(kind) { self.of_kind(kind) } else { Json::Null };
            out.insert(kind.name().to_owned(), of_kind);
        }
        let contact = json!({
            "emailAddresses": self.texts("email"),
            "phoneNumbers": self.texts("phone"),
            "faxNumbers": self.related.faxes,
            "websites": self.texts("website"),
        });
        out.insert("contact".to_owned(), contact);
        out.insert("addresses".to_owned(), self.related.addresses.iter().map(address_json).collect());
        let wallet = |(currency, address): &(String, String)| json!({"currency": currency, "address": address});
        out.insert("cryptoAddresses".to_owned(), self.related.wallets.iter().map(wallet).collect());
        let affiliation =
            |other: &Affiliation| json!({"entityName": other.name, "type": other.kind, "details": other.details});
        out.insert("affiliations".to_owned(), self.related.affiliations.iter().map(affiliation).collect());
        let sanctions = self.related.sanctions.as_ref().map(|sanctions| {
            let Sanctions { programs, secondary, description } = sanctions;
            json!({"programs": programs, "secondary": secondary, "description": description})
        });
        out.insert("sanctionsInfo".to_owned(), json!(sanctions));
        let former = |name: &str| json!({"type": "Former Name", "value": name, "date": null});
        out.insert("historicalInfo".to_owned(), texts(self.entity, "previousName").map(former).collect());
        out.insert("sourceData".to_owned(), self.source_data.clone());
        out
    }

    fn of_kind(&self, kind: Kind) -> Json {
        let ids: Vec<Json> = self
            .related
            .government_ids
            .iter()
            .map(|id| json!({"name": "", "type": id.kind, "country": id.country, "identifier": id.number}))
            .collect();
        let (name, alt_names) = (self.name(), self.alt_names());
        let titles = [self.texts("title"), self.texts("position")].concat();
        match kind {
            Kind::Person => json!({
                "name": name,
                "altNames": alt_names,
                "gender": self.first("gender"),
                "birthDate": self.time("birthDate"),
                "placeOfBirth": self.first("birthPlace"),
                "deathDate": self.time("deathDate"),
                "titles": titles,
                "governmentIDs": ids,
            }),
            Kind::Business | Kind::Organization => json!({
                "name": name,
                "altNames": alt_names,
                "created": self.time("incorporationDate"),
                "dissolved": self.time("dissolutionDate"),
                "governmentIDs": ids,
            }),
            Kind::Aircraft => json!({
                "name": name,
                "altNames": alt_names,
                "type": self.first("type"),
                "flag": self.country(&["country"]),
                "built": self.time("buildDate"),
                "icaoCode": self.first("icaoCode"),
                "model": self.first("model"),
                "serialNumber": self.first("serialNumber"),
            }),
            Kind::Vessel => json!({
                "name": name,
                "altNames": alt_names,
                "imoNumber": self.first("imoNumber"),
                "type": self.first("type"),
                "flag": self.country(&["flag", "country"]),
                "built": self.time("buildDate"),
                "model": self.first("model"),
                "tonnage": self.number("tonnage"),
                "mmsi": self.first("mmsi"),
                "callSign": self.first("callSign"),
                "grossRegisteredTonnage": self.number("grossRegisteredTonnage"),
                "owner": self.related.owner,
            }),
        }
    }
}

fn address_json(address: &Address) -> Json {
    json!({
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "postalCode": address.postal_code,
        "state": address.state,
        "country": address.country,
        "latitude": address.latitude,
        "longitude": address.longitude,
    })
}

/// The values of a property.
pub(super) fn texts<'e>(entity: &'e Entity, property: &str) -> impl Iterator<Item = &'e str> {
    entity.get(property).iter().map(|value| &*value.text)
}

/// Whether a date is a day, and neither less exact nor one of a range.
fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| (matches!(at, 4 | 7) && byte == b'-') || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::is_day;

    #[test]
    fn only_days_are_days() {
        assert!(is_day("1962-11-23"));
        for less in ["1962", "1962-11", "1962~", "1962/1963", "1962-11-23~", "1962/11/23"] {
            assert!(!is_day(less), "{less}");
        }
    }
}
