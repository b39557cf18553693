//! The shrink guard: a list, or a list within it, that lost too much is not believed.
//!
//! Publishers have shipped files in which a whole part was missing (the SDN part of the US Consolidated Screening List on 6 May
//! 2024) while the total looked well. Hence every sub-list is judged by itself.

use std::collections::BTreeMap;
use std::fmt;

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
}

impl fmt::Display for Fall {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fall { sub_list, old, new, limit_percent } = self;
        match sub_list {
            Some(name) if *new == 0 => return write!(out, "sub-list {name} is gone (it had {old} parties)"),
            Some(name) => write!(out, "sub-list {name} ")?,
            None => write!(out, "the list ")?,
        }
        write!(out, "fell from {old} to {new} parties, more than {limit_percent} %")
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
        .map(|(sub_list, old, new, limit_percent)| Fall { sub_list, old, new, limit_percent })
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
