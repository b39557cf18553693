//! What changed from one snapshot to another.
//!
//! Idea: both hold their entities in ascending order of ids, so that one walk along both tells what was added and removed;
//! bodies of entities that stand in both are compared value by value, origins left out, so that a new version of a list
//! alone changes nothing.
//! Cost: unpacks both snapshots once.

use std::collections::BTreeSet;

use interdict_model::Entity;

use crate::error::Corrupt;
use crate::open::{EntityOrd, Snapshot};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Id of the entity.
    pub id: String,
    /// What to call it, in the newer snapshot where it is there.
    pub caption: String,
    /// Its schema.
    pub schema: &'static str,
    /// Lists that it stands on.
    pub datasets: Vec<String>,
    /// What happened.
    pub kind: ChangeKind,
}

/// What happened to an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Values changed, by property.
    Changed(Vec<PropertyChange>),
}

/// Values of one property that came and went. `schema` and `datasets` count as properties here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyChange {
    /// Name of the property.
    pub property: String,
    /// Values that are new.
    pub added: Vec<String>,
    /// Values that are gone.
    pub removed: Vec<String>,
}

/// All differences, ascending by id.
pub fn diff(old: &Snapshot, new: &Snapshot) -> Result<Vec<Change>, Corrupt> {
    let mut changes = Vec::new();
    let (mut at_old, mut at_new) = (0, 0);
    while at_old < old.n_entities() || at_new < new.n_entities() {
        let ours = (at_old < old.n_entities()).then(|| old.party(EntityOrd(at_old))).transpose()?;
        let theirs = (at_new < new.n_entities()).then(|| new.party(EntityOrd(at_new))).transpose()?;
        let order = match (&ours, &theirs) {
            (Some(ours), Some(theirs)) => ours.id.cmp(theirs.id),
            (Some(_), None) => std::cmp::Ordering::Less,
            _ => std::cmp::Ordering::Greater,
        };
        match order {
            std::cmp::Ordering::Less => {
                changes.push(change(&old.entity(EntityOrd(at_old))?, ChangeKind::Removed));
                at_old += 1;
            }
            std::cmp::Ordering::Greater => {
                changes.push(change(&new.entity(EntityOrd(at_new))?, ChangeKind::Added));
                at_new += 1;
            }
            std::cmp::Ordering::Equal => {
                let (before, after) = (old.entity(EntityOrd(at_old))?, new.entity(EntityOrd(at_new))?);
                let properties = property_changes(&before, &after);
                if !properties.is_empty() {
                    changes.push(change(&after, ChangeKind::Changed(properties)));
                }
                at_old += 1;
                at_new += 1;
            }
        }
    }
    Ok(changes)
}

fn change(entity: &Entity, kind: ChangeKind) -> Change {
    Change {
        id: entity.id.clone(),
        caption: entity.caption().to_owned(),
        schema: entity.schema.name(),
        datasets: entity.datasets.iter().map(ToString::to_string).collect(),
        kind,
    }
}

fn property_changes(before: &Entity, after: &Entity) -> Vec<PropertyChange> {
    let mut names: BTreeSet<&'static str> = BTreeSet::new();
    names.extend(before.properties().map(|(property, _)| property.name()));
    names.extend(after.properties().map(|(property, _)| property.name()));
    let mut changes = Vec::new();
    let mut compare = |property: &str, before: BTreeSet<String>, after: BTreeSet<String>| {
        if before != after {
            changes.push(PropertyChange {
                property: property.to_owned(),
                added: after.difference(&before).cloned().collect(),
                removed: before.difference(&after).cloned().collect(),
            });
        }
    };
    let texts = |entity: &Entity, name: &str| entity.get(name).iter().map(|value| value.text.to_string()).collect();
    let lists = |entity: &Entity| entity.datasets.iter().map(ToString::to_string).collect();
    compare("schema", [before.schema.to_string()].into(), [after.schema.to_string()].into());
    compare("datasets", lists(before), lists(after));
    for name in names {
        compare(name, texts(before, name), texts(after, name));
    }
    changes
}
