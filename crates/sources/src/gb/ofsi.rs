//! Skeleton.
use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::reconcile::Loaded;

/// OFSI consolidated list (ended January 2026), CSV.
pub(crate) fn read_csv(input: &Input) -> Result<Loaded, ReadError> {
    let file = input.files.first().map(|file| file.path.clone()).unwrap_or_default();
    Err(ReadError { file, line: 0, kind: ReadErrorKind::Empty })
}

/// OFSI consolidated list (ended January 2026), XLSX.
pub(crate) fn read_xlsx(input: &Input) -> Result<Loaded, ReadError> {
    let file = input.files.first().map(|file| file.path.clone()).unwrap_or_default();
    Err(ReadError { file, line: 0, kind: ReadErrorKind::Empty })
}
