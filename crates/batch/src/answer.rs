//! A row screened, and its answer as JSON.
//!
//! Source of the form: `screen --format jsonl`, which scripts read.

use std::time::{Duration, Instant};

use interdict_match::{Answer, Explanation, Match, Options, Screener, Worker, explain};
use interdict_snapshot::{Corrupt, ListMeta, Meta, Snapshot};
use serde_json::{Value as Json, json};

use crate::number::{number, shortest};
use crate::rows::Row;

/// Hits with their reasons where they were wanted, or why the row could not be screened.
pub type Found = Result<(Answer, Vec<Option<Explanation>>), String>;

/// A row and its answer.
#[derive(Debug)]
pub struct Screened<'r> {
    /// The row.
    pub row: &'r Row,
    /// Its answer.
    pub found: Found,
    /// From the parsed row to ranked hits; reasons not counted.
    pub took: Duration,
}

/// Screens a row. What an identifier stands on (`via`) is told also where nobody asked for reasons.
pub fn screen<'r>(
    row: &'r Row,
    snapshot: &Snapshot,
    options: &Options,
    explained: bool,
    worker: &mut Worker,
) -> Screened<'r> {
    let start = Instant::now();
    let mut took = Duration::ZERO;
    let found = found(row, snapshot, options, explained, worker, || took = start.elapsed());
    Screened { row, found, took }
}

fn found(
    row: &Row,
    snapshot: &Snapshot,
    options: &Options,
    explained: bool,
    worker: &mut Worker,
    ranked: impl FnOnce(),
) -> Found {
    let party = row.party.as_ref().map_err(Clone::clone)?;
    let Worker { query, query_scratch, scratch, answer } = worker;
    party.take_apart(query, query_scratch);
    // A name of which nothing can be read finds nobody, and says so.
    if query.is_empty() {
        return Err("nothing in the name can be read: it has neither letters nor digits".to_owned());
    }
    if query.n_left_out > 0 {
        let n = query.n_left_out;
        return Err(format!("{n} of its names are beyond what one query compares; give them as a row of their own"));
    }
    let screened = Screener::new(snapshot).screen_into(query, options, scratch, answer);
    ranked();
    let found = screened.and_then(|()| {
        let wanted = explained || !query.identifiers.is_empty();
        let mut reasons = Vec::new();
        for found in &answer.matches {
            reasons.push(if wanted { Some(explain(query, snapshot, found, scratch)?) } else { None });
        }
        Ok((answer.clone(), reasons))
    });
    found.map_err(|error| error.to_string())
}

/// How answers are written.
#[derive(Clone, Debug)]
pub struct Form<'a> {
    /// The snapshot that answered.
    pub snapshot: &'a Snapshot,
    /// Score from which a hit is a match.
    pub policy_threshold: f32,
    /// Whether hits have their reasons.
    pub explained: bool,
}

impl<'a> Form<'a> {
    /// The answer to a row: `id` with `hits`, `truncated` and `snapshot` where it is given, or with `error`; never an empty `hits` where a row was
    /// not screened.
    pub fn json(&self, answer: &Screened<'_>, snapshot: Option<&Json>) -> Result<Json, Corrupt> {
        let row = answer.row;
        let mut json = match &answer.found {
            Err(reason) => json!({"id": row.id, "error": {"line": row.line, "reason": reason}}),
            Ok((found, reasons)) => {
                let mut hits = Vec::new();
                for (hit, why) in found.matches.iter().zip(reasons) {
                    hits.push(self.hit_json(hit, why.as_ref())?);
                }
                json!({"id": row.id, "hits": hits, "truncated": found.truncated})
            }
        };
        if let Some(members) = json.as_object_mut() {
            if let (Ok(_), Some(snapshot)) = (&answer.found, snapshot) {
                members.insert("snapshot".to_owned(), snapshot.clone());
            }
            if !row.ignored.is_empty() {
                members.insert("ignored".to_owned(), json!(row.ignored));
            }
            if self.snapshot.meta().starter {
                members.insert("starter".to_owned(), json!(true));
            }
        }
        Ok(json)
    }

    fn hit_json(&self, hit: &Match, why: Option<&Explanation>) -> Result<Json, Corrupt> {
        let party = self.snapshot.party(hit.entity)?;
        let score = hit.scored.score;
        let mut json = json!({
            "id": party.id,
            "caption": party.caption,
            "schema": party.schema.name(),
            "datasets": self.datasets(hit)?,
            "score": number(score),
            "match": score >= self.policy_threshold,
        });
        if let Some(members) = json.as_object_mut() {
            let via = why.and_then(|why| why.fields.iter().find_map(|field| field.via.clone()));
            if let Some(via) = via {
                members.insert("via".to_owned(), json!(via));
            }
            if let (true, Some(why)) = (self.explained, why) {
                members.insert("explanation".to_owned(), shortest(why));
            }
        }
        Ok(json)
    }

    /// The lists that a hit stands on.
    pub fn datasets(&self, hit: &Match) -> Result<Vec<&'a str>, Corrupt> {
        let bits = self.snapshot.datasets(hit.entity)?;
        let lists = self.snapshot.meta().lists.iter().enumerate();
        Ok(lists.filter(|(at, _)| bits & (1 << at) != 0).map(|(_, list)| list.id.as_str()).collect())
    }
}

/// A snapshot as answers name it: its id, and all lists with what is wrong with them.
pub fn snapshot_json(id: &str, meta: &Meta) -> Json {
    json!({"id": id, "lists": meta.lists.iter().map(list_json).collect::<Vec<_>>()})
}

/// What is wrong with a list: a word for it, and why.
pub fn faults(list: &ListMeta) -> impl Iterator<Item = (&'static str, &String)> {
    let faults = [("stale", &list.stale), ("missing", &list.missing), ("partial", &list.partial)];
    faults.into_iter().filter_map(|(word, reason)| Some((word, reason.as_ref()?)))
}

/// A list as answers name it, with what is wrong with it.
pub fn list_json(list: &ListMeta) -> Json {
    let mut json = json!({"id": list.id, "version": list.version});
    if let Some(members) = json.as_object_mut() {
        members.extend(faults(list).map(|(word, reason)| (word.to_owned(), json!(reason))));
    }
    json
}
