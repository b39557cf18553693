//! A file that is still coming: `NAME.part`, and beside it `NAME.part.tag` with what it is a part of.
//!
//! The tag file has three lines: the address asked, the strong entity tag of the file, and a mark: how many bytes came, and their
//! SHA-256. Without a tag, a part is worth nothing: no one could tell whether the rest that comes later belongs to it. Bytes are
//! taken up only as far as the mark, and only if they have its hash: a machine that lost power may have kept the length of a file
//! and not its bytes. Cost: a small write for every [`MARK_EVERY`] bytes.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::digest;
use crate::error::FetchError;

/// Bytes between two marks: what a killed process has to fetch again at most.
const MARK_EVERY: u64 = 1 << 16;

/// A file that is still coming.
pub(crate) struct Part {
    path: PathBuf,
    tag_path: PathBuf,
    file: File,
    /// Hash of what is there.
    pub(crate) hash: Sha256,
    /// Bytes that are there.
    pub(crate) length: u64,
    /// Strong entity tag of the whole.
    pub(crate) tag: Option<String>,
    /// Address asked.
    url: String,
    /// Bytes up to the last mark.
    marked: u64,
}

impl Part {
    /// What is there of a file from an earlier attempt or run, or nothing.
    pub(crate) fn open(destination: &Path, url: &str) -> Result<Part, FetchError> {
        let path = beside(destination, ".part");
        let tag_path = beside(destination, ".part.tag");
        let known = std::fs::read_to_string(&tag_path).ok().and_then(|text| {
            let mut lines = text.lines();
            let (known, tag, mark) = (lines.next()?, lines.next()?, lines.next()?);
            let (marked, sha256) = mark.split_once(' ')?;
            let marked: u64 = marked.parse().ok()?;
            (known == url && tag.starts_with('"')).then(|| (tag.to_owned(), marked, sha256.to_owned()))
        });
        let open = || -> std::io::Result<(File, Sha256, u64, Option<String>)> {
            let mut file = OpenOptions::new().create(true).truncate(false).read(true).append(true).open(&path)?;
            if let Some((tag, marked, sha256)) = known {
                let mut hash = Sha256::new();
                let mut buffer = vec![0; 1 << 16];
                let mut length = 0;
                let mut marked_bytes = (&mut file).take(marked);
                loop {
                    let n = marked_bytes.read(&mut buffer)?;
                    let Some(read) = buffer.get(..n).filter(|read| !read.is_empty()) else { break };
                    hash.update(read);
                    length += read.len() as u64;
                }
                if length == marked && digest::hex(&digest::finish(hash.clone())) == sha256 {
                    file.set_len(marked)?;
                    return Ok((file, hash, marked, Some(tag)));
                }
            }
            file.set_len(0)?;
            Ok((file, Sha256::new(), 0, None))
        };
        let (file, hash, length, tag) = open().map_err(|source| FetchError::Io { path: path.clone(), source })?;
        Ok(Part { path, tag_path, file, hash, length, tag, url: url.to_owned(), marked: length })
    }

    /// Throws away what is there and notes what is coming, if it can be taken up later.
    pub(crate) fn restart(&mut self, url: &str, tag: Option<String>) -> Result<(), FetchError> {
        self.file.set_len(0).map_err(|source| FetchError::Io { path: self.path.clone(), source })?;
        (self.hash, self.length) = (Sha256::new(), 0);
        url.clone_into(&mut self.url);
        self.tag = tag;
        if self.tag.is_none() {
            forget(&self.tag_path);
        }
        self.mark()
    }

    /// Notes how far the part has come, if it can be taken up later.
    fn mark(&mut self) -> Result<(), FetchError> {
        self.marked = self.length;
        let Some(tag) = &self.tag else { return Ok(()) };
        let sha256 = digest::hex(&digest::finish(self.hash.clone()));
        std::fs::write(&self.tag_path, format!("{}\n{tag}\n{} {sha256}\n", self.url, self.length))
            .map_err(|source| FetchError::Io { path: self.tag_path.clone(), source })
    }

    /// Adds bytes at the end.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), FetchError> {
        self.file.write_all(bytes).map_err(|source| FetchError::Io { path: self.path.clone(), source })?;
        self.hash.update(bytes);
        self.length += bytes.len() as u64;
        if self.length >= self.marked + MARK_EVERY { self.mark() } else { Ok(()) }
    }

    /// Makes it the file that it was to become.
    pub(crate) fn finish(self, destination: &Path) -> Result<(), FetchError> {
        let finish = || {
            self.file.sync_all()?;
            std::fs::rename(&self.path, destination)
        };
        finish().map_err(|source| FetchError::Io { path: destination.to_owned(), source })?;
        forget(&self.tag_path);
        Ok(())
    }

    /// Keeps it for another run where it can be taken up, else removes it.
    pub(crate) fn leave(mut self) {
        if self.tag.is_none() || self.length == 0 || self.mark().is_err() {
            self.discard();
        }
    }

    /// Removes it.
    pub(crate) fn discard(self) {
        forget(&self.path);
        forget(&self.tag_path);
    }
}

/// Best effort: a part that cannot be removed is overwritten by the next run.
fn forget(path: &Path) {
    drop(std::fs::remove_file(path));
}

fn beside(destination: &Path, ending: &str) -> PathBuf {
    let mut name = destination.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    destination.with_file_name(name)
}
