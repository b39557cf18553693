//! What is written together on one side and apart on the other.
//!
//! Idea: neighbours of one side are written together and compared with the words of the other, and all of one side with the other's
//! words, neighbours and whole. Lengths and letters rule out nearly all before any text is put together.
//! Invariant: what meets has the same join key and lengths within [`MAX_JOIN_GAP`]; the candidate search looks for nothing else.
//! Cost: a comparison of two numbers for most pairs; no allocation once the scratch is warm.

use interdict_snapshot::join::{MAX_JOIN, MAX_JOIN_GAP, join_key_with, join_spans, joins};
use interdict_snapshot::{Corrupt, Snapshot, TokenId};
use interdict_text::syllables::Cultures;
use interdict_text::{Role, Script};

use crate::align::{Joined, MIN_JOIN, Part};
use crate::memo::{Letters, Memo};
use crate::query::{Form, FormJoin, Query};
use crate::similar::{unvowelled, written_together};

/// Working memory.
#[derive(Debug, Default)]
pub(crate) struct JoinScratch {
    /// What was found for the last pair of names.
    pub(crate) found: Vec<Joined>,
    text: String,
    native: String,
    consonants: String,
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
    for join in &form.joins {
        let ours = letters_of(join);
        for at in (0..rows.len()).filter(|at| may_meet(ours, memo.letters(rows[*at]))) {
            let view = snapshot.token(tokens[at])?;
            let key = join_key_with(view.text, &mut scratch.consonants);
            let theirs = Side {
                text: view.text,
                native: view.native,
                script: view.script,
                cultures: view.cultures,
                key,
                is_name: parts[at].role == Role::Name,
            };
            push(&mut scratch.found, (join.places, 1 << at, join.whole), &joined(join), &theirs);
        }
    }
    for at in 0..scratch.spans.len() {
        let (places, whole, letters) = scratch.spans[at];
        // Theirs together, ours a word.
        for (place, column) in form.tokens.iter().enumerate().take(64) {
            let token = &query.tokens[usize::from(*column)];
            let abjad = token.script.is_abjad();
            if !may_meet(Letters { len: token.text.len(), set: token.letters, abjad }, letters) {
                continue;
            }
            let ours = Side {
                text: &token.text,
                native: &token.native,
                script: token.script,
                cultures: token.cultures,
                key: query.join_keys[usize::from(*column)],
                is_name: token.role == Role::Name,
            };
            let (script, cultures) = write_together(snapshot, tokens, places, scratch)?;
            let key = join_key_with(&scratch.text, &mut scratch.consonants);
            let theirs = Side { text: &scratch.text, native: &scratch.native, script, cultures, key, is_name: true };
            push(&mut scratch.found, (1 << place, places, whole), &ours, &theirs);
        }
        // Both together, one of them as a whole.
        for join in form.joins.iter().filter(|join| join.whole || whole) {
            if !may_meet(letters_of(join), letters) {
                continue;
            }
            let (script, cultures) = write_together(snapshot, tokens, places, scratch)?;
            let key = join_key_with(&scratch.text, &mut scratch.consonants);
            let theirs = Side { text: &scratch.text, native: &scratch.native, script, cultures, key, is_name: true };
            push(&mut scratch.found, (join.places, places, true), &joined(join), &theirs);
        }
    }
    Ok(())
}

fn letters_of(join: &FormJoin) -> Letters {
    let facts = &join.facts;
    Letters { len: facts.text.len(), set: facts.letters, abjad: facts.script.is_abjad() }
}

fn joined(join: &FormJoin) -> Side<'_> {
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

fn push(found: &mut Vec<Joined>, (query, entity, whole): (u64, u64, bool), ours: &Side<'_>, theirs: &Side<'_>) {
    let score = likeness(ours, theirs);
    if score >= MIN_JOIN {
        let consonants = ours.script.is_abjad() != theirs.script.is_abjad();
        found.push(Joined { query, entity, whole, consonants, score });
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

/// Puts the entity's parts at these places together in the scratch; tells their script and common cultures.
fn write_together(
    snapshot: &Snapshot,
    tokens: &[TokenId],
    places: u64,
    scratch: &mut JoinScratch,
) -> Result<(Script, Cultures), Corrupt> {
    scratch.text.clear();
    scratch.native.clear();
    let (mut script, mut cultures, mut same) = (None, Cultures(u8::MAX), true);
    for (_, token) in tokens.iter().enumerate().filter(|(at, _)| *at < 64 && places & (1 << *at) != 0) {
        let view = snapshot.token(*token)?;
        scratch.text.push_str(view.text);
        scratch.native.push_str(view.native);
        same &= *script.get_or_insert(view.script) == view.script && !view.native.is_empty();
        cultures = Cultures(cultures.0 & view.cultures.0);
    }
    if !same {
        scratch.native.clear();
    }
    Ok((script.unwrap_or(Script::Other), cultures))
}
