//! `interdict serve`: the HTTP service.
//!
//! Idea: what was typed goes before the configuration, that before yente's variables, those before the defaults. The service begins with
//! the data folder's current snapshot, so that it answers within a second, and brings the lists up to date behind it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use interdict_catalog::update::Installed;
use interdict_catalog::{Manifest, UpdateOptions, update};
use interdict_server::access::{Access, Issuer, IssuerOptions, Role, TokenRules};
use interdict_server::app::App;
use interdict_server::catalogue::Catalogue;
use interdict_server::engine::{Ended, Engine, Updated, Updater};
use interdict_server::headers::Origin;
use interdict_server::jobs::{self, Jobs};
use interdict_server::pool::{Limits, Pool};
use interdict_server::serve::serve;
use interdict_server::settings::{HttpLimits, Secret, Settings};
use interdict_server::tls::{Tls, TlsFiles};
use interdict_server::view::View;
use interdict_snapshot::Snapshot;

use super::update::{fetching, now};
use super::{Outcome, observing, serve_check};
use crate::args::ServeArgs;
use crate::context::{Context, LimitsConfig, LogFormat, OidcConfig, ServeConfig, TlsConfig};
use crate::diagnose::{hint, hinted};
use crate::output::tell_line;

/// Minutes between updates. Publishers change their lists several times a month, some daily; asking costs them a conditional request.
const UPDATE_EVERY_MIN: u64 = 60;

/// The longest that any limit of time can be: a day, which no request needs.
const MAX_LIMIT_S: u64 = 24 * 3600;

/// The most connections that can be asked for: far more than a system has files for.
const MAX_CONNECTIONS: usize = 1 << 20;

/// The most headers of a request that can be asked for; room is made for so many.
const MAX_HEADERS: usize = 1000;

pub(crate) fn run(context: &Context, args: &ServeArgs) -> Result<Outcome> {
    if !args.check {
        log(context.config.serve.log_format);
    }
    let settings = settings(context, args)?;
    let address = address(context, args, settings.access.is_open())?;
    let (first, updater) = match &args.snapshot.snapshot {
        Some(path) => {
            let snapshot = Snapshot::open(path)?;
            let catalogue = Arc::new(Catalogue::of_meta(snapshot.meta()));
            (Some(View::new(snapshot, catalogue)), None)
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
    let engine = Arc::new(Engine::new(pool, first, updater).observed(observing::observe(context)?));
    let jobs = Arc::new(Jobs::open(&context.data_dir.join("jobs"))?);
    let speaks_tls = settings.tls.is_some();
    let app = App::new(Arc::clone(&engine), settings).with_jobs(Arc::clone(&jobs));
    let every_min = args.update_every.or(config.update_every_min).unwrap_or(UPDATE_EVERY_MIN);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the threads that read and write cannot be started")?;
    if engine.can_update() {
        runtime.spawn(keep_fresh(Arc::clone(&engine), every_min));
    }
    let at_work =
        jobs::start(&jobs, &engine, runtime.handle().clone()).context("the thread for jobs cannot be started")?;
    let scheme = if speaks_tls { "https" } else { "http" };
    let told = |address: SocketAddr| {
        let serves = engine.view().map_or_else(
            || "no lists yet; they are being fetched".to_owned(),
            |view| format!("{} parties of {} lists", view.meta().n_parties, view.meta().lists.len()),
        );
        tell_line(format_args!("interdict serves {serves} on {scheme}://{address}"));
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
fn log(format: LogFormat) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("INTERDICT_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    std::panic::set_hook(Box::new(|panic| {
        // What a panic says may quote what was screened; where it happened tells enough.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let thread = std::thread::current();
        tracing::error!(place, thread = thread.name().unwrap_or("-"), "a thread panicked");
        tracing::debug!(said = panic.payload_as_str().unwrap_or("-"), "what the panic said");
    }));
    // A second service in one process, as tests start, goes on with the first one's log.
    drop(if format == LogFormat::Json || is_on("YENTE_LOG_JSON") {
        lines.json().try_init()
    } else {
        lines.compact().try_init()
    });
}

/// Where to listen. Beyond this machine only where callers are asked who they are, or where it was said in so many words that they
/// are not.
fn address(context: &Context, args: &ServeArgs, is_open: bool) -> Result<SocketAddr> {
    let config = &context.config.serve;
    let of_yente = || -> Result<Option<SocketAddr>> {
        let (host, port) = (variable("YENTE_HOST"), variable("YENTE_PORT"));
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
    if is_open && !address.ip().is_loopback() && !args.open_to_anyone && !config.open_to_anyone {
        return Err(hinted(
            format!("{address} can be reached from other machines, and nobody would have to say who they are"),
            "give --keys FILE (`interdict keys new` makes one) or [serve.oidc] or `client_ca` in [serve.tls], \
             listen on 127.0.0.1, or say --open-to-anyone",
        ));
    }
    Ok(address)
}

/// How to answer: the configuration, else yente's variables, else yente's defaults.
fn settings(context: &Context, args: &ServeArgs) -> Result<Settings> {
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
    for origin in &config.cors_origins {
        settings.cors_origins.push(Origin::parse(origin).context("`cors_origins` of [serve]")?);
    }
    settings.http = limits(&config.limits, settings.http)?;
    settings.access = access(config, args.keys.clone())?;
    if let Some(TlsConfig { cert, key, client_ca, .. }) = config.tls.clone() {
        settings.tls = Some(Arc::new(Tls::open(TlsFiles { cert, key, client_ca })?));
    }
    Ok(settings)
}

/// Who may ask: those with a key or token, those with a certificate, those with both, or anyone.
fn access(config: &ServeConfig, typed_keys: Option<PathBuf>) -> Result<Access> {
    let access = match typed_keys.or_else(|| config.keys.clone()) {
        Some(keys) => Access::by_keys(keys)?,
        None => Access::open(),
    };
    let access = match config.oidc.clone() {
        Some(OidcConfig { issuer, audience, jwks_url, role_claim, ca_file }) => {
            let role_claim = role_claim.unwrap_or_else(|| "roles".to_owned());
            let rules = TokenRules { issuer, audience, role_claim };
            let issuer = Issuer::new(IssuerOptions { rules, jwks_url, ca_file }).context("[serve.oidc]")?;
            access.with_issuer(issuer)
        }
        None => access,
    };
    let Some(tls) = &config.tls else { return Ok(access) };
    let role = match tls.client_role.as_deref() {
        None => Role::Screen,
        Some(_) if tls.client_ca.is_none() => {
            return Err(hinted(
                "`client_role` of [serve.tls] needs `client_ca`",
                "name the authorities of the clients",
            ));
        }
        Some(name) => Role::by_name(name).ok_or_else(|| {
            let names: Vec<&str> = Role::ALL.into_iter().map(Role::name).collect();
            hinted(format!("`client_role` of [serve.tls]: {name:?} is no role"), format!("one of {}", names.join(", ")))
        })?,
    };
    Ok(if tls.client_ca.is_some() { access.with_certificates(role) } else { access })
}

/// The bounds that are said, in place of those that are not. A bound of nothing would let nobody in.
fn limits(said: &LimitsConfig, usual: HttpLimits) -> Result<HttpLimits> {
    let all = [said.head_s, said.body_s, said.request_s, said.write_s, said.idle_s];
    if said.connections == Some(0) || said.headers == Some(0) || all.contains(&Some(0)) {
        return Err(hinted("a limit of [serve.limits] is 0 and lets nobody in", "leave it out for the usual one"));
    }
    let seconds =
        |said: Option<u64>, usual: Duration| said.map_or(usual, |said| Duration::from_secs(said.min(MAX_LIMIT_S)));
    Ok(HttpLimits {
        n_connections: said.connections.unwrap_or(usual.n_connections).min(MAX_CONNECTIONS),
        n_headers: said.headers.unwrap_or(usual.n_headers).min(MAX_HEADERS),
        head: seconds(said.head_s, usual.head),
        body: seconds(said.body_s, usual.body),
        request: seconds(said.request_s, usual.request),
        write: seconds(said.write_s, usual.write),
        idle: seconds(said.idle_s, usual.idle),
        drain: seconds(said.drain_s, usual.drain),
    })
}

pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn number<T: std::str::FromStr>(name: &str, default: T) -> Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    match variable(name) {
        Some(value) => value.parse().with_context(|| format!("{name} {value:?} is no number of its kind")),
        None => Ok(default),
    }
}

fn is_on(name: &str) -> bool {
    variable(name).is_some_and(|value| matches!(value.to_lowercase().as_str(), "1" | "true" | "t" | "yes" | "y" | "on"))
}

/// The view to begin with, if the data folder has one, and what brings the lists of the manifest up to date.
fn of_manifest(context: &Context, args: &ServeArgs) -> Result<(Option<View>, Option<Updater>)> {
    let path = args.manifest.clone();
    let read = move || match &path {
        Some(path) => Manifest::read(path).context("the manifest cannot be used"),
        None => Ok(Manifest::publishers()?),
    };
    let manifest = read()?;
    if !manifest.unknown.is_empty() {
        context.note(&format!("the manifest has keys that were not understood: {}", manifest.unknown.join(", ")));
    }
    for catalog in &manifest.catalogs {
        context.note(&format!("catalog {catalog} is not read: name its lists under `datasets:`"));
    }
    let (fetch, mirror) = fetching(&context.config.fetch, None, args.mirror.clone());
    let data_dir = context.data_dir.clone();
    let updater: Updater = Box::new(move || {
        let manifest = read().map_err(|error| format!("{error:#}"))?;
        let options =
            UpdateOptions { fetch: fetch.clone(), mirror: mirror.clone(), only: Vec::new(), accept: None, now: now() };
        let report = update(&options, &manifest, &data_dir, &mut |_| {}).map_err(|error| chain(&error))?;
        let path = match report.installed {
            Installed::New(path) | Installed::Same(path) => path,
            Installed::Nothing => return Err("no list could be had".to_owned()),
        };
        let snapshot = Snapshot::open(&path).map_err(|error| chain(&error))?;
        Ok(Updated { snapshot, catalogue: Arc::new(Catalogue::of_manifest(&manifest)) })
    });
    let current = context.current_snapshot()?;
    let first = match current.map(|path| Snapshot::open(&path)) {
        Some(Ok(snapshot)) => Some(View::new(snapshot, Arc::new(Catalogue::of_manifest(&manifest)))),
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
    Ok((first, Some(updater)))
}

pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |said, cause| format!("{said}: {cause}"))
}

/// Brings the lists up to date, at once and then again and again.
async fn keep_fresh(engine: Arc<Engine>, every_min: u64) {
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
        if every_min == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_secs(60 * every_min)).await;
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
