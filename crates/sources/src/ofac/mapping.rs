//! From OFAC's fields to FollowTheMoney: one mapping for the four forms of its lists and the Treasury rows of the CSL.
//!
//! Idea: a [`Draft`] is one record: the party, its sanctions, its documents and wallets, and links to others, which [`Gathered`]
//! resolves once all records are known.
//! Invariant: whatever a record holds is a property, an entity of its own, or a note.
//! Source: OFAC, "Data specification", 10 October 2014; the types of SDN_ENHANCED.XML.

use interdict_model::identifier::{IdentifierKind, check};
use interdict_model::{Country, DateSpan, Entity, Schema};

use super::gathered::{Gathered, Link, Other};
use super::labels::{Document, Target, currency, of_label};
use super::names::{NameKind, PersonName};
use crate::dates::Order;
use crate::slug::slug;
use crate::values::Record;

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
        if self.party.id.starts_with(PARTY_PREFIX) {
            for (kind, name) in &self.names {
                into.know(&self.party.id, *kind, name);
            }
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
            D::License => properties.push("licenseNumber"),
            D::Lei if check(IdentifierKind::Lei, number) => properties.push("leiCode"),
            D::Uscc if check(IdentifierKind::Uscc, number) => properties.extend(["uscCode", "registrationNumber"]),
            D::Lei | D::Uscc | D::Registration | D::Ship => properties.push("registrationNumber"),
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
