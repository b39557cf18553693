//! What operators are told of metrics and alerts, in `packaging/alerts.yml` and `docs/runbook.md`, is what `/metrics` serves.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use interdict_server::app::App;
use interdict_server::catalogue::Catalogue;
use interdict_server::engine::{Engine, Updated};
use interdict_server::observe::Observe;
use interdict_server::observe::otlp::{self, Exporter};
use interdict_server::pool::{Limits, Pool};
use interdict_server::screening_log::{self, ScreeningLog};
use interdict_server::settings::{Secret, Settings};
use interdict_snapshot::Snapshot;

use super::client::{Service, snapshot_bytes, view};
use super::{PETROV, SHIP};

/// `/metrics` of a service that has something to tell of everything.
fn page() -> String {
    let folder = tempfile::tempdir().unwrap();
    let exporter = otlp::Options {
        url: "http://127.0.0.1:9/v1/traces".to_owned(),
        headers: Vec::new(),
        share: 1.0,
        service: "interdict".to_owned(),
    };
    let observe = Observe {
        screening_log: Some(ScreeningLog::open(screening_log::Options::of(folder.path())).unwrap()),
        exporter: Some(Exporter::start(exporter).unwrap()),
        checked_at: Some(Box::new(|_| Some(jiff::Timestamp::UNIX_EPOCH))),
    };
    // From a file, which has a time.
    let file = folder.path().join("ships.snap");
    std::fs::write(&file, snapshot_bytes(&[("ships", &[SHIP])])).unwrap();
    let updater = move || {
        let snapshot = Snapshot::open(&file).unwrap();
        let catalogue = Arc::new(Catalogue::of_meta(snapshot.meta()));
        Ok(Updated { snapshot, catalogue })
    };
    let pool = Pool::start(Limits { n_threads: 2, ..Limits::default() }).unwrap();
    let engine = Engine::new(pool, Some(view(&[("acme", &[PETROV])])), Some(Box::new(updater))).observed(observe);
    let settings = Settings { update_token: Some(Secret::new("t")), ..Settings::default() };
    let service = Service::of_app(App::new(Arc::new(engine), settings));
    // One query that is read and one that is passed over.
    let body = r#"{"queries":{"q":{"schema":"Person","properties":{"name":["Ivan Petrov"]}},
        "none":{"schema":"Person","properties":{"name":["!!"]}}}}"#;
    assert_eq!(service.post("/match/acme", body).status, 200);
    assert_eq!(service.post("/updatez?token=t&sync=true", "").status, 200);
    service.wait_for("/metrics", |answer| answer.body.contains("interdict_self_test_passed")).body
}

/// Names of what is served: of each metric, not of the series that a histogram consists of.
fn served(page: &str) -> BTreeSet<String> {
    let kinds = page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    kinds.map(|(name, kind)| if kind == "counter" { format!("{name}_total") } else { name.to_owned() }).collect()
}

fn text_of(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file)).unwrap()
}

/// Words of letters and underscores that begin so.
fn words<'a>(text: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.filter(move |word| word.len() > start.len() && word.starts_with(start))
}

/// What the runbook's table names. `_bytes` after `interdict_snapshot_info` stands for `interdict_snapshot_bytes`, the cell's first name
/// giving all but its last part.
fn in_the_table(runbook: &str) -> BTreeSet<String> {
    let (_, table) = runbook.split_once("## Metrics").unwrap();
    let mut names = BTreeSet::new();
    for row in table.lines().filter(|line| line.starts_with("| `")) {
        let quoted: Vec<&str> = row.split('|').nth(1).unwrap().split('`').skip(1).step_by(2).collect();
        for name in &quoted {
            let stem = quoted[0].rsplit_once('_').unwrap().0;
            names.insert(if name.starts_with('_') { format!("{stem}{name}") } else { (*name).to_owned() });
        }
    }
    names
}

#[test]
fn the_runbooks_table_is_what_is_served() {
    let (served, told) = (served(&page()), in_the_table(&text_of("docs/runbook.md")));
    let missing: Vec<_> = told.difference(&served).collect();
    let untold: Vec<_> = served.difference(&told).collect();
    assert!(
        missing.is_empty() && untold.is_empty(),
        "told and not served: {missing:?}; served and not told: {untold:?}"
    );
}

#[test]
fn alerts_ask_for_metrics_that_are_served() {
    let (page, alerts) = (page(), text_of("packaging/alerts.yml"));
    let served = served(&page);
    for name in words(&alerts, "interdict_") {
        let metric = name.strip_suffix("_bucket").unwrap_or(name);
        assert!(served.contains(metric), "{name} is not among {served:?}");
    }
    // What the rules pick by label must be a label's value.
    for series in [r#"route="/match/{dataset}""#, r#"state="missing""#, r#"state="stale""#, r#"le="0.1""#] {
        assert!(page.contains(series), "{series} in {page}");
    }
}

#[test]
fn the_runbook_tells_of_every_alert_and_of_no_other() {
    let (alerts, runbook) = (text_of("packaging/alerts.yml"), text_of("docs/runbook.md"));
    let rules: BTreeSet<&str> = alerts.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    let told: BTreeSet<&str> = words(&runbook, "Interdict").collect();
    assert_eq!(rules, told);
}
