//! The lists of the Office of Foreign Assets Control in their four forms, with one mapping for all.
pub(crate) mod advanced_xml;
pub(crate) mod csv;
pub(crate) mod enhanced_xml;
pub(crate) mod gathered;
pub(crate) mod labels;
pub(crate) mod mapping;
pub(crate) mod names;
pub(crate) mod remarks;
pub(crate) mod simple_xml;

use crate::error::{ReadError, ReadErrorKind};
use crate::input::{Input, SourceFile};

/// The file of a list that comes in one.
pub(crate) fn only_file(input: &Input) -> Result<&SourceFile, ReadError> {
    input.files.first().ok_or_else(|| ReadError {
        file: std::path::PathBuf::new(),
        line: 0,
        kind: ReadErrorKind::MissingFile { name: "the list's file", hint: "name it" },
    })
}
