//! Prints the readings of names given on standard input, one a line.
#![expect(clippy::print_stdout, reason = "an example prints")]
use std::io::BufRead;

use interdict_text::{NameKind, analyze, fold::fold, tokens_text};

fn main() {
    let kind = match std::env::args().nth(1).as_deref() {
        Some("person") => NameKind::Person,
        Some("organization") => NameKind::Organization,
        _ => NameKind::Unknown,
    };
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let readings: Vec<String> = analyze(&line, kind).iter().map(tokens_text).collect();
        println!("{line}\t{}\t{}", fold(&line), readings.join(" | "));
    }
}
