//! A small page of an entity, for the frame that a client shows beside a cell.
//!
//! Invariant: what comes from a list is text: every value is escaped, and the page may run nothing and load nothing.

use axum::extract::{RawQuery, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use interdict_model::{Entity, PropertyType};

use super::{App, Params, Refusal, View, known};
use crate::address::{Path, segment};
use crate::html::escaped;
use crate::view::caption;

/// Values of a property that the page shows, and characters of one.
const MAX_VALUES: usize = 5;
const MAX_CHARS: usize = 300;

/// Properties that the page shows beside those that the schema features.
const ALWAYS: &[&str] = &["alias", "birthDate", "nationality", "country", "topics", "program", "summary"];

const STYLE: &str =
    "body{font:14px sans-serif;margin:12px}h1{font-size:18px;margin:0}dt{font-weight:bold}dd{margin:0 0 6px}";

/// `GET …/preview?id=…`.
pub(super) async fn get(
    State(app): State<App>,
    Path(dataset): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let params = Params::of(query.as_deref());
    let view = app.view()?;
    let title = known(&view, &dataset)?;
    let id = params.text("id").ok_or_else(|| Refusal::bad("`id` is missing: the id of the entity to show"))?;
    let ord = view.find(id)?.ok_or_else(|| Refusal::unknown("No such entity!"))?;
    let page = page(&view, &view.shown(ord)?.entity, &title);
    let headers = [
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(
                "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors *; base-uri 'none'; form-action 'none'",
            ),
        ),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (HeaderName::from_static("referrer-policy"), HeaderValue::from_static("no-referrer")),
    ];
    Ok((headers, Html(page)).into_response())
}

fn page(view: &View, entity: &Entity, title: &str) -> String {
    let name = escaped(caption(entity));
    let mut rows = Vec::new();
    let featured = entity.schema.featured();
    let rest = ALWAYS.iter().filter(|name| !featured.contains(name));
    for property in featured.iter().chain(rest).filter_map(|name| entity.schema.property(name)) {
        let values = entity.get(property.name());
        if values.is_empty() || property.is_stub() || property.kind() == PropertyType::Entity {
            continue;
        }
        rows.push(format!("<dt>{}</dt>", escaped(property.label())));
        rows.extend(values.iter().take(MAX_VALUES).map(|value| {
            format!("<dd>{}</dd>", escaped(&short(property.kind().caption(&value.text).unwrap_or(&value.text))))
        }));
        if values.len() > MAX_VALUES {
            rows.push(format!("<dd>and {} more</dd>", values.len() - MAX_VALUES));
        }
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{name}</title><style>{STYLE}</style></head><body>\n\
         <h1>{name}</h1>\n<p>{schema}</p>\n<dl>\n{rows}\n<dt>Lists</dt><dd>{lists}</dd>\n</dl>\n\
         <p><a href=\"../../entities/{id}\">{shown_id}</a> in {title}</p>\n</body></html>\n",
        schema = escaped(entity.schema.label()),
        rows = rows.join("\n"),
        lists = escaped(&view.leaves_of(entity).join(", ")),
        id = escaped(&segment(&entity.id)),
        shown_id = escaped(&entity.id),
        title = escaped(title),
    )
}

fn short(text: &str) -> String {
    let mut out: String = text.chars().take(MAX_CHARS).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(short(&"ä".repeat(301)).chars().count(), 301);
    }
}
