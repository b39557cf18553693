//! Made-up parties and snapshots of them, for all tests of this crate.

use interdict_model::{Entity, ListId, Origin, Schema};
use interdict_snapshot::{Builder, ListMeta, Snapshot};

/// An entity with values.
pub(crate) fn entity(id: &str, schema: Schema, values: &[(&str, &str)]) -> Entity {
    let origin = Origin::new(ListId::new("a").unwrap(), "2026-11-24", format!("record {id}"));
    let mut entity = Entity::new(id, schema);
    for (property, value) in values {
        entity.add(property, value, &origin);
    }
    entity
}

/// A snapshot of one list.
pub(crate) fn snapshot_of(entities: impl IntoIterator<Item = Entity>) -> Snapshot {
    let mut builder = Builder::new();
    let id = ListId::new("a").unwrap();
    builder.list(ListMeta {
        id,
        version: "2026-11-24".to_owned(),
        title: None,
        partial: None,
        stale: None,
        missing: None,
    });
    for entity in entities {
        builder.entity(entity);
    }
    Snapshot::from_bytes(builder.build().unwrap().bytes).unwrap()
}
