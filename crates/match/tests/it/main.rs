//! The matcher's laws, held against brute force and against judged sentences.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod cases;
mod explaining;
mod fields;
mod monotone;
mod recall;

use interdict_match::{Answer, Options, Query, Scratch, Screener};
use interdict_model::{Entity, ListId, Origin, Schema};
use interdict_snapshot::{Builder, ListMeta, Snapshot};

/// An entity with values.
fn entity(id: &str, schema: Schema, values: &[(&str, &str)]) -> Entity {
    let origin = Origin::new(ListId::new("a").unwrap(), "2026-11-24", format!("record {id}"));
    let mut entity = Entity::new(id, schema);
    for (property, value) in values {
        entity.add(property, value, &origin);
    }
    entity
}

fn snapshot_of(entities: impl IntoIterator<Item = Entity>) -> Snapshot {
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

fn screen(snapshot: &Snapshot, query: &Entity, threshold: f32, exhaustive: bool) -> Answer {
    let options = Options { threshold, limit: usize::MAX, exhaustive, ..Options::default() };
    Screener::new(snapshot).screen(&Query::of(query), &options, &mut Scratch::new()).unwrap()
}

/// Ids and scores, best first.
fn told(snapshot: &Snapshot, answer: &Answer) -> Vec<(String, f32)> {
    answer.matches.iter().map(|hit| (snapshot.party(hit.entity).unwrap().id.to_owned(), hit.scored.score)).collect()
}
