//! The recall law: what every entity scored one by one finds, the index finds too, with the same score.

use interdict_match::similar::likeness;
use interdict_match::{Options, Query, Scratch, Screener};
use interdict_model::{Entity, Schema};
use interdict_snapshot::{Snapshot, TokenFacts};
use interdict_text::{NameKind, analyze};
use proptest::prelude::*;

use super::{entity, screen, snapshot_of, told};

const GIVEN: &[&str] = &[
    "Mohammed",
    "Muhammad",
    "Ahmad",
    "Vladimir",
    "Volodymyr",
    "Sergey",
    "Aleksandr",
    "Olga",
    "Maria",
    "John",
    "Jon",
    "Li",
    "Xi",
    "Kim",
    "Jong Un",
    "Abd al-Rahman",
    "Abdul Rahman",
    "Saif",
    "Sayf",
    "Петр",
    "Сергей",
    "محمد",
    "علي",
    "习近平",
    "김정은",
    "J.",
    "V.",
    "Anna-Maria",
    "Yousef",
    "Yusuf",
];
const FAMILY: &[&str] = &[
    "al-Adil",
    "Al Adl",
    "Putin",
    "Ivanov",
    "Ivanova",
    "Petrov",
    "Shoigu",
    "Sokolov",
    "Smith",
    "Smyth",
    "Khan",
    "Hussein",
    "Husayn",
    "Wei",
    "Zhang",
    "Jinping",
    "Гагарин",
    "Иванов",
    "رضا",
    "Al Qaida",
    "AlQaida",
    "Naurzgaliyeva",
];
const WORDS: &[&str] = &[
    "Bank",
    "Trading",
    "Harbin",
    "Institute",
    "Technology",
    "Gazprom",
    "Rosneft",
    "Rostec",
    "Ocean",
    "Star",
    "Shipping",
    "711",
    "VII",
    "7",
    "Plant",
    "Semiconductor",
    "Huawei",
    "Technologies",
    "Сбербанк",
    "Завод",
    "石油",
    "公司",
    "LLC",
    "OOO",
    "Co., Ltd.",
    "GmbH",
    "M/V",
];

/// Names of initials, with a rank or a part beside them or nothing.
fn initials() -> impl Strategy<Value = String> {
    let letter = proptest::sample::select(&["J.", "K.", "L.", "M.", "Ж."][..]);
    let beside = proptest::sample::select(&["", "General ", "Viktorovich ", "bin "][..]);
    (beside, proptest::collection::vec(letter, 1..4))
        .prop_map(|(beside, letters)| beside.to_owned() + &letters.join(" "))
}

fn person_name() -> impl Strategy<Value = String> {
    proptest::prop_oneof![9 => full_name(), 1 => initials()]
}

fn full_name() -> impl Strategy<Value = String> {
    let part = |parts: &'static [&'static str]| proptest::sample::select(parts);
    (part(GIVEN), proptest::option::of(part(GIVEN)), part(FAMILY), any::<bool>()).prop_map(
        |(one, two, family, comma)| {
            let given = two.map_or_else(|| one.to_owned(), |two| format!("{one} {two}"));
            if comma { format!("{family}, {given}") } else { format!("{given} {family}") }
        },
    )
}

fn firm_name() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(WORDS), 1..5).prop_map(|words| words.join(" "))
}

fn party(id: usize) -> impl Strategy<Value = Entity> {
    let schemata = [Schema::person(), Schema::by_name("Company").unwrap(), Schema::legal_entity(), Schema::vessel()];
    (proptest::sample::select(schemata.to_vec()), person_name(), firm_name(), 1940u16..2000, any::<bool>()).prop_map(
        move |(schema, person, firm, year, weak)| {
            let name = if schema == Schema::person() { person } else { firm };
            let year = year.to_string();
            let mut values = vec![(if weak { "weakAlias" } else { "name" }, name.as_str())];
            if schema == Schema::person() {
                values.push(("birthDate", &year));
            }
            entity(&format!("e-{id:03}"), schema, &values)
        },
    )
}

/// Alters a name as typists, scanners and evaders do.
fn altered(name: &str, how: u8, at: usize) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let at = at % letters.len().max(1);
    match how % 8 {
        0 => {}
        1 => letters.insert(at, letters[at]),
        2 => drop(letters.remove(at)),
        3 if at + 1 < letters.len() => letters.swap(at, at + 1),
        4 => letters.insert(at, '\u{200b}'),
        5 => letters.insert(at, ' '),
        6 => return name.split_whitespace().rev().collect::<Vec<_>>().join(" "),
        7 => return name.replace(' ', ""),
        _ => letters[at] = 'x',
    }
    letters.into_iter().collect()
}

/// Words of firms that have several readings, some in common.
const READ_TWICE: [&str; 8] =
    ["Федеральное", "Казенное", "Предприятие", "Государственный", "Казенный", "Завод", "Институт", "Научный"];

/// Whether a word asks for a key that the other one is stored under.
fn shares_a_key(asked: &TokenFacts, stored: &TokenFacts) -> bool {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    asked.asked_keys_into(&mut ours);
    stored.stored_keys_into(&mut theirs);
    ours.iter().any(|key| theirs.iter().any(|other| other.hash == key.hash))
}

fn assert_law(snapshot: &Snapshot, query: &Entity) {
    for threshold in [0.5, 0.6, 0.7, 0.8, 0.85, 0.9] {
        let indexed = screen(snapshot, query, threshold, false);
        let all = screen(snapshot, query, threshold, true);
        assert_eq!(told(snapshot, &indexed), told(snapshot, &all), "{query:?} at {threshold}");
        assert!(!indexed.truncated && !all.truncated, "{query:?} at {threshold}");
        for limit in [1, 2, 5] {
            let options = Options { threshold, limit, ..Options::default() };
            let few = Screener::new(snapshot).screen(&Query::of(query), &options, &mut Scratch::new()).unwrap();
            let best = told(snapshot, &all).into_iter().take(limit).collect::<Vec<_>>();
            assert_eq!(told(snapshot, &few), best, "{query:?} at {threshold}, the best {limit}");
            assert_eq!(few.truncated, all.matches.len() > limit, "{query:?} at {threshold}, the best {limit}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_index_finds_what_brute_force_finds(
        parties in (0..12).map(party).collect::<Vec<_>>(),
        which in 0usize..12, how: u8, at in 0usize..64, year in proptest::option::of(1940u16..2000), schema in 0usize..4,
    ) {
        let name = parties[which].caption().to_owned();
        let schema = [Schema::thing(), Schema::legal_entity(), Schema::person(), parties[which].schema][schema];
        let name = altered(&name, how, at);
        let year = year.map(|year| year.to_string());
        let mut values = vec![("name", name.as_str())];
        if let (Some(year), true) = (&year, schema == Schema::person()) {
            values.push(("birthDate", year));
        }
        let query = entity("query", schema, &values);
        assert_law(&snapshot_of(parties), &query);
    }

    #[test]
    fn a_filter_leaves_the_best_of_those_it_lets_through(
        parties in (0..12).map(party).collect::<Vec<_>>(),
        which in 0usize..12, how: u8, at in 0usize..64, only: u16, limit in 1usize..4,
    ) {
        let query = entity("query", Schema::thing(), &[("name", &altered(parties[which].caption(), how, at))]);
        let snapshot = snapshot_of(parties);
        let options = Options { threshold: 0.5, limit, only: Some([u64::from(only)].into()), ..Options::default() };
        let answer = Screener::new(&snapshot).screen(&Query::of(&query), &options, &mut Scratch::new()).unwrap();
        let mut all = screen(&snapshot, &query, 0.5, true);
        all.matches.retain(|hit| only & (1 << hit.entity.0) != 0);
        prop_assert_eq!(answer.truncated, all.matches.len() > limit);
        all.matches.truncate(limit);
        prop_assert_eq!(told(&snapshot, &answer), told(&snapshot, &all));
    }

    #[test]
    fn names_of_many_readings_are_found_as_brute_force_finds_them(
        parties in (0..12).map(party).collect::<Vec<_>>(), which in 0usize..12, other in 0usize..12,
        words in proptest::collection::vec(proptest::sample::select(&READ_TWICE[..]), 1..6), short: bool,
    ) {
        let (one, other) = (parties[which].caption(), parties[other].caption());
        let name = if short { one.to_owned() } else { format!("ФКП «{one}», {} {other}", words.join(" ")) };
        let listed = format!("{} {}", words.first().unwrap_or(&""), one);
        let query = entity("query", Schema::by_name("Company").unwrap(), &[("name", name.as_str())]);
        let more = [entity("z-1", Schema::by_name("Company").unwrap(), &[("name", listed.as_str()), ("alias", one)])];
        assert_law(&snapshot_of(parties.iter().cloned().chain(more)), &query);
    }

    #[test]
    fn names_of_initials_are_found_as_brute_force_finds_them(
        parties in (0..8).map(party).collect::<Vec<_>>(), name in initials(), schema in 0usize..3,
    ) {
        let schema = [Schema::thing(), Schema::legal_entity(), Schema::person()][schema];
        let query = entity("query", schema, &[("name", name.as_str()), ("country", "ru")]);
        assert_law(&snapshot_of(parties), &query);
    }

    #[test]
    fn one_pair_has_one_score_wherever_it_is_computed(one in party(1), other in party(2), third in party(3)) {
        let alone = interdict_match::compare(&one, &other).unwrap();
        let snapshot = snapshot_of([other.clone(), third]);
        let among = told(&snapshot, &screen(&snapshot, &one, 0.0, true));
        let found = among.iter().find(|(id, _)| *id == other.id).map_or(0.0, |(_, score)| *score);
        prop_assert_eq!(alone.to_bits(), found.to_bits());
    }

    #[test]
    fn tokens_that_are_alike_share_a_key(one in person_name(), how: u8, at in 0usize..64) {
        let other = altered(&one, how, at);
        let tokens = |name: &str| -> Vec<TokenFacts> {
            analyze(name, NameKind::Person).iter().flat_map(|reading| &reading.tokens).map(TokenFacts::of).collect()
        };
        for ours in tokens(&one) {
            for theirs in tokens(&other) {
                let plain = |facts: &TokenFacts| matches!(facts.role, interdict_text::Role::Name);
                if plain(&ours) && plain(&theirs) && likeness(&ours.view(), &theirs.view()).score > 0.0 {
                    prop_assert!(shares_a_key(&ours, &theirs), "{} {}", ours.text, theirs.text);
                }
            }
        }
    }

    #[test]
    fn likeness_is_the_same_both_ways(one in person_name(), other in person_name()) {
        let tokens = |name: &str| -> Vec<TokenFacts> {
            analyze(name, NameKind::Person).iter().flat_map(|reading| &reading.tokens).map(TokenFacts::of).collect()
        };
        for ours in tokens(&one) {
            for theirs in tokens(&other) {
                prop_assert_eq!(likeness(&ours.view(), &theirs.view()), likeness(&theirs.view(), &ours.view()));
            }
        }
    }
}

#[test]
fn a_query_beyond_all_bounds_is_answered() {
    let snapshot = snapshot_of([entity("e", Schema::person(), &[("name", "Ivanov Petr")])]);
    let long = "Ivanov Petr ".repeat(2000);
    for name in [long.as_str(), "", "!!!", "\u{200b}", "a b c d e f g h i j k l m n o p q r s t u v w x y z", "١٢٣"]
    {
        let query = entity("query", Schema::thing(), &[("name", name)]);
        assert_law(&snapshot, &query);
    }
}

#[test]
fn what_else_is_listed_changes_no_score() {
    let one = entity("e-1", Schema::person(), &[("name", "Ali Smith")]);
    let other = entity("e-2", Schema::person(), &[("name", "علي Smith")]);
    let query = entity("query", Schema::person(), &[("name", "Olesmath")]);
    let alone = interdict_match::compare(&query, &one).unwrap();
    let snapshot = snapshot_of([other, one]);
    let among = told(&snapshot, &screen(&snapshot, &query, 0.0, true));
    let found = among.iter().find(|(id, _)| id == "e-1").map_or(0.0, |(_, score)| *score);
    assert_eq!(alone.to_bits(), found.to_bits());
}

#[test]
fn the_end_of_a_name_of_very_many_words_is_not_taken_for_all_of_it() {
    let many: Vec<String> = (0..50).map(|at| format!("w{at}ord")).collect();
    let name = many.join(" ") + " zoran kvartal omega";
    let listed = entity("e-1", Schema::by_name("Company").unwrap(), &[("name", &name)]);
    let query = entity("query", Schema::by_name("Company").unwrap(), &[("name", "zorankvartal")]);
    assert!(interdict_match::compare(&query, &listed).unwrap() < 0.5);
}

#[test]
fn words_that_a_scanner_read_otherwise_share_a_key() {
    for (one, other) in [("ahmed", "ahrned"), ("ramor", "rarnor"), ("muhammad", "muharnmad"), ("daniel", "claniel")] {
        let facts = |word: &str| TokenFacts::of(&analyze(word, NameKind::Person)[0].tokens[0]);
        for (ours, theirs) in [(facts(one), facts(other)), (facts(other), facts(one))] {
            assert!(likeness(&ours.view(), &theirs.view()).score > 0.8, "{one} {other}");
            assert!(shares_a_key(&ours, &theirs), "{one} {other}");
        }
    }
}

#[test]
fn what_meets_written_together_more_than_once_is_found() {
    let listed = [
        ("Vessel", "Tubo Tubo"),
        ("Person", "Zarbo Zarbo"),
        ("Organization", "Zarbo Zarbo"),
        ("Organization", "Kelma Gudo Kelma Gudo"),
        ("Vessel", "Kelma Gudo Kelma Gudo"),
        ("Person", "Mohammed bin al Zarbino"),
        ("Person", "Mohammed de la Zarbino"),
        ("Person", "Mohammed de los Zarbino"),
    ];
    let letters = || ('a'..='z').map(String::from);
    let fillers = letters().map(|letter| ("Person", format!("Mohammed {}", letter.repeat(6))));
    let all = listed.iter().map(|(schema, name)| (*schema, (*name).to_owned())).chain(fillers);
    let parties = all.enumerate().map(|(at, (schema, name))| {
        entity(&format!("e-{at:03}"), Schema::by_name(schema).unwrap(), &[("name", name.as_str())])
    });
    let snapshot = snapshot_of(parties);
    let queries = [
        "Pafi Tu bo Tu bo",
        "Mohammed Zar bo Zar bo",
        "Mohammed Tu bo Tu bo",
        "Zar bo Trading Zar bo",
        "Zar bo Zar bo Company",
        "Kelmagudo Pafi Kelmagudo",
        "Zarbino Mohammed Binal",
        "Binal Zarbino Mohammed",
        "Zarbino Dela Mohammed",
        "Zarbino Delos Mohammed",
    ];
    for schema in [
        Schema::thing(),
        Schema::person(),
        Schema::by_name("Organization").unwrap(),
        Schema::by_name("Vessel").unwrap(),
    ] {
        for name in queries {
            assert_law(&snapshot, &entity("query", schema, &[("name", name)]));
        }
    }
}
