//! A list that brought datasets with it: what is asked of it, and what is counted, by where its entities came from.

use std::path::Path;
use std::sync::Arc;

use interdict_catalog::Manifest;
use interdict_server::catalogue::Catalogue;
use interdict_server::settings::Settings;
use interdict_server::view::View;
use serde_json::{Value as Json, json};

use crate::client::{Service, snapshot};

const MANIFEST: &str = "datasets:\n  - {name: acme, title: Acme, path: a, load: true, children: [us_acme, eu_acme]}\n  - {name: own, path: b}\n  - {name: all, children: [acme, own]}\n";

fn party(id: &str, name: &str, from: &[&str]) -> String {
    json!({"id": id, "schema": "Person", "properties": {"name": [name]}, "ftm_datasets": from}).to_string()
}

fn service() -> Service {
    let parties = [
        party("us", "Maria Petrova", &["us_acme"]),
        party("both", "Oleg Sidorov", &["eu_acme", "us_acme"]),
        party("none", "Pavel Kuznetsov", &[]),
        party("other", "Nikita Morozov", &["nobody_knows"]),
    ];
    let parties: Vec<&str> = parties.iter().map(String::as_str).collect();
    let own = party("own", "Anna Volkova", &[]);
    let snapshot = snapshot(&[("acme", &parties), ("own", &[&own])]);
    let manifest = Manifest::parse(MANIFEST, Path::new("m.yml")).unwrap();
    let view = View::new(snapshot, Arc::new(Catalogue::of_manifest(&manifest)));
    Service::start(Some(view), None, Settings::default())
}

/// Who of all is found by a dataset's route.
fn found(service: &Service, path: &str) -> Vec<&'static str> {
    let names = ["Maria Petrova", "Oleg Sidorov", "Pavel Kuznetsov", "Nikita Morozov", "Anna Volkova"];
    let queries: serde_json::Map<String, Json> = ["us", "both", "none", "other", "own"]
        .into_iter()
        .zip(names)
        .map(|(id, name)| (id.to_owned(), json!({"schema": "Person", "properties": {"name": [name]}})))
        .collect();
    let answer = service.post(path, &json!({"queries": queries}).to_string());
    assert_eq!(answer.status, 200, "{answer:?}");
    let answer = answer.json();
    let is_found = |id: &&str| answer["responses"][*id]["results"].as_array().is_some_and(|hits| !hits.is_empty());
    ["us", "both", "none", "other", "own"].into_iter().filter(is_found).collect()
}

#[test]
fn a_source_is_asked_and_left_out_by_where_entities_came_from() {
    let service = service();
    for (path, expected) in [
        ("/match/all", vec!["us", "both", "none", "other", "own"]),
        ("/match/acme", vec!["us", "both", "none", "other"]),
        ("/match/us_acme", vec!["us", "both"]),
        ("/match/eu_acme", vec!["both"]),
        // Who stands on another source, too, is still found.
        ("/match/acme?exclude_dataset=us_acme", vec!["both", "none", "other"]),
        ("/match/all?exclude_dataset=us_acme", vec!["both", "none", "other", "own"]),
        ("/match/all?exclude_dataset=us_acme&exclude_dataset=eu_acme", vec!["none", "other", "own"]),
        ("/match/all?exclude_dataset=acme", vec!["own"]),
        ("/match/all?include_dataset=eu_acme&include_dataset=own", vec!["both", "own"]),
    ] {
        assert_eq!(found(&service, path), expected, "{path}");
        // What is asked a second time is kept from the first.
        assert_eq!(found(&service, path), expected, "{path}");
    }
}

#[test]
fn an_answer_names_the_lists_that_were_asked() {
    let service = service();
    let body = json!({"queries": {"q": {"schema": "Person", "properties": {"name": ["Maria Petrova"]}}}}).to_string();
    for (path, lists) in
        [("/match/us_acme", vec!["acme"]), ("/match/own", vec!["own"]), ("/match/all", vec!["acme", "own"])]
    {
        let answer = service.post(path, &body).json();
        let named: Vec<&str> = answer["interdict"]["snapshot"]["lists"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|list| list["id"].as_str())
            .collect();
        assert_eq!(named, lists, "{path}");
    }
}

#[test]
fn facets_count_sources_and_no_collection() {
    let service = service();
    let counts = |path: &str| {
        let answer = service.get(path).json();
        let values = answer["facets"]["datasets"]["values"].as_array().unwrap().clone();
        values.iter().map(|value| (value["name"].clone(), value["count"].clone())).collect::<Vec<_>>()
    };
    let expected = [("acme", 2), ("us_acme", 2), ("eu_acme", 1), ("own", 1)].map(|(name, n)| (json!(name), json!(n)));
    assert_eq!(counts("/search/all"), expected);
    assert_eq!(counts("/search/us_acme"), [("us_acme", 2), ("eu_acme", 1)].map(|(name, n)| (json!(name), json!(n))));
}
