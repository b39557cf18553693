//! Snapshots as their users meet them: built, opened, altered, compared.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod damage;
mod diffing;
mod reading;

use interdict_model::{Entity, ListId, Origin, Schema};
use interdict_snapshot::{Builder, ListMeta, Snapshot};

/// A list of that id and version.
fn list(id: &str, version: &str) -> ListMeta {
    ListMeta {
        id: ListId::new(id).unwrap(),
        version: version.to_owned(),
        title: None,
        partial: None,
        stale: None,
        missing: None,
    }
}

/// An entity with values, on list `a`.
fn entity(id: &str, schema: Schema, values: &[(&str, &str)]) -> Entity {
    let origin = Origin::new(ListId::new("a").unwrap(), "1", id);
    let mut entity = Entity::new(id, schema);
    for (property, value) in values {
        entity.add(property, value, &origin);
    }
    entity
}

/// A small world of parties, a wallet, a sanction and an ownership.
fn world() -> Vec<Entity> {
    vec![
        entity(
            "a-2",
            Schema::company(),
            &[("name", "Harbin Institute of Technology"), ("alias", "哈尔滨工业大学"), ("country", "cn")],
        ),
        entity(
            "a-1",
            Schema::person(),
            &[
                ("name", "Иванов Пётр"),
                ("weakAlias", "PETYA"),
                ("birthDate", "1961~"),
                ("nationality", "ru"),
                ("gender", "male"),
            ],
        ),
        entity("a-3", Schema::vessel(), &[("name", "OCEAN STAR 7"), ("imoNumber", "9187629"), ("flag", "pa")]),
        entity(
            "a-wallet",
            Schema::crypto_wallet(),
            &[("publicKey", "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h"), ("holder", "a-1")],
        ),
        entity("a-1-sanction", Schema::sanction(), &[("entity", "a-1"), ("program", "RUSSIA-EO14024")]),
        entity("a-own", Schema::ownership(), &[("owner", "a-1"), ("asset", "a-2")]),
    ]
}

fn bytes_of(entities: Vec<Entity>) -> Vec<u8> {
    let mut builder = Builder::new();
    builder.list(list("a", "1"));
    for entity in entities {
        builder.entity(entity);
    }
    builder.build().unwrap().bytes
}

fn snapshot_of(entities: Vec<Entity>) -> Snapshot {
    Snapshot::from_bytes(bytes_of(entities)).unwrap()
}
