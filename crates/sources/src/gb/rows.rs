//! The lists of the United Kingdom as rows: one row for every name and every address or date of birth.
//!
//! Idea: rows are grouped by the key of the party; each column of a group is taken as a set. The two lists differ in the words
//! of their headers only, which [`FIELDS`] brings together, so that columns may come, go and change places.
//! Cost: O(rows × columns); a group of 400 rows is one party.

use std::collections::{BTreeMap, HashMap};

use interdict_model::Origin;

use super::listing::{Address, Listing, Name, Numbered};
use crate::csv_rows::{Header, Row, Rows};
use crate::dates::{self, Order};
use crate::error::{ReadError, ReadErrorKind};
use crate::input::{Input, SourceFile};
use crate::party::Gathered;
use crate::reconcile::{Loaded, Reconciliation};
use crate::sheet::distinct;
use crate::text::{fail, file_name, refuse_html, utf8_or_windows_1252};
use crate::values::Record;

/// Which of the two lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UkList {
    /// The consolidated list of OFSI, by group.
    Ofsi,
    /// The UK Sanctions List, by its reference.
    Sanctions,
}

impl UkList {
    fn expected(self) -> &'static str {
        match self {
            UkList::Ofsi => "the consolidated list of OFSI",
            UkList::Sanctions => "the UK Sanctions List",
        }
    }

    fn key(self) -> &'static str {
        match self {
            UkList::Ofsi => "group",
            UkList::Sanctions => "unique",
        }
    }

    fn required(self) -> &'static [&'static str] {
        match self {
            UkList::Ofsi => &["group", "name6", "name1", "kind", "name type", "regime"],
            UkList::Sanctions => &["unique", "name6", "name1", "kind", "name type", "regime"],
        }
    }
}

/// Our name of a field, and what the headers call it.
const FIELDS: &[(&str, &[&str])] = &[
    ("group", &["Group ID", "OFSI Group ID"]),
    ("unique", &["Unique ID"]),
    ("un", &["UN Reference Number"]),
    ("name1", &["Name 1"]),
    ("name2", &["Name 2"]),
    ("name3", &["Name 3"]),
    ("name4", &["Name 4"]),
    ("name5", &["Name 5"]),
    ("name6", &["Name 6"]),
    ("name type", &["Alias Type", "Name type"]),
    ("quality", &["Alias Quality", "Alias strength"]),
    ("title", &["Title"]),
    ("non latin", &["Name Non-Latin Script"]),
    ("script", &["Non-Latin Script Type"]),
    ("script language", &["Non-Latin Script Language"]),
    ("dob", &["DOB", "D.O.B"]),
    ("town", &["Town of Birth"]),
    ("birth country", &["Country of Birth"]),
    ("nationality", &["Nationality", "Nationality(/ies)"]),
    ("passport", &["Passport Number"]),
    ("passport details", &["Passport Details", "Passport additional information"]),
    ("national id", &["National Identification Number", "NI Number", "National Identifier number"]),
    ("national id details", &["National Identification Details", "National Identifier additional information"]),
    ("position", &["Position"]),
    ("gender", &["Gender"]),
    ("address1", &["Address 1", "Address Line 1"]),
    ("address2", &["Address 2", "Address Line 2"]),
    ("address3", &["Address 3", "Address Line 3"]),
    ("address4", &["Address 4", "Address Line 4"]),
    ("address5", &["Address 5", "Address Line 5"]),
    ("address6", &["Address 6", "Address Line 6"]),
    ("post", &["Post/Zip Code", "Address Postal Code"]),
    ("country", &["Country", "Address Country"]),
    ("phone", &["Phone number"]),
    ("website", &["Website"]),
    ("email", &["Email address"]),
    ("other", &["Other Information"]),
    ("reasons", &["UK Statement of Reasons"]),
    ("kind", &["Group Type", "Designation Type", "Individual, Entity, Ship"]),
    ("regime", &["Regime", "Regime Name"]),
    ("listed", &["Listed On"]),
    ("designated", &["UK Sanctions List Date Designated", "Date Designated"]),
    ("updated", &["Last Updated"]),
    ("source", &["Designation source"]),
    ("measures", &["Sanctions Imposed"]),
    ("entity type", &["Type of entity"]),
    ("subsidiaries", &["Subsidiaries"]),
    ("parent", &["Parent company"]),
    ("registration", &["Business registration number (s)", "Business registration number"]),
    ("imo", &["IMO number"]),
    ("owners", &["Current owner/operator (s)", "Current owner/operator"]),
    ("past owners", &["Previous owner/operator (s)", "Previous owner/operator"]),
    ("flag", &["Current believed flag of ship", "Flag of ship"]),
    ("past flags", &["Previous flags"]),
    ("ship type", &["Type of ship"]),
    ("tonnage", &["Tonnage of ship"]),
    ("length", &["Length of ship"]),
    ("built", &["Year Built"]),
    ("hull", &["Hull identification number (HIN)", "Hull identification number"]),
];

/// Where the fields stand.
struct Layout {
    places: BTreeMap<&'static str, usize>,
    /// Columns that no field knows, with their names.
    unknown: Vec<(usize, String)>,
    width: usize,
}

impl Layout {
    fn of(list: UkList, file: &SourceFile, row: &Row) -> Result<Layout, ReadError> {
        let header = Header::new(row);
        let mut places = BTreeMap::new();
        for (field, names) in FIELDS {
            if let Some(place) = names.iter().find_map(|name| header.place(name)) {
                places.insert(*field, place);
            }
        }
        if let Some(missing) = list.required().iter().find(|field| !places.contains_key(*field)) {
            let names = FIELDS.iter().find(|(field, _)| field == missing).map_or(&[][..], |(_, names)| names);
            header.require(file, row.line, names)?;
        }
        let known: Vec<usize> = places.values().copied().collect();
        let unknown = header.names().iter().enumerate();
        let unknown = unknown.filter(|(place, name)| !known.contains(place) && !name.trim().is_empty());
        let unknown = unknown.map(|(place, name)| (place, name.trim().to_owned())).collect();
        Ok(Layout { places, unknown, width: row.fields.len() })
    }

    fn place(&self, field: &str) -> Option<usize> {
        self.places.get(field).copied()
    }

    fn at<'r>(&self, row: &'r Row, field: &str) -> &'r str {
        self.place(field).map_or("", |place| row.at(place))
    }
}

/// The list as delimited text.
pub(crate) fn read_csv(input: &Input, file: &SourceFile, list: UkList) -> Result<Loaded, ReadError> {
    refuse_html(file, list.expected())?;
    let text = utf8_or_windows_1252(file)?;
    let mut rows = Rows::new(file, &text, b',');
    let mut all = Vec::new();
    while let Some(row) = rows.next_row()? {
        all.push(row);
    }
    read_rows(input, file, list, &all, true)
}

/// The list as rows. `whole` says that a row has as many fields as the header, as in a delimited text.
pub(crate) fn read_rows(
    input: &Input,
    file: &SourceFile,
    list: UkList,
    rows: &[Row],
    whole: bool,
) -> Result<Loaded, ReadError> {
    const HEAD_ROWS: usize = 10;
    let is_header = |row: &&Row| row.fields.iter().any(|field| field.trim().eq_ignore_ascii_case("Name 6"));
    let at = rows.iter().take(HEAD_ROWS).position(|row| is_header(&row));
    let Some((head, rest)) = at.and_then(|at| rows.split_at_checked(at)) else {
        let first = rows.first().ok_or_else(|| fail(file, 0, ReadErrorKind::Empty))?;
        Header::new(first).require(file, first.line, &["Name 6"])?;
        return Err(fail(file, 0, ReadErrorKind::Empty));
    };
    let Some((header, rows)) = rest.split_first() else { return Err(fail(file, 0, ReadErrorKind::Empty)) };
    let layout = Layout::of(list, file, header)?;
    let version = version(head).unwrap_or_else(|| input.version.clone());
    let name = file_name(&file.path);
    let mut account = Reconciliation::default();
    let mut groups: Vec<Vec<&Row>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for row in rows.iter().filter(|row| !row.is_blank()) {
        if whole && row.fields.len() != layout.width {
            let reason = format!("{} columns; the header has {}", row.fields.len(), layout.width);
            account.refuse(&name, row.line, reason);
            continue;
        }
        let key = layout.at(row, list.key());
        if key.is_empty() {
            account.refuse(&name, row.line, format!("the key of the party is empty ({})", layout.at(row, "name6")));
            continue;
        }
        let place = *places.entry(key).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(place) {
            group.push(row);
        }
    }
    let mut gathered = Gathered::default();
    for group in &groups {
        let Some(first) = group.first() else { continue };
        let key = layout.at(first, list.key());
        let listing = listing(&layout, group);
        if listing.names.iter().all(|name| name.parts.iter().all(String::is_empty)) && listing.non_latin.is_empty() {
            account.refuse(&name, first.line, format!("{key}: it has no name"));
            continue;
        }
        let kinds = distinct(group, layout.place("kind"));
        if kinds.len() > 1 {
            let kinds: Vec<&str> = kinds.iter().map(|(kind, _)| *kind).collect();
            account.warn(&name, first.line, format!("{key}: several kinds of one party: {}", kinds.join(", ")));
        }
        let origin = Origin::new(input.list.clone(), version.as_str(), format!("{key} ({name}:{})", first.line));
        let record = Record { origin, file: &name, line: first.line, account: &mut account };
        listing.write(record, format!("gb-{key}"), &mut gathered);
    }
    let entities = gathered.finish(&mut account, &name);
    Ok(Loaded { entities, version, reconciliation: account })
}

/// The date above the header: `Last Updated,10/04/2025` or `Report Date: 13-Feb-2026`.
fn version(head: &[Row]) -> Option<String> {
    let cells = head.iter().flat_map(|row| row.fields.iter());
    let texts = cells.map(|cell| cell.split_once(':').map_or(cell.trim(), |(_, date)| date.trim()));
    let dates = texts.filter_map(|text| dates::parse_one(text, Order::DayFirst).ok());
    dates.map(|date| date.to_string()).find(|date| date.len() == "2026-02-13".len())
}

fn listing(layout: &Layout, group: &[&Row]) -> Listing {
    let lined = |field| -> Vec<(String, u64)> {
        distinct(group, layout.place(field)).into_iter().map(|(text, line)| (text.to_owned(), line)).collect()
    };
    let texts = |field| -> Vec<String> { lined(field).into_iter().map(|(text, _)| text).collect() };
    let first = |field| texts(field).into_iter().next().unwrap_or_default();
    let mut listing = Listing {
        kind: first("kind"),
        unique_id: first("unique"),
        group_id: first("group"),
        un_reference: texts("un"),
        non_latin: texts("non latin"),
        titles: texts("title"),
        births: lined("dob"),
        nationalities: texts("nationality"),
        positions: texts("position"),
        genders: texts("gender"),
        phones: texts("phone"),
        websites: texts("website"),
        emails: texts("email"),
        reasons: texts("reasons"),
        entity_types: texts("entity type"),
        registrations: texts("registration"),
        parents: texts("parent"),
        subsidiaries: texts("subsidiaries"),
        imo_numbers: texts("imo"),
        owners: texts("owners"),
        past_owners: texts("past owners"),
        flags: texts("flag"),
        past_flags: texts("past flags"),
        ship_types: texts("ship type"),
        tonnages: texts("tonnage"),
        lengths: texts("length"),
        built: lined("built"),
        hulls: texts("hull"),
        regimes: texts("regime"),
        sources: texts("source"),
        measures: texts("measures"),
        listed_on: lined("listed"),
        designated: lined("designated"),
        updated: lined("updated"),
        ..Listing::default()
    };
    for (text, line) in lined("other") {
        listing.other_information(&text, line);
    }
    // Where the numbers have a column of their own, the details tell of them; in the old layout the details hold them.
    let split = layout.place("passport").is_some();
    for row in group {
        let at = |field| layout.at(row, field).to_owned();
        let name = Name {
            parts: ["name1", "name2", "name3", "name4", "name5", "name6"].map(at),
            kind: at("name type"),
            quality: at("quality"),
        };
        push_new(&mut listing.names, name);
        push_new(&mut listing.birth_places, (at("town"), at("birth country")));
        let passport = if split {
            Numbered { number: at("passport"), details: at("passport details") }
        } else {
            Numbered { number: at("passport details"), details: String::new() }
        };
        push_new(&mut listing.passports, passport);
        push_new(&mut listing.national_ids, Numbered { number: at("national id"), details: at("national id details") });
        let lines = ["address1", "address2", "address3", "address4", "address5", "address6", "post"].map(at);
        push_new(&mut listing.addresses, Address { parts: lines.into(), country: at("country") });
        let script = [at("script"), at("script language")].into_iter().filter(|text| !text.is_empty());
        let script = script.collect::<Vec<_>>().join(", ");
        if !script.is_empty() {
            push_new(&mut listing.scripts, script);
        }
    }
    listing.birth_places.retain(|(town, country)| !town.is_empty() || !country.is_empty());
    for (place, name) in &layout.unknown {
        for (text, _) in distinct(group, Some(*place)) {
            listing.rest.push((name.clone(), text.to_owned()));
        }
    }
    listing
}

fn push_new<T: PartialEq>(all: &mut Vec<T>, one: T) {
    // Rows of a party repeat what did not change, mostly from one row to the next.
    if !all.iter().rev().any(|known| *known == one) {
        all.push(one);
    }
}
