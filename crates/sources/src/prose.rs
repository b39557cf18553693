//! What publishers write alike within one field: nothing in many words, countries as adjectives, numbers of documents with
//! their kind before them, several values as `a) … b) …` or `(1) … (2) …`.
//!
//! Idea: each is taken apart by its form alone; what has another form comes back whole, for a note.

use interdict_model::Country;

use crate::dates::{self, Order};

/// Whether a text says that there is nothing to say.
pub(crate) fn is_nothing(text: &str) -> bool {
    let text = text.trim().trim_end_matches('.');
    text.is_empty()
        || matches!(
            text.to_lowercase().as_str(),
            "-" | "na" | "n/a" | "none" | "nil" | "unknown" | "00" | "not known" | "not applicable"
        )
}

/// The countries that a text names: it is one, or its parts are, or one stands at its beginning.
pub(crate) fn countries(text: &str) -> Vec<Country> {
    const MOST_WORDS: usize = 6;
    let text = text.trim().trim_end_matches(['.', ',', ';']);
    if is_nothing(text) {
        return Vec::new();
    }
    if let Some(country) = Country::parse(text) {
        return vec![country];
    }
    let mut found: Vec<Country> = Vec::new();
    let parts = text
        .split([',', ';', '/', '(', ')', '\n', '.'])
        .flat_map(|part| part.split(" and "))
        .flat_map(|part| part.split(" or "));
    for part in parts {
        let words: Vec<&str> = part.split_whitespace().collect();
        // The longest beginning that is a country: `Pakistan since 2009`, `Libyan passport number`.
        let longest = (1..=words.len().min(MOST_WORDS)).rev().find_map(|length| {
            let name = words.get(..length)?.join(" ");
            // A code inside prose is written in capitals; `no` and `is` are words.
            if name.len() <= 3 && name.bytes().any(|byte| byte.is_ascii_lowercase()) {
                return None;
            }
            Country::parse(&name)
        });
        if let Some(country) = longest
            && !found.contains(&country)
        {
            found.push(country);
        }
    }
    found
}

/// A document's number in the prose around it.
pub(crate) struct NumberInProse<'t> {
    /// What stands before: kind and country.
    pub(crate) lead: &'t str,
    /// The number.
    pub(crate) bare: &'t str,
}

impl<'t> NumberInProse<'t> {
    /// Takes the number out of the text.
    pub(crate) fn of(text: &'t str) -> NumberInProse<'t> {
        let whole = NumberInProse { lead: "", bare: text };
        let words: Vec<(usize, &str)> = words_of(text);
        let has_digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
        let is_series =
            |word: &str| (1..=3).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
        let Some(mut first) = words.iter().position(|(_, word)| has_digit(word)) else { return whole };
        let mut last = first;
        while first > 0 && words.get(first - 1).is_some_and(|(_, word)| is_series(word)) {
            first -= 1;
        }
        while let Some((_, word)) = words.get(last)
            && !word.ends_with([',', ';'])
            && words.get(last + 1).is_some_and(|(_, next)| {
                !next.starts_with('(') && (has_digit(next) || (is_series(next) && words.len() == last + 2))
            })
        {
            last += 1;
        }
        let (Some((start, _)), Some((end, word))) = (words.get(first), words.get(last)) else { return whole };
        let bare = text.get(*start..end + word.len()).unwrap_or(text).trim_end_matches([',', ';', '.', ')']);
        let prefix = ["no.", "No.", "no:", "No:", "nr.", "Nr."].iter().find_map(|prefix| bare.strip_prefix(prefix));
        let bare = prefix.unwrap_or(bare);
        let lead = text.get(..*start).unwrap_or_default().trim().trim_end_matches([':', '(']);
        // Letters without a gap are part of the number; `No.` and the like are lead.
        if bare.is_empty() { whole } else { NumberInProse { lead, bare } }
    }
}

fn words_of(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    let mut words = Vec::new();
    for word in text.split(char::is_whitespace) {
        if !word.is_empty() {
            words.push((at, word));
        }
        at += word.len() + text.get(at + word.len()..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    }
    words
}

/// The day of expiry that prose tells: `expires on 13 Oct. 2026`, `Date of expiration: 7 May 2022`.
pub(crate) fn expiry(text: &str, order: Order) -> Option<String> {
    const MARKS: &[&str] = &["expires", "expired", "expiring", "expires:", "expiration", "expiry", "until", "expired:"];
    let words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches(['(', ')', ';', ','])).collect();
    let mark = words.iter().position(|word| MARKS.contains(&word.to_lowercase().trim_end_matches([':', '.'])))?;
    let rest = words.get(mark + 1..)?;
    let skip = rest
        .iter()
        .take_while(|word| matches!(word.to_lowercase().trim_end_matches(':'), "on" | "date" | "in"))
        .count();
    let rest = rest.get(skip..)?;
    [3, 2, 1].into_iter().find_map(|length| {
        let day = dates::parse_one(rest.get(..length)?.join(" ").trim_end_matches(['.', ',', ';']), order).ok()?;
        Some(day.to_string())
    })
}

/// The items of a text that numbers them with letters, `a) … b) …`, or with figures, `(1) … (2) …`; the whole text where it
/// does not.
pub(crate) fn items(text: &str) -> Vec<&str> {
    for first in ["a", "1"] {
        let marks = marks(text, first);
        let leads = marks.first().is_some_and(|(start, _)| text.get(..*start).unwrap_or_default().trim().is_empty());
        if marks.len() < 2 && !leads {
            continue;
        }
        let mut out = Vec::new();
        let before = marks.first().and_then(|(start, _)| text.get(..*start)).unwrap_or_default();
        out.push(before);
        for (place, (_, begin)) in marks.iter().enumerate() {
            let end = marks.get(place + 1).map_or(text.len(), |(start, _)| *start);
            out.push(text.get(*begin..end).unwrap_or_default());
        }
        return trimmed(out);
    }
    trimmed(vec![text])
}

fn trimmed(items: Vec<&str>) -> Vec<&str> {
    let cut = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
    items.into_iter().map(|item| item.trim_matches(cut)).filter(|item| !is_nothing(item)).collect()
}

/// Where the marks `a)`, `b)` … or `(1)`, `(2)` … stand in their order: begin of the mark, begin of what follows it.
fn marks(text: &str, first: &str) -> Vec<(usize, usize)> {
    let mut marks = Vec::new();
    let mut wanted = first.to_owned();
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| rest.find(')')) {
        let close = from + found;
        from = close + 1;
        let Some(begin) = close.checked_sub(wanted.len()) else { continue };
        let is_mark = bytes.get(begin..close).is_some_and(|mark| mark.eq_ignore_ascii_case(wanted.as_bytes()));
        if !is_mark {
            continue;
        }
        let opened = begin > 0 && bytes.get(begin - 1) == Some(&b'(');
        let begin = if opened { begin - 1 } else { begin };
        let free = begin == 0 || bytes.get(begin - 1).is_some_and(|byte| !byte.is_ascii_alphanumeric());
        if free {
            marks.push((begin, close + 1));
            wanted = next_mark(&wanted);
        }
    }
    marks
}

fn next_mark(mark: &str) -> String {
    if let Ok(number) = mark.parse::<u32>() {
        return (number.saturating_add(1)).to_string();
    }
    match mark.as_bytes() {
        [b'z'] => "aa".to_owned(),
        [letter] => char::from(letter + 1).to_string(),
        [b'a', letter @ b'a'..=b'y'] => format!("a{}", char::from(letter + 1)),
        _ => "zz".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_told_by_letters_or_figures_in_order() {
        assert_eq!(items("a) 1966, b) 1961, c) Between 1968 and 1970"), ["1966", "1961", "Between 1968 and 1970"]);
        assert_eq!(items("(1) Germany. (2) Morocco"), ["Germany.", "Morocco"]);
        assert_eq!(items("(1) Uganda (2) Uganda (3)Uganda"), ["Uganda", "Uganda", "Uganda"]);
        assert_eq!(items("1) Saudi Arabia 2) Qatar"), ["Saudi Arabia", "Qatar"]);
        assert_eq!(items("Regulation 6(1)(a) of the Act"), ["Regulation 6(1)(a) of the Act"]);
        assert_eq!(items("a)1960 b)1961"), ["1960", "1961"]);
        assert_eq!(items("NA"), Vec::<&str>::new());
        assert_eq!(items(""), Vec::<&str>::new());
        assert_eq!(items("a) only one"), ["only one"]);
    }

    #[test]
    fn a_number_is_taken_out_of_the_prose_around_it() {
        for (text, lead, bare) in [
            ("00868774", "", "00868774"),
            ("Qatari passport number 00868774", "Qatari passport number", "00868774"),
            ("SE 012820", "", "SE 012820"),
            ("Afghan passport number SE 012820", "Afghan passport number", "SE 012820"),
            (
                "German travel document (“Reiseausweis”) A 0139243",
                "German travel document (“Reiseausweis”)",
                "A 0139243",
            ),
            ("381110042 (Expired 25 Jan. 2016)", "", "381110042"),
            ("R00012098, South Sudan", "", "R00012098"),
            ("Libyan Passport No. 96/184442", "Libyan Passport No.", "96/184442"),
            ("Diplomatic Passport: Z30321794", "Diplomatic Passport", "Z30321794"),
            ("A/B no digits", "", "A/B no digits"),
        ] {
            let number = NumberInProse::of(text);
            assert_eq!((number.lead, number.bare), (lead, bare), "{text}");
        }
    }

    #[test]
    fn the_day_of_expiry_is_found_in_prose() {
        let day = |text| expiry(text, Order::DayFirst);
        assert_eq!(day("expires on 13 Oct. 2026").as_deref(), Some("2026-10-13"));
        assert_eq!(day("issued in 2009; Date of expiration: 7 May 2022").as_deref(), Some("2022-05-07"));
        assert_eq!(day("valid until 4 April 2018)").as_deref(), Some("2018-04-04"));
        assert_eq!(day("expired 2 Feb. 2006, under the name of X").as_deref(), Some("2006-02-02"));
        assert_eq!(day("revoked"), None);
    }

    #[test]
    fn countries_are_found_in_what_is_written_around_them() {
        let codes = |text| countries(text).into_iter().map(Country::code).collect::<Vec<_>>();
        assert_eq!(codes("Pakistan (since 2009)"), ["pk"]);
        assert_eq!(codes("Russia and Ukraine"), ["ru", "ua"]);
        assert_eq!(codes("Bosnia and Herzegovina"), ["ba"]);
        assert_eq!(codes("n/a"), Vec::<&str>::new());
        assert_eq!(codes("somewhere"), Vec::<&str>::new());
    }
}
