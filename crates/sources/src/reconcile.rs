//! The account of a list: what was seen, loaded, refused.

use std::collections::BTreeMap;

use interdict_model::{Entity, ListId};
use serde::{Deserialize, Serialize};

use crate::error::{ReadError, ReadErrorKind};
use crate::format::Format;
use crate::input::Input;

/// A list may have one unreadable record in so many, and always a single one beside others that were loaded, before it is
/// unusable.
const REFUSED_ONE_IN: u64 = 1000;

/// A record that was not loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// File name as published.
    pub file: String,
    /// 1-based line or row.
    pub line: u64,
    /// Field and reason.
    pub reason: String,
}

/// The account of one list: `records == loaded + refused.len()`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// Records in the file, as the publisher counts them (parties, not rows, where a party has several rows).
    pub records: u64,
    /// Records that became entities.
    pub loaded: u64,
    /// Records that did not.
    pub refused: Vec<Refused>,
    /// Oddities that cost no record: comments without their row, a value left out.
    pub warnings: Vec<Refused>,
    /// The count that the file declares, if it does.
    pub declared: Option<u64>,
    /// Why the list is only a part of what its publisher has, if it is.
    pub partial: Option<String>,
    /// Files of the folder that the format does not know, by name.
    pub ignored_files: Vec<String>,
    /// Records by the publisher's own list within the file (`SDN`, `EL` … in the Consolidated Screening List), so that one of
    /// them cannot vanish unseen; empty for a file of one list.
    pub sub_lists: BTreeMap<String, u64>,
}

/// What reading a list yields.
#[derive(Debug)]
pub struct Loaded {
    /// Parties and the relations, sanctions, documents and wallets around them. The parties of one reader have distinct ids.
    pub entities: Vec<Entity>,
    /// Version of the list: the date in the file, else the one given.
    pub version: String,
    /// The account.
    pub reconciliation: Reconciliation,
}

impl Reconciliation {
    /// Counts a record as refused.
    pub fn refuse(&mut self, file: &str, line: u64, reason: impl Into<String>) {
        self.records += 1;
        self.refused.push(Refused { file: file.to_owned(), line, reason: reason.into() });
    }

    /// Notes an oddity that costs no record.
    pub fn warn(&mut self, file: &str, line: u64, reason: impl Into<String>) {
        self.warnings.push(Refused { file: file.to_owned(), line, reason: reason.into() });
    }

    /// Counts a record as loaded.
    pub fn load(&mut self) {
        self.records += 1;
        self.loaded += 1;
    }
}

impl Loaded {
    /// Checks the laws that hold for every list.
    pub(crate) fn check(self, input: &Input) -> Result<Loaded, ReadError> {
        let account = &self.reconciliation;
        let refused = account.refused.len() as u64;
        let file = input.files.first().map(|file| file.path.clone()).unwrap_or_default();
        let fail = |line, kind| Err(ReadError { file: file.clone(), line, kind });
        debug_assert_eq!(account.records, account.loaded + refused, "a reader counts every record once");
        // A data set of no entities is one, as a new blocklist is; a list of a publisher never is empty.
        if account.records == 0 && input.format != Format::Ftm {
            return fail(0, ReadErrorKind::Empty);
        }
        if let Some(declared) = account.declared
            && declared != account.records
        {
            return fail(0, ReadErrorKind::Count { declared, found: account.records });
        }
        if let Some(first) = account.refused.first()
            && (account.loaded == 0 || refused > 1 && refused * REFUSED_ONE_IN > account.records)
        {
            let first = format!("{}:{}: {}", first.file, first.line, first.reason);
            return fail(0, ReadErrorKind::TooManyRefused { refused, records: account.records, first });
        }
        Ok(self)
    }

    /// Number of distinct names of parties on this list.
    pub fn n_names(&self, list: &ListId) -> usize {
        self.entities
            .iter()
            .filter(|entity| entity.schema.matchable())
            .flat_map(|entity| entity.values_of(interdict_model::PropertyType::Name))
            .filter(|(_, value)| value.origin.list() == list)
            .count()
    }
}
