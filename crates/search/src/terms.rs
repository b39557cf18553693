//! The terms of one entity, computed from it alone.
//!
//! A term is a field, a zero byte, and a word or a whole value. Fields of words: `names` (values of name properties) and `text` (all
//! values, and the id), with places, a gap between values keeping phrases within one. Fields of whole values: `schema`, `datasets`, `id`,
//! `referents`, `first_seen`, `last_seen`, `last_change`, the groups of types (`countries`, `dates`, `identifiers`, `topics` …) and
//! `properties.<name>`. A date stands in `dates` with its month and its year, too, so that `dates` ascends by years, as in yente.
//! Source: the fields of yente's index, as its filters and queries name them.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use interdict_model::{DateSpan, Entity, PropertyType, Schema};
use serde_json::Value as Json;

use crate::words::{fold, whole, words};

/// Places that are left out between two values: more than any phrase spans.
const GAP: u32 = 100;

/// Longest value that is a term as a whole, in bytes: longer ones are prose, which is searched by words.
const MAX_WHOLE: usize = 256;

/// Longest word in bytes; the rest of a longer one is left out.
const MAX_WORD: usize = 64;

/// Words of one entity that are indexed; prose beyond that is left out.
const MAX_WORDS: u32 = 50_000;

/// Fields of words.
pub(crate) const NAMES: &str = "names";
pub(crate) const TEXT: &str = "text";

/// Whether a field holds words with places, and not whole values.
pub(crate) fn is_of_words(field: &str) -> bool {
    field == NAMES || field == TEXT
}

/// One term of an entity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TermAt {
    /// Where it lies in the text.
    pub(crate) start: u32,
    pub(crate) len: u32,
    /// Where its places lie; none for whole values.
    pub(crate) first_place: u32,
    pub(crate) n_places: u32,
}

/// The terms of an entity.
#[derive(Clone, Debug, Default)]
pub struct DocTerms {
    text: String,
    pub(crate) terms: Vec<TermAt>,
    pub(crate) places: Vec<u32>,
    /// Number of values, of words of names, and of words of all values.
    pub(crate) n_values: u32,
    pub(crate) n_names: u32,
    pub(crate) n_words: u32,
}

impl DocTerms {
    /// Takes an entity apart.
    pub fn of(entity: &Entity) -> DocTerms {
        let mut raw: Vec<(String, u32)> = Vec::new();
        let mut doc = DocTerms::default();
        let (mut name_place, mut text_place) = (0, 0);
        doc.push_words(&mut raw, TEXT, &entity.id, &mut text_place);
        put(&mut raw, "id", &entity.id);
        put(&mut raw, "schema", entity.schema.name());
        for list in &entity.datasets {
            put(&mut raw, "datasets", list.as_str());
        }
        for name in
            entity.members.get("ftm_datasets").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str)
        {
            put(&mut raw, "datasets", name);
        }
        for referent in &entity.referents {
            put(&mut raw, "referents", referent);
        }
        for member in ["first_seen", "last_seen", "last_change"] {
            if let Some(time) = entity.members.get(member).and_then(Json::as_str) {
                put(&mut raw, member, time);
            }
        }
        for (property, values) in entity.properties() {
            let kind = property.kind();
            for value in values {
                doc.n_values += 1;
                doc.push_words(&mut raw, TEXT, &value.text, &mut text_place);
                if kind == PropertyType::Name {
                    doc.push_words(&mut raw, NAMES, &value.text, &mut name_place);
                }
                if value.text.len() > MAX_WHOLE {
                    continue;
                }
                let own = format!("properties.{}", property.name());
                put(&mut raw, &own, &value.text);
                if let Some(group) = group(kind) {
                    put(&mut raw, group, &value.text);
                }
                if kind == PropertyType::Date {
                    for date in dates(&value.text) {
                        put(&mut raw, &own, &date);
                        beginnings(&date).for_each(|part| put(&mut raw, "dates", part));
                    }
                }
            }
        }
        doc.gather(raw);
        doc
    }

    /// The text of a term.
    pub(crate) fn text(&self, term: &TermAt) -> &str {
        self.text.get(term.start as usize..(term.start + term.len) as usize).unwrap_or_default()
    }

    fn push_words(&mut self, raw: &mut Vec<(String, u32)>, field: &str, text: &str, place: &mut u32) {
        let n_known = if field == NAMES { &mut self.n_names } else { &mut self.n_words };
        for word in words(&fold(text)) {
            if *n_known >= MAX_WORDS {
                return;
            }
            *n_known += 1;
            *place += 1;
            let word = word.get(..MAX_WORD).unwrap_or(word);
            raw.push((format!("{field}\0{word}"), *place));
        }
        *place += GAP;
    }

    /// Brings equal terms together.
    fn gather(&mut self, mut raw: Vec<(String, u32)>) {
        raw.sort_unstable();
        raw.dedup();
        for (text, place) in raw {
            if self.terms.last().is_none_or(|last| self.text(last) != text) {
                let start = self.text.len() as u32;
                self.text.push_str(&text);
                self.terms.push(TermAt {
                    start,
                    len: text.len() as u32,
                    first_place: self.places.len() as u32,
                    n_places: 0,
                });
            }
            if place > 0
                && let Some(last) = self.terms.last_mut()
            {
                last.n_places += 1;
                self.places.push(place);
            }
        }
    }
}

/// The dates that stand for a value where entities are shown: a range is several, *circa* is left out.
fn dates(text: &str) -> Vec<String> {
    DateSpan::parse(text).map(DateSpan::to_ftm).unwrap_or_default()
}

/// A date, its month and its year: by each of them it is found in `dates`. Source: yente.
fn beginnings(date: &str) -> impl Iterator<Item = &str> {
    ["YYYY", "YYYY-MM", "YYYY-MM-DD"].into_iter().filter_map(|shape| date.get(..shape.len()))
}

/// Whether entities can have values of a field: one of the index's own, the group of a type, or a property of some schema.
pub fn is_field(name: &str) -> bool {
    static FIELDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let properties = Schema::all().flat_map(Schema::properties).filter(|property| !property.is_stub());
        let names = properties.flat_map(|property| {
            group(property.kind()).map(str::to_owned).into_iter().chain([format!("properties.{}", property.name())])
        });
        OWN.iter().map(|name| (*name).to_owned()).chain(names).collect()
    });
    FIELDS.contains(name)
}

/// Fields that are no property's.
const OWN: &[&str] = &[NAMES, TEXT, "schema", "datasets", "id", "referents", "first_seen", "last_seen", "last_change"];

/// Adds a whole value.
fn put(raw: &mut Vec<(String, u32)>, field: &str, value: &str) {
    let value = if keeps_case(field) { value.to_owned() } else { whole(value) };
    if !value.is_empty() && value.len() <= MAX_WHOLE {
        raw.push((format!("{field}\0{value}"), 0));
    }
}

/// Whether the values of a field are names of the model or of data sets, which are told from each other by case.
pub(crate) fn keeps_case(field: &str) -> bool {
    matches!(
        field,
        "schema" | "datasets" | "id" | "referents" | "entities" | "first_seen" | "last_seen" | "last_change"
    )
}

/// The field of all values of a type.
fn group(kind: PropertyType) -> Option<&'static str> {
    Some(match kind {
        PropertyType::Address => "addresses",
        PropertyType::Checksum => "checksums",
        PropertyType::Country => "countries",
        PropertyType::Date => "dates",
        PropertyType::Email => "emails",
        PropertyType::Entity => "entities",
        PropertyType::Gender => "genders",
        PropertyType::Identifier => "identifiers",
        PropertyType::Ip => "ips",
        PropertyType::Language => "languages",
        PropertyType::Mimetype => "mimetypes",
        PropertyType::Phone => "phones",
        PropertyType::Topic => "topics",
        PropertyType::Url => "urls",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use interdict_model::{ListId, Origin};

    use super::*;

    #[test]
    fn words_have_places_and_values_are_whole() {
        let origin = Origin::new(ListId::new("acme").unwrap(), "1", "");
        let mut entity = Entity::new("NK-1", Schema::person());
        entity.add("name", "Ivan Ivan Petrov", &origin);
        entity.add("country", "ru", &origin);
        let doc = DocTerms::of(&entity);
        let told: Vec<String> = doc
            .terms
            .iter()
            .map(|term| {
                let places = &doc.places[term.first_place as usize..][..term.n_places as usize];
                format!("{} {places:?}", doc.text(term).replace('\0', ":"))
            })
            .collect();
        for expected in [
            "names:ivan [1, 2]",
            "names:petrov [3]",
            "schema:Person []",
            "countries:ru []",
            "properties.country:ru []",
            "id:NK-1 []",
        ] {
            assert!(told.iter().any(|term| term == expected), "{expected} in {told:?}");
        }
        assert_eq!((doc.n_values, doc.n_names), (2, 3));
    }

    #[test]
    fn a_date_is_found_by_its_year_and_month_too() {
        let origin = Origin::new(ListId::new("acme").unwrap(), "1", "");
        let mut entity = Entity::new("NK-1", Schema::person());
        for date in ["1970-02-01", "1955~", "1960/1961", "lately"] {
            entity.add("birthDate", date, &origin);
        }
        let doc = DocTerms::of(&entity);
        let of = |field: &str| -> Vec<&str> {
            let terms = doc.terms.iter().map(|term| doc.text(term).split_once('\0').unwrap());
            terms.filter(|(known, _)| *known == field).map(|(_, value)| value).collect()
        };
        assert_eq!(
            of("dates"),
            ["1955", "1955~", "1960", "1960/1961", "1961", "1970", "1970-02", "1970-02-01", "lately"]
        );
        assert_eq!(of("properties.birthDate"), ["1955", "1955~", "1960", "1960/1961", "1961", "1970-02-01", "lately"]);
    }

    #[test]
    fn fields_are_known_by_name() {
        for known in ["names", "datasets", "topics", "dates", "properties.birthDate", "first_seen"] {
            assert!(is_field(known), "{known}");
        }
        for unknown in ["", "birthDate", "properties.", "properties.shoe", "score", "properties.sanctions"] {
            assert!(!is_field(unknown), "{unknown}");
        }
    }
}
