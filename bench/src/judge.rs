//! The twin of `score.py`: accuracy by group. A test holds the two against each other.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Accuracy of one group; members that do not apply are absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) n: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) precision: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recall: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) f1: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) best_f1: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) best_at: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reference_f1: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recall_at_1pct: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) top1: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) false_hits_a_query: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) false_alerts_per_1000: Option<f64>,
}

/// Accuracy by group, by name.
pub(crate) type Table = BTreeMap<String, Line>;

/// A scored pair with its judgment.
pub(crate) struct JudgedPair<'a> {
    pub(crate) group: &'a str,
    pub(crate) score: f64,
    pub(crate) is_match: bool,
    pub(crate) reference: Option<f64>,
}

/// An answered query with its judgment; hits of score 0.5 and above, best first.
pub(crate) struct JudgedQuery<'a> {
    pub(crate) group: &'a str,
    pub(crate) expected: &'a [String],
    pub(crate) hits: Vec<(String, f64)>,
}

/// `a/b/c` counts for itself and for `a/*`, `a/b/*`.
fn levels(group: &str) -> Vec<String> {
    let parts: Vec<&str> = group.split('/').collect();
    let mut levels = vec![group.to_owned()];
    for n in 1..parts.len().max(2) {
        levels.push(format!("{}/*", parts[..n.min(parts.len())].join("/")));
    }
    levels
}

fn precision_recall_f1(rows: impl Iterator<Item = (f64, bool)>, threshold: f64) -> (f64, f64, f64) {
    let (mut tp, mut fp, mut missed) = (0.0, 0.0, 0.0);
    for (score, is_match) in rows {
        match (score >= threshold, is_match) {
            (true, true) => tp += 1.0,
            (true, false) => fp += 1.0,
            (false, true) => missed += 1.0,
            (false, false) => {}
        }
    }
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    let (p, r) = (share(tp, tp + fp), share(tp, tp + missed));
    (p, r, share(2.0 * p * r, p + r))
}

/// The nearest number of so many decimals to what the bits say, as Python rounds: 0.2875 lies a little below itself and is 0.287.
fn round(value: f64, digits: usize) -> f64 {
    format!("{value:.digits$}").parse().expect("a printed number is a number")
}

/// Accuracy of pairs at a threshold.
pub(crate) fn pairs(cases: &[JudgedPair<'_>], threshold: f64) -> Table {
    let mut groups: BTreeMap<String, Vec<&JudgedPair<'_>>> = BTreeMap::new();
    for case in cases {
        for group in levels(case.group).into_iter().chain(["all".to_owned()]) {
            groups.entry(group).or_default().push(case);
        }
    }
    let judge = |cases: Vec<&JudgedPair<'_>>| {
        let rows = || cases.iter().map(|case| (case.score, case.is_match));
        let (p, r, f) = precision_recall_f1(rows(), threshold);
        let mut thresholds: Vec<f64> = cases.iter().map(|case| case.score).collect();
        thresholds.sort_by(f64::total_cmp);
        thresholds.dedup();
        let mut best = (0.0, 0.0);
        for at in thresholds {
            let f = precision_recall_f1(rows(), at).2;
            if f >= best.0 {
                best = (f, at);
            }
        }
        let references: Option<Vec<(f64, bool)>> =
            cases.iter().map(|case| Some((case.reference?, case.is_match))).collect();
        Line {
            n: cases.len(),
            precision: Some(round(p, 4)),
            recall: Some(round(r, 4)),
            f1: Some(round(f, 4)),
            best_f1: Some(round(best.0, 4)),
            best_at: Some(round(best.1, 3)),
            reference_f1: references.map(|rows| round(precision_recall_f1(rows.into_iter(), threshold).2, 4)),
            ..Line::default()
        }
    };
    groups.into_iter().map(|(group, cases)| (group, judge(cases))).collect()
}

impl JudgedQuery<'_> {
    fn is_expected(&self, id: &str) -> bool {
        self.expected.iter().any(|expected| expected == id)
    }

    /// Best score of an expected entity.
    pub(crate) fn best(&self) -> f64 {
        self.hits.iter().filter(|(id, _)| self.is_expected(id)).map(|(_, score)| *score).fold(0.0, f64::max)
    }

    /// Hits at or above the threshold that are not expected.
    pub(crate) fn n_false(&self, threshold: f64) -> usize {
        self.hits.iter().filter(|(id, score)| *score >= threshold && !self.is_expected(id)).count()
    }
}

/// Accuracy of retrieval at a threshold.
pub(crate) fn retrieval(queries: &[JudgedQuery<'_>], threshold: f64) -> Table {
    let mut tops: Vec<f64> = queries
        .iter()
        .filter(|query| query.expected.is_empty())
        .map(|query| query.hits.iter().map(|(_, score)| *score).fold(0.0, f64::max))
        .collect();
    tops.sort_by(|one, other| other.total_cmp(one));
    let strict = tops.get(tops.len() / 100).map_or(threshold, |top| threshold.max(top + 1e-9));
    let mut groups: BTreeMap<String, Vec<&JudgedQuery<'_>>> = BTreeMap::new();
    for query in queries {
        for group in levels(query.group) {
            groups.entry(group).or_default().push(query);
        }
    }
    let judge = |queries: Vec<&JudgedQuery<'_>>| {
        let wanted: Vec<&JudgedQuery<'_>> =
            queries.iter().copied().filter(|query| !query.expected.is_empty()).collect();
        let n = wanted.len() as f64;
        let share = |count: usize| Some(round(count as f64 / n, 4));
        if wanted.is_empty() {
            let alerts = queries.iter().filter(|query| query.n_false(threshold) > 0).count();
            let rate = round(1000.0 * alerts as f64 / queries.len() as f64, 2);
            return Line { n: queries.len(), false_alerts_per_1000: Some(rate), ..Line::default() };
        }
        let first = |query: &&&JudgedQuery<'_>| query.hits.first().is_some_and(|(id, _)| query.is_expected(id));
        let false_hits: usize = wanted.iter().map(|query| query.n_false(threshold)).sum();
        Line {
            n: queries.len(),
            recall: share(wanted.iter().filter(|query| query.best() >= threshold).count()),
            recall_at_1pct: share(wanted.iter().filter(|query| query.best() >= strict).count()),
            top1: share(wanted.iter().filter(first).count()),
            false_hits_a_query: Some(round(false_hits as f64 / n, 3)),
            ..Line::default()
        }
    };
    groups.into_iter().map(|(group, queries)| (group, judge(queries))).collect()
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use serde_json::{Value as Json, json};

    use super::*;
    use crate::corpus::{self, Case, Query};

    #[test]
    fn a_group_counts_for_its_parents() {
        assert_eq!(levels("a/b/c"), ["a/b/c", "a/*", "a/b/*"]);
        assert_eq!(levels("a"), ["a", "a/*"]);
    }

    #[test]
    fn accuracy_is_what_it_says() {
        let pair = |score, is_match| JudgedPair { group: "g", score, is_match, reference: None };
        let table = pairs(&[pair(0.9, true), pair(0.8, false), pair(0.6, true), pair(0.1, false)], 0.7);
        let line = &table["g"];
        assert_eq!((line.precision, line.recall, line.f1), (Some(0.5), Some(0.5), Some(0.5)));
        assert_eq!((line.best_f1, line.best_at), (Some(0.8), Some(0.6)));
    }

    /// The scorer and its cases, where they are at hand.
    fn scorer() -> Option<PathBuf> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/bench");
        if !folder.join("score.py").is_file() {
            println!("skipped: no ../shared/bench/score.py");
            return None;
        }
        if !Command::new("python3").arg("--version").output().is_ok_and(|output| output.status.success()) {
            println!("skipped: no python3");
            return None;
        }
        Some(folder)
    }

    /// What the scorer's last line says of these answers.
    fn scored_by_python(folder: &Path, mode: &str, cases: &str, answers: &[Json], threshold: f64) -> Table {
        let here = tempfile::tempdir().unwrap();
        let path = here.path().join("answers.jsonl");
        std::fs::write(&path, answers.iter().map(|answer| format!("{answer}\n")).collect::<Vec<_>>().concat()).unwrap();
        let output = Command::new("python3")
            .arg(folder.join("score.py"))
            .arg(mode)
            .arg(folder.join(cases))
            .arg(path)
            .args(["--threshold", &threshold.to_string()])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_str(text.lines().last().unwrap()).unwrap()
    }

    /// A number in [0, 1) that looks like a score, from its place: many equal ones, and some at the thresholds themselves.
    fn prediction(seed: u64, at: usize) -> f64 {
        let mixed = (seed * 1_000_003 + at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        match mixed % 7 {
            0 => 0.7,
            1 => 0.5,
            2 => (mixed % 11) as f64 / 11.0,
            // As the matcher's scores: single precision.
            _ => f64::from((mixed % 9973) as f32 / 9973.0),
        }
    }

    fn assert_same(ours: &Table, theirs: &Table, of: &str) {
        let line = |table: &Table, group: &String| json!(table.get(group)).to_string();
        let differing: Vec<String> = ours
            .keys()
            .chain(theirs.keys())
            .filter(|group| ours.get(*group) != theirs.get(*group))
            .map(|group| format!("{group}\n  ours {}\n  theirs {}", line(ours, group), line(theirs, group)))
            .collect();
        assert!(differing.is_empty(), "{of}:\n{}", differing.join("\n"));
    }

    #[test]
    fn shared_pairs_are_judged_as_score_py_judges_them() {
        let Some(folder) = scorer() else { return };
        for file in ["entities.jsonl", "names.jsonl"] {
            let cases: Vec<Case> = corpus::lines(&folder.join(file)).unwrap();
            for (seed, threshold) in [(1, 0.7), (2, 0.7), (3, 0.5), (4, 0.91)] {
                let scores: Vec<f64> = (0..cases.len()).map(|at| prediction(seed, at)).collect();
                let answers: Vec<Json> =
                    cases.iter().zip(&scores).map(|(case, score)| json!({"id": case.id, "score": score})).collect();
                let judged: Vec<JudgedPair<'_>> = cases
                    .iter()
                    .zip(&scores)
                    .map(|(case, score)| JudgedPair {
                        group: &case.group,
                        score: *score,
                        is_match: case.is_match,
                        reference: case.reference,
                    })
                    .collect();
                let theirs = scored_by_python(&folder, "pairs", file, &answers, threshold);
                assert_same(&pairs(&judged, threshold), &theirs, &format!("{file}, seed {seed}"));
            }
        }
    }

    #[test]
    fn shared_queries_are_judged_as_score_py_judges_them() {
        let Some(folder) = scorer() else { return };
        for file in ["un_queries.jsonl", "eu_queries.jsonl", "ofac_queries.jsonl", "uk_queries.jsonl"] {
            let queries: Vec<Query> = corpus::lines(&folder.join(file)).unwrap();
            for seed in [5, 6] {
                let hits = |at: usize, query: &Query| {
                    // Right, wrong, both, none; best first, as answers stand.
                    let n = at % 4;
                    let ids = query.expected.iter().cloned().chain(["x".to_owned(), "y".to_owned(), "z".to_owned()]);
                    let scored = |(nth, id)| (id, prediction(seed + nth as u64, at).max(0.5));
                    let mut hits: Vec<(String, f64)> = ids.skip(at % 3 / 2).take(n).enumerate().map(scored).collect();
                    hits.sort_by(|one, other| other.1.total_cmp(&one.1));
                    hits
                };
                let hits: Vec<_> = queries.iter().enumerate().map(|(at, query)| hits(at, query)).collect();
                let answers: Vec<Json> = queries
                    .iter()
                    .zip(&hits)
                    .map(|(query, hits)| {
                        let hits: Vec<Json> =
                            hits.iter().map(|(id, score)| json!({"id": id, "score": score})).collect();
                        json!({"id": query.id, "hits": hits})
                    })
                    .collect();
                let judged: Vec<JudgedQuery<'_>> = queries
                    .iter()
                    .zip(&hits)
                    .map(|(query, hits)| JudgedQuery {
                        group: &query.group,
                        expected: &query.expected,
                        hits: hits.clone(),
                    })
                    .collect();
                let theirs = scored_by_python(&folder, "retrieval", file, &answers, 0.7);
                assert_same(&retrieval(&judged, 0.7), &theirs, &format!("{file}, seed {seed}"));
            }
        }
    }
}
