//! `/v1/jobs`: bulk screening in the background.
//!
//! Source of the upload in pieces: draft-ietf-httpbis-resumable-upload (`Upload-Offset`, `Upload-Complete`), of which a piece is appended by
//! `PATCH` and the offset asked by `HEAD`. A body sent with `POST` alone is the whole file.

use std::sync::Arc;

use axum::Json as Body;
use axum::body::{Body as RawBody, Bytes};
use axum::extract::{Extension, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt as _, stream};
use serde::Serialize;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use utoipa::ToSchema;

use super::asked::How;
use super::problem::{FieldError, Problem};
use crate::access::Caller;
use crate::address::Path;
use crate::app::App;
use crate::flowing::is_silence;
use crate::jobs::{Job, JobError, JobState, Jobs};

const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_COMPLETE: HeaderName = HeaderName::from_static("upload-complete");

/// All jobs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobList {
    /// The oldest first.
    pub jobs: Vec<Job>,
}

/// Makes a job. A body is its whole file, CSV with a header row or JSON lines as `interdict screen --input` reads them, unless
/// `Upload-Complete: ?0` says that more is to come; without a body the file is uploaded in pieces.
#[utoipa::path(post, path = "/v1/jobs", tag = "jobs", params(How, ("schema" = Option<String>, Query, description = "Schema of rows that do not say theirs")),
    request_body(content = String, content_type = "text/csv", description = "The file, or none yet"),
    responses((status = 201, body = Job, description = "Made; `Location` says where"),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn create(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Response, Problem> {
    let jobs = jobs_of(&app)?;
    let (how, others) = How::of_address(query.as_deref())?;
    let mut schema = "Thing".to_owned();
    for (name, value) in others {
        match name.as_str() {
            "schema" if interdict_batch::parse_schema(&value).is_some() => schema = value,
            "schema" => {
                return Err(Problem::unusable(vec![FieldError::new("?schema", format!("{value:?} is no schema"))]));
            }
            _ => {
                return Err(Problem::unusable(vec![FieldError::new(format!("?{name}"), "there is no such parameter")]));
            }
        }
    }
    // What cannot be asked is refused now and not when the file is here.
    how.plan(&*app.view()?, "?")?;
    let complete = complete_said(request.headers())?;
    let job = blocking({
        let (jobs, owner) = (Arc::clone(&jobs), caller.id().map(str::to_owned));
        move || jobs.create(how, schema, owner)
    })
    .await?;
    let untold = Untold { jobs: Arc::clone(&jobs), id: job.id.clone(), is_told: false };
    let here = receive(&jobs, &job.id, 0, request.into_body()).await?;
    let is_whole = complete.unwrap_or(here > 0);
    let job = if is_whole {
        let (jobs, id) = (Arc::clone(&jobs), job.id.clone());
        blocking(move || jobs.complete(&id)).await?
    } else {
        jobs.get(&job.id)?
    };
    let location =
        HeaderValue::from_str(&format!("/v1/jobs/{}", job.id)).map_err(|_| Problem::internal("no address"))?;
    let mut response = (StatusCode::CREATED, [(header::LOCATION, location)], Body(&job)).into_response();
    response.headers_mut().extend(upload_headers(&job));
    untold.tell();
    Ok(response)
}

/// A job whose caller was not told of it yet. Where the body breaks off or finds no room, nobody knows its id and it goes.
struct Untold {
    jobs: Arc<Jobs>,
    id: String,
    is_told: bool,
}

impl Untold {
    fn tell(mut self) {
        self.is_told = true;
    }
}

impl Drop for Untold {
    fn drop(&mut self) {
        if self.is_told {
            return;
        }
        if let Err(error) = self.jobs.delete(&self.id) {
            tracing::warn!(job = self.id, %error, "a job that nobody was told of cannot be deleted");
        }
    }
}

/// The caller's jobs, the oldest first.
#[utoipa::path(get, path = "/v1/jobs", tag = "jobs", responses((status = 200, body = JobList)))]
pub(crate) async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
) -> Result<Body<JobList>, Problem> {
    let mut jobs = jobs_of(&app)?.all();
    jobs.retain(|job| caller.may_see(job.owner.as_deref()));
    Ok(Body(JobList { jobs }))
}

/// A job: its state and how far it is.
#[utoipa::path(get, path = "/v1/jobs/{id}", tag = "jobs", params(("id" = String, Path, description = "Its id")),
    responses((status = 200, body = Job), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Body<Job>, Problem> {
    Ok(Body(own(&*jobs_of(&app)?, &caller, &id)?))
}

/// Cancels a job, or deletes one that has ended with its file and its answers.
#[utoipa::path(delete, path = "/v1/jobs/{id}", tag = "jobs", params(("id" = String, Path, description = "Its id")),
    responses((status = 200, body = Job, description = "Cancelled"), (status = 204, description = "Deleted"),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn delete(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let jobs = jobs_of(&app)?;
    own(&jobs, &caller, &id)?;
    Ok(match blocking(move || jobs.cancel_or_delete(&id)).await? {
        Some(job) => Body(job).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

/// How much of a job's file is here: `Upload-Offset`, and `Upload-Complete`.
#[utoipa::path(head, path = "/v1/jobs/{id}/input", tag = "jobs", params(("id" = String, Path, description = "Its id")),
    responses((status = 204, description = "`Upload-Offset` says how many bytes are here"), (status = 404, description = "There is no such job")))]
pub(crate) async fn offset(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let job = own(&*jobs_of(&app)?, &caller, &id)?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().extend(upload_headers(&job));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Appends a piece to a job's file. `Upload-Offset` says where it begins, `Upload-Complete: ?1` that it is the last. An answer of success means that
/// the piece is on the disk; a piece that breaks off counts for nothing.
#[utoipa::path(patch, path = "/v1/jobs/{id}/input", tag = "jobs", params(("id" = String, Path, description = "Its id"),
        ("Upload-Offset" = u64, Header, description = "Where the piece begins"), ("Upload-Complete" = Option<String>, Header, description = "`?1` with the last piece")),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 204, description = "`Upload-Offset` says how many bytes are here"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "The piece begins elsewhere, or the file is whole"),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
        (status = "5XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn append(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let jobs = jobs_of(&app)?;
    own(&jobs, &caller, &id)?;
    let offset = request.headers().get(UPLOAD_OFFSET).and_then(|offset| offset.to_str().ok()?.parse().ok());
    let offset =
        offset.ok_or_else(|| Problem::malformed("Upload-Offset: expected the number of bytes before the piece"))?;
    let complete = complete_said(request.headers())?.unwrap_or(false);
    receive(&jobs, &id, offset, request.into_body()).await?;
    let job = if complete {
        let (jobs, id) = (Arc::clone(&jobs), id.clone());
        blocking(move || jobs.complete(&id)).await?
    } else {
        jobs.get(&id)?
    };
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().extend(upload_headers(&job));
    Ok(response)
}

/// The answers of a job that is done, one JSON line a row in the order of the file. `Range: bytes=N-` goes on with a download that broke off.
#[utoipa::path(get, path = "/v1/jobs/{id}/results", tag = "jobs", params(("id" = String, Path, description = "Its id")),
    responses((status = 200, body = super::screen::ScreenResult, content_type = "application/x-ndjson"),
        (status = 206, description = "From the byte that was asked for"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "It is not done"),
        (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub(crate) async fn results(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let jobs = jobs_of(&app)?;
    own(&jobs, &caller, &id)?;
    let path = jobs.results(&id)?;
    let disk = |source| JobError::Disk { path: path.clone(), source };
    let mut file = tokio::fs::File::open(&path).await.map_err(disk)?;
    let len = file.metadata().await.map_err(disk)?.len();
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let from = match range.map(|range| (range, range.strip_prefix("bytes=").and_then(|range| range.strip_suffix('-'))))
    {
        // Other forms of ranges are answered whole, as RFC 9110, section 14.2 allows.
        None | Some((_, None)) => None,
        Some((_, Some(from))) => from.parse::<u64>().ok(),
    };
    if from.is_some_and(|from| from > len) {
        let detail = format!("the answers have {len} bytes");
        return Err(Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "range-beyond-end", detail));
    }
    file.seek(std::io::SeekFrom::Start(from.unwrap_or(0))).await.map_err(disk)?;
    let chunks = stream::try_unfold(file, |mut file| async move {
        let mut chunk = vec![0; 1 << 16];
        let n = file.read(&mut chunk).await?;
        chunk.truncate(n);
        Ok::<_, std::io::Error>(if n == 0 { None } else { Some((Bytes::from(chunk), file)) })
    });
    let mut response = RawBody::from_stream(chunks).into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    out.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    out.insert(header::CONTENT_LENGTH, HeaderValue::from(len - from.unwrap_or(0)));
    if let Some(from) = from.filter(|from| *from < len) {
        let range = HeaderValue::from_str(&format!("bytes {from}-{}/{len}", len - 1));
        out.extend(range.ok().map(|range| (header::CONTENT_RANGE, range)));
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    Ok(response)
}

/// Writes a body to a job's file as it comes; the bytes that are here then. An empty one writes nothing.
async fn receive(jobs: &Arc<Jobs>, id: &str, offset: u64, body: RawBody) -> Result<u64, Problem> {
    let mut piece = {
        let (jobs, id) = (Arc::clone(jobs), id.to_owned());
        blocking(move || jobs.piece(&id, offset)).await?
    };
    let mut frames = body.into_data_stream();
    while let Some(frame) = frames.next().await {
        let bytes = frame.map_err(|error| broken_off(&error))?;
        piece = blocking(move || piece.write(&bytes).map(|()| piece)).await?;
    }
    blocking(move || piece.keep()).await
}

/// A piece that did not come whole.
fn broken_off(error: &axum::Error) -> Problem {
    let detail = format!("{error}; nothing of this piece was kept");
    if is_silence(error) {
        Problem::new(StatusCode::REQUEST_TIMEOUT, "too-slow", detail)
    } else {
        Problem::malformed(detail)
    }
}

/// Does what waits for the disk on a thread for it.
async fn blocking<T: Send + 'static>(
    task: impl FnOnce() -> Result<T, JobError> + Send + 'static,
) -> Result<T, Problem> {
    Ok(tokio::task::spawn_blocking(task).await.map_err(|_| crate::pool::Lost)??)
}

fn jobs_of(app: &App) -> Result<Arc<Jobs>, Problem> {
    let detail = "this service keeps no jobs: it was started without a data folder that it may write";
    app.jobs.clone().ok_or_else(|| Problem::new(StatusCode::NOT_IMPLEMENTED, "no-jobs", detail))
}

/// A job of the caller's; another's is none.
fn own(jobs: &Jobs, caller: &Caller, id: &str) -> Result<Job, Problem> {
    let job = jobs.get(id)?;
    if caller.may_see(job.owner.as_deref()) { Ok(job) } else { Err(JobError::Unknown(id.to_owned()).into()) }
}

/// What `Upload-Complete` says: a boolean of RFC 9651.
fn complete_said(headers: &HeaderMap) -> Result<Option<bool>, Problem> {
    match headers.get(UPLOAD_COMPLETE).map(HeaderValue::as_bytes) {
        None => Ok(None),
        Some(b"?1") => Ok(Some(true)),
        Some(b"?0") => Ok(Some(false)),
        Some(_) => Err(Problem::malformed("Upload-Complete: expected ?1 or ?0")),
    }
}

fn upload_headers(job: &Job) -> [(HeaderName, HeaderValue); 2] {
    let complete = if job.state == JobState::Uploading { "?0" } else { "?1" };
    [(UPLOAD_OFFSET, HeaderValue::from(job.bytes_received)), (UPLOAD_COMPLETE, HeaderValue::from_static(complete))]
}

impl From<JobError> for Problem {
    fn from(error: JobError) -> Problem {
        let said = error.to_string();
        match error {
            JobError::Unknown(_) => Problem::not_found(said),
            JobError::TooMany | JobError::TooManyOfOne => {
                Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-jobs", said)
            }
            JobError::State { .. } | JobError::Busy | JobError::Offset { .. } => Problem::conflict(said),
            JobError::TooLarge => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", said),
            JobError::Disk { source, .. } => {
                tracing::error!(error = said, "a job cannot be written or read");
                let full = matches!(source.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded);
                let (slug, what) =
                    if full { ("disk-full", "the disk is full") } else { ("disk", "the disk cannot be written") };
                Problem::new(
                    StatusCode::INSUFFICIENT_STORAGE,
                    slug,
                    format!("{what}; nothing was kept, try again later"),
                )
            }
        }
    }
}
