//! Which datasets can be asked, and which of the snapshot's lists each of them means.
//!
//! Idea: a path names a dataset: a list that is loaded, a collection of lists, or one of the datasets that a file brought with it. All
//! come down to names of leaves; leaves that are lists of the snapshot are bits, which cost the matcher nothing.
//! Invariant: lists that are asked and that the snapshot does not hold are told ([`Catalogue::missing`]): an answer without them would
//! be silent about what was never asked. So are names that no loaded list stands behind ([`Catalogue::is_loaded`]).

use std::collections::{BTreeMap, BTreeSet};

use interdict_catalog::{Entry, Manifest};
use interdict_model::ListId;
use interdict_snapshot::Meta;

/// The collection of all lists, where the manifest has none of its own.
const EVERYTHING: &str = "default";

/// Datasets by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalogue {
    entries: Vec<Entry>,
    by_name: BTreeMap<String, usize>,
}

/// Names of the leaves that are asked.
pub type Leaves = BTreeSet<String>;

impl Catalogue {
    /// The datasets of a manifest.
    pub fn of_manifest(manifest: &Manifest) -> Catalogue {
        Catalogue::of_entries(manifest.entries.clone())
    }

    /// The lists of a snapshot that no manifest describes, and one collection of them all.
    pub fn of_meta(meta: &Meta) -> Catalogue {
        let entry = |id: ListId, title: Option<String>, children: Vec<ListId>, version: Option<String>| Entry {
            id,
            title,
            is_loaded: children.is_empty(),
            is_brought: false,
            children,
            version,
            entities_url: None,
            about: BTreeMap::new(),
        };
        let lists = meta.lists.iter();
        let mut entries: Vec<Entry> = lists
            .map(|list| entry(list.id.clone(), list.title.clone(), Vec::new(), Some(list.version.clone())))
            .collect();
        let all = meta.lists.iter().map(|list| list.id.clone()).collect();
        let taken = entries.iter().any(|entry| entry.id.as_str() == EVERYTHING);
        if let (false, Ok(id)) = (taken, ListId::new(EVERYTHING)) {
            entries.push(entry(id, Some("All lists".to_owned()), all, None));
        }
        Catalogue::of_entries(entries)
    }

    fn of_entries(entries: Vec<Entry>) -> Catalogue {
        let by_name = entries.iter().enumerate().map(|(at, entry)| (entry.id.as_str().to_owned(), at)).collect();
        Catalogue { entries, by_name }
    }

    /// All datasets, in the order of the manifest.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The dataset of that very name.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.by_name.get(name).and_then(|at| self.entries.get(*at))
    }

    /// The datasets below one, at any distance, itself left out; ascending.
    pub fn below<'a>(&'a self, entry: &'a Entry) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        self.gather(entry, &mut found);
        found.remove(entry.id.as_str());
        found
    }

    fn gather<'a>(&'a self, entry: &'a Entry, found: &mut BTreeSet<&'a str>) {
        for child in &entry.children {
            // A manifest may name collections in a circle.
            if found.insert(child.as_str())
                && let Some(child) = self.entry(child.as_str())
            {
                self.gather(child, found);
            }
        }
    }

    /// The datasets that came with the file of a list that is loaded: those below it that are not loaded on their own; ascending.
    pub fn brought<'a>(&'a self, entry: &'a Entry) -> BTreeSet<&'a str> {
        let mut found = self.below(entry);
        found.retain(|name| self.entry(name).is_none_or(|entry| !entry.is_loaded));
        found
    }

    /// The leaves that a dataset means; `None` where there is no dataset of that name.
    pub fn leaves(&self, name: &str) -> Option<Leaves> {
        let Some(entry) = self.entry(name) else {
            // A dataset that a file brought with it needs no entry of its own.
            let is_child = |entry: &Entry| entry.children.iter().any(|child| child.as_str() == name);
            return self.entries.iter().any(is_child).then(|| Leaves::from([name.to_owned()]));
        };
        let mut names = self.below(entry);
        names.insert(entry.id.as_str());
        let is_leaf = |name: &&str| self.entry(name).is_none_or(|entry| entry.is_loaded || entry.is_brought);
        Some(names.into_iter().filter(is_leaf).map(str::to_owned).collect())
    }

    /// The lists that are loaded and that these leaves stand on, in the order of the manifest.
    fn stood_on<'a>(&'a self, leaves: &'a Leaves) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().filter(|entry| {
            let mut own = std::iter::once(entry.id.as_str()).chain(self.brought(entry));
            entry.is_loaded && own.any(|name| leaves.contains(name))
        })
    }

    /// Whether these leaves stand on any list that is loaded: where they do not, nobody can be looked for.
    pub fn is_loaded(&self, leaves: &Leaves) -> bool {
        self.stood_on(leaves).next().is_some()
    }

    /// The lists that these leaves stand on and that a snapshot does not hold, each with the reason.
    pub fn missing(&self, leaves: &Leaves, meta: &Meta) -> BTreeMap<String, String> {
        let missing = self.stood_on(leaves).filter_map(|entry| {
            let reason = match meta.lists.iter().find(|list| list.id == entry.id) {
                Some(list) => list.missing.clone()?,
                None => "it was not loaded yet".to_owned(),
            };
            Some((entry.id.as_str().to_owned(), reason))
        });
        missing.collect()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use interdict_snapshot::ListMeta;

    use super::*;

    fn meta(lists: &[(&str, Option<&str>)]) -> Meta {
        let list = |(id, missing): &(&str, Option<&str>)| ListMeta {
            id: ListId::new(id).unwrap(),
            version: "1".to_owned(),
            title: None,
            partial: None,
            stale: None,
            missing: missing.map(str::to_owned),
        };
        Meta { lists: lists.iter().map(list).collect(), ..Meta::default() }
    }

    fn catalogue() -> Catalogue {
        let text = "datasets:\n  - {name: own, path: a}\n  - {name: big, path: b, children: [us_x, eu_y], load: true}\n  - {name: all, children: [own, big]}\n  - {name: off, path: c, load: false}\n";
        Catalogue::of_manifest(&Manifest::parse(text, Path::new("m.yml")).unwrap())
    }

    fn leaves(catalogue: &Catalogue, name: &str) -> Vec<String> {
        catalogue.leaves(name).unwrap().into_iter().collect()
    }

    #[test]
    fn a_name_means_a_list_a_collection_or_what_a_file_brought() {
        let catalogue = catalogue();
        assert_eq!(leaves(&catalogue, "own"), ["own"]);
        assert_eq!(leaves(&catalogue, "all"), ["big", "eu_y", "own", "us_x"]);
        assert_eq!(leaves(&catalogue, "us_x"), ["us_x"]);
        assert_eq!(catalogue.leaves("OWN"), None);
        assert!(leaves(&catalogue, "off").is_empty());
    }

    #[test]
    fn what_could_not_be_consulted_is_told_where_it_is_asked() {
        let (catalogue, meta) = (catalogue(), meta(&[("own", Some("never fetched"))]));
        let missing = |name: &str| catalogue.missing(&catalogue.leaves(name).unwrap(), &meta);
        assert_eq!(missing("all").keys().collect::<Vec<_>>(), ["big", "own"]);
        assert_eq!(missing("us_x").keys().collect::<Vec<_>>(), ["big"]);
        assert_eq!(missing("own")["own"], "never fetched");
        assert!(missing("off").is_empty());
        let is_loaded = |name: &str| catalogue.is_loaded(&catalogue.leaves(name).unwrap());
        assert!(is_loaded("all") && is_loaded("us_x") && !is_loaded("off"));
    }

    #[test]
    fn what_comes_with_a_collection_can_be_asked_and_be_missing() {
        let text = "datasets:\n  - {name: whole, path: a, load: true, children: [mid]}\n  - {name: mid, children: [deep]}\n  - {name: deep, path: b, load: false}\n";
        let catalogue = Catalogue::of_manifest(&Manifest::parse(text, Path::new("m.yml")).unwrap());
        assert_eq!(leaves(&catalogue, "mid"), ["deep", "mid"]);
        assert_eq!(leaves(&catalogue, "deep"), ["deep"]);
        let missing = catalogue.missing(&catalogue.leaves("deep").unwrap(), &meta(&[("whole", Some("gone"))]));
        assert_eq!(missing["whole"], "gone");
    }

    #[test]
    fn what_a_list_would_have_brought_is_loaded_no_more_than_the_list() {
        let text = "datasets:\n  - {name: whole, path: a, load: false, children: [part]}\n  - {name: other, path: b}\n";
        let catalogue = Catalogue::of_manifest(&Manifest::parse(text, Path::new("m.yml")).unwrap());
        assert!(!catalogue.is_loaded(&catalogue.leaves("part").unwrap()));
    }

    #[test]
    fn collections_in_a_circle_end() {
        let text = "datasets:\n  - {name: a, children: [b]}\n  - {name: b, children: [a, c]}\n  - {name: c, path: x}\n";
        let catalogue = Catalogue::of_manifest(&Manifest::parse(text, Path::new("m.yml")).unwrap());
        assert_eq!(leaves(&catalogue, "a"), ["c"]);
    }

    #[test]
    fn a_snapshot_without_manifest_has_its_lists_and_one_collection() {
        let meta = meta(&[("a", None), ("b", None)]);
        let catalogue = Catalogue::of_meta(&meta);
        assert_eq!(leaves(&catalogue, "default"), ["a", "b"]);
        assert_eq!(catalogue.entries().len(), 3);
    }
}
