//! Lines of customer files, one at a time.
//!
//! Invariant: memory is bounded by [`MAX_LINE`], so that a file without line ends cannot take all of it; a longer line is an
//! error of its own, and the next one is read on.

use std::io::{BufRead, Read};

use anyhow::{Context as _, Result};

/// Longest line of JSON lines, and longest line of CSV, that is read, in bytes.
const MAX_LINE: usize = 1 << 20;

/// Physical lines with their numbers; one beyond the limit is an error, and the next one goes on.
pub(crate) struct Lines<R> {
    input: R,
    name: String,
    n: u64,
}

/// A line with its 1-based number, or why it cannot be used.
pub(crate) type Line = (u64, Result<Vec<u8>, String>);

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(input: R, name: &str) -> Lines<R> {
        Lines { input, name: name.to_owned(), n: 0 }
    }

    pub(crate) fn next_line(&mut self) -> Result<Option<Line>> {
        let mut bytes = Vec::new();
        let read = (&mut self.input).take(MAX_LINE as u64 + 1).read_until(b'\n', &mut bytes);
        let n = read.with_context(|| format!("{}: line {} cannot be read", self.name, self.n + 1))?;
        if n == 0 {
            return Ok(None);
        }
        self.n += 1;
        if n > MAX_LINE {
            self.skip_line()?;
            return Ok(Some((self.n, Err(format!("the line is longer than {MAX_LINE} bytes")))));
        }
        Ok(Some((self.n, Ok(bytes))))
    }

    fn skip_line(&mut self) -> Result<()> {
        loop {
            let buffer = self.input.fill_buf().with_context(|| format!("reading {}", self.name))?;
            let (n, ended) = match buffer.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (buffer.len(), buffer.is_empty()),
            };
            self.input.consume(n);
            if ended {
                return Ok(());
            }
        }
    }
}

/// Leaves out a byte order mark at the beginning.
pub(crate) struct Bom<R> {
    inner: R,
    begun: bool,
}

impl<R: BufRead> Bom<R> {
    pub(crate) fn new(inner: R) -> Bom<R> {
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
