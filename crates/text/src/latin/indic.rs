//! Abugidas of India: Devanagari, Bengali, Tamil.
//!
//! Idea: a consonant carries an inherent a unless a vowel sign or the virama follows. Hindi and Bengali drop it at the end of
//! a word, and often in the middle: between a vowel with one consonant and one consonant with a vowel, looked at from the
//! end (Narasimhan, Sproat and Kiraz, Schwa-deletion in Hindi text-to-speech synthesis, 2004). Tamil writes one letter for
//! voiced and voiceless: voiced between vowels and after a nasal, voiceless at the start and doubled.
//! Letters: `data/latin/{devanagari,bengali,tamil}.tsv`. Cost: a binary search a letter.
use std::sync::LazyLock;

use super::Spellings;
use crate::Text;
use crate::script::Script;
use crate::table;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Consonant,
    Vowel,
    Sign,
    Virama,
    /// A nasal that takes the place of the consonant after it.
    Nasal,
    /// A consonant that never carries a vowel.
    Final,
    /// Written or left out, without a part in the syllable.
    Mark,
    /// A whole word of its own spelling.
    Word,
}

struct Letter {
    written: &'static str,
    kind: Kind,
    /// Both columns of the table.
    latin: [&'static str; 2],
}

struct Abugida {
    letters: Vec<Letter>,
}

static DEVANAGARI: LazyLock<Abugida> =
    LazyLock::new(|| Abugida::parse(include_str!("../../data/latin/devanagari.tsv")));
static BENGALI: LazyLock<Abugida> = LazyLock::new(|| Abugida::parse(include_str!("../../data/latin/bengali.tsv")));
static TAMIL: LazyLock<Abugida> = LazyLock::new(|| Abugida::parse(include_str!("../../data/latin/tamil.tsv")));

impl Abugida {
    fn parse(text: &'static str) -> Abugida {
        let rows = table::rows_below_header(text);
        let cell = |cell: Option<&'static str>| cell.map(|cell| if cell == "-" { "" } else { cell });
        let mut letters: Vec<Letter> = rows
            .filter_map(|row| {
                let mut cells = row.split('\t');
                let kind = match cells.next()? {
                    "consonant" => Kind::Consonant,
                    "vowel" => Kind::Vowel,
                    "sign" => Kind::Sign,
                    "virama" => Kind::Virama,
                    "nasal" => Kind::Nasal,
                    "final" => Kind::Final,
                    "word" => Kind::Word,
                    _ => Kind::Mark,
                };
                let written = cells.next()?;
                let first = cell(cells.next())?;
                let second = cell(cells.next()).filter(|second| !second.is_empty()).unwrap_or(first);
                Some(Letter { written, kind, latin: [first, second] })
            })
            .collect();
        letters.sort_by_key(|letter| letter.written);
        Abugida { letters }
    }

    fn find(&self, written: &str) -> Option<&Letter> {
        let at = self.letters.binary_search_by(|letter| letter.written.cmp(written)).ok()?;
        self.letters.get(at)
    }

    /// The longest letter that `rest` begins with: three characters (conjuncts with a name), two (with nukta), one.
    fn first(&self, rest: &str) -> Option<&Letter> {
        (1..=3).rev().find_map(|n| {
            let end = rest.char_indices().map(|(at, _)| at).chain([rest.len()]).nth(n)?;
            self.find(rest.get(..end)?).filter(|letter| letter.kind != Kind::Word)
        })
    }
}

/// One consonant with what follows it, or a vowel alone.
#[derive(Clone, Copy)]
struct Unit<'a> {
    /// Empty for a vowel alone.
    consonant: &'a str,
    vowel: Vowel<'a>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Vowel<'a> {
    /// The virama, a final, or an inherent vowel that was dropped.
    None,
    Inherent,
    Written(&'a str),
}

/// The readings of a folded word. Hindi and Bengali: first column as spoken, with the inner vowels, with all vowels, then the
/// second column likewise. Tamil: both columns with voicing, then the first as it is written.
pub(crate) fn readings(word: &str, script: Script, out: &mut Spellings) {
    let abugida: &Abugida = match script {
        Script::Bengali => &BENGALI,
        Script::Tamil => &TAMIL,
        _ => &DEVANAGARI,
    };
    if let Some(known) = abugida.find(word).filter(|letter| letter.kind == Kind::Word) {
        return out.extend(known.latin.map(Text::from));
    }
    if script == Script::Tamil {
        for (column, voiced) in [(0, true), (1, true), (0, false)] {
            out.push(spell(&units(abugida, word, column, script, voiced), "a"));
        }
        return;
    }
    for column in 0..2 {
        let mut units = units(abugida, word, column, script, true);
        let full = units.clone();
        drop_final(&mut units);
        let plain = spell(&units, "a");
        drop_medial(&mut units);
        out.push(spell(&units, "a"));
        out.push(plain);
        if column == 0 {
            let inherent = if script == Script::Bengali { "o" } else { "a" };
            out.push(if script == Script::Bengali { spell(&units, inherent) } else { spell(&full, inherent) });
        }
    }
}

fn units<'a>(abugida: &'a Abugida, word: &'a str, column: usize, script: Script, voiced: bool) -> Vec<Unit<'a>> {
    let mut units: Vec<Unit<'a>> = Vec::with_capacity(word.len() / 3);
    let mut rest = word;
    let mut after_virama = false;
    while let Some(c) = rest.chars().next() {
        let Some(letter) = abugida.first(rest) else {
            units.push(Unit { consonant: any_ascii::any_ascii_char(c), vowel: Vowel::None });
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            continue;
        };
        let latin = letter.latin.get(column).copied().unwrap_or_default();
        rest = rest.get(letter.written.len()..).unwrap_or_default();
        let last = units.last_mut();
        match (letter.kind, last) {
            (Kind::Consonant, _) => {
                let latin = match (script, letter.written) {
                    (Script::Bengali, "য") if after_virama => "y",
                    (Script::Tamil, written) if voiced => tamil(written, latin, &units, rest),
                    _ => latin,
                };
                units.push(Unit { consonant: latin, vowel: Vowel::Inherent });
            }
            (Kind::Sign, Some(last)) if last.vowel == Vowel::Inherent => last.vowel = Vowel::Written(latin),
            (Kind::Virama, Some(last)) if last.vowel == Vowel::Inherent => last.vowel = Vowel::None,
            (Kind::Nasal, _) => {
                let labial = rest.starts_with(['प', 'फ', 'ब', 'भ', 'म']);
                let velar = rest.starts_with('ह');
                let nasal = if labial {
                    "m"
                } else if velar {
                    "ng"
                } else {
                    latin
                };
                units.push(Unit { consonant: nasal, vowel: Vowel::None });
            }
            (Kind::Final | Kind::Mark, _) if !latin.is_empty() => {
                units.push(Unit { consonant: latin, vowel: Vowel::None });
            }
            (Kind::Vowel | Kind::Sign, _) => units.push(Unit { consonant: "", vowel: Vowel::Written(latin) }),
            _ => {}
        }
        after_virama = letter.kind == Kind::Virama;
    }
    units
}

/// The sound of a Tamil stop by its place. `rest` is what follows the letter.
fn tamil<'a>(written: &str, latin: &'a str, before: &[Unit<'_>], rest: &str) -> &'a str {
    if written == "ஞ" && rest.starts_with("்ச") {
        return "n";
    }
    let Some(last) = before.last() else { return latin };
    let doubled = rest.starts_with('்') || (last.vowel == Vowel::None && !is_nasal(last.consonant));
    if doubled {
        // The first of two is followed by the virama, the second stands after a letter that has no vowel.
        return match written {
            "ச" => "ch",
            "ட" | "ற" => "t",
            _ => latin,
        };
    }
    match written {
        "க" => "g",
        "ச" => {
            if last.vowel == Vowel::None {
                "j"
            } else {
                "s"
            }
        }
        "ட" | "த" => "d",
        "ப" => {
            if last.vowel == Vowel::None {
                "b"
            } else {
                "p"
            }
        }
        _ => latin,
    }
}

fn is_nasal(consonant: &str) -> bool {
    matches!(consonant, "n" | "m" | "ng" | "gn" | "nj")
}

/// The last inherent vowel is not spoken, unless it keeps apart a cluster that ends in a sonorant (`Chandra`, `Krishna`).
fn drop_final(units: &mut [Unit<'_>]) {
    let [rest @ .., last] = units else { return };
    if last.vowel != Vowel::Inherent || rest.is_empty() {
        return;
    }
    let cluster = rest.last().is_some_and(|before| before.vowel == Vowel::None && !is_nasal(before.consonant));
    if !(cluster && matches!(last.consonant, "y" | "r" | "l" | "v" | "w" | "n" | "m")) {
        last.vowel = Vowel::None;
    }
}

fn drop_medial(units: &mut [Unit<'_>]) {
    for at in (1..units.len().saturating_sub(1)).rev() {
        let (before, here, after) = (units[at - 1], units[at], units[at + 1]);
        let fits = here.vowel == Vowel::Inherent
            && !here.consonant.is_empty()
            && before.vowel != Vowel::None
            && after.vowel != Vowel::None
            && !after.consonant.is_empty();
        if fits {
            units[at].vowel = Vowel::None;
        }
    }
}

fn spell(units: &[Unit<'_>], inherent: &str) -> Text {
    let mut out = Text::default();
    for unit in units {
        super::rules::push_ascii(unit.consonant, &mut out);
        match unit.vowel {
            Vowel::None => {}
            Vowel::Inherent => out.push_str(inherent),
            Vowel::Written(vowel) => out.push_str(vowel),
        }
    }
    out
}
