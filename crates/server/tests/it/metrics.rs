//! `/metrics`: what is counted, under which names, and that nobody's name is among them.

use interdict_server::engine::Updated;
use interdict_server::settings::{Secret, Settings};
use serde_json::json;

use super::client::{Service, snapshot, view};
use super::{PETROV, SHIP, service};

/// The value of a series.
fn value(page: &str, series: &str) -> f64 {
    let line = page.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {series} in {page}")).parse().unwrap()
}

#[test]
fn requests_are_counted_and_timed_by_route_template() {
    let service = service();
    let query = json!({"queries": {"q": {"schema": "Person", "properties": {"name": ["Ivan Petrov"]}},
        "none": {"schema": "Person", "properties": {"name": ["!!"], "shoe": ["43"]}}}});
    assert_eq!(service.post("/match/acme", &query.to_string()).status, 200);
    assert_eq!(service.post("/match/nobody-has-this", "{}").status, 422);
    assert_eq!(service.get("/entities/NK-1").status, 200);
    assert_eq!(service.get("/v2/search?name=Ivan+Petrov").status, 200);
    assert_eq!(service.get("/Ivan/Petrov").status, 404);
    let answer = service.get("/metrics");
    assert!(answer.header("content-type").unwrap().starts_with("application/openmetrics-text"), "{answer:?}");
    let page = answer.body;
    assert!(page.ends_with("# EOF\n"));
    for (series, expected) in [
        (r#"interdict_requests_total{route="/match/{dataset}",method="POST",status="200"}"#, 1.0),
        (r#"interdict_requests_total{route="/match/{dataset}",method="POST",status="422"}"#, 1.0),
        (r#"interdict_requests_total{route="(none)",method="GET",status="404"}"#, 1.0),
        (r#"interdict_request_seconds_count{route="/match/{dataset}"}"#, 2.0),
        (r#"interdict_request_seconds_bucket{le="10.0",route="/match/{dataset}"}"#, 2.0),
        (r#"interdict_stage_seconds_count{stage="queue"}"#, 2.0),
        (r#"interdict_stage_seconds_count{stage="screening"}"#, 2.0),
        (r#"interdict_stage_seconds_count{stage="answer"}"#, 2.0),
        ("interdict_queries_total", 3.0),
        ("interdict_refused_total", 0.0),
        ("interdict_queue_queries", 0.0),
        // The property that is none, and the query that then asks for nobody.
        (r#"interdict_passed_over_total{route="/match/{dataset}"}"#, 2.0),
        (r#"interdict_list_entities{list="acme"}"#, 4.0),
        (r#"interdict_list_entities{list="ships"}"#, 1.0),
        (r#"interdict_list_info{list="acme",version="1"}"#, 1.0),
        (r#"interdict_list_state{list="acme",state="stale"}"#, 0.0),
    ] {
        assert!((value(&page, series) - expected).abs() < 1e-9, "{series}: {}", value(&page, series));
    }
    assert!(page.contains(r#"interdict_request_seconds_bucket{le="0.00025""#), "{page}");
    assert!(value(&page, "interdict_candidates_scored_total") >= 2.0);
    assert!(value(&page, "interdict_hits_total") >= 2.0);
    assert!(value(&page, "interdict_snapshot_bytes") > 1000.0);
    assert!(value(&page, "process_start_time_seconds") > 1.7e9);
    if cfg!(target_os = "linux") {
        assert!(value(&page, "process_resident_memory_bytes") > 1e6 && value(&page, "process_open_fds") > 3.0);
    }
    for name in ["Ivan", "Petrov", "NK-1", "nobody-has-this"] {
        assert!(!page.contains(name), "{name} in {page}");
    }
}

#[test]
fn a_query_that_asks_for_nobody_is_answered_and_told() {
    let service = service();
    let query = json!({"queries": {"q": {"schema": "Person", "properties": {"name": ["!!"]}}}});
    let answer = service.post("/match/acme", &query.to_string()).json();
    assert_eq!(answer["responses"]["q"]["status"], 200);
    assert!(answer["warnings"].to_string().contains("nobody was looked for"), "{answer}");
}

#[test]
fn updates_are_counted_by_outcome() {
    let settings = Settings { update_token: Some(Secret::new("t")), ..Settings::default() };
    let turn = std::sync::atomic::AtomicUsize::new(0);
    let updater = move || {
        if turn.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 1 {
            return Err("the disk is full".to_owned());
        }
        let snapshot = snapshot(&[("ships", &[SHIP])]);
        let catalogue = std::sync::Arc::new(interdict_server::catalogue::Catalogue::of_meta(snapshot.meta()));
        Ok(Updated { snapshot, catalogue })
    };
    let service = Service::start(Some(view(&[("acme", &[PETROV])])), Some(Box::new(updater)), settings);
    let statuses: Vec<u16> = (0..3).map(|_| service.post("/updatez?token=t&sync=true", "").status).collect();
    assert_eq!(statuses, [200, 503, 200]);
    let page = service.get("/metrics").body;
    for outcome in ["new", "failed", "same"] {
        assert!((value(&page, &format!("interdict_updates_total{{outcome=\"{outcome}\"}}")) - 1.0).abs() < 1e-9);
    }
    assert!((value(&page, "interdict_update_failed")).abs() < 1e-9);
    assert!(!page.contains("acme"), "lists that serve no more are not told");
}

#[test]
fn before_the_first_lists_there_are_metrics() {
    let page = Service::start(None, None, Settings::default()).get("/metrics").body;
    assert!((value(&page, "interdict_degraded") - 1.0).abs() < 1e-9);
}
