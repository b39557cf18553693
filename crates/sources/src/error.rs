//! Why a list cannot be used.

use std::path::PathBuf;

/// A list that cannot be used: file, line, and what was expected.
#[derive(Debug, thiserror::Error)]
#[error("{file}{place}: {kind}", file = file.display(), place = place(*line))]
pub struct ReadError {
    /// The file as it was given.
    pub file: PathBuf,
    /// 1-based line (row, for spreadsheets) in the file as published; 0 where the fault is the file's as a whole.
    pub line: u64,
    /// What is wrong.
    #[source]
    pub kind: ReadErrorKind,
}

fn place(line: u64) -> String {
    if line == 0 { String::new() } else { format!(":{line}") }
}

/// What makes a list unusable.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// A file of the set is not there.
    #[error("the file `{name}` of this list is missing; {hint}")]
    MissingFile {
        /// Its name as published.
        name: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// Several files for a form that is one file: releases of one list, of which only one can count.
    #[error("this format is one file, and there are several: `{names}`; name the one that counts")]
    SeveralFiles {
        /// Their names.
        names: String,
    },
    /// A column is not there.
    #[error("column `{column}` is missing; the header has {found}")]
    MissingColumn {
        /// Its name as published.
        column: String,
        /// The columns that are there.
        found: String,
    },
    /// An element or attribute without which the file is not what it should be.
    #[error("`{name}` is missing; this is not {expected}")]
    MissingElement {
        /// Its name.
        name: &'static str,
        /// What the file should be.
        expected: &'static str,
    },
    /// The file does not end as it should.
    #[error("the file ends without its end mark ({expected}): it is truncated")]
    Truncated {
        /// The end mark.
        expected: &'static str,
    },
    /// Something stands behind the end mark.
    #[error("data behind the end mark of the file")]
    BehindEnd,
    /// The file holds no record at all.
    #[error("the file holds no record")]
    Empty,
    /// An HTML page instead of the list.
    #[error("this is an HTML page, not {expected}; the address may have moved or ask for a login")]
    Html {
        /// What the file should be.
        expected: &'static str,
    },
    /// Not well-formed XML.
    #[error("XML: {0}")]
    Xml(String),
    /// A document type declaration, which no list needs and attackers use.
    #[error("the file has a DOCTYPE or declares entities; lists have neither, and it is refused")]
    Doctype,
    /// Not the JSON that the format has.
    #[error("JSON: {0}")]
    Json(String),
    /// Not well-formed CSV.
    #[error("CSV: {0}")]
    Csv(String),
    /// Not a readable workbook.
    #[error("workbook: {0}")]
    Workbook(String),
    /// Bytes that the encoding does not have.
    #[error("byte {at} is not {encoding}")]
    Encoding {
        /// 0-based offset.
        at: u64,
        /// Name of the encoding.
        encoding: &'static str,
    },
    /// Two records of one key.
    #[error("key `{key}` stands on two records")]
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// The file says how many records it has, and it has another number.
    #[error("the file declares {declared} records, {found} were read")]
    Count {
        /// As declared.
        declared: u64,
        /// As read.
        found: u64,
    },
    /// More than one in a thousand records is unreadable, or all of them.
    #[error("{refused} of {records} records are unreadable, more than 0.1 % or all; the first: {first}")]
    TooManyRefused {
        /// Number refused.
        refused: u64,
        /// Number of records.
        records: u64,
        /// Where and why the first was refused.
        first: String,
    },
    /// A limit against hostile input.
    #[error("{what} exceeds the limit of {limit}")]
    Limit {
        /// What is too large.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// The mapping of an own list.
    #[error("mapping: {0}")]
    Mapping(String),
    /// A value without which the list cannot be dated or identified.
    #[error("field `{field}`: {value:?} is not {expected}")]
    Field {
        /// The field as published.
        field: &'static str,
        /// Its value.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
}
