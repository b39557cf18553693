//! `GET /v1/lists`: which lists serve, in which version, and what is wrong with them.

use axum::Json as Body;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::problem::Problem;
use crate::app::App;
use crate::counts::parties_by_list;
use crate::engine::Trigger;
use crate::wire::{VERSION, troubles};

/// The lists that serve.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListsAnswer {
    /// The lists, and the collections of them, as the manifest has them.
    pub lists: Vec<List>,
    /// The snapshot that serves: the hash of its content.
    pub snapshot: String,
    /// `ok`, or `degraded` where something is wrong.
    pub status: String,
    /// What is wrong.
    #[schema(value_type = Vec<Object>)]
    pub troubles: Vec<Json>,
    /// The last update.
    pub update: UpdateInfo,
    /// The version of the program.
    pub version: String,
}

/// A list, or a collection of lists.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct List {
    /// Its id: what `lists` and `exclude_lists` take.
    pub id: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// `fresh`, `stale` (newer data was refused), `partial`, `missing` (never had), `collection` or `off` (not loaded by the manifest).
    pub state: String,
    /// Why, where it is not fresh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Its version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Parties on it that are screened against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parties: Option<usize>,
    /// What a collection is of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<String>,
}

/// How updates went.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UpdateInfo {
    /// Whether one runs.
    pub running: bool,
    /// Why the last one began: `startup`, `scheduled` or `manual`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<String>,
    /// When it began, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// Why it failed, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Lists with their versions and freshness.
#[utoipa::path(get, path = "/v1/lists", tag = "lists",
    responses((status = 200, body = ListsAnswer), (status = "5XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn get(State(app): State<App>) -> Result<Body<ListsAnswer>, Problem> {
    let view = app.view()?;
    let counting = view.clone();
    let counted = tokio::task::spawn_blocking(move || parties_by_list(&counting));
    let counts = counted.await.map_err(|_| crate::pool::Lost)??;
    let meta = view.meta();
    let list = |entry: &interdict_catalog::Entry| {
        let id = entry.id.as_str();
        let held = meta.lists.iter().find(|list| list.id == entry.id);
        let (state, reason) = match held {
            Some(list) => match (&list.missing, &list.stale, &list.partial) {
                (Some(reason), ..) => ("missing", Some(reason.clone())),
                (None, Some(reason), _) => ("stale", Some(reason.clone())),
                (None, None, Some(reason)) => ("partial", Some(reason.clone())),
                (None, None, None) => ("fresh", None),
            },
            None if !entry.children.is_empty() && !entry.is_loaded => ("collection", None),
            None if entry.is_loaded => ("missing", Some("it was not loaded yet".to_owned())),
            None => ("off", None),
        };
        List {
            id: id.to_owned(),
            title: entry.title.clone(),
            state: state.to_owned(),
            reason,
            version: held.map(|list| list.version.clone()).filter(|version| !version.is_empty()),
            parties: counts.iter().find(|(list, _)| list == id).map(|(_, n)| *n),
            children: entry.children.iter().map(|child| child.as_str().to_owned()).collect(),
        }
    };
    let troubles = troubles(&app.engine, &view);
    let state = app.engine.update_state();
    let trigger = state.trigger.map(|trigger| match trigger {
        Trigger::Startup => "startup".to_owned(),
        Trigger::Scheduled => "scheduled".to_owned(),
        Trigger::Manual => "manual".to_owned(),
    });
    Ok(Body(ListsAnswer {
        lists: view.catalogue.entries().iter().map(list).collect(),
        snapshot: view.snapshot.id().to_owned(),
        status: if troubles.is_empty() { "ok" } else { "degraded" }.to_owned(),
        troubles,
        update: UpdateInfo {
            running: app.engine.is_updating(),
            trigger,
            started_at: state.started_at.map(|at| at.to_string()),
            ended_at: state.ended_at.map(|at| at.to_string()),
            error: state.error,
        },
        version: VERSION.to_owned(),
    }))
}
