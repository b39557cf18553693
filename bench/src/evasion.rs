//! Groups of our own: each class of evasion on names of a snapshot, and names near to them that are others'.
//!
//! Idea: a name of a party is altered by one class; it is found where the party, or another that bears that very name, is among the
//! hits at the threshold. Near misses are parts of two real names; what they find is an alert, unless that name is really listed.
//! False hits of altered names are hits above that are neither the party nor a bearer of the same name.
//! Cost: one query a name, and a set of all names in memory; ten thousand names take some seconds.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result};
use interdict_match::{Match, Options, Query, Scratch, Screener};
use interdict_snapshot::{EntityOrd, Snapshot};
use serde::Serialize;
use serde_json::json;

use crate::alter::negative::{NEAR, Near};
use crate::alter::{CLASSES, Class, Kind};
use crate::dice::Dice;
use crate::record::{self, Head};
use crate::{parallel, progress, source, subject};

/// Alter names of a snapshot in every class of evasion, and make near misses: recall, false hits and alerts by class
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    source: source::Args,
    /// Names of each class
    #[arg(long, default_value_t = 200)]
    per_class: usize,
    /// Seed of the names
    #[arg(long, default_value_t = 1)]
    query_seed: u64,
    #[arg(long, default_value_t = 0.7)]
    threshold: f32,
    /// Threads
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Where to write what was missed and what hit wrongly, a line each
    #[arg(long)]
    errors: Option<PathBuf>,
    /// Where to write the record
    #[arg(long, default_value = "bench/out/evasion.json")]
    out: PathBuf,
}

/// What a class told.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
struct Count {
    /// Names asked; fewer than wanted where the class has a hold on few.
    n: usize,
    /// Names that found their party.
    found: usize,
    /// Names whose first hit is their party.
    first: usize,
    /// Hits that are other parties.
    false_hits: usize,
    /// Near misses that hit at all.
    alerts: usize,
}

impl Count {
    fn share(&self, part: usize) -> f64 {
        part as f64 / self.n.max(1) as f64
    }
}

/// One name asked.
struct Asked {
    count: Count,
    error: Option<serde_json::Value>,
}

#[derive(Serialize)]
struct Record<'a> {
    #[serde(flatten)]
    head: Head,
    snapshot: &'a str,
    entities: u32,
    query_seed: u64,
    threshold: f32,
    evasion: &'a BTreeMap<&'static str, Count>,
    negative: &'a BTreeMap<&'static str, Count>,
}

/// Asks every class, prints, writes.
pub(crate) fn run(args: &Args) -> Result<()> {
    let snapshot = args.source.snapshot()?;
    let asker = Asker { known: Known::of(&snapshot)?, snapshot: &snapshot, args };
    let mut errors = Vec::new();
    let bar = progress::bar((args.per_class * (CLASSES.len() + NEAR.len())) as u64, "names");
    let mut all = |name: &'static str, one: &(dyn Fn(&mut Scratch, usize) -> Result<Option<Asked>> + Sync)| {
        let one = |scratch: &mut Scratch, number: usize| {
            bar.inc(1);
            one(scratch, number)
        };
        let mut sum = Count::default();
        for asked in parallel::map(args.per_class, args.threads, Scratch::new, one)?.into_iter().flatten() {
            sum.n += 1;
            sum.found += asked.count.found;
            sum.first += asked.count.first;
            sum.false_hits += asked.count.false_hits;
            sum.alerts += asked.count.alerts;
            errors.extend(asked.error);
        }
        anyhow::Ok((name, sum))
    };
    let (mut evasion, mut negative) = (BTreeMap::new(), BTreeMap::new());
    for class in CLASSES {
        evasion.extend([all(class.name, &|scratch, number| asker.evasion(class, scratch, number))?]);
    }
    for near in NEAR {
        let able = asker.known.near(near, &snapshot)?;
        negative.extend([all(near.name, &|scratch, number| asker.negative(near, &able, scratch, number))?]);
    }
    bar.finish_and_clear();
    print(&evasion, &negative);
    if let Some(path) = &args.errors {
        let file = std::fs::File::create(path).with_context(|| format!("writing {}", path.display()))?;
        let mut out = std::io::BufWriter::new(file);
        for error in &errors {
            writeln!(out, "{error}")?;
        }
        out.flush()?;
        println!("{} cases written to {}", errors.len(), path.display());
    }
    let record = Record {
        head: Head::now("evasion"),
        snapshot: snapshot.id(),
        entities: snapshot.n_entities(),
        query_seed: args.query_seed,
        threshold: args.threshold,
        evasion: &evasion,
        negative: &negative,
    };
    record::write(&args.out, &record)
}

/// The words of a name without case and marks.
fn bare(name: &str) -> String {
    let bare = |letter: char| if letter.is_alphanumeric() { letter } else { ' ' };
    name.chars().flat_map(char::to_lowercase).map(bare).collect()
}

/// A name without order, case and marks.
fn bag(name: &str) -> String {
    let bare = bare(name);
    let mut words: Vec<&str> = bare.split_whitespace().collect();
    words.sort_unstable();
    words.join(" ")
}

fn hash(text: &str) -> u64 {
    let hash = blake3::hash(text.as_bytes());
    hash.as_bytes().iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// The names of a snapshot.
struct Known {
    /// Hashes of their words in order, and of their bags.
    hashes: BTreeSet<u64>,
    /// Each with its bearer.
    names: Vec<(EntityOrd, String)>,
}

impl Known {
    fn of(snapshot: &Snapshot) -> Result<Known> {
        let mut known = Known { hashes: BTreeSet::new(), names: Vec::new() };
        for ord in (0..snapshot.n_entities()).map(EntityOrd) {
            if snapshot.schema(ord)?.matchable() {
                for name in subject::names(&snapshot.entity(ord)?) {
                    known.hashes.extend([hash(&bare(&name)), hash(&bag(&name))]);
                    known.names.push((ord, name));
                }
            }
        }
        Ok(known)
    }

    /// Names that a class of near misses has a hold on, as shown by a name that is like no other.
    fn near(&self, near: &Near, snapshot: &Snapshot) -> Result<Vec<usize>> {
        let mut able = Vec::new();
        for (at, (ord, name)) in self.names.iter().enumerate() {
            let kind = Kind::of(snapshot.schema(*ord)?);
            if (near.make)(name, "Qwertz Asdfgh", kind, &mut Dice::of(0, 0)).is_some() {
                able.push(at);
            }
        }
        Ok(able)
    }
}

struct Asker<'a> {
    snapshot: &'a Snapshot,
    known: Known,
    args: &'a Args,
}

impl Asker<'_> {
    /// The dice of a name: those of its class and number.
    fn dice(&self, class: &str, number: usize) -> Dice {
        Dice::of(self.args.query_seed ^ hash(class), number as u64)
    }

    fn hits(&self, query: &Query, scratch: &mut Scratch) -> Result<Vec<Match>> {
        let options = Options { threshold: self.args.threshold, limit: 50, ..Options::default() };
        Ok(Screener::new(self.snapshot).screen(query, &options, scratch)?.matches)
    }

    fn told(&self, hits: &[Match]) -> Result<Vec<serde_json::Value>> {
        let one = |hit: &Match| {
            let party = self.snapshot.party(hit.entity)?;
            Ok(json!([party.id, party.caption, hit.scored.score]))
        };
        hits.iter().take(5).map(one).collect()
    }

    /// One name altered by a class; nothing where the class has no hold on names of this snapshot.
    fn evasion(&self, class: &Class, scratch: &mut Scratch, number: usize) -> Result<Option<Asked>> {
        let mut dice = self.dice(class.name, number);
        let Some((subject, altered)) = subject::pick_altered(self.snapshot, class, &mut dice)? else { return Ok(None) };
        let hits = self.hits(&Query::of(&subject::of_name(subject.entity.schema, &altered)?), scratch)?;
        let own = bag(&subject.name);
        let (mut count, mut wrong) = (Count::default(), Vec::new());
        for (place, hit) in hits.iter().enumerate() {
            let entity = self.snapshot.entity(hit.entity)?;
            if entity.id == subject.entity.id || subject::names(&entity).iter().any(|name| bag(name) == own) {
                count.found = 1;
                count.first = count.first.max(usize::from(place == 0));
            } else {
                wrong.push(*hit);
            }
        }
        count.false_hits = wrong.len();
        let kind = if count.found == 0 { "missed" } else { "false" };
        let error = if count.found == 0 || !wrong.is_empty() {
            Some(json!({"kind": kind, "class": class.name, "name": subject.name, "altered": altered,
                "party": subject.entity.id, "schema": subject.entity.schema.name(), "hits": self.told(&wrong)?}))
        } else {
            None
        };
        Ok(Some(Asked { count, error }))
    }

    /// One near miss of a class; nothing where none can be made. A class that has a hold on fewer names than are wanted asks
    /// some of them more than once.
    fn negative(&self, near: &Near, able: &[usize], scratch: &mut Scratch, number: usize) -> Result<Option<Asked>> {
        let mut dice = self.dice(near.name, number);
        for _ in 0..400 {
            let Some((ord, one)) = dice.pick(able).and_then(|at| self.known.names.get(*at)) else { return Ok(None) };
            let Some((other, another)) = dice.pick(&self.known.names) else { return Ok(None) };
            let schema = self.snapshot.schema(*ord)?;
            let kind = Kind::of(schema);
            if kind != Kind::of(self.snapshot.schema(*other)?) {
                continue;
            }
            let Some(name) = (near.make)(one, another, kind, &mut dice) else { continue };
            // Initials and single words tell nobody from anybody.
            let n_letters = name.chars().filter(|letter| letter.is_alphabetic()).count();
            let told = hash(&if near.is_order { bare(&name) } else { bag(&name) });
            if n_letters < 5 || self.known.hashes.contains(&told) {
                continue;
            }
            let hits = self.hits(&Query::of(&subject::of_name(schema, &name)?), scratch)?;
            let count = Count { alerts: usize::from(!hits.is_empty()), false_hits: hits.len(), ..Count::default() };
            let error = if hits.is_empty() {
                None
            } else {
                Some(json!({"kind": "false", "class": near.name, "name": one, "altered": name,
                    "schema": schema.name(), "hits": self.told(&hits)?}))
            };
            return Ok(Some(Asked { count, error }));
        }
        Ok(None)
    }
}

fn print(evasion: &BTreeMap<&'static str, Count>, negative: &BTreeMap<&'static str, Count>) {
    let mut all = Count::default();
    println!("{:<24} {:>6} {:>8} {:>8} {:>18}", "evasion", "n", "recall", "first", "false hits a query");
    for count in evasion.values() {
        all.n += count.n;
        all.found += count.found;
        all.first += count.first;
        all.false_hits += count.false_hits;
    }
    for (name, count) in evasion.iter().chain([(&"all", &all)]) {
        let (recall, first) = (count.share(count.found), count.share(count.first));
        println!("{name:<24} {:>6} {recall:>8.4} {first:>8.4} {:>18.3}", count.n, count.share(count.false_hits));
    }
    let mut all = Count::default();
    println!("\n{:<24} {:>6} {:>16} {:>18}", "near misses", "n", "alerts per 1,000", "hits a query");
    for count in negative.values() {
        all.n += count.n;
        all.alerts += count.alerts;
        all.false_hits += count.false_hits;
    }
    for (name, count) in negative.iter().chain([(&"all", &all)]) {
        println!(
            "{name:<24} {:>6} {:>16.1} {:>18.3}",
            count.n,
            1000.0 * count.share(count.alerts),
            count.share(count.false_hits)
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::Parties;

    #[test]
    fn a_bag_knows_no_order_case_or_marks() {
        assert_eq!(bag("Ivanov, Pyotr"), bag("PYOTR IVANOV"));
    }

    #[test]
    fn capitals_find_their_party_and_the_same_seed_asks_the_same() {
        let built = Parties::new(1).unwrap().builder(200).build().unwrap();
        let snapshot = Snapshot::from_bytes(built.bytes).unwrap();
        let args = Args {
            source: source::Args { snapshot: None, entities: Some(200), seed: 1 },
            per_class: 5,
            query_seed: 1,
            threshold: 0.7,
            threads: 1,
            errors: None,
            out: PathBuf::new(),
        };
        let asker = Asker { known: Known::of(&snapshot).unwrap(), snapshot: &snapshot, args: &args };
        let class = CLASSES.iter().find(|class| class.name == "all_caps").unwrap();
        let mut scratch = Scratch::new();
        for number in 0..5 {
            let one = asker.evasion(class, &mut scratch, number).unwrap().unwrap();
            assert_eq!(one.count, asker.evasion(class, &mut scratch, number).unwrap().unwrap().count);
            assert_eq!(one.count.found, 1, "{:?}", one.error);
        }
        let able = asker.known.near(&NEAR[0], &snapshot).unwrap();
        assert!(asker.negative(&NEAR[0], &able, &mut scratch, 0).unwrap().is_some());
    }
}
