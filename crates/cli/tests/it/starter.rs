//! The compiled-in starter list: it answers a name, says what it is, and clears no file.

use serde_json::json;

use crate::support::Place;

#[test]
fn a_listed_name_is_an_explained_hit() {
    let place = Place::new();
    for name in ["Harbin Institute of Technology", "哈尔滨工业大学"] {
        let answer = place.run(&["screen", name]);
        assert_eq!(answer.status, Some(1), "{name}");
        assert!(answer.stdout.contains("Harbin Institute of Technology"), "{name}");
        assert!(answer.stdout.contains("why:") && answer.stderr.contains("clears nobody"));
    }
}

#[test]
fn a_name_of_nobody_is_no_hit_and_no_clearance() {
    let answer = Place::new().run(&["screen", "Ludmilla Gänseblümchen"]);
    assert_eq!(answer.status, Some(0));
    assert!(answer.stdout.contains("clears nobody"));
}

#[test]
fn it_is_said_with_its_date_and_size() {
    let said = Place::new().run(&["screen", "Nobody Whatsoever"]).stderr;
    let digits = |text: &str| text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).count();
    assert!(said.contains("starter list of 20") && said.contains("parties") && digits(&said) >= 4, "{said}");
}

#[test]
fn a_file_needs_the_full_lists_or_a_word_that_the_starter_will_do() {
    let place = Place::new();
    let rows = b"id,name\n1,Sberbank\n2,Nobody Whatsoever\n";
    let refused = place.run_on(&["screen", "--input", "-"], rows);
    assert_eq!((refused.status, refused.stdout.as_str()), (Some(2), ""));
    assert!(refused.stderr.contains("--starter") && refused.stderr.contains("hint:"), "{}", refused.stderr);
    let answer = place.run_on(&["screen", "--input", "-", "--starter"], rows);
    assert_eq!(answer.status, Some(1));
    let lines = answer.lines();
    assert_eq!(lines[0]["hits"][0]["id"], "starter-sberbank");
    assert!(lines.iter().all(|line| line["starter"] == json!(true)));
}

#[test]
fn every_form_of_answer_says_that_it_is_the_starter_list() {
    let place = Place::new();
    let rows = b"id,name\n1,Sberbank\n2,\n";
    let csv = place.run_on(&["screen", "--input", "-", "--starter", "--format", "csv"], rows).stdout;
    assert!(csv.lines().next().is_some_and(|header| header.contains(",truncated,starter,")), "{csv}");
    assert!(csv.lines().skip(1).all(|line| line.ends_with(",true,,")), "{csv}");
    let json = place.run_on(&["screen", "--input", "-", "--starter", "--format", "json"], rows).json();
    assert!(json.as_array().is_some_and(|answers| answers.len() == 2));
    assert!(json.as_array().into_iter().flatten().all(|answer| answer["starter"] == json!(true)), "{json:#}");
    assert_eq!(place.run(&["entity", "starter-sberbank"]).json()["starter"], json!(true));
    assert_eq!(place.run(&["lists", "status", "--format", "json"]).json()["starter"], json!(true));
}
