//! Small lists in a fresh folder, and the snapshot that is built of them.

use std::path::{Path, PathBuf};

use interdict_catalog::{BuildFault, BuiltLists, Dataset, build};
use interdict_model::{Entity, ListId};
use interdict_snapshot::Snapshot;
use interdict_sources::Format;

/// A row of `sdn.csv` for the party of that number.
pub(crate) fn sdn_row(key: u32, name: &str, remarks: &str) -> String {
    format!("{key},\"{name}\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"{remarks}\"\r\n")
}

/// The files of a whole legacy CSV set with one firm of two names.
pub(crate) fn sdn_set() -> [(&'static str, String); 4] {
    [
        ("sdn.csv", sdn_row(36, "QUILLON SIGMA", "Tax ID No. 7707083893 (Russia).") + "\u{1a}"),
        ("add.csv", "36,199,\"Road 35\",\"Zurich\",\"Switzerland\",-0- \r\n\u{1a}".to_owned()),
        ("alt.csv", "36,12,\"aka\",\"SIGMA TRADING\",-0- \r\n\u{1a}".to_owned()),
        ("sdn_comments.csv", String::new()),
    ]
}

/// Files of a test.
pub(crate) struct Lists {
    folder: tempfile::TempDir,
}

impl Lists {
    pub(crate) fn new() -> Lists {
        Lists { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The list of these files and folders.
    pub(crate) fn list(&self, id: &str, format: Format, names: &[&str]) -> Dataset {
        Dataset {
            rules: interdict_catalog::rules::FetchRules::default(),
            id: ListId::new(id).unwrap(),
            title: None,
            format,
            paths: names.iter().map(|name| self.path(name)).collect(),
            in_folder: false,
            urls: Vec::new(),
            mapping: None,
            version: None,
            feed: interdict_catalog::feed::Feed::default(),
        }
    }
}

/// What is built of these lists, with the snapshot opened.
pub(crate) fn built(lists: &[Dataset]) -> (BuiltLists, Snapshot) {
    let built = build(lists, |_| {}).unwrap_or_else(|fault| panic!("{}", chain(&fault)));
    for list in &built.report.lists {
        assert_eq!(list.records, list.loaded + list.refused.len() as u64, "{}", list.id);
    }
    let snapshot = Snapshot::from_bytes(built.built.bytes.clone()).unwrap();
    snapshot.verify().unwrap();
    (built, snapshot)
}

/// Why these lists cannot be used, with all causes.
pub(crate) fn fault(lists: &[Dataset]) -> String {
    chain(&build(lists, |_| {}).expect_err("the lists are unusable"))
}

fn chain(fault: &BuildFault) -> String {
    let mut text = fault.to_string();
    let mut cause = std::error::Error::source(fault);
    while let Some(next) = cause {
        text.extend([": ", &next.to_string()]);
        cause = next.source();
    }
    text
}

pub(crate) fn entity(snapshot: &Snapshot, id: &str) -> Entity {
    let ord = snapshot.find(id).unwrap().unwrap_or_else(|| panic!("no entity {id}"));
    snapshot.entity(ord).unwrap()
}

pub(crate) fn values(entity: &Entity, property: &str) -> Vec<String> {
    entity.get(property).iter().map(|value| value.text.to_string()).collect()
}

/// A file of the readers' corpus.
pub(crate) fn corpus(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sources/tests/corpus");
    std::fs::read_to_string(folder.join(name)).unwrap()
}
