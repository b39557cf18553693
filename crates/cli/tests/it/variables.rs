//! `interdict serve` by yente's variables alone, against a publisher with a catalogue.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use interdict_misbehave::{Reply, Server};
use serde_json::Value as Json;

const PEOPLE: &str = "{\"id\":\"x\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Ludmilla Quartermaine\"]}}\n";

/// A publisher of a manifest, a catalogue that asks for a token, and the entities of its one list.
fn publisher() -> Server {
    Server::start(|asked| {
        // A proxy is asked for the whole address.
        let path = asked.target.strip_prefix("http://lists.example").unwrap_or(&asked.target);
        let guarded = |body: &str| match asked.header("authorization") {
            Some("Token s3cret") => Reply::file(asked, body),
            _ => Reply::of(401, ""),
        };
        match path {
            "/manifest.yml" => Reply::file(
                asked,
                "catalogs:\n  - url: index.json\n    scope: one\n    auth_token: ${OPENSANCTIONS_DELIVERY_TOKEN}\n",
            ),
            "/index.json" => guarded(
                r#"{"datasets": [{"name": "one", "title": "One", "version": "7", "entities_url": "one.json"}]}"#,
            ),
            "/one.json" => guarded(PEOPLE),
            _ => Reply::of(404, ""),
        }
    })
}

/// A service that runs until dropped.
struct Service {
    child: Child,
    lines: Receiver<String>,
    said: Vec<String>,
}

impl Service {
    fn start(data_dir: &Path, variables: &[(&str, &str)]) -> Service {
        let mut command = Command::new(env!("CARGO_BIN_EXE_interdict"));
        command.arg("serve").env_remove("INTERDICT_CONFIG").env_remove("INTERDICT_DATA_DIR").env_remove("NO_PROXY");
        command.env("YENTE_DATA_PATH", data_dir).env("YENTE_PORT", "0").env("INTERDICT_FETCH__RETRIES", "0");
        command.envs(variables.iter().copied()).stdin(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (send, lines) = channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        Service { child, lines, said: Vec::new() }
    }

    /// Waits for a line that has this text, and returns it.
    fn hear(&mut self, text: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(Duration::from_secs(30));
            let line = line.unwrap_or_else(|_| panic!("{text:?} was not said, but {:?}", self.said));
            self.said.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
    }

    fn address(&mut self) -> String {
        self.hear("interdict serves").rsplit("http://").next().unwrap().to_owned()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Status and body of a route.
fn get(address: &str, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

#[test]
fn a_service_by_variables_alone_serves_the_lists_of_a_catalogue() {
    let (server, folder) = (publisher(), tempfile::tempdir().unwrap());
    let manifest = server.url("/manifest.yml");
    let variables = [
        ("YENTE_MANIFEST", manifest.as_str()),
        ("OPENSANCTIONS_DELIVERY_TOKEN", "s3cret"),
        ("YENTE_CRONTAB", "0 3 * * *"),
        ("YENTE_INDEX_URL", "http://nowhere.example:9200"),
        ("YENTE_MATCH_FUZZY", "hidden-value"),
        ("YENTE_DEFAULT_ALGORITHM", "logic-v1"),
        ("YENTE_HIDDEN_ALGORITHMS", "ofac, name-based"),
        ("YENTE_DEBUG", "true"),
        ("INTERDICT_FETCH__PROXY", "none"),
    ];
    let mut service = Service::start(folder.path(), &variables);
    let address = service.address();
    service.hear("a new snapshot serves");
    let (status, body) = get(&address, "/catalog");
    let catalog: Json = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &catalog["current"]), (200, &serde_json::json!(["one"])), "{body}");
    assert_eq!(catalog["datasets"][0]["title"], "One");
    assert!(folder.path().join("catalogs").is_dir(), "YENTE_DATA_PATH is the data folder");
    let idle = service.said.iter().filter(|line| line.contains("YENTE_INDEX_URL, YENTE_MATCH_FUZZY: set")).count();
    assert_eq!(idle, 1, "{:?}", service.said);
    assert!(service.said.iter().all(|line| !line.contains("hidden-value") && !line.contains("YENTE_DEFAULT")));
    let algorithms = get(&address, "/algorithms").1;
    assert!(algorithms.contains(r#""default":"logic-v1""#) && !algorithms.contains("name-based"), "{algorithms}");
    assert!(service.said.iter().all(|line| !line.contains("s3cret")), "{:?}", service.said);
    drop(service);
    // The next start knows the lists without asking anyone.
    let asked = server.log().len();
    let idle = [variables.as_slice(), &[("YENTE_AUTO_REINDEX", "false")]].concat();
    let mut service = Service::start(folder.path(), &idle);
    let address = service.address();
    assert_eq!(get(&address, "/readyz").0, 200);
    assert!(get(&address, "/catalog").1.contains("\"title\":\"One\""));
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(server.log().len(), asked);
}

#[test]
fn where_nothing_is_fetched_nothing_is_said_to_be() {
    let (server, folder) = (publisher(), tempfile::tempdir().unwrap());
    let manifest = server.url("/manifest.yml");
    let variables = [("YENTE_MANIFEST", manifest.as_str()), ("YENTE_AUTO_REINDEX", "false")];
    let mut service = Service::start(folder.path(), &variables);
    let said = service.hear("interdict serves");
    assert!(said.contains("POST /updatez fetches them") && !said.contains("being fetched"), "{said}");
}

#[test]
fn a_proxy_by_yentes_variable_is_asked() {
    let (proxy, folder) = (publisher(), tempfile::tempdir().unwrap());
    let url = proxy.url("");
    let variables = [
        ("YENTE_MANIFEST", "http://lists.example/manifest.yml"),
        ("YENTE_HTTP_PROXY", url.as_str()),
        ("OPENSANCTIONS_DELIVERY_TOKEN", "s3cret"),
    ];
    let mut service = Service::start(folder.path(), &variables);
    service.hear("a new snapshot serves");
    assert!(proxy.log().iter().all(|asked| asked.target.starts_with("http://lists.example/")));
}

#[test]
fn values_that_mean_nothing_are_refused_before_anything_is_served() {
    let folder = tempfile::tempdir().unwrap();
    for (name, value) in [
        ("YENTE_DELTA_UPDATES", "perhaps"),
        ("YENTE_VERIFY_CHECKSUM", "2"),
        ("YENTE_AUTO_REINDEX", "never"),
        ("YENTE_CRONTAB", "every hour"),
        ("YENTE_PORT", "http"),
    ] {
        let mut service = Service::start(folder.path(), &[(name, value)]);
        service.hear(name);
        let start = Instant::now();
        let status = loop {
            if let Some(status) = service.child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "{name}");
            std::thread::sleep(Duration::from_millis(20));
        };
        assert_eq!(status.code(), Some(2), "{name}");
    }
}
