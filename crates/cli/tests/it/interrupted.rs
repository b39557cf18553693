//! Runs that are cut short: a reader that goes away, and ctrl-C. Neither leaves a panic, nor half a line.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command};

use crate::support::Place;

/// A file of so many customers.
fn customers(n: usize) -> String {
    let rows = (0..n).map(|at| format!("{at},Somebody Number {at}\n"));
    std::iter::once("id,name\n".to_owned()).chain(rows).collect()
}

#[test]
fn a_reader_that_goes_away_ends_the_run_quietly() {
    let place = Place::new();
    place.write("big.csv", customers(60_000));
    for format in ["jsonl", "csv", "json", "table"] {
        let mut child = place.spawn(&["screen", "--input", "big.csv", "--starter", "--format", format]);
        let mut first = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut first).unwrap();
        drop(out);
        let answer = place.answer(child, b"");
        assert!(!first.is_empty());
        assert_eq!(answer.status, Some(0), "{format}: {}", answer.stderr);
        let faults: Vec<&str> = answer.stderr.lines().filter(|line| !line.starts_with("note:")).collect();
        assert!(faults.is_empty(), "{format}: {faults:?}");
    }
}

fn interrupt(child: &Child) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_with_130_and_whole_lines() {
    let place = Place::new();
    let mut child = place.spawn(&["screen", "--input", "-", "--starter"]);
    let mut input = child.stdin.take().unwrap();
    let feed = std::thread::spawn(move || {
        // Ends when the program does.
        let block = customers(5_000);
        while input.write_all(block.as_bytes()).is_ok() {}
    });
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    for _ in 0..1_000 {
        out.read_line(&mut text).unwrap();
    }
    interrupt(&child);
    out.read_to_string(&mut text).unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{said}");
    feed.join().unwrap();
    assert!(said.contains("interrupted"), "{said}");
    assert!(text.ends_with('\n'));
    for line in text.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok(), "half a line: {line}");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_while_waiting_for_input_ends_at_once() {
    let place = Place::new();
    let pair = r#"{"query":{"properties":{"name":["A Beck"]}},"candidate":{"properties":{"name":["A Berg"]}}}"#;
    let pairs = format!("{pair}\n").repeat(2_000);
    // What is fed makes one write of answers and no more, so that all of it can be read before the interrupt.
    for (args, rows, n_answers) in [
        (&["screen", "--input", "-", "--starter"][..], customers(4_500), 4_096),
        (&["compare", "--input", "-"], pairs, 1),
    ] {
        let mut child = place.spawn(args);
        let mut input = child.stdin.take().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let feed = std::thread::spawn(move || {
            input.write_all(rows.as_bytes()).unwrap();
            input
        });
        let mut text = String::new();
        for _ in 0..n_answers {
            out.read_line(&mut text).unwrap();
        }
        let still_open = feed.join().unwrap();
        interrupt(&child);
        assert_eq!(child.wait().unwrap().code(), Some(130), "{args:?}");
        drop(still_open);
    }
}
