//! `GET /v2/listinfo`: which lists serve, how many parties each has, and when they were last looked for.

use axum::Json as Body;
use axum::extract::State;
use serde_json::{Map, Value as Json, json};

use super::refusal::Refusal;
use super::sources;
use crate::app::App;
use crate::counts::parties_by_list;
use crate::wire::{VERSION, troubles};

/// Answers the route.
pub(super) async fn get(State(app): State<App>) -> Result<Body<Json>, Refusal> {
    let view = app.view()?;
    let state = app.engine.update_state();
    let counting = view.clone();
    let counted = tokio::task::spawn_blocking(move || parties_by_list(&counting));
    let counts = counted.await.map_err(|_| crate::pool::Lost)??;
    let counts: Map<String, Json> =
        counts.into_iter().map(|(list, n)| (sources::name_of(&list).to_owned(), json!(n))).collect();
    let hashes: Map<String, Json> = view
        .meta()
        .lists
        .iter()
        // A version alone may stay while a file changes; with the snapshot's own hash it never does.
        .map(|list| {
            (sources::name_of(list.id.as_str()).to_owned(), json!(format!("{}@{}", list.version, view.snapshot.id())))
        })
        .collect();
    let started_at = state.started_at.unwrap_or(app.engine.started_at);
    // The lists that serve came with the last update that ended, or stood there when the service started.
    let ended_at = state.ended_at.unwrap_or(app.engine.started_at);
    let mut json = json!({
        "lists": counts,
        "listHashes": hashes,
        "startedAt": started_at.to_string(),
        "endedAt": ended_at.to_string(),
        "version": VERSION,
    });
    let troubles = troubles(&app.engine, &view);
    if let (Some(members), false) = (json.as_object_mut(), troubles.is_empty()) {
        members.insert("warnings".to_owned(), json!(troubles));
    }
    Ok(Body(json))
}
