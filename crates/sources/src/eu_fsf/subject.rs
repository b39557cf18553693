//! A sanctioned subject of the European Union, whatever form it was published in.
//!
//! Idea: all forms say the same of a subject: regulations, names, births, addresses, documents, citizenships, each with a
//! remark. They are gathered here as texts and written as one party.
//! Source: fsf_export_1_1.xsd of the publisher, and its description of the CSV.

use interdict_model::{Country, DateSpan, PartialDate, Schema};

use crate::dates::{self, Order};
use crate::party::{Authority, Document, Gathered, Party};
use crate::prose::{countries, is_nothing, items};
use crate::values::Record;

/// Who lists, and how numbers of dates stand.
pub(crate) const AUTHORITY: Authority =
    Authority { name: "European Union", country: "eu", topic: "sanction", order: Order::DayFirst };

/// A regulation under which a subject is listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Regulation {
    pub(crate) programme: String,
    pub(crate) title: String,
    pub(crate) published: String,
    pub(crate) in_force: String,
    pub(crate) url: String,
    /// Type and organisation: `amendment, council`.
    pub(crate) kind: String,
}

/// A name with what is said beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) whole: String,
    pub(crate) first: String,
    pub(crate) middle: String,
    pub(crate) last: String,
    pub(crate) gender: String,
    pub(crate) title: String,
    pub(crate) function: String,
    pub(crate) language: String,
    /// `false` is said of weak names; other forms do not say.
    pub(crate) strong: String,
    pub(crate) remark: String,
}

/// A birth.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Birth {
    pub(crate) date: String,
    pub(crate) day: String,
    pub(crate) month: String,
    pub(crate) year: String,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) circa: String,
    pub(crate) calendar: String,
    /// City, region, place, postal code.
    pub(crate) place: Vec<String>,
    pub(crate) country: Land,
    pub(crate) remark: String,
}

/// A country as code and description.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Land {
    pub(crate) code: String,
    pub(crate) name: String,
}

/// An address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    /// Street, box, postal code, city, region, place.
    pub(crate) parts: Vec<String>,
    pub(crate) country: Land,
    pub(crate) at_listing: String,
    /// Kind and text of contacts: `PHONE`, `EMAIL`.
    pub(crate) contacts: Vec<(String, String)>,
    pub(crate) remark: String,
}

/// A document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Identification {
    pub(crate) number: String,
    pub(crate) latin_number: String,
    pub(crate) code: String,
    pub(crate) description: String,
    pub(crate) country: Land,
    pub(crate) issued: String,
    pub(crate) from: String,
    pub(crate) to: String,
    /// What else is said: who issued it, on which name, that it is false.
    pub(crate) said: Vec<String>,
}

/// A citizenship.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Citizenship {
    pub(crate) country: Land,
    pub(crate) remark: String,
}

/// All that is published of one subject.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subject {
    pub(crate) reference: String,
    pub(crate) logical_id: String,
    pub(crate) un_id: String,
    /// `P` or `person`, `E` or `enterprise`.
    pub(crate) kind: String,
    pub(crate) designated: String,
    pub(crate) delisted: String,
    pub(crate) details: String,
    pub(crate) remarks: Vec<String>,
    pub(crate) regulations: Vec<Regulation>,
    pub(crate) names: Vec<Name>,
    pub(crate) births: Vec<Birth>,
    pub(crate) addresses: Vec<Address>,
    pub(crate) documents: Vec<Identification>,
    pub(crate) citizenships: Vec<Citizenship>,
    /// Fields that the form has and this model has not, as label and text.
    pub(crate) rest: Vec<(String, String)>,
}

/// Languages whose names of organizations are names; in the others they are translations. As OpenSanctions maps them.
const NAME_LANGUAGES: &[&str] = &["", "EN", "RU", "ZH", "AR", "FA"];

impl Land {
    /// The country meant; `CS` is read as Serbia, and what is unknown is none.
    fn country(&self) -> Option<Country> {
        match self.code.trim() {
            "CS" => Country::by_code("rs"),
            "" | "00" | "UNKNOWN" => Country::parse(&self.name),
            code => Country::parse(code).or_else(|| Country::parse(&self.name)),
        }
    }

    /// What to write of it.
    fn text(&self) -> &str {
        let known = |text: &str| !is_nothing(text);
        match self.country() {
            Some(country) => country.name(),
            None if known(&self.name) => self.name.trim(),
            None if known(&self.code) => self.code.trim(),
            None => "",
        }
    }
}

fn is_true(text: &str) -> bool {
    matches!(text.trim().to_lowercase().as_str(), "true" | "1" | "yes" | "y")
}

impl Subject {
    /// The key of the id: the reference, else the logical id.
    pub(crate) fn key(&self) -> &str {
        if self.reference.trim().is_empty() { self.logical_id.trim() } else { self.reference.trim() }
    }

    /// Whether any name says anything.
    pub(crate) fn is_named(&self) -> bool {
        self.names.iter().any(|name| !name.text().is_empty())
    }

    /// Writes the party that this is.
    pub(crate) fn write(&self, record: Record, gathered: &mut Gathered) {
        let kind = self.kind.trim().to_lowercase();
        let schema = if matches!(kind.as_str(), "p" | "person") { Schema::person() } else { Schema::organization() };
        let mut party = Party::new(record, format!("eu-{}", self.key()), schema, AUTHORITY);
        if !matches!(kind.as_str(), "p" | "person" | "e" | "enterprise") {
            party.note("subject type", &self.kind);
        }
        for name in &self.names {
            name.write(&mut party);
        }
        for birth in &self.births {
            birth.write(&mut party);
        }
        for address in &self.addresses {
            address.write(&mut party);
        }
        for document in &self.documents {
            document.write(&mut party);
        }
        for citizenship in &self.citizenships {
            match citizenship.country.country() {
                Some(country) => party.country("citizenship", "citizenship", country.code()),
                None => party.note("citizenship", citizenship.country.text()),
            }
            party.note("citizenship", &citizenship.remark);
        }
        for remark in &self.remarks {
            party.note("", remark);
        }
        for (label, text) in &self.rest {
            party.note(label, text);
        }
        party.note("designation details", &self.details);
        self.write_sanction(&mut party);
        let logical = format!("eu-{}", self.logical_id.trim());
        if logical != party.entity.id && logical != "eu-" {
            party.entity.referents.push(logical);
        }
        party.finish(gathered);
    }

    fn write_sanction(&self, party: &mut Party) {
        party.of_sanction("authorityId", &self.reference);
        party.of_sanction("recordId", &self.logical_id);
        party.of_sanction("unscId", &self.un_id);
        for regulation in &self.regulations {
            party.programme(&regulation.programme);
            party.of_sanction("reason", &regulation.title);
            party.of_sanction("sourceUrl", &regulation.url);
            party.of_sanction("summary", &regulation.kind);
            party.sanction_date("listingDate", "publicationDate", &regulation.published, AUTHORITY.order);
        }
        // The earlier of designation and entry into force is when it began to hold.
        let begins =
            self.regulations.iter().map(|regulation| regulation.in_force.as_str()).chain([self.designated.as_str()]);
        let begins: Vec<&str> = begins.filter(|date| !date.trim().is_empty()).collect();
        let read = |text: &str| dates::parse_one(text, AUTHORITY.order).ok();
        let earliest = begins.iter().filter_map(|text| read(text)).min_by_key(|date| date.from.first_day());
        if let Some(earliest) = earliest {
            party.of_sanction("startDate", &earliest.to_string());
        }
        for text in begins.iter().filter(|text| read(text).is_none()) {
            party.sanction_date("startDate", "entryIntoForceDate", text, AUTHORITY.order);
        }
        party.sanction_date("endDate", "delistingDate", &self.delisted, AUTHORITY.order);
    }
}

impl Name {
    fn text(&self) -> String {
        let whole = self.whole.trim();
        if !whole.is_empty() {
            return whole.to_owned();
        }
        let parts = [&self.first, &self.middle, &self.last].into_iter().map(|part| part.trim());
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    fn write(&self, party: &mut Party) {
        let person = party.is_person();
        let text = self.text();
        let weak = matches!(self.strong.trim(), "false" | "0") || self.remark.to_lowercase().contains("low quality");
        let property = if weak {
            "weakAlias"
        } else if person || NAME_LANGUAGES.contains(&self.language.trim().to_uppercase().as_str()) {
            // The first name is what the subject is called; a person's further ones are aliases.
            if person && !party.entity.get("name").is_empty() { "alias" } else { "name" }
        } else {
            "alias"
        };
        party.add(property, &text);
        if person && !weak {
            for (property, part) in [("firstName", &self.first), ("middleName", &self.middle), ("lastName", &self.last)]
            {
                party.add(property, part);
            }
        }
        party.gender(&self.gender);
        for title in items(&self.title) {
            party.add(if person { "title" } else { "notes" }, title);
        }
        for function in items(&self.function) {
            party.add(if person { "position" } else { "notes" }, function);
        }
        if !self.remark.trim().is_empty() {
            party.note(&format!("name {text}"), &self.remark);
        }
    }
}

impl Birth {
    fn write(&self, party: &mut Party) {
        let said = [&self.date, &self.day, &self.month, &self.year, &self.from, &self.to];
        let said: Vec<&str> = said.into_iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
        let calendar = self.calendar.trim();
        if !calendar.is_empty() && !calendar.eq_ignore_ascii_case("GREGORIAN") {
            // A day of another calendar is no day of ours; which day it was is for a person to say.
            party.note(&format!("date of birth ({})", calendar.to_lowercase()), &said.join(" "));
        } else if let Some(span) = self.span() {
            let property = party.birth_property();
            party.entity.add_date(property, span, &party.record.origin);
        } else if !self.date.trim().is_empty() {
            party.born("birthdate", &self.date, AUTHORITY.order);
        } else if !said.is_empty() {
            let text = said.join(" ");
            party.record.warn(format!("field `birthdate`: {text:?} is not a date; kept as a note"));
            party.note("date of birth", &text);
        }
        let parts: Vec<&str> = self.place.iter().map(String::as_str).collect();
        if parts.iter().any(|part| !is_nothing(part)) || self.country.country().is_some() {
            party.birth_place(&parts, self.country.text());
        } else {
            party.note("country of birth", self.country.text());
        }
        party.note("birth", &self.remark);
    }

    /// The date in parts; the day that the form gives whole is the same one.
    fn span(&self) -> Option<DateSpan> {
        let number = |text: &str| text.trim().parse::<u16>().ok().filter(|number| *number > 0);
        let small = |text: &str| number(text).and_then(|number| u8::try_from(number).ok());
        let circa = is_true(&self.circa);
        let span = if self.date.trim().is_empty() {
            match (number(&self.year), number(&self.from), number(&self.to)) {
                (Some(year), _, _) => {
                    let month = small(&self.month);
                    DateSpan::exactly(PartialDate::new(year, month, month.and(small(&self.day)))?)
                }
                (None, Some(from), Some(to)) => {
                    DateSpan::between(PartialDate::new(from, None, None)?, PartialDate::new(to, None, None)?)
                }
                (None, Some(year), None) | (None, None, Some(year)) => {
                    DateSpan::exactly(PartialDate::new(year, None, None)?)
                }
                (None, None, None) => return None,
            }
        } else {
            dates::parse_one(&self.date, AUTHORITY.order).ok()?
        };
        Some(DateSpan { circa: span.circa || circa, ..span })
    }
}

impl Address {
    fn write(&self, party: &mut Party) {
        let parts: Vec<&str> = self.parts.iter().map(String::as_str).collect();
        party.address(&parts, self.country.text());
        if is_true(&self.at_listing) && parts.iter().any(|part| !part.trim().is_empty()) {
            party.note(
                "address as at listing time",
                &parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
            );
        }
        for (kind, text) in &self.contacts {
            let lower = kind.to_lowercase();
            if lower.contains("mail") {
                party.add("email", text);
            } else if lower.contains("web") {
                party.add("website", text);
            } else if lower.contains("phone") || lower.contains("mobile") {
                text.split([';', ',']).for_each(|number| party.add("phone", number));
            } else {
                party.note(kind, text);
            }
        }
        party.note("address", &self.remark);
    }
}

impl Identification {
    fn write(&self, party: &mut Party) {
        let number = if self.number.trim().is_empty() { self.latin_number.trim() } else { self.number.trim() };
        let code = self.code.to_lowercase();
        let bare = number.split(" (").next().unwrap_or(number).trim();
        match code.trim() {
            "swiftbic" => party.add("swiftBic", bare),
            "imo" => party.add("imoNumber", bare),
            _ => {}
        }
        let label = if self.description.trim().is_empty() { &self.code } else { &self.description };
        // The code is the shorter word, and the one that always tells a passport.
        let label = if code.contains("passport") && !label.to_lowercase().contains("passport") {
            format!("{label} ({})", self.code)
        } else {
            label.clone()
        };
        let mut said: Vec<&str> = self.said.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
        if !self.latin_number.trim().is_empty() && self.latin_number.trim() != number {
            said.push(self.latin_number.trim());
        }
        let remark = said.join("; ");
        let issued = if self.issued.trim().is_empty() { &self.from } else { &self.issued };
        let country = self.country.text();
        let country = if countries(country).is_empty() { "" } else { country };
        let document = Document { label: &label, country, issued, expires: &self.to, remark: &remark };
        party.document(number, &document, AUTHORITY.order);
        if !self.latin_number.trim().is_empty() && self.latin_number.trim() != number {
            party.document(&self.latin_number, &document, AUTHORITY.order);
        }
    }
}
