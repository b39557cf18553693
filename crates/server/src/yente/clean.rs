//! An example becomes a party: its values cleaned by their FollowTheMoney types, as yente does before it asks its index.
//!
//! What cannot be cleaned is dropped as yente drops it, but never in silence: each such value is told in `warnings`.
//! Source: the property types of FollowTheMoney 4 (country names to codes, also misspelt; dates whole or partial; telephone numbers in
//! E.164 form, which imply a country, as account numbers do; persons' names put together from their parts).

use interdict_batch::{MAX_VALUES, too_many_values};
use interdict_model::identifier::{IdentifierKind, check, normalize};
use interdict_model::{Country, Entity, ListId, Origin, PartialDate, Property, PropertyType, Schema};

use super::example::Example;
use super::phones;
use super::refusal::Refusal;

/// A party to be screened, with what of the example could not be used.
#[derive(Debug)]
pub(crate) struct Party {
    pub(crate) entity: Entity,
    pub(crate) warnings: Vec<String>,
    /// Values that are no country as they are written.
    n_misspelt: usize,
}

/// Where values of queries come from.
pub(crate) fn origin() -> Origin {
    let list = ListId::new("query").expect("the word is a list id");
    Origin::new(list, "", "")
}

/// Cleans an example; `name` says which it is where it has too many values.
///
/// # Errors
/// Its schema is unknown or cannot be matched, or it has more values than [`MAX_VALUES`].
pub(crate) fn party(name: &str, example: &Example) -> Result<Party, Refusal> {
    if example.properties.iter().map(|(_, values)| values.len().max(1)).sum::<usize>() > MAX_VALUES {
        return Err(Refusal::bad(format!("{name}: {}", too_many_values())));
    }
    let schema = Schema::by_name(&example.schema)
        .ok_or_else(|| Refusal::bad(format!("Cannot parse example entity: Unknown schema: '{}'", example.schema)))?;
    if !schema.matchable() && schema != Schema::thing() {
        return Err(Refusal::bad(format!("Cannot parse example entity: Non-matchable schema for query: {schema}")));
    }
    let mut party = Party {
        entity: Entity::new(example.id.clone().unwrap_or_default(), schema),
        warnings: Vec::new(),
        n_misspelt: 0,
    };
    if schema.name() == "Address" {
        let said = "an Address finds nobody: addresses count as a property of the parties that have them, and are not looked for alone";
        party.warnings.push(said.to_owned());
    }
    let origin = origin();
    for (name, values) in &example.properties {
        let Some(property) = schema.property(name).filter(|property| !property.is_stub()) else {
            party.warnings.push(format!("{schema} has no property `{name}`; it was passed over"));
            continue;
        };
        for value in values {
            party.add(property, value, &origin);
        }
    }
    party.name_of_parts(&origin);
    crate::observe::record::note_passed_over(party.warnings.len());
    Ok(party)
}

impl Party {
    fn add(&mut self, property: Property, value: &str, origin: &Origin) {
        let is_country = property.kind() == PropertyType::Country;
        let loosely = !is_country || Country::parse(value).is_some() || {
            self.n_misspelt += 1;
            self.n_misspelt <= MAX_MISSPELT
        };
        let cleaned = if loosely { clean(property, value) } else { Cleaned { text: None, country: None } };
        let Some(text) = cleaned.text else {
            if !value.trim().is_empty() {
                self.warnings.push(format!("`{}`: a value cannot be read and was passed over", property.name()));
            }
            return;
        };
        self.entity.add(property.name(), &text, origin);
        if let Some(country) = cleaned.country
            && self.entity.schema.property("country").is_some()
        {
            self.entity.add("country", country, origin);
        }
    }

    /// A person without a name is called by the parts of one.
    fn name_of_parts(&mut self, origin: &Origin) {
        let has_name = self.entity.values_of(PropertyType::Name).any(|(property, _)| {
            !matches!(property.name(), "firstName" | "secondName" | "middleName" | "fatherName" | "lastName")
        });
        if has_name || !self.entity.schema.is_a(Schema::person()) {
            return;
        }
        let mut names = vec![String::new()];
        for part in ["firstName", "secondName", "middleName", "fatherName", "lastName"] {
            let values = self.entity.get(part);
            if values.is_empty() {
                continue;
            }
            let longer = names.iter().flat_map(|name| values.iter().map(move |value| format!("{name} {}", value.text)));
            names = longer.take(MAX_COMBINED).collect();
        }
        for name in names {
            self.entity.add("alias", &name, origin);
        }
    }
}

/// Most names that are put together from parts: three of each of five would be 243.
const MAX_COMBINED: usize = 32;

/// Misspelt countries of a party that the nearest name is looked for: each look goes through all names of countries.
const MAX_MISSPELT: usize = 8;

/// A value after cleaning.
struct Cleaned {
    text: Option<String>,
    country: Option<&'static str>,
}

fn clean(property: Property, value: &str) -> Cleaned {
    let squeezed = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = |text: Option<String>| Cleaned { text, country: None };
    let some = Some(squeezed.clone()).filter(|text| !text.is_empty());
    match property.kind() {
        PropertyType::Country => plain(Country::parse_loosely(&squeezed).map(|country| country.code().to_owned())),
        PropertyType::Date => plain(date(&squeezed)),
        PropertyType::Gender => plain(gender(&squeezed).map(str::to_owned)),
        PropertyType::Phone => match phones::read(&squeezed) {
            Some((number, country)) => Cleaned { text: Some(number), country: Some(country) },
            None => plain(None),
        },
        PropertyType::Email => plain(some.filter(|text| {
            text.split_once('@')
                .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !text.contains(' '))
        })),
        PropertyType::Topic | PropertyType::Language => plain(some.map(|text| text.to_lowercase())),
        PropertyType::Identifier if property.format() == Some("iban") && check(IdentifierKind::Iban, &squeezed) => {
            let number = normalize(&squeezed);
            let country = number.get(..2).and_then(Country::by_code).map(Country::code);
            Cleaned { text: Some(number), country }
        }
        _ => plain(some),
    }
}

/// A date as FollowTheMoney takes it: a year, a month, a day, or a time whose day counts.
fn date(text: &str) -> Option<String> {
    let day = text.get(..10).filter(|_| text.as_bytes().get(10).is_some_and(|next| matches!(next, b'T' | b' ')));
    PartialDate::parse(day.unwrap_or(text)).map(|date| date.to_string())
}

fn gender(text: &str) -> Option<&'static str> {
    match text.to_lowercase().as_str() {
        "male" | "m" | "man" | "masculin" | "männlich" | "мужской" => Some("male"),
        "female" | "f" | "woman" | "féminin" | "weiblich" | "женский" => Some("female"),
        "other" | "o" | "d" | "divers" => Some("other"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(schema: &str, properties: &[(&str, &[&str])]) -> Party {
        let properties = properties
            .iter()
            .map(|(name, values)| ((*name).to_owned(), values.iter().map(|value| (*value).to_owned()).collect()))
            .collect();
        party("a", &Example { id: None, schema: schema.to_owned(), properties }).unwrap()
    }

    fn texts(party: &Party, name: &str) -> Vec<String> {
        party.entity.get(name).iter().map(|value| value.text.to_string()).collect()
    }

    #[test]
    fn values_are_cleaned_by_their_types() {
        let party = cleaned(
            "Person",
            &[
                ("name", &["  Ivan   Petrof "]),
                ("country", &["Russia", "Ruzzia", "Atlantis"]),
                ("birthDate", &["1970-01-02", "1 Jan 1970", "1971-03-04T10:00:00", "1972"]),
                ("phone", &["+44 20 7946 0958", "call me"]),
                ("gender", &["M"]),
                ("shoeSize", &["43"]),
            ],
        );
        assert_eq!(texts(&party, "name"), ["Ivan Petrof"]);
        assert_eq!(texts(&party, "country"), ["ru", "gb"]);
        assert_eq!(texts(&party, "birthDate"), ["1970-01-02", "1971-03-04", "1972"]);
        assert_eq!(texts(&party, "phone"), ["+442079460958"]);
        assert_eq!(texts(&party, "gender"), ["male"]);
        assert_eq!(party.warnings.len(), 4, "{:?}", party.warnings);
        assert!(!format!("{:?}", party.warnings).contains("call me"), "warnings name no values");
    }

    #[test]
    fn a_person_without_a_name_is_called_by_its_parts() {
        let party = cleaned("Person", &[("firstName", &["Ivan", "Vanya"]), ("lastName", &["Petrov"])]);
        assert_eq!(texts(&party, "alias"), ["Ivan Petrov", "Vanya Petrov"]);
        assert!(texts(&cleaned("Person", &[("name", &["A B"]), ("lastName", &["B"])]), "alias").is_empty());
    }

    #[test]
    fn an_account_number_implies_its_country() {
        let party = cleaned("BankAccount", &[("iban", &["DE89 3704 0044 0532 0130 00"])]);
        assert_eq!(
            (texts(&party, "iban"), texts(&party, "country")),
            (vec!["DE89370400440532013000".to_owned()], vec!["de".to_owned()])
        );
    }

    #[test]
    fn schemata_that_cannot_be_asked_are_refused_by_name() {
        let refused = |schema: &str| match party("a", &Example { schema: schema.to_owned(), ..Example::default() }) {
            Err(Refusal::Said(_, said)) => said,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused("Nope"), "Cannot parse example entity: Unknown schema: 'Nope'");
        assert!(refused("Sanction").contains("Non-matchable"));
        assert!(party("a", &Example { schema: "Thing".to_owned(), ..Example::default() }).is_ok());
    }
}
