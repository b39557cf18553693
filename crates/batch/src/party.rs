//! A party that somebody asks about.
//!
//! Idea: a value that its type forbids, or that no such party has, is said and left out, so that a mistyped birth date does not keep a name
//! from being screened; a value that shows what the party is makes it so.

use std::collections::BTreeSet;

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

/// Stands for an identifier of unknown kind; it meets every value of identifier type.
pub const ANY_IDENTIFIER: &str = "any";

/// Builds the party of a query.
#[derive(Debug)]
pub struct PartyBuilder {
    party: Entity,
    asks: Schema,
    identifiers: Vec<IdentifierFact>,
    origin: Origin,
}

impl PartyBuilder {
    /// A party of whom nothing is known but what it is; `Thing` where that is not said.
    pub fn new(id: &str, schema: Schema) -> PartyBuilder {
        let list = ListId::new("query").expect("a constant that is a list id");
        let origin = Origin::new(list, "", id);
        PartyBuilder { party: Entity::new(id, schema), asks: schema, identifiers: Vec::new(), origin }
    }

    /// Adds a value. A value that its type forbids is an error; a property that the schema lacks makes the schema one that has
    /// it where the party may be one (a `Thing` with a birth date is a person), and is an error else.
    pub fn add(&mut self, property: &str, value: &str) -> Result<(), String> {
        if property == ANY_IDENTIFIER {
            // Wallets, e-mail addresses and telephone numbers have comparable forms of their own.
            for kind in ["registrationNumber", "publicKey", "email", "phone"] {
                let fact = identifier_elsewhere(kind).and_then(|kind| facts::identifier(kind, value));
                let known = |fact: &IdentifierFact| self.identifiers.iter().any(|known| known.key == fact.key);
                self.identifiers.extend(fact.filter(|fact| !known(fact)));
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
        let PartyBuilder { party, asks, identifiers, .. } = self;
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
        let property = if Schema::all().any(|schema| schema.property(name).is_some()) {
            name.clone()
        } else if let (Column::Property(meant), _) = Column::of(name) {
            meant
        } else {
            if unknown.len() < 50 {
                unknown.insert(format!("properties.{name}"));
            }
            continue;
        };
        let values = match values {
            Json::Array(values) => values.as_slice(),
            Json::Null => &[],
            single => std::slice::from_ref(single),
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
