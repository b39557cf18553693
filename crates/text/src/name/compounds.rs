//! Arabic names of two words that Latin letters write as one, two or three: `Abd al-Rahman`, `Hidayat Allah`, `Siraj al-Din`.
//!
//! Idea: lists write `Abdelrahman`, `Abdul Rahman` and `Abd al-Rahman`, `Sirajuddin` and `Siraj al-Din`, as the clerk heard them, so
//! the vowels between the halves tell nothing. *Servant of* becomes a part `abdul` of its own with what follows beside it; *of God*
//! is written onto what stands before it. A further reading has *of the faith* written onto the word before, and the servant onto whom
//! he serves where vowels are not written or where both are known as one word; the one in parts stays, as the parts change places on some lists (`AL-DIN Hasan Izz`).
//! Invariant: no part is lost; a part keeps its systems of transliteration. Cost: one pass over the parts, no allocation where
//! nothing is found.
//! Source: interdict's own knowledge of Arabic names (BGN/PCGN romanization of Arabic 1956, note on the article).

use compact_str::format_compact;
use smallvec::smallvec;

use super::Role;
use super::slots::Slot;
use crate::words::equivalents;

/// *Servant* before an article.
const SERVANT: [&str; 7] = ["abd", "abdu", "abdi", "abde", "abdul", "abdel", "abdal"];
/// The article after it, as it is written before the letters that it assimilates to.
const ARTICLES: [&str; 22] = [
    "al", "el", "ul", "ol", "l", "ar", "er", "ur", "as", "es", "us", "at", "et", "ad", "ed", "an", "en", "un", "az",
    "ez", "uz", "ash",
];
/// *God* after another word.
const GOD: [&str; 6] = ["allah", "ullah", "ollah", "ellah", "oullah", "ulla"];
/// *Faith* after an article, and together with it.
const FAITH: [&str; 3] = ["din", "deen", "dine"];
const OF_FAITH: [&str; 14] = [
    "aldin", "eldin", "uldin", "addin", "eddin", "uddin", "aldine", "eldine", "eddine", "uddine", "aldeen", "eldeen",
    "uldeen", "uddeen",
];

fn is(slot: Option<&Slot>, words: &[&str]) -> bool {
    slot.and_then(|slot| slot.texts.first()).is_some_and(|text| words.contains(&text.as_str()))
}

/// Puts *servant of* and *of God* into one form.
pub(super) fn settle(slots: &mut Vec<Slot>) {
    let mut at = 0;
    while at < slots.len() {
        if slots.get(at).is_none_or(|slot| slot.role != Role::Name) {
            at += 1;
            continue;
        }
        if is(slots.get(at), &SERVANT) && is(slots.get(at + 1), &ARTICLES) && at + 2 < slots.len() {
            let article = slots.remove(at + 1);
            if let Some(slot) = slots.get_mut(at) {
                slot.native.push_str(&article.native);
                slot.texts = smallvec!["abdul".into()];
            }
        } else if is(slots.get(at + 1), &GOD) && !is(slots.get(at), &GOD) {
            let god = slots.remove(at + 1);
            if let Some(slot) = slots.get_mut(at) {
                let servant = is(Some(slot), &["abd", "abdul"]);
                join(slot, &god, "ullah");
                if servant {
                    slot.texts = smallvec!["abdullah".into()];
                }
            }
        }
        at += 1;
    }
}

/// Writes compounds together, a part and how many behind it, in place of what `joined` held; false if there are none.
pub(super) fn join_all(slots: &[Slot], joined: &mut Vec<Slot>) -> bool {
    let name = |at: usize| slots.get(at).filter(|slot| slot.role == Role::Name);
    let n_behind = |at: usize| {
        if name(at).is_none() {
            0
        } else if is(slots.get(at + 1), &OF_FAITH) {
            1
        } else if is(slots.get(at + 1), &ARTICLES) && is(slots.get(at + 2), &FAITH) {
            2
        } else {
            let served = name(at + 1).filter(|_| is(slots.get(at), &["abdul"]));
            usize::from(served.is_some_and(|slot| slot.script.is_abjad() || is_written_together(slot)))
        }
    };
    joined.clear();
    if !(0..slots.len()).any(|at| n_behind(at) > 0) {
        return false;
    }
    let mut at = 0;
    while let Some(slot) = slots.get(at) {
        let mut slot = slot.clone();
        let behind = slots.get(at + 1..=at + n_behind(at)).unwrap_or_default();
        match behind {
            [served] if is(Some(&slot), &["abdul"]) => {
                slot.native.push_str(&served.native);
                slot.texts = served.texts.iter().map(|text| format_compact!("abdul{text}")).collect();
            }
            [faith] => join(&mut slot, faith, "uddin"),
            [article, faith] => {
                join(&mut slot, article, "");
                join(&mut slot, faith, "uddin");
            }
            _ => {}
        }
        joined.push(slot);
        at += 1 + behind.len();
    }
    true
}

/// Whether *servant* and whom he serves have spellings of one word: `Abdelkader`, `Abderrahmane`.
fn is_written_together(served: &Slot) -> bool {
    served.texts.first().is_some_and(|text| !equivalents(&format_compact!("abdul{text}")).is_empty())
}

/// Writes a part onto another one, as `text` in Latin letters.
fn join(slot: &mut Slot, behind: &Slot, text: &str) {
    slot.native.push_str(&behind.native);
    for system in &mut slot.texts {
        system.push_str(text);
    }
}
