//! Progress of long work, on a terminal only.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over `n` steps, or a spinner where the number is not known; nothing at all unless stderr is a terminal.
pub(crate) fn bar(n: Option<u64>, what: &'static str, quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = n.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
    let template = if n.is_some() {
        "{prefix:>12} [{bar:30}] {human_pos}/{human_len} {per_sec} {eta} left"
    } else {
        "{prefix:>12} {spinner} {human_pos} {per_sec}"
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_prefix(what);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
