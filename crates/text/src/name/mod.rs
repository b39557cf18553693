//! A name as the index and the matcher see it: readings made of tokens with roles.
//!
//! Idea: fold the whole name; turn `LAST, First` round; cut it into words; let [`crate::legal`] and [`crate::words`]
//! name those that they know in their own script; read the rest into Latin letters, all words of a reading by the same system.
//! Invariant: token texts are `[a-z0-9]+`; at most [`MAX_READINGS`] readings, no two alike; a name of nothing but titles,
//! particles and legal forms keeps its words as names, so that it can still be found.
//! Cost: linear in the name; a few allocations a token.
mod alternates;
mod compounds;
mod cut;
mod disguise;
mod glued;
mod slots;
mod translate;

use crate::fold::{self, Lookalikes};
use crate::latin::Hints;
use crate::legal::LegalForm;
use crate::syllables::{self, Cultures};
use crate::{MAX_NAME_CHARS, Script};

use alternates::alternates;
pub use disguise::undisguised;

use cut::{collect_words, cut_affixes, inverted, mark_legal_forms, spread_dotted};
use glued::{split_glued, split_glued_capitals};
use slots::{Slot, plain_slots, slots_of};
use translate::translate;

/// What bears the name; decides which words can be legal forms, titles or particles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKind {
    /// A natural person: titles, particles, initials; no legal forms.
    Person,
    /// A company, institution or group: legal forms, generic words.
    Organization,
    /// A ship, aircraft, wallet or other thing: prefixes such as `M/V`.
    Object,
    /// Not said (a `Thing` or `LegalEntity` query): both titles and legal forms are recognised.
    Unknown,
}

/// What a token does in its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A part that distinguishes its bearer.
    Name,
    /// A single letter that stands for a name part (`J.`).
    Initial,
    /// A particle or article: `al`, `bin`, `von`, `de`, `the`, `of`, `and`.
    Particle,
    /// A title, honorific, rank or suffix: `Dr`, `Sheikh`, `Jr`.
    Title,
    /// A legal form, one token however many words it had.
    Legal(LegalForm),
    /// A number, however it was written (`7`, `VII`, `seventh`, `٧`).
    Number(u32),
}

/// One part of a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Latin letters and digits only, `[a-z0-9]+`, never empty. For a legal form its canonical name (`llc`), for a number
    /// its decimal digits.
    pub text: String,
    /// The word as folded in its own script when that is not Latin, else empty.
    pub native: String,
    /// Script in which the word was written.
    pub script: Script,
    /// What the token does.
    pub role: Role,
    /// Whether it was put into English from another language.
    pub translated: bool,
    /// Cultures that its name may be of, whose given names differ by whole syllables.
    pub cultures: Cultures,
}

/// One way to read a name in Latin letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// In the order of the name.
    pub tokens: Vec<Token>,
}

/// Upper bound on the readings of one name: each is indexed, so this bounds the index.
pub const MAX_READINGS: usize = 12;

/// Characters of a raw name that are looked at: beyond [`MAX_NAME_CHARS`], as invisible ones fall away, yet bounded.
const MAX_RAW_CHARS: usize = 8 * MAX_NAME_CHARS;

/// All readings of `name`, the most probable first, at most [`MAX_READINGS`], no two with equal tokens; empty when nothing
/// in it can be read. Other names that the field holds (`alternates`) and translations (`translate`) have readings too.
pub fn analyze(name: &str, kind: NameKind) -> Vec<Reading> {
    let name = cut(name, MAX_RAW_CHARS);
    let mut readings = Vec::new();
    let alternates = alternates(name, kind);
    // Each alternate has room for two readings, as it is and in English; for one where there are many.
    let least = if alternates.len() * 2 <= MAX_READINGS - MIN_OF_WHOLE { 2 } else { 1 };
    analyze_one(name, kind, MAX_READINGS - least * alternates.len(), &mut readings);
    for (at, alternate) in alternates.iter().enumerate() {
        let later = least * (alternates.len() - at - 1);
        analyze_one(alternate, kind, MAX_READINGS - later, &mut readings);
    }
    if matches!(kind, NameKind::Person | NameKind::Unknown) {
        readings.iter_mut().for_each(mark_cultures);
    }
    readings
}

/// Marks the parts of a name of nothing but Korean or Chinese syllables.
fn mark_cultures(reading: &mut Reading) {
    let parts: Vec<&str> = reading
        .tokens
        .iter()
        .filter(|token| token.role != Role::Title)
        .map(|token| if token.role == Role::Name { token.text.as_str() } else { "" })
        .collect();
    let cultures = syllables::cultures_of(&parts);
    for token in &mut reading.tokens {
        token.cultures = cultures;
    }
}

/// Readings of the whole name that stay beside those of the names within it.
const MIN_OF_WHOLE: usize = 4;

/// Adds the readings of one name until there are `room`, the first of each other way to take it in any case.
fn analyze_one(name: &str, kind: NameKind, room: usize, readings: &mut Vec<Reading>) {
    let may_have_form = matches!(kind, NameKind::Organization | NameKind::Unknown);
    let split = if may_have_form { split_glued_capitals(name) } else { None };
    let name = split.as_deref().unwrap_or(name);
    let mut folded = String::with_capacity(name.len() + 8);
    let carried = fold::fold_with(name, Lookalikes::Name, &mut folded);
    let closed_up = if kind == NameKind::Organization { han_closed_up(&folded) } else { None };
    let folded = cut(closed_up.as_deref().unwrap_or(&folded), MAX_NAME_CHARS);
    let mut own = Vec::new();
    read_folded(name, folded, kind, &mut own);
    if carried {
        let mut literal = String::with_capacity(name.len() + 8);
        fold::fold_with(name, Lookalikes::Word, &mut literal);
        add_other(name, cut(&literal, MAX_NAME_CHARS), kind, &mut own);
    }
    if let Some(unglued) = split_glued(folded).filter(|_| may_have_form) {
        add_other(name, &unglued, kind, &mut own);
    }
    own.retain(|reading| !contains(readings, reading));
    let room = room.saturating_sub(readings.len());
    // Where room is short the name in English goes before further systems of transliteration.
    let in_english = own.iter().position(|reading| reading.tokens.iter().any(|token| token.translated));
    if let Some(at) = in_english.filter(|at| *at >= room && *at > 1) {
        own[1..=at].rotate_right(1);
    }
    own.truncate(room);
    readings.append(&mut own);
}

/// Where a piece of a text begins in it.
fn place_of(piece: &str, text: &str) -> usize {
    piece.as_ptr() as usize - text.as_ptr() as usize
}

/// A firm's Chinese name without the spaces that a layout has torn into it (`苏 州中盛贸 易`), as a single character between them shows.
fn han_closed_up(folded: &str) -> Option<String> {
    if folded.is_ascii() {
        return None;
    }
    let is_han = |piece: &str| !piece.is_empty() && piece.chars().all(|c| matches!(c, '\u{3400}'..='\u{9fff}'));
    let pieces: Vec<&str> = folded.split(' ').collect();
    let torn =
        |pair: &[&str]| is_han(pair[0]) && is_han(pair[1]) && pair.iter().any(|piece| piece.chars().count() == 1);
    pieces.windows(2).any(torn).then(|| {
        let mut out = String::with_capacity(folded.len());
        let mut before = "";
        for piece in pieces {
            let together = is_han(before) && is_han(piece);
            if !(out.is_empty() || together) {
                out.push(' ');
            }
            out.push_str(piece);
            before = piece;
        }
        out
    })
}

/// The token texts of a reading with single spaces between them.
pub fn tokens_text(reading: &Reading) -> String {
    let mut text = String::new();
    for token in &reading.tokens {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&token.text);
    }
    text
}

fn cut(text: &str, max_chars: usize) -> &str {
    if text.len() <= max_chars {
        return text;
    }
    text.char_indices().nth(max_chars).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}

/// Adds readings of another way to take the name; the first of them has a place even when the list is full.
fn add_other(name: &str, folded: &str, kind: NameKind, readings: &mut Vec<Reading>) {
    let mut other = Vec::new();
    read_folded(name, folded, kind, &mut other);
    other.retain(|reading| !contains(readings, reading));
    if !other.is_empty() {
        readings.truncate(MAX_READINGS - 1);
        let room = MAX_READINGS - readings.len();
        readings.extend(other.into_iter().take(room));
    }
}

fn read_folded(name: &str, folded: &str, kind: NameKind, out: &mut Vec<Reading>) {
    let hints = Hints::new(name, folded, kind);
    let mut words = Vec::with_capacity(8);
    let (first, second) = inverted(folded, kind).unwrap_or((folded, ""));
    collect_words(first, &mut words);
    collect_words(second, &mut words);
    mark_legal_forms(&mut words, kind);
    if kind != NameKind::Person && !folded.is_ascii() {
        words = cut_affixes(words);
    }
    let words = spread_dotted(words, kind);
    read_words(&words, hints, out);
    if matches!(kind, NameKind::Organization | NameKind::Unknown)
        && let Some(translated) = translate(&words, &[])
    {
        let mut other = Vec::new();
        read_words(&translated, hints, &mut other);
        other.retain(|reading| !contains(out, reading));
        other.truncate(MAX_TRANSLATED);
        let quoted = translate::quoted_words(name);
        if let Some(but_quoted) = translate(&words, &quoted).filter(|_| !quoted.is_empty()) {
            let mut third = Vec::new();
            read_words(&but_quoted, hints, &mut third);
            third.retain(|reading| !contains(out, reading) && !contains(&other, reading));
            third.truncate(1);
            other.append(&mut third);
        }
        // The literal readings give way at their end.
        out.truncate(MAX_READINGS - other.len());
        out.append(&mut other);
    }
}

/// Readings of a translated name: beyond, they differ in how single names are transliterated, as the literal readings do.
const MAX_TRANSLATED: usize = 2;

fn read_words(words: &[cut::Word<'_>], mut hints: Hints, out: &mut Vec<Reading>) {
    hints.n_words = words.len();
    let mut slots = slots_of(words, hints);
    let says_something = |slot: &Slot| !matches!(slot.role, Role::Particle | Role::Title | Role::Legal(_));
    if !slots.iter().any(says_something) {
        slots = plain_slots(words, hints);
    }
    let joined = if hints.kind == NameKind::Organization { None } else { compounds::joined(&slots) };
    assemble(slots, out);
    if let Some(joined) = joined {
        assemble(joined, out);
    }
}

/// Whether two readings have the same texts and roles; the script in which a token was written makes no reading.
fn alike(a: &Reading, b: &Reading) -> bool {
    a.tokens.len() == b.tokens.len()
        && a.tokens.iter().zip(&b.tokens).all(|(a, b)| a.text == b.text && a.role == b.role)
}

fn contains(readings: &[Reading], reading: &Reading) -> bool {
    readings.iter().any(|other| alike(other, reading))
}

/// Reading *k* takes system *k* of every slot.
fn assemble(slots: Vec<Slot>, out: &mut Vec<Reading>) {
    let n_systems = slots.iter().map(|slot| slot.texts.len()).max().unwrap_or(0).min(MAX_READINGS);
    for system in 1..n_systems {
        let changes = |slot: &Slot| slot.texts.get(system).is_some_and(|text| Some(text) != slot.texts.first());
        if slots.iter().any(changes) {
            let tokens = slots.iter().filter_map(|slot| {
                let text = slot.texts.get(system).or_else(|| slot.texts.first())?;
                let (native, script, role, translated) = (slot.native.clone(), slot.script, slot.role, slot.translated);
                (!text.is_empty()).then(|| Token {
                    text: text.clone(),
                    native,
                    script,
                    role,
                    translated,
                    cultures: Cultures::NONE,
                })
            });
            let reading = Reading { tokens: tokens.collect() };
            if !reading.tokens.is_empty() && !contains(out, &reading) {
                out.push(reading);
            }
        }
    }
    let tokens = slots.into_iter().filter_map(|slot| {
        let Slot { native, script, role, texts, translated } = slot;
        let text = texts.into_iter().next()?;
        (!text.is_empty()).then_some(Token { text, native, script, role, translated, cultures: Cultures::NONE })
    });
    let best = Reading { tokens: tokens.collect() };
    out.retain(|reading| !alike(reading, &best));
    if !best.tokens.is_empty() {
        out.insert(0, best);
    }
}
