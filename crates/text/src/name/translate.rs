//! The words of an organization's name with what is known of them put into English.
//!
//! Idea: `АО «НПП «Кант»` is on an English list as *Research and Production Enterprise Kant*: place and person names are
//! transliterated there, everyday words of institutions translated. A reading in which [`crate::words::concepts`] are English
//! meets such a name; the literal reading stays beside it. A single word in quotes is the name proper, and as often transliterated
//! (`«Арктика»` is *Arktika*) as translated, so that there is a reading with all but it in English, too.
//! Invariant: legal forms, and words that the table lacks, stay as they are. Cost: one look-up a phrase.

use std::borrow::Cow;
use std::cell::Cell;

use super::Row;
use super::cut::{Form, Word, Words};
use crate::fold;
use crate::words::concepts::{Stretch, also, is_unspaced, phrase_at, stretches};
use crate::words::romanised;

/// Marks around a name within the name of a firm.
const QUOTES: [char; 10] = ['"', '«', '»', '“', '”', '„', '‟', '‘', '’', '″'];

/// Words that stand alone in quotes in a name as written, folded.
pub(super) fn quoted_words(name: &str) -> Vec<String> {
    if name.is_ascii() {
        return Vec::new();
    }
    let pieces: Vec<&str> = name.split(QUOTES).collect();
    let within = pieces.get(1..pieces.len() - 1).unwrap_or_default();
    let single = |piece: &&&str| !piece.is_empty() && !piece.contains([' ', '-']);
    within.iter().filter(single).map(|piece| fold::fold(piece)).collect()
}

/// The words with known phrases in English, but for those `kept`, and whether each is; `None` where there is nothing to translate.
pub(super) fn translate<'a>(words: &[Word<'a>], kept: &[String]) -> Option<Words<'a>> {
    translate_by(words, kept, |english| english)
}

/// As [`translate`], with the other English of each phrase of an unspaced script; `None` where none has another.
pub(super) fn translate_otherwise<'a>(words: &[Word<'a>]) -> Option<Words<'a>> {
    if !words.iter().any(|word| word.text.chars().any(is_unspaced)) {
        return None;
    }
    let any = Cell::new(false);
    let other = |english| {
        let also = also(english);
        any.set(any.get() || also.is_some());
        also.unwrap_or(english)
    };
    translate_by(words, &[], other).filter(|_| any.get())
}

fn translate_by<'a>(
    words: &[Word<'a>],
    kept: &[String],
    unspaced: impl Fn(&'static str) -> &'static str,
) -> Option<Words<'a>> {
    let open = |word: &Word<'a>| word.form == Form::None && !kept.iter().any(|kept| *kept == word.text);
    let texts: Row<'_> = words.iter().map(|word| if open(word) { word.text.as_ref() } else { "" }).collect();
    let romanised = texts.iter().any(|word| word.is_ascii()) && romanised::is_romanised(&texts);
    // What comes before the first known phrase is copied only once there is one.
    let mut out = Words::new();
    let (mut at, mut any) = (0, false);
    let begin = |out: &mut Words<'a>, any: &mut bool, at: usize| {
        if !*any {
            out.extend(words.get(..at).unwrap_or_default().iter().cloned());
            *any = true;
        }
    };
    while let Some(word) = words.get(at) {
        if open(word) {
            let latin = || if romanised { romanised::phrase_at(&texts, at) } else { None };
            if let Some((english, len)) = phrase_at(&texts, at).or_else(latin) {
                begin(&mut out, &mut any, at);
                out.extend(english.split(' ').map(translated));
                at += len;
                continue;
            }
            let cut = stretches(&word.text);
            if !cut.is_empty() {
                begin(&mut out, &mut any, at);
                for stretch in cut {
                    match stretch {
                        Stretch::Known(english) => out.extend(unspaced(english).split(' ').map(translated)),
                        Stretch::Other(text) => out.push(Word {
                            text: Cow::Owned(text.to_owned()),
                            dotted: false,
                            form: Form::None,
                            translated: false,
                        }),
                    }
                }
                at += 1;
                continue;
            }
        }
        if any {
            out.push(word.clone());
        }
        at += 1;
    }
    any.then_some(out)
}

fn translated<'a>(english: &'static str) -> Word<'a> {
    Word { text: Cow::Borrowed(english), dotted: false, form: Form::None, translated: true }
}
