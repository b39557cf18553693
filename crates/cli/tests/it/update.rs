//! `interdict lists update` with the real binary, against a publisher that is not always well.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use interdict_misbehave::{Reply, Server};
use serde_json::Value as Json;

/// The binary on a data folder, with this proxy; a configuration stands in the environment.
fn command(data_dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_interdict"));
    command
        .arg("--data-dir")
        .arg(data_dir)
        .args(args)
        .env_remove("INTERDICT_CONFIG")
        .env("NO_COLOR", "1")
        .env("USER", "anna")
        .env("INTERDICT_FETCH__PROXY", "none")
        .env("INTERDICT_FETCH__RETRIES", "0")
        .env("INTERDICT_FETCH__TIMEOUT_S", "2");
    command
}

fn run(data_dir: &Path, args: &[&str]) -> Output {
    command(data_dir, args).stdin(Stdio::null()).output().unwrap()
}

/// A list of this many persons, of whom the first is known by name.
fn people(n: usize) -> String {
    let mut text =
        "{\"id\":\"x\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Ludmilla Gänseblümchen\"]}}\n".to_owned();
    for at in 1..n {
        let name = format!("\"Ivan Number{at}\"");
        text.extend([
            "{\"id\":\"p-",
            &at.to_string(),
            "\",\"schema\":\"Person\",\"properties\":{\"name\":[",
            &name,
            "]}}\n",
        ]);
    }
    text
}

/// A publisher of `one.json` with as many persons as said, and of nothing else; and a manifest of `one` and `two`.
struct Publisher {
    server: Server,
    n_people: Arc<AtomicUsize>,
    folder: tempfile::TempDir,
    manifest: String,
}

impl Publisher {
    fn new(lists: &[&str]) -> Publisher {
        let n_people = Arc::new(AtomicUsize::new(40));
        let n = Arc::clone(&n_people);
        let server = Server::start(move |asked| {
            if asked.target.ends_with("/one.json") {
                Reply::file(asked, people(n.load(Ordering::SeqCst)))
            } else {
                Reply::of(404, "")
            }
        });
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lists.yml");
        let mut file = std::fs::File::create(&path).unwrap();
        writeln!(file, "datasets:").unwrap();
        for list in lists {
            writeln!(file, "  - {{name: {list}, url: '{}'}}", server.url(&format!("/{list}.json"))).unwrap();
        }
        Publisher { server, n_people, manifest: path.display().to_string(), folder }
    }

    fn data_dir(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    fn update(&self, more: &[&str]) -> Output {
        let args = [&["lists", "update", "--manifest", &self.manifest], more].concat();
        run(&self.data_dir(), &args)
    }
}

#[test]
fn from_zero_to_a_screened_file_of_customers() {
    let publisher = Publisher::new(&["one"]);
    let updated = publisher.update(&[]);
    assert_eq!(updated.status.code(), Some(0), "{}", stderr(&updated));
    assert!(stdout(&updated).contains("fresh") && stdout(&updated).contains("screen --input"), "{}", stdout(&updated));
    assert!(stderr(&updated).contains("one: fresh"));
    let customers = publisher.folder.path().join("customers.csv");
    std::fs::write(&customers, "id,name\n1,Ludmilla Gaensebluemchen\n2,Nobody Atall\n").unwrap();
    let screened = run(&publisher.data_dir(), &["screen", "--input", customers.to_str().unwrap()]);
    assert_eq!(screened.status.code(), Some(1));
    let first: Json = serde_json::from_str(stdout(&screened).lines().next().unwrap()).unwrap();
    assert_eq!((&first["hits"][0]["id"], &first["starter"]), (&"x".into(), &Json::Null));
    let again = publisher.update(&["--format", "json"]);
    let report: Json = serde_json::from_str(&stdout(&again)).unwrap();
    assert_eq!((&report["installed"], &report["lists"][0]["status"]), (&false.into(), &"fresh".into()));
}

#[test]
fn a_list_that_the_manifest_names_no_more_is_told() {
    let publisher = Publisher::new(&["one"]);
    publisher.update(&[]);
    let other = publisher.folder.path().join("other.yml");
    let url = publisher.server.url("/one.json");
    std::fs::write(&other, format!("datasets:\n  - {{name: two, url: '{url}'}}\n")).unwrap();
    let updated = run(&publisher.data_dir(), &["lists", "update", "--manifest", other.to_str().unwrap()]);
    assert!(stderr(&updated).contains("list `one` is not in this manifest any more"), "{}", stderr(&updated));
}

#[test]
fn a_missing_list_is_told_and_never_taken_for_no_hit() {
    let publisher = Publisher::new(&["one", "two"]);
    let updated = publisher.update(&[]);
    assert_eq!(updated.status.code(), Some(2));
    assert!(stdout(&updated).contains("two is missing since") && stdout(&updated).contains("404"));
    let data_dir = publisher.data_dir();
    let screened = run(&data_dir, &["--quiet", "screen", "Nobody Atall", "--format", "jsonl"]);
    assert_eq!(screened.status.code(), Some(0));
    assert!(stderr(&screened).contains("list `two` could not be consulted"));
    let answer: Json = serde_json::from_str(&stdout(&screened)).unwrap();
    assert!(answer["snapshot"]["lists"][1]["missing"].as_str().unwrap().contains("404"));
    assert!(answer["snapshot"]["lists"][0]["missing"].is_null());
    assert!(
        stdout(&run(&data_dir, &["screen", "Nobody Atall"])).contains("no hit; 1 of the lists could not be consulted")
    );
    // Asked alone it is an error; the other one asked alone does not speak of it.
    let alone = run(&data_dir, &["screen", "Nobody Atall", "--list", "two"]);
    assert_eq!((alone.status.code(), stdout(&alone).as_str()), (Some(2), ""));
    let other = run(&data_dir, &["screen", "Nobody Atall", "--list", "one"]);
    assert_eq!((other.status.code(), stderr(&other).contains("two")), (Some(0), false));
    assert_eq!(stdout(&other).trim(), "no hit");
    let status = run(&data_dir, &["lists", "status"]);
    assert!(
        stdout(&status).contains("missing since") && stdout(&status).contains("fetched just now"),
        "{}",
        stdout(&status)
    );
    // Only the list that was asked for decides the exit status.
    assert_eq!(publisher.update(&["--only", "one"]).status.code(), Some(0));
    assert_eq!(publisher.update(&["--only", "three"]).status.code(), Some(2));
}

#[test]
fn a_shrunken_list_is_stale_until_it_is_accepted_with_a_reason() {
    let publisher = Publisher::new(&["one"]);
    publisher.update(&[]);
    publisher.n_people.store(10, Ordering::SeqCst);
    let refused = publisher.update(&[]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stdout(&refused).contains("from 40 to 10 parties"), "{}", stdout(&refused));
    let screened = run(&publisher.data_dir(), &["screen", "Ivan Number39", "--format", "jsonl"]);
    assert_eq!(screened.status.code(), Some(1), "the last good version serves");
    assert!(stderr(&screened).contains("`one` is stale since") && stdout(&screened).contains("\"stale\":"));
    assert_eq!(publisher.update(&["--accept-shrink", "one"]).status.code(), Some(2), "a reason is needed");
    assert_eq!(publisher.update(&["--accept-shrink", "one", "--reason", " "]).status.code(), Some(2));
    let accepted = publisher.update(&["--accept-shrink", "one", "--reason", "court order"]);
    assert_eq!(accepted.status.code(), Some(0), "{}", stderr(&accepted));
    let status: Json =
        serde_json::from_str(&stdout(&run(&publisher.data_dir(), &["lists", "status", "--format", "json"]))).unwrap();
    let one = &status["lists"][0];
    assert_eq!((&one["accepted"]["reason"], &one["accepted"]["who"]), (&"court order".into(), &"anna".into()));
    assert_eq!((&one["records"], &one["stale"]), (&10.into(), &Json::Null));
    assert!(stdout(&run(&publisher.data_dir(), &["lists", "status"])).contains("court order"));
}

#[test]
fn where_nothing_came_it_is_an_error_and_the_starter_list_answers() {
    let publisher = Publisher::new(&["two"]);
    let updated = publisher.update(&[]);
    assert_eq!(updated.status.code(), Some(2));
    assert!(stderr(&updated).contains("nothing was installed"));
    let screened = run(&publisher.data_dir(), &["screen", "Nobody Atall"]);
    assert!(stderr(&screened).contains("`interdict lists update`"));
}

#[test]
fn a_mirror_gets_its_token_and_a_publisher_does_not() {
    let publisher = Publisher::new(&["one"]);
    let update = |more: &[&str]| {
        command(&publisher.data_dir(), &[&["lists", "update", "--manifest", &publisher.manifest], more].concat())
            .env("INTERDICT_FETCH__MIRROR_TOKEN", "geheim")
            .env("INTERDICT_FETCH__USER_AGENT", "our screening")
            .output()
            .unwrap()
    };
    assert_eq!(update(&["--mirror", &publisher.server.url("/mirror")]).status.code(), Some(0));
    assert_eq!(update(&[]).status.code(), Some(0));
    let log = publisher.server.log();
    assert_eq!(
        (log[0].target.as_str(), log[0].header("authorization")),
        ("/mirror/one/one.json", Some("Bearer geheim"))
    );
    assert_eq!((log[1].target.as_str(), log[1].header("authorization")), ("/one.json", None));
    assert_eq!(log[1].header("user-agent"), Some("our screening"));
}

#[test]
fn options_that_cannot_be_used_are_said_once() {
    let publisher = Publisher::new(&["one", "two"]);
    let args = ["lists", "update", "--manifest", &publisher.manifest];
    let output =
        command(&publisher.data_dir(), &args).env("INTERDICT_FETCH__CA_FILE", "/missing.pem").output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).matches("missing.pem").count()), (Some(2), 1));
    // A data folder that cannot be made.
    let output = command(Path::new(&publisher.manifest), &args).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--data-dir"), "{}", stderr(&output));
}

#[test]
fn a_killed_update_leaves_the_old_snapshot_and_is_taken_up_again() {
    let (whole, half) = (people(3000), people(3000).len() / 2);
    let well = Arc::new(Mutex::new(true));
    let (state, body) = (Arc::clone(&well), whole.clone());
    let server = Server::start(move |asked| {
        if asked.nth == 0 {
            return Reply::ok(people(2900));
        }
        let reply = Reply::file(asked, body.clone());
        if *state.lock().unwrap() { reply } else { reply.stalling_after(half) }
    });
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    let manifest = folder.path().join("lists.yml");
    std::fs::write(&manifest, format!("datasets:\n  - {{name: one, url: '{}'}}\n", server.url("/one.json"))).unwrap();
    let args = ["lists", "update", "--manifest", manifest.to_str().unwrap(), "--list-timeout", "30"];
    assert_eq!(run(&data_dir, &args).status.code(), Some(0));
    *well.lock().unwrap() = false;
    let mut child = command(&data_dir, &args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let part = data_dir.join("downloads/one/incoming/one.json.part");
    let patience = Instant::now() + Duration::from_secs(4);
    while std::fs::metadata(&part).map_or(0, |file| file.len()) < half as u64 && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(run(&data_dir, &["screen", "Ivan Number2899"]).status.code(), Some(1), "the old snapshot serves");
    *well.lock().unwrap() = true;
    let output = run(&data_dir, &args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    // What came since the last mark of the part comes again.
    let log = server.log();
    let range = log.last().unwrap().header("range").unwrap_or_default();
    let start: usize = range.strip_prefix("bytes=").and_then(|range| range.strip_suffix('-')?.parse().ok()).unwrap();
    assert!(start > 0 && start <= half && half - start < 1 << 17, "{range}");
    assert_eq!(run(&data_dir, &["screen", "Ivan Number2999"]).status.code(), Some(1));
}

#[test]
fn a_build_that_installs_waits_its_turn_and_a_state_that_cannot_be_read_is_told() {
    let publisher = Publisher::new(&["one"]);
    assert_eq!(publisher.update(&[]).status.code(), Some(0));
    let data_dir = publisher.data_dir();
    let own = publisher.folder.path().join("own.json");
    std::fs::write(&own, people(3)).unwrap();
    let list = format!("own=ftm:{}", own.display());
    let lock = std::fs::File::open(data_dir.join("update.lock")).unwrap();
    lock.lock().unwrap();
    let current = std::fs::read(data_dir.join("current")).unwrap();
    let built = run(&data_dir, &["build", "--install", "--list", &list]);
    assert_eq!(built.status.code(), Some(2));
    assert!(stderr(&built).contains("another update is running"), "{}", stderr(&built));
    assert_eq!(std::fs::read(data_dir.join("current")).unwrap(), current);
    drop(lock);
    std::fs::write(data_dir.join("downloads/one/state.json"), "{").unwrap();
    let status = run(&data_dir, &["lists", "status", "--format", "json"]);
    assert!(stderr(&status).contains("list `one`") && stderr(&status).contains("state.json"), "{}", stderr(&status));
    let told: Json = serde_json::from_str(&stdout(&status)).unwrap();
    assert!(told["lists"][0]["state_error"].as_str().unwrap().contains("state.json"));
    assert_eq!(run(&data_dir, &["build", "--install", "--list", &list]).status.code(), Some(0));
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
