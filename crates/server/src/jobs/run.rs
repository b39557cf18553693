//! Carrying out jobs, one after the other, on a thread of their own.
//!
//! Idea: rows are read here and screened in shares on the threads that screen; where these are busy the job waits and requests go before.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use interdict_batch::{Row, Rows, parse_schema};
use interdict_match::Worker;
use serde_json::Value as Json;
use tokio::runtime::Handle;

use super::state::{Job, JobState, Progress};
use super::store::{JobError, Jobs};
use crate::engine::Engine;
use crate::observe::screened::gather;
use crate::pool::Lost;
use crate::screening_log::Parts;
use crate::shares::cut;
use crate::v1::{Basis, line};

/// Rows that are screened at a time: some milliseconds on two threads.
const SHARE: usize = 64;
/// How long a share waits where the threads that screen are busy.
const AGAIN: Duration = Duration::from_millis(20);
/// How long all jobs wait where the disk does not even take where one of them stands.
const UNWRITTEN: Duration = Duration::from_secs(1);

/// Begins to carry out jobs on a thread of their own, until [`Jobs::close`].
///
/// # Errors
/// The system gives no thread.
pub fn start(jobs: &Arc<Jobs>, engine: &Arc<Engine>, runtime: Handle) -> std::io::Result<std::thread::JoinHandle<()>> {
    let (jobs, engine) = (Arc::clone(jobs), Arc::clone(engine));
    std::thread::Builder::new().name("jobs".to_owned()).spawn(move || {
        while let Some((job, cancelled)) = next(&jobs, &engine) {
            let id = job.id.clone();
            let run = Run { jobs: &jobs, engine: &engine, runtime: &runtime, cancelled: &cancelled };
            let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run.carry_out(&job)));
            let ended = ended.unwrap_or_else(|_| Err(Stop::Failed("the job panicked; see the log".to_owned())));
            let noted = match ended {
                // What is closed is taken up from the disk, what was cancelled was noted by who cancelled it.
                Ok(()) | Err(Stop::Closing | Stop::Cancelled) => Ok(()),
                Err(Stop::Failed(reason)) => jobs.end(&id, JobState::Failed, |job| job.reason = Some(reason)),
                Err(Stop::Unwritten(error)) => Err(error),
            };
            if let Err(error) = noted {
                // It was acknowledged: it waits on, and is not tried without a pause.
                tracing::error!(job = id, %error, "where a job stands cannot be written; it is tried again");
                jobs.requeue(&id);
                jobs.pause(UNWRITTEN);
            }
        }
    })
}

impl Jobs {
    /// Ends the thread that carries out jobs; the one that runs is taken up at the next start.
    pub fn close(&self) {
        self.closing.store(true, Ordering::Release);
        self.wake.notify_all();
    }

    /// Waits so long, or until closing.
    fn pause(&self, pause: Duration) {
        drop(self.wake.wait_timeout_while(self.lock(), pause, |_| !self.closing.load(Ordering::Acquire)));
    }
}

/// The oldest job that waits, once there is a view to screen it by; `None` when closing.
fn next(jobs: &Jobs, engine: &Engine) -> Option<(Job, Arc<AtomicBool>)> {
    let mut held = jobs.lock();
    loop {
        if jobs.closing.load(Ordering::Acquire) {
            return None;
        }
        let waiting = held.values().filter(|held| held.job.state == JobState::Queued);
        let oldest = waiting.min_by(|one, other| one.job.created_at.cmp(&other.job.created_at));
        if let Some(oldest) = oldest.filter(|_| engine.view().is_some()) {
            return Some((oldest.job.clone(), Arc::clone(&oldest.cancelled)));
        }
        let waited = jobs.wake.wait_timeout(held, Duration::from_millis(250));
        held = waited.unwrap_or_else(std::sync::PoisonError::into_inner).0;
    }
}

/// Why a job stopped before its end.
enum Stop {
    Closing,
    Cancelled,
    Failed(String),
    /// Where it stands cannot be written, which is no fault of the job.
    Unwritten(JobError),
}

impl From<JobError> for Stop {
    fn from(error: JobError) -> Stop {
        Stop::Unwritten(error)
    }
}

struct Run<'a> {
    jobs: &'a Jobs,
    engine: &'a Engine,
    runtime: &'a Handle,
    cancelled: &'a AtomicBool,
}

impl Run<'_> {
    fn carry_out(&self, job: &Job) -> Result<(), Stop> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error: std::io::Error| {
                // Where the service keeps its files is the operator's to know.
                tracing::error!(path = %path.display(), %error, "a file of a job cannot be read or written");
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                Stop::Failed(format!("{name}: {error}"))
            }
        };
        if !self.jobs.begin(&job.id)? {
            return Err(Stop::Cancelled);
        }
        let view = self.engine.view().ok_or(Stop::Failed("no lists are loaded".to_owned()))?;
        let plan = job.how.plan(&view, "").map_err(|problem| Stop::Failed(problem.detail))?;
        let schema = parse_schema(&job.schema).ok_or_else(|| Stop::Failed(format!("{:?} is no schema", job.schema)))?;
        let basis = Arc::new(Basis::new(view, plan));
        let parts = self.engine.observe.screening_log.as_ref().map(|_| Parts::of_job(&job.id, job.owner.as_deref()));
        let input = self.jobs.path(&job.id, "input");
        let n_read = Arc::new(AtomicU64::new(0));
        let file = Counted { inner: File::open(&input).map_err(failed(&input))?, n: Arc::clone(&n_read) };
        let mut rows = Rows::open(BufReader::with_capacity(1 << 16, file), "the file", schema)
            .map_err(|error| Stop::Failed(with_hint(&error)))?;
        let notes = rows.notes_of_header().to_vec();
        let part = self.jobs.path(&job.id, "results.part");
        let mut out = BufWriter::with_capacity(1 << 16, File::create(&part).map_err(failed(&part))?);
        let unfinished = Unfinished(&part);
        let mut progress = Progress::default();
        loop {
            let mut share = Vec::with_capacity(SHARE);
            while share.len() < SHARE {
                match rows.next_row().map_err(|error| Stop::Failed(with_hint(&error)))? {
                    Some(row) => share.push(row),
                    None => break,
                }
            }
            if share.is_empty() {
                break;
            }
            progress.rows += share.len() as u64;
            for (text, outcome) in self.answer(&basis, parts.as_ref(), share)? {
                out.write_all(text.as_bytes()).map_err(failed(&part))?;
                match outcome {
                    Some(n_hits) => {
                        progress.screened += 1;
                        progress.hits += n_hits;
                        progress.with_hits += u64::from(n_hits > 0);
                    }
                    None => progress.errors += 1,
                }
            }
            progress.bytes_read = n_read.load(Ordering::Relaxed);
            self.jobs.note(&job.id, progress);
        }
        let file = out.into_inner().map_err(|error| failed(&part)(error.into_error()))?;
        file.sync_all().map_err(failed(&part))?;
        let results = self.jobs.path(&job.id, "results.jsonl");
        fs::rename(&part, &results).map_err(failed(&results))?;
        std::mem::forget(unfinished);
        let notes = [notes, rows.notes_at_end()].concat();
        self.jobs.end(&job.id, JobState::Done, |job| (job.progress, job.notes) = (progress, notes))?;
        Ok(())
    }

    /// The answers to a share, each with the number of its hits; none where a row could not be screened.
    fn answer(
        &self,
        basis: &Arc<Basis>,
        parts: Option<&Parts>,
        share: Vec<Row>,
    ) -> Result<Vec<(String, Option<u64>)>, Stop> {
        let pool = &self.engine.pool;
        let mut admission = loop {
            if self.jobs.closing.load(Ordering::Acquire) {
                return Err(Stop::Closing);
            }
            if self.cancelled.load(Ordering::Acquire) {
                return Err(Stop::Cancelled);
            }
            match pool.admit(share.len()) {
                Ok(admission) => break admission,
                Err(_) => std::thread::sleep(AGAIN),
            }
        };
        let mut waiting = Vec::new();
        for rows in cut(share, SHARE / 8) {
            let basis = Arc::clone(basis);
            let in_full = parts.is_some();
            waiting.push(pool.submit(&mut admission, rows.len(), move |worker| {
                gather(in_full, || {
                    rows.iter().map(|row| answer(&basis, row, worker)).collect::<Result<Vec<_>, String>>()
                })
            }));
        }
        let mut answers = Vec::new();
        for rows in waiting {
            let (rows, screened) = self.runtime.block_on(rows).map_err(|_| Stop::Failed(Lost.to_string()))?;
            if let (Some(log), Some(parts)) = (&self.engine.observe.screening_log, parts) {
                let written = log.write_part_blocking(parts, &basis.view, &screened);
                written.map_err(|unwritten| Stop::Failed(unwritten.to_string()))?;
            }
            answers.extend(rows.map_err(Stop::Failed)?);
        }
        Ok(answers)
    }
}

/// Answers that are not whole: nobody will read them, and where the disk is full others need their room.
struct Unfinished<'a>(&'a Path);

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        // Where that fails, the next run writes over it.
        drop(fs::remove_file(self.0));
    }
}

/// The answer to a row as a line, with the number of its hits.
fn answer(basis: &Basis, row: &Row, worker: &mut Worker) -> Result<(String, Option<u64>), String> {
    let json = basis.answer(row, worker).map_err(|error| error.to_string())?;
    let n_hits = json.get("hits").and_then(Json::as_array).map(|hits| hits.len() as u64);
    Ok((line(&json), n_hits))
}

fn with_hint(error: &interdict_batch::BadInput) -> String {
    match &error.hint {
        Some(hint) => format!("{}: {hint}", error.said),
        None => error.said.clone(),
    }
}

/// A reader that counts what was read.
struct Counted<R> {
    inner: R,
    n: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(out)?;
        self.n.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}
