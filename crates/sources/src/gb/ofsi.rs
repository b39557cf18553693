//! The consolidated list of the Office of Financial Sanctions Implementation, which ended on 28 January 2026.
//!
//! Idea: the first line has the date, the second the header, of 29 columns until 2021 (windows-1252) and of 36 since; a party
//! is a `Group ID`.
//! Source: `ConList.csv` of 2016, 2018 and 2025.

use super::rows::{UkList, read_csv as read_csv_rows, read_rows};
use crate::error::ReadError;
use crate::input::Input;
use crate::ofac::only_file;
use crate::reconcile::Loaded;
use crate::sheet;

/// OFSI consolidated list (ended January 2026), CSV.
pub(crate) fn read_csv(input: &Input) -> Result<Loaded, ReadError> {
    read_csv_rows(input, only_file(input)?, UkList::Ofsi)
}

/// OFSI consolidated list (ended January 2026), XLSX.
pub(crate) fn read_xlsx(input: &Input) -> Result<Loaded, ReadError> {
    let file = only_file(input)?;
    let rows = sheet::xlsx(file, "the consolidated list of OFSI")?;
    read_rows(input, file, UkList::Ofsi, &rows, false)
}
