//! A name that a query hides: prose of payments around it, words written twice, a legal form glued on,
//! slips in forms and short words, digits for letters, letters that stand apart, the whole read backwards; and a name spelt as newspapers of
//! another language spell it.
//!
//! Idea: each disguise is taken off by itself, one after the other, and each step gives a further text to read beside the name as it
//! stands. Lists write none of these, so that only queries are undressed: the index keeps what is published.
//! Invariant: nothing is taken off unless a name is left; the name as it stands is read too, so that a firm called *Invoice Trading*
//! is still found. At most [`MAX_TEXTS`] texts. Cost: some look-ups a word; allocations only for prose and for what is found.

mod apart;
mod backwards;
mod digits;
mod prose;
mod repeated;
mod respelt;
mod slips;
mod unglued;

use std::borrow::Cow;

use super::NameKind;

/// Most texts that one name gives.
const MAX_TEXTS: usize = 6;

/// Working memory: a text or a word in small letters, and what is made of it.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    one: String,
    other: String,
}

/// What a name may be once disguises are taken off: none for most names.
pub(super) fn undisguised(name: &str, kind: NameKind, buffers: &mut Buffers) -> Vec<String> {
    let mut found: Vec<String> = prose::names_in(name, buffers).into_iter().map(str::to_owned).collect();
    for at in 0..found.len().max(1) {
        // What it is so far: a name in prose, or all of it, until something is taken off.
        let mut text = found.get(at).map_or(Cow::Borrowed(name), |text| Cow::Owned(text.clone()));
        let mut next = |stage: &dyn Fn(&str, &mut Buffers) -> Option<String>| {
            if let Some(next) = stage(&text, buffers) {
                found.push(next.clone());
                text = Cow::Owned(next);
            }
        };
        next(&|text, _| apart::together(text));
        next(&backwards::forwards);
        next(&|text, _| repeated::once(text));
        if kind != NameKind::Person {
            next(&unglued::cut);
        }
        next(&|text, buffers| slips::mended(text, kind, buffers));
        // A 1 is an i or an l.
        let other = digits::spelt(&text, 'l');
        if let Some(spelt) = digits::spelt(&text, 'i') {
            found.push(spelt);
        }
        found.extend(other);
    }
    if matches!(kind, NameKind::Person | NameKind::Unknown) {
        found.extend(respelt::readings(name, &mut buffers.one));
    }
    let mut at = 0;
    found.retain(|text| {
        at += 1;
        text != name && at <= MAX_TEXTS
    });
    found.dedup();
    found
}

/// Puts a text in small letters in place of what `out` held.
fn lower_into(text: &str, out: &mut String) {
    out.clear();
    if text.contains('Σ') {
        // At the end of a word it becomes another letter.
        out.push_str(&text.to_lowercase());
    } else {
        out.extend(text.chars().flat_map(char::to_lowercase));
    }
}
