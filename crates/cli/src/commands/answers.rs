//! Answers of `screen`, written as a table, JSON, JSON lines or CSV.
//!
//! Idea: one writer knows the form; who screens hands it one answer after the other, in the order of the input.
//! Invariant: every query leaves its trace in every form, also where nothing was found and where it could not be screened.

use std::borrow::Cow;
use std::io::Write as _;

use anyhow::{Result, anyhow};
use interdict_batch::answer::{Form, Screened, snapshot_json};
use interdict_snapshot::Snapshot;
use serde_json::Value as Json;

use super::gaps;
use crate::args::{ScreenArgs, ScreenFormat};
use crate::context::Context;
use crate::output::{Paint, WholeLines, paint, plain};

/// Writes answers in the form asked for.
pub(crate) struct Writer<'a> {
    out: WholeLines,
    format: ScreenFormat,
    snapshot: &'a Snapshot,
    paint: Paint,
    form: Form<'a>,
    single: bool,
    snapshot_json: Json,
    no_hit: String,
    /// What is wrong with the lists asked, for the cell of CSV.
    gaps: String,
    /// Answers of `--format json`, which is one array.
    n_written: usize,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(
        context: &Context,
        args: &ScreenArgs,
        snapshot: &'a Snapshot,
        format: ScreenFormat,
    ) -> Result<Writer<'a>> {
        let form = Form {
            snapshot,
            policy_threshold: context.config.screen.policy_threshold,
            explained: args.explain || args.input.is_none(),
        };
        let mut writer = Writer {
            out: WholeLines::default(),
            format,
            snapshot,
            paint: context.paint,
            form,
            single: args.input.is_none() && args.names.len() <= 1,
            snapshot_json: snapshot_json(snapshot.id(), snapshot.meta()),
            no_hit: gaps::no_hit(snapshot.meta(), &args.list),
            gaps: gaps::cell(snapshot.meta(), &args.list),
            n_written: 0,
        };
        match format {
            ScreenFormat::Csv => {
                let mut csv = csv::Writer::from_writer(Vec::new());
                csv.write_record(CsvLine::header().cells(snapshot.meta().starter.then_some("starter")))?;
                writer.out.write_all(&csv.into_inner().map_err(|error| anyhow!("{error}"))?)?;
            }
            ScreenFormat::Json => writer.out.write_all(b"[")?,
            ScreenFormat::Table | ScreenFormat::Jsonl => {}
        }
        Ok(writer)
    }

    pub(crate) fn write(&mut self, answer: &Screened<'_>) -> Result<()> {
        match self.format {
            ScreenFormat::Table => self.write_table(answer)?,
            ScreenFormat::Jsonl => {
                let json = self.json(answer)?;
                writeln!(self.out, "{json}")?;
            }
            ScreenFormat::Json => {
                let json = serde_json::to_string_pretty(&self.json(answer)?)?;
                write!(self.out, "{}\n{json}", if self.n_written == 0 { "" } else { "," })?;
            }
            ScreenFormat::Csv => self.write_csv(answer)?,
        }
        self.n_written += 1;
        Ok(self.out.end_line()?)
    }

    fn json(&self, answer: &Screened<'_>) -> Result<Json> {
        Ok(self.form.json(answer, Some(&self.snapshot_json))?)
    }

    /// One line a hit; one line, too, for a query that found nobody and for one that could not be screened.
    fn write_csv(&mut self, answer: &Screened<'_>) -> Result<()> {
        let ignored = answer.row.ignored.join("|");
        let line = CsvLine { query: &answer.row.id, ignored: &ignored, gaps: &self.gaps, ..CsvLine::default() };
        let mut lines: Vec<CsvLine<'_>> = Vec::new();
        match &answer.found {
            Err(reason) => lines.push(CsvLine { error: reason, ..line }),
            Ok((found, _)) => {
                let line = CsvLine { truncated: if found.truncated { "true" } else { "false" }, ..line };
                for hit in &found.matches {
                    let party = self.snapshot.party(hit.entity)?;
                    lines.push(CsvLine {
                        id: party.id,
                        caption: party.caption,
                        schema: party.schema.name(),
                        datasets: self.form.datasets(hit)?.join("|"),
                        score: hit.scored.score.to_string(),
                        is_match: if hit.scored.score >= self.form.policy_threshold { "true" } else { "false" },
                        ..line.clone()
                    });
                }
                if lines.is_empty() {
                    lines.push(line);
                }
            }
        }
        let mut csv = csv::Writer::from_writer(Vec::new());
        let starter = self.snapshot.meta().starter.then_some("true");
        for line in lines {
            csv.write_record(line.cells(starter).map(|cell| defused(cell).into_owned()))?;
        }
        self.out.write_all(&csv.into_inner().map_err(|error| anyhow!("{error}"))?)?;
        Ok(())
    }

    fn write_table(&mut self, answer: &Screened<'_>) -> Result<()> {
        let Paint { strong, faint, good, bad, high } = self.paint;
        if !self.single {
            let party = answer.row.party.as_ref().ok();
            let name = party.and_then(|party| party.entity.first("name")).unwrap_or_default();
            let name = if name == answer.row.id { "" } else { name };
            let space = if name.is_empty() { "" } else { "  " };
            writeln!(self.out, "{}{space}{}", paint(strong, plain(&answer.row.id)), plain(name))?;
        }
        let (found, reasons) = match &answer.found {
            Ok(found) => found,
            Err(reason) => {
                writeln!(self.out, "  {}", paint(bad, format!("not screened: {}", plain(reason))))?;
                return Ok(());
            }
        };
        if found.matches.is_empty() {
            writeln!(self.out, "  {}", paint(good, &self.no_hit))?;
        }
        for (hit, why) in found.matches.iter().zip(reasons) {
            let party = self.snapshot.party(hit.entity)?;
            let score = paint(high, format!("{:.3}", hit.scored.score));
            let lists = self.form.datasets(hit)?.join(", ");
            writeln!(
                self.out,
                "  {score}  {}  {}",
                paint(strong, plain(party.caption)),
                paint(faint, format!("{} · {} · {lists}", party.schema, plain(party.id)))
            )?;
            for fact in self.facts(hit)? {
                writeln!(self.out, "         {}", plain(&fact))?;
            }
            if let (true, Some(why)) = (self.form.explained, why) {
                for line in why.lines() {
                    writeln!(self.out, "         {} {}", paint(faint, "why:"), plain(&line))?;
                }
            }
        }
        if found.truncated {
            writeln!(self.out, "  … more hits than --limit lets through")?;
        }
        Ok(())
    }

    /// What a reader wants to know of a hit at once: programmes and since when.
    fn facts(&self, hit: &interdict_match::Match) -> Result<Vec<String>> {
        let mut facts = Vec::new();
        for other in self.snapshot.referrers(hit.entity)? {
            if self.snapshot.schema(other)? != interdict_model::Schema::sanction() {
                continue;
            }
            let sanction = self.snapshot.entity(other)?;
            let parts = ["authority", "program", "listingDate", "startDate"];
            let mut said: Vec<&str> = parts.iter().filter_map(|part| sanction.first(part)).collect();
            said.dedup();
            let fact = format!("listed: {}", said.join(", "));
            if !said.is_empty() && facts.len() < 4 && !facts.contains(&fact) {
                facts.push(fact);
            }
        }
        Ok(facts)
    }

    /// What is written so far goes out.
    pub(crate) fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }

    pub(crate) fn finish(mut self) -> Result<()> {
        if self.format == ScreenFormat::Json {
            self.out.write_all(b"\n]\n")?;
        }
        self.out.flush()?;
        Ok(())
    }
}

/// A line of CSV. Columns are only ever added, and at the end.
#[derive(Clone, Default)]
struct CsvLine<'a> {
    query: &'a str,
    id: &'a str,
    caption: &'a str,
    schema: &'a str,
    datasets: String,
    score: String,
    is_match: &'a str,
    error: &'a str,
    truncated: &'a str,
    ignored: &'a str,
    gaps: &'a str,
}

impl CsvLine<'_> {
    /// The cells in the order of the columns. `starter` stands only in answers of the starter list.
    fn cells<'b>(&'b self, starter: Option<&'b str>) -> impl Iterator<Item = &'b str> {
        let CsvLine { query, id, caption, schema, datasets, score, is_match, error, truncated, ignored, gaps } = self;
        [query, id, caption, schema, datasets.as_str(), score.as_str(), is_match, error, truncated]
            .into_iter()
            .chain(starter)
            .chain([*ignored, *gaps])
    }
}

impl CsvLine<'static> {
    /// The line that names the columns.
    fn header() -> CsvLine<'static> {
        CsvLine {
            query: "query",
            id: "id",
            caption: "caption",
            schema: "schema",
            datasets: "datasets".to_owned(),
            score: "score".to_owned(),
            is_match: "match",
            error: "error",
            truncated: "truncated",
            ignored: "ignored",
            gaps: "gaps",
        }
    }
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe before it (CWE-1236).
fn defused(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}").into() } else { cell.into() }
}
