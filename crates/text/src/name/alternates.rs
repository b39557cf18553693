//! Several names in one field: `Global Relief Foundation (GRF)`, `Al-Qa'ida/Islamic Army`, `X Ltd formerly Y Ltd`.
//!
//! Idea: what stands in brackets is a name of its own where it has a legal form, is the acronym of what stands outside, or is
//! said to be another name; a semicolon, and a slash between the names of organizations, separate names; so do words such as
//! *a.k.a.* Each name found becomes a reading beside the whole.
//! Invariant: every alternate is shorter than the name; at most [`MAX_ALTERNATES`], no empty one. A bracket that only says
//! where or what (`Bank Melli (London)`) makes none: it keeps two parties apart.
//! Cost: linear; nothing for a name without such marks.

use std::borrow::Cow;
use std::ops::Range;

use smallvec::SmallVec;

use super::{NameKind, Row, place_of};
use crate::{fold, legal, script, words};

/// Most alternates of one name.
pub(super) const MAX_ALTERNATES: usize = 8;

/// Words that say that another name follows.
const MARKERS: [&str; 23] = [
    "a.k.a.",
    "aka",
    "a.k.a",
    "a/k/a",
    "f.k.a.",
    "fka",
    "f/k/a",
    "n.k.a.",
    "nka",
    "d/b/a",
    "dba",
    "d.b.a.",
    "t/a",
    "also known as",
    "formerly known as",
    "formerly",
    "previously",
    "trading as",
    "doing business as",
    "aliases",
    "alias",
    "abbreviated",
    "abbreviation",
];

/// The names that a field holds besides the whole of it.
pub(super) fn alternates(name: &str, kind: NameKind) -> Vec<Cow<'_, str>> {
    if name.is_ascii() && !name.contains(['(', '[', '/', ';', '|', ',', ':']) && !may_have_marker(name) {
        return Vec::new();
    }
    let mut found: Vec<Cow<'_, str>> = Vec::new();
    match at_commas(name, kind) {
        Some(names) => found.extend(names.into_iter().map(Cow::Borrowed)),
        None => split(Cow::Borrowed(name), kind, 0, &mut found),
    }
    found.retain(|alternate| alternate.trim() != name.trim() && n_letters(alternate) >= 2);
    found.truncate(MAX_ALTERNATES);
    found
}

/// A cheap test before the search for markers, all of which hold one of these.
fn may_have_marker(name: &str) -> bool {
    let parts = |first: u8| match first {
        b'a' => &["aka", "a.k"][..],
        b'f' => &["fka", "f.k", "former"],
        b'n' => &["nka", "n.k"],
        b'd' => &["dba", "d.b"],
        b'k' => &["known"],
        b'p' => &["previous"],
        b' ' => &[" as ", " ex "],
        _ => &[],
    };
    let bytes = name.as_bytes();
    bytes
        .iter()
        .enumerate()
        .any(|(at, first)| parts(first.to_ascii_lowercase()).iter().any(|part| begins(&bytes[at..], part)))
}

/// Whether a text begins with a part in small letters of ASCII, whatever its own case.
fn begins(text: &[u8], part: &str) -> bool {
    text.get(..part.len()).is_some_and(|text| text.eq_ignore_ascii_case(part.as_bytes()))
}

/// Takes a name apart at its first mark, and its parts again.
fn split<'a>(name: Cow<'a, str>, kind: NameKind, depth: usize, out: &mut Vec<Cow<'a, str>>) {
    if out.len() >= MAX_ALTERNATES {
        return;
    }
    if depth > MAX_ALTERNATES {
        return out.push(name);
    }
    if let Some(bare) = before_remark(&name) {
        return split(Cow::Owned(bare), kind, depth + 1, out);
    }
    let parts = at_semicolon(&name)
        .or_else(|| at_form(&name, kind))
        .or_else(|| at_brackets(&name, kind))
        .or_else(|| at_marker(&name))
        .or_else(|| at_ex(&name, kind))
        .or_else(|| at_slash(&name, kind));
    match parts {
        Some((one, other)) => {
            split(Cow::Owned(one), kind, depth + 1, out);
            split(Cow::Owned(other), kind, depth + 1, out);
        }
        None if depth > 0 => out.push(name),
        None => {}
    }
}

fn n_letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

fn both(one: &str, other: &str, least: usize) -> Option<(String, String)> {
    (n_letters(one) >= least && n_letters(other) >= least).then(|| (one.trim().to_owned(), other.trim().to_owned()))
}

/// What stands before a remark on the bearer that was left in the field of the name: `X, born 1 Jan. 1953 (Oman passport …)`.
fn before_remark(name: &str) -> Option<String> {
    const REMARKS: [&str; 6] = [", born ", "; born ", "(born ", ", dob", " dob:", "(dob"];
    let bytes = name.as_bytes();
    if !(0..bytes.len()).any(|at| begins(&bytes[at..], "born") || begins(&bytes[at..], "dob")) {
        return None;
    }
    let lower = name.to_lowercase();
    let ends = |at: usize| !lower.get(at..).and_then(|rest| rest.chars().next()).is_some_and(char::is_alphabetic);
    let found = |remark: &&str| lower.find(*remark).filter(|at| remark.ends_with(' ') || ends(at + remark.len()));
    let at = REMARKS.iter().filter_map(found).min()?;
    let bare = name.get(..at).filter(|_| lower.len() == name.len())?.trim();
    (n_letters(bare) >= 3).then(|| bare.to_owned())
}

fn at_semicolon(name: &str) -> Option<(String, String)> {
    const DOTS: [char; 5] = ['·', '\u{387}', '•', '‧', '・'];
    let dot = || name.match_indices(DOTS).find(|(at, dot)| spaced(name, *at, dot.len()));
    let at = name.find([';', '|', '；']).or_else(|| dot().map(|(at, _)| at))?;
    both(name.get(..at)?, name.get(at..)?.trim_start_matches(|c| DOTS.contains(&c) || matches!(c, ';' | '|' | '；')), 3)
}

/// A short form of a firm's name with the long one behind it, each begun by its legal form: `ООО «Вега» Общество с ограниченной
/// ответственностью «Вега»`. Only of names that are not plain ASCII: in English a form stands at the end.
fn at_form(name: &str, kind: NameKind) -> Option<(String, String)> {
    if kind == NameKind::Person || name.is_ascii() || name.contains(['(', '[']) {
        return None;
    }
    let mut folded = String::with_capacity(name.len() + 8);
    // Where each word stands in the name, and where it stands folded.
    let mut places: SmallVec<[(usize, Range<usize>); 12]> = SmallVec::new();
    for piece in name.split_whitespace() {
        let from = folded.len();
        fold::fold_into(piece, &mut folded);
        let word = folded.get(from..).unwrap_or_default().trim_matches(|c: char| !c.is_alphanumeric());
        if !word.is_empty() {
            let from = place_of(word, &folded);
            places.push((place_of(piece, name), from..from + word.len()));
        }
    }
    let texts: Row<'_> = places.iter().filter_map(|(_, place)| folded.get(place.clone())).collect();
    let found = legal::find(&texts);
    let first = found.first().filter(|form| form.start == 0)?;
    let inside = |form: &&legal::Found| form.start > first.len && form.start + form.len < texts.len();
    let second = found.iter().skip(1).filter(inside).find(|form| form.form == first.form)?;
    let (at, _) = places.get(second.start)?.clone();
    both(name.get(..at)?, name.get(at..)?, 3)
}

/// Names of a person between commas: each has two words or more, and there are three of them at least, or two in a script that
/// does not turn surname and given name round.
fn at_commas(name: &str, kind: NameKind) -> Option<Vec<&str>> {
    const COMMAS: [char; 3] = [',', '،', '、'];
    if kind != NameKind::Person || !name.contains(COMMAS) || name.contains(['(', '[', ';']) {
        return None;
    }
    let abjad = script::dominant(name).is_abjad();
    let names: Vec<&str> = name.split(COMMAS).map(str::trim).collect();
    let whole = |name: &&str| abjad && n_letters(name) >= 5 || name.split_whitespace().nth(1).is_some();
    (names.len() >= if abjad { 2 } else { 3 } && names.iter().all(whole)).then_some(names)
}

/// Whether what stands at a place has a space on either side.
fn spaced(name: &str, at: usize, len: usize) -> bool {
    let before = name.get(..at).is_some_and(|text| text.ends_with(' '));
    before && name.get(at + len..).is_some_and(|text| text.starts_with(' '))
}

/// What stands outside the first brackets and what stands inside, where that is a name too.
fn at_brackets(name: &str, kind: NameKind) -> Option<(String, String)> {
    let open = name.find(['(', '[', '（', '【'])?;
    let inside = name.get(open..)?.char_indices().nth(1).map(|(len, _)| open + len)?;
    let mut depth = 1;
    let close = name.get(inside..)?.char_indices().find(|(_, c)| {
        depth += match c {
            '(' | '[' | '（' | '【' => 1,
            ')' | ']' | '）' | '】' => -1,
            _ => 0,
        };
        depth == 0
    });
    let (inner, after) = match close {
        Some((len, c)) => (name.get(inside..inside + len)?, name.get(inside + len + c.len_utf8()..)?),
        None => (name.get(inside..)?, ""),
    };
    let outer = format!("{} {}", name.get(..open)?.trim_end(), after.trim_start());
    let inner = match after_ex(inner).filter(|_| kind != NameKind::Person) {
        Some(behind) => Cow::Owned(behind.to_owned()),
        None => unmarked(inner),
    };
    let said = inner.len() < name.get(inside..)?.len() && matches!(inner, Cow::Owned(_));
    let quoted = || inner.trim().starts_with(QUOTES) && n_letters(&inner) >= MIN_SIDE;
    let names =
        said || kind != NameKind::Person && (quoted() || has_form_and_name(&inner) || is_acronym(&inner, &outer));
    if names { both(&outer, &inner, 2) } else { None }
}

/// Marks that a name in brackets begins with (`X Design Bureau (‘Pathfinder’)`).
const QUOTES: [char; 7] = ['"', '‘', '’', '“', '”', '«', '„'];

/// The text behind a marker at its start, owned where there was one.
fn unmarked(inner: &str) -> Cow<'_, str> {
    let lower = inner.to_lowercase();
    for marker in MARKERS {
        if let Some(rest) = lower.trim_start().strip_prefix(marker)
            && rest.starts_with([' ', ':', '"', '\''])
        {
            let start = inner.len().checked_sub(rest.len()).filter(|at| inner.is_char_boundary(*at));
            if let Some(rest) = start.and_then(|at| inner.get(at..)) {
                return Cow::Owned(rest.trim_start_matches([' ', ':']).to_owned());
            }
        }
    }
    Cow::Borrowed(inner)
}

/// What stands behind *ex* at the beginning of what is in brackets: `Lana (ex Pegas)`, `Lana (ex-Pegas)`.
fn after_ex(inner: &str) -> Option<&str> {
    let inner = inner.trim_start();
    let rest = inner.get(2..).filter(|_| begins(inner.as_bytes(), "ex"))?;
    rest.strip_prefix([' ', '-', ':', '.']).map(str::trim)
}

/// Whether a text has a legal form and a word that is none.
fn has_form_and_name(text: &str) -> bool {
    let folded = fold::fold(text);
    let words = legal::bare_words(&folded);
    let covered: usize = legal::find(&words).iter().map(|form| form.len).sum();
    covered > 0 && covered < words.len() || words.iter().any(|word| legal::strip_affix(word).is_some())
}

/// Letters of an acronym, which may be several words: `СКБ САМИ ДВО РАН`.
const ACRONYM: std::ops::RangeInclusive<usize> = 2..=14;

/// Whether a word in capitals, or some, is made of the beginnings of the words outside, in their order: at least half of its letters
/// begin a word, and the others stand in the words.
fn is_acronym(inner: &str, outer: &str) -> bool {
    let letters: Vec<char> = inner.chars().filter(|c| c.is_alphanumeric()).collect();
    let marks = inner.chars().all(|c| c.is_alphanumeric() || c.is_whitespace() || ".-«»\"'‘’“”".contains(c));
    if !marks || !ACRONYM.contains(&letters.len()) || !letters.iter().all(|c| c.is_uppercase()) {
        return false;
    }
    let outer: Vec<char> = outer.chars().flat_map(char::to_lowercase).collect();
    let begins = |at: usize| at == 0 || !outer.get(at - 1).is_some_and(|c| c.is_alphanumeric());
    let (mut at, mut n_begin) = (0, 0);
    for letter in letters.iter().flat_map(|c| c.to_lowercase()) {
        let rest = || (at..outer.len()).filter(|at| outer[*at] == letter);
        // The beginning of a word if there is one; else the letter next at hand.
        let Some(found) = rest().find(|at| begins(*at)).or_else(|| rest().next()) else { return false };
        n_begin += usize::from(begins(found));
        at = found + 1;
    }
    n_begin * 2 >= letters.len()
}

fn at_marker(name: &str) -> Option<(String, String)> {
    let may_begin = |rest: &str| rest.starts_with(['a', 'd', 'f', 'n', 'p', 't', 'A', 'D', 'F', 'N', 'P', 'T']);
    if !name.split(' ').skip(1).any(may_begin) {
        return None;
    }
    let lower = name.to_lowercase();
    if lower.len() != name.len() {
        return None;
    }
    let behind_space = || lower.match_indices(' ').filter_map(|(at, _)| lower.get(at + 1..));
    let stands = |rest: &str, marker: &str| rest.strip_prefix(marker).is_some_and(|rest| rest.starts_with(' '));
    if !behind_space().any(|rest| may_begin(rest) && MARKERS.iter().any(|marker| stands(rest, marker))) {
        return None;
    }
    MARKERS.iter().find_map(|marker| {
        let rest = behind_space().find(|rest| stands(rest, marker))?;
        let at = lower.len() - rest.len() - 1;
        both(name.get(..at)?, name.get(at + marker.len() + 2..)?, 3)
    })
}

/// The name of a ship before and behind *ex*: what it was called before. `IMP EX` and the like are import and export.
fn at_ex(name: &str, kind: NameKind) -> Option<(String, String)> {
    const BEFORE: [&str; 6] = ["imp", "im", "import", "inter", "trans", "export"];
    if !matches!(kind, NameKind::Object | NameKind::Unknown) {
        return None;
    }
    let bytes = name.as_bytes();
    let at = (0..bytes.len()).find(|at| begins(&bytes[*at..], " ex "))?;
    let (before, behind) = (name.get(..at)?, name.get(at + 4..)?);
    let last = before.rsplit(' ').next().unwrap_or_default();
    if BEFORE.iter().any(|word| last.eq_ignore_ascii_case(word)) {
        return None;
    }
    both(before, behind, 3)
}

/// Letters that each side of a slash must have: below, the slash is part of an abbreviation (`A/S`, `M/V`).
const MIN_SIDE: usize = 5;

/// The two sides of a slash between names of organizations; words such as `import/export` belong together.
fn at_slash(name: &str, kind: NameKind) -> Option<(String, String)> {
    if kind == NameKind::Person {
        return None;
    }
    let (one, other) = name.split_once('/')?;
    let word = |text: Option<&str>| fold::fold(text.unwrap_or_default());
    let before = word(one.split_whitespace().next_back());
    let after = word(other.split(['/', ' ']).find(|word| !word.is_empty()));
    let everyday = words::is_generic(&before) && words::is_generic(&after);
    let (short_before, short_after) = (before.chars().count() < 3, after.chars().count() < 3);
    if everyday || short_before || short_after { None } else { both(one, other, MIN_SIDE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(name: &str) -> Vec<String> {
        alternates(name, NameKind::Organization).into_iter().map(Cow::into_owned).collect()
    }

    #[test]
    fn brackets_that_hold_a_name_give_one() {
        assert_eq!(names("Global Relief Foundation (GRF)"), ["Global Relief Foundation", "GRF"]);
        assert_eq!(names("KOREAN NATIONAL INSURANCE COMPANY (KNIC)")[1], "KNIC");
        assert_eq!(names("Общество с Ограниченной Ответственностью «Энтеп» (ООО «Энтеп»)")[1], "ООО «Энтеп»");
        assert_eq!(names("New Co Ltd (formerly Old Co Ltd)"), ["New Co Ltd", "Old Co Ltd"]);
        assert_eq!(names("A. Aviation (f.k.a. B. Airlines)")[1], "B. Airlines");
    }

    #[test]
    fn a_remark_is_no_part_of_a_name() {
        assert_eq!(names("Safia Al-Hadad, born 1 Jan. 1953 (passport no. 1)"), ["Safia Al-Hadad"]);
        for name in ["Born Logistics, Dublin", "PETROV, Dobrin", "Smith, Dobson"] {
            assert_eq!(names(name), [""; 0], "{name}");
        }
        assert_eq!(names("Ivan Petrov, DOB 1 Jan 1960"), ["Ivan Petrov"]);
    }

    #[test]
    fn brackets_that_say_where_or_what_give_none() {
        for name in ["Bank Melli (London)", "HSBC (Cyprus) plc", "Acme (UK) Limited", "Sberbank (Switzerland) AG"] {
            assert_eq!(names(name), [""; 0], "{name}");
        }
    }

    #[test]
    fn many_names_in_a_field_are_all_found() {
        let found = names("Alpha One; Beta Two; Gamma Three; Delta Four; Epsilon Five");
        assert_eq!(found, ["Alpha One", "Beta Two", "Gamma Three", "Delta Four", "Epsilon Five"]);
    }

    #[test]
    fn semicolons_slashes_and_markers_separate_names() {
        assert_eq!(names("Al-Qa'ida/Islamic Army"), ["Al-Qa'ida", "Islamic Army"]);
        assert_eq!(
            names("GRANDS LACS (CAGL) ; GREAT LAKES BUSINESS COMPANY (GLBC)"),
            ["GRANDS LACS (CAGL)", "GREAT LAKES BUSINESS COMPANY", "GLBC"]
        );
        assert_eq!(names("Alpha Shipping a.k.a. Beta Lines"), ["Alpha Shipping", "Beta Lines"]);
        for name in ["Maersk A/S", "M/V Sunrise", "Delta Import/Export", "Alpha Trading Ltd"] {
            assert_eq!(names(name), [""; 0], "{name}");
        }
    }
}
