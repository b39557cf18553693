//! One entity of all the records that carry its id.

use std::collections::BTreeMap;

use crate::entity::Entity;
use crate::schema::Schema;

/// Two records of one id that cannot be one entity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("id `{id}` stands for a {one} and for a {other}; the second was kept under `{renamed}`")]
pub struct MergeConflict {
    /// The id.
    pub id: String,
    /// Schema of the record that came first.
    pub one: Schema,
    /// Schema of the record that came later.
    pub other: Schema,
    /// Id that the later one is kept under.
    pub renamed: String,
}

/// What came of merging.
#[derive(Debug, Default)]
pub struct Merged {
    /// One entity an id, ascending by id.
    pub entities: Vec<Entity>,
    /// Records that had to be kept apart.
    pub conflicts: Vec<MergeConflict>,
}

/// Merges entities of equal id: values are united in the order they come, the schema is the nearer of the two where one
/// extends the other. Where neither does, both are kept, the later under a further id, and the conflict is told.
///
/// Cost: O(n log n) in entities.
pub fn merge_by_id(entities: impl IntoIterator<Item = Entity>) -> Merged {
    let mut by_id: BTreeMap<String, Entity> = BTreeMap::new();
    let mut conflicts = Vec::new();
    for mut entity in entities {
        let known = by_id.get(&entity.id).map(|known| known.schema);
        let Some(schema) = known else {
            by_id.insert(entity.id.clone(), entity);
            continue;
        };
        let Some(nearer) = nearer(schema, entity.schema) else {
            let renamed = (2..=usize::MAX)
                .map(|n| format!("{}-{}-{n}", entity.id, entity.schema.name().to_lowercase()))
                .find(|id| !by_id.contains_key(id))
                .expect("there are more numbers than entities");
            let id = std::mem::replace(&mut entity.id, renamed.clone());
            conflicts.push(MergeConflict { id, one: schema, other: entity.schema, renamed: renamed.clone() });
            by_id.insert(renamed, entity);
            continue;
        };
        if let Some(into) = by_id.get_mut(&entity.id) {
            into.set_schema(nearer);
            unite(into, entity);
        }
    }
    Merged { entities: by_id.into_values().collect(), conflicts }
}

fn nearer(one: Schema, other: Schema) -> Option<Schema> {
    if one.is_a(other) {
        Some(one)
    } else if other.is_a(one) {
        Some(other)
    } else if [one, other].iter().all(|schema| schema.is_a(Schema::legal_entity()) && *schema != Schema::person()) {
        // A company here and a public body there: both are organizations.
        Some(Schema::organization())
    } else {
        None
    }
}

fn unite(into: &mut Entity, from: Entity) {
    for (property, values) in &from.properties {
        for value in values.as_slice() {
            into.add(property.name(), &value.text, &value.origin);
        }
    }
    into.datasets.extend(from.datasets);
    for referent in from.referents {
        if !into.referents.contains(&referent) {
            into.referents.push(referent);
        }
    }
    for (name, member) in from.members {
        into.members.entry(name).or_insert(member);
    }
    for (name, values) in from.unknown_properties {
        into.unknown_properties.entry(name).or_insert(values);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ListId, Origin};

    fn entity(id: &str, schema: Schema, list: &str, name: &str) -> Entity {
        let mut entity = Entity::new(id, schema);
        entity.add("name", name, &Origin::new(ListId::new(list).unwrap(), "1", id));
        entity
    }

    #[test]
    fn records_of_one_party_become_one_entity_of_the_nearer_schema() {
        let merged = merge_by_id([
            entity("ofac-1", Schema::legal_entity(), "sdn", "A"),
            entity("ofac-1", Schema::company(), "csl", "A Ltd"),
        ]);
        assert_eq!(merged.entities.len(), 1);
        assert_eq!(merged.entities[0].schema, Schema::company());
        assert_eq!(merged.entities[0].get("name").len(), 2);
        assert_eq!(merged.entities[0].datasets.len(), 2);
    }

    #[test]
    fn a_person_and_a_ship_are_never_one() {
        let merged = merge_by_id([entity("x", Schema::person(), "a", "A"), entity("x", Schema::vessel(), "b", "B")]);
        assert_eq!(merged.entities.len(), 2);
        assert_eq!(merged.conflicts.len(), 1);
    }
}
