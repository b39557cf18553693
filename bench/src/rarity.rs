//! Writes the text crate's table of how many parties bear a name part.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use interdict_snapshot::{EntityOrd, NameOrd, Snapshot};
use interdict_text::{Role, TABLES_VERSION};

/// A name part borne by fewer parties is not written: it would tell of single parties.
const MIN_PARTIES: u32 = 3;

/// Counts for each token the parties that bear it, and writes `crates/text/data/rarity.tsv`.
pub(crate) fn write(path: &Path) -> Result<()> {
    let snapshot = Snapshot::open(path)?;
    let mut bearers: BTreeMap<String, u32> = BTreeMap::new();
    let mut n_parties = 0u32;
    for ord in (0..snapshot.n_entities()).map(EntityOrd) {
        if !snapshot.schema(ord)?.matchable() {
            continue;
        }
        n_parties += 1;
        let mut own = BTreeSet::new();
        for name in snapshot.names_of(ord)?.map(NameOrd) {
            for token in snapshot.name(name)?.tokens() {
                let token = snapshot.token(token)?;
                if matches!(token.role, Role::Name) {
                    own.insert(token.text.to_owned());
                }
            }
        }
        for token in own {
            *bearers.entry(token).or_default() += 1;
        }
    }
    bearers.retain(|_, count| *count >= MIN_PARTIES);
    let mut out = format!(
        "# Parties that bear a name part, counted over the names of these published lists; a part is here if at least {MIN_PARTIES} bear it.\n\
         # Written by `interdict-bench rarity`, text tables version {TABLES_VERSION}. Sources:\n"
    );
    for list in &snapshot.meta().lists {
        writeln!(out, "# {} {}", list.id, list.version)?;
    }
    writeln!(out, "#parties\t{n_parties}")?;
    for (token, count) in &bearers {
        writeln!(out, "{token}\t{count}")?;
    }
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/text/data/rarity.tsv");
    std::fs::write(&table, out).with_context(|| format!("writing {}", table.display()))?;
    println!("{} name parts of {n_parties} parties written", bearers.len());
    Ok(())
}
