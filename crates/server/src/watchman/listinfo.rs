//! `GET /v2/listinfo`: which lists serve, how many parties each has, and when they were last looked for.

use axum::Json as Body;
use axum::extract::State;
use interdict_model::Schema;
use interdict_search::EntitySet;
use interdict_snapshot::Corrupt;
use serde_json::{Map, Value as Json, json};

use super::refusal::Refusal;
use super::sources;
use crate::app::App;
use crate::view::{View, searched};
use crate::wire::{VERSION, troubles};

/// Answers the route.
pub(super) async fn get(State(app): State<App>) -> Result<Body<Json>, Refusal> {
    let view = app.view()?;
    let state = app.engine.update_state();
    let counting = view.clone();
    let counted = tokio::task::spawn_blocking(move || counts(&counting));
    let counts = counted.await.map_err(|_| crate::pool::Lost)??;
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

/// Parties by list: what is screened against, without addresses and wallets, which are parts of a party's record.
fn counts(view: &View) -> Result<Map<String, Json>, Corrupt> {
    let index = view.snapshot.search_index()?;
    let apart = ["Address", "CryptoWallet", "BankAccount", "UserAccount", "Position"];
    let names: Vec<&str> = Schema::all()
        .filter(|schema| schema.matchable())
        .map(Schema::name)
        .filter(|name| !apart.contains(name))
        .collect();
    let parties: EntitySet = searched(index.entities_with("schema", &names))?;
    let mut counts = Map::new();
    for list in &view.meta().lists {
        let mut of_list = searched(index.entities_with("datasets", &[list.id.as_str()]))?;
        of_list.and(&parties);
        counts.insert(sources::name_of(list.id.as_str()).to_owned(), json!(of_list.len()));
    }
    Ok(counts)
}
