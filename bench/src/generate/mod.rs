//! Realistic listed parties, as many as one likes, from a seed.
//!
//! Idea: the party of a number is made by dice of its own, so that five million come as a stream and any of them alone.
//! Invariant: a seed and a number give the same party for ever; a test holds the first thousand to their hash. Some aliases come of
//! `alter`: a change there that moves the hash goes into a table of its own here instead.
//! Cost: some 5 µs a party, nothing kept.

mod command;
mod firms;
mod names;
mod people;
mod scripts;

use anyhow::Result;
use interdict_model::{Entity, ListId, Origin, Schema};
use interdict_snapshot::{Builder, ListMeta};

pub(crate) use command::{Args, run};

use crate::alter::{CLASSES, Kind};
use crate::dice::Dice;
use crate::progress;
use firms::{Firms, Titled};
use names::{Culture, PersonName};

/// Makes parties.
pub(crate) struct Parties {
    seed: u64,
    cultures: Vec<Culture>,
    shares: Vec<u64>,
    firms: Firms,
    list: ListId,
}

impl Parties {
    pub(crate) fn new(seed: u64) -> Result<Parties> {
        let cultures = Culture::all();
        let shares = cultures.iter().scan(0, |sum, culture| {
            *sum += culture.tables.share;
            Some(*sum)
        });
        Ok(Parties { seed, shares: shares.collect(), cultures, firms: Firms::new(), list: ListId::new("generated")? })
    }

    /// A builder with the first `n` parties.
    pub(crate) fn builder(&self, n: u64) -> Builder {
        let mut builder = Builder::new();
        let id = self.list.clone();
        builder.list(ListMeta { id, version: String::new(), title: None, partial: None, stale: None, missing: None });
        let bar = progress::bar(n, "parties");
        for number in 0..n {
            builder.entity(self.party(number));
            bar.inc(1);
        }
        bar.finish_and_clear();
        builder
    }

    /// The party of a number: 62 of 100 are persons, 22 firms, 10 bodies and movements, 6 ships.
    pub(crate) fn party(&self, number: u64) -> Entity {
        let mut dice = Dice::of(self.seed, number);
        let dice = &mut dice;
        let at = dice.place(&self.shares);
        let culture = self.cultures.get(at).unwrap_or(&self.cultures[0]);
        let id = format!("g{number:08}");
        let origin = Origin::new(self.list.clone(), "", id.clone());
        let kind = dice.below(100);
        let schema = match kind {
            0..62 => Schema::person(),
            62..84 => Schema::company(),
            84..94 => Schema::organization(),
            _ => Schema::vessel(),
        };
        let mut entity = Entity::new(id, schema);
        let woman = dice.percent(18);
        let names = match kind {
            0..62 => person_names(culture, &culture.person(woman, dice), dice),
            62..84 => titled_names(self.firms.firm(culture, dice), Kind::Organization, dice),
            84..94 => titled_names(self.firms.body(culture, dice), Kind::Organization, dice),
            _ => titled_names(self.firms.ship(culture, dice), Kind::Object, dice),
        };
        for (at, name) in names.iter().enumerate() {
            entity.add(if at == 0 { "name" } else { "alias" }, name, &origin);
        }
        let mut add = |property: &str, text: &str| entity.add(property, text, &origin);
        let country = dice.pick(culture.tables.countries).copied().unwrap_or("ru");
        if kind < 62 {
            if dice.percent(65) {
                let (year, month, day) = (1935 + dice.below(65), 1 + dice.below(12), 1 + dice.below(28));
                match dice.below(10) {
                    0..2 => add("birthDate", &year.to_string()),
                    2 => add("birthDate", &format!("{year}-{month:02}")),
                    _ => add("birthDate", &format!("{year}-{month:02}-{day:02}")),
                };
            }
            if dice.percent(60) {
                add("gender", if woman { "female" } else { "male" });
            }
            if dice.percent(75) {
                add("nationality", country);
            }
            if dice.percent(15) {
                let letter = char::from(b'A' + dice.below(26) as u8);
                add("passportNumber", &format!("{letter}{:08}", dice.below(100_000_000)));
            }
        } else if kind < 94 {
            if dice.percent(70) {
                add("country", country);
            }
            if kind < 84 && dice.percent(25) {
                add("registrationNumber", &format!("{}{:09}", 1 + dice.below(9), dice.below(1_000_000_000)));
            }
        } else {
            add("flag", country);
            if dice.percent(80) {
                add("imoNumber", &imo(8_000_000 + dice.below(1_999_999)));
            }
        }
        entity
    }
}

/// A ship's number with its check digit: the sum of the six digits times 7 to 2 ends in it (IMO Resolution A.1117(30)).
fn imo(number: usize) -> String {
    let six = number / 10;
    let digits = [six / 100_000, six / 10_000, six / 1000, six / 100, six / 10, six].map(|digit| digit % 10);
    let sum: usize = digits.iter().zip((2..=7).rev()).map(|(digit, weight)| digit * weight).sum();
    format!("{six}{}", sum % 10)
}

/// How many further names a party has: about one and a half.
fn n_aliases(dice: &mut Dice) -> usize {
    [0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4, 5, 6, 8][dice.below(20)]
}

fn push(names: &mut Vec<String>, name: String) {
    if !name.trim().is_empty() && !names.contains(&name) {
        names.push(name);
    }
}

fn person_names(culture: &Culture, name: &PersonName, dice: &mut Dice) -> Vec<String> {
    let n_spellings = name.parts.iter().map(|part| part.latin.len()).max().unwrap_or(1);
    // Every part in the spelling of one system, or, as registrars do, each as it comes.
    let spelt = |spelling: Option<usize>, without: Option<usize>, order: bool, dice: &mut Dice| {
        let mut words: Vec<String> = Vec::new();
        let mut family = None;
        for (at, part) in name.parts.iter().enumerate() {
            if Some(at) == without {
                continue;
            }
            let spelling = spelling.unwrap_or_else(|| dice.below(n_spellings));
            let word = part.spelt(spelling).to_owned();
            if order && at == name.family && at > 0 {
                family = Some(word);
                continue;
            }
            if name.filiation == Some(at) && without.is_none() {
                words.push("bin".to_owned());
            }
            words.push(word);
        }
        let rest = words.join(" ");
        family.map_or(rest.clone(), |family| format!("{family}, {rest}"))
    };
    let main = spelt(Some(0), None, false, dice);
    let mut names = vec![if dice.percent(30) { main.to_uppercase() } else { main }];
    for _ in 0..n_aliases(dice) {
        let alias = match dice.below(10) {
            0..4 => spelt(None, None, false, dice),
            4 | 5 => spelt(None, dice.pick(&name.optional).copied(), false, dice),
            6 => spelt(None, None, true, dice),
            7 => altered(&names[0], Kind::Person, dice),
            _ => native(culture, name),
        };
        push(&mut names, alias);
    }
    names
}

/// The name in its original script, if all parts have one.
fn native(culture: &Culture, name: &PersonName) -> String {
    let parts: Vec<&str> = name.parts.iter().map(|part| part.native.as_str()).collect();
    if parts.iter().any(|part| part.is_empty()) {
        return String::new();
    }
    let between = if ["chinese", "korean"].contains(&culture.tables.culture) { "" } else { " " };
    parts.join(between)
}

/// Classes that make spellings which are really listed.
const LISTED: [&str; 8] = [
    "transliteration",
    "transliteration",
    "vowels_changed",
    "doubled_letter",
    "dropped_letter",
    "hyphenation",
    "middle_dropped",
    "mishearing",
];

fn altered(name: &str, kind: Kind, dice: &mut Dice) -> String {
    let wanted = dice.pick(&LISTED);
    let class = CLASSES.iter().find(|class| Some(&class.name) == wanted);
    class.and_then(|class| class.alter(name, kind, dice)).unwrap_or_default()
}

fn titled_names(titled: Titled, kind: Kind, dice: &mut Dice) -> Vec<String> {
    let mut names = vec![if dice.percent(40) { titled.main.to_uppercase() } else { titled.main }];
    let mut others = titled.others.into_iter();
    for _ in 0..n_aliases(dice) {
        let alias = match dice.below(4) {
            0 => altered(&names[0], kind, dice),
            1 => titled.native.clone(),
            _ => others.next().unwrap_or_default(),
        };
        push(&mut names, alias);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_thousand_parties_are_those_they_always_were() {
        let parties = Parties::new(1).unwrap();
        let mut hash = blake3::Hasher::new();
        let mut n_names = 0;
        for number in 0..1000 {
            let party = parties.party(number);
            n_names += crate::subject::names(&party).len();
            hash.update(party.to_ftm().to_string().as_bytes());
        }
        assert!((2300..2700).contains(&n_names), "{n_names} names");
        assert_eq!(hash.finalize().to_hex().as_str()[..16], *"aaa66d850958c674", "the generator changed");
        assert_ne!(parties.party(5), Parties::new(2).unwrap().party(5));
    }

    #[test]
    fn ships_numbers_have_their_check_digit() {
        assert_eq!(imo(9_074_729), "9074729");
    }
}
