//! The consolidated Canadian autonomous sanctions list (SEMA, JVCFOA), XML.
//!
//! Idea: a flat `record` a party. Element names have changed (`Entity`, later `EntityOrShip`); what is there is read. `Country`
//! is the regulation under which the party is listed, in both languages, not its nationality. There is no key: regulation,
//! schedule and item together are one.
//! Source: the files of 2020 and 2025.

use std::collections::BTreeSet;

use interdict_model::{Origin, Schema};

use crate::dates::Order;
use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::ofac::only_file;
use crate::party::{Authority, Gathered, Party};
use crate::prose::is_nothing;
use crate::reconcile::{Loaded, Reconciliation};
use crate::slug::{slug, slug_of};
use crate::text::file_name;
use crate::values::Record;
use crate::xml::{Element, XmlText};

const AUTHORITY: Authority =
    Authority { name: "Global Affairs Canada", country: "ca", topic: "sanction", order: Order::DayFirst };

const KNOWN: &[&str] = &[
    "Country",
    "LastName",
    "GivenName",
    "Entity",
    "EntityOrShip",
    "Title",
    "TitleOrShip",
    "DateOfBirth",
    "DateOfBirthOrShipBuildDate",
    "ShipIMONumber",
    "Aliases",
    "Schedule",
    "Item",
    "DateOfListing",
];

/// Languages that stand as labels before an alias.
const LANGUAGES: &[&str] = &[
    "Belarusian",
    "Belarussian",
    "Russian",
    "Ukrainian",
    "Arabic",
    "Persian",
    "Farsi",
    "English",
    "French",
    "Spanish",
    "Chinese",
    "Burmese",
    "Hebrew",
    "Serbian",
    "Romanian",
];

/// Words that a comma before does not make another name of.
const TAILS: &[&str] = &[
    "ltd", "ltd.", "limited", "llc", "l.l.c.", "inc", "inc.", "co", "co.", "corp", "corp.", "s.a.", "sa", "plc",
    "gmbh", "jsc", "ojsc", "pjsc", "pte", "pte.", "jr", "jr.", "sr", "sr.", "dr", "dr.", "k.k.", "b.v.", "ag", "fze",
    "oao", "ooo", "ao", "ооо", "оао", "зао", "пао", "ао", "нао", "тоо", "тов", "ooo", "oao", "zao", "pao", "ao", "oy",
    "ab", "as", "s.p.a.", "spa", "d.o.o.", "doo", "e.v.", "ev",
];

/// Canadian autonomous sanctions list (SEMA), XML.
pub(crate) fn read(input: &Input) -> Result<Loaded, ReadError> {
    let file = only_file(input)?;
    let text = XmlText::open(file, "the Canadian autonomous sanctions list")?;
    let mut xml = text.reader();
    xml.root(&["data-set"])?;
    let mut records = Vec::new();
    while let Some(record) = xml.next_record(&["record"])? {
        records.push(record);
    }
    let name = file_name(&file.path);
    let mut account = Reconciliation::default();
    let mut gathered = Gathered::default();
    let mut keys = BTreeSet::new();
    for element in &records {
        let field = |name| element.value(name).trim();
        let (country, schedule, item) = (field("Country"), field("Schedule"), field("Item"));
        if country.is_empty() || item.is_empty() {
            account.refuse(&name, element.line, "field `Country` or `Item`: it is empty");
            continue;
        }
        let parts = names(element);
        if parts.is_empty() {
            account.refuse(&name, element.line, format!("{country}, item {item}: it has no name"));
            continue;
        }
        let id = format!("ca-{}", slug_of(&[&programme_slug(country), schedule, item]));
        if !keys.insert(id.clone()) {
            return Err(xml.fail(element.line, ReadErrorKind::DuplicateKey { key: id }));
        }
        let key = [country, schedule, item].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        let origin =
            Origin::new(input.list.clone(), input.version.as_str(), format!("{key} ({name}:{})", element.line));
        let record = Record { origin, file: &name, line: element.line, account: &mut account };
        let mut party = Party::new(record, id, schema_of(element), AUTHORITY);
        fill(&mut party, element, &parts);
        party.finish(&mut gathered);
    }
    let entities = gathered.finish(&mut account, &name);
    Ok(Loaded { entities, version: input.version.clone(), reconciliation: account })
}

/// The English half of a regulation's name, or what stands in brackets in it: `russia`, `jvcfor`.
fn programme_slug(country: &str) -> String {
    let english = country.split(" / ").next().unwrap_or(country);
    let short = english.rsplit_once('(').and_then(|(_, rest)| rest.split(')').next());
    let short = short.filter(|short| short.len() > 2 && short.bytes().all(|byte| byte.is_ascii_uppercase()));
    slug(short.unwrap_or(english).trim())
}

fn names<'e>(element: &'e Element) -> Vec<&'e str> {
    let field = |name: &'e str| element.value(name).trim();
    ["Entity", "EntityOrShip", "GivenName", "LastName"].into_iter().map(field).filter(|name| !name.is_empty()).collect()
}

fn birth(element: &Element) -> &str {
    let new = element.value("DateOfBirthOrShipBuildDate");
    if new.is_empty() { element.value("DateOfBirth").trim() } else { new.trim() }
}

fn schema_of(element: &Element) -> Schema {
    let has = |name| !element.value(name).trim().is_empty();
    if has("ShipIMONumber") {
        Schema::vessel()
    } else if has("LastName") || has("GivenName") || !birth(element).is_empty() {
        Schema::person()
    } else {
        Schema::legal_entity()
    }
}

fn fill(party: &mut Party, element: &Element, names: &[&str]) {
    let field = |name| element.value(name).trim();
    party.add("name", &names.join(" "));
    if party.is_person() {
        party.add("firstName", field("GivenName"));
        party.add("lastName", field("LastName"));
    }
    for alias in aliases(field("Aliases")) {
        // A given name alone is how else the person's own is spelt, and finds many.
        // (Not so in scripts without letter case, which part no words.)
        let cased = alias.chars().next().is_some_and(|c| c.is_lowercase() || c.is_uppercase());
        let alone = party.is_person() && cased && !alias.contains(' ');
        party.add(if alone { "weakAlias" } else { "alias" }, &alias);
    }
    let titles = [field("Title"), field("TitleOrShip")].into_iter().filter(|title| !title.is_empty());
    for title in titles {
        if party.is_person() {
            title.split('/').for_each(|title| party.add("title", title));
        } else if party.entity.schema == Schema::vessel() {
            party.add("type", title);
        } else {
            party.note("title", title);
        }
    }
    party.born("DateOfBirth", birth(element), AUTHORITY.order);
    let imo = field("ShipIMONumber");
    let digits: String = imo.chars().filter(char::is_ascii_digit).collect();
    party.add("imoNumber", &digits);
    if digits != imo && !imo.is_empty() {
        party.note("ShipIMONumber", imo);
    }
    party.programme(field("Country"));
    party.of_sanction("authorityId", field("Item"));
    party.of_sanction("reason", field("Schedule"));
    for property in ["listingDate", "startDate"] {
        party.sanction_date(property, "DateOfListing", field("DateOfListing"), AUTHORITY.order);
    }
    for unknown in element.unknown_children(KNOWN) {
        party.note(&unknown.name, &unknown.text);
    }
}

/// The aliases of a field: parted by semicolons, line breaks and commas, without the labels of their languages. A comma before
/// a legal form, or inside brackets, parts nothing.
fn aliases(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut push = |alias: &str| {
        let alias = alias.split_whitespace().collect::<Vec<_>>().join(" ");
        if !is_nothing(&alias) && !out.contains(&alias) {
            out.push(alias);
        }
    };
    let text = labels_as_breaks(text);
    // A name broken across lines is one name; a line that ends with a separator is not.
    for part in text.split(';').flat_map(|part| part.split(" / ")) {
        let mut begin = 0;
        let mut depth = 0i32;
        for (at, c) in part.char_indices() {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                ',' if depth <= 0 => {
                    let behind = part.get(at + 1..).unwrap_or_default().split([',', ';']).next().unwrap_or_default();
                    if !is_tail(behind) {
                        push(part.get(begin..at).unwrap_or_default());
                        begin = at + 1;
                    }
                }
                _ => {}
            }
        }
        push(part.get(begin..).unwrap_or_default());
    }
    out
}

/// Whether what follows a comma belongs to the name before it: `Co., Ltd`, `S.A.`
fn is_tail(text: &str) -> bool {
    let mut words = text.split_whitespace().peekable();
    words.peek().is_some() && words.all(|word| TAILS.contains(&word.to_lowercase().as_str()))
}

/// `Belarusian: …, Russian: …` with a semicolon for each label: a label begins a name wherever it stands.
fn labels_as_breaks(text: &str) -> String {
    let mut out = text.to_owned();
    for language in LANGUAGES {
        for label in [format!("{language}:"), format!("{language} :"), format!("{language}\u{a0}:")] {
            out = out.replace(&label, ";");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_go_and_commas_inside_names_stay() {
        assert_eq!(
            aliases("Siarhei Karcheusky, Belarusian: Сяргей Карчэўскi,  Russian: Сергей Карчевский"),
            ["Siarhei Karcheusky", "Сяргей Карчэўскi", "Сергей Карчевский"]
        );
        assert_eq!(
            aliases("Air Bagan Holdings Pte. Ltd., Air Bagan Limited"),
            ["Air Bagan Holdings Pte. Ltd.", "Air Bagan Limited"]
        );
        assert_eq!(
            aliases("Kanto Trading Co., Ltd.; Kanto (Tokyo, Japan)"),
            ["Kanto Trading Co., Ltd.", "Kanto (Tokyo, Japan)"]
        );
        assert_eq!(aliases("Конкорд Менеджмент и консалтинг, ООО"), ["Конкорд Менеджмент и консалтинг, ООО"]);
        assert_eq!(aliases("Акционерное общество\nАгат"), ["Акционерное общество Агат"]);
    }

    #[test]
    fn a_regulation_is_named_by_its_english_half_or_its_letters() {
        assert_eq!(programme_slug("Russia / Russie"), "russia");
        assert_eq!(programme_slug("Justice for Victims (JVCFOR) / Justice (RJVDEC)"), "jvcfor");
        assert_eq!(programme_slug("Myanmar (Burma) / Myanmar (Birmanie)"), "myanmar-burma");
    }
}
