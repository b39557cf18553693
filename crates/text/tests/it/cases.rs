//! Runners of the judged cases under `tests/cases/`: one a feature, all failures gathered before the one assertion.
use std::fs;
use std::path::PathBuf;

use interdict_text::fold::fold;
use interdict_text::phonetic::{keys_into, skeleton_into};
use interdict_text::{NameKind, Role, analyze, tokens_text};
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<C> {
    case: Vec<C>,
}

fn folder(feature: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(feature)
}

/// All case files of a feature: name without ending, and cases; sorted by name.
fn files<C: DeserializeOwned>(feature: &str) -> Vec<(String, Vec<C>)> {
    let entries = fs::read_dir(folder(feature)).expect("the folder of cases");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a file of cases").path()).collect();
    paths.sort();
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("a file of cases");
        let file: File<C> = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned(), file.case)
    };
    paths.iter().map(read).collect()
}

/// Runs all cases of a feature.
fn run<C: DeserializeOwned>(feature: &str, check: impl Fn(&C) -> Result<(), String>) {
    let mut failures = Vec::new();
    let mut n_cases = 0;
    for (file, cases) in files::<C>(feature) {
        n_cases += cases.len();
        failures.extend(cases.iter().filter_map(|case| check(case).err()).map(|failure| format!("{file}: {failure}")));
    }
    assert!(n_cases > 0, "{feature}: there are no cases");
    assert!(failures.is_empty(), "{} of {n_cases} cases fail\n{}", failures.len(), failures.join("\n"));
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Person,
    Organization,
    Object,
    Unknown,
}

impl From<Kind> for NameKind {
    fn from(kind: Kind) -> NameKind {
        match kind {
            Kind::Person => NameKind::Person,
            Kind::Organization => NameKind::Organization,
            Kind::Object => NameKind::Object,
            Kind::Unknown => NameKind::Unknown,
        }
    }
}

fn readings(text: &str, kind: Kind) -> Vec<String> {
    analyze(text, kind.into()).iter().map(tokens_text).collect()
}

/// Skeleton of a name written in one word, as abjads and Latin cut words differently.
fn skeleton(text: &str) -> String {
    let mut out = String::new();
    skeleton_into(&text.replace(' ', ""), &mut out);
    out
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fold {
    name: String,
    text: String,
    folded: String,
}

#[test]
fn folded_names_are_as_judged() {
    run("fold", |case: &Fold| {
        let folded = fold(&case.text);
        (folded == case.folded)
            .then_some(())
            .ok_or_else(|| format!("{}: {:?} is {folded:?}, expected {:?}", case.name, case.text, case.folded))
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Latin {
    name: String,
    kind: Kind,
    text: String,
    /// One of the readings, exactly.
    reading: Option<String>,
    /// An English spelling whose consonant skeleton one of the readings has.
    sounds_like: Option<String>,
}

#[test]
fn names_in_other_scripts_have_the_judged_reading() {
    run("latin", |case: &Latin| {
        let readings = readings(&case.text, case.kind);
        let fits = match (&case.reading, &case.sounds_like) {
            (Some(expected), None) => readings.contains(expected),
            (None, Some(english)) => {
                let english = skeleton(&fold(english));
                readings.iter().any(|reading| skeleton(reading) == english)
            }
            _ => return Err(format!("{}: one of `reading` and `sounds_like` must be given", case.name)),
        };
        let expected = case.reading.as_ref().or(case.sounds_like.as_ref());
        let skeletons: Vec<String> = readings.iter().map(|reading| skeleton(reading)).collect();
        fits.then_some(()).ok_or_else(|| {
            format!("{}: {:?} reads {readings:?} {skeletons:?}, expected {expected:?}", case.name, case.text)
        })
    });
}

#[test]
fn every_script_has_at_least_twenty_judged_cases() {
    const SCRIPTS: [&str; 22] = [
        "arabic",
        "armenian",
        "belarusian",
        "bengali",
        "bulgarian",
        "burmese",
        "devanagari",
        "georgian",
        "greek",
        "han",
        "hangul",
        "hebrew",
        "kana",
        "kazakh",
        "khmer",
        "latin",
        "persian",
        "russian",
        "serbian",
        "tamil",
        "thai",
        "ukrainian",
    ];
    let files = files::<Latin>("latin");
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, SCRIPTS);
    let few: Vec<(&str, usize)> =
        files.iter().map(|(name, cases)| (name.as_str(), cases.len())).filter(|(_, n_cases)| *n_cases < 20).collect();
    assert!(few.is_empty(), "fewer than 20 cases: {few:?}");
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sound {
    name: String,
    /// Spellings of one name; all have this skeleton.
    spellings: Vec<String>,
    skeleton: Option<String>,
    /// Whether all spellings share a phonetic key with the first.
    #[serde(default)]
    keys: bool,
    /// Names that sound otherwise: they have another skeleton and no key in common.
    #[serde(default)]
    unlike: Vec<String>,
}

fn keys(token: &str) -> Vec<u32> {
    let mut out = Vec::new();
    keys_into(token, &mut out);
    out
}

#[test]
fn spellings_of_one_name_share_their_keys() {
    run("phonetic", |case: &Sound| {
        let mut wrong = Vec::new();
        let first = case.spellings.first().map_or("", String::as_str);
        for spelling in &case.spellings {
            let own = skeleton(spelling);
            if case.skeleton.as_ref().is_some_and(|expected| *expected != own) {
                wrong.push(format!("{spelling} has the skeleton {own}"));
            }
            if case.keys && !keys(spelling).iter().any(|key| keys(first).contains(key)) {
                wrong.push(format!("{spelling} shares no key with {first}"));
            }
        }
        for other in &case.unlike {
            if skeleton(other) == skeleton(first) || keys(other).iter().any(|key| keys(first).contains(key)) {
                wrong.push(format!("{other} is not told from {first}"));
            }
        }
        wrong.is_empty().then_some(()).ok_or_else(|| format!("{}: {}", case.name, wrong.join(", ")))
    });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Analysis {
    name: String,
    kind: Kind,
    text: String,
    /// Readings that must be among those found; the first must be the first.
    readings: Vec<String>,
    /// Roles of the tokens of the first reading: n name, i initial, p particle, t title, l legal form, # number.
    roles: Option<String>,
}

fn roles(text: &str, kind: Kind) -> String {
    let readings = analyze(text, kind.into());
    let tokens = readings.first().map_or(&[][..], |reading| &reading.tokens);
    let letter = |role: &Role| match role {
        Role::Name => 'n',
        Role::Initial => 'i',
        Role::Particle => 'p',
        Role::Title => 't',
        Role::Legal(_) => 'l',
        Role::Number(_) => '#',
    };
    tokens.iter().map(|token| letter(&token.role)).collect()
}

#[test]
fn analyzed_names_are_as_judged() {
    run("name", |case: &Analysis| {
        let found = readings(&case.text, case.kind);
        let roles = roles(&case.text, case.kind);
        let fits = case.readings.iter().all(|reading| found.contains(reading))
            && found.first() == case.readings.first()
            && case.roles.as_ref().is_none_or(|expected| *expected == roles);
        fits.then_some(()).ok_or_else(|| {
            let expected = (&case.readings, &case.roles);
            format!("{}: {:?} reads {found:?} with roles {roles}, expected {expected:?}", case.name, case.text)
        })
    });
}
