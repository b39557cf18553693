//! From tables to names: each part of a name with its spellings and its original script, more frequent ones more often.
//!
//! Idea: the r-th name of a table is as frequent as 1 ÷ (r + 3) (George Kingsley Zipf, "Human Behavior and the Principle of Least
//! Effort", 1949); rare family names are numbered, the number drawn likewise and spelt out in syllables, so that a rare name
//! comes back in other parties, and in those of other seeds, as rarely as it should.
//! Cost: a few strings a name; nothing is kept.

use super::people::{CULTURES, Tables};
use super::scripts;
use crate::dice::Dice;

/// How a culture puts names together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Given, father, grandfather, family.
    Chain,
    /// Given, perhaps a second, family.
    Given,
    /// Given, patronymic, family.
    Patronymic,
    /// Family, then one or two syllables.
    FamilyFirst,
    /// Given, perhaps a second, father's and mother's family.
    DoubleFamily,
    /// One name, or two.
    Single,
    /// Two to four short words, none of them a family's.
    Words,
}

/// One part of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    /// Latin spellings, the usual one first; at least one.
    pub(super) latin: Vec<String>,
    /// Empty where there is none.
    pub(super) native: String,
}

impl Part {
    fn parse(text: &str) -> Part {
        let mut fields = text.split('/');
        let first = fields.next().unwrap_or_default().replace('_', " ");
        if scripts::is_cyrillic(&first) {
            return Part { latin: scripts::latin_of_cyrillic(&first), native: first };
        }
        let native = fields.next().unwrap_or_default().replace('_', " ");
        let others = fields.next().into_iter().flat_map(|field| field.split(','));
        let mut latin = vec![first];
        latin.extend(others.map(|other| other.replace('_', " ")));
        Part { latin, native: if native == "-" { String::new() } else { native } }
    }

    /// The spelling of a number; names that have fewer keep the usual one.
    pub(super) fn spelt(&self, spelling: usize) -> &str {
        self.latin.get(spelling).or_else(|| self.latin.first()).map_or("", String::as_str)
    }
}

/// Names of a table with running totals of their frequencies.
pub(super) struct Ranked {
    parts: Vec<Part>,
    totals: Vec<u64>,
}

impl Ranked {
    pub(super) fn parse(text: &str) -> Ranked {
        let parts: Vec<Part> = text.split_whitespace().map(Part::parse).collect();
        let frequency = |rank: u64| 1_000_000 / (rank + 3);
        let totals = (0u64..).take(parts.len()).scan(0, |sum, rank| {
            *sum += frequency(rank);
            Some(*sum)
        });
        Ranked { totals: totals.collect(), parts }
    }

    pub(super) fn draw(&self, dice: &mut Dice) -> Part {
        self.parts.get(dice.place(&self.totals)).cloned().unwrap_or_default()
    }

    fn any(&self, dice: &mut Dice) -> Part {
        dice.pick(&self.parts).cloned().unwrap_or_default()
    }
}

/// Family names that are numbered: from 2^5 to 2^18 for each culture; those before would be frequent ones.
const RARE_BITS: [u32; 2] = [5, 18];

/// A culture ready to draw from.
pub(super) struct Culture {
    pub(super) tables: &'static Tables,
    number: u64,
    men: Ranked,
    women: Ranked,
    families: Ranked,
    pieces: [Ranked; 3],
}

/// A person's name in parts, and which of them is the family's (the number of parts where none is).
pub(super) struct PersonName {
    pub(super) parts: Vec<Part>,
    /// What stands between the parts, as `bin`: before the part of that number.
    pub(super) filiation: Option<usize>,
    pub(super) family: usize,
    /// Parts that are left away in shorter forms.
    pub(super) optional: Vec<usize>,
}

impl Culture {
    pub(super) fn all() -> Vec<Culture> {
        let one = |(number, tables): (u64, &'static Tables)| Culture {
            tables,
            number,
            men: Ranked::parse(tables.men),
            women: Ranked::parse(tables.women),
            families: Ranked::parse(tables.families),
            pieces: tables.pieces.map(Ranked::parse),
        };
        (0u64..).zip(CULTURES).map(one).collect()
    }

    fn given(&self, woman: bool, dice: &mut Dice) -> Part {
        if woman { self.women.draw(dice) } else { self.men.draw(dice) }
    }

    /// A family name, frequent or rare.
    pub(super) fn family(&self, dice: &mut Dice) -> Part {
        if dice.percent(self.tables.rare_percent) {
            return self.rare(dice.rank(RARE_BITS[0], RARE_BITS[1]));
        }
        self.families.draw(dice)
    }

    /// The rare name of a number, always the same.
    pub(super) fn rare(&self, rank: u64) -> Part {
        let mut dice = Dice::of(0x0052_4152_4500 + self.number, rank);
        let [start, middle, end] = &self.pieces;
        let mut pieces = vec![start.any(&mut dice)];
        // Names of higher numbers are longer: there are more of them.
        let n_middles = if rank < 2000 { 1 } else { self.tables.most_middles };
        pieces.extend((0..n_middles).map(|_| middle.any(&mut dice)));
        pieces.push(end.any(&mut dice));
        let native: String = pieces.iter().map(|piece| piece.native.as_str()).collect();
        if scripts::is_cyrillic(&native) {
            return Part { latin: scripts::latin_of_cyrillic(&native), native };
        }
        let spelling = |n: usize| pieces.iter().map(|piece| piece.spelt(n)).collect::<String>();
        let article = self.tables.culture == "arabic" && rank.is_multiple_of(3) && !spelling(0).contains(' ');
        let whole = |text: String| if article { format!("al-{text}") } else { text };
        let mut latin = vec![whole(spelling(0))];
        let other = whole(spelling(1));
        if !latin.contains(&other) {
            latin.push(other);
        }
        let native = if pieces.iter().any(|piece| piece.native.is_empty()) { String::new() } else { native };
        Part { latin, native: if article { format!("ال{native}") } else { native } }
    }

    /// A whole name.
    pub(super) fn person(&self, woman: bool, dice: &mut Dice) -> PersonName {
        let mut parts = Vec::new();
        let (mut filiation, mut optional) = (None, Vec::new());
        let mut family = usize::MAX;
        match self.tables.shape {
            Shape::Chain => {
                parts.push(self.given(woman, dice));
                for _ in 0..[0, 1, 1, 2, 2, 3][dice.below(6)] {
                    optional.push(parts.len());
                    parts.push(self.men.draw(dice));
                }
                if parts.len() > 1 && dice.percent(25) {
                    filiation = Some(1);
                }
                family = parts.len();
                parts.push(self.family(dice));
            }
            Shape::Given => {
                parts.push(self.given(woman, dice));
                if dice.percent(40) {
                    optional.push(1);
                    parts.push(self.given(woman, dice));
                }
                family = parts.len();
                parts.push(self.family(dice));
            }
            Shape::Patronymic => {
                parts.push(self.given(woman, dice));
                if dice.percent(85) {
                    optional.push(1);
                    parts.push(scripts::patronymic(&self.men.draw(dice), woman));
                }
                family = parts.len();
                let name = self.family(dice);
                parts.push(if woman { scripts::feminine(&name) } else { name });
            }
            Shape::FamilyFirst => {
                family = 0;
                parts.push(self.families.draw(dice));
                let syllable = |dice: &mut Dice| {
                    if woman && dice.percent(60) { self.women.draw(dice) } else { self.men.draw(dice) }
                };
                let first = syllable(dice);
                parts.push(if dice.percent(75) { scripts::joined(&first, &syllable(dice)) } else { first });
            }
            Shape::DoubleFamily => {
                parts.push(self.given(woman, dice));
                if dice.percent(50) {
                    optional.push(1);
                    parts.push(self.given(woman, dice));
                }
                family = parts.len();
                parts.push(self.family(dice));
                if dice.percent(85) {
                    optional.push(parts.len());
                    parts.push(self.family(dice));
                }
            }
            Shape::Single => {
                parts.push(self.given(woman, dice));
                if dice.percent(70) {
                    family = 1;
                    parts.push(self.family(dice));
                }
            }
            Shape::Words => {
                for _ in 0..2 + dice.below(3) {
                    let word = if woman && dice.percent(50) { self.women.draw(dice) } else { self.men.draw(dice) };
                    parts.push(word);
                }
            }
        }
        PersonName { family: family.min(parts.len()), parts, filiation, optional }
    }
}
