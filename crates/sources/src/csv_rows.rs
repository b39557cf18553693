//! Rows of a delimited text, strictly, with the physical line each begins on.
//!
//! Idea: RFC 4180 with nothing forgiven: a quoted field ends at its quote and the delimiter follows; a quoted field that is
//! open at the end of the file is a truncated file, not a long last field. (The `csv` crate reads both without a word.)
//! Cost: one pass; fields borrow from the text unless a doubled quote stands in them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::error::{ReadError, ReadErrorKind};
use crate::input::SourceFile;
use crate::text::fail;

/// Longest field. The longest of a published list is some 20 KB.
const MAX_FIELD_BYTES: usize = 1 << 20;
/// Longest row.
const MAX_ROW_BYTES: usize = 8 << 20;
/// Most columns. The widest published list has 81.
const MAX_COLUMNS: usize = 1000;

/// A row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row<'a> {
    /// 1-based physical line on which it begins.
    pub(crate) line: u64,
    /// Its fields, as written.
    pub(crate) fields: Vec<Cow<'a, str>>,
}

impl Row<'_> {
    /// The field at that place, trimmed; "" where the row is shorter.
    pub(crate) fn at(&self, column: usize) -> &str {
        self.fields.get(column).map_or("", |field| field.trim())
    }

    /// Whether no field holds anything.
    pub(crate) fn is_blank(&self) -> bool {
        self.fields.iter().all(|field| field.trim().is_empty())
    }
}

/// The rows of a text.
#[derive(Debug)]
pub(crate) struct Rows<'a> {
    file: &'a SourceFile,
    text: &'a str,
    at: usize,
    line: u64,
    delimiter: u8,
}

impl<'a> Rows<'a> {
    /// The rows of a file whose text is `text`. The delimiter is an ASCII character.
    pub(crate) fn new(file: &'a SourceFile, text: &'a str, delimiter: u8) -> Rows<'a> {
        debug_assert!(delimiter.is_ascii() && delimiter != b'"', "fields are cut at single bytes");
        Rows { file, text, at: 0, line: 1, delimiter }
    }

    /// The next row that is not a wholly empty line; `None` at the end.
    pub(crate) fn next_row(&mut self) -> Result<Option<Row<'a>>, ReadError> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                None => return Ok(None),
                Some(b'\n') => self.line += 1,
                Some(b'\r') if bytes.get(self.at + 1) == Some(&b'\n') => {}
                Some(_) => break,
            }
            self.at += 1;
        }
        let begin = self.at;
        let mut row = Row { line: self.line, fields: Vec::new() };
        loop {
            let field = self.field()?;
            row.fields.push(field);
            if row.fields.len() > MAX_COLUMNS {
                return Err(self.limit(row.line, "the number of columns", MAX_COLUMNS));
            }
            if self.at - begin > MAX_ROW_BYTES {
                return Err(self.limit(row.line, "a row", MAX_ROW_BYTES));
            }
            match bytes.get(self.at) {
                Some(byte) if *byte == self.delimiter => self.at += 1,
                Some(b'\n') => {
                    self.at += 1;
                    self.line += 1;
                    return Ok(Some(row));
                }
                Some(b'\r') => {
                    self.at += 2;
                    self.line += 1;
                    return Ok(Some(row));
                }
                _ => return Ok(Some(row)),
            }
        }
    }

    /// One field; leaves `at` on the delimiter, the line end, or the end of the text.
    fn field(&mut self) -> Result<Cow<'a, str>, ReadError> {
        let bytes = self.text.as_bytes();
        if bytes.get(self.at) == Some(&b'"') {
            return self.quoted();
        }
        let begin = self.at;
        while let Some(byte) = bytes.get(self.at) {
            let ends =
                *byte == self.delimiter || *byte == b'\n' || (*byte == b'\r' && bytes.get(self.at + 1) == Some(&b'\n'));
            if ends {
                break;
            }
            self.at += 1;
        }
        self.slice(begin, self.at).map(Cow::Borrowed)
    }

    fn quoted(&mut self) -> Result<Cow<'a, str>, ReadError> {
        let bytes = self.text.as_bytes();
        let first_line = self.line;
        self.at += 1;
        let mut begin = self.at;
        let mut whole: Option<String> = None;
        loop {
            match bytes.get(self.at) {
                None => {
                    return Err(fail(self.file, first_line, ReadErrorKind::Truncated { expected: "a closing quote" }));
                }
                Some(b'"') if bytes.get(self.at + 1) == Some(&b'"') => {
                    whole.get_or_insert_default().push_str(self.slice(begin, self.at + 1)?);
                    self.at += 2;
                    begin = self.at;
                }
                Some(b'"') => break,
                Some(b'\n') => {
                    self.line += 1;
                    self.at += 1;
                }
                Some(_) => self.at += 1,
            }
        }
        let tail = self.slice(begin, self.at)?;
        self.at += 1;
        let ends = match bytes.get(self.at) {
            None | Some(b'\n') => true,
            Some(b'\r') => bytes.get(self.at + 1) == Some(&b'\n'),
            Some(byte) => *byte == self.delimiter,
        };
        if !ends {
            let what = "characters behind the closing quote of a field".to_owned();
            return Err(fail(self.file, self.line, ReadErrorKind::Csv(what)));
        }
        match whole {
            None => Ok(Cow::Borrowed(tail)),
            Some(mut whole) => {
                whole.push_str(tail);
                if whole.len() > MAX_FIELD_BYTES {
                    return Err(self.limit(first_line, "a field", MAX_FIELD_BYTES));
                }
                Ok(Cow::Owned(whole))
            }
        }
    }

    fn slice(&self, from: usize, to: usize) -> Result<&'a str, ReadError> {
        if to - from > MAX_FIELD_BYTES {
            return Err(self.limit(self.line, "a field", MAX_FIELD_BYTES));
        }
        // Cuts are at ASCII bytes, so that they never fall into a character.
        Ok(self.text.get(from..to).unwrap_or_default())
    }

    fn limit(&self, line: u64, what: &'static str, limit: usize) -> ReadError {
        fail(self.file, line, ReadErrorKind::Limit { what, limit: limit as u64 })
    }
}

/// Places of the columns by name.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    places: BTreeMap<String, usize>,
    names: Vec<String>,
}

impl Header {
    /// The header that a row is. Case, outer white space and the kind of gap (`Group ID`, `group_id`) do not matter; of
    /// two columns of one name the first counts.
    pub(crate) fn new(row: &Row) -> Header {
        Header::of_names(row.fields.iter().map(|field| field.trim().to_owned()).collect())
    }

    /// A header of these names, as a spreadsheet has them.
    pub(crate) fn of_names(names: Vec<String>) -> Header {
        let mut places = BTreeMap::new();
        for (place, name) in names.iter().enumerate() {
            let name = column_key(name);
            if !name.is_empty() {
                places.entry(name).or_insert(place);
            }
        }
        Header { places, names }
    }

    /// The place of a column.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(&column_key(name)).copied()
    }

    /// Whether all these columns are there.
    pub(crate) fn require(&self, file: &SourceFile, line: u64, names: &[&str]) -> Result<(), ReadError> {
        match names.iter().find(|name| self.place(name).is_none()) {
            None => Ok(()),
            Some(missing) => {
                let column = (*missing).to_owned();
                Err(fail(file, line, ReadErrorKind::MissingColumn { column, found: clip(&self.names.join(", ")) }))
            }
        }
    }

    /// The row's field of that column, trimmed; "" where there is no such column.
    pub(crate) fn get<'r>(&self, row: &'r Row, name: &str) -> &'r str {
        self.place(name).map_or("", |place| row.at(place))
    }

    /// The columns as they are written.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }
}

/// A column's name for comparing: letters and digits in lower case, one `_` for each gap.
fn column_key(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for word in name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push('_');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    out
}

fn clip(text: &str) -> String {
    const SHOWN: usize = 400;
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    text.chars().take(SHOWN).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(text: &str) -> Result<Vec<(u64, Vec<String>)>, ReadError> {
        let file = SourceFile { path: "a.csv".into(), bytes: Vec::new() };
        let mut rows = Rows::new(&file, text, b',');
        let mut all = Vec::new();
        while let Some(row) = rows.next_row()? {
            all.push((row.line, row.fields.iter().map(ToString::to_string).collect()));
        }
        Ok(all)
    }

    #[test]
    fn rows_carry_the_line_they_begin_on() {
        let all = rows("a,\"b\nb\"\r\n\r\n\"c \"\"d\"\"\",\n-0- ,e").unwrap();
        assert_eq!(
            all,
            [
                (1, vec!["a".to_owned(), "b\nb".to_owned()]),
                (4, vec!["c \"d\"".to_owned(), String::new()]),
                (5, vec!["-0- ".to_owned(), "e".to_owned()]),
            ]
        );
    }

    #[test]
    fn an_open_quote_is_a_truncated_file() {
        let error = rows("a\n\"b\nc").unwrap_err();
        assert_eq!(error.to_string(), "a.csv:2: the file ends without its end mark (a closing quote): it is truncated");
        assert!(matches!(rows("\"a\"b").unwrap_err().kind, ReadErrorKind::Csv(_)));
    }

    #[test]
    fn limits_hold() {
        assert!(matches!(rows(&"a".repeat(MAX_FIELD_BYTES + 1)).unwrap_err().kind, ReadErrorKind::Limit { .. }));
        assert!(matches!(rows(&",".repeat(MAX_COLUMNS + 1)).unwrap_err().kind, ReadErrorKind::Limit { .. }));
    }

    #[test]
    fn a_missing_column_is_named() {
        let file = SourceFile { path: "a.csv".into(), bytes: Vec::new() };
        let row = Row { line: 1, fields: vec!["Group ID".into(), " Name 6".into()] };
        let header = Header::new(&row);
        assert!(header.require(&file, 1, &["group_id", "NAME 6"]).is_ok());
        let error = header.require(&file, 1, &["dob"]).unwrap_err();
        assert_eq!(error.to_string(), "a.csv:1: column `dob` is missing; the header has Group ID, Name 6");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(table in prop::collection::vec(prop::collection::vec("[a\",\n\r é]{0,6}", 1..4), 1..6)) {
            let text: String = table.iter().map(|row| {
                let fields: Vec<_> = row.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\""))).collect();
                fields.join(",") + "\r\n"
            }).collect();
            let read: Vec<Vec<String>> = rows(&text).unwrap().into_iter().map(|(_, fields)| fields).collect();
            prop_assert_eq!(read, table);
        }

        #[test]
        fn any_text_is_rows_or_an_error(text in "[a\",\n\ré]{0,60}") {
            let _ = rows(&text);
        }
    }
}
