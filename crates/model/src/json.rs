//! FollowTheMoney JSON, as OpenSanctions publishes it, and our own form of it that keeps origins.
//!
//! [`Entity::from_ftm`] reads one entity, flat or with adjacent entities nested in its properties; [`Entity::to_ftm`] writes
//! it. Our own form ([`Entity::to_json`], [`Entity::from_json`]) adds a member `origins`: the distinct origins and, where
//! there are several, the index of each value's origin. Dates keep their range and *circa* there; FtM has neither.

use std::collections::HashSet;

use serde_json::{Map, Value as Json, json};

use crate::date::DateSpan;
use crate::entity::{Entity, Value};
use crate::list::ListId;
use crate::origin::Origin;
use crate::property::PropertyType;
use crate::schema::Schema;

/// How deep nested entities are followed; OpenSanctions nests three levels.
const MAX_NESTING: usize = 8;

/// A JSON text is no entity.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EntityJsonError {
    /// It is not JSON, or its objects are nested too deeply for the parser.
    #[error("not JSON: {0}")]
    Syntax(#[source] serde_json::Error),
    /// A member is missing or of the wrong kind.
    #[error("member `{member}`: expected {expected}")]
    Member {
        /// The member at fault.
        member: String,
        /// What it should be.
        expected: &'static str,
    },
    /// The schema is not one of FollowTheMoney.
    #[error("member `schema`: {name:?} is not a schema of FollowTheMoney {version}", version = crate::FTM_VERSION)]
    Schema {
        /// What was given.
        name: String,
    },
}

impl EntityJsonError {
    fn member(member: &str, expected: &'static str) -> EntityJsonError {
        EntityJsonError::Member { member: member.to_owned(), expected }
    }
}

impl Entity {
    /// Reads an entity in FtM JSON; values get `origin`. Nested entities are returned behind it, each pointing to or
    /// pointed to by id, as in the flat form.
    pub fn from_ftm(text: &str, origin: &Origin) -> Result<Vec<Entity>, EntityJsonError> {
        let json = serde_json::from_str(text).map_err(EntityJsonError::Syntax)?;
        Entity::from_ftm_value(&json, origin)
    }

    /// As [`Entity::from_ftm`], of parsed JSON.
    pub fn from_ftm_value(json: &Json, origin: &Origin) -> Result<Vec<Entity>, EntityJsonError> {
        let mut found = Vec::new();
        read_ftm(json, origin, 0, &mut found)?;
        Ok(found)
    }

    /// The entity as flat FtM JSON: `id`, `caption`, `schema`, `properties`, `datasets`, `referents`, then what it was read
    /// with. Ranges of dates become the dates that FtM has.
    pub fn to_ftm(&self) -> Json {
        let mut properties = Map::new();
        for (property, values) in self.properties() {
            let texts: Vec<Json> = if property.kind() == PropertyType::Date {
                let spans = values.iter().flat_map(|value| {
                    DateSpan::parse(&value.text).map_or_else(|_| vec![value.text.to_string()], DateSpan::to_ftm)
                });
                let mut known = HashSet::new();
                spans.filter(|date| known.insert(date.clone())).map(Json::String).collect()
            } else {
                values.iter().map(|value| Json::String(value.text.to_string())).collect()
            };
            properties.insert(property.name().to_owned(), Json::Array(texts));
        }
        properties.extend(self.unknown_properties.clone());
        self.envelope(properties)
    }

    /// The entity with all origins, for a snapshot.
    pub fn to_json(&self) -> Json {
        let origins: Vec<&Origin> = self.origins().into_iter().collect();
        let mut properties = Map::new();
        let mut indices = Map::new();
        for (property, values) in self.properties() {
            let texts = values.iter().map(|value| Json::String(value.text.to_string())).collect();
            properties.insert(property.name().to_owned(), Json::Array(texts));
            if origins.len() > 1 {
                let of = |value: &Value| origins.binary_search(&&value.origin).unwrap_or_default();
                indices.insert(property.name().to_owned(), json!(values.iter().map(of).collect::<Vec<_>>()));
            }
        }
        let mut out = self.envelope(properties);
        if let Json::Object(members) = &mut out {
            if !self.unknown_properties.is_empty() {
                members.insert("unknown_properties".to_owned(), Json::Object(self.unknown_properties.clone()));
            }
            members.insert("origins".to_owned(), json!(origins));
            if !indices.is_empty() {
                members.insert("value_origins".to_owned(), Json::Object(indices));
            }
            if self.given_caption.is_none() {
                members.insert("caption_derived".to_owned(), Json::Bool(true));
            }
        }
        out
    }

    /// Reads what [`Entity::to_json`] wrote.
    pub fn from_json(bytes: &[u8]) -> Result<Entity, EntityJsonError> {
        let json: Json = serde_json::from_slice(bytes).map_err(EntityJsonError::Syntax)?;
        let mut members = object(json, "entity")?;
        let origins: Vec<Origin> = match members.shift_remove("origins") {
            Some(origins) => serde_json::from_value(origins).map_err(EntityJsonError::Syntax)?,
            None => Vec::new(),
        };
        let indices = members.shift_remove("value_origins");
        let derived = members.shift_remove("caption_derived").is_some();
        let unknown = members.shift_remove("unknown_properties");
        let mut entity = read_envelope(&mut members)?;
        if derived {
            entity.given_caption = None;
        }
        for (name, values) in object(members.shift_remove("properties").unwrap_or_default(), "properties")? {
            let property = entity
                .schema
                .property(&name)
                .ok_or_else(|| EntityJsonError::member(&name, "a property of the schema"))?;
            let Json::Array(values) = values else { return Err(EntityJsonError::member(&name, "an array of texts")) };
            for (at, value) in values.into_iter().enumerate() {
                let Json::String(text) = value else { return Err(EntityJsonError::member(&name, "an array of texts")) };
                let index = indices.as_ref().map_or(Some(0), |all| all[&name][at].as_u64());
                let origin = index.and_then(|index| origins.get(usize::try_from(index).ok()?));
                let origin =
                    origin.ok_or_else(|| EntityJsonError::member("value_origins", "an origin for every value"))?;
                entity.values_mut(property).push(Value { text: text.into(), origin: origin.clone() });
            }
        }
        if let Some(unknown) = unknown {
            entity.unknown_properties = object(unknown, "unknown_properties")?;
        }
        entity.members = members;
        Ok(entity)
    }

    fn envelope(&self, properties: Map<String, Json>) -> Json {
        let mut out = Map::new();
        out.insert("id".to_owned(), Json::String(self.id.clone()));
        out.insert("caption".to_owned(), Json::String(self.caption().to_owned()));
        out.insert("schema".to_owned(), Json::String(self.schema.name().to_owned()));
        out.insert("properties".to_owned(), Json::Object(properties));
        out.insert("datasets".to_owned(), json!(self.datasets));
        out.insert("referents".to_owned(), json!(self.referents));
        out.extend(self.members.clone());
        Json::Object(out)
    }
}

fn object(json: Json, member: &str) -> Result<Map<String, Json>, EntityJsonError> {
    match json {
        Json::Object(members) => Ok(members),
        _ => Err(EntityJsonError::member(member, "an object")),
    }
}

/// Takes the members that have a place of their own out of `members`.
fn read_envelope(members: &mut Map<String, Json>) -> Result<Entity, EntityJsonError> {
    let mut text = |member: &str| match members.shift_remove(member) {
        Some(Json::String(text)) => Ok(Some(text)),
        None | Some(Json::Null) => Ok(None),
        Some(_) => Err(EntityJsonError::member(member, "a text")),
    };
    let id =
        text("id")?.filter(|id| !id.is_empty()).ok_or_else(|| EntityJsonError::member("id", "a text, not empty"))?;
    let name = text("schema")?.ok_or_else(|| EntityJsonError::member("schema", "the name of a schema"))?;
    let caption = text("caption")?;
    let schema = Schema::by_name(&name).ok_or(EntityJsonError::Schema { name })?;
    let mut entity = Entity::new(id, schema);
    entity.given_caption = caption;
    for dataset in texts(members.shift_remove("datasets"), "datasets")? {
        // Names that are no list ids (upper case, too long) stay where they were.
        match ListId::new(&dataset) {
            Ok(list) => drop(entity.datasets.insert(list)),
            Err(_) => match members.entry("datasets_other").or_insert_with(|| json!([])) {
                Json::Array(others) => others.push(Json::String(dataset)),
                other => *other = json!([dataset]),
            },
        }
    }
    entity.referents = texts(members.shift_remove("referents"), "referents")?;
    Ok(entity)
}

fn texts(json: Option<Json>, member: &str) -> Result<Vec<String>, EntityJsonError> {
    match json {
        None | Some(Json::Null) => Ok(Vec::new()),
        Some(Json::Array(items)) => items
            .into_iter()
            .map(|item| match item {
                Json::String(text) => Ok(text),
                _ => Err(EntityJsonError::member(member, "an array of texts")),
            })
            .collect(),
        Some(_) => Err(EntityJsonError::member(member, "an array of texts")),
    }
}

/// Reads one entity and those nested in it; returns its id.
fn read_ftm(json: &Json, origin: &Origin, depth: usize, found: &mut Vec<Entity>) -> Result<String, EntityJsonError> {
    if depth > MAX_NESTING {
        return Err(EntityJsonError::member("properties", "entities nested at most 8 deep"));
    }
    let mut members = object(json.clone(), "entity")?;
    let properties = match members.shift_remove("properties") {
        None => Map::new(),
        Some(properties) => object(properties, "properties")?,
    };
    let mut entity = read_envelope(&mut members)?;
    entity.members = members;
    let id = entity.id.clone();
    let place = found.len();
    found.push(Entity::new(&*id, entity.schema));
    for (name, values) in properties {
        let Some(property) = entity.schema.property(&name) else {
            entity.unknown_properties.insert(name, values);
            continue;
        };
        let values = match values {
            Json::Array(values) => values,
            // Some writers put a single value without its array.
            Json::String(_) => vec![values],
            _ => return Err(EntityJsonError::member(&name, "an array of texts")),
        };
        for value in values {
            match value {
                Json::String(text) => {
                    if !text.is_empty() && !entity.has(&name, &text) {
                        entity.values_mut(property).push(Value { text: text.into(), origin: origin.clone() });
                    }
                }
                Json::Object(_) if property.kind() == PropertyType::Entity => {
                    let other = read_ftm(&value, origin, depth + 1, found)?;
                    if !property.is_stub() {
                        entity.add(&name, &other, origin);
                    }
                }
                _ => return Err(EntityJsonError::member(&name, "an array of texts")),
            }
        }
    }
    // A list of its own making names no dataset: then it is of the list that it was read from.
    if entity.datasets.is_empty() {
        entity.datasets.insert(origin.list().clone());
    }
    if let Some(slot) = found.get_mut(place) {
        *slot = entity;
    }
    Ok(id)
}

/// Reads any bytes as an entity in both forms: for fuzzing and replay. What is read is written and read again.
///
/// # Panics
/// If writing and reading again is not the identity.
#[doc(hidden)]
pub fn fuzz_entity_json(bytes: &[u8]) {
    let origin = Origin::new(ListId::new("fuzz").expect("a constant"), "1", "1");
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for entity in Entity::from_ftm(text, &origin).unwrap_or_default() {
        let again = Entity::from_json(entity.to_json().to_string().as_bytes()).expect("our own form is read again");
        assert_eq!(again.properties, entity.properties, "values survive our own form");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn origin() -> Origin {
        Origin::new(ListId::new("t1").unwrap(), "2021", "1")
    }

    #[test]
    fn ftm_that_is_read_and_written_is_the_same() {
        let text = r#"{"id":"NK-1","caption":"Ż","schema":"Person","properties":{"name":["Ż"],"birthDate":["1961-03"],"newThing":["x"]},"datasets":["a"],"referents":["b"],"first_seen":"2024-01-01","target":true,"x":{"y":[1.50]}}"#;
        let entities = Entity::from_ftm(text, &origin()).unwrap();
        assert_eq!(entities.len(), 1);
        assert_eq!(entities[0].to_ftm().to_string(), text.replace("1.50", "1.5"));
        let again = Entity::from_json(entities[0].to_json().to_string().as_bytes()).unwrap();
        assert_eq!(again, entities[0]);
    }

    #[test]
    fn nested_entities_come_out_flat() {
        let text = r#"{"id":"own","schema":"Ownership","properties":{"owner":[{"id":"a","schema":"Person","properties":{"name":["A"]}}],"asset":["b"]}}"#;
        let entities = Entity::from_ftm(text, &origin()).unwrap();
        assert_eq!(entities.iter().map(|entity| entity.id.as_str()).collect::<Vec<_>>(), ["own", "a"]);
        assert_eq!(entities[0].first("owner"), Some("a"));
    }

    #[test]
    fn what_is_no_entity_says_why() {
        let fault = |text: &str| Entity::from_ftm(text, &origin()).unwrap_err().to_string();
        assert!(fault("{").starts_with("not JSON"));
        assert!(fault(r#"{"schema":"Person"}"#).contains("`id`"));
        assert!(fault(r#"{"id":"a","schema":"Banana"}"#).contains("Banana"));
        assert!(fault(r#"{"id":"a","schema":"Person","properties":{"name":[1]}}"#).contains("`name`"));
        assert!(fault(&format!("{}1{}", "[".repeat(5000), "]".repeat(5000))).starts_with("not JSON"));
    }

    #[test]
    fn every_value_keeps_its_own_origin() {
        let other = Origin::new(ListId::new("t2").unwrap(), "2022", "9");
        let mut entity = Entity::new("a", Schema::person());
        entity.add("name", "A", &origin());
        entity.add("alias", "B", &other);
        entity.add("birthDate", "1961~/1963~", &other);
        let again = Entity::from_json(entity.to_json().to_string().as_bytes()).unwrap();
        assert_eq!(again, entity);
        assert_eq!(again.get("alias")[0].origin.list().as_str(), "t2");
        assert_eq!(again.to_ftm()["properties"]["birthDate"], json!(["1961", "1962", "1963"]));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            fuzz_entity_json(&bytes);
        }
    }
}
