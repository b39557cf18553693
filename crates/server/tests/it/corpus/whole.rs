//! A service with all that a service can have, what is asked of it, and the faults that were found.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use interdict_server::app::App;
use interdict_server::catalogue::Catalogue;
use interdict_server::engine::{Engine, Updated};
use interdict_server::jobs::{self, JobState, Jobs};
use interdict_server::pool::{Limits, Pool};
use interdict_server::settings::{Secret, Settings};
use serde_json::{Value as Json, json};

use super::super::client::{Service, snapshot, view};
use super::super::{HOLDING, OWNERSHIP, PETROV, SANCTION, SHIP};
use super::judge::judge;
use super::wire::{Request, Told, Wire};

const LISTS: &[(&str, &[&str])] = &[("acme", &[PETROV, SANCTION, HOLDING, OWNERSHIP]), ("ships", &[SHIP])];

/// Requests after which the service is asked whether it is well.
const OFTEN: usize = 64;

/// Places in the product where a thread panicked, in any test of this binary.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Notes panics of the product from now on. Tests themselves may panic: that is how they fail.
pub(crate) fn watch_for_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            if !place.contains("tests/it") && !place.contains("misbehave") {
                PANICS.lock().unwrap().push(place);
            }
            usual(panic);
        }));
    });
}

/// What [`watch_for_panics`] noted.
pub(crate) fn panics() -> Vec<String> {
    PANICS.lock().unwrap().clone()
}

/// A service with all that a service can have: lists that can be brought up to date, and jobs.
pub(crate) struct Whole {
    service: Option<Service>,
    wire: Wire,
    jobs: Arc<Jobs>,
    at_work: Option<std::thread::JoinHandle<()>>,
    runtime: Option<tokio::runtime::Runtime>,
    /// Ids of jobs by the words of the table.
    pub(crate) ids: Vec<(&'static str, String)>,
    n_asked: usize,
    faults: Vec<String>,
    /// Answers by status.
    seen: BTreeMap<u16, usize>,
    _folder: tempfile::TempDir,
}

impl Whole {
    pub(crate) fn start() -> Whole {
        watch_for_panics();
        // Jobs are synced hundreds of times here, which a disk in memory takes quickly.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let pool = Pool::start(Limits { n_threads: 2, ..Limits::default() }).unwrap();
        let updater = Box::new(|| {
            let snapshot = snapshot(LISTS);
            let catalogue = Arc::new(Catalogue::of_meta(snapshot.meta()));
            Ok(Updated { snapshot, catalogue })
        });
        let engine = Arc::new(Engine::new(pool, Some(view(LISTS)), Some(updater)));
        let jobs = Arc::new(Jobs::open(folder.path()).unwrap());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let at_work = jobs::start(&jobs, &engine, runtime.handle().clone()).unwrap();
        let settings = Settings { update_token: Some(Secret::new("right")), ..Settings::default() };
        let service = Service::of_app(App::new(engine, settings).with_jobs(Arc::clone(&jobs)));
        let mut whole = Whole {
            wire: Wire::to(service.address),
            service: Some(service),
            jobs,
            at_work: Some(at_work),
            runtime: Some(runtime),
            ids: Vec::new(),
            n_asked: 0,
            faults: Vec::new(),
            seen: BTreeMap::new(),
            _folder: folder,
        };
        for word in ["OPEN", "DONE", "ENDED"] {
            let file: &[u8] = if word == "OPEN" { b"" } else { b"name\nIvan Petrov\n" };
            let job = whole.json(&Request::new("POST", "/v1/jobs").body(file));
            whole.ids.push((word, job["id"].as_str().unwrap().to_owned()));
        }
        whole.wait_for_jobs();
        whole
    }

    pub(crate) fn json(&mut self, request: &Request) -> Json {
        let told = self.wire.ask(request).unwrap();
        serde_json::from_slice(&told.body).unwrap_or_else(|error| panic!("{error}: {told:?}"))
    }

    /// Asks, holds the answer to the rules, and looks after the service now and then. The status; 0 without an answer.
    pub(crate) fn ask(&mut self, request: &Request) -> u16 {
        self.n_asked += 1;
        let mut told = self.wire.ask(request);
        // What was turned away for want of time is asked again, so that it is the request that is judged.
        for _ in 0..20 {
            if !told.as_ref().is_ok_and(|told| told.status == 503) {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
            told = self.wire.ask(request);
        }
        let status = told.as_ref().map_or(0, |told| told.status);
        *self.seen.entry(status).or_default() += 1;
        if let Err(fault) = told.and_then(|told| judge(request, &told).map_err(|fault| format!("{fault} ({status})"))) {
            self.faults.push(format!("{fault}\n    {}", request.told()));
        }
        if self.n_asked.is_multiple_of(OFTEN) {
            self.is_well();
        }
        status
    }

    /// Whether a query is answered as ever.
    fn is_well(&mut self) {
        let query = json!({"queries": {"q": {"schema": "Person", "properties": {"name": ["Ivan Petrov"]}}}});
        let told = self.wire.ask(&Request::new("POST", "/match/default").body(query.to_string()));
        let finds = |told: &Told| {
            serde_json::from_slice::<Json>(&told.body)
                .is_ok_and(|json| json["responses"]["q"]["results"][0]["id"] == "NK-1")
        };
        if !told.as_ref().is_ok_and(|told| finds(told) || told.status == 503) {
            self.faults.push(format!("the service is not well after {} requests: {told:?}", self.n_asked));
        }
    }

    /// Waits until no job waits or runs, and fails for those that ended badly.
    fn wait_for_jobs(&mut self) {
        for _ in 0..1200 {
            let jobs = self.jobs.all();
            if jobs.iter().all(|job| job.state.has_ended() || job.state == JobState::Uploading) {
                for job in jobs.iter().filter(|job| job.state == JobState::Failed) {
                    if job.reason.as_ref().is_none_or(|reason| reason.is_empty() || reason.contains("panicked")) {
                        self.faults.push(format!("a job failed without a reason that helps: {job:?}"));
                    }
                }
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        self.faults.push("jobs do not end".to_owned());
    }

    /// Ends with the verdict.
    pub(crate) fn end(mut self) {
        self.is_well();
        self.wait_for_jobs();
        eprintln!("{} requests, by status {:?}", self.n_asked, self.seen);
        let panics = panics();
        assert!(panics.is_empty(), "threads panicked: {panics:?}");
        let n = self.faults.len();
        self.faults.truncate(20);
        assert!(n == 0, "{n} faults, the first of them:\n{}", self.faults.join("\n"));
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        self.wire.close();
        self.service.take();
        self.jobs.close();
        drop(self.at_work.take().map(std::thread::JoinHandle::join));
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
