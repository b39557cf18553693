//! `GET /healthz`, `GET /readyz`, `POST /updatez`, `GET /algorithms`, `GET /favicon.ico`.

use std::time::Duration;

use axum::Json as Body;
use axum::extract::{Extension, RawQuery, State};
use axum::http::{HeaderName, StatusCode, header};
use serde_json::{Value as Json, json};

use super::algorithms;
use super::params::Params;
use super::refusal::Refusal;
use crate::access::Caller;
use crate::app::App;
use crate::engine::Ended;
use crate::wire::troubles;

/// How often it is looked whether an update that somebody else asked for has ended.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The service runs.
pub(crate) async fn healthz() -> Body<Json> {
    Body(json!({"status": "ok"}))
}

/// The service can answer: `ok`, or `degraded` with what is wrong while a last good version serves; 503 with no version at all,
/// or when told to stop.
pub(crate) async fn readyz(State(app): State<App>) -> Result<Body<Json>, Refusal> {
    if app.engine.is_stopping() {
        return Err(Refusal::unready("stopping", "The service stops."));
    }
    let view = app.engine.view().ok_or_else(|| Refusal::unready("no-lists-yet", "Index not ready."))?;
    let troubles = troubles(&app.engine, &view);
    Ok(Body(if troubles.is_empty() {
        json!({"status": "ok"})
    } else {
        json!({"status": "degraded", "troubles": troubles})
    }))
}

/// A sign for the tab of a browser: no entry.
const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7.5" fill="#b3261e"/><path fill="#fff" d="M3 6.5h10v3H3z"/></svg>"##;

/// The icon, as a drawing whatever its name says: browsers go by the type.
pub(crate) async fn icon() -> ([(HeaderName, &'static str); 2], &'static str) {
    ([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")], ICON)
}

/// Names of algorithms.
pub(crate) async fn algorithms(State(app): State<App>) -> Body<Json> {
    Body(algorithms::list(&app.settings.algorithms))
}

/// Brings the lists up to date; in the background unless `sync` is said.
pub(crate) async fn updatez(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
) -> Result<Body<Json>, Refusal> {
    let mut params = Params::of(query.as_deref());
    let token = params.text("token").unwrap_or_default().to_owned();
    let sync = params.flag("sync", false);
    params.finish()?;
    may_update(&app, &caller, &token)?;
    match app.engine.begin_by_hand() {
        Err(Ended::Fixed) => {
            let said = "This service serves one file and has no lists to bring up to date.";
            return Err(Refusal::unready("nothing-to-update", said));
        }
        // One that runs already brings what this one would.
        Err(_) if sync => {
            while app.engine.is_updating() {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
            if app.engine.update_state().error.is_some() {
                return Err(update_failed());
            }
        }
        Err(_) => {}
        Ok(update) => {
            let update = tokio::task::spawn_blocking(move || {
                let ended = update.run();
                if let Ended::Failed(reason) = &ended {
                    tracing::error!(reason, "the lists could not be brought up to date");
                }
                ended
            });
            if sync && matches!(update.await.map_err(|_| crate::pool::Lost)?, Ended::Failed(_)) {
                return Err(update_failed());
            }
        }
    }
    Ok(Body(json!({"status": "ok"})))
}

fn update_failed() -> Refusal {
    Refusal::unready("update-failed", "The update failed; see the log. What served before goes on serving.")
}

/// Whether a caller, or who shows this token, may have the lists brought up to date: nobody may where no token is set and no key asked for.
pub(crate) fn may_update(app: &App, caller: &Caller, token: &str) -> Result<(), Refusal> {
    let is_right = app.settings.update_token.as_ref().is_some_and(|known| known.is(token));
    if is_right || caller.may_update() {
        Ok(())
    } else {
        Err(Refusal::Said(StatusCode::FORBIDDEN, "Invalid token.".to_owned()))
    }
}
