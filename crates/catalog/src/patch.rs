//! Deltas applied to a file of FollowTheMoney JSON lines.
//!
//! Idea: what all deltas together do to each id is worked out first, then the file is copied line by line: an entity that changed keeps
//! its place, one that went leaves none, what came stands at the end.
//! Invariant: every operation fits what was there: what is added was not there, what is changed or deleted was. So a delta for another
//! file than this one is noticed, not believed. Cost: memory for the deltas alone; one pass over the file.
//! Source: the deltas of OpenSanctions and yente, `{"op": "ADD|MOD|DEL", "entity": …}` a line.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};

use interdict_model::{Entity, ListId, Origin};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value as Json;

/// Deltas cannot be applied.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PatchError {
    #[error("delta {version}, line {line}: {reason}")]
    Delta { version: String, line: usize, reason: String },
    #[error("the last good version, line {line}: {reason}")]
    Base { line: usize, reason: String },
    #[error("the deltas do not belong to the last good version: {0:?} is {1}")]
    Unfit(String, &'static str),
    #[error("cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
}

/// What deltas did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Applied {
    pub(crate) added: u64,
    pub(crate) changed: u64,
    pub(crate) removed: u64,
}

/// What is to become of an id.
struct Change {
    /// Whether the file has it.
    in_base: bool,
    /// What it is in the end; nothing where it is deleted.
    line: Option<String>,
    /// Its place among all that the deltas name.
    order: usize,
    seen: bool,
}

/// Deltas in their order.
#[derive(Default)]
pub(crate) struct Changes {
    by_id: BTreeMap<String, Change>,
}

#[derive(Deserialize)]
struct Operation {
    op: String,
    entity: Json,
}

/// As much of a line of the file as must be known.
#[derive(Deserialize)]
struct Line {
    id: Option<String>,
    op: Option<IgnoredAny>,
}

impl Changes {
    /// Takes in the delta that leads to a version.
    pub(crate) fn add(&mut self, version: &str, list: &ListId, delta: impl BufRead) -> Result<(), PatchError> {
        let origin = Origin::new(list.clone(), version, version);
        for (at, line) in delta.lines().enumerate() {
            let fault = |reason: String| PatchError::Delta { version: version.to_owned(), line: at + 1, reason };
            let line = line?;
            if line.trim().is_empty() {
                continue;
            }
            let Operation { op, entity } = serde_json::from_str(&line).map_err(|error| fault(error.to_string()))?;
            let id = entity.get("id").and_then(Json::as_str).filter(|id| !id.is_empty());
            let id = id.ok_or_else(|| fault("the entity has no id".to_owned()))?.to_owned();
            if op != "DEL" {
                Entity::from_ftm_value(&entity, &origin).map_err(|error| fault(error.to_string()))?;
            }
            // Whether the entity must be there before it, and whether it is after it.
            let (before, after) = match op.as_str() {
                "ADD" => (false, true),
                "MOD" => (true, true),
                "DEL" => (true, false),
                _ => return Err(fault(format!("{op:?} is not ADD, MOD or DEL"))),
            };
            let order = self.by_id.len();
            let change =
                self.by_id.entry(id).or_insert_with(|| Change { in_base: before, line: None, order, seen: false });
            let is_there = if change.order == order { before } else { change.line.is_some() };
            if is_there != before {
                return Err(fault(format!("{op} of an entity that is {}there", if before { "not " } else { "" })));
            }
            change.line = after.then(|| entity.to_string());
        }
        Ok(())
    }

    /// Copies the file with the changes.
    pub(crate) fn apply(mut self, base: impl BufRead, out: &mut impl Write) -> Result<Applied, PatchError> {
        let mut applied = Applied::default();
        for (at, line) in base.lines().enumerate() {
            let fault = |reason: String| PatchError::Base { line: at + 1, reason };
            let line = line?;
            if line.trim().is_empty() {
                continue;
            }
            let Line { id, op } = serde_json::from_str(&line).map_err(|error| fault(error.to_string()))?;
            let id = id.filter(|_| op.is_none()).ok_or_else(|| fault("it is no entity".to_owned()))?;
            let Some(change) = self.by_id.get_mut(&id) else {
                writeln!(out, "{line}")?;
                continue;
            };
            if std::mem::replace(&mut change.seen, true) {
                return Err(fault(format!("{id:?} stands there twice")));
            }
            match &change.line {
                Some(line) => writeln!(out, "{line}")?,
                None => applied.removed += 1,
            }
            applied.changed += u64::from(change.line.is_some());
        }
        let mut came = Vec::new();
        for (id, change) in self.by_id {
            match (change.in_base, change.seen) {
                (true, false) => return Err(PatchError::Unfit(id, "changed by them and not in it")),
                (false, true) => return Err(PatchError::Unfit(id, "added by them and in it already")),
                (true, true) => {}
                (false, false) => came.extend(change.line.map(|line| (change.order, line))),
            }
        }
        came.sort_unstable();
        applied.added = came.len() as u64;
        for (_, line) in came {
            writeln!(out, "{line}")?;
        }
        out.flush()?;
        Ok(applied)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entity(id: &str, name: &str) -> String {
        format!(r#"{{"id":"{id}","schema":"Person","properties":{{"name":["{name}"]}}}}"#)
    }

    fn op(op: &str, id: &str, name: &str) -> String {
        format!(r#"{{"op":"{op}","entity":{}}}"#, entity(id, name))
    }

    /// The base with these deltas, each a text of lines.
    fn patched(base: &[String], deltas: &[String]) -> Result<(Vec<String>, Applied), String> {
        let mut changes = Changes::default();
        let list = ListId::new("own").unwrap();
        for (at, delta) in deltas.iter().enumerate() {
            changes.add(&format!("v{at}"), &list, delta.as_bytes()).map_err(|error| error.to_string())?;
        }
        let mut out = Vec::new();
        let applied = changes.apply(base.join("\n").as_bytes(), &mut out).map_err(|error| error.to_string())?;
        let text = String::from_utf8(out).unwrap();
        Ok((text.lines().map(str::to_owned).collect(), applied))
    }

    #[test]
    fn deltas_are_applied_in_their_order() {
        let base = [entity("a", "A"), entity("b", "B"), entity("c", "C")];
        let first = [op("MOD", "a", "A2"), r#"{"op":"DEL","entity":{"id":"b"}}"#.to_owned(), op("ADD", "z", "Z")];
        let second = [op("ADD", "b", "B3"), op("MOD", "z", "Z2"), op("ADD", "y", "Y"), String::new()];
        let third = [r#"{"op":"DEL","entity":{"id":"y"}}"#.to_owned(), op("MOD", "a", "A3")];
        let deltas = [first.join("\n"), second.join("\n"), third.join("\n")];
        let (lines, applied) = patched(&base, &deltas).unwrap();
        assert_eq!(lines, [entity("a", "A3"), entity("b", "B3"), entity("c", "C"), entity("z", "Z2")]);
        assert_eq!(applied, Applied { added: 1, changed: 2, removed: 0 });
        assert_eq!(patched(&base, &[]).unwrap().0, base);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let base = [entity("a", "A"), entity("b", "B")];
        let fault = |delta: &str| patched(&base, &[delta.to_owned()]).unwrap_err();
        for (delta, said) in [
            (op("ADD", "a", "A"), "in it already"),
            (op("MOD", "x", "X"), "not in it"),
            (op("DEL", "x", "X"), "not in it"),
            (op("PUT", "a", "A"), "\"PUT\""),
            (format!("{}\n{}", op("DEL", "a", "A"), op("MOD", "a", "A")), "line 2: MOD of an entity that is not there"),
            (format!("{}\n{}", op("ADD", "x", "X"), op("ADD", "x", "X")), "line 2: ADD of an entity that is there"),
            (r#"{"op":"ADD","entity":{"id":"x","schema":"Nonsense"}}"#.to_owned(), "line 1"),
            (r#"{"op":"DEL","entity":{}}"#.to_owned(), "no id"),
            ("{\"op\":".to_owned(), "line 1"),
            ("<html>".to_owned(), "line 1"),
        ] {
            let found = fault(&delta);
            assert!(found.contains(said), "{delta}: {found}");
        }
        let twice = [entity("a", "A"), entity("a", "A")];
        assert!(patched(&twice, &[op("MOD", "a", "B")]).unwrap_err().contains("twice"));
        assert!(patched(&["{".to_owned()], &[]).unwrap_err().contains("line 1"));
        assert!(patched(&[op("ADD", "a", "A")], &[]).unwrap_err().contains("no entity"));
    }
}
