//! Lists that nobody checked for long: a warning on stderr, and the same answers.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::time::{Duration, SystemTime};

use crate::support::{Answer, Place};

const A_DAY: Duration = Duration::from_hours(24);

fn days_ago(days: u32) -> SystemTime {
    SystemTime::now() - days * A_DAY
}

/// A data folder whose snapshot of `house` and `watch` was made so many days ago.
fn installed(days: u32) -> Place {
    let place = Place::with_lists();
    let build = ["build", "--list", "house=ftm:house.json", "watch=csv:watch.csv", "--install"];
    assert_eq!(place.run(&build).status, Some(0));
    let name = std::fs::read_to_string(place.path().join("data/current")).unwrap();
    let file = std::fs::File::options().append(true).open(place.path().join("data/snapshots").join(name.trim()));
    file.unwrap().set_modified(days_ago(days)).unwrap();
    place
}

/// Notes that an update asked the list's publisher so many days ago.
fn check(place: &Place, list: &str, days: u32) {
    let time = jiff::Timestamp::try_from(days_ago(days)).unwrap();
    place.write(&format!("data/downloads/{list}/state.json"), format!("{{\"checked_at\":\"{time}\"}}"));
}

fn asked(place: &Place, more: &[&str]) -> Answer {
    place.run(&[&["screen", "Zebulon Quartermaine", "--quiet", "--format", "jsonl"], more].concat())
}

#[test]
fn a_list_last_checked_more_than_a_week_ago_is_told_and_the_answer_is_the_same() {
    let place = installed(40);
    check(&place, "house", 6);
    check(&place, "watch", 6);
    let fresh = asked(&place, &[]);
    assert_eq!((fresh.status, fresh.stderr.as_str()), (Some(1), ""), "the time of the check counts, not the file's");
    check(&place, "house", 8);
    let old = asked(&place, &[]);
    assert!(old.stderr.contains("list `house` was last checked 8 days ago"), "{}", old.stderr);
    assert_eq!((old.status, &old.stdout), (fresh.status, &fresh.stdout));
    check(&place, "watch", 30);
    let both = asked(&place, &[]).stderr;
    assert!(both.contains("2 lists were last checked more than 7 days ago: house, watch"), "{both}");
    let one = asked(&place, &["--list", "watch"]).stderr;
    assert!(one.contains("list `watch` was last checked 30 days ago") && !one.contains("house"), "{one}");
}

#[test]
fn where_no_check_was_noted_the_snapshots_own_time_counts() {
    let place = installed(12);
    let old = asked(&place, &[]).stderr;
    assert!(old.contains("the snapshot was made 12 days ago") && old.contains("house, watch"), "{old}");
    assert_eq!(asked(&installed(6), &[]).stderr, "");
    let named = asked(&place, &["--snapshot", "lists.snap"]);
    assert_eq!(named.stderr, "", "a snapshot that is named is asked on purpose");
}

#[test]
fn the_age_is_configured_and_zero_is_never() {
    let place = installed(12);
    let with = |days: &str| {
        let args = ["screen", "Zebulon Quartermaine", "--quiet"];
        let child = place.command(&args).env("INTERDICT_SCREEN__MAX_AGE_DAYS", days).spawn().unwrap();
        place.answer(child, b"").stderr
    };
    assert_eq!((with("0"), with("13")), (String::new(), String::new()));
    assert!(with("11").contains("12 days ago"));
    place.write("years.toml", "[screen]\nmax_age_days = 3650\n");
    assert_eq!(asked(&place, &["--config", "years.toml"]).stderr, "");
}
