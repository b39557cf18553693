//! `GET /v1/entities/{id}`: all that is listed of an entity.

use axum::Json as Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use interdict_snapshot::EntityOrd;
use serde_json::Value as Json;

use super::problem::{FieldError, Problem};
use crate::address::{Path, segment};
use crate::app::App;
use crate::pairs;
use crate::view::View;
use crate::yente::entities::nest;

/// An entity of FollowTheMoney, by its id; an id that was merged into it is redirected.
#[utoipa::path(get, path = "/v1/entities/{id}", tag = "lists",
    params(("id" = String, Path, description = "Its id"),
        ("nested" = Option<bool>, Query, description = "Whether what stands next to it is shown in full; true where absent")),
    responses((status = 200, body = Object, description = "A FollowTheMoney entity"), (status = 308, description = "It has another id now"),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn get(
    State(app): State<App>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let mut nested = true;
    let mut errors = Vec::new();
    for (name, value) in
        pairs::read(query.unwrap_or_default().as_bytes()).map_err(|error| Problem::malformed(error.to_string()))?
    {
        match (name.as_str(), value.as_str()) {
            ("nested", "true" | "1") => nested = true,
            ("nested", "false" | "0") => nested = false,
            ("nested", _) => errors.push(FieldError::new("?nested", "expected true or false")),
            _ => errors.push(FieldError::new(format!("?{name}"), "there is no such parameter")),
        }
    }
    if !errors.is_empty() {
        return Err(Problem::unusable(errors));
    }
    let view = app.view()?;
    let ord = find(&view, &id)?;
    let shown = view.shown(ord)?;
    if shown.entity.id != *id {
        let location = HeaderValue::from_str(&format!("/v1/entities/{}", segment(&shown.entity.id)));
        let location = location.map_err(|_| Problem::not_found("there is no such entity"))?;
        return Ok((StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response());
    }
    let json: Json = if nested {
        app.searches.carry_out(move |stopped| nest(&view, ord, &shown.entity, stopped)).await?
    } else {
        view.ftm(&shown.entity)
    };
    Ok(Body(json).into_response())
}

/// The entity of an id, or of one that was merged into it.
pub(super) fn find(view: &View, id: &str) -> Result<EntityOrd, Problem> {
    view.find(id)?.ok_or_else(|| Problem::not_found(format!("there is no entity {id:?} on the lists that serve")))
}
