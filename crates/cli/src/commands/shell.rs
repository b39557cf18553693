//! Completions and the man page, printed from the one definition of the arguments.

use anyhow::Result;
use clap::CommandFactory as _;

use super::Outcome;
use crate::args::Args;
use crate::output::stdout;

pub(crate) fn completions(shell: clap_complete::Shell) -> Result<Outcome> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "interdict", &mut text);
    stdout(&text)?;
    Ok(Outcome::Clear)
}

/// One page for the program and all its commands, one behind the other.
pub(crate) fn man() -> Result<Outcome> {
    let command = Args::command();
    let mut text = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut text)?;
    for sub in command.get_subcommands() {
        let page = clap_mangen::Man::new(sub.clone().bin_name(format!("interdict {}", sub.get_name())));
        page.render_name_section(&mut text)?;
        page.render_synopsis_section(&mut text)?;
        page.render_description_section(&mut text)?;
        page.render_options_section(&mut text)?;
        page.render_extra_section(&mut text)?;
    }
    stdout(&text)?;
    Ok(Outcome::Clear)
}
