//! The consolidated list of the Australian Department of Foreign Affairs and Trade, XLSX.
//!
//! Idea: a row is a name. The digits of its reference are the party, what follows (`a`, `c1`) the name; the row with a primary
//! name begins the party. Rows of a party need not stand together, and the publisher has given one number to two parties by
//! mistake: a second primary name under a number, unless it is the first one again, is a party of its own with `-2` behind its
//! id, and the names that follow it are its.
//! Columns are found by their headers: the layout of 12 columns has been replaced in 2025 by one with strength of aliases, IMO
//! numbers, instruments and measures.
//! Source: the list of 11 November 2024; headers of 2025.

use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{Origin, Schema};

use crate::csv_rows::{Header, Row};
use crate::dates::{self, Order, excel_serial};
use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::ofac::only_file;
use crate::party::{Authority, Document, Gathered, Party};
use crate::prose::{countries, is_nothing, items};
use crate::reconcile::{Loaded, Reconciliation};
use crate::sheet::{self, distinct};
use crate::text::{fail, file_name};
use crate::values::Record;

const AUTHORITY: Authority = Authority {
    name: "Department of Foreign Affairs and Trade",
    country: "au",
    topic: "sanction",
    order: Order::DayFirst,
};
const EXPECTED: &str = "the Australian consolidated list";
const REQUIRED: &[&str] = &["Reference", "Name of Individual or Entity", "Type", "Name Type"];
/// Measures, each a column with yes or no.
const MEASURES: &[&str] = &[
    "Targeted Financial Sanction",
    "Targeted Financial Sanctions",
    "Travel Ban",
    "Arms Embargo",
    "Maritime Restriction",
];
/// Columns that are read, beside the required ones and the measures.
const KNOWN: &[&str] = &[
    "Alias Strength",
    "Date of Birth",
    "Place of Birth",
    "Citizenship",
    "Address",
    "Additional Information",
    "Listing Information",
    "IMO Number",
    "Committees",
    "Control Date",
    "Instrument of Designation",
];

/// Australian DFAT consolidated list, XLSX.
pub(crate) fn read(input: &Input) -> Result<Loaded, ReadError> {
    let file = only_file(input)?;
    let rows = sheet::xlsx(file, EXPECTED)?;
    let (first, rows) = rows.split_first().ok_or_else(|| fail(file, 0, ReadErrorKind::Empty))?;
    let header = Header::new(first);
    header.require(file, first.line, REQUIRED)?;
    let name = file_name(&file.path);
    let mut account = Reconciliation::default();
    let mut gathered = Gathered::default();
    for (key, group) in group(&header, rows, &name, &mut account) {
        let Some(first) = group.first() else { continue };
        let origin = Origin::new(input.list.clone(), input.version.as_str(), format!("{key} ({name}:{})", first.line));
        let record = Record { origin, file: &name, line: first.line, account: &mut account };
        let columns = Columns { header: &header, rows: &group };
        let schema = match columns.first("Type").to_lowercase().as_str() {
            "individual" => Schema::person(),
            "vessel" | "ship" => Schema::vessel(),
            "aircraft" => Schema::airplane(),
            _ => Schema::organization(),
        };
        let mut party = Party::new(record, format!("au-{key}"), schema, AUTHORITY);
        columns.fill(&mut party);
        party.finish(&mut gathered);
    }
    let entities = gathered.finish(&mut account, &name);
    Ok(Loaded { entities, version: input.version.clone(), reconciliation: account })
}

/// A day, as a serial number of Excel or as text.
fn day(text: &str) -> Option<String> {
    if let Ok(serial) = text.parse::<f64>()
        && serial > 9999.0
    {
        return excel_serial(serial).map(|date| date.to_string());
    }
    dates::parse_one(text, AUTHORITY.order).ok().map(|date| date.to_string())
}

/// Rows by party, in the order of the file. What has no number or stands before its primary name without one is refused.
fn group<'r>(
    header: &Header,
    rows: &'r [Row<'r>],
    name: &str,
    account: &mut Reconciliation,
) -> Vec<(String, Vec<&'r Row<'r>>)> {
    let mut groups: Vec<(String, Vec<&Row>)> = Vec::new();
    // Places of the parties of a number.
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut orphans: Vec<(&str, &Row)> = Vec::new();
    for row in rows.iter().filter(|row| !row.is_blank()) {
        let reference = header.get(row, "Reference");
        let end = reference.find(|c: char| !c.is_ascii_digit()).unwrap_or(reference.len());
        let number = reference.get(..end).unwrap_or_default();
        let party = header.get(row, "Name of Individual or Entity");
        if number.is_empty() || party.is_empty() {
            account.refuse(name, row.line, format!("reference {reference:?}, name {party:?}: one of them is missing"));
            continue;
        }
        if !header.get(row, "Name Type").trim().to_lowercase().starts_with("primary") {
            match places.get(number).and_then(|of_number| of_number.last()).and_then(|place| groups.get_mut(*place)) {
                Some((_, group)) => group.push(row),
                None => orphans.push((number, row)),
            }
            continue;
        }
        let of_number = places.entry(number).or_default();
        let again = of_number.iter().copied().find(|place| {
            groups.get(*place).and_then(|(_, group)| group.first()).is_some_and(|first| {
                header.get(first, "Name of Individual or Entity").to_lowercase() == party.to_lowercase()
            })
        });
        if let Some((_, group)) = again.and_then(|place| groups.get_mut(place)) {
            group.push(row);
            continue;
        }
        let key = match of_number.len() {
            0 => number.to_owned(),
            known => {
                account.warn(
                    name,
                    row.line,
                    format!("reference {number} names a second party, {party:?}; it is kept apart"),
                );
                format!("{number}-{}", known + 1)
            }
        };
        of_number.push(groups.len());
        groups.push((key, vec![row]));
    }
    // An alias may stand before the name it belongs to.
    for (number, row) in orphans {
        if let Some((_, group)) =
            places.get(number).and_then(|of_number| of_number.first()).and_then(|place| groups.get_mut(*place))
        {
            group.push(row);
        } else {
            places.insert(number, vec![groups.len()]);
            account.warn(
                name,
                row.line,
                format!("reference {number} has no primary name; its first name stands for it"),
            );
            groups.push((number.to_owned(), vec![row]));
        }
    }
    groups
}

/// The rows of one party by columns.
struct Columns<'r> {
    header: &'r Header,
    rows: &'r [&'r Row<'r>],
}

impl Columns<'_> {
    fn all(&self, column: &str) -> Vec<(&str, u64)> {
        distinct(self.rows, self.header.place(column)).into_iter().filter(|(text, _)| !is_nothing(text)).collect()
    }

    fn first(&self, column: &str) -> &str {
        self.all(column).first().map_or("", |(text, _)| text)
    }

    fn fill(&self, party: &mut Party) {
        for (place, row) in self.rows.iter().enumerate() {
            let name = self.header.get(row, "Name of Individual or Entity");
            let kind = self.header.get(row, "Name Type").to_lowercase();
            let weak = self.header.get(row, "Alias Strength").to_lowercase().starts_with("weak");
            let (former, name) = without_former(name);
            let property = match kind.trim() {
                _ if place == 0 || kind.starts_with("primary") => "name",
                "formerly known as" | "previously listed as" => "previousName",
                _ if former => "previousName",
                _ if weak => "weakAlias",
                _ => "alias",
            };
            party.add(property, name);
        }
        for (text, line) in self.all("Date of Birth") {
            party.record.line = line;
            fill_births(party, text);
        }
        for item in self.items("Place of Birth") {
            party.birth_place(&[item], "");
            for country in countries(item.rsplit(',').next().unwrap_or_default()) {
                party.add(if party.is_person() { "birthCountry" } else { "country" }, country.code());
            }
        }
        for item in self.items("Citizenship") {
            party.country("citizenship", "citizenship", item);
        }
        for item in self.items("Address") {
            fill_address(party, item);
        }
        for item in self.items("IMO Number") {
            let digits: String = item.chars().filter(char::is_ascii_digit).collect();
            if party.is_person() || digits.is_empty() {
                party.note("IMO number", item);
            } else {
                party.add("imoNumber", &digits);
            }
        }
        for (text, _) in self.all("Additional Information") {
            party.note("", text);
            fill_from_prose(party, text);
        }
        self.fill_sanction(party);
        let known = |name: &str| {
            let known = REQUIRED.iter().chain(MEASURES).chain(KNOWN);
            name.trim().is_empty() || known.into_iter().any(|known| known.eq_ignore_ascii_case(name.trim()))
        };
        for (place, name) in self.header.names().iter().enumerate().filter(|(_, name)| !known(name)) {
            for (text, _) in distinct(self.rows, Some(place)) {
                party.note(name, text);
            }
        }
    }

    fn items(&self, column: &str) -> Vec<&str> {
        self.all(column).into_iter().flat_map(|(text, _)| items(text)).collect()
    }

    fn fill_sanction(&self, party: &mut Party) {
        for (text, _) in self.all("Committees") {
            party.programme(text);
        }
        party.of_sanction(
            "authorityId",
            self.header.get(self.rows.first().copied().unwrap_or(&Row::default()), "Reference"),
        );
        for (text, _) in self.all("Listing Information") {
            party.of_sanction("summary", text);
        }
        for (text, _) in self.all("Instrument of Designation") {
            party.of_sanction("reason", text);
        }
        for (text, line) in self.all("Control Date") {
            party.record.line = line;
            let text = day(text).unwrap_or_else(|| text.to_owned());
            party.sanction_date("startDate", "Control Date", &text, AUTHORITY.order);
        }
        for measure in MEASURES {
            let yes = |text: &str| matches!(text.to_lowercase().as_str(), "yes" | "true" | "y" | "1");
            if self.all(measure).iter().any(|(text, _)| yes(text)) {
                party.of_sanction("provisions", measure.trim_end_matches('s'));
            }
        }
    }
}

/// A name with `(previously listed as)` behind it.
fn without_former(name: &str) -> (bool, &str) {
    const MARKS: &[&str] = &["(previously listed as)", "(formerly listed as)", "(formerly known as)", "(fka)"];
    let lower = name.to_lowercase();
    match MARKS.iter().find_map(|mark| lower.find(mark)) {
        Some(at) => (true, name.get(..at).unwrap_or(name).trim()),
        None => (false, name.trim()),
    }
}

/// Dates in one cell: a serial, or several as `a) … b) …`, `…; …`, `… or …`, each with words around it.
fn fill_births(party: &mut Party, text: &str) {
    if let Some(date) = text.parse::<f64>().ok().filter(|serial| *serial > 9999.0).and_then(excel_serial) {
        return party.born("Date of Birth", &date.to_string(), AUTHORITY.order);
    }
    for item in items(text) {
        if dates::parse(item, AUTHORITY.order).is_ok() {
            party.born("Date of Birth", item, AUTHORITY.order);
            continue;
        }
        for part in
            item.split([';', ',', '\n']).flat_map(|part| part.split(">>")).flat_map(|part| part.split("alt DOB:"))
        {
            let part = part.trim();
            // What stands in brackets is said of the date: `(from false passport)`, `(Hijri Calendar)`.
            let (date, remark) = part.split_once('(').unwrap_or((part, ""));
            if is_nothing(part) {
                continue;
            }
            if remark.to_lowercase().contains("hijri") || date.trim().is_empty() {
                party.note("date of birth", part);
                continue;
            }
            let date = date.trim().trim_start_matches("or ").trim_end_matches(['.', ' ']);
            let date = date.replace(". ", " ");
            party.born("Date of Birth", &date, AUTHORITY.order);
            if !remark.is_empty() {
                party.note("date of birth", part);
            }
        }
    }
}

fn fill_address(party: &mut Party, item: &str) {
    let countries = countries(item.rsplit(',').next().unwrap_or(item));
    for country in countries {
        party.add("country", country.code());
    }
    party.add("address", item);
}

/// Numbers that the prose names: passports, identity cards, websites, e-mail.
fn fill_from_prose(party: &mut Party, text: &str) {
    let lower = text.to_lowercase();
    let mut seen = BTreeSet::new();
    for mark in ["passport no", "passport number", "passport information", "passport:"] {
        for (at, _) in lower.match_indices(mark) {
            // Lower case may be longer than the text it is of.
            let Some(rest) = text.get(at..).filter(|rest| rest.to_lowercase().starts_with(mark)) else { continue };
            let behind = rest.get(mark.len()..).unwrap_or_default();
            let end = behind.find([';', '\n']).unwrap_or(behind.len());
            let said = behind.get(..end).unwrap_or_default();
            let said = said.trim_start_matches(|c: char| !c.is_alphanumeric()).split(". ").next().unwrap_or_default();
            let said = said.strip_prefix("s:").unwrap_or(said);
            for item in items(said) {
                let number = item.split([',', '(']).next().unwrap_or_default().trim();
                let long = number.bytes().filter(u8::is_ascii_digit).count() >= 4;
                if long && number.len() <= 40 && party.is_person() && seen.insert(number.to_owned()) {
                    let document = Document { label: "passport", remark: item, ..Document::default() };
                    party.document(number, &document, AUTHORITY.order);
                }
            }
        }
    }
    for word in text.split_whitespace().map(|word| word.trim_matches([',', ';', '(', ')', '.', ':'])) {
        let web = word.starts_with("www.") || word.starts_with("http://") || word.starts_with("https://");
        if web && party.entity.schema.property("website").is_some() {
            party.add("website", word);
        } else if word.contains('@')
            && word.rsplit('@').next().is_some_and(|host| host.contains('.'))
            && party.entity.schema.property("email").is_some()
        {
            party.add("email", word);
        }
    }
}
