//! Files of a list into memory: folders walked, gzip and zip seen through, every file hashed as it is stored.
//!
//! Limits hold against hostile files, for all files of a list together: packed files may unpack to at most [`MAX_UNPACKED`] bytes
//! and to at most [`MAX_RATIO`] times their size as stored, of which the first [`RATIO_FREE`] are not judged; packed once. What an
//! archive says of its own sizes is not believed.

use std::io::Read;
use std::path::{Path, PathBuf};

use interdict_sources::{Format, SourceFile};
use sha2::{Digest as _, Sha256};

/// Most bytes that the packed files of a list may unpack to. The largest list at hand (SECO) has 42 MB; a publisher's whole catalogue as
/// FollowTheMoney has some 5 GB and is read as such only where memory allows.
pub const MAX_UNPACKED: u64 = 8 << 30;

/// Most that unpacking may multiply the packed files of a list by; lists of XML shrink to a twentieth.
pub const MAX_RATIO: u64 = 200;

/// Unpacked bytes of a list up to which the ratio is not judged.
pub const RATIO_FREE: u64 = 64 << 20;

/// A file cannot be brought into memory.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// It cannot be read.
    #[error("{path}: cannot be read", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is packed, and the packing is damaged.
    #[error("{path}: cannot be unpacked: {reason}", path = path.display())]
    Packed {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// With the packed files before it, it unpacks to more than any list has, or to a suspicious multiple of their size.
    #[error("{path}: unpacks to more than {limit} bytes with the files before it; this is no list", path = path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit.
        limit: u64,
    },
    /// A file is named twice, by itself or with its folder; its records would be counted twice.
    #[error("{path}: stands twice among the files of the list", path = path.display())]
    Twice {
        /// The file.
        path: PathBuf,
    },
    /// A folder holds no file of the list's format.
    #[error("{path}: the folder holds no file that `{format}` knows", path = path.display())]
    EmptyFolder {
        /// The folder.
        path: PathBuf,
        /// The format.
        format: Format,
    },
}

/// A file as it was stored, for the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedFile {
    /// Its path.
    pub path: PathBuf,
    /// SHA-256 of its bytes as stored, in hexadecimal.
    pub sha256: String,
}

/// Files in memory with their account.
#[derive(Debug, Default)]
pub struct Files {
    /// Unpacked.
    pub files: Vec<SourceFile>,
    /// As stored.
    pub stored: Vec<LoadedFile>,
    /// Files of a folder that the format does not know, by name.
    pub ignored: Vec<String>,
    /// Whether every file was named by the caller, none found in a folder.
    pub named: bool,
}

/// Brings the files at `paths` into memory. In a folder, the files that the format knows by name are read, whatever their case;
/// the others are named as ignored.
pub fn load(paths: &[PathBuf], format: Format) -> Result<Files, LoadError> {
    let mut found = Files { named: true, ..Files::default() };
    let mut budget = Budget::default();
    for path in paths {
        let io = |source| LoadError::Io { path: path.clone(), source };
        if !std::fs::metadata(path).map_err(io)?.is_dir() {
            read(path, &mut budget, &mut found)?;
            continue;
        }
        found.named = false;
        let mut inside: Vec<PathBuf> = std::fs::read_dir(path)
            .map_err(io)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()
            .map_err(io)?;
        inside.retain(|path| path.is_file());
        inside.sort();
        let before = found.files.len();
        for file in inside {
            if format.knows_file(&bare_name(&file)) {
                read(&file, &mut budget, &mut found)?;
            } else {
                found
                    .ignored
                    .push(file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default());
            }
        }
        if found.files.len() == before {
            return Err(LoadError::EmptyFolder { path: path.clone(), format });
        }
    }
    Ok(found)
}

/// A file's name in lower case, without the ending of its packing, as formats know it.
pub(crate) fn bare_name(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    name.trim_end_matches(".gz").trim_end_matches(".zip").to_owned()
}

fn read(path: &Path, budget: &mut Budget, found: &mut Files) -> Result<(), LoadError> {
    // `a.csv` and `./a.csv` have the same components.
    if found.stored.iter().any(|known| known.path.components().eq(path.components())) {
        return Err(LoadError::Twice { path: path.to_owned() });
    }
    let bytes = std::fs::read(path).map_err(|source| LoadError::Io { path: path.to_owned(), source })?;
    let sha256 = sha256(&bytes);
    found.stored.push(LoadedFile { path: path.to_owned(), sha256 });
    found.files.extend(unpack(path, bytes, budget)?);
    Ok(())
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves.filter_map(|half| char::from_digit(u32::from(half), 16)).collect()
}

/// What the packed files of one list may still unpack to.
#[derive(Debug, Default)]
struct Budget {
    /// Bytes of the packed files as stored.
    packed: u64,
    /// Bytes that came out of them.
    unpacked: u64,
}

impl Budget {
    /// Bytes that all packed files so far may unpack to.
    fn limit(&self) -> u64 {
        MAX_UNPACKED.min(self.packed.saturating_mul(MAX_RATIO).max(RATIO_FREE))
    }

    /// Reads all that unpacks of a file, or of a part of it.
    fn take(&mut self, packed: impl Read, path: &Path) -> Result<Vec<u8>, LoadError> {
        let left = self.limit().saturating_sub(self.unpacked);
        let mut bytes = Vec::new();
        packed
            .take(left + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| LoadError::Packed { path: path.to_owned(), reason: error.to_string() })?;
        if bytes.len() as u64 > left {
            return Err(LoadError::TooLarge { path: path.to_owned(), limit: self.limit() });
        }
        self.unpacked += bytes.len() as u64;
        Ok(bytes)
    }
}

/// Sees through gzip and zip; a workbook (`.xlsx`, `.ods`) is a zip too and stays as it is.
fn unpack(path: &Path, bytes: Vec<u8>, budget: &mut Budget) -> Result<Vec<SourceFile>, LoadError> {
    if bytes.starts_with(b"\x1f\x8b") {
        budget.packed += bytes.len() as u64;
        let bytes = budget.take(flate2::read::MultiGzDecoder::new(bytes.as_slice()), path)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let bare = name.strip_suffix(".gz").unwrap_or(&name);
        return Ok(vec![SourceFile { path: path.with_file_name(bare), bytes }]);
    }
    if !bytes.starts_with(b"PK\x03\x04") {
        return Ok(vec![SourceFile { path: path.to_owned(), bytes }]);
    }
    let packed = |error: zip::result::ZipError| LoadError::Packed { path: path.to_owned(), reason: error.to_string() };
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes.as_slice())).map_err(packed)?;
    let workbook =
        archive.file_names().any(|name| name.is_ok_and(|name| name == "[Content_Types].xml" || name == "mimetype"));
    if workbook {
        drop(archive);
        return Ok(vec![SourceFile { path: path.to_owned(), bytes }]);
    }
    budget.packed += bytes.len() as u64;
    let mut files = Vec::new();
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(packed)?;
        if file.is_file() {
            // Only the last part of the name is used, so that no entry can point elsewhere.
            let name = file.name().map_err(packed)?.into_owned();
            let name = PathBuf::from(name).file_name().map(PathBuf::from).unwrap_or_default();
            files.push(SourceFile { path: path.join(name), bytes: budget.take(file, path)? });
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    #[test]
    fn gzip_is_seen_through_and_a_bomb_is_refused() {
        let files = unpack(Path::new("sdn.csv.gz"), gzip(b"abc"), &mut Budget::default()).unwrap();
        assert_eq!((files[0].path.to_str().unwrap(), files[0].bytes.as_slice()), ("sdn.csv", b"abc".as_slice()));
        let bomb = gzip(&vec![0u8; 80 << 20]);
        assert!(matches!(unpack(Path::new("x.gz"), bomb, &mut Budget::default()), Err(LoadError::TooLarge { .. })));
    }

    #[test]
    fn damaged_packing_is_an_error() {
        let mut bytes = gzip(b"a list of some length that is cut");
        bytes.truncate(bytes.len() - 6);
        assert!(matches!(unpack(Path::new("x.gz"), bytes, &mut Budget::default()), Err(LoadError::Packed { .. })));
        assert!(matches!(
            unpack(Path::new("x.zip"), b"PK\x03\x04rubbish".to_vec(), &mut Budget::default()),
            Err(LoadError::Packed { .. })
        ));
    }
}
