//! Bad input: each bad row costs that row, the counts reconcile, memory stays bounded, nothing panics.

use std::io::Write as _;

use serde_json::{Value as Json, json};

use crate::support::{Answer, Place, masked};

/// Screens this standard input against the starter list.
fn screened(input: &[u8]) -> Answer {
    let answer = Place::new().run_on(&["screen", "--input", "-", "--starter", "--limit", "1"], input);
    assert!(!answer.stderr.contains("panicked"), "{}", answer.stderr);
    answer
}

fn which_are_errors(answer: &Answer) -> Vec<bool> {
    answer.lines().iter().map(|line| line.get("error").is_some() && line.get("hits").is_none()).collect()
}

#[test]
fn a_bad_row_costs_that_row_and_the_counts_reconcile() {
    let rows = "\u{feff}ref;full_name;dob;country\n\
        a;Владимир Путин;1952-10-07;ru\n\
        b;;;\n\
        c;\"never closed;;\n\
        d;Nobody Known;1961-13-02;Atlantis\n\
        e;x;y;z;too;many\n\
        f;$$$;;\n";
    let answer = screened(rows.as_bytes());
    assert_eq!(answer.status, Some(2));
    let lines = answer.lines();
    assert_eq!(which_are_errors(&answer), [false, true, true, false, true, true]);
    assert_eq!(lines[0]["hits"][0]["id"], "starter-putin");
    assert_eq!(lines[3]["ignored"].as_array().map(Vec::len), Some(2), "the date and the country are told");
    assert_eq!(lines[2]["error"]["line"], 4);
    assert!(answer.stderr.contains("6 rows read = 2 screened + 4 not screened"), "{}", answer.stderr);
    let said: Vec<&str> = answer.stderr.lines().filter(|line| !line.contains("starter")).collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_quote_in_a_cell_keeps_no_row_from_being_screened() {
    let rows = "id,name\n1,Hotel 5\" North\n2,Vladimir Putin\n3,Hotel 7\" South\n4,Nobody Known\n";
    let answer = screened(rows.as_bytes());
    let lines = answer.lines();
    assert_eq!((answer.status, lines.len()), (Some(1), 4), "{}", answer.stderr);
    assert_eq!(lines[1]["hits"][0]["id"], "starter-putin");
    assert!(answer.stderr.contains("4 rows read = 4 screened + 0 not screened"), "{}", answer.stderr);
    // A quote that does open a cell, and is never closed or far below, costs its own row.
    for hotel in ["\"Hotel North", "\"Hotel\"\""] {
        let rows = format!("id,name\n1,{hotel}\n2,Vladimir Putin\n3,\"Hotel South\"\n4,Nobody Known\n");
        let answer = screened(rows.as_bytes());
        assert_eq!(answer.status, Some(2), "{}", answer.stderr);
        assert_eq!(which_are_errors(&answer), [true, false, false, false], "{}", answer.stderr);
        assert_eq!((&answer.lines()[0]["error"]["line"], &answer.lines()[1]["id"]), (&json!(2), &json!("2")));
        assert_eq!(answer.lines()[1]["hits"][0]["id"], "starter-putin");
        assert!(answer.stderr.contains("4 rows read = 3 screened + 1 not screened"), "{}", answer.stderr);
    }
    let answer = screened(b"id,name,address\n1,Vladimir Putin,\"Kremlin\nMoscow\"\n2,Nobody Known,\n");
    assert!(answer.stderr.contains("2 rows read") && answer.stderr.contains("1 line goes on"), "{}", answer.stderr);
}

#[test]
fn a_carriage_return_alone_ends_a_line() {
    for rows in ["id,name\r1,Vladimir Putin\r2,Nobody Known\r", "id,name\n1,Vladimir Putin\r2,Nobody Known\n"] {
        let answer = screened(rows.as_bytes());
        assert_eq!((answer.status, answer.lines().len()), (Some(1), 2), "{}", answer.stderr);
        assert!(answer.stderr.contains("2 rows read = 2 screened"), "{}", answer.stderr);
    }
}

#[test]
fn a_line_of_exactly_the_limit_does_not_take_the_next_one_with_it() {
    let name = "x".repeat((1 << 20) - 2);
    for more in ["", "x"] {
        let answer = screened(format!("id,name\n1,{name}{more}\n2,Vladimir Putin\n").as_bytes());
        let lines = answer.lines();
        assert_eq!((lines.len(), &lines[1]["hits"][0]["id"]), (2, &json!("starter-putin")), "{}", answer.stderr);
    }
}

#[test]
fn a_bad_line_of_json_among_good_ones_costs_that_line() {
    let good = r#"{"id":"g","schema":"Person","properties":{"name":["Igor Sechin"]},"colour":"red"}"#;
    let deep = format!("{{\"id\":\"d\",\"x\":{}1{}}}", "[".repeat(5000), "]".repeat(5000));
    let long = format!("{{\"id\":\"l\",\"properties\":{{\"name\":[\"{}\"]}}}}", "x".repeat(2 << 20));
    let mut rows =
        [good, "{\"id\":\"cut\",\"prop", &deep, &long, "[]", r#"{"id":"s","schema":"Banana"}"#, "{\"id\":\"n\"}", ""]
            .join("\n")
            .into_bytes();
    rows.extend_from_slice(b"{\"id\":\"u\",\"properties\":{\"name\":[\"\xff\"]}}\n");
    rows.extend_from_slice(good.as_bytes());
    let answer = screened(&rows);
    assert_eq!(answer.status, Some(2));
    assert_eq!(which_are_errors(&answer), [false, true, true, true, true, true, true, true, false]);
    assert!(answer.stderr.contains("9 rows read = 2 screened + 7 not screened"), "{}", answer.stderr);
    assert_eq!(
        answer.stderr.matches("colour").count(),
        1,
        "a member that says nothing is told once: {}",
        answer.stderr
    );
}

#[test]
fn nul_bytes_and_broken_utf8_cost_their_row() {
    let answer = screened(b"id,name\n1,Igor\0Sechin\n2,Ig\xffor Sechin\n3,Igor Sechin\n");
    assert_eq!(answer.status, Some(2));
    let errors = which_are_errors(&answer);
    assert_eq!((errors.len(), errors[1], errors[2]), (3, true, false), "{}", answer.stdout);
    assert!(answer.stderr.contains("UTF-8"), "{}", answer.stderr);
}

#[test]
fn a_byte_order_mark_is_seen_through_in_both_forms() {
    let csv = screened("\u{feff}name\nIgor Sechin\n".as_bytes());
    let json = screened("\u{feff}{\"schema\":\"Person\",\"properties\":{\"name\":[\"Igor Sechin\"]}}\n".as_bytes());
    assert_eq!((csv.status, json.status), (Some(1), Some(1)), "{}{}", csv.stderr, json.stderr);
    assert_eq!((&csv.lines()[0]["id"], &json.lines()[0]["id"]), (&json!("row-1"), &json!("row-1")));
}

#[test]
fn a_line_of_a_hundred_megabytes_takes_no_memory() {
    for (head, line) in
        [("id,name\n1,", b'x'), ("{\"id\":\"1\",\"properties\":{\"name\":[\"", b'y'), ("id,name\n1,\"", b'\n')]
    {
        let place = Place::new();
        let mut file = std::fs::File::create(place.path().join("long")).unwrap();
        file.write_all(head.as_bytes()).unwrap();
        let block = vec![line; 1 << 20];
        for _ in 0..100 {
            file.write_all(&block).unwrap();
        }
        file.write_all(if line == b'y' {
            b"\n{\"id\":\"2\",\"properties\":{\"name\":\"Igor Sechin\"}}\n"
        } else {
            b"\n2,Igor Sechin\n"
        })
        .unwrap();
        drop(file);
        let answer = place.run(&["screen", "--input", "long", "--starter", "--stats", "stats.json"]);
        assert_eq!(answer.status, Some(2), "{}", answer.stderr);
        assert_eq!(which_are_errors(&answer), [true, false]);
        let stats: Json = serde_json::from_slice(&std::fs::read(place.path().join("stats.json")).unwrap()).unwrap();
        let megabytes = stats["rss_bytes"].as_f64().unwrap() / 1e6;
        assert!(megabytes < 150.0, "{megabytes} MB");
    }
}

#[test]
fn what_is_no_file_of_parties_is_refused_with_a_hint() {
    for (bytes, said) in [
        (&b""[..], "is empty"),
        (b"\xff\xfei\0d\0", "UTF-16"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"colour,size\nred,3\n", "no column holds a name"),
    ] {
        let answer = screened(bytes);
        assert_eq!((answer.status, answer.stdout.as_str()), (Some(2), ""));
        assert!(answer.stderr.contains(said) && answer.stderr.contains("hint:"), "{}", answer.stderr);
    }
    let place = Place::new();
    for (path, said) in [("missing.csv", "missing.csv"), (".", "is a folder")] {
        let answer = place.run(&["screen", "--input", path, "--starter"]);
        assert_eq!(answer.status, Some(2));
        assert!(answer.stderr.contains(said), "{}", answer.stderr);
    }
}

#[test]
fn wrong_arguments_say_what_to_write() {
    let place = Place::new();
    for args in [
        &["screen"][..],
        &["screen", "A B", "--threshold", "7"],
        &["screen", "A B", "--threshold", "NaN"],
        &["screen", "A B", "--threshold", "high"],
        &["screen", "A B", "--schema", "Banana"],
        &["screen", "A B", "--birth-date", "1961-13-02"],
        &["screen", "A B", "--country", "Atlantis"],
        &["screen", "--id", "9187629"],
        &["screen", "--id", "shoeSize=44"],
        &["screen", "$$$"],
        &["screen", "A B", "--limit", "-1"],
        &["screen", "Vladimir Putin", "--limit", "0"],
    ] {
        let answer = place.run(args);
        assert_eq!(answer.status, Some(2), "{args:?}");
        let said: Vec<&str> = answer.stderr.lines().filter(|line| !line.contains("starter list of")).collect();
        insta::assert_snapshot!(said.join("\n"));
    }
}

#[test]
fn a_snapshot_that_is_missing_cut_or_something_else_is_an_error_that_names_it() {
    let place = Place::with_lists();
    let whole = std::fs::read(place.path().join("lists.snap")).unwrap();
    for keep in [0, 7, 64, 1000, whole.len() / 2, whole.len() - 1] {
        place.write("cut.snap", &whole[..keep]);
        for args in [
            &["screen", "Zebulon Quartermaine", "--snapshot", "cut.snap"][..],
            &["lists", "verify", "--snapshot", "cut.snap"],
        ] {
            let answer = place.run(args);
            assert_eq!((answer.status, answer.stdout.as_str()), (Some(2), ""), "{keep}: {}", answer.stderr);
            assert!(answer.stderr.contains("cut.snap") && !answer.stderr.contains("panicked"), "{}", answer.stderr);
        }
    }
    for (name, bytes) in [("text.snap", &b"id,name\n1,x\n"[..]), ("missing.snap", b"")] {
        if !bytes.is_empty() {
            place.write(name, bytes);
        }
        let answer = place.run(&["screen", "Zebulon Quartermaine", "--snapshot", name]);
        assert_eq!(answer.status, Some(2));
        insta::assert_snapshot!(masked(&answer.stderr));
    }
}

#[test]
fn a_data_folder_whose_current_snapshot_is_gone_does_not_fall_back_on_the_starter_list() {
    let place = Place::new();
    place.write("data/current", "0123456789ab.snap\n");
    for args in [&["screen", "Sberbank"][..], &["lists", "status"], &["lists", "verify"], &["entity", "x"]] {
        let answer = place.run(args);
        assert_eq!((answer.status, answer.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(answer.stderr.contains("0123456789ab.snap"), "{args:?}: {}", answer.stderr);
    }
    place.write("data/current", "../elsewhere.snap");
    let answer = place.run(&["screen", "Sberbank"]);
    assert_eq!(answer.status, Some(2));
    insta::assert_snapshot!(answer.stderr);
}

#[test]
fn a_configuration_that_cannot_be_used_is_an_error() {
    let place = Place::new();
    place.write("bad.toml", "[screen]\npolicy_treshold = 0.5\n");
    for args in
        [&["screen", "Sberbank", "--config", "bad.toml"][..], &["screen", "Sberbank", "--config", "missing.toml"]]
    {
        let answer = place.run(args);
        assert_eq!(answer.status, Some(2));
        insta::assert_snapshot!(answer.stderr);
    }
}
