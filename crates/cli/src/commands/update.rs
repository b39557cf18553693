//! `interdict lists update`: lists from their publishers to a new snapshot, with a bar a list and an account at the end.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::time::Duration;

use anyhow::{Context as _, Result};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use interdict_catalog::update::{Acceptance, Installed, Status};
use interdict_catalog::{
    Event, FetchOptions, ListUpdate, Manifest, ManifestSource, Progress, ProxyChoice, Secret, UpdateError,
    UpdateOptions, UpdateReport, What, update,
};
use interdict_model::ListId;
use serde_json::json;

use super::Outcome;
use crate::args::{TableFormat, UpdateArgs};
use crate::context::{Context, FetchConfig};
use crate::diagnose::{hint, hinted};
use crate::output::{paint, plain, print_json, stdout, tell_line};

pub(crate) fn run(context: &Context, args: &UpdateArgs) -> Result<Outcome> {
    let options = options(context, args)?;
    let source = ManifestSource::of(args.manifest.as_deref());
    let manifest = source.read(&options, &context.data_dir).map_err(told)?;
    context.tell_manifest(&manifest);
    let mut shown = Shown::new(context, &options);
    let result = update(&options, &manifest, &context.data_dir, &mut |event| shown.hear(&event));
    shown.finish();
    let report = result.map_err(told)?;
    // A list that the manifest names no more leaves with all its parties: nobody must learn that from a missed hit.
    for gone in &report.gone {
        tell_line(format_args!("warning: list `{gone}` is not in this manifest any more, and is asked no more"));
    }
    match args.format {
        TableFormat::Json => print_json(&json(&report))?,
        TableFormat::Table => stdout(table(context, &options, &report).as_bytes())?,
    }
    if report.installed == Installed::Nothing {
        return Err(hinted(
            "no list could be had, and nothing was installed",
            "the reasons stand above; behind a proxy set [fetch] proxy and ca_file, or give --mirror URL",
        ));
    }
    let bad = report.lists.iter().any(|list| options.asks(&list.id) && !is_well(&list.status));
    Ok(if bad { Outcome::Partial } else { Outcome::Clear })
}

impl Context {
    /// Tells what people should know of a manifest.
    pub(crate) fn tell_manifest(&self, manifest: &Manifest) {
        if !manifest.unknown.is_empty() {
            self.note(&format!("the manifest has keys that were not understood: {}", manifest.unknown.join(", ")));
        }
        for said in &manifest.notes {
            self.note(said);
        }
    }
}

/// How files are asked for, by what is configured, and the mirror that is asked instead of the publishers.
pub(crate) fn fetching(
    config: &FetchConfig,
    typed_timeout_s: Option<u64>,
    typed_mirror: Option<String>,
) -> (FetchOptions, Option<String>) {
    let proxy = match config.proxy.as_deref() {
        None | Some("") => ProxyChoice::Environment,
        Some("none") => ProxyChoice::Direct,
        Some(url) => ProxyChoice::Url(url.to_owned()),
    };
    let mut fetch = FetchOptions { proxy, ca_file: config.ca_file.clone(), ..FetchOptions::default() };
    if let Some(seconds) = typed_timeout_s.or(config.timeout_s) {
        fetch.read_timeout = Duration::from_secs(seconds.max(1));
        fetch.connect_timeout = fetch.connect_timeout.min(fetch.read_timeout);
    }
    fetch.retries = config.retries.unwrap_or(fetch.retries);
    if let Some(agent) = &config.user_agent {
        fetch.user_agent.clone_from(agent);
    }
    let mirror = typed_mirror.or_else(|| config.mirror.clone());
    if mirror.is_some() {
        fetch.bearer = config.mirror_token.as_ref().map(|token| Secret::new(token.0.clone()));
    }
    (fetch, mirror)
}

/// What was typed goes before what is configured.
fn options(context: &Context, args: &UpdateArgs) -> Result<UpdateOptions> {
    let (fetch, mirror) = fetching(&context.config.fetch, args.list_timeout, args.mirror.clone());
    let accept = match (&args.reason, args.accept_shrink.is_empty()) {
        (Some(reason), _) if reason.trim().is_empty() => {
            return Err(hinted(
                "the reason is empty",
                "say why it is right that the list shrank: it is kept for auditors",
            ));
        }
        (Some(reason), false) => {
            Some(Acceptance { lists: ids(&args.accept_shrink)?, reason: reason.trim().to_owned(), who: user() })
        }
        _ => None,
    };
    Ok(UpdateOptions { fetch, mirror, only: ids(&args.only)?, accept, now: now(), ..UpdateOptions::default() })
}

fn ids(names: &[String]) -> Result<Vec<ListId>> {
    names.iter().map(|name| ListId::new(name).context("a list is named wrongly")).collect()
}

/// The user's name, as the system's environment tells it.
fn user() -> Option<String> {
    ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok().filter(|user| !user.is_empty()))
}

pub(crate) fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn told(error: UpdateError) -> anyhow::Error {
    let said = match &error {
        UpdateError::Manifest(_) => return anyhow::Error::new(error),
        UpdateError::Lock(_) => "wait for it to end; a lock left by a crash hinders nobody",
        UpdateError::Io { .. } | UpdateError::State(_) | UpdateError::Store(_) => {
            "the snapshot that served goes on serving; check space and rights of the data folder, or give another with --data-dir"
        }
        UpdateError::Fetch(_) => "check section [fetch] of the configuration and the INTERDICT_FETCH__… variables",
        _ => "the snapshot that served goes on serving",
    };
    hint(error, said)
}

fn is_well(status: &Status) -> bool {
    matches!(status, Status::Fresh | Status::Kept)
}

/// What people see while it runs: a bar a list on a terminal, else a line a list.
struct Shown<'a> {
    context: &'a Context,
    options: &'a UpdateOptions,
    bars: Option<MultiProgress>,
    lists: BTreeMap<ListId, (ProgressBar, u64)>,
}

impl<'a> Shown<'a> {
    fn new(context: &'a Context, options: &'a UpdateOptions) -> Shown<'a> {
        let on = !context.quiet && std::io::stderr().is_terminal();
        Shown { context, options, bars: on.then(MultiProgress::new), lists: BTreeMap::new() }
    }

    fn hear(&mut self, event: &Event) {
        // Of lists that were left out the account tells.
        if !self.options.asks(&event.list) {
            return;
        }
        let bars = &self.bars;
        let (bar, n_bytes) =
            self.lists.entry(event.list.clone()).or_insert_with(|| (bar(bars.as_ref(), &event.list), 0));
        match &event.what {
            What::Fetching { file, progress: Progress::Started { resumed, total } } => {
                bar.set_position(*resumed);
                bar.set_length(total.unwrap_or_default());
                bar.set_message(plain(file));
            }
            What::Fetching { progress: Progress::Received { bytes }, .. } => {
                bar.inc(*bytes);
                *n_bytes += bytes;
            }
            What::Fetching { progress: Progress::Retrying { pause, reason }, .. } => {
                let said = format!("trying again in {:.1} s: {}", pause.as_secs_f64(), plain(reason));
                if bars.is_some() {
                    bar.set_message(said);
                } else {
                    self.context.say(&format!("{}: {said}", event.list));
                }
            }
            What::Reading => bar.set_message("reading"),
            What::Warning { said } => {
                let said = format!("warning: list `{}`: {}", event.list, plain(said));
                match bars {
                    // Best effort: the reason stands in the account too, where the list is not fresh.
                    Some(bars) => drop(bars.println(said)),
                    None => eprintln!("{said}"),
                }
            }
            What::Done(status) => {
                let said = describe(status);
                let size =
                    if *n_bytes == 0 { String::new() } else { format!(", {:.1} MB came", *n_bytes as f64 / 1e6) };
                if bars.is_some() {
                    bar.finish_with_message(said);
                } else {
                    self.context.say(&format!("{}: {said}{size}", event.list));
                }
            }
        }
    }

    fn finish(&self) {
        if let Some(bars) = &self.bars {
            // Best effort: the account follows.
            drop(bars.clear());
        }
    }
}

fn bar(bars: Option<&MultiProgress>, list: &ListId) -> ProgressBar {
    let Some(bars) = bars else { return ProgressBar::hidden() };
    let bar = bars.add(ProgressBar::new(0));
    if let Ok(style) =
        ProgressStyle::with_template("{prefix:>20} [{bar:20}] {bytes:>10} {bytes_per_sec:>12}  {wide_msg}")
    {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_prefix(list.to_string());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn describe(status: &Status) -> String {
    match status {
        Status::Fresh => "fresh".to_owned(),
        Status::Kept => "kept".to_owned(),
        Status::Stale(trouble) => format!("stale since {}: {}", trouble.since, plain(&trouble.reason)),
        Status::Missing(trouble) => format!("missing since {}: {}", trouble.since, plain(&trouble.reason)),
    }
}

fn word(status: &Status) -> &'static str {
    match status {
        Status::Fresh => "fresh",
        Status::Kept => "kept",
        Status::Stale(_) => "stale",
        Status::Missing(_) => "missing",
    }
}

fn table(context: &Context, options: &UpdateOptions, report: &UpdateReport) -> String {
    let paints = context.paint;
    let mut text =
        format!("{:<20} {:<8} {:<24} {:>9} {:>8} {:>8}\n", "list", "state", "version", "parties", "added", "removed");
    for list in &report.lists {
        let style = match list.status {
            Status::Fresh | Status::Kept => paints.good,
            Status::Stale(_) => paints.high,
            Status::Missing(_) => paints.bad,
        };
        let number = |n: Option<u64>| n.map_or_else(|| "–".to_owned(), |n| n.to_string());
        let version = plain(list.version.as_deref().unwrap_or("–"));
        let row = format!(
            "{:<20} {} {version:<24} {:>9} {:>8} {:>8}\n",
            list.id,
            paint(style, format!("{:<8}", word(&list.status))),
            number(list.parties),
            number(list.added),
            number(list.removed)
        );
        text.push_str(&row);
    }
    for list in report.lists.iter().filter(|list| options.asks(&list.id) && !is_well(&list.status)) {
        text.extend([format!("{} is {}\n", list.id, describe(&list.status))]);
    }
    for (list, said) in report.lists.iter().flat_map(|list| list.notes.iter().map(move |said| (list, said))) {
        text.extend([format!("{}: {}\n", list.id, plain(said))]);
    }
    let outcome = match &report.installed {
        Installed::New(path) => {
            format!("\n{} serves from now on. Next: `interdict screen --input customers.csv`\n", path.display())
        }
        Installed::Same(path) => format!("\nnothing changed; {} goes on serving\n", path.display()),
        Installed::Nothing => String::new(),
    };
    text + &outcome
}

fn json(report: &UpdateReport) -> serde_json::Value {
    let list = |list: &ListUpdate| {
        let trouble = match &list.status {
            Status::Stale(trouble) | Status::Missing(trouble) => Some(trouble),
            Status::Fresh | Status::Kept => None,
        };
        json!({
            "id": list.id,
            "status": word(&list.status),
            "reason": trouble.map(|trouble| &trouble.reason),
            "since": trouble.map(|trouble| &trouble.since),
            "changed": list.changed,
            "version": list.version,
            "parties": list.parties,
            "added": list.added,
            "removed": list.removed,
            "notes": list.notes,
        })
    };
    let (installed, snapshot) = match &report.installed {
        Installed::New(path) => (true, Some(path)),
        Installed::Same(path) => (false, Some(path)),
        Installed::Nothing => (false, None),
    };
    json!({"installed": installed, "snapshot": snapshot, "lists": report.lists.iter().map(list).collect::<Vec<_>>()})
}
