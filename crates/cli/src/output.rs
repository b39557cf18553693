//! Writing to stdout, and colour where it is a terminal.

use std::io::{IsTerminal as _, Write as _};

use anstyle::{AnsiColor, Style};
use anyhow::Result;
use serde_json::Value as Json;

use crate::args::ColorChoice;

/// Writes bytes to stdout and flushes, so that a write that fails is seen.
pub(crate) fn stdout(bytes: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(())
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
