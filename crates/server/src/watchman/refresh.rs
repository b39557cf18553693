//! `GET` and `POST /v2/data/refresh`: how the last update of the lists went, and another one.
//!
//! Watchman lets anybody begin an update; here whoever does shows the token that `/updatez` asks for, as `token`, and nobody can where no
//! token is set.

use axum::Json as Body;
use axum::extract::{Extension, RawQuery, State};
use axum::http::StatusCode;
use serde_json::{Value as Json, json};

use super::refusal::Refusal;
use crate::access::Caller;
use crate::app::App;
use crate::engine::{Ended, Engine, Trigger};
use crate::yente::ops::may_update;

/// `GET /v2/data/refresh`.
pub(super) async fn get(State(app): State<App>) -> Body<Json> {
    Body(state(&app.engine))
}

/// `POST /v2/data/refresh`.
pub(super) async fn post(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
) -> Result<(StatusCode, Body<Json>), Refusal> {
    let pairs = crate::pairs::read(query.as_deref().unwrap_or_default().as_bytes())
        .map_err(|error| Refusal::of("query string", error))?;
    if let Some((unknown, _)) = pairs.iter().find(|(name, _)| name != "token") {
        return Err(Refusal::of(unknown, "there is no such parameter; leave it out"));
    }
    let token = pairs.last().map(|(_, token)| token.as_str()).unwrap_or_default();
    may_update(&app, &caller, token).map_err(|_| {
        let said = "`token`: is not the token of updates; set one for this service and give it here";
        Refusal::new(StatusCode::FORBIDDEN, said)
    })?;
    let update = app.engine.begin_by_hand().map_err(|ended| match ended {
        Ended::Fixed => {
            Refusal::new(StatusCode::NOT_IMPLEMENTED, "this service serves one file and has no lists to fetch")
        }
        _ => Refusal::new(StatusCode::CONFLICT, "an update is running; GET /v2/data/refresh tells when it has ended"),
    })?;
    let state = state(&app.engine);
    drop(tokio::task::spawn_blocking(move || {
        if let Ended::Failed(reason) = update.run() {
            tracing::error!(reason, "the lists could not be brought up to date");
        }
    }));
    Ok((StatusCode::ACCEPTED, Body(state)))
}

fn state(engine: &Engine) -> Json {
    let is_running = engine.is_updating();
    let state = engine.update_state();
    // While one runs, what ended is the one before it.
    let ended_at = state.ended_at.filter(|_| !is_running);
    let word = match (is_running, ended_at, &state.error) {
        (true, ..) => "running",
        (false, None, _) => "idle",
        (false, Some(_), Some(_)) => "failed",
        (false, Some(_), None) => "succeeded",
    };
    let trigger = state.trigger.map(|trigger| match trigger {
        Trigger::Startup => "startup",
        Trigger::Scheduled => "scheduled",
        Trigger::Manual => "manual",
    });
    let took = state.started_at.zip(ended_at).map(|(start, end)| end.duration_since(start).as_millis());
    json!({
        "state": word,
        "trigger": trigger.unwrap_or_default(),
        "startedAt": state.started_at.map(|time| time.to_string()),
        "finishedAt": ended_at.map(|time| time.to_string()),
        "duration": took.map(|millis| duration(u64::try_from(millis).unwrap_or_default())).unwrap_or_default(),
        "lastError": state.error.unwrap_or_default(),
    })
}

/// A time as Go writes it: `2m3s`, `1.5s`, `350ms`.
fn duration(millis: u64) -> String {
    let (hours, minutes, rest) = (millis / 3_600_000, millis / 60_000 % 60, millis % 60_000);
    let seconds = {
        let (whole, part) = (rest / 1000, format!("{:03}", rest % 1000));
        let part = part.trim_end_matches('0');
        if part.is_empty() { format!("{whole}s") } else { format!("{whole}.{part}s") }
    };
    match (hours, minutes) {
        (0, 0) if millis == 0 => "0s".to_owned(),
        (0, 0) if rest < 1000 => format!("{rest}ms"),
        (0, 0) => seconds,
        (0, minutes) => format!("{minutes}m{seconds}"),
        (hours, minutes) => format!("{hours}h{minutes}m{seconds}"),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn times_are_written_as_go_writes_them() {
        for (millis, written) in [
            (0, "0s"),
            (350, "350ms"),
            (1_500, "1.5s"),
            (2_000, "2s"),
            (123_000, "2m3s"),
            (60_010, "1m0.01s"),
            (3_600_000, "1h0m0s"),
        ] {
            assert_eq!(duration(millis), written);
        }
    }
}
