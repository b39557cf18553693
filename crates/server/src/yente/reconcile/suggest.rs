//! Suggestions while a user types: entities by the beginnings of their words, types and properties by those of their labels.

use axum::Json as Body;
use axum::extract::{RawQuery, State};
use interdict_model::Schema;
use interdict_search::{Query, Request, Syntax};
use interdict_snapshot::EntityOrd;
use serde_json::{Value as Json, json};

use super::{App, Asked, Params, Refusal, known, schemata};
use crate::address::Path;
use crate::searches;
use crate::view::caption;
use crate::yente::entities::MAX_PAGE;
use crate::yente::search::among;

/// Types and properties that are suggested at a time. Source: yente.
const FEW: usize = 5;

/// `GET …/suggest/entity`.
pub(super) async fn entity(
    State(app): State<App>,
    Path(dataset): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Body<Json>, Refusal> {
    let mut params = Params::of(query.as_deref());
    let prefix = params.text("prefix").unwrap_or_default().to_owned();
    let limit = usize::try_from(params.int("limit", 10, MAX_PAGE).max(0)).unwrap_or_default();
    let scope = Asked::of(&mut params);
    params.finish()?;
    let view = app.view()?;
    let scope = scope.filter(&view, &dataset)?;
    let words = words(&prefix);
    if words.is_empty() {
        return Ok(answer(&prefix, &[]));
    }
    let found = app.searches.carry_out(move |stopped| {
        // The last word may go on, and people type initials for those before it: every word counts as a beginning.
        let text: Vec<String> = words.iter().map(|word| format!("{word}*")).collect();
        let query = Query::parse(&text.join(" "), Syntax::Simple)
            .map_err(|error| Refusal::bad(format!("`prefix` cannot be read {error}")))?;
        let names: Vec<&str> = schemata::matchable().map(Schema::name).collect();
        let request = Request {
            query: &query,
            only: Some(among(&view, &names, &scope)?),
            filters: Vec::new(),
            offset: 0,
            limit,
            sort: Vec::new(),
            facets: Vec::new(),
        };
        let page = searches::found(view.snapshot.search_index()?.until(stopped).search(&request))?;
        let mut results = Vec::new();
        for found in &page.found {
            let shown = view.shown(EntityOrd(found.entity))?;
            let schema = shown.entity.schema;
            results.push(json!({
                "id": shown.entity.id,
                "name": caption(&shown.entity),
                "description": schema.label(),
                "type": [schemata::json_of(schema)],
                "notable": [schemata::json_of(schema)],
            }));
        }
        Ok(results)
    });
    Ok(answer(&prefix, &found.await?))
}

/// `GET …/suggest/type`.
pub(super) async fn schema(
    State(app): State<App>,
    Path(dataset): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Body<Json>, Refusal> {
    let (_, prefix) = read(&app, &dataset, query.as_deref())?;
    let fits = |schema: &Schema| begins([schema.name(), schema.label(), schema.plural()], &prefix);
    let found: Vec<Json> = schemata::matchable().filter(fits).take(FEW).map(schemata::json_of).collect();
    Ok(answer(&prefix, &found))
}

/// `GET …/suggest/property`, of a type where one is given.
pub(super) async fn property(
    State(app): State<App>,
    Path(dataset): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Body<Json>, Refusal> {
    let (params, prefix) = read(&app, &dataset, query.as_deref())?;
    let of = params.text("type").filter(|name| !name.is_empty());
    let of = of.map(|name| Schema::by_name(name).ok_or_else(|| Refusal::bad(format!("Unknown schema: '{name}'"))));
    let of = of.transpose()?;
    let mut found: Vec<(&str, String)> = Vec::new();
    for schema in schemata::matchable().filter(|schema| of.is_none_or(|of| of == *schema)) {
        for property in schema.properties().filter(|property| schemata::is_plain(*property)) {
            if begins([property.name(), property.label(), ""], &prefix) {
                let owner = schemata::owner(schema, property);
                found.push((property.label(), format!("{}:{}", owner.name(), property.name())));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    // What begins with the text comes before what has a later word that does.
    found.sort_by_key(|(label, _)| !label.to_lowercase().starts_with(&prefix.to_lowercase()));
    let json = |(label, id): &(&str, String)| {
        let schema = id.split(':').next().and_then(Schema::by_name);
        json!({"id": id, "name": label, "description": schema.map_or("", Schema::label)})
    };
    Ok(answer(&prefix, &found.iter().take(FEW).map(json).collect::<Vec<_>>()))
}

/// The parameters of a suggestion that rests on no list, and what was typed so far. The dataset must be known all the same.
fn read(app: &App, dataset: &str, query: Option<&str>) -> Result<(Params, String), Refusal> {
    known(&*app.view()?, dataset)?;
    let params = Params::of(query);
    let prefix = params.text("prefix").unwrap_or_default().to_owned();
    Ok((params, prefix))
}

/// An answer in the form that Freebase gave its suggestions, whose members yente keeps.
fn answer(prefix: &str, result: &[Json]) -> Body<Json> {
    Body(json!({"code": "/api/status/ok", "status": "200 OK", "prefix": prefix, "result": result}))
}

/// Words of a text that goes into a search: its signs are blanks, so that nobody writes the language of searches by accident.
fn words(text: &str) -> Vec<String> {
    let is_sign = |c: char| c.is_whitespace() || c.is_ascii_punctuation() || c.is_control();
    text.split(is_sign).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether any word of some labels begins with a text; nothing begins with no text.
fn begins(labels: [&str; 3], prefix: &str) -> bool {
    let prefix = prefix.trim().to_lowercase();
    let fits = |label: &str| {
        let label = label.to_lowercase();
        let mut tails = std::iter::once(0).chain(label.match_indices(' ').map(|(at, _)| at + 1));
        tails.any(|at| label.get(at..).is_some_and(|tail| tail.starts_with(&prefix)))
    };
    !prefix.is_empty() && labels.into_iter().any(fits)
}
