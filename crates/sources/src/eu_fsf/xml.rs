//! The list of the European Union as XML 1.1: all data in attributes, each part with the regulation that it came by.
//! Source: fsf_export_1_1.xsd; no published file was at hand.

use std::collections::BTreeSet;

use interdict_model::{Origin, PartialDate};

use super::subject::{Address, Birth, Citizenship, Identification, Land, Name, Regulation, Subject};
use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::ofac::only_file;
use crate::party::Gathered;
use crate::reconcile::{Loaded, Reconciliation};
use crate::text::file_name;
use crate::values::Record;
use crate::xml::{Element, XmlText};

/// EU consolidated financial sanctions list, XML 1.1.
pub(crate) fn read(input: &Input) -> Result<Loaded, ReadError> {
    let file = only_file(input)?;
    let text = XmlText::open(file, "the consolidated list of the European Union, XML 1.1")?;
    let mut xml = text.reader();
    let root = xml.root(&["export"])?;
    let version = match root.attr("generationDate") {
        None => input.version.clone(),
        Some(stamp) => {
            if let Some(date) = PartialDate::parse(stamp) {
                date.to_string()
            } else {
                let kind = ReadErrorKind::Field {
                    field: "generationDate",
                    value: stamp.to_owned(),
                    expected: "a date and time as 2026-09-01T10:00:00+02:00",
                };
                return Err(xml.fail(root.line, kind));
            }
        }
    };
    let name = file_name(&file.path);
    let mut account = Reconciliation::default();
    let mut gathered = Gathered::default();
    let mut keys = BTreeSet::new();
    while let Some(element) = xml.next_record(&["sanctionEntity"])? {
        let subject = subject(&element);
        if subject.key().is_empty() {
            account.refuse(&name, element.line, "attribute `logicalId`: it is missing");
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

fn attr(element: &Element, name: &str) -> String {
    element.attr(name).unwrap_or_default().to_owned()
}

fn land(element: &Element) -> Land {
    Land { code: attr(element, "countryIso2Code"), name: attr(element, "countryDescription") }
}

/// The remarks and further information of a part, as one text.
fn remark(element: &Element) -> String {
    let further = element
        .all("additionalInformation")
        .filter_map(|more| Some(format!("{}: {}", more.attr("key").unwrap_or_default(), more.attr("value")?)));
    element.values("remark").map(str::to_owned).chain(further).collect::<Vec<_>>().join("; ")
}

fn subject(element: &Element) -> Subject {
    let kind = element.child("subjectType");
    let kind = kind.and_then(|kind| kind.attr("classificationCode").or_else(|| kind.attr("code")));
    let mut subject = Subject {
        reference: attr(element, "euReferenceNumber"),
        logical_id: attr(element, "logicalId"),
        un_id: attr(element, "unitedNationId"),
        kind: kind.unwrap_or_default().to_owned(),
        designated: attr(element, "designationDate"),
        delisted: attr(element, "delistingDate"),
        details: attr(element, "designationDetails"),
        regulations: element.all("regulation").map(regulation).collect(),
        names: element.all("nameAlias").map(name).collect(),
        births: element.all("birthdate").map(birth).collect(),
        addresses: element.all("address").map(address).collect(),
        documents: element.all("identification").map(identification).collect(),
        ..Subject::default()
    };
    for text in element.values("remark") {
        subject.remarks.push(text.to_owned());
    }
    for more in element.all("additionalInformation") {
        subject.rest.push((attr(more, "key"), attr(more, "value")));
    }
    for citizenship in element.all("citizenship") {
        let mut said: Vec<String> = ["region", "acquisitionDate", "disenfranchisementDate"]
            .into_iter()
            .filter_map(|name| Some(format!("{name}: {}", citizenship.attr(name)?)))
            .collect();
        said.extend(Some(remark(citizenship)).filter(|remark| !remark.is_empty()));
        subject.citizenships.push(Citizenship { country: land(citizenship), remark: said.join("; ") });
    }
    const KNOWN: &[&str] = &[
        "regulation",
        "subjectType",
        "nameAlias",
        "citizenship",
        "birthdate",
        "address",
        "identification",
        "remark",
        "additionalInformation",
    ];
    for unknown in element.unknown_children(KNOWN) {
        let attributes = unknown.attrs.iter().map(|(name, value)| format!("{name} {value}"));
        let text: Vec<String> = attributes.chain([unknown.text.clone()]).collect();
        subject.rest.push((unknown.name.clone(), text.join(", ")));
    }
    subject
}

fn regulation(element: &Element) -> Regulation {
    let kind = [element.attr("regulationType"), element.attr("organisationType")];
    Regulation {
        programme: attr(element, "programme"),
        title: attr(element, "numberTitle"),
        published: attr(element, "publicationDate"),
        in_force: attr(element, "entryIntoForceDate"),
        url: element.value("publicationUrl").to_owned(),
        kind: kind.into_iter().flatten().collect::<Vec<_>>().join(", "),
    }
}

fn name(element: &Element) -> Name {
    Name {
        whole: attr(element, "wholeName"),
        first: attr(element, "firstName"),
        middle: attr(element, "middleName"),
        last: attr(element, "lastName"),
        gender: attr(element, "gender"),
        title: attr(element, "title"),
        function: attr(element, "function"),
        language: attr(element, "nameLanguage"),
        strong: attr(element, "strong"),
        remark: remark(element),
    }
}

fn birth(element: &Element) -> Birth {
    Birth {
        date: attr(element, "birthdate"),
        day: attr(element, "dayOfMonth"),
        month: attr(element, "monthOfYear"),
        year: attr(element, "year"),
        from: attr(element, "yearRangeFrom"),
        to: attr(element, "yearRangeTo"),
        circa: attr(element, "circa"),
        calendar: attr(element, "calendarType"),
        place: ["place", "city", "zipCode", "region"].map(|name| attr(element, name)).into(),
        country: land(element),
        remark: remark(element),
    }
}

fn address(element: &Element) -> Address {
    let po_box = element.attr("poBox").map(|number| format!("P.O. Box {number}")).unwrap_or_default();
    let [street, zip, city, region, place] =
        ["street", "zipCode", "city", "region", "place"].map(|name| attr(element, name));
    Address {
        parts: vec![street, po_box, zip, city, place, region],
        country: land(element),
        at_listing: attr(element, "asAtListingTime"),
        contacts: element.all("contactInfo").map(|contact| (attr(contact, "key"), attr(contact, "value"))).collect(),
        remark: remark(element),
    }
}

fn identification(element: &Element) -> Identification {
    let mut said = Vec::new();
    for (name, words) in [
        ("diplomatic", "diplomatic"),
        ("knownExpired", "known to be expired"),
        ("knownFalse", "known to be false"),
        ("reportedLost", "reported lost"),
        ("revokedByIssuer", "revoked by its issuer"),
    ] {
        if matches!(element.attr(name), Some("true" | "1")) {
            said.push(words.to_owned());
        }
    }
    for (name, words) in [("issuedBy", "issued by"), ("nameOnDocument", "name on the document:"), ("region", "region:")]
    {
        if let Some(text) = element.attr(name) {
            said.push(format!("{words} {text}"));
        }
    }
    said.push(remark(element));
    Identification {
        number: attr(element, "number"),
        latin_number: attr(element, "latinNumber"),
        code: attr(element, "identificationTypeCode"),
        description: attr(element, "identificationTypeDescription"),
        country: land(element),
        issued: attr(element, "issueDate"),
        from: attr(element, "validFrom"),
        to: attr(element, "validTo"),
        said,
    }
}
