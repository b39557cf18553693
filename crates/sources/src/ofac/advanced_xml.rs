//! OFAC's SDN_ADVANCED.XML and CONS_ADVANCED.XML.
//!
//! Idea: the file is a small database: words, places, documents, parties, relationships and entries stand apart and point at
//! each other by number. The first pass keeps what parties point at, the second builds one party at a time, so that the
//! 120 MB file never stands in memory as a tree.
//! Invariant: `DistinctParty/@FixedRef` is the key of the other forms; a profile without an entry is still a party.
//! Source: `sdn_advanced.xsd` and OFAC's description of the format. No published file was at hand: tested on files written by these.

use std::collections::{BTreeMap, HashMap};

use interdict_model::{DateSpan, Origin, PartialDate, Schema};

use super::enhanced_xml::rank;
use super::gathered::{Gathered, Other};
use super::labels::{Target, of_label};
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

const EXPECTED: &str = "OFAC's SDN_ADVANCED.XML or CONS_ADVANCED.XML";

/// A place: the parts of its address in order, and its country.
#[derive(Debug, Default)]
struct Place {
    parts: Vec<String>,
    country: String,
}

/// What parties point at.
#[derive(Debug, Default)]
struct Pointers {
    version: Option<String>,
    /// Words by the name of their element and their number: `("FeatureType", "8")` is `Birthdate`.
    words: HashMap<(String, String), String>,
    /// Number of the kind of party by that of the sub-kind.
    kinds: HashMap<String, String>,
    places: HashMap<String, Place>,
    /// Documents by the number of the identity that bears them.
    documents: HashMap<String, Vec<Element>>,
    /// Entries by the number of the profile.
    entries: HashMap<String, Vec<Element>>,
    relationships: Vec<Element>,
}

impl Pointers {
    fn word(&self, element: &str, number: Option<&str>) -> &str {
        number.and_then(|number| self.words.get(&(element.to_owned(), number.to_owned()))).map_or("", String::as_str)
    }
}

/// OFAC SDN_ADVANCED.XML and CONS_ADVANCED.XML.
pub(crate) fn read(input: &Input) -> Result<Loaded, ReadError> {
    let file = super::only_file(input)?;
    let text = XmlText::open(file, EXPECTED)?;
    let pointers = first_pass(&text)?;
    let version = pointers
        .version
        .clone()
        .ok_or_else(|| fail(file, 0, ReadErrorKind::MissingElement { name: "DateOfIssue", expected: EXPECTED }))?;

    let mut xml = text.reader();
    xml.root(&["Sanctions"])?;
    let name = file_name(&file.path);
    let mut account = Reconciliation::default();
    let mut gathered = Gathered::default();
    let mut keys = std::collections::BTreeSet::new();
    // The party of a profile, with the name that links cite.
    let mut profiles: HashMap<String, (String, String)> = HashMap::new();
    while let Some(party) = xml.next_record(&["DistinctParty"])? {
        let key = party.attr("FixedRef").unwrap_or_default();
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_digit()) {
            account.refuse(&name, party.line, format!("field `FixedRef`: {key:?} is not a number"));
            continue;
        }
        let Some(profile) = party.child("Profile").filter(|profile| has_name(profile)) else {
            account.refuse(&name, party.line, "field `NamePartValue`: the party has no name");
            continue;
        };
        if !keys.insert(key.to_owned()) {
            return Err(xml.fail(party.line, ReadErrorKind::DuplicateKey { key: key.to_owned() }));
        }
        let origin = Origin::new(input.list.clone(), version.as_str(), format!("{key} ({name}:{})", party.line));
        let record = Record { origin, file: &name, line: party.line, account: &mut account };
        let mut draft = Draft::new(record, party_id(key), kind_of(&pointers, profile));
        for profile in party.all("Profile") {
            read_profile(&mut draft, &pointers, profile, key);
        }
        if draft.sanctions.is_empty() {
            draft.record.warn("no entry points at this party");
        }
        for comment in party.values("Comment").chain(profile.values("Comment")) {
            remarks::read(&mut draft, comment);
        }
        let caption = draft.party.caption().to_owned();
        for profile in party.all("Profile") {
            let number = profile.attr("ID").unwrap_or_default().to_owned();
            profiles.insert(number, (draft.party.id.clone(), caption.clone()));
        }
        draft.finish(&mut gathered);
    }
    for relationship in &pointers.relationships {
        let end = |name| relationship.attr(name).and_then(|number| profiles.get(number));
        let (Some((from, _)), Some((to, to_name))) = (end("From-ProfileID"), end("To-ProfileID")) else {
            account.warn(&name, relationship.line, "a relationship points at a profile that is not in the file");
            continue;
        };
        let role = pointers.word("RelationType", relationship.attr("RelationTypeID"));
        let mut remark: Vec<&str> = relationship.values("Comment").collect();
        if relationship.attr("Former") == Some("true") {
            remark.push("former");
        }
        let number = relationship.attr("ID").unwrap_or_default();
        let record = format!("ProfileRelationship {number} ({name}:{})", relationship.line);
        let origin = Origin::new(input.list.clone(), version.as_str(), record);
        gathered.link(from.clone(), Other::Known(to.clone(), to_name.clone()), role, &remark.join("; "), origin);
    }
    Ok(Loaded { entities: gathered.finish(&input.list), version, reconciliation: account })
}

/// Keeps everything but the parties.
fn first_pass(text: &XmlText) -> Result<Pointers, ReadError> {
    const WORDS: &[&str] = &[
        "AliasType",
        "Country",
        "DetailReference",
        "EntryEventType",
        "FeatureType",
        "IDRegDocDateType",
        "IDRegDocType",
        "LegalBasis",
        "List",
        "LocPartType",
        "NamePartType",
        "PartySubType",
        "PartyType",
        "RelationType",
        "Reliability",
        "SanctionsProgram",
        "SanctionsType",
        "Validity",
        "AreaCode",
    ];
    const RECORDS: &[&str] = &["DateOfIssue", "Location", "IDRegDocument", "ProfileRelationship", "SanctionsEntry"];
    let names: Vec<&str> = WORDS.iter().chain(RECORDS).copied().chain(["DistinctParty"]).collect();
    let mut pointers = Pointers::default();
    let mut xml = text.reader();
    xml.root(&["Sanctions"])?;
    while let Some(element) = xml.next_record(&names)? {
        match element.name.as_str() {
            "DistinctParty" => {}
            "DateOfIssue" => {
                let date = point(&element).map(|date| date.to_string());
                pointers.version = Some(date.ok_or_else(|| {
                    let value =
                        format!("{}-{}-{}", element.value("Year"), element.value("Month"), element.value("Day"));
                    xml.fail(element.line, ReadErrorKind::Field { field: "DateOfIssue", value, expected: "a day" })
                })?);
            }
            "Location" => {
                if let Some(number) = element.attr("ID") {
                    let place = place(&pointers, &element);
                    pointers.places.insert(number.to_owned(), place);
                }
            }
            "IDRegDocument" => {
                if let Some(identity) = element.attr("IdentityID").map(str::to_owned) {
                    pointers.documents.entry(identity).or_default().push(element);
                }
            }
            "ProfileRelationship" => pointers.relationships.push(element),
            "SanctionsEntry" => {
                if let Some(profile) = element.attr("ProfileID").map(str::to_owned) {
                    pointers.entries.entry(profile).or_default().push(element);
                }
            }
            _ => {
                let number = element.attr("ID").unwrap_or_default().to_owned();
                if let Some(kind) = element.attr("PartyTypeID") {
                    pointers.kinds.insert(number.clone(), kind.to_owned());
                }
                pointers.words.insert((element.name, number), element.text);
            }
        }
    }
    Ok(pointers)
}

/// A day, month or year; zero stands for unknown.
fn point(element: &Element) -> Option<PartialDate> {
    let year = element.value("Year").parse().ok()?;
    let part = |name| element.value(name).parse::<u8>().ok().filter(|part| *part > 0);
    let month = part("Month");
    PartialDate::new(year, month, month.and(part("Day")))
}

/// A period by its outer bounds.
fn period(element: &Element) -> Option<DateSpan> {
    let start = element.child("Start");
    let from = start.and_then(|start| start.child("From")).and_then(point);
    let end = element.child("End").and_then(|end| end.child("To").or_else(|| end.child("From"))).and_then(point);
    let to = end.or_else(|| start.and_then(|start| start.child("To")).and_then(point));
    let (from, to) = (from.or(to)?, to.or(from)?);
    let circa = element.children.iter().any(|bound| bound.attr("Approximate") == Some("true"));
    Some(DateSpan { circa, ..from_bounds(from, to) })
}

fn place(pointers: &Pointers, element: &Element) -> Place {
    let country = element
        .all("LocationCountry")
        .map(|country| pointers.word("Country", country.attr("CountryID")))
        .find(|country| !country.is_empty())
        .unwrap_or_default();
    let area = element.all("LocationAreaCode").map(|area| pointers.word("AreaCode", area.attr("AreaCodeID")));
    let area = area.filter(|area| !area.is_empty()).map(|area| (usize::MAX - 1, area.to_owned()));
    let mut parts: Vec<(usize, String)> = element
        .all("LocationPart")
        .flat_map(|part| {
            let rank = rank(pointers.word("LocPartType", part.attr("LocPartTypeID")));
            part.all("LocationPartValue").map(move |value| (rank, value.value("Value").to_owned()))
        })
        .collect();
    if country.is_empty() {
        parts.extend(area);
    }
    parts.sort_by_key(|(rank, _)| *rank);
    let parts = parts.into_iter().map(|(_, part)| part).filter(|part| !part.is_empty()).collect();
    Place { parts, country: country.to_owned() }
}

fn has_name(profile: &Element) -> bool {
    profile.list("Identity", "Alias").any(|alias| {
        alias.list("DocumentedName", "DocumentedNamePart").any(|part| part.values("NamePartValue").next().is_some())
    })
}

/// Vessel and aircraft are sub-kinds; individual and entity are kinds.
fn kind_of(pointers: &Pointers, profile: &Element) -> Schema {
    let sub_kind = profile.attr("PartySubTypeID");
    match schema_of(pointers.word("PartySubType", sub_kind)) {
        schema if schema == Schema::organization() => {
            let kind = sub_kind.and_then(|number| pointers.kinds.get(number));
            schema_of(pointers.word("PartyType", kind.map(String::as_str)))
        }
        schema => schema,
    }
}

fn read_profile(draft: &mut Draft, pointers: &Pointers, profile: &Element, key: &str) {
    let number = profile.attr("ID").unwrap_or_default();
    let entries = pointers.entries.get(number).map(Vec::as_slice).unwrap_or_default();
    let specific = |entry: &Element| OfacList::named(pointers.word("List", entry.attr("ListID")));
    for entry in entries {
        match specific(entry) {
            Some(list) => read_entry(draft, pointers, entry, list, key),
            // The "Consolidated List" stands beside the one that is meant.
            None if entries.iter().all(|entry| specific(entry).is_none()) && draft.sanctions.is_empty() => {
                read_entry(draft, pointers, entry, OfacList::CONS, key);
            }
            None => {}
        }
    }
    for identity in profile.all("Identity") {
        read_identity(draft, pointers, identity);
        let documents = identity.attr("ID").and_then(|number| pointers.documents.get(number));
        for document in documents.into_iter().flatten() {
            read_document(draft, pointers, document);
        }
    }
    for feature in profile.all("Feature") {
        let label = pointers.word("FeatureType", feature.attr("FeatureTypeID"));
        for version in feature.all("FeatureVersion") {
            read_feature(draft, pointers, label, version);
        }
    }
    for reference in profile.all("ExternalReference") {
        for part in ["ExRefValue", "DirectURL"] {
            draft.record.note(&mut draft.party, "external reference", reference.value(part));
        }
    }
}

fn read_entry(draft: &mut Draft, pointers: &Pointers, entry: &Element, list: OfacList, key: &str) {
    draft.listed(list, key);
    let Draft { record, party, sanctions, .. } = draft;
    let Some(sanction) = sanctions.last_mut() else { return };
    for event in entry.all("EntryEvent") {
        if let Some(date) = event.child("Date").and_then(point) {
            sanction.add_date("listingDate", DateSpan::exactly(date), &record.origin);
        }
        record.add(sanction, "reason", pointers.word("LegalBasis", event.attr("LegalBasisID")));
        record.note(sanction, "", event.value("Comment"));
    }
    for measure in entry.all("SanctionsMeasure") {
        let kind = pointers.word("SanctionsType", measure.attr("SanctionsTypeID"));
        let comment = measure.value("Comment");
        if kind.eq_ignore_ascii_case("program") {
            record.add(sanction, "program", comment);
            record.add(party, "program", comment);
        } else {
            record.add(sanction, "provisions", kind);
            record.add(sanction, "provisions", comment);
        }
        if let Some(span) = measure.child("DatePeriod").and_then(period) {
            sanction.add_date("startDate", DateSpan { to: span.from, ..span }, &record.origin);
        }
    }
    record.note(sanction, "limitations", entry.value("LimitationsToListing"));
    record.note(sanction, "", entry.value("Comment"));
    for support in entry.all("SupportingInfo") {
        record.note(sanction, "", support.value("Text"));
        record.add(sanction, "sourceUrl", support.value("DirectURL"));
    }
}

fn read_identity(draft: &mut Draft, pointers: &Pointers, identity: &Element) {
    // Kind of a part by the group that it belongs to.
    let groups: BTreeMap<&str, &str> = identity
        .all("NamePartGroups")
        .flat_map(|groups| groups.list("MasterNamePartGroup", "NamePartGroup"))
        .filter_map(|group| Some((group.attr("ID")?, pointers.word("NamePartType", group.attr("NamePartTypeID")))))
        .collect();
    let false_identity = identity.attr("False") == Some("true");
    for alias in identity.all("Alias") {
        let weak = alias.attr("LowQuality") == Some("true") || false_identity;
        let kind = pointers.word("AliasType", alias.attr("AliasTypeID"));
        let main = alias.attr("Primary") == Some("true") && identity.attr("Primary") != Some("false");
        let kind = if main && !false_identity { NameKind::Primary } else { NameKind::of(kind, weak) };
        for name in alias.all("DocumentedName") {
            read_name(draft, kind, name, &groups);
        }
    }
}

fn read_name(draft: &mut Draft, kind: NameKind, name: &Element, groups: &BTreeMap<&str, &str>) {
    let parts: Vec<(&str, &str)> = name
        .list("DocumentedNamePart", "NamePartValue")
        .filter(|value| !value.text.is_empty())
        .map(|value| {
            let part = value.attr("NamePartGroupID").and_then(|group| groups.get(group).copied()).unwrap_or_default();
            (part, value.text.as_str())
        })
        .collect();
    let of = |kinds: &[&str]| {
        let chosen: Vec<&str> = parts.iter().filter(|(part, _)| kinds.contains(part)).map(|(_, text)| *text).collect();
        chosen.join(" ")
    };
    if draft.party.schema != Schema::person() {
        let whole: Vec<&str> = parts.iter().map(|(_, text)| *text).collect();
        return draft.name(kind, &whole.join(" "));
    }
    let last = of(&["Last Name", "Matronymic", "Maiden Name"]);
    let known = ["Last Name", "Matronymic", "Maiden Name"];
    let given: Vec<&str> = parts.iter().filter(|(part, _)| !known.contains(part)).map(|(_, text)| *text).collect();
    draft.name_in_parts(kind, &given.join(" "), &last);
    if kind == NameKind::Primary {
        draft.record.add(&mut draft.party, "middleName", &of(&["Middle Name"]));
        draft.record.add(&mut draft.party, "fatherName", &of(&["Patronymic"]));
        draft.record.add(&mut draft.party, "motherName", &of(&["Matronymic"]));
    }
}

fn read_feature(draft: &mut Draft, pointers: &Pointers, label: &str, version: &Element) {
    if pointers.word("Reliability", version.attr("ReliabilityID")).eq_ignore_ascii_case("false") {
        let value: Vec<&str> = version.values("VersionDetail").collect();
        return draft.record.note(&mut draft.party, &format!("not reliable, {label}"), &value.join(", "));
    }
    let comment = version.value("Comment");
    let details: Vec<&str> = version
        .all("VersionDetail")
        .map(|detail| {
            if detail.text.is_empty() {
                pointers.word("DetailReference", detail.attr("DetailReferenceID"))
            } else {
                detail.text.as_str()
            }
        })
        .filter(|detail| !detail.is_empty())
        .collect();
    let text = details.join(", ");
    let mut read = false;
    for span in version.all("DatePeriod").filter_map(period) {
        draft.dated(label, &text, span);
        read = true;
    }
    for place in version.all("VersionLocation").filter_map(|place| pointers.places.get(place.attr("LocationID")?)) {
        let lines: Vec<&str> = place.parts.iter().map(String::as_str).collect();
        match of_label(label, false) {
            Target::Country(_) if !place.country.is_empty() => {
                draft.feature(label, DocumentText { number: &place.country, ..DocumentText::default() });
            }
            Target::BirthPlace => {
                let whole: Vec<&str> =
                    lines.into_iter().chain([place.country.as_str()]).filter(|part| !part.is_empty()).collect();
                draft.feature(label, DocumentText { number: &whole.join(", "), ..DocumentText::default() });
            }
            _ => draft.address(&lines, &place.country),
        }
        read = true;
    }
    if !read || (!text.is_empty() && version.child("VersionLocation").is_some()) {
        let text = if text.is_empty() { comment } else { &text };
        draft.feature(label, DocumentText { number: text, ..DocumentText::default() });
    } else {
        draft.record.note(&mut draft.party, label, comment);
    }
}

fn read_document(draft: &mut Draft, pointers: &Pointers, document: &Element) {
    let date = |wanted: &str| {
        document
            .all("DocumentDate")
            .filter(|date| {
                let kind = pointers.word("IDRegDocDateType", date.attr("IDRegDocDateTypeID")).to_lowercase();
                kind.contains(wanted)
            })
            .find_map(|date| date.child("DatePeriod").and_then(period))
            .map(|span| span.to_string())
            .unwrap_or_default()
    };
    let (issued, expires) = (date("issu"), date("expir"));
    let validity = pointers.word("Validity", document.attr("ValidityID"));
    let mut remarks = vec![document.value("Comment"), document.value("IssuingAuthority")];
    if !validity.eq_ignore_ascii_case("valid") {
        remarks.push(validity);
    }
    remarks.retain(|remark| !remark.is_empty());
    let remark = remarks.join("; ");
    let place = document.attr("IssuedIn-LocationID").and_then(|number| pointers.places.get(number));
    let country = match pointers.word("Country", document.attr("IssuedBy-CountryID")) {
        "" => place.map_or("", |place| place.country.as_str()),
        country => country,
    };
    let text = DocumentText {
        number: document.value("IDRegistrationNo"),
        country,
        issued: &issued,
        expires: &expires,
        remark: &remark,
    };
    draft.identity_document(pointers.word("IDRegDocType", document.attr("IDRegDocTypeID")), text);
}
