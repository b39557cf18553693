//! The shrink guard: a list, or a list within it, that lost too much is not believed.
//!
//! Publishers have shipped files in which a whole part was missing (the SDN part of the US Consolidated Screening List on 6 May
//! 2024) while the total looked well. Hence every sub-list is judged by itself. What falls a little every day is held against the
//! largest counts of the last thirty days, too.

use std::collections::BTreeMap;
use std::fmt;

use interdict_model::PartialDate;
use serde::{Deserialize, Serialize};

use crate::rules::FetchRules;

/// Parties of a version, in all and by the publisher's own lists within the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Parties in all.
    pub parties: u64,
    /// Parties by sub-list.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sub_lists: BTreeMap<String, u64>,
}

/// The largest counts that were believed on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Believed {
    /// The last day on which they were.
    pub day: String,
    /// The counts.
    pub counts: Counts,
}

/// Days for which the guard remembers what it believed: a tenth a day is no tenth.
const DAYS_REMEMBERED: u32 = 30;

/// Notes what was believed until now, and from now on. What is older than the guard remembers goes; a day that cannot be read
/// stays, as does one that is yet to come.
pub(crate) fn remember(recent: &mut Vec<Believed>, old: Option<&Counts>, new: &Counts, now: &str) {
    let today = PartialDate::parse(now).map(PartialDate::first_day);
    recent.retain(|believed| {
        let then = PartialDate::parse(&believed.day).map(PartialDate::first_day);
        today.zip(then).is_none_or(|(today, then)| today.saturating_sub(then) <= DAYS_REMEMBERED)
    });
    let day = now.split('T').next().unwrap_or_default().to_owned();
    let at = recent.iter().position(|believed| believed.day == day);
    let mut counts = at.map(|at| recent.remove(at).counts).unwrap_or_default();
    for seen in old.into_iter().chain([new]) {
        counts.parties = counts.parties.max(seen.parties);
        for (name, n) in &seen.sub_lists {
            let largest = counts.sub_lists.entry(name.clone()).or_default();
            *largest = (*largest).max(*n);
        }
    }
    recent.push(Believed { day, counts });
}

/// Everything that fell by more than its limit since any day that the guard remembers; each count once, by its deepest fall.
pub(crate) fn falls_since(recent: &[Believed], new: &Counts, rules: &FetchRules, now: &str) -> Vec<Fall> {
    let mut remembered = recent.to_vec();
    remember(&mut remembered, None, new, now);
    let mut deepest = BTreeMap::<Option<String>, Fall>::new();
    for believed in &remembered {
        for fall in falls(&believed.counts, new, rules) {
            let fall = Fall { since: Some(believed.day.clone()), ..fall };
            match deepest.get_mut(&fall.sub_list) {
                Some(known) if known.old > fall.old => {}
                Some(known) => *known = fall,
                None => drop(deepest.insert(fall.sub_list.clone(), fall)),
            }
        }
    }
    deepest.into_values().collect()
}

/// One count that fell by more than its limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fall {
    /// The sub-list; the whole list where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_list: Option<String>,
    /// Parties in the last good version.
    pub old: u64,
    /// Parties now.
    pub new: u64,
    /// Percent that it may lose.
    pub limit_percent: u8,
    /// When it was last that large, where that was not the last good version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

impl fmt::Display for Fall {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fall { sub_list, old, new, limit_percent, since } = self;
        match sub_list {
            Some(name) if *new == 0 => return write!(out, "sub-list {name} is gone (it had {old} parties)"),
            Some(name) => write!(out, "sub-list {name} ")?,
            None => write!(out, "the list ")?,
        }
        write!(out, "fell from {old} to {new} parties, more than {limit_percent} %")?;
        since.iter().try_for_each(|since| write!(out, " since {since}"))
    }
}

/// Everything that fell by more than its limit from one version to the next.
pub(crate) fn falls(old: &Counts, new: &Counts, rules: &FetchRules) -> Vec<Fall> {
    let whole = (None, old.parties, new.parties, rules.shrink_percent());
    let parts = old.sub_lists.iter().map(|(name, count)| {
        let now = new.sub_lists.get(name).copied().unwrap_or_default();
        (Some(name.clone()), *count, now, rules.shrink_percent_of(name))
    });
    std::iter::once(whole)
        .chain(parts)
        .filter(|(sub_list, old, new, percent)| {
            let lost = old.saturating_sub(*new);
            let gone = sub_list.is_some() && *new == 0 && *old > 0;
            gone || lost.saturating_mul(100) > old.saturating_mul(u64::from(*percent))
        })
        .map(|(sub_list, old, new, limit_percent)| Fall { sub_list, old, new, limit_percent, since: None })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(parties: u64, sub_lists: &[(&str, u64)]) -> Counts {
        Counts { parties, sub_lists: sub_lists.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect() }
    }

    #[test]
    fn a_tenth_may_go_and_no_more() {
        let rules = FetchRules::default();
        assert_eq!(falls(&counts(100, &[]), &counts(90, &[]), &rules), []);
        assert_eq!(
            falls(&counts(100, &[]), &counts(89, &[]), &rules)[0].to_string(),
            "the list fell from 100 to 89 parties, more than 10 %"
        );
        assert_eq!(falls(&counts(100, &[]), &counts(300, &[]), &rules), []);
        assert_eq!(falls(&counts(0, &[]), &counts(0, &[]), &rules), []);
    }

    #[test]
    fn a_sub_list_cannot_hide_in_the_total() {
        let rules = FetchRules::default();
        let (old, new) = (counts(100, &[("EL", 60), ("SDN", 40)]), counts(100, &[("EL", 100)]));
        assert_eq!(falls(&old, &new, &rules)[0].to_string(), "sub-list SDN is gone (it had 40 parties)");
        let new = counts(100, &[("EL", 80), ("SDN", 20)]);
        assert_eq!(falls(&old, &new, &rules).len(), 1);
        assert_eq!(falls(&old, &counts(110, &[("EL", 60), ("SDN", 40), ("UVL", 10)]), &rules), []);
    }
}
