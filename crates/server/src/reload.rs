//! Values that are read from files and read anew when a file changes: keys, certificates.
//!
//! Idea: a file is known by its time, length and inode; where one differs, the value is read anew and swapped in by one store.
//! Invariant: what cannot be read or used is refused, said once in the log, and the last good value goes on serving. The marks are
//! taken before the files are read, so that a file which is changed while it is read is read again.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use arc_swap::ArcSwap;

/// How often files are looked at.
pub(crate) const LOOK_EVERY: std::time::Duration = std::time::Duration::from_secs(1);

/// What a file is known by; nothing where it cannot be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark(Option<(SystemTime, u64, u64)>);

impl Mark {
    fn of(path: &Path) -> Mark {
        let asked = std::fs::metadata(path).and_then(|about| Ok((about.modified()?, about.len(), inode(&about))));
        Mark(asked.ok())
    }
}

#[cfg(unix)]
fn inode(about: &std::fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(about)
}

#[cfg(not(unix))]
fn inode(_: &std::fs::Metadata) -> u64 {
    0
}

type Read<T, E> = Box<dyn Fn(Option<&T>) -> Result<T, E> + Send + Sync>;

/// A value that follows its files.
pub(crate) struct Reloaded<T, E> {
    /// What it is, for the log.
    what: &'static str,
    files: Vec<PathBuf>,
    read: Read<T, E>,
    current: ArcSwap<T>,
    seen: Mutex<Vec<Mark>>,
}

impl<T, E> std::fmt::Debug for Reloaded<T, E> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Reloaded").field("files", &self.files).finish_non_exhaustive()
    }
}

impl<T, E: Error + 'static> Reloaded<T, E> {
    /// Reads the value for the first time. `read` is given the value so far.
    ///
    /// # Errors
    /// It cannot be read or used.
    pub(crate) fn open(
        what: &'static str,
        files: Vec<PathBuf>,
        read: impl Fn(Option<&T>) -> Result<T, E> + Send + Sync + 'static,
    ) -> Result<Reloaded<T, E>, E> {
        let seen = Mutex::new(files.iter().map(|file| Mark::of(file)).collect());
        let current = ArcSwap::from_pointee(read(None)?);
        Ok(Reloaded { what, files, read: Box::new(read), current, seen })
    }

    /// The value that holds now.
    pub(crate) fn current(&self) -> Arc<T> {
        self.current.load_full()
    }

    /// Reads the value anew if a file changed, or in any case. Blocks for as long as the files take.
    pub(crate) fn refresh(&self, in_any_case: bool) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let marks: Vec<Mark> = self.files.iter().map(|file| Mark::of(file)).collect();
        if !in_any_case && *seen == marks {
            return;
        }
        *seen = marks;
        match (self.read)(Some(&self.current.load())) {
            Ok(value) => {
                self.current.store(Arc::new(value));
                tracing::info!("the {} were read anew", self.what);
            }
            Err(error) => {
                tracing::error!(error = chain(&error), "the {} were not taken; the last good ones go on", self.what);
            }
        }
    }
}

/// An error with its causes.
pub fn chain(error: &dyn Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| (**cause).source());
    causes.fold(error.to_string(), |said, cause| format!("{said}: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_follows_its_file_and_survives_a_bad_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("n");
        std::fs::write(&file, "1").unwrap();
        let path = file.clone();
        let read = move |_: Option<&u64>| std::fs::read_to_string(&path).unwrap_or_default().parse::<u64>();
        let value = Reloaded::open("numbers", vec![file.clone()], read).unwrap();
        value.refresh(false);
        assert_eq!(*value.current(), 1);
        for (text, holds) in [("22", 22), ("none", 22), ("333", 333)] {
            std::fs::write(&file, text).unwrap();
            value.refresh(false);
            assert_eq!(*value.current(), holds, "{text}");
        }
        std::fs::remove_file(&file).unwrap();
        value.refresh(false);
        value.refresh(true);
        assert_eq!(*value.current(), 333);
    }

    #[test]
    fn what_cannot_be_read_at_first_is_an_error() {
        let read = |_: Option<&u64>| "x".parse::<u64>();
        assert!(Reloaded::open("numbers", Vec::new(), read).is_err());
    }
}
