//! What a reader gets: the files of one list, in memory.

use std::path::PathBuf;

use interdict_model::ListId;

use crate::format::Format;

/// One file of a list, unpacked.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Where it was read from, for errors and reports. Readers go by the file name, whatever its case.
    pub path: PathBuf,
    /// Its bytes; gzip and zip are already seen through.
    pub bytes: Vec<u8>,
}

/// The files of one list with what is known about them beforehand.
#[derive(Clone, Debug)]
pub struct Input {
    /// The list that the entities will stand on.
    pub list: ListId,
    /// The form of the files.
    pub format: Format,
    /// Version to use where the files carry no date of the whole list: a publisher's date, or [`crate::newest_day`] with a
    /// digest of the bytes. A date inside the files wins.
    pub version: String,
    /// The files. A reader of one file takes the only one; a reader of several goes by their names.
    pub files: Vec<SourceFile>,
    /// For own lists (`csv`): the mapping file's text and where it was read from.
    pub mapping: Option<SourceFile>,
    /// Whether a file of a set may stand alone because the caller named it itself (`sdn.csv` without its `add.csv`).
    pub named_alone: bool,
}

impl SourceFile {
    /// The file name in lower case, empty where the path has none.
    pub fn name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default()
    }
}
