//! Data extension: values of entities that were reconciled, and which properties there are to fetch.
//!
//! Source: `schemas/data-extension-*.json` of version 0.2.

use axum::Json as Body;
use axum::extract::{RawQuery, State};
use interdict_model::{Property, PropertyType, Schema};
use serde_json::{Map, Value as Json, json};

use super::queries::not_json;
use super::{App, Params, Refusal, View, known, schemata};
use crate::address::Path;
use crate::observe::record::note_passed_over;
use crate::settings::Settings;
use crate::view::caption;
use crate::wire::with_warnings;
use crate::yente::entities::MAX_PAGE;

/// Properties that one request may fetch: more than any schema has.
const MAX_PROPERTIES: usize = 200;

/// What is wanted: these properties of these entities.
#[derive(Debug)]
pub(super) struct Wanted {
    ids: Vec<String>,
    columns: Vec<Column>,
    /// What was passed over.
    warnings: Vec<String>,
}

/// A property that is wanted, and how.
#[derive(Debug)]
struct Column {
    /// As the request names it.
    id: String,
    property: Property,
    /// Most values of a row; 0 for all.
    limit: usize,
    /// Whether codes and ids stand for themselves.
    raw: bool,
}

impl Wanted {
    /// Reads `extend`.
    pub(super) fn read(text: &str, settings: &Settings) -> Result<Wanted, Refusal> {
        let json: Json = serde_json::from_str(text).map_err(|error| not_json("extend", text, &error))?;
        let list = |name: &str| {
            let items = json.get(name).and_then(Json::as_array);
            items.ok_or_else(|| Refusal::bad(format!("`extend`: `{name}` is missing or is no list")))
        };
        let (ids, properties) = (list("ids")?, list("properties")?);
        // An entity counts as a query, as yente counts it.
        if ids.len() > settings.max_batch {
            return Err(Refusal::bad(format!("Too many queries in one batch (limit: {})", settings.max_batch)));
        }
        if properties.len() > MAX_PROPERTIES {
            return Err(Refusal::bad(format!(
                "`extend`: too many `properties` in one request (limit: {MAX_PROPERTIES})"
            )));
        }
        let ids = ids.iter().map(|id| {
            let id = id.as_str().map(str::to_owned);
            id.ok_or_else(|| Refusal::bad("`extend`: `ids` holds something that is no string"))
        });
        let ids = ids.collect::<Result<_, _>>()?;
        let mut warnings = Vec::new();
        let mut columns = Vec::new();
        for property in properties {
            columns.extend(Column::read(property, &mut warnings)?);
        }
        note_passed_over(warnings.len());
        Ok(Wanted { ids, columns, warnings })
    }

    /// How many entities are asked.
    pub(super) fn n_ids(&self) -> usize {
        self.ids.len()
    }

    /// The rows.
    pub(super) fn answer(&self, view: &View) -> Result<Json, Refusal> {
        let mut rows = Map::new();
        for id in &self.ids {
            let mut row = Map::new();
            if let Some(ord) = view.snapshot.find(id)? {
                // Values as the wire has them: a range of dates is its two ends.
                let ftm = view.ftm(&view.shown(ord)?.entity);
                for column in &self.columns {
                    row.insert(column.id.clone(), Json::Array(column.values(view, &ftm["properties"])?));
                }
            } else if view.canonical(id)?.is_some() {
                return Err(Refusal::bad(format!(
                    "`extend`: the entity '{id}' was merged into another one; GET /entities/{id} leads to it"
                )));
            }
            rows.insert(id.clone(), Json::Object(row));
        }
        let json = json!({"meta": self.columns.iter().map(Column::meta).collect::<Vec<_>>(), "rows": rows});
        Ok(with_warnings(json, &self.warnings))
    }
}

impl Column {
    /// Reads a property; one whose values no entity has itself is passed over, as yente does.
    fn read(json: &Json, warnings: &mut Vec<String>) -> Result<Option<Column>, Refusal> {
        let id = json.get("id").and_then(Json::as_str);
        let id = id.ok_or_else(|| Refusal::bad("`extend`: an item of `properties` has no `id`"))?;
        let bad = |what: &str| Refusal::bad(format!("`extend`: property '{id}': {what}"));
        let property = match schemata::property(id) {
            None => {
                warnings.push(format!("property '{id}': there is none of that name; it was passed over"));
                return Ok(None);
            }
            Some((_, property)) if property.is_stub() => {
                let said = "it stands on other entities, which GET /entities/{id} shows; it was passed over";
                warnings.push(format!("property '{id}': {said}"));
                return Ok(None);
            }
            Some((_, property)) => property,
        };
        let mut column = Column { id: id.to_owned(), property, limit: 0, raw: false };
        let settings = match json.get("settings") {
            None | Some(Json::Null) => return Ok(Some(column)),
            Some(Json::Object(settings)) => settings,
            Some(_) => return Err(bad("`settings` is no object")),
        };
        for (name, value) in settings {
            match (name.as_str(), value) {
                (_, Json::Null) => {}
                // A client's form sends numbers as text.
                ("limit", value) => {
                    let number = value.as_u64().or_else(|| value.as_str()?.trim().parse().ok());
                    let number = number.and_then(|number| usize::try_from(number).ok());
                    column.limit = number.ok_or_else(|| bad("`limit` is to be a whole number, 0 for all"))?;
                }
                ("render", Json::String(word)) if word == "caption" => column.raw = false,
                ("render", Json::String(word)) if word == "raw" => column.raw = true,
                ("render", _) => return Err(bad("`render` is to be `caption` or `raw`")),
                _ => return Err(bad(&format!("there is no setting `{name}`; there are `limit` and `render`"))),
            }
        }
        Ok(Some(column))
    }

    fn meta(&self) -> Json {
        let mut json = json!({"id": self.id, "name": self.property.label()});
        if let (Some(range), Some(members), false) = (self.property.range(), json.as_object_mut(), self.raw) {
            members.insert("type".to_owned(), json!({"id": range.name(), "name": range.label()}));
        }
        json
    }

    fn values(&self, view: &View, properties: &Json) -> Result<Vec<Json>, Refusal> {
        let texts = properties.get(self.property.name()).and_then(Json::as_array);
        let texts = texts.into_iter().flatten().filter_map(Json::as_str);
        let most = if self.limit == 0 { usize::MAX } else { self.limit };
        texts.take(most).map(|text| self.value(view, text)).collect()
    }

    fn value(&self, view: &View, text: &str) -> Result<Json, Refusal> {
        if self.raw {
            return Ok(json!({"str": text}));
        }
        Ok(match self.property.kind() {
            PropertyType::Entity => match view.snapshot.find(text)? {
                Some(ord) => json!({"id": text, "name": caption(&view.shown(ord)?.entity)}),
                None => json!({"str": text}),
            },
            kind => json!({"str": kind.caption(text).unwrap_or(text)}),
        })
    }
}

/// `GET …/extend/property`: the properties of a type, those that a short display shows first.
pub(super) async fn propose(
    State(app): State<App>,
    Path(dataset): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Body<Json>, Refusal> {
    let mut params = Params::of(query.as_deref());
    let given = params.text("limit").is_some_and(|limit| !limit.is_empty());
    let limit = if given { Some(params.int("limit", 0, MAX_PAGE).max(0)) } else { None };
    params.finish()?;
    known(&*app.view()?, &dataset)?;
    let name = params.text("type").filter(|name| !name.is_empty()).unwrap_or("Thing");
    let schema = Schema::by_name(name).ok_or_else(|| Refusal::bad(format!("Unknown schema: '{name}'")))?;
    let mut properties: Vec<Property> = schema.properties().filter(|property| !property.is_stub()).collect();
    let rank = |property: &Property| schema.featured().iter().position(|name| *name == property.name());
    properties.sort_by_key(|property| (rank(property).unwrap_or(usize::MAX), property.label()));
    let most = limit.filter(|limit| *limit > 0).and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    let properties = properties.iter().take(most);
    let properties: Vec<Json> =
        properties.map(|property| json!({"id": property.name(), "name": property.label()})).collect();
    let mut json = json!({"type": schema.name(), "properties": properties});
    if let (Some(limit), Some(members)) = (limit, json.as_object_mut()) {
        members.shift_insert(0, "limit".to_owned(), json!(limit));
    }
    Ok(Body(json))
}
