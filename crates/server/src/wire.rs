//! What answers say of what they rest on: the program, the snapshot, its lists, and what is wrong with them.

use interdict_batch::answer::list_json;
use serde_json::{Value as Json, json};

use interdict_snapshot::ListMeta;

use crate::engine::Engine;
use crate::filter::Filter;
use crate::reasons::for_clients;
use crate::screening_log::ScreeningLog;
use crate::view::View;

/// The version of the program.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The time, RFC 3339 in UTC to the millisecond.
pub(crate) fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// What answered: version, snapshot, and the lists that were asked, each with its version and what is wrong with it.
pub(crate) fn served_by(view: &View, filter: Option<&Filter>) -> Json {
    let lists = view.meta().lists.iter().enumerate();
    let asked = lists.filter(|(at, _)| filter.is_none_or(|filter| filter.lists & (1 << at) != 0));
    let lists: Vec<Json> = asked.map(|(_, list)| list_json(list)).collect();
    let mut json = json!({"version": VERSION, "snapshot": {"id": view.snapshot.id(), "lists": lists}});
    if let (Some(members), true) = (json.as_object_mut(), view.meta().starter) {
        members.insert("starter".to_owned(), json!(true));
    }
    json
}

/// What is wrong with a list, in one word.
pub(crate) fn fault(list: &ListMeta) -> Option<&'static str> {
    let faults = [("missing", &list.missing), ("stale", &list.stale), ("partial", &list.partial)];
    faults.into_iter().find_map(|(word, reason)| reason.as_ref().map(|_| word))
}

/// What keeps the service from being whole.
pub(crate) fn troubles(engine: &Engine, view: &View) -> Vec<Json> {
    let mut found = Vec::new();
    for list in &view.meta().lists {
        for (word, reason) in [("stale", &list.stale), ("missing", &list.missing)] {
            found.extend(reason.iter().map(|reason| json!({"list": list.id, "state": word, "reason": reason})));
        }
    }
    let loaded = view.catalogue.entries().iter().filter(|entry| entry.is_loaded);
    for entry in loaded.filter(|entry| !view.meta().lists.iter().any(|list| list.id == entry.id)) {
        found.push(json!({"list": entry.id, "state": "missing", "reason": "it was not loaded yet"}));
    }
    if view.meta().starter {
        found.push(json!({"state": "starter", "reason": "the starter list clears nobody"}));
    }
    if let Some(report) = engine.self_test().filter(|report| report.snapshot == view.snapshot.id()) {
        found.extend(report.failures.iter().map(|failure| {
            let mut trouble = json!({"state": "self-test failed", "check": failure.check, "reason": failure.said});
            if let (Some(members), Some(list)) = (trouble.as_object_mut(), &failure.list) {
                members.insert("list".to_owned(), json!(list));
            }
            trouble
        }));
    }
    let log = engine.observe.screening_log.as_ref().and_then(ScreeningLog::trouble);
    found.extend(log.map(|reason| json!({"state": "screening log failing", "reason": for_clients(&reason)})));
    let update = engine.update_state();
    let asked_at = update.ended_at.unwrap_or(engine.started_at);
    if let (true, Some(days)) = (engine.can_update(), old(asked_at, jiff::Timestamp::now())) {
        let reason = format!("no update has ended for {days} days");
        found.push(json!({"state": "old", "reason": reason}));
    }
    let failed = update.error.map(|reason| json!({"state": "update failed", "reason": reason}));
    found.extend(failed);
    found
}

/// Days without an update after which the lists are called old, as `screen` calls them: a listing binds from its publication.
const MAX_AGE_DAYS: i64 = 7;

/// The days since the lists were last asked for, where there are too many.
fn old(asked_at: jiff::Timestamp, now: jiff::Timestamp) -> Option<i64> {
    let days = (now.as_second() - asked_at.as_second()) / 86_400;
    (days >= MAX_AGE_DAYS).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::old;

    #[test]
    fn lists_that_nobody_asked_for_in_a_week_are_old() {
        let at = |second: i64| jiff::Timestamp::from_second(second).unwrap();
        assert_eq!(old(at(0), at(7 * 86_400 - 1)), None);
        assert_eq!(old(at(0), at(8 * 86_400)), Some(8));
        assert_eq!(old(at(100), at(0)), None, "a clock that was set back");
    }
}
