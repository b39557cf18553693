//! A file that is still coming: `NAME.part`, and beside it `NAME.part.tag` with what it is a part of.
//!
//! The tag file has two lines: the address asked, and the strong entity tag of the file. Without one, a part is worth nothing:
//! no one could tell whether the rest that comes later belongs to it.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::error::FetchError;

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
}

impl Part {
    /// What is there of a file from an earlier attempt or run, or nothing.
    pub(crate) fn open(destination: &Path, url: &str) -> Result<Part, FetchError> {
        let path = beside(destination, ".part");
        let tag_path = beside(destination, ".part.tag");
        let tag = std::fs::read_to_string(&tag_path).ok().and_then(|text| {
            let (known, tag) = text.split_once('\n')?;
            (known == url && tag.starts_with('"')).then(|| tag.trim_end().to_owned())
        });
        let open = || -> std::io::Result<(File, Sha256, u64)> {
            let mut file = OpenOptions::new().create(true).truncate(false).read(true).append(true).open(&path)?;
            let (mut hash, mut length) = (Sha256::new(), 0);
            if tag.is_none() {
                file.set_len(0)?;
            }
            let mut buffer = vec![0; 1 << 16];
            loop {
                let n = file.read(&mut buffer)?;
                let Some(read) = buffer.get(..n).filter(|read| !read.is_empty()) else { break };
                hash.update(read);
                length += read.len() as u64;
            }
            Ok((file, hash, length))
        };
        let (file, hash, length) = open().map_err(|source| FetchError::Io { path: path.clone(), source })?;
        Ok(Part { path, tag_path, file, hash, length, tag })
    }

    /// Throws away what is there and notes what is coming, if it can be taken up later.
    pub(crate) fn restart(&mut self, url: &str, tag: Option<String>) -> Result<(), FetchError> {
        self.file.set_len(0).map_err(|source| FetchError::Io { path: self.path.clone(), source })?;
        (self.hash, self.length) = (Sha256::new(), 0);
        match &tag {
            Some(tag) => std::fs::write(&self.tag_path, format!("{url}\n{tag}\n"))
                .map_err(|source| FetchError::Io { path: self.tag_path.clone(), source })?,
            None => forget(&self.tag_path),
        }
        self.tag = tag;
        Ok(())
    }

    /// Adds bytes at the end.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), FetchError> {
        self.file.write_all(bytes).map_err(|source| FetchError::Io { path: self.path.clone(), source })?;
        self.hash.update(bytes);
        self.length += bytes.len() as u64;
        Ok(())
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
    pub(crate) fn leave(self) {
        if self.tag.is_none() || self.length == 0 {
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
