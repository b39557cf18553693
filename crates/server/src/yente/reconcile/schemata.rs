//! Schemata and properties under the names that the protocol has for them: types, and properties named with their schema.

use interdict_model::{Property, PropertyType, Schema};
use serde_json::{Value as Json, json};

/// The schemata that can be reconciled against, by name.
pub(super) fn matchable() -> impl Iterator<Item = Schema> {
    Schema::all().filter(|schema| schema.matchable())
}

/// A schema as a type.
pub(super) fn json_of(schema: Schema) -> Json {
    json!({"id": schema.name(), "name": schema.plural(), "description": schema.label()})
}

/// The schema that a property stands on first: the one that extends no other which has it.
pub(super) fn owner(schema: Schema, property: Property) -> Schema {
    let holders = schema.ancestors().filter(|known| known.property(property.name()) == Some(property));
    holders.min_by_key(|known| known.ancestors().count()).unwrap_or(schema)
}

/// The property of a name with its schema (`Person:birthDate`) or without (`birthDate`), and the schema that has it.
pub(super) fn property(id: &str) -> Option<(Schema, Property)> {
    let Some((schema, name)) = id.split_once(':') else {
        // The commonest meaning first: what any thing, then any party, then any schema has.
        let mut schemata = [Schema::thing(), Schema::person(), Schema::company()].into_iter().chain(Schema::all());
        return schemata.find_map(|schema| Some((schema, schema.property(id)?)));
    };
    let schema = Schema::by_name(schema)?;
    Some((schema, schema.property(name)?))
}

/// Whether a property's values stand on the entity itself and say something without another one.
pub(super) fn is_plain(property: Property) -> bool {
    !property.is_stub() && property.kind() != PropertyType::Entity
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_known_with_and_without_their_schema() {
        let named = |id: &str| property(id).map(|(schema, property)| format!("{}:{}", schema.name(), property.name()));
        assert_eq!(named("Person:birthDate").as_deref(), Some("Person:birthDate"));
        assert_eq!(named("birthDate").as_deref(), Some("Person:birthDate"));
        assert_eq!(named("name").as_deref(), Some("Thing:name"));
        assert_eq!(named("imoNumber").as_deref(), Some("Company:imoNumber"));
        for unknown in ["", ":", "person:birthDate", "Person:", "Person:shoe", "Vessel:birthDate", "a:b:c"] {
            assert_eq!(named(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_property_belongs_to_the_schema_that_brought_it() {
        let owner_of = |schema: &str, name: &str| {
            let schema = Schema::by_name(schema).unwrap();
            owner(schema, schema.property(name).unwrap()).name()
        };
        assert_eq!(owner_of("Person", "birthDate"), "Person");
        assert_eq!(owner_of("Person", "name"), "Thing");
        assert_eq!(owner_of("Company", "leiCode"), "LegalEntity");
    }
}
