//! Readers of published lists: bytes in, entities and a reconciliation out.
//!
//! Idea: one module for each published form. [`read`] takes the files of one list in memory and yields entities whose values
//! name the record they came from, with the count of records seen, loaded and refused.
//! Invariant: records = loaded + refused; what makes a list unusable (a missing file or column, ill-formed XML, a declared
//! count that disagrees, more than 0.1 % refused) is an error, and then nothing of it is loaded.
//! Source: `docs/lists.md` names for each form its publisher and specification.
#![forbid(unsafe_code)]

mod au_dfat;
mod ca_sema;
mod ch_seco;
mod csv_rows;
mod dates;
pub mod error;
mod eu_fsf;
mod format;
mod ftm;
mod fuzz;
mod gb;
mod input;
mod jp_meti;
mod mapping;
mod newest;
mod ofac;
mod own_csv;
mod party;
mod prose;
pub mod reconcile;
mod sheet;
mod slug;
mod text;
mod un_sc;
mod us_csl;
mod us_dpl;
mod values;
mod xml;

pub use error::{ReadError, ReadErrorKind};
pub use format::{Format, UnknownFormat};
#[doc(hidden)]
pub use fuzz::fuzz_reader;
pub use input::{Input, SourceFile};
pub use newest::newest_day;
pub use reconcile::{Loaded, Reconciliation, Refused};

/// Reads the files of one list.
///
/// # Errors
/// Whatever makes the list unusable; see [`ReadErrorKind`].
pub fn read(input: &Input) -> Result<Loaded, ReadError> {
    if input.format.is_one_file()
        && let [first, _, ..] = input.files.as_slice()
    {
        let names = input.files.iter().map(SourceFile::name).collect::<Vec<_>>().join("`, `");
        return Err(ReadError { file: first.path.clone(), line: 0, kind: ReadErrorKind::SeveralFiles { names } });
    }
    let loaded = input.format.reader()(input)?;
    loaded.check(input)
}
