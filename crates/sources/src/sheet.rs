//! Rows of the first or a named sheet of a workbook: Office Open XML (`.xlsx`) and OpenDocument (`.ods`).
//!
//! Idea: a sheet becomes the same [`Row`]s as a delimited text, with the row number as its line, so that a list that comes in
//! both has one reader. Cells stand where their reference says (empty ones are absent from the file); phonetic runs and
//! comments are no part of a text; a number whose format is a date becomes an ISO date.
//! Invariant: what the container unpacks to is measured before anything is read of it; rows, columns, cells and repetitions
//! are bounded. (`calamine` reserves memory for as many strings as the file claims to have and repeats rows as often as it
//! says, so it is not used here.)
//! Source: ECMA-376 part 1, 18 (SpreadsheetML) and part 2 (packages); OASIS OpenDocument 1.3 part 3, 9 (tables).

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::csv_rows::Row;
use crate::dates::excel_serial;
use crate::error::{ReadError, ReadErrorKind};
use crate::input::SourceFile;
use crate::text::{fail, refuse_html};
use crate::xml::{Element, XmlText};

/// Most bytes that the parts of a workbook unpack to. The largest published one has some 40 MB.
const MAX_UNPACKED_BYTES: u64 = 512 << 20;
/// Most parts of a container. A published one has some 20.
const MAX_PARTS: usize = 5_000;
/// Most rows of a sheet, as Excel has.
const MAX_ROWS: u64 = 1 << 20;
/// Most columns that a list can have.
const MAX_COLUMNS: usize = 1_000;
/// Most cells of a sheet. The largest published one has some 700,000.
const MAX_CELLS: usize = 20_000_000;

/// The rows of the first sheet of an Office Open XML workbook; wholly empty ones are left out.
pub(crate) fn xlsx(file: &SourceFile, expected: &'static str) -> Result<Vec<Row<'static>>, ReadError> {
    let mut parts = Parts::open(file, expected)?;
    let book = parts.part("xl/workbook.xml")?.ok_or_else(|| workbook(file, "it has no xl/workbook.xml"))?;
    let mut sheets = Vec::new();
    let mut since_1904 = false;
    each(&book, &["workbookPr", "sheet"], |element| {
        if element.name == "sheet" {
            sheets.push(element.attr("id").unwrap_or_default().to_owned());
        } else {
            since_1904 = element.attr("date1904").is_some_and(|value| matches!(value, "1" | "true"));
        }
        Ok(())
    })?;
    let first = sheets.first().ok_or_else(|| workbook(file, "it has no sheet"))?;
    let mut target = None;
    if let Some(relations) = parts.part("xl/_rels/workbook.xml.rels")? {
        each(&relations, &["Relationship"], |element| {
            if element.attr("Id") == Some(first.as_str()) {
                target = element.attr("Target").map(str::to_owned);
            }
            Ok(())
        })?;
    }
    let target = target.ok_or_else(|| workbook(file, "its first sheet has no part"))?;
    let target = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
    let mut strings = Vec::new();
    if let Some(part) = parts.part("xl/sharedStrings.xml")? {
        each(&part, &["si"], |element| {
            strings.push(string_of(element));
            Ok(())
        })?;
    }
    let mut styles = Styles::default();
    if let Some(part) = parts.part("xl/styles.xml")? {
        each(&part, &["numFmt", "cellXfs"], |element| {
            styles.take(element);
            Ok(())
        })?;
    }
    let sheet = parts.part(&target)?.ok_or_else(|| workbook(file, "the part of its first sheet is missing"))?;
    let book = Book { file, strings, styles, since_1904 };
    let mut rows = Vec::new();
    let mut count = Count::default();
    let mut line = 0;
    each(&sheet, &["row"], |element| {
        line = match element.attr("r") {
            Some(number) => number.parse().map_err(|_| workbook(file, "a row has no number"))?,
            None => line + 1,
        };
        if line > MAX_ROWS {
            return Err(limit(file, line, "the number of rows", MAX_ROWS));
        }
        let row = book.row(element, line, &mut count)?;
        if !row.is_blank() {
            rows.push(row);
        }
        Ok(())
    })?;
    Ok(rows)
}

/// The rows of the first sheet of an OpenDocument spreadsheet; wholly empty ones are left out.
pub(crate) fn ods(file: &SourceFile, expected: &'static str) -> Result<Vec<Row<'static>>, ReadError> {
    let mut parts = Parts::open(file, expected)?;
    let content = parts.part("content.xml")?.ok_or_else(|| workbook(file, "it has no content.xml"))?;
    let text = XmlText::open(&content, expected)?;
    let mut xml = text.reader().in_order().counting("table");
    xml.root(&["document-content"])?;
    let mut rows = Vec::new();
    let mut count = Count::default();
    let mut line = 0u64;
    let mut first_table = None;
    while let Some(element) = xml.next_record(&["table-row", "shapes", "tracked-changes"])? {
        if element.name != "table-row" {
            continue;
        }
        // The first sheet only: sheets stand one behind the other, and each begins on a line of its own table.
        let table = xml.opened();
        if *first_table.get_or_insert(table) != table {
            break;
        }
        let repeated = repetition(&element, "number-rows-repeated");
        let row = ods_row(file, &element, line + 1, &mut count)?;
        if !row.is_blank() {
            if line + repeated > MAX_ROWS {
                return Err(limit(file, line, "the number of rows", MAX_ROWS));
            }
            for again in 0..repeated {
                if again > 0 {
                    count.add(file, line, row.fields.len())?;
                }
                rows.push(Row { line: line + 1 + again, fields: row.fields.clone() });
            }
        }
        line = line.saturating_add(repeated);
    }
    Ok(rows)
}

fn workbook(file: &SourceFile, what: &str) -> ReadError {
    fail(file, 0, ReadErrorKind::Workbook(what.to_owned()))
}

fn limit(file: &SourceFile, line: u64, what: &'static str, limit: u64) -> ReadError {
    fail(file, line, ReadErrorKind::Limit { what, limit })
}

/// Cells so far.
#[derive(Default)]
struct Count(usize);

impl Count {
    fn add(&mut self, file: &SourceFile, line: u64, cells: usize) -> Result<(), ReadError> {
        self.0 += cells;
        if self.0 > MAX_CELLS { Err(limit(file, line, "the number of cells", MAX_CELLS as u64)) } else { Ok(()) }
    }
}

/// The parts of a container.
struct Parts<'a> {
    file: &'a SourceFile,
    archive: ZipArchive<Cursor<&'a [u8]>>,
}

impl<'a> Parts<'a> {
    /// Opens a container whose parts, as its directory declares them, are within the limits.
    fn open(file: &'a SourceFile, expected: &'static str) -> Result<Parts<'a>, ReadError> {
        refuse_html(file, expected)?;
        let broken = |error: zip::result::ZipError| fail(file, 0, ReadErrorKind::Workbook(error.to_string()));
        let mut archive = ZipArchive::new(Cursor::new(file.bytes.as_slice())).map_err(broken)?;
        if archive.len() > MAX_PARTS {
            return Err(limit(file, 0, "the number of parts", MAX_PARTS as u64));
        }
        let mut unpacked = 0u64;
        for index in 0..archive.len() {
            let part = archive.by_index_raw(index).map_err(broken)?;
            unpacked = unpacked.saturating_add(part.size());
        }
        if unpacked > MAX_UNPACKED_BYTES {
            return Err(limit(file, 0, "what the workbook unpacks to", MAX_UNPACKED_BYTES));
        }
        Ok(Parts { file, archive })
    }

    /// A part as a file of its own, named behind the workbook; `None` where there is none.
    fn part(&mut self, name: &str) -> Result<Option<SourceFile>, ReadError> {
        let broken = |error: String| fail(self.file, 0, ReadErrorKind::Workbook(format!("{name}: {error}")));
        let part = match self.archive.by_name(name) {
            Ok(part) => part,
            Err(zip::result::ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(broken(error.to_string())),
        };
        let mut bytes = Vec::new();
        // The directory may have lied about the size.
        let read =
            part.take(MAX_UNPACKED_BYTES + 1).read_to_end(&mut bytes).map_err(|error| broken(error.to_string()))?;
        if read as u64 > MAX_UNPACKED_BYTES {
            return Err(limit(self.file, 0, "what the workbook unpacks to", MAX_UNPACKED_BYTES));
        }
        Ok(Some(SourceFile { path: self.file.path.join(name), bytes: without_marks(bytes) }))
    }
}

/// A cell may hold a zero-width no-break space, which people paste unseen (OFSI, 10 April 2025). It is a byte-order mark too,
/// and no file may have one inside; in a part, whose bounds the container tells, it parts nothing and goes.
fn without_marks(bytes: Vec<u8>) -> Vec<u8> {
    const MARK: &[u8] = b"\xEF\xBB\xBF";
    if !bytes.windows(MARK.len()).any(|window| window == MARK) {
        return bytes;
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.as_slice();
    while let Some((first, behind)) = rest.split_first() {
        if let Some(behind) = rest.strip_prefix(MARK) {
            rest = behind;
        } else {
            out.push(*first);
            rest = behind;
        }
    }
    out
}

/// Calls `take` for every element of one of the names, with its text in order.
fn each(
    part: &SourceFile,
    names: &[&str],
    mut take: impl FnMut(&Element) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let text = XmlText::open(part, "a part of a workbook")?;
    let mut xml = text.reader().in_order();
    while let Some(element) = xml.next_record(names)? {
        take(&element)?;
    }
    Ok(())
}

/// Which cell styles are dates.
#[derive(Default)]
struct Styles {
    dates: BTreeSet<u64>,
    /// For each cell format, whether it is a date.
    formats: Vec<bool>,
}

impl Styles {
    fn take(&mut self, element: &Element) {
        if element.name == "numFmt" {
            let id = element.attr("numFmtId").and_then(|id| id.parse().ok());
            if let (Some(id), true) = (id, element.attr("formatCode").is_some_and(is_date_format)) {
                self.dates.insert(id);
            }
            return;
        }
        for format in element.all("xf") {
            let id: u64 = format.attr("numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
            // Built-in formats of dates, ECMA-376 part 1, 18.8.30.
            self.formats.push(matches!(id, 14..=17 | 22 | 27..=36 | 50..=58) || self.dates.contains(&id));
        }
    }

    fn is_date(&self, style: Option<&str>) -> bool {
        style
            .and_then(|style| style.parse().ok())
            .and_then(|style: usize| self.formats.get(style))
            .is_some_and(|is| *is)
    }
}

/// A format code has a day or a year outside quotes, brackets and escapes.
fn is_date_format(code: &str) -> bool {
    let mut quoted = false;
    let mut bracketed = false;
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            '\\' | '_' | '*' => drop(chars.next()),
            '[' if !quoted => bracketed = true,
            ']' => bracketed = false,
            'd' | 'y' | 'D' | 'Y' if !quoted && !bracketed => return true,
            _ => {}
        }
    }
    false
}

struct Book<'a> {
    file: &'a SourceFile,
    strings: Vec<String>,
    styles: Styles,
    since_1904: bool,
}

impl Book<'_> {
    fn row(&self, element: &Element, line: u64, count: &mut Count) -> Result<Row<'static>, ReadError> {
        let mut fields: Vec<Cow<'static, str>> = Vec::new();
        for cell in element.all("c") {
            let column = match cell.attr("r") {
                Some(reference) => {
                    column_of(reference).ok_or_else(|| workbook(self.file, "a cell has a reference that is none"))?
                }
                None => fields.len(),
            };
            if column >= MAX_COLUMNS {
                return Err(limit(self.file, line, "the number of columns", MAX_COLUMNS as u64));
            }
            let text = self.cell(cell)?;
            if text.is_empty() {
                continue;
            }
            if fields.len() <= column {
                fields.resize(column + 1, Cow::Borrowed(""));
            }
            if let Some(field) = fields.get_mut(column) {
                *field = Cow::Owned(text);
            }
        }
        count.add(self.file, line, fields.len())?;
        Ok(Row { line, fields })
    }

    fn cell(&self, cell: &Element) -> Result<String, ReadError> {
        let value = cell.child("v").map(runs).unwrap_or_default();
        match cell.attr("t") {
            Some("s") => {
                let index: usize =
                    value.trim().parse().map_err(|_| workbook(self.file, "a cell names no shared string"))?;
                let text = self.strings.get(index);
                text.cloned().ok_or_else(|| workbook(self.file, "a cell names a shared string that is not there"))
            }
            Some("inlineStr") => Ok(cell.child("is").map(string_of).unwrap_or_default()),
            Some("b") => Ok(if value.trim() == "1" { "TRUE".to_owned() } else { "FALSE".to_owned() }),
            Some("e") => Ok(String::new()),
            Some("str") => Ok(value),
            _ if self.styles.is_date(cell.attr("s")) => Ok(self.date(&value).unwrap_or(value)),
            _ => Ok(number(&value)),
        }
    }

    fn date(&self, value: &str) -> Option<String> {
        // The two calendars of Excel are 1,462 days apart.
        let serial: f64 = value.trim().parse().ok()?;
        let serial = if self.since_1904 { serial + 1462.0 } else { serial };
        excel_serial(serial).map(|date| date.to_string())
    }
}

/// A number as a person would write it: `41988`, not `41988.0` or `4.1988E4`.
fn number(value: &str) -> String {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let value = value.trim();
    match value.parse::<f64>() {
        Ok(number) if number.fract() == 0.0 && number.abs() < EXACT => format!("{number:.0}"),
        _ => value.to_owned(),
    }
}

/// The text of a shared or inline string: its own and its runs', without phonetic ones.
fn string_of(element: &Element) -> String {
    let mut out = String::new();
    for child in &element.children {
        match child.name.as_str() {
            "t" => out.push_str(&runs(child)),
            "r" => child.all("t").for_each(|text| out.push_str(&runs(text))),
            _ => {}
        }
    }
    out
}

fn runs(element: &Element) -> String {
    element.all("").map(|run| run.text.as_str()).collect()
}

/// The column of a reference: `A1` is 0, `AB7` is 27.
fn column_of(reference: &str) -> Option<usize> {
    let letters = reference.trim_end_matches(|c: char| c.is_ascii_digit());
    if letters.is_empty() || letters.len() > 3 || letters.len() == reference.len() {
        return None;
    }
    let mut column = 0usize;
    for byte in letters.bytes() {
        if !byte.is_ascii_uppercase() {
            return None;
        }
        column = column * 26 + usize::from(byte - b'A') + 1;
    }
    column.checked_sub(1)
}

fn repetition(element: &Element, attribute: &str) -> u64 {
    element.attr(attribute).and_then(|count| count.parse().ok()).unwrap_or(1).max(1)
}

fn ods_row(file: &SourceFile, element: &Element, line: u64, count: &mut Count) -> Result<Row<'static>, ReadError> {
    let mut fields: Vec<Cow<'static, str>> = Vec::new();
    let mut empty = 0usize;
    for cell in
        element.children.iter().filter(|child| matches!(child.name.as_str(), "table-cell" | "covered-table-cell"))
    {
        let repeated = usize::try_from(repetition(cell, "number-columns-repeated")).unwrap_or(usize::MAX);
        let text = ods_cell(cell);
        if text.trim().is_empty() {
            empty = empty.saturating_add(repeated);
            continue;
        }
        let width = fields.len().saturating_add(empty).saturating_add(repeated);
        if width > MAX_COLUMNS {
            return Err(limit(file, line, "the number of columns", MAX_COLUMNS as u64));
        }
        fields.resize(fields.len() + empty, Cow::Borrowed(""));
        fields.resize(width, Cow::Owned(text));
        empty = 0;
    }
    count.add(file, line, fields.len())?;
    Ok(Row { line, fields })
}

fn ods_cell(cell: &Element) -> String {
    if let Some(date) = cell.attr("date-value") {
        return date.split('T').next().unwrap_or(date).to_owned();
    }
    let mut text = String::new();
    for paragraph in cell.all("p") {
        if !text.is_empty() {
            text.push('\n');
        }
        ods_text(paragraph, &mut text);
    }
    if text.is_empty() { cell.attr("value").map(number).unwrap_or_default() } else { text }
}

/// The text of a paragraph without comments and phonetic guides. The depth is that of the reader of XML.
fn ods_text(element: &Element, out: &mut String) {
    for child in &element.children {
        match child.name.as_str() {
            "" => out.push_str(&child.text),
            "s" => {
                const MOST_BLANKS: u64 = 100;
                (0..repetition(child, "c").min(MOST_BLANKS)).for_each(|_| out.push(' '));
            }
            "tab" => out.push(' '),
            "line-break" => out.push('\n'),
            "annotation" | "ruby-text" => {}
            _ => ods_text(child, out),
        }
    }
}

/// Distinct, non-empty fields of a column over some rows, in order, each with the line where it first stands.
pub(crate) fn distinct<'r>(rows: &[&'r Row<'_>], place: Option<usize>) -> Vec<(&'r str, u64)> {
    let Some(place) = place else { return Vec::new() };
    let mut seen = BTreeSet::new();
    let mut out = Vec::new();
    for row in rows {
        let field = row.at(place);
        if !field.is_empty() && seen.insert(field) {
            out.push((field, row.line));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_by_their_letters() {
        assert_eq!(["A1", "Z9", "AA10", "XFD1"].map(column_of), [Some(0), Some(25), Some(26), Some(16383)]);
        assert_eq!(["1", "A", "a1", "AAAA1", ""].map(column_of), [None; 5]);
    }

    #[test]
    fn a_format_of_dates_is_told_from_a_number_with_words() {
        assert!(is_date_format("dd/mm/yyyy"));
        assert!(is_date_format("[$-809]d mmmm yyyy;@"));
        assert!(!is_date_format("0.00"));
        assert!(!is_date_format("[Red]0 \"days\""));
        assert!(!is_date_format("General"));
    }

    #[test]
    fn numbers_are_written_plainly() {
        assert_eq!(["41988", "41988.0", "4.1988E4", "1.5", "x"].map(number), ["41988", "41988", "41988", "1.5", "x"]);
    }
}
