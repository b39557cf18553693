//! A party that somebody asks about.
//!
//! Idea: a value that its type forbids, or that no such party has, is said and left out, so that a mistyped birth date does not keep a name
//! from being screened; a value that shows what the party is makes it so.

use std::collections::{BTreeSet, HashSet};

use interdict_match::{Query, QueryScratch};
use interdict_model::{Country, DateSpan, Entity, ListId, Origin, Property, PropertyType, Schema};
use interdict_snapshot::facts::{self, IdentifierFact};
use serde_json::Value as Json;

use crate::columns::Column;

/// A party to be screened.
#[derive(Clone, Debug)]
pub struct Party {
    /// What was said of it.
    pub entity: Entity,
    /// Schema whose entities are asked: the one that the user gave, also where a value showed what the party is.
    asks: Schema,
    /// Identifiers that the party's own schema has no property for.
    identifiers: Vec<IdentifierFact>,
}

impl Party {
    /// Makes `query` the query of this party.
    pub fn take_apart(&self, query: &mut Query, scratch: &mut QueryScratch) {
        query.retake(&self.entity, scratch);
        query.schema = self.asks;
        query.identifiers.extend(self.identifiers.iter().cloned());
    }
}

/// A schema by its name in any case, or by a word that customer files use.
pub fn parse_schema(text: &str) -> Option<Schema> {
    let lower = text.trim().to_lowercase();
    let meant = match lower.as_str() {
        "individual" | "natural person" | "p" => "Person",
        "entity" | "legal entity" | "legal person" => "LegalEntity",
        "corporate" | "firm" | "business" => "Company",
        "ship" => "Vessel",
        "aircraft" => "Airplane",
        "wallet" => "CryptoWallet",
        "organisation" => "Organization",
        _ => return Schema::all().find(|schema| schema.name().to_lowercase() == lower),
    };
    Schema::by_name(meant)
}

/// Most values of a party that is asked about, a property without any counted as one. An honest query has some dozens; the entity with the
/// most values in the published lists has some hundreds; each value costs time before and while the party is screened.
pub const MAX_VALUES: usize = 1000;

/// What is said of a party with more values than that.
pub fn too_many_values() -> String {
    format!("more than {MAX_VALUES} values, which is the most that one query may have; ask several")
}

/// Stands for an identifier of unknown kind; it meets every value of identifier type.
pub const ANY_IDENTIFIER: &str = "any";

/// Builds the party of a query.
#[derive(Debug)]
pub struct PartyBuilder {
    party: Entity,
    asks: Schema,
    identifiers: Vec<IdentifierFact>,
    /// Comparable forms of the identifiers of unknown kind.
    known: HashSet<String>,
    n_given: usize,
    origin: Origin,
}

impl PartyBuilder {
    /// A party of whom nothing is known but what it is; `Thing` where that is not said.
    pub fn new(id: &str, schema: Schema) -> PartyBuilder {
        let list = ListId::new("query").expect("a constant that is a list id");
        let origin = Origin::new(list, "", id);
        PartyBuilder {
            party: Entity::new(id, schema),
            asks: schema,
            identifiers: Vec::new(),
            known: HashSet::new(),
            n_given: 0,
            origin,
        }
    }

    /// Counts a value that is given; what comes beyond [`MAX_VALUES`] is not looked at, and [`PartyBuilder::finish`] refuses the party.
    pub(crate) fn may_take(&mut self) -> bool {
        self.n_given += 1;
        self.n_given <= MAX_VALUES
    }

    /// Adds a value. A value that its type forbids is an error; a property that the schema lacks makes the schema one that has
    /// it where the party may be one (a `Thing` with a birth date is a person), and is an error else.
    pub fn add(&mut self, property: &str, value: &str) -> Result<(), String> {
        if !self.may_take() {
            return Ok(());
        }
        if property == ANY_IDENTIFIER {
            // Wallets, e-mail addresses and telephone numbers have comparable forms of their own.
            for kind in ["registrationNumber", "publicKey", "email", "phone"] {
                let fact = identifier_elsewhere(kind).and_then(|kind| facts::identifier(kind, value));
                self.identifiers.extend(fact.filter(|fact| self.known.insert(fact.key.clone())));
            }
            return Ok(());
        }
        if self.party.schema.property(property).is_none() {
            if let Some(identifier) = identifier_elsewhere(property) {
                self.identifiers.extend(facts::identifier(identifier, value));
                return Ok(());
            }
            match nearer_schema(self.party.schema, property) {
                Some(schema) => self.party.set_schema(schema),
                None => return Err(format!("{property}: a {} has no such property", self.party.schema)),
            }
        }
        let kind = self.party.schema.property(property).map(Property::kind);
        match kind {
            Some(PropertyType::Date) => {
                DateSpan::parse(value).map_err(|error| format!("{property}: {error}"))?;
            }
            Some(PropertyType::Country) if Country::parse(value).is_none() => {
                return Err(format!("{property}: {value:?} is no country; expected a code such as `ru` or a name"));
            }
            _ => {}
        }
        self.party.add(property, value, &self.origin);
        Ok(())
    }

    /// Adds a value if it can be used; else its fault joins `ignored`: a mistyped birth date must not keep a name from being
    /// screened.
    pub(crate) fn add_or_ignore(&mut self, property: &str, value: &str, ignored: &mut Vec<String>) {
        if let Err(reason) = self.add(property, value) {
            ignored.push(reason);
        }
    }

    /// The party, if anything in it can find somebody.
    pub fn finish(self) -> Result<Party, String> {
        let PartyBuilder { party, asks, identifiers, n_given, .. } = self;
        if n_given > MAX_VALUES {
            return Err(too_many_values());
        }
        if facts::names(&party).is_empty() && facts::identifiers(&party).is_empty() && identifiers.is_empty() {
            return Err("neither a name nor an identifier: there is nothing to screen".to_owned());
        }
        Ok(Party { entity: party, asks, identifiers })
    }
}

/// The property of that name, on whatever schema, if it holds an identifier, an e-mail address or a telephone number.
fn identifier_elsewhere(name: &str) -> Option<Property> {
    let finds = |property: &Property| {
        matches!(property.kind(), PropertyType::Identifier | PropertyType::Email | PropertyType::Phone)
    };
    Schema::all().filter_map(|schema| schema.property(name)).find(finds)
}

/// The schema that a party of a wide schema must be if it has a property.
fn nearer_schema(schema: Schema, property: &str) -> Option<Schema> {
    let preferred =
        ["LegalEntity", "Person", "Organization", "Company", "Vessel", "Airplane", "Vehicle", "CryptoWallet"];
    let narrower = preferred.into_iter().filter_map(Schema::by_name).chain(Schema::all());
    let mut narrower = narrower.filter(|other| other.matchable() && other.is_a(schema));
    narrower.find(|other| other.property(property).is_some())
}

/// The members of a JSON line that make a party.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The name of its schema, a text.
    pub schema: Option<&'a Json>,
    /// Its values by property: a text, a number, or several.
    pub properties: Option<&'a Json>,
}

/// A party from the members `schema` and `properties`. Properties that no schema has are noted in `unknown`, values that cannot
/// be used in `ignored`.
pub fn party_of_json(
    id: &str,
    given: Given<'_>,
    default: Schema,
    unknown: &mut BTreeSet<String>,
    ignored: &mut Vec<String>,
) -> Result<Party, String> {
    let Given { schema, properties } = given;
    let schema = match schema {
        None | Some(Json::Null) => default,
        Some(Json::String(name)) => parse_schema(name).ok_or_else(|| format!("schema: {name:?} is not a schema"))?,
        Some(_) => return Err("schema: expected a text".to_owned()),
    };
    let empty = serde_json::Map::new();
    let properties = match properties {
        Some(Json::Object(properties)) => properties,
        None | Some(Json::Null) => &empty,
        Some(_) => return Err("properties: expected an object".to_owned()),
    };
    let mut party = PartyBuilder::new(id, schema);
    for (name, values) in properties {
        let values = match values {
            Json::Array(values) => values.as_slice(),
            Json::Null => &[],
            single => std::slice::from_ref(single),
        };
        // A property without values costs the look for its name; one that has too many is not begun.
        if (values.is_empty() && !party.may_take()) || party.n_given + values.len() > MAX_VALUES {
            return Err(too_many_values());
        }
        let property = if Schema::all().any(|schema| schema.property(name).is_some()) {
            name.clone()
        } else if let (Column::Property(meant), _) = Column::of(name) {
            meant
        } else {
            if unknown.len() < 50 {
                unknown.insert(format!("properties.{name}"));
            }
            party.n_given += values.len();
            continue;
        };
        for value in values {
            match value {
                Json::String(text) if text.trim().is_empty() => {}
                Json::String(text) => party.add_or_ignore(&property, text, ignored),
                Json::Number(number) => party.add_or_ignore(&property, &number.to_string(), ignored),
                Json::Null => {}
                _ => return Err(format!("properties.{name}: expected texts")),
            }
        }
    }
    party.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_of_too_many_values_is_refused_whatever_they_are() {
        let built = |property: &str, n: usize| {
            let mut builder = PartyBuilder::new("q", Schema::person());
            let mut ignored = Vec::new();
            builder.add_or_ignore("name", "Ivan Petrov", &mut ignored);
            for at in 1..n {
                builder.add_or_ignore(property, &format!("X{at}"), &mut ignored);
            }
            builder.finish().map(|_| ())
        };
        for property in ["name", "birthDate", ANY_IDENTIFIER, "imoNumber", "nothing"] {
            assert_eq!(built(property, MAX_VALUES), Ok(()), "{property}");
            assert_eq!(built(property, MAX_VALUES + 1), Err(too_many_values()), "{property}");
        }
    }

    #[test]
    fn members_of_a_json_row_count_whether_they_are_known_or_not() {
        let party = |properties: Json| {
            let given = Given { schema: None, properties: Some(&properties) };
            party_of_json("q", given, Schema::thing(), &mut BTreeSet::new(), &mut Vec::new()).map(|_| ())
        };
        let of = |n: usize, value: Json| {
            let mut members: serde_json::Map<String, Json> =
                (1..n).map(|at| (format!("x{at}"), value.clone())).collect();
            members.insert("name".to_owned(), Json::from("Ivan Petrov"));
            Json::Object(members)
        };
        for value in [Json::Null, Json::from("a"), Json::Array(Vec::new())] {
            assert_eq!(party(of(100, value.clone())), Ok(()));
            assert_eq!(party(of(MAX_VALUES + 1, value)), Err(too_many_values()));
        }
    }
}
