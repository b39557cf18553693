//! One designation of the United Kingdom, whatever form it was published in.
//!
//! Idea: all forms have the same fields, once as columns that repeat over rows, once as XML, once as labels within prose
//! (`(Gender):Male`). They are gathered here as texts and written as one party.
//! Source: headers of the lists; "Other Information" of the consolidated list of 10 April 2025 for the labels.

use interdict_model::{Country, Schema};

use crate::dates::Order;
use crate::party::{Authority, Document, Gathered, Link, LinkKind, Party};
use crate::prose::{countries, is_nothing, items};
use crate::values::Record;

/// Who lists, and how numbers of dates stand.
pub(crate) const AUTHORITY: Authority =
    Authority { name: "HM Government of the United Kingdom", country: "gb", topic: "sanction", order: Order::DayFirst };

/// A name in the six parts of the publisher; the sixth is the family name or the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Name {
    /// Parts 1 to 6.
    pub(crate) parts: [String; 6],
    /// `Primary name`, `AKA` …
    pub(crate) kind: String,
    /// `Good quality`, `Low quality a.k.a`, or nothing.
    pub(crate) quality: String,
}

/// An address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    /// Lines, town and postal code.
    pub(crate) parts: Vec<String>,
    /// Country.
    pub(crate) country: String,
}

/// A number with what is said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Numbered {
    /// One number, or several as `(1) … (2) …`.
    pub(crate) number: String,
    /// Details, numbered likewise.
    pub(crate) details: String,
}

/// A single text with the line that it stands on.
pub(crate) type Lined = (String, u64);

/// All that is published of one party.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listing {
    pub(crate) kind: String,
    pub(crate) unique_id: String,
    pub(crate) group_id: String,
    pub(crate) un_reference: Vec<String>,
    pub(crate) names: Vec<Name>,
    pub(crate) non_latin: Vec<String>,
    pub(crate) scripts: Vec<String>,
    pub(crate) titles: Vec<String>,
    pub(crate) births: Vec<Lined>,
    pub(crate) birth_places: Vec<(String, String)>,
    pub(crate) nationalities: Vec<String>,
    pub(crate) passports: Vec<Numbered>,
    pub(crate) national_ids: Vec<Numbered>,
    pub(crate) positions: Vec<String>,
    pub(crate) genders: Vec<String>,
    pub(crate) addresses: Vec<Address>,
    pub(crate) phones: Vec<String>,
    pub(crate) websites: Vec<String>,
    pub(crate) emails: Vec<String>,
    pub(crate) other: Vec<String>,
    pub(crate) reasons: Vec<String>,
    pub(crate) entity_types: Vec<String>,
    pub(crate) registrations: Vec<String>,
    pub(crate) parents: Vec<String>,
    pub(crate) subsidiaries: Vec<String>,
    pub(crate) imo_numbers: Vec<String>,
    pub(crate) owners: Vec<String>,
    pub(crate) past_owners: Vec<String>,
    pub(crate) flags: Vec<String>,
    pub(crate) past_flags: Vec<String>,
    pub(crate) ship_types: Vec<String>,
    pub(crate) tonnages: Vec<String>,
    pub(crate) lengths: Vec<String>,
    pub(crate) built: Vec<Lined>,
    pub(crate) hulls: Vec<String>,
    pub(crate) regimes: Vec<String>,
    pub(crate) sources: Vec<String>,
    pub(crate) measures: Vec<String>,
    pub(crate) listed_on: Vec<Lined>,
    pub(crate) designated: Vec<Lined>,
    pub(crate) updated: Vec<Lined>,
    /// Fields that the form has and this model has not, as label and text.
    pub(crate) rest: Vec<(String, String)>,
}

/// Labels within `Other Information`.
const LABELS: &[&str] = &[
    "UK Sanctions List Ref",
    "UN Ref",
    "UK Statement of Reasons",
    "Gender",
    "Phone number",
    "Fax",
    "Tel",
    "Website",
    "Email address",
    "Type of entity",
    "Business Reg No",
    "Parent company",
    "Subsidiaries",
    "IMO number",
    "Current owners",
    "Previous owners",
    "Flag of ship",
    "Previous flags",
    "Type of ship",
    "Tonnage of ship",
    "Length of ship",
    "Year built",
    "Hull identification number",
    "non-Latin script",
];

/// The prose before the first label, and each label with its text.
fn labelled(text: &str) -> (&str, Vec<(&'static str, &str)>) {
    let mut found: Vec<(usize, usize, &'static str)> = Vec::new();
    let mut from = 0;
    while let Some(open) = text.get(from..).and_then(|rest| rest.find('(')) {
        let open = from + open;
        from = open + 1;
        let Some(rest) = text.get(from..) else { break };
        let label = LABELS.iter().find(|label| {
            rest.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label))
                && rest.get(label.len()..).is_some_and(|behind| behind.starts_with("):"))
        });
        if let Some(label) = label {
            found.push((open, from + label.len() + 2, label));
        }
    }
    let prose = found.first().map_or(text, |(open, _, _)| text.get(..*open).unwrap_or_default());
    let values = found
        .iter()
        .enumerate()
        .map(|(place, (_, begin, label))| {
            let end = found.get(place + 1).map_or(text.len(), |(open, _, _)| *open);
            (*label, text.get(*begin..end).unwrap_or_default().trim())
        })
        .collect();
    (prose.trim(), values)
}

impl Listing {
    /// Takes `Other Information` apart.
    pub(crate) fn other_information(&mut self, text: &str, line: u64) {
        let (prose, values) = labelled(text);
        self.prose(prose);
        for (label, value) in values {
            match label {
                "UK Sanctions List Ref" => {
                    let (reference, prose) = reference(value);
                    if self.unique_id.is_empty() {
                        reference.clone_into(&mut self.unique_id);
                    } else if self.unique_id != reference {
                        self.rest.push((label.to_owned(), reference.to_owned()));
                    }
                    self.prose(prose);
                }
                "UN Ref" => {
                    let (reference, prose) = reference(value);
                    self.un_reference.push(reference.to_owned());
                    self.prose(prose);
                }
                "UK Statement of Reasons" => self.reasons.push(value.to_owned()),
                "Gender" => self.genders.push(value.to_owned()),
                "Phone number" | "Tel" => self.phones.push(value.to_owned()),
                "Website" => self.websites.push(value.to_owned()),
                "Email address" => self.emails.push(value.to_owned()),
                "Type of entity" => self.entity_types.push(value.to_owned()),
                "Business Reg No" => self.registrations.push(value.to_owned()),
                "Parent company" => self.parents.push(value.to_owned()),
                "Subsidiaries" => self.subsidiaries.push(value.to_owned()),
                "IMO number" => self.imo_numbers.push(value.to_owned()),
                "Current owners" => self.owners.push(value.to_owned()),
                "Previous owners" => self.past_owners.push(value.to_owned()),
                "Flag of ship" => self.flags.push(value.to_owned()),
                "Previous flags" => self.past_flags.push(value.to_owned()),
                "Type of ship" => self.ship_types.push(value.to_owned()),
                "Tonnage of ship" => self.tonnages.push(value.to_owned()),
                "Length of ship" => self.lengths.push(value.to_owned()),
                "Year built" => self.built.push((value.to_owned(), line)),
                "Hull identification number" => self.hulls.push(value.to_owned()),
                "non-Latin script" => self.non_latin.push(value.to_owned()),
                label => self.rest.push((label.to_owned(), value.to_owned())),
            }
        }
    }

    /// Prose of the old list, which may begin with the reference of the United Nations.
    fn prose(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let lower = text.to_ascii_lowercase();
        if let Some(at) = lower.find("un ref") {
            let behind = text.get(at + "un ref".len()..).unwrap_or_default();
            let word =
                behind.trim_start_matches([':', '.', ' ']).split([' ', ')', ',', ';']).next().unwrap_or_default();
            let word = word.trim_end_matches('.');
            if word.contains('.') && word.bytes().any(|byte| byte.is_ascii_digit()) {
                self.un_reference.push(word.to_owned());
            }
        }
        if text.starts_with("Financial sanctions imposed") {
            self.measures.push(text.to_owned());
        }
        self.other.push(text.to_owned());
    }

    /// Writes the party that this is.
    pub(crate) fn write(&self, record: Record, id: String, gathered: &mut Gathered) {
        let schema = match self.kind.trim().to_lowercase().as_str() {
            "individual" => Schema::person(),
            "ship" | "vessel" => Schema::vessel(),
            _ => Schema::organization(),
        };
        let mut party = Party::new(record, id, schema, AUTHORITY);
        if !matches!(self.kind.trim().to_lowercase().as_str(), "individual" | "ship" | "entity") {
            party.note("kind", &self.kind);
        }
        self.write_names(&mut party);
        self.write_person(&mut party);
        self.write_contacts(&mut party);
        self.write_organization(&mut party);
        self.write_ship(&mut party);
        self.write_sanction(&mut party);
        for other in &self.other {
            party.note("", other);
        }
        for (label, text) in &self.rest {
            party.note(label, text);
        }
        for known in [&self.group_id, &self.unique_id] {
            let known = format!("gb-{known}");
            if known != "gb-" && known != party.entity.id {
                party.entity.referents.push(known);
            }
        }
        self.write_links(&party, gathered);
        party.finish(gathered);
    }

    fn write_names(&self, party: &mut Party) {
        let is_primary = |name: &Name| {
            let kind = name.kind.trim().to_lowercase();
            kind == "primary name" || kind == "prime alias"
        };
        let promoted = !self.names.iter().any(is_primary);
        for (place, name) in self.names.iter().enumerate() {
            let primary = is_primary(name) || (promoted && place == 0);
            let property = if primary {
                "name"
            } else {
                match (name.quality.to_lowercase().contains("low"), letters(&name.kind).as_str()) {
                    (true, _) => "weakAlias",
                    (false, "fka") => "previousName",
                    _ => "alias",
                }
            };
            let parts: Vec<&str> = name.parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
            party.add(property, &parts.join(" "));
            if primary && party.is_person() {
                let [first, second, third, fourth, fifth, family] = &name.parts;
                party.add("firstName", first);
                party.add("secondName", second);
                for part in [third, fourth, fifth] {
                    party.add("middleName", part);
                }
                party.add("lastName", family);
            }
        }
        for name in self.non_latin.iter().flat_map(|name| items(name)) {
            party.add("alias", name);
        }
        for script in &self.scripts {
            party.note("script of the name", script);
        }
    }

    fn write_person(&self, party: &mut Party) {
        let person = party.is_person();
        for title in &self.titles {
            party.add(if person { "title" } else { "notes" }, title);
        }
        for (birth, line) in &self.births {
            party.record.line = *line;
            for item in items(birth) {
                party.born("DOB", item, AUTHORITY.order);
            }
        }
        for (town, country) in &self.birth_places {
            let (towns, lands) = (items(town), items(country));
            if towns.len() == lands.len() {
                for (town, land) in towns.iter().zip(&lands) {
                    party.birth_place(&[town], land.trim_end_matches('.'));
                }
            } else {
                let only = if let [one] = lands.as_slice() { *one } else { "" };
                for town in &towns {
                    party.birth_place(&[town], only);
                }
                if lands.len() != 1 || towns.is_empty() {
                    for land in &lands {
                        party.birth_place(&[], land.trim_end_matches('.'));
                    }
                }
            }
        }
        for nationality in self.nationalities.iter().flat_map(|text| items(text)) {
            party.country("nationality", "nationality", nationality);
        }
        for position in self.positions.iter().flat_map(|text| items(text)) {
            party.add(if person { "position" } else { "notes" }, position);
        }
        for gender in &self.genders {
            party.gender(gender);
        }
        for passport in &self.passports {
            write_numbered(party, "passport", passport);
        }
        for number in &self.national_ids {
            write_numbered(party, "national identification number", number);
        }
    }

    fn write_contacts(&self, party: &mut Party) {
        for address in &self.addresses {
            let parts: Vec<&str> = address.parts.iter().map(String::as_str).collect();
            let lands = items(&address.country);
            match lands.as_slice() {
                [one] => party.address(&parts, one),
                [] => party.address(&parts, ""),
                several => {
                    party.address(&parts, &address.country);
                    for land in several {
                        party.country("country", "country", land);
                    }
                }
            }
        }
        let legal = party.entity.schema.is_a(Schema::legal_entity());
        for (property, texts) in [("phone", &self.phones), ("website", &self.websites), ("email", &self.emails)] {
            for part in texts.iter().flat_map(|text| items(text)).flat_map(|text| contacts(property, text)) {
                let reaches = match property {
                    "phone" => part.contains(|c: char| c.is_ascii_digit()),
                    "email" => part.contains('@'),
                    _ => true,
                };
                if legal && reaches { party.add(property, part) } else { party.note(property, part) }
            }
        }
    }

    fn write_organization(&self, party: &mut Party) {
        for text in &self.entity_types {
            if party.entity.schema.is_a(Schema::organization()) {
                party.add("legalForm", text);
            } else {
                party.note("type of entity", text);
            }
        }
        for text in &self.registrations {
            for item in items(text) {
                party.registers(item);
            }
        }
    }

    fn write_ship(&self, party: &mut Party) {
        let vessel = party.entity.schema == Schema::vessel();
        for text in self.imo_numbers.iter().flat_map(|text| items(text)) {
            let digits = text.trim_start_matches(|c: char| !c.is_ascii_digit());
            let digits: String = digits.chars().take_while(char::is_ascii_digit).collect();
            if digits.is_empty() || party.is_person() {
                party.note("IMO number", text);
            } else {
                party.add("imoNumber", &digits);
            }
        }
        for (label, property, texts) in
            [("flag of ship", "flag", &self.flags), ("previous flags", "pastFlags", &self.past_flags)]
        {
            for text in texts.iter().flat_map(|text| items(text)) {
                let lands = countries(text);
                if !vessel || lands.is_empty() {
                    party.note(label, text);
                } else {
                    for land in lands {
                        party.add(property, land.code());
                    }
                }
            }
        }
        for (label, property, texts) in
            [("type of ship", "type", &self.ship_types), ("tonnage of ship", "tonnage", &self.tonnages)]
        {
            for text in texts {
                if vessel { party.add(property, text) } else { party.note(label, text) }
            }
        }
        for text in &self.lengths {
            party.note("length of ship", text);
        }
        for (text, line) in &self.built {
            party.record.line = *line;
            if vessel {
                party.dates("buildDate", "year built", text, AUTHORITY.order);
            } else {
                party.note("year built", text);
            }
        }
        for text in &self.hulls {
            if vessel {
                party.add("registrationNumber", text);
            }
            party.note("hull identification number", text);
        }
    }

    fn write_sanction(&self, party: &mut Party) {
        for regime in &self.regimes {
            party.programme(regime);
        }
        for reference in &self.un_reference {
            party.of_sanction("unscId", reference);
        }
        party.of_sanction("authorityId", &self.unique_id);
        party.of_sanction("recordId", &self.group_id);
        for reason in &self.reasons {
            party.of_sanction("reason", reason);
        }
        for measure in self.measures.iter().flat_map(|text| text.split('|')) {
            party.of_sanction("provisions", measure);
        }
        for source in &self.sources {
            party.of_sanction("summary", &format!("designation source: {source}"));
        }
        for (property, field, days) in [
            ("listingDate", "Listed On", &self.listed_on),
            ("startDate", "Date Designated", &self.designated),
            ("modifiedAt", "Last Updated", &self.updated),
        ] {
            for (day, line) in days {
                party.record.line = *line;
                party.sanction_date(property, field, day, AUTHORITY.order);
            }
        }
    }

    fn write_links(&self, party: &Party, gathered: &mut Gathered) {
        for (kind, role, texts) in [
            (LinkKind::OwnedBy, "Parent company", &self.parents),
            (LinkKind::Owns, "Subsidiaries", &self.subsidiaries),
            (LinkKind::OwnedBy, "Current owner/operator", &self.owners),
            (LinkKind::Other, "Previous owner/operator", &self.past_owners),
        ] {
            for name in texts.iter().flat_map(|text| items(text)).flat_map(|text| text.split([';', '\n'])) {
                let name = name.trim().trim_end_matches('.');
                if !is_nothing(name) {
                    gathered.link(Link {
                        from: party.entity.id.clone(),
                        to: name.to_owned(),
                        kind,
                        role: role.to_owned(),
                        remark: String::new(),
                        origin: party.origin().clone(),
                    });
                }
            }
        }
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect()
}

/// `RUS0251. Financial sanctions …` is a reference and prose.
fn reference(text: &str) -> (&str, &str) {
    let end = text.find([' ', '\n']).unwrap_or(text.len());
    let (reference, prose) = text.split_at_checked(end).unwrap_or((text, ""));
    (reference.trim_end_matches(['.', ',', ';']), prose.trim())
}

fn write_numbered(party: &mut Party, label: &str, numbered: &Numbered) {
    let (numbers, details) = (items(&numbered.number), items(&numbered.details));
    let paired = numbers.len() == details.len() && numbers.len() > 1;
    for (place, number) in numbers.iter().enumerate() {
        let said = if paired { details.get(place).copied().unwrap_or_default() } else { numbered.details.trim() };
        // The old list has number and details in one text.
        let prose = if said.is_empty() { number } else { said };
        let own = prose.to_lowercase();
        let label = if own.contains("identi") || own.contains("driving") { "" } else { label };
        let country = countries(prose).into_iter().next().map(Country::code).unwrap_or_default();
        party.document(number, &Document { label, country, remark: said, ..Document::default() }, AUTHORITY.order);
    }
    if numbers.is_empty() && !numbered.details.trim().is_empty() {
        party.note(label, &numbered.details);
    }
}

/// Several addresses or numbers of one text, parted by `;`, a line end, a full stop and a blank, and, as none holds one, by
/// blanks: `850-2-18111. 850-2-18111-8642`, `and a@b.com. c@d.com`. A number of a telephone may hold blanks.
fn contacts<'t>(property: &str, text: &'t str) -> Vec<&'t str> {
    let parts = text.split([';', '\n']).flat_map(|part| part.split(". "));
    let words = parts.flat_map(|part| match property {
        "phone" => vec![part],
        _ => part.split_whitespace().collect(),
    });
    words.map(|part| part.trim().trim_end_matches(['.', ','])).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_parted_at_known_labels_only() {
        let (prose, values) = labelled("A (note): b. (Gender):Male (Website):x.ru");
        assert_eq!(prose, "A (note): b.");
        assert_eq!(values, [("Gender", "Male"), ("Website", "x.ru")]);
    }

    #[test]
    fn references_are_taken_out_of_the_prose() {
        let mut listing = Listing::default();
        listing.other_information("(UK Sanctions List Ref):DPR0100. (UN Ref):KPe.018. An academy. (Gender):Male", 3);
        assert_eq!(listing.unique_id, "DPR0100");
        assert_eq!(listing.un_reference, ["KPe.018"]);
        assert_eq!(listing.other, ["An academy."]);
        let mut old = Listing::default();
        old.other_information("UN Ref QDe.004. Emir for the eastern zone.", 3);
        assert_eq!(old.un_reference, ["QDe.004"]);
        assert_eq!(old.other.len(), 1);
    }
}
