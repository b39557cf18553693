//! Chinese characters that write Korean: whether a name's do, and how they are read.
//!
//! Idea: Japanese and Chinese sources print Korean parties in Chinese characters (`朝鮮光星貿易会社`, `金正恩`); read as Chinese they
//! are `guangxing` and `jin zhengen`, read as Korean `kwangsong` and `kim jongun`. Only a name that says Korea is read so too: a firm by
//! its country, a city, or a word that no Chinese firm has; a person by a surname that is common in Korea and rare in China.
//! Invariant: readings of all parts of one name have equal number, so that each takes one system. Cost: a hash look-up a character.
//! Sources: `data/latin/hanja.tsv`; surnames: the censuses of Korea (Statistics Korea, 2015) and China (Ministry of Public Security,
//! 2020), as general knowledge; sound at the start of a word: Hangul orthography (South Korea, 1988), articles 10 to 12.
use std::sync::LazyLock;

use super::{Place, Spellings, hangul};
use crate::Text;
use crate::map::Map;
use crate::name::NameKind;
use crate::table;

static SYLLABLES: LazyLock<Map<char, char>> = LazyLock::new(|| {
    let rows = table::rows(include_str!("../../data/latin/hanja.tsv"));
    let pairs = rows.filter_map(|row| row.split_once('\t')).flat_map(|(syllable, characters)| {
        let syllable = syllable.chars().next().unwrap_or_default();
        characters.chars().map(move |character| (character, syllable))
    });
    pairs.collect()
});

/// Surnames of one character of which Koreans bear the greater part, or that hardly any Chinese has, in their forms.
const SURNAMES: &str =
    "金朴崔尹權权権裵卞禹玄申辛安姜洪全具成閔闵車车元南河柳曺文池咸兪琴太表奇芮魚鱼牟都昔宣印明吉慎片扈卓皮甘";

/// Parts of the names of firms that say Korea; the last three are words of firms of the North.
const SIGNS: [&str; 20] = [
    "朝鮮",
    "朝鲜",
    "韓國",
    "韓国",
    "韩国",
    "大韓",
    "大韩",
    "平壌",
    "平壤",
    "咸興",
    "咸兴",
    "清津",
    "元山",
    "新義州",
    "新义州",
    "開城",
    "両江道",
    "総会社",
    "企業所",
    "企业所",
];

/// Whether a folded name is to be read as Korean too.
pub(crate) fn is_korean(folded: &str, kind: NameKind) -> bool {
    if !folded.chars().any(is_han) {
        return false;
    }
    let of_firm = || SIGNS.iter().any(|sign| folded.contains(sign)) || has_bare_company(folded);
    let of_person = || {
        let n_chars = folded.chars().filter(|c| *c != ' ').count();
        let all_han = folded.chars().all(|c| is_han(c) || c == ' ');
        all_han && (2..=4).contains(&n_chars) && folded.chars().next().is_some_and(|first| SURNAMES.contains(first))
    };
    match kind {
        NameKind::Person => of_person(),
        NameKind::Organization | NameKind::Object => of_firm(),
        NameKind::Unknown => of_firm() || of_person(),
    }
}

/// Whether a name ends with *company* as Japanese and Korean write it, in none of the forms that Japanese law has (`株式会社`).
fn has_bare_company(folded: &str) -> bool {
    let before = folded.strip_suffix("会社").or_else(|| folded.strip_suffix("會社"));
    let kana = |c: char| matches!(c, '\u{3040}'..='\u{30ff}');
    before.is_some_and(|before| !before.ends_with(['式', '限', '資', '名', '同']) && !before.chars().any(kana))
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}')
}

/// Number of Korean readings of a part.
const N_READINGS: usize = 6;

/// Appends the Korean readings of a part, as many for each: of a word the North's first, as most that are written so are of the North.
pub(crate) fn readings(text: &str, place: Place, out: &mut Spellings) {
    let Some(hangul) = text.chars().map(|c| SYLLABLES.get(&c).copied()).collect::<Option<Text>>() else { return };
    let start = out.len();
    let written = if place == Place::Surname && text == "金" { Text::from("김") } else { hangul };
    hangul::readings(&written, place, out);
    if place == Place::Word && out.len() >= start + 2 {
        out.swap(start, start + 1);
    }
    if let Some(south) = of_south(&written).filter(|_| place != Place::Surname) {
        let mut others = Spellings::new();
        hangul::readings(&south, place, &mut others);
        out.extend(others.into_iter().take(1));
    }
    let first = out.get(start).cloned().unwrap_or_default();
    out.resize(start + N_READINGS, first);
}

/// A word as the South writes it where its first sound changes: ㄹ is ㄴ, both are silent before i and y.
fn of_south(word: &str) -> Option<Text> {
    const N: u32 = 2;
    const R: u32 = 5;
    const SILENT: u32 = 11;
    let mut chars = word.chars();
    let block = (chars.next()? as u32).checked_sub(0xac00)?;
    let (initial, rest) = (block / 588, block % 588);
    // Vowels ya, yae, yeo, ye, yo, yu, i.
    let before_i = matches!(rest / 28, 2 | 3 | 6 | 7 | 12 | 17 | 20);
    let changed = match initial {
        N | R if before_i => SILENT,
        R => N,
        _ => return None,
    };
    let first = char::from_u32(0xac00 + changed * 588 + rest)?;
    Some(std::iter::once(first).chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_says_korea_is_read_as_korean() {
        for name in ["朝鮮光星貿易会社", "平壌貿易会社", "長水貿易会社", "大安連合企業所"] {
            assert!(is_korean(name, NameKind::Organization), "{name}");
        }
        for name in ["上海新力機器廠有限公司", "豊田通商株式会社", "アジア貿易会社", "plain"]
        {
            assert!(!is_korean(name, NameKind::Organization), "{name}");
        }
        assert!(is_korean("金正恩", NameKind::Person));
        assert!(!is_korean("王小明", NameKind::Person));
        assert!(!is_korean("金属工業", NameKind::Organization));
    }

    #[test]
    fn surname_and_given_name_take_one_system() {
        let mut surname = Spellings::new();
        let mut given = Spellings::new();
        readings("金", Place::Surname, &mut surname);
        readings("正恩", Place::Given, &mut given);
        assert_eq!((surname.len(), given.len()), (N_READINGS, N_READINGS));
        assert_eq!(surname[1], "kim");
        assert_eq!(given[1], "jongun");
    }

    #[test]
    fn the_south_drops_the_first_sound() {
        assert_eq!(of_south("련합").as_deref(), Some("연합"));
        assert_eq!(of_south("락원").as_deref(), Some("낙원"));
        assert_eq!(of_south("광성"), None);
    }
}
