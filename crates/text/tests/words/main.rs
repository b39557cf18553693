//! Judged cases of the closed word classes: legal forms, titles, particles, numbers, equivalent forms.
//!
//! Idea: a case is a line of data that a reader of the language can judge; one runner a class gathers all failures before
//! its one `assert!`. The words of a case are words as folding leaves them, separated by blanks.

mod legal;
mod translation;
mod words;

use std::path::PathBuf;

/// Fewest judged cases of a language or class.
const MIN_CASES: usize = 20;

/// Folder of the cases of `class`, with its TOML files in the order of their names.
fn case_files(class: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(class);
    let mut files: Vec<(String, String)> = std::fs::read_dir(&folder)
        .expect("the cases are part of the crate")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| {
            let stem = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
            (stem, std::fs::read_to_string(&path).expect("a readable file"))
        })
        .collect();
    files.sort();
    files
}

fn check_all(failures: &[String]) {
    assert!(failures.is_empty(), "{} cases failed:\n{}", failures.len(), failures.join("\n"));
}
