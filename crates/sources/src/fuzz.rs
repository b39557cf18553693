//! The way in for fuzzers and replayed corpora: any bytes as any form.

use std::path::PathBuf;

use interdict_model::ListId;

use crate::format::Format;
use crate::input::{Input, SourceFile};

/// What parts the files of a set within one corpus file.
const FILE_MARK: &[u8] = b"\n--8<--\n";

/// Reads bytes as that form; whatever they are, this returns. The files of a set are parted by a line `--8<--`.
pub fn fuzz_reader(format: Format, bytes: &[u8]) {
    let names: &[&str] = match format {
        Format::OfacSdnCsv => &["sdn.csv", "add.csv", "alt.csv", "sdn_comments.csv"],
        Format::OfacConsCsv => &["cons_prim.csv", "cons_add.csv", "cons_alt.csv", "cons_comments.csv"],
        _ => &["list"],
    };
    let mut rest = bytes;
    let mut files = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let end = rest.windows(FILE_MARK.len()).position(|window| window == FILE_MARK);
        let (file, behind) = match end {
            Some(end) if at + 1 < names.len() => (&rest[..end], &rest[end + FILE_MARK.len()..]),
            _ => (rest, &rest[rest.len()..]),
        };
        files.push(SourceFile { path: PathBuf::from(name), bytes: file.to_vec() });
        if end.is_none() {
            break;
        }
        rest = behind;
    }
    let Ok(list) = ListId::new("fuzz") else { return };
    let input = Input { list, format, version: "fuzz".to_owned(), files, mapping: None, named_alone: true };
    if let Ok(loaded) = crate::read(&input) {
        let account = &loaded.reconciliation;
        assert_eq!(account.records, account.loaded + account.refused.len() as u64, "records = loaded + refused");
    }
}
