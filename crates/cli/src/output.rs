//! Writing to stdout and stderr, and colour where stdout is a terminal.
//!
//! Invariant: what [`WholeLines`] writes ends at a line's end, also where the program is interrupted: whoever reads the answers
//! of a run that was stopped meets no half line.

use std::io::{IsTerminal as _, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anstyle::{AnsiColor, Style};
use anyhow::Result;
use serde_json::Value as Json;

use crate::args::ColorChoice;

/// Writes bytes to stdout and flushes, so that a write that fails is seen.
pub(crate) fn stdout(bytes: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| unwritten(&error))?;
    Ok(())
}

/// The error of a write to stdout, with what it was; its kind stays, as a reader that went away is told by it.
pub(crate) fn unwritten(error: &std::io::Error) -> std::io::Error {
    std::io::Error::new(error.kind(), format!("stdout cannot be written: {error}"))
}

/// Tells a line on stderr. Where nobody can hear it, the run goes on: the exit status and the answers say the same.
pub(crate) fn tell_line(text: impl std::fmt::Display) {
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}

/// Held while bytes go to stdout, so that an interrupt ends the program between two writes.
static WRITING: Mutex<()> = Mutex::new(());

/// Exit status of a program that was interrupted: 128 and the number of the signal, as shells have it.
const INTERRUPTED: i32 = 130;

/// How long an interrupt waits for a write to end; longer, and nobody reads our output.
const LAST_WRITE: Duration = Duration::from_secs(1);

/// From now on an interrupt (ctrl-C, a polite kill) ends the program with status 130 and with whole lines on stdout.
pub(crate) fn end_whole_on_interrupt() -> Result<()> {
    ctrlc::set_handler(|| {
        let start = Instant::now();
        let mut guard = WRITING.try_lock();
        while guard.is_err() && start.elapsed() < LAST_WRITE {
            std::thread::sleep(Duration::from_millis(2));
            guard = WRITING.try_lock();
        }
        tell_line("interrupted: the answers written so far are whole, the others are missing");
        std::process::exit(INTERRUPTED);
    })?;
    Ok(())
}

/// Stdout for many lines: bytes gather until [`WholeLines::end_line`] finds enough of them, and go out in one write.
#[derive(Debug, Default)]
pub(crate) struct WholeLines {
    pending: Vec<u8>,
}

impl WholeLines {
    /// Bytes that are gathered before they are written.
    const ENOUGH: usize = 1 << 16;

    /// Says that a line ended here.
    pub(crate) fn end_line(&mut self) -> std::io::Result<()> {
        if self.pending.len() < Self::ENOUGH { Ok(()) } else { self.flush() }
    }
}

impl Write for WholeLines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = std::io::stdout().lock();
        let written = out.write_all(&self.pending).and_then(|()| out.flush());
        // What could not be written now is not tried again.
        self.pending.clear();
        written.map_err(|error| unwritten(&error))
    }
}

impl Drop for WholeLines {
    /// A run that ends with an error still writes the answers before it.
    fn drop(&mut self) {
        drop(self.flush());
    }
}

/// Writes JSON on several lines.
pub(crate) fn print_json(json: &Json) -> Result<()> {
    stdout(format!("{}\n", serde_json::to_string_pretty(json)?).as_bytes())
}

/// Styles of what people read; all plain where colour is off.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Paint {
    pub(crate) strong: Style,
    pub(crate) faint: Style,
    pub(crate) good: Style,
    pub(crate) bad: Style,
    pub(crate) high: Style,
}

impl Paint {
    /// Colour on a terminal unless `NO_COLOR` is set (no-color.org), or as asked for.
    pub(crate) fn new(choice: ColorChoice) -> Paint {
        let on = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        };
        if !on {
            return Paint::default();
        }
        Paint {
            strong: Style::new().bold(),
            faint: Style::new().dimmed(),
            good: AnsiColor::Green.on_default(),
            bad: AnsiColor::Red.on_default(),
            high: AnsiColor::Yellow.on_default().bold(),
        }
    }
}

/// Text in a style.
pub(crate) fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Text without control characters, so that a name on a list cannot steer the reader's terminal.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
