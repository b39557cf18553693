//! Parties as `/v1` takes them: strictly, every fault with its place.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use interdict_batch::{MAX_VALUES, Party, PartyBuilder, Row, parse_schema, too_many_values};
use interdict_model::Schema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

use super::problem::{FieldError, Problem, pointer_part};
use crate::app::{App, Whole};

/// A party that is asked about.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// The caller's id, given back with the answer; `query-1` and so on where absent.
    pub id: Option<String>,
    /// A schema of FollowTheMoney: `Person`, `Company`, `Vessel` …; where absent every schema that can be matched is asked.
    #[schema(example = "Person")]
    pub schema: Option<String>,
    /// Values by FollowTheMoney property, each a text, a number or a list of them. At least one name or identifier.
    #[schema(value_type = Object, example = json!({"name": ["Vladimir Putin"], "birthDate": ["1952-10-07"], "country": "ru"}))]
    pub properties: Map<String, Json>,
}

impl Asked {
    /// The party as a row that can be screened; `place` is the pointer to it, `number` counts from 1.
    pub(crate) fn row(&self, place: &str, number: usize) -> Result<Row, Vec<FieldError>> {
        let id = self.id.clone().unwrap_or_else(|| format!("query-{number}"));
        let party = self.party(&id, place)?;
        Ok(Row { id, line: number as u64, party: Ok(party), ignored: Vec::new() })
    }

    /// The party; `place` is the pointer to it.
    pub(crate) fn party(&self, id: &str, place: &str) -> Result<Party, Vec<FieldError>> {
        let schema = match &self.schema {
            None => Schema::thing(),
            Some(name) => parse_schema(name).ok_or_else(|| {
                let said =
                    format!("{name:?} is no schema of FollowTheMoney; say Person, Company, Vessel or leave it out");
                vec![FieldError::new(format!("{place}/schema"), said)]
            })?,
        };
        let n_values = |values: &Json| values.as_array().map_or(1, |values| values.len().max(1));
        if self.properties.values().map(n_values).sum::<usize>() > MAX_VALUES {
            return Err(vec![FieldError::new(format!("{place}/properties"), too_many_values())]);
        }
        let mut builder = PartyBuilder::new(id, schema);
        let mut errors = Vec::new();
        for (property, values) in &self.properties {
            let values = match values {
                Json::Array(values) => values.as_slice(),
                single => std::slice::from_ref(single),
            };
            for value in values {
                let field = || format!("{place}/properties/{}", pointer_part(property));
                let added = match value {
                    Json::String(text) if text.trim().is_empty() => Ok(()),
                    Json::String(text) => builder.add(property, text),
                    Json::Number(number) => builder.add(property, &number.to_string()),
                    Json::Null => Ok(()),
                    _ => Err("expected a text, a number or a list of them".to_owned()),
                };
                errors.extend(added.err().map(|reason| FieldError::new(field(), reason)));
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        builder.finish().map_err(|reason| vec![FieldError::new(format!("{place}/properties"), reason)])
    }
}

/// A body, read whole.
#[derive(Clone, Debug)]
pub(crate) struct Given(pub(crate) Bytes);

impl FromRequest<App> for Given {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Given, Problem> {
        let Whole(bytes) = Whole::from_request(request, app).await?;
        Ok(Given(bytes))
    }
}

/// Reads a body; a fault is told with its place.
pub(crate) fn read_body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if bytes.is_empty() {
        return Err(Problem::malformed("the body is empty; send a JSON object"));
    }
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(Problem::malformed("the body is not a JSON object"));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        if inner.is_data() {
            let field = if path == "." {
                "/".to_owned()
            } else {
                format!("/{}", path.replace(['.', '['], "/").replace(']', ""))
            };
            Problem::unusable(vec![FieldError::new(field, inner.to_string())])
        } else {
            Problem::malformed(format!("the body is not JSON: {inner}"))
        }
    })?;
    reader.end().map_err(|error| Problem::malformed(format!("the body goes on after its JSON value: {error}")))?;
    Ok(read)
}
