//! Properties that folding and analysis promise for every input.
use interdict_text::fold::fold;
use interdict_text::name::MAX_READINGS;
use interdict_text::phonetic::{MAX_KEYS, keys_into, skeleton_into};
use interdict_text::{NameKind, NameScratch, analyze};
use proptest::prelude::*;

const KINDS: [NameKind; 4] = [NameKind::Person, NameKind::Organization, NameKind::Object, NameKind::Unknown];

/// Characters that names are made of, and those that are used to hide them.
fn name_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => "[A-Za-z]{1,8}",
        4 => "[А-Яа-яЁёІіЇїЄєҐґЎўЈјЉљЊњҚқҒғ]{1,8}",
        2 => "[Α-Ωα-ωάέήίόύώ]{1,6}",
        2 => "[ء-ي]{1,6}",
        1 => "[פא-ת]{1,5}",
        2 => "[\u{4e00}-\u{4fff}习近平華为]{1,4}",
        1 => "[가-힣]{1,4}",
        1 => "[ぁ-ゖァ-ヺー]{1,5}",
        1 => "[ก-๛]{1,6}",
        1 => "[\u{900}-\u{97f}]{1,6}",
        1 => "[\u{980}-\u{9ff}]{1,6}",
        1 => "[\u{b80}-\u{bff}]{1,6}",
        1 => "[\u{1000}-\u{104f}]{1,6}",
        1 => "[\u{1780}-\u{17dd}]{1,6}",
        1 => "[ա-և]{1,5}",
        1 => "[ა-ჰ]{1,5}",
        3 => "[ÀàÉéÜüßŁłŞşİıØøÆæĐđŒœẞ]{1,3}",
        3 => "[0-9]{1,3}",
        6 => Just(" ".to_owned()),
        3 => "[-.,/&+'’\"()@$«»·]{1,2}",
        2 => "[\u{300}-\u{36f}\u{200b}\u{200d}\u{202e}\u{feff}\u{ad}\u{654}\u{5b8}]{1,3}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_undisguised_without_panic_and_within_bounds(
        text in prop_oneof![
            "\\PC{0,60}",
            "(for|attn:|c/o|ref|invoice|12|/BNF/|ООО|İOOO|ﬁn LLLC|K4D3M|-|ZARBINOLLC|S\\.A\\.|\\(office\\)| ){0,12}",
        ]
    ) {
        for kind in [NameKind::Person, NameKind::Organization, NameKind::Unknown] {
            let found = NameScratch::default().undisguised(&text, kind);
            prop_assert!(found.len() <= 6 && !found.contains(&text), "{text}: {found:?}");
        }
    }

    #[test]
    fn folding_twice_changes_nothing(name in name_like()) {
        let once = fold(&name);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn folding_any_text_twice_changes_nothing(text in any::<String>()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn tokens_are_plain_and_readings_few_and_distinct(name in prop_oneof![name_like(), any::<String>()]) {
        for kind in KINDS {
            let readings = analyze(&name, kind);
            prop_assert!(readings.len() <= MAX_READINGS);
            for (at, reading) in readings.iter().enumerate() {
                prop_assert!(!reading.tokens.is_empty());
                prop_assert!(!readings[..at].contains(reading));
                for token in &reading.tokens {
                    prop_assert!(!token.text.is_empty());
                    let plain = token.text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
                    prop_assert!(plain, "{:?}", token.text);
                }
            }
        }
    }

    #[test]
    fn invisible_characters_change_nothing(name in name_like(), hidden in "[\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}\u{ad}\u{202e}\u{fe0f}]", at in any::<prop::sample::Index>()) {
        let places: Vec<usize> = name.char_indices().map(|(at, _)| at).chain([name.len()]).collect();
        let mut with = name.clone();
        with.insert_str(places[at.index(places.len())], &hidden);
        prop_assert_eq!(fold(&with), fold(&name));
        prop_assert_eq!(analyze(&with, NameKind::Person), analyze(&name, NameKind::Person));
    }

    #[test]
    fn case_changes_nothing(name in prop_oneof!["[a-zà-öø-ÿа-яёіїє .-]{0,24}", "[α-ρσ-ω .-]{0,24}", "[ա-ֆ .-]{0,24}", "[ა-ჰ .-]{0,24}"]) {
        // Greek letters among Latin ones are compared by their shape, which case changes (Ν n, ν v).
        // Persons: the capitals of a glued legal form are asked for firms only.
        prop_assert_eq!(analyze(&name.to_uppercase(), NameKind::Person), analyze(&name, NameKind::Person));
    }

    #[test]
    fn phonetic_keys_are_few_ascending_and_without_doubles(token in "[a-z0-9]{0,20}") {
        let mut keys = Vec::new();
        keys_into(&token, &mut keys);
        prop_assert!(keys.len() <= MAX_KEYS);
        prop_assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
        let mut skeleton = String::new();
        skeleton_into(&token, &mut skeleton);
        prop_assert!(skeleton.len() <= token.len() * 2);
        prop_assert_eq!(skeleton.is_empty(), token.is_empty());
    }
}

#[test]
fn folding_each_character_twice_changes_nothing() {
    let unstable: Vec<char> = ('\0'..=char::MAX)
        .filter(|c| {
            let once = fold(c.encode_utf8(&mut [0; 4]));
            fold(&once) != once
        })
        .collect();
    assert!(unstable.is_empty(), "{unstable:?}");
}

#[test]
fn a_hostile_name_is_cut() {
    let long = "и\u{301}а ".repeat(100_000);
    let readings = analyze(&long, NameKind::Unknown);
    let tokens = readings.first().map_or(0, |reading| reading.tokens.len());
    assert!(tokens > 0 && tokens <= interdict_text::MAX_NAME_CHARS);
}
