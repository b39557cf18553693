//! Skeleton.
use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::reconcile::Loaded;

/// Japanese METI foreign end user list, XLSX.
pub(crate) fn read_xlsx(input: &Input) -> Result<Loaded, ReadError> {
    let file = input.files.first().map(|file| file.path.clone()).unwrap_or_default();
    Err(ReadError { file, line: 0, kind: ReadErrorKind::Empty })
}

/// Japanese METI foreign end user list, HTML.
pub(crate) fn read_html(input: &Input) -> Result<Loaded, ReadError> {
    let file = input.files.first().map(|file| file.path.clone()).unwrap_or_default();
    Err(ReadError { file, line: 0, kind: ReadErrorKind::Empty })
}
