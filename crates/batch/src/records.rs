//! Records of CSV, put together from lines.
//!
//! Idea: one automaton tells both where a record ends and what its cells are, so that the two never disagree. A quote opens a
//! quoted cell only at the start of a cell (blanks before it are allowed): the inches of `Hotel 5" North` are text.
//! Invariant: each line that is not blank is the first of a record, or stands within a quoted cell of one, and is counted as such;
//! a quote that is never closed, or that swallows what look like rows, costs its own line and no other.
//! Limits: those of `lines`, and [`MAX_LINES`] lines a record.
//! Source: RFC 4180, section 2; what it forbids is read where one line is enough to read it.

use std::collections::VecDeque;
use std::io::BufRead;

use csv::ByteRecord;

use crate::fault::BadInput;
use crate::lines::{Line, Lines};

/// Most lines that one record may run over: more than any postal address has, and few enough to read them twice.
const MAX_LINES: usize = 64;

/// Records of a file, with what is needed to give lines back.
#[derive(Debug)]
pub(crate) struct Records<R> {
    lines: Lines<R>,
    /// Lines that were read while a quote was open and then given back.
    pending: VecDeque<Line>,
    delimiter: u8,
    /// Columns of the header; 0 until it is known.
    n_columns: usize,
    n_continuations: u64,
}

/// A record by its first line: its cells, or why it cannot be used.
pub(crate) type Record = (u64, Result<ByteRecord, String>);

impl<R: BufRead> Records<R> {
    /// The delimiter is the one that the first line with text has most of.
    pub(crate) fn open(mut lines: Lines<R>) -> Result<Records<R>, BadInput> {
        let mut delimiter = b',';
        let mut pending = VecDeque::new();
        while let Some(line) = lines.next_line()? {
            let text = line.1.as_deref().unwrap_or_default();
            let count = |delimiter: u8| text.split(|byte| *byte == delimiter).count();
            // Of equals the last one wins.
            delimiter = [b'\t', b';', b','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(delimiter);
            let is_last = !is_blank(text) || line.1.is_err();
            pending.push_back(line);
            if is_last {
                break;
            }
            pending.clear();
        }
        Ok(Records { lines, pending, delimiter, n_columns: 0, n_continuations: 0 })
    }

    /// How many cells a row has; from now on a quoted cell that holds a line of as many is taken for a quote that was never
    /// closed.
    pub(crate) fn expect_columns(&mut self, n_columns: usize) {
        self.n_columns = n_columns;
    }

    /// Lines so far that are not the first of their record.
    pub(crate) fn n_continuations(&self) -> u64 {
        self.n_continuations
    }

    /// The next record that is not blank.
    pub(crate) fn next_record(&mut self) -> Result<Option<Record>, BadInput> {
        let (line, first) = loop {
            match self.take_line()? {
                None => return Ok(None),
                Some((_, Ok(bytes))) if is_blank(&bytes) => {}
                Some((line, Ok(bytes))) => break (line, bytes),
                Some((line, Err(reason))) => return Ok(Some((line, Err(reason)))),
            }
        };
        let mut cells = Cells::new(self.delimiter);
        cells.read_line(&first);
        let mut taken: Vec<Line> = Vec::new();
        while cells.place == Place::Quoted {
            let next = if taken.len() + 1 < MAX_LINES { self.take_line()? } else { None };
            let Some((number, Ok(more))) = next else {
                taken.extend(next);
                return Ok(Some(self.refuse(line, taken, "a quote is opened and never closed".to_owned())));
            };
            let n_before = cells.n_quoted_delimiters;
            cells.read_line(&more);
            taken.push((number, Ok(more)));
            let n_delimiters = cells.n_quoted_delimiters - n_before;
            if self.n_columns > 0 && n_delimiters + 1 >= self.n_columns {
                let reason = format!(
                    "a quote is opened and, it seems, never closed: line {number} within it has as many cells as the header; close it, or \
                     write the cell on one line"
                );
                return Ok(Some(self.refuse(line, taken, reason)));
            }
        }
        if let (true, Some((number, _))) = (cells.is_irregular, taken.last()) {
            let reason = format!(
                "a quoted cell runs from here to line {number}, and text follows a quote that closes; a quote within a cell is \
                 written twice"
            );
            return Ok(Some(self.refuse(line, taken, reason)));
        }
        self.n_continuations += taken.len() as u64;
        Ok(Some((line, Ok(cells.record))))
    }

    /// Gives back the lines after the first one.
    fn refuse(&mut self, line: u64, taken: Vec<Line>, reason: String) -> Record {
        for back in taken.into_iter().rev() {
            self.pending.push_front(back);
        }
        (line, Err(reason))
    }

    fn take_line(&mut self) -> Result<Option<Line>, BadInput> {
        match self.pending.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next_line(),
        }
    }
}

fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}

/// Where the automaton stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before the first character of a cell that is no blank.
    Start,
    /// In a cell without quotes.
    Plain,
    /// Within quotes.
    Quoted,
    /// Right after a quote within quotes: it ends the cell, or is the first of two that stand for one.
    Quote,
    /// After a quoted cell and a blank.
    Closed,
}

/// Cells of one record, line after line.
struct Cells {
    delimiter: u8,
    place: Place,
    cell: Vec<u8>,
    record: ByteRecord,
    /// Whether text followed a quote that closed; it is read as part of the cell.
    is_irregular: bool,
    /// Delimiters within quotes so far.
    n_quoted_delimiters: usize,
}

impl Cells {
    fn new(delimiter: u8) -> Cells {
        let record = ByteRecord::new();
        Cells { delimiter, place: Place::Start, cell: Vec::new(), record, is_irregular: false, n_quoted_delimiters: 0 }
    }

    /// Reads a line with its end; the record is whole unless it stops within quotes.
    fn read_line(&mut self, line: &[u8]) {
        let n_text = line.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r')).map_or(0, |last| last + 1);
        let (text, end) = line.split_at(n_text);
        for byte in text {
            self.read(*byte);
        }
        if self.place == Place::Quoted {
            self.cell.extend_from_slice(end);
        } else {
            self.end_cell();
        }
    }

    fn read(&mut self, byte: u8) {
        let is_delimiter = byte == self.delimiter;
        let is_blank = !is_delimiter && matches!(byte, b' ' | b'\t');
        match self.place {
            Place::Quoted if byte == b'"' => self.place = Place::Quote,
            Place::Quoted => {
                self.n_quoted_delimiters += usize::from(is_delimiter);
                self.cell.push(byte);
            }
            Place::Start if byte == b'"' => {
                self.cell.clear();
                self.place = Place::Quoted;
            }
            Place::Quote if byte == b'"' => {
                self.cell.push(byte);
                self.place = Place::Quoted;
            }
            _ if is_delimiter => self.end_cell(),
            Place::Start | Place::Plain => {
                self.cell.push(byte);
                if !is_blank {
                    self.place = Place::Plain;
                }
            }
            Place::Quote | Place::Closed => {
                self.cell.push(byte);
                self.is_irregular |= !is_blank;
                self.place = if is_blank { Place::Closed } else { Place::Plain };
            }
        }
    }

    fn end_cell(&mut self) {
        self.record.push_field(&self.cell);
        self.cell.clear();
        self.place = Place::Start;
    }
}

#[cfg(test)]
mod tests {
    use super::Records;
    use crate::lines::Lines;

    /// A record's first line, and its cells or why not.
    type Texts = (u64, Result<Vec<String>, String>);

    /// Records below a header of that many columns, and how many lines went on.
    fn read(text: &str, n_columns: usize) -> (Vec<Texts>, u64) {
        let mut records = Records::open(Lines::new(text.as_bytes(), "text")).unwrap();
        records.expect_columns(n_columns);
        let mut all = Vec::new();
        while let Some((line, record)) = records.next_record().unwrap() {
            let texts = |record: csv::ByteRecord| {
                record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect::<Vec<_>>()
            };
            all.push((line, record.map(texts)));
        }
        (all, records.n_continuations())
    }

    /// Each record of a text as one word: its cells joined, or `refused`.
    fn shown(text: &str, n_columns: usize) -> Vec<String> {
        let (records, _) = read(text, n_columns);
        records.into_iter().map(|(_, record)| record.map_or("refused".to_owned(), |cells| cells.join("|"))).collect()
    }

    #[test]
    fn a_quote_opens_a_cell_only_at_its_start() {
        assert_eq!(shown("1,Hotel 5\" North\n2,Hotel 7\" South\n", 2), ["1|Hotel 5\" North", "2|Hotel 7\" South"]);
        assert_eq!(shown("1,  \"a, b\" ,c\n\"2\"\t,d\n", 3), ["1|a, b |c", "2\t|d"]);
        assert_eq!(shown("1;\"a;\"\"b\"\";\"\n2;\n", 2), ["1|a;\"b\";", "2|"]);
        assert_eq!(shown("1\t\"a\tb\"\t\"\"\n", 3), ["1|a\tb|"]);
    }

    #[test]
    fn a_quote_that_closes_too_early_on_one_line_is_text() {
        assert_eq!(shown("1,\"OOO \"Romashka\"\",ru\n2,b,c\n", 3), ["1|OOO Romashka\"\"|ru", "2|b|c"]);
    }

    #[test]
    fn a_cell_may_run_over_lines_and_they_are_counted() {
        let (records, n_continuations) = read("1,\"a\r\nb\",\"c\n\nd\"\n2,e,f\n", 3);
        let cells: Vec<_> = records.into_iter().map(|(line, record)| (line, record.unwrap().join("|"))).collect();
        assert_eq!(cells, [(1, "1|a\r\nb|c\n\nd".to_owned()), (5, "2|e|f".to_owned())]);
        assert_eq!(n_continuations, 3);
    }

    #[test]
    fn a_quote_that_would_swallow_rows_costs_its_own_line_alone() {
        for (what, text) in [
            ("never closed", "1,\"Hotel North\n2,Vladimir Putin\n"),
            ("closed far below, before more text", "1,\"Hotel North\n2,Vladimir Putin\n3,Hotel 7\" South\n"),
            ("closed far below, at the end of a cell", "1,\"Hotel North\n2,Vladimir Putin\n3,Hotel 7\"\n"),
            ("closed by what opens another cell", "1,\"Hotel North\n2,\"Vladimir Putin\"\n"),
            ("doubled where one was meant", "1,\"Hotel\"\"\n2,\"Vladimir Putin\"\n"),
        ] {
            let (records, _) = read(text, 2);
            let n_lines = text.lines().count();
            let lines: Vec<u64> = records.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, (1..=n_lines as u64).collect::<Vec<_>>(), "{what}: every line is the first of a record");
            assert!(records[0].1.is_err(), "{what}: {records:?}");
            let putin = records[1].1.as_ref().unwrap();
            assert_eq!(putin[1], "Vladimir Putin", "{what}");
        }
    }

    #[test]
    fn a_record_of_too_many_lines_is_refused_and_the_next_ones_are_read() {
        let text = format!("1,\"a\n{}\"\n2,b\n", "x\n".repeat(100));
        let (records, _) = read(&text, 3);
        assert_eq!(records.len(), 103);
        assert!(records[0].1.is_err() && records[1].1.is_ok());
        assert_eq!(records[102], (103, Ok(vec!["2".to_owned(), "b".to_owned()])));
    }

    #[test]
    fn the_delimiter_is_that_of_the_first_line_with_text() {
        assert_eq!(shown("\n\nid;name, full;dob\n1;a;\n", 0), ["id|name, full|dob", "1|a|"]);
        assert_eq!(shown("name\na,b\n", 0), ["name", "a|b"]);
    }
}
