//! How many parties each list has.

use interdict_model::Schema;
use interdict_search::EntitySet;
use interdict_snapshot::Corrupt;

use crate::view::{View, searched};

/// Parties by list, in the order of the snapshot's lists: what is screened against, without addresses and wallets, which are parts of a
/// party's record. O(entities) a list, some 64 at a time.
pub(crate) fn parties_by_list(view: &View) -> Result<Vec<(String, usize)>, Corrupt> {
    let index = view.snapshot.search_index()?;
    let apart = ["Address", "CryptoWallet", "BankAccount", "UserAccount", "Position"];
    let names: Vec<&str> = Schema::all()
        .filter(|schema| schema.matchable())
        .map(Schema::name)
        .filter(|name| !apart.contains(name))
        .collect();
    let parties: EntitySet = searched(index.entities_with("schema", &names))?;
    let mut counts = Vec::new();
    for list in &view.meta().lists {
        let mut of_list = searched(index.entities_with("datasets", &[list.id.as_str()]))?;
        of_list.and(&parties);
        counts.push((list.id.as_str().to_owned(), of_list.len()));
    }
    Ok(counts)
}
