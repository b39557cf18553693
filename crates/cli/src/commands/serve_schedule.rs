//! When `serve` brings its lists up to date, and how they are asked for.

use std::time::Duration;

use anyhow::{Context as _, Result};
use interdict_catalog::{ProxyChoice, UpdateOptions};

use super::update::fetching;
use crate::args::ServeArgs;
use crate::context::Context;
use crate::cron::Cron;
use crate::variables::{switch, variable};

/// Minutes between updates. Publishers change their lists several times a month, some daily; asking costs them a conditional request.
const UPDATE_EVERY_MIN: u64 = 60;

/// How lists are updated: the configuration, else yente's variables.
pub(super) fn options(context: &Context, args: &ServeArgs) -> Result<UpdateOptions> {
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
pub(super) enum Schedule {
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
    pub(super) fn of(context: &Context, args: &ServeArgs) -> Result<Schedule> {
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
    pub(super) fn pause(&self) -> Option<Duration> {
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
