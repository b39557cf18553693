//! Arabic, Persian, Urdu and Hebrew, which write consonants and long vowels only.
//!
//! Idea: words whose vowels are known stand in a dictionary; the rest become a frame of consonants and long vowels, in two or
//! three readings for the letters that are both. The frame is far from the usual spelling, but has its consonant skeleton
//! (`phonetic`). The Arabic article and the first half of `Abd al-X` are cut off in the own script, as lists write them apart.
//! Sources stand in the tables. Cost: a binary search and a table look-up a letter.
use std::sync::LazyLock;

use smallvec::SmallVec;

use super::Spellings;
use super::rules::Table;
use crate::Text;
use crate::fold::fold;
use crate::name::NameKind;
use crate::table;

static ARABIC: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("../../data/latin/arabic.tsv")));
static PERSIAN: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("../../data/latin/persian.tsv")));
static HEBREW: LazyLock<Table> = LazyLock::new(|| Table::parse(include_str!("../../data/latin/hebrew.tsv")));
static ARABIC_WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::parse(include_str!("../../data/latin/arabic_words.tsv")));
static HEBREW_WORDS: LazyLock<Words> =
    LazyLock::new(|| Words::parse(include_str!("../../data/latin/hebrew_words.tsv")));

/// A dictionary, sorted by the folded word.
struct Words(Vec<(String, Vec<&'static str>)>);

impl Words {
    fn parse(text: &'static str) -> Words {
        let rows = table::rows_below_header(text);
        let mut words: Vec<_> = rows
            .filter_map(|row| {
                let (word, readings) = row.split_once('\t')?;
                Some((fold(word), readings.split('\t').collect()))
            })
            .collect();
        words.sort();
        words.dedup_by(|a, b| a.0 == b.0);
        Words(words)
    }

    fn find(&self, word: &str) -> &[&'static str] {
        let at = self.0.binary_search_by(|(known, _)| known.as_str().cmp(word));
        at.ok().and_then(|at| self.0.get(at)).map_or(&[], |(_, readings)| readings)
    }
}

/// Whether a name as written shows letters that Persian and its neighbours have and Arabic has not. Folding unites some of
/// them with the Arabic ones, so the raw name is asked.
pub(crate) fn is_persian(name: &str) -> bool {
    name.chars().any(|c| matches!(c, 'پ' | 'چ' | 'ژ' | 'گ' | 'ک' | 'ی' | 'ٹ' | 'ڈ' | 'ڑ' | 'ں' | 'ھ' | 'ہ' | 'ے' | 'ۀ'))
}

/// Words that begin with the letters of the article but do not have it.
const NO_ARTICLE: [&str; 20] = [
    "الله",
    "الياس",
    "الهام",
    "الهه",
    "البرت",
    "البرز",
    "البانيا",
    "المانيا",
    "الكسندر",
    "الناز",
    "الماس",
    "الين",
    "اليزابيث",
    "الفريد",
    "الب",
    "الي",
    "الان",
    "الفا",
    "التون",
    "الما",
];

/// Given names and titles that Persian, Urdu and Pashto write together with another name (`محمدرضا`, `علیرضا`), folded. The
/// cut is made only when the dictionary knows what follows.
const COMPOUNDED: [&str; 16] = [
    "محمد",
    "غلام",
    "علي",
    "امير",
    "حميد",
    "سيد",
    "مير",
    "شاه",
    "نور",
    "گل",
    "شير",
    "جان",
    "خان",
    "سلطان",
    "حاجي",
    "ملا",
];

/// Ends of the parts of a word before its last one: what stands before `allah`, `abd`, the article, and, for firms, the
/// conjunction and the preposition that are written onto the article.
pub(crate) fn arabic_cuts(word: &str, persian: bool, kind: NameKind, cuts: &mut SmallVec<[usize; 4]>) {
    if let Some(before) = word.strip_suffix("الله").filter(|before| !matches!(*before, "" | "و")) {
        return cuts.push(before.len());
    }
    let has = |rest: &str, least: usize| rest.chars().nth(least - 1).is_some();
    if let Some(before) = word.strip_suffix("الدين").filter(|before| has(before, 2)) {
        return cuts.extend([before.len(), before.len() + "ال".len()]);
    }
    let mut at = 0;
    let mut rest = word;
    if let Some(after) = rest.strip_prefix("عبد")
        && after.starts_with("ال")
        && has(after, 4)
    {
        at += rest.len() - after.len();
        cuts.push(at);
        rest = after;
    } else if kind != NameKind::Person && !persian {
        if let Some(after) = rest.strip_prefix('و').filter(|after| after.starts_with("ال") && has(after, 5)) {
            at += rest.len() - after.len();
            cuts.push(at);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("لل").filter(|after| has(after, 4)) {
            cuts.push(rest.len() - after.len());
            return;
        }
    }
    let article = rest.strip_prefix("ال").filter(|after| has(after, 2) && !NO_ARTICLE.contains(&rest));
    if let Some(after) = article
        && (!persian || at > 0 || kind == NameKind::Person && has(after, 3) || !ARABIC_WORDS.find(after).is_empty())
    {
        cuts.push(at + rest.len() - after.len());
    } else if at == 0 && ARABIC_WORDS.find(word).is_empty() {
        let names = COMPOUNDED.iter().filter_map(|first| word.strip_prefix(first));
        let second = names.into_iter().find(|second| !ARABIC_WORDS.find(second).is_empty());
        cuts.extend(second.map(|second| word.len() - second.len()).or_else(|| glued(word, kind)));
    }
}

/// Letters that do not join the one behind them, so that two names without a space look like two.
const NOT_JOINING: [char; 6] = ['ا', 'د', 'ذ', 'ر', 'ز', 'و'];

/// The end of a known name that another one is written onto (`محمدديب`). What begins with a letter that endings begin with
/// (`سعداوي`, `محمديان`) is taken for one.
fn glued(word: &str, kind: NameKind) -> Option<usize> {
    if kind != NameKind::Person || suffix_of(word).is_some() {
        return None;
    }
    word.char_indices().map(|(at, _)| at).find(|at| {
        let (first, second) = word.split_at(*at);
        let apart = first.ends_with(NOT_JOINING) && !second.starts_with(['ا', 'و', 'ي', 'ة', 'ه']);
        apart && first.chars().count() >= 3 && second.chars().count() >= 3 && !ARABIC_WORDS.find(first).is_empty()
    })
}

/// Endings of Persian, Pashto and Turkic family names with their usual spelling, folded; the longest that fits counts.
const SUFFIXES: [(&str, &str); 30] = [
    ("زاده", "zadeh"),
    ("نژاد", "nejad"),
    ("پور", "pour"),
    ("نيا", "nia"),
    ("فر", "far"),
    ("راد", "rad"),
    ("فرد", "fard"),
    ("وند", "vand"),
    ("منش", "manesh"),
    ("دوست", "doust"),
    ("خواه", "khah"),
    ("پناه", "panah"),
    ("پرست", "parast"),
    ("ابادي", "abadi"),
    ("اباد", "abad"),
    ("يان", "ian"),
    ("زي", "zai"),
    ("زايي", "zaei"),
    ("گر", "gar"),
    ("گري", "gari"),
    ("چيان", "chian"),
    ("چي", "chi"),
    ("لو", "lou"),
    ("كيا", "kia"),
    ("تبار", "tabar"),
    ("مند", "mand"),
    ("اوغلو", "oghlu"),
    ("الدوله", "dowleh"),
    ("بخش", "bakhsh"),
    ("يار", "yar"),
];

/// A word before a usual ending of family names, and that ending as it is written in Latin letters.
fn suffix_of(word: &str) -> Option<(&str, &'static str)> {
    let found = SUFFIXES.iter().filter_map(|(ending, latin)| Some((word.strip_suffix(ending)?, *latin)));
    found.filter(|(before, _)| before.chars().nth(1).is_some()).min_by_key(|(before, _)| before.len())
}

/// The readings of a folded Arabic, Persian or Urdu word.
pub(crate) fn arabic(text: &str, chars: &[char], persian: bool, out: &mut Spellings) {
    match text {
        "ال" => return out.push("al".into()),
        "و" => return out.extend(["wa".into(), "va".into()]),
        "لل" => return out.push("lil".into()),
        _ => {}
    }
    let known = ARABIC_WORDS.find(text);
    if persian && known.len() > 1 {
        out.extend(known.iter().skip(1).chain(known.first()).copied().map(Text::from));
    } else {
        out.extend(known.iter().copied().map(Text::from));
    }
    let (first, second) = if persian { (&*PERSIAN, &*ARABIC) } else { (&*ARABIC, &*PERSIAN) };
    if let Some((before, ending)) = suffix_of(text).filter(|_| persian && known.is_empty()) {
        let mut stems = Spellings::new();
        let n_chars = before.chars().count();
        arabic(before, chars.get(..n_chars).unwrap_or_default(), persian, &mut stems);
        out.extend(stems.into_iter().take(2).map(|stem| stem + ending));
    }
    if known.is_empty() {
        first.readings(chars, out);
        second.readings(chars, out);
        out.dedup();
    }
}

/// The end of the Arabic article of a word in Hebrew letters (`אלרחמן`), which Hebrew itself has not: not where a known name begins so
/// (`אליהו`), nor before the letters that its own names of God go on with (`אליעזר`, `אלון`).
pub(crate) fn hebrew_article(word: &str) -> Option<usize> {
    let after =
        word.strip_prefix("אל").filter(|after| !after.starts_with(['י', 'ו']) && after.chars().nth(2).is_some())?;
    HEBREW_WORDS.find(word).is_empty().then(|| word.len() - after.len())
}

/// The readings of a folded Hebrew word.
pub(crate) fn hebrew(text: &str, chars: &[char], out: &mut Spellings) {
    if text == "אל" {
        return out.push("al".into());
    }
    let known = HEBREW_WORDS.find(text);
    out.extend(known.iter().copied().map(Text::from));
    if known.is_empty() {
        HEBREW.readings(chars, out);
    }
}
