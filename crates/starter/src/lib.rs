//! The starter list, compiled in: some parties written down as facts, so that the first command has an answer.
//!
//! Idea: `data/starter.tsv` holds one row a party and listing, each with the source of the fact; [`snapshot`] reads it into the same
//! kind of snapshot that full lists make. It is marked as a starter: its few entries clear nobody.
//! Invariant: rows of one id are one party; each of its listings is a sanction of its own.
//! Cost: 25 ms a snapshot, release build, 382 rows; measured on two shared cores.
//! Source: `docs/starter.md` tells the lists, how many parties are from each, and how a row is added.
#![forbid(unsafe_code)]

mod list;
mod row;
#[cfg(test)]
mod tests;

use interdict_model::{Entity, ListId, ListIdError, merge_by_id};
use interdict_snapshot::{BuildError, Builder, ListMeta, Snapshot, SnapshotError};

use crate::list::LISTS;

/// Date of the starter list: when its rows were last held against the lists.
pub const DATE: &str = "2026-11-24";

const FILE: &str = include_str!("../data/starter.tsv");

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
    let mut builder = Builder::new();
    builder.starter();
    for list in LISTS {
        builder.list(ListMeta {
            id: ListId::new(list.id)?,
            version: DATE.to_owned(),
            title: Some(format!("{} (starter)", list.name)),
            partial: Some("starter".to_owned()),
            stale: None,
            missing: None,
        });
    }
    for entity in merge_by_id(entities()?).entities {
        builder.entity(entity);
    }
    Ok(Snapshot::from_bytes(builder.build()?.bytes)?)
}

/// Parties, their listings and their wallets, in the order of the file.
fn entities() -> Result<Vec<Entity>, StarterError> {
    let mut entities = Vec::new();
    for row in row::rows(FILE) {
        let row = row?;
        entities.extend(row.entities(&ListId::new(row.list.id)?));
    }
    Ok(entities)
}
