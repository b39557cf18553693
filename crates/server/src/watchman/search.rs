//! `GET` and `POST /v2/search`: one party against the lists.
//!
//! Idea: the parameters become a query (`query`), the query is screened by the same matcher as any other, hits become records (`record`,
//! `related`), records are written in Watchman's shape or in Senzing's.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json as Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use interdict_batch::number::number;
use interdict_match::{Options, Worker};
use interdict_model::{Entity, Schema};
use interdict_snapshot::Corrupt;
use serde_json::{Map, Value as Json, json};

use super::kind::Kind;
use super::params::Search;
use super::record::Record;
use super::refusal::Refusal;
use super::{query, related, senzing, sources};
use crate::app::{App, Whole};
use crate::filter::Filter;
use crate::hits::{self, Hit};
use crate::shares::in_shares;
use crate::view::View;
use crate::yente::explanations;
use crate::yente::matching::LEAST_CUTOFF;
use interdict_batch::answer::list_json;

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Watchman,
    /// A list of Senzing's records.
    Senzing,
    /// One of them a line.
    SenzingLines,
}

/// `GET /v2/search`.
pub(super) async fn get(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    answer(&app, query.as_deref().unwrap_or_default(), &headers).await
}

/// `POST /v2/search`: its parameters stand in the address too, so that a body is one that somebody meant to be read.
pub(super) async fn post(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    Whole(body): Whole,
) -> Result<Response, Refusal> {
    if body.iter().any(|byte| !byte.is_ascii_whitespace()) {
        return Err(Refusal::of("body", "is not read; write the parameters into the address, as for GET"));
    }
    answer(&app, query.as_deref().unwrap_or_default(), &headers).await
}

async fn answer(app: &App, query: &str, headers: &HeaderMap) -> Result<Response, Refusal> {
    let search = Search::read(query)?;
    let format = Format::of(search.format.as_deref(), headers)?;
    let view = app.view()?;
    let mut asked = query::of(&search)?;
    let mut warnings = std::mem::take(&mut asked.warnings);
    let least = search.min_match.unwrap_or_default().max(LEAST_CUTOFF);
    let filter = sources::filter(&view, search.source.as_deref(), search.source_id.as_deref())?;
    if search.min_match.is_some_and(|least| least < LEAST_CUTOFF) {
        warnings.push(format!("scores below {LEAST_CUTOFF} are noise and not listed, whatever `minMatch` says"));
    }
    if view.meta().starter {
        warnings.push("the starter list serves, which clears nobody".to_owned());
    }
    let echo = Json::Object(asked.record(&search).json());
    let plan = Plan {
        options: filter.options(least, search.limit + asked.n_wallets()),
        limit: search.limit,
        format,
        debug: search.debug.then_some(search.debug_source_ids),
    };
    let serving = Arc::clone(&view);
    let answers = in_shares(&app.engine.pool, vec![asked], move |asked, worker| plan.answer(&serving, &asked, worker));
    let Found { entities, n_left_out } = answers.await?.into_iter().next().flatten().ok_or_else(nothing_to_ask)?;
    if n_left_out > 0 {
        warnings.push(format!("{n_left_out} names were left out, as there are too many"));
    }
    if format != Format::Watchman {
        return Ok(senzing_response(&view, &entities, format == Format::SenzingLines, &warnings));
    }
    let mut out = Map::new();
    out.insert("query".to_owned(), echo);
    out.insert("entities".to_owned(), Json::Array(entities));
    out.insert("lists".to_owned(), lists(&view, &filter));
    out.extend(search.request_id.map(|id| ("requestID".to_owned(), json!(id))));
    if !warnings.is_empty() {
        out.insert("warnings".to_owned(), json!(warnings));
    }
    Ok(Body(Json::Object(out)).into_response())
}

/// The lists that were asked, with their versions and what is wrong with them.
fn lists(view: &View, filter: &Filter) -> Json {
    view.lists(filter.lists).map(|(_, list)| list_json(list)).collect()
}

/// The refusal of a query that says nothing by which anybody could be found: its answer would clear somebody who was never asked for.
fn nothing_to_ask() -> Refusal {
    let said = "nothing to search for: give `name`, `altNames`, or a number such as `imoNumber`, `gov_passport` or `cryptoAddress`";
    Refusal::new(StatusCode::BAD_REQUEST, said)
}

/// How a query is answered.
#[derive(Clone, Debug)]
struct Plan {
    options: Options,
    limit: usize,
    format: Format,
    /// The records whose score is explained: those of these ids, all where there is none.
    debug: Option<Vec<String>>,
}

/// What was found.
#[derive(Debug)]
struct Found {
    entities: Vec<Json>,
    /// Names that were left out of the query.
    n_left_out: usize,
}

impl Plan {
    /// The hits as the answer has them; none where the query is empty.
    fn answer(&self, view: &View, asked: &query::Asked, worker: &mut Worker) -> Result<Option<Found>, Corrupt> {
        let query = asked.query();
        if query.is_empty() {
            return Ok(None);
        }
        let mut hits = hits::of(view, &query, &self.options, worker)?;
        let found: BTreeSet<String> = hits.iter().map(|hit| hit.shown.entity.id.clone()).collect();
        // A wallet is told with its holder, who is found by it as well; one that nobody holds stands for itself.
        hits.retain(|hit| {
            let entity = &hit.shown.entity;
            let is_held = entity.get("holder").iter().any(|holder| found.contains(&*holder.text));
            entity.schema != Schema::crypto_wallet() || !is_held
        });
        let entities = hits.iter().take(self.limit).map(|hit| self.written(view, hit)).collect::<Result<_, _>>()?;
        Ok(Some(Found { entities, n_left_out: query.n_left_out }))
    }

    /// A hit as the answer has it.
    fn written(&self, view: &View, hit: &Hit) -> Result<Json, Corrupt> {
        let entity = &hit.shown.entity;
        let list = list_of(view, entity, self.options.lists);
        let related = related::of(view, hit.ord, entity, &list)?;
        let kind = Kind::of(entity.schema);
        let record = Record {
            entity,
            kind,
            entity_type: kind.map_or("", Kind::name),
            source_list: sources::name_of(&list).to_owned(),
            source_id: related.source_id.clone().unwrap_or_else(|| entity.id.clone()),
            related,
            source_data: view.ftm(entity),
        };
        if self.format != Format::Watchman {
            return Ok(senzing::of(&record, hit.score));
        }
        let mut json = record.json();
        json.insert("match".to_owned(), number(hit.score));
        let is_wanted =
            |ids: &Vec<String>| ids.is_empty() || ids.contains(&record.source_id) || ids.contains(&entity.id);
        if self.debug.as_ref().is_some_and(is_wanted) {
            json.insert("debug".to_owned(), explanations::of(&hit.why));
        }
        Ok(Json::Object(json))
    }
}

/// Lists that repeat what others publish first.
const CONSOLIDATED: &[&str] = &["us_csl"];

/// The list that an entity is told to stand on: the first of those that are asked, and of its publisher's own before one that repeats it.
fn list_of(view: &View, entity: &Entity, lists: u64) -> String {
    let holding = view.lists(lists).map(|(_, list)| &list.id).filter(|id| entity.datasets.contains(id));
    let first = holding.min_by_key(|id| CONSOLIDATED.contains(&id.as_str()));
    first.or(entity.datasets.first()).map(ToString::to_string).unwrap_or_default()
}

impl Format {
    /// The parameter counts more than the header.
    fn of(given: Option<&str>, headers: &HeaderMap) -> Result<Format, Refusal> {
        let named = |name: &str| match name {
            "watchman" => Some(Format::Watchman),
            "senzing" | "senzing/json" => Some(Format::Senzing),
            "senzing/jsonl" => Some(Format::SenzingLines),
            _ => None,
        };
        if let Some(given) = given {
            let expected = "is to be `watchman`, `senzing`, `senzing/json` or `senzing/jsonl`";
            return named(&given.to_ascii_lowercase()).ok_or_else(|| Refusal::of("format", expected));
        }
        let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|given| given.to_str().ok());
        let kinds = accepted.flat_map(|given| given.split(','));
        let mut kinds = kinds.map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
        Ok(kinds.find_map(|kind| named(&kind)).unwrap_or(Format::Watchman))
    }
}

/// Senzing's forms have no place beside the records: snapshot and warnings stand in headers.
fn senzing_response(view: &View, records: &[Json], lines: bool, warnings: &[String]) -> Response {
    let (kind, body) = if lines {
        let lines: Vec<String> = records.iter().map(|record| format!("{record}\n")).collect();
        ("application/jsonl", lines.concat())
    } else {
        ("application/json", Json::Array(records.to_vec()).to_string())
    };
    let mut response = ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], body).into_response();
    let said = [("x-interdict-snapshot", view.snapshot.id().to_owned()), ("x-interdict-warnings", warnings.join("; "))];
    for (name, text) in said {
        let ascii: String = text.chars().map(|c| if c == ' ' || c.is_ascii_graphic() { c } else { '?' }).collect();
        if let (false, Ok(value)) = (ascii.is_empty(), HeaderValue::from_str(&ascii)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
