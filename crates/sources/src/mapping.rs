//! What the columns of an own list mean: its mapping file, a small part of TOML.
//!
//! ```toml
//! id = "Number"                  # column or columns of the key; without one, ids are made of the rows themselves
//! id_prefix = "house-"           # before every id; without it the list's id and `-`
//! schema = "Company"             # of all rows, or
//! schema_column = "Type"         # the column that says it
//! delimiter = ";"                # between columns; without it `,`, `;` or tab, whichever the header has most of
//! separator = "|"                # between several values of one cell; `|` if not given, "" for none
//! date_order = "day-first"       # or "month-first", for dates such as 03/04/1961; without it those are notes
//!
//! [schemas]                      # what the words of the schema column mean
//! "natural person" = "Person"
//!
//! [columns]                      # column = property, several properties, or "" to leave it out
//! "Name" = "name"
//! "Country" = ["country", "nationality"]
//! "Internal" = ""
//!
//! [constants]                    # the same for every row
//! topics = "sanction"
//! program = ["House list"]
//! ```
//!
//! Columns that the mapping does not name become notes. Read are: comments, tables, bare and quoted keys, basic and literal
//! strings, arrays of strings on one line. Source: TOML 1.0, of which this is a subset.

use std::collections::BTreeMap;

use interdict_model::Schema;

use crate::dates::Order;
use crate::error::{ReadError, ReadErrorKind};
use crate::input::SourceFile;
use crate::text::{fail, utf8};

/// A mapping as written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mapping {
    /// Columns of the key.
    pub(crate) id: Vec<String>,
    /// Before every id.
    pub(crate) id_prefix: Option<String>,
    /// Schema of rows that do not say theirs.
    pub(crate) schema: Option<Schema>,
    /// Column of the schema.
    pub(crate) schema_column: Option<String>,
    /// Meaning of the words in that column, in lower case.
    pub(crate) schemas: BTreeMap<String, Schema>,
    /// Between columns.
    pub(crate) delimiter: Option<u8>,
    /// Between values of a cell.
    pub(crate) separator: Option<String>,
    /// How numbers of dates stand.
    pub(crate) order: Option<Order>,
    /// Properties of each column; none for a column that is left out.
    pub(crate) columns: Vec<(String, Vec<String>)>,
    /// Properties with the values of every row.
    pub(crate) constants: Vec<(String, Vec<String>)>,
}

impl Mapping {
    /// Reads a mapping file.
    pub(crate) fn read(file: &SourceFile) -> Result<Mapping, ReadError> {
        let mut mapping = Mapping::default();
        let mut table = String::new();
        let mut seen: Vec<(String, String)> = Vec::new();
        for (number, line) in utf8(file)?.lines().enumerate() {
            let bad = |what: String| fail(file, number as u64 + 1, ReadErrorKind::Mapping(what));
            let mut scan = Scan { rest: line };
            scan.blank();
            if scan.ends() {
                continue;
            }
            if scan.take('[') {
                scan.blank();
                table = scan.key().map_err(bad)?;
                scan.blank();
                if !scan.take(']') {
                    return Err(bad("expected `]` behind the name of a table".to_owned()));
                }
                if !matches!(table.as_str(), "schemas" | "columns" | "constants") {
                    return Err(bad(format!("[{table}] is not known; known are [schemas], [columns], [constants]")));
                }
            } else {
                let key = scan.key().map_err(bad)?;
                scan.blank();
                if !scan.take('=') {
                    return Err(bad(format!("expected `=` behind {key:?}")));
                }
                scan.blank();
                let values = scan.values().map_err(bad)?;
                if seen.contains(&(table.clone(), key.clone())) {
                    return Err(bad(format!("{key:?} stands twice")));
                }
                mapping.set(&table, &key, values).map_err(bad)?;
                seen.push((table.clone(), key));
            }
            scan.blank();
            if !scan.ends() {
                return Err(bad(format!("{:?} at the end of the line", scan.rest)));
            }
        }
        Ok(mapping)
    }

    fn set(&mut self, table: &str, key: &str, values: Vec<String>) -> Result<(), String> {
        let schema =
            |name: &str| Schema::by_name(name).ok_or_else(|| format!("{name:?} is not a schema of FollowTheMoney"));
        let known = |property: &String| {
            let exists = Schema::all().any(|schema| schema.property(property).is_some());
            if exists { Ok(()) } else { Err(format!("{property:?} is not a property of FollowTheMoney")) }
        };
        match table {
            "schemas" => {
                self.schemas.insert(key.to_lowercase(), schema(&one(key, values)?)?);
            }
            "columns" => {
                let properties: Vec<String> = values.into_iter().filter(|property| !property.is_empty()).collect();
                properties.iter().try_for_each(known)?;
                self.columns.push((key.to_owned(), properties));
            }
            "constants" => {
                known(&key.to_owned())?;
                self.constants.push((key.to_owned(), values));
            }
            _ => match key {
                "id" => self.id = values,
                "id_prefix" => self.id_prefix = Some(one(key, values)?),
                "schema" => self.schema = Some(schema(&one(key, values)?)?),
                "schema_column" => self.schema_column = Some(one(key, values)?),
                "separator" => self.separator = Some(one(key, values)?),
                "delimiter" => {
                    let text = one(key, values)?;
                    let text = if text == "tab" { "\t" } else { text.as_str() };
                    let byte = text
                        .bytes()
                        .next()
                        .filter(|byte| text.len() == 1 && byte.is_ascii() && !b"\"\r\n".contains(byte));
                    self.delimiter =
                        Some(byte.ok_or_else(|| format!("delimiter {text:?} is not one ASCII character"))?);
                }
                "date_order" => {
                    self.order = Some(match one(key, values)?.as_str() {
                        "day-first" => Order::DayFirst,
                        "month-first" => Order::MonthFirst,
                        other => {
                            return Err(format!("date_order {other:?} is neither \"day-first\" nor \"month-first\""));
                        }
                    });
                }
                _ => {
                    const KNOWN: &str = "id, id_prefix, schema, schema_column, delimiter, separator, date_order";
                    return Err(format!("{key:?} is not known; known are {KNOWN}"));
                }
            },
        }
        Ok(())
    }
}

fn one(key: &str, values: Vec<String>) -> Result<String, String> {
    let mut values = values.into_iter();
    match (values.next(), values.next()) {
        (Some(value), None) => Ok(value),
        _ => Err(format!("{key:?} has one value")),
    }
}

/// A place in a line.
struct Scan<'t> {
    rest: &'t str,
}

impl Scan<'_> {
    fn blank(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r']);
    }

    fn ends(&self) -> bool {
        self.rest.is_empty() || self.rest.starts_with('#')
    }

    fn take(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn key(&mut self) -> Result<String, String> {
        if self.rest.starts_with(['"', '\'']) {
            return self.string();
        }
        let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let end = self.rest.find(|c: char| !is_bare(c)).unwrap_or(self.rest.len());
        let (key, rest) = self.rest.split_at_checked(end).unwrap_or(("", self.rest));
        if key.is_empty() {
            return Err(
                "expected a key; one with other characters than letters, digits, `_`, `-` stands in quotes".to_owned()
            );
        }
        self.rest = rest;
        Ok(key.to_owned())
    }

    fn string(&mut self) -> Result<String, String> {
        if self.take('\'') {
            let (text, rest) = self.rest.split_once('\'').ok_or("a string does not end")?;
            self.rest = rest;
            return Ok(text.to_owned());
        }
        if !self.take('"') {
            return Err("expected a text in quotes".to_owned());
        }
        let mut out = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.rest = self.rest.get(at + 1..).unwrap_or_default();
                    return Ok(out);
                }
                '\\' => match chars.next() {
                    Some((_, 't')) => out.push('\t'),
                    Some((_, 'n')) => out.push('\n'),
                    Some((_, c @ ('"' | '\\'))) => out.push(c),
                    _ => return Err("only \\t, \\n, \\\" and \\\\ are read in a string".to_owned()),
                },
                c => out.push(c),
            }
        }
        Err("a string does not end".to_owned())
    }

    /// A string, or an array of strings.
    fn values(&mut self) -> Result<Vec<String>, String> {
        if !self.take('[') {
            return Ok(vec![self.string()?]);
        }
        let mut values = Vec::new();
        loop {
            self.blank();
            if self.take(']') {
                return Ok(values);
            }
            values.push(self.string()?);
            self.blank();
            if !self.take(',') && !self.rest.starts_with(']') {
                return Err("expected `,` or `]` in an array, on the same line".to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Mapping, ReadError> {
        Mapping::read(&SourceFile { path: "m.toml".into(), bytes: text.as_bytes().to_vec() })
    }

    #[test]
    fn all_that_a_mapping_can_say_is_read() {
        let mapping = read(
            "# house list\nid = [\"A\", 'B'] # two\ndelimiter = \"tab\"\nseparator = \"\"\nschema = \"Person\"\ndate_order = \"month-first\"\n\
             [schemas]\nFirma = \"Company\"\n[columns]\n\"Name \\\"x\\\"\" = \"name\"\nLand = [\"country\", \"nationality\"]\nIntern = \"\"\n\
             [constants]\ntopics = \"sanction\"\n",
        )
        .unwrap();
        assert_eq!(mapping.id, ["A", "B"]);
        assert_eq!(mapping.delimiter, Some(b'\t'));
        assert_eq!(mapping.schemas["firma"], Schema::company());
        assert_eq!(mapping.columns.len(), 3);
        assert!(mapping.columns[2].1.is_empty());
        assert_eq!(mapping.constants, [("topics".to_owned(), vec!["sanction".to_owned()])]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, words) in [
            ("\ncolour = \"red\"", "m.toml:2: mapping: \"colour\" is not known"),
            ("[colours]", "[colours] is not known"),
            ("[columns]\nName = \"nmae\"", "\"nmae\" is not a property"),
            ("schema = \"Banana\"", "\"Banana\" is not a schema"),
            ("id = \"a", "does not end"),
            ("id = [\"a\"", "in an array"),
            ("id = \"a\" x", "at the end of the line"),
            ("id = 1", "in quotes"),
            ("Größe = \"x\"", "expected"),
            ("id = \"a\"\nid = \"b\"", "stands twice"),
            ("delimiter = \"::\"", "not one ASCII character"),
            ("date_order = \"us\"", "neither"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(words), "{text:?}: {error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_mapping_or_an_error(text in "[a-z\\[\\]\"'=, #\\\\\n]{0,80}") {
            let _ = read(&text);
        }
    }
}
