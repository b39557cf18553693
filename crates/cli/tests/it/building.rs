//! `interdict build`: what is told of lists that load, load in part, or cannot be used.

use serde_json::{Value as Json, json};

use crate::support::{HOUSE, Place, WATCH, masked};

#[test]
fn a_refused_record_is_told_and_the_list_loads() {
    let place = Place::new();
    place.write("watch.csv", WATCH);
    let answer =
        place.run(&["build", "--list", "watch=csv:watch.csv", "--out", "lists.snap", "--report", "report.json"]);
    insta::assert_snapshot!(masked(&answer.shown()));
    let report: Json = serde_json::from_slice(&std::fs::read(place.path().join("report.json")).unwrap()).unwrap();
    let list = &report["lists"][0];
    for member in ["id", "format", "version", "files", "records", "loaded", "refused", "entities", "names", "seconds"] {
        assert!(!list[member].is_null(), "{member}: {list:#}");
    }
    assert_eq!((&list["records"], &list["loaded"]), (&json!(3), &json!(2)));
    assert_eq!(list["files"][0]["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(list["refused"][0]["line"], 4);
    assert!(list["refused"][0]["reason"].is_string());
}

#[test]
fn a_list_that_cannot_be_used_leaves_the_snapshot_that_was_there() {
    let place = Place::new();
    place.write("house.json", HOUSE);
    let build = |list: &'static str| place.run(&["build", "--list", list, "--out", "lists.snap"]);
    assert_eq!(build("house=ftm:house.json").status, Some(0));
    let before = std::fs::read(place.path().join("lists.snap")).unwrap();
    place.write("un.xml", "<CONSOLIDATED_LIST dateGenerated=\"2026-04-17\"><INDIVIDUALS><INDIVIDUAL>");
    let answer = build("un_sc=un_sc_xml:un.xml");
    insta::assert_snapshot!(masked(&answer.shown()));
    assert_eq!(std::fs::read(place.path().join("lists.snap")).unwrap(), before);
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 3, "no half-written file stays behind");
}

#[test]
fn a_good_list_beside_an_unusable_one_is_not_half_a_snapshot() {
    let place = Place::new();
    place.write("house.json", HOUSE);
    place.write("error.csv", "<!DOCTYPE html><html><body>Service unavailable</body></html>");
    let answer =
        place.run(&["build", "--list", "house=ftm:house.json", "dpl=us_csl_csv:error.csv", "--out", "lists.snap"]);
    assert_eq!(answer.status, Some(2));
    assert!(answer.stderr.contains("HTML") && answer.stderr.contains("dpl"), "{}", answer.stderr);
    assert!(!place.path().join("lists.snap").exists());
}

#[test]
fn a_manifest_names_the_lists() {
    let place = Place::new();
    place.write("house.json", HOUSE);
    place.write("watch.csv", WATCH);
    place.write(
        "lists.yml",
        "datasets:\n  - name: house\n    title: The house list\n    path: house.json\n  - name: watch\n    format: csv\n    \
         files: [watch.csv]\n    colour: red\n  - name: all\n    children: [house, watch]\n",
    );
    let answer = place.run(&["build", "--manifest", "lists.yml", "--out", "lists.snap"]);
    insta::assert_snapshot!(masked(&answer.shown()));
}

#[test]
fn wrong_arguments_say_what_to_write() {
    let place = Place::new();
    place.write("remote.yml", "datasets:\n  - {name: un, format: un_sc_xml, url: 'https://example.org/un.xml'}\n");
    place.write("empty.yml", "datasets: []\n");
    for args in [
        &["build", "--list", "x=nope:y", "--out", "x.snap"][..],
        &["build", "--list", "nonsense", "--out", "x.snap"],
        &["build", "--list", "x=ftm:missing.json", "--out", "x.snap"],
        &["build", "--manifest", "missing.yml", "--out", "x.snap"],
        &["build", "--manifest", "remote.yml", "--out", "x.snap"],
        &["build", "--manifest", "empty.yml", "--out", "x.snap"],
    ] {
        let answer = place.run(args);
        assert_eq!(answer.status, Some(2), "{args:?}");
        insta::assert_snapshot!(answer.stderr);
    }
    assert!(!place.path().join("x.snap").exists());
}
