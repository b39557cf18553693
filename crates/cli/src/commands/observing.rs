//! What the service tells beyond its answers: screening log, traces, ages of lists; by configuration, else by OpenTelemetry's variables.

use anyhow::{Context as _, Result};
use interdict_catalog::state::ListState;
use interdict_server::observe::Observe;
use interdict_server::observe::otlp::{self, Exporter};
use interdict_server::screening_log::{self, Durability, ScreeningLog, Text};

use crate::context::{Context, LogDurability, LogText};
use crate::diagnose::{hint, hinted};
use crate::variables::variable;

/// Opens what is configured.
pub(crate) fn observe(context: &Context) -> Result<Observe> {
    let screening_log = match screening_log(context) {
        Some(options) => Some(ScreeningLog::open(options).map_err(|error| {
            hint(
                error,
                "`[serve] screening_log` names a folder that the service may write; without its line no answer leaves",
            )
        })?),
        None => None,
    };
    let exporter = otlp(context)?.map(Exporter::start).transpose().context("[serve.otlp] cannot be used")?;
    let data_dir = context.data_dir.clone();
    let checked_at =
        Box::new(move |list: &interdict_model::ListId| ListState::read(&data_dir, list).ok()?.checked_at?.parse().ok());
    Ok(Observe { screening_log, exporter, checked_at: Some(checked_at) })
}

/// Where and how the screening log is kept, if it is.
pub(super) fn screening_log(context: &Context) -> Option<screening_log::Options> {
    let config = &context.config.serve;
    let usual = screening_log::Options::of(config.screening_log.clone()?);
    Some(screening_log::Options {
        text: match config.screening_log_text {
            LogText::Hash => Text::Hashed,
            LogText::Whole => Text::Whole,
        },
        durability: match config.screening_log_durability {
            LogDurability::Synced => Durability::Synced,
            LogDurability::Written => Durability::Written,
        },
        max_bytes: config.screening_log_max_bytes.unwrap_or(usual.max_bytes).max(1),
        ..usual
    })
}

/// Where traces go, if anywhere. Names of variables and the meaning of the endpoint: OpenTelemetry, *OTLP Exporter Configuration*.
pub(super) fn otlp(context: &Context) -> Result<Option<otlp::Options>> {
    let config = &context.config.serve.otlp;
    let of_base = |base: String| format!("{}/v1/traces", base.trim_end_matches('/'));
    let given = config.endpoint.clone().filter(|endpoint| !endpoint.is_empty()).map(of_base);
    let of_variables = || {
        let whole = variable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        whole.or_else(|| variable("OTEL_EXPORTER_OTLP_ENDPOINT").map(of_base))
    };
    let Some(url) = given.or_else(of_variables) else { return Ok(None) };
    let share = config.share.unwrap_or(1.0);
    if !(0.0..=1.0).contains(&share) {
        return Err(hinted(format!("[serve.otlp] share is {share}"), "it is a share of all traces, 0 to 1"));
    }
    let mut headers: Vec<(String, String)> =
        config.headers.iter().map(|(name, value)| (name.clone(), value.0.clone())).collect();
    if headers.is_empty() {
        let pairs = variable("OTEL_EXPORTER_OTLP_HEADERS").unwrap_or_default();
        let pairs = pairs.split(',').filter_map(|pair| pair.split_once('='));
        headers = pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect();
    }
    let service = variable("OTEL_SERVICE_NAME").unwrap_or_else(|| "interdict".to_owned());
    Ok(Some(otlp::Options { url, headers, share, service }))
}
