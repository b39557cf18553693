//! What a line of the screening log tells: who asked what when, and what was found in which snapshot.

use std::sync::Arc;

use interdict_batch::number::number;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::{ScreeningLog, Text, Unwritten};
use crate::observe::record::{self, Record};
use crate::observe::screened::Screened;
use crate::view::View;

/// What a line tells.
#[derive(Debug)]
pub(crate) struct Account<'a> {
    pub(crate) record: &'a Record,
    pub(crate) key: Option<&'a str>,
    pub(crate) method: &'a str,
    pub(crate) route: &'a str,
    /// Path and query, as asked.
    pub(crate) target: Option<&'a str>,
    pub(crate) body: Option<&'a [u8]>,
    /// The status of the answer; none for a part of a stream or a job.
    pub(crate) status: Option<u16>,
    pub(crate) screened: &'a [Screened],
}

impl Account<'_> {
    /// The line, without its end.
    pub(crate) fn line(&self, view: &View, text: Text) -> String {
        let told = |name: &str, given: Option<&[u8]>| -> Option<(String, Json)> {
            let given = given?;
            Some(match text {
                Text::Whole => (name.to_owned(), json!(String::from_utf8_lossy(given))),
                Text::Hashed => (format!("{name}_sha256"), json!(sha256(given))),
            })
        };
        let mut line = Map::new();
        let now = crate::wire::now();
        line.insert("time".to_owned(), json!(now));
        line.insert("request_id".to_owned(), json!(self.record.id));
        line.insert("trace_id".to_owned(), json!(self.record.trace.id));
        line.insert("key_id".to_owned(), json!(self.key));
        line.insert("method".to_owned(), json!(self.method));
        line.insert("route".to_owned(), json!(self.route));
        line.insert("status".to_owned(), json!(self.status));
        line.extend(told("target", self.target.map(str::as_bytes)));
        line.extend(told("body", self.body));
        line.insert("snapshot".to_owned(), json!(view.snapshot.id()));
        let lists = view.meta().lists.iter().map(|list| (list.id.to_string(), json!(list.version)));
        line.insert("lists".to_owned(), Json::Object(lists.collect()));
        let bad =
            view.meta().lists.iter().filter_map(|list| Some((list.id.to_string(), json!(crate::wire::fault(list)?))));
        let bad: Map<String, Json> = bad.collect();
        if !bad.is_empty() {
            line.insert("degraded".to_owned(), Json::Object(bad));
        }
        let queries = self.screened.iter().map(|screened| {
            let mut query = Map::new();
            query.extend(told("query", screened.query.as_deref().map(str::as_bytes)));
            query.insert("threshold".to_owned(), number(screened.threshold));
            query.insert("n_scored".to_owned(), json!(screened.n_scored));
            let hits = screened.found.iter().map(|(ord, score)| {
                // The row itself where its id cannot be read: the damage is told elsewhere.
                let id =
                    view.snapshot.party(*ord).map_or_else(|_| format!("row {}", ord.0), |party| party.id.to_owned());
                json!({"id": id, "score": number(*score)})
            });
            query.insert("hits".to_owned(), hits.collect());
            Json::Object(query)
        });
        line.insert("queries".to_owned(), queries.collect());
        Json::Object(line).to_string()
    }
}

/// What the lines of a stream or a job have in common, each telling of a share of its rows.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    record: Arc<Record>,
    key: Option<String>,
    method: &'static str,
    route: &'static str,
    target: Option<String>,
}

impl Parts {
    /// Those of the request that is answered here, where an account is wanted.
    pub(crate) fn of_request(method: &'static str, route: &'static str, target: Option<String>) -> Option<Parts> {
        let record = record::current().filter(|record| record.in_full)?;
        let key = record.key();
        Some(Parts { record, key, method, route, target })
    }

    /// Those of a job; its id stands for the request's, its owner for who asked.
    pub(crate) fn of_job(id: &str, owner: Option<&str>) -> Parts {
        let record = Arc::new(Record::of_job(id));
        Parts { record, key: owner.map(str::to_owned), method: "", route: "job", target: None }
    }

    fn line(&self, view: &View, text: Text, screened: &[Screened]) -> String {
        let Parts { record, key, method, route, target } = self;
        let (key, target) = (key.as_deref(), target.as_deref());
        Account { record, key, method, route, target, body: None, status: None, screened }.line(view, text)
    }
}

impl ScreeningLog {
    /// Tells of a share of a stream.
    pub(crate) async fn write_part(&self, parts: &Parts, view: &View, screened: &[Screened]) -> Result<(), Unwritten> {
        if screened.is_empty() { Ok(()) } else { self.write(parts.line(view, self.text(), screened)).await }
    }

    /// Tells of a share of a job, on a thread that may block.
    pub(crate) fn write_part_blocking(
        &self,
        parts: &Parts,
        view: &View,
        screened: &[Screened],
    ) -> Result<(), Unwritten> {
        if screened.is_empty() { Ok(()) } else { self.write_blocking(parts.line(view, self.text(), screened)) }
    }
}

fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut out, byte| {
        // Writing into a string cannot fail.
        let _written = write!(out, "{byte:02x}");
        out
    })
}
