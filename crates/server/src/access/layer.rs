//! The question before every route: who is it, may they, not too much at a time?
//!
//! Invariant: a request counts for its key until its answer is written out or given up, not only until it is made.
//! Datasets: a key that is limited to some is refused where it asks for any other one. It is not answered from fewer lists than it
//! asked, as that would be "no hit" from lists that nobody consulted. Routes that are not told by a dataset (entities, which several
//! lists may hold) are refused to it.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{FromRequestParts as _, MatchedPath, RawPathParams, Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;

use super::credential::Shown;
use super::limits::Running;
use super::refused::Refused;
use super::roles::{Class, Role, is_told_by_dataset};
use crate::app::App;
use crate::catalogue::Leaves;
use crate::connection::Peer;
use crate::yente::{Refusal, leaves_asked};

/// Who asks, for routes that decide by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// What they may do; nothing where they did not have to say who they are.
    role: Option<Role>,
}

impl Caller {
    /// Whether the caller showed that they may bring the lists up to date.
    pub(crate) fn may_update(self) -> bool {
        self.role.is_some_and(|role| role.may(Class::Update))
    }
}

/// A caller who said who they are.
#[derive(Debug)]
struct Known {
    id: String,
    role: Role,
    datasets: Option<BTreeSet<String>>,
    running: Option<Running>,
}

/// Lets a request through to its route, or refuses it.
pub(crate) async fn ask(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let pattern = parts.extensions.get::<MatchedPath>().cloned();
    let pattern = pattern.as_ref().map_or("-", MatchedPath::as_str);
    let class = Class::of(parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str), &parts.method);
    let said_no = |id: &str, refused: Refused| {
        tracing::info!(key = id, route = pattern, reason = %refused, "a caller was refused");
        refused.into_response()
    };
    let peer = parts.extensions.get::<Peer>();
    let known = match known(&app, class, peer, &parts.headers) {
        Ok(known) => known,
        Err((id, refused)) => return said_no(&id, refused),
    };
    let caller = Caller { role: known.as_ref().map(|known| known.role) };
    let mut running = None;
    if let Some(known) = known {
        if let Some(allowed) = known.datasets.filter(|_| class.tells_of_entities()) {
            match is_within(&app, &mut parts, pattern, &allowed).await {
                Ok(true) => {}
                Ok(false) => return said_no(&known.id, Refused::Scope { allowed }),
                Err(refusal) => return refusal.into_response(),
            }
        }
        running = known.running;
    }
    parts.extensions.insert(caller);
    let response = next.run(Request::from_parts(parts, body)).await;
    response.map(|body| match running {
        Some(running) => Body::new(Counted { body, _running: running }),
        None => body,
    })
}

/// Who sent these headers; nobody where they do not have to say so.
fn known(
    app: &App,
    class: Class,
    peer: Option<&Peer>,
    headers: &HeaderMap,
) -> Result<Option<Known>, (String, Refused)> {
    let access = &app.settings.access;
    let nobody = |refused| ("-".to_owned(), refused);
    if access.is_open() || class == Class::Health {
        return Ok(None);
    }
    let certificate = match (access.certificates, peer.and_then(|peer| peer.certificate.as_deref())) {
        (None, _) => None,
        (Some(_), None) => return Err(nobody(Refused::NoCertificate)),
        (Some(role), Some(certificate)) => Some((role, format!("certificate:{certificate}"))),
    };
    let keys = match (&access.keys, certificate) {
        (Some(keys), _) => keys.current(),
        (None, Some((role, id))) if role.may(class) || class == Class::Update => {
            return Ok(Some(Known { id, role, datasets: None, running: None }));
        }
        (None, Some((role, id))) => return Err((id, Refused::Role(role))),
        (None, None) => return Err(nobody(Refused::Nothing)),
    };
    let secret = match Shown::of(headers) {
        Shown::Secret(secret) => secret,
        // The routes that update know a token of their own.
        Shown::Nothing if class == Class::Update => return Ok(None),
        Shown::Nothing => return Err(nobody(Refused::Nothing)),
        Shown::Unclear => return Err(nobody(Refused::Unclear)),
    };
    let found = keys.of(secret.reveal()).ok_or_else(|| nobody(Refused::Unknown))?;
    let key = found.key;
    let named = |refused| (key.id.clone(), refused);
    key.holds(Timestamp::now()).map_err(|ended| named(Refused::Ended(ended)))?;
    if !key.role.may(class) && class != Class::Update {
        return Err(named(Refused::Role(key.role)));
    }
    let running = found.meter.admit(found.limits, Instant::now());
    let running = running.map_err(|too_much| named(Refused::TooMuch(too_much)))?;
    Ok(Some(Known { id: key.id.clone(), role: key.role, datasets: key.datasets.clone(), running: Some(running) }))
}

/// Whether a request asks some datasets and no other.
async fn is_within(app: &App, parts: &mut Parts, pattern: &str, allowed: &BTreeSet<String>) -> Result<bool, Refusal> {
    if !is_told_by_dataset(pattern) {
        return Ok(false);
    }
    let Ok(params) = RawPathParams::from_request_parts(parts, app).await else { return Ok(false) };
    let Some((_, dataset)) = params.iter().find(|(name, _)| *name == "dataset") else { return Ok(false) };
    let view = app.view()?;
    let allowed: Leaves = allowed.iter().filter_map(|name| view.catalogue.leaves(name)).flatten().collect();
    Ok(leaves_asked(&view, dataset, parts.uri.query())?.is_subset(&allowed))
}

/// The body of an answer that counts for a key.
struct Counted {
    body: Body,
    _running: Running,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        self.body.size_hint()
    }
}
