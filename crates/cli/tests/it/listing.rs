//! `interdict lists`: what lists there are, what changed, whether they are whole.

use serde_json::json;

use crate::support::{HOUSE, Place, WATCH, masked};

/// A folder whose data folder has the small lists installed.
fn installed() -> Place {
    let place = Place::with_lists();
    let answer = place.run(&["build", "--list", "house=ftm:house.json", "watch=csv:watch.csv", "--install", "--quiet"]);
    assert_eq!((answer.status, answer.stderr.as_str()), (Some(0), ""));
    place
}

#[test]
fn status_tells_the_lists_and_their_accounts() {
    let place = installed();
    insta::assert_snapshot!("status", masked(&place.run(&["lists", "status"]).shown()));
    // A snapshot that lies elsewhere has no account.
    insta::assert_snapshot!(
        "status_of_a_file",
        masked(&place.run(&["lists", "status", "--snapshot", "lists.snap"]).shown())
    );
    let lists = place.run(&["lists", "status", "--format", "json"]).json()["lists"].clone();
    assert_eq!((&lists[1]["id"], &lists[1]["records"], &lists[1]["loaded"]), (&json!("watch"), &json!(3), &json!(2)));
}

#[test]
fn show_tells_one_list_and_what_was_refused() {
    let place = installed();
    insta::assert_snapshot!("show", masked(&place.run(&["lists", "show", "watch"]).shown()));
    insta::assert_snapshot!("show_refused", masked(&place.run(&["lists", "show", "watch", "--refused"]).shown()));
    insta::assert_snapshot!("show_unknown", masked(&place.run(&["lists", "show", "wotch"]).shown()));
    assert!(place.run(&["lists", "show", "house", "--refused"]).stdout.contains("nothing was refused"));
    let refused = place.run(&["lists", "show", "watch", "--refused", "--format", "json"]).json();
    assert_eq!(refused[0]["line"], 4);
}

#[test]
fn diff_names_what_was_added_changed_and_removed() {
    let place = Place::with_lists();
    place.write("house.json", HOUSE.replace("Old Zeb", "Young Zeb").replace("h-plane", "h-aircraft"));
    place.write("watch.csv", WATCH);
    let built = place.run(&["build", "--list", "house=ftm:house.json", "watch=csv:watch.csv", "--out", "new.snap"]);
    assert_eq!(built.status, Some(0), "{}", built.stderr);
    let answer = place.run(&["lists", "diff", "lists.snap", "new.snap"]);
    insta::assert_snapshot!(masked(&answer.shown()));
    let json = place.run(&["lists", "diff", "lists.snap", "new.snap", "--format", "json"]).json();
    let kinds: Vec<_> =
        json["changes"].as_array().into_iter().flatten().map(|change| change["change"].clone()).collect();
    assert_eq!(kinds.len(), 3, "{json:#}");
    let same = place.run(&["lists", "diff", "lists.snap", "lists.snap"]);
    assert_eq!((same.status, same.stdout.as_str()), (Some(0), "0 added, 0 changed, 0 removed\n"));
}

#[test]
fn verify_finds_an_altered_byte() {
    let place = installed();
    let whole = place.run(&["lists", "verify"]);
    insta::assert_snapshot!(masked(&whole.shown()));
    let mut bytes = std::fs::read(place.path().join("lists.snap")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    place.write("altered.snap", bytes);
    let altered = place.run(&["lists", "verify", "--snapshot", "altered.snap"]);
    assert_eq!((altered.status, altered.stdout.as_str()), (Some(2), ""));
    assert!(altered.stderr.contains("altered.snap"), "{}", altered.stderr);
}
