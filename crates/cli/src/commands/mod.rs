//! One module a command.

pub(crate) mod ages;
pub(crate) mod answers;
pub(crate) mod build;
pub(crate) mod compare;
pub(crate) mod entity;
pub(crate) mod gaps;
pub(crate) mod keys;
pub(crate) mod lists;
pub(crate) mod observing;
pub(crate) mod screen;
pub(crate) mod serve;
pub(crate) mod serve_check;
pub(crate) mod serve_schedule;
pub(crate) mod serve_settings;
pub(crate) mod shell;
pub(crate) mod update;

use anyhow::Result;

use crate::args::{Args, Command};
use crate::context::Context;
use crate::variables::variable;

/// What a command found; decides the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing found, or nothing to find.
    Clear,
    /// At least one hit, or a difference.
    Found,
    /// Something could not be done, as was said; the rest was.
    Partial,
}

/// Runs a command.
pub(crate) fn run(mut args: Args) -> Result<Outcome> {
    if let (Command::Serve(_), None) = (&args.command, &args.common.data_dir) {
        args.common.data_dir = variable("YENTE_DATA_PATH").map(Into::into);
    }
    let context = Context::new(args.common)?;
    match args.command {
        Command::Screen(args) => screen::run(&context, &args),
        Command::Compare(args) => compare::run(&context, &args),
        Command::Build(args) => build::run(&context, &args),
        Command::Lists(args) => lists::run(&context, &args.command),
        Command::Serve(args) => serve::run(&context, &args),
        Command::Keys(args) => keys::run(&context, &args),
        Command::Entity(args) => entity::run(&context, &args),
        Command::Completions(args) => shell::completions(args.shell),
        Command::Man => shell::man(),
    }
}
