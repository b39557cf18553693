//! One row of the Consolidated Screening List to entities.

use interdict_model::{Entity, Origin, Schema, merge_by_id};

use super::Entry;
use crate::dates::Order;
use crate::input::Input;
use crate::ofac::gathered::{Gathered, Other};
use crate::ofac::mapping::{DocumentText, Draft, OfacList, party_id, schema_of};
use crate::ofac::names::NameKind;
use crate::ofac::remarks;
use crate::reconcile::{Loaded, Reconciliation};
use crate::slug::{fingerprint, slug};
use crate::values::Record;

/// A list within the list.
#[derive(Debug)]
struct Sublist {
    /// Short code, as in ids: `el`.
    code: String,
    treasury: bool,
    topics: &'static [&'static str],
}

impl Sublist {
    /// By its name or, in 2016, its code alone.
    fn of(source: &str) -> Sublist {
        let bracketed = source.split_once('(').and_then(|(_, rest)| rest.split(')').next());
        let code = match slug(bracketed.unwrap_or(source)) {
            code if code == "ns-mbs-list" => "mbs".to_owned(),
            code => code,
        };
        let (treasury, topics): (bool, &[&str]) = match code.as_str() {
            "sdn" | "fse" | "ssi" | "plc" | "cap" | "mbs" | "561" | "isa" | "13599" => (true, &["sanction"]),
            "cmic" => (true, &["sanction", "invest.ban"]),
            "el" | "meu" | "uvl" | "dpl" => (false, &["export.control"]),
            "dtc" => (false, &["debarment"]),
            _ => (false, &["sanction"]),
        };
        Sublist { code, treasury, topics }
    }
}

/// Reads entries one after the other.
pub(crate) struct Rows<'a> {
    input: &'a Input,
    file: String,
    pub(crate) account: Reconciliation,
    gathered: Gathered,
}

impl<'a> Rows<'a> {
    /// Nothing yet.
    pub(crate) fn new(input: &'a Input, file: String) -> Rows<'a> {
        Rows { input, file, account: Reconciliation::default(), gathered: Gathered::default() }
    }

    /// Reads an entry that stands on that line.
    pub(crate) fn read(&mut self, entry: &Entry, line: u64) {
        if entry.name.trim().is_empty() {
            return self.account.refuse(&self.file, line, "field `name`: it is empty");
        }
        if entry.source.trim().is_empty() {
            return self.account.refuse(&self.file, line, "field `source`: it is empty");
        }
        let list = Sublist::of(&entry.source);
        let treasury_key = list.treasury.then(|| treasury_key(entry)).flatten();
        let key = key(entry);
        let (code, n_loaded) = (list.code.to_uppercase(), self.account.loaded);
        let record = Record {
            origin: Origin::new(
                self.input.list.clone(),
                self.input.version.as_str(),
                format!("{} {key} ({}:{line})", list.code.to_uppercase(), self.file),
            ),
            file: &self.file,
            line,
            account: &mut self.account,
        };
        let mut draft = if let Some(number) = treasury_key {
            let mut draft = Draft::new(record, party_id(number), schema_of(&entry.kind));
            draft.listed(OfacList::coded(&list.code), number);
            draft
        } else {
            let schema = if entry.kind.is_empty() { Schema::legal_entity() } else { schema_of(&entry.kind) };
            let mut draft = Draft::new(record, format!("csl-{}-{}", list.code, slug(&key)), schema);
            sanction_elsewhere(&mut draft, &list);
            draft
        };
        read_entry(&mut draft, entry, treasury_key.is_some());
        draft.finish(&mut self.gathered);
        // Counted by list, so that a list that vanishes from the file is seen.
        if self.account.loaded > n_loaded {
            *self.account.sub_lists.entry(code).or_default() += 1;
        }
    }

    /// All entities, one an id.
    pub(crate) fn finish(mut self) -> Loaded {
        let merged = merge_by_id(self.gathered.finish(&self.input.list));
        for conflict in merged.conflicts {
            self.account.warn(&self.file, 0, conflict.to_string());
        }
        Loaded { entities: merged.entities, version: self.input.version.clone(), reconciliation: self.account }
    }
}

/// OFAC's key, where the row has it.
fn treasury_key(entry: &Entry) -> Option<&str> {
    [&entry.entity_number, &entry.id]
        .into_iter()
        .map(|key| key.trim())
        .find(|key| !key.is_empty() && key.len() <= 12 && key.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The row's key within its list. The file of 2016 has none: there it is made of what tells two rows apart.
fn key(entry: &Entry) -> String {
    if !entry.id.trim().is_empty() {
        return entry.id.trim().to_owned();
    }
    if let Some(number) = treasury_key(entry) {
        return number.to_owned();
    }
    let places: Vec<String> = entry.addresses.iter().map(|place| place.lines.join(", ") + &place.country).collect();
    fingerprint(&[&entry.name, &places.join("; "), &entry.start_date, &entry.notices.join("; ")])
}

fn sanction_elsewhere(draft: &mut Draft, list: &Sublist) {
    for topic in list.topics {
        draft.record.add(&mut draft.party, "topics", topic);
    }
    let mut sanction = Entity::new(format!("{}-sanction-{}", draft.party.id, list.code), Schema::sanction());
    draft.record.add(&mut sanction, "entity", &draft.party.id);
    draft.record.add(&mut sanction, "country", "us");
    draft.sanctions.push(sanction);
}

fn read_entry(draft: &mut Draft, entry: &Entry, treasury: bool) {
    read_names(draft, entry, treasury);
    draft.title(&entry.title);
    for place in &entry.addresses {
        let lines: Vec<&str> = place.lines.iter().map(String::as_str).collect();
        draft.address(&lines, &place.country);
    }
    for (label, texts) in [
        ("Citizenship Country", &entry.citizenships),
        ("Nationality Country", &entry.nationalities),
        ("Birthdate", &entry.dates_of_birth),
        ("Place of Birth", &entry.places_of_birth),
    ] {
        for text in texts {
            draft.feature(label, DocumentText { number: text, ..DocumentText::default() });
        }
    }
    for (label, text) in [
        ("Vessel Call Sign", &entry.call_sign),
        ("Vessel Type", &entry.vessel_type),
        ("Vessel Tonnage", &entry.gross_tonnage),
        ("Vessel Gross Registered Tonnage", &entry.gross_registered_tonnage),
        ("Vessel Flag", &entry.vessel_flag),
    ] {
        draft.feature(label, DocumentText { number: text, ..DocumentText::default() });
    }
    if !entry.vessel_owner.trim().is_empty() {
        draft.link(Other::Named(entry.vessel_owner.trim().to_owned()), "owner", "");
    }
    for id in &entry.ids {
        let text = DocumentText {
            number: &id.number,
            country: &id.country,
            issued: &id.issued,
            expires: &id.expires,
            remark: "",
        };
        // Only documents have a country.
        if id.country.is_empty() {
            draft.feature(&id.kind, text);
        } else {
            draft.identity_document(&id.kind, text);
        }
    }
    read_sanction(draft, entry, treasury);
    if treasury {
        remarks::read(draft, &entry.remarks);
    }
    for (name, value) in &entry.others {
        draft.record.note(&mut draft.party, name, value);
    }
}

fn read_sanction(draft: &mut Draft, entry: &Entry, treasury: bool) {
    for programme in &entry.programs {
        draft.programme(programme);
    }
    if !treasury && entry.programs.is_empty() {
        // The list is the programme: `Entity List (EL)`.
        let programme = entry.source.rsplit_once(" - ").map_or(entry.source.as_str(), |(list, _)| list);
        draft.programme(programme);
    }
    draft.of_sanction("authority", &entry.source);
    for notice in &entry.notices {
        draft.of_sanction("authorityId", notice);
    }
    draft.of_sanction("reason", &entry.license_requirement);
    draft.of_sanction("provisions", &entry.license_policy);
    draft.of_sanction("sourceUrl", &entry.information_url);
    if let Some(sanction) = draft.sanctions.first_mut() {
        draft.record.dates(sanction, "startDate", "start_date", &entry.start_date, Order::MonthFirst);
        draft.record.dates(sanction, "endDate", "end_date", &entry.end_date, Order::MonthFirst);
        draft.record.note(sanction, "standard order", &entry.standard_order);
        draft.record.add(sanction, "programUrl", &entry.list_url);
        if !treasury {
            draft.record.note(sanction, "", &entry.remarks);
        }
    }
}

fn read_names(draft: &mut Draft, entry: &Entry, treasury: bool) {
    if treasury {
        draft.name(NameKind::Primary, &entry.name);
        for name in &entry.alt_names {
            draft.name(NameKind::Alias, name);
        }
        return;
    }
    let names = [(NameKind::Primary, &entry.name)].into_iter();
    for (kind, published) in names.chain(entry.alt_names.iter().map(|name| (NameKind::Alias, name))) {
        let (name, reach) = without_reach(published);
        if let Some(reach) = reach {
            draft.record.note(&mut draft.party, name, reach);
        }
        let repaired = repaired(name);
        if repaired != name {
            draft.record.note(&mut draft.party, "name as published", name);
        }
        for part in also_known_as(&repaired) {
            draft.name(kind, part);
        }
    }
}

/// A name, and whom else the listing reaches: `… and any successor, sub-unit, or subsidiary thereof`.
fn without_reach(name: &str) -> (&str, Option<&str>) {
    const ENDINGS: &[&str] =
        &["and any successor", "and its sub-units", "and its subunits", "and any subsidiar", "and all subsidiar"];
    let name = name.trim();
    // ASCII letters keep their place when they are lowered.
    let lower = name.to_ascii_lowercase();
    let at = ENDINGS.iter().filter_map(|ending| lower.find(ending)).filter(|at| *at > 0).min();
    match at.and_then(|at| name.split_at_checked(at)) {
        Some((before, reach)) => (before.trim_end_matches([',', ' ']), Some(reach)),
        None => (name, None),
    }
}

/// The publisher's file has `?` where it lost a character, mostly an apostrophe or a quotation mark.
fn repaired(name: &str) -> String {
    if !name.contains('?') {
        return name.to_owned();
    }
    let name = format!("{name} ").replace("?s ", "'s ").replace('?', " ");
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `X, a.k.a., Y` is two names.
fn also_known_as(name: &str) -> impl Iterator<Item = &str> {
    name.split("a.k.a.").map(|part| part.trim_matches([',', ' '])).filter(|part| !part.is_empty())
}

/// Parts joined by `;`, the last perhaps with `and ` before it.
pub(crate) fn multiple(text: &str) -> Vec<String> {
    text.split(';')
        .map(str::trim)
        .map(|part| part.strip_prefix("and ").unwrap_or(part).trim())
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_known_by_name_and_by_code() {
        assert_eq!(Sublist::of("Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department").code, "mbs");
        assert_eq!(Sublist::of("Military End User (MEU) List - Bureau of Industry and Security").code, "meu");
        assert!(Sublist::of("SSI").treasury);
        assert_eq!(Sublist::of("DTC").topics, ["debarment"]);
    }

    #[test]
    fn names_are_freed_of_what_is_no_name() {
        let (name, reach) = without_reach("Poly Technologies Incorporated (PTI), and its sub-units and successors");
        assert_eq!((name, reach), ("Poly Technologies Incorporated (PTI)", Some("and its sub-units and successors")));
        assert_eq!(
            repaired("AO ?Institute Giprostroymost?Saint-Petersburg?"),
            "AO Institute Giprostroymost Saint-Petersburg"
        );
        assert_eq!(repaired("People?s Republic"), "People's Republic");
        assert_eq!(multiple("A; and B"), ["A", "B"]);
        assert_eq!(also_known_as("A, a.k.a., B").collect::<Vec<_>>(), ["A", "B"]);
    }
}
