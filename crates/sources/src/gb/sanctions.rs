//! Skeleton.
use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::reconcile::Loaded;

/// UK Sanctions List, XLSX.
pub(crate) fn read_xlsx(input: &Input) -> Result<Loaded, ReadError> {
    let file = input.files.first().map(|file| file.path.clone()).unwrap_or_default();
    Err(ReadError { file, line: 0, kind: ReadErrorKind::Empty })
}

/// UK Sanctions List, CSV.
pub(crate) fn read_csv(input: &Input) -> Result<Loaded, ReadError> {
    let file = input.files.first().map(|file| file.path.clone()).unwrap_or_default();
    Err(ReadError { file, line: 0, kind: ReadErrorKind::Empty })
}

/// UK Sanctions List, ODS.
pub(crate) fn read_ods(input: &Input) -> Result<Loaded, ReadError> {
    let file = input.files.first().map(|file| file.path.clone()).unwrap_or_default();
    Err(ReadError { file, line: 0, kind: ReadErrorKind::Empty })
}
