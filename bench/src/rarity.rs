//! Writes the text crate's table of how many parties bear a name part.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use interdict_snapshot::{EntityOrd, NameOrd, Snapshot};
use interdict_text::{Role, TABLES_VERSION};

/// A name part borne by fewer parties is not written: it would tell of single parties.
const MIN_PARTIES: usize = 3;

/// Counts for each token the parties that bear it, and writes `crates/text/data/rarity.tsv`. Entries of several lists are one party where
/// a name of two parts or more is the same on both.
pub(crate) fn write(path: &Path) -> Result<()> {
    let snapshot = Snapshot::open(path)?;
    let mut parties = Parties::default();
    let mut bearers: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for ord in (0..snapshot.n_entities()).map(EntityOrd) {
        if !snapshot.schema(ord)?.matchable() {
            continue;
        }
        let entry = parties.add();
        for name in snapshot.names_of(ord)?.map(NameOrd) {
            let mut own = Vec::new();
            for token in snapshot.name(name)?.tokens() {
                let token = snapshot.token(token)?;
                if matches!(token.role, Role::Name) {
                    own.push(token.text.to_owned());
                }
            }
            own.sort_unstable();
            own.dedup();
            if own.len() >= MIN_PARTS {
                parties.named(entry, own.join(" "));
            }
            for token in own {
                bearers.entry(token).or_default().insert(entry);
            }
        }
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (token, entries) in bearers {
        let distinct: BTreeSet<usize> = entries.iter().map(|entry| parties.of(*entry)).collect();
        if distinct.len() >= MIN_PARTIES {
            counts.insert(token, distinct.len());
        }
    }
    let n_parties = (0..parties.first.len()).filter(|entry| parties.of(*entry) == *entry).count();
    let mut out = format!(
        "# Parties that bear a name part, counted over the names of these published lists; a part is here if at least {MIN_PARTIES} bear it.\n\
         # Entries of which a name of {MIN_PARTS} parts or more is the same are one party.\n\
         # Written by `interdict-bench rarity`, text tables version {TABLES_VERSION}. Sources:\n"
    );
    for list in &snapshot.meta().lists {
        writeln!(out, "# {} {}", list.id, list.version)?;
    }
    writeln!(out, "#parties\t{n_parties}")?;
    for (token, count) in &counts {
        writeln!(out, "{token}\t{count}")?;
    }
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/text/data/rarity.tsv");
    std::fs::write(&table, out).with_context(|| format!("writing {}", table.display()))?;
    println!("{} name parts of {n_parties} parties written", counts.len());
    Ok(())
}

/// Parts of a name by which entries are known to be of one party.
const MIN_PARTS: usize = 2;

/// Which entries are of one party.
#[derive(Default)]
struct Parties {
    /// For each entry one of its party that was met no later.
    first: Vec<usize>,
    /// The first entry of each name.
    by_name: HashMap<String, usize>,
}

impl Parties {
    fn add(&mut self) -> usize {
        self.first.push(self.first.len());
        self.first.len() - 1
    }

    /// The first entry of the party.
    fn of(&self, mut entry: usize) -> usize {
        while self.first[entry] != entry {
            entry = self.first[entry];
        }
        entry
    }

    fn named(&mut self, entry: usize, name: String) {
        let known = *self.by_name.entry(name).or_insert(entry);
        let (one, other) = (self.of(entry), self.of(known));
        self.first[one.max(other)] = one.min(other);
    }
}
