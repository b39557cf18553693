//! The files of the log: one a day, and another where one is full; only ever appended to.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::{Durability, LogError, Options};

/// The files of a folder.
pub(super) struct Files {
    options: Options,
    open: Option<Open>,
}

/// The file that is written to.
pub(super) struct Open {
    file: File,
    path: PathBuf,
    day: String,
    bytes: u64,
    /// Whether the file ends within a line.
    is_torn: bool,
}

impl Files {
    pub(super) fn of(options: Options) -> Files {
        Files { options, open: None }
    }

    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), LogError> {
        let synced = self.options.durability == Durability::Synced;
        let open = self.file()?;
        let failed = |path: &Path, source| LogError { path: path.to_owned(), source };
        let path = open.path.clone();
        let written = open.append(bytes, synced);
        if written.is_err() {
            // What state the file is in is looked at anew.
            self.open = None;
        }
        written.map_err(|source| failed(&path, source))
    }

    /// The file of today that has room.
    pub(super) fn file(&mut self) -> Result<&mut Open, LogError> {
        let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
        let max_bytes = self.options.max_bytes;
        let fits = self.open.take().filter(|open| open.day == today && open.bytes < max_bytes);
        let open = match fits {
            Some(open) => open,
            None => self.next(&today)?,
        };
        Ok(self.open.insert(open))
    }

    fn next(&self, today: &str) -> Result<Open, LogError> {
        let folder = &self.options.folder;
        for number in 0..10_000 {
            let name = if number == 0 {
                format!("screening-{today}.jsonl")
            } else {
                format!("screening-{today}.{number:04}.jsonl")
            };
            let path = folder.join(name);
            let open = open(&path, today).map_err(|source| LogError { path, source })?;
            if open.bytes < self.options.max_bytes {
                if self.options.durability == Durability::Synced {
                    // The name of a new file is to survive too.
                    let synced = File::open(folder).and_then(|folder| folder.sync_all());
                    synced.map_err(|source| LogError { path: folder.clone(), source })?;
                }
                return Ok(open);
            }
        }
        let source = std::io::Error::other("there are 10,000 files of today");
        Err(LogError { path: folder.clone(), source })
    }
}

fn open(path: &Path, day: &str) -> std::io::Result<Open> {
    use std::io::{Read as _, Seek as _, SeekFrom};
    let mut options = OpenOptions::new();
    options.create(true).append(true).read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let bytes = file.metadata()?.len();
    let mut last = [b'\n'];
    if bytes > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    Ok(Open { file, path: path.to_owned(), day: day.to_owned(), bytes, is_torn: last != *b"\n" })
}

impl Open {
    fn append(&mut self, bytes: &[u8], synced: bool) -> std::io::Result<()> {
        if self.is_torn {
            self.file.write_all(b"\n")?;
            self.is_torn = false;
        }
        self.file.write_all(bytes)?;
        self.bytes += bytes.len() as u64;
        if synced { self.file.sync_data() } else { Ok(()) }
    }
}
