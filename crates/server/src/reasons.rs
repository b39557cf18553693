//! What clients are told of what went wrong with a list: names and reasons, without where this machine keeps its files.
//!
//! Idea: reasons come from below with whole paths, which the operator needs and the log keeps; of a path a client is told the last part.

use interdict_snapshot::Meta;

/// A reason with every path of this machine cut to its last part; addresses stay.
pub(crate) fn for_clients(reason: &str) -> String {
    let mut told = String::with_capacity(reason.len());
    for piece in reason.split_inclusive(char::is_whitespace) {
        // What stands before a path: a bracket, a quote, `file://`.
        let begin = piece.find("file:///").map_or_else(
            || piece.find('/').filter(|at| !piece[..*at].contains(|c: char| c.is_alphanumeric() || c == ':')),
            |at| Some(at + "file://".len()),
        );
        let Some(begin) = begin else {
            told.push_str(piece);
            continue;
        };
        let (before, path) = piece.split_at(begin);
        told.push_str(before.strip_suffix("file://").unwrap_or(before));
        let name = path.trim_end().trim_end_matches('/').rfind('/').map_or(path, |at| &path[at + 1..]);
        told.push_str(name);
    }
    told
}

/// What a snapshot says of its lists, for clients.
pub(crate) fn meta_for_clients(meta: &Meta) -> Meta {
    let mut meta = meta.clone();
    for list in &mut meta.lists {
        for reason in [&mut list.stale, &mut list.missing, &mut list.partial].into_iter().flatten() {
            *reason = for_clients(reason);
        }
    }
    meta
}

#[cfg(test)]
mod tests {
    use super::for_clients;

    #[test]
    fn paths_are_cut_and_addresses_are_not() {
        for (whole, told) in [
            ("/data/downloads/nothing/x/empty.json: the file holds no record", "empty.json: the file holds no record"),
            ("(see `/data/a/b.json`)", "(see `b.json`)"),
            ("https://example.org/a/b.json: 404", "https://example.org/a/b.json: 404"),
            ("file:///data/a/index.json: cannot be read", "index.json: cannot be read"),
            ("fell from 90 to 80 parties, more than 10 % and/or", "fell from 90 to 80 parties, more than 10 % and/or"),
            ("/data/a/: x", ": x"),
            ("a folder /data/lists/", "a folder lists/"),
        ] {
            assert_eq!(for_clients(whole), told);
        }
    }
}
