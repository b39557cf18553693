//! `interdict screen`: names, identifiers or a file of parties against a snapshot.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context as _, Result, anyhow};
use interdict_batch::answer::{self, Screened};
use interdict_batch::{ANY_IDENTIFIER, Party, PartyBuilder, Row, Rows};
use interdict_match::{Options, Worker};
use interdict_snapshot::Snapshot;
use serde_json::{Value as Json, json};

use super::answers::Writer;
use super::compare::{check_threshold, schema_of};
use super::{Outcome, ages, gaps};
use crate::args::{ScreenArgs, ScreenFormat};
use crate::context::Context;
use crate::diagnose::hinted;
use crate::output::{end_whole_on_interrupt, plain, tell_line};
use crate::progress;

/// Rows that are read, screened by all threads, and written before the next ones are read: answers keep the order of input, and
/// memory is bounded.
const BATCH: usize = 4096;

pub(crate) fn run(context: &Context, args: &ScreenArgs) -> Result<Outcome> {
    check_threshold(args.threshold)?;
    if args.limit == 0 {
        return Err(hinted(
            "--limit 0 would hide every hit",
            "--limit 1 shows the best hit of each query, and says whether there are more",
        ));
    }
    let default_schema = schema_of(&args.schema)?;
    let opened = context.open_snapshot(args.snapshot.snapshot.as_deref())?;
    let snapshot = &opened.snapshot;
    let options = Options {
        threshold: args.threshold,
        limit: args.limit,
        lists: list_bits(snapshot, &args.list)?,
        exhaustive: args.exhaustive,
        ..Options::default()
    };
    gaps::tell(snapshot, &args.list);
    ages::tell(context, &opened, &args.list);
    let n_threads =
        args.threads.or_else(|| std::thread::available_parallelism().ok().map(usize::from)).unwrap_or(1).max(1);
    let work = Work { args, snapshot, options };
    let mut workers: Vec<Worker> = (0..n_threads).map(|_| Worker::new()).collect();
    let mut tally = Tally::default();
    let start = Instant::now();
    match &args.input {
        None => {
            let parties = typed_parties(args, default_schema)?;
            let rows: Vec<Row> = parties
                .into_iter()
                .map(|(id, party)| Row { id, line: 0, party: Ok(party), ignored: Vec::new() })
                .collect();
            let mut writer = Writer::new(context, args, snapshot, args.format.unwrap_or(ScreenFormat::Table))?;
            work.batch(&rows, &mut workers, &mut writer, &mut tally, "")?;
            writer.finish()?;
        }
        Some(input) => {
            if snapshot.meta().starter && !args.starter {
                return Err(hinted(
                    "a file is not screened against the starter list: its few entries clear nobody",
                    "`interdict lists update` fetches the full lists; --starter asks the starter list all the same",
                ));
            }
            end_whole_on_interrupt()?;
            let (reader, name) = open_input(input)?;
            let mut rows = Rows::open(reader, &name, default_schema)?;
            for note in rows.notes_of_header() {
                context.note(note);
            }
            let mut writer = Writer::new(context, args, snapshot, args.format.unwrap_or(ScreenFormat::Jsonl))?;
            let bar = progress::bar(None, "screening", context.quiet);
            loop {
                let mut batch = Vec::with_capacity(BATCH);
                while batch.len() < BATCH {
                    let Some(row) = rows.next_row()? else { break };
                    batch.push(row);
                }
                if batch.is_empty() {
                    break;
                }
                let n = batch.len() as u64;
                work.batch(&batch, &mut workers, &mut writer, &mut tally, &name)?;
                bar.inc(n);
            }
            bar.finish_and_clear();
            writer.finish()?;
            for note in rows.notes_at_end() {
                context.note(&note);
            }
            context.note(&format!(
                "{} rows read = {} screened + {} not screened; {} with hits, {} hits",
                tally.n,
                tally.n - tally.n_errors,
                tally.n_errors,
                tally.n_found,
                tally.n_hits
            ));
        }
    }
    if let Some(path) = &args.stats {
        let json = tally.stats(start.elapsed().as_secs_f64(), opened.open_ms, snapshot);
        std::fs::write(path, format!("{json}\n")).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(match (tally.n_errors, tally.n_found) {
        (1.., _) => Outcome::Partial,
        (0, 1..) => Outcome::Found,
        (0, 0) => Outcome::Clear,
    })
}

/// Opens a file or stdin.
pub(crate) fn open_input(path: &Path) -> Result<(Box<dyn BufRead>, String)> {
    if path == Path::new("-") {
        return Ok((Box::new(BufReader::new(std::io::stdin())), "stdin".to_owned()));
    }
    let file = File::open(path).with_context(|| format!("opening {}", path.display()))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(hinted(format!("{} is a folder", path.display()), "name a CSV file or a file of JSON lines"));
    }
    Ok((Box::new(BufReader::with_capacity(1 << 16, file)), path.display().to_string()))
}

/// Bits of the lists named; all where none is.
fn list_bits(snapshot: &Snapshot, names: &[String]) -> Result<u64> {
    if names.is_empty() {
        return Ok(u64::MAX);
    }
    let lists = &snapshot.meta().lists;
    let mut bits = 0;
    for name in names {
        let at = lists.iter().position(|list| list.id.as_str() == name).ok_or_else(|| {
            let known: Vec<&str> = lists.iter().map(|list| list.id.as_str()).collect();
            hinted(format!("the snapshot has no list `{name}`"), format!("it has {}", known.join(", ")))
        })?;
        // Silence of a list that is not there is no answer.
        if let Some(reason) = lists.get(at).and_then(|list| list.missing.as_ref()) {
            return Err(hinted(
                format!("list `{name}` cannot be consulted: it is missing {}", plain(reason)),
                format!("`interdict lists update --only {name}` tries to fetch it"),
            ));
        }
        bits |= 1 << at;
    }
    Ok(bits)
}

/// The parties typed as arguments: one a name, or one without a name where an identifier is given.
fn typed_parties(args: &ScreenArgs, schema: interdict_model::Schema) -> Result<Vec<(String, Party)>> {
    let names: Vec<Option<&str>> =
        if args.names.is_empty() { vec![None] } else { args.names.iter().map(|name| Some(name.as_str())).collect() };
    let mut parties = Vec::new();
    for name in names {
        let id = name.unwrap_or("query").to_owned();
        let mut party = PartyBuilder::new(&id, schema);
        let mut add = |option: &str, property: &str, value: &str| {
            party
                .add(property, value)
                .map_err(|reason| hinted(format!("{option}: {reason}"), "`interdict screen --help` shows examples"))
        };
        if let Some(name) = name {
            add("NAME", "name", name)?;
        }
        for given in &args.id {
            let (property, value) = given.split_once('=').ok_or_else(|| {
                hinted(format!("--id {given:?}: expected TYPE=VALUE"), "for instance --id imoNumber=9187629")
            })?;
            add("--id", identifier_property(property), value)?;
        }
        for date in &args.birth_date {
            add("--birth-date", date_property(schema), date)?;
        }
        for country in &args.country {
            add("--country", "country", country)?;
        }
        let party =
            party.finish().map_err(|reason| hinted(reason, "give a NAME, or --id TYPE=VALUE, or --input FILE"))?;
        parties.push((id, party));
    }
    Ok(parties)
}

/// The date that `--birth-date` means for what the party is.
fn date_property(schema: interdict_model::Schema) -> &'static str {
    use interdict_model::Schema;
    if schema.is_a(Schema::vehicle()) {
        "buildDate"
    } else if schema.is_a(Schema::organization()) {
        "incorporationDate"
    } else {
        "birthDate"
    }
}

/// The property that an identifier's type means; short words for the common ones.
fn identifier_property(kind: &str) -> &str {
    match kind.to_lowercase().as_str() {
        "any" | "id" => ANY_IDENTIFIER,
        "passport" => "passportNumber",
        "imo" => "imoNumber",
        "inn" => "innCode",
        "ogrn" => "ogrnCode",
        "lei" => "leiCode",
        "bic" | "swift" => "swiftBic",
        "tax" => "taxNumber",
        "wallet" | "crypto" => "publicKey",
        "mmsi" => "mmsi",
        "email" => "email",
        "phone" => "phone",
        _ => kind,
    }
}

/// Everything that screening a batch takes.
struct Work<'a> {
    args: &'a ScreenArgs,
    snapshot: &'a Snapshot,
    options: Options,
}

impl Work<'_> {
    /// Screens a batch on all threads and writes the answers in the order of the rows.
    fn batch(
        &self,
        rows: &[Row],
        workers: &mut [Worker],
        writer: &mut Writer<'_>,
        tally: &mut Tally,
        name: &str,
    ) -> Result<()> {
        let next = AtomicUsize::new(0);
        let mut answers: Vec<(usize, Screened<'_>)> = std::thread::scope(|scope| {
            let next = &next;
            let work = |worker: &mut Worker| {
                let mut done = Vec::new();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(row) = rows.get(at) else { return done };
                    done.push((at, self.screen(row, worker)));
                }
            };
            let workers = workers.iter_mut().take(rows.len());
            let threads: Vec<_> = workers.map(|worker| scope.spawn(move || work(worker))).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
        });
        if answers.len() != rows.len() {
            return Err(anyhow!(
                "{} of {} rows were lost by a thread that failed",
                rows.len() - answers.len(),
                rows.len()
            ));
        }
        answers.sort_unstable_by_key(|(at, _)| *at);
        for (_, answer) in answers {
            tally.count(&answer);
            let row = answer.row;
            let place = || if name.is_empty() { row.id.clone() } else { format!("{name}:{}", row.line) };
            for reason in &row.ignored {
                tell_line(format_args!("warning: {}: {reason}; screened without it", place()));
            }
            if let Err(reason) = &answer.found {
                tell_line(format_args!("error: {}: {reason}", place()));
            }
            writer.write(&answer)?;
        }
        // Whoever feeds rows slowly is not kept waiting for answers that are there.
        writer.flush()
    }

    fn screen<'r>(&self, row: &'r Row, worker: &mut Worker) -> Screened<'r> {
        let explained = self.args.explain || self.args.input.is_none();
        answer::screen(row, self.snapshot, &self.options, explained, worker)
    }
}

/// Counts of a run.
#[derive(Default)]
struct Tally {
    n: usize,
    n_errors: usize,
    n_found: usize,
    n_hits: usize,
    n_scored: usize,
    micros: Vec<f64>,
}

impl Tally {
    fn count(&mut self, answer: &Screened<'_>) {
        self.n += 1;
        match &answer.found {
            Ok((found, _)) => {
                self.n_found += usize::from(!found.matches.is_empty());
                self.n_hits += found.matches.len();
                self.n_scored += found.n_scored;
                self.micros.push(answer.took.as_secs_f64() * 1e6);
            }
            Err(_) => self.n_errors += 1,
        }
    }

    fn stats(&self, seconds: f64, open_ms: f64, snapshot: &Snapshot) -> Json {
        let mut micros = self.micros.clone();
        micros.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = (share * micros.len().saturating_sub(1) as f64).round() as usize;
            micros.get(place).copied().unwrap_or_default()
        };
        json!({
            "n": self.n,
            "errors": self.n_errors,
            "seconds": seconds,
            "per_second": if seconds > 0.0 { self.n as f64 / seconds } else { 0.0 },
            "p50_us": at(0.5),
            "p99_us": at(0.99),
            "max_us": at(1.0),
            "candidates_mean": self.n_scored as f64 / self.micros.len().max(1) as f64,
            "snapshot_open_ms": open_ms,
            "entities": snapshot.meta().n_parties,
            "rss_bytes": peak_rss_bytes(),
        })
    }
}

/// Highest resident memory in bytes; 0 where the system does not tell.
fn peak_rss_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() * 1024
}
