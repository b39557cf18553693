//! `interdict serve`: the HTTP service.
//!
//! Idea: what was typed goes before the configuration, that before yente's variables, those before the defaults (`serve_settings`). The service
//! begins with the data folder's current snapshot, so that it answers within a second, and brings the lists up to date behind it
//! (`serve_schedule`).

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use interdict_catalog::update::Installed;
use interdict_catalog::{ManifestSource, UpdateOptions, update};
use interdict_server::app::App;
use interdict_server::catalogue::Catalogue;
use interdict_server::chain;
use interdict_server::engine::{Ended, Engine, Updated, Updater};
use interdict_server::jobs::{self, Jobs};
use interdict_server::pool::{Limits, Pool};
use interdict_server::serve::serve;
use interdict_server::view::View;
use interdict_snapshot::Snapshot;

use super::serve_schedule::{Schedule, options};
use super::serve_settings::{address, settings};
use super::update::now;
use super::{Outcome, observing, serve_check};
use crate::args::ServeArgs;
use crate::context::{Context, LogFormat};
use crate::diagnose::hint;
use crate::output::tell_line;
use crate::variables::{switch, variable, without_meaning};

pub(crate) fn run(context: &Context, args: &ServeArgs) -> Result<Outcome> {
    if !args.check {
        log(context.config.serve.log_format)?;
    }
    let settings = settings(context, args)?;
    let address = address(context, args, settings.access.is_open())?;
    let idle = without_meaning();
    if !idle.is_empty() {
        context.note(&format!("{}: set, and without a meaning here", idle.join(", ")));
    }
    let schedule = Schedule::of(context, args)?;
    let (first, updater, announced) = match &args.snapshot.snapshot {
        Some(path) => {
            let snapshot = Snapshot::open(path)?;
            let catalogue = Arc::new(Catalogue::of_meta(snapshot.meta()));
            (Some(View::new(snapshot, catalogue)), None, None)
        }
        None => of_manifest(context, args)?,
    };
    if args.check {
        return serve_check::run(context, address, &settings, first.as_ref(), updater.is_some());
    }
    let config = &context.config.serve;
    let mut limits = Limits::default();
    limits.n_threads = config.threads.unwrap_or(limits.n_threads).max(1);
    limits.max_wait = config.max_wait_ms.map_or(limits.max_wait, Duration::from_millis);
    let pool = Pool::start(limits).context("the threads that screen cannot be started")?;
    let engine = Engine::new(pool, first, updater).announcing(announced).observed(observing::observe(context)?);
    let engine = Arc::new(engine);
    let jobs = jobs_of(&jobs_folder(context), context)?;
    let speaks_tls = settings.tls.is_some();
    let app = App { jobs: jobs.clone(), ..App::new(Arc::clone(&engine), settings) };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .event_interval(LOOK_AFTER)
        .enable_all()
        .build()
        .context("the threads that read and write cannot be started")?;
    let fetches = engine.can_update() && !matches!(schedule, Schedule::Never);
    if fetches {
        runtime.spawn(keep_fresh(Arc::clone(&engine), schedule));
    }
    let at_work = jobs.as_ref().map(|jobs| jobs::start(jobs, &engine, runtime.handle().clone())).transpose();
    let at_work = at_work.context("the thread for jobs cannot be started")?;
    let scheme = if speaks_tls { "https" } else { "http" };
    let told = |address: SocketAddr| {
        let serves = engine.view().map_or_else(
            || if fetches { NO_LISTS_YET } else { NO_LISTS }.to_owned(),
            |view| format!("{} parties of {} lists", view.meta().n_parties, view.meta().lists.len()),
        );
        tell_line(format_args!("interdict serves {serves} on {scheme}://{address}"));
    };
    let served = runtime.block_on(serve(app, address, told, stopped()));
    if let (Some(jobs), Some(at_work)) = (jobs, at_work) {
        jobs.close();
        // The share that is screened ends; the job is taken up again at the next start.
        drop(at_work.join());
    }
    served?;
    // An update that runs is not waited for: what it leaves is taken up by the next.
    runtime.shutdown_background();
    Ok(Outcome::Clear)
}

/// What serves before the first lists are here.
const NO_LISTS_YET: &str = "no lists yet; they are being fetched";
const NO_LISTS: &str = "no lists; POST /updatez fetches them, as YENTE_AUTO_REINDEX is false";

/// A thread looks at its connections after so many tasks: a task may be a request that is screened in place, 0.1 ms and more, and what
/// came meanwhile must be counted, and refused at the door if need be, before it is late. tokio's own number is 61.
const LOOK_AFTER: u32 = 8;

/// Where bulk jobs are kept.
pub(super) fn jobs_folder(context: &Context) -> PathBuf {
    context.data_dir.join("jobs")
}

/// Bulk jobs; none where their folder is not there and cannot be made, which keeps nobody from screening.
fn jobs_of(folder: &Path, context: &Context) -> Result<Option<Arc<Jobs>>> {
    match Jobs::open(folder) {
        Ok(jobs) => Ok(Some(Arc::new(jobs))),
        Err(error) if !folder.exists() => {
            context.note(&format!("bulk jobs are refused, as there is no folder to keep them in: {error}"));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Says on stderr what happens; `INTERDICT_LOG` says how much.
fn log(format: LogFormat) -> Result<()> {
    let usual = if switch("YENTE_DEBUG", false)? { "debug" } else { "info" };
    let filter = tracing_subscriber::EnvFilter::try_from_env("INTERDICT_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(usual));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    std::panic::set_hook(Box::new(|panic| {
        // What a panic says may quote what was screened; where it happened tells enough.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let thread = std::thread::current();
        tracing::error!(place, thread = thread.name().unwrap_or("-"), "a thread panicked");
        tracing::debug!(said = panic.payload_as_str().unwrap_or("-"), "what the panic said");
    }));
    // A second service in one process, as tests start, goes on with the first one's log.
    let json = format == LogFormat::Json || switch("YENTE_LOG_JSON", false)?;
    drop(if json { lines.json().try_init() } else { lines.compact().try_init() });
    Ok(())
}

/// What a service of lists that are followed begins with: a view, if the data folder has one, what brings the lists up to date, and the
/// datasets, as far as they are known.
type Beginning = (Option<View>, Option<Updater>, Option<Arc<Catalogue>>);

/// The beginning that a manifest gives.
fn of_manifest(context: &Context, args: &ServeArgs) -> Result<Beginning> {
    let source = ManifestSource::of(args.manifest.as_deref());
    let data_dir = context.data_dir.clone();
    let kept = source.kept(&data_dir).context("the manifest cannot be used")?;
    if let Some(manifest) = &kept {
        context.tell_manifest(manifest);
    }
    if args.manifest.is_none() && variable("OPENSANCTIONS_DELIVERY_TOKEN").is_some() {
        context.note(
            "OPENSANCTIONS_DELIVERY_TOKEN is set and not used: the built-in manifest has the publishers' own lists; \
             a manifest names it as `auth_token: $OPENSANCTIONS_DELIVERY_TOKEN`",
        );
    }
    let manifest = kept.map(|manifest| manifest.with_kept_catalogs(&data_dir)).transpose();
    let manifest = manifest.context("a catalogue of the manifest cannot be used")?;
    let options = options(context, args)?;
    let updater: Updater = Box::new(move || {
        let options = UpdateOptions { now: now(), ..options.clone() };
        let manifest = source.read(&options, &data_dir).map_err(|error| chain(&error))?;
        let report = update(&options, &manifest, &data_dir, &mut |_| {}).map_err(|error| chain(&error))?;
        for list in &report.lists {
            for said in &list.notes {
                tell_line(format_args!("note: list `{}`: {said}", list.id));
            }
        }
        for gone in &report.gone {
            tell_line(format_args!("warning: list `{gone}` is not in the manifest any more, and is asked no more"));
        }
        let path = match report.installed {
            Installed::New(path) | Installed::Same(path) => path,
            Installed::Nothing => return Err("no list could be had".to_owned()),
        };
        let snapshot = Snapshot::open(&path).map_err(|error| chain(&error))?;
        Ok(Updated { snapshot, catalogue: Arc::new(Catalogue::of_manifest(&report.manifest)) })
    });
    let announced = manifest.as_ref().map(Catalogue::of_manifest).map(Arc::new);
    let current = context.current_snapshot()?;
    let first = match current.map(|path| Snapshot::open(&path)) {
        Some(Ok(snapshot)) => {
            // Where the manifest at an address was never had, the snapshot itself says which lists it holds.
            let catalogue = announced.clone().unwrap_or_else(|| Arc::new(Catalogue::of_meta(snapshot.meta())));
            Some(View::new(snapshot, catalogue))
        }
        // One that an older program made is made anew by the first update.
        Some(Err(error)) if args.check => {
            return Err(hint(error, "`interdict serve` makes it anew from the lists, and answers nothing until then"));
        }
        Some(Err(error)) => {
            context.note(&format!("the current snapshot cannot be used and is made anew: {}", chain(&error)));
            None
        }
        None => None,
    };
    Ok((first, Some(updater), announced))
}

/// Brings the lists up to date, at once and then again and again.
async fn keep_fresh(engine: Arc<Engine>, schedule: Schedule) {
    loop {
        let updating = Arc::clone(&engine);
        let ended = tokio::task::spawn_blocking(move || updating.update()).await;
        match ended {
            Ok(Ended::Failed(reason)) => {
                tell_line(format_args!("warning: the lists could not be brought up to date: {reason}"));
            }
            Ok(Ended::New) => tell_line(format_args!("note: a new snapshot serves")),
            _ => {}
        }
        let Some(pause) = schedule.pause() else { return };
        tokio::time::sleep(pause).await;
    }
}

/// Done when the process is told to stop.
async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminated) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
            drop(interrupted.await);
            return;
        };
        tokio::select! {
            _ = interrupted => {}
            _ = terminated.recv() => {}
        }
    }
    #[cfg(not(unix))]
    drop(interrupted.await);
}
