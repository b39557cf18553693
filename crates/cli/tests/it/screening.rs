//! `interdict screen`: names, identifiers and files against a small snapshot, in every form of answer.

use serde_json::{Value as Json, json};

use crate::support::{Place, masked};

const ASK: [&str; 3] = ["screen", "--snapshot", "lists.snap"];

fn with(args: &[&'static str]) -> Vec<&'static str> {
    [ASK.as_slice(), args].concat()
}

/// The hit of that id.
fn hit<'a>(line: &'a Json, id: &str) -> Option<&'a Json> {
    line["hits"].as_array()?.iter().find(|hit| hit["id"] == id)
}

#[test]
fn a_name_is_answered_with_what_it_met_and_why() {
    let place = Place::with_lists();
    let answer = place.run(&with(&["Quartermaine, Zebulon", "--birth-date", "1961", "--country", "mt"]));
    insta::assert_snapshot!(masked(&answer.shown()));
}

#[test]
fn several_names_are_several_queries() {
    let place = Place::with_lists();
    let answer = place.run(&with(&["Ottoline Vantongeren", "Nobody Whatsoever"]));
    insta::assert_snapshot!(masked(&answer.shown()));
}

#[test]
fn every_form_of_answer_says_the_same() {
    let place = Place::with_lists();
    let name = "Zebulon Quartermaine";
    for format in ["json", "jsonl", "csv"] {
        let answer = place.run(&with(&[name, "--format", format]));
        insta::assert_snapshot!(format, masked(&answer.shown()));
    }
    let one = place.run(&with(&[name, "--format", "jsonl"])).lines();
    let array = place.run(&with(&[name, "--format", "json"])).json();
    assert_eq!(array, json!(one));
}

#[test]
fn reasons_are_a_tree_in_json() {
    let place = Place::with_lists();
    let input = b"id,name,dob\n1,Zebulon Quartermaine,1961-03-02\n";
    let answer = place.run_on(&with(&["--input", "-", "--explain"]), input);
    let hit = &answer.lines()[0]["hits"][0];
    assert_eq!(hit["explanation"]["name"]["entity"], "Zebulon Quartermaine", "{hit:#}");
    assert_eq!(hit["explanation"]["fields"][0]["rule"], "date_same");
    let plain = place.run_on(&with(&["--input", "-"]), input);
    assert!(plain.lines()[0]["hits"][0].get("explanation").is_none(), "reasons are given where they are asked for");
}

#[test]
fn an_identifier_alone_finds_its_party_by_its_kind_and_by_any() {
    let place = Place::with_lists();
    for (given, party) in [
        ("innCode=7707083893", "h-firm"),
        ("inn=77 07 08 38 93", "h-firm"),
        ("any=7707083893", "h-firm"),
        ("imoNumber=9187629", "h-ship"),
        ("imo=IMO 9187629", "h-ship"),
        ("callSign=T2EU4", "h-ship"),
        ("any=t2eu4", "h-ship"),
        ("serialNumber=28157", "h-plane"),
        ("email=ZEB@example.org", "h-zeb"),
        ("any=zeb@example.org", "h-zeb"),
        ("passport=PX 7740198", "h-zeb"),
        ("any=px7740198", "h-zeb"),
        ("publicKey=1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "h-zeb"),
        ("any=1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "h-zeb"),
    ] {
        let answer = place.run(&[&ASK, ["--id", given, "--format"].as_slice(), &["jsonl"]].concat());
        assert_eq!(answer.status, Some(1), "{given}: {}", answer.shown());
        // A wallet is a party of its own, and a hit beside its holder.
        assert!(hit(&answer.lines()[0], party).is_some(), "{given}: {}", answer.stdout);
    }
    // Base58 tells addresses apart by case.
    let other = place.run(&with(&["--id", "publicKey=1boatslrhtknngkdxeeobr76b53lettpyt"]));
    assert_eq!(other.status, Some(0), "{}", other.stdout);
}

#[test]
fn what_an_identifier_stands_on_is_told() {
    let place = Place::with_lists();
    let input = b"{\"id\":\"w\",\"properties\":{\"publicKey\":[\"1BoatSLRHtKNngkdXEeobR76b53LETtpyT\"]}}\n\
        {\"id\":\"p\",\"schema\":\"Person\",\"properties\":{\"passportNumber\":[\"PX7740198\"]}}\n";
    let answer = place.run_on(&with(&["--input", "-"]), input);
    let lines = answer.lines();
    for (line, document) in lines.iter().zip(["h-wallet", "h-pass"]) {
        assert_eq!(hit(line, "h-zeb").map(|hit| &hit["via"]), Some(&json!(document)), "{line:#}");
    }
}

#[test]
fn only_the_lists_named_are_asked() {
    let place = Place::with_lists();
    assert_eq!(place.run(&with(&["Zebulon Quartermaine", "--list", "watch"])).status, Some(0));
    assert_eq!(place.run(&with(&["Zebulon Quartermaine", "--list", "watch", "--list", "house"])).status, Some(1));
    let unknown = place.run(&with(&["Zebulon Quartermaine", "--list", "hause"]));
    insta::assert_snapshot!(unknown.shown());
}

#[test]
fn a_file_is_answered_row_by_row_in_its_order() {
    let place = Place::with_lists();
    let mut rows = String::from("customer_id,full_name,Date of Birth\n");
    for at in 0..9000 {
        let name = if at % 3000 == 7 { "Ottoline Vantongeren" } else { "Somebody Else Entirely" };
        rows.extend([&at.to_string(), ",", name, ",1970\n"]);
    }
    place.write("customers.csv", &rows);
    let answer = place.run(&with(&["--input", "customers.csv", "--stats", "stats.json"]));
    assert_eq!(answer.status, Some(1));
    let lines = answer.lines();
    assert_eq!(lines.len(), 9000);
    for (at, line) in lines.iter().enumerate() {
        assert_eq!(line["id"], at.to_string());
        assert_eq!(line["hits"].as_array().map(Vec::len), Some(usize::from(at % 3000 == 7)));
    }
    insta::assert_snapshot!(answer.stderr);
    let stats: Json = serde_json::from_slice(&std::fs::read(place.path().join("stats.json")).unwrap()).unwrap();
    assert_eq!((&stats["n"], &stats["errors"]), (&json!(9000), &json!(0)));
    for member in
        ["seconds", "per_second", "p50_us", "p99_us", "max_us", "candidates_mean", "snapshot_open_ms", "rss_bytes"]
    {
        assert!(stats[member].as_f64().is_some_and(|value| value > 0.0), "{member}: {stats}");
    }
    assert_eq!(stats["entities"], 7, "parties that can be found: {stats}");
}

#[test]
fn every_row_leaves_a_line_of_csv_also_where_nothing_was_found_or_screened() {
    let place = Place::with_lists();
    let input = b"id,name,dob\n1,Zebulon Quartermaine,1961-13-02\n2,Nobody Whatsoever,\n3,,\n";
    let answer = place.run_on(&with(&["--input", "-", "--format", "csv"]), input);
    assert_eq!(answer.status, Some(2));
    insta::assert_snapshot!(masked(&answer.stdout));
}

#[test]
fn a_list_that_is_not_whole_is_told_in_every_answer() {
    let place = Place::new();
    // `sdn.csv` named by itself loads without its sister files, as a part.
    place.write(
        "sdn.csv",
        "36,\"AEROCARIBBEAN AIRLINES\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\u{1a}",
    );
    let built = place.run(&["build", "--list", "sdn=ofac_sdn_csv:sdn.csv", "--out", "lists.snap"]);
    assert_eq!(built.status, Some(0), "{}", built.stderr);
    let ask = |format| place.run(&with(&["Nobody Whatsoever", "--quiet", "--format", format]));
    let answer = ask("jsonl");
    assert!(answer.stderr.contains("list `sdn` is not whole"), "{}", answer.stderr);
    let list = &answer.lines()[0]["snapshot"]["lists"][0];
    assert!(list["partial"].as_str().is_some_and(|why| !why.is_empty()), "{list}");
    assert!(ask("csv").stdout.trim_end().ends_with(",sdn partial"), "{}", ask("csv").stdout);
}

#[test]
fn a_spreadsheet_that_opens_the_answers_runs_no_formula() {
    let place = Place::with_lists();
    let input = b"id,name\n=1+1,Zebulon Quartermaine\n";
    let answer = place.run_on(&with(&["--input", "-", "--format", "csv"]), input);
    assert!(answer.stdout.lines().nth(1).is_some_and(|line| line.starts_with("'=1+1,")), "{}", answer.stdout);
}
