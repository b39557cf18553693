//! `interdict lists`.

use anyhow::{Result, bail};

use super::Outcome;
use crate::args::ListsCommand;
use crate::context::Context;

pub(crate) fn run(_context: &Context, _command: &ListsCommand) -> Result<Outcome> {
    bail!("not there yet")
}
