//! Files of parties to screen: CSV or JSON lines, told apart by their content.
//!
//! Idea: rows are read one at a time; a bad row is an error of that row and costs no other. Limits: those of `lines` and `records`.

use std::collections::BTreeSet;
use std::io::BufRead;

use interdict_model::Schema;
use serde_json::Value as Json;

use crate::columns::Column;
use crate::fault::BadInput;
use crate::lines::{Bom, Lines};
use crate::party::{Given, Party, PartyBuilder, parse_schema, party_of_json};
use crate::records::Records;

/// One row: its id (its number where it has none) and the party, or why it cannot be screened.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it calls itself, else `row-` and its number.
    pub id: String,
    /// 1-based line where it begins.
    pub line: u64,
    /// The party, or why it cannot be screened.
    pub party: Result<Party, String>,
    /// Values that could not be used: the row is screened without them, and that is said.
    pub ignored: Vec<String>,
}

/// Reads the rows of a file.
#[derive(Debug)]
pub struct Rows<R>(Kind<R>);

#[derive(Debug)]
enum Kind<R> {
    Csv(CsvRows<R>),
    Json(JsonRows<R>),
}

impl<R: BufRead> Rows<R> {
    /// Looks at the first bytes: `{` begins JSON lines, all else is CSV. `schema` is for rows that do not say theirs.
    pub fn open(mut input: R, name: &str, schema: Schema) -> Result<Rows<Bom<R>>, BadInput> {
        let head = input.fill_buf().map_err(|error| BadInput::unreadable(format!("reading {name}"), error))?;
        let head = head.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(head);
        if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
            return Err(BadInput::hinted(format!("{name} is UTF-16"), "save it as UTF-8"));
        }
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"\xd0\xcf\x11\xe0") {
            return Err(BadInput::hinted(format!("{name} is a spreadsheet"), "save it as CSV, UTF-8"));
        }
        let first = head.iter().copied().find(|byte| !byte.is_ascii_whitespace());
        if first.is_none() && head.is_empty() {
            return Err(BadInput::hinted(
                format!("{name} is empty"),
                "it needs a header row such as `id,name,country`",
            ));
        }
        let json = first == Some(b'{');
        let input = Bom::new(input);
        if json {
            let lines = Lines::new(input, name);
            return Ok(Rows(Kind::Json(JsonRows { lines, schema, unknown: BTreeSet::new() })));
        }
        CsvRows::open(input, name, schema).map(|rows| Rows(Kind::Csv(rows)))
    }

    /// What was understood of a header; known before the first row.
    pub fn notes_of_header(&self) -> &[String] {
        match &self.0 {
            Kind::Csv(rows) => &rows.notes,
            Kind::Json(_) => &[],
        }
    }

    /// What only the whole file tells: members that were ignored, lines that are no rows of their own.
    pub fn notes_at_end(&self) -> Vec<String> {
        match &self.0 {
            Kind::Csv(rows) => match rows.records.n_continuations() {
                0 => Vec::new(),
                1 => vec!["1 line goes on within a quoted cell of the row before it".to_owned()],
                n => vec![format!("{n} lines go on within a quoted cell of the row before them")],
            },
            Kind::Json(rows) if !rows.unknown.is_empty() => {
                let unknown: Vec<&str> = rows.unknown.iter().map(String::as_str).collect();
                vec![format!("members that say nothing to interdict were ignored: {}", unknown.join(", "))]
            }
            Kind::Json(_) => Vec::new(),
        }
    }

    /// The next row; `None` at the end. An error here ends the run: the file itself cannot be read on.
    pub fn next_row(&mut self) -> Result<Option<Row>, BadInput> {
        match &mut self.0 {
            Kind::Csv(rows) => rows.next_row(),
            Kind::Json(rows) => rows.next_row(),
        }
    }
}

#[derive(Debug)]
struct CsvRows<R> {
    records: Records<R>,
    columns: Vec<Column>,
    schema: Schema,
    notes: Vec<String>,
    n_rows: u64,
}

impl<R: BufRead> CsvRows<Bom<R>> {
    fn open(input: Bom<R>, name: &str, schema: Schema) -> Result<CsvRows<Bom<R>>, BadInput> {
        let mut records = Records::open(Lines::new(input, name))?;
        let (line, header) = match records.next_record()? {
            Some((line, Ok(header))) => (line, header),
            Some((line, Err(reason))) => {
                return Err(BadInput::new(format!("{name}:{line}: the header cannot be read: {reason}")));
            }
            None => return Err(BadInput::new(format!("{name} has no header row"))),
        };
        let mut columns = Vec::new();
        let (mut understood, mut ignored) = (Vec::new(), Vec::new());
        for (at, field) in header.iter().enumerate() {
            let Ok(field) = std::str::from_utf8(field) else {
                let said = format!("{name}:{line}: column {} of the header is not UTF-8", at + 1);
                return Err(BadInput::hinted(said, "save the file as UTF-8"));
            };
            let (column, note) = Column::of(field);
            understood.extend(note);
            if column == Column::Ignored && !field.trim().is_empty() {
                ignored.push(field.trim().to_owned());
            }
            columns.push(column);
        }
        if !columns.iter().any(Column::finds) {
            let header = header.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect::<Vec<_>>();
            return Err(BadInput::hinted(
                format!("{name}:{line}: no column holds a name or an identifier; the header has {}", header.join(", ")),
                "name a column `name`, or by a FollowTheMoney property such as `imoNumber`",
            ));
        }
        let mut notes = Vec::new();
        if !understood.is_empty() {
            notes.push(format!("columns understood as: {}", understood.join(", ")));
        }
        if !ignored.is_empty() {
            notes.push(format!("columns that say nothing to interdict were ignored: {}", ignored.join(", ")));
        }
        records.expect_columns(columns.len());
        Ok(CsvRows { records, columns, schema, notes, n_rows: 0 })
    }
}

impl<R: BufRead> CsvRows<R> {
    fn next_row(&mut self) -> Result<Option<Row>, BadInput> {
        let Some((line, record)) = self.records.next_record()? else { return Ok(None) };
        self.n_rows += 1;
        let mut id = format!("row-{}", self.n_rows);
        let mut ignored = Vec::new();
        let party = record.and_then(|record| self.party(&record, &mut id, &mut ignored));
        Ok(Some(Row { id, line, party, ignored }))
    }

    fn party(&self, record: &csv::ByteRecord, id: &mut String, ignored: &mut Vec<String>) -> Result<Party, String> {
        let cell = |at: usize| -> Result<&str, String> {
            let bytes = record.get(at).unwrap_or_default();
            std::str::from_utf8(bytes).map(str::trim).map_err(|_| format!("column {} is not UTF-8", at + 1))
        };
        let mut schema = self.schema;
        for (at, column) in self.columns.iter().enumerate() {
            match column {
                Column::Id if !cell(at)?.is_empty() => cell(at)?.clone_into(id),
                Column::Schema if !cell(at)?.is_empty() => {
                    schema = parse_schema(cell(at)?)
                        .ok_or_else(|| format!("schema: {:?} is not a schema", cell(at).unwrap_or("")))?;
                }
                _ => {}
            }
        }
        if record.len() > self.columns.len() {
            return Err(format!(
                "{} cells, but the header has {} columns; is a quote missing?",
                record.len(),
                self.columns.len()
            ));
        }
        let mut party = PartyBuilder::new(id, schema);
        for (at, column) in self.columns.iter().enumerate() {
            if let Column::Property(property) = column {
                for value in cell(at)?.split('|').map(str::trim).filter(|value| !value.is_empty()) {
                    party.add_or_ignore(property, value, ignored);
                }
            }
        }
        party.finish()
    }
}

#[derive(Debug)]
struct JsonRows<R> {
    lines: Lines<R>,
    schema: Schema,
    unknown: BTreeSet<String>,
}

impl<R: BufRead> JsonRows<R> {
    fn next_row(&mut self) -> Result<Option<Row>, BadInput> {
        loop {
            let Some((line, bytes)) = self.lines.next_line()? else { return Ok(None) };
            let mut id = format!("row-{line}");
            let mut ignored = Vec::new();
            let party = match bytes {
                Ok(bytes) if bytes.iter().all(u8::is_ascii_whitespace) => continue,
                Ok(bytes) => self.party(&bytes, &mut id, &mut ignored),
                Err(reason) => Err(reason),
            };
            return Ok(Some(Row { id, line, party, ignored }));
        }
    }

    fn party(&mut self, bytes: &[u8], id: &mut String, ignored: &mut Vec<String>) -> Result<Party, String> {
        let json: Json = serde_json::from_slice(bytes).map_err(|error| format!("not JSON: {error}"))?;
        let Json::Object(members) = json else { return Err("not a JSON object".to_owned()) };
        match members.get("id") {
            Some(Json::String(text)) => id.clone_from(text),
            Some(Json::Number(number)) => *id = number.to_string(),
            None | Some(Json::Null) => {}
            Some(_) => return Err("id: expected a text".to_owned()),
        }
        for name in members.keys().filter(|name| !matches!(name.as_str(), "id" | "schema" | "properties")) {
            if self.unknown.len() < 50 {
                self.unknown.insert(name.clone());
            }
        }
        let given = Given { schema: members.get("schema"), properties: members.get("properties") };
        party_of_json(id, given, self.schema, &mut self.unknown, ignored)
    }
}
