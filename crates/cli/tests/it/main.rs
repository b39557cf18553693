//! The real binary in a fresh folder: answers, exit statuses, bad input.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod update;

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

/// Runs the binary with these arguments and this standard input, in a data folder of its own.
fn run(args: &[&str], input: &[u8]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_interdict"))
        .arg("--data-dir")
        .arg(folder.path())
        .args(args)
        .env_remove("INTERDICT_CONFIG")
        .env("NO_COLOR", "1")
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input may be gone already.
    drop(child.stdin.take().unwrap().write_all(input));
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_listed_name_is_an_explained_hit() {
    for name in ["Harbin Institute of Technology", "哈尔滨工业大学"] {
        let output = run(&["screen", name], b"");
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(stdout(&output).contains("Harbin Institute of Technology"), "{name}");
        assert!(stdout(&output).contains("why:") && stderr(&output).contains("clears nobody"));
    }
}

#[test]
fn a_name_of_nobody_is_no_hit_and_says_that_the_starter_list_clears_nobody() {
    let output = run(&["screen", "Ludmilla Gänseblümchen"], b"");
    assert_eq!(output.status.code(), Some(0));
    assert!(stdout(&output).contains("clears nobody"));
}

#[test]
fn a_file_needs_the_full_lists_or_a_word_that_the_starter_will_do() {
    let rows = b"id,name\n1,Sberbank\n";
    let refused = run(&["screen", "--input", "-"], rows);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("--starter"));
    let output = run(&["screen", "--input", "-", "--starter"], rows);
    assert_eq!(output.status.code(), Some(1));
    let answer: serde_json::Value = serde_json::from_str(stdout(&output).trim()).unwrap();
    assert_eq!((&answer["id"], &answer["starter"]), (&serde_json::json!("1"), &serde_json::json!(true)));
    assert_eq!(answer["hits"][0]["id"], "starter-sberbank");
}

#[test]
fn a_bad_row_costs_that_row_and_the_counts_reconcile() {
    let rows = "\u{feff}ref;full_name;dob;country\n\
        a;Владимир Путин;1952-10-07;ru\n\
        b;;;\n\
        c;\"never closed;;\n\
        d;Nobody Known;1961-13-02;Atlantis\n\
        e;x;y;z;too;many\n";
    let output = run(&["screen", "--input", "-", "--starter"], rows.as_bytes());
    assert_eq!(output.status.code(), Some(2));
    let lines: Vec<serde_json::Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[0]["hits"][0]["id"], "starter-putin");
    for at in [1, 2, 4] {
        assert!(lines[at]["error"]["reason"].is_string() && lines[at]["hits"].is_null(), "{}", lines[at]);
    }
    assert_eq!(lines[3]["ignored"].as_array().unwrap().len(), 2, "the date and the country are told");
    assert!(lines[3]["hits"].as_array().unwrap().is_empty());
    let said = stderr(&output);
    assert!(said.contains("5 rows read = 2 screened + 3 not screened"), "{said}");
    assert!(said.contains("full_name = name") && said.contains("1961-13-02"), "{said}");
}

#[test]
fn hostile_lines_are_errors_of_their_own() {
    let deep = format!("{{\"id\":\"d\",\"x\":{}1{}}}\n", "[".repeat(5000), "]".repeat(5000));
    let long = format!("{{\"id\":\"l\",\"properties\":{{\"name\":[\"{}\"]}}}}\n", "x".repeat(2 << 20));
    let good = "{\"id\":\"g\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Igor Sechin\"]}}\n";
    let mut rows = [good, deep.as_str(), long.as_str(), "{\"id\":\"s\",\"schema\":\"Banana\"}\n"].concat().into_bytes();
    rows.extend_from_slice(b"{\"id\":\"u\",\"properties\":{\"name\":[\"\xff\"]}}\n");
    rows.extend_from_slice(good.as_bytes());
    let output = run(&["screen", "--input", "-", "--starter"], &rows);
    assert_eq!(output.status.code(), Some(2));
    let lines: Vec<serde_json::Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let errors: Vec<bool> = lines.iter().map(|line| line.get("error").is_some()).collect();
    assert_eq!(errors, [false, true, true, true, true, false]);
}

#[test]
fn what_is_no_file_of_parties_is_refused_with_a_hint() {
    for (bytes, said) in [
        (&b""[..], "is empty"),
        (b"\xff\xfei\0d\0", "UTF-16"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"colour,size\nred,3\n", "no column holds a name"),
    ] {
        let output = run(&["screen", "--input", "-", "--starter"], bytes);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(said) && stderr(&output).contains("hint:"), "{}", stderr(&output));
    }
}

#[test]
fn comparing_two_names_tells_the_score_and_why() {
    let output = run(&["compare", "Владимир Путин", "Vladimir Putin", "--schema", "Person"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("the same in Latin letters"));
    assert_eq!(run(&["compare", "Abc Def", "Xyz Uvw"], b"").status.code(), Some(0));
}

#[test]
fn an_identifier_alone_finds_its_party() {
    let output = run(&["screen", "--id", "innCode=7707083893", "--format", "jsonl"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("starter-sberbank"));
}

#[test]
fn wrong_arguments_say_what_to_write() {
    for (args, said) in [
        (&["screen", "A B", "--threshold", "7"][..], "0 to 1"),
        (&["screen", "A B", "--list", "nope"], "no list `nope`"),
        (&["screen", "A B", "--schema", "Banana"], "Person"),
        (&["screen", "A B", "--birth-date", "1961-13-02"], "YYYY"),
        (&["entity", "nope"], "no entity"),
        (&["build", "--list", "x=nope:y", "--out", "x.snap"], "ofac_sdn_csv"),
        (&["lists", "show", "x"], "no lists are installed"),
    ] {
        let output = run(args, b"");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains(said), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn completions_and_the_man_page_name_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        assert!(stdout(&run(&["completions", shell], b"")).contains("screen"), "{shell}");
    }
    assert!(stdout(&run(&["man"], b"")).contains("interdict"));
}
