//! The model against the published facts and files, where they are at hand.

use std::path::PathBuf;

use interdict_model::{Entity, ListId, Origin, Schema};
use serde_json::Value as Json;

fn shared(path: &str) -> Option<PathBuf> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(path);
    if file.exists() {
        return Some(file);
    }
    eprintln!("skipped: ../shared is not there");
    None
}

#[test]
fn shared_ftm_model_agrees() {
    let Some(file) = shared("samples/contracts/ftm_model.json") else { return };
    let facts: Json = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(facts["generated_from"], format!("followthemoney {}", interdict_model::FTM_VERSION));
    let schemata = facts["schemata"].as_object().unwrap();
    assert_eq!(schemata.len(), Schema::all().count());
    let names =
        |json: &Json| json.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let mut faults = Vec::new();
    for (name, facts) in schemata {
        let schema = Schema::by_name(name).unwrap();
        let mut ancestors: Vec<_> = schema.ancestors().map(|schema| schema.name().to_owned()).collect();
        let mut expected = names(&facts["ancestors"]);
        if !expected.contains(name) {
            expected.push(name.clone());
        }
        ancestors.sort();
        expected.sort();
        if ancestors != expected {
            faults.push(format!("{name}: ancestors {ancestors:?}, expected {expected:?}"));
        }
        if schema.featured() != names(&facts["featured"]) || schema.caption() != names(&facts["caption"]) {
            faults.push(format!("{name}: featured or caption"));
        }
        let mut matchable: Vec<_> =
            Schema::all().filter(|other| schema.can_match(*other)).map(|other| other.name().to_owned()).collect();
        matchable.sort();
        let mut expected = names(&facts["matchable_with"]);
        expected.sort();
        if facts["matchable"].as_bool().unwrap() && matchable != expected {
            faults.push(format!("{name}: matchable with {matchable:?}, expected {expected:?}"));
        }
        let properties = facts["properties"].as_object().unwrap();
        if properties.len() != schema.properties().count() {
            faults.push(format!("{name}: {} properties, expected {}", schema.properties().count(), properties.len()));
        }
        for (property, facts) in properties {
            match schema.property(property) {
                None => faults.push(format!("{name}.{property} is missing")),
                Some(known) => {
                    let kind = interdict_model::PropertyType::parse(facts["type"].as_str().unwrap()).unwrap();
                    if known.kind() != kind || known.matchable() != facts["matchable"].as_bool().unwrap_or(false) {
                        faults.push(format!("{name}.{property}: type or matchable"));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn shared_ftm_files_survive_reading_and_writing() {
    let mut n_entities = 0;
    for name in ["sa_wiki_peps_v2.entities.ftm.json", "t1.entities.ftm.json", "zala.entities.ftm.json"] {
        let Some(file) = shared(&format!("lists/ftm/{name}")) else { return };
        let text = std::fs::read_to_string(file).unwrap();
        let origin = Origin::new(ListId::new("ftm").unwrap(), "1", "1");
        for line in text.lines() {
            let mut given: Json = serde_json::from_str(line).unwrap();
            let entities = Entity::from_ftm(line, &origin).unwrap();
            assert_eq!(entities.len(), 1);
            let mut written = entities[0].to_ftm();
            // A member that was absent may come out empty; what was there must be the same.
            for member in ["referents", "datasets", "caption"] {
                if given.get(member).is_none() {
                    written.as_object_mut().unwrap().shift_remove(member);
                }
            }
            let properties = given["properties"].as_object_mut().unwrap();
            let schema = entities[0].schema;
            for (_, value) in properties.iter_mut().filter(|(name, _)| schema.property(name).is_some()) {
                if value.is_string() {
                    *value = Json::Array(vec![value.clone()]);
                }
                // A value that is empty or stands twice says nothing more.
                if let Some(values) = value.as_array_mut() {
                    let mut kept: Vec<Json> = Vec::new();
                    values.retain(|value| {
                        value != "" && !kept.contains(value) && {
                            kept.push(value.clone());
                            true
                        }
                    });
                }
            }
            properties.retain(|name, values| {
                schema.property(name).is_none() || values.as_array().is_none_or(|values| !values.is_empty())
            });
            if let (Some(given), Some(written)) = (given["datasets"].as_array_mut(), written["datasets"].as_array_mut())
            {
                given.sort_by_key(ToString::to_string);
                written.sort_by_key(ToString::to_string);
            }
            for (member, value) in given.as_object().unwrap() {
                if member != "properties" {
                    assert_eq!(&written[member], value, "{name}: {member}");
                }
            }
            for (property, values) in given["properties"].as_object().unwrap() {
                assert_eq!(&written["properties"][property], values, "{name}: {property}");
            }
            assert_eq!(written, given, "{name}");
            assert_eq!(Entity::from_json(entities[0].to_json().to_string().as_bytes()).unwrap(), entities[0]);
            n_entities += 1;
        }
    }
    assert_eq!(n_entities, 1565 + 7 + 91, "entities in the three files");
}
