//! Lists that an answer does without, or has only in part or in an older version: told on stderr, in JSON and in CSV, so that "no hit" never says
//! more than was asked.

use interdict_batch::answer::faults;
use interdict_snapshot::{ListMeta, Meta, Snapshot};

use crate::output::{plain, tell_line};

/// Warns of the gaps among the lists asked, all where none is named; also where notes are not wanted.
pub(crate) fn tell(snapshot: &Snapshot, asked: &[String]) {
    let lists = &snapshot.meta().lists;
    let tell = |of_one: &str, of_several: &str, reason: fn(&ListMeta) -> Option<&String>| {
        let gaps: Vec<&ListMeta> =
            lists.iter().filter(|list| is_asked(list, asked) && reason(list).is_some()).collect();
        match gaps.as_slice() {
            [] => {}
            [list] => {
                let reason = plain(reason(list).map_or("", String::as_str));
                tell_line(format_args!("warning: list `{}` {of_one} {reason}", list.id));
            }
            several => {
                let names: Vec<&str> = several.iter().map(|list| list.id.as_str()).collect();
                let (n, names) = (names.len(), names.join(", "));
                tell_line(format_args!("warning: {n} lists {of_several}: {names}; `interdict lists status` says why"));
            }
        }
    };
    tell("could not be consulted: missing", "could not be consulted", |list| list.missing.as_ref());
    tell("is stale", "are stale", |list| list.stale.as_ref());
    // Of the starter list it is said already, and more plainly.
    if !snapshot.meta().starter {
        tell("is not whole:", "are not whole", |list| list.partial.as_ref());
    }
}

/// Whether a list is among those asked; all are where none is named.
pub(crate) fn is_asked(list: &ListMeta, asked: &[String]) -> bool {
    asked.is_empty() || asked.iter().any(|name| name == list.id.as_str())
}

/// The gaps among the lists asked as one cell: `eu_fsf missing|us_ofac_sdn stale`; empty where there are none, and for the
/// starter list, which has a column of its own.
pub(crate) fn cell(meta: &Meta, asked: &[String]) -> String {
    if meta.starter {
        return String::new();
    }
    let lists = meta.lists.iter().filter(|list| is_asked(list, asked));
    let gaps = lists.flat_map(|list| faults(list).map(|(word, _)| format!("{} {word}", list.id)));
    gaps.collect::<Vec<_>>().join("|")
}

/// What is said where nothing was found on the lists asked.
pub(crate) fn no_hit(meta: &Meta, asked: &[String]) -> String {
    let n_missing = meta.lists.iter().filter(|list| is_asked(list, asked) && list.missing.is_some()).count();
    match n_missing {
        _ if meta.starter => "no hit on the starter list, which clears nobody".to_owned(),
        0 => "no hit".to_owned(),
        n => format!("no hit; {n} of the lists could not be consulted"),
    }
}
