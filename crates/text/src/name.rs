//! A name as the index and the matcher see it: readings made of tokens with roles.
//!
//! Idea: fold the whole name; turn `LAST, First` round; cut it into words; let [`legal`] and [`words`] name those that they
//! know in their own script; read the rest into Latin letters, all words of a reading by the same system.
//! Invariant: token texts are `[a-z0-9]+`; at most [`MAX_READINGS`] readings, no two alike; a name of nothing but titles,
//! particles and legal forms keeps its words as names, so that it can still be found.
//! Cost: linear in the name; a few allocations a token.
use std::borrow::Cow;

use crate::fold::{self, Lookalikes};
use crate::latin::{self, Hints, Part, Place};
use crate::legal::{self, LegalForm};
use crate::{MAX_NAME_CHARS, Script, words};

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
}

/// One way to read a name in Latin letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// In the order of the name.
    pub tokens: Vec<Token>,
}

/// Upper bound on the readings of one name: each is indexed, so this bounds the index.
pub const MAX_READINGS: usize = 6;

/// Characters of a raw name that are looked at: beyond [`MAX_NAME_CHARS`], as invisible ones fall away, yet bounded.
const MAX_RAW_CHARS: usize = 8 * MAX_NAME_CHARS;

/// Words after the comma of `LAST, First` beyond which the comma separates something else.
const MAX_WORDS_AFTER_COMMA: usize = 4;

/// All readings of `name`, the most probable first, at most [`MAX_READINGS`], no two with equal tokens; empty when nothing
/// in it can be read.
pub fn analyze(name: &str, kind: NameKind) -> Vec<Reading> {
    let name = cut(name, MAX_RAW_CHARS);
    let may_have_form = matches!(kind, NameKind::Organization | NameKind::Unknown);
    let split = if may_have_form { split_glued_capitals(name) } else { None };
    let name = split.as_deref().unwrap_or(name);
    let mut folded = String::with_capacity(name.len() + 8);
    let carried = fold::fold_with(name, Lookalikes::Name, &mut folded);
    let folded = cut(&folded, MAX_NAME_CHARS);
    let mut readings = Vec::new();
    read_folded(name, folded, kind, &mut readings);
    if carried {
        let mut literal = String::with_capacity(name.len() + 8);
        fold::fold_with(name, Lookalikes::Word, &mut literal);
        add_other(name, cut(&literal, MAX_NAME_CHARS), kind, &mut readings);
    }
    if let Some(unglued) = split_glued(folded).filter(|_| may_have_form) {
        add_other(name, &unglued, kind, &mut readings);
    }
    readings
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

/// A word of the folded name.
struct Word<'a> {
    text: Cow<'a, str>,
    /// Single letters that stood with dots or slashes between them (`j.r.`, `s/a`), here without.
    dotted: bool,
    /// A legal form that begins here, or that an earlier word began.
    form: Form,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    None,
    Starts(LegalForm, usize),
    Inside,
}

/// One token to be, with its readings.
struct Slot {
    native: String,
    script: Script,
    role: Role,
    /// By system; a slot with fewer readings than others keeps its first.
    texts: Vec<String>,
}

fn read_folded(name: &str, folded: &str, kind: NameKind, out: &mut Vec<Reading>) {
    let mut hints = Hints::new(name, folded, kind);
    let mut words = Vec::with_capacity(8);
    let (first, second) = inverted(folded, kind).unwrap_or((folded, ""));
    collect_words(first, &mut words);
    collect_words(second, &mut words);
    if kind != NameKind::Person {
        mark_legal_forms(&mut words);
        if !folded.is_ascii() {
            words = cut_affixes(words);
        }
    }
    let words = spread_dotted(words, kind);
    hints.n_words = words.len();
    let mut slots = slots_of(&words, hints, true);
    let says_something = |slot: &Slot| !matches!(slot.role, Role::Particle | Role::Title | Role::Legal(_));
    if !slots.iter().any(says_something) {
        slots = slots_of(&words, hints, false);
    }
    assemble(slots, out);
}

/// The two sides of `LAST, First`, turned round; only for persons, as a firm's comma stands before its legal form.
fn inverted(folded: &str, kind: NameKind) -> Option<(&str, &str)> {
    if kind != NameKind::Person {
        return None;
    }
    let (last, first) = folded.split_once(',')?;
    let first_words = || first.split([' ', '.', '/']).filter(|word| !word.is_empty());
    let is_suffix = first_words().all(|word| words::is_title(word, kind) || words::number(word).is_some());
    let few = (1..=MAX_WORDS_AFTER_COMMA).contains(&first_words().count());
    (few && !is_suffix && !first.contains(',') && !last.is_empty()).then_some((first, last))
}

fn collect_words<'a>(folded: &'a str, out: &mut Vec<Word<'a>>) {
    let word = |text| Word { text, dotted: false, form: Form::None };
    for chunk in folded.split([' ', ',']) {
        if !chunk.contains(['.', '/']) {
            if !chunk.is_empty() {
                out.push(word(Cow::Borrowed(chunk)));
            }
            continue;
        }
        let mut letters = String::new();
        let mut n_letters = 0;
        for piece in chunk.split(['.', '/']).filter(|piece| !piece.is_empty()) {
            if piece.chars().nth(1).is_none() && piece.chars().all(char::is_alphabetic) {
                letters.push_str(piece);
                n_letters += 1;
                continue;
            }
            flush_letters(&mut letters, &mut n_letters, out);
            out.push(word(Cow::Borrowed(piece)));
        }
        flush_letters(&mut letters, &mut n_letters, out);
    }
}

fn flush_letters(letters: &mut String, n_letters: &mut usize, out: &mut Vec<Word<'_>>) {
    if *n_letters > 0 {
        out.push(Word { text: Cow::Owned(std::mem::take(letters)), dotted: true, form: Form::None });
        *n_letters = 0;
    }
}

fn mark_legal_forms(words: &mut [Word<'_>]) {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_ref()).collect();
    for found in legal::find(&texts) {
        if let Some(range) = words.get_mut(found.start..found.start + found.len) {
            for (at, word) in range.iter_mut().enumerate() {
                word.form = if at == 0 { Form::Starts(found.form, found.len) } else { Form::Inside };
            }
        }
    }
}

/// Cuts legal forms off unspaced words (`株式会社トヨタ`), at either end as long as there are any.
fn cut_affixes(words: Vec<Word<'_>>) -> Vec<Word<'_>> {
    let mut out = Vec::with_capacity(words.len() + 2);
    for word in words {
        let mut rest = word.text.as_ref();
        let mut behind = Vec::new();
        while let Some((form, start, end)) = Some(rest).filter(|_| word.form == Form::None).and_then(legal::strip_affix)
        {
            let (Some(affix), Some(before), Some(after)) = (rest.get(start..end), rest.get(..start), rest.get(end..))
            else {
                break;
            };
            let affix = Word { text: Cow::Owned(affix.to_owned()), dotted: false, form: Form::Starts(form, 1) };
            if before.is_empty() {
                out.push(affix);
                rest = after;
            } else {
                behind.push(affix);
                rest = before;
            }
        }
        if rest.len() < word.text.len() {
            out.push(Word { text: Cow::Owned(rest.to_owned()), dotted: false, form: Form::None });
            out.extend(behind.into_iter().rev());
        } else {
            out.push(word);
        }
    }
    out
}

/// Rows of dotted letters that are neither legal form nor title become initials again; those of a firm stay one word (`I.B.M.`).
fn spread_dotted(words: Vec<Word<'_>>, kind: NameKind) -> Vec<Word<'_>> {
    if !words.iter().any(|word| word.dotted) {
        return words;
    }
    let joins = matches!(kind, NameKind::Organization | NameKind::Object);
    let mut spread = Vec::with_capacity(words.len() + 4);
    for word in words {
        let keep = joins || !word.dotted || word.form != Form::None || words::is_title(&word.text, kind);
        if keep {
            spread.push(word);
            continue;
        }
        let letters = word.text.chars().map(|letter| Cow::Owned(letter.to_string()));
        spread.extend(letters.map(|text| Word { text, dotted: true, form: Form::None }));
    }
    spread
}

/// Reads all words. With `roles` false every word is a plain name.
fn slots_of(words: &[Word<'_>], hints: Hints, roles: bool) -> Vec<Slot> {
    let mut slots = Vec::with_capacity(words.len() + 2);
    let (mut runs, mut parts, mut chars) = (Vec::new(), Vec::new(), Vec::new());
    for (at, word) in words.iter().enumerate() {
        if roles {
            match word.form {
                Form::Inside => continue,
                Form::Starts(form, len) => {
                    let range = words.get(at..at + len).unwrap_or_default();
                    slots.push(legal_slot(range, form));
                    continue;
                }
                Form::None => {}
            }
        }
        parts.clear();
        let hints = Hints { is_first: at == 0, ..hints };
        latin::parts(&word.text, hints, &mut runs, &mut parts);
        for part in &parts {
            let text = word.text.get(part.start..part.end).unwrap_or_default();
            let mut slot = Slot { native: String::new(), script: part.script, role: Role::Name, texts: Vec::new() };
            latin::readings(text, part.script, part.place, hints, &mut chars, &mut slot.texts);
            if roles {
                slot.role = role_of(text, part, word.dotted, words.len(), &slot, hints.kind);
            }
            if let Role::Number(number) = slot.role {
                slot.texts = vec![number.to_string()];
            }
            if part.script == Script::Other {
                slot.script = crate::script::dominant(text);
            }
            if !text.is_ascii() && slot.script != Script::Latin {
                text.clone_into(&mut slot.native);
            }
            slots.push(slot);
        }
    }
    slots
}

fn legal_slot(words: &[Word<'_>], form: LegalForm) -> Slot {
    let mut native = String::new();
    for word in words {
        if !native.is_empty() {
            native.push(' ');
        }
        native.push_str(&word.text);
    }
    let script = crate::script::dominant(&native);
    if script == Script::Latin {
        native.clear();
    }
    Slot { native, script, role: Role::Legal(form), texts: vec![form.name().to_owned()] }
}

fn role_of(text: &str, part: &Part, dotted: bool, n_words: usize, slot: &Slot, kind: NameKind) -> Role {
    if part.place != Place::Word {
        return Role::Name;
    }
    if let Some(number) = words::number(text) {
        return Role::Number(number);
    }
    let single = text.chars().nth(1).is_none() && text.chars().all(char::is_alphabetic);
    let has_initials = matches!(kind, NameKind::Person | NameKind::Unknown);
    let letters = part.script.is_alphabet() || part.script.is_abjad();
    if single && dotted && letters && has_initials {
        return Role::Initial;
    }
    if words::is_title(text, kind) {
        return Role::Title;
    }
    if words::is_particle(text, kind) {
        return Role::Particle;
    }
    if single && letters && has_initials && n_words > 1 {
        return Role::Initial;
    }
    if text.is_ascii() || !letters {
        return Role::Name;
    }
    match slot.texts.first() {
        Some(latin) if !single && words::is_title(latin, kind) => Role::Title,
        Some(latin) if !single && words::is_particle(latin, kind) => Role::Particle,
        _ => Role::Name,
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
                let (native, script, role) = (slot.native.clone(), slot.script, slot.role);
                (!text.is_empty()).then(|| Token { text: text.clone(), native, script, role })
            });
            let reading = Reading { tokens: tokens.collect() };
            if !reading.tokens.is_empty() && !contains(out, &reading) {
                out.push(reading);
            }
        }
    }
    let tokens = slots.into_iter().filter_map(|slot| {
        let Slot { native, script, role, texts } = slot;
        let text = texts.into_iter().next()?;
        (!text.is_empty()).then_some(Token { text, native, script, role })
    });
    let best = Reading { tokens: tokens.collect() };
    out.retain(|reading| !alike(reading, &best));
    if !best.tokens.is_empty() {
        out.insert(0, best);
    }
}

/// Legal forms that are written onto the end of a name. The first group is told by its capitals alone (`GazpromOOO`), the
/// second is long enough to be offered as a further reading wherever it ends a word (`ACMELLC`).
const GLUED_CAPITALS: &[&str] = &[
    "SA", "AG", "AO", "BV", "NV", "KG", "AB", "AS", "OY", "SPA", "SRL", "SRO", "INC", "PLC", "FZC", "ОАО", "ЗАО",
    "ПАО", "ООО", "АО", "ТОВ",
];
const GLUED: &[&str] = &[
    "llc", "ltd", "limited", "gmbh", "ooo", "oao", "zao", "pao", "jsc", "pjsc", "ojsc", "cjsc", "fzco", "fze", "sarl",
    "llp", "corp", "ооо", "оао", "зао", "пао",
];

/// Letters that must remain before a glued legal form.
const MIN_LETTERS_BEFORE_FORM: usize = 4;

/// Cuts a legal form in capitals off a name in small letters (`GazpromOOO`), or one beginning with a capital (`AcmeLtd`).
fn split_glued_capitals(name: &str) -> Option<String> {
    let mut split: Option<String> = None;
    for word in name.split_whitespace() {
        let Some(at) = glued_capitals(word) else { continue };
        let (head, form) = word.split_at(at);
        let text = split.get_or_insert_with(|| name.to_owned());
        *text = text.replacen(word, &format!("{head} {form}"), 1);
    }
    split
}

fn glued_capitals(word: &str) -> Option<usize> {
    if word.len() <= MIN_LETTERS_BEFORE_FORM || word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    // The boundary: the last small letter that a capital follows.
    let mut before = ' ';
    let mut boundary = None;
    for (at, c) in word.char_indices() {
        if before.is_lowercase() && c.is_uppercase() {
            boundary = Some(at);
        }
        before = c;
    }
    let (head, form) = word.split_at_checked(boundary?)?;
    let form = form.trim_end_matches(['.', ',']);
    let enough = head.chars().filter(|c| c.is_alphabetic()).count() >= MIN_LETTERS_BEFORE_FORM;
    let known = GLUED_CAPITALS.contains(&form) || GLUED.iter().any(|glued| form.eq_ignore_ascii_case(glued));
    (enough && known).then_some(head.len())
}

/// The folded name with each glued legal form cut off.
fn split_glued(folded: &str) -> Option<String> {
    let form_of = |word: &str| {
        let at = GLUED.iter().filter_map(|form| word.strip_suffix(form)).map(str::len).min()?;
        (word.get(..at)?.chars().nth(MIN_LETTERS_BEFORE_FORM - 1).is_some()).then_some(at)
    };
    folded.split([' ', ',', '.']).any(|word| form_of(word).is_some()).then(|| {
        let mut out = String::with_capacity(folded.len() + 2);
        for word in folded.split_inclusive([' ', ',', '.']) {
            let bare = word.trim_end_matches([' ', ',', '.']);
            match form_of(bare) {
                Some(at) => {
                    let (head, form) = word.split_at(at);
                    out.push_str(head);
                    out.push(' ');
                    out.push_str(form);
                }
                None => out.push_str(word),
            }
        }
        out
    })
}
