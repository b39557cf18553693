//! Lists that nobody checked for long: told on stderr when the data folder's current snapshot answers.
//!
//! Idea: an update that fails is told by `gaps`; an update that nobody ran leaves no trace but its age.
//! Invariant: an answer does not depend on it; the clock reaches stderr alone.

use std::time::SystemTime;

use interdict_catalog::state::ListState;
use interdict_snapshot::ListMeta;
use jiff::Timestamp;

use super::gaps::is_asked;
use crate::context::{Context, Opened};
use crate::output::tell_line;

/// Days without a check after which a list is called old. Publishers change their lists several times a month and some daily,
/// and a listing binds from its publication: a week without a look is a forgotten update, not a pause.
pub(crate) const MAX_AGE_DAYS: u32 = 7;

const SECONDS_A_DAY: i64 = 86_400;

/// Warns of lists among those asked that were last checked longer ago than `[screen] max_age_days`; also where notes are not
/// wanted. A snapshot that was named is asked on purpose, however old it is.
pub(crate) fn tell(context: &Context, opened: &Opened, asked: &[String]) {
    let max_age_days = context.config.screen.max_age_days;
    if !opened.is_current || max_age_days == 0 {
        return;
    }
    let now = Timestamp::now();
    let is_old = |time: Timestamp| now.as_second() - time.as_second() > i64::from(max_age_days) * SECONDS_A_DAY;
    let days = |time: Timestamp| (now.as_second() - time.as_second()) / SECONDS_A_DAY;
    // A missing list is told as such already.
    let lists: Vec<&ListMeta> = opened.snapshot.meta().lists.iter().collect();
    let lists = lists.into_iter().filter(|list| is_asked(list, asked) && list.missing.is_none());
    let (known, unknown): (Vec<_>, Vec<_>) =
        lists.map(|list| (list.id.as_str(), checked_at(context, list))).partition(|(_, time)| time.is_some());
    let old = known.into_iter().filter_map(|(id, time)| Some((id, time.filter(|time| is_old(*time))?)));
    let old: Vec<(&str, Timestamp)> = old.collect();
    let names = |ids: &mut dyn Iterator<Item = &str>| ids.collect::<Vec<_>>().join(", ");
    match old.as_slice() {
        [] => {}
        [(id, time)] => tell_line(format_args!(
            "warning: list `{id}` was last checked {} days ago; `interdict lists update` asks its publisher",
            days(*time)
        )),
        several => tell_line(format_args!(
            "warning: {} lists were last checked more than {max_age_days} days ago: {}; `interdict lists update` asks their \
             publishers",
            several.len(),
            names(&mut several.iter().map(|(id, _)| *id))
        )),
    }
    let made_at = made_at(opened).filter(|time| !unknown.is_empty() && is_old(*time));
    if let Some(time) = made_at {
        tell_line(format_args!(
            "warning: the snapshot was made {} days ago, and its lists may be older: {}; `interdict lists update` or a new \
             build brings them up to date",
            days(time),
            names(&mut unknown.iter().map(|(id, _)| *id))
        ));
    }
}

/// When a list's publisher was last asked, where updates noted it.
fn checked_at(context: &Context, list: &ListMeta) -> Option<Timestamp> {
    ListState::read(&context.data_dir, &list.id).ok()?.checked_at?.parse().ok()
}

/// The time stamp of the snapshot's file.
fn made_at(opened: &Opened) -> Option<Timestamp> {
    let modified: SystemTime = std::fs::metadata(opened.snapshot.path()).ok()?.modified().ok()?;
    Timestamp::try_from(modified).ok()
}
