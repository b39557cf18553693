//! The screening log: what it tells, and that nothing is answered that it could not tell of.

use std::path::Path;

use interdict_server::observe::Observe;
use interdict_server::screening_log::{Durability, Options, ScreeningLog, Text};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::client::Service;
use super::{PETROV, SHIP};

const LISTS: &[(&str, &[&str])] = &[("acme", &[PETROV]), ("ships", &[SHIP])];

fn service(options: Options) -> Service {
    let screening_log = Some(ScreeningLog::open(options).unwrap());
    Service::observed(LISTS, Observe { screening_log, ..Observe::default() })
}

fn lines(folder: &Path) -> Vec<Json> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let texts = files.iter().map(|file| std::fs::read_to_string(file).unwrap());
    texts.flat_map(|text| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>()).collect()
}

fn body(name: &str) -> String {
    json!({"queries": {"q": {"schema": "Person", "properties": {"name": [name]}}}}).to_string()
}

#[test]
fn each_request_that_screens_is_told_by_hash() {
    let folder = tempfile::tempdir().unwrap();
    let service = service(Options::of(folder.path()));
    assert_eq!(service.post("/match/acme", &body("Ivan Petrov")).status, 200);
    assert_eq!(service.post("/match/acme", "{").status, 422);
    assert_eq!(service.get("/healthz").status, 200);
    let searched = service.get("/v2/search?name=Grace&type=vessel");
    let told = lines(folder.path());
    assert_eq!(told.len(), 2, "{told:?}");
    let line = &told[0];
    assert_eq!(
        (&line["route"], &line["method"], &line["status"]),
        (&json!("/match/{dataset}"), &json!("POST"), &json!(200))
    );
    assert_eq!((&line["lists"], &line["key_id"]), (&json!({"acme": "1", "ships": "1"}), &Json::Null));
    let query = &line["queries"][0];
    assert_eq!(query["hits"][0]["id"], "NK-1");
    assert!(query["hits"][0]["score"].as_f64().unwrap() > 0.7 && query["threshold"] == 0.7);
    assert_eq!(query["query_sha256"].as_str().unwrap().len(), 64);
    let hash: Vec<String> = Sha256::digest(body("Ivan Petrov")).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(line["body_sha256"], hash.concat().as_str(), "who has the request can find it");
    assert!(!line.to_string().contains("Petrov"), "{line}");
    assert_eq!(told[1]["request_id"].as_str(), searched.header("x-request-id"));
    assert_eq!(told[1]["snapshot"].as_str(), searched.header("x-interdict-snapshot"));
    assert_eq!(told[1]["queries"][0]["hits"][0]["id"], "V-1");
}

#[test]
fn where_so_configured_it_tells_all() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { text: Text::Whole, durability: Durability::Written, ..Options::of(folder.path()) };
    let service = service(options);
    let streamed = format!("{PETROV}\n{SHIP}\n");
    assert_eq!(service.post("/match/acme?threshold=0.8", &body("Ivan Petrov")).status, 200);
    assert_eq!(service.post_as("/v1/screen/stream", Some("application/x-ndjson"), streamed.as_bytes()).status, 200);
    let told = lines(folder.path());
    assert_eq!(told[0]["target"], "/match/acme?threshold=0.8");
    assert_eq!(told[0]["body"], body("Ivan Petrov").as_str());
    assert!(told[0]["queries"][0]["query"].as_str().unwrap().contains("\"names\":[\"Ivan Petrov\"]"), "{told:?}");
    assert_eq!((&told[1]["route"], &told[1]["status"]), (&json!("/v1/screen/stream"), &Json::Null));
    let ids: Vec<&Json> = told[1]["queries"].as_array().unwrap().iter().map(|query| &query["hits"][0]["id"]).collect();
    assert_eq!(ids, ["NK-1", "V-1"]);
}

#[test]
fn on_a_full_disk_nothing_is_answered_until_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let service = service(Options::of(folder.path()));
    let file = folder.path().join(format!("screening-{today}.jsonl"));
    std::fs::rename(&file, folder.path().join("kept")).unwrap();
    // The open file goes on; a full one is what the next service meets.
    drop(service);
    std::os::unix::fs::symlink("/dev/full", &file).unwrap();
    let service = self::service(Options { durability: Durability::Written, ..Options::of(folder.path()) });
    for path in ["/match/acme", "/match/ships"] {
        let answer = service.post(path, &body("Ivan Petrov"));
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(answer.json()["detail"].as_str().unwrap().contains("screening log"), "{answer:?}");
        assert!(!answer.body.contains("NK-1"), "{answer:?}");
    }
    let problem = service.get("/v1/screen?name=Ivan+Petrov&schema=Person");
    assert_eq!((problem.status, problem.header("content-type")), (503, Some("application/problem+json")));
    let watchmans = service.get("/v2/search?name=Ivan+Petrov&type=person");
    assert_eq!(watchmans.status, 503);
    assert!(watchmans.json()["error"].as_str().unwrap().contains("screening log"), "{watchmans:?}");
    let stream = service.post_as("/v1/screen/stream", Some("application/x-ndjson"), PETROV.as_bytes());
    assert!(stream.body.contains("\"error\"") && !stream.body.contains("NK-1\",\"score"), "{stream:?}");
    let ready = service.get("/readyz");
    assert_eq!((ready.status, &ready.json()["troubles"][0]["state"]), (200, &json!("screening log failing")));
    assert!(service.get("/metrics").body.contains("interdict_screening_log_failing 1"));
    assert_eq!(service.get("/entities/NK-1").status, 200, "what does not screen is answered");
    std::fs::remove_file(&file).unwrap();
    assert_eq!(service.post("/match/acme", &body("Ivan Petrov")).status, 200);
    assert_eq!(service.get("/readyz").body, r#"{"status":"ok"}"#);
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 1);
}
