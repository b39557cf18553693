//! More agreement never lowers a score, more contradiction never raises it.

use interdict_match::compare;
use interdict_model::{Entity, Schema};
use proptest::prelude::*;

use super::entity;

const GIVEN: [&str; 8] = ["Qasem", "Yevgeny", "Nicolas", "Muhammad", "Ivan", "Li", "Ramzan", "Gulbuddin"];
const FAMILY: [&str; 8] = ["Soleimani", "Prigozhin", "Maduro", "al-Zarqawi", "Petrov", "Wei", "Kadyrov", "Hekmatyar"];
const WORDS: [&str; 8] = ["Rosneft", "Bank", "Shipping", "Trading", "Kometa", "Zagros", "Institute", "711"];

/// A word, spelt alike, with letters wrong, and another one: less and less alike.
const LADDERS: [[&str; 4]; 4] = [
    ["Muhammad", "Mohammed", "Muhammgd", "Viktor"],
    ["Hussein", "Husayn", "Hxssein", "Oleg"],
    ["Yevgeny", "Evgenii", "Yevgenz", "Bahram"],
    ["Abdul", "Abdel", "Abdol", "Kwame"],
];

/// What rounding may do to a sum of a few `f32`.
const ROUNDING: f32 = 1e-5;

fn score(schema: Schema, query: &[(&str, &str)], listed: &[(&str, &str)]) -> f32 {
    let of = |id: &str, values: &[(&str, &str)]| -> Entity { entity(id, schema, values) };
    compare(&of("q", query), &of("e", listed)).unwrap()
}

fn pick(words: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    proptest::sample::select(words)
}

/// A name of a person or firm, with what the list and a query call it.
fn names() -> impl Strategy<Value = (Schema, String, String)> {
    let person = (pick(&GIVEN), pick(&GIVEN), pick(&FAMILY), pick(&FAMILY), any::<bool>()).prop_map(
        |(one, other, family, another, same)| {
            let family_there = if same { family } else { another };
            (Schema::person(), format!("{one} {family}"), format!("{one} {other} {family_there}"))
        },
    );
    let words = || proptest::collection::vec(pick(&WORDS), 1..4);
    let firm = (words(), words()).prop_map(|(one, other)| {
        (Schema::company(), format!("Almaz {}", one.join(" ")), format!("Almaz {}", other.join(" ")))
    });
    prop_oneof![person, firm]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn fields_that_agree_never_lower_and_fields_that_contradict_never_raise((schema, query, listed) in names()) {
        let is_person = schema == Schema::person();
        let date = if is_person { "birthDate" } else { "incorporationDate" };
        let id = if is_person { "passportNumber" } else { "innCode" };
        // An INN with good check digits, and another.
        let (number, other) = if is_person { ("AB1234567", "XY7654321") } else { ("7707083893", "7736050003") };
        let row = [
            (date, "1961-03-02", "1974-11-20"),
            ("country", "ir", "br"),
            (id, number, other),
            ("address", "12 Valiasr Street, Tehran 15119", "5 Rua Augusta, Sao Paulo 01304"),
        ];
        let mut known = vec![("name", listed.as_str())];
        known.extend(row.iter().map(|(property, agreeing, _)| (*property, *agreeing)));
        let mut asked = vec![("name", query.as_str())];
        for (property, agreeing, contradicting) in row {
            let silent = score(schema, &asked, &known);
            asked.push((property, contradicting));
            let against = score(schema, &asked, &known);
            asked.pop();
            asked.push((property, agreeing));
            let agreed = score(schema, &asked, &known);
            prop_assert!((0.0..=1.0).contains(&agreed) && (0.0..=1.0).contains(&against));
            prop_assert!(agreed >= silent - ROUNDING, "{property}: {silent} {agreed}");
            prop_assert!(against <= silent + ROUNDING, "{property} against: {silent} {against}");
        }
    }

    #[test]
    fn a_word_less_alike_never_raises(ladder in 0usize..4, family in pick(&FAMILY), more in pick(&GIVEN), three: bool) {
        let rest = if three { format!("{more} {family}") } else { family.to_owned() };
        let listed = format!("{} {rest}", LADDERS[ladder][0]);
        let scores: Vec<f32> = LADDERS[ladder]
            .iter()
            .map(|word| score(Schema::person(), &[("name", &format!("{word} {rest}"))], &[("name", &listed)]))
            .collect();
        prop_assert!(scores.windows(2).all(|pair| pair[0] >= pair[1] - ROUNDING), "{listed}: {scores:?}");
    }

    #[test]
    fn a_missing_word_costs_no_more_than_a_contradicting_one((schema, query, listed) in names(), stranger in 0usize..2) {
        // In the place of the query's last word stands nothing, or a word that is like none of the list's.
        let stranger = ["Xolotzin", "Wumpjak"][stranger];
        let mut words: Vec<&str> = query.split(' ').collect();
        words.pop();
        let without = words.join(" ");
        words.push(stranger);
        let with = words.join(" ");
        let of = |name: &str| score(schema, &[("name", name)], &[("name", &listed)]);
        prop_assert!(of(&with) <= of(&without) + ROUNDING, "{with} ~ {listed}: {} {}", of(&with), of(&without));
        // What contradicts on both sides besides costs more still.
        let both = score(schema, &[("name", &with)], &[("name", &format!("{listed} Qyrbhaz"))]);
        prop_assert!(both <= of(&with) + ROUNDING, "{with} ~ {listed} Qyrbhaz: {both} {}", of(&with));
    }

    #[test]
    fn a_word_of_the_listed_name_more_never_lowers((schema, _, listed) in names(), lacking in 0usize..4) {
        let words: Vec<&str> = listed.split(' ').collect();
        let lacking = lacking % words.len();
        let of = |words: &[&str]| score(schema, &[("name", &words.join(" "))], &[("name", &listed)]);
        let without: Vec<&str> = words.iter().enumerate().filter(|(at, _)| *at != lacking).map(|(_, word)| *word).collect();
        prop_assume!(!without.is_empty());
        prop_assert!(of(&words) >= of(&without) - ROUNDING, "{without:?} ~ {listed}: {} {}", of(&without), of(&words));
    }

    #[test]
    fn equal_names_reach_the_floor_and_are_beaten_by_rarer_ones_with_fields((schema, name, _) in names()) {
        let same = score(schema, &[("name", &name)], &[("name", &name)]);
        prop_assert!((0.75..=0.96).contains(&same), "{name}: {same}");
        let fields = [("name", name.as_str()), ("country", "ir")];
        prop_assert!(score(schema, &fields, &fields) > same);
    }

    #[test]
    fn of_names_of_equal_length_neither_direction_is_far_from_the_other((schema, one, other) in names()) {
        let there = score(schema, &[("name", &one)], &[("name", &other)]);
        let back = score(schema, &[("name", &other)], &[("name", &one)]);
        // What the query has over costs more than what the list has over; what meets weighs by the query's words.
        // A word that follows itself counts once in a query, twice on a list: such names are not of equal length.
        let repeats = |name: &str| name.split(' ').zip(name.split(' ').skip(1)).any(|(one, next)| one == next);
        if one.split(' ').count() == other.split(' ').count() && !repeats(&one) && !repeats(&other) {
            prop_assert!((there - back).abs() < 0.1, "{one} ~ {other}: {there} {back}");
        }
    }
}

#[test]
fn a_common_name_is_less_sure_than_a_rare_one_and_that_than_one_with_fields() {
    let person = |name: &str| score(Schema::person(), &[("name", name)], &[("name", name)]);
    let rare = [("name", "Gulbuddin Hekmatyar"), ("birthDate", "1949-08-01"), ("country", "af")];
    let row = [person("Mohammed Ali"), person("Gulbuddin Hekmatyar"), score(Schema::person(), &rare, &rare)];
    assert!(row.windows(2).all(|pair| pair[0] + 0.02 < pair[1]), "{row:?}");
}
