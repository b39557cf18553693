//! What can be said of a party: the parameters, what their values must be, and of which types of entity they are said.

use interdict_model::{Country, PartialDate};

use super::kind::Kind;
use super::refusal::Refusal;

/// What a value must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Text,
    Date,
    Number,
    Country,
}

/// A parameter that says something of the party.
#[derive(Debug)]
pub(super) struct Fact {
    /// Its name, and others that it goes by.
    names: &'static [&'static str],
    form: Form,
    /// Whether it may be there several times.
    is_list: bool,
    /// The types that it is said of, with FollowTheMoney's property; for all types one entry without a type.
    of: &'static [(Option<Kind>, &'static str)],
}

impl Fact {
    /// Its name.
    pub(super) fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }

    /// The property that it is of a type.
    pub(super) fn property(&self, kind: Option<Kind>) -> Option<&'static str> {
        self.of.iter().find(|(of, _)| of.is_none() || *of == kind).map(|(_, property)| *property)
    }

    /// Whether a parameter is it.
    pub(super) fn is_named(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    /// Whether it may be there several times.
    pub(super) fn is_list(&self) -> bool {
        self.is_list
    }

    /// Whether it is said of every type.
    pub(super) fn is_of_all(&self) -> bool {
        self.of.iter().any(|(of, _)| of.is_none())
    }

    /// Whether a value can be used.
    pub(super) fn check(&self, value: &str) -> Result<(), Refusal> {
        let (fits, expected) = match self.form {
            Form::Text => (true, ""),
            Form::Date => (is_date(value), "is no date; give YYYY-MM-DD, YYYY-MM or YYYY"),
            Form::Number => (value.parse::<u32>().is_ok(), "is no whole number of tons; give digits alone"),
            Form::Country => (
                Country::parse_loosely(value).is_some(),
                "is no country that is known; give its ISO 3166 code or its English name",
            ),
        };
        if fits { Ok(()) } else { Err(Refusal::of(self.name(), expected)) }
    }
}

/// A day, month or year in Watchman's three forms; the calendar must have it.
fn is_date(text: &str) -> bool {
    matches!(text.len(), 4 | 7 | 10) && PartialDate::parse(text).is_some_and(|date| date.to_string() == text)
}

const fn fact(
    names: &'static [&'static str],
    form: Form,
    is_list: bool,
    of: &'static [(Option<Kind>, &'static str)],
) -> Fact {
    Fact { names, form, is_list, of }
}

const PERSON: Option<Kind> = Some(Kind::Person);
const BUSINESS: Option<Kind> = Some(Kind::Business);
const ORGANIZATION: Option<Kind> = Some(Kind::Organization);
const AIRCRAFT: Option<Kind> = Some(Kind::Aircraft);
const VESSEL: Option<Kind> = Some(Kind::Vessel);

/// All that is said of the party. Source: the parameters that Watchman's `/v2/search` reads.
pub(super) const FACTS: &[Fact] = &[
    fact(&["name"], Form::Text, false, &[(None, "name")]),
    fact(&["altNames"], Form::Text, true, &[(None, "alias")]),
    fact(&["gender"], Form::Text, false, &[(PERSON, "gender")]),
    fact(&["birthDate"], Form::Date, false, &[(PERSON, "birthDate")]),
    fact(&["deathDate"], Form::Date, false, &[(PERSON, "deathDate")]),
    fact(&["titles"], Form::Text, true, &[(PERSON, "title")]),
    fact(&["created"], Form::Date, false, &[(BUSINESS, "incorporationDate"), (ORGANIZATION, "incorporationDate")]),
    fact(&["dissolved"], Form::Date, false, &[(BUSINESS, "dissolutionDate"), (ORGANIZATION, "dissolutionDate")]),
    fact(&["aircraftType"], Form::Text, false, &[(AIRCRAFT, "type")]),
    fact(&["icaoCode"], Form::Text, false, &[(AIRCRAFT, "icaoCode")]),
    fact(&["serialNumber"], Form::Text, false, &[(AIRCRAFT, "serialNumber")]),
    fact(&["flag"], Form::Country, false, &[(VESSEL, "flag"), (AIRCRAFT, "country")]),
    fact(&["built"], Form::Date, false, &[(VESSEL, "buildDate"), (AIRCRAFT, "buildDate")]),
    fact(&["model"], Form::Text, false, &[(VESSEL, "model"), (AIRCRAFT, "model")]),
    fact(&["imoNumber"], Form::Text, false, &[(VESSEL, "imoNumber")]),
    fact(&["vesselType"], Form::Text, false, &[(VESSEL, "type")]),
    fact(&["mmsi"], Form::Text, false, &[(VESSEL, "mmsi")]),
    fact(&["callSign"], Form::Text, false, &[(VESSEL, "callSign")]),
    fact(&["owner"], Form::Text, false, &[(VESSEL, "owner")]),
    fact(&["tonnage"], Form::Number, false, &[(VESSEL, "tonnage")]),
    fact(&["grossRegisteredTonnage"], Form::Number, false, &[(VESSEL, "grossRegisteredTonnage")]),
    fact(&["email", "emailAddress", "emailAddresses"], Form::Text, true, &[(None, "email")]),
    fact(&["phone", "phoneNumber", "phoneNumbers"], Form::Text, true, &[(None, "phone")]),
    fact(&["fax", "faxNumber", "faxNumbers"], Form::Text, true, &[(None, "fax")]),
    fact(&["website", "websites"], Form::Text, true, &[(None, "website")]),
    fact(&["address", "addresses"], Form::Text, true, &[(None, "address")]),
    fact(&["cryptoAddress", "cryptoAddresses"], Form::Text, true, &[(None, "publicKey")]),
];
