//! How telling a name part is: a compiled-in, versioned table, never the snapshot at hand.
//!
//! Idea: a part that many parties bear says little, one that few bear says much. The table counts, for each folded Latin
//! token, the parties that bear it among the published lists named in its header; a token that is not there is rare.
//! Invariant: one token has one rarity everywhere; the table changes only with `TABLES_VERSION`.
//! Cost: a hash look-up.
//! Source: `data/rarity.tsv`, written by `interdict-bench rarity` from the lists' own names; each token in it is borne by at
//! least three parties.

use std::sync::LazyLock;

use crate::map::Map;
use crate::words::{Closeness, equivalents};

struct Table {
    /// Number of parties that were counted.
    n_parties: f32,
    /// Number of parties that bear a token.
    bearers: Map<&'static str, u32>,
    /// Bearers of all spellings of a group of equivalent forms, by group.
    groups: Map<u16, u32>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { n_parties: 1.0, bearers: Map::default(), groups: Map::default() };
    for line in include_str!("../data/rarity.tsv").lines() {
        let mut fields = line.split('\t');
        match (fields.next(), fields.next().and_then(|count| count.parse::<u32>().ok())) {
            (Some("#parties"), Some(count)) => table.n_parties = count as f32,
            (Some(token), Some(count)) if !token.starts_with('#') => {
                table.bearers.insert(token, count);
                for (group, _) in equivalents(token).iter().filter(|(_, closeness)| *closeness == Closeness::Spelling) {
                    *table.groups.entry(*group).or_default() += count;
                }
            }
            _ => {}
        }
    }
    table
});

/// Bits of information in bearing a token: `log2(parties / bearers)`, from 0 (all bear it) to 16; tokens that the table
/// lacks count as borne by two parties. A spelling is as common as all spellings of its name together: `Mokhammed` tells no
/// more than `Muhammad`.
pub fn bits(token: &str) -> f32 {
    let table = &*TABLE;
    let own = table.bearers.get(token).copied().unwrap_or(2);
    let of_groups = equivalents(token).iter().filter(|(_, closeness)| *closeness == Closeness::Spelling);
    let most = of_groups.filter_map(|(group, _)| table.groups.get(group)).copied().max().unwrap_or(0);
    let most_bits = (BITS_A_LETTER * token.len() as f32).min(16.0);
    (table.n_parties / own.max(most) as f32).log2().clamp(0.0, most_bits)
}

/// Whether three parties or more of the published lists bear a token.
pub fn is_listed(token: &str) -> bool {
    TABLE.bearers.contains_key(token)
}

/// What a letter of a name tells at most: a row of three letters is no rare word, however few parties of the table bear it.
const BITS_A_LETTER: f32 = 3.0;
