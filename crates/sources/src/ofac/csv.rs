//! Skeleton.
use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::reconcile::Loaded;

/// OFAC SDN list, legacy CSV (sdn, add, alt, sdn_comments).
pub(crate) fn read_sdn(input: &Input) -> Result<Loaded, ReadError> {
    let file = input.files.first().map(|file| file.path.clone()).unwrap_or_default();
    Err(ReadError { file, line: 0, kind: ReadErrorKind::Empty })
}

/// OFAC non-SDN consolidated list, legacy CSV (cons_prim, cons_add, cons_alt, cons_comments).
pub(crate) fn read_cons(input: &Input) -> Result<Loaded, ReadError> {
    let file = input.files.first().map(|file| file.path.clone()).unwrap_or_default();
    Err(ReadError { file, line: 0, kind: ReadErrorKind::Empty })
}
