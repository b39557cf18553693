//! The Consolidated Screening List as JSON: `{"results": [ … ]}`, addresses and identifiers as objects.
//!
//! Idea: entries are read one at a time off the array, none is kept. JSON has no lines worth citing: a record's place is its
//! number in the array, from 1. Source: the documentation of the trade.gov API; no published file was at hand.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::row::{Rows, multiple};
use super::{Entry, Identifier, Place};
use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::ofac::only_file;
use crate::reconcile::Loaded;
use crate::text::{fail, file_name, refuse_html, utf8};

/// US Consolidated Screening List, JSON.
pub(crate) fn read(input: &Input) -> Result<Loaded, ReadError> {
    let file = only_file(input)?;
    refuse_html(file, "the Consolidated Screening List as JSON")?;
    let text = utf8(file)?;
    let mut rows = Rows::new(input, file_name(&file.path));
    let mut place = 0;
    let mut json = serde_json::Deserializer::from_str(text);
    let read = Document { rows: &mut rows, place: &mut place }.deserialize(&mut json).and_then(|found| {
        json.end()?;
        Ok(found)
    });
    let found = read.map_err(|error| {
        let kind = if error.is_eof() {
            ReadErrorKind::Truncated { expected: "the end of its JSON" }
        } else {
            ReadErrorKind::Json(error.to_string())
        };
        fail(file, error.line() as u64, kind)
    })?;
    if !found.results {
        let expected = "the Consolidated Screening List as JSON";
        return Err(fail(file, 0, ReadErrorKind::MissingElement { name: "results", expected }));
    }
    rows.account.declared = found.total;
    Ok(rows.finish())
}

/// What stands beside the entries.
#[derive(Debug, Default)]
struct Found {
    results: bool,
    /// The number of entries that the file declares; a page of a search declares more than it has.
    total: Option<u64>,
}

/// The whole document: an object with `results`, or the array alone.
struct Document<'r, 'a> {
    rows: &'r mut Rows<'a>,
    place: &'r mut u64,
}

impl<'de> DeserializeSeed<'de> for Document<'_, '_> {
    type Value = Found;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document<'_, '_> {
    type Value = Found;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object with `results`, or an array of entries")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found, A::Error> {
        let mut found = Found::default();
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "results" => {
                    map.next_value_seed(Entries { rows: self.rows, place: self.place })?;
                    found.results = true;
                }
                "total" => found.total = map.next_value::<Value>()?.as_u64(),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Found, A::Error> {
        Entries { rows: self.rows, place: self.place }.visit_seq(seq)?;
        Ok(Found { results: true, total: None })
    }
}

/// The array of entries.
struct Entries<'r, 'a> {
    rows: &'r mut Rows<'a>,
    place: &'r mut u64,
}

impl<'de> DeserializeSeed<'de> for Entries<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Entries<'_, '_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an array of entries")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(object) = seq.next_element::<Map<String, Value>>()? {
            *self.place += 1;
            self.rows.read(&entry(object), *self.place);
        }
        Ok(())
    }
}

/// A member as text: strings as they are, numbers and truth values written out.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(text).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

/// A member as texts: an array, or one text that may be several joined by `;`.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().map(text).filter(|text| !text.is_empty()).collect(),
        value => multiple(&text(value)),
    }
}

fn entry(mut object: Map<String, Value>) -> Entry {
    let mut take = |name: &str| object.remove(name).unwrap_or(Value::Null);
    let mut entry = Entry {
        id: text(&take("_id")),
        source: text(&take("source")),
        entity_number: text(&take("entity_number")),
        kind: text(&take("type")),
        programs: texts(&take("programs")),
        name: text(&take("name")),
        title: text(&take("title")),
        addresses: objects(&take("addresses")).map(place).collect(),
        notices: texts(&take("federal_register_notice")),
        start_date: text(&take("start_date")),
        end_date: text(&take("end_date")),
        standard_order: text(&take("standard_order")),
        license_requirement: text(&take("license_requirement")),
        license_policy: text(&take("license_policy")),
        call_sign: text(&take("call_sign")),
        vessel_type: text(&take("vessel_type")),
        gross_tonnage: text(&take("gross_tonnage")),
        gross_registered_tonnage: text(&take("gross_registered_tonnage")),
        vessel_flag: text(&take("vessel_flag")),
        vessel_owner: text(&take("vessel_owner")),
        remarks: text(&take("remarks")),
        list_url: text(&take("source_list_url")),
        information_url: text(&take("source_information_url")),
        alt_names: texts(&take("alt_names")).iter().flat_map(|name| multiple(name)).collect(),
        citizenships: texts(&take("citizenships")),
        dates_of_birth: texts(&take("dates_of_birth")),
        nationalities: texts(&take("nationalities")),
        places_of_birth: texts(&take("places_of_birth")),
        ids: objects(&take("ids")).map(identifier).collect(),
        others: Vec::new(),
    };
    let id = text(&take("id"));
    if entry.id.is_empty() {
        entry.id = id;
    }
    // Members for searching only.
    for name in ["country", "score", "name_no_ws", "name_rev", "name_no_ws_rev"] {
        take(name);
    }
    entry.others =
        object.into_iter().map(|(name, value)| (name, text(&value))).filter(|(_, value)| !value.is_empty()).collect();
    entry
}

fn objects(value: &Value) -> impl Iterator<Item = &Map<String, Value>> {
    value.as_array().into_iter().flatten().filter_map(Value::as_object)
}

fn member(object: &Map<String, Value>, name: &str) -> String {
    object.get(name).map(text).unwrap_or_default()
}

fn place(object: &Map<String, Value>) -> Place {
    let lines = ["address", "city", "state", "postal_code"].map(|name| member(object, name));
    Place {
        lines: lines.into_iter().filter(|line| !line.trim().is_empty()).collect(),
        country: member(object, "country"),
    }
}

fn identifier(object: &Map<String, Value>) -> Identifier {
    Identifier {
        kind: member(object, "type"),
        number: member(object, "number"),
        country: member(object, "country"),
        issued: member(object, "issue_date"),
        expires: member(object, "expiration_date"),
    }
}
