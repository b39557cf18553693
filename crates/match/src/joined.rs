//! What is written together on one side and apart on the other.
//!
//! Idea: neighbours of one side are written together and compared with the words of the other, and all of one side with the other's
//! words, neighbours and whole. Lengths and letters rule out nearly all before any text is put together.
//! Invariant: what meets has the same join key and lengths within [`MAX_JOIN_GAP`]; the candidate search looks for nothing else.
//! Cost: a comparison of two numbers for most pairs; no allocation once the scratch is warm.

use interdict_snapshot::join::{MAX_JOIN, MAX_JOIN_GAP, join_key_with, join_spans, joins};
use interdict_snapshot::{Corrupt, JoinView, Snapshot, TokenFacts, TokenId, TokenView};
use interdict_text::syllables::Cultures;
use interdict_text::{Role, Script};

use crate::align::{JoinedPair, MIN_JOIN, Part};
use crate::memo::{Letters, Memo};
use crate::query::{Form, FormJoin, Query};
use crate::similar::{unvowelled, written_together};

/// Working memory.
#[derive(Debug, Default)]
pub(crate) struct JoinScratch {
    /// What was found for the last pair of names.
    pub(crate) found: Vec<JoinedPair>,
    written: Written,
    /// Joins of the entity's name: places, whether of all, length and letters.
    spans: Vec<(u64, bool, Letters)>,
}

/// A word, or words written together.
struct Side<'a> {
    text: &'a str,
    native: &'a str,
    script: Script,
    cultures: Cultures,
    key: u32,
    /// Whether letters may differ: not in numbers, initials, particles.
    is_name: bool,
}

impl<'a> Side<'a> {
    fn of(token: &TokenView<'a>, consonants: &mut String) -> Side<'a> {
        Side {
            text: token.text,
            native: token.native,
            script: token.script,
            cultures: token.cultures,
            key: join_key_with(token.text, consonants),
            is_name: token.role == Role::Name,
        }
    }

    fn of_word(query: &'a Query, column: u16) -> Side<'a> {
        let token = &query.tokens[usize::from(column)];
        Side {
            text: &token.text,
            native: &token.native,
            script: token.script,
            cultures: token.cultures,
            key: query.join_keys[usize::from(column)],
            is_name: token.role == Role::Name,
        }
    }

    fn of_join(join: &'a FormJoin) -> Side<'a> {
        let facts = &join.facts;
        Side {
            text: &facts.text,
            native: &facts.native,
            script: facts.script,
            cultures: facts.cultures,
            key: facts.key,
            is_name: true,
        }
    }
}

/// Fills `scratch.found` with all that meets only written together.
pub(crate) fn find(
    query: &Query,
    form: &Form,
    snapshot: &Snapshot,
    (tokens, parts, rows): (&[TokenId], &[Part], &[usize]),
    memo: &Memo,
    scratch: &mut JoinScratch,
) -> Result<(), Corrupt> {
    scratch.found.clear();
    scratch.spans.clear();
    let joins_at = |at: usize| parts.get(at).is_some_and(|part| joins(part.role));
    for (from, to, whole) in join_spans(parts.len(), joins_at) {
        let (mut places, mut together) = (0u64, Letters { len: 0, set: 0, abjad: false });
        for at in (from..to).filter(|at| joins_at(*at)) {
            let Letters { len, set, abjad } = memo.letters(rows[at]);
            together.abjad = if places == 0 { abjad } else { together.abjad };
            together = Letters { len: together.len + len, set: together.set | set, ..together };
            places |= 1 << at;
        }
        if together.len <= MAX_JOIN {
            scratch.spans.push((places, whole, together));
        }
    }
    // Ours together, theirs a word.
    for join in query.joins_of(form) {
        let ours = letters_of(join);
        for at in (0..rows.len()).filter(|at| may_meet(ours, memo.letters(rows[*at]))) {
            let theirs = Side::of(&snapshot.token(tokens[at])?, &mut scratch.written.consonants);
            push(&mut scratch.found, (join.places, 1 << at, join.whole), &Side::of_join(join), &theirs);
        }
    }
    let together = |places: u64| {
        let places = (0..tokens.len().min(64)).filter(move |at| places & (1 << at) != 0);
        places.map(|at| tokens[at])
    };
    for at in 0..scratch.spans.len() {
        let (places, whole, letters) = scratch.spans[at];
        // Theirs together, ours a word.
        for (place, column) in query.columns_of(form).iter().enumerate().take(64) {
            if !may_meet(letters_of_word(&query.tokens[usize::from(*column)]), letters) {
                continue;
            }
            let theirs = scratch.written.put(snapshot, together(places))?;
            push(&mut scratch.found, (1 << place, places, whole), &Side::of_word(query, *column), &theirs);
        }
        // Both together, one of them as a whole.
        for join in query.joins_of(form).iter().filter(|join| join.whole || whole) {
            if !may_meet(letters_of(join), letters) {
                continue;
            }
            let theirs = scratch.written.put(snapshot, together(places))?;
            push(&mut scratch.found, (join.places, places, true), &Side::of_join(join), &theirs);
        }
    }
    Ok(())
}

fn letters_of(join: &FormJoin) -> Letters {
    let facts = &join.facts;
    Letters { len: facts.text.len(), set: facts.letters, abjad: facts.script.is_abjad() }
}

fn letters_of_word(token: &TokenFacts) -> Letters {
    Letters { len: token.text.len(), set: token.letters, abjad: token.script.is_abjad() }
}

/// Edits that two words may be apart, whatever their length.
const MAX_EDITS: usize = 2;

fn may_meet(one: Letters, other: Letters) -> bool {
    let gap = one.len.abs_diff(other.len);
    if one.abjad != other.abjad {
        return gap <= MAX_JOIN_GAP;
    }
    let far = (one.set & !other.set).count_ones().max((other.set & !one.set).count_ones());
    gap <= MAX_EDITS && far as usize <= MAX_EDITS
}

fn push(found: &mut Vec<JoinedPair>, (query, entity, whole): (u64, u64, bool), ours: &Side<'_>, theirs: &Side<'_>) {
    let score = likeness(ours, theirs);
    if score >= MIN_JOIN {
        let consonants = ours.script.is_abjad() != theirs.script.is_abjad();
        found.push(JoinedPair { query, entity, whole, consonants, score });
    }
}

fn likeness(one: &Side<'_>, other: &Side<'_>) -> f32 {
    if one.key != other.key || one.text.len().abs_diff(other.text.len()) > MAX_JOIN_GAP {
        return 0.0;
    }
    if one.script == other.script && !one.native.is_empty() && !other.native.is_empty() {
        if one.native == other.native {
            return 1.0;
        }
        if matches!(one.script, Script::Han | Script::Hangul) {
            return 0.0;
        }
    }
    if one.text == other.text {
        return 1.0;
    }
    if !(one.is_name && other.is_name) {
        return 0.0;
    }
    let score = written_together(one.text, other.text, (one.cultures, other.cultures));
    match (one.script.is_abjad(), other.script.is_abjad()) {
        (true, false) => score.max(unvowelled(one.text, other.text)),
        (false, true) => score.max(unvowelled(other.text, one.text)),
        _ => score,
    }
}

/// Whether a word of the query, or what is joined there, meets what is joined in the snapshot.
pub(crate) fn meets(
    ours: &Ours<'_>,
    snapshot: &Snapshot,
    theirs: &JoinView,
    written: &mut Written,
) -> Result<bool, Corrupt> {
    if theirs.len.abs_diff(ours.letters.len) > MAX_JOIN_GAP {
        return Ok(false);
    }
    let (mut letters, mut first) = (Letters { len: theirs.len, set: 0, abjad: false }, true);
    let tokens = snapshot.tokens_joined(theirs)?;
    for token in tokens {
        let glance = snapshot.glance(TokenId(token.get()))?;
        if joins(glance.role) {
            letters.set |= glance.letters;
            letters.abjad = if first { glance.abjad } else { letters.abjad };
            first = false;
        }
    }
    if !may_meet(ours.letters, letters) {
        return Ok(false);
    }
    let theirs = written.put(snapshot, tokens.iter().map(|token| TokenId(token.get())))?;
    Ok(likeness(&ours.side, &theirs) >= MIN_JOIN)
}

/// Whether what is joined in the query meets a word of the snapshot.
pub(crate) fn meets_word(
    ours: &Ours<'_>,
    snapshot: &Snapshot,
    theirs: TokenId,
    written: &mut Written,
) -> Result<bool, Corrupt> {
    let glance = snapshot.glance(theirs)?;
    if !may_meet(ours.letters, Letters { len: glance.len, set: glance.letters, abjad: glance.abjad }) {
        return Ok(false);
    }
    let theirs = Side::of(&snapshot.token(theirs)?, &mut written.consonants);
    Ok(likeness(&ours.side, &theirs) >= MIN_JOIN)
}

/// A word of the query, or what is joined there.
pub(crate) struct Ours<'a> {
    side: Side<'a>,
    letters: Letters,
}

impl Ours<'_> {
    pub(crate) fn word(query: &Query, column: u16) -> Ours<'_> {
        let letters = letters_of_word(&query.tokens[usize::from(column)]);
        Ours { side: Side::of_word(query, column), letters }
    }

    pub(crate) fn join(join: &FormJoin) -> Ours<'_> {
        Ours { side: Side::of_join(join), letters: letters_of(join) }
    }
}

/// Working memory for what is written together.
#[derive(Debug, Default)]
pub(crate) struct Written {
    text: String,
    native: String,
    consonants: String,
}

impl Written {
    /// Puts the tokens that join together.
    fn put(&mut self, snapshot: &Snapshot, tokens: impl Iterator<Item = TokenId>) -> Result<Side<'_>, Corrupt> {
        self.text.clear();
        self.native.clear();
        let (mut script, mut cultures, mut same) = (None, Cultures(u8::MAX), true);
        for token in tokens {
            let view = snapshot.token(token)?;
            if !joins(view.role) {
                continue;
            }
            self.text.push_str(view.text);
            self.native.push_str(view.native);
            same &= *script.get_or_insert(view.script) == view.script && !view.native.is_empty();
            cultures = Cultures(cultures.0 & view.cultures.0);
        }
        if !same {
            self.native.clear();
        }
        let key = join_key_with(&self.text, &mut self.consonants);
        let script = script.unwrap_or(Script::Other);
        Ok(Side { text: &self.text, native: &self.native, script, cultures, key, is_name: true })
    }
}
