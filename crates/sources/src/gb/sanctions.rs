//! The UK Sanctions List as rows: CSV, XLSX, ODS.
//!
//! Idea: a line with the date of the report, a header, one row for every name; a party is a `Unique ID` (`RUS0251`).
//! Source: header of the CSV of February 2026, as the tests of moov-io/watchman have it; no published file was at hand.

use super::rows::{UkList, read_csv as read_csv_rows, read_rows};
use crate::error::ReadError;
use crate::input::Input;
use crate::ofac::only_file;
use crate::reconcile::Loaded;
use crate::sheet;

/// UK Sanctions List, XLSX.
pub(crate) fn read_xlsx(input: &Input) -> Result<Loaded, ReadError> {
    let file = only_file(input)?;
    read_rows(input, file, UkList::Sanctions, &sheet::xlsx(file, "the UK Sanctions List")?, false)
}

/// UK Sanctions List, CSV.
pub(crate) fn read_csv(input: &Input) -> Result<Loaded, ReadError> {
    read_csv_rows(input, only_file(input)?, UkList::Sanctions)
}

/// UK Sanctions List, ODS.
pub(crate) fn read_ods(input: &Input) -> Result<Loaded, ReadError> {
    let file = only_file(input)?;
    read_rows(input, file, UkList::Sanctions, &sheet::ods(file, "the UK Sanctions List")?, false)
}
