//! A name within the prose of a payment, an invoice or a letter: `PAYMENT TO X FOR INVOICE 1234`, `attn: X`, `X c/o Y`.
//!
//! Idea: phrases of prose say where a name begins and where it has ended; what lies between is read as a name. Only what stands before
//! a lead and is wholly prose is left out: between two names a lead parts them.
//! Invariant: at most two names, each with a word that tells; none where the text is no prose. Cost: a look-up a word; two allocations
//! where any word can begin a phrase.
//! Source: `data/words/prose.tsv`.

use std::sync::LazyLock;

use super::super::place_of;
use super::{Buffers, lower_into};
use crate::map::Map;
use crate::table;
use crate::{fold, legal, words};

/// What a phrase says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    /// A name follows.
    Lead,
    /// The name has ended.
    Stop,
    /// Likewise where a number follows.
    Numbered,
    /// Nothing.
    Filler,
    /// The end of a name that *for* begins.
    Close,
    /// Nothing, before a stop.
    Trail,
    /// In brackets, which desk of the bearer is meant.
    Office,
}

struct Phrase {
    says: Says,
    words: Vec<&'static str>,
}

/// Phrases by their first word, the longest first.
static PHRASES: LazyLock<Map<&'static str, Vec<Phrase>>> = LazyLock::new(|| {
    let mut phrases: Map<&'static str, Vec<Phrase>> = Map::default();
    for line in table::rows(include_str!("../../../data/words/prose.tsv")) {
        let Some((class, row)) = line.split_once('\t') else { continue };
        let says = match class {
            "lead" => Says::Lead,
            "stop" => Says::Stop,
            "numbered" => Says::Numbered,
            "filler" => Says::Filler,
            "close" => Says::Close,
            "trail" => Says::Trail,
            "office" => Says::Office,
            _ => unreachable!("prose.tsv has the unknown class {class}"),
        };
        for phrase in row.split(", ") {
            let words: Vec<&str> = phrase.split(' ').collect();
            let Some(first) = words.first() else { continue };
            let row = phrases.entry(first).or_default();
            let at = row.iter().position(|known| known.words.len() < words.len()).unwrap_or(row.len());
            row.insert(at, Phrase { says, words });
        }
    }
    phrases
});

/// A word of the text.
struct Word<'a> {
    /// In small letters, without marks around it; empty for marks alone.
    text: &'a str,
    /// Where it stands, marks and all.
    from: usize,
    to: usize,
}

/// Words of a text that are looked at.
const MAX_WORDS: usize = 80;

/// Marks that part a name from what surrounds it.
const MARKS: [char; 10] = [' ', '-', '–', '—', ':', ',', ';', '/', '|', '#'];

/// The names in a text of prose; none where it is no such text.
pub(super) fn names_in<'a>(name: &'a str, buffers: &mut Buffers) -> Vec<&'a str> {
    let bare = without_office(name);
    let found = Prose::of(bare.unwrap_or(name), &mut buffers.one).map(|prose| prose.names()).unwrap_or_default();
    if found.is_empty() { bare.into_iter().collect() } else { found }
}

/// What stands before brackets at the end that only say which desk is meant: `X (sales office)`.
fn without_office(name: &str) -> Option<&str> {
    let (before, inner) = name.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    let inner = inner.trim().to_lowercase();
    let words: Vec<&str> = inner.split_whitespace().collect();
    let is_office = |phrase: &Phrase| phrase.says == Says::Office && phrase.words == words;
    let known = PHRASES.get(words.first()?).is_some_and(|row| row.iter().any(is_office));
    Some(before.trim_end()).filter(|before| known && tells(before))
}

/// Whether a text has a word that tells: neither a legal form nor of everybody, nor prose.
fn tells(text: &str) -> bool {
    let folded = fold::fold(text);
    let bare = legal::bare_words(&folded);
    let forms = legal::find(&bare);
    let is_form = |at: usize| forms.iter().any(|form| (form.start..form.start + form.len).contains(&at));
    let others = || bare.iter().enumerate().filter(|(at, _)| !is_form(*at)).map(|(_, word)| *word);
    let prose = |word: &str| len_of(&[word], 0, Says::Filler) > 0;
    // Two words of everybody's are a name too: `Eastern Trade`, `T.D.G.`.
    others().any(|word| word.chars().nth(1).is_some() && !words::is_generic(word) && !prose(word))
        || others().filter(|word| !prose(word)).nth(1).is_some()
}

/// Number of words of the phrase of a class that stands at a place; 0 for none.
fn len_of(texts: &[&str], at: usize, says: Says) -> usize {
    let Some(row) = texts.get(at).and_then(|word| PHRASES.get(word)) else { return 0 };
    let stands = |phrase: &&Phrase| phrase.says == says && texts[at..].starts_with(&phrase.words);
    row.iter().find(stands).map_or(0, |phrase| phrase.words.len())
}

struct Prose<'a, 'b> {
    name: &'a str,
    /// Where each word stands in it.
    places: Vec<(usize, usize)>,
    lower: &'b str,
    /// Where each word's text stands in `lower`.
    spans: Vec<(usize, usize)>,
}

impl<'a, 'b> Prose<'a, 'b> {
    /// `lower` is working memory.
    fn of(name: &'a str, lower: &'b mut String) -> Option<Prose<'a, 'b>> {
        lower_into(name, lower);
        let lower: &str = lower;
        if lower.len() != name.len() || !lower.contains([' ', ':', '/']) {
            return None;
        }
        let begins =
            |word: &str| PHRASES.get(word).is_some_and(|row| row.iter().any(|phrase| phrase.says != Says::Office));
        let mut any = false;
        each_word(lower, |word| any = any || begins(word.text));
        if !any {
            return None;
        }
        let mut prose = Prose { name, places: Vec::new(), lower, spans: Vec::new() };
        each_word(lower, |word| {
            prose.places.push((word.from, word.to));
            let from = place_of(word.text, lower);
            prose.spans.push((from, from + word.text.len()));
        });
        (prose.places.len() <= MAX_WORDS).then_some(prose)
    }

    fn names(&self) -> Vec<&'a str> {
        let texts: Vec<&str> =
            self.spans.iter().map(|(from, to)| self.lower.get(*from..*to).unwrap_or_default()).collect();
        let n = texts.len();
        let is = |says: Says, at: usize| len_of(&texts, at, says) > 0;
        let has_digit = |at: usize| texts.get(at).is_some_and(|word| word.bytes().any(|byte| byte.is_ascii_digit()));
        let empty = |at: usize| texts.get(at).is_some_and(|word| word.is_empty());
        let is_number = |at: usize| has_digit(at) && !texts[at].contains(char::is_alphabetic);
        let nothing = |at: usize| is(Says::Filler, at) || empty(at) || is_number(at);
        // A number behind such a word, `no.` and marks between them passed over.
        let numbered = |at: usize| {
            let len = len_of(&texts, at, Says::Numbered);
            let mut next = at + len;
            while len > 0
                && (empty(next) || texts.get(next).is_some_and(|word| matches!(*word, "no" | "nr" | "number")))
            {
                next += 1;
            }
            (len > 0 && has_digit(next)).then_some(next + 1)
        };
        // What stands before the name: prose with a lead in it.
        let (mut from, mut at, mut led) = (0, 0, false);
        while at < n {
            if let Some(after) = numbered(at) {
                (at, from, led) = (after, after, true);
            } else if is(Says::Lead, at) {
                at += len_of(&texts, at, Says::Lead);
                (from, led) = (at, true);
            } else if nothing(at) {
                at += 1;
            } else {
                break;
            }
        }
        // A number that begins a name behind a lead is its own.
        let stop = |from: usize| (from + 1..n).find(|at| is(Says::Stop, *at) || numbered(*at).is_some());
        let to = stop(from);
        let lead = (from + 1..to.unwrap_or(n)).find(|at| is(Says::Lead, *at));
        let mut found = Vec::new();
        match lead {
            Some(at) => {
                let behind = at + len_of(&texts, at, Says::Lead);
                let end = end_of(&texts, behind, stop(behind));
                let own_end = end_of(&texts, from, Some(at));
                if led || own_end >= from + 2 && end >= behind + 2 {
                    found.push((from, own_end));
                    found.push((behind, end));
                }
            }
            None if led => found.push((from, end_of(&texts, from, to))),
            None if to.is_some() => {
                let end = end_of(&texts, 0, to);
                let first = (0..end).find(|at| !is(Says::Filler, *at) && !empty(*at)).unwrap_or(end);
                found.push((first, end));
            }
            None if n > 2
                && matches!(texts[0], "for" | "за" | "для" | "für" | "pour" | "para")
                && is(Says::Close, n - 1) =>
            {
                found.push((1, n - 1));
            }
            None => {}
        }
        let text = |(from, to): (usize, usize)| {
            let (start, end) = (self.places.get(from)?.0, self.places.get(to.checked_sub(1)?)?.1);
            self.name.get(start..end).map(|text| text.trim_matches(MARKS))
        };
        let found = found.into_iter().filter(|(from, to)| from < to && (*from, *to) != (0, n));
        found.filter_map(text).filter(|text| tells(text)).collect()
    }
}

/// Where a name ends that ends at a stop, or with the text: before what joins it to the stop, and before a date.
fn end_of(texts: &[&str], from: usize, stop: Option<usize>) -> usize {
    let mut to = stop.unwrap_or(texts.len());
    let is_date = |word: &str| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let year = digits == 4 && (word.starts_with("19") || word.starts_with("20"));
        (digits >= 6 || year || digits >= 3 && word.len() > digits) && !word.contains(char::is_alphabetic)
    };
    while to > from {
        let word = texts[to - 1];
        if !(word.is_empty() || len_of(texts, to - 1, Says::Trail) > 0 || stop.is_none() && is_date(word)) {
            break;
        }
        to -= 1;
    }
    to
}

/// Cuts a text in small letters into words: at blanks, and at slashes, colons and bars between two words (`/BNF/OMAR`), but not in
/// `c/o`.
fn each_word<'a>(lower: &'a str, mut each: impl FnMut(Word<'a>)) {
    let bare = |text: &'a str| text.trim_matches(|c: char| !c.is_alphanumeric());
    let place = |text: &str| place_of(text, lower);
    for chunk in lower.split_whitespace() {
        let text = bare(chunk);
        let (from, to) = (place(chunk), place(chunk) + chunk.len());
        if !text.contains(['/', ':', '|']) || PHRASES.contains_key(text) {
            each(Word { text, from, to });
            continue;
        }
        for piece in chunk.split_inclusive(['/', ':', '|']) {
            let from = place(piece);
            each(Word { text: bare(piece), from, to: from + piece.len() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_prose_are_found() {
        for (text, wanted) in [
            ("PAYMENT TO OMAR ZARBINO FOR INVOICE 1234", &["OMAR ZARBINO"][..]),
            ("Orbitalika Ltd. - invoice 2024/117", &["Orbitalika Ltd."]),
            ("transfer in favour of Zarbino", &["Zarbino"]),
            ("ship Ocean Zarbino arriving from Singapore", &["Ocean Zarbino"]),
            ("attn: Omar Zarbino", &["Omar Zarbino"]),
            ("for Omar Zarbino account", &["Omar Zarbino"]),
            ("beneficiary ORBITALIKA 2 ref 88210", &["ORBITALIKA 2"]),
            ("/BNF/OMAR ZARBINO/REF/12345", &["OMAR ZARBINO"]),
            ("INV 77812 ORBITALIKA TRADING LLC", &["ORBITALIKA TRADING LLC"]),
            ("Omar Zarbino (sales office)", &["Omar Zarbino"]),
            ("Orbitalika Trading LLC c/o Omar Zarbino", &["Orbitalika Trading LLC", "Omar Zarbino"]),
            ("salary for Omar Zarbino 12.05.2024", &["Omar Zarbino"]),
            ("оплата в пользу ООО Зарбино по договору 15", &["ООО Зарбино"]),
            ("payment to ZX1234 for invoice 12", &["ZX1234"]),
            ("order by EASTERN TRADE LLC dated 3 May", &["EASTERN TRADE LLC"]),
            ("ship ZARBINO YU 8646 arriving from Singapore", &["ZARBINO YU 8646"]),
            ("goods supplied to Zarbino Ltd under contract 55", &["Zarbino Ltd"]),
        ] {
            assert_eq!(names_in(text, &mut Buffers::default()), wanted, "{text}");
        }
    }

    #[test]
    fn names_that_have_words_of_prose_stay_whole() {
        for name in [
            "Invoice Trading LLC",
            "Order of Saint Zarbino",
            "Beneficiary Services Ltd",
            "Foundation for Relief and Development",
            "Transfer Technology Company",
            "Bank Melli (London)",
            "Reference Laboratory 12 Institute",
            "Payment Systems",
            "Ben Omar",
            "For Children",
            "attn",
            "",
        ] {
            assert_eq!(names_in(name, &mut Buffers::default()), [""; 0], "{name}");
        }
    }
}
