//! OFAC's SDN_ENHANCED.XML and CONS_ENHANCED.XML.
//!
//! Idea: an `entity` carries all that is known of a party: names with their scripts, features with the bounds of their dates,
//! documents, relationships by key. `entity/@id` is the key of the other forms (`identityId` is not).
//! Invariant: a birth date whose bounds are a whole year is that year. A file with a filter of programmes is a part of the list.
//! Source: an official export of 28 August 2024 (schema ENHANCED_XML of the Sanctions List Service).

use interdict_model::{DateSpan, Origin, PartialDate};

use super::gathered::{Gathered, Other};
use super::mapping::{DocumentText, Draft, OfacList, party_id, schema_of};
use super::names::NameKind;
use super::remarks;
use crate::dates::from_bounds;
use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::reconcile::{Loaded, Reconciliation};
use crate::text::{fail, file_name};
use crate::values::Record;
use crate::xml::{Element, XmlText};

const EXPECTED: &str = "OFAC's SDN_ENHANCED.XML or CONS_ENHANCED.XML";

/// Elements of an entity that are read; others are kept as notes.
const KNOWN: &[&str] = &[
    "generalInfo",
    "sanctionsLists",
    "sanctionsPrograms",
    "sanctionsTypes",
    "legalAuthorities",
    "names",
    "addresses",
    "features",
    "identityDocuments",
    "relationships",
];

/// OFAC SDN_ENHANCED.XML and CONS_ENHANCED.XML.
pub(crate) fn read(input: &Input) -> Result<Loaded, ReadError> {
    let file = super::only_file(input)?;
    let text = XmlText::open(file, EXPECTED)?;
    let mut xml = text.reader();
    xml.root(&["sanctionsData"])?;
    let name = file_name(&file.path);
    let mut account = Reconciliation::default();
    let mut version = None;
    let mut gathered = Gathered::default();
    let mut keys = std::collections::BTreeSet::new();
    let missing =
        |line| fail(file, line, ReadErrorKind::MissingElement { name: "publicationInfo", expected: EXPECTED });
    while let Some(element) = xml.next_record(&["publicationInfo", "entity"])? {
        if element.name == "publicationInfo" {
            version = Some(published(&element).map_err(|kind| xml.fail(element.line, kind))?);
            account.partial = filtered(&element);
            continue;
        }
        let version = version.as_deref().ok_or_else(|| missing(element.line))?;
        let key = element.attr("id").unwrap_or_default();
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_digit()) {
            account.refuse(&name, element.line, format!("field `entity/@id`: {key:?} is not a number"));
            continue;
        }
        if element.list("names", "name").next().is_none() {
            account.refuse(&name, element.line, "field `names`: there is none");
            continue;
        }
        if !keys.insert(key.to_owned()) {
            return Err(xml.fail(element.line, ReadErrorKind::DuplicateKey { key: key.to_owned() }));
        }
        let origin = Origin::new(input.list.clone(), version, format!("{key} ({name}:{})", element.line));
        let record = Record { origin, file: &name, line: element.line, account: &mut account };
        let schema = schema_of(element.value_at(&["generalInfo", "entityType"]));
        let mut draft = Draft::new(record, party_id(key), schema);
        read_entity(&mut draft, &element, key);
        draft.finish(&mut gathered);
    }
    let version = version.ok_or_else(|| missing(0))?;
    Ok(Loaded { entities: gathered.finish(&input.list), version, reconciliation: account })
}

fn published(element: &Element) -> Result<String, ReadErrorKind> {
    let text = element.value("dataAsOf");
    match PartialDate::parse(text) {
        Some(date @ PartialDate::Day(..)) => Ok(date.to_string()),
        _ => Err(ReadErrorKind::Field { field: "dataAsOf", value: text.to_owned(), expected: "a day" }),
    }
}

/// What the export was filtered by, but for the lists, of which every export names some.
fn filtered(element: &Element) -> Option<String> {
    let filters = element.child("filters")?;
    let by: Vec<String> = filters
        .children
        .iter()
        .filter(|filter| filter.name != "sanctionsLists")
        .map(|filter| {
            let values: Vec<&str> = filter.children.iter().map(|value| value.text.as_str()).collect();
            format!("{} {}", filter.name, values.join(", "))
        })
        .collect();
    (!by.is_empty()).then(|| format!("the file is an export filtered by {}", by.join("; ")))
}

fn read_entity(draft: &mut Draft, entity: &Element, key: &str) {
    read_listing(draft, entity, key);
    for name in entity.list("names", "name") {
        read_name(draft, name);
    }
    for title in entity.all("generalInfo").flat_map(|info| info.values("title")) {
        draft.title(title);
    }
    for address in entity.list("addresses", "address") {
        read_address(draft, address);
    }
    for feature in entity.list("features", "feature") {
        read_feature(draft, feature);
    }
    for document in entity.list("identityDocuments", "identityDocument") {
        read_document(draft, document);
    }
    for relationship in entity.list("relationships", "relationship") {
        let role = relationship.value("type");
        let remark = relationship.value("quality");
        let Some(other) = relationship.child("relatedEntity") else { continue };
        match other.attr("entityId") {
            Some(id) if !other.text.is_empty() => {
                draft.link(Other::Known(party_id(id), other.text.clone()), role, remark);
            }
            _ => draft.record.note(&mut draft.party, role, &other.text),
        }
    }
    for remark in entity.all("generalInfo").flat_map(|info| info.values("remarks")) {
        remarks::read(draft, remark);
    }
    for unknown in entity.unknown_children(KNOWN) {
        draft.record.note(&mut draft.party, &unknown.name, &unknown.text);
    }
}

fn read_listing(draft: &mut Draft, entity: &Element, key: &str) {
    for list in entity.list("sanctionsLists", "sanctionsList") {
        let Some(of) = OfacList::named(&list.text) else { continue };
        draft.listed(of, key);
        if let (Some(date), Some(sanction)) = (list.attr("datePublished"), draft.sanctions.last_mut()) {
            draft.record.dates(sanction, "listingDate", "datePublished", date, crate::dates::Order::MonthFirst);
        }
    }
    if draft.sanctions.is_empty() {
        draft.listed(OfacList::CONS, key);
    }
    for programme in entity.list("sanctionsPrograms", "sanctionsProgram") {
        draft.programme(&programme.text);
    }
    for kind in entity.list("sanctionsTypes", "sanctionsType") {
        draft.of_sanction("provisions", &kind.text);
    }
    for authority in entity.list("legalAuthorities", "legalAuthority") {
        draft.of_sanction("reason", &authority.text);
    }
}

fn is_true(element: &Element, name: &str) -> bool {
    matches!(element.value(name), "true" | "1")
}

fn read_name(draft: &mut Draft, name: &Element) {
    let kind = if is_true(name, "isPrimary") {
        NameKind::Primary
    } else {
        NameKind::of(name.value("aliasType"), is_true(name, "isLowQuality"))
    };
    for translation in name.list("translations", "translation") {
        let (first, last) = (translation.value("formattedFirstName"), translation.value("formattedLastName"));
        if last.is_empty() && first.is_empty() {
            draft.name(kind, translation.value("formattedFullName"));
        } else {
            draft.name_in_parts(kind, first, last);
        }
        if kind != NameKind::Primary || draft.party.schema != interdict_model::Schema::person() {
            continue;
        }
        for part in translation.list("nameParts", "namePart") {
            let property = match part.value("type") {
                "Middle Name" => "middleName",
                "Patronymic" => "fatherName",
                "Matronymic" => "motherName",
                _ => continue,
            };
            draft.record.add(&mut draft.party, property, part.value("value"));
        }
    }
}

fn read_address(draft: &mut Draft, address: &Element) {
    let country = address.value("country");
    let mut any = false;
    for translation in address.list("translations", "translation") {
        let mut parts: Vec<(usize, &str)> = translation
            .list("addressParts", "addressPart")
            .map(|part| (rank(part.value("type")), part.value("value")))
            .collect();
        parts.sort_by_key(|(rank, _)| *rank);
        let lines: Vec<&str> = parts.into_iter().map(|(_, value)| value).collect();
        draft.address(&lines, country);
        any = true;
    }
    if !any {
        draft.address(&[], country);
    }
}

/// Where a part of an address stands in its text.
pub(super) fn rank(part: &str) -> usize {
    const ORDER: [&str; 7] = ["ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "POSTAL CODE", "REGION"];
    ORDER.iter().position(|known| known.eq_ignore_ascii_case(part)).unwrap_or(ORDER.len())
}

/// The date between the outer bounds; `None` where they are no dates.
fn span(element: &Element) -> Option<DateSpan> {
    let from = PartialDate::parse(element.value("fromDateBegin"))?;
    let to = PartialDate::parse(element.value("toDateEnd")).unwrap_or(from);
    let span = from_bounds(from, to);
    Some(DateSpan { circa: is_true(element, "isApproximate"), ..span })
}

fn read_feature(draft: &mut Draft, feature: &Element) {
    let (label, value) = (feature.value("type"), feature.value("value"));
    if feature.value("reliability").eq_ignore_ascii_case("false") {
        return draft.record.note(&mut draft.party, &format!("not reliable, {label}"), value);
    }
    match feature.child("valueDate").and_then(span) {
        Some(span) => draft.dated(label, value, span),
        None => draft.feature(label, DocumentText { number: value, ..DocumentText::default() }),
    }
}

fn read_document(draft: &mut Draft, document: &Element) {
    let date = |name: &str| document.child(name).and_then(span).map(|span| span.to_string()).unwrap_or_default();
    let (issued, expires) = (date("issueDate"), date("expirationDate"));
    let mut remarks: Vec<&str> = vec![document.value("issuingLocation"), document.value("comments")];
    if document.value("isValid") == "false" {
        remarks.push("not valid");
    }
    remarks.retain(|remark| !remark.is_empty());
    let remark = remarks.join("; ");
    let text = DocumentText {
        number: document.value("documentNumber"),
        country: document.value("issuingCountry"),
        issued: &issued,
        expires: &expires,
        remark: &remark,
    };
    draft.identity_document(document.value("type"), text);
}
