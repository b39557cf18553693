//! Long legal forms with letters wrong, cut off at the end, or with their words run together or torn apart.
//!
//! Idea: `LIMITED LIABILTY COMPANY`, `LIMITEDLIABILITY COMPANY`, `JO INT STOCK COMPANY` and a `JOINT STOCK COMPAN` at the end of
//! a field are what they look like, and reading them as names would drown the name beside them. The first and the last words
//! of a name, written together, are compared with every form of some length.
//! Invariant: what was found exactly stays unless a garbled form covers it and more; a name keeps at least one word.
//! Cost: for each edge and each number of words a look at the forms that begin or end with the same three letters, of which the
//! letter masks leave few; about a microsecond a name.

use smallvec::SmallVec;

use super::table::{self, LongForm, ends, mask};
use super::{Forms, Found, LegalForm};

/// Most words that a torn form is looked for in.
const MAX_WORDS: usize = 8;

/// Letters that may be wrong in a form of so many: one in seven, at most three.
fn allowed_edits(n_letters: usize) -> usize {
    match n_letters {
        0..7 => 0,
        7..12 => 1,
        12..20 => 2,
        _ => 3,
    }
}

/// Letters that a form must explain more for one more of them wrong.
const EDIT_PRICE: usize = 3;

/// A form cut off at the end of a field has at least so many letters left, of which it has lost at most two in five.
const MIN_CUT: usize = 12;

/// The letters of some words.
type Letters = SmallVec<[char; 64]>;

/// Adds the garbled forms at either edge of a name to those that were found exactly.
pub(super) fn mend(words: &[&str], found: Forms) -> Forms {
    let mut found = found;
    let mut letters = Letters::new();
    for edge in [Edge::End, Edge::Start] {
        if let Some(garbled) = best_at(words, &found, edge, &mut letters) {
            let outside =
                |form: &Found| form.start + form.len <= garbled.start || garbled.start + garbled.len <= form.start;
            let mut mended: Forms = found.iter().copied().filter(outside).collect();
            mended.push(garbled);
            if mended.iter().map(|form| form.len).sum::<usize>() < words.len() {
                mended.sort_unstable_by_key(|form| form.start);
                found = mended;
            }
        }
    }
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Start,
    End,
}

/// The garbled form at an edge that explains most letters with fewest wrong; none where the words there are forms as they stand.
fn best_at(words: &[&str], found: &[Found], edge: Edge, letters: &mut Letters) -> Option<Found> {
    let longest = words.len().saturating_sub(1).min(MAX_WORDS);
    let most_letters =
        table::get().long.last().map_or(0, |form| form.letters.len() + allowed_edits(form.letters.len()));
    let mut best: Option<(usize, Found)> = None;
    for len in 1..=longest {
        let start = if edge == Edge::Start { 0 } else { words.len() - len };
        let window = words.get(start..start + len)?;
        letters.clear();
        letters.extend(window.iter().flat_map(|word| word.chars()));
        if letters.len() > most_letters {
            break;
        }
        let taken = window.iter().enumerate().filter(|(at, _)| is_taken(found, start + at));
        if taken.clone().count() == len {
            continue;
        }
        // A single word with its first letter wrong is another word: `Handelsbank` is no `andelsbank`.
        let begins_alike = |form: &LongForm| len > 1 || form.letters.first() == letters.first();
        if let Some((edits, form)) = nearest(letters, len, edge).filter(|(_, form)| begins_alike(form)) {
            let gain = form.letters.len().saturating_sub(EDIT_PRICE * edits);
            // What exact forms explain of these words already must be outdone: `besloten vennootschap van` is no form and three
            // letters wrong.
            let explained = taken.map(|(_, word)| word.chars().count()).sum();
            if gain > explained && best.is_none_or(|(most, _)| gain > most) {
                best = Some((gain, Found { start, len, form: LegalForm(form.kind) }));
            }
        }
    }
    best.map(|(_, found)| found)
}

/// Whether a word is part of a form already.
fn is_taken(found: &[Found], at: usize) -> bool {
    found.iter().any(|form| (form.start..form.start + form.len).contains(&at))
}

/// The form that a row of letters is nearest to, if it is near enough.
fn nearest(letters: &[char], n_words: usize, edge: Edge) -> Option<(usize, &'static LongForm)> {
    let table = table::get();
    let budget = allowed_edits(letters.len());
    if budget == 0 {
        return None;
    }
    let ours = mask(letters);
    let may_stand = |form: &&LongForm| match edge {
        Edge::Start => form.places.start.is_some(),
        Edge::End => form.places.end.is_some(),
    };
    let mut best: Option<(usize, &LongForm)> = None;
    for end in ends(letters) {
        let alike = table.long_by_end.get(&end).map_or(&[][..], Vec::as_slice);
        let long = |at: &u32| table.long.get(*at as usize);
        // The forms are in order of their lengths.
        let from = alike.partition_point(|at| long(at).is_some_and(|form| form.letters.len() + budget < letters.len()));
        let alike = alike[from..].iter().filter_map(long);
        let as_long = |form: &&LongForm| form.letters.len() <= letters.len() + budget;
        for form in alike.take_while(as_long).filter(may_stand) {
            let budget = budget.min(allowed_edits(form.letters.len()));
            let apart = (ours & !form.mask).count_ones().max((form.mask & !ours).count_ones());
            if apart as usize > budget || form.letters.len().abs_diff(letters.len()) > budget {
                continue;
            }
            let edits = edits(letters, &form.letters, budget);
            // The same words with nothing wrong were looked at before, and stand where they may not.
            let as_it_stands = edits == Some(0) && form.n_words == n_words;
            if let Some(edits) = edits.filter(|_| !as_it_stands)
                && best.is_none_or(|(least, _)| edits < least)
            {
                best = Some((edits, form));
            }
        }
    }
    best.or_else(|| Some((0, cut_off(letters, n_words, edge)?)))
}

/// A form of several words that begins with these letters and was cut off by the end of the field.
fn cut_off(letters: &[char], n_words: usize, edge: Edge) -> Option<&'static LongForm> {
    if edge != Edge::End || letters.len() < MIN_CUT || n_words < 2 {
        return None;
    }
    let table = table::get();
    let alike = table.long_by_end.get(&ends(letters).next()?)?;
    let long = |at: &u32| table.long.get(*at as usize);
    let from = alike.partition_point(|at| long(at).is_some_and(|form| form.letters.len() <= letters.len()));
    alike[from..].iter().filter_map(long).find(|form| {
        form.n_words >= 2
            && form.places.end.is_some()
            && form.letters.len() * 3 <= letters.len() * 5
            && form.letters.starts_with(letters)
    })
}

/// Letters of the longest form, with room; a test holds the table to it.
const MAX_LETTERS: usize = 120;

/// Edits between two rows of letters whose lengths differ by no more than `budget`, neighbours that changed places counted once;
/// `None` beyond `budget`. Only cells within the budget of the diagonal are computed: those beyond are too far in any case.
fn edits(one: &[char], other: &[char], budget: usize) -> Option<usize> {
    const FAR: u8 = u8::MAX / 2;
    let head = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let (one, other) = (&one[head..], &other[head..]);
    let tail = one.iter().rev().zip(other.iter().rev()).take_while(|(one, other)| one == other).count();
    let (one, other) = (&one[..one.len() - tail], &other[..other.len() - tail]);
    let mut rows = [[FAR; MAX_LETTERS + 1]; 3];
    let [before, previous, current] = rows.each_mut().map(|row| row.get_mut(..=other.len()));
    let (mut before, mut previous, mut current) = (before?, previous?, current?);
    for (edits, at) in previous.iter_mut().zip(0..) {
        *edits = at;
    }
    for (i, x) in one.iter().enumerate() {
        let (from, to) = (i.saturating_sub(budget), other.len().min(i + budget + 1));
        current[from] = if from == 0 { i as u8 + 1 } else { FAR };
        let mut fewest = current[from];
        for j in from..to {
            let y = &other[j];
            let mut least = (previous[j] + u8::from(x != y)).min(previous[j + 1] + 1).min(current[j] + 1);
            if i > 0 && j > 0 && one[i - 1] == *y && *x == other[j - 1] {
                least = least.min(before[j - 1] + 1);
            }
            current[j + 1] = least;
            fewest = fewest.min(least);
        }
        if let Some(beyond) = current.get_mut(to + 1) {
            *beyond = FAR;
        }
        if usize::from(fewest) > budget {
            return None;
        }
        std::mem::swap(&mut before, &mut previous);
        std::mem::swap(&mut previous, &mut current);
    }
    previous.last().map(|edits| usize::from(*edits)).filter(|edits| *edits <= budget)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::find;

    fn forms(name: &str) -> Vec<(usize, usize, &'static str)> {
        let words: Vec<&str> = name.split(' ').collect();
        find(&words).into_iter().map(|found| (found.start, found.len, found.form.name())).collect()
    }

    #[test]
    fn a_long_form_is_known_with_letters_wrong_cut_off_or_run_together() {
        assert_eq!(forms("tactical missiles corporation joint stock compan").last(), Some(&(3, 3, "jsc")));
        assert_eq!(forms("limited liability compayn n chip msk"), [(0, 3, "llc")]);
        assert_eq!(forms("limitedliability company yup"), [(0, 2, "llc")]);
        assert_eq!(forms("jo int stock company alfa bank"), [(0, 4, "jsc")]);
        assert_eq!(forms("klaret aviation limitde"), [(2, 1, "llc")]);
        assert_eq!(forms("joynt stock company kant"), [(0, 3, "jsc")]);
        assert_eq!(forms("общество с ограниченой ответственностью заря"), [(0, 4, "llc")]);
    }

    /// As `edits`, plainly.
    fn plain_edits(one: &[char], other: &[char]) -> usize {
        let mut table = vec![vec![0; other.len() + 1]; one.len() + 1];
        for i in 0..=one.len() {
            for j in 0..=other.len() {
                table[i][j] = match (i, j) {
                    (0, _) | (_, 0) => i + j,
                    _ => {
                        let step = table[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
                        let least = step.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                        let swapped = i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
                        if swapped { least.min(table[i - 2][j - 2] + 1) } else { least }
                    }
                };
            }
        }
        table[one.len()][other.len()]
    }

    proptest! {
        #[test]
        fn edits_within_the_budget_are_those_of_the_whole_table(
            one in "[a-c]{0,14}", other in "[a-c]{0,14}", budget in 1usize..4
        ) {
            let [one, other] = [one, other].map(|word| word.chars().collect::<Vec<char>>());
            prop_assume!(one.len().abs_diff(other.len()) <= budget);
            let wanted = Some(plain_edits(&one, &other)).filter(|edits| *edits <= budget);
            prop_assert_eq!(super::edits(&one, &other, budget), wanted);
        }
    }

    #[test]
    fn every_form_fits() {
        let longest = super::table::get().long.iter().map(|form| form.letters.len()).max();
        assert!(longest.is_some_and(|longest| longest <= super::MAX_LETTERS), "{longest:?}");
    }

    #[test]
    fn names_that_only_resemble_a_form_stay_names() {
        assert_eq!(forms("united shipping"), []);
        assert_eq!(forms("alpha campanile"), []);
        assert_eq!(forms("companion animals"), []);
        assert_eq!(forms("limitde"), []);
    }
}
