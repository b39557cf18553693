//! One listed party under construction, for lists other than OFAC's.
//!
//! Idea: a [`Party`] is the entity, its sanction and its documents, all of one [`Record`]. The helpers below take apart what
//! several publishers write alike: documents in prose, values in one cell as `a) … b) …` or `(1) … (2) …`, names of countries
//! as adjectives. What cannot be taken apart is a note.
//! Invariant: whatever is given to a party is a property, an entity of its own, or a note.

use std::collections::HashMap;

use interdict_model::identifier::{IdentifierKind, check};
use interdict_model::{Country, Entity, Origin, Schema, merge_by_id};

use crate::dates::{self, Order};
use crate::reconcile::Reconciliation;
use crate::slug::slug;
use crate::values::{Record, relation};

/// A party with what belongs to it.
#[derive(Debug)]
pub(crate) struct Party<'a> {
    /// Where it stands.
    pub(crate) record: Record<'a>,
    /// The party itself.
    pub(crate) entity: Entity,
    /// Its listing.
    pub(crate) sanction: Entity,
    documents: Vec<Entity>,
}

/// What is known of a document beside its number.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Document<'a> {
    /// Its kind, as published.
    pub(crate) label: &'a str,
    /// Its country, as published.
    pub(crate) country: &'a str,
    /// Day of issue.
    pub(crate) issued: &'a str,
    /// Last day it holds.
    pub(crate) expires: &'a str,
    /// Whatever else is said.
    pub(crate) remark: &'a str,
}

/// The kinds of documents that lead to different properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DocumentKind {
    Passport,
    Tax,
    SocialSecurity,
    Registration,
    Identity,
}

/// Who keeps a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Authority {
    /// Name.
    pub(crate) name: &'static str,
    /// FollowTheMoney code of its country, "" for the United Nations.
    pub(crate) country: &'static str,
    /// Topic of the parties.
    pub(crate) topic: &'static str,
    /// What numbers of a date stand in which order.
    pub(crate) order: Order,
}

impl<'a> Party<'a> {
    /// A party of that id with its one listing.
    pub(crate) fn new(record: Record<'a>, id: String, schema: Schema, authority: Authority) -> Party<'a> {
        let mut sanction = Entity::new(format!("{id}-sanction"), Schema::sanction());
        record.add(&mut sanction, "entity", &id);
        record.add(&mut sanction, "authority", authority.name);
        record.add(&mut sanction, "country", authority.country);
        let mut entity = Entity::new(id, schema);
        record.add(&mut entity, "topics", authority.topic);
        Party { record, entity, sanction, documents: Vec::new() }
    }

    /// Whether it is a person.
    pub(crate) fn is_person(&self) -> bool {
        self.entity.schema == Schema::person()
    }

    /// Adds a value; an empty one is left out.
    pub(crate) fn add(&mut self, property: &str, text: &str) {
        self.record.add(&mut self.entity, property, text);
    }

    /// Adds a note `field: text`.
    pub(crate) fn note(&mut self, field: &str, text: &str) {
        self.record.note(&mut self.entity, field, text);
    }

    /// Adds a value that is said of the listing.
    pub(crate) fn of_sanction(&mut self, property: &str, text: &str) {
        self.record.add(&mut self.sanction, property, text);
    }

    /// Adds a programme to the party and its listing.
    pub(crate) fn programme(&mut self, text: &str) {
        self.add("program", text);
        self.of_sanction("program", text);
    }

    /// Adds a date that is said of the listing.
    pub(crate) fn sanction_date(&mut self, property: &str, field: &str, text: &str, order: Order) {
        self.record.dates(&mut self.sanction, property, field, text, order);
    }

    /// Adds the dates that a text names.
    pub(crate) fn dates(&mut self, property: &str, field: &str, text: &str, order: Order) {
        self.record.dates(&mut self.entity, property, field, text, order);
    }

    /// Adds a date of birth; of what is not born, the day it came about.
    pub(crate) fn born(&mut self, field: &str, text: &str, order: Order) {
        let property = self.birth_property();
        self.dates(property, field, text, order);
    }

    /// The property of its beginning.
    pub(crate) fn birth_property(&self) -> &'static str {
        if self.is_person() {
            "birthDate"
        } else if self.entity.schema.is_a(Schema::vehicle()) {
            "buildDate"
        } else {
            "incorporationDate"
        }
    }

    /// Adds a country; the text may be an adjective or hold several, and what is none becomes a note. Nationalities of what
    /// is no person are countries.
    pub(crate) fn country(&mut self, property: &str, field: &str, text: &str) {
        let text = text.trim();
        if is_nothing(text) {
            return;
        }
        let property = if self.entity.schema.property(property).is_some() { property } else { "country" };
        let found = countries(text);
        if found.is_empty() {
            return self.note(field, text);
        }
        for country in &found {
            self.add(property, country.code());
        }
        // More was said than a country: until when, since when, "possibly".
        if Country::parse(text).is_none() && (text.contains(['(', ':']) || text.chars().any(|c| c.is_ascii_digit())) {
            self.note(field, text);
        }
    }

    /// Adds a sex; what is neither word is a note.
    pub(crate) fn gender(&mut self, text: &str) {
        match text.trim().trim_end_matches('.').to_lowercase().as_str() {
            "" | "unknown" | "?" | "n/a" => {}
            "m" | "male" if self.is_person() => self.add("gender", "male"),
            "f" | "female" if self.is_person() => self.add("gender", "female"),
            _ => self.note("gender", text),
        }
    }

    /// Adds an address of these parts, the last of which names the country.
    pub(crate) fn address(&mut self, parts: &[&str], country: &str) {
        let country = if is_nothing(country) { "" } else { country.trim() };
        let known = countries(country);
        for known in &known {
            self.add("country", known.code());
        }
        let mut parts: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|part| !is_nothing(part)).collect();
        if parts.is_empty() {
            if known.is_empty() {
                self.note("country", country);
            } else if Country::parse(country).is_none() {
                self.add("address", country);
            }
            return;
        }
        if !country.is_empty() && parts.last().is_none_or(|last| !last.ends_with(country)) {
            parts.push(country);
        }
        self.add("address", &parts.join(", "));
    }

    /// Adds a place of birth of these parts; the country also stands alone.
    pub(crate) fn birth_place(&mut self, parts: &[&str], country: &str) {
        let country = if is_nothing(country) { "" } else { country.trim() };
        let property = if self.is_person() { "birthCountry" } else { "country" };
        for known in countries(country) {
            self.add(property, known.code());
        }
        let mut parts: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|part| !is_nothing(part)).collect();
        if !country.is_empty() {
            parts.push(country);
        }
        if self.is_person() {
            self.add("birthPlace", &parts.join(", "));
        } else {
            self.note("place of birth", &parts.join(", "));
        }
    }

    /// Adds a document: its number on the party, and an entity that tells its kind, country and days. A number in prose
    /// (`Qatari passport number 00868774`) is taken out of it, and the prose stays on the document.
    pub(crate) fn document(&mut self, published: &str, document: &Document, order: Order) {
        let published = published.trim();
        if is_nothing(published) {
            let words: Vec<&str> = [document.label, document.country, document.remark]
                .into_iter()
                .map(str::trim)
                .filter(|word| !is_nothing(word))
                .collect();
            return self.note("document", &words.join(", "));
        }
        let number = NumberInProse::of(published);
        let said = format!("{} {}", document.label, number.lead).to_lowercase();
        let kind = document_kind(&said);
        let country = countries(document.country);
        let country = if country.is_empty() { countries(number.lead) } else { country };
        if !self.entity.schema.is_a(Schema::legal_entity()) {
            self.add("registrationNumber", number.bare);
            return self.note(document.label, published);
        }
        for property in self.properties_of(kind, number.bare, country.first().copied()) {
            self.add(property, number.bare);
        }
        let passport = kind == DocumentKind::Passport && self.is_person();
        let schema = if passport { Schema::passport() } else { Schema::identification() };
        let mut entity = Entity::new(format!("{}-id-{}", self.entity.id, slug(number.bare)), schema);
        self.record.add(&mut entity, "holder", &self.entity.id);
        self.record.add(&mut entity, "number", number.bare);
        if passport {
            self.record.add(&mut entity, "passportNumber", number.bare);
        }
        self.record.add(&mut entity, "type", document.label.trim_end_matches([':', ' ']));
        for country in &country {
            self.record.add(&mut entity, "country", country.code());
        }
        if country.is_empty() && !is_nothing(document.country) {
            self.record.note(&mut entity, "country", document.country);
        }
        self.record.dates(&mut entity, "startDate", "issued", document.issued, order);
        self.record.dates(&mut entity, "endDate", "expires", document.expires, order);
        if number.bare != published {
            self.record.add(&mut entity, "summary", published);
        }
        if !is_nothing(document.remark) {
            self.record.add(&mut entity, "summary", document.remark);
        }
        if document.expires.is_empty()
            && let Some(day) = expiry(document.remark, order).or_else(|| expiry(published, order))
        {
            self.record.add(&mut entity, "endDate", &day);
        }
        self.documents.push(entity);
    }

    fn properties_of(&self, kind: DocumentKind, number: &str, country: Option<Country>) -> Vec<&'static str> {
        let person = self.is_person();
        let mut properties = match kind {
            DocumentKind::Passport if person => vec!["passportNumber"],
            DocumentKind::SocialSecurity if person => vec!["socialSecurityNumber", "idNumber"],
            DocumentKind::Tax => vec!["taxNumber"],
            DocumentKind::Registration => vec!["registrationNumber"],
            DocumentKind::Passport | DocumentKind::SocialSecurity | DocumentKind::Identity => vec!["idNumber"],
        };
        let russian = country.is_none_or(|country| country.code() == "ru");
        if russian && kind != DocumentKind::Passport {
            properties.extend(russian_codes(number));
        }
        properties
    }

    /// A relation to another party of the list.
    pub(crate) fn origin(&self) -> &Origin {
        &self.record.origin
    }

    /// Hands the party over; it counts as loaded.
    pub(crate) fn finish(self, into: &mut Gathered) {
        self.record.account.load();
        into.parties.push(self.entity);
        into.satellites.push(self.sanction);
        into.satellites.extend(self.documents);
    }
}

/// All parties of a list with their links.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// Parties, in the order of the file.
    pub(crate) parties: Vec<Entity>,
    satellites: Vec<Entity>,
    links: Vec<Link>,
}

/// What a link says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkKind {
    /// The other owns this one.
    OwnedBy,
    /// This one owns the other.
    Owns,
    /// Something else, in the words of the role.
    Other,
    /// A relation between two persons that is family.
    Family,
}

/// A link whose other end may stand in a later record.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    /// Id of the party that the record is of.
    pub(crate) from: String,
    /// Id of the other; where it is none, its name.
    pub(crate) to: String,
    /// What it says.
    pub(crate) kind: LinkKind,
    /// The publisher's words.
    pub(crate) role: String,
    /// What else is said.
    pub(crate) remark: String,
    /// Where it stands.
    pub(crate) origin: Origin,
}

impl Gathered {
    /// Adds a link.
    pub(crate) fn link(&mut self, link: Link) {
        self.links.push(link);
    }

    /// Resolves the links and returns all entities, merged by id.
    ///
    /// A link goes to the party of that id, else to the one that alone bears that name; where there is none or more than one
    /// it becomes a note of the party it starts from.
    pub(crate) fn finish(mut self, account: &mut Reconciliation, file: &str) -> Vec<Entity> {
        let places: HashMap<String, usize> =
            self.parties.iter().enumerate().map(|(place, party)| (party.id.clone(), place)).collect();
        let names = self.names();
        for link in std::mem::take(&mut self.links) {
            let Some(from) = places.get(&link.from).copied() else { continue };
            let of_name = |name: &str| names.get(&name.trim().to_uppercase()).copied().flatten();
            let to = places.get(&link.to).copied().or_else(|| of_name(&link.to));
            // What stands in brackets behind a name is said of it: `Iran Electronic Industries (a MODAFL subsidiary)`.
            let to = to.or_else(|| link.to.split_once(" (").and_then(|(name, _)| of_name(name)));
            match to.filter(|to| *to != from) {
                Some(to) => self.relate(from, to, &link),
                None => {
                    if let Some(party) = self.parties.get_mut(from) {
                        let remark = if link.remark.is_empty() { String::new() } else { format!(" ({})", link.remark) };
                        party.add("notes", &format!("{}: {}{remark}", link.role, link.to), &link.origin);
                    }
                }
            }
        }
        let mut entities = self.parties;
        entities.append(&mut self.satellites);
        let merged = merge_by_id(entities);
        for conflict in &merged.conflicts {
            account.warn(file, 0, conflict.to_string());
        }
        merged.entities
    }

    /// Upper-case names with the one party that bears each as a name or else as an alias.
    fn names(&self) -> HashMap<String, Option<usize>> {
        let mut names: HashMap<String, Option<usize>> = HashMap::new();
        for property in ["name", "alias", "previousName"] {
            let mut of_property: HashMap<String, Option<usize>> = HashMap::new();
            for (place, party) in self.parties.iter().enumerate() {
                for value in party.get(property) {
                    of_property
                        .entry(value.text.to_uppercase())
                        .and_modify(|known| {
                            if *known != Some(place) {
                                *known = None;
                            }
                        })
                        .or_insert(Some(place));
                }
            }
            for (name, place) in of_property {
                names.entry(name).or_insert(place);
            }
        }
        names
    }

    fn relate(&mut self, from: usize, to: usize, link: &Link) {
        let of = |place: usize| self.parties.get(place).map(|party| (party.id.clone(), party.schema));
        let (Some((from_id, from_schema)), Some((to_id, to_schema))) = (of(from), of(to)) else { return };
        let is_legal = |schema: Schema| schema.is_a(Schema::legal_entity());
        let ownable =
            |schema: Schema| schema != Schema::person() && (is_legal(schema) || schema.is_a(Schema::vehicle()));
        let (schema, source, target, asset) = match link.kind {
            LinkKind::OwnedBy if ownable(from_schema) && is_legal(to_schema) => {
                (Schema::ownership(), to_id, from_id, Some(from))
            }
            LinkKind::Owns if ownable(to_schema) && is_legal(from_schema) => {
                (Schema::ownership(), from_id, to_id, Some(to))
            }
            LinkKind::Family if from_schema == Schema::person() && to_schema == Schema::person() => {
                (Schema::family(), from_id, to_id, None)
            }
            _ => (Schema::unknown_link(), from_id, to_id, None),
        };
        if let Some(asset) = asset.and_then(|place| self.parties.get_mut(place))
            && is_legal(asset.schema)
        {
            asset.set_schema(Schema::company());
        }
        let mut relation = relation(schema, &source, &target, &link.role, &link.origin);
        relation.add("summary", &link.remark, &link.origin);
        self.satellites.push(relation);
    }
}

/// Codes of the Russian registers whose check digits hold in that number.
pub(crate) fn russian_codes(number: &str) -> Vec<&'static str> {
    let digits = number.len() >= 10 && number.bytes().all(|byte| byte.is_ascii_digit());
    let mut codes = Vec::new();
    if digits && check(IdentifierKind::Inn, number) {
        codes.push("innCode");
    }
    if digits && check(IdentifierKind::Ogrn, number) {
        codes.push("ogrnCode");
    }
    codes
}

fn document_kind(said: &str) -> DocumentKind {
    let has = |word: &str| said.contains(word);
    if has("passport") || has("passeport") || has("pasaporte") || has("travel document") || has("laissez") {
        DocumentKind::Passport
    } else if has("social security") {
        DocumentKind::SocialSecurity
    } else if has("fiscal") || has("tax") {
        DocumentKind::Tax
    } else if has("registration") || has("regnumber") || has("trade register") || has("swiftbic") {
        DocumentKind::Registration
    } else {
        DocumentKind::Identity
    }
}

/// Whether a text says that there is nothing to say.
pub(crate) fn is_nothing(text: &str) -> bool {
    let text = text.trim().trim_end_matches('.');
    text.is_empty() || matches!(text.to_lowercase().as_str(), "-" | "na" | "n/a" | "none" | "nil" | "unknown" | "00" | "not known" | "not applicable")
}

/// The countries that a text names: it is one, or its parts are, or one stands at its beginning.
pub(crate) fn countries(text: &str) -> Vec<Country> {
    const MOST_WORDS: usize = 6;
    let text = text.trim().trim_end_matches(['.', ',', ';']);
    if is_nothing(text) {
        return Vec::new();
    }
    if let Some(country) = Country::parse(text) {
        return vec![country];
    }
    let mut found: Vec<Country> = Vec::new();
    let parts = text.split([',', ';', '/', '(', ')', '\n', '.']).flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" or "));
    for part in parts {
        let words: Vec<&str> = part.split_whitespace().collect();
        // The longest beginning that is a country: `Pakistan since 2009`, `Libyan passport number`.
        let longest = (1..=words.len().min(MOST_WORDS)).rev().find_map(|length| {
            let name = words.get(..length)?.join(" ");
            // A code inside prose is written in capitals; `no` and `is` are words.
            if name.len() <= 3 && name.bytes().any(|byte| byte.is_ascii_lowercase()) {
                return None;
            }
            Country::parse(&name)
        });
        if let Some(country) = longest
            && !found.contains(&country)
        {
            found.push(country);
        }
    }
    found
}

/// A document's number in the prose around it.
struct NumberInProse<'t> {
    /// What stands before: kind and country.
    lead: &'t str,
    /// The number.
    bare: &'t str,
}

impl<'t> NumberInProse<'t> {
    fn of(text: &'t str) -> NumberInProse<'t> {
        let whole = NumberInProse { lead: "", bare: text };
        let words: Vec<(usize, &str)> = words_of(text);
        let has_digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
        let is_series = |word: &str| (1..=3).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
        let Some(mut first) = words.iter().position(|(_, word)| has_digit(word)) else { return whole };
        let mut last = first;
        while first > 0 && words.get(first - 1).is_some_and(|(_, word)| is_series(word)) {
            first -= 1;
        }
        while let Some((_, word)) = words.get(last)
            && !word.ends_with([',', ';'])
            && words.get(last + 1).is_some_and(|(_, next)| {
                !next.starts_with('(') && (has_digit(next) || (is_series(next) && words.len() == last + 2))
            })
        {
            last += 1;
        }
        let (Some((start, _)), Some((end, word))) = (words.get(first), words.get(last)) else { return whole };
        let bare = text.get(*start..end + word.len()).unwrap_or(text).trim_end_matches([',', ';', '.', ')']);
        let prefix = ["no.", "No.", "no:", "No:", "nr.", "Nr."].iter().find_map(|prefix| bare.strip_prefix(prefix));
        let bare = prefix.unwrap_or(bare);
        let lead = text.get(..*start).unwrap_or_default().trim().trim_end_matches([':', '(']);
        // Letters without a gap are part of the number; `No.` and the like are lead.
        if bare.is_empty() { whole } else { NumberInProse { lead, bare } }
    }
}

fn words_of(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    let mut words = Vec::new();
    for word in text.split(char::is_whitespace) {
        if !word.is_empty() {
            words.push((at, word));
        }
        at += word.len() + text.get(at + word.len()..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    }
    words
}

/// The day of expiry that prose tells: `expires on 13 Oct. 2026`, `Date of expiration: 7 May 2022`.
fn expiry(text: &str, order: Order) -> Option<String> {
    const MARKS: &[&str] =
        &["expires", "expired", "expiring", "expires:", "expiration", "expiry", "until", "expired:"];
    let words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches(['(', ')', ';', ','])).collect();
    let mark = words.iter().position(|word| MARKS.contains(&word.to_lowercase().trim_end_matches([':', '.'])))?;
    let rest = words.get(mark + 1..)?;
    let skip = rest.iter().take_while(|word| matches!(word.to_lowercase().trim_end_matches(':'), "on" | "date" | "in")).count();
    let rest = rest.get(skip..)?;
    [3, 2, 1].into_iter().find_map(|length| {
        let day = dates::parse_one(rest.get(..length)?.join(" ").trim_end_matches(['.', ',', ';']), order).ok()?;
        Some(day.to_string())
    })
}

/// The items of a text that numbers them with letters, `a) … b) …`, or with figures, `(1) … (2) …`; the whole text where it
/// does not.
pub(crate) fn items(text: &str) -> Vec<&str> {
    for first in ["a", "1"] {
        let marks = marks(text, first);
        let leads = marks.first().is_some_and(|(start, _)| text.get(..*start).unwrap_or_default().trim().is_empty());
        if marks.len() < 2 && !leads {
            continue;
        }
        let mut out = Vec::new();
        let before = marks.first().and_then(|(start, _)| text.get(..*start)).unwrap_or_default();
        out.push(before);
        for (place, (_, begin)) in marks.iter().enumerate() {
            let end = marks.get(place + 1).map_or(text.len(), |(start, _)| *start);
            out.push(text.get(*begin..end).unwrap_or_default());
        }
        return trimmed(out);
    }
    trimmed(vec![text])
}

fn trimmed(items: Vec<&str>) -> Vec<&str> {
    let cut = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
    items.into_iter().map(|item| item.trim_matches(cut)).filter(|item| !is_nothing(item)).collect()
}

/// Where the marks `a)`, `b)` … or `(1)`, `(2)` … stand in their order: begin of the mark, begin of what follows it.
fn marks(text: &str, first: &str) -> Vec<(usize, usize)> {
    let mut marks = Vec::new();
    let mut wanted = first.to_owned();
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| rest.find(')')) {
        let close = from + found;
        from = close + 1;
        let Some(begin) = close.checked_sub(wanted.len()) else { continue };
        let is_mark = bytes.get(begin..close).is_some_and(|mark| mark.eq_ignore_ascii_case(wanted.as_bytes()));
        if !is_mark {
            continue;
        }
        let opened = begin > 0 && bytes.get(begin - 1) == Some(&b'(');
        let begin = if opened { begin - 1 } else { begin };
        let free = begin == 0 || bytes.get(begin - 1).is_some_and(|byte| !byte.is_ascii_alphanumeric());
        if free {
            marks.push((begin, close + 1));
            wanted = next_mark(&wanted);
        }
    }
    marks
}

fn next_mark(mark: &str) -> String {
    if let Ok(number) = mark.parse::<u32>() {
        return (number.saturating_add(1)).to_string();
    }
    match mark.as_bytes() {
        [b'z'] => "aa".to_owned(),
        [letter] => char::from(letter + 1).to_string(),
        [b'a', letter @ b'a'..=b'y'] => format!("a{}", char::from(letter + 1)),
        _ => "zz".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_told_by_letters_or_figures_in_order() {
        assert_eq!(items("a) 1966, b) 1961, c) Between 1968 and 1970"), ["1966", "1961", "Between 1968 and 1970"]);
        assert_eq!(items("(1) Germany. (2) Morocco"), ["Germany.", "Morocco"]);
        assert_eq!(items("(1) Uganda (2) Uganda (3)Uganda"), ["Uganda", "Uganda", "Uganda"]);
        assert_eq!(items("1) Saudi Arabia 2) Qatar"), ["Saudi Arabia", "Qatar"]);
        assert_eq!(items("Regulation 6(1)(a) of the Act"), ["Regulation 6(1)(a) of the Act"]);
        assert_eq!(items("a)1960 b)1961"), ["1960", "1961"]);
        assert_eq!(items("NA"), Vec::<&str>::new());
        assert_eq!(items(""), Vec::<&str>::new());
        assert_eq!(items("a) only one"), ["only one"]);
    }

    #[test]
    fn a_number_is_taken_out_of_the_prose_around_it() {
        for (text, lead, bare) in [
            ("00868774", "", "00868774"),
            ("Qatari passport number 00868774", "Qatari passport number", "00868774"),
            ("SE 012820", "", "SE 012820"),
            ("Afghan passport number SE 012820", "Afghan passport number", "SE 012820"),
            ("German travel document (“Reiseausweis”) A 0139243", "German travel document (“Reiseausweis”)", "A 0139243"),
            ("381110042 (Expired 25 Jan. 2016)", "", "381110042"),
            ("R00012098, South Sudan", "", "R00012098"),
            ("Libyan Passport No. 96/184442", "Libyan Passport No.", "96/184442"),
            ("Diplomatic Passport: Z30321794", "Diplomatic Passport", "Z30321794"),
            ("A/B no digits", "", "A/B no digits"),
        ] {
            let number = NumberInProse::of(text);
            assert_eq!((number.lead, number.bare), (lead, bare), "{text}");
        }
    }

    #[test]
    fn the_day_of_expiry_is_found_in_prose() {
        let day = |text| expiry(text, Order::DayFirst);
        assert_eq!(day("expires on 13 Oct. 2026").as_deref(), Some("2026-10-13"));
        assert_eq!(day("issued in 2009; Date of expiration: 7 May 2022").as_deref(), Some("2022-05-07"));
        assert_eq!(day("valid until 4 April 2018)").as_deref(), Some("2018-04-04"));
        assert_eq!(day("expired 2 Feb. 2006, under the name of X").as_deref(), Some("2006-02-02"));
        assert_eq!(day("revoked"), None);
    }

    #[test]
    fn countries_are_found_in_what_is_written_around_them() {
        let codes = |text| countries(text).into_iter().map(Country::code).collect::<Vec<_>>();
        assert_eq!(codes("Pakistan (since 2009)"), ["pk"]);
        assert_eq!(codes("Russia and Ukraine"), ["ru", "ua"]);
        assert_eq!(codes("Bosnia and Herzegovina"), ["ba"]);
        assert_eq!(codes("n/a"), Vec::<&str>::new());
        assert_eq!(codes("somewhere"), Vec::<&str>::new());
    }
}
