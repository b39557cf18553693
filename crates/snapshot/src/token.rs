//! A token with all that comparing it needs: what the builder stores and what a query is made of.

use interdict_text::legal::LegalForm;
use interdict_text::syllables::{self, Cultures};
use interdict_text::words::Closeness;
use interdict_text::{Role, Script, Text, Token, phonetic, rarity, words};

use crate::join::join_key;
use crate::keys::{
    Key, KeySource, Vowels, consonants_hash, consonants_key, deletions_into, exact_key, initial_key, keys_into,
    reversed_key, skeleton_hash, syllables_key,
};

/// Role of a stored token as a number.
pub(crate) const ROLE_NAME: u8 = 0;
pub(crate) const ROLE_INITIAL: u8 = 1;
pub(crate) const ROLE_PARTICLE: u8 = 2;
pub(crate) const ROLE_TITLE: u8 = 3;
pub(crate) const ROLE_LEGAL: u8 = 4;
pub(crate) const ROLE_NUMBER: u8 = 5;

/// Beside the role of a stored token: the name of a place.
pub(crate) const PLACE: u8 = 0x40;

/// Flag of a stored token: a generic corporate word.
pub(crate) const FLAG_GENERIC: u8 = 1;
/// Flag of a stored token: its script leaves vowels out.
pub(crate) const FLAG_ABJAD: u8 = 2;
/// Flag of a stored token: it was put into English from another language.
pub(crate) const FLAG_TRANSLATED: u8 = 4;
/// Flag of a stored token: it is written in a script other than Latin.
pub(crate) const FLAG_FOREIGN: u8 = 8;

/// A token with all that comparing it needs.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenFacts {
    /// Latin text, `[a-z0-9]+`.
    pub text: Text,
    /// The word in its own script when that is not Latin, else empty.
    pub native: Text,
    /// Script of the word.
    pub script: Script,
    /// What it does in its name.
    pub role: Role,
    /// Bits of information.
    pub bits: f32,
    /// Hash of its consonant skeleton, 0 for none.
    pub skeleton: u32,
    /// Letters of its consonant skeleton, at most 15.
    pub skeleton_len: u8,
    /// Hash of the consonants that a script without vowels writes, 0 for fewer than two.
    pub consonants: u32,
    /// Which letters it has: bits 0 to 25 for a to z, the others for digits; tells at once that two words are far apart.
    pub letters: u32,
    /// Phonetic keys, 0 for none.
    pub phonetic: [u32; 4],
    /// Groups of equivalent forms.
    pub equivalents: &'static [(u16, Closeness)],
    /// Whether it is a generic corporate word.
    pub generic: bool,
    /// Whether it is the name of a place that firms are registered in.
    pub place: bool,
    /// Whether it was put into English from another language.
    pub translated: bool,
    /// Cultures that its name may be of, whose given names differ by whole syllables.
    pub cultures: Cultures,
}

/// What makes two occurrences of a token one token: all that its likeness to others depends on. The builder, the query and what is
/// remembered of queries go by it, so that what one pair scores never hangs on what else is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenIdentity<S> {
    text: S,
    native: S,
    role: (u8, u8, u32),
    script: u8,
    translated: bool,
    cultures: Cultures,
}

impl TokenIdentity<&str> {
    /// As the key of a map.
    pub fn to_key(self) -> TokenIdentity<String> {
        let TokenIdentity { text, native, role, script, translated, cultures } = self;
        let (text, native) = (text.to_owned(), native.to_owned());
        TokenIdentity { text, native, role, script, translated, cultures }
    }
}

/// Working memory for the facts of tokens.
#[derive(Debug, Default)]
pub struct FactsScratch {
    skeleton: String,
    consonants: String,
    keys: Vec<u32>,
}

/// What makes a token of a name the token that it is.
pub fn identity_of(token: &Token) -> TokenIdentity<&str> {
    TokenIdentity {
        text: &token.text,
        native: &token.native,
        role: pack_role(token.role),
        script: token.script.number(),
        translated: token.translated,
        cultures: token.cultures,
    }
}

impl TokenIdentity<String> {
    /// Becomes another one; without allocation where its texts have room.
    pub fn assign(&mut self, other: TokenIdentity<&str>) {
        let TokenIdentity { text, native, role, script, translated, cultures } = other;
        text.clone_into(&mut self.text);
        native.clone_into(&mut self.native);
        (self.role, self.script, self.translated, self.cultures) = (role, script, translated, cultures);
    }

    /// Borrowed, to be compared.
    pub fn borrowed(&self) -> TokenIdentity<&str> {
        let TokenIdentity { text, native, role, script, translated, cultures } = self;
        TokenIdentity { text, native, role: *role, script: *script, translated: *translated, cultures: *cultures }
    }
}

impl TokenFacts {
    /// What makes it the token that it is.
    pub fn identity(&self) -> TokenIdentity<&str> {
        TokenIdentity {
            text: &self.text,
            native: &self.native,
            role: pack_role(self.role),
            script: self.script.number(),
            translated: self.translated,
            cultures: self.cultures,
        }
    }

    /// The facts of a token of a name.
    pub fn of(token: &Token) -> TokenFacts {
        TokenFacts::of_with(token, &mut FactsScratch::default())
    }

    /// As [`TokenFacts::of`], with working memory of the caller's.
    pub fn of_with(token: &Token, scratch: &mut FactsScratch) -> TokenFacts {
        let Token { text, native, script, role, translated, cultures } = token.clone();
        let FactsScratch { skeleton, consonants, keys } = scratch;
        skeleton.clear();
        consonants.clear();
        keys.clear();
        if role == Role::Name {
            phonetic::skeleton_into(&text, skeleton);
            phonetic::keys_into(&text, keys);
            phonetic::unvowelled_into(&text, consonants);
        }
        let mut phonetic = [0; 4];
        for (slot, key) in phonetic.iter_mut().zip(keys) {
            *slot = *key;
        }
        TokenFacts {
            bits: rarity::bits(&text),
            skeleton: skeleton_hash(skeleton),
            consonants: consonants_hash(consonants),
            skeleton_len: skeleton.len().min(15) as u8,
            letters: letters(&text),
            phonetic,
            equivalents: if role == Role::Name { words::equivalents(&text) } else { &[] },
            generic: role == Role::Name && words::is_generic(&text),
            place: role == Role::Name && words::concepts::is_place(&text),
            translated,
            cultures,
            text,
            native,
            script,
            role,
        }
    }

    /// Appends the keys that it is stored under.
    pub fn stored_keys_into(&self, out: &mut Vec<Key>) {
        self.keys_into(out);
        let written = if self.script.is_abjad() { Vowels::LeftOut } else { Vowels::Written };
        out.extend(consonants_key(self.consonants, written).map(Key::other));
        out.push(Key::other(join_key(&self.text)));
    }

    /// Appends the keys that tokens like it are stored under.
    pub fn asked_keys_into(&self, out: &mut Vec<Key>) {
        if self.role == Role::Name {
            out.push(Key::letters(reversed_key(&self.text)));
            out.push(Key::other(initial_key(&self.text)));
        }
        self.keys_into(out);
        let written = if self.script.is_abjad() { Vowels::Written } else { Vowels::LeftOut };
        out.extend(consonants_key(self.consonants, written).map(Key::other));
    }

    /// Appends the keys of its syllables, where it is of a name that may be Korean or Chinese.
    fn syllable_keys_into(&self, out: &mut Vec<Key>) {
        let sounds = syllables::sounds(&self.text, self.cultures).into_iter().zip([b'k', b'c']);
        out.extend(sounds.filter(|(sound, _)| *sound != 0).map(|(sound, kind)| Key::other(syllables_key(sound, kind))));
    }

    /// Appends the keys by which similar tokens are found in either direction; titles, particles and legal forms are found only by themselves.
    fn keys_into(&self, out: &mut Vec<Key>) {
        match self.role {
            Role::Title | Role::Particle | Role::Legal(_) => {
                out.push(Key::other(exact_key(&self.text)));
                return;
            }
            Role::Name => {
                deletions_into(&self.text, out);
                self.syllable_keys_into(out);
            }
            Role::Initial | Role::Number(_) => {}
        }
        keys_into(
            &KeySource {
                text: &self.text,
                native: &self.native,
                skeleton: self.skeleton,
                phonetic: self.phonetic,
                equivalents: self.equivalents,
                initial: self.role == Role::Initial,
                number: match self.role {
                    Role::Number(number) => Some(number),
                    _ => None,
                },
            },
            out,
        );
    }

    /// What tells at once that another token cannot be like it.
    pub fn sketch(&self) -> TokenSketch {
        let view = self.view();
        TokenSketch {
            is_name: self.role == Role::Name,
            text_len: self.text.len() as u32,
            has_native: !self.native.is_empty(),
            script: self.script,
            letters: self.letters,
            skeleton: self.skeleton,
            consonants: self.consonants,
            phonetic: self.phonetic,
            equivalents: view.equivalents,
            cultures: self.cultures,
        }
    }

    /// Borrowed, as scoring takes it.
    pub fn view(&self) -> TokenView<'_> {
        let mut equivalents = [u16::MAX; 4];
        for (slot, (group, closeness)) in equivalents.iter_mut().zip(self.equivalents) {
            *slot = pack_equivalent(*group, *closeness);
        }
        TokenView {
            text: &self.text,
            native: &self.native,
            script: self.script,
            role: self.role,
            bits: self.bits,
            skeleton: self.skeleton,
            consonants: self.consonants,
            skeleton_len: self.skeleton_len,
            letters: self.letters,
            phonetic: self.phonetic,
            equivalents,
            generic: self.generic,
            place: self.place,
            translated: self.translated,
            cultures: self.cultures,
        }
    }
}

/// The letters of a word as bits.
fn letters(text: &str) -> u32 {
    text.bytes().fold(0, |bits, byte| {
        let bit = if byte.is_ascii_lowercase() { byte - b'a' } else { 26 + byte % 6 };
        bits | 1 << bit
    })
}

/// A token as scoring sees it, borrowed from a snapshot or from [`TokenFacts`].
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the fields are those of `TokenFacts`")]
pub struct TokenView<'a> {
    pub text: &'a str,
    pub native: &'a str,
    pub script: Script,
    pub role: Role,
    pub bits: f32,
    pub skeleton: u32,
    pub consonants: u32,
    pub skeleton_len: u8,
    pub letters: u32,
    pub phonetic: [u32; 4],
    /// Packed groups, `u16::MAX` for none; see [`unpack_equivalent`].
    pub equivalents: [u16; 4],
    pub generic: bool,
    pub place: bool,
    pub translated: bool,
    pub cultures: Cultures,
}

/// What of a token tells at once that another cannot be like it.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the fields are those of `TokenFacts`")]
pub struct TokenSketch {
    pub is_name: bool,
    pub text_len: u32,
    pub has_native: bool,
    pub script: Script,
    pub letters: u32,
    pub skeleton: u32,
    pub consonants: u32,
    pub phonetic: [u32; 4],
    pub equivalents: [u16; 4],
    pub cultures: Cultures,
}

/// Group and closeness in sixteen bits; the top one marks a diminutive.
pub(crate) fn pack_equivalent(group: u16, closeness: Closeness) -> u16 {
    (group & 0x7fff) | if closeness == Closeness::Diminutive { 0x8000 } else { 0 }
}

/// Group and closeness of a packed equivalent; `None` for an empty slot.
pub fn unpack_equivalent(packed: u16) -> Option<(u16, Closeness)> {
    let closeness = if packed & 0x8000 == 0 { Closeness::Spelling } else { Closeness::Diminutive };
    (packed != u16::MAX).then_some((packed & 0x7fff, closeness))
}

/// Role as number and the number's or legal form's value.
pub(crate) fn pack_role(role: Role) -> (u8, u8, u32) {
    match role {
        Role::Name => (ROLE_NAME, 0, 0),
        Role::Initial => (ROLE_INITIAL, 0, 0),
        Role::Particle => (ROLE_PARTICLE, 0, 0),
        Role::Title => (ROLE_TITLE, 0, 0),
        Role::Legal(form) => (ROLE_LEGAL, form.0, 0),
        Role::Number(number) => (ROLE_NUMBER, 0, number),
    }
}

/// The role of a stored token; an unknown number is a plain name part.
pub(crate) fn unpack_role(role: u8, legal: u8, number: u32) -> Role {
    match role {
        ROLE_INITIAL => Role::Initial,
        ROLE_PARTICLE => Role::Particle,
        ROLE_TITLE => Role::Title,
        ROLE_LEGAL => Role::Legal(LegalForm(legal)),
        ROLE_NUMBER => Role::Number(number),
        _ => Role::Name,
    }
}
