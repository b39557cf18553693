//! How words differ letter by letter: edits and what they cost, letters that a scanner took for one.
//!
//! Invariant: what these find alike shares a deletion key (`interdict_snapshot::keys`).
//! Cost: some ten nanoseconds for words that are far apart, some hundred for those within the edit budget; no allocation.

/// Words of so many letters may differ by two hard edits; in a shorter one they make another word (`Lavrov`, `Navros`).
const LONG_WORD: usize = 7;
/// What edits in a shorter word may cost together: one hard edit and a soft one.
const MAX_SHORT_COST: f32 = 1.65;

/// What the edits between two words cost, and the likeness that is left; `None` where they are more than the lengths allow.
pub(crate) fn edit_likeness(one: &[u8], other: &[u8], budget: usize) -> Option<(f32, f32)> {
    let longer = one.len().max(other.len());
    let cost = edit_cost(one, other, budget)?;
    (longer >= LONG_WORD || cost <= MAX_SHORT_COST).then_some((cost, 1.0 - cost / longer as f32))
}

/// Longest token that edits are counted in; longer ones are compared by their beginnings.
const MAX_EDIT: usize = 40;

/// What the edits between two tokens cost, `None` beyond `budget` edits: optimal string alignment, where a lost or added vowel
/// or double letter costs 0.6, letters that are often confused 0.5, any other edit or a swap of neighbours 1, and a different
/// first letter a quarter more.
///
/// The table is computed with edits counted one each beside their cost, so that the budget is one of edits.
pub(crate) fn edit_cost(one: &[u8], other: &[u8], budget: usize) -> Option<f32> {
    if one.len().abs_diff(other.len()) > budget {
        return None;
    }
    let (one, other) = (&one[..one.len().min(MAX_EDIT)], &other[..other.len().min(MAX_EDIT)]);
    // Equal ends cost nothing; what is left is short.
    let head = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    // One letter before the difference is kept, as a doubled letter shows only beside its twin.
    let keep = head.saturating_sub(1);
    let tail = one[head..].iter().rev().zip(other[head..].iter().rev()).take_while(|(one, other)| one == other).count();
    let (a, b) = (&one[keep..one.len() - tail], &other[keep..other.len() - tail]);
    if a.len().max(b.len()) > MAX_EDIT {
        return None;
    }
    if !within(a, b, budget) {
        return None;
    }
    // Nearly all is short: a small table is sooner filled.
    let cost = if a.len().max(b.len()) < 16 {
        table_cost::<16>(a, b, budget)
    } else {
        table_cost::<{ MAX_EDIT + 1 }>(a, b, budget)
    };
    cost.map(|cost| if head == 0 { cost + OTHER_START } else { cost })
}

/// What a different first letter costs more.
const OTHER_START: f32 = 0.25;

/// Units of cost in a whole edit: every cost of the tables is so many of them.
const UNITS: u32 = 20;
/// An edit, counted above its cost, so that the lesser number has fewer edits or as many of less cost.
const EDIT: u32 = 1 << 16;
/// More than any words are apart.
const FAR: u32 = 1 << 28;

/// What the edits between two words of fewer than `N` letters cost, by the part of the table that `budget` edits can reach; their
/// lengths differ by no more.
fn table_cost<const N: usize>(a: &[u8], b: &[u8], budget: usize) -> Option<f32> {
    let [mut before, mut previous, mut current] = [[FAR; N]; 3];
    let mut gaps = [0; N];
    for (at, slot) in gaps.iter_mut().enumerate().take(b.len()) {
        *slot = gap(b, at);
    }
    previous[0] = 0;
    for j in 1..=b.len().min(budget) {
        previous[j] = previous[j - 1] + gaps[j - 1];
    }
    for i in 1..=a.len() {
        let (from, to) = (i.saturating_sub(budget).max(1), b.len().min(i + budget));
        let lost = gap(a, i - 1);
        current[from - 1] = if i <= budget { previous[0] + lost } else { FAR };
        for j in from..=to {
            let (x, y) = (a[i - 1], b[j - 1]);
            let step = if x == y { previous[j - 1] } else { previous[j - 1] + substitution(x, y) };
            let mut cell = step.min(previous[j] + lost).min(current[j - 1] + gaps[j - 1]);
            if i > 1 && j > 1 && x == b[j - 2] && a[i - 2] == y && x != y {
                cell = cell.min(before[j - 2] + EDIT + UNITS);
            }
            current[j] = cell;
        }
        std::mem::swap(&mut before, &mut previous);
        std::mem::swap(&mut previous, &mut current);
    }
    let (edits, cost) = (previous[b.len()] / EDIT, previous[b.len()] % EDIT);
    (edits as usize <= budget).then_some(cost as f32 / UNITS as f32)
}

/// Whether the letters of two words, as bits, leave it open that they are alike by their letters, in any order of theirs and of whatever
/// lengths: never more than `most` of either are missing in the other, or a scanner took two for one.
pub(crate) fn letters_may_be_alike(one: u32, other: u32, most: usize) -> bool {
    let far = (one & !other).count_ones().max((other & !one).count_ones()) as usize;
    far <= most || far <= 2 && scanned_letters(one, other)
}

/// Whether two words lie within so many edits: a letter changed, lost or added, or two neighbours that changed places. Walks both as
/// long as they agree, then tries each edit; with two edits at most, that is less work than a table.
fn within(one: &[u8], other: &[u8], budget: usize) -> bool {
    let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let (one, other) = (&one[same..], &other[same..]);
    if one.is_empty() || other.is_empty() || budget == 0 {
        return one.len().max(other.len()) <= budget;
    }
    if one.len().abs_diff(other.len()) > budget {
        return false;
    }
    within(&one[1..], &other[1..], budget - 1)
        || one.len() >= other.len() && within(&one[1..], other, budget - 1)
        || other.len() >= one.len() && within(one, &other[1..], budget - 1)
        || budget > 1 && (within(&one[1..], other, budget - 1) || within(one, &other[1..], budget - 1))
        || one.len() > 1
            && other.len() > 1
            && one[0] == other[1]
            && one[1] == other[0]
            && within(&one[2..], &other[2..], budget - 1)
}

pub(crate) fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// A letter that one side lacks: the edit and its cost.
fn gap(word: &[u8], at: usize) -> u32 {
    let letter = word[at];
    let doubled = at > 0 && word[at - 1] == letter || word.get(at + 1) == Some(&letter);
    let cost = if doubled {
        UNITS * 2 / 5
    } else if is_vowel(letter) || letter == b'h' {
        SOFT
    } else {
        UNITS
    };
    EDIT + cost
}

/// What a vowel lost, added or taken for another costs.
const SOFT: u32 = UNITS * 3 / 5;

/// A letter in the place of another: the edit and its cost.
fn substitution(one: u8, other: u8) -> u32 {
    let known = SUBSTITUTIONS.get(letter_number(one)).and_then(|row| row.get(letter_number(other)));
    EDIT + known.map_or(UNITS, |cost| u32::from(*cost))
}

/// Letters and digits.
const N_LETTERS: usize = 36;

/// The place of a letter or digit among all; of anything else none of them.
const fn letter_number(letter: u8) -> usize {
    match letter {
        b'a'..=b'z' => (letter - b'a') as usize,
        b'0'..=b'9' => (letter - b'0') as usize + 26,
        _ => N_LETTERS,
    }
}

/// What each letter in the place of each other costs.
static SUBSTITUTIONS: [[u8; N_LETTERS]; N_LETTERS] = {
    const CONFUSED: [[u8; 2]; 21] = [
        *b"ck", *b"kq", *b"cs", *b"sz", *b"vw", *b"vf", *b"iy", *b"gj", *b"jy", *b"td", *b"bp", *b"ij", *b"0o", *b"1l",
        // What scanners confuse.
        *b"ce", *b"bh", *b"ef", *b"ft", *b"gq", *b"vy", *b"il",
    ];
    const VOWELS: &[u8; 6] = b"aeiouy";
    let mut table = [[UNITS as u8; N_LETTERS]; N_LETTERS];
    let mut at = 0;
    while at < VOWELS.len() * VOWELS.len() {
        let (one, other) = (VOWELS[at / VOWELS.len()], VOWELS[at % VOWELS.len()]);
        table[letter_number(one)][letter_number(other)] = SOFT as u8;
        at += 1;
    }
    let mut at = 0;
    while at < CONFUSED.len() {
        let [one, other] = CONFUSED[at];
        table[letter_number(one)][letter_number(other)] = (UNITS / 2) as u8;
        table[letter_number(other)][letter_number(one)] = (UNITS / 2) as u8;
        at += 1;
    }
    table
};

/// Pairs of letters that a scanner takes for one, and the one.
const SCANNED_AS: [(&[u8; 2], u8); 6] =
    [(b"rn", b'm'), (b"nn", b'm'), (b"cl", b'd'), (b"vv", b'w'), (b"ri", b'n'), (b"ii", b'u')];
/// Letters of the longer word from which two of its letters may have been one: from there the two share a deletion key, as
/// the longer is stored without any two of its letters and the shorter without any one.
const MIN_SCANNED: usize = 6;

/// Whether the letters that only one of two words has can come of such a reading. Symmetric.
pub(crate) fn scanned_letters(one: u32, other: u32) -> bool {
    let bit = |letter: u8| 1u32 << (letter - b'a');
    let (ours, theirs) = (one & !other, other & !one);
    SCANNED_AS.iter().any(|(two, single)| {
        let (two, single) = (two.iter().fold(0, |bits, letter| bits | bit(*letter)), bit(*single));
        ours & !two == 0 && theirs & !single == 0 || theirs & !two == 0 && ours & !single == 0
    })
}

/// Whether two words differ just so that a scanner took two letters for one.
pub(crate) fn scanned(one: &[u8], other: &[u8]) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    if long.len() != short.len() + 1 || long.len() < MIN_SCANNED {
        return false;
    }
    let head = short.iter().zip(long).take_while(|(one, other)| one == other).count();
    // `rn` and `m` begin unlike; `nn` and `m` too.
    let (Some(single), Some(two)) = (short.get(head), long.get(head..head + 2)) else { return false };
    SCANNED_AS.iter().any(|(from, to)| two == &from[..] && single == to) && short[head + 1..] == long[head + 2..]
}

/// Where the letters of a word stand, ready for many others to be held against it.
#[derive(Debug)]
pub(crate) struct Places {
    /// By letter, a bit for each place.
    of: [u64; N_LETTERS + 1],
    /// Letters that are looked at.
    n: usize,
}

impl Places {
    /// The places of a word's letters, of its first [`MAX_EDIT`] only.
    pub(crate) fn of(word: &[u8]) -> Places {
        let mut of = [0; N_LETTERS + 1];
        let n = word.len().min(MAX_EDIT);
        for (at, letter) in word.iter().take(n).enumerate() {
            of[letter_number(*letter)] |= 1 << at;
        }
        Places { of, n }
    }

    /// Length of the longest common subsequence with another word, by the beginnings of words longer than [`MAX_EDIT`].
    ///
    /// A row of the table as bits, after Hyyrö (2004, "Bit-parallel LCS-length computation revisited"): a bit that is not set is a letter
    /// at which the length grows.
    pub(crate) fn common(&self, other: &[u8]) -> usize {
        let mut row = u64::MAX;
        for letter in other.iter().take(MAX_EDIT) {
            let grown = row & self.of[letter_number(*letter)];
            row = row.wrapping_add(grown) | (row - grown);
        }
        (!row & ((1 << self.n) - 1)).count_ones() as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(one: &str, other: &str) -> Option<f32> {
        edit_cost(one.as_bytes(), other.as_bytes(), 2)
    }

    #[test]
    fn a_scanner_takes_two_letters_for_one() {
        for (one, other) in
            [("hamrnadi", "hammadi"), ("kolvari", "kolvan"), ("zaiibek", "zaubek"), ("zarbiclov", "zarbidov")]
        {
            assert!(scanned(one.as_bytes(), other.as_bytes()), "{one} {other}");
            assert!(scanned(other.as_bytes(), one.as_bytes()), "{other} {one}");
        }
        assert!(!scanned(b"kolvari", b"kolvam"));
        assert!(!scanned(b"hari", b"han"));
    }

    #[test]
    fn two_hard_edits_leave_a_word_of_seven_letters_alike_and_none_of_six() {
        let alike = |one: &str, other: &str| edit_likeness(one.as_bytes(), other.as_bytes(), 2).is_some();
        assert!(alike("zarbeni", "zqrbemi"));
        assert!(!alike("lavrov", "navros"));
    }

    #[test]
    fn edits_cost_what_they_are_worth() {
        assert_eq!(cost("vladimir", "vladimir"), Some(0.0));
        assert_eq!(cost("vladimir", "vladmir"), Some(0.6));
        assert_eq!(cost("muhamad", "muhammad"), Some(0.4));
        assert_eq!(cost("vladimir", "lvadimir"), Some(1.25));
        assert_eq!(cost("sergej", "sergey"), Some(0.5));
        assert_eq!(cost("petrov", "petrvo"), Some(1.0));
        assert_eq!(cost("ivanov", "petrov"), None);
        assert_eq!(cost("ivanov", "ivan"), Some(1.6));
        assert_eq!(cost("zarbeni", "zarbcni"), Some(0.5));
    }

    /// The whole table, each cell with all that leads to it, in fractions of an edit.
    fn cost_by_whole_table(one: &[u8], other: &[u8], budget: usize) -> Option<f32> {
        let of = |packed: u32| (packed / EDIT, (packed % EDIT) as f32 / UNITS as f32);
        let plus = |(edits, cost): (u32, f32), (more, by): (u32, f32)| (edits + more, cost + by);
        let mut table = vec![vec![(u32::MAX / 2, 0.0f32); other.len() + 1]; one.len() + 1];
        for i in 0..=one.len() {
            for j in 0..=other.len() {
                let mut ways = vec![if i + j == 0 { (0, 0.0) } else { table[i][j] }];
                if i > 0 {
                    ways.push(plus(table[i - 1][j], of(gap(one, i - 1))));
                }
                if j > 0 {
                    ways.push(plus(table[i][j - 1], of(gap(other, j - 1))));
                }
                if i > 0 && j > 0 {
                    let (x, y) = (one[i - 1], other[j - 1]);
                    ways.push(plus(table[i - 1][j - 1], if x == y { (0, 0.0) } else { of(substitution(x, y)) }));
                    if i > 1 && j > 1 && x == other[j - 2] && one[i - 2] == y && x != y {
                        ways.push(plus(table[i - 2][j - 2], (1, 1.0)));
                    }
                }
                table[i][j] = ways.into_iter().min_by(|one, other| one.partial_cmp(other).unwrap()).unwrap();
            }
        }
        let (edits, cost) = table[one.len()][other.len()];
        (edits as usize <= budget).then_some(cost)
    }

    /// Words of few letters, so that many pairs are near.
    fn word(seed: &mut u64) -> Vec<u8> {
        let mut next = |n: u64| {
            *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (*seed >> 33) % n
        };
        (0..3 + next(10)).map(|_| b"aeksh1"[next(6) as usize]).collect()
    }

    #[test]
    fn what_is_left_out_of_the_table_changes_nothing() {
        let (mut seed, mut n_near) = (7, 0);
        for _ in 0..40_000 {
            let (one, mut other) = (word(&mut seed), word(&mut seed));
            // Half of them are one word with a few letters of another.
            if seed.is_multiple_of(2) {
                let from = other.len().min(one.len()).saturating_sub(3);
                other = [&one[..from], &other[from..]].concat();
            }
            for budget in one.len().abs_diff(other.len())..=2 {
                let whole = cost_by_whole_table(&one, &other, budget);
                assert_eq!(table_cost::<16>(&one, &other, budget), whole, "{one:?} {other:?} {budget}");
                n_near += usize::from(whole.is_some());
            }
            let mut lengths = vec![vec![0; other.len() + 1]; one.len() + 1];
            for (i, x) in one.iter().enumerate() {
                for (j, y) in other.iter().enumerate() {
                    let longest = lengths[i][j + 1].max(lengths[i + 1][j]);
                    lengths[i + 1][j + 1] = if x == y { lengths[i][j] + 1 } else { longest };
                }
            }
            assert_eq!(Places::of(&one).common(&other), lengths[one.len()][other.len()]);
        }
        assert!(n_near > 2_000, "{n_near}");
    }
}
