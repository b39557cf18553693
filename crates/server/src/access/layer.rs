//! The question before every route: who is it, may they, not too much at a time?
//!
//! Invariant: a request counts for its key until its answer is written out or given up, not only until it is made.
//! Datasets: a key that is limited to some is refused where it asks for any other one. It is not answered from fewer lists than it
//! asked, as that would be "no hit" from lists that nobody consulted. Routes that are not told by a dataset (entities, which several
//! lists may hold) are refused to it.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{FromRequestParts as _, MatchedPath, RawPathParams, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;

use super::credential::Shown;
use super::limits::Running;
use super::refused::Refused;
use super::roles::{Class, Role, is_told_by_dataset};
use super::token::{Claimed, is_token};
use crate::app::App;
use crate::catalogue::Leaves;
use crate::connection::Peer;
use crate::observe::record::note_key;
use crate::yente::{Refusal, leaves_asked};

/// Letters of a token's subject that the log is told.
const MAX_SUBJECT: usize = 64;

/// Who asks, for routes that decide by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// Id of the key, token or certificate; none where they did not have to say who they are.
    id: Option<Arc<str>>,
    /// What they may do; none where they did not have to say who they are.
    roles: Option<Arc<[Role]>>,
}

impl Caller {
    /// Whether the caller showed that they may bring the lists up to date; never where they did not have to say who they are.
    pub(crate) fn may_update(&self) -> bool {
        self.roles.as_ref().is_some_and(|roles| may(roles, Class::Update))
    }

    /// Refuses a caller who may use a route but not for this: where what is asked tells the class, and not the address alone.
    pub(crate) fn asks(&self, class: Class) -> Result<(), Refusal> {
        match &self.roles {
            Some(roles) if !may(roles, class) => {
                let refused = Refused::Role(roles.to_vec());
                tracing::info!(key = self.id(), reason = %refused, "a caller was refused");
                Err(refused.into())
            }
            _ => Ok(()),
        }
    }

    /// Who it is; none where they did not have to say.
    pub(crate) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Whether the caller may see what that one made: their own, and administrators all. What was made when nobody had to say who they
    /// are is everybody's.
    pub(crate) fn may_see(&self, owner: Option<&str>) -> bool {
        self.roles.as_ref().is_some_and(|roles| roles.contains(&Role::Admin)) || owner.is_none() || owner == self.id()
    }
}

/// A caller who said who they are.
#[derive(Debug)]
struct Known {
    id: String,
    roles: Vec<Role>,
    datasets: Option<BTreeSet<String>>,
    running: Option<Running>,
}

/// Lets a request through to its route, or refuses it.
pub(crate) async fn ask(app: App, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let pattern = parts.extensions.get::<MatchedPath>().cloned();
    let pattern = pattern.as_ref().map_or("-", MatchedPath::as_str);
    let class = Class::of(parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str));
    let said_no = |id: &str, refused: Refused| {
        tracing::info!(key = id, route = pattern, reason = %refused, "a caller was refused");
        refused.into_response()
    };
    let peer = parts.extensions.get::<Peer>();
    let known = match known(&app, class, peer, &parts.headers) {
        Ok(known) => known,
        Err((id, refused)) => return said_no(&id, refused),
    };
    let caller = Caller {
        id: known.as_ref().map(|known| known.id.as_str().into()),
        roles: known.as_ref().map(|known| known.roles.as_slice().into()),
    };
    let mut running = None;
    if let Some(known) = known {
        note_key(&known.id);
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
    if access.keys.is_none() && access.issuer.is_none() {
        let Some((role, id)) = certificate else { return Err(nobody(Refused::Nothing)) };
        return permitted(Known { id, roles: vec![role], datasets: None, running: None }, class).map(Some);
    }
    let secret = match Shown::of(headers) {
        Shown::Secret(secret) => secret,
        // The routes that update know a token of their own.
        Shown::Nothing if class == Class::Update => return Ok(None),
        Shown::Nothing => return Err(nobody(Refused::Nothing)),
        Shown::Unclear => return Err(nobody(Refused::Unclear)),
    };
    let keys = access.keys.as_ref().map(|keys| keys.current());
    let Some(found) = keys.as_ref().and_then(|keys| keys.of(secret.reveal())) else {
        let issuer = access.issuer.as_ref().filter(|_| is_token(secret.reveal()));
        let issuer = issuer.ok_or_else(|| nobody(Refused::Unknown))?;
        let Claimed { subject, roles } = issuer.verify(secret.reveal()).map_err(|bad| nobody(Refused::Token(bad)))?;
        let id = format!("subject:{}", subject.chars().take(MAX_SUBJECT).collect::<String>());
        return permitted(Known { id, roles, datasets: None, running: None }, class).map(Some);
    };
    let key = found.key;
    let named = |refused| (key.id.clone(), refused);
    key.holds(Timestamp::now()).map_err(|ended| named(Refused::Ended(ended)))?;
    let known = Known { id: key.id.clone(), roles: vec![key.role], datasets: key.datasets.clone(), running: None };
    let known = permitted(known, class)?;
    let running = found.meter.admit(found.limits, Instant::now());
    let running = running.map_err(|too_much| named(Refused::TooMuch(too_much)))?;
    Ok(Some(Known { running: Some(running), ..known }))
}

/// A caller whose roles may use a class of routes. Those that update decide by themselves, as they know a token of their own.
fn permitted(known: Known, class: Class) -> Result<Known, (String, Refused)> {
    if class == Class::Update || may(&known.roles, class) {
        return Ok(known);
    }
    Err((known.id, Refused::Role(known.roles)))
}

fn may(roles: &[Role], class: Class) -> bool {
    roles.iter().any(|role| role.may(class))
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::access::limits::{KeyLimits, Meter};

    #[tokio::test]
    async fn a_request_counts_until_its_answer_is_read() {
        let meter = Arc::new(Meter::default());
        let limits = KeyLimits { rate: None, concurrent: Some(1) };
        let running = meter.admit(limits, Instant::now()).unwrap();
        let body = Body::new(Counted { body: Body::from("answer"), _running: running });
        assert_eq!(body.size_hint().exact(), Some(6), "the length is told as without a key");
        assert!(meter.admit(limits, Instant::now()).is_err());
        assert_eq!(axum::body::to_bytes(body, 10).await.unwrap(), "answer");
        assert!(meter.admit(limits, Instant::now()).is_ok());
    }
}
