//! The queries of a batch, checked: every fault is told with its place, and nothing is guessed.
//!
//! Source: `schemas/reconciliation-query-batch.json` of versions 0.1 and 0.2.

use interdict_model::{PropertyType, Schema};
use serde_json::{Map, Value as Json, json};

use super::Refusal;
use super::schemata;
use crate::settings::Settings;
use crate::yente::example::Example;
use crate::yente::refusal::Fault;

/// A query that was understood.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Question {
    /// Its key in the batch.
    pub(super) key: String,
    /// The type that is asked.
    pub(super) schema: Schema,
    /// What it says, as an example of the schema that has its properties.
    pub(super) example: Example,
    /// Candidates that are wanted.
    pub(super) limit: usize,
    /// What was passed over.
    pub(super) warnings: Vec<String>,
}

/// Reads `queries`.
pub(super) fn batch(text: &str, settings: &Settings) -> Result<Vec<Question>, Refusal> {
    let json: Json = serde_json::from_str(text).map_err(|error| not_json("queries", text, &error))?;
    let Json::Object(members) = &json else {
        let message = "Input should be an object of queries, each under a key of its own";
        return Err(malformed(vec![Fault::new("dict_type", vec![json!("queries")], message, json)]));
    };
    if members.len() > settings.max_batch {
        return Err(Refusal::bad(format!("Too many queries in one batch (limit: {})", settings.max_batch)));
    }
    let mut reader = Reader { settings, faults: Vec::new() };
    let mut questions = Vec::with_capacity(members.len());
    for (key, query) in members {
        questions.extend(reader.question(key, query, &[json!("queries"), json!(key)])?);
    }
    reader.done(questions)
}

/// Reads `query`: an object as in a batch, or a text that is the name.
pub(super) fn one(text: &str, settings: &Settings) -> Result<Question, Refusal> {
    let is_object = text.trim_start().starts_with('{');
    let json = if is_object {
        serde_json::from_str(text).map_err(|error| not_json("query", text, &error))?
    } else {
        json!({"query": text})
    };
    let mut reader = Reader { settings, faults: Vec::new() };
    let question = reader.question("query", &json, &[json!("query")])?;
    let read = reader.done(question.into_iter().collect())?;
    read.into_iter().next().ok_or_else(|| Refusal::bad("No queries provided."))
}

/// The refusal of a parameter that is to be JSON, with as much of it as tells which it is.
pub(super) fn not_json(name: &str, text: &str, error: &serde_json::Error) -> Refusal {
    let shown: String = text.chars().take(MAX_SHOWN).collect();
    let fault = Fault::new("json_invalid", vec![json!(name)], format!("`{name}` is not JSON: {error}"), json!(shown));
    malformed(vec![fault.with(json!({"error": error.to_string()}))])
}

fn malformed(faults: Vec<Fault>) -> Refusal {
    Refusal::Malformed("The request is not of the form of the reconciliation API 0.2.", faults)
}

/// Characters that are shown of a text that is no JSON.
const MAX_SHOWN: usize = 100;

struct Reader<'s> {
    settings: &'s Settings,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn done(self, questions: Vec<Question>) -> Result<Vec<Question>, Refusal> {
        if self.faults.is_empty() { Ok(questions) } else { Err(malformed(self.faults)) }
    }

    fn fault(&mut self, kind: &'static str, place: &[Json], member: &str, message: &str, given: &Json) {
        let mut place = place.to_vec();
        if !member.is_empty() {
            place.push(json!(member));
        }
        self.faults.push(Fault::new(kind, place, message, given.clone()));
    }

    /// One query; `None` where it is none at all, which is a fault.
    fn question(&mut self, key: &str, json: &Json, place: &[Json]) -> Result<Option<Question>, Refusal> {
        let Json::Object(members) = json else {
            self.fault("dict_type", place, "", "Input should be an object with `query` or `properties`", json);
            return Ok(None);
        };
        let mut warnings = Vec::new();
        let schema = self.schema(members, place, &mut warnings)?;
        let limit = self.limit(members, place);
        let name = match members.get("query") {
            None | Some(Json::Null) => None,
            Some(Json::String(name)) => Some(name.clone()),
            Some(other) => {
                self.fault("string_type", place, "query", "Input should be a valid string", other);
                None
            }
        };
        if let Some(other) = members.get("type_strict")
            && !matches!(other.as_str(), Some("any" | "should" | "all"))
        {
            self.fault("enum", place, "type_strict", "Input should be 'any', 'should' or 'all'", other);
        }
        const KNOWN: &[&str] = &["query", "type", "limit", "properties", "type_strict"];
        for unknown in members.keys().filter(|member| !KNOWN.contains(&member.as_str())) {
            warnings.push(format!("a query has no member `{unknown}`; it was passed over"));
        }
        let mut example = Example { schema: schema.name().to_owned(), ..Example::default() };
        example.properties.extend(name.map(|name| ("name".to_owned(), vec![name])));
        let properties = members.get("properties").filter(|properties| !properties.is_null());
        self.properties(properties, place, &mut example, schema, &mut warnings);
        let says_something = members.contains_key("query")
            || properties.and_then(Json::as_array).is_some_and(|properties| !properties.is_empty());
        if !says_something {
            self.fault("missing", place, "query", "A query needs `query`, or `properties` that are not empty", json);
        }
        Ok(Some(Question { key: key.to_owned(), schema, example, limit, warnings }))
    }

    fn schema(
        &mut self,
        members: &Map<String, Json>,
        place: &[Json],
        warnings: &mut Vec<String>,
    ) -> Result<Schema, Refusal> {
        let name = match members.get("type") {
            None | Some(Json::Null) => return Ok(Schema::thing()),
            Some(Json::String(name)) => Some(name),
            Some(Json::Array(names)) => {
                if names.len() > 1 {
                    warnings.push("several types are given; the first is asked".to_owned());
                }
                match names.first() {
                    None => return Ok(Schema::thing()),
                    Some(Json::String(name)) => Some(name),
                    Some(_) => None,
                }
            }
            Some(_) => None,
        };
        let Some(name) = name else {
            let given = members.get("type").unwrap_or(&Json::Null);
            self.fault("string_type", place, "type", "Input should be a valid string or a list of strings", given);
            return Ok(Schema::thing());
        };
        Schema::by_name(name).ok_or_else(|| Refusal::bad(format!("Unknown schema: '{name}'")))
    }

    fn limit(&mut self, members: &Map<String, Json>, place: &[Json]) -> usize {
        let most = self.settings.max_matches.max(0);
        let limit = match members.get("limit") {
            None | Some(Json::Null) => self.settings.match_page,
            Some(given) => {
                // Forms send numbers as text, and pydantic takes them so.
                let number = given.as_f64().or_else(|| given.as_str()?.trim().parse().ok());
                let whole = number.filter(|number| number.fract() == 0.0);
                if whole.is_none() {
                    self.fault("int_type", place, "limit", "Input should be a valid integer", given);
                }
                whole.unwrap_or_default().clamp(0.0, most as f64) as i64
            }
        };
        usize::try_from(limit.clamp(0, most)).unwrap_or_default()
    }

    fn properties(
        &mut self,
        given: Option<&Json>,
        place: &[Json],
        example: &mut Example,
        asked: Schema,
        warnings: &mut Vec<String>,
    ) {
        let items = match given {
            None => return,
            Some(Json::Array(items)) => items,
            Some(other) => return self.fault("list_type", place, "properties", "Input should be a valid list", other),
        };
        let mut carrier = asked;
        for (at, item) in items.iter().enumerate() {
            let place: Vec<Json> = place.iter().cloned().chain([json!("properties"), json!(at)]).collect();
            let Some(Json::String(pid)) = item.get("pid") else {
                self.fault(
                    "string_type",
                    &place,
                    "pid",
                    "Input should be a property id such as `Person:birthDate`",
                    item,
                );
                continue;
            };
            let Some(value) = item.get("v") else {
                self.fault("missing", &place, "v", "Field required: a value or a list of values", item);
                continue;
            };
            let mut texts = Vec::new();
            self.texts(value, &place, &mut texts);
            let Some((schema, property)) = schemata::property(pid) else {
                warnings.push(format!("there is no property `{pid}`; it was passed over"));
                continue;
            };
            if property.kind() == PropertyType::Entity {
                warnings.push(format!("`{pid}` names other entities, which are not compared; it was passed over"));
                continue;
            }
            // A birth date says that whoever is asked for is a person if it is listed as one; all that was asked for stays asked.
            if carrier.property(property.name()).is_none() && schema.is_a(carrier) && schema.matchable() {
                carrier = schema;
            }
            match example.properties.iter_mut().find(|(name, _)| name == property.name()) {
                Some((_, values)) => values.extend(texts),
                None => example.properties.push((property.name().to_owned(), texts)),
            }
        }
        carrier.name().clone_into(&mut example.schema);
    }

    /// The texts of a value: a text, a number, yes or no, an entity that was reconciled already, or a list of those.
    fn texts(&mut self, value: &Json, place: &[Json], texts: &mut Vec<String>) {
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for item in items {
            match item {
                Json::String(text) => texts.push(text.clone()),
                Json::Number(_) | Json::Bool(_) => texts.push(item.to_string()),
                Json::Object(members) => match members.get("id").and_then(Json::as_str) {
                    Some(id) => texts.push(id.to_owned()),
                    None => self.fault("missing", place, "v", "An entity as a value needs `id`", item),
                },
                Json::Null | Json::Array(_) => {
                    let message =
                        "Input should be a string, a number, a boolean, an entity with `id`, or a list of those";
                    self.fault("value_type", place, "v", message, item);
                }
            }
        }
    }
}
