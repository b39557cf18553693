//! The body of `/match`: examples of entities, checked as pydantic checks yente's models.
//!
//! Invariant: every fault is told with its place in the body; nothing is guessed.

use serde_json::{Map, Value as Json, json};

use super::refusal::Fault;
#[cfg(test)]
use super::refusal::Refusal;

/// A body that was understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct MatchBody {
    /// Coefficients of features, by name.
    pub(crate) weights: Vec<(String, f64)>,
    /// Settings of the algorithm, by name.
    pub(crate) config: Vec<(String, Json)>,
    /// The examples in the order of the body.
    pub(crate) queries: Vec<(String, Example)>,
}

/// One example.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Example {
    /// The caller's id, only ever given back.
    pub(crate) id: Option<String>,
    /// The name of its schema.
    pub(crate) schema: String,
    /// Values as text, by property, in the order of the body.
    pub(crate) properties: Vec<(String, Vec<String>)>,
}

/// Faults after which no more of a body is looked at, and weights or settings that are: a fault takes some hundred times the room of what
/// is at fault.
const MAX_FAULTS: usize = 1000;

/// Reads the body of `/match`.
pub(crate) fn read(bytes: &[u8], faults: &mut Vec<Fault>) -> MatchBody {
    let mut body = MatchBody::default();
    if bytes.is_empty() {
        faults.push(missing(vec![json!("body")], Json::Null));
        return body;
    }
    let json: Json = match serde_json::from_slice(bytes) {
        Ok(json) => json,
        Err(error) => {
            faults.push(not_json(bytes, &error));
            return body;
        }
    };
    let root = vec![json!("body")];
    let Some(members) = object(&json, &root, faults) else { return body };
    if let Some(weights) = members.get("weights").and_then(|weights| map(weights, &at(&root, "weights"), faults)) {
        body.weights = weights
            .iter()
            .take(MAX_FAULTS)
            .filter_map(|(name, weight)| Some((name.clone(), number(weight, &at2(&root, "weights", name), faults)?)))
            .collect();
    }
    if let Some(config) = members.get("config").and_then(|config| map(config, &at(&root, "config"), faults)) {
        for (name, value) in config.iter().take(MAX_FAULTS) {
            if value.is_object() || value.is_array() {
                let message = "Input should be a valid string";
                faults.push(Fault::new("string_type", at2(&root, "config", name), message, value.clone()));
            }
            body.config.push((name.clone(), value.clone()));
        }
    }
    match members.get("queries") {
        None => faults.push(missing(at(&root, "queries"), json.clone())),
        Some(queries) => {
            for (key, query) in map(queries, &at(&root, "queries"), faults).into_iter().flatten() {
                if faults.len() >= MAX_FAULTS {
                    break;
                }
                let place = at2(&root, "queries", key);
                body.queries.push((key.clone(), example(query, &place, faults)));
            }
        }
    }
    body
}

fn example(json: &Json, place: &[Json], faults: &mut Vec<Fault>) -> Example {
    let mut example = Example::default();
    let Some(members) = object(json, place, faults) else { return example };
    match members.get("id") {
        None | Some(Json::Null) => {}
        Some(Json::String(id)) => example.id = Some(id.clone()),
        Some(other) => faults.push(not_text(at(place, "id"), other)),
    }
    match members.get("schema") {
        Some(Json::String(schema)) => example.schema.clone_from(schema),
        Some(other) => faults.push(not_text(at(place, "schema"), other)),
        None => faults.push(missing(at(place, "schema"), json.clone())),
    }
    let place = at(place, "properties");
    let Some(properties) = members.get("properties") else {
        faults.push(missing(place, json.clone()));
        return example;
    };
    for (name, value) in map(properties, &place, faults).into_iter().flatten() {
        if faults.len() >= MAX_FAULTS {
            break;
        }
        let place = at(&place, name);
        match value {
            Json::String(text) => example.properties.push((name.clone(), vec![text.clone()])),
            Json::Array(items) => {
                example.properties.push((name.clone(), items.iter().filter_map(text_of).collect()));
            }
            other => {
                // Neither of the two forms fits, and both say so.
                faults.push(not_text(at(&place, "str"), other));
                let message = "Input should be a valid list";
                faults.push(Fault::new("list_type", at(&place, "list[any]"), message, other.clone()));
            }
        }
    }
    example
}

/// An item of a list of values as text.
fn text_of(item: &Json) -> Option<String> {
    match item {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// The fault of a body that does not say to be JSON.
pub(crate) fn not_an_object(bytes: &[u8]) -> Fault {
    let message = "Input should be a valid dictionary or object to extract fields from";
    Fault::new("model_attributes_type", vec![json!("body")], message, json!(String::from_utf8_lossy(bytes)))
}

fn object<'a>(json: &'a Json, place: &[Json], faults: &mut Vec<Fault>) -> Option<&'a Map<String, Json>> {
    if let Json::Object(members) = json {
        return Some(members);
    }
    let message = "Input should be a valid dictionary or object to extract fields from";
    faults.push(Fault::new("model_attributes_type", place.to_vec(), message, json.clone()));
    None
}

fn map<'a>(json: &'a Json, place: &[Json], faults: &mut Vec<Fault>) -> Option<&'a Map<String, Json>> {
    if let Json::Object(members) = json {
        return Some(members);
    }
    faults.push(Fault::new("dict_type", place.to_vec(), "Input should be a valid dictionary", json.clone()));
    None
}

fn number(json: &Json, place: &[Json], faults: &mut Vec<Fault>) -> Option<f64> {
    let number = match json {
        Json::Number(number) => number.as_f64(),
        Json::Bool(yes) => Some(f64::from(u8::from(*yes))),
        Json::String(text) => {
            let Ok(number) = text.trim().parse() else {
                let message = "Input should be a valid number, unable to parse string as a number";
                faults.push(Fault::new("float_parsing", place.to_vec(), message, json.clone()));
                return None;
            };
            Some(number)
        }
        _ => None,
    };
    if number.is_none() {
        faults.push(Fault::new("float_type", place.to_vec(), "Input should be a valid number", json.clone()));
    }
    number
}

fn not_text(place: Vec<Json>, given: &Json) -> Fault {
    Fault::new("string_type", place, "Input should be a valid string", given.clone())
}

fn missing(place: Vec<Json>, given: Json) -> Fault {
    Fault::new("missing", place, "Field required", given)
}

/// The fault of a text that is no JSON, with the number of characters before it.
fn not_json(bytes: &[u8], error: &serde_json::Error) -> Fault {
    let before: usize =
        bytes.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1)).map(<[u8]>::len).sum();
    let position = (before + error.column()).saturating_sub(1);
    let said = error.to_string();
    let reason = said.split(" at line ").next().unwrap_or_default();
    Fault::new("json_invalid", vec![json!("body"), json!(position)], "JSON decode error", json!({}))
        .with(json!({"error": reason}))
}

fn at(place: &[Json], name: &str) -> Vec<Json> {
    let mut place = place.to_vec();
    place.push(json!(name));
    place
}

fn at2(place: &[Json], name: &str, key: &str) -> Vec<Json> {
    at(&at(place, name), key)
}

/// Reads a body, or refuses it with all that is wrong in it.
#[cfg(test)]
fn read_whole(text: &str) -> Result<MatchBody, Refusal> {
    let mut faults = Vec::new();
    let body = read(text.as_bytes(), &mut faults);
    if faults.is_empty() { Ok(body) } else { Err(Refusal::Invalid(faults)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kinds and places of what is wrong with a body.
    fn faults(text: &str) -> Vec<String> {
        match read_whole(text) {
            Err(Refusal::Invalid(faults)) => {
                faults.iter().map(|fault| format!("{} {}", fault.kind, json!(fault.place))).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn values_may_be_texts_or_lists_of_anything() {
        let body = read_whole(r#"{"queries":{"a":{"id":"7","schema":"Person","properties":{"name":"A","birthDate":[1970,null,"1971"]},"x":1}},"y":2}"#).unwrap();
        let (key, example) = &body.queries[0];
        assert_eq!((key.as_str(), example.id.as_deref(), example.schema.as_str()), ("a", Some("7"), "Person"));
        assert_eq!(example.properties[1], ("birthDate".to_owned(), vec!["1970".to_owned(), "1971".to_owned()]));
    }

    #[test]
    fn faults_are_told_with_their_places() {
        for (text, told) in [
            ("", vec![r#"missing ["body"]"#]),
            ("{", vec![r#"json_invalid ["body",0]"#]),
            ("[]", vec![r#"model_attributes_type ["body"]"#]),
            ("{}", vec![r#"missing ["body","queries"]"#]),
            (r#"{"queries":[]}"#, vec![r#"dict_type ["body","queries"]"#]),
            (
                r#"{"queries":{"a":{"properties":{"name":7}},"b":null}}"#,
                vec![
                    r#"missing ["body","queries","a","schema"]"#,
                    r#"string_type ["body","queries","a","properties","name","str"]"#,
                    r#"list_type ["body","queries","a","properties","name","list[any]"]"#,
                    r#"model_attributes_type ["body","queries","b"]"#,
                ],
            ),
            (r#"{"queries":{},"weights":{"w":"x"}}"#, vec![r#"float_parsing ["body","weights","w"]"#]),
        ] {
            assert_eq!(faults(text), told, "{text}");
        }
    }
}
