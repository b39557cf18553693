//! `interdict build`: list files in, one snapshot out.

use std::path::Path;

use anyhow::{Context as _, Result};
use interdict_catalog::lock::Lock;
use interdict_catalog::{BuildFault, ListReport, Manifest};
use interdict_snapshot::write_atomically;

use super::Outcome;
use crate::args::BuildArgs;
use crate::context::Context;
use crate::diagnose::{hint, hinted};
use crate::output::tell_line;

pub(crate) fn run(context: &Context, args: &BuildArgs) -> Result<Outcome> {
    let manifest = manifest(context, args)?;
    if manifest.datasets.is_empty() {
        return Err(hinted(
            "there is no list to build from",
            "name lists in the manifest, or with --list ID=FORMAT:PATH",
        ));
    }
    if let Some(remote) = manifest.datasets.iter().find(|dataset| dataset.paths.is_empty()) {
        return Err(hinted(
            format!("list `{}` has only an address, and `build` fetches nothing", remote.id),
            "fetch its files, and name them under `path:` or `files:`",
        ));
    }
    // An update that runs meanwhile would make its own snapshot current, or this one be taken for its predecessor.
    let _lock = if args.install { Some(lock(context)?) } else { None };
    let start = std::time::Instant::now();
    let built = interdict_catalog::build(&manifest.datasets, |list| context.tell_list(list));
    let built = built.map_err(|fault| told(fault, args.out.as_deref()))?;
    let mut written = Vec::new();
    if let Some(out) = &args.out {
        write_atomically(out, &built.built.bytes)?;
        written.push(out.display().to_string());
    }
    if args.install {
        let path = interdict_catalog::store::install(&context.data_dir, &built)?;
        written.push(format!("{} (current from now on)", path.display()));
    }
    if let Some(path) = &args.report {
        let json = serde_json::to_string_pretty(&built.report)?;
        write_atomically(path, format!("{json}\n").as_bytes())?;
    }
    for conflict in &built.report.conflicts {
        context.note(conflict);
    }
    let meta = &built.built.meta;
    context.say(&format!(
        "{}: {} parties, {} names, {} entities in all, {} lists, {:.1} MB, {:.1} s",
        written.join(" and "),
        meta.n_parties,
        meta.n_names,
        meta.n_entities,
        meta.lists.len(),
        built.built.bytes.len() as f64 / 1e6,
        start.elapsed().as_secs_f64()
    ));
    Ok(Outcome::Clear)
}

/// The lists of the manifest and those given as arguments; arguments add to the manifest.
fn manifest(context: &Context, args: &BuildArgs) -> Result<Manifest> {
    let mut manifest = match &args.manifest {
        Some(path) => Manifest::read(path).context("the manifest cannot be used")?,
        None => Manifest::default(),
    };
    context.tell_manifest(&manifest);
    for catalog in &manifest.catalogs {
        let location = &catalog.location;
        context.note(&format!("catalog {location} is not read by `build`, which asks nobody; `lists update` reads it"));
    }
    manifest.datasets.extend(Manifest::of_arguments(&args.list)?.datasets);
    Ok(manifest)
}

/// The right to change the data folder while a snapshot is built and installed.
fn lock(context: &Context) -> Result<Lock> {
    let folder = &context.data_dir;
    std::fs::create_dir_all(folder).with_context(|| format!("{}: cannot be made", folder.display()))?;
    Lock::take(folder).map_err(|error| hint(error, "wait for it to end; a lock left by a crash hinders nobody"))
}

/// A list that cannot be used, with what that means.
fn told(fault: BuildFault, out: Option<&Path>) -> anyhow::Error {
    let kept = out.filter(|out| out.exists()).map(|out| format!("; {} stays as it was", out.display()));
    anyhow::Error::new(fault).context(format!("no snapshot was written{}", kept.unwrap_or_default()))
}

impl Context {
    /// Tells of a list that was read: counts, refused records, oddities.
    pub(crate) fn tell_list(&self, list: &ListReport) {
        self.say(&format!(
            "{:<20} {:>8} records = {} loaded + {} refused; {} entities, {} names, version {}, {:.2} s{}",
            list.id,
            list.records,
            list.loaded,
            list.refused.len(),
            list.entities,
            list.names,
            list.version,
            list.seconds,
            list.partial.as_ref().map(|why| format!("; partial: {why}")).unwrap_or_default()
        ));
        for refused in &list.refused {
            self.say(&format!("  refused {}:{}: {}", refused.file, refused.line, refused.reason));
        }
        const SHOWN: usize = 5;
        for warning in list.warnings.iter().take(SHOWN) {
            self.say(&format!("  warning {}:{}: {}", warning.file, warning.line, warning.reason));
        }
        if list.warnings.len() > SHOWN {
            self.say(&format!("  … and {} more warnings; --report FILE has them all", list.warnings.len() - SHOWN));
        }
        if !list.ignored_files.is_empty() {
            self.say(&format!("  ignored files: {}", list.ignored_files.join(", ")));
        }
    }

    /// Says something on stderr, unless asked to be quiet.
    pub(crate) fn say(&self, text: &str) {
        if !self.quiet {
            tell_line(text);
        }
    }
}
