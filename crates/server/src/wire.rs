//! What answers say of what they rest on: the program, the snapshot, its lists, and what is wrong with them.

use std::fmt::Write as _;

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

/// An answer with its `warnings`, where there are any.
pub(crate) fn with_warnings(mut json: Json, warnings: &[String]) -> Json {
    if let (Some(members), false) = (json.as_object_mut(), warnings.is_empty()) {
        members.insert("warnings".to_owned(), json!(warnings));
    }
    json
}

/// Longest line of lists in the head of an answer, in bytes: proxies commonly take 4 or 8 KiB for all of a head.
const MAX_LINE: usize = 2048;

/// The lists with their versions and what is wrong with them, as a header has them: `un_sc=2024-01-02, us_ofac_sdn=7;stale`. What has no
/// room is counted: `+3`.
pub(crate) fn lists_in_line(lists: &[ListMeta]) -> String {
    let mut line = String::new();
    for (at, list) in lists.iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        let fault = fault(list).map(|fault| format!(";{fault}")).unwrap_or_default();
        let said = format!("{comma}{}={}{fault}", list.id, plain(&list.version));
        // So that the count has room in any case.
        if line.len() + said.len() > MAX_LINE - ", +64".len() {
            return format!("{line}{comma}+{}", lists.len() - at);
        }
        line.push_str(&said);
    }
    line
}

/// A version that ends where it ends in a header: other signs than those that versions commonly have are percent-encoded.
fn plain(version: &str) -> String {
    let mut out = String::with_capacity(version.len());
    for byte in version.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._:+/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a string cannot fail.
            let _written = write!(out, "%{byte:02X}");
        }
    }
    out
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
    use interdict_model::ListId;
    use interdict_snapshot::ListMeta;

    use super::{MAX_LINE, lists_in_line, old};

    fn list(id: &str, version: &str, stale: Option<&str>) -> ListMeta {
        ListMeta {
            id: ListId::new(id).unwrap(),
            version: version.to_owned(),
            title: None,
            partial: None,
            stale: stale.map(str::to_owned),
            missing: None,
        }
    }

    #[test]
    fn lists_stand_in_one_line_that_a_header_can_hold() {
        let lists = [list("a", "2023-12-28T10:00:00+01:00", None), list("b", "v 1, ü\r\n;x=%", Some("refused"))];
        assert_eq!(lists_in_line(&lists), "a=2023-12-28T10:00:00+01:00, b=v%201%2C%20%C3%BC%0D%0A%3Bx%3D%25;stale");
        let many: Vec<ListMeta> = (0..60).map(|at| list(&format!("l{at}"), &"9".repeat(100), None)).collect();
        let line = lists_in_line(&many);
        let n_said = line.matches('=').count();
        assert!(line.len() <= MAX_LINE && n_said > 10 && line.ends_with(&format!(", +{}", 60 - n_said)), "{line}");
        assert_eq!(lists_in_line(&[list("a", &"9".repeat(5000), None)]), "+1");
    }

    #[test]
    fn lists_that_nobody_asked_for_in_a_week_are_old() {
        let at = |second: i64| jiff::Timestamp::from_second(second).unwrap();
        assert_eq!(old(at(0), at(7 * 86_400 - 1)), None);
        assert_eq!(old(at(0), at(8 * 86_400)), Some(8));
        assert_eq!(old(at(100), at(0)), None, "a clock that was set back");
    }
}
