//! Lists fetched from a publisher that misbehaves on purpose.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod failing;
mod fetching;
mod shared;
mod shrinking;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use interdict_catalog::update::{Acceptance, Installed, Status};
use interdict_catalog::{
    Event, FetchOptions, ListUpdate, Manifest, ProxyChoice, UpdateError, UpdateOptions, UpdateReport, What, store,
    update,
};
use interdict_misbehave::{Asked, Reply, Server};
use interdict_model::ListId;
use interdict_snapshot::{ListMeta, Snapshot};

type Answer = Box<dyn Fn(&Asked) -> Reply + Send>;

/// A publisher whose files can be changed, and a data folder to update from it.
struct Bench {
    server: Server,
    answers: Arc<Mutex<BTreeMap<String, Answer>>>,
    folder: tempfile::TempDir,
    options: UpdateOptions,
}

impl Bench {
    fn new() -> Bench {
        let answers = Arc::new(Mutex::new(BTreeMap::<String, Answer>::new()));
        let known = Arc::clone(&answers);
        let server = Server::start(move |asked| {
            known.lock().unwrap().get(&asked.target).map_or_else(|| Reply::of(404, "gone"), |answer| answer(asked))
        });
        Bench { server, answers, folder: tempfile::tempdir().unwrap(), options: options() }
    }

    /// What is answered for a path from now on.
    fn answer(&self, path: &str, answer: impl Fn(&Asked) -> Reply + Send + 'static) {
        self.answers.lock().unwrap().insert(path.to_owned(), Box::new(answer));
    }

    /// Serves a file as a good server does.
    fn serve(&self, path: &str, body: impl Into<Vec<u8>>) {
        let body = body.into();
        self.answer(path, move |asked| Reply::file(asked, body.clone()));
    }

    /// A manifest of FollowTheMoney lists of these names, at `/<name>.json`.
    fn manifest(&self, lists: &[&str]) -> Manifest {
        let mut text = "datasets:\n".to_owned();
        for list in lists {
            writeln!(text, "  - name: {list}\n    url: {}", self.server.url(&format!("/{list}.json"))).unwrap();
        }
        self.parsed(&text)
    }

    fn parsed(&self, text: &str) -> Manifest {
        Manifest::parse(text, &self.folder.path().join("manifest.yml")).unwrap()
    }

    fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn try_update(&self, manifest: &Manifest) -> Result<UpdateReport, UpdateError> {
        update(&self.options, manifest, &self.data_dir(), &mut |_| {})
    }

    fn update(&self, manifest: &Manifest) -> UpdateReport {
        self.try_update(manifest).unwrap()
    }

    /// The same at another time.
    fn update_at(&mut self, manifest: &Manifest, now: &str) -> UpdateReport {
        now.clone_into(&mut self.options.now);
        self.update(manifest)
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot::open(&store::current(&self.data_dir()).unwrap().unwrap()).unwrap()
    }

    /// What the snapshot that serves says of a list.
    fn meta(&self, list: &str) -> ListMeta {
        self.snapshot().meta().lists.iter().find(|meta| meta.id.as_str() == list).cloned().unwrap()
    }
}

fn options() -> UpdateOptions {
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
    UpdateOptions { fetch, mirror: None, only: Vec::new(), accept: None, now: "2026-11-24T12:00:00Z".to_owned() }
}

fn accepting(list: &str) -> Acceptance {
    let lists = vec![ListId::new(list).unwrap()];
    Acceptance { lists, reason: "delisted by the decision of 24 November".to_owned(), who: Some("anna".to_owned()) }
}

/// A list of this many persons.
fn people(n: usize) -> String {
    let mut text = String::new();
    for at in 0..n {
        let name = format!("Ivan Number{at}");
        writeln!(text, "{{\"id\":\"p-{at}\",\"schema\":\"Person\",\"properties\":{{\"name\":[\"{name}\"]}}}}").unwrap();
    }
    text
}

/// The account of one list.
fn list<'a>(report: &'a UpdateReport, id: &str) -> &'a ListUpdate {
    report.lists.iter().find(|list| list.id.as_str() == id).unwrap()
}

/// Why a list is not fresh.
fn trouble(report: &UpdateReport, id: &str) -> String {
    match &list(report, id).status {
        Status::Stale(trouble) | Status::Missing(trouble) => trouble.reason.clone(),
        Status::Fresh | Status::Kept => panic!("{id} is fresh"),
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
