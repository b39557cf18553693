//! What the rows of the starter list promise, held against the rows, against `docs/starter.md`, and by screening.
//!
//! Idea: all failures of a promise are gathered before the one assertion, so that the author of a row sees the whole list.

use std::collections::{BTreeMap, BTreeSet};

use interdict_match::{Options, Query, Scratch, Screener};
use interdict_model::identifier::{IdentifierKind, check};
use interdict_model::{Country, DateSpan, Entity, ListId, Origin, PropertyType, Schema, merge_by_id};
use interdict_text::script::{Script, dominant, script_of};

use crate::list::LISTS;
use crate::row::{KINDS, Row, WALLET, rows};
use crate::{DATE, FILE, entities, snapshot};

fn all_rows() -> Vec<Row<'static>> {
    rows(FILE).collect::<Result<_, _>>().unwrap()
}

/// The number in the table of `docs/starter.md` whose first cell is `label`.
fn documented(docs: &str, label: &str) -> Option<usize> {
    let row = docs.lines().find(|line| line.starts_with(&format!("| `{label}` |")))?;
    row.split('|').rev().nth(1)?.trim().parse().ok()
}

#[test]
fn the_snapshot_says_that_it_is_a_starter_and_holds_every_party() {
    let snapshot = snapshot().unwrap();
    let ids: BTreeSet<&str> = all_rows().iter().map(|row| row.id).collect();
    let wallets = entities().unwrap().iter().filter(|entity| entity.schema == Schema::crypto_wallet()).count();
    assert!(snapshot.meta().starter);
    assert_eq!(snapshot.meta().n_parties, (ids.len() + wallets) as u64);
    let lists =
        snapshot.meta().lists.iter().map(|list| (list.id.as_str(), list.version.as_str())).collect::<BTreeSet<_>>();
    assert_eq!(lists, LISTS.iter().map(|list| (list.id, DATE)).collect());
}

#[test]
fn the_figures_of_the_documentation_are_those_of_the_file() {
    let docs = include_str!("../../../docs/starter.md");
    let rows = all_rows();
    let mut wrong = Vec::new();
    let mut held = |label: &str, count: usize| {
        if documented(docs, label) != Some(count) {
            wrong.push(format!("{label}: {count} in the file, {:?} documented", documented(docs, label)));
        }
    };
    for list in LISTS {
        held(list.id, rows.iter().filter(|row| row.list == list).count());
    }
    for kind in KINDS {
        held(kind, rows.iter().filter(|row| row.kind == *kind).map(|row| row.id).collect::<BTreeSet<_>>().len());
    }
    held("rows", rows.len());
    held("parties", rows.iter().map(|row| row.id).collect::<BTreeSet<_>>().len());
    let wallets = entities().unwrap().into_iter().filter(|entity| entity.schema == Schema::crypto_wallet());
    held("wallets", wallets.count());
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(docs.contains(DATE), "docs/starter.md tells the date");
}

#[test]
fn no_party_stands_twice_and_the_rows_of_one_agree() {
    let rows = all_rows();
    let (mut listings, mut kinds, mut names) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
    let mut wrong = Vec::new();
    for row in &rows {
        if !listings.insert((row.id, row.list.id)) {
            wrong.push(format!("{}: {} stands twice on {}", row.line, row.id, row.list.id));
        }
        if *kinds.entry(row.id).or_insert((row.schema, row.kind)) != (row.schema, row.kind) {
            wrong.push(format!("{}: {} has another schema or kind elsewhere", row.line, row.id));
        }
        for name in [row.name].iter().chain(&row.aliases) {
            let id = *names.entry(name.to_lowercase()).or_insert(row.id);
            if id != row.id {
                wrong.push(format!("{}: {name} is a name of {id} too", row.line));
            }
        }
        let is_kind = [("person", "Person"), ("vessel", "Vessel"), ("aircraft", "Airplane")];
        if is_kind.iter().any(|(kind, schema)| (row.kind == *kind) != (row.schema.name() == *schema)) {
            wrong.push(format!("{}: a {} is no {}", row.line, row.schema.name(), row.kind));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(merge_by_id(entities().unwrap()).conflicts.is_empty());
}

#[test]
fn a_misshapen_row_is_refused_with_its_line_and_what_was_expected() {
    let good = "a\tCompany\tbank\tA\t\t\tun_sc\tX\t2001-01-01\tswiftBic=SABRRUMM\tsource";
    let read = |text: &str| rows(&format!("# head\n{text}")).collect::<Result<Vec<_>, _>>().map(|rows| rows.len());
    assert_eq!(read(good).unwrap(), 1);
    for (part, other, said) in [
        ("\tsource", "", "eleven fields"),
        ("\tsource", "\t", "source of the fact"),
        ("Company", "Firm", "schema"),
        ("bank", "bakery", "kind"),
        ("\t\tun_sc", "\txx\tun_sc", "country"),
        ("un_sc", "un_list", "list"),
        ("swiftBic=", "swiftBic", "property=value"),
        ("swiftBic=", "flag=", "schema lacks"),
    ] {
        let refused = read(&good.replacen(part, other, 1)).unwrap_err().to_string();
        assert!(refused.starts_with("starter.tsv:2: ") && refused.contains(said), "{refused}");
    }
}

#[test]
fn the_rows_are_sorted_by_list_and_name() {
    let rows = all_rows();
    let place = |row: &Row<'_>| (LISTS.iter().position(|list| list == row.list), row.name.to_lowercase());
    let wrong: Vec<&str> = rows
        .iter()
        .zip(rows.iter().skip(1))
        .filter(|(one, next)| place(one) > place(next))
        .map(|(_, row)| row.name)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?} stand too late");
}

#[test]
fn every_entity_can_be_asked_for_or_tells_of_one_that_can() {
    let mut wrong = Vec::new();
    let entities = entities().unwrap();
    let ids: BTreeSet<&str> = entities.iter().map(|entity| entity.id.as_str()).collect();
    for entity in &entities {
        let of = |property: &str| entity.get(property).iter().map(|value| value.text.to_string()).collect::<Vec<_>>();
        let good = if entity.schema == Schema::sanction() {
            ["authority", "program", "authorityId"].iter().all(|property| of(property).len() == 1)
                && of("entity").iter().all(|id| ids.contains(id.as_str()))
        } else {
            entity.schema.matchable() && of("holder").iter().all(|id| ids.contains(id.as_str()))
        };
        if !good {
            wrong.push(&entity.id);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn dates_countries_and_numbers_are_what_they_should_be() {
    let mut wrong = Vec::new();
    let mut holders: BTreeMap<(String, String), String> = BTreeMap::new();
    for entity in entities().unwrap() {
        for (property, value) in entity.values_of(PropertyType::Date) {
            if DateSpan::parse(&value.text).is_err() {
                wrong.push(format!("{} {} {} is no date", entity.id, property.name(), value.text));
            }
        }
        for (_, value) in entity.values_of(PropertyType::Country) {
            if Country::by_code(&value.text).is_none() {
                wrong.push(format!("{} {} is no country", entity.id, value.text));
            }
        }
        for (property, value) in entity.values_of(PropertyType::Identifier) {
            let kind = property.format().and_then(IdentifierKind::of_format);
            if kind
                .or_else(|| IdentifierKind::of_property(property.name()))
                .is_some_and(|kind| !check(kind, &value.text))
            {
                wrong.push(format!("{} {} {} has a wrong check digit or form", entity.id, property.name(), value.text));
            }
            let is_number_of_one = !["publicKey", "authorityId"].contains(&property.name());
            let number = (property.name().to_owned(), value.text.to_string());
            if is_number_of_one && holders.insert(number, entity.id.clone()).is_some_and(|other| other != entity.id) {
                wrong.push(format!("{} {} is another's too", entity.id, value.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_ship_has_its_number_an_aircraft_its_registration_a_listing_its_day() {
    let mut wrong = Vec::new();
    for row in all_rows() {
        let has = |property: &str| row.identifiers.iter().any(|(name, _)| *name == property);
        let good = match row.kind {
            "vessel" => has("imoNumber"),
            "aircraft" => has("registrationNumber") && has("model"),
            _ => true,
        };
        // Neither OFAC's CSV and consolidated XML nor the CSL of these lists tell dates of listing.
        let undated = ["us_ofac_sdn", "us_ofac_ssi", "us_ofac_cmic", "us_bis_uvl"].contains(&row.list.id);
        let dated = row.listed.len() == 10 && ("1980"..DATE).contains(&row.listed);
        if !good || dated == undated || undated != row.listed.is_empty() {
            wrong.push(format!("{}: {}", row.line, row.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Scripts that a name from this country may be in, beside Latin; none where any may occur.
fn scripts_of(country: Option<Country>) -> Option<&'static [Script]> {
    Some(match country?.code() {
        "ru" | "by" | "ua" => &[Script::Cyrillic],
        "cn" | "hk" => &[Script::Han],
        "kp" => &[Script::Hangul],
        "jp" => &[Script::Han, Script::Kana],
        "mm" => &[Script::Burmese],
        "ir" | "iq" | "sy" | "af" | "pk" | "eg" | "ly" | "ye" | "sd" | "ps" | "lb" | "sa" | "jo" => &[Script::Arabic],
        _ => return None,
    })
}

#[test]
fn an_alias_in_original_script_is_in_that_script_and_every_word_in_one() {
    let mut wrong = Vec::new();
    let mut n_original = 0;
    for row in all_rows() {
        for name in row.aliases.iter().chain([&row.name]) {
            let script = dominant(name);
            let foreign =
                script != Script::Latin && scripts_of(row.country).is_some_and(|scripts| !scripts.contains(&script));
            let mixed = name.split(|c: char| !c.is_alphanumeric()).any(|word| {
                let scripts =
                    word.chars().map(script_of).filter(|script| *script != Script::Common).collect::<BTreeSet<_>>();
                scripts.len() > 1
            });
            if foreign || mixed || name.trim() != *name {
                wrong.push(format!("{}: {name} ({script:?})", row.line));
            }
            n_original += usize::from(script != Script::Latin);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(n_original > 250, "{n_original} names in original script");
}

#[test]
fn every_name_number_and_wallet_finds_its_party_first() {
    let snapshot = snapshot().unwrap();
    let screener = Screener::new(&snapshot);
    let mut scratch = Scratch::new();
    let mut wrong = Vec::new();
    let origin = Origin::new(ListId::new("query").unwrap(), DATE, "query");
    for row in all_rows() {
        let names = [row.name].into_iter().chain(row.aliases.iter().copied()).map(|name| ("name", name));
        for (property, text) in names.chain(row.identifiers.iter().copied()) {
            let (schema, property) = if property.starts_with(WALLET) {
                (Schema::crypto_wallet(), "publicKey")
            } else {
                (row.schema, property)
            };
            let kind = schema.property(property).unwrap().kind();
            // A number of three characters tells too little to be looked up alone; a date or a model finds nobody.
            if kind != PropertyType::Name && (kind != PropertyType::Identifier || text.len() < 4) {
                continue;
            }
            let mut party = Entity::new("query", schema);
            party.add(property, text, &origin);
            let query = Query::of(&party).asking(row.schema);
            let answer = screener.screen(&query, &Options::default(), &mut scratch).unwrap();
            let found = answer.matches.first().map(|hit| snapshot.party(hit.entity).unwrap().id);
            if found.and_then(|id| id.strip_prefix("starter-")) != Some(row.id) {
                wrong.push(format!("{}: {property} {text} finds {found:?}", row.line));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
