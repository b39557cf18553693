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
