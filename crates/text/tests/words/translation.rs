//! Translated readings of firms' names: cases by language.
//!
//! Idea: each case is the name of a real kind of institution and what an English list would print of it, without its legal
//! form; one of the readings that hold translated words must be that. A name of which nothing is to be translated has an
//! empty expectation. Cost: one analysis a case.

use std::collections::BTreeMap;
use std::path::PathBuf;

use interdict_text::name::{NameKind, Reading, Role, analyze};
use serde::Deserialize;

/// One file of cases: a language (ISO 639-1) and rows of a name and its English words (empty: nothing is translated).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    language: String,
    cases: Vec<(String, String)>,
}

fn files() -> Vec<File> {
    let read = |(name, text): (String, String)| toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    super::case_files("translation").into_iter().map(read).collect()
}

/// The words of a reading without legal forms and particles.
fn plain(reading: &Reading) -> String {
    let kept = reading.tokens.iter().filter(|token| !matches!(token.role, Role::Legal(_) | Role::Particle));
    kept.map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn judged_translations() {
    let mut failures = Vec::new();
    for file in files() {
        for (name, expected) in &file.cases {
            let readings = analyze(name, NameKind::Organization);
            let translated: Vec<String> = readings
                .iter()
                .filter(|reading| reading.tokens.iter().any(|token| token.translated))
                .map(plain)
                .collect();
            let met = if expected.is_empty() { translated.is_empty() } else { translated.contains(expected) };
            if !met {
                failures.push(format!("{}: {name}: expected {expected:?}, read {translated:?}", file.language));
            }
        }
    }
    super::check_all(&failures);
}

/// Each phrase, put beside a name, is read in English; one whose words are taken for a legal form first is of no use.
#[test]
fn no_phrase_is_out_of_reach() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/words/concepts");
    let mut failures = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the tables are part of the crate") {
        let table = std::fs::read_to_string(entry.expect("a readable folder").path()).expect("a readable file");
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let (english, phrases) = (line.split('\t').next(), line.rsplit('\t').next());
            for phrase in phrases.unwrap_or_default().split(';') {
                // What begins with *and* in French begins no name: `et` is a Bulgarian legal form there.
                let name = if phrase.starts_with("et ") { format!("Kant {phrase}") } else { format!("{phrase} Kant") };
                let readings = analyze(&name, NameKind::Organization);
                let reached = |reading: &Reading| {
                    let kept: Vec<_> = reading
                        .tokens
                        .iter()
                        .filter(|token| token.text != "kant" && token.role != Role::Particle)
                        .collect();
                    // A place is in English what it is in Latin letters, so that there is no further reading.
                    let alike = kept.iter().map(|token| token.text.as_str()).eq(english.unwrap_or_default().split(' '));
                    !kept.is_empty() && (alike || kept.iter().all(|token| token.translated))
                };
                if !readings.iter().any(reached) {
                    failures.push(format!("{line}: {phrase}"));
                }
            }
        }
    }
    super::check_all(&failures);
}

#[test]
fn a_person_is_never_translated() {
    for name in ["Заводов Институт Банк", "Banco Santos", "Казанский Пётр Ильич", "中国航空"]
    {
        let readings = analyze(name, NameKind::Person);
        assert!(readings.iter().all(|reading| reading.tokens.iter().all(|token| !token.translated)), "{name}");
    }
}

#[test]
fn every_language_has_enough_cases() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for file in files() {
        *counts.entry(file.language).or_default() += file.cases.len();
    }
    let languages = ["ar", "be", "de", "es", "fa", "fr", "it", "ja", "ko", "pt", "ru", "tr", "uk", "zh", "zh-Hant"];
    let few: Vec<String> = languages
        .iter()
        .filter(|language| counts.get(**language).is_none_or(|n| *n < super::MIN_CASES))
        .map(|language| format!("{language}: {:?} cases", counts.get(*language)))
        .collect();
    super::check_all(&few);
}
