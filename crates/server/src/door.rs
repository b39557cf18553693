//! The door: what a service that is asked for too much says before it looks at a request any further.
//!
//! Idea: past capacity every refusal takes time from what is answered, so that requests to screen are refused as soon as their head is
//! read: no key is asked for, no body read, no line of the log written. Refusals are counted, and told in a line a second.
//! Cost: a refusal some 10 µs, of which the reading of the head and the writing of the answer are the most.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::{HeaderValue, Method, Request};
use axum::response::{IntoResponse as _, Response};

use crate::access::roles::Class;
use crate::app::App;
use crate::every::Every;
use crate::headers;
use crate::observe::layer::{REQUEST_ID, request_id};
use crate::shape::Interface;
use crate::v1::Problem;
use crate::watchman;
use crate::yente::Refusal;

/// How often refusals are told in the log.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// The door.
#[derive(Debug)]
pub(crate) struct Door {
    app: App,
    /// Refusals that were not told yet.
    n_untold: AtomicU64,
    telling: Every,
}

impl Door {
    pub(crate) fn new(app: App) -> Door {
        Door { app, n_untold: AtomicU64::new(0), telling: Every::new(TELL_EVERY) }
    }

    /// The refusal of a request to screen while too much waits.
    pub(crate) fn refusal<B>(&self, request: &Request<B>) -> Option<Response> {
        let path = request.uri().path();
        if !asks_to_screen(request.method(), path) {
            return None;
        }
        let overload = self.app.engine.pool.look().err()?;
        self.tell();
        let mut response = match Interface::of(path) {
            Interface::Ours => Problem::from(overload).into_response(),
            Interface::Watchmans => watchman::refused(overload.into()),
            Interface::Yentes => Refusal::from(overload).into_response(),
        };
        headers::add(&self.app, Class::Screen, response.headers_mut());
        let id = HeaderValue::from_str(&request_id(request.headers())).ok();
        response.headers_mut().extend(id.map(|id| (REQUEST_ID, id)));
        Some(response)
    }

    fn tell(&self) {
        self.n_untold.fetch_add(1, Ordering::Relaxed);
        if self.telling.ended().is_some() {
            let n_refused = self.n_untold.swap(0, Ordering::Relaxed);
            tracing::warn!(n_refused, "more is asked than can be answered: requests were refused at the door");
        }
    }
}

/// Whether a request asks for screening that is done at once; how many queries it has is not known yet, most have one. Streams and jobs wait by themselves.
fn asks_to_screen(method: &Method, path: &str) -> bool {
    let is_post = *method == Method::POST;
    match path {
        "/v2/search" | "/v1/screen" => true,
        "/v1/explain" | "/v1/compare" => is_post,
        _ => is_post && (path.starts_with("/match/") || path.starts_with("/reconcile/")),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::http::header;
    use serde_json::Value as Json;

    use super::*;
    use crate::engine::Engine;
    use crate::pool::{Limits, Pool};
    use crate::settings::Settings;

    fn request(method: &Method, path: &str) -> Request<()> {
        Request::builder().method(method).uri(path).body(()).unwrap()
    }

    #[tokio::test]
    async fn who_asks_to_screen_is_refused_in_the_shape_of_their_interface() {
        let limits = Limits { n_threads: 1, max_wait: Duration::ZERO, max_queries: 10 };
        let engine = Arc::new(Engine::new(Pool::start(limits).unwrap(), None, None));
        let door = Door::new(App::new(Arc::clone(&engine), Settings::default()));
        assert!(door.refusal(&request(&Method::POST, "/match/default")).is_none(), "nothing waits");
        let _waits = engine.pool.admit_in_place(1).unwrap().unwrap();
        for (method, path, member) in [
            (Method::POST, "/match/default", "detail"),
            (Method::POST, "/reconcile/default", "detail"),
            (Method::GET, "/v2/search", "error"),
            (Method::GET, "/v1/screen", "type"),
            (Method::POST, "/v1/compare", "type"),
        ] {
            let response = door.refusal(&request(&method, path)).unwrap();
            assert_eq!(
                (response.status().as_u16(), &response.headers()[header::RETRY_AFTER]),
                (503, &HeaderValue::from(1))
            );
            assert!(
                response.headers().contains_key("x-request-id")
                    && response.headers().contains_key(header::X_CONTENT_TYPE_OPTIONS)
            );
            let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
            let body: Json = serde_json::from_slice(&body).unwrap();
            assert!(body.get(member).is_some(), "{path}: {body}");
        }
        for (method, path) in [
            (Method::GET, "/healthz"),
            (Method::GET, "/metrics"),
            (Method::GET, "/entities/NK-1"),
            (Method::POST, "/v1/screen/stream"),
            (Method::GET, "/v1/jobs/1"),
            (Method::GET, "/match/default"),
        ] {
            assert!(door.refusal(&request(&method, path)).is_none(), "{path}");
        }
    }
}
