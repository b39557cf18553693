//! Datasets that are known and not loaded, and filters that name none: an error or a warning, never "no hit" in silence.

use std::path::Path;
use std::sync::Arc;

use interdict_catalog::Manifest;
use interdict_server::app::App;
use interdict_server::catalogue::Catalogue;
use interdict_server::engine::Engine;
use interdict_server::pool::{Limits, Pool};
use interdict_server::settings::Settings;
use interdict_server::view::View;
use serde_json::{Value as Json, json};

use super::PETROV;
use super::client::{Service, snapshot};

const MANIFEST: &str = "datasets:\n  - {name: acme, path: a}\n  - {name: off, path: b, load: false, children: [of_off]}\n  - {name: idle, children: [off]}\n  - {name: all, children: [acme, off]}\n";

fn catalogue() -> Arc<Catalogue> {
    Arc::new(Catalogue::of_manifest(&Manifest::parse(MANIFEST, Path::new("m.yml")).unwrap()))
}

fn service() -> Service {
    let view = View::new(snapshot(&[("acme", &[PETROV])]), catalogue());
    Service::start(Some(view), None, Settings::default())
}

fn ask(service: &Service, path: &str) -> (u16, Json) {
    let body = json!({"queries": {"q": {"schema": "Person", "properties": {"name": ["Ivan Petrov"]}}}}).to_string();
    let answer = if path.starts_with("/match") { service.post(path, &body) } else { service.get(path) };
    (answer.status, answer.json())
}

#[test]
fn a_dataset_that_is_not_loaded_is_no_answer() {
    let service = service();
    let name = "%7B%22q%22%3A%7B%22query%22%3A%22Ivan%22%7D%7D";
    for dataset in ["off", "of_off", "idle"] {
        for path in [
            format!("/match/{dataset}"),
            format!("/match/{dataset}?exclude_dataset=acme"),
            format!("/search/{dataset}?q=ivan"),
            format!("/reconcile/{dataset}?queries={name}"),
            format!("/reconcile/{dataset}/suggest/entity?prefix=iv"),
        ] {
            let (status, json) = ask(&service, &path);
            let said = json["detail"].as_str().unwrap_or_default();
            assert!(status == 503 && said.contains(dataset) && said.contains("not loaded"), "{path}: {status} {json}");
        }
        let (status, json) = ask(&service, &format!("/v1/screen?name=Ivan&lists={dataset}"));
        assert_eq!((status, json["type"].as_str()), (503, Some("urn:interdict:problem:list-not-consulted")), "{json}");
        let (status, json) = ask(&service, &format!("/v2/search?name=Ivan&source={dataset}"));
        assert!(status == 503 && json["error"].as_str().unwrap().contains("not loaded"), "{status} {json}");
    }
    assert_eq!(ask(&service, "/match/all").1["responses"]["q"]["results"][0]["id"], "NK-1");
    assert_eq!(ask(&service, "/v1/screen?name=Ivan&lists=acme&exclude_lists=acme").0, 422);
}

#[test]
fn filters_that_name_nothing_or_leave_nothing_are_told() {
    let service = service();
    for (filters, n_found, said) in [
        ("include_dataset=acme&include_dataset=zzz", 1, vec!["include_dataset `zzz` names no dataset"]),
        ("include_dataset=acme&include_dataset=off", 1, vec!["include_dataset `off` includes nothing"]),
        ("exclude_dataset=zzz", 1, vec!["exclude_dataset `zzz` names no dataset"]),
        ("include_dataset=zzz", 0, vec!["`zzz`", "no list of `all` to ask"]),
        ("exclude_dataset=acme", 0, vec!["no list of `all` to ask"]),
        ("include_dataset=acme", 1, vec![]),
        ("include_dataset=&exclude_dataset=", 1, vec![]),
    ] {
        let (status, json) = ask(&service, &format!("/match/all?{filters}"));
        assert_eq!((status, json["responses"]["q"]["results"].as_array().unwrap().len()), (200, n_found), "{filters}");
        let told = |warnings: &Json| {
            let warnings: Vec<&str> = warnings.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
            assert_eq!(warnings.len(), said.len(), "{filters}: {warnings:?}");
            assert!(warnings.iter().zip(&said).all(|(told, said)| told.contains(said)), "{filters}: {warnings:?}");
        };
        told(&json["warnings"]);
        let (status, json) = ask(&service, &format!("/search/all?q=ivan&{filters}"));
        assert_eq!((status, json["results"].as_array().unwrap().len()), (200, n_found), "{filters}");
        told(&json["warnings"]);
    }
    let metrics = service.get("/metrics").body;
    let counted = metrics.lines().any(|line| line.contains("passed_over") && line.contains("/search/{dataset}"));
    assert!(counted, "{metrics}");
}

#[test]
fn the_catalogue_is_told_before_its_lists_are_there() {
    let pool = Pool::start(Limits { n_threads: 2, ..Limits::default() }).unwrap();
    let engine = Engine::new(pool, None, None).announcing(Some(catalogue()));
    let service = Service::of_app(App::new(Arc::new(engine), Settings::default()));
    for path in ["/catalog", "/manifest"] {
        let (status, json) = ask(&service, path);
        assert_eq!((status, &json["current"], &json["outdated"]), (200, &json!([]), &json!([])), "{json}");
        let acme = &json["datasets"][0];
        assert_eq!((&acme["name"], &acme["load"], &acme["index_version"]), (&json!("acme"), &json!(true), &Json::Null));
    }
    assert_eq!(service.get("/readyz").status, 503);
}
