//! The Consolidated Screening List as CSV, with the header of today or of 2016.
//!
//! Idea: columns are found by name; several values of a column are joined by `; `. An identifier is flat text, `country,
//! expiry, issue, number, type`, of which only number and type are always there and the number may hold commas: it is read
//! from its end and its beginning towards the middle.

use interdict_model::{Country, PartialDate};

use super::row::{Rows, multiple};
use super::{Entry, Identifier, Place};
use crate::csv_rows::{Header, Row};
use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::ofac::{labels, only_file};
use crate::reconcile::Loaded;
use crate::text::{fail, file_name, refuse_html, utf8};

/// Columns without which the file is not this list. Those of 2016 are among them; `_id` and `ids` came later.
const REQUIRED: &[&str] = &[
    "source",
    "entity_number",
    "type",
    "programs",
    "name",
    "title",
    "addresses",
    "federal_register_notice",
    "start_date",
    "end_date",
    "standard_order",
    "license_requirement",
    "license_policy",
    "call_sign",
    "vessel_type",
    "gross_tonnage",
    "gross_registered_tonnage",
    "vessel_flag",
    "vessel_owner",
    "remarks",
    "source_list_url",
    "alt_names",
    "citizenships",
    "dates_of_birth",
    "nationalities",
    "places_of_birth",
    "source_information_url",
];

/// US Consolidated Screening List, CSV with the header of today or of 2016.
pub(crate) fn read(input: &Input) -> Result<Loaded, ReadError> {
    let file = only_file(input)?;
    refuse_html(file, "the Consolidated Screening List as CSV")?;
    let text = utf8(file)?;
    let mut rows = crate::csv_rows::Rows::new(file, text, b',');
    let first = rows.next_row()?.ok_or_else(|| fail(file, 0, ReadErrorKind::Empty))?;
    let header = Header::new(&first);
    header.require(file, first.line, REQUIRED)?;
    let name = file_name(&file.path);
    let mut read = Rows::new(input, name.clone());
    while let Some(row) = rows.next_row()? {
        if row.fields.len() != first.fields.len() {
            let reason = format!("{} columns; the header has {}", row.fields.len(), first.fields.len());
            read.account.refuse(&name, row.line, reason);
            continue;
        }
        read.read(&entry(&header, &row), row.line);
    }
    Ok(read.finish())
}

fn entry(header: &Header, row: &Row) -> Entry {
    let text = |column: &str| header.get(row, column).to_owned();
    let texts = |column: &str| multiple(header.get(row, column));
    let known = |column: &str| REQUIRED.contains(&column) || matches!(column, "_id" | "ids");
    let others = header
        .names()
        .iter()
        .enumerate()
        .filter(|(place, column)| !known(column.trim()) && !row.at(*place).is_empty())
        .map(|(place, column)| (column.clone(), row.at(place).to_owned()))
        .collect();
    Entry {
        id: text("_id"),
        source: text("source"),
        entity_number: text("entity_number"),
        kind: text("type"),
        programs: texts("programs"),
        name: text("name"),
        title: text("title"),
        addresses: texts("addresses").iter().map(|address| place(address)).collect(),
        notices: texts("federal_register_notice"),
        start_date: text("start_date"),
        end_date: text("end_date"),
        standard_order: text("standard_order"),
        license_requirement: text("license_requirement"),
        license_policy: text("license_policy"),
        call_sign: text("call_sign"),
        vessel_type: text("vessel_type"),
        gross_tonnage: text("gross_tonnage"),
        gross_registered_tonnage: text("gross_registered_tonnage"),
        vessel_flag: text("vessel_flag"),
        vessel_owner: text("vessel_owner"),
        remarks: text("remarks"),
        list_url: text("source_list_url"),
        information_url: text("source_information_url"),
        alt_names: texts("alt_names"),
        citizenships: texts("citizenships"),
        dates_of_birth: texts("dates_of_birth"),
        nationalities: texts("nationalities"),
        places_of_birth: texts("places_of_birth"),
        ids: identifiers(header.get(row, "ids")),
        others,
    }
}

/// An address is one text that ends in the code of its country.
fn place(address: &str) -> Place {
    let (before, last) = address.rsplit_once(", ").unwrap_or(("", address));
    let is_code =
        last.len() == 2 && last.bytes().all(|byte| byte.is_ascii_uppercase()) && Country::by_code(last).is_some();
    if is_code {
        Place { lines: vec![before.to_owned()], country: last.to_owned() }
    } else {
        Place { lines: vec![address.to_owned()], country: String::new() }
    }
}

/// The identifiers of a text. The separator `; ` may stand within a value, so that a piece which does not end in a known
/// label is joined with the next.
fn identifiers(text: &str) -> Vec<Identifier> {
    let mut found = Vec::new();
    let mut open = String::new();
    for piece in text.split("; ") {
        if !open.is_empty() {
            open.push_str("; ");
        }
        open.push_str(piece);
        let (number, kind) = without_label(&open);
        if let Some(kind) = kind {
            found.push(identifier(number, kind));
            open.clear();
        }
    }
    if !open.trim().is_empty() {
        let (number, kind) = open.rsplit_once(", ").unwrap_or((&open, "identifier"));
        found.push(identifier(number, kind));
    }
    found
}

/// The text before the known label that it ends with. Labels may hold commas, so that the longest counts.
fn without_label(text: &str) -> (&str, Option<&str>) {
    let places = text.match_indices(", ").map(|(at, _)| at);
    for at in places {
        let label = text.get(at + 2..).unwrap_or_default();
        if labels::is_known(label) {
            return (text.get(..at).unwrap_or_default(), Some(label));
        }
    }
    (text, None)
}

/// `JO, 2014-08-30, 2009-08-31, K475336`: country, day of expiry, day of issue, number.
fn identifier(text: &str, kind: &str) -> Identifier {
    let mut rest = text.trim();
    let mut identifier = Identifier { kind: kind.trim().to_owned(), ..Identifier::default() };
    let is_document = matches!(labels::of_label(kind, false), labels::Target::Document(_));
    if is_document
        && let Some((country, behind)) = rest.split_once(", ")
        && country.len() == 2
        && country.bytes().all(|byte| byte.is_ascii_uppercase())
        && Country::by_code(country).is_some()
    {
        country.clone_into(&mut identifier.country);
        rest = behind;
    }
    let day = |text: &str| matches!(PartialDate::parse(text), Some(PartialDate::Day(..)));
    let mut days = Vec::new();
    while let Some((date, behind)) =
        rest.split_once(", ").filter(|(date, _)| is_document && days.len() < 2 && day(date))
    {
        days.push(date.to_owned());
        rest = behind;
    }
    match days.as_slice() {
        [expires, issued] => {
            identifier.expires.clone_from(expires);
            identifier.issued.clone_from(issued);
        }
        // One day alone: the file does not say which it is. Documents are published with their day of expiry more often.
        [day] => identifier.expires.clone_from(day),
        _ => {}
    }
    rest.clone_into(&mut identifier.number);
    identifier
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_read_from_both_ends() {
        let found = identifiers(
            "QA, 28940000602, National ID No.; JO, 2014-08-30, 2009-08-31, K475336, Passport; IMO 8898831, Vessel Registration Identification; \
             North Korea Sanctions Regulations, sections 510.201 and 510.210, Secondary sanctions risk:",
        );
        let flat: Vec<_> = found.iter().map(|id| (id.kind.as_str(), id.number.as_str(), id.country.as_str())).collect();
        assert_eq!(
            flat,
            [
                ("National ID No.", "28940000602", "QA"),
                ("Passport", "K475336", "JO"),
                ("Vessel Registration Identification", "IMO 8898831", ""),
                ("Secondary sanctions risk:", "North Korea Sanctions Regulations, sections 510.201 and 510.210", ""),
            ]
        );
        assert_eq!((found[1].issued.as_str(), found[1].expires.as_str()), ("2009-08-31", "2014-08-30"));
        assert_eq!(identifiers("17, Some new number")[0].kind, "Some new number");
        assert!(identifiers("").is_empty());
    }

    #[test]
    fn an_address_ends_in_its_country() {
        assert_eq!(place("Zweierstrasse 35, Zurich, CH-8022, CH").country, "CH");
        assert_eq!(place("FCI BASTROP, BASTROP, TX, 78602").country, "");
        assert_eq!(place("TR").country, "TR");
    }
}
