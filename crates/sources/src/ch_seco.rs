//! The consolidated list of the Swiss State Secretariat for Economic Affairs, XML.
//!
//! Idea: programmes, targets and places stand one behind the other and refer to each other by `ssid`; a target names the
//! *set* of sanctions, not the programme. A target has identities, each with names in ordered parts, and every part has
//! spellings by language and script: the full names are what the spellings of one language and script make together.
//! Invariant: delisted targets stay in the file: the newest modification decides. Modifications hold old copies of names and
//! identities; nothing but their attributes is read.
//! Source: element and attribute names that public readers of the file use, such as that of OpenSanctions; no published file
//! was at hand.

use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{DateSpan, Origin, PartialDate, Schema};

use crate::dates::{self, Order};
use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::ofac::only_file;
use crate::party::{Authority, Document, Gathered, Link, LinkKind, Party};
use crate::prose::{countries, is_nothing};
use crate::reconcile::{Loaded, Reconciliation};
use crate::text::file_name;
use crate::values::Record;
use crate::xml::{Element, XmlText};

const AUTHORITY: Authority = Authority {
    name: "State Secretariat for Economic Affairs",
    country: "ch",
    topic: "sanction",
    order: Order::DayFirst,
};
/// Most full names that the spellings of one name's parts are multiplied to.
const MAX_SPELLINGS: usize = 64;

/// A set of sanctions with the programme it belongs to, in English.
#[derive(Clone, Debug, Default)]
struct Measures {
    programme: String,
    name: String,
    text: String,
    origin: String,
}

/// A place that identities refer to.
#[derive(Clone, Debug, Default)]
struct Place {
    parts: Vec<String>,
    country: String,
}

/// Swiss SECO list, XML.
pub(crate) fn read(input: &Input) -> Result<Loaded, ReadError> {
    let file = only_file(input)?;
    let text = XmlText::open(file, "the Swiss consolidated list")?;
    let mut xml = text.reader();
    let root = xml.root(&["swiss-sanctions-list"])?;
    let wrong = |field, value: Option<&str>, expected| ReadErrorKind::Field {
        field,
        value: value.unwrap_or_default().to_owned(),
        expected,
    };
    if root.attr("list-type") != Some("whole-list") {
        let kind = wrong("list-type", root.attr("list-type"), "whole-list: this is a part of the list");
        return Err(xml.fail(root.line, kind));
    }
    let version = match root.attr("date") {
        None => input.version.clone(),
        Some(date) => match PartialDate::parse(date) {
            Some(date) => date.to_string(),
            None => return Err(xml.fail(root.line, wrong("date", Some(date), "a date as 2026-09-01"))),
        },
    };
    let mut sets: BTreeMap<String, Measures> = BTreeMap::new();
    let mut places: BTreeMap<String, Place> = BTreeMap::new();
    let mut targets = Vec::new();
    // Places stand at the end of the file, behind the targets that refer to them.
    while let Some(mut element) = xml.next_record(&["sanctions-program", "target", "place"])? {
        match element.name.as_str() {
            "sanctions-program" => take_sets(&element, &mut sets),
            "place" => {
                places.insert(element.attr("ssid").unwrap_or_default().to_owned(), place(&element));
            }
            _ => {
                for change in element.children.iter_mut().filter(|child| child.name == "modification") {
                    change.children.clear();
                }
                targets.push(element);
            }
        }
    }
    let name = file_name(&file.path);
    let mut account = Reconciliation::default();
    let mut gathered = Gathered::default();
    let mut keys = BTreeSet::new();
    let mut delisted = 0u64;
    for target in &targets {
        let key = target.attr("ssid").unwrap_or_default();
        if key.is_empty() {
            account.refuse(&name, target.line, "attribute `ssid`: it is missing");
            continue;
        }
        if !keys.insert(key) {
            return Err(xml.fail(target.line, ReadErrorKind::DuplicateKey { key: key.to_owned() }));
        }
        if is_delisted(target) {
            delisted += 1;
            continue;
        }
        let body = ["individual", "entity", "object"].into_iter().find_map(|kind| target.child(kind));
        let Some(body) = body.filter(|body| body.list("identity", "name").next().is_some()) else {
            account.refuse(&name, target.line, format!("{key}: it has no name"));
            continue;
        };
        let origin = Origin::new(input.list.clone(), version.as_str(), format!("{key} ({name}:{})", target.line));
        let record = Record { origin, file: &name, line: target.line, account: &mut account };
        let mut party = Party::new(record, format!("ch-{key}"), schema_of(body), AUTHORITY);
        if body.name == "object" && !party.entity.schema.is_a(Schema::vehicle()) {
            party.note("object type", body.attr("object-type").unwrap_or_default());
        }
        let identities: Vec<&Element> = body.all("identity").collect();
        let has_main = identities.iter().any(|identity| is_main(identity));
        for (number, identity) in identities.iter().enumerate() {
            let main = if has_main { is_main(identity) } else { number == 0 };
            fill_identity(&mut party, identity, main, &places);
        }
        fill_body(&mut party, body, &mut gathered);
        fill_sanction(&mut party, target, body, &sets);
        party.finish(&mut gathered);
    }
    if delisted > 0 {
        account.warn(&name, 0, format!("{delisted} delisted targets stay in the file; they are left out"));
    }
    let entities = gathered.finish(&mut account, &name);
    Ok(Loaded { entities, version, reconciliation: account })
}

/// The text of the child of that name in English, else of the first.
fn english<'e>(element: &'e Element, name: &'e str) -> &'e str {
    let in_english = element.all(name).find(|child| child.attr("lang") == Some("eng"));
    in_english.or_else(|| element.child(name)).map_or("", |child| &child.text)
}

fn take_sets(program: &Element, sets: &mut BTreeMap<String, Measures>) {
    let of_program = Measures {
        programme: english(program, "program-key").to_owned(),
        name: english(program, "program-name").to_owned(),
        text: String::new(),
        origin: program.value("origin").to_owned(),
    };
    for set in program.all("sanctions-set") {
        let measures =
            sets.entry(set.attr("ssid").unwrap_or_default().to_owned()).or_insert_with(|| of_program.clone());
        if measures.text.is_empty() || set.attr("lang") == Some("eng") {
            measures.text.clone_from(&set.text);
        }
    }
}

fn place(element: &Element) -> Place {
    let country = element.child("country");
    let code = country.and_then(|country| country.attr("iso-code"));
    Place {
        parts: ["location", "area"].map(|part| element.value(part).to_owned()).into(),
        country: code.or(country.map(|country| country.text.as_str())).unwrap_or_default().to_owned(),
    }
}

fn schema_of(body: &Element) -> Schema {
    match (body.name.as_str(), body.attr("object-type")) {
        ("individual", _) => Schema::person(),
        ("object", Some("vessel")) => Schema::vessel(),
        ("object", Some("aircraft" | "airplane")) => Schema::airplane(),
        _ => Schema::organization(),
    }
}

fn is_main(identity: &Element) -> bool {
    matches!(identity.attr("main"), Some("true" | "1"))
}

/// Whether the newest modification took it off the list. Of two that hold from one day, the one enacted and published later
/// counts, then the one that stands first.
fn is_delisted(target: &Element) -> bool {
    let day = |change: &Element, name: &str| change.attr(name).unwrap_or_default().to_owned();
    let mut newest: Option<((String, String, String), &Element)> = None;
    for change in target.all("modification") {
        let effective = change.attr("effective-date").or_else(|| change.attr("enactment-date"));
        let effective = effective.or_else(|| change.attr("publication-date")).unwrap_or_default().to_owned();
        let when = (effective, day(change, "enactment-date"), day(change, "publication-date"));
        if newest.as_ref().is_none_or(|(known, _)| when > *known) {
            newest = Some((when, change));
        }
    }
    newest.is_some_and(|(_, change)| change.attr("modification-type") == Some("de-listed"))
}

fn fill_identity(party: &mut Party, identity: &Element, main: bool, places: &BTreeMap<String, Place>) {
    for name in identity.all("name") {
        fill_name(party, name, main);
    }
    for birth in identity.all("day-month-year") {
        fill_birth(party, birth);
    }
    for year in identity.values("year") {
        party.born("year", year, AUTHORITY.order);
    }
    for nationality in identity.all("nationality") {
        if let Some(country) = nationality.child("country") {
            let text = country.attr("iso-code").filter(|code| !countries(code).is_empty()).unwrap_or(&country.text);
            party.country("nationality", "nationality", text);
        }
    }
    for birth in identity.all("place-of-birth") {
        let place = birth.attr("place-id").and_then(|id| places.get(id)).cloned().unwrap_or_default();
        let parts: Vec<&str> = place.parts.iter().map(String::as_str).collect();
        party.birth_place(&parts, name_of(&place.country));
    }
    for address in identity.all("address") {
        let place = address.attr("place-id").and_then(|id| places.get(id)).cloned().unwrap_or_default();
        let post = address.value("p-o-box");
        let post = if post.is_empty() { String::new() } else { format!("P.O. Box {post}") };
        let care = address.value("c-o");
        let care = if care.is_empty() { String::new() } else { format!("c/o {care}") };
        let mut parts = vec![care.as_str(), address.value("address-details"), post.as_str(), address.value("zip-code")];
        parts.extend(place.parts.iter().map(String::as_str));
        party.address(&parts, name_of(&place.country));
        party.note("address", address.value("remarks"));
    }
    for document in identity.all("identification-document") {
        let issuer = document.child("issuer");
        let country = issuer.and_then(|issuer| issuer.attr("code").or(Some(issuer.text.as_str()))).unwrap_or_default();
        let label = document.attr("document-type").unwrap_or_default().replace('-', " ");
        let said = ["remark", "remarks", "place-of-issue"].map(|name| document.value(name));
        let said = said.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ");
        let about = Document {
            label: &label,
            country,
            issued: document.value("date-of-issue"),
            expires: document.value("expiry-date"),
            remark: &said,
        };
        party.document(document.value("number"), &about, AUTHORITY.order);
    }
}

/// The English name of a code.
fn name_of(country: &str) -> &str {
    countries(country).first().map_or(country, |country| country.name())
}

fn fill_birth(party: &mut Party, birth: &Element) {
    let text = |name: &str| birth.attr(name).unwrap_or_default();
    let calendar = text("calendar");
    let said =
        ["day", "month", "year"].map(text).into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    if said.is_empty() {
        return;
    }
    if !calendar.is_empty() && !calendar.eq_ignore_ascii_case("gregorian") {
        return party.note(&format!("date of birth ({})", calendar.to_lowercase()), &said);
    }
    let part = |name: &str| text(name).parse::<u8>().ok().filter(|number| *number > 0);
    let month = part("month");
    let date = text("year").parse().ok().and_then(|year| PartialDate::new(year, month, month.and(part("day"))));
    if let Some(date) = date {
        let property = party.birth_property();
        party.entity.add_date(property, DateSpan::exactly(date), &party.record.origin);
    } else {
        party.record.warn(format!("field `day-month-year`: {said:?} is not a date; kept as a note"));
        party.note("date of birth", &said);
    }
}

/// Spellings of one part: the plain one, and those by language and script.
struct Part<'e> {
    kind: &'e str,
    plain: &'e str,
    spellings: Vec<(&'e str, &'e str, &'e str)>,
}

fn fill_name(party: &mut Party, name: &Element, main: bool) {
    let mut parts: Vec<(u32, Part)> = Vec::new();
    for part in name.all("name-part") {
        let order = part.attr("order").and_then(|order| order.parse().ok()).unwrap_or(u32::MAX);
        let spellings = part.all("spelling-variant").filter(|variant| !variant.text.is_empty());
        parts.push((
            order,
            Part {
                kind: part.attr("name-part-type").unwrap_or_default(),
                plain: part.value("value"),
                spellings: spellings
                    .map(|variant| {
                        let script = variant.attr("script").unwrap_or_default();
                        (variant.attr("lang").unwrap_or_default(), script, variant.text.as_str())
                    })
                    .collect(),
            },
        ));
    }
    parts.sort_by_key(|(order, _)| *order);
    let (titles, parts): (Vec<Part>, Vec<Part>) =
        parts.into_iter().map(|(_, part)| part).partition(|part| part.kind == "title");
    for title in titles {
        party.add(if party.is_person() { "title" } else { "notes" }, title.plain);
    }
    let weak = name.attr("quality") == Some("low");
    let former = name.attr("name-type") == Some("formerly-known-as");
    let primary = main && !former && !matches!(name.attr("name-type"), Some("alias"));
    let (property, further) = match (weak, former) {
        (true, _) => ("weakAlias", "weakAlias"),
        (false, true) => ("previousName", "previousName"),
        (false, false) => (if primary { "name" } else { "alias" }, "alias"),
    };
    let plain = parts.iter().map(|part| part.plain).filter(|part| !is_nothing(part)).collect::<Vec<_>>().join(" ");
    party.add(property, &plain);
    if primary && !weak && party.is_person() {
        fill_parts(party, &parts);
    }
    let mut groups: Vec<(&str, &str)> = Vec::new();
    for part in &parts {
        for (language, script, _) in &part.spellings {
            if !groups.contains(&(language, script)) {
                groups.push((language, script));
            }
        }
    }
    for group in groups {
        for (text, whole) in spelled(&parts, group) {
            party.add(if whole { further } else { "weakAlias" }, &text);
        }
    }
}

/// The full names that the spellings of a language and script make. In the Latin script a part without a spelling of its own
/// has its plain one; in others it is left out, and the name is not whole.
fn spelled(parts: &[Part], group: (&str, &str)) -> Vec<(String, bool)> {
    let latin = group.1.is_empty() || group.1.eq_ignore_ascii_case("latn");
    let mut names: Vec<String> = vec![String::new()];
    let mut whole = true;
    for part in parts {
        let mut choices: Vec<&str> = part
            .spellings
            .iter()
            .filter(|(language, script, _)| (*language, *script) == group)
            .map(|(_, _, text)| *text)
            .collect();
        if latin && !part.plain.is_empty() {
            choices.push(part.plain);
        }
        if choices.is_empty() {
            whole = false;
            continue;
        }
        let mut longer = Vec::new();
        for name in &names {
            for choice in &choices {
                if longer.len() < MAX_SPELLINGS {
                    longer.push(if name.is_empty() { (*choice).to_owned() } else { format!("{name} {choice}") });
                }
            }
        }
        names = longer;
    }
    names.into_iter().filter(|name| !name.is_empty()).map(|name| (name, whole)).collect()
}

fn fill_parts(party: &mut Party, parts: &[Part]) {
    for part in parts {
        let property = match part.kind {
            "given-name" => "firstName",
            "further-given-name" => "secondName",
            "father-name" | "grand-father-name" => "fatherName",
            "family-name" | "maiden-name" => "lastName",
            "suffix" => "nameSuffix",
            _ => continue,
        };
        party.add(property, part.plain);
    }
}

fn fill_body(party: &mut Party, body: &Element, gathered: &mut Gathered) {
    party.gender(body.attr("sex").unwrap_or_default());
    for text in body.values("justification") {
        party.of_sanction("reason", text);
    }
    for text in body.values("other-information") {
        fill_information(party, text);
    }
    for relation in body.all("relation") {
        let kind = relation.attr("relation-type").unwrap_or("relation");
        let Some(target) = relation.attr("target-id") else { continue };
        gathered.link(Link {
            from: party.entity.id.clone(),
            to: format!("ch-{target}"),
            kind: link_kind(kind),
            role: kind.replace('-', " "),
            remark: relation.value("remark").to_owned(),
            origin: party.origin().clone(),
        });
    }
    const KNOWN: &[&str] = &["identity", "justification", "other-information", "relation"];
    for unknown in body.unknown_children(KNOWN) {
        party.note(unknown.attr("name").unwrap_or(&unknown.name), &unknown.text);
    }
}

fn link_kind(kind: &str) -> LinkKind {
    let has = |word: &str| kind.contains(word);
    if has("owned") || has("subsidiary-of") || has("controlled-by") {
        LinkKind::OwnedBy
    } else if has("owner") || has("parent-compan") || has("controls") {
        LinkKind::Owns
    } else if [
        "family", "spouse", "child", "son", "daughter", "brother", "sister", "sibling", "wife", "husband", "father",
        "mother", "relative",
    ]
    .into_iter()
    .any(has)
    {
        LinkKind::Family
    } else {
        LinkKind::Other
    }
}

/// Prose that may be a number with its label.
fn fill_information(party: &mut Party, text: &str) {
    party.note("", text);
    let lower = text.to_lowercase();
    let value = text.split_once(':').map_or("", |(_, value)| value.trim());
    let starts = |labels: &[&str]| labels.iter().any(|label| lower.starts_with(label));
    if let Some(at) = lower.find("imo") {
        let behind = lower.get(at + 3..).unwrap_or_default();
        let label = behind.trim_start_matches(|c: char| !c.is_ascii_digit());
        let between = behind.len() - label.len();
        let digits: String = label.chars().take_while(char::is_ascii_digit).collect();
        if digits.len() == 7 && between <= 12 && !party.is_person() {
            party.add("imoNumber", &digits);
        }
    }
    let legal = party.entity.schema.is_a(Schema::legal_entity());
    if !legal {
        return;
    }
    if starts(&["website", "company website"]) {
        value.split([',', ';', ' ']).for_each(|site| party.add("website", site));
    } else if starts(&["e-mail", "email", "company email"]) {
        value.split([',', ';', ' ']).filter(|mail| mail.contains('@')).for_each(|mail| party.add("email", mail));
    } else if starts(&["tel", "phone", "company phone"]) {
        value.split([',', ';']).for_each(|phone| party.add("phone", phone));
    } else if starts(&["passport"]) {
        let document = Document { label: "passport", remark: text, ..Document::default() };
        party.document(value, &document, AUTHORITY.order);
    } else if starts(&[
        "national id",
        "id number",
        "id card",
        "identity document",
        "identification number",
        "personal id",
    ]) {
        let document = Document { label: "identity document", remark: text, ..Document::default() };
        party.document(value, &document, AUTHORITY.order);
    } else if ["inn", "ogrn", "kpp", "okpo", "unp", "tax", "registration number", "swift", "bic"].into_iter().any(
        |word| {
            lower.split(|c: char| !c.is_alphanumeric()).collect::<Vec<_>>().join(" ").contains(word)
                && text.bytes().filter(u8::is_ascii_digit).count() >= 6
                && text.len() < 200
        },
    ) {
        party.registers(text);
    }
}

fn fill_sanction(party: &mut Party, target: &Element, body: &Element, sets: &BTreeMap<String, Measures>) {
    let ids = target.attr("sanctions-set-id").into_iter().chain(target.values("sanctions-set-id"));
    for id in ids {
        match sets.get(id.trim()) {
            Some(measures) => {
                party.programme(if measures.programme.is_empty() { &measures.name } else { &measures.programme });
                if !measures.name.is_empty() {
                    party.of_sanction("reason", &measures.name);
                }
                party.of_sanction("provisions", &measures.text);
                if !measures.origin.is_empty() {
                    party.of_sanction("summary", &format!("origin: {}", measures.origin));
                }
            }
            None => party.note("sanctions set", id),
        }
    }
    party.of_sanction("authorityId", target.attr("ssid").unwrap_or_default());
    for foreign in target.values("foreign-identifier").chain(body.values("foreign-identifier")) {
        party.of_sanction("unscId", foreign);
    }
    for attribute in target.all("generic-attribute") {
        party.note(attribute.attr("name").unwrap_or("attribute"), &attribute.text);
    }
    let days = |kind: Option<&str>, name: &str| -> Vec<DateSpan> {
        let changes = target.all("modification");
        let of_kind = changes.filter(|change| kind.is_none() || change.attr("modification-type") == kind);
        of_kind.filter_map(|change| dates::parse_one(change.attr(name)?, AUTHORITY.order).ok()).collect()
    };
    let first = |days: Vec<DateSpan>| days.into_iter().min_by_key(|day| day.from.first_day());
    for (property, day) in [
        ("listingDate", first(days(Some("listed"), "publication-date"))),
        ("startDate", first(days(Some("listed"), "effective-date"))),
        ("modifiedAt", days(None, "publication-date").into_iter().max_by_key(|day| day.from.first_day())),
    ] {
        if let Some(day) = day {
            party.of_sanction(property, &day.to_string());
        }
    }
}
