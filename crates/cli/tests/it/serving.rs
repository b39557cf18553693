//! `interdict serve` as a process: what is acknowledged outlives a kill, and the README's `curl` lines work.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::support::Place;

/// A service that ends with the test.
pub(crate) struct Serving {
    pub(crate) child: Child,
    pub(crate) address: String,
    log: Receiver<String>,
}

impl Serving {
    pub(crate) fn start(place: &Place, args: &[&str]) -> Serving {
        Serving::of(place.command(&[&["serve", "--snapshot", "lists.snap"], args].concat()))
    }

    /// As a command says, which is `serve` on a free port.
    pub(crate) fn of(mut command: Command) -> Serving {
        let mut child = command.spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let mut lines = stderr.lines().map_while(Result::ok);
        let mut said = String::new();
        let line = loop {
            match lines.next() {
                Some(line) if line.contains("interdict serves") => break line,
                Some(line) => said = said + &line + "\n",
                None => panic!("the service ended: {said}"),
            }
        };
        // The rest is read, so that the service does not wait for a reader of its log.
        let (tell, log) = std::sync::mpsc::channel();
        std::thread::spawn(move || lines.for_each(|line| drop(tell.send(line))));
        let address = line.rsplit("://").next().unwrap().to_owned();
        Serving { child, address, log }
    }

    /// The log up to a line with a word.
    pub(crate) fn log_until(&self, word: &str) -> String {
        let mut log = String::new();
        while !log.contains(word) {
            let line = self.log.recv_timeout(Duration::from_secs(20));
            log.push_str(&line.unwrap_or_else(|_| panic!("{word:?} was not logged: {log}")));
            log.push('\n');
        }
        log
    }

    /// What of the log was not read yet.
    pub(crate) fn log_so_far(&self) -> String {
        self.log.try_iter().map(|line| line + "\n").collect()
    }

    pub(crate) fn status(&self, path: &str, key: &str) -> u16 {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head =
            format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: ApiKey {key}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// A request without a key; its status and its body.
    pub(crate) fn ask(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        ask(&self.address, method, path, body).unwrap_or_else(|| panic!("{method} {path}: no whole answer"))
    }

    /// As the kernel ends a process that took too much: nothing more is done.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn until(&self, status: u16, path: &str, key: &str) {
        let start = Instant::now();
        while self.status(path, key) != status {
            assert!(start.elapsed() < Duration::from_secs(20), "{path} never gave {status}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// As [`Serving::ask`]; none where the connection ends before the answer is whole, as that of a killed process does.
pub(crate) fn ask(address: &str, method: &str, path: &str, body: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    // A service that hangs fails the test and does not hold it.
    stream.set_read_timeout(Some(Duration::from_mins(1))).ok()?;
    let len = body.len();
    let head = format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {len}\r\n\r\n");
    // Who refuses by the head may answer before the body is sent.
    drop(stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()));
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let len = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse::<usize>().ok());
    let is_whole = len.is_none_or(|len| len == body.len());
    is_whole.then_some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The state of a job.
pub(crate) fn state(serving: &Serving, id: &str) -> String {
    let (status, body) = serving.ask("GET", &format!("/v1/jobs/{id}"), "");
    assert_eq!(status, 200, "{body}");
    serde_json::from_str::<Json>(&body).unwrap()["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_job_that_was_acknowledged_is_done_after_kills() {
    let place = Place::with_lists();
    let serving = Serving::start(&place, &["--listen", "127.0.0.1:0"]);
    let rows = format!("name\n{}", "Harbin Institute of Technology\n".repeat(60_000));
    let (status, body) = serving.ask("POST", "/v1/jobs?limit=1", &rows);
    assert_eq!(status, 201, "{body}");
    let id = serde_json::from_str::<Json>(&body).unwrap()["id"].as_str().unwrap().to_owned();
    serving.kill();
    let serving = Serving::start(&place, &["--listen", "127.0.0.1:0"]);
    let start = Instant::now();
    while state(&serving, &id) == "queued" && start.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(5));
    }
    serving.kill();
    let serving = Serving::start(&place, &["--listen", "127.0.0.1:0"]);
    while state(&serving, &id) != "done" {
        assert!(start.elapsed() < Duration::from_mins(2), "{}", state(&serving, &id));
        std::thread::sleep(Duration::from_millis(50));
    }
    let (status, results) = serving.ask("GET", &format!("/v1/jobs/{id}/results"), "");
    assert_eq!((status, results.lines().count()), (200, 60_000), "every row has its answer once");
}

#[test]
fn curl_speaks_to_it_as_the_readme_says() {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("skipped: there is no curl on this machine");
        return;
    }
    let place = Place::with_lists();
    let serving = Serving::start(&place, &["--listen", "127.0.0.1:0"]);
    let curl = |args: &[&str], path: &str| {
        let out = Command::new("curl")
            .args(["-sS", "--fail"])
            .args(args)
            .arg(format!("http://{}{path}", serving.address))
            .output()
            .unwrap();
        assert!(out.status.success(), "{out:?}");
        serde_json::from_slice::<Json>(&out.stdout).unwrap()
    };
    let screened = curl(&[], "/v1/screen?name=Harbin+Institute+of+Technology&explain=true");
    assert!(screened["snapshot"]["lists"].is_array() && screened["hits"].is_array());
    let file = place.write("customers.csv", "id,name\n1,Harbin Institute of Technology\n");
    let job = curl(&["--data-binary", &format!("@{}", file.display())], "/v1/jobs");
    assert!(["queued", "running", "done"].contains(&job["state"].as_str().unwrap()), "{job}");
    let body = r#"{"queries":{"q":{"schema":"Person","properties":{"name":["Ivan Petrov"]}}}}"#;
    let matched = curl(&["-H", "content-type: application/json", "-d", body], "/match/default");
    assert_eq!(matched["responses"]["q"]["status"], 200);
}
