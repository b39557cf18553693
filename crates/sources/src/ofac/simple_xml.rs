//! OFAC's SDN.XML and CONSOLIDATED.XML, the simple form.
//!
//! Idea: one `sdnEntry` is one party; `idList` mixes documents with features, told apart by their type. Weak aliases stand among
//! the others, marked by their category.
//! Invariant: the number of entries is the one that the file declares.
//! Source: `sdn.xsd` of OFAC; its old namespace and the one of 2024 have the same elements.

use interdict_model::Origin;

use super::gathered::{Gathered, Other};
use super::labels::of_label;
use super::mapping::{DocumentText, Draft, OfacList, party_id, schema_of};
use super::names::NameKind;
use super::remarks;
use crate::dates::{Order, parse_one};
use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::reconcile::{Loaded, Reconciliation};
use crate::text::{fail, file_name};
use crate::values::Record;
use crate::xml::{Element, XmlText};

const EXPECTED: &str = "OFAC's SDN.XML or CONSOLIDATED.XML";

/// Elements of an entry that are read; others are kept as notes.
const KNOWN: &[&str] = &[
    "uid",
    "firstName",
    "lastName",
    "title",
    "sdnType",
    "remarks",
    "programList",
    "idList",
    "akaList",
    "addressList",
    "nationalityList",
    "citizenshipList",
    "dateOfBirthList",
    "placeOfBirthList",
    "vesselInfo",
];

/// OFAC SDN.XML and CONSOLIDATED.XML.
pub(crate) fn read(input: &Input) -> Result<Loaded, ReadError> {
    let file = super::only_file(input)?;
    let text = XmlText::open(file, EXPECTED)?;
    let mut xml = text.reader();
    xml.root(&["sdnList"])?;
    let name = file_name(&file.path);
    let list = if name.to_lowercase().starts_with("cons") { OfacList::CONS } else { OfacList::SDN };
    let mut account = Reconciliation::default();
    let mut version = None;
    let mut gathered = Gathered::default();
    let mut keys = std::collections::BTreeSet::new();
    while let Some(element) = xml.next_record(&["publshInformation", "sdnEntry"])? {
        if element.name == "publshInformation" {
            version = Some(published(&element).map_err(|kind| xml.fail(element.line, kind))?);
            account.declared = declared(&element).map_err(|kind| xml.fail(element.line, kind))?;
            continue;
        }
        let Some(version) = &version else {
            let kind = ReadErrorKind::MissingElement { name: "publshInformation", expected: EXPECTED };
            return Err(xml.fail(element.line, kind));
        };
        let key = element.value("uid");
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_digit()) {
            account.refuse(&name, element.line, format!("field `uid`: {key:?} is not a number"));
            continue;
        }
        if element.value("lastName").is_empty() && element.value("firstName").is_empty() {
            account.refuse(&name, element.line, "field `lastName`: it is empty");
            continue;
        }
        if !keys.insert(key.to_owned()) {
            return Err(xml.fail(element.line, ReadErrorKind::DuplicateKey { key: key.to_owned() }));
        }
        let origin = Origin::new(input.list.clone(), version.as_str(), format!("{key} ({name}:{})", element.line));
        let record = Record { origin, file: &name, line: element.line, account: &mut account };
        let mut draft = Draft::new(record, party_id(key), schema_of(element.value("sdnType")));
        draft.listed(list, key);
        read_entry(&mut draft, &element);
        draft.finish(&mut gathered);
    }
    let version = version.ok_or_else(|| {
        fail(file, 0, ReadErrorKind::MissingElement { name: "publshInformation", expected: EXPECTED })
    })?;
    Ok(Loaded { entities: gathered.finish(&input.list), version, reconciliation: account })
}

fn published(element: &Element) -> Result<String, ReadErrorKind> {
    let text = element.value("Publish_Date");
    parse_one(text, Order::MonthFirst).map(|date| date.to_string()).map_err(|_| ReadErrorKind::Field {
        field: "Publish_Date",
        value: text.to_owned(),
        expected: "a day as MM/DD/YYYY",
    })
}

fn declared(element: &Element) -> Result<Option<u64>, ReadErrorKind> {
    let text = element.value("Record_Count");
    text.parse().map(Some).map_err(|_| ReadErrorKind::Field {
        field: "Record_Count",
        value: text.to_owned(),
        expected: "the number of records",
    })
}

fn read_entry(draft: &mut Draft, entry: &Element) {
    draft.name_in_parts(NameKind::Primary, entry.value("firstName"), entry.value("lastName"));
    for programme in entry.list("programList", "program") {
        draft.programme(&programme.text);
    }
    draft.title(entry.value("title"));
    for alias in entry.list("akaList", "aka") {
        let kind = NameKind::of(alias.value("type"), alias.value("category").eq_ignore_ascii_case("weak"));
        draft.name_in_parts(kind, alias.value("firstName"), alias.value("lastName"));
    }
    for address in entry.list("addressList", "address") {
        let lines = ["address1", "address2", "address3", "city", "stateOrProvince", "postalCode"]
            .map(|part| address.value(part));
        draft.address(&lines, address.value("country"));
    }
    for (list, item, value, label) in [
        ("nationalityList", "nationality", "country", "Nationality Country"),
        ("citizenshipList", "citizenship", "country", "Citizenship Country"),
        ("dateOfBirthList", "dateOfBirthItem", "dateOfBirth", "Birthdate"),
        ("placeOfBirthList", "placeOfBirthItem", "placeOfBirth", "Place of Birth"),
    ] {
        for item in entry.list(list, item) {
            draft.feature(label, DocumentText { number: item.value(value), ..DocumentText::default() });
        }
    }
    for id in entry.list("idList", "id") {
        let (label, country) = (id.value("idType"), id.value("idCountry"));
        let text = DocumentText {
            number: id.value("idNumber"),
            country,
            issued: id.value("issueDate"),
            expires: id.value("expirationDate"),
            remark: "",
        };
        // Only documents have a country.
        draft.labelled(label, of_label(label, !country.is_empty()), text);
    }
    for vessel in entry.all("vesselInfo") {
        for (part, label) in [
            ("callSign", "Vessel Call Sign"),
            ("vesselType", "Vessel Type"),
            ("vesselFlag", "Vessel Flag"),
            ("tonnage", "Vessel Tonnage"),
            ("grossRegisteredTonnage", "Vessel Gross Registered Tonnage"),
        ] {
            draft.feature(label, DocumentText { number: vessel.value(part), ..DocumentText::default() });
        }
        let owner = vessel.value("vesselOwner");
        if !owner.is_empty() {
            draft.link(Other::Named(owner.to_owned()), "owner", "");
        }
    }
    for remark in entry.values("remarks") {
        remarks::read(draft, remark);
    }
    for unknown in entry.unknown_children(KNOWN) {
        draft.record.note(&mut draft.party, &unknown.name, &unknown.text);
    }
}
