//! Where things are: data folder, configuration, the snapshot to ask.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use interdict_snapshot::Snapshot;
use serde::Deserialize;

use crate::args::Common;
use crate::commands::ages::MAX_AGE_DAYS;
use crate::diagnose::{hint, hinted};
use crate::output::{Paint, tell_line};

/// What all commands share.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) data_dir: PathBuf,
    pub(crate) config: Config,
    pub(crate) paint: Paint,
    pub(crate) quiet: bool,
}

/// The configuration file. Every key can also be given as `INTERDICT_SECTION__KEY`, one of a section within a section as
/// `INTERDICT_SECTION__SECTION__KEY`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) screen: ScreenConfig,
    pub(crate) fetch: FetchConfig,
    pub(crate) serve: ServeConfig,
}

/// Section `[serve]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ServeConfig {
    /// Address to listen on.
    pub(crate) listen: Option<SocketAddr>,
    /// API keys that are asked for.
    pub(crate) keys: Option<PathBuf>,
    /// Listen beyond this machine although nobody has to say who they are.
    pub(crate) open_to_anyone: bool,
    /// Minutes between updates of the lists; 0 for none.
    pub(crate) update_every_min: Option<u64>,
    /// Threads that screen.
    pub(crate) threads: Option<usize>,
    /// The longest that a request may expect to wait before it is begun, in milliseconds.
    pub(crate) max_wait_ms: Option<u64>,
    /// Largest body in bytes.
    pub(crate) max_body_bytes: Option<usize>,
    /// What `/updatez` asks for.
    pub(crate) update_token: Option<HiddenText>,
    /// Origins whose pages may ask, such as `https://desk.example.org`.
    pub(crate) cors_origins: Vec<String>,
    pub(crate) tls: Option<TlsConfig>,
    pub(crate) oidc: Option<OidcConfig>,
    pub(crate) limits: LimitsConfig,
    /// How the log is written.
    pub(crate) log_format: LogFormat,
    /// Folder of the account of what was screened; none is kept without one.
    pub(crate) screening_log: Option<PathBuf>,
    /// How much of a query that account holds.
    pub(crate) screening_log_text: LogText,
    /// When a line of it counts as written, which is before its answer leaves.
    pub(crate) screening_log_durability: LogDurability,
    /// Size from which a new file of it is begun.
    pub(crate) screening_log_max_bytes: Option<u64>,
    /// Where traces go.
    pub(crate) otlp: OtlpConfig,
}

/// Section `[serve.tls]`, all files PEM.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TlsConfig {
    /// Certificate of the service, with those up to its authority.
    pub(crate) cert: PathBuf,
    /// Its private key.
    pub(crate) key: PathBuf,
    /// Authorities of clients, who must then show a certificate.
    pub(crate) client_ca: Option<PathBuf>,
    /// What a client with a certificate may do where no keys are asked for: `screen` unless said otherwise.
    pub(crate) client_role: Option<String>,
}

/// Section `[serve.oidc]`: bearer tokens of an OpenID Connect issuer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OidcConfig {
    /// What `iss` must be, letter by letter.
    pub(crate) issuer: String,
    /// What `aud` must have.
    pub(crate) audience: String,
    /// Where the issuer's keys are: `jwks_uri` of its configuration.
    pub(crate) jwks_url: String,
    /// The claim whose texts name roles: `roles` unless said otherwise.
    pub(crate) role_claim: Option<String>,
    /// Certificates (PEM) to trust beside the system's.
    pub(crate) ca_file: Option<PathBuf>,
}

/// Section `[serve.limits]`; what is not said is as the service has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LimitsConfig {
    /// Connections at a time.
    pub(crate) connections: Option<usize>,
    /// Headers of a request.
    pub(crate) headers: Option<usize>,
    /// For the head of a request and the pause before it, in seconds.
    pub(crate) head_s: Option<u64>,
    /// For the body of a request, in seconds.
    pub(crate) body_s: Option<u64>,
    /// For a request from its head to its answer, in seconds.
    pub(crate) request_s: Option<u64>,
    /// For a write that the client does not take, in seconds.
    pub(crate) write_s: Option<u64>,
    /// For a pause of an HTTP/2 connection, and of a stream or an upload, in seconds.
    pub(crate) idle_s: Option<u64>,
    /// How long the service, told to stop, goes on and says at `/readyz` that it is not ready, in seconds.
    pub(crate) notice_s: Option<u64>,
    /// For requests that run when the service stops, in seconds.
    pub(crate) drain_s: Option<u64>,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    #[default]
    Compact,
    Json,
}

/// How much of a query the screening log holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogText {
    /// Its SHA-256.
    #[default]
    Hash,
    /// All of it.
    Whole,
}

/// When a line of the screening log counts as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogDurability {
    /// When the disk says to have it.
    #[default]
    Synced,
    /// When the system has it.
    Written,
}

/// Section `[serve.otlp]`: traces, by OTLP over HTTP as JSON.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct OtlpConfig {
    /// The collector, such as `http://127.0.0.1:4318`; `/v1/traces` is added. Else OTEL_EXPORTER_OTLP_ENDPOINT.
    pub(crate) endpoint: Option<String>,
    /// The share of traces that begin here to be sent, 0 to 1 [default: 1].
    pub(crate) share: Option<f64>,
    /// Headers to send along. Else OTEL_EXPORTER_OTLP_HEADERS.
    pub(crate) headers: BTreeMap<String, HiddenText>,
}

/// Section `[fetch]`: how `lists update` asks for files.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct FetchConfig {
    /// Proxy for every address; `none` for none; else what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say.
    pub(crate) proxy: Option<String>,
    /// Certificates (PEM) to trust beside the system's.
    pub(crate) ca_file: Option<PathBuf>,
    /// Longest silence of a server, in seconds.
    pub(crate) timeout_s: Option<u64>,
    /// Further attempts after the first.
    pub(crate) retries: Option<u32>,
    /// Server that is asked instead of the publishers.
    pub(crate) mirror: Option<String>,
    /// Sent to the mirror as `Authorization: Bearer …`, never to a publisher.
    pub(crate) mirror_token: Option<HiddenText>,
    /// What the client calls itself.
    pub(crate) user_agent: Option<String>,
}

/// A text of the configuration that `Debug` hides.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct HiddenText(pub(crate) String);

impl std::fmt::Debug for HiddenText {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("(hidden)")
    }
}

/// Section `[screen]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ScreenConfig {
    /// Score from which a hit is a match by policy.
    pub(crate) policy_threshold: f32,
    /// Days without a check after which a list is called old; 0 for never.
    pub(crate) max_age_days: u32,
}

impl Default for ScreenConfig {
    fn default() -> ScreenConfig {
        ScreenConfig { policy_threshold: 0.7, max_age_days: MAX_AGE_DAYS }
    }
}

/// An open snapshot and where it came from.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) snapshot: Snapshot,
    /// Whether it is the data folder's current one.
    pub(crate) is_current: bool,
    /// Time to open it.
    pub(crate) open_ms: f64,
}

impl Context {
    pub(crate) fn new(common: Common) -> Result<Context> {
        let data_dir = match common.data_dir {
            Some(folder) => folder,
            None => default_data_dir()?,
        };
        let config = read_config(common.config.as_deref())?;
        let paint = Paint::new(common.color);
        Ok(Context { data_dir, config, paint, quiet: common.quiet })
    }

    /// The snapshot named, else the data folder's current one, else the starter list.
    pub(crate) fn open_snapshot(&self, named: Option<&Path>) -> Result<Opened> {
        let start = std::time::Instant::now();
        let current = if named.is_none() { self.current_snapshot()? } else { None };
        let snapshot = match (named, &current) {
            (Some(path), _) => Snapshot::open(path)?,
            (None, Some(path)) => Snapshot::open(path)
                .with_context(|| format!("the current snapshot of {} cannot be used", self.data_dir.display()))?,
            (None, None) => self.starter()?,
        };
        Ok(Opened { snapshot, is_current: current.is_some(), open_ms: start.elapsed().as_secs_f64() * 1e3 })
    }

    /// The data folder's current snapshot, if there is one.
    pub(crate) fn current_snapshot(&self) -> Result<Option<PathBuf>> {
        interdict_catalog::store::current(&self.data_dir)
            .map_err(|error| hint(error, "`interdict lists update` makes a new snapshot current"))
    }

    /// Tells something on stderr, unless asked to be quiet.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            tell_line(format_args!("note: {text}"));
        }
    }

    fn starter(&self) -> Result<Snapshot> {
        let snapshot = interdict_starter::snapshot()?;
        if !self.quiet {
            tell_line(format_args!(
                "note: no lists are installed yet; asking the starter list of {}, {} parties. It clears nobody: \
                 `interdict lists update` fetches the full lists.",
                interdict_starter::DATE,
                snapshot.meta().n_parties
            ));
        }
        Ok(snapshot)
    }
}

/// `interdict` below the platform's folder for data: `XDG_DATA_HOME`, `~/.local/share`, `~/Library/Application Support` or
/// `%LOCALAPPDATA%`.
fn default_data_dir() -> Result<PathBuf> {
    let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = if cfg!(windows) {
        from("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        from("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        from("XDG_DATA_HOME").or_else(|| from("HOME").map(|home| home.join(".local/share")))
    };
    let base = base.ok_or_else(|| hinted("there is no home folder to keep data in", "give one with --data-dir DIR"))?;
    Ok(base.join("interdict"))
}

/// Reads the file, if one is named, and lays the environment over it.
fn read_config(file: Option<&Path>) -> Result<Config> {
    let mut table = match file {
        None => toml::Table::new(),
        Some(file) => {
            let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
            text.parse().with_context(|| format!("{} is not a configuration", file.display()))?
        }
    };
    // In the order of their names, so that a whole section comes before keys within it.
    let variables: BTreeMap<_, _> = std::env::vars_os().collect();
    for (name, value) in variables {
        let (Some(name), Some(value)) = (name.to_str(), value.to_str()) else { continue };
        if let Some((sections, key)) = name.strip_prefix("INTERDICT_").and_then(|name| name.rsplit_once("__")) {
            set(&mut table, sections, key, value);
        }
    }
    table.try_into().context("the configuration (file and INTERDICT_… variables) cannot be used")
}

/// Sets a key of a section (`SERVE`) or of a section within one (`SERVE__LIMITS`) to what TOML reads the value as, else to the text. Where
/// the file has something else than a section, that stays.
fn set(table: &mut toml::Table, sections: &str, key: &str, value: &str) {
    let mut table = table;
    for section in sections.split("__") {
        let section = table.entry(section.to_lowercase()).or_insert_with(|| toml::Value::Table(toml::Table::new()));
        let Some(section) = section.as_table_mut() else { return };
        table = section;
    }
    let parsed = format!("v = {value}").parse::<toml::Table>().ok().and_then(|mut table| table.remove("v"));
    table.insert(key.to_lowercase(), parsed.unwrap_or_else(|| toml::Value::String(value.to_owned())));
}

#[cfg(test)]
mod tests {
    use super::set;

    #[test]
    fn variables_reach_sections_within_sections() {
        let mut table: toml::Table = "[serve]\nlisten = 'a'\n[serve.limits]\ndrain_s = 1\nhead_s = 2".parse().unwrap();
        set(&mut table, "SERVE__LIMITS", "DRAIN_S", "9");
        set(&mut table, "SERVE__OTLP", "ENDPOINT", "http://x");
        set(&mut table, "SERVE__LISTEN", "PORT", "1");
        let expected =
            "[serve]\nlisten = 'a'\n[serve.limits]\ndrain_s = 9\nhead_s = 2\n[serve.otlp]\nendpoint = 'http://x'";
        assert_eq!(table, expected.parse().unwrap());
    }
}
