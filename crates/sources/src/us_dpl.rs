//! The Denied Persons List of the Bureau of Industry and Security as tab-separated text.
//!
//! Idea: a row is a denied person at an address. The file has no key: a row's id is its name with a fingerprint of name and
//! address, so that it stays the same while its orders change. Rows of one id are one party with several orders.
//! Source: the header of the file; dates are MM/DD/YYYY but for the last update.

use interdict_model::{Country, Entity, Origin, Schema, merge_by_id};

use crate::csv_rows::{Header, Row, Rows};
use crate::dates::Order;
use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::ofac::only_file;
use crate::reconcile::{Loaded, Reconciliation};
use crate::slug::{fingerprint, slug, slug_of};
use crate::text::{fail, file_name, refuse_html, utf8};
use crate::values::Record;

const COLUMNS: &[&str] = &[
    "Name",
    "Street_Address",
    "City",
    "State",
    "Country",
    "Postal_Code",
    "Effective_Date",
    "Expiration_Date",
    "Standard_Order",
    "Last_Update",
    "Action",
    "FR_Citation",
];

/// States and territories of the United States, USPS Publication 28, appendix B.
const US_STATES: &[&str] = &[
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA",
    "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR",
    "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "PR", "GU", "VI", "AS", "MP",
];

/// BIS Denied Persons List, tab-separated text.
pub(crate) fn read(input: &Input) -> Result<Loaded, ReadError> {
    let file = only_file(input)?;
    refuse_html(file, "the Denied Persons List as tab-separated text")?;
    let text = utf8(file)?;
    let mut rows = Rows::new(file, text, b'\t');
    let first = rows.next_row()?.ok_or_else(|| fail(file, 0, ReadErrorKind::Empty))?;
    let header = Header::new(&first);
    header.require(file, first.line, COLUMNS)?;
    let name = file_name(&file.path);
    let mut account = Reconciliation::default();
    let mut entities = Vec::new();
    while let Some(row) = rows.next_row()? {
        if row.fields.len() != first.fields.len() {
            let reason = format!("{} columns; the header has {}", row.fields.len(), first.fields.len());
            account.refuse(&name, row.line, reason);
            continue;
        }
        let person = header.get(&row, "Name");
        if person.is_empty() {
            account.refuse(&name, row.line, "field `Name`: it is empty");
            continue;
        }
        let id = id(&header, &row);
        let origin = Origin::new(input.list.clone(), input.version.as_str(), format!("{id} ({name}:{})", row.line));
        let mut record = Record { origin, file: &name, line: row.line, account: &mut account };
        let party = read_party(&record, &header, &row, &id);
        let sanction = read_sanction(&mut record, &header, &row, &id);
        entities.extend([party, sanction]);
        account.load();
    }
    let merged = merge_by_id(entities);
    Ok(Loaded { entities: merged.entities, version: input.version.clone(), reconciliation: account })
}

fn id(header: &Header, row: &Row) -> String {
    let field = |name| header.get(row, name);
    let place = fingerprint(&[field("Name"), field("Street_Address"), field("City"), field("Postal_Code")]);
    format!("dpl-{}-{}", slug(field("Name")), place.get(..8).unwrap_or_default())
}

fn read_party(record: &Record, header: &Header, row: &Row, id: &str) -> Entity {
    let field = |name| header.get(row, name);
    let mut party = Entity::new(id, Schema::legal_entity());
    record.add(&mut party, "name", field("Name"));
    record.add(&mut party, "topics", "export.control");
    record.add(&mut party, "program", "Denied Persons List");
    let country = country(field("State"), field("Country"), field("Postal_Code"));
    let parts = ["Street_Address", "City", "State", "Postal_Code"].map(field);
    let mut address: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    match country {
        Some(country) => {
            record.add(&mut party, "country", country.code());
            // A code of the country in the column of states is not repeated.
            if country.code() != field("State").to_ascii_lowercase() || !field("Country").is_empty() {
                address.push(country.name());
            }
        }
        None if field("Country").is_empty() => {}
        None => {
            address.push(field("Country"));
            record.note(&mut party, "Country", field("Country"));
        }
    }
    record.add(&mut party, "address", &address.join(", "));
    party
}

/// The column of countries, which may be empty: then that of states holds a state of the United States, with a postal code of
/// theirs or none, or the code of another country. Where it can be either, a postal code decides.
fn country(state: &str, country: &str, postal_code: &str) -> Option<Country> {
    if !country.is_empty() {
        return Country::parse(country);
    }
    let zip = postal_code
        .split('-')
        .next()
        .is_some_and(|zip| zip.len() == 5 && zip.bytes().all(|byte| byte.is_ascii_digit()));
    let is_state = US_STATES.contains(&state.to_ascii_uppercase().as_str());
    match (is_state, zip) {
        (true, true) => Country::by_code("us"),
        (true, false) if postal_code.is_empty() => Country::by_code("us"),
        _ => Country::by_code(state),
    }
}

fn read_sanction(record: &mut Record, header: &Header, row: &Row, id: &str) -> Entity {
    let field = |name| header.get(row, name);
    let order = slug_of(&[field("Effective_Date"), field("Expiration_Date")]);
    let mut sanction = Entity::new(format!("{id}-sanction-{order}").trim_end_matches('-'), Schema::sanction());
    record.add(&mut sanction, "entity", id);
    record.add(&mut sanction, "authority", "Bureau of Industry and Security");
    record.add(&mut sanction, "country", "us");
    record.add(&mut sanction, "program", "Denied Persons List");
    for (property, column) in
        [("startDate", "Effective_Date"), ("endDate", "Expiration_Date"), ("modifiedAt", "Last_Update")]
    {
        record.dates(&mut sanction, property, column, field(column), Order::MonthFirst);
    }
    record.note(&mut sanction, "standard order", field("Standard_Order"));
    record.note(&mut sanction, "", field("Action"));
    for citation in citations(field("FR_Citation")) {
        record.add(&mut sanction, "authorityId", &citation);
    }
    sanction
}

/// `68 F.R. 38290 6/27/03 71 F.R. 38843 7/10/06` is two citations: each begins with the number of a volume before `F.R.`
fn citations(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut citations: Vec<String> = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let next = words.get(place + 1).is_some_and(|next| next.replace('.', "").eq_ignore_ascii_case("FR"));
        let volume = word.bytes().all(|byte| byte.is_ascii_digit());
        match citations.last_mut() {
            Some(last) if !(volume && next) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => citations.push((*word).to_owned()),
        }
    }
    for citation in &mut citations {
        citation.truncate(citation.trim_end_matches([',', ';', ' ']).len());
    }
    citations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citations_are_parted_without_a_separator() {
        assert_eq!(
            citations("68 F.R. 38290 6/27/03 71 F.R. 38843 7/10/06, 72 FR 4236"),
            ["68 F.R. 38290 6/27/03", "71 F.R. 38843 7/10/06", "72 FR 4236"]
        );
        assert!(citations("").is_empty());
    }

    #[test]
    fn the_column_of_states_may_hold_a_country() {
        let code = |state, of, zip| country(state, of, zip).map(Country::code);
        assert_eq!(code("AZ", "", "85043"), Some("us"));
        assert_eq!(code("CY", "", ""), Some("cy"));
        assert_eq!(code("CA", "US", "94588"), Some("us"));
        assert_eq!(code("", "", ""), None);
        assert_eq!(code("DE", "", "D-80331"), Some("de"));
    }
}
