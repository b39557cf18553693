//! The consolidated list of the United Nations Security Council, XML.
//!
//! Idea: `INDIVIDUAL` and `ENTITY` elements are parties; `DATAID` is the key. Fields that are not known here become notes, so
//! that a newer field set loses nothing.
//! Source: `sc-sanctions.xsd` of the United Nations and the files of 2020 to 2026.

use interdict_model::{DateSpan, Entity, Origin, PartialDate, Schema};

use crate::dates::Order;
use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::ofac::only_file;
use crate::reconcile::{Loaded, Reconciliation};
use crate::text::file_name;
use crate::values::Record;
use crate::xml::{Element, XmlText};

const EXPECTED: &str = "the UN Security Council consolidated list";

/// Fields that have a place of their own, or say nothing of the party.
const KNOWN: &[&str] = &[
    "DATAID",
    "VERSIONNUM",
    "FIRST_NAME",
    "SECOND_NAME",
    "THIRD_NAME",
    "FOURTH_NAME",
    "NAME_ORIGINAL_SCRIPT",
    "UN_LIST_TYPE",
    "REFERENCE_NUMBER",
    "LISTED_ON",
    "GENDER",
    "COMMENTS1",
    "TITLE",
    "DESIGNATION",
    "NATIONALITY",
    "LAST_DAY_UPDATED",
    "LIST_TYPE",
    "INDIVIDUAL_ALIAS",
    "ENTITY_ALIAS",
    "INDIVIDUAL_ADDRESS",
    "ENTITY_ADDRESS",
    "INDIVIDUAL_DATE_OF_BIRTH",
    "INDIVIDUAL_PLACE_OF_BIRTH",
    "INDIVIDUAL_DOCUMENT",
    "HAS_INTERPOL_LINK",
    "SORT_KEY",
    "SORT_KEY_LAST_MOD",
];

/// UN Security Council consolidated list, XML.
pub(crate) fn read(input: &Input) -> Result<Loaded, ReadError> {
    let file = only_file(input)?;
    let text = XmlText::open(file, EXPECTED)?;
    let mut xml = text.reader();
    let root = xml.root(&["CONSOLIDATED_LIST"])?;
    // The zone of the date varies; the day is what versions go by.
    let date =
        root.attr("dateGenerated").and_then(|date| date.get(..10)).filter(|date| PartialDate::parse(date).is_some());
    let version = date.unwrap_or(&input.version).to_owned();
    let name = file_name(&file.path);
    let mut account = Reconciliation::default();
    let mut entities = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    while let Some(element) = xml.next_record(&["INDIVIDUAL", "ENTITY"])? {
        let key = element.value("DATAID").to_owned();
        let whole: Vec<&str> = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"]
            .iter()
            .map(|part| element.value(part).trim())
            .filter(|part| !part.is_empty())
            .collect();
        if key.is_empty() || whole.is_empty() {
            let field = if key.is_empty() { "DATAID" } else { "FIRST_NAME" };
            account.refuse(&name, element.line, format!("field `{field}`: it is empty"));
            continue;
        }
        if !seen.insert(key.clone()) {
            return Err(xml.fail(element.line, ReadErrorKind::DuplicateKey { key }));
        }
        let origin = Origin::new(input.list.clone(), version.as_str(), format!("{key} ({name}:{})", element.line));
        let mut record = Record { origin, file: &name, line: element.line, account: &mut account };
        entities.extend(read_party(&mut record, &element, &format!("unsc-{key}"), &whole.join(" ")));
        account.load();
    }
    Ok(Loaded { entities, version, reconciliation: account })
}

/// The party, its listing, and its documents.
fn read_party(record: &mut Record, element: &Element, id: &str, name: &str) -> Vec<Entity> {
    let person = element.name == "INDIVIDUAL";
    let mut party = Entity::new(id, if person { Schema::person() } else { Schema::legal_entity() });
    record.add(&mut party, "name", name);
    if person {
        for (property, field) in [("firstName", "FIRST_NAME"), ("secondName", "SECOND_NAME"), ("title", "TITLE")] {
            record.add(&mut party, property, element.value(field).trim());
        }
    }
    for script in element.values("NAME_ORIGINAL_SCRIPT") {
        record.add(&mut party, "alias", script);
    }
    for alias in element.all("INDIVIDUAL_ALIAS").chain(element.all("ENTITY_ALIAS")) {
        read_alias(record, &mut party, alias);
    }
    if person {
        for title in element.list("TITLE", "VALUE") {
            record.add(&mut party, "title", &title.text);
        }
        for position in element.list("DESIGNATION", "VALUE") {
            record.add(&mut party, "position", &position.text);
        }
        for nationality in element.list("NATIONALITY", "VALUE").filter(|value| !value.text.is_empty()) {
            record.country(&mut party, "nationality", "NATIONALITY", &nationality.text);
        }
        read_gender(record, &mut party, element);
        for birth in element.all("INDIVIDUAL_DATE_OF_BIRTH") {
            read_birth(record, &mut party, birth);
        }
        for place in element.all("INDIVIDUAL_PLACE_OF_BIRTH") {
            record.add(&mut party, "birthPlace", &joined(place));
            if !place.value("COUNTRY").is_empty() {
                record.country(&mut party, "birthCountry", "COUNTRY", place.value("COUNTRY"));
            }
        }
    }
    for address in element.all("INDIVIDUAL_ADDRESS").chain(element.all("ENTITY_ADDRESS")) {
        let text = joined(address);
        // A country alone is no address.
        if text != address.value("COUNTRY") {
            record.add(&mut party, "address", &text);
        }
        if !address.value("COUNTRY").is_empty() {
            record.country(&mut party, "country", "COUNTRY", address.value("COUNTRY"));
        }
    }
    record.note(&mut party, "", element.value("COMMENTS1"));
    for other in element.unknown_children(KNOWN).filter(|other| !other.text.is_empty()) {
        record.note(&mut party, &other.name, &other.text);
    }
    record.add(&mut party, "topics", "sanction");
    record.add(&mut party, "program", element.value("UN_LIST_TYPE"));
    let mut found = Vec::new();
    for (at, document) in element.all("INDIVIDUAL_DOCUMENT").enumerate() {
        found.extend(read_document(record, &mut party, document, at + 1));
    }
    found.push(read_listing(record, element, id));
    found.insert(0, party);
    found
}

/// An alias element may hold several names parted by `;`, and a name in the original script.
fn read_alias(record: &Record, party: &mut Entity, alias: &Element) {
    let property = match alias.value("QUALITY").to_lowercase().as_str() {
        "low" => "weakAlias",
        "f.k.a." | "f.k.a" => "previousName",
        _ => "alias",
    };
    for name in alias.value("ALIAS_NAME").split(';') {
        record.add(party, property, name);
    }
    for script in alias.values("NAME_ORIGINAL_SCRIPT") {
        record.add(party, property, script);
    }
    record.note(party, "alias note", alias.value("NOTE"));
}

fn read_gender(record: &Record, party: &mut Entity, element: &Element) {
    let comments = element.value("COMMENTS1");
    for (gender, words) in [("male", ["Male", "Gender: Male"]), ("female", ["Female", "Gender: Female"])] {
        if element.value("GENDER").eq_ignore_ascii_case(words[0]) || comments.contains(words[1]) {
            record.add(party, "gender", gender);
        }
    }
}

/// `EXACT` with a date or a year, `APPROXIMATELY`, or `BETWEEN` two years, whose range is kept.
fn read_birth(record: &mut Record, party: &mut Entity, birth: &Element) {
    let year = |field: &str| birth.value(field).parse::<u16>().ok().and_then(|year| PartialDate::new(year, None, None));
    if let (Some(from), Some(to)) = (year("FROM_YEAR"), year("TO_YEAR")) {
        party.add_date("birthDate", DateSpan::between(from, to), &record.origin);
    }
    let circa = birth.value("TYPE_OF_DATE").eq_ignore_ascii_case("APPROXIMATELY");
    for text in [birth.value("DATE"), birth.value("YEAR")].into_iter().filter(|text| !text.is_empty()) {
        let text = if circa { format!("circa {text}") } else { text.to_owned() };
        record.dates(party, "birthDate", "INDIVIDUAL_DATE_OF_BIRTH", &text, Order::DayFirst);
    }
    record.note(party, "birth date note", birth.value("NOTE"));
}

/// The parts of an address or a place in the order of the file, the note last.
fn joined(place: &Element) -> String {
    let parts = place.children.iter().filter(|part| !part.text.is_empty() && part.name != "NOTE");
    let notes = place.values("NOTE");
    parts.map(|part| part.text.as_str()).chain(notes).collect::<Vec<_>>().join(", ")
}

/// The number stands on the person, and as a document of its own with its type and country.
fn read_document(record: &mut Record, party: &mut Entity, document: &Element, at: usize) -> Option<Entity> {
    let number = document.value("NUMBER");
    if number.is_empty() {
        record.note(party, "document", &joined(document));
        return None;
    }
    let kind = document.value("TYPE_OF_DOCUMENT").split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = kind.to_lowercase();
    let passport = lower.contains("passport") || lower.contains("passeport") || lower.contains("pasaporte");
    record.add(party, if passport { "passportNumber" } else { "idNumber" }, number);
    let schema = if passport { Schema::passport() } else { Schema::identification() };
    let mut paper = Entity::new(format!("{}-document-{at}", party.id), schema);
    record.add(&mut paper, "holder", &party.id);
    record.add(&mut paper, if passport { "passportNumber" } else { "number" }, number);
    record.add(&mut paper, "number", number);
    record.add(&mut paper, "type", &kind);
    for country in [document.value("ISSUING_COUNTRY"), document.value("COUNTRY_OF_ISSUE")] {
        if !country.is_empty() {
            record.country(&mut paper, "country", "ISSUING_COUNTRY", country);
        }
    }
    for (property, field) in [("startDate", "DATE_OF_ISSUE"), ("endDate", "DATE_OF_EXPIRY")] {
        if !document.value(field).is_empty() {
            record.dates(&mut paper, property, field, document.value(field), Order::DayFirst);
        }
    }
    record.add(&mut paper, "summary", document.value("NOTE"));
    Some(paper)
}

fn read_listing(record: &mut Record, element: &Element, id: &str) -> Entity {
    let mut sanction = Entity::new(format!("{id}-sanction"), Schema::sanction());
    record.add(&mut sanction, "entity", id);
    record.add(&mut sanction, "authority", "United Nations Security Council");
    record.add(&mut sanction, "program", element.value("UN_LIST_TYPE"));
    record.add(&mut sanction, "unscId", element.value("REFERENCE_NUMBER"));
    for property in ["listingDate", "startDate"] {
        record.dates(&mut sanction, property, "LISTED_ON", element.value("LISTED_ON"), Order::DayFirst);
    }
    for updated in element.list("LAST_DAY_UPDATED", "VALUE").filter(|value| !value.text.is_empty()) {
        record.dates(&mut sanction, "modifiedAt", "LAST_DAY_UPDATED", &updated.text, Order::DayFirst);
    }
    sanction
}
