//! `global.xml`, the form of the list of the European Union until 2017: elements instead of attributes.
//! Source: the file of 11 February 2016.

use std::collections::BTreeSet;

use interdict_model::Origin;

use super::csv::contacts;
use super::subject::{AUTHORITY, Address, Birth, Citizenship, Identification, Land, Name, Regulation, Subject};
use crate::dates;
use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::ofac::only_file;
use crate::party::Gathered;
use crate::reconcile::{Loaded, Reconciliation};
use crate::text::file_name;
use crate::values::Record;
use crate::xml::{Element, XmlText};

/// EU consolidated list, global.xml of 2016.
pub(crate) fn read(input: &Input) -> Result<Loaded, ReadError> {
    let file = only_file(input)?;
    let text = XmlText::open(file, "global.xml of the European Union")?;
    let mut xml = text.reader();
    let root = xml.root(&["WHOLE"])?;
    let version = match root.attr("Date") {
        None => input.version.clone(),
        Some(date) => {
            if let Ok(date) = dates::parse_one(date, AUTHORITY.order) {
                date.to_string()
            } else {
                let kind = ReadErrorKind::Field { field: "Date", value: date.to_owned(), expected: "DD/MM/YYYY" };
                return Err(xml.fail(root.line, kind));
            }
        }
    };
    let name = file_name(&file.path);
    let mut account = Reconciliation::default();
    let mut gathered = Gathered::default();
    let mut keys = BTreeSet::new();
    while let Some(element) = xml.next_record(&["ENTITY"])? {
        let subject = subject(&element);
        if subject.key().is_empty() {
            account.refuse(&name, element.line, "attribute `Id`: it is missing");
            continue;
        }
        if !subject.is_named() {
            account.refuse(&name, element.line, format!("{}: it has no name", subject.key()));
            continue;
        }
        if !keys.insert(subject.key().to_owned()) {
            return Err(xml.fail(element.line, ReadErrorKind::DuplicateKey { key: subject.key().to_owned() }));
        }
        let place = format!("{} ({name}:{})", subject.key(), element.line);
        let origin = Origin::new(input.list.clone(), version.as_str(), place);
        subject.write(Record { origin, file: &name, line: element.line, account: &mut account }, &mut gathered);
    }
    let entities = gathered.finish(&mut account, &name);
    Ok(Loaded { entities, version, reconciliation: account })
}

fn subject(element: &Element) -> Subject {
    let attr = |name: &str| element.attr(name).unwrap_or_default().to_owned();
    let land = |part: &Element| Land { code: part.value("COUNTRY").to_owned(), name: String::new() };
    let mut subject = Subject {
        logical_id: attr("Id"),
        kind: attr("Type"),
        regulations: vec![Regulation {
            programme: attr("programme"),
            title: attr("legal_basis"),
            published: attr("reg_date"),
            in_force: attr("reg_date"),
            url: attr("pdf_link"),
            kind: String::new(),
        }],
        names: element.all("NAME").map(name).collect(),
        remarks: vec![attr("remark")],
        ..Subject::default()
    };
    for birth in element.all("BIRTH") {
        subject.births.push(Birth {
            date: birth.value("DATE").to_owned(),
            place: vec![birth.value("PLACE").to_owned()],
            country: land(birth),
            ..Birth::default()
        });
    }
    for address in element.all("ADDRESS") {
        let parts = ["NUMBER", "STREET", "ZIPCODE", "CITY"].map(|part| address.value(part).to_owned());
        let (contacts, said): (Vec<_>, Vec<_>) =
            contacts(address.value("OTHER")).into_iter().partition(|(kind, _)| !kind.is_empty());
        let remark = said.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("; ");
        subject.addresses.push(Address {
            parts: parts.into(),
            country: land(address),
            contacts,
            remark,
            ..Address::default()
        });
    }
    for passport in element.all("PASSPORT") {
        subject.documents.push(Identification { country: land(passport), ..identification(passport.value("NUMBER")) });
    }
    for citizen in element.all("CITIZEN") {
        subject.citizenships.push(Citizenship { country: land(citizen), remark: String::new() });
    }
    const KNOWN: &[&str] = &["NAME", "BIRTH", "ADDRESS", "PASSPORT", "CITIZEN"];
    for unknown in element.unknown_children(KNOWN) {
        subject.rest.push((unknown.name.clone(), unknown.text.clone()));
    }
    subject
}

fn name(element: &Element) -> Name {
    let value = |part: &str| element.value(part).to_owned();
    Name {
        whole: value("WHOLENAME"),
        first: value("FIRSTNAME"),
        middle: value("MIDDLENAME"),
        last: value("LASTNAME"),
        gender: value("GENDER"),
        title: value("TITLE"),
        function: value("FUNCTION"),
        language: value("LANGUAGE"),
        ..Name::default()
    }
}

/// `F823692 (passport-National passport) [known to be expired]((expired moroccan passport))`: number, code and description,
/// remarks.
fn identification(text: &str) -> Identification {
    let (number, rest) = text.split_once(" (").unwrap_or((text, ""));
    let (kind, said) = rest.split_once(')').unwrap_or((rest, ""));
    let (code, description) = kind.split_once('-').unwrap_or((kind, ""));
    Identification {
        number: number.trim().to_owned(),
        code: code.trim().to_owned(),
        description: description.trim().to_owned(),
        said: vec![said.trim().to_owned()],
        ..Identification::default()
    }
}
