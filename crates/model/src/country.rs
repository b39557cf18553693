//! Countries by code and by the names that lists give them.
//!
//! Source: codes and English names are FollowTheMoney's (ISO 3166-1 alpha-2 in lower case, with some territories and former
//! states); further names and alpha-3 codes stand in `data/countries.tsv`, each line with its language or list.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use crate::table::TABLE;

/// A country or territory, as a FollowTheMoney code: `ir`, `kp`, `suhh`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country(&'static str);

/// Folded names and codes of all countries.
static NAMES: LazyLock<BTreeMap<String, Country>> = LazyLock::new(|| {
    let mut names = BTreeMap::new();
    for (&code, &name) in &TABLE.values["country"] {
        names.insert(fold(code), Country(code));
        names.insert(fold(name), Country(code));
    }
    for line in include_str!("../data/countries.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let country = fields.next().and_then(Country::by_code);
        if let (Some(country), Some(name)) = (country, fields.next()) {
            names.entry(fold(name)).or_insert(country);
        }
    }
    names
});

/// All codes, ascending.
static CODES: LazyLock<Vec<&'static str>> = LazyLock::new(|| TABLE.values["country"].keys().copied().collect());

impl Country {
    /// The country of that FollowTheMoney code, in either case.
    pub fn by_code(code: &str) -> Option<Country> {
        let code = code.to_ascii_lowercase();
        TABLE.values["country"].get_key_value(code.as_str()).map(|(&code, _)| Country(code))
    }

    /// The country that a code (alpha-2, alpha-3) or a name in one of many languages means; case, accents' case,
    /// punctuation and a leading *the* do not matter. `None` for what is no country, such as `UNKNOWN`.
    pub fn parse(text: &str) -> Option<Country> {
        let folded = fold(text);
        NAMES.get(&folded).or_else(|| NAMES.get(folded.strip_prefix("the ")?)).copied()
    }

    /// As [`Country::parse`]; else the country whose name is nearest, if no other's is as near: one letter changed, gained, lost or
    /// swapped in a text of five letters, two in longer ones. O(names) where the text is no name.
    pub fn parse_loosely(text: &str) -> Option<Country> {
        if let Some(country) = Country::parse(text) {
            return Some(country);
        }
        let folded: Vec<char> = fold(text).chars().collect();
        let most = match folded.len() {
            0..5 | 65.. => return None,
            5 => 1,
            _ => 2,
        };
        let mut nearest: Option<(usize, Option<Country>)> = None;
        for (name, country) in NAMES.iter() {
            let Some(slips) =
                Some(name).filter(|name| name.chars().count() >= 5).and_then(|name| slips(&folded, name, most))
            else {
                continue;
            };
            nearest = match nearest {
                Some((least, _)) if least < slips => nearest,
                // A text that is as near to another country says neither.
                Some((least, found)) if least == slips && found != Some(*country) => Some((least, None)),
                _ => Some((slips, Some(*country))),
            };
        }
        nearest?.1
    }

    /// Its number in alphabetical order of codes, as a snapshot stores it.
    pub fn index(self) -> u16 {
        CODES.binary_search(&self.0).map_or(u16::MAX, |index| index as u16)
    }

    /// The country with that number.
    pub fn from_index(index: u16) -> Option<Country> {
        CODES.get(usize::from(index)).map(|code| Country(code))
    }

    /// The code.
    pub fn code(self) -> &'static str {
        self.0
    }

    /// English name.
    pub fn name(self) -> &'static str {
        TABLE.values["country"].get(self.0).copied().unwrap_or(self.0)
    }

    /// The state that a territory or former state belongs to or became, for comparing: `ru` for `suhh`, `cn` for `hk`;
    /// itself for all others. Source: ISO 3166-3 for former states.
    #[must_use]
    pub fn sovereign(self) -> Country {
        let code = match self.0 {
            "suhh" => "ru",
            "dd" => "de",
            "hk" | "mo" | "cn-xz" => "cn",
            "csxx" | "yucs" => "rs",
            "cshh" => "cz",
            "ua-cri" | "ua-dpr" | "ua-lpr" => "ua",
            "gb-nir" | "gb-sct" | "gb-wls" => "gb",
            other => other,
        };
        Country(code)
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

/// Slips between a text and a name, where they are at most so many: Levenshtein's distance, a swap of neighbours counted once.
fn slips(text: &[char], name: &str, most: usize) -> Option<usize> {
    let name: Vec<char> = name.chars().collect();
    if text.len().abs_diff(name.len()) > most {
        return None;
    }
    let (mut before, mut last): (Vec<usize>, Vec<usize>) = (Vec::new(), (0..=name.len()).collect());
    for (at, ours) in text.iter().enumerate() {
        let mut row = vec![at + 1];
        for (to, theirs) in name.iter().enumerate() {
            let mut least = (last[to] + usize::from(ours != theirs)).min(last[to + 1] + 1).min(row[to] + 1);
            if at > 0 && to > 0 && text[at - 1] == *theirs && name[to - 1] == *ours {
                least = least.min(before[to - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|slips| *slips <= most)
}

/// Lower case, everything but letters and digits as one blank.
fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_codes_are_understood_in_every_case() {
        for (text, code) in [
            ("Russia", "ru"),
            ("RUS", "ru"),
            ("IRAN, ISLAMIC REPUBLIC OF", "ir"),
            ("Korea, North", "kp"),
            ("the Russian Federation", "ru"),
            ("Russie", "ru"),
            ("Burma", "mm"),
        ] {
            assert_eq!(Country::parse(text).map(Country::code), Some(code), "{text}");
        }
        assert_eq!(Country::parse("UNKNOWN"), None);
        let loosely = |text| Country::parse_loosely(text).map(Country::code);
        assert_eq!(["Ruzzia", "Germnay", "United Kingdon", "ru"].map(loosely), ["ru", "de", "gb", "ru"].map(Some));
        // As near to Iraq as to Iran, to Australia as to Austria; then one, and nothing at all.
        assert_eq!(
            ["Irap", "Austrlia", "Austrralia", "Atlantis", ""].map(loosely),
            [None, None, Some("au"), None, None]
        );
        assert_eq!(Country::parse(""), None);
    }
}
