//! Skeleton.
use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::reconcile::Loaded;

/// Your own list, CSV with a mapping file.
pub(crate) fn read(input: &Input) -> Result<Loaded, ReadError> {
    let file = input.files.first().map(|file| file.path.clone()).unwrap_or_default();
    Err(ReadError { file, line: 0, kind: ReadErrorKind::Empty })
}
