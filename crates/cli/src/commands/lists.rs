//! `interdict lists`: what lists there are, what changed, whether they are whole.

use std::path::Path;

use anyhow::Result;
use interdict_catalog::state::ListState;
use interdict_catalog::{ListReport, store};
use interdict_model::ListId;
use interdict_snapshot::diff::{Change, ChangeKind, diff};
use interdict_snapshot::{ListMeta, Snapshot};
use serde_json::json;

use super::Outcome;
use crate::args::{ListsCommand, TableFormat};
use crate::context::Context;
use crate::diagnose::{hint, hinted};
use crate::output::{paint, plain, print_json, stdout};

pub(crate) fn run(context: &Context, command: &ListsCommand) -> Result<Outcome> {
    match command {
        ListsCommand::Update(args) => super::update::run(context, args),
        ListsCommand::Status { format, snapshot } => status(context, *format, snapshot.snapshot.as_deref()),
        ListsCommand::Diff { old, new, format } => compare(context, old, new, *format),
        ListsCommand::Show { id, refused, format } => show(context, id, *refused, *format),
        ListsCommand::Verify { snapshot } => verify(context, snapshot.snapshot.as_deref()),
    }
}

/// The lists of a snapshot; with their account where it was built here, and what updates noted of them.
fn status(context: &Context, format: TableFormat, named: Option<&Path>) -> Result<Outcome> {
    let opened = context.open_snapshot(named)?;
    let snapshot = &opened.snapshot;
    let report = store::report(snapshot.path()).ok();
    let account = |id: &str| report.as_ref().and_then(|report| report.lists.iter().find(|list| list.id.as_str() == id));
    // What updates noted belongs to the snapshot that serves, not to one that was named.
    let noted = |list: &ListMeta| match named {
        None if !snapshot.meta().starter => Noted::read(context, &list.id),
        _ => Noted::default(),
    };
    if format == TableFormat::Json {
        let lists = snapshot.meta().lists.iter().map(|list| list_json(list, account(list.id.as_str()), &noted(list)));
        let lists: Vec<_> = lists.collect();
        print_json(&json!({"snapshot": snapshot.id(), "starter": snapshot.meta().starter, "lists": lists}))?;
        return Ok(Outcome::Clear);
    }
    let meta = snapshot.meta();
    let mut text = format!(
        "snapshot {}: {} parties, {} names, {} entities{}\n",
        paint(context.paint.strong, snapshot.id()),
        meta.n_parties,
        meta.n_names,
        meta.n_entities,
        if meta.starter { "; the starter list, which clears nobody" } else { "" }
    );
    for list in &meta.lists {
        let counts = account(list.id.as_str()).map(|account| {
            format!("  {} records = {} loaded + {} refused", account.records, account.loaded, account.refused.len())
        });
        let noted = noted(list);
        let age = noted.state.good.as_ref().map(|good| format!("  fetched {}", ago(&good.fetched_at)));
        let checked = noted.state.checked_at.as_ref().map(|time| format!(", checked {}", ago(time)));
        text.extend([
            &format!("  {:<20} {:<24}", plain(list.id.as_str()), plain(&list.version)),
            counts.as_deref().unwrap_or_default(),
            age.as_deref().unwrap_or_default(),
            checked.as_deref().unwrap_or_default(),
            "\n",
        ]);
        let partial = list.partial.as_ref().map(|why| format!("partial: {why}"));
        let missing = list.missing.as_ref().map(|why| format!("missing {why}"));
        let stale = list.stale.as_ref().map(|why| format!("stale {why}"));
        let accepted = noted.state.accepted.as_ref().map(|accepted| {
            let who = accepted.who.as_ref().map(|who| format!(" by {who}")).unwrap_or_default();
            format!(
                "shrinkage from {} to {} parties was accepted {}{who}: {}",
                accepted.old.parties, accepted.new.parties, accepted.time, accepted.reason
            )
        });
        for (style, said) in [
            (context.paint.bad, missing),
            (context.paint.high, stale),
            (context.paint.high, partial),
            (context.paint.faint, accepted),
        ] {
            text.extend(said.map(|said| format!("    {}\n", paint(style, plain(&said)))));
        }
    }
    stdout(text.as_bytes())?;
    Ok(Outcome::Clear)
}

/// What updates noted of a list, and why that cannot be read.
#[derive(Default)]
struct Noted {
    state: ListState,
    unreadable: Option<String>,
}

impl Noted {
    fn read(context: &Context, list: &ListId) -> Noted {
        match ListState::read(&context.data_dir, list) {
            Ok(state) => Noted { state, unreadable: None },
            Err(error) => {
                let said = format!("{:#}", anyhow::Error::new(error));
                eprintln!("warning: what updates noted of list `{list}` cannot be read: {}", plain(&said));
                Noted { state: ListState::default(), unreadable: Some(said) }
            }
        }
    }
}

/// A list's account, in the form of `--report`, with what updates noted of it.
fn list_json(list: &ListMeta, account: Option<&ListReport>, noted: &Noted) -> serde_json::Value {
    let mut json = account.map_or_else(
        || json!({"id": list.id, "version": list.version, "files": [], "records": 0, "loaded": 0, "refused": [], "entities": 0, "names": 0}),
        |account| json!(account),
    );
    if let Some(members) = json.as_object_mut() {
        let fetched_at = noted.state.good.as_ref().map(|good| &good.fetched_at);
        for (name, value) in [
            ("title", json!(list.title)),
            ("stale", json!(list.stale)),
            ("missing", json!(list.missing)),
            ("fetched_at", json!(fetched_at)),
            ("checked_at", json!(noted.state.checked_at)),
            ("accepted", json!(noted.state.accepted)),
            ("state_error", json!(noted.unreadable)),
        ] {
            if !value.is_null() {
                members.insert(name.to_owned(), value);
            }
        }
    }
    json
}

/// How long ago a time was, roughly; the time itself where it cannot be read.
fn ago(time: &str) -> String {
    let Ok(then) = time.parse::<jiff::Timestamp>() else { return plain(time) };
    let minutes = (jiff::Timestamp::now().as_second() - then.as_second()).max(0) / 60;
    match minutes {
        0 => "just now".to_owned(),
        1..=119 => format!("{minutes} min ago"),
        120..=2879 => format!("{} hours ago", minutes / 60),
        _ => format!("{} days ago", minutes / 1440),
    }
}

/// One list's account, from the snapshot that was installed.
fn show(context: &Context, id: &str, refused: bool, format: TableFormat) -> Result<Outcome> {
    let Some(path) = context.current_snapshot()? else {
        return Err(hinted("no lists are installed yet", "`interdict lists update` fetches them"));
    };
    let report = store::report(&path).map_err(|error| {
        hint(error, "`interdict lists update` and `interdict build --install` write the account with the snapshot")
    })?;
    let Some(list) = report.lists.iter().find(|list| list.id.as_str() == id) else {
        let known: Vec<&str> = report.lists.iter().map(|list| list.id.as_str()).collect();
        return Err(hinted(format!("there is no list `{id}`"), format!("there are {}", known.join(", "))));
    };
    if format == TableFormat::Json {
        print_json(&if refused { json!(list.refused) } else { json!(list) })?;
        return Ok(Outcome::Clear);
    }
    stdout(describe(list, refused).as_bytes())?;
    Ok(Outcome::Clear)
}

fn describe(list: &ListReport, refused: bool) -> String {
    let mut lines = Vec::new();
    if !refused {
        lines.push(format!("{}  {}  version {}", list.id, list.format, list.version));
        lines.push(format!("  {} records = {} loaded + {} refused", list.records, list.loaded, list.refused.len()));
        lines.push(format!("  {} entities, {} names, {:.2} s", list.entities, list.names, list.seconds));
        lines.extend(list.partial.iter().map(|why| format!("  partial: {why}")));
        lines.extend(list.files.iter().map(|file| format!("  {}  sha256 {}", file.path.display(), file.sha256)));
        lines.extend(list.sub_lists.iter().map(|(name, n)| format!("  {name}: {n} records")));
        lines.extend(list.warnings.iter().map(|odd| format!("  warning {}:{}: {}", odd.file, odd.line, odd.reason)));
    }
    lines.extend(list.refused.iter().map(|odd| format!("  refused {}:{}: {}", odd.file, odd.line, odd.reason)));
    if lines.is_empty() {
        lines.push("  nothing was refused".to_owned());
    }
    lines.iter().map(|line| plain(line)).collect::<Vec<_>>().join("\n") + "\n"
}

fn verify(context: &Context, named: Option<&Path>) -> Result<Outcome> {
    let opened = context.open_snapshot(named)?;
    opened.snapshot.verify()?;
    let mib = opened.snapshot.size() as f64 / f64::from(1 << 20);
    stdout(format!("snapshot {}: every hash holds, {mib:.1} MiB\n", opened.snapshot.id()).as_bytes())?;
    Ok(Outcome::Clear)
}

fn compare(context: &Context, old: &Path, new: &Path, format: TableFormat) -> Result<Outcome> {
    let (old, new) = (Snapshot::open(old)?, Snapshot::open(new)?);
    let changes = diff(&old, &new)?;
    if format == TableFormat::Json {
        print_json(
            &json!({"old": old.id(), "new": new.id(), "changes": changes.iter().map(change_json).collect::<Vec<_>>()}),
        )?;
    } else {
        let mut text = String::new();
        for change in &changes {
            text.push_str(&change_lines(context, change));
        }
        let count = |wanted: fn(&ChangeKind) -> bool| changes.iter().filter(|change| wanted(&change.kind)).count();
        let added = count(|kind| *kind == ChangeKind::Added);
        let removed = count(|kind| *kind == ChangeKind::Removed);
        let changed = changes.len() - added - removed;
        text.extend([format!("{added} added, {changed} changed, {removed} removed\n")]);
        stdout(text.as_bytes())?;
    }
    Ok(if changes.is_empty() { Outcome::Clear } else { Outcome::Found })
}

fn change_json(change: &Change) -> serde_json::Value {
    let (kind, properties) = match &change.kind {
        ChangeKind::Added => ("added", Vec::new()),
        ChangeKind::Removed => ("removed", Vec::new()),
        ChangeKind::Changed(properties) => ("changed", properties.clone()),
    };
    let properties: Vec<_> = properties
        .iter()
        .map(|change| json!({"property": change.property, "added": change.added, "removed": change.removed}))
        .collect();
    json!({"id": change.id, "caption": change.caption, "schema": change.schema, "datasets": change.datasets, "change": kind,
        "properties": properties})
}

fn change_lines(context: &Context, change: &Change) -> String {
    let paints = context.paint;
    let mark = match &change.kind {
        ChangeKind::Added => paint(paints.good, "+"),
        ChangeKind::Removed => paint(paints.bad, "-"),
        ChangeKind::Changed(_) => paint(paints.high, "~"),
    };
    let head = format!("{}  {} · {}", plain(&change.caption), change.schema, plain(&change.id));
    let mut text = format!("{mark} {head}\n");
    if let ChangeKind::Changed(properties) = &change.kind {
        for property in properties {
            let signed = |sign: &str, values: &[String]| {
                values
                    .iter()
                    .map(|value| format!("    {} {sign} {}\n", property.property, plain(value)))
                    .collect::<Vec<_>>()
            };
            text.extend(signed("-", &property.removed));
            text.extend(signed("+", &property.added));
        }
    }
    text
}
