//! A publisher whose files can be changed, and a data folder to update from it.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

pub(crate) use std::collections::BTreeMap;
pub(crate) use std::fmt::Write as _;
pub(crate) use std::path::{Path, PathBuf};
pub(crate) use std::sync::{Arc, Mutex};
pub(crate) use std::time::Duration;

pub(crate) use interdict_catalog::update::{Acceptance, Installed, Status};
pub(crate) use interdict_catalog::{
    Event, FetchOptions, ListUpdate, Manifest, ProxyChoice, UpdateError, UpdateOptions, UpdateReport, What, store,
    update,
};
pub(crate) use interdict_misbehave::{Asked, Reply, Server};
pub(crate) use interdict_model::ListId;
pub(crate) use interdict_snapshot::{ListMeta, Snapshot};

pub(crate) type Answer = Box<dyn Fn(&Asked) -> Reply + Send>;

/// A publisher whose files can be changed, and a data folder to update from it.
pub(crate) struct Bench {
    pub(crate) server: Server,
    pub(crate) answers: Arc<Mutex<BTreeMap<String, Answer>>>,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) options: UpdateOptions,
}

impl Bench {
    pub(crate) fn new() -> Bench {
        let answers = Arc::new(Mutex::new(BTreeMap::<String, Answer>::new()));
        let known = Arc::clone(&answers);
        let server = Server::start(move |asked| {
            known.lock().unwrap().get(&asked.target).map_or_else(|| Reply::of(404, "gone"), |answer| answer(asked))
        });
        Bench { server, answers, folder: tempfile::tempdir().unwrap(), options: options() }
    }

    /// What is answered for a path from now on.
    pub(crate) fn answer(&self, path: &str, answer: impl Fn(&Asked) -> Reply + Send + 'static) {
        self.answers.lock().unwrap().insert(path.to_owned(), Box::new(answer));
    }

    /// Serves a file as a good server does.
    pub(crate) fn serve(&self, path: &str, body: impl Into<Vec<u8>>) {
        let body = body.into();
        self.answer(path, move |asked| Reply::file(asked, body.clone()));
    }

    /// A manifest of FollowTheMoney lists of these names, at `/<name>.json`.
    pub(crate) fn manifest(&self, lists: &[&str]) -> Manifest {
        let mut text = "datasets:\n".to_owned();
        for list in lists {
            writeln!(text, "  - name: {list}\n    url: {}", self.server.url(&format!("/{list}.json"))).unwrap();
        }
        self.parsed(&text)
    }

    pub(crate) fn parsed(&self, text: &str) -> Manifest {
        Manifest::parse(text, &self.folder.path().join("manifest.yml")).unwrap()
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn try_update(&self, manifest: &Manifest) -> Result<UpdateReport, UpdateError> {
        update(&self.options, manifest, &self.data_dir(), &mut |_| {})
    }

    pub(crate) fn update(&self, manifest: &Manifest) -> UpdateReport {
        self.try_update(manifest).unwrap()
    }

    /// The same at another time.
    pub(crate) fn update_at(&mut self, manifest: &Manifest, now: &str) -> UpdateReport {
        now.clone_into(&mut self.options.now);
        self.update(manifest)
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        Snapshot::open(&store::current(&self.data_dir()).unwrap().unwrap()).unwrap()
    }

    /// What the snapshot that serves says of a list.
    pub(crate) fn meta(&self, list: &str) -> ListMeta {
        self.snapshot().meta().lists.iter().find(|meta| meta.id.as_str() == list).cloned().unwrap()
    }
}

pub(crate) fn options() -> UpdateOptions {
    let fetch = FetchOptions {
        connect_timeout: Duration::from_millis(300),
        read_timeout: Duration::from_millis(300),
        total_timeout: Duration::from_secs(5),
        retries: 1,
        backoff: Duration::from_millis(2),
        longest_pause: Duration::from_millis(10),
        proxy: ProxyChoice::Direct,
        ..FetchOptions::default()
    };
    UpdateOptions { fetch, now: "2026-11-24T12:00:00Z".to_owned(), ..UpdateOptions::default() }
}

pub(crate) fn accepting(list: &str) -> Acceptance {
    let lists = vec![ListId::new(list).unwrap()];
    Acceptance { lists, reason: "delisted by the decision of 24 November".to_owned(), who: Some("anna".to_owned()) }
}

/// A list of this many persons.
pub(crate) fn people(n: usize) -> String {
    let mut text = String::new();
    for at in 0..n {
        let name = format!("Ivan Number{at}");
        writeln!(text, "{{\"id\":\"p-{at}\",\"schema\":\"Person\",\"properties\":{{\"name\":[\"{name}\"]}}}}").unwrap();
    }
    text
}

/// The account of one list.
pub(crate) fn list<'a>(report: &'a UpdateReport, id: &str) -> &'a ListUpdate {
    report.lists.iter().find(|list| list.id.as_str() == id).unwrap()
}

/// Why a list is not fresh.
pub(crate) fn trouble(report: &UpdateReport, id: &str) -> String {
    match &list(report, id).status {
        Status::Stale(trouble) | Status::Missing(trouble) => trouble.reason.clone(),
        Status::Fresh | Status::Kept => panic!("{id} is fresh"),
    }
}

pub(crate) fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
