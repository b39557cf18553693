//! `interdict compare`: one pair for people, or many from a file.

use std::io::Write as _;

use anyhow::{Result, anyhow};
use interdict_batch::number::shortest;
use interdict_batch::{Bom, Given, Lines, PartyBuilder, parse_schema, party_of_json};
use interdict_match::{Explanation, Query, Scratch, alone, explain_pair};
use interdict_model::{Entity, Schema};
use interdict_snapshot::EntityOrd;
use serde_json::{Value as Json, json};

use super::Outcome;
use super::screen::open_input;
use crate::args::CompareArgs;
use crate::context::Context;
use crate::diagnose::hinted;
use crate::output::{WholeLines, end_whole_on_interrupt, paint, plain, stdout, tell_line};

pub(crate) fn run(context: &Context, args: &CompareArgs) -> Result<Outcome> {
    check_threshold(args.threshold)?;
    let schema = schema_of(&args.schema)?;
    match (&args.one, &args.other, &args.input) {
        (Some(one), Some(other), None) => compare_names(context, args, schema, one, other),
        (_, _, Some(input)) => compare_file(context, args, schema, input),
        _ => Err(hinted("two names are needed, or --input FILE", "interdict compare \"NAME\" \"OTHER NAME\"")),
    }
}

/// Refuses what is no score.
pub(crate) fn check_threshold(threshold: f32) -> Result<()> {
    if (0.0..=1.0).contains(&threshold) {
        return Ok(());
    }
    Err(hinted(format!("the threshold {threshold} is not a score"), "scores go from 0 to 1"))
}

/// The schema of that name, or an error that says what to write.
pub(crate) fn schema_of(name: &str) -> Result<Schema> {
    parse_schema(name).ok_or_else(|| {
        hinted(
            format!("{name:?} is not a schema of FollowTheMoney"),
            "common ones are Thing, LegalEntity, Person, Organization, Company, Vessel, Airplane",
        )
    })
}

fn compare_names(context: &Context, args: &CompareArgs, schema: Schema, one: &str, other: &str) -> Result<Outcome> {
    let party = |id: &str, name: &str| {
        let mut party = PartyBuilder::new(id, schema);
        party
            .add("name", name)
            .and_then(|()| party.finish())
            .map(|party| party.entity)
            .map_err(|reason| anyhow!("{name:?}: {reason}"))
    };
    let (query, candidate) = (party("query", one)?, party("candidate", other)?);
    let (score, mut why) = score_and_reasons(&query, &candidate)?;
    let style = if score >= args.threshold { context.paint.high } else { context.paint.faint };
    let mut text = format!("{}  {} ~ {}\n", paint(style, format!("{score:.3}")), plain(one), plain(other));
    // What was typed has no record to cite.
    if let Some(name) = &mut why.name {
        name.origin = None;
    }
    why.fields.iter_mut().for_each(|field| field.origin = None);
    for line in why.lines() {
        text.extend(["       ", &plain(&line), "\n"]);
    }
    stdout(text.as_bytes())?;
    Ok(if score >= args.threshold { Outcome::Found } else { Outcome::Clear })
}

/// The score of a pair and why, or why not.
fn score_and_reasons(query: &Entity, candidate: &Entity) -> Result<(f32, Explanation)> {
    let snapshot = alone(candidate)?;
    let why = explain_pair(&Query::of(query), &snapshot, EntityOrd(0), &mut Scratch::new())?;
    Ok((why.score, why))
}

fn compare_file(context: &Context, args: &CompareArgs, schema: Schema, input: &std::path::Path) -> Result<Outcome> {
    let (reader, name) = open_input(input)?;
    end_whole_on_interrupt()?;
    let mut lines = Lines::new(Bom::new(reader), &name);
    let mut out = WholeLines::default();
    let (mut found, mut n_errors, mut n) = (false, 0u64, 0u64);
    while let Some((number, line)) = lines.next_line()? {
        if line.as_ref().is_ok_and(|line| line.iter().all(u8::is_ascii_whitespace)) {
            continue;
        }
        n += 1;
        let (id, pair) = match line {
            Ok(line) => parse_pair(&line, schema, number),
            Err(reason) => (json!(format!("line-{number}")), Err(reason)),
        };
        let answer = pair.and_then(|(query, candidate)| {
            if args.explain {
                let (score, why) = score_and_reasons(&query, &candidate).map_err(|error| error.to_string())?;
                return Ok((score, Some(why)));
            }
            interdict_match::compare(&query, &candidate).map(|score| (score, None)).map_err(|error| error.to_string())
        });
        let json = match answer {
            Ok((score, why)) => {
                found |= score >= args.threshold;
                let mut json = json!({"id": id, "score": shortest(&score)});
                if let (true, Some(members)) = (args.explain, json.as_object_mut()) {
                    members.insert("explanation".to_owned(), shortest(&why));
                }
                json
            }
            Err(reason) => {
                n_errors += 1;
                tell_line(format_args!("error: {name}:{number}: {reason}"));
                json!({"id": id, "error": {"line": number, "reason": reason}})
            }
        };
        writeln!(out, "{json}")?;
        out.end_line()?;
    }
    out.flush()?;
    if !context.quiet && n_errors > 0 {
        tell_line(format_args!("{n} pairs, {n_errors} of them could not be compared"));
    }
    Ok(match (n_errors, found) {
        (1.., _) => Outcome::Partial,
        (0, true) => Outcome::Found,
        (0, false) => Outcome::Clear,
    })
}

/// Id and pair of a line; the id is its number where it says none.
fn parse_pair(line: &[u8], schema: Schema, number: u64) -> (Json, Result<(Entity, Entity), String>) {
    let parsed: Result<Json, _> = serde_json::from_slice(line);
    let json = match parsed {
        Ok(json) => json,
        Err(error) => return (json!(format!("line-{number}")), Err(format!("not JSON: {error}"))),
    };
    let id = json.get("id").cloned().unwrap_or_else(|| json!(format!("line-{number}")));
    // What a pair says beyond what is compared does not matter here.
    let (mut unknown, mut ignored) = (std::collections::BTreeSet::new(), Vec::new());
    let mut party = |member: &str| {
        let given =
            json.get(member).and_then(Json::as_object).ok_or_else(|| format!("{member}: expected an object"))?;
        let given = Given { schema: given.get("schema"), properties: given.get("properties") };
        party_of_json(member, given, schema, &mut unknown, &mut ignored)
            .map(|party| party.entity)
            .map_err(|reason| format!("{member}: {reason}"))
    };
    let pair = party("query").and_then(|query| Ok((query, party("candidate")?)));
    (id, pair)
}
