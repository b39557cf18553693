//! A name as the index and the matcher see it: readings made of tokens with roles.
//!
//! Idea: fold the whole name; turn `LAST, First` round; cut it into words; let [`crate::legal`] and [`crate::words`]
//! name those that they know in their own script; read the rest into Latin letters, all words of a reading by the same system.
//! Invariant: token texts are `[a-z0-9]+`; at most [`MAX_READINGS`] readings, no two alike; a name of nothing but titles,
//! particles and legal forms keeps its words as names, so that it can still be found.
//! Cost: linear in the name; no allocation with warm working memory but for long words and names of several.
mod alternates;
mod compounds;
mod cut;
mod disguise;
mod glued;
mod slots;
mod translate;

use std::borrow::Cow;

use smallvec::SmallVec;

use crate::fold::{FoldScratch, Lookalikes};
use crate::latin::{Hints, wade_giles};
use crate::legal::LegalForm;
use crate::syllables::{self, Cultures};
use crate::words::concepts::{after_place, is_place};
use crate::words::is_generic;
use crate::{MAX_NAME_CHARS, Script, Text};

use alternates::{MAX_ALTERNATES, alternates};
use disguise::undisguised;

use cut::{Words, collect_words, cut_affixes, inverted, mark_legal_forms, spread_dotted};
use glued::{split_glued, split_glued_capitals};
use slots::{Slot, WordScratch, plain_slots, slots_of};
use translate::{translate, translate_otherwise};

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
    pub text: Text,
    /// The word as folded in its own script when that is not Latin, else empty.
    pub native: Text,
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

/// Words of a name, borrowed; most names have no more than stand here without an allocation.
pub(crate) type Row<'a> = SmallVec<[&'a str; 12]>;

/// Readings of names, one after the other, in one piece of memory.
#[derive(Clone, Debug, Default)]
pub struct Readings {
    /// All tokens, also those of readings that were dropped.
    tokens: Vec<Token>,
    spans: Vec<Span>,
}

/// Where the tokens of a reading stand.
type Span = std::ops::Range<usize>;

/// The readings of one name in the making.
type Spans = SmallVec<[Span; MAX_READINGS]>;

impl Readings {
    /// Forgets all.
    pub fn clear(&mut self) {
        self.tokens.clear();
        self.spans.clear();
    }

    /// Number of readings.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The tokens of each reading, in the order of the name.
    pub fn iter(&self) -> impl Iterator<Item = &[Token]> {
        self.spans.iter().map(|span| &self.tokens[span.clone()])
    }

    /// Drops all readings but the first `n`.
    pub fn truncate(&mut self, n: usize) {
        self.spans.truncate(n);
    }

    /// Cuts the readings from number `from` on to `n_tokens` tokens, and drops those that are then like one of them before.
    pub fn shorten(&mut self, from: usize, n_tokens: usize) {
        let Readings { tokens, spans } = self;
        let mut kept = from;
        for at in from..spans.len() {
            let span = spans[at].start..spans[at].end.min(spans[at].start + n_tokens);
            if !spans[from..kept].iter().any(|known| alike(&tokens[known.clone()], &tokens[span.clone()])) {
                spans[kept] = span;
                kept += 1;
            }
        }
        spans.truncate(kept);
    }
}

/// Whether one of the readings `spans` is like that of `span`.
fn contains(tokens: &[Token], spans: &[Span], span: &Span) -> bool {
    spans.iter().any(|known| alike(&tokens[known.clone()], &tokens[span.clone()]))
}

/// Whether two readings have the same texts and roles; the script in which a token was written makes no reading.
fn alike(a: &[Token], b: &[Token]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.text == b.text && a.role == b.role)
}

/// Working memory of reading names: kept from one name to the next it saves nearly all allocations.
#[derive(Debug, Default)]
pub struct NameScratch {
    folding: FoldScratch,
    folded: String,
    reader: Reader,
    disguise: disguise::Buffers,
}

impl NameScratch {
    /// The folded form of a name.
    pub fn fold(&mut self, name: &str) -> &str {
        self.folded.clear();
        self.folding.fold(name, Lookalikes::Name, &mut self.folded);
        &self.folded
    }

    /// What a name may be once disguises are taken off: none for most names.
    pub fn undisguised(&mut self, name: &str, kind: NameKind) -> Vec<String> {
        undisguised(name, kind, &mut self.disguise)
    }
}

/// All readings of `name`, the most probable first, at most [`MAX_READINGS`], no two with equal tokens; empty when nothing
/// in it can be read. Other names that the field holds (`alternates`) and translations (`translate`) have readings too.
pub fn analyze(name: &str, kind: NameKind) -> Vec<Reading> {
    let mut readings = Readings::default();
    analyze_into(name, kind, &mut NameScratch::default(), &mut readings);
    readings.iter().map(|tokens| Reading { tokens: tokens.to_vec() }).collect()
}

/// As [`analyze`], behind the readings that are there.
pub fn analyze_into(name: &str, kind: NameKind, scratch: &mut NameScratch, readings: &mut Readings) {
    let name = cut(name, MAX_RAW_CHARS);
    let mut spans = Spans::new();
    let mut alternates = alternates(name, kind);
    if matches!(kind, NameKind::Person | NameKind::Unknown) {
        alternates.extend(wade_giles::in_pinyin(name).into_iter().map(Cow::Owned));
        alternates.truncate(MAX_ALTERNATES);
    }
    // Each alternate has room for two readings, as it is and in English; for one where there are many.
    let least = if alternates.len() * 2 <= MAX_READINGS - MIN_OF_WHOLE { 2 } else { 1 };
    let room = MAX_READINGS - least * alternates.len();
    analyze_one(name, kind, room, scratch, &mut readings.tokens, &mut spans);
    for (at, alternate) in alternates.iter().enumerate() {
        let later = least * (alternates.len() - at - 1);
        analyze_one(alternate, kind, MAX_READINGS - later, scratch, &mut readings.tokens, &mut spans);
    }
    if matches!(kind, NameKind::Person | NameKind::Unknown) {
        spans.iter().for_each(|span| mark_cultures(&mut readings.tokens[span.clone()]));
    }
    if matches!(kind, NameKind::Organization | NameKind::Unknown) {
        for span in &spans {
            mark_korean_firm(&mut readings.tokens[span.clone()]);
            mark_chinese_firm(&mut readings.tokens[span.clone()]);
        }
    }
    readings.spans.extend(spans);
}

/// Marks the parts of a name of nothing but Korean or Chinese syllables.
fn mark_cultures(tokens: &mut [Token]) {
    let cultures = cultures_of(tokens);
    for token in tokens {
        token.cultures = cultures;
    }
}

/// Marks the words of a firm that says it is Korean: as Korean script spells syllables without slips, a name of its own in it differs
/// from a row of other syllables as given names do (`朝鮮強盛貿易会社`, `Korea Kwangsong Trading`).
fn mark_korean_firm(tokens: &mut [Token]) {
    let says = |token: &Token| matches!(token.text.as_str(), "korea" | "korean" | "choson" | "chosun" | "pyongyang");
    mark_own_words(tokens, says, |token| {
        let written = matches!(token.script, Script::Han | Script::Hangul);
        Cultures::KOREAN_FIRM.0 | if written { Cultures::WRITTEN_KOREAN.0 } else { 0 }
    });
}

/// Marks the words of a firm that names its place in China: of its own words in Pinyin another syllable makes another firm (`Shandong
/// Xinyilu`, `Shandong Xinhualu`).
fn mark_chinese_firm(tokens: &mut [Token]) {
    let says = |token: &Token| is_place(&token.text) || matches!(token.text.as_str(), "china" | "chinese");
    mark_own_words(tokens, says, |token| if is_place(&token.text) { 0 } else { Cultures::CHINESE_FIRM.0 });
}

/// Marks the words of a firm's own, neither translated nor generic, where any of its words says what it is.
fn mark_own_words(tokens: &mut [Token], says: impl Fn(&Token) -> bool, mark: impl Fn(&Token) -> u8) {
    if !tokens.iter().any(says) {
        return;
    }
    let is_own = |token: &&mut Token| token.role == Role::Name && !token.translated && !is_generic(&token.text);
    for token in tokens.iter_mut().filter(is_own) {
        token.cultures.0 |= mark(token);
    }
}

fn cultures_of(tokens: &[Token]) -> Cultures {
    let parts = tokens.iter().filter(|token| token.role != Role::Title);
    let parts: Row<'_> = parts.map(|token| if token.role == Role::Name { token.text.as_str() } else { "" }).collect();
    syllables::cultures_of(&parts)
}

/// Readings of the whole name that stay beside those of the names within it.
const MIN_OF_WHOLE: usize = 4;

/// Adds the readings of one name until there are `room`, the first of each other way to take it in any case.
fn analyze_one(
    name: &str,
    kind: NameKind,
    room: usize,
    scratch: &mut NameScratch,
    tokens: &mut Vec<Token>,
    spans: &mut Spans,
) {
    let NameScratch { folding, folded, reader, .. } = scratch;
    let may_have_form = matches!(kind, NameKind::Organization | NameKind::Unknown);
    let split = if may_have_form { split_glued_capitals(name) } else { None };
    let name = split.as_deref().unwrap_or(name);
    folded.clear();
    let carried = folding.fold(name, Lookalikes::Name, folded);
    let closed_up = if kind == NameKind::Organization { han_closed_up(folded) } else { None };
    let folded = cut(closed_up.as_deref().unwrap_or(folded), MAX_NAME_CHARS);
    let mut own = Spans::new();
    reader.read_folded(name, folded, kind, tokens, &mut own);
    if carried {
        let mut literal = String::with_capacity(name.len() + 8);
        folding.fold(name, Lookalikes::Word, &mut literal);
        reader.add_other(name, cut(&literal, MAX_NAME_CHARS), kind, tokens, &mut own);
    }
    if let Some(unglued) = split_glued(folded).filter(|_| may_have_form) {
        reader.add_other(name, &unglued, kind, tokens, &mut own);
    }
    if let Some(rest) = after_place(folded).filter(|_| may_have_form) {
        reader.add_other(name, rest, kind, tokens, &mut own);
    }
    own.retain(|span| !contains(tokens, spans, span));
    let room = room.saturating_sub(spans.len());
    // Where room is short the name in English goes before further systems of transliteration.
    let in_english = own.iter().position(|span| tokens[span.clone()].iter().any(|token| token.translated));
    if let Some(at) = in_english.filter(|at| *at >= room && *at > 1) {
        own[1..=at].rotate_right(1);
    }
    own.truncate(room);
    spans.append(&mut own);
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

/// Reads folded names, with its working memory.
#[derive(Debug, Default)]
struct Reader {
    words: WordScratch,
    slots: Vec<Slot>,
    joined: Vec<Slot>,
}

impl Reader {
    /// Adds readings of another way to take the name; the first of them has a place even when the list is full.
    fn add_other(&mut self, name: &str, folded: &str, kind: NameKind, tokens: &mut Vec<Token>, spans: &mut Spans) {
        let mut other = Spans::new();
        self.read_folded(name, folded, kind, tokens, &mut other);
        other.retain(|span| !contains(tokens, spans, span));
        if !other.is_empty() {
            spans.truncate(MAX_READINGS - 1);
            let room = MAX_READINGS - spans.len();
            spans.extend(other.into_iter().take(room));
        }
    }

    fn read_folded(&mut self, name: &str, folded: &str, kind: NameKind, tokens: &mut Vec<Token>, out: &mut Spans) {
        let hints = Hints::new(name, folded, kind);
        let mut words = Words::new();
        let (first, second) = inverted(folded, kind).unwrap_or((folded, ""));
        collect_words(first, &mut words);
        collect_words(second, &mut words);
        mark_legal_forms(&mut words, kind);
        if kind != NameKind::Person && !folded.is_ascii() {
            words = cut_affixes(words);
        }
        let words = spread_dotted(words, kind);
        self.read_words(&words, hints, tokens, out);
        if matches!(kind, NameKind::Organization | NameKind::Unknown)
            && let Some(translated) = translate(&words, &[])
        {
            let mut other = Spans::new();
            self.read_words(&translated, hints, tokens, &mut other);
            other.retain(|span| !contains(tokens, out, span));
            other.truncate(MAX_TRANSLATED);
            let quoted = translate::quoted_words(name);
            let but_quoted = if quoted.is_empty() { None } else { translate(&words, &quoted) };
            for further in [translate_otherwise(&words), but_quoted].into_iter().flatten() {
                let mut one = Spans::new();
                self.read_words(&further, hints, tokens, &mut one);
                one.retain(|span| !contains(tokens, out, span) && !contains(tokens, &other, span));
                other.extend(one.into_iter().take(1));
            }
            // The literal readings give way at their end.
            out.truncate(MAX_READINGS - other.len());
            out.append(&mut other);
        }
    }

    fn read_words(&mut self, words: &[cut::Word<'_>], mut hints: Hints, tokens: &mut Vec<Token>, out: &mut Spans) {
        let Reader { words: scratch, slots, joined } = self;
        hints.n_words = words.len();
        slots_of(words, hints, scratch, slots);
        let says_something = |slot: &Slot| !matches!(slot.role, Role::Particle | Role::Title | Role::Legal(_));
        if !slots.iter().any(says_something) {
            plain_slots(words, hints, scratch, slots);
        }
        let has_joined = hints.kind != NameKind::Organization && compounds::join_all(slots, joined);
        assemble(slots, tokens, out);
        if has_joined {
            assemble(joined, tokens, out);
        }
    }
}

/// Readings of a translated name: beyond, they differ in how single names are transliterated, as the literal readings do.
const MAX_TRANSLATED: usize = 2;

/// Reading *k* takes system *k* of every slot.
fn assemble(slots: &[Slot], tokens: &mut Vec<Token>, out: &mut Spans) {
    let n_systems = slots.iter().map(|slot| slot.texts.len()).max().unwrap_or(0).min(MAX_READINGS);
    for system in 1..n_systems {
        let changes = |slot: &Slot| slot.texts.get(system).is_some_and(|text| Some(text) != slot.texts.first());
        if slots.iter().any(changes) {
            let span = push_reading(slots, system, tokens);
            if span.is_empty() || contains(tokens, out, &span) {
                tokens.truncate(span.start);
            } else {
                out.push(span);
            }
        }
    }
    let best = push_reading(slots, 0, tokens);
    out.retain(|span| !alike(&tokens[span.clone()], &tokens[best.clone()]));
    if !best.is_empty() {
        out.insert(0, best);
    }
}

/// Appends the tokens of a reading by one system, of slots that lack it by the first.
fn push_reading(slots: &[Slot], system: usize, tokens: &mut Vec<Token>) -> Span {
    let start = tokens.len();
    tokens.extend(slots.iter().filter_map(|slot| {
        let Slot { native, script, role, texts, translated } = slot;
        let text = texts.get(system).or_else(|| texts.first())?;
        (!text.is_empty()).then(|| Token {
            text: text.clone(),
            native: native.clone(),
            script: *script,
            role: *role,
            translated: *translated,
            cultures: Cultures::NONE,
        })
    }));
    start..tokens.len()
}
