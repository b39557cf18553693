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

/// Answers are many short texts, made and dropped on every core; musl's own allocator, with one lock for all threads, is slow at
/// that, and glibc's somewhat: `docs/command-line.md` has figures.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match args::Args::try_parse() {
        Ok(args) => diagnose::exit(commands::run(args)),
        Err(said) => diagnose::exit_of_arguments(&said),
    }
}
