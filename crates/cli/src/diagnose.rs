//! The one place that prints errors: what, why, what to do, exit status.

use std::fmt;
use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Error, Result};
use interdict_batch::BadInput;

use crate::commands::Outcome;
use crate::output::{tell_line, unwritten};

/// An error with what to do about it.
#[derive(Debug)]
struct Hinted {
    what: String,
    hint: String,
}

impl fmt::Display for Hinted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.what)
    }
}

impl std::error::Error for Hinted {}

/// An error with what to do about it.
pub(crate) fn hinted(what: impl Into<String>, hint: impl Into<String>) -> Error {
    Error::new(Hinted { what: what.into(), hint: hint.into() })
}

/// Prints what went wrong and yields the exit status: 0 nothing found, 1 found, 2 error. A reader of our output that went
/// away is no error.
pub(crate) fn exit(result: Result<Outcome>) -> ExitCode {
    match result {
        Ok(Outcome::Clear) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(1),
        Ok(Outcome::Partial) => ExitCode::from(2),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            tell_line(render(&error).trim_end());
            ExitCode::from(2)
        }
    }
}

/// Prints help, version, or what was typed wrongly, and yields the exit status: help that could not be written is an error.
pub(crate) fn exit_of_arguments(said: &clap::Error) -> ExitCode {
    match said.print().and_then(|()| std::io::stdout().flush()) {
        Err(error) if !said.use_stderr() => exit(Err(unwritten(&error).into())),
        _ => ExitCode::from(u8::try_from(said.exit_code()).unwrap_or(2)),
    }
}

/// What to do about an error that was made elsewhere.
pub(crate) fn hint(error: impl Into<Error>, hint: impl Into<String>) -> Error {
    let error = error.into();
    let what = error.to_string();
    error.context(Hinted { what, hint: hint.into() })
}

fn is_broken_pipe(error: &Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

/// The chain of causes, each on its line, and the hint.
fn render(error: &Error) -> String {
    let mut text = format!("error: {error}\n");
    let mut said = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        // Some causes are repeated by the error that carries them.
        if !said.contains(&cause) {
            text.extend(["  cause: ", &cause, "\n"]);
            said = cause;
        }
    }
    // A hint laid over another error is found by anyhow alone, one below a context only in the chain.
    let own = error.downcast_ref().or_else(|| error.chain().find_map(|cause| cause.downcast_ref::<Hinted>()));
    let of_input = || error.chain().find_map(|cause| cause.downcast_ref::<BadInput>()?.hint.as_deref());
    if let Some(hint) = own.map(|hinted| hinted.hint.as_str()).or_else(of_input) {
        text.extend(["  hint: ", hint, "\n"]);
    }
    text
}
