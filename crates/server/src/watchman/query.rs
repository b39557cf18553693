//! From parameters to what is screened.

use axum::http::StatusCode;
use interdict_batch::{MAX_VALUES, too_many_values};
use interdict_match::Query;
use interdict_model::{Entity, Property, PropertyType, Schema};
use interdict_snapshot::facts::{self, IdentifierFact};
use serde_json::json;

use super::kind::Kind;
use super::params::Search;
use super::record::{GovernmentId, Record, Related};
use super::refusal::Refusal;
use super::related::{in_one_line, number_property};
use crate::shares::Asking;
use crate::yente::clean::{Party, origin, party};
use crate::yente::example::Example;

/// Who is asked for.
#[derive(Debug)]
pub(super) struct Asked {
    /// What is said of the party.
    party: Entity,
    /// The schema that is asked.
    schema: Schema,
    /// Numbers that the party's own schema has no property for.
    extra: Vec<IdentifierFact>,
    /// What is said of it beside the properties of its schema.
    related: Related,
    /// What was passed over.
    pub(super) warnings: Vec<String>,
}

/// Dates that are compared.
const COMPARED_DATES: &[&str] = &["birthDate", "incorporationDate", "buildDate"];

/// Who a request asks for.
pub(super) fn of(search: &Search) -> Result<Asked, Refusal> {
    let n_values = search.facts.iter().map(|(_, values)| values.len()).sum::<usize>() + search.government_ids.len();
    if n_values > MAX_VALUES {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, format!("the query: {}", too_many_values())));
    }
    let schema = search.carrier.map_or(Schema::thing(), Kind::schema);
    let mut example = Example { schema: schema.name().to_owned(), ..Example::default() };
    let mut related = Related::default();
    let mut extra: Vec<IdentifierFact> = Vec::new();
    let mut warnings = search.warnings.clone();
    let mut uncompared: Vec<&str> = Vec::new();
    let mut phones = Vec::new();
    for (fact, values) in &search.facts {
        let name = fact.property(search.carrier).unwrap_or_default();
        match (name, schema.property(name)) {
            ("publicKey", _) => {
                for value in values {
                    let (currency, address) = wallet(value);
                    related.wallets.push((currency.to_uppercase(), address.to_owned()));
                    extra.extend(identifier(Schema::crypto_wallet(), name, address));
                }
            }
            ("fax", _) => {
                related.faxes.clone_from(values);
                uncompared.push(fact.name());
            }
            ("owner", _) => {
                related.owner = values.join(", ");
                uncompared.push(fact.name());
            }
            // As they are given: yente's reading of a telephone number adds its country to the party, which nobody said here.
            ("phone", Some(_)) => phones.clone_from(values),
            (_, Some(property)) => {
                if !is_compared(property) {
                    uncompared.push(fact.name());
                }
                example.properties.push((name.to_owned(), values.clone()));
            }
            // Addresses and numbers of a party, whatever it is; a ship's own schema has none.
            ("email" | "phone", None) => {
                extra.extend(values.iter().filter_map(|value| identifier(Schema::legal_entity(), name, value)));
            }
            _ => uncompared.push(fact.name()),
        }
    }
    for id in &search.government_ids {
        let name = number_property(&id.kind);
        match schema.property(name) {
            Some(_) => example.properties.push((name.to_owned(), vec![id.number.clone()])),
            None => extra.extend(identifier(Schema::person(), name, &id.number)),
        }
        related.government_ids.push(GovernmentId {
            kind: id.kind.clone(),
            country: id.country.code().to_uppercase(),
            number: id.number.clone(),
        });
    }
    let Party { mut entity, warnings: of_party, .. } = party("the query", &example)?;
    warnings.extend(of_party);
    for phone in &phones {
        entity.add("phone", phone, &origin());
    }
    if !uncompared.is_empty() {
        warnings.push(format!("`{}`: kept in `query`, not compared", uncompared.join("`, `")));
    }
    related.addresses = in_one_line(&entity);
    let schema = search.kind.map_or(Schema::thing(), Kind::schema);
    Ok(Asked { party: entity, schema, extra, related, warnings })
}

impl Asking for Asked {
    fn n_values(&self) -> usize {
        self.party.n_values()
    }
}

impl Asked {
    /// The query; empty where nothing is said by which anybody could be found.
    pub(super) fn query(&self) -> Query {
        Query::of(&self.party).asking(self.schema).with_identifiers(self.extra.iter().cloned())
    }

    /// Wallets that are asked for.
    pub(super) fn n_wallets(&self) -> usize {
        self.related.wallets.len()
    }

    /// The query in the shape of the answers.
    pub(super) fn record(&self, search: &Search) -> Record<'_> {
        let source_data = self.party.to_ftm();
        Record {
            entity: &self.party,
            kind: search.carrier,
            entity_type: search.kind.map_or("", Kind::name),
            source_list: String::new(),
            source_id: String::new(),
            related: self.related.clone(),
            source_data: json!({"schema": source_data["schema"], "properties": source_data["properties"]}),
        }
    }
}

fn is_compared(property: Property) -> bool {
    match property.kind() {
        PropertyType::Name
        | PropertyType::Country
        | PropertyType::Gender
        | PropertyType::Identifier
        | PropertyType::Email
        | PropertyType::Phone
        | PropertyType::Address => true,
        PropertyType::Date => COMPARED_DATES.contains(&property.name()),
        _ => false,
    }
}

fn identifier(schema: Schema, property: &str, text: &str) -> Option<IdentifierFact> {
    facts::identifier(schema.property(property)?, text)
}

/// Currency and address of `XBT:address`, or of an address alone. What stands before a colon is a currency where it is as short as one:
/// addresses of some chains begin with the chain's name and a colon of their own.
fn wallet(text: &str) -> (&str, &str) {
    match text.split_once(':') {
        Some((currency, address))
            if (1..=6).contains(&currency.len()) && currency.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            (currency, address.trim())
        }
        _ => ("", text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        of(&Search::read(query).unwrap()).unwrap()
    }

    #[test]
    fn wallets_are_read_with_and_without_currency() {
        assert_eq!(wallet("XBT:1A1zP"), ("XBT", "1A1zP"));
        assert_eq!(wallet("1A1zP"), ("", "1A1zP"));
        assert_eq!(wallet("bitcoincash:qpm2q"), ("", "bitcoincash:qpm2q"));
    }

    #[test]
    fn a_fact_makes_no_type_of_a_query() {
        let person = asked("name=A+B&birthDate=1970");
        assert_eq!((person.query().schema, person.party.schema), (Schema::thing(), Schema::person()));
        let ship = asked("type=vessel&name=A&email=a@b.example&gov_passport=RU:1234567").query();
        assert_eq!((ship.schema.name(), ship.identifiers.len()), ("Vessel", 2));
    }

    #[test]
    fn who_says_nothing_asks_nobody() {
        for query in ["", "type=person", "birthDate=1970", "email=", "address=Main+Street", "minMatch=0.5", "name=%21"]
        {
            assert!(asked(query).query().is_empty(), "{query}");
        }
    }

    #[test]
    fn what_is_not_compared_is_told() {
        let told = asked("type=vessel&name=A+B&owner=C&vesselType=Tanker&fax=1").warnings.join(" ");
        assert_eq!(told, "`vesselType`, `owner`, `fax`: kept in `query`, not compared");
        assert!(asked("name=A+B&gender=male&altNames=C+D").warnings.is_empty());
    }
}
