//! Chores of the house: tables that are generated from published facts, and checks of the tree itself.
//!
//! `cargo xtask` (an alias in `.cargo/config.toml`) lists them. Generated tables are committed; tests compare them with
//! their source where that is at hand.
#![expect(clippy::print_stdout, reason = "a chore speaks to the developer who called it")]

mod dependencies;
mod ftm;
mod tidy;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask COMMAND

  ftm-table MODEL.json    write crates/model/data/ftm.tsv from the facts of a FollowTheMoney model
  tidy                    check the laws of the tree: every Rust file states its idea, the crates' arrows are as drawn
  licences                check the licences of all dependencies against deny.toml
  duplicates              tell of crates in several versions beyond the baseline in deny.toml
";

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["ftm-table", model] => ftm::write_table(model),
        ["tidy"] => tidy::check(),
        ["licences"] => dependencies::licences(),
        ["duplicates"] => dependencies::duplicates(),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => bail!("unknown chore: {}\n\n{HELP}", args.join(" ")),
    }
}
