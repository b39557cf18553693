//! `interdict serve --check`: what would be served, and whether it is sound.
//!
//! Idea: whatever would keep the service from starting is an error here, with the same words; what it would start with but be degraded by
//! is told and makes the exit status 2. Nothing is listened on or fetched, and nothing written but a file without content in each folder that
//! must be written to, which is removed at once: bits of modes do not tell of a mount that is read-only, or of another user.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::Result;
use interdict_server::observe::otlp::Exporter;
use interdict_server::selftest;
use interdict_server::settings::Settings;
use interdict_server::view::View;

use super::serve::jobs_folder;
use super::{Outcome, observing};
use crate::context::{Context, LogDurability, LogText};
use crate::diagnose::hinted;
use crate::output::{paint, plain, stdout};

/// Says all of it.
pub(crate) fn run(
    context: &Context,
    address: SocketAddr,
    settings: &Settings,
    view: Option<&View>,
    is_updated: bool,
) -> Result<Outcome> {
    let mut said = Said { context, text: String::new(), is_well: true };
    let reached = if address.ip().is_loopback() { "this machine alone" } else { "other machines" };
    said.good(&format!("listens on {address}, reached from {reached}"));
    let updates = if settings.update_token.is_some() { "asked for its token" } else { "closed, as no token is set" };
    said.good(&format!(
        "bodies up to {} bytes, {} queries a batch; /updatez is {updates}",
        settings.max_body, settings.max_batch
    ));
    log_folder(&mut said)?;
    data_folder(&mut said, is_updated);
    if let Some(options) = observing::otlp(context)? {
        let url = options.url.clone();
        // Started and ended at once: that finds an address or a header that is none.
        drop(Exporter::start(options)?);
        said.good(&format!("traces go to {}", plain(&url)));
    }
    match view {
        Some(view) => snapshot(&mut said, view),
        None if is_updated => said.bad("there is no snapshot yet: nothing is answered until the lists are fetched"),
        None => said.bad("there is no snapshot"),
    }
    let Said { text, is_well, .. } = said;
    stdout(text.as_bytes())?;
    Ok(if is_well { Outcome::Clear } else { Outcome::Partial })
}

struct Said<'a> {
    context: &'a Context,
    text: String,
    is_well: bool,
}

impl Said<'_> {
    fn good(&mut self, what: &str) {
        self.text.extend([format!("{}  {what}\n", paint(self.context.paint.good, "ok "))]);
    }

    fn bad(&mut self, what: &str) {
        self.is_well = false;
        self.text.extend([format!("{}  {what}\n", paint(self.context.paint.bad, "bad"))]);
    }
}

/// Whether the screening log could be written; it is not begun for that.
fn log_folder(said: &mut Said<'_>) -> Result<()> {
    let Some(options) = observing::screening_log(said.context) else { return Ok(()) };
    let folder = options.folder.display().to_string();
    let config = &said.context.config.serve;
    let text = if config.screening_log_text == LogText::Hash { "hashes of queries" } else { "whole queries" };
    let durability = if config.screening_log_durability == LogDurability::Synced { "synced" } else { "written" };
    match std::fs::metadata(&options.folder) {
        Ok(found) if !found.is_dir() => {
            Err(hinted(format!("{folder} is no folder"), "`[serve] screening_log` names a folder"))
        }
        _ => {
            if let Err(error) = try_to_write(&options.folder) {
                let said = format!("{folder} cannot be written: {error}");
                return Err(hinted(said, "without its line in the screening log no answer leaves"));
            }
            said.good(&format!("screening log in {}: {text}, {durability} before the answer", plain(&folder)));
            Ok(())
        }
    }
}

/// Whether lists and jobs could be kept.
fn data_folder(said: &mut Said<'_>, is_updated: bool) {
    let data_dir = &said.context.data_dir;
    let jobs = jobs_folder(said.context);
    // Where the folder of jobs is there, the service starts only if it can be used.
    let folders = [(is_updated, data_dir.clone(), "no update can be kept"), (true, jobs, "bulk jobs cannot be kept")];
    for (_, folder, what) in folders.into_iter().filter(|(is_asked, ..)| *is_asked) {
        if let Err(error) = try_to_write(&folder) {
            said.bad(&format!("{what}: {} cannot be written: {error}", plain(&folder.display().to_string())));
        }
    }
}

/// Makes and removes a file in a folder, or, where it is yet to be made, in the nearest one above that is there.
fn try_to_write(folder: &Path) -> std::io::Result<()> {
    let there = folder.ancestors().find(|folder| folder.as_os_str().is_empty() || folder.exists());
    let there = there.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = there.join(format!(".interdict-check-{}", std::process::id()));
    std::fs::File::options().write(true).create_new(true).open(&file)?;
    std::fs::remove_file(&file)
}

fn snapshot(said: &mut Said<'_>, view: &View) {
    let meta = view.meta();
    let path = view.snapshot.path().display().to_string();
    said.good(&format!(
        "snapshot {} of {} bytes: {} parties of {} lists, from {}",
        view.snapshot.id(),
        view.snapshot.size(),
        meta.n_parties,
        meta.lists.len(),
        plain(&path)
    ));
    if meta.starter {
        said.bad("it is the starter list, which clears nobody");
    }
    for (list, n_entities) in meta.lists.iter().zip(view.counts()) {
        let head = format!("list {} {}: {n_entities} entities", list.id, plain(&list.version));
        let faults = [("missing", &list.missing), ("stale", &list.stale), ("partial", &list.partial)];
        match faults.into_iter().find_map(|(word, reason)| reason.as_ref().map(|reason| (word, reason))) {
            Some((word, reason)) => said.bad(&format!("{head}; {word}: {}", plain(reason))),
            None => said.good(&head),
        }
    }
    let waiting = view.catalogue.entries().iter().filter(|entry| entry.is_loaded);
    for entry in waiting.filter(|entry| !meta.lists.iter().any(|list| list.id == entry.id)) {
        said.bad(&format!("list {}: it was not loaded yet", entry.id));
    }
    let Some(report) = selftest::run(view, 1, &|| false) else { return };
    for failure in &report.failures {
        let list = failure.list.as_ref().map(|list| format!(" list {list}:")).unwrap_or_default();
        said.bad(&format!("self-test, {}:{list} {}", failure.check, failure.said));
    }
    if report.failures.is_empty() {
        said.good(&format!(
            "self-test: {} of {} entries found by their own name, {} of {} by an altered one; all hashes fit",
            report.n_exact_found, report.n_exact, report.n_altered_found, report.n_altered
        ));
    }
}
