//! The consolidated list of the United Nations Security Council, XML.
//!
//! Idea: `INDIVIDUAL` is a person, `ENTITY` a legal entity; both are flat but for repeated groups (aliases, documents,
//! addresses, dates and places of birth), many of which are empty. Elements that this reader does not know (the field set
//! grew in spring 2026) become notes. Bounds of a date of birth are kept as bounds.
//! Invariant: `DATAID` is unique; a delisted party is simply absent.
//! Source: sc-sanctions.xsd of the publisher; the files of 2020 to 2026.

use std::collections::BTreeSet;

use interdict_model::{DateSpan, Origin, PartialDate, Schema};

use crate::dates::{self, Order};
use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::ofac::only_file;
use crate::party::{Authority, Document, Gathered, Party};
use crate::prose::{is_nothing, items};
use crate::reconcile::{Loaded, Reconciliation};
use crate::text::file_name;
use crate::values::Record;
use crate::xml::{Element, XmlText};

const AUTHORITY: Authority =
    Authority { name: "United Nations Security Council", country: "", topic: "sanction", order: Order::DayFirst };

/// Elements that are read, and those that say nothing of the party.
const KNOWN: &[&str] = &[
    "DATAID",
    "VERSIONNUM",
    "FIRST_NAME",
    "SECOND_NAME",
    "THIRD_NAME",
    "FOURTH_NAME",
    "UN_LIST_TYPE",
    "REFERENCE_NUMBER",
    "LISTED_ON",
    "DELISTED_ON",
    "SUBMITTED_ON",
    "SUBMITTED_BY",
    "NAME_ORIGINAL_SCRIPT",
    "COMMENTS1",
    "HAS_INTERPOL_LINK",
    "INTERPOL_LINK",
    "GENDER",
    "TITLE",
    "DESIGNATION",
    "NATIONALITY",
    "NATIONALITY2",
    "LIST_TYPE",
    "LAST_DAY_UPDATED",
    "INDIVIDUAL_ALIAS",
    "ENTITY_ALIAS",
    "INDIVIDUAL_ADDRESS",
    "ENTITY_ADDRESS",
    "INDIVIDUAL_DATE_OF_BIRTH",
    "INDIVIDUAL_PLACE_OF_BIRTH",
    "INDIVIDUAL_DOCUMENT",
    "SORT_KEY",
    "SORT_KEY_LAST_MOD",
];

/// UN Security Council consolidated list, XML.
pub(crate) fn read(input: &Input) -> Result<Loaded, ReadError> {
    let file = only_file(input)?;
    let text = XmlText::open(file, "the consolidated list of the UN Security Council")?;
    let mut xml = text.reader();
    let root = xml.root(&["CONSOLIDATED_LIST"])?;
    let version = match root.attr("dateGenerated") {
        None => input.version.clone(),
        Some(stamp) => day_of(stamp).ok_or_else(|| {
            xml.fail(
                root.line,
                ReadErrorKind::Field {
                    field: "dateGenerated",
                    value: stamp.to_owned(),
                    expected: "a date and time as 2026-04-17T23:00:06Z",
                },
            )
        })?,
    };
    let name = file_name(&file.path);
    let mut account = Reconciliation::default();
    let mut gathered = Gathered::default();
    let mut keys = BTreeSet::new();
    while let Some(element) = xml.next_record(&["INDIVIDUAL", "ENTITY"])? {
        let key = element.value("DATAID").trim();
        if key.is_empty() {
            account.refuse(&name, element.line, "field `DATAID`: it is empty");
            continue;
        }
        if element.value("FIRST_NAME").is_empty() && names(&element).is_empty() {
            account.refuse(&name, element.line, format!("DATAID {key}: it has no name"));
            continue;
        }
        if !keys.insert(key.to_owned()) {
            return Err(xml.fail(element.line, ReadErrorKind::DuplicateKey { key: key.to_owned() }));
        }
        let reference = element.value("REFERENCE_NUMBER");
        let origin = Origin::new(
            input.list.clone(),
            version.as_str(),
            format!("{} ({name}:{})", if reference.is_empty() { key } else { reference }, element.line),
        );
        let record = Record { origin, file: &name, line: element.line, account: &mut account };
        let schema = if element.name == "INDIVIDUAL" { Schema::person() } else { Schema::legal_entity() };
        let mut party = Party::new(record, format!("unsc-{key}"), schema, AUTHORITY);
        fill(&mut party, &element);
        party.finish(&mut gathered);
    }
    let entities = gathered.finish(&mut account, &name);
    Ok(Loaded { entities, version, reconciliation: account })
}

/// The day of a time stamp, in the zone it is written in.
fn day_of(stamp: &str) -> Option<String> {
    PartialDate::parse(stamp.trim()).filter(|date| date.day().is_some()).map(|date| date.to_string())
}

fn names(element: &Element) -> Vec<&str> {
    ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"]
        .into_iter()
        .map(|part| element.value(part).trim())
        .filter(|part| !is_nothing(part))
        .collect()
}

fn fill(party: &mut Party, element: &Element) {
    party.add("name", &names(element).join(" "));
    if party.is_person() {
        for (property, part) in [
            ("firstName", "FIRST_NAME"),
            ("secondName", "SECOND_NAME"),
            ("middleName", "THIRD_NAME"),
            ("lastName", "FOURTH_NAME"),
        ] {
            let text = element.value(part);
            if !is_nothing(text) {
                party.add(property, text);
            }
        }
    }
    for name in scripts(element.value("NAME_ORIGINAL_SCRIPT")) {
        party.add("alias", name);
    }
    let aliases = ["INDIVIDUAL_ALIAS", "ENTITY_ALIAS"];
    for alias in aliases.into_iter().flat_map(|name| element.all(name)) {
        fill_alias(party, alias);
    }
    for title in element.list("TITLE", "VALUE") {
        party.add("title", &title.text);
    }
    let position = if party.is_person() { "position" } else { "notes" };
    for designation in element.list("DESIGNATION", "VALUE") {
        for item in items(&designation.text) {
            party.add(position, item);
        }
    }
    for list in ["NATIONALITY", "NATIONALITY2"] {
        for nationality in element.list(list, "VALUE") {
            party.country("nationality", "nationality", &nationality.text);
        }
    }
    party.gender(element.value("GENDER"));
    for birth in element.all("INDIVIDUAL_DATE_OF_BIRTH") {
        fill_birth(party, birth);
    }
    for place in element.all("INDIVIDUAL_PLACE_OF_BIRTH") {
        let parts = ["STREET", "CITY", "STATE_PROVINCE"].map(|part| place.value(part));
        party.birth_place(&parts, place.value("COUNTRY"));
        party.note("place of birth", place.value("NOTE"));
    }
    for address in ["INDIVIDUAL_ADDRESS", "ENTITY_ADDRESS"].into_iter().flat_map(|name| element.all(name)) {
        fill_address(party, address);
    }
    for document in element.all("INDIVIDUAL_DOCUMENT") {
        fill_document(party, document);
    }
    let comment = element.value("COMMENTS1");
    party.note("", comment);
    if let Some(gender) = after(comment, "Gender:") {
        party.gender(gender);
    }
    party.add("sourceUrl", element.value("INTERPOL_LINK"));
    for unknown in element.unknown_children(KNOWN) {
        keep(party, unknown);
    }
    fill_sanction(party, element);
}

fn fill_sanction(party: &mut Party, element: &Element) {
    party.programme(element.value("UN_LIST_TYPE"));
    party.of_sanction("unscId", element.value("REFERENCE_NUMBER"));
    party.of_sanction("authorityId", element.value("REFERENCE_NUMBER"));
    party.of_sanction("recordId", element.value("DATAID"));
    for (property, field) in [("listingDate", "LISTED_ON"), ("startDate", "LISTED_ON"), ("endDate", "DELISTED_ON")] {
        party.sanction_date(property, field, element.value(field), AUTHORITY.order);
    }
    for day in element.list("LAST_DAY_UPDATED", "VALUE") {
        party.sanction_date("modifiedAt", "LAST_DAY_UPDATED", &day.text, AUTHORITY.order);
    }
    for field in ["SUBMITTED_ON", "SUBMITTED_BY"] {
        let text = element.value(field);
        if !text.is_empty() {
            let label = if field == "SUBMITTED_ON" { "submitted on" } else { "submitted by" };
            party.of_sanction("summary", &format!("{label}: {text}"));
        }
    }
}

/// Whatever an element that this reader does not know holds, down to its leaves.
fn keep(party: &mut Party, element: &Element) {
    if !element.text.is_empty() {
        party.note(&element.name, &element.text);
    }
    for child in &element.children {
        keep(party, child);
    }
}

/// The word behind a label in prose.
fn after<'t>(text: &'t str, label: &str) -> Option<&'t str> {
    let rest = text.split_once(label)?.1;
    rest.split_whitespace().next().map(|word| word.trim_matches(|c: char| !c.is_alphabetic()))
}

/// Names in their own script, several parted by the semicolon of that script.
fn scripts(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '؛']).map(str::trim).filter(|name| !is_nothing(name))
}

fn fill_alias(party: &mut Party, alias: &Element) {
    let note = alias.value("NOTE");
    let said = note.to_lowercase();
    let former =
        said.contains("previously listed") || said.contains("formerly listed") || said.contains("formerly known");
    let property = match alias.value("QUALITY").to_lowercase().as_str() {
        "f.k.a." | "fka" => "previousName",
        _ if former => "previousName",
        "low" => "weakAlias",
        _ => "alias",
    };
    let names = alias_names(alias.value("ALIAS_NAME"));
    for name in &names {
        party.add(property, name);
    }
    for name in scripts(alias.value("NAME_ORIGINAL_SCRIPT")) {
        party.add(property, name);
    }
    let label = names.first().map_or_else(|| "alias".to_owned(), |name| format!("alias {name}"));
    let in_script = ["script:", "In Arabic:", "in Arabic:"]
        .into_iter()
        .find_map(|mark| note.split_once(mark))
        .map(|(_, name)| name.trim());
    match in_script {
        Some(name) => {
            scripts(name).for_each(|name| party.add(property, name));
            if !said.starts_with("original script") && !said.starts_with("name") {
                party.note(&label, note);
            }
        }
        // A note that is nothing but further names.
        None if note.contains(';') && !note.contains([':', '(']) && !note.bytes().any(|byte| byte.is_ascii_digit()) => {
            for name in alias_names(note) {
                party.add(property, &name);
            }
        }
        None => party.note(&label, note),
    }
    if party.is_person() {
        party.born("DATE_OF_BIRTH", alias.value("DATE_OF_BIRTH"), AUTHORITY.order);
        party.birth_place(&[alias.value("CITY_OF_BIRTH")], alias.value("COUNTRY_OF_BIRTH"));
    }
    for unknown in alias.unknown_children(&[
        "NOTE",
        "QUALITY",
        "ALIAS_NAME",
        "NAME_ORIGINAL_SCRIPT",
        "DATE_OF_BIRTH",
        "CITY_OF_BIRTH",
        "COUNTRY_OF_BIRTH",
    ]) {
        keep(party, unknown);
    }
}

/// Several names in one field: parted by `;`, by letters `b)`, or in brackets behind the first.
fn alias_names(text: &str) -> Vec<String> {
    let text = text.trim();
    if !text.contains(';') {
        return if is_nothing(text) { Vec::new() } else { vec![text.to_owned()] };
    }
    let mut parts = vec![String::new()];
    let mut depth = 0u32;
    let mut chars = text.char_indices().peekable();
    let in_brackets = text.find('(').is_some_and(|open| text.get(open..).is_some_and(|rest| rest.contains(';')));
    while let Some((at, c)) = chars.next() {
        let lettered = c.is_ascii_lowercase()
            && text.get(..at).is_some_and(|before| before.ends_with(' '))
            && chars.peek().is_some_and(|(_, next)| *next == ')');
        match c {
            ';' => parts.push(String::new()),
            '(' if in_brackets => {
                depth += 1;
                parts.push(String::new());
            }
            ')' if depth > 0 => {
                depth -= 1;
                parts.push(String::new());
            }
            _ if lettered => {
                chars.next();
                parts.push(String::new());
            }
            c => {
                if let Some(part) = parts.last_mut() {
                    part.push(c);
                }
            }
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !is_nothing(part)).collect()
}

fn fill_birth(party: &mut Party, birth: &Element) {
    let note = birth.value("NOTE");
    let circa =
        birth.value("TYPE_OF_DATE").eq_ignore_ascii_case("approximately") || note.to_lowercase().starts_with("approx");
    let (from, to) = (birth.value("FROM_YEAR"), birth.value("TO_YEAR"));
    let text = match (birth.value("DATE"), birth.value("YEAR")) {
        ("", "") if from.is_empty() => to.to_owned(),
        ("", "") if to.is_empty() => from.to_owned(),
        ("", "") => format!("{from} to {to}"),
        ("", year) => year.to_owned(),
        (date, _) => date.to_owned(),
    };
    if text.is_empty() {
        // What date there is stands in the note: `Nov. 1973`.
        match dates::parse(note, AUTHORITY.order) {
            Ok(spans) => spans.into_iter().for_each(|span| add_birth(party, span, circa)),
            Err(_) => party.note("date of birth", note),
        }
        return;
    }
    match dates::parse_one(&text, AUTHORITY.order) {
        Ok(span) => add_birth(party, span, circa),
        Err(_) => party.born("INDIVIDUAL_DATE_OF_BIRTH", &text, AUTHORITY.order),
    }
    if !note.to_lowercase().starts_with("approx") {
        party.note(&format!("date of birth {text}"), note);
    }
}

fn add_birth(party: &mut Party, span: DateSpan, circa: bool) {
    let span = DateSpan { circa: span.circa || circa, ..span };
    let property = party.birth_property();
    party.entity.add_date(property, span, &party.record.origin);
}

fn fill_address(party: &mut Party, address: &Element) {
    let parts = ["STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE"].map(|part| address.value(part));
    let note = address.value("NOTE");
    let bare = parts.iter().all(|part| part.is_empty());
    // Some addresses stand in the note, with the country alone in its element.
    if bare && note.contains(',') {
        party.address(&[note], address.value("COUNTRY"));
        return;
    }
    party.address(&parts, address.value("COUNTRY"));
    party.note("address", note);
}

fn fill_document(party: &mut Party, document: &Element) {
    let field = |name| document.value(name).trim();
    let (kind, nearer) = (field("TYPE_OF_DOCUMENT"), field("TYPE_OF_DOCUMENT2"));
    let in_kind = field("NUMBER").is_empty() && nearer.bytes().any(|byte| byte.is_ascii_digit());
    let in_note = if field("NUMBER").is_empty() && !in_kind { number_in_note(field("NOTE")) } else { "" };
    let number = if in_kind {
        nearer
    } else {
        [field("NUMBER"), in_note].into_iter().find(|text| !text.is_empty()).unwrap_or("")
    };
    let label = match (kind, nearer) {
        (kind, "") => kind.to_owned(),
        ("", nearer) => nearer.to_owned(),
        (kind, nearer) if kind.eq_ignore_ascii_case(nearer) || in_kind => kind.to_owned(),
        (kind, nearer) => format!("{kind} ({})", nearer.trim_end_matches(':')),
    };
    let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
    let issuing = field("ISSUING_COUNTRY");
    let country = if issuing.is_empty() { field("COUNTRY_OF_ISSUE") } else { issuing };
    let mut remark: Vec<String> = Vec::new();
    if !field("NOTE").is_empty() {
        remark.push(field("NOTE").to_owned());
    }
    let place: Vec<&str> =
        [field("CITY_OF_ISSUE"), field("COUNTRY_OF_ISSUE")].into_iter().filter(|part| !part.is_empty()).collect();
    if !place.is_empty()
        && (place.len() > 1 || !field("CITY_OF_ISSUE").is_empty() || country != field("COUNTRY_OF_ISSUE"))
    {
        remark.push(format!("place of issue: {}", place.join(", ")));
    }
    let remark = remark.join("; ");
    // An empty group says nothing, whatever its kind.
    if number.is_empty() && country.is_empty() && remark.is_empty() && nearer.is_empty() {
        return;
    }
    let (issued, expires) = (field("DATE_OF_ISSUE"), field("DATE_OF_EXPIRY"));
    party.document(number, &Document { label: &label, country, issued, expires, remark: &remark }, AUTHORITY.order);
}

/// A number that stands in the note: what is said before the issue, the holder or a bracket, if it has four digits in a row.
fn number_in_note(note: &str) -> &str {
    let end = [" issued", " under", ",", " ("].iter().filter_map(|mark| note.find(mark)).min().unwrap_or(note.len());
    let lead = note.get(..end).unwrap_or_default().trim();
    let long = |word: &str| word.bytes().filter(u8::is_ascii_digit).count() >= 4;
    if !lead.starts_with("issued") && lead.split_whitespace().any(long) { lead } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_names_in_one_field_are_parted() {
        assert_eq!(alias_names("Abbas Rashedi; Abas Rashedi"), ["Abbas Rashedi", "Abas Rashedi"]);
        assert_eq!(alias_names("حسن غول (Hassan Ghul; Hassan Gul)"), ["حسن غول", "Hassan Ghul", "Hassan Gul"]);
        assert_eq!(alias_names("M. Sabet; Mohammad Sabet b) M. Kareemi"), ["M. Sabet", "Mohammad Sabet", "M. Kareemi"]);
        assert_eq!(alias_names("One (the first)"), ["One (the first)"]);
        assert_eq!(alias_names(" na "), Vec::<String>::new());
    }
}
