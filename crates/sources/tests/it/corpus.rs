//! Files that once were hostile or odd, replayed as they are and cut, spliced and flipped: no reader panics.

use std::path::PathBuf;
use std::sync::LazyLock;

use interdict_sources::{Format, fuzz_reader};
use proptest::prelude::*;

/// All files below `tests/corpus`, with the form that their folder names, in the order of their paths.
static CORPUS: LazyLock<Vec<(Format, PathBuf, Vec<u8>)>> = LazyLock::new(|| {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut files = Vec::new();
    for folder in std::fs::read_dir(root).unwrap() {
        let folder = folder.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let format: Format = name.parse().unwrap_or_else(|error| panic!("{error}"));
        for file in std::fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            files.push((format, path, bytes));
        }
    }
    files.sort_by(|one, other| one.1.cmp(&other.1));
    files
});

#[test]
fn every_file_of_the_corpus_is_read_or_refused() {
    assert!(!CORPUS.is_empty());
    for (format, _, bytes) in CORPUS.iter() {
        fuzz_reader(*format, bytes);
    }
}

#[test]
fn any_bytes_are_read_or_refused_as_any_form() {
    for format in Format::ALL {
        for bytes in
            [&b""[..], b"\0", b"\xFF\xFE", b"<", b"<a", b"\"", b"{", b"[{}]", b"PK\x03\x04", b"\x1A", b"a,b\n1\n"]
        {
            fuzz_reader(*format, bytes);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_damaged_file_is_read_or_refused(
        which: prop::sample::Index,
        cut in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        splice in (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let (format, _, original) = which.get(&CORPUS);
        if original.is_empty() {
            return Ok(());
        }
        let mut bytes = original.clone();
        let (from, to) = (cut.0.index(bytes.len()), cut.1.index(bytes.len()));
        if from < to && to - from < bytes.len() / 2 {
            bytes.drain(from..to);
        }
        let (from, to) = (splice.0.index(original.len()), splice.1.index(original.len()));
        if from < to {
            let at = splice.2.index(bytes.len());
            bytes.splice(at..at, original[from..to].iter().copied());
        }
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        fuzz_reader(*format, &bytes);
    }
}
