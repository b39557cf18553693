//! The starter list, compiled in: some parties written down as facts, so that the first command has an answer.
//!
//! Idea: `data/starter.tsv` holds one row a party and listing, each with the source of the fact; [`snapshot`] reads it into the same
//! kind of snapshot that full lists make. It is marked as a starter: its few entries clear nobody.
//! Cost: a few milliseconds.
#![forbid(unsafe_code)]

use std::collections::BTreeSet;

use interdict_model::{Country, Entity, ListId, ListIdError, Origin, Schema, merge_by_id};
use interdict_snapshot::{BuildError, Builder, ListMeta, Snapshot, SnapshotError};

/// Date of the starter list.
pub const DATE: &str = "2026-11-24";

/// The starter list cannot be read; a test reads it, so that this is never met.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StarterError {
    /// A row is misshapen.
    #[error("starter.tsv:{line}: {what}")]
    Row {
        /// 1-based.
        line: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// A list's name is no list id.
    #[error("starter.tsv")]
    List(#[from] ListIdError),
    /// No snapshot can be made of it.
    #[error("the starter list cannot be built")]
    Build(#[from] BuildError),
    /// The snapshot cannot be opened.
    #[error("the starter list cannot be opened")]
    Open(#[from] SnapshotError),
}

/// The starter list as a snapshot in memory.
pub fn snapshot() -> Result<Snapshot, StarterError> {
    let (entities, lists) = entities()?;
    let mut builder = Builder::new();
    builder.starter();
    for id in lists {
        let title = Some(format!("{id} (starter)"));
        builder.list(ListMeta {
            id,
            version: DATE.to_owned(),
            title,
            partial: Some("starter".to_owned()),
            stale: None,
            missing: None,
        });
    }
    for entity in merge_by_id(entities).entities {
        builder.entity(entity);
    }
    Ok(Snapshot::from_bytes(builder.build()?.bytes)?)
}

/// Parties and their listings, with the lists they stand on.
fn entities() -> Result<(Vec<Entity>, BTreeSet<ListId>), StarterError> {
    let mut entities = Vec::new();
    let mut lists = BTreeSet::new();
    for (at, text) in include_str!("../data/starter.tsv").lines().enumerate().filter(|(_, text)| !text.starts_with('#'))
    {
        let line = at + 1;
        let fail = |what| StarterError::Row { line, what };
        let fields: Vec<&str> = text.split('\t').collect();
        let [id, schema, name, aliases, country, list, program, listed, identifiers, source] = fields.as_slice() else {
            return Err(fail("a row has ten fields"));
        };
        if source.is_empty() || name.is_empty() {
            return Err(fail("a row names its party and the source of the fact"));
        }
        let schema = Schema::by_name(schema).ok_or_else(|| fail("the schema is not one of FollowTheMoney"))?;
        let country = Country::by_code(country).ok_or_else(|| fail("the country is no code"))?;
        let list = ListId::new(list)?;
        let origin = Origin::new(list.clone(), DATE, format!("{id} (starter.tsv:{line}; {source})"));
        let mut party = Entity::new(format!("starter-{id}"), schema);
        party.add("name", name, &origin);
        for alias in aliases.split('|') {
            party.add("alias", alias, &origin);
        }
        party.add(if schema == Schema::person() { "nationality" } else { "country" }, country.code(), &origin);
        for identifier in identifiers.split('|').filter(|identifier| !identifier.is_empty()) {
            let (property, value) =
                identifier.split_once('=').ok_or_else(|| fail("an identifier is property=value"))?;
            if schema.property(property).is_none() {
                return Err(fail("the schema lacks the property"));
            }
            party.add(property, value, &origin);
        }
        party.add("topics", if list.as_str().starts_with("us_bis") { "export.control" } else { "sanction" }, &origin);
        let mut sanction = Entity::new(format!("starter-{id}-sanction-{list}"), Schema::sanction());
        sanction.add("entity", &party.id, &origin);
        sanction.add("program", program, &origin);
        sanction.add("listingDate", listed, &origin);
        sanction.add("authorityId", source, &origin);
        entities.extend([party, sanction]);
        lists.insert(list);
    }
    Ok((entities, lists))
}

#[cfg(test)]
mod tests {
    use interdict_model::identifier::{IdentifierKind, check};
    use interdict_model::{DateSpan, PropertyType};

    use super::*;

    #[test]
    fn every_row_is_read_and_the_snapshot_says_that_it_is_a_starter() {
        let rows = include_str!("../data/starter.tsv").lines().filter(|line| !line.starts_with('#')).count();
        let snapshot = snapshot().unwrap();
        assert!(snapshot.meta().starter);
        assert_eq!(snapshot.meta().n_parties, rows as u64, "no two rows of one id as yet");
        assert!(rows >= 70);
    }

    #[test]
    fn dates_and_numbers_are_what_they_should_be() {
        for entity in entities().unwrap().0 {
            for (property, value) in entity.values_of(PropertyType::Date) {
                assert!(DateSpan::parse(&value.text).is_ok(), "{} {property:?} {}", entity.id, value.text);
            }
            for (property, value) in entity.values_of(PropertyType::Identifier) {
                if let Some(kind) = property.format().and_then(IdentifierKind::of_format) {
                    assert!(check(kind, &value.text), "{} {property:?} {}", entity.id, value.text);
                }
            }
        }
    }
}
