//! The UK Sanctions List as XML: a `Designation` a party.
//!
//! Idea: names, addresses, places of birth and numbered documents are groups with parts; all else are lists of single texts,
//! found by the name of the leaf wherever it stands, as details of persons, entities and ships are nested differently.
//! Source: element names that public readers of the file use, such as that of OpenSanctions; no published file was at hand.

use std::collections::BTreeSet;

use interdict_model::Origin;

use super::listing::{Address, Listing, Name, Numbered};
use crate::dates::{self, Order};
use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::ofac::only_file;
use crate::party::Gathered;
use crate::reconcile::{Loaded, Reconciliation};
use crate::text::file_name;
use crate::values::Record;
use crate::xml::{Element, XmlText};

/// UK Sanctions List, XML.
pub(crate) fn read(input: &Input) -> Result<Loaded, ReadError> {
    let file = only_file(input)?;
    let text = XmlText::open(file, "the UK Sanctions List, XML")?;
    let mut xml = text.reader();
    xml.root(&["Designations"])?;
    let mut version = None;
    let mut records = Vec::new();
    while let Some(element) = xml.next_record(&["Designation", "DateGenerated"])? {
        if element.name == "Designation" {
            records.push(element);
        } else {
            let day = dates::parse_one(&element.text, Order::DayFirst);
            version = version.or(day.ok().map(|day| day.to_string()));
        }
    }
    let version = version.unwrap_or_else(|| input.version.clone());
    let name = file_name(&file.path);
    let mut account = Reconciliation::default();
    let mut gathered = Gathered::default();
    let mut keys = BTreeSet::new();
    for element in &records {
        let listing = listing(element);
        let key = listing.unique_id.trim();
        if key.is_empty() {
            account.refuse(&name, element.line, "element `UniqueID`: it is missing or empty");
            continue;
        }
        if listing.names.is_empty() && listing.non_latin.is_empty() {
            account.refuse(&name, element.line, format!("{key}: it has no name"));
            continue;
        }
        if !keys.insert(key.to_owned()) {
            return Err(xml.fail(element.line, ReadErrorKind::DuplicateKey { key: key.to_owned() }));
        }
        let origin = Origin::new(input.list.clone(), version.as_str(), format!("{key} ({name}:{})", element.line));
        let record = Record { origin, file: &name, line: element.line, account: &mut account };
        listing.write(record, format!("gb-{key}"), &mut gathered);
    }
    let entities = gathered.finish(&mut account, &name);
    Ok(Loaded { entities, version, reconciliation: account })
}

fn listing(element: &Element) -> Listing {
    let mut listing = Listing::default();
    for child in &element.children {
        take(child, &mut listing);
    }
    listing
}

/// Takes an element and what is in it.
fn take(element: &Element, listing: &mut Listing) {
    let value = |name: &str| element.value(name).to_owned();
    match element.name.as_str() {
        "Name" if !element.children.is_empty() => {
            let parts = ["Name1", "Name2", "Name3", "Name4", "Name5", "Name6"].map(value);
            if parts.iter().any(|part| !part.is_empty()) {
                listing.names.push(Name { parts, kind: value("NameType"), quality: value("AliasStrength") });
            }
        }
        "NonLatinName" if !element.children.is_empty() => {
            listing.non_latin.extend(Some(value("NameNonLatinScript")).filter(|name| !name.is_empty()));
            let script = [value("NonLatinScriptType"), value("NonLatinScriptLanguage")];
            let script = script.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
            if !script.is_empty() && !listing.scripts.contains(&script) {
                listing.scripts.push(script);
            }
        }
        "Address" if !element.children.is_empty() => {
            let lines = [
                "AddressLine1",
                "AddressLine2",
                "AddressLine3",
                "AddressLine4",
                "AddressLine5",
                "AddressLine6",
                "AddressPostalCode",
            ];
            listing.addresses.push(Address { parts: lines.map(value).into(), country: value("AddressCountry") });
        }
        "Location" if !element.children.is_empty() => {
            listing.birth_places.push((value("TownOfBirth"), value("CountryOfBirth")));
        }
        "Passport" if !element.children.is_empty() => {
            let (number, details) = (value("PassportNumber"), value("PassportAdditionalInformation"));
            listing.passports.push(Numbered { number, details });
        }
        "NationalIdentifier" if !element.children.is_empty() => {
            let number = value("NationalIdentifierNumber");
            listing.national_ids.push(Numbered { number, details: value("NationalIdentifierAdditionalInformation") });
        }
        "SanctionsImposedIndicators" => {
            for indicator in &element.children {
                if matches!(indicator.text.to_lowercase().as_str(), "true" | "1") {
                    listing.measures.push(spaced(&indicator.name));
                }
            }
        }
        _ => {
            leaf(element, listing);
            for child in &element.children {
                take(child, listing);
            }
        }
    }
}

/// `TargetedArmsEmbargo` in words.
fn spaced(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

fn leaf(element: &Element, listing: &mut Listing) {
    let text = element.text.clone();
    if text.is_empty() {
        return;
    }
    let name = element.name.to_lowercase();
    let starts = |start: &str| name.starts_with(start);
    match name.as_str() {
        "uniqueid" => listing.unique_id = text,
        "ofsigroupid" => listing.group_id = text,
        "unreferencenumber" => listing.un_reference.push(text),
        "lastupdated" => listing.updated.push((text, element.line)),
        "datedesignated" => listing.designated.push((text, element.line)),
        "regimename" => listing.regimes.push(text),
        "individualentityship" => listing.kind = text,
        "designationsource" => listing.sources.push(text),
        "sanctionsimposed" => listing.measures.push(text),
        "otherinformation" => listing.other_information(&text, element.line),
        "ukstatementofreasons" => listing.reasons.push(text),
        "title" => listing.titles.push(text),
        "dob" => listing.births.push((text, element.line)),
        "nationality" => listing.nationalities.push(text),
        "position" => listing.positions.push(text),
        "gender" => listing.genders.push(text),
        "phonenumber" => listing.phones.push(text),
        "emailaddress" => listing.emails.push(text),
        "website" => listing.websites.push(text),
        _ if starts("imonumber") => listing.imo_numbers.push(text),
        _ if starts("currentowner") => listing.owners.push(text),
        _ if starts("previousowner") => listing.past_owners.push(text),
        _ if starts("currentbelievedflag") || starts("flagofship") => listing.flags.push(text),
        _ if starts("previousflag") => listing.past_flags.push(text),
        _ if starts("typeofship") => listing.ship_types.push(text),
        _ if starts("tonnage") => listing.tonnages.push(text),
        _ if starts("length") => listing.lengths.push(text),
        _ if starts("yearbuilt") => listing.built.push((text, element.line)),
        _ if starts("hin") || starts("hull") => listing.hulls.push(text),
        _ if starts("typeofentit") => listing.entity_types.push(text),
        _ if starts("subsidiar") => listing.subsidiaries.push(text),
        _ if starts("parentcompan") => listing.parents.push(text),
        _ if starts("businessreg") => listing.registrations.push(text),
        _ => listing.rest.push((element.name.clone(), text)),
    }
}
