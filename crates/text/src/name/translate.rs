//! The words of an organization's name with what is known of them put into English.
//!
//! Idea: `АО «НПП «Кант»` is on an English list as *Research and Production Enterprise Kant*: place and person names are
//! transliterated there, everyday words of institutions translated. A reading in which [`crate::words::concepts`] are English
//! meets such a name; the literal reading stays beside it.
//! Invariant: legal forms, and words that the table lacks, stay as they are. Cost: one look-up a phrase.

use std::borrow::Cow;

use super::cut::{Form, Word};
use crate::words::concepts::{Stretch, phrase_at, stretches};

/// The words with known phrases in English, and whether each is; `None` where there is nothing to translate.
pub(super) fn translate<'a>(words: &[Word<'a>]) -> Option<Vec<Word<'a>>> {
    let texts: Vec<&str> =
        words.iter().map(|word| if word.form == Form::None { word.text.as_ref() } else { "" }).collect();
    let mut out = Vec::with_capacity(words.len() + 4);
    let (mut at, mut any) = (0, false);
    while let Some(word) = words.get(at) {
        if word.form == Form::None {
            if let Some((english, len)) = phrase_at(&texts, at) {
                out.extend(english.split(' ').map(translated));
                any = true;
                at += len;
                continue;
            }
            let cut = stretches(&word.text);
            if !cut.is_empty() {
                any = true;
                for stretch in cut {
                    match stretch {
                        Stretch::Known(english) => out.extend(english.split(' ').map(translated)),
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
        out.push(word.clone());
        at += 1;
    }
    any.then_some(out)
}

fn translated<'a>(english: &'static str) -> Word<'a> {
    Word { text: Cow::Borrowed(english), dotted: false, form: Form::None, translated: true }
}
