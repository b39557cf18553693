//! What the other fields do to a score.

use interdict_match::compare;
use interdict_model::Schema;

use super::{entity, screen, snapshot_of, told};

fn score(query: &[(&str, &str)], listed: &[(&str, &str)]) -> f32 {
    compare(&entity("q", Schema::person(), query), &entity("e", Schema::person(), listed)).unwrap()
}

#[test]
fn agreement_adds_and_contradiction_takes() {
    let listed =
        [("name", "Ivanov Petr Sergeevich"), ("birthDate", "1961-03-02"), ("nationality", "ru"), ("gender", "male")];
    let name = ("name", "Ivanov Petr Sergeevich");
    let bare = score(&[name], &listed);
    let row = [
        score(&[name, ("birthDate", "1961-03-02"), ("country", "ru")], &listed),
        score(&[name, ("birthDate", "1961-03-02")], &listed),
        score(&[name, ("birthDate", "1961")], &listed),
        bare,
        score(&[name, ("country", "br")], &listed),
        score(&[name, ("gender", "female")], &listed),
        score(&[name, ("birthDate", "1984-07-11")], &listed),
        score(&[name, ("birthDate", "1984-07-11"), ("country", "br"), ("gender", "female")], &listed),
    ];
    assert!(row.windows(2).all(|pair| pair[0] > pair[1]), "{row:?}");
    assert!(bare >= 0.75 && row[7] < 0.7, "{row:?}");
}

#[test]
fn equal_whole_names_always_alert() {
    for (schema, name) in [
        (Schema::person(), "Mohammed Ali"),
        (Schema::person(), "Li Wei"),
        (Schema::person(), "김정은"),
        (Schema::company(), "Trading Company"),
        (Schema::company(), "711"),
        (Schema::company(), "P.AD Ltd."),
        (Schema::vessel(), "STAR"),
    ] {
        let one = entity("q", schema, &[("name", name)]);
        let score = compare(&one, &entity("e", schema, &[("name", name)])).unwrap();
        assert!(score >= 0.75, "{name}: {score}");
    }
    let single = entity("q", Schema::person(), &[("name", "Abdullah")]);
    assert!(compare(&single, &entity("e", Schema::person(), &[("weakAlias", "ABDULLAH")])).unwrap() >= 0.7);
}

#[test]
fn a_number_with_good_check_digits_settles_it_and_a_bad_one_does_not() {
    let firm = |id: &str, name: &str, inn: &str| entity(id, Schema::company(), &[("name", name), ("innCode", inn)]);
    let good = compare(&firm("q", "Romashka", "7707083893"), &firm("e", "Sberbank", "7707083893")).unwrap();
    let bad = compare(&firm("q", "Romashka", "7707083890"), &firm("e", "Sberbank", "7707083890")).unwrap();
    let other = compare(&firm("q", "Sberbank", "7736050003"), &firm("e", "Sberbank", "7707083893")).unwrap();
    let silent =
        compare(&entity("q", Schema::company(), &[("name", "Sberbank")]), &firm("e", "Sberbank", "7707083893"))
            .unwrap();
    assert!(good >= 0.95 && bad < 0.8, "{good} {bad}");
    assert!(other < silent, "{other} {silent}");
}

#[test]
fn a_number_alone_finds_its_holder_whatever_property_it_stands_on() {
    let snapshot = snapshot_of([
        entity("p", Schema::person(), &[("name", "Ivanov Petr"), ("passportNumber", "AB 1234567")]),
        entity(
            "w",
            Schema::crypto_wallet(),
            &[("publicKey", "0x7F367cC41522cE07553e823bf3be79A889DEbe1B"), ("holder", "p")],
        ),
    ]);
    let by = |schema: Schema, property: &str, value: &str| {
        let query = entity("query", schema, &[(property, value)]);
        told(&snapshot, &screen(&snapshot, &query, 0.7, false)).into_iter().map(|(id, _)| id).collect::<Vec<_>>()
    };
    assert_eq!(by(Schema::person(), "idNumber", "ab1234567"), ["p"]);
    assert_eq!(by(Schema::crypto_wallet(), "publicKey", "0x7f367cc41522ce07553e823bf3be79a889debe1b"), ["w"]);
    let thing = entity("query", Schema::legal_entity(), &[("registrationNumber", "AB1234567")]);
    assert_eq!(told(&snapshot, &screen(&snapshot, &thing, 0.7, false)).len(), 1);
}

#[test]
fn schemata_that_cannot_be_one_party_score_nothing() {
    let person = entity("q", Schema::person(), &[("name", "Ocean Star")]);
    assert!(compare(&person, &entity("e", Schema::vessel(), &[("name", "Ocean Star")])).unwrap() <= 0.0);
    assert!(compare(&person, &entity("e", Schema::legal_entity(), &[("name", "Ocean Star")])).unwrap() >= 0.75);
}

#[test]
fn an_address_confirms_by_the_words_that_tell() {
    let listed = [("name", "Petr Ivanov"), ("address", "ul. Lenina 12, 620014 Yekaterinburg, Sverdlovsk oblast")];
    let at = |address: &str| score(&[("name", "Petr Ivanov"), ("address", address)], &listed);
    let silent = score(&[("name", "Petr Ivanov")], &listed);
    let row = [
        at("620014 Yekaterinburg, Lenina street 12"),
        at("Mira street 7, Yekaterinburg"),
        at("Main street, building 12345, Springfield city"),
        silent,
    ];
    assert!(row[0] > row[1] && row[1] > row[2] && row[2] <= row[3] + f32::EPSILON, "{row:?}");
    let nobody = score(&[("name", "Qasem Haddad"), ("address", listed[1].1)], &listed);
    assert!(nobody < 0.5, "{nobody}");
    let strasse = |address: &str, there: &str| {
        score(&[("name", "Petr Ivanov"), ("address", address)], &[("name", "Petr Ivanov"), ("address", there)])
    };
    assert!(strasse("Hauptstr. 77, 10827 Berlin", "Berlin 10827, Hauptstrasse 77") > silent + 0.02);
}

#[test]
fn what_stands_where_there_is_no_number_is_none() {
    for nothing in
        ["unknown", "expired", "see remarks", "Iran", "A0000000", "0000000", "XXXXXXX", "1234567890", "неизвестно"]
    {
        let one = [("name", "Petr Kolvanov"), ("passportNumber", nothing)];
        let other = [("name", "Omar Zarbini"), ("passportNumber", nothing)];
        let alike = score(&one, &other);
        assert!(alike < 0.3, "{nothing}: {alike}");
    }
}

#[test]
fn a_number_that_nothing_vouches_for_is_outweighed_by_what_contradicts() {
    let listed = [
        ("name", "Omar Zarbini"),
        ("passportNumber", "A1234577"),
        ("birthDate", "1961-03-02"),
        ("nationality", "ir"),
        ("gender", "male"),
    ];
    let number = ("passportNumber", "A1234577");
    let stranger = ("name", "Kristina Lindqvist");
    let row = [
        score(&[("name", "Omar Zarbini"), number], &listed),
        score(&[stranger, number], &listed),
        score(&[stranger, number, ("nationality", "se")], &listed),
        score(&[stranger, number, ("nationality", "se"), ("birthDate", "1990-11-20"), ("gender", "female")], &listed),
    ];
    assert!(row.windows(2).all(|pair| pair[0] > pair[1]), "{row:?}");
    assert!(row[2] > 0.85 && row[3] < 0.7, "{row:?}");
}

#[test]
fn one_number_is_equal_however_it_is_written() {
    let firm = |property, number| entity("e", Schema::company(), &[("name", "Zarbinov"), (property, number)]);
    for (property, one, other) in [
        ("innCode", "ИНН 7707083893", "7707083893"),
        ("swiftBic", "DEUTDEFFXXX", "DEUT DE FF"),
        ("leiCode", "LEI: 529900T8BM49AURSDO55", "529900T8BM49AURSDO55"),
    ] {
        let found = compare(&firm(property, one), &firm(property, other)).unwrap();
        assert!(found > 0.9, "{property} {one} {other}: {found}");
    }
}
