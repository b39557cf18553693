//! `interdict serve`: the HTTP service.
//!
//! Idea: what was typed goes before the configuration, that before yente's variables, those before the defaults. The service begins with
//! the data folder's current snapshot, so that it answers within a second, and brings the lists up to date behind it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use interdict_catalog::update::Installed;
use interdict_catalog::{ManifestSource, ProxyChoice, UpdateOptions, update};
use interdict_server::app::App;
use interdict_server::catalogue::Catalogue;
use interdict_server::engine::{Ended, Engine, Updated, Updater};
use interdict_server::jobs::{self, Jobs};
use interdict_server::pool::{Limits, Pool};
use interdict_server::serve::serve;
use interdict_server::settings::{Secret, Settings};
use interdict_server::view::View;
use interdict_snapshot::Snapshot;

use super::Outcome;
use super::update::{fetching, now};
use crate::args::ServeArgs;
use crate::context::Context;
use crate::cron::Cron;
use crate::diagnose::hinted;
use crate::output::tell_line;
use crate::variables::{number, switch, variable, without_meaning};

/// Minutes between updates. Publishers change their lists several times a month, some daily; asking costs them a conditional request.
const UPDATE_EVERY_MIN: u64 = 60;

pub(crate) fn run(context: &Context, args: &ServeArgs) -> Result<Outcome> {
    log()?;
    let address = address(context, args)?;
    let idle = without_meaning();
    if !idle.is_empty() {
        context.note(&format!("{} set, and without a meaning here: there is no search cluster", idle.join(", ")));
    }
    let schedule = Schedule::of(context, args)?;
    let settings = settings(context)?;
    let (first, updater) = match &args.snapshot.snapshot {
        Some(path) => {
            let snapshot = Snapshot::open(path)?;
            let catalogue = Arc::new(Catalogue::of_meta(snapshot.meta()));
            (Some(View::new(snapshot, catalogue)), None)
        }
        None => of_manifest(context, args)?,
    };
    let config = &context.config.serve;
    let mut limits = Limits::default();
    limits.n_threads = config.threads.unwrap_or(limits.n_threads).max(1);
    limits.max_wait = config.max_wait_ms.map_or(limits.max_wait, Duration::from_millis);
    let pool = Pool::start(limits).context("the threads that screen cannot be started")?;
    let engine = Arc::new(Engine::new(pool, first, updater));
    let jobs = Arc::new(Jobs::open(&context.data_dir.join("jobs"))?);
    let app = App::new(Arc::clone(&engine), settings).with_jobs(Arc::clone(&jobs));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the threads that read and write cannot be started")?;
    if engine.can_update() && !matches!(schedule, Schedule::Never) {
        runtime.spawn(keep_fresh(Arc::clone(&engine), schedule));
    }
    let at_work =
        jobs::start(&jobs, &engine, runtime.handle().clone()).context("the thread for jobs cannot be started")?;
    let told = |address: SocketAddr| {
        let serves = engine.view().map_or_else(
            || "no lists yet; they are being fetched".to_owned(),
            |view| format!("{} parties of {} lists", view.meta().n_parties, view.meta().lists.len()),
        );
        tell_line(format_args!("interdict serves {serves} on http://{address}"));
    };
    let served = runtime.block_on(serve(app, address, told, stopped()));
    jobs.close();
    // The share that is screened ends; the job is taken up again at the next start.
    drop(at_work.join());
    served?;
    // An update that runs is not waited for: what it leaves is taken up by the next.
    runtime.shutdown_background();
    Ok(Outcome::Clear)
}

/// Says on stderr what happens; `INTERDICT_LOG` says how much.
fn log() -> Result<()> {
    let usual = if switch("YENTE_DEBUG", false)? { "debug" } else { "info" };
    let filter = tracing_subscriber::EnvFilter::try_from_env("INTERDICT_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(usual));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second service in one process, as tests start, goes on with the first one's log.
    let json = switch("YENTE_LOG_JSON", false)?;
    drop(if json { lines.json().try_init() } else { lines.compact().try_init() });
    Ok(())
}

/// Where to listen. Beyond this machine only where that was said in so many words, as nobody is asked who they are.
fn address(context: &Context, args: &ServeArgs) -> Result<SocketAddr> {
    let config = &context.config.serve;
    let of_yente = || -> Result<Option<SocketAddr>> {
        let (host, port) = (variable("YENTE_HOST"), variable("YENTE_PORT").or_else(|| variable("PORT")));
        if host.is_none() && port.is_none() {
            return Ok(None);
        }
        let host: IpAddr = match host {
            Some(host) => host.parse().with_context(|| format!("YENTE_HOST {host:?} is no address"))?,
            None => Ipv4Addr::LOCALHOST.into(),
        };
        let port: u16 = match port {
            Some(port) => port.parse().with_context(|| format!("YENTE_PORT {port:?} is no port"))?,
            None => 8000,
        };
        Ok(Some(SocketAddr::new(host, port)))
    };
    let address = match args.listen.or(config.listen) {
        Some(address) => address,
        None => of_yente()?.unwrap_or_else(|| SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 8000)),
    };
    if !address.ip().is_loopback() && !args.open_to_anyone && !config.open_to_anyone {
        return Err(hinted(
            format!("{address} can be reached from other machines, and nobody would have to say who they are"),
            "listen on 127.0.0.1 behind a proxy that asks, or say --open-to-anyone",
        ));
    }
    Ok(address)
}

/// How to answer: the configuration, else yente's variables, else yente's defaults.
fn settings(context: &Context) -> Result<Settings> {
    let config = &context.config.serve;
    let mut settings = Settings::default();
    settings.max_batch = number("YENTE_MAX_BATCH", settings.max_batch)?;
    settings.match_page = number("YENTE_MATCH_PAGE", settings.match_page)?;
    settings.max_matches = number("YENTE_MAX_MATCHES", settings.max_matches)?;
    settings.max_url = number("YENTE_MAX_URL_LENGTH", settings.max_url)?;
    settings.max_body = config.max_body_bytes.unwrap_or(settings.max_body);
    settings.title = variable("YENTE_TITLE").unwrap_or(settings.title);
    let token = config.update_token.as_ref().map(|token| token.0.clone()).or_else(|| variable("YENTE_UPDATE_TOKEN"));
    settings.update_token = token.filter(|token| !token.is_empty()).map(Secret::new);
    Ok(settings)
}

/// The view to begin with, if the data folder has one, and what brings the lists of the manifest up to date.
fn of_manifest(context: &Context, args: &ServeArgs) -> Result<(Option<View>, Option<Updater>)> {
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
    let current = context.current_snapshot()?;
    let first = match current.map(|path| Snapshot::open(&path)) {
        Some(Ok(snapshot)) => {
            // Where the manifest at an address was never had, the snapshot itself says which lists it holds.
            let catalogue = match &manifest {
                Some(manifest) => Catalogue::of_manifest(manifest),
                None => Catalogue::of_meta(snapshot.meta()),
            };
            Some(View::new(snapshot, Arc::new(catalogue)))
        }
        // One that an older program made is made anew by the first update.
        Some(Err(error)) => {
            context.note(&format!("the current snapshot cannot be used and is made anew: {}", chain(&error)));
            None
        }
        None => None,
    };
    Ok((first, Some(updater)))
}

/// How lists are updated: the configuration, else yente's variables.
fn options(context: &Context, args: &ServeArgs) -> Result<UpdateOptions> {
    let config = &context.config.fetch;
    let (mut fetch, mirror) = fetching(config, None, args.mirror.clone());
    if let (None | Some(""), Some(proxy)) = (config.proxy.as_deref(), variable("YENTE_HTTP_PROXY")) {
        fetch.proxy = ProxyChoice::Url(proxy);
    }
    Ok(UpdateOptions {
        fetch,
        mirror,
        deltas: switch("YENTE_DELTA_UPDATES", true)?,
        verify_checksums: switch("YENTE_VERIFY_CHECKSUM", true)?,
        data_token: variable("YENTE_DATA_TOKEN").map(interdict_catalog::Secret::new),
        ..UpdateOptions::default()
    })
}

/// When lists are brought up to date.
enum Schedule {
    /// Only where somebody asks for it.
    Never,
    /// At the start.
    Once,
    /// At the start and then after every such pause.
    Every(Duration),
    /// At the start and then at these times.
    At(Cron),
}

impl Schedule {
    /// What was typed, else what is configured, else yente's variables, else every hour.
    fn of(context: &Context, args: &ServeArgs) -> Result<Schedule> {
        let every = |minutes: u64| match minutes {
            0 => Schedule::Once,
            minutes => Schedule::Every(Duration::from_secs(minutes.saturating_mul(60))),
        };
        if let Some(minutes) = args.update_every.or(context.config.serve.update_every_min) {
            return Ok(every(minutes));
        }
        if !switch("YENTE_AUTO_REINDEX", true)? {
            context.note("YENTE_AUTO_REINDEX is off: lists are brought up to date only where somebody asks for it");
            return Ok(Schedule::Never);
        }
        match variable("YENTE_CRONTAB") {
            Some(line) => {
                let cron = line.parse().with_context(|| format!("YENTE_CRONTAB {line:?} is no crontab line"))?;
                Ok(Schedule::At(cron))
            }
            None => Ok(every(UPDATE_EVERY_MIN)),
        }
    }

    /// How long to wait for the next update; none where there is none.
    fn pause(&self) -> Option<Duration> {
        match self {
            Schedule::Never | Schedule::Once => None,
            Schedule::Every(pause) => Some(*pause),
            Schedule::At(cron) => {
                let now = jiff::Timestamp::now();
                let next = cron.next_after(now)?;
                Some(Duration::try_from(next.duration_since(now)).unwrap_or_default())
            }
        }
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |said, cause| format!("{said}: {cause}"))
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
