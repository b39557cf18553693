//! What comparing needs of an entity, taken from its properties: the same for a listed entity and for a query.

use std::collections::HashSet;
use std::sync::LazyLock;

use interdict_model::identifier::{self, IdentifierKind};
use interdict_model::{Country, DateSpan, Entity, Property, PropertyType, Schema};
use interdict_text::{NameKind, NameScratch, Readings, analyze_into, legal};

use crate::keys::address_hash;

/// How good a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum NameGrade {
    /// The name itself.
    Primary = 0,
    /// Another name of equal standing.
    Alias = 1,
    /// A former name.
    Previous = 2,
    /// A weak alias or an abbreviation: a nickname or a name that many bear.
    Weak = 3,
}

impl NameGrade {
    /// The grade with that number.
    pub fn from_number(number: u8) -> NameGrade {
        match number {
            0 => NameGrade::Primary,
            1 => NameGrade::Alias,
            2 => NameGrade::Previous,
            _ => NameGrade::Weak,
        }
    }

    fn of_property(name: &str) -> Option<NameGrade> {
        Some(match name {
            "name" => NameGrade::Primary,
            "alias" => NameGrade::Alias,
            "previousName" => NameGrade::Previous,
            "weakAlias" | "abbreviation" => NameGrade::Weak,
            _ => return None,
        })
    }
}

/// What kind of bearer an entity is, by which its names are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// A natural person.
    Person = 0,
    /// A company, institution or group.
    Organization = 1,
    /// A ship, aircraft, wallet or security.
    Object = 2,
    /// A legal entity or whatever else can be matched: it may be any of them.
    Open = 3,
}

impl Kind {
    /// All, in the order of their numbers.
    pub const ALL: [Kind; 4] = [Kind::Person, Kind::Organization, Kind::Object, Kind::Open];

    /// The kind of entities of a schema.
    pub fn of(schema: Schema) -> Kind {
        if schema == Schema::person() {
            Kind::Person
        } else if schema.is_a(Schema::organization()) {
            Kind::Organization
        } else if schema.is_a(Schema::vehicle())
            || schema.is_a(Schema::crypto_wallet())
            || schema.is_a(Schema::security())
        {
            Kind::Object
        } else {
            Kind::Open
        }
    }
}

/// What a date is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum DateKind {
    /// `birthDate`.
    Birth = 0,
    /// `incorporationDate`.
    Incorporation = 1,
    /// `buildDate` of a vessel or aircraft.
    Build = 2,
}

/// A name of an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameFact {
    /// As the source wrote it, or first and last name joined where it wrote no whole name.
    pub text: String,
    /// The property that it stands on.
    pub property: Property,
    /// How good it is.
    pub grade: NameGrade,
}

/// An identifier, e-mail address or telephone number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentifierFact {
    /// Comparable form.
    pub key: String,
    /// As the source wrote it.
    pub text: String,
    /// The property that it stands on.
    pub property: Property,
    /// What its check digits say.
    pub check: CheckResult,
}

/// What the check digits of an identifier say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum CheckResult {
    /// It is of a kind without check digits, or of no known kind.
    Unchecked = 0,
    /// They hold.
    Valid = 1,
    /// They do not hold: the number proves nothing.
    Invalid = 2,
}

/// Tokens of a reading that are stored and compared; a name has seldom more than twelve.
pub const MAX_TOKENS: usize = 48;

/// Appends the readings of a name of an entity of this schema, no two of the same words in the same roles. Where the schema leaves open
/// whether a person, a firm or a thing bears it, each is tried: what is a legal form in one is a surname in another, and a listed
/// name must be found by itself whatever is said of its bearer.
pub fn readings_into(name: &str, schema: Schema, scratch: &mut NameScratch, out: &mut Readings) {
    let from = out.len();
    let kinds = name_kinds(schema);
    let is_of_firm = kinds.len() > 1 && legal::is_of_firm(scratch.fold(name));
    for kind in kinds.iter().filter(|kind| !(is_of_firm && **kind == NameKind::Person)) {
        analyze_into(name, *kind, scratch, out);
    }
    out.shorten(from, MAX_TOKENS);
}

/// Appends readings of what a name that is asked may hide (`NameScratch::undisguised`), beside those of the name as it stands. The lists'
/// own names are not read so: the index holds what is published.
pub fn hidden_readings_into(name: &str, schema: Schema, scratch: &mut NameScratch, out: &mut Readings) {
    let kind = match name_kinds(schema) {
        [kind] => *kind,
        _ => NameKind::Unknown,
    };
    for text in scratch.undisguised(name, kind) {
        let from = out.len();
        readings_into(&text, schema, scratch, out);
        out.truncate(from + MAX_HIDDEN);
    }
}

/// Most readings of one text that was hidden.
const MAX_HIDDEN: usize = 6;

/// What may bear the names of entities of a schema.
fn name_kinds(schema: Schema) -> &'static [NameKind] {
    use NameKind::{Object, Organization, Person, Unknown};
    if schema == Schema::person() {
        &[Person]
    } else if schema.is_a(Schema::organization()) || schema == Schema::public_body() {
        &[Organization]
    } else if schema.is_a(Schema::vehicle()) || schema == Schema::crypto_wallet() || schema == Schema::security() {
        &[Object]
    } else if schema == Schema::legal_entity() {
        &[Unknown, Person, Organization]
    } else {
        &[Unknown, Person, Organization, Object]
    }
}

/// All names, best grade first. A person with first and last name apart and no whole name gets them joined.
pub fn names(entity: &Entity) -> Vec<NameFact> {
    let mut found = Vec::new();
    names_into(entity, &mut found, &mut Vec::new());
    found
}

/// As [`names`], in place of those that were found before; `spare` are texts to be written over.
pub fn names_into(entity: &Entity, found: &mut Vec<NameFact>, spare: &mut Vec<String>) {
    spare.extend(found.drain(..).map(|name| name.text));
    let mut text_with = |parts: &mut dyn Iterator<Item = &str>| {
        let mut text = spare.pop().unwrap_or_default();
        text.clear();
        for part in parts {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(part);
        }
        text
    };
    for (property, value) in entity.values_of(PropertyType::Name) {
        if let Some(grade) = NameGrade::of_property(property.name()) {
            let text = text_with(&mut [&*value.text].into_iter());
            found.push(NameFact { text, property, grade });
        }
    }
    if found.is_empty()
        && let Some(property) = entity.schema.property("name")
    {
        let parts = ["firstName", "secondName", "middleName", "fatherName", "lastName"];
        let text = text_with(&mut parts.iter().filter_map(|part| entity.first(part)));
        if !text.is_empty() {
            found.push(NameFact { text, property, grade: NameGrade::Primary });
        }
    }
    found.sort_by_key(|name| name.grade);
}

/// Dates of birth, incorporation and building that can be read.
pub fn dates(entity: &Entity) -> impl Iterator<Item = (DateKind, DateSpan)> {
    let kinds = [
        ("birthDate", DateKind::Birth),
        ("incorporationDate", DateKind::Incorporation),
        ("buildDate", DateKind::Build),
    ];
    kinds.into_iter().flat_map(|(property, kind)| {
        let spans = entity.get(property).iter().filter_map(|value| DateSpan::parse(&value.text).ok());
        spans.map(move |span| (kind, span))
    })
}

/// Appends countries of any property that can be read, with the property, without doubles.
pub fn countries_into(entity: &Entity, found: &mut Vec<(Country, Property)>) {
    for (property, value) in entity.values_of(PropertyType::Country) {
        if let Some(country) = Country::parse(&value.text)
            && !found.contains(&(country, property))
        {
            found.push((country, property));
        }
    }
}

/// Bits of the genders named: 1 male, 2 female, 4 other.
pub fn genders(entity: &Entity) -> u8 {
    entity.get("gender").iter().fold(0, |bits, value| {
        let is_one_of = |words: [&str; 3]| words.iter().any(|word| value.text.eq_ignore_ascii_case(word));
        bits | if is_one_of(["male", "m", "man"]) {
            1
        } else if is_one_of(["female", "f", "woman"]) {
            2
        } else {
            4
        }
    })
}

/// Identifiers, e-mail addresses and telephone numbers.
pub fn identifiers(entity: &Entity) -> Vec<IdentifierFact> {
    let mut found = Vec::new();
    identifiers_into(entity, &mut found);
    found
}

/// Appends identifiers, e-mail addresses and telephone numbers.
pub fn identifiers_into(entity: &Entity, found: &mut Vec<IdentifierFact>) {
    for (property, values) in entity.properties() {
        let names_party = match property.kind() {
            PropertyType::Identifier => {
                !matches!(property.name(), "programId" | "okvedCode" | "zipCode" | "authorityId")
            }
            PropertyType::Email | PropertyType::Phone => true,
            _ => false,
        };
        if !names_party {
            continue;
        }
        found.extend(values.iter().filter_map(|value| identifier(property, &value.text)));
    }
}

/// The fact of one identifier; `None` for one too short to say anything, and for what stands where there is none (`unknown`, `000000`).
pub fn identifier(property: Property, text: &str) -> Option<IdentifierFact> {
    let key = identifier_key(property.name(), text);
    if key.chars().count() < MIN_IDENTIFIER_CHARS || identifier::is_placeholder(&key) {
        return None;
    }
    if !key.chars().any(char::is_numeric) && !may_lack_figures(property, text) {
        return None;
    }
    let kind = property.format().and_then(IdentifierKind::of_format);
    let check = match kind.or_else(|| IdentifierKind::of_property(property.name())) {
        Some(kind) if kind.has_check_digits() => {
            if identifier::check(kind, text) {
                CheckResult::Valid
            } else {
                CheckResult::Invalid
            }
        }
        _ => CheckResult::Unchecked,
    };
    Some(IdentifierFact { key, text: text.to_owned(), property, check })
}

/// Whether what has no figures may be an identifier all the same, by its kind or its form: mostly words stand there (`expired`, `see remarks`).
fn may_lack_figures(property: Property, text: &str) -> bool {
    matches!(property.name(), "swiftBic" | "bic" | "callSign" | "email" | "publicKey" | "cryptoAddress")
        || identifier::check(IdentifierKind::Bic, text)
        || is_mark(text)
}

/// Whether a text may be the registration mark of an aircraft, which many states make of letters alone (`EP-GOL`, ICAO Annex 7): few capitals,
/// and no country's name.
fn is_mark(text: &str) -> bool {
    let text = text.trim();
    text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-')
        && text.bytes().filter(u8::is_ascii_uppercase).count() <= MAX_MARK
        && Country::parse(text).is_none()
}

/// Letters of a registration mark: up to two of nationality and up to five.
const MAX_MARK: usize = 7;

/// Shorter identifiers say nothing; call signs have four characters or more.
const MIN_IDENTIFIER_CHARS: usize = 4;

/// The comparable form of an identifier. Wallet addresses keep their case (base58 of Bitcoin and Tron tells them apart by
/// it), but hexadecimal ones (Ethereum and its kin) and bech32 ones do not; e-mail addresses are compared in lower case,
/// telephone numbers by their last nine digits, a bank's code without the `XXX` of its head office (ISO 9362), all others by letters and
/// digits in upper case.
pub fn identifier_key(property: &str, text: &str) -> String {
    match property {
        "publicKey" | "cryptoAddress" => {
            let text = text.trim();
            let folds = text.starts_with("0x") || text.starts_with("0X") || text.to_lowercase().starts_with("bc1");
            if folds { text.to_lowercase() } else { text.to_owned() }
        }
        "email" => text.trim().to_lowercase(),
        "phone" => {
            let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
            digits.get(digits.len().saturating_sub(9)..).unwrap_or_default().iter().collect()
        }
        "swiftBic" | "bic" => {
            let mut key = identifier::normalize(text);
            if key.chars().count() == 11 && key.ends_with("XXX") {
                key.truncate(key.len() - 3);
            }
            key
        }
        _ => identifier::normalize(text),
    }
}

/// Words that addresses of all places share: kinds of streets and of districts, what stands before a number. Source: general
/// knowledge of how addresses are written, in English, Russian and its neighbours, German, Romance languages, Turkish, Persian
/// and Chinese in Latin letters.
static ADDRESS_STOP_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "al alley and apartment apt area ave avda avenida avenue av bd bldg block blvd bloc boulevard box building bulvar \
     bulvari caddesi cad calle center centre city close col colonia complex corner county court cra carrera de del \
     der di district dom drive el estate flat floor gorod house kom korp korpus kv la lane ln lot lu mah mahallesi \
     near no num number obl oblast of off office opposite pk pl plaza plot po prospekt province pr rayon rd region \
     republic road room rm rua rue sokak sq square st str strasse street suite the town ul ulitsa unit village"
        .split_whitespace()
        .collect()
});

/// Puts hashes of the words of all addresses and places of birth that tell one from another, ascending: single letters and the words
/// that all addresses share are left out, and `Hauptstrasse` is `Hauptstr`.
pub fn address_tokens_into(entity: &Entity, scratch: &mut NameScratch, found: &mut Vec<u32>) {
    found.clear();
    let places = entity.get("birthPlace").iter();
    for value in entity.values_of(PropertyType::Address).map(|(_, value)| value).chain(places) {
        let folded = scratch.fold(&value.text);
        let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 1);
        let telling = words.filter(|word| !ADDRESS_STOP_WORDS.contains(word));
        let short = |word| str::strip_suffix(word, "asse").filter(|short| short.ends_with("str")).unwrap_or(word);
        found.extend(telling.map(|word| address_hash(short(word))));
    }
    found.sort_unstable();
    found.dedup();
}
