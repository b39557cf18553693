//! A folded name cut into words, with its legal forms marked.
//!
//! Idea: dots and slashes tell abbreviations and initials apart from words; legal forms are looked for in the whole row and,
//! in scripts without spaces, at the ends of each word. Invariant: nothing of the name is lost. Cost: linear.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::{NameKind, Row};
use crate::legal::{self, LegalForm};
use crate::words;

/// Words after the comma of `LAST, First` beyond which the comma separates something else.
const MAX_WORDS_AFTER_COMMA: usize = 4;

/// A word of the folded name.
#[derive(Clone)]
pub(super) struct Word<'a> {
    pub(super) text: Cow<'a, str>,
    /// Single letters that stood with dots or slashes between them (`j.r.`, `s/a`), here without.
    pub(super) dotted: bool,
    /// A legal form that begins here, or that an earlier word began.
    pub(super) form: Form,
    /// Whether it was put into English from another language.
    pub(super) translated: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    None,
    Starts(LegalForm, usize),
    Inside,
}

/// The words of a name, of which most have no more than stand here without an allocation.
pub(super) type Words<'a> = SmallVec<[Word<'a>; 8]>;

/// The two sides of `LAST, First`, turned round; only for persons, as a firm's comma stands before its legal form.
pub(super) fn inverted(folded: &str, kind: NameKind) -> Option<(&str, &str)> {
    if kind != NameKind::Person {
        return None;
    }
    let (last, first) = folded.split_once(',')?;
    let first_words = || first.split([' ', '.', '/']).filter(|word| !word.is_empty());
    let is_suffix = first_words().all(|word| words::is_title(word, kind) || words::number(word).is_some());
    let few = (1..=MAX_WORDS_AFTER_COMMA).contains(&first_words().count());
    (few && !is_suffix && !first.contains(',') && !last.is_empty()).then_some((first, last))
}

pub(super) fn collect_words<'a>(folded: &'a str, out: &mut Words<'a>) {
    let word = |text| Word { text, dotted: false, form: Form::None, translated: false };
    for chunk in folded.split([' ', ',']) {
        if !chunk.contains(['.', '/']) {
            if !chunk.is_empty() {
                out.push(word(Cow::Borrowed(chunk)));
            }
            continue;
        }
        let mut letters = Cow::Borrowed("");
        for piece in chunk.split(['.', '/']).filter(|piece| !piece.is_empty()) {
            if piece.chars().nth(1).is_none() && piece.chars().all(char::is_alphabetic) {
                if letters.is_empty() {
                    letters = Cow::Borrowed(piece);
                } else {
                    letters.to_mut().push_str(piece);
                }
                continue;
            }
            flush_letters(&mut letters, out);
            out.push(word(Cow::Borrowed(piece)));
        }
        flush_letters(&mut letters, out);
    }
}

fn flush_letters<'a>(letters: &mut Cow<'a, str>, out: &mut Words<'a>) {
    if !letters.is_empty() {
        let text = std::mem::replace(letters, Cow::Borrowed(""));
        out.push(Word { text, dotted: true, form: Form::None, translated: false });
    }
}

/// Marks the legal forms of a name. Behind the name of a person only an unambiguous one counts, where two words or more are
/// left before it.
pub(super) fn mark_legal_forms(words: &mut [Word<'_>], kind: NameKind) {
    for found in legal_forms(words, kind) {
        if let Some(range) = words.get_mut(found.start..found.start + found.len) {
            for (at, word) in range.iter_mut().enumerate() {
                word.form = if at == 0 { Form::Starts(found.form, found.len) } else { Form::Inside };
            }
        }
    }
}

fn legal_forms(words: &[Word<'_>], kind: NameKind) -> legal::Forms {
    let texts: Row<'_> = words.iter().map(|word| word.text.as_ref()).collect();
    if kind == NameKind::Person {
        legal::certain_suffix(&texts).filter(|form| form.start >= 2).into_iter().collect()
    } else {
        legal::find(&texts)
    }
}

/// Cuts legal forms off unspaced words (`株式会社トヨタ`), at either end as long as there are any.
pub(super) fn cut_affixes(words: Words<'_>) -> Words<'_> {
    let mut out = Words::with_capacity(words.len());
    for word in words {
        let mut rest = word.text.as_ref();
        let mut behind: SmallVec<[Word<'_>; 2]> = SmallVec::new();
        while let Some((form, start, end)) = Some(rest).filter(|_| word.form == Form::None).and_then(legal::strip_affix)
        {
            let (Some(affix), Some(before), Some(after)) = (rest.get(start..end), rest.get(..start), rest.get(end..))
            else {
                break;
            };
            let affix = Word {
                text: Cow::Owned(affix.to_owned()),
                dotted: false,
                form: Form::Starts(form, 1),
                translated: false,
            };
            if before.is_empty() {
                out.push(affix);
                rest = after;
            } else {
                behind.push(affix);
                rest = before;
            }
        }
        if let Some((before, form, after)) = Some(rest).filter(|_| word.form == Form::None).and_then(form_inside) {
            out.push(Word { text: Cow::Owned(before.to_owned()), dotted: false, form: Form::None, translated: false });
            out.push(form);
            out.push(Word { text: Cow::Owned(after.to_owned()), dotted: false, form: Form::None, translated: false });
            out.extend(behind.into_iter().rev());
        } else if rest.len() < word.text.len() {
            out.push(Word { text: Cow::Owned(rest.to_owned()), dotted: false, form: Form::None, translated: false });
            out.extend(behind.into_iter().rev());
        } else {
            out.push(word);
        }
    }
    out
}

/// Long legal forms that tell where the name of a firm ends, whatever is written behind it: its branch, its place.
const ENDS_OF_FIRMS: [&str; 6] = ["股份有限公司", "有限责任公司", "有限責任公司", "有限公司", "株式会社", "주식회사"];

/// What stands before such a form, the form, and what stands behind it.
fn form_inside(word: &str) -> Option<(&str, Word<'static>, &str)> {
    let (at, len) = ENDS_OF_FIRMS.iter().find_map(|form| Some((word.find(form)?, form.len())))?;
    let (before, after) = (word.get(..at)?, word.get(at + len..)?);
    let (form, ..) = legal::strip_affix(word.get(..at + len)?)?;
    (!before.is_empty() && !after.is_empty()).then(|| {
        let text = Cow::Owned(word.get(at..at + len).unwrap_or_default().to_owned());
        (before, Word { text, dotted: false, form: Form::Starts(form, 1), translated: false }, after)
    })
}

/// Rows of dotted letters that are neither legal form nor title become initials again; those of a firm stay one word (`I.B.M.`).
pub(super) fn spread_dotted(words: Words<'_>, kind: NameKind) -> Words<'_> {
    let is_row = |word: &Word<'_>| word.dotted && word.text.chars().nth(1).is_some();
    if !words.iter().any(is_row) {
        return words;
    }
    let joins = matches!(kind, NameKind::Organization | NameKind::Object);
    let mut spread = Words::with_capacity(words.len());
    for word in words {
        let keep = joins || !is_row(&word) || word.form != Form::None || words::is_title(&word.text, kind);
        if keep {
            spread.push(word);
            continue;
        }
        let letters = word.text.chars().map(|letter| Cow::Owned(letter.to_string()));
        spread.extend(letters.map(|text| Word { text, dotted: true, form: Form::None, translated: false }));
    }
    spread
}
