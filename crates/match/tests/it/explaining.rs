//! What a reader of an explanation sees.

use interdict_match::{Options, Query, Scratch, Screener, explain};
use interdict_model::{Entity, Schema};

use super::{entity, snapshot_of};

fn explained(query: &Entity, listed: Entity) -> String {
    let snapshot = snapshot_of([listed]);
    let query = Query::of(query);
    let mut scratch = Scratch::new();
    let options = Options { threshold: 0.0, ..Options::default() };
    let answer = Screener::new(&snapshot).screen(&query, &options, &mut scratch).unwrap();
    let why = explain(&query, &snapshot, &answer.matches[0], &mut scratch).unwrap();
    assert!((why.score - answer.matches[0].scored.score).abs() < f32::EPSILON);
    format!("{:.3}\n{}", why.score, why.lines().join("\n"))
}

#[test]
fn a_transliterated_person_with_a_missing_patronymic() {
    let query = entity("q", Schema::person(), &[("name", "Иванов Пётр Сергеевич"), ("birthDate", "1961-03-02")]);
    let listed =
        entity("e", Schema::person(), &[("name", "Petr IVANOV"), ("birthDate", "1961"), ("nationality", "ru")]);
    insta::assert_snapshot!(explained(&query, listed));
}

#[test]
fn a_firm_with_another_legal_form_and_a_number() {
    let query = entity("q", Schema::company(), &[("name", "OOO Severny Zavod 711"), ("country", "kz")]);
    let listed = entity("e", Schema::company(), &[("name", "JSC \"SEVERNYI ZAVOD 711\""), ("country", "ru")]);
    insta::assert_snapshot!(explained(&query, listed));
}

#[test]
fn an_identifier_without_a_name() {
    let query = entity("q", Schema::legal_entity(), &[("innCode", "7707083893")]);
    let listed = entity("e", Schema::company(), &[("name", "Sberbank"), ("innCode", "7707083893")]);
    insta::assert_snapshot!(explained(&query, listed));
}

#[test]
fn a_weak_alias_written_together() {
    let query = entity("q", Schema::person(), &[("name", "AlQaida Saif")]);
    let listed = entity("e", Schema::person(), &[("name", "Nobody Else"), ("weakAlias", "SAYF AL QAIDA")]);
    insta::assert_snapshot!(explained(&query, listed));
}

#[test]
fn what_is_printed_adds_up_to_the_score() {
    let listed = || {
        let values =
            [("name", "Gulbuddin Hekmatyar"), ("birthDate", "1949-08-01"), ("nationality", "af"), ("gender", "male")];
        entity("e", Schema::person(), &values)
    };
    let snapshot = snapshot_of([listed()]);
    for values in [
        &[("name", "Gulbuddin Hekmatyar"), ("birthDate", "1949-08-01"), ("country", "af")][..],
        &[("name", "Hekmatyar Gulbudin"), ("birthDate", "1949"), ("country", "pk")],
        &[("name", "Habibullah Hekmatyar"), ("birthDate", "1960-01-01"), ("gender", "female")],
        &[("name", "Gulbuddin Rabbani")],
    ] {
        let query = Query::of(&entity("q", Schema::person(), values));
        let mut scratch = Scratch::new();
        let options = Options { threshold: 0.0, exhaustive: true, ..Options::default() };
        let answer = Screener::new(&snapshot).screen(&query, &options, &mut scratch).unwrap();
        let Some(found) = answer.matches.first() else { continue };
        let why = explain(&query, &snapshot, found, &mut scratch).unwrap();
        let sum =
            why.name.as_ref().map_or(0.0, |name| name.score) + why.fields.iter().map(|field| field.points).sum::<f32>();
        assert!((sum.clamp(0.0, 1.0) - why.score).abs() < 1e-5, "{values:?}: {sum} {}", why.lines().join("\n"));
        let against = why.lines().iter().any(|line| line.contains("lacks") || line.contains("differ"));
        assert!(why.score >= 0.7 || against, "{values:?}: {}", why.lines().join("\n"));
    }
}

#[test]
fn the_points_of_a_name_add_up_to_its_score() {
    use interdict_match::CostRule::{
        Contradiction, Ends, FatherAndSon, FirstWordDiffers, FirstWordMissing, GenericSurplus, LegalForms, WeakAlias,
    };
    let person = Schema::person();
    let firm = Schema::company();
    for (schema, query, property, listed, rule) in [
        (person, "Petr Zarbini", "name", "Petr Kolvanov", Contradiction),
        (person, "Omar Zarbini Kolvan", "name", "Omar Zarbini", Ends),
        (person, "Mohamed bin Omar bin Kolvan Zarbini", "name", "Omar bin Mohamed bin Kolvan Zarbini", FatherAndSon),
        (person, "Omar Zarbino", "weakAlias", "Omar Zarbini", WeakAlias),
        (firm, "Zarbini Shipping Lines", "name", "Kolvan Trading Shipping Lines", FirstWordDiffers),
        (firm, "Zarbini Kolvanmash", "name", "Kolvanmash", FirstWordMissing),
        (
            firm,
            "Zarbini General Trading Shipping Company",
            "name",
            "Kolvan General Trading Shipping Company",
            GenericSurplus,
        ),
        (firm, "Zarbini Kolvanmash Foundation", "name", "Zarbini Kolvanmash LLC", LegalForms),
    ] {
        let snapshot = snapshot_of([entity("e", schema, &[(property, listed)])]);
        let query = Query::of(&entity("q", schema, &[("name", query)]));
        let mut scratch = Scratch::new();
        let options = Options { threshold: 0.0, exhaustive: true, ..Options::default() };
        let answer = Screener::new(&snapshot).screen(&query, &options, &mut scratch).unwrap();
        let why = explain(&query, &snapshot, &answer.matches[0], &mut scratch).unwrap();
        let name = why.name.as_ref().unwrap();
        let sum = name.ceiling + name.costs.iter().map(|cost| cost.points).sum::<f32>();
        assert!((sum - name.score).abs() < 1e-5, "{listed}: {sum} {}", why.lines().join("\n"));
        let told: Vec<_> = name.costs.iter().map(|cost| cost.rule).collect();
        assert!(told.contains(&rule), "{listed}: {told:?} {}", why.lines().join("\n"));
    }
}
