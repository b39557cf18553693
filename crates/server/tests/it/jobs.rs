//! Bulk jobs: uploads in pieces, progress, answers, and what a killed service leaves.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use interdict_server::app::App;
use interdict_server::engine::Engine;
use interdict_server::jobs::{self, Jobs};
use interdict_server::pool::{Limits, Pool};
use interdict_server::settings::{HttpLimits, Settings};
use interdict_server::v1::How;
use serde_json::{Value as Json, json};

use super::client::{Answer, Service, view};

const PUTIN: &str = r#"{"id":"a-1","schema":"Person","properties":{"name":["Vladimir Putin"]}}"#;

/// A service with jobs in a folder. The thread of its jobs ends when this is dropped.
struct Desk {
    service: Option<Service>,
    jobs: Arc<Jobs>,
    at_work: Option<std::thread::JoinHandle<()>>,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Desk {
    fn open(folder: &Path) -> Desk {
        Desk::with(folder, Settings::default())
    }

    fn with(folder: &Path, settings: Settings) -> Desk {
        let pool = Pool::start(Limits { n_threads: 2, ..Limits::default() }).unwrap();
        let engine = Arc::new(Engine::new(pool, Some(view(&[("a", &[PUTIN])])), None));
        let jobs = Arc::new(Jobs::open(folder).unwrap());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let at_work = jobs::start(&jobs, &engine, runtime.handle().clone()).unwrap();
        let app = App::new(engine, settings).with_jobs(Arc::clone(&jobs));
        Desk { service: Some(Service::of_app(app)), jobs, at_work: Some(at_work), runtime: Some(runtime) }
    }

    fn service(&self) -> &Service {
        self.service.as_ref().unwrap()
    }

    fn patch(&self, id: &str, offset: u64, last: bool, body: &str) -> Answer {
        let complete = if last { "?1" } else { "?0" };
        self.service().send(&format!(
            "PATCH /v1/jobs/{id}/input HTTP/1.1\r\nhost: x\r\nconnection: close\r\nupload-offset: {offset}\r\nupload-complete: {complete}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        ))
    }

    fn wait(&self, id: &str) -> Json {
        let start = Instant::now();
        loop {
            let job = self.service().get(&format!("/v1/jobs/{id}")).json();
            if ["done", "failed", "cancelled"].contains(&job["state"].as_str().unwrap()) {
                return job;
            }
            assert!(start.elapsed() < Duration::from_secs(30), "{job}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.service.take();
        self.jobs.close();
        drop(self.at_work.take().map(std::thread::JoinHandle::join));
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn id_of(answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[test]
fn one_caller_cannot_take_every_place_of_a_job() {
    let folder = tempfile::tempdir().unwrap();
    let jobs = Jobs::open(folder.path()).unwrap();
    let make = |owner: &str| jobs.create(How::default(), "Thing".to_owned(), Some(owner.to_owned()));
    for _ in 0..200 {
        make("one").unwrap();
    }
    assert!(make("one").unwrap_err().to_string().contains("200 jobs of this caller"));
    make("other").unwrap();
}

#[test]
fn the_screening_log_tells_whose_a_job_is() {
    let (folder, log) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let options = interdict_server::screening_log::Options::of(log.path());
    let screening_log = Some(interdict_server::screening_log::ScreeningLog::open(options).unwrap());
    let observe = interdict_server::observe::Observe { screening_log, ..interdict_server::observe::Observe::default() };
    let pool = Pool::start(Limits { n_threads: 1, ..Limits::default() }).unwrap();
    let engine = Arc::new(Engine::new(pool, Some(view(&[("a", &[PUTIN])])), None).observed(observe));
    let jobs = Arc::new(Jobs::open(folder.path()).unwrap());
    let job = jobs.create(How::default(), "Thing".to_owned(), Some("payments".to_owned())).unwrap();
    std::fs::write(folder.path().join(&job.id).join("input"), "name\nVladimir Putin\n").unwrap();
    jobs.complete(&job.id).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let at_work = jobs::start(&jobs, &engine, runtime.handle().clone()).unwrap();
    while jobs.get(&job.id).unwrap().ended_at.is_none() {
        std::thread::yield_now();
    }
    jobs.close();
    at_work.join().unwrap();
    let file = std::fs::read_dir(log.path()).unwrap().next().unwrap().unwrap().path();
    let line: Json = serde_json::from_str(std::fs::read_to_string(file).unwrap().lines().next().unwrap()).unwrap();
    assert_eq!((&line["key_id"], &line["request_id"]), (&json!("payments"), &json!(job.id)));
}

#[test]
fn a_file_in_one_body_is_screened_row_by_row() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(folder.path());
    let csv = "id,full_name,dob\n1,Vladimir Putin,\n2,Omar Zarbini,soon\n3,,\n";
    let made = desk.service().post_as("/v1/jobs?limit=5", Some("text/csv"), csv.as_bytes());
    let id = id_of(&made);
    assert_eq!(made.header("location"), Some(format!("/v1/jobs/{id}").as_str()));
    let job = desk.wait(&id);
    assert_eq!(job["state"], "done", "{job}");
    let progress = json!({"bytes_read": csv.len(), "rows": 3, "screened": 2, "errors": 1, "with_hits": 1, "hits": 1});
    assert_eq!(job["progress"], progress);
    assert!(job["notes"][0].as_str().unwrap().contains("full_name = name"));
    let results = desk.service().get(&format!("/v1/jobs/{id}/results"));
    let lines: Vec<Json> = results.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), &lines[0]["hits"][0]["id"]), (3, &json!("a-1")));
    assert!(lines[1]["ignored"].is_array() && lines[2]["error"]["reason"].is_string());
    // A download that broke off goes on.
    let rest = desk.service().send(&format!(
        "GET /v1/jobs/{id}/results HTTP/1.1\r\nhost: x\r\nconnection: close\r\nrange: bytes=10-\r\n\r\n"
    ));
    assert_eq!((rest.status, rest.body.as_str()), (206, &results.body[10..]));
    let gone = desk.service().send(&format!("DELETE /v1/jobs/{id} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"));
    assert_eq!(gone.status, 204);
    assert_eq!(desk.service().get(&format!("/v1/jobs/{id}")).status, 404);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn an_upload_goes_on_where_it_stood_also_after_the_service_was_gone() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(folder.path());
    let id = id_of(&desk.service().post_as("/v1/jobs", None, b""));
    assert_eq!(desk.service().get(&format!("/v1/jobs/{id}/results")).status, 409);
    assert_eq!(desk.patch(&id, 0, false, "name\nVladimir ").status, 204);
    assert_eq!(desk.patch(&id, 3, false, "x").status, 409);
    // A piece that breaks off counts for nothing.
    let broken = format!(
        "PATCH /v1/jobs/{id}/input HTTP/1.1\r\nhost: x\r\nupload-offset: 14\r\ncontent-length: 100\r\n\r\nOmar"
    );
    {
        use std::io::Write as _;
        let mut stream = std::net::TcpStream::connect(desk.service().address).unwrap();
        stream.write_all(broken.as_bytes()).unwrap();
    }
    drop(desk);
    let desk = Desk::open(folder.path());
    let head = format!("HEAD /v1/jobs/{id}/input HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    let offset = desk.service().send(&head);
    assert_eq!((offset.header("upload-offset"), offset.header("upload-complete")), (Some("14"), Some("?0")));
    let done = desk.patch(&id, 14, true, "Putin\n");
    assert_eq!(done.header("upload-complete"), Some("?1"));
    assert_eq!(desk.wait(&id)["progress"]["hits"], 1);
    assert_eq!(desk.patch(&id, 20, true, "more").status, 409);
}

#[test]
fn a_job_that_ran_when_the_service_was_killed_begins_anew() {
    let folder = tempfile::tempdir().unwrap();
    let id = {
        let desk = Desk::open(folder.path());
        let id = id_of(&desk.service().post_as("/v1/jobs", Some("text/csv"), b"name\nVladimir Putin\n"));
        desk.wait(&id);
        id
    };
    // As a killed service leaves it: running, with answers in part.
    let described = folder.path().join(&id).join("job.json");
    let text = std::fs::read_to_string(&described).unwrap().replace("\"done\"", "\"running\"");
    std::fs::write(&described, text).unwrap();
    std::fs::remove_file(folder.path().join(&id).join("results.jsonl")).unwrap();
    std::fs::write(folder.path().join(&id).join("results.part"), "{\"id\":\"half").unwrap();
    let desk = Desk::open(folder.path());
    assert_eq!(desk.wait(&id)["state"], "done");
    assert_eq!(desk.service().get(&format!("/v1/jobs/{id}/results")).body.lines().count(), 1);
}

#[test]
fn what_cannot_be_a_job_is_refused_and_what_cannot_be_read_fails_with_why() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(folder.path());
    for (path, field) in [
        ("/v1/jobs?threshold=9", "?threshold"),
        ("/v1/jobs?schema=Unicorn", "?schema"),
        ("/v1/jobs?colour=red", "?colour"),
        ("/v1/jobs?lists=nowhere", "?lists"),
    ] {
        let answer = desk.service().post(path, "name\nA\n");
        assert_eq!((answer.status, answer.json()["errors"][0]["field"].as_str()), (422, Some(field)));
    }
    assert!(desk.service().get("/v1/jobs").json()["jobs"].as_array().unwrap().is_empty(), "nothing was made");
    let id = id_of(&desk.service().post("/v1/jobs", "colour,size\nred,1\n"));
    let job = desk.wait(&id);
    assert_eq!(job["state"], "failed");
    assert!(job["reason"].as_str().unwrap().contains("no column holds a name"), "{job}");
    for path in ["/v1/jobs/..%2f..%2fetc", "/v1/jobs/job-0/results", "/v1/jobs/%00/results"] {
        assert_eq!(desk.service().get(path).status, 404, "{path}");
    }
    assert_eq!(Service::of(&[("a", &[PUTIN])]).get("/v1/jobs").status, 501);
}

#[test]
fn a_job_is_cancelled_while_it_waits_or_runs() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(folder.path());
    let rows = "Vladimir Putin\n".repeat(200_000);
    let id = id_of(&desk.service().post("/v1/jobs", &format!("name\n{rows}")));
    let second = id_of(&desk.service().post("/v1/jobs", "name\nVladimir Putin\n"));
    let delete = |id: &str| {
        desk.service().send(&format!("DELETE /v1/jobs/{id} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"))
    };
    assert_eq!(delete(&id).json()["state"], "cancelled");
    assert_eq!(desk.wait(&second)["state"], "done", "the next one has its turn");
    assert_eq!(desk.wait(&id)["state"], "cancelled");
}

#[test]
fn a_job_that_nobody_was_told_of_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let http = HttpLimits { idle: Duration::from_millis(400), ..HttpLimits::default() };
    let desk = Desk::with(folder.path(), Settings { http, ..Settings::default() });
    let begun = "POST /v1/jobs HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nname\n";
    let silent = desk.service().send(begun);
    assert_eq!(silent.status, 408, "{silent:?}");
    assert!(silent.json()["detail"].as_str().unwrap().contains("nothing of this piece was kept"), "{silent:?}");
    assert_eq!(desk.service().get("/v1/jobs").json(), json!({"jobs": []}));
    drop(desk);
    // Who goes away hears nothing.
    let desk = Desk::open(folder.path());
    let has_jobs = |answer: &Answer| !answer.json()["jobs"].as_array().unwrap().is_empty();
    let mut gone = std::net::TcpStream::connect(desk.service().address).unwrap();
    gone.write_all(begun.as_bytes()).unwrap();
    desk.service().wait_for("/v1/jobs", has_jobs);
    drop(gone);
    desk.service().wait_for("/v1/jobs", |answer| !has_jobs(answer));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing of it is left");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_keeps_nothing_of_a_piece_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(folder.path());
    let id = id_of(&desk.service().post_as("/v1/jobs", None, b""));
    let input = folder.path().join(&id).join("input");
    std::fs::remove_file(&input).unwrap();
    // A device that takes nothing, as a disk without room.
    std::os::unix::fs::symlink("/dev/full", &input).unwrap();
    let answer = desk.patch(&id, 0, true, "name\nVladimir Putin\n");
    assert_eq!(answer.status, 507, "{answer:?}");
    assert_eq!(desk.service().get(&format!("/v1/jobs/{id}")).json()["bytes_received"], 0);
}
