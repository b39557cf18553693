//! `interdict compare`: one pair for people, and pairs from a file.

use serde_json::json;

use crate::support::{Place, masked};

#[test]
fn two_names_are_compared_with_reasons() {
    let place = Place::new();
    let answer = place.run(&["compare", "Владимир Путин", "Vladimir Putin", "--schema", "Person"]);
    insta::assert_snapshot!(masked(&answer.shown()));
    let nothing = place.run(&["compare", "Abc Def", "Xyz Uvw"]);
    insta::assert_snapshot!(masked(&nothing.shown()));
}

#[test]
fn pairs_of_a_file_get_a_line_each() {
    let place = Place::new();
    let pairs = r#"{"id":"same","query":{"schema":"Person","properties":{"name":["Zebulon Quartermaine"]}},"candidate":{"schema":"Person","properties":{"name":["QUARTERMAINE, Zebulon"]}},"comment":"ignored"}
{"id":"kinds","query":{"schema":"Vessel","properties":{"name":["Mira"]}},"candidate":{"schema":"Person","properties":{"name":["Mira"]}}}

{"id":3,"query":{"schema":"Person","properties":{"name":["A B"]}}}
not json
{"id":"last","query":{"schema":"Person","properties":{"name":["Abc Def"]}},"candidate":{"schema":"Person","properties":{"name":["Xyz Uvw"]}}}
"#;
    let answer = place.run_on(&["compare", "--input", "-"], pairs.as_bytes());
    assert_eq!(answer.status, Some(2), "{}", answer.shown());
    let lines = answer.lines();
    assert_eq!(lines.len(), 5);
    assert!(lines[0]["score"].as_f64().is_some_and(|score| score >= 0.75));
    assert_eq!(lines[1], json!({"id": "kinds", "score": 0.0}), "schemata that nothing can be both of");
    assert_eq!((&lines[2]["id"], &lines[2]["error"]["line"]), (&json!(3), &json!(4)));
    assert_eq!(lines[3]["error"]["line"], 5);
    assert_eq!(lines[4]["id"], "last");
    insta::assert_snapshot!(answer.stderr);
}

#[test]
fn the_exit_status_says_whether_a_score_reaches_the_threshold() {
    let place = Place::new();
    let pair = r#"{"id":"a","query":{"schema":"Person","properties":{"name":["Zebulon Quartermaine"]}},"candidate":{"schema":"Person","properties":{"name":["Zebulon Quartermaine"]}}}"#;
    assert_eq!(place.run_on(&["compare", "--input", "-"], pair.as_bytes()).status, Some(1));
    assert_eq!(place.run_on(&["compare", "--input", "-", "--threshold", "1"], pair.as_bytes()).status, Some(0));
    let far = place.run(&["compare", "A B", "A B", "--threshold", "7"]);
    assert_eq!(far.status, Some(2));
    assert!(far.stderr.contains("0 to 1"));
}

#[test]
fn a_tree_of_reasons_comes_where_it_is_asked_for() {
    let pair = r#"{"id":"a","query":{"schema":"Person","properties":{"name":["Zebulon Quartermaine"]}},"candidate":{"schema":"Person","properties":{"name":["Zebulon Quartermain"]}}}"#;
    let place = Place::new();
    let plain = place.run_on(&["compare", "--input", "-"], pair.as_bytes()).lines();
    let told = place.run_on(&["compare", "--input", "-", "--explain"], pair.as_bytes()).lines();
    assert_eq!(plain[0]["score"], told[0]["score"]);
    assert!(plain[0].get("explanation").is_none() && told[0]["explanation"]["name"].is_object(), "{:#}", told[0]);
}

#[test]
fn hostile_pairs_are_errors_of_their_own() {
    let good = r#"{"id":"g","query":{"schema":"Person","properties":{"name":["A Beck"]}},"candidate":{"schema":"Person","properties":{"name":["A Beck"]}}}"#;
    let mut pairs = format!("\u{feff}{good}\n{}\n", "x".repeat(3 << 20)).into_bytes();
    pairs.extend_from_slice(b"{\"id\":\"\xff\"}\n");
    pairs.extend_from_slice(good.as_bytes());
    let answer = Place::new().run_on(&["compare", "--input", "-"], &pairs);
    assert_eq!(answer.status, Some(2), "{}", answer.stderr);
    let errors: Vec<bool> = answer.lines().iter().map(|line| line.get("error").is_some()).collect();
    assert_eq!(errors, [false, true, true, false]);
}
