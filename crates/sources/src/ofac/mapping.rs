//! From OFAC's fields to FollowTheMoney: one mapping for the four forms of its lists and the Treasury rows of the CSL.
//!
//! Idea: a [`Draft`] gathers one record: the party, its sanction, its documents and wallets, and links to others that can only
//! be resolved once all records are known; [`Gathered::finish`] does that and puts schemata right that a relation demands.
//! Invariant: whatever a record holds is a property, an entity of its own, or a note.
//! Source: OFAC, "Data specification", 10 October 2014; the types of SDN_ENHANCED.XML.

use std::collections::HashMap;

use interdict_model::identifier::{IdentifierKind, check};
use interdict_model::{Country, DateSpan, Entity, ListId, Origin, Schema};

use super::labels::{Document, Target, currency, of_label};
use crate::dates::Order;
use crate::slug::slug;
use crate::values::{Record, relation};

/// A list of the Treasury, which decides the id of the sanction and who lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OfacList {
    /// Short code, as in the id of a sanction.
    pub(crate) code: &'static str,
    /// Topics of a party that stands on it.
    pub(crate) topics: &'static [&'static str],
}

impl OfacList {
    /// Specially Designated Nationals.
    pub(crate) const SDN: OfacList = OfacList { code: "sdn", topics: &["sanction"] };
    /// The lists beside it, where the file does not say which.
    pub(crate) const CONS: OfacList = OfacList { code: "cons", topics: &["sanction"] };
    const CMIC: OfacList = OfacList { code: "cmic", topics: &["sanction", "invest.ban"] };

    /// The list of a short code as the Consolidated Screening List writes it.
    pub(crate) fn coded(code: &str) -> OfacList {
        match code {
            "sdn" => OfacList::SDN,
            "cmic" => OfacList::CMIC,
            "ssi" => OfacList { code: "ssi", ..OfacList::SDN },
            "plc" => OfacList { code: "plc", ..OfacList::SDN },
            "cap" => OfacList { code: "cap", ..OfacList::SDN },
            "mbs" => OfacList { code: "mbs", ..OfacList::SDN },
            "fse" => OfacList { code: "fse", ..OfacList::SDN },
            _ => OfacList::CONS,
        }
    }

    /// The list of a name as the XML forms write it; `None` for the "Consolidated List", which only says that another one
    /// of these is meant.
    pub(crate) fn named(name: &str) -> Option<OfacList> {
        let name = name.to_lowercase();
        let has = |part: &str| name.contains(part);
        if name.starts_with("consolidated") {
            None
        } else if has("sectoral") || has("ssi") {
            Some(OfacList::coded("ssi"))
        } else if has("palestinian") || has("plc") {
            Some(OfacList::coded("plc"))
        } else if has("capta") {
            Some(OfacList::coded("cap"))
        } else if has("menu-based") || has("mbs") {
            Some(OfacList::coded("mbs"))
        } else if has("cmic") || has("military-industrial") {
            Some(OfacList::CMIC)
        } else if has("fse") || has("evaders") {
            Some(OfacList::coded("fse"))
        } else if has("sdn list") || has("specially designated") {
            Some(OfacList::SDN)
        } else {
            Some(OfacList::CONS)
        }
    }
}

/// What the lists call the kinds of parties.
pub(crate) fn schema_of(kind: &str) -> Schema {
    match kind.trim().to_ascii_lowercase().as_str() {
        "individual" => Schema::person(),
        "vessel" => Schema::vessel(),
        "aircraft" => Schema::airplane(),
        _ => Schema::organization(),
    }
}

/// What the id of a party begins with.
const PARTY_PREFIX: &str = "ofac-";

/// The id of a party by OFAC's key.
pub(crate) fn party_id(key: &str) -> String {
    format!("{PARTY_PREFIX}{key}")
}

/// How good a name is and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameKind {
    Primary,
    Alias,
    Weak,
    Former,
    WeakFormer,
}

impl NameKind {
    /// By OFAC's words: `aka`, `F.K.A.`, `n.k.a.`; a new name is a name.
    pub(crate) fn of(kind: &str, weak: bool) -> NameKind {
        let letters: String = kind.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
        match (letters.as_str(), weak) {
            ("fka", false) => NameKind::Former,
            ("fka", true) => NameKind::WeakFormer,
            (_, true) => NameKind::Weak,
            ("nka", false) => NameKind::Primary,
            _ => NameKind::Alias,
        }
    }
}

/// A person's name in parts, in natural order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PersonName {
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) suffix: String,
}

impl PersonName {
    /// Takes `LAST, First` and `LAST, JR., First` apart; a name without a comma has no parts.
    pub(crate) fn split(published: &str) -> Option<PersonName> {
        let is_suffix = |part: &str| {
            let bare: String =
                part.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
            matches!(bare.as_str(), "jr" | "sr" | "ii" | "iii" | "iv")
        };
        let mut parts = published.split(", ").map(str::trim).filter(|part| !part.is_empty());
        let last = parts.next()?.to_owned();
        let (suffixes, given): (Vec<&str>, Vec<&str>) = parts.partition(|part| is_suffix(part));
        if given.is_empty() {
            return None;
        }
        Some(PersonName { first: given.join(", "), last, suffix: suffixes.join(" ") })
    }

    /// `First LAST Jr.`
    pub(crate) fn whole(&self) -> String {
        [&self.first, &self.last, &self.suffix]
            .into_iter()
            .filter(|part| !part.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// A document of a party.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DocumentText<'a> {
    pub(crate) number: &'a str,
    pub(crate) country: &'a str,
    pub(crate) issued: &'a str,
    pub(crate) expires: &'a str,
    /// Whatever else is said of it.
    pub(crate) remark: &'a str,
}

/// One end of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Other {
    /// A name as published, to be found among the primary names, then the aliases.
    Named(String),
    /// OFAC's id with the name that stands beside it.
    Known(String, String),
}

/// A link whose other end may stand in a later record.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    from: String,
    to: Other,
    /// OFAC's words: `Linked To`, `Owned or Controlled By`.
    role: String,
    /// What else is said of it: `former`.
    remark: String,
    origin: Origin,
}

/// All records of a list.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// Parties, in the order of the file.
    pub(crate) parties: Vec<Entity>,
    /// Sanctions, documents, wallets.
    pub(crate) satellites: Vec<Entity>,
    links: Vec<Link>,
    /// Published names, primary ones and aliases, with the id that alone bears it.
    primary: HashMap<String, Option<String>>,
    aliases: HashMap<String, Option<String>>,
}

/// One record under construction.
#[derive(Debug)]
pub(crate) struct Draft<'a> {
    /// Where it stands.
    pub(crate) record: Record<'a>,
    /// The party.
    pub(crate) party: Entity,
    /// Its sanctions, one a list; the first takes what is said of the sanction as such.
    pub(crate) sanctions: Vec<Entity>,
    documents: Vec<Entity>,
    links: Vec<Link>,
    names: Vec<(NameKind, String)>,
}

impl<'a> Draft<'a> {
    /// A party of that id.
    pub(crate) fn new(record: Record<'a>, id: String, schema: Schema) -> Draft<'a> {
        let party = Entity::new(id, schema);
        Draft { record, party, sanctions: Vec::new(), documents: Vec::new(), links: Vec::new(), names: Vec::new() }
    }

    /// Says that the party stands on a list, with OFAC's key of it.
    pub(crate) fn listed(&mut self, list: OfacList, key: &str) {
        for topic in list.topics {
            self.record.add(&mut self.party, "topics", topic);
        }
        let mut sanction = Entity::new(format!("{}-sanction-{}", self.party.id, list.code), Schema::sanction());
        self.record.add(&mut sanction, "entity", &self.party.id);
        self.record.add(&mut sanction, "authority", "Office of Foreign Assets Control");
        self.record.add(&mut sanction, "country", "us");
        self.record.add(&mut sanction, "recordId", key);
        // The publisher's page of the party.
        let page = format!("https://sanctionssearch.ofac.treas.gov/Details.aspx?id={key}");
        self.record.add(&mut sanction, "sourceUrl", &page);
        self.sanctions.push(sanction);
    }

    /// A programme, on the party and its sanctions.
    pub(crate) fn programme(&mut self, code: &str) {
        self.record.add(&mut self.party, "program", code);
        for sanction in &mut self.sanctions {
            self.record.add(sanction, "program", code);
        }
    }

    /// Something said of the sanction. Without a sanction it is a note of the party.
    pub(crate) fn of_sanction(&mut self, property: &str, text: &str) {
        match self.sanctions.first_mut() {
            Some(sanction) => self.record.add(sanction, property, text),
            None => self.record.add(&mut self.party, "notes", text),
        };
    }

    /// A name as published in one piece: `LAST, First` of a person, anything of another.
    pub(crate) fn name(&mut self, kind: NameKind, published: &str) {
        let published = published.trim();
        let person = if self.is_person() { PersonName::split(published) } else { None };
        self.names.push((kind, published.to_owned()));
        match person {
            Some(name) => self.add_person_name(kind, &name),
            None => self.add_name(kind, published),
        }
    }

    /// A name in two pieces. The last name is the whole of an organization's.
    pub(crate) fn name_in_parts(&mut self, kind: NameKind, first: &str, last: &str) {
        let (first, last) = (first.trim(), last.trim());
        if first.is_empty() {
            return self.name(kind, last);
        }
        if last.is_empty() {
            return self.name(kind, first);
        }
        self.names.push((kind, format!("{last}, {first}")));
        let split = PersonName::split(&format!("{last}, {first}")).filter(|_| self.is_person());
        match split {
            Some(name) => self.add_person_name(kind, &name),
            None => self.add_name(kind, &format!("{first} {last}")),
        }
    }

    fn is_person(&self) -> bool {
        self.party.schema == Schema::person()
    }

    fn add_person_name(&mut self, kind: NameKind, name: &PersonName) {
        self.add_name(kind, &name.whole());
        if kind == NameKind::Primary {
            self.record.add(&mut self.party, "firstName", &name.first);
            self.record.add(&mut self.party, "lastName", &name.last);
            self.record.add(&mut self.party, "nameSuffix", &name.suffix);
        }
    }

    /// A name that is whole and in natural order.
    pub(crate) fn add_name(&mut self, kind: NameKind, name: &str) {
        let property = match kind {
            NameKind::Primary => "name",
            NameKind::Alias => "alias",
            NameKind::Weak | NameKind::WeakFormer => "weakAlias",
            NameKind::Former => "previousName",
        };
        self.record.add(&mut self.party, property, name);
        if kind == NameKind::WeakFormer {
            self.record.note(&mut self.party, "formerly known as", name);
        }
    }

    /// An address in one text; `country` as published. A country that is none stays in the text.
    pub(crate) fn address(&mut self, lines: &[&str], country: &str) {
        let parts: Vec<&str> = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
        let country = country.trim();
        let known = Country::parse(country);
        if let Some(known) = known {
            self.record.add(&mut self.party, "country", known.code());
        }
        if parts.is_empty() {
            if known.is_none() && !country.is_empty() && country != "undetermined" {
                self.record.note(&mut self.party, "address", country);
            }
            return;
        }
        let mut text = parts.join(", ");
        if !country.is_empty() && country != "undetermined" {
            text.push_str(", ");
            text.push_str(country);
        }
        self.record.add(&mut self.party, "address", &text);
    }

    /// A title or office of a person; several may be joined by `;`.
    pub(crate) fn title(&mut self, text: &str) {
        const HONORIFICS: &[&str] = &[
            "dr",
            "doctor",
            "haji",
            "hajji",
            "al-haj",
            "sheikh",
            "shaykh",
            "sheik",
            "mullah",
            "maulana",
            "maulawi",
            "maulavi",
            "mawlawi",
            "qari",
            "ustad",
            "sayyid",
            "sayed",
            "syed",
            "hojjatoleslam",
            "ayatollah",
            "engineer",
            "eng",
            "professor",
            "prof",
            "mr",
            "mrs",
            "ms",
            "miss",
            "sir",
            "prince",
            "king",
            "imam",
            "mufti",
            "malik",
            "chief",
            "lord",
            "rev",
            "father",
        ];
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let honorific = HONORIFICS.contains(&part.trim_end_matches('.').to_lowercase().as_str());
            self.record.add(&mut self.party, if honorific { "title" } else { "position" }, part);
        }
    }

    /// A labelled value. `country` and the days only matter for documents.
    pub(crate) fn labelled(&mut self, label: &str, target: Target, text: DocumentText) {
        let value = text.number.trim();
        if value.is_empty() {
            return;
        }
        match target {
            Target::Plain(property) => self.plain(label, property, value),
            Target::Country(property) => {
                self.record.country(&mut self.party, property, label, value);
            }
            Target::Date(property) => {
                self.record.dates(&mut self.party, property, label, value, Order::MonthFirst);
            }
            Target::SanctionDate(property) => self.sanction_date(label, property, value),
            Target::Provision => self.of_sanction("provisions", &phrase(label, value)),
            Target::Document(document) => self.document(label, document, text),
            Target::Wallet => self.wallet(currency(label), value),
            Target::Gender => {
                let gender = value.to_lowercase();
                if matches!(gender.as_str(), "male" | "female") {
                    self.record.add(&mut self.party, "gender", &gender);
                } else {
                    self.record.note(&mut self.party, label, value);
                }
            }
            Target::BirthPlace => {
                self.record.add(&mut self.party, "birthPlace", value);
                if let Some(country) =
                    value.rsplit(',').next().and_then(Country::parse).or_else(|| Country::parse(value))
                {
                    self.record.add(&mut self.party, "birthCountry", country.code());
                }
            }
            Target::Title => self.title(value),
            Target::Holder(role) => {
                self.link(Other::Named(value.to_owned()), role, "");
            }
            Target::Note => self.record.note(&mut self.party, "", &phrase(label, value)),
        }
    }

    /// A feature of the XML forms.
    pub(crate) fn feature(&mut self, label: &str, text: DocumentText) {
        self.labelled(label, of_label(label, false), text);
    }

    fn plain(&mut self, label: &str, property: &str, value: &str) {
        if property == "swiftBic" && self.party.schema.property("swiftBic").is_none() {
            return self.record.note(&mut self.party, label, value);
        }
        let value = match property {
            // Thousands separators are no part of a number.
            "tonnage" | "grossRegisteredTonnage" => value.replace(',', ""),
            _ => value.to_owned(),
        };
        self.record.add(&mut self.party, property, &value);
    }

    fn sanction_date(&mut self, label: &str, property: &str, value: &str) {
        self.of_sanction("provisions", &phrase(label, value));
        if let Some(sanction) = self.sanctions.first_mut() {
            self.record.dates(sanction, property, label, value, Order::MonthFirst);
        }
    }

    /// A wallet that the party holds.
    fn wallet(&mut self, ticker: &str, address: &str) {
        let id = format!("{}-wallet-{}-{address}", self.party.id, ticker.to_lowercase());
        let mut wallet = Entity::new(id, Schema::crypto_wallet());
        self.record.add(&mut wallet, "publicKey", address);
        self.record.add(&mut wallet, "currency", ticker);
        self.record.add(&mut wallet, "topics", "sanction");
        if self.party.schema.is_a(Schema::legal_entity()) {
            self.record.add(&mut wallet, "holder", &self.party.id);
        } else {
            self.record.note(&mut self.party, &format!("wallet {ticker}"), address);
        }
        self.documents.push(wallet);
    }

    /// A document: its number on the party, and an entity that tells its kind, country and days.
    fn document(&mut self, label: &str, document: Document, text: DocumentText) {
        let number = text.number.trim();
        let country = Country::parse(text.country);
        let (properties, bare) = properties(document, self.party.schema, number, country);
        if matches!(document, Document::Isin | Document::Ticker | Document::Bik)
            && self.party.schema == Schema::organization()
        {
            self.party.set_schema(Schema::company());
        }
        for property in &properties {
            self.record.add(&mut self.party, property, bare);
        }
        let tells_itself =
            matches!(document, Document::Mmsi | Document::Duns | Document::Bik | Document::Isin | Document::Ticker)
                || properties.contains(&"imoNumber");
        if tells_itself || !self.party.schema.is_a(Schema::legal_entity()) {
            if !tells_itself && !text.country.is_empty() {
                self.record.note(&mut self.party, label, &format!("{number} ({})", text.country));
            }
            return;
        }
        let passport = document == Document::Passport && self.party.schema == Schema::person();
        let schema = if passport { Schema::passport() } else { Schema::identification() };
        let mut entity = Entity::new(format!("{}-id-{}", self.party.id, slug(bare)), schema);
        self.record.add(&mut entity, "holder", &self.party.id);
        self.record.add(&mut entity, "number", bare);
        if passport {
            self.record.add(&mut entity, "passportNumber", bare);
        }
        self.record.add(&mut entity, "type", label.trim().trim_end_matches(':'));
        if !text.country.is_empty() {
            self.record.country(&mut entity, "country", "country", text.country);
        }
        self.record.dates(&mut entity, "startDate", "issued", text.issued, Order::MonthFirst);
        self.record.dates(&mut entity, "endDate", "expires", text.expires, Order::MonthFirst);
        self.record.add(&mut entity, "summary", text.remark);
        self.documents.push(entity);
    }

    /// A document of the XML forms, whatever its type.
    pub(crate) fn identity_document(&mut self, label: &str, text: DocumentText) {
        self.labelled(label, of_label(label, true), text);
    }

    /// A link to another party.
    pub(crate) fn link(&mut self, to: Other, role: &str, remark: &str) {
        self.links.push(Link {
            from: self.party.id.clone(),
            to,
            role: role.to_owned(),
            remark: remark.to_owned(),
            origin: self.record.origin.clone(),
        });
    }

    /// A labelled date whose bounds the file gives; where the label means no date, its text counts.
    pub(crate) fn dated(&mut self, label: &str, text: &str, span: DateSpan) {
        match of_label(label, false) {
            Target::Date(property) => {
                self.party.add_date(property, span, &self.record.origin);
            }
            Target::SanctionDate(property) if !self.sanctions.is_empty() => {
                let shown = if text.is_empty() { span.to_string() } else { text.to_owned() };
                self.of_sanction("provisions", &phrase(label, &shown));
                self.of_sanction(property, &span.to_string());
            }
            target => {
                let shown = span.to_string();
                let number = if text.is_empty() { shown.as_str() } else { text };
                self.labelled(label, target, DocumentText { number, ..DocumentText::default() });
            }
        }
    }

    /// Hands the record over; it counts as loaded.
    pub(crate) fn finish(self, into: &mut Gathered) {
        self.record.account.load();
        // Links are OFAC's, and so are the parties that they name.
        let names = if self.party.id.starts_with(PARTY_PREFIX) { self.names } else { Vec::new() };
        for (kind, name) in names {
            let index = if kind == NameKind::Primary { &mut into.primary } else { &mut into.aliases };
            let id = self.party.id.clone();
            index
                .entry(name.to_uppercase())
                .and_modify(|known| {
                    if known.as_ref() != Some(&id) {
                        *known = None;
                    }
                })
                .or_insert(Some(id));
        }
        into.links.extend(self.links);
        into.satellites.extend(self.sanctions);
        into.satellites.extend(self.documents);
        into.parties.push(self.party);
    }
}

/// Label and value as the remarks write them.
fn phrase(label: &str, value: &str) -> String {
    let label = label.trim();
    if label.ends_with([':', '-']) { format!("{label} {value}") } else { format!("{label}: {value}") }
}

/// The properties that a document's number belongs to, by the schema of its holder, and the number itself.
fn properties(document: Document, schema: Schema, number: &str, country: Option<Country>) -> (Vec<&'static str>, &str) {
    use Document as D;
    let person = schema == Schema::person();
    let organization = schema.is_a(Schema::legal_entity()) && !person;
    let russian = country.is_none_or(|country| country.code() == "ru");
    let imo =
        number.get(..3).filter(|head| head.eq_ignore_ascii_case("imo")).and_then(|_| number.get(3..)).map(str::trim);
    let digits = imo.filter(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    if let Some(digits) = digits {
        return (vec![if person { "idNumber" } else { "imoNumber" }], digits);
    }
    let mut properties = Vec::new();
    if person || organization {
        match document {
            D::Passport if person => properties.push("passportNumber"),
            D::Passport | D::Identity | D::Mmsi => properties.push("idNumber"),
            D::Ssn if person => properties.extend(["socialSecurityNumber", "idNumber"]),
            D::Tax | D::Ssn => properties.push("taxNumber"),
            D::Vat => properties.extend(["vatCode", "taxNumber"]),
            D::Isin | D::Ticker | D::Bik if person => properties.push("idNumber"),
            D::Registration | D::Ship => properties.push("registrationNumber"),
            D::License => properties.push("licenseNumber"),
            D::Lei if check(IdentifierKind::Lei, number) => properties.push("leiCode"),
            D::Uscc if check(IdentifierKind::Uscc, number) => properties.extend(["uscCode", "registrationNumber"]),
            D::Lei | D::Uscc => properties.push("registrationNumber"),
            D::Duns => properties.push("dunsCode"),
            D::Bik => properties.push("bikCode"),
            D::Isin => properties.push("isinCode"),
            D::Ticker => properties.push("ticker"),
        }
        if russian && matches!(document, D::Tax | D::Identity) && check(IdentifierKind::Inn, number) {
            properties.push("innCode");
        }
        if russian && matches!(document, D::Registration | D::Identity) && check(IdentifierKind::Ogrn, number) {
            properties.push("ogrnCode");
        }
    } else {
        // Ships and aircraft have few properties for numbers.
        properties.push(match document {
            D::Mmsi => "mmsi",
            D::Ship if check(IdentifierKind::Imo, number) => "imoNumber",
            _ => "registrationNumber",
        });
    }
    (properties, number)
}

impl Gathered {
    /// A link that stands in a record of its own.
    pub(crate) fn link(&mut self, from: String, to: Other, role: &str, remark: &str, origin: Origin) {
        self.links.push(Link { from, to, role: role.to_owned(), remark: remark.to_owned(), origin });
    }

    /// Resolves the links and returns all entities: parties in the order of the file, then what belongs to them.
    ///
    /// A link by name goes to the one party that bears it as its primary name, else as an alias; where there is none or more
    /// than one it becomes a note. A link by key to a party outside the file makes that party a stub with its name.
    pub(crate) fn finish(mut self, list: &ListId) -> Vec<Entity> {
        let mut places: HashMap<String, usize> =
            self.parties.iter().enumerate().map(|(place, party)| (party.id.clone(), place)).collect();
        let mut relations = Vec::new();
        for link in std::mem::take(&mut self.links) {
            debug_assert_eq!(link.origin.list(), list, "all values of a reader are of its list");
            let Some(from) = places.get(&link.from).copied() else { continue };
            let to = match &link.to {
                Other::Named(name) => match self.find(name).and_then(|id| places.get(&id).copied()) {
                    Some(place) if place != from => place,
                    _ => {
                        let note = format!("{}: {name}", link.role);
                        if let Some(party) = self.parties.get_mut(from) {
                            party.add("notes", &note, &link.origin);
                        }
                        continue;
                    }
                },
                Other::Known(id, name) => *places.entry(id.clone()).or_insert_with(|| {
                    let mut stub = Entity::new(id.clone(), Schema::legal_entity());
                    stub.add("name", name, &link.origin);
                    self.parties.push(stub);
                    self.parties.len() - 1
                }),
            };
            relations.extend(self.relate(from, to, &link));
        }
        let mut entities = self.parties;
        entities.append(&mut self.satellites);
        entities.append(&mut relations);
        entities
    }

    fn find(&self, name: &str) -> Option<String> {
        let of = |name: &str| {
            let name = name.trim().to_uppercase();
            self.primary.get(&name).or_else(|| self.aliases.get(&name)).cloned().flatten()
        };
        // The full stop at the end of the remarks may belong to the name or not.
        of(name).or_else(|| of(&format!("{name}."))).or_else(|| of(name.strip_suffix('.')?))
    }

    /// The relation that OFAC's words mean, where the two parties are of schemata that can have it.
    fn relate(&mut self, from: usize, to: usize, link: &Link) -> Option<Entity> {
        let schema = |place: usize| self.parties.get(place).map(|party| party.schema);
        let id = |place: usize| self.parties.get(place).map(|party| party.id.clone());
        let (from_schema, to_schema) = (schema(from)?, schema(to)?);
        let is_legal = |schema: Schema| schema.is_a(Schema::legal_entity());
        // What can be owned: a vehicle is an asset, an organization becomes a company.
        let ownable =
            |schema: Schema| schema != Schema::person() && (is_legal(schema) || schema.is_a(Schema::vehicle()));
        let organization = |schema: Schema| is_legal(schema) && schema != Schema::person();
        let persons = from_schema == Schema::person() && to_schema == Schema::person();
        let role = link.role.to_lowercase();
        let role = role.trim_end_matches([':', ' ', '.']);
        let (kind, source, target) = match role {
            "owned or controlled by" | "property in the interest of" | "owner"
                if ownable(from_schema) && is_legal(to_schema) =>
            {
                (Schema::ownership(), to, from)
            }
            "owns, controls, or operates" if ownable(to_schema) && is_legal(from_schema) => {
                (Schema::ownership(), from, to)
            }
            "operator" if from_schema.is_a(Schema::vehicle()) && is_legal(to_schema) => {
                let operator = id(to)?;
                self.parties.get_mut(from)?.add("operator", &operator, &link.origin);
                return None;
            }
            "acting for or on behalf of" if is_legal(from_schema) && is_legal(to_schema) => {
                (Schema::representation(), from, to)
            }
            "leader or official of" | "principal executive officer"
                if organization(to_schema) && is_legal(from_schema) =>
            {
                (Schema::directorship(), from, to)
            }
            "leader or official of" | "principal executive officer"
                if organization(from_schema) && to_schema == Schema::person() =>
            {
                (Schema::directorship(), to, from)
            }
            "member of" if organization(to_schema) && is_legal(from_schema) => (Schema::membership(), from, to),
            "family member of" if persons => (Schema::family(), from, to),
            "associate of" if persons => (Schema::associate(), from, to),
            _ => (Schema::unknown_link(), from, to),
        };
        if kind == Schema::ownership()
            && let Some(asset) = self.parties.get_mut(target)
            && is_legal(asset.schema)
        {
            asset.set_schema(Schema::company());
        }
        if (kind == Schema::directorship() || kind == Schema::membership())
            && let Some(organization) = self.parties.get_mut(target)
            && organization.schema == Schema::legal_entity()
        {
            organization.set_schema(Schema::organization());
        }
        let mut relation =
            relation(kind, &id_of(&self.parties, source)?, &id_of(&self.parties, target)?, &link.role, &link.origin);
        relation.add("summary", &link.remark, &link.origin);
        Some(relation)
    }
}

fn id_of(parties: &[Entity], place: usize) -> Option<String> {
    parties.get(place).map(|party| party.id.clone())
}
