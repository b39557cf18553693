//! Legal forms written onto a word of a firm's name: `BANKNOORPLC`, `ROSTEKHOOO`, `JSCORBITAL`, `LIMITED LIABILITY COMPANYORBITAL`.
//!
//! Idea: a form is cut off where it is no likely part of a word: long forms and such as begin or end no word from two or three letters
//! on, other forms of three letters from four on, forms of two letters only where what is left is a word of listed names, or where dots
//! tell (`BIESTRAS.A.`). A long form of several words is told by the next of them (`PLANTJOINT STOCK`). A word that is borne on the
//! lists as it stands is never cut.
//! Invariant: one cut a word; nothing is lost. Cost: one look-up in the table of rarity for a word that ends or begins so.

use super::super::place_of;
use super::Buffers;
use crate::rarity;

/// Forms that may end a word, by the letters that must remain before them at least.
const ENDS: [(usize, &[&str]); 3] = [
    (2, &["limited", "company"]),
    (
        3,
        &[
            "corporation",
            "incorporated",
            "gmbh",
            "pjsc",
            "ojsc",
            "cjsc",
            "fzco",
            "ltd",
            "llc",
            "llp",
            "jsc",
            "ooo",
            "plc",
            "srl",
            "fze",
            "fzc",
            "kft",
            "pvt",
            "corp",
            "ооо",
            "оао",
            "зао",
        ],
    ),
    (4, &["ltda", "sarl", "oao", "zao", "pao", "inc", "sro", "spa", "doo", "sas", "ead", "pte", "пао"]),
];

/// Forms of two letters that many words end in.
const SHORT_ENDS: [&str; 14] = ["sa", "ag", "ao", "bv", "nv", "kg", "oy", "ab", "as", "co", "ad", "ou", "sl", "ао"];

/// Forms that may begin a word, likewise.
const STARTS: [(usize, &[&str]); 3] = [
    (2, &["ojsc", "pjsc", "cjsc", "jsc", "ooo", "oao", "llc", "ооо", "оао", "зао"]),
    (2, &["company", "corporation", "limited", "fsue", "fgup", "gmbh", "пао", "ао"]),
    (3, &["zao", "pao", "ao"]),
];

/// Forms that stand at the end together, and where the second begins.
const PAIRS: [(&str, usize); 5] = [("pvtltd", 3), ("pteltd", 3), ("coltd", 2), ("collc", 2), ("sdnbhd", 3)];

/// Beginnings of forms of several words, and the words that follow them.
const LONG_FORMS: [(&str, &str); 7] = [
    ("joint", "stock"),
    ("limited", "liability"),
    ("public", "joint"),
    ("open", "joint"),
    ("closed", "joint"),
    ("sdn", "bhd"),
    ("private", "limited"),
];

/// Words that end in a form and are none with a form written on.
const WORDS: [&str; 2] = ["unlimited", "accompany"];

/// Letters that must remain before a form of two letters, and where it is abbreviated with a dot.
const MIN_SHORT: usize = 4;
const MIN_DOTTED: usize = 3;

/// The name with forms cut off; `None` where none is glued on.
pub(super) fn cut(name: &str, buffers: &mut Buffers) -> Option<String> {
    let mut out = String::new();
    let folded = &mut buffers.one;
    let mut done = 0;
    let mut chunks = name.split_whitespace().peekable();
    while let Some(chunk) = chunks.next() {
        let next = chunks.peek().copied().unwrap_or_default();
        let dotted = dotted(chunk.trim_end_matches(['.', ',', ')', '"']));
        let places = if dotted.is_some() {
            [dotted, None]
        } else {
            // Of words with a hyphen or a dot between them the first and the last may have a form.
            let first = chunk.split(['-', '.']).next().unwrap_or_default();
            let last = chunk.trim_end_matches('.').rfind(['-', '.']).map(|at| at + 1);
            let behind = last.and_then(|at| Some(at + place(chunk.get(at..)?, next, folded)?));
            [place(if last.is_none() { chunk } else { first }, next, folded), behind]
        };
        let start = place_of(chunk, name);
        for at in places.into_iter().flatten() {
            out.push_str(name.get(done..start + at).unwrap_or_default());
            out.push(' ');
            done = start + at;
        }
    }
    (done > 0).then(|| {
        out.push_str(name.get(done..).unwrap_or_default());
        out
    })
}

/// Where in a word the cut is.
fn place(word: &str, next: &str, folded: &mut String) -> Option<usize> {
    let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    if bare.len() < MIN_SHORT {
        return None;
    }
    folded.clear();
    folded.extend(bare.chars().flat_map(char::to_lowercase));
    if folded.len() != bare.len() || !folded.chars().all(char::is_alphanumeric) {
        return None;
    }
    let remains = |rest: &str, least: usize| {
        rest.chars().nth(least - 1).is_some() || !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit())
    };
    // Most forms are out by one letter.
    let forms = |table: &'static [(usize, &[&str]); 3], edge: fn(&str) -> Option<&u8>| {
        let own = edge(folded);
        let all = table.iter().flat_map(|(least, forms)| forms.iter().map(move |form| (*least, *form)));
        all.filter(move |(_, form)| edge(form) == own)
    };
    if let Some((_, at)) = PAIRS.iter().find(|(pair, _)| folded == pair) {
        return Some(*at);
    }
    let long = LONG_FORMS.iter().find_map(|(form, then)| {
        folded.strip_suffix(form).filter(|rest| !rest.is_empty() && next.eq_ignore_ascii_case(then))
    });
    if let Some(rest) = long {
        return Some(rest.len());
    }
    let end = || {
        let rest = |(least, form)| folded.strip_suffix(form).filter(|rest| remains(rest, least));
        forms(&ENDS, |word| word.as_bytes().last()).find_map(rest).map(str::len)
    };
    let start = || {
        let form = |(least, form): (usize, &'static str)| {
            folded.strip_prefix(form).filter(|rest| remains(rest, least)).map(|_| form.len())
        };
        forms(&STARTS, |word| word.as_bytes().first()).find_map(form)
    };
    let short_end = || {
        let least = if word[bare.len()..].starts_with('.') { MIN_DOTTED } else { MIN_SHORT };
        let rest = SHORT_ENDS.iter().find_map(|form| folded.strip_suffix(form))?;
        (remains(rest, least) && rarity::is_listed(rest)).then_some(rest.len())
    };
    let at = end().or_else(start).or_else(short_end)?;
    (!rarity::is_listed(folded) && !WORDS.contains(&folded.as_str())).then_some(at)
}

/// Where a form with dots between its letters begins (`BIESTRAS.A`), the last dot taken off.
fn dotted(word: &str) -> Option<usize> {
    if !word.contains('.') {
        return None;
    }
    const FORMS: [&str; 17] = [
        "s.a.s", "s.r.l", "s.p.a", "s.r.o", "d.o.o", "l.l.c", "l.t.d", "j.s.c", "p.j.s", "p.l.c", "s.a", "b.v", "n.v",
        "a.g", "k.g", "a.s", "s.l",
    ];
    let form = FORMS.iter().find(|form| {
        let at = word.len().checked_sub(form.len()).filter(|at| word.is_char_boundary(*at));
        at.is_some_and(|at| word[at..].eq_ignore_ascii_case(form))
    })?;
    let before = word.get(..word.len() - form.len())?;
    let letters = before.chars().filter(|c| c.is_alphanumeric()).count();
    let is_number = before.bytes().all(|byte| byte.is_ascii_digit());
    (before.ends_with(char::is_alphanumeric) && (letters > 1 || is_number && letters == 1)).then_some(before.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_cut_off_where_no_word_ends_or_begins_so() {
        let cut = |name| cut(name, &mut Buffers::default());
        for (name, wanted) in [
            ("BANKNOORPLC", "BANKNOOR PLC"),
            ("Zarbinollc", "Zarbino llc"),
            ("KVANTARISOOO", "KVANTARIS OOO"),
            ("JSCORBITALIKA", "JSC ORBITALIKA"),
            ("LIMITED LIABILITY COMPANYZARBINO", "LIMITED LIABILITY COMPANY ZARBINO"),
            ("Zarbino PTELTD", "Zarbino PTE LTD"),
            ("ZARBINOS.A.", "ZARBINO S.A."),
            ("ORBITALIKALtd.", "ORBITALIKA Ltd."),
            ("ZARBINOCOMPANY KVANTARISLLC", "ZARBINO COMPANY KVANTARIS LLC"),
            ("ZARBINOJOINT STOCK COMPANY", "ZARBINO JOINT STOCK COMPANY"),
            ("OOOZARBINO-KVANTARIS", "OOO ZARBINO-KVANTARIS"),
            ("ZARBINO-KVANTARISLLC", "ZARBINO-KVANTARIS LLC"),
            ("Zarbino 88LIMITED", "Zarbino 88 LIMITED"),
        ] {
            assert_eq!(cut(name).as_deref(), Some(wanted), "{name}");
        }
        for name in [
            "UNLIMITED",
            "ACCOMPANY",
            "S.A.",
            "NASA",
            "I.B.M.",
            "KANSAS",
            "Paolo",
            "Zinc",
            "Golden Horn LLC",
            "Cohen",
            "Molostov",
        ] {
            assert_eq!(cut(name), None, "{name}");
        }
    }
}
