//! `interdict build`.

use anyhow::{Result, bail};

use super::Outcome;
use crate::args::BuildArgs;
use crate::context::Context;

pub(crate) fn run(_context: &Context, _args: &BuildArgs) -> Result<Outcome> {
    bail!("not there yet")
}
