//! Alphabets and syllabaries that a table alone can read: Greek, Georgian, Armenian, Japanese kana.
//!
//! Sources stand in the tables. Cost: a table look-up a letter.
use std::sync::LazyLock;

use super::Spellings;
use super::rules::Table;

static GREEK: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("../../data/latin/greek.tsv")));
static GEORGIAN: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("../../data/latin/georgian.tsv")));
static ARMENIAN: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("../../data/latin/armenian.tsv")));
static KANA: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("../../data/latin/kana.tsv")));
static KATAKANA: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("../../data/latin/katakana.tsv")));

pub(crate) fn greek(word: &[char], out: &mut Spellings) {
    GREEK.readings(word, out);
}

pub(crate) fn georgian(word: &[char], out: &mut Spellings) {
    GEORGIAN.readings(word, out);
}

pub(crate) fn armenian(word: &[char], out: &mut Spellings) {
    ARMENIAN.readings(word, out);
}

/// Katakana stand 0x60 above the hiragana of the same sound, from small a to the sign for doubling. They mostly write foreign words,
/// which are read as such first.
pub(crate) fn kana(word: &mut [char], out: &mut Spellings) {
    let mut foreign = false;
    for c in word.iter_mut() {
        if ('ァ'..='ヶ').contains(c) {
            foreign = true;
            *c = char::from_u32(*c as u32 - 0x60).unwrap_or(*c);
        }
    }
    if foreign {
        KATAKANA.readings(word, out);
    }
    KANA.readings(word, out);
}
