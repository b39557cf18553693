//! A publisher of one list whose versions a test can tell apart, that goes wrong as the test says; and a service that takes its lists there.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use interdict_misbehave::{Asked, Reply, Server};
use serde_json::{Value as Json, json};

use crate::serving::{self, Serving};
use crate::support::Place;

/// Parties of a version beside the one that tells which it is.
const N_OTHERS: usize = 2_000;

/// The bytes of a version: one party, known by its name, has the version in its id, and so many others tell it by their number.
pub(crate) fn list(version: usize) -> Vec<u8> {
    let mut text = format!(
        "{{\"id\":\"v-{version}\",\"schema\":\"Person\",\"properties\":{{\"name\":[\"Ludmilla Quartermaine\"]}}}}\n"
    );
    for at in 0..N_OTHERS + version {
        let name = format!("Ivan Number{at}");
        writeln!(text, "{{\"id\":\"p-{at}\",\"schema\":\"Person\",\"properties\":{{\"name\":[\"{name}\"]}}}}").unwrap();
    }
    text.into_bytes()
}

type Saying = Box<dyn Fn(&Asked) -> Reply + Send>;

/// The publisher.
pub(crate) struct Publisher {
    pub(crate) server: Server,
    saying: Arc<Mutex<Saying>>,
}

impl Publisher {
    /// One that is well and has this version.
    pub(crate) fn of(version: usize) -> Publisher {
        let saying: Arc<Mutex<Saying>> = Arc::new(Mutex::new(well(version)));
        let said = Arc::clone(&saying);
        Publisher { server: Server::start(move |asked| said.lock().unwrap()(asked)), saying }
    }

    /// From now on it has this version.
    pub(crate) fn has(&self, version: usize) {
        *self.saying.lock().unwrap() = well(version);
    }

    /// From now on it says this.
    pub(crate) fn says(&self, reply: Reply) {
        *self.saying.lock().unwrap() = Box::new(move |_| reply.clone());
    }

    /// Requests for its list so far.
    pub(crate) fn n_asked(&self) -> usize {
        self.server.n_asked("/one.json")
    }

    /// A service of its list with a data folder, that brings it up to date where it is asked to and not before.
    pub(crate) fn serving(&self, place: &Place, data_dir: &Path, more: &[(&str, PathBuf)]) -> Serving {
        let manifest = format!("datasets:\n  - {{name: one, url: '{}'}}\n", self.server.url("/one.json"));
        place.write("lists.yml", manifest);
        let mut command = place.command(&["serve", "--manifest", "lists.yml", "--listen", "127.0.0.1:0"]);
        command
            .env("INTERDICT_DATA_DIR", data_dir)
            .env("YENTE_UPDATE_TOKEN", "right")
            .env("YENTE_AUTO_REINDEX", "false");
        // Patient with a machine that is busy, and less than a publisher that hangs holds out.
        command
            .env("INTERDICT_FETCH__PROXY", "none")
            .env("INTERDICT_FETCH__RETRIES", "0")
            .env("INTERDICT_FETCH__TIMEOUT_S", "4");
        command.envs(more.iter().map(|(name, path)| (name, path)));
        Serving::of(command)
    }
}

fn well(version: usize) -> Saying {
    let body = list(version);
    Box::new(move |asked| Reply::file(asked, body.clone()))
}

/// Has the lists brought up to date and waits for it: the status, and what was said.
pub(crate) fn update(serving: &Serving) -> (u16, String) {
    serving.ask("POST", "/updatez?token=right&sync=true", "")
}

/// Screens the party that tells the version; none where the answer does not come whole.
pub(crate) fn screened(address: &str) -> Option<(u16, Json)> {
    let query = json!({"queries": {"q": {"schema": "Person", "properties": {"name": ["Ludmilla Quartermaine"]}}}});
    let (status, body) = serving::ask(address, "POST", "/match/one", &query.to_string())?;
    Some((status, serde_json::from_str(&body).unwrap()))
}

/// The version that an answer rests on: one party, of one version.
pub(crate) fn version_of(answer: &Json) -> usize {
    let results = answer["responses"]["q"]["results"].as_array().unwrap();
    assert_eq!(results.len(), 1, "one version at a time: {answer}");
    results[0]["id"].as_str().unwrap().strip_prefix("v-").unwrap().parse().unwrap()
}

/// The version that serves, which must be whole: as many parties as that version has.
pub(crate) fn serves(serving: &Serving) -> usize {
    let (status, answer) = screened(&serving.address).unwrap();
    assert_eq!(status, 200, "{answer}");
    let version = version_of(&answer);
    let (_, lists) = serving.ask("GET", "/v1/lists", "");
    let lists: Json = serde_json::from_str(&lists).unwrap();
    assert_eq!(lists["lists"][0]["parties"], json!(N_OTHERS + version + 1), "{lists}");
    version
}

/// What `/readyz` says: the status, and the states of what is wrong.
pub(crate) fn troubles(serving: &Serving) -> (u16, Vec<String>) {
    let (status, body) = serving.ask("GET", "/readyz", "");
    let body: Json = serde_json::from_str(&body).unwrap();
    let states = body["troubles"].as_array().into_iter().flatten();
    (status, states.map(|trouble| trouble["state"].as_str().unwrap().to_owned()).collect())
}

/// Waits until something holds, for as long as a machine that is busy may take.
pub(crate) fn until(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_mins(1), "{what}: not within a minute");
        std::thread::sleep(Duration::from_millis(20));
    }
}
