//! Legal forms: cases by language, properties, and the code list where it is at hand.

use std::collections::BTreeMap;

use icu_normalizer::ComposingNormalizerBorrowed;
use interdict_text::legal::{Found, find, kinds, languages, similarity, strip_affix};
use proptest::prelude::*;
use serde::Deserialize;

/// One file of cases: a language (ISO 639-1) and rows of words, kinds in the order of the name (empty: none), and the
/// words that are left.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    language: String,
    cases: Vec<(String, String, String)>,
    /// Unspaced words: word, kind, what is left after one strip.
    #[serde(default)]
    affixes: Vec<(String, String, String)>,
}

/// Fewest cases of a language in which a word like a form must not be taken.
const MIN_NEGATIVE: usize = 4;

fn files() -> Vec<File> {
    let read = |(name, text): (String, String)| toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    super::case_files("legal").into_iter().map(read).collect()
}

/// Kinds found, and the words left, both joined by blanks.
fn describe(words: &[&str], found: &[Found]) -> (String, String) {
    let names: Vec<&str> = found.iter().map(|found| found.form.name()).collect();
    let inside = |at: usize| found.iter().any(|found| (found.start..found.start + found.len).contains(&at));
    let rest: Vec<&str> = words.iter().enumerate().filter(|(at, _)| !inside(*at)).map(|(_, word)| *word).collect();
    (names.join(" "), rest.join(" "))
}

#[test]
fn judged_cases() {
    let mut failures = Vec::new();
    for file in files() {
        for (name, kinds, rest) in &file.cases {
            let words: Vec<&str> = name.split_whitespace().collect();
            let got = describe(&words, &find(&words));
            if (&got.0, &got.1) != (kinds, rest) {
                failures
                    .push(format!("{}: {name}: expected [{kinds}] {rest}; found [{}] {}", file.language, got.0, got.1));
            }
        }
        for (word, kind, rest) in &file.affixes {
            let normal = |text: &str| ComposingNormalizerBorrowed::new_nfkc().normalize(text).into_owned();
            let (word, rest) = (&normal(word), &normal(rest));
            let (got, left) = strip_affix(word).map_or_else(
                || ("", word.clone()),
                |(form, start, end)| (form.name(), [&word[..start], &word[end..]].concat()),
            );
            if (got, &left) != (kind.as_str(), rest) {
                failures.push(format!("{}: {word}: expected [{kind}] {rest}; found [{got}] {left}", file.language));
            }
        }
    }
    super::check_all(&failures);
}

#[test]
fn every_language_of_the_table_has_enough_cases() {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for file in files() {
        let count = counts.entry(file.language).or_default();
        count.0 += file.cases.len() + file.affixes.len();
        count.1 += file.cases.iter().chain(&file.affixes).filter(|case| case.1.is_empty()).count();
    }
    let few: Vec<String> = languages()
        .iter()
        .filter_map(|&language| {
            let (n_cases, n_negative) = counts.get(language).copied().unwrap_or_default();
            (n_cases < super::MIN_CASES || n_negative < MIN_NEGATIVE)
                .then(|| format!("{language}: {n_cases} cases, {n_negative} of them without a form"))
        })
        .collect();
    super::check_all(&few);
    assert!(languages().len() >= 50, "{} languages", languages().len());
    let total: usize = counts.values().map(|count| count.0).sum();
    println!("{total} cases in {} languages", counts.len());
}

#[test]
fn kinds_have_names_and_similarity_is_symmetric() {
    let forms: Vec<_> = (0..kinds().len()).map(|kind| interdict_text::legal::LegalForm(kind as u8)).collect();
    for &a in &forms {
        assert!(a.name().bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) && !a.name().is_empty());
        for &b in &forms {
            let value = similarity(a, b);
            assert!((0.5..=1.0).contains(&value) && value.to_bits() == similarity(b, a).to_bits());
            assert_eq!(a == b, value > 0.9, "{} and {}", a.name(), b.name());
        }
    }
    let by_name = |name: &str| forms.iter().copied().find(|form| form.name() == name).expect("a kind of the table");
    assert!(similarity(by_name("llc"), by_name("jsc")) > similarity(by_name("llc"), by_name("foundation")));
    assert!(similarity(by_name("company"), by_name("lp")) > similarity(by_name("llc"), by_name("lp")));
}

#[test]
fn a_number_that_is_no_kind_has_no_name() {
    let stray = interdict_text::legal::LegalForm(u8::MAX);
    assert_eq!(stray.name(), "");
    assert!(similarity(stray, interdict_text::legal::LegalForm(0)) < 0.6);
}

/// Words that are often forms, and arbitrary ones.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "sa",
            "as",
            "gmbh",
            "co",
            "and",
            "kg",
            "ltd",
            "company",
            "limited",
            "joint",
            "stock",
            "ооо",
            "общество",
            "sp",
            "z",
            "oo",
            "o",
            "s",
            "a",
            "r",
            "l",
            "de",
            "cv",
            "شركة",
            "公司",
            "주식회사",
            "จำกัด",
            "name",
            "of",
            "public",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,12}",
    ]
}

proptest! {
    #[test]
    fn forms_never_overlap_nor_take_the_whole_name(row in prop::collection::vec(word(), 0..40)) {
        let words: Vec<&str> = row.iter().map(String::as_str).collect();
        let found = find(&words);
        let mut end = 0;
        for form in &found {
            prop_assert!(form.len > 0 && form.start >= end && form.start + form.len <= words.len());
            prop_assert!(!form.form.name().is_empty());
            end = form.start + form.len;
        }
        prop_assert!(found.is_empty() || found.iter().map(|form| form.len).sum::<usize>() < words.len());
    }

    #[test]
    fn an_affix_is_an_end_of_the_word_and_leaves_something(word in "\\PC{0,20}", form in prop::sample::select(vec!["", "株式会社", "주식회사", "有限公司"])) {
        let word = format!("{word}{form}");
        if let Some((_, start, end)) = strip_affix(&word) {
            prop_assert!(word.get(start..end).is_some_and(|form| !form.is_empty() && form.len() < word.len()));
            prop_assert!(start == 0 || end == word.len());
        }
    }
}

#[test]
fn shared_every_language_of_the_code_list_has_a_form() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/lists/gleif/elf-codes-1.4.1.csv");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: ../shared is not there");
        return;
    };
    // All fields of the list are quoted; the language code is the eighth.
    let codes: std::collections::BTreeSet<&str> = text
        .lines()
        .skip(1)
        .filter_map(|line| line.split("\",\"").nth(7))
        .filter(|code| code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase()))
        .collect();
    assert!(codes.len() > 35, "{codes:?}");
    // The list writes the code of the country for Korean and Slovene in places.
    let missing: Vec<&str> = codes
        .into_iter()
        .map(|code| match code {
            "kr" => "ko",
            "si" => "sl",
            code => code,
        })
        .filter(|code| !languages().contains(code))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
