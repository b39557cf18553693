//! Lines of customer files, one at a time.
//!
//! Idea: a line ends with LF, CR LF or CR alone (old Macs, some exports of spreadsheets), and keeps its end, so that a cell that
//! runs over lines can be put together again.
//! Invariant: memory is bounded by [`MAX_LINE`], so that a file without line ends cannot take all of it; a longer line is an
//! error of its own, and the next one is read on. No byte is in two lines, none is in no line.

use std::io::{BufRead, ErrorKind, Read};

use crate::fault::BadInput;

/// Longest line of JSON lines, and longest line of CSV, that is read, in bytes, its end not counted.
const MAX_LINE: usize = 1 << 20;

/// Physical lines with their numbers; one beyond the limit is an error, and the next one goes on.
#[derive(Debug)]
pub struct Lines<R> {
    input: R,
    name: String,
    n: u64,
    /// Whether the input said that it ended; then it is not asked again (a terminal would wait for more).
    ended: bool,
}

/// A line with its 1-based number, or why it cannot be used.
pub type Line = (u64, Result<Vec<u8>, String>);

impl<R: BufRead> Lines<R> {
    /// Lines of an input, which errors call by that name.
    pub fn new(input: R, name: &str) -> Lines<R> {
        Lines { input, name: name.to_owned(), n: 0, ended: false }
    }

    /// The next line with its end; `None` where the input ended.
    pub fn next_line(&mut self) -> Result<Option<Line>, BadInput> {
        let mut line = Vec::new();
        let mut n_bytes: usize = 0;
        loop {
            let buffer = self.buffer()?;
            if buffer.is_empty() {
                if n_bytes == 0 {
                    return Ok(None);
                }
                break;
            }
            let end = buffer.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let text = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or_default();
            n_bytes = n_bytes.saturating_add(text.len());
            if n_bytes <= MAX_LINE {
                line.extend_from_slice(text);
            }
            let n_text = text.len();
            let end = end.and_then(|end| buffer.get(end)).copied();
            self.input.consume(n_text + usize::from(end.is_some()));
            if let Some(end) = end {
                line.push(end);
                if end == b'\r' && self.buffer()?.first() == Some(&b'\n') {
                    self.input.consume(1);
                    line.push(b'\n');
                }
                break;
            }
        }
        self.n += 1;
        if n_bytes > MAX_LINE {
            return Ok(Some((self.n, Err(format!("the line is longer than {MAX_LINE} bytes")))));
        }
        Ok(Some((self.n, Ok(line))))
    }

    /// Bytes that were read and not consumed; none at the end. A signal that came in between is no fault.
    fn buffer(&mut self) -> Result<&[u8], BadInput> {
        while !self.ended {
            match self.input.fill_buf() {
                Ok([]) => self.ended = true,
                Ok(_) => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    let said = format!("{}: line {} cannot be read", self.name, self.n + 1);
                    return Err(BadInput::unreadable(said, error));
                }
            }
        }
        if self.ended {
            return Ok(&[]);
        }
        // What is in the buffer already is handed out without another read.
        let name = &self.name;
        self.input.fill_buf().map_err(|error| BadInput::unreadable(format!("reading {name}"), error))
    }
}

/// Leaves out a byte order mark at the beginning.
#[derive(Debug)]
pub struct Bom<R> {
    inner: R,
    begun: bool,
}

impl<R: BufRead> Bom<R> {
    /// An input with or without a byte order mark.
    pub fn new(inner: R) -> Bom<R> {
        Bom { inner, begun: false }
    }

    fn begin(&mut self) -> std::io::Result<()> {
        if !self.begun {
            self.begun = true;
            if self.inner.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
                self.inner.consume(3);
            }
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Bom<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.begin()?;
        self.inner.read(out)
    }
}

impl<R: BufRead> BufRead for Bom<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.begin()?;
        self.inner.fill_buf()
    }
    fn consume(&mut self, n: usize) {
        self.inner.consume(n);
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::{Lines, MAX_LINE};

    /// The lines of a text that comes in pieces of that many bytes; a line that is refused is `None`.
    fn lines(text: &[u8], piece: usize) -> Vec<Option<Vec<u8>>> {
        let mut lines = Lines::new(BufReader::with_capacity(piece, text), "text");
        std::iter::from_fn(|| lines.next_line().unwrap().map(|(_, line)| line.ok())).collect()
    }

    #[test]
    fn a_line_of_exactly_the_limit_is_read_and_so_is_the_next_one() {
        for (n, is_read) in [(MAX_LINE - 1, true), (MAX_LINE, true), (MAX_LINE + 1, false), (MAX_LINE + 2, false)] {
            for end in ["\n", "\r\n", "\r"] {
                let text = [&vec![b'x'; n], end.as_bytes(), b"next\n"].concat();
                for piece in [1 << 16, n, n + 1] {
                    let read = lines(&text, piece);
                    assert_eq!(read.len(), 2, "{n} bytes, end {end:?}, pieces of {piece}");
                    assert_eq!((read[0].is_some(), read[1].as_deref()), (is_read, Some(&b"next\n"[..])));
                }
            }
        }
    }

    #[test]
    fn every_end_of_a_line_is_one_and_no_byte_is_lost() {
        let text = b"one\ntwo\r\nthree\rfour\n\r\r\nend";
        for piece in 1..text.len() {
            let read: Vec<Vec<u8>> = lines(text, piece).into_iter().flatten().collect();
            assert_eq!(read.concat(), text);
            assert_eq!(read.len(), 7, "{read:?}");
        }
    }
}
