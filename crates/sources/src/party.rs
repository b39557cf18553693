//! One listed party under construction, for lists other than OFAC's.
//!
//! Idea: a [`Party`] is the entity, its sanction and its documents, all of one [`Record`]. The helpers below take apart what
//! several publishers write alike: documents in prose, values in one cell as `a) … b) …` or `(1) … (2) …`, names of countries
//! as adjectives. What cannot be taken apart is a note.
//! Invariant: whatever is given to a party is a property, an entity of its own, or a note.

use std::collections::{BTreeMap, HashMap};

use interdict_model::identifier::{IdentifierKind, check};
use interdict_model::{Country, Entity, Origin, Schema, merge_by_id};

use crate::dates::Order;
use crate::prose::{NumberInProse, countries, expiry, is_nothing};
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

    /// Adds numbers of registers with the words around them: `INN 7718763393, OGRN: 1146679010818, KPP …`, `Russian TIN: …`.
    pub(crate) fn registers(&mut self, text: &str) {
        let is_break = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '(' | ')' | '/');
        let mut register = "";
        let mut bare = true;
        for word in text.split(is_break).map(|word| word.trim_matches(['.', '-'])).filter(|word| !word.is_empty()) {
            let digits = word.bytes().filter(u8::is_ascii_digit).count();
            let bic = matches!(register, "BIC" | "SWIFT")
                && matches!(word.len(), 8 | 11)
                && word.bytes().all(|byte| byte.is_ascii_alphanumeric() && !byte.is_ascii_lowercase());
            if digits < 4 && !bic {
                let upper = word.to_uppercase();
                match upper.as_str() {
                    "INN" | "TIN" | "ИНН" | "TAX" => register = "INN",
                    "OGRN" | "OGRNIP" | "ОГРН" => register = "OGRN",
                    "KPP" | "КПП" => register = "KPP",
                    "OKPO" | "ОКПО" => register = "OKPO",
                    "BIC" | "SWIFT" | "BIK" | "БИК" => register = "BIC",
                    _ => {}
                }
                bare = false;
                continue;
            }
            let legal = self.entity.schema.is_a(Schema::legal_entity());
            match register {
                _ if !legal => self.add("registrationNumber", word),
                "INN" => {
                    self.add("taxNumber", word);
                    if check(IdentifierKind::Inn, word) {
                        self.add("innCode", word);
                    }
                }
                "KPP" if !self.is_person() => {
                    self.entity.set_schema(Schema::company());
                    self.add("kppCode", word);
                }
                "OKPO" => self.add("okpoCode", word),
                "BIC" if bic && digits < 8 => self.add("swiftBic", word),
                "BIC" if !self.is_person() => {
                    self.entity.set_schema(Schema::company());
                    self.add("bikCode", word);
                }
                _ => {
                    self.add("registrationNumber", word);
                    for code in russian_codes(word) {
                        self.add(code, word);
                    }
                }
            }
            register = "";
        }
        if !bare {
            self.note("business registration number", text);
        }
    }

    /// The origin of all its values.
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
            let mut of_property: BTreeMap<String, Option<usize>> = BTreeMap::new();
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
