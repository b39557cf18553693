//! Words read into Latin letters, with what each does in its name.
//!
//! Idea: one word becomes one slot, or several where its script writes without spaces; a slot holds the readings of all
//! systems of transliteration. Titles, numbers and particles are told by the words around them too.
//! Invariant: every word that is no part of a longer title, number or form gives a slot. Cost: linear, no allocation once warm but
//! for long words.

use compact_str::ToCompactString;
use smallvec::smallvec;

use super::cut::{Form, Word};
use super::{NameKind, Role, Row, compounds};
use crate::latin::{self, Hints, Part, Place, Spellings};
use crate::script::Run;
use crate::{Script, Text, words};

/// One token to be, with its readings.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) native: Text,
    pub(super) script: Script,
    pub(super) role: Role,
    /// By system; a slot with fewer readings than others keeps its first.
    pub(super) texts: Spellings,
    /// Whether it was put into English from another language.
    pub(super) translated: bool,
}

/// Working memory of reading a word.
#[derive(Debug, Default)]
pub(super) struct WordScratch {
    runs: Vec<Run>,
    parts: Vec<Part>,
    chars: Vec<char>,
}

impl WordScratch {
    /// Cuts a word into its parts, which are then at hand.
    fn cut(&mut self, word: &Word<'_>, hints: Hints) {
        self.parts.clear();
        latin::parts(&word.text, hints, &mut self.runs, &mut self.parts);
    }
}

/// Reads all words, each for what it does in the name, in place of what `slots` held.
pub(super) fn slots_of(words: &[Word<'_>], hints: Hints, scratch: &mut WordScratch, slots: &mut Vec<Slot>) {
    slots.clear();
    let texts: Row<'_> = words.iter().map(|word| word.text.as_ref()).collect();
    // Legal forms before the name are no part of its order.
    let lead = words.iter().take_while(|word| word.form != Form::None).count();
    let mut after = 0;
    for (at, word) in words.iter().enumerate() {
        if at < after {
            continue;
        }
        let row = |len: usize| words.get(at..at + len).unwrap_or_default();
        if let Form::Starts(form, len) = word.form {
            slots.push(row_slot(row(len), Role::Legal(form), form.name().into()));
            after = at + len;
            continue;
        }
        let hints = Hints { is_first: at == 0, ..hints };
        scratch.cut(word, hints);
        let whole = scratch.parts.len() == 1;
        if let Some((role, len)) = row_role(&texts, words, at, hints.kind).filter(|(_, len)| whole || *len > 1) {
            let text = match role {
                Role::Number(number) => number.to_compact_string(),
                _ => latin_text(row(len), hints, scratch),
            };
            slots.push(row_slot(row(len), role, text));
            after = at + len;
            continue;
        }
        let WordScratch { parts, chars, .. } = scratch;
        for part in parts.iter() {
            let mut slot = read_part(word, part, hints, chars);
            let row = texts.get(lead..).unwrap_or_default();
            slot.role = role_of(row, at - lead, part, whole, word.dotted, &slot, hints.kind);
            if let Role::Number(number) = slot.role {
                slot.texts = smallvec![number.to_compact_string()];
            }
            slots.push(slot);
        }
    }
    if matches!(hints.kind, NameKind::Person | NameKind::Unknown) {
        compounds::settle(slots);
    }
}

/// Reads all words as plain names, legal forms and all, in place of what `slots` held.
pub(super) fn plain_slots(words: &[Word<'_>], hints: Hints, scratch: &mut WordScratch, slots: &mut Vec<Slot>) {
    slots.clear();
    for (at, word) in words.iter().enumerate() {
        let hints = Hints { is_first: at == 0, ..hints };
        scratch.cut(word, hints);
        let WordScratch { parts, chars, .. } = scratch;
        slots.extend(parts.iter().map(|part| read_part(word, part, hints, chars)));
    }
}

/// One part of a word with its readings, as a plain name.
fn read_part(word: &Word<'_>, part: &Part, hints: Hints, chars: &mut Vec<char>) -> Slot {
    let text = word.text.get(part.start..part.end).unwrap_or_default();
    let mut slot = Slot {
        native: Text::default(),
        script: part.script,
        role: Role::Name,
        texts: Spellings::new(),
        translated: word.translated,
    };
    latin::readings(text, part.script, part.place, hints, chars, &mut slot.texts);
    if part.script == Script::Other {
        slot.script = crate::script::dominant(text);
    }
    if !text.is_ascii() && slot.script != Script::Latin {
        slot.native = text.into();
    }
    slot
}

/// The number or title that begins at a word, and how many words it takes; neither reaches into a legal form.
fn row_role(texts: &[&str], words: &[Word<'_>], at: usize, kind: NameKind) -> Option<(Role, usize)> {
    let free = |len: usize| words.get(at..at + len).is_some_and(|row| row.iter().all(|word| word.form == Form::None));
    if let Some((number, len)) = words::number_at(texts, at).filter(|(_, len)| free(*len)) {
        return Some((Role::Number(number), len));
    }
    let is_last = at > 0 && at + 1 == texts.len() && matches!(kind, NameKind::Organization | NameKind::Object);
    let letter = texts.get(at).filter(|_| is_last && free(1) && words.get(at).is_some_and(|word| !word.dotted));
    if let Some(number) = letter.and_then(|letter| words::roman_letter(letter)) {
        return Some((Role::Number(number), 1));
    }
    // A dotted letter is an initial, whatever it stands for elsewhere.
    if words.get(at).is_some_and(|word| word.dotted && word.text.chars().nth(1).is_none()) {
        return None;
    }
    let len = words::title_len(texts, at, kind);
    (len > 0 && free(len)).then_some((Role::Title, len))
}

/// The words of a row in Latin letters, written together.
fn latin_text(row: &[Word<'_>], hints: Hints, scratch: &mut WordScratch) -> Text {
    let mut text = Text::default();
    for word in row {
        scratch.cut(word, hints);
        let WordScratch { parts, chars, .. } = scratch;
        for part in parts.iter() {
            text.push_str(read_part(word, part, hints, chars).texts.first().map_or("", Text::as_str));
        }
    }
    text
}

/// One slot for a row of words: a legal form, a number, a title.
fn row_slot(words: &[Word<'_>], role: Role, text: Text) -> Slot {
    let mut native = Text::default();
    for word in words {
        if !native.is_empty() {
            native.push(' ');
        }
        native.push_str(&word.text);
    }
    let script = crate::script::dominant(&native);
    if script == Script::Latin || native.is_ascii() {
        native.clear();
    }
    Slot { native, script, role, texts: smallvec![text], translated: false }
}

/// What a part of a word does in its name. `texts` are the words of the name, `at` the place of this one; `whole` says that the
/// part is all of it.
fn role_of(texts: &[&str], at: usize, part: &Part, whole: bool, dotted: bool, slot: &Slot, kind: NameKind) -> Role {
    if part.place != Place::Word {
        return Role::Name;
    }
    let text = texts.get(at).and_then(|word| word.get(part.start..part.end)).unwrap_or_default();
    if !whole && let Some(number) = words::number(text) {
        return Role::Number(number);
    }
    let single = text.chars().nth(1).is_none() && text.chars().all(char::is_alphabetic);
    let has_initials = matches!(kind, NameKind::Person | NameKind::Unknown);
    let letters = part.script.is_alphabet() || part.script.is_abjad();
    if single && dotted && letters && has_initials {
        return Role::Initial;
    }
    let particle = if whole { words::is_particle_in(texts, at, kind) } else { words::is_particle(text, kind) };
    if particle {
        return Role::Particle;
    }
    if single && letters && has_initials && texts.len() > 1 {
        return Role::Initial;
    }
    if text.is_ascii() || !letters || single {
        return Role::Name;
    }
    match slot.texts.first() {
        Some(latin) if words::is_title(latin, kind) => Role::Title,
        Some(latin) if words::is_particle(latin, kind) && at + 1 < texts.len() => Role::Particle,
        _ => Role::Name,
    }
}
