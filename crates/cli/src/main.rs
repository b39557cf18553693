//! `interdict`: screening against sanctions and export-control lists, for one person at one machine.
//!
//! Idea: arguments are parsed in `args` (what was typed), each command in `commands` turns them into work; answers go to
//! stdout, everything else to stderr. `diagnose` is the one place that prints errors: chain, hint, exit status.

mod args;
mod commands;
mod context;
mod cron;
mod diagnose;
mod output;
mod progress;
mod variables;

use std::process::ExitCode;

use clap::Parser as _;

/// musl's own allocator has one lock for all threads, which batches feel: `docs/command-line.md` has figures.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match args::Args::try_parse() {
        Ok(args) => diagnose::exit(commands::run(args)),
        Err(said) => diagnose::exit_of_arguments(&said),
    }
}
