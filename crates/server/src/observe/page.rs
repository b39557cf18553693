//! `GET /metrics`: what was counted, and what is true at the moment, in the text form of OpenMetrics 1.0, which Prometheus reads.

use std::sync::atomic::AtomicU64;
use std::time::SystemTime;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::Registry;

use super::process::Process;
use crate::app::App;
use crate::engine::Engine;
use crate::view::View;

/// The media type of OpenMetrics.
const KIND: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Answers the route; what it reads of files is read on a thread that may block.
pub(crate) async fn get(State(app): State<App>) -> Response {
    let page = tokio::task::spawn_blocking(move || page(&app.engine)).await;
    match page {
        Ok(Ok(page)) => ([(header::CONTENT_TYPE, KIND)], page).into_response(),
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ListLabels {
    list: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ListVersion {
    list: String,
    version: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ListState {
    list: String,
    state: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct SnapshotId {
    id: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Build {
    version: &'static str,
}

type Floats<L> = Family<L, Gauge<f64, AtomicU64>>;

fn page(engine: &Engine) -> Result<String, std::fmt::Error> {
    let mut registry = Registry::with_prefix("interdict");
    engine.metrics.register(engine.pool.counts(), &mut registry);
    let build: Family<Build, Gauge> = Family::default();
    build.get_or_create(&Build { version: crate::wire::VERSION }).set(1);
    registry.register("build_info", "The program; always 1", build);
    let n_waiting = ConstGauge::new(engine.pool.n_waiting());
    registry.register("queue_queries", "Queries admitted and not yet answered", n_waiting);
    registry.register("update_running", "Whether an update runs", flag(engine.is_updating()));
    let update = engine.update_state();
    registry.register("update_failed", "Whether the last update failed", flag(update.error.is_some()));
    if let Some(ended) = update.ended_at {
        registry.register("update_ended_timestamp_seconds", "When the last update ended", seconds(ended));
    }
    if let Some(test) = engine.self_test() {
        registry.register("self_test_passed", "Whether the last self-test passed", flag(test.failures.is_empty()));
        registry.register("self_test_timestamp_seconds", "When the last self-test ended", seconds(test.ended_at));
        for (name, help, n) in [
            ("self_test_exact_asked", "Entries asked by their own name", test.n_exact),
            ("self_test_exact_found", "Of which found themselves", test.n_exact_found),
            ("self_test_altered_asked", "Entries asked by an altered name", test.n_altered),
            ("self_test_altered_found", "Of which found themselves", test.n_altered_found),
        ] {
            registry.register(name, help, ConstGauge::new(n as u64));
        }
    }
    if let Some(log) = &engine.observe.screening_log {
        registry.register(
            "screening_log_failing",
            "Whether the last line could not be written",
            flag(log.trouble().is_some()),
        );
        registry.register("screening_log_lines", "Lines written", ConstCounter::new(log.n_lines()));
    }
    if let Some(exporter) = &engine.observe.exporter {
        registry.register("spans_lost", "Spans that could not be sent", ConstCounter::new(exporter.n_lost()));
    }
    let degraded =
        engine.is_stopping() || engine.view().is_none_or(|view| !crate::wire::troubles(engine, &view).is_empty());
    registry.register("degraded", "Whether /readyz says degraded or unready", flag(degraded));
    if let Some(view) = engine.view() {
        lists(engine, &view, &mut registry);
        snapshot(&view, &mut registry);
    }
    let mut page = String::new();
    prometheus_client::encoding::text::encode_registry(&mut page, &registry)?;
    let mut process = Registry::with_prefix("process");
    of_process(engine, &mut process);
    prometheus_client::encoding::text::encode(&mut page, &process)?;
    Ok(page)
}

fn flag(is: bool) -> ConstGauge<u64> {
    ConstGauge::new(u64::from(is))
}

fn seconds(time: jiff::Timestamp) -> ConstGauge<f64> {
    ConstGauge::new(time.as_millisecond() as f64 / 1e3)
}

/// Each list: size, version, age, and what is wrong with it.
fn lists(engine: &Engine, view: &View, registry: &mut Registry) {
    let (entities, ages): (Family<ListLabels, Gauge>, Floats<ListLabels>) = (Family::default(), Family::default());
    let (versions, states): (Family<ListVersion, Gauge>, Family<ListState, Gauge>) =
        (Family::default(), Family::default());
    let now = jiff::Timestamp::now();
    let counts = view.counts();
    for (at, list) in view.meta().lists.iter().enumerate() {
        let labels = ListLabels { list: list.id.to_string() };
        let count = counts.get(at).copied().unwrap_or_default();
        entities.get_or_create(&labels).set(i64::try_from(count).unwrap_or(i64::MAX));
        let version = ListVersion { list: list.id.to_string(), version: list.version.clone() };
        versions.get_or_create(&version).set(1);
        for (state, reason) in [("stale", &list.stale), ("missing", &list.missing), ("partial", &list.partial)] {
            let labels = ListState { list: list.id.to_string(), state };
            states.get_or_create(&labels).set(i64::from(reason.is_some()));
        }
        let checked = engine.observe.checked_at.as_ref().and_then(|checked_at| checked_at(&list.id));
        if let Some(checked) = checked {
            ages.get_or_create(&labels).set((now.as_millisecond() - checked.as_millisecond()) as f64 / 1e3);
        }
    }
    registry.register("list_entities", "Entities of a list, relations included", entities);
    registry.register("list_info", "The version of a list; always 1", versions);
    registry.register(
        "list_state",
        "1 where a list is stale (newer data refused or not had), missing, or partial",
        states,
    );
    registry.register("list_checked_age_seconds", "Time since the publisher of a list was last asked", ages);
}

fn snapshot(view: &View, registry: &mut Registry) {
    let id: Family<SnapshotId, Gauge> = Family::default();
    id.get_or_create(&SnapshotId { id: view.snapshot.id().to_owned() }).set(1);
    registry.register("snapshot_info", "The snapshot that serves; always 1", id);
    registry.register("snapshot_bytes", "Its size", ConstGauge::new(view.snapshot.size()));
    registry.register("snapshot_parties", "Parties in it", ConstGauge::new(view.meta().n_parties));
    // Snapshots hold no time of building: the same lists give the same bytes. Their file has one.
    let built = std::fs::metadata(view.snapshot.path()).and_then(|file| file.modified());
    let built = built.ok().and_then(|built| built.duration_since(SystemTime::UNIX_EPOCH).ok());
    if let Some(built) = built {
        let built = ConstGauge::new(built.as_secs_f64());
        registry.register("snapshot_built_timestamp_seconds", "When its file was written", built);
    }
}

/// Under the names that Prometheus' own clients use.
fn of_process(engine: &Engine, registry: &mut Registry) {
    let process = Process::now();
    for (name, help, value) in [
        ("resident_memory_bytes", "Resident memory, mapped files included", process.resident_bytes),
        ("private_memory_bytes", "Resident memory without mapped files", process.private_bytes),
        ("threads", "Threads", process.threads),
        ("open_fds", "Open files and sockets", process.open_files),
    ] {
        if let Some(value) = value {
            registry.register(name, help, ConstGauge::new(value));
        }
    }
    registry.register("start_time_seconds", "When the service started", seconds(engine.started_at));
}
