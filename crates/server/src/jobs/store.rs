//! The folders of jobs.
//!
//! Invariant: what a caller was told of is on the disk: `job.json` is written beside, synced and renamed, pieces of a file are synced before
//! their number is told. Where the disk is full a piece is taken back whole, and the caller is told so.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::state::{Job, JobState, Progress};
use crate::ids;
use crate::v1::How;
use crate::wire::now;

/// Largest file of a job in bytes.
const MAX_INPUT: u64 = 4 << 30;
/// Jobs that are kept; older ones are deleted by who made them.
const MAX_JOBS: usize = 1000;
/// Those of one owner, so that nobody fills the service for all others. Where nobody is asked who they are, nobody owns any.
const MAX_JOBS_OF_ONE: usize = 200;

/// Why something cannot be done to a job.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JobError {
    /// There is none of that id.
    #[error("there is no job {0:?}")]
    Unknown(String),
    /// Too many are kept.
    #[error("{MAX_JOBS} jobs are kept already; delete some")]
    TooMany,
    /// Too many of one owner are kept.
    #[error("{MAX_JOBS_OF_ONE} jobs of this caller are kept already; delete some")]
    TooManyOfOne,
    /// It is not in a state for that.
    #[error("the job is {}: {said}", state_word(*.state))]
    State {
        /// Where it stands.
        state: JobState,
        /// What cannot be done.
        said: &'static str,
    },
    /// A piece that does not begin where the last one ended.
    #[error("the piece begins at {given}, but {here} bytes are here")]
    Offset {
        /// Where it begins.
        given: u64,
        /// Bytes that are here.
        here: u64,
    },
    /// Another piece of it is being written.
    #[error("another piece of the file is being written")]
    Busy,
    /// The file is too large.
    #[error("a file has at most {MAX_INPUT} bytes")]
    TooLarge,
    /// The disk.
    #[error("{}: {source}", .path.display())]
    Disk {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

fn state_word(state: JobState) -> &'static str {
    match state {
        JobState::Uploading => "uploading",
        JobState::Queued => "queued",
        JobState::Running => "running",
        JobState::Done => "done",
        JobState::Failed => "failed",
        JobState::Cancelled => "cancelled",
    }
}

/// A job with what its run and its uploads share.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) job: Job,
    pub(super) cancelled: Arc<AtomicBool>,
    uploading: bool,
}

/// All jobs of a service.
#[derive(Debug)]
pub struct Jobs {
    folder: PathBuf,
    held: Mutex<BTreeMap<String, Held>>,
    pub(super) wake: Condvar,
    pub(super) closing: AtomicBool,
}

impl Jobs {
    /// Takes up the jobs of a folder. A folder without a readable `job.json` was never acknowledged and is left as it is, which the log says.
    ///
    /// # Errors
    /// The folder cannot be made or read.
    pub fn open(folder: &Path) -> Result<Jobs, JobError> {
        let disk = |source| JobError::Disk { path: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(disk)?;
        let mut held = BTreeMap::new();
        for entry in fs::read_dir(folder).map_err(disk)? {
            let path = entry.map_err(disk)?.path();
            let Some(job) = read_job(&path) else {
                tracing::warn!(path = %path.display(), "no job can be read here; it is left as it is");
                continue;
            };
            held.insert(job.id.clone(), Held { job, cancelled: Arc::default(), uploading: false });
        }
        Ok(Jobs {
            folder: folder.to_owned(),
            held: Mutex::new(held),
            wake: Condvar::new(),
            closing: AtomicBool::new(false),
        })
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn path(&self, id: &str, file: &str) -> PathBuf {
        self.folder.join(id).join(file)
    }

    /// Makes a job whose file is to come.
    pub fn create(&self, how: How, schema: String, owner: Option<String>) -> Result<Job, JobError> {
        let mut held = self.lock();
        if held.len() >= MAX_JOBS {
            return Err(JobError::TooMany);
        }
        // Without owners there is nobody to be kept from their share.
        if owner.is_some() && held.values().filter(|held| held.job.owner == owner).count() >= MAX_JOBS_OF_ONE {
            return Err(JobError::TooManyOfOne);
        }
        let job = Job {
            id: format!("job-{}", ids::hex(8)),
            state: JobState::Uploading,
            how,
            schema,
            created_at: now(),
            started_at: None,
            ended_at: None,
            reason: None,
            bytes_received: 0,
            progress: Progress::default(),
            notes: Vec::new(),
            owner,
        };
        let folder = self.folder.join(&job.id);
        fs::create_dir(&folder).map_err(|source| JobError::Disk { path: folder.clone(), source })?;
        let input = self.path(&job.id, "input");
        let made = File::create(&input)
            .and_then(|file| file.sync_all())
            .map_err(|source| JobError::Disk { path: input, source })
            .and_then(|()| self.write(&job));
        if let Err(error) = made {
            // What nobody was told of is nobody's. Where that fails too, the next start says what it finds.
            drop(fs::remove_dir_all(&folder));
            return Err(error);
        }
        sync_folder(&self.folder);
        held.insert(job.id.clone(), Held { job: job.clone(), cancelled: Arc::default(), uploading: false });
        Ok(job)
    }

    /// A job as it stands.
    pub fn get(&self, id: &str) -> Result<Job, JobError> {
        self.lock().get(id).map(|held| held.job.clone()).ok_or_else(|| JobError::Unknown(id.to_owned()))
    }

    /// All jobs, the oldest first.
    pub fn all(&self) -> Vec<Job> {
        let mut jobs: Vec<Job> = self.lock().values().map(|held| held.job.clone()).collect();
        jobs.sort_by(|one, other| one.created_at.cmp(&other.created_at).then_with(|| one.id.cmp(&other.id)));
        jobs
    }

    /// Begins a piece of a job's file at an offset; nobody else may write meanwhile.
    pub fn piece(self: &Arc<Jobs>, id: &str, offset: u64) -> Result<Piece, JobError> {
        let mut held = self.lock();
        let found = held.get_mut(id).ok_or_else(|| JobError::Unknown(id.to_owned()))?;
        if found.job.state != JobState::Uploading {
            return Err(JobError::State { state: found.job.state, said: "its file is whole" });
        }
        if found.uploading {
            return Err(JobError::Busy);
        }
        if offset != found.job.bytes_received {
            return Err(JobError::Offset { given: offset, here: found.job.bytes_received });
        }
        let path = self.path(id, "input");
        let disk = |source| JobError::Disk { path: path.clone(), source };
        let mut file = OpenOptions::new().write(true).open(&path).map_err(disk)?;
        // What a piece that broke off left behind, unacknowledged, is written over.
        file.set_len(offset).map_err(disk)?;
        file.seek(SeekFrom::End(0)).map_err(disk)?;
        found.uploading = true;
        Ok(Piece { jobs: Arc::clone(self), id: id.to_owned(), file, path, start: offset, len: 0, is_kept: false })
    }

    /// A job's file is whole: it waits for its turn.
    pub fn complete(&self, id: &str) -> Result<Job, JobError> {
        let job = self.change(id, |job| {
            if job.state != JobState::Uploading {
                return Err(JobError::State { state: job.state, said: "its file is whole already" });
            }
            job.state = JobState::Queued;
            Ok(())
        })?;
        self.wake.notify_all();
        Ok(job)
    }

    /// A job's turn has come: it runs from now on. False where it was cancelled since it was chosen.
    pub(super) fn begin(&self, id: &str) -> Result<bool, JobError> {
        let job = self.change(id, |job| {
            if job.state == JobState::Queued {
                job.state = JobState::Running;
                job.started_at = Some(now());
            }
            Ok(())
        })?;
        Ok(job.state == JobState::Running)
    }

    /// A job ends so, unless it was cancelled meanwhile.
    pub(super) fn end(&self, id: &str, state: JobState, change: impl FnOnce(&mut Job)) -> Result<(), JobError> {
        self.change(id, |job| {
            if !job.state.has_ended() {
                job.state = state;
                job.ended_at = Some(now());
                change(job);
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Cancels a job that has not ended, and deletes one that has.
    pub fn cancel_or_delete(&self, id: &str) -> Result<Option<Job>, JobError> {
        let (state, cancelled) = {
            let held = self.lock();
            let found = held.get(id).ok_or_else(|| JobError::Unknown(id.to_owned()))?;
            (found.job.state, Arc::clone(&found.cancelled))
        };
        if state.has_ended() {
            self.delete(id)?;
            return Ok(None);
        }
        let job = self.change(id, |job| {
            if !job.state.has_ended() {
                job.state = JobState::Cancelled;
                job.ended_at = Some(now());
            }
            Ok(())
        })?;
        // Not before that is on the disk: a job that stopped and was not cancelled would be nobody's.
        cancelled.store(true, Ordering::Release);
        Ok(Some(job))
    }

    /// Deletes a job and all of it, whatever its state: one that has ended, or one that nobody was told of.
    pub(crate) fn delete(&self, id: &str) -> Result<(), JobError> {
        let folder = self.folder.join(id);
        // First its description, so that a folder half deleted is no job.
        let described = self.path(id, "job.json");
        fs::remove_file(&described).map_err(|source| JobError::Disk { path: described, source })?;
        self.lock().remove(id);
        fs::remove_dir_all(&folder).map_err(|source| JobError::Disk { path: folder, source })
    }

    /// The answers of a job that is done.
    pub fn results(&self, id: &str) -> Result<PathBuf, JobError> {
        let job = self.get(id)?;
        match job.state {
            JobState::Done => Ok(self.path(id, "results.jsonl")),
            state => Err(JobError::State { state, said: "it has no answers to download" }),
        }
    }

    /// Changes a job, on the disk first.
    pub(super) fn change(
        &self,
        id: &str,
        change: impl FnOnce(&mut Job) -> Result<(), JobError>,
    ) -> Result<Job, JobError> {
        let mut held = self.lock();
        let found = held.get_mut(id).ok_or_else(|| JobError::Unknown(id.to_owned()))?;
        let mut changed = found.job.clone();
        change(&mut changed)?;
        self.write(&changed)?;
        found.job = changed.clone();
        Ok(changed)
    }

    /// A job that ran waits again, in memory alone: on the disk it is one that is taken up.
    pub(super) fn requeue(&self, id: &str) {
        let mut held = self.lock();
        if let Some(found) = held.get_mut(id).filter(|found| found.job.state == JobState::Running) {
            found.job.state = JobState::Queued;
            found.job.progress = Progress::default();
        }
    }

    /// Notes how far a job is, in memory alone.
    pub(super) fn note(&self, id: &str, progress: Progress) {
        if let Some(found) = self.lock().get_mut(id) {
            found.job.progress = progress;
        }
    }

    fn write(&self, job: &Job) -> Result<(), JobError> {
        let path = self.path(&job.id, "job.json");
        let beside = self.path(&job.id, "job.json.new");
        let written = (|| {
            let mut file = File::create(&beside)?;
            serde_json::to_writer(&mut file, job)?;
            file.sync_all()?;
            fs::rename(&beside, &path)
        })();
        written.map_err(|source: std::io::Error| JobError::Disk { path: path.clone(), source })?;
        sync_folder(&self.folder.join(&job.id));
        Ok(())
    }
}

/// A piece of a job's file that is being written. Dropped without [`Piece::keep`] it was never there.
#[derive(Debug)]
pub struct Piece {
    jobs: Arc<Jobs>,
    id: String,
    file: File,
    path: PathBuf,
    start: u64,
    len: u64,
    is_kept: bool,
}

impl Piece {
    /// Writes what came.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), JobError> {
        if self.start + self.len + bytes.len() as u64 > MAX_INPUT {
            return Err(JobError::TooLarge);
        }
        self.file.write_all(bytes).map_err(|source| JobError::Disk { path: self.path.clone(), source })?;
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// Keeps what was written; the bytes that are here now.
    pub fn keep(mut self) -> Result<u64, JobError> {
        self.file.sync_all().map_err(|source| JobError::Disk { path: self.path.clone(), source })?;
        let here = self.start + self.len;
        self.jobs.change(&self.id, |job| {
            job.bytes_received = here;
            Ok(())
        })?;
        self.is_kept = true;
        Ok(here)
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        if !self.is_kept {
            // Where that fails too, the next piece cuts it off.
            drop(self.file.set_len(self.start));
        }
        if let Some(found) = self.jobs.lock().get_mut(&self.id) {
            found.uploading = false;
        }
    }
}

fn read_job(folder: &Path) -> Option<Job> {
    let text = fs::read(folder.join("job.json")).ok()?;
    let mut job: Job = serde_json::from_slice(&text).ok()?;
    let is_its_own = folder.file_name().is_some_and(|name| name.to_str() == Some(job.id.as_str()));
    if job.state == JobState::Running {
        // Its answers were not whole: it begins anew.
        job.state = JobState::Queued;
        job.progress = Progress::default();
    }
    is_its_own.then_some(job)
}

/// A rename is on the disk when its folder is; where folders cannot be synced the system keeps them.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        drop(folder.sync_all());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_was_cancelled_when_its_turn_came_stays_so() {
        let folder = tempfile::tempdir().unwrap();
        let jobs = Jobs::open(folder.path()).unwrap();
        let id = jobs.create(How::default(), "Thing".to_owned(), None).unwrap().id;
        jobs.complete(&id).unwrap();
        // Chosen by the thread that runs jobs, and cancelled before that one begins.
        jobs.cancel_or_delete(&id).unwrap();
        assert!(!jobs.begin(&id).unwrap());
        jobs.end(&id, JobState::Failed, |job| job.reason = Some("late".to_owned())).unwrap();
        let job = jobs.get(&id).unwrap();
        assert_eq!((job.state, job.started_at, job.reason), (JobState::Cancelled, None, None));
    }
}
