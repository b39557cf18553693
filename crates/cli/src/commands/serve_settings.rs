//! How `serve` answers, whom, and where: the configuration, else yente's variables, else the service's defaults.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use interdict_server::access::{Access, Issuer, IssuerOptions, Role, TokenRules};
use interdict_server::headers::Origin;
use interdict_server::settings::{Algorithms, HttpLimits, Secret, Settings};
use interdict_server::tls::{Tls, TlsFiles};

use crate::args::ServeArgs;
use crate::context::{Context, LimitsConfig, OidcConfig, ServeConfig, TlsConfig};
use crate::diagnose::hinted;
use crate::variables::{number, variable};

/// The longest that any limit of time can be: a day, which no request needs.
const MAX_LIMIT_S: u64 = 24 * 3600;

/// The most connections that can be asked for: far more than a system has files for.
const MAX_CONNECTIONS: usize = 1 << 20;

/// The most headers of a request that can be asked for; room is made for so many.
const MAX_HEADERS: usize = 1000;

/// Where to listen. Beyond this machine only where callers are asked who they are, or where it was said in so many words that they
/// are not.
pub(super) fn address(context: &Context, args: &ServeArgs, is_open: bool) -> Result<SocketAddr> {
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
pub(super) fn settings(context: &Context, args: &ServeArgs) -> Result<Settings> {
    let config = &context.config.serve;
    let mut settings = Settings::default();
    settings.max_batch = number("YENTE_MAX_BATCH", settings.max_batch)?;
    settings.match_page = number("YENTE_MATCH_PAGE", settings.match_page)?;
    settings.max_matches = number("YENTE_MAX_MATCHES", settings.max_matches)?;
    settings.max_url = number("YENTE_MAX_URL_LENGTH", settings.max_url)?;
    settings.max_body = config.max_body_bytes.unwrap_or(settings.max_body);
    let hidden = variable("YENTE_HIDDEN_ALGORITHMS").unwrap_or_default();
    let hidden: Vec<&str> = hidden.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let (usual, best) = (variable("YENTE_DEFAULT_ALGORITHM"), variable("YENTE_BEST_ALGORITHM"));
    settings.algorithms = Algorithms::of(usual.as_deref(), best.as_deref(), &hidden)
        .map_err(anyhow::Error::msg)
        .context("YENTE_DEFAULT_ALGORITHM, YENTE_BEST_ALGORITHM or YENTE_HIDDEN_ALGORITHMS cannot be used")?;
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
        notice: seconds(said.notice_s, usual.notice),
        drain: seconds(said.drain_s, usual.drain),
    })
}
