//! Pairs that are one party, and pairs that are not, by class of what sets them apart (`cases/*.toml`).

use interdict_match::compare;
use interdict_model::{Entity, Schema};
use serde::Deserialize;

use super::entity;

/// A hit must score this, a miss must score less than its counterpart: the threshold of 0.7 with a margin.
const HIT: f32 = 0.71;
const MISS: f32 = 0.69;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    class: Vec<Class>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    name: String,
    schema: String,
    #[serde(default)]
    hit: Vec<(String, String)>,
    #[serde(default)]
    miss: Vec<(String, String)>,
    /// Whether pairs are judged from the first, the query, to the second only.
    #[serde(default)]
    one_way: bool,
}

fn party(id: &str, schema: Schema, text: &str) -> Entity {
    let mut fields = text.split(" | ");
    let mut values = vec![("name", fields.next().unwrap_or_default())];
    values.extend(fields.filter_map(|field| field.split_once(' ')));
    entity(id, schema, &values)
}

fn check(text: &str) -> Vec<String> {
    let file: File = toml::from_str(text).unwrap();
    let mut failures = Vec::new();
    for class in &file.class {
        let schema: Schema = Schema::by_name(&class.schema).unwrap();
        let judged = class.hit.iter().map(|pair| (pair, true)).chain(class.miss.iter().map(|pair| (pair, false)));
        for ((one, other), hit) in judged {
            let (left, right) = (party("q", schema, one), party("e", schema, other));
            let mut scores = vec![(one, other, compare(&left, &right).unwrap())];
            if !class.one_way {
                scores.push((other, one, compare(&right, &left).unwrap()));
            }
            for (query, listed, score) in scores {
                let right = if hit { score >= HIT } else { score <= MISS };
                if !right {
                    let wanted = if hit { "hit" } else { "no hit" };
                    failures.push(format!("{}: {query} ~ {listed}: {score:.3}, wanted {wanted}", class.name));
                }
            }
        }
    }
    failures
}

#[test]
fn pairs_are_judged_as_a_reader_would() {
    let files = [
        include_str!("cases/persons.toml"),
        include_str!("cases/firms.toml"),
        include_str!("cases/things.toml"),
        include_str!("cases/evasion.toml"),
    ];
    let failures: Vec<String> = files.iter().flat_map(|text| check(text)).collect();
    assert!(failures.is_empty(), "{} fail\n{}", failures.len(), failures.join("\n"));
}
