//! What every route is given.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRef, FromRequest, Request};
use axum::http::StatusCode;

use crate::engine::Engine;
use crate::jobs::Jobs;
use crate::observe::record;
use crate::router::too_large;
use crate::searches::Searches;
use crate::settings::Settings;
use crate::view::View;
use crate::yente::Refusal;

/// Shared by all requests; cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    /// What answers.
    pub engine: Arc<Engine>,
    /// How.
    pub settings: Arc<Settings>,
    /// Bulk jobs, where there is a folder to keep them in.
    pub jobs: Option<Arc<Jobs>>,
    /// Where searches are carried out.
    pub searches: Searches,
}

impl App {
    /// A service without jobs.
    pub fn new(engine: Arc<Engine>, settings: Settings) -> App {
        App { engine, settings: Arc::new(settings), jobs: None, searches: Searches::new() }
    }

    /// With jobs.
    #[must_use]
    pub fn with_jobs(self, jobs: Arc<Jobs>) -> App {
        App { jobs: Some(jobs), ..self }
    }

    /// The view that serves now.
    pub(crate) fn view(&self) -> Result<Arc<View>, Refusal> {
        let view = self.engine.view().ok_or_else(|| Refusal::unready("no-lists-yet", "Index not ready."))?;
        if let Some(record) = record::current() {
            record.change(|gathered| gathered.view = Some(Arc::clone(&view)));
        }
        Ok(view)
    }
}

/// A body, read whole.
#[derive(Clone, Debug)]
pub(crate) struct Whole(pub(crate) Bytes);

impl FromRequest<App> for Whole {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &App) -> Result<Whole, Refusal> {
        let read = axum::body::to_bytes(request.into_body(), app.settings.max_body);
        let Ok(read) = tokio::time::timeout(app.settings.http.body, read).await else {
            let said = "The body of the request did not come in time.".to_owned();
            return Err(Refusal::Said(StatusCode::REQUEST_TIMEOUT, said));
        };
        match read {
            Ok(bytes) => {
                if let Some(record) = record::current().filter(|record| record.in_full) {
                    record.change(|gathered| gathered.body = Some(bytes.clone()));
                }
                Ok(Whole(bytes))
            }
            // The connection broke, which nobody hears of, or the body went on beyond the limit.
            Err(_) => Err(too_large(app.settings.max_body)),
        }
    }
}

impl FromRef<App> for Arc<Engine> {
    fn from_ref(app: &App) -> Arc<Engine> {
        Arc::clone(&app.engine)
    }
}
