//! The account of what was screened: one JSON line a request (of a stream or a job: a share of its rows), written before the answer leaves.
//!
//! Idea: lines go to one thread, which writes all that wait with one call and, where so told, one sync, and then lets their answers go: many
//! requests share the price of a sync.
//! Files: `screening-2026-11-28.jsonl`, a new one each day (UTC) and, past [`Options::max_bytes`], `screening-2026-11-28.0001.jsonl` and so on;
//! opened to append, never shortened, readable by their owner alone. A line that could be written only in part (a full disk) stays as it
//! is, the next begins on a line of its own; a reader passes over what is no JSON.
//! Invariant: `ScreeningLog::write` is `Ok` only for a line that the system has taken whole, and with [`Durability::Synced`] says to have
//! on the disk. After an error the files are opened anew: a disk that has room again is used again.

mod account;
mod files;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

pub(crate) use account::{Account, Parts};
use files::Files;

/// Lines that may wait to be written; who comes later waits to hand over.
const MOST_WAITING: usize = 1024;

/// When a line counts as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// When the disk says to have it: it survives a loss of power. A sync for all lines that wait.
    Synced,
    /// When the system has it: it survives the end of this process, not of the machine.
    Written,
}

/// How much of a query a line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// SHA-256 of what was asked: whoever knows a query can find it, nobody can read it.
    Hashed,
    /// All of it: names of customers.
    Whole,
}

/// Where and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder; it is made where it is missing.
    pub folder: PathBuf,
    /// How much of a query a line holds.
    pub text: Text,
    /// When a line counts as written.
    pub durability: Durability,
    /// Size from which a new file is begun.
    pub max_bytes: u64,
}

impl Options {
    /// The usual ones: hashes, synced, files of 256 MB.
    pub fn of(folder: impl Into<PathBuf>) -> Options {
        Options { folder: folder.into(), text: Text::Hashed, durability: Durability::Synced, max_bytes: 256 << 20 }
    }
}

/// The log cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the screening log cannot be written: {path}", path = path.display())]
pub struct LogError {
    /// The file or folder.
    pub path: PathBuf,
    /// Why.
    #[source]
    pub source: std::io::Error,
}

/// A line was not written; the log says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the screening log cannot be written")]
pub(crate) struct Unwritten;

struct Line {
    text: String,
    written: oneshot::Sender<Result<(), Unwritten>>,
}

#[derive(Debug, Default)]
struct Told {
    n_lines: AtomicU64,
    trouble: Mutex<Option<String>>,
}

/// The log.
#[derive(Debug)]
pub struct ScreeningLog {
    sender: Option<mpsc::Sender<Line>>,
    thread: Option<JoinHandle<()>>,
    told: Arc<Told>,
    text: Text,
}

impl ScreeningLog {
    /// Opens today's file and starts the thread that writes.
    ///
    /// # Errors
    /// The folder or the file cannot be written, or there is no thread.
    pub fn open(options: Options) -> Result<ScreeningLog, LogError> {
        let failed = |source| LogError { path: options.folder.clone(), source };
        std::fs::create_dir_all(&options.folder).map_err(failed)?;
        let told = Arc::new(Told::default());
        let (sender, lines) = mpsc::channel(MOST_WAITING);
        let text = options.text;
        let folder = options.folder.clone();
        let mut files = Files::of(options);
        files.file()?;
        let telling = Arc::clone(&told);
        let thread = std::thread::Builder::new().name("screening-log".to_owned());
        let thread = thread.spawn(move || run(files, lines, &telling));
        let thread = thread.map_err(|source| LogError { path: folder, source })?;
        Ok(ScreeningLog { sender: Some(sender), thread: Some(thread), told, text })
    }

    /// How much of a query a line holds.
    pub(crate) fn text(&self) -> Text {
        self.text
    }

    /// Writes a line; done when it counts as written.
    pub(crate) async fn write(&self, text: String) -> Result<(), Unwritten> {
        let (written, answer) = oneshot::channel();
        let sender = self.sender.as_ref().ok_or(Unwritten)?;
        sender.send(Line { text, written }).await.map_err(|_| Unwritten)?;
        answer.await.unwrap_or(Err(Unwritten))
    }

    /// As [`ScreeningLog::write`], on a thread that may block.
    pub(crate) fn write_blocking(&self, text: String) -> Result<(), Unwritten> {
        let (written, answer) = oneshot::channel();
        let sender = self.sender.as_ref().ok_or(Unwritten)?;
        sender.blocking_send(Line { text, written }).map_err(|_| Unwritten)?;
        answer.blocking_recv().unwrap_or(Err(Unwritten))
    }

    /// Lines written since the start.
    pub(crate) fn n_lines(&self) -> u64 {
        self.told.n_lines.load(Ordering::Relaxed)
    }

    /// Why the last line could not be written, if so.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.told.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for ScreeningLog {
    fn drop(&mut self) {
        drop(self.sender.take());
        drop(self.thread.take().map(JoinHandle::join));
    }
}

/// Writes lines until nobody sends any more.
fn run(mut files: Files, mut lines: mpsc::Receiver<Line>, told: &Told) {
    while let Some(first) = lines.blocking_recv() {
        let mut batch = vec![first];
        while let Ok(line) = lines.try_recv() {
            batch.push(line);
        }
        let mut bytes = Vec::with_capacity(batch.iter().map(|line| line.text.len() + 1).sum());
        for line in &batch {
            bytes.extend_from_slice(line.text.as_bytes());
            bytes.push(b'\n');
        }
        let result = files.append(&bytes);
        let mut trouble = told.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        match &result {
            Ok(()) => {
                if trouble.take().is_some() {
                    tracing::info!("the screening log is written again");
                }
                told.n_lines.fetch_add(batch.len() as u64, Ordering::Relaxed);
            }
            Err(error) => {
                if trouble.is_none() {
                    tracing::error!(path = %error.path.display(), reason = %error.source, "the screening log cannot be written; what it was to tell of is refused");
                }
                *trouble = Some(error.source.to_string());
            }
        }
        drop(trouble);
        for line in batch {
            // A caller that has gone hears of nothing.
            let _heard = line.written.send(if result.is_ok() { Ok(()) } else { Err(Unwritten) });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn log(folder: &Path, max_bytes: u64) -> ScreeningLog {
        ScreeningLog::open(Options { max_bytes, ..Options::of(folder) }).unwrap()
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        files
    }

    #[test]
    fn lines_are_kept_and_a_full_file_is_followed_by_another() {
        let folder = tempfile::tempdir().unwrap();
        let lines = log(folder.path(), 10);
        for text in ["one line", "two", "three"] {
            assert_eq!(lines.write_blocking(text.to_owned()), Ok(()));
        }
        drop(lines);
        let texts: Vec<String> =
            files(folder.path()).iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
        let mut all: Vec<&str> = texts.iter().flat_map(|text| text.lines()).collect();
        all.sort_unstable();
        assert_eq!((texts.len(), all), (2, vec!["one line", "three", "two"]));
    }

    #[test]
    fn a_torn_line_stays_and_the_next_begins_on_its_own() {
        let folder = tempfile::tempdir().unwrap();
        drop(log(folder.path(), 1000));
        let file = files(folder.path()).remove(0);
        std::fs::write(&file, "{\"to").unwrap();
        assert_eq!(log(folder.path(), 1000).write_blocking("{}".to_owned()), Ok(()));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "{\"to\n{}\n");
    }

    #[test]
    fn what_cannot_be_written_is_an_error_until_it_can() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("log");
        let lines = log(&inner, 4);
        assert_eq!(lines.write_blocking("first".to_owned()), Ok(()));
        std::fs::rename(&inner, folder.path().join("away")).unwrap();
        assert_eq!(lines.write_blocking("second".to_owned()), Err(Unwritten));
        assert!(lines.trouble().is_some());
        std::fs::rename(folder.path().join("away"), &inner).unwrap();
        assert_eq!(lines.write_blocking("third".to_owned()), Ok(()));
        assert_eq!((lines.trouble(), lines.n_lines()), (None, 2));
    }

    #[test]
    fn a_folder_that_is_none_is_refused_at_once() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(ScreeningLog::open(Options::of(file.path())).is_err());
    }
}
