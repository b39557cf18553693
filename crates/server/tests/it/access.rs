//! API keys: who is let in, to what, how much, and what a changed keys file does.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use interdict_server::access::Access;
use interdict_server::access::secret::SecretHash;
use interdict_server::settings::{Secret, Settings};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::client::{Answer, Service, view};
use super::{PETROV, service, service_with};

/// A keys file in a folder of its own. The secret of a key is `secret-` and its id.
struct Keys {
    folder: TempDir,
}

impl Keys {
    fn of(keys: &[Json]) -> Keys {
        let written = Keys { folder: tempfile::tempdir().unwrap() };
        written.write(keys);
        written
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("keys.json")
    }

    fn write(&self, keys: &[Json]) {
        replace(&self.path(), &json!({"keys": keys}).to_string());
    }

    fn settings(&self) -> Settings {
        Settings { access: Access::by_keys(self.path()).unwrap(), ..Settings::default() }
    }
}

/// Puts a file in place whole, as a tool for secrets does.
fn replace(path: &Path, text: &str) {
    let new = path.with_extension("new");
    std::fs::write(&new, text).unwrap();
    std::fs::rename(new, path).unwrap();
}

fn key(id: &str, role: &str) -> Json {
    json!({"id": id, "sha256": String::from(SecretHash::of(&format!("secret-{id}"))), "role": role})
}

fn key_with(id: &str, role: &str, more: &Json) -> Json {
    let mut key = key(id, role);
    key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    key
}

fn get(service: &Service, id: &str, path: &str) -> Answer {
    service.ask("GET", path, &format!("authorization: ApiKey secret-{id}\r\n"))
}

fn screen(service: &Service, id: &str, path: &str) -> Answer {
    let body = r#"{"queries":{"q":{"schema":"Person","properties":{"name":["Ivan Petrov"]}}}}"#;
    service.send(&format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-api-key: secret-{id}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ))
}

/// Asks until an answer has a status, for as long as a file is noticed late.
fn until(status: u16, mut ask: impl FnMut() -> Answer) {
    let start = Instant::now();
    loop {
        let answer = ask();
        if answer.status == status {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{answer:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn who_shows_no_key_is_asked_for_one_and_health_is_not() {
    let service = service_with(Keys::of(&[key("a", "admin")]).settings());
    for path in ["/healthz", "/readyz"] {
        assert_eq!(service.get(path).status, 200, "{path}");
    }
    for path in ["/match/default", "/entities/NK-1", "/catalog", "/nowhere", "//healthz", "/healthz/", "/HEALTHZ"] {
        let answer = service.get(path);
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some(r#"Bearer realm="interdict""#)));
        assert!(
            answer.json()["detail"].as_str().unwrap().starts_with("a key or token is needed"),
            "{path}: {answer:?}"
        );
        assert!(answer.head.contains(r#"ApiKey realm="interdict""#), "{answer:?}");
    }
    for lines in [
        "authorization: ApiKey secret-b\r\n",
        "authorization: Bearer \r\n",
        "authorization: Basic secret-a\r\n",
        "authorization: secret-a\r\n",
        "authorization: ApiKey secret-a secret-a\r\n",
        "authorization: ApiKey secret-a\r\nx-api-key: secret-b\r\n",
        "x-api-key: secret-A\r\n",
        "x-api-key: \r\n",
        "x-api-key: \u{ff}\r\n",
    ] {
        let answer = service.ask("GET", "/catalog", lines);
        assert_eq!(answer.status, 401, "{lines}: {answer:?}");
    }
    assert_eq!(service.get("/catalog?api_key=secret-a").status, 401, "a key in the address is none");
}

#[test]
fn a_refusal_has_the_form_of_its_interface_also_where_answers_may_be_packed() {
    let service = service_with(Keys::of(&[key("a", "admin")]).settings());
    for lines in ["", "accept-encoding: gzip\r\n"] {
        let ours = service.ask("GET", "/v1/lists", lines);
        assert_eq!((ours.status, ours.header("content-type")), (401, Some("application/problem+json")), "{ours:?}");
        assert_eq!((ours.json()["status"].as_u64(), ours.header("content-encoding")), (Some(401), None));
        assert!(service.ask("GET", "/v2/listinfo", lines).json()["error"].as_str().unwrap().starts_with("a key"));
    }
}

#[test]
fn a_key_is_taken_from_three_places() {
    let service = service_with(Keys::of(&[key("a", "read")]).settings());
    for line in ["authorization: ApiKey secret-a", "Authorization: bearer secret-a", "X-API-Key: secret-a"] {
        assert_eq!(service.ask("GET", "/entities/NK-1", &format!("{line}\r\n")).status, 200, "{line}");
    }
    assert_eq!(get(&service, "a", "/nowhere").status, 404);
}

#[test]
fn every_role_may_what_it_may_and_no_more() {
    let roles = ["screen", "read", "operate", "admin"];
    let keys: Vec<Json> = roles.iter().map(|role| key(role, role)).collect();
    let service = service_with(Keys::of(&keys).settings());
    let all = roles.as_slice();
    for (method, path, may) in [
        ("POST", "/match/default", &["screen", "read", "admin"][..]),
        ("GET", "/search/default?q=petrov", &["read", "admin"]),
        ("GET", "/entities/NK-1", &["read", "admin"]),
        ("GET", "/entities/NK-1/adjacent", &["read", "admin"]),
        ("GET", "/entities/NK-1/adjacent/sanctions", &["read", "admin"]),
        ("GET", "/catalog", all),
        ("GET", "/manifest", all),
        ("GET", "/algorithms", all),
        ("GET", "/", all),
        ("GET", "/openapi.json", all),
        ("GET", "/favicon.ico", all),
        ("GET", "/healthz", all),
        ("GET", "/readyz", all),
        ("POST", "/updatez", &["operate", "admin"]),
    ] {
        for role in roles {
            let answer = service.ask(method, path, &format!("authorization: Bearer secret-{role}\r\n"));
            let refused = answer.status == 403;
            assert_eq!(refused, !may.contains(&role), "{role} {method} {path}: {answer:?}");
            assert_ne!(answer.status, 401, "{role} {method} {path}: {answer:?}");
        }
    }
}

#[test]
fn reconciliation_asks_for_the_role_of_what_is_asked() {
    let roles = ["screen", "read", "operate", "admin"];
    let service = service_with(Keys::of(&roles.map(|role| key(role, role))).settings());
    let queries = "queries=%7B%22q%22%3A%7B%22query%22%3A%22Ivan%22%7D%7D";
    let extend = "extend=%7B%22ids%22%3A%5B%22NK-1%22%5D%2C%22properties%22%3A%5B%7B%22id%22%3A%22name%22%7D%5D%7D";
    for (what, may) in [
        ("", &["screen", "read", "admin"][..]),
        (queries, &["screen", "read", "admin"]),
        (extend, &["read", "admin"]),
        (&format!("queries=&{extend}"), &["read", "admin"]),
    ] {
        for role in roles {
            let key = format!("x-api-key: secret-{role}\r\n");
            let expected = if may.contains(&role) { 200 } else { 403 };
            let answer = service.ask("GET", &format!("/reconcile/default?{what}"), &key);
            assert_eq!(answer.status, expected, "{role} GET {what}: {answer:?}");
            if what.is_empty() {
                continue;
            }
            let length = what.len();
            let answer = service.send(&format!(
                "POST /reconcile/default HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{key}content-length: {length}\r\n\r\n{what}"
            ));
            assert_eq!(answer.status, expected, "{role} POST {what}: {answer:?}");
        }
    }
    let refused = service.ask("GET", &format!("/reconcile/default?{extend}"), "x-api-key: secret-screen\r\n");
    assert_eq!(refused.json(), json!({"detail": "the role `screen` may not ask this"}));
    let preview = service.ask("GET", "/reconcile/default/preview?id=NK-1", "x-api-key: secret-screen\r\n");
    assert_eq!(preview.status, 403);
}

#[test]
fn an_update_needs_a_key_that_may_or_the_token() {
    let keys = Keys::of(&[key("a", "operate"), key("b", "screen")]);
    let first = || Some(view(&[("acme", &[PETROV])]));
    let updater = || -> Option<interdict_server::engine::Updater> { Some(Box::new(|| Err("no network".to_owned()))) };
    let without = Service::start(first(), updater(), keys.settings());
    assert_eq!(without.ask("POST", "/updatez", "").status, 403);
    assert_eq!(without.ask("POST", "/updatez?token=", "x-api-key: secret-b\r\n").status, 403);
    assert_eq!(without.ask("POST", "/updatez", "x-api-key: secret-x\r\n").status, 401);
    assert_eq!(without.ask("POST", "/updatez", "x-api-key: secret-a\r\n").status, 200);
    let with = Settings { update_token: Some(Secret::new("let-me")), ..keys.settings() };
    let with = Service::start(first(), updater(), with);
    assert_eq!(with.ask("POST", "/updatez?token=let-me", "").status, 200);
    assert_eq!(with.ask("POST", "/updatez?token=let-me", "x-api-key: secret-b\r\n").status, 200);
    assert_eq!(with.ask("POST", "/updatez?token=let", "").json(), json!({"detail": "Invalid token."}));
}

#[test]
fn a_key_of_some_datasets_is_refused_all_others() {
    let keys =
        [key_with("a", "read", &json!({"datasets": ["acme"]})), key_with("o", "operate", &json!({"datasets": ["x"]}))];
    let service = service_with(Keys::of(&keys).settings());
    let answer = screen(&service, "a", "/match/acme");
    assert_eq!((answer.status, &answer.json()["responses"]["q"]["results"][0]["id"]), (200, &json!("NK-1")));
    let refused = "this key may ask for these datasets only: acme";
    for path in ["/match/default", "/match/ships", "/match/%73hips", "/match/default?include_dataset=ships"] {
        let answer = screen(&service, "a", path);
        assert_eq!((answer.status, answer.json()), (403, json!({"detail": refused})), "{path}");
    }
    for path in ["/match/default?include_dataset=acme", "/match/default?exclude_dataset=ships"] {
        assert_eq!(screen(&service, "a", path).status, 200, "{path}");
    }
    assert_eq!(get(&service, "a", "/search/acme?q=petrov").json()["total"]["value"], 2);
    assert_eq!(get(&service, "a", "/search/ships?q=grace").status, 403);
    assert_eq!(get(&service, "a", "/search/default?q=grace").status, 403);
    assert_eq!(get(&service, "a", "/match/nobody").status, 404);
    for path in ["/entities/NK-1", "/entities/V-1", "/entities/V-1/adjacent"] {
        assert_eq!(get(&service, "a", path).status, 403, "{path}");
    }
    assert_eq!(get(&service, "a", "/catalog").status, 200);
    assert_eq!(get(&service, "o", "/catalog").status, 200);
}

#[test]
fn a_key_ends_and_says_so_to_who_has_it() {
    let keys = [
        key_with("old", "admin", &json!({"not_after": "2020-01-01T00:00:00Z"})),
        key_with("lost", "admin", &json!({"revoked_at": "2020-01-01T00:00:00Z"})),
        key_with("new", "admin", &json!({"not_after": "2999-01-01T00:00:00Z"})),
    ];
    let service = service_with(Keys::of(&keys).settings());
    let old = get(&service, "old", "/catalog");
    assert_eq!((old.status, old.json()), (401, json!({"detail": "this key has expired"})));
    let lost = get(&service, "lost", "/catalog");
    assert_eq!((lost.status, lost.json()), (401, json!({"detail": "this key was revoked"})));
    assert!(lost.header("www-authenticate").unwrap().contains("invalid_token"));
    assert_eq!(get(&service, "new", "/catalog").status, 200);
}

#[test]
fn who_asks_too_often_is_told_when_to_come_again() {
    let keys = [key_with("slow", "read", &json!({"rate": {"per_second": 0.01, "burst": 3}})), key("fast", "read")];
    let service = service_with(Keys::of(&keys).settings());
    let statuses: Vec<u16> = (0..5).map(|_| get(&service, "slow", "/catalog").status).collect();
    assert_eq!(statuses, [200, 200, 200, 429, 429]);
    let answer = get(&service, "slow", "/catalog");
    let after: u64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((90..=100).contains(&after), "{answer:?}");
    assert!(answer.json()["detail"].as_str().unwrap().contains("too many requests"));
    assert_eq!(get(&service, "fast", "/catalog").status, 200);
    assert_eq!(service.get("/healthz").status, 200);
}

#[test]
fn no_more_of_one_key_run_at_a_time_than_may() {
    let keys = [key_with("one", "screen", &json!({"concurrent": 1})), key("two", "screen")];
    let service = service_with(Keys::of(&keys).settings());
    // A request that waits for its body runs on. Sent while another of the key runs it is refused itself, and so sent anew.
    let head = "POST /match/default HTTP/1.1\r\nhost: x\r\nx-api-key: secret-one\r\ncontent-length: 10\r\n\r\n";
    let mut waiting = Vec::new();
    until(429, || {
        let mut request = std::net::TcpStream::connect(service.address).unwrap();
        std::io::Write::write_all(&mut request, head.as_bytes()).unwrap();
        waiting.push(request);
        get(&service, "one", "/catalog")
    });
    let answer = get(&service, "one", "/catalog");
    assert_eq!(answer.header("retry-after"), Some("1"));
    assert_eq!(answer.json(), json!({"detail": "too many requests of this key at a time (limit: 1)"}));
    assert_eq!(get(&service, "two", "/catalog").status, 200);
    drop(waiting);
    until(200, || get(&service, "one", "/catalog"));
}

#[test]
fn keys_are_rotated_while_the_service_runs() {
    let keys = Keys::of(&[key("old", "read")]);
    let service = service_with(keys.settings());
    assert_eq!(get(&service, "old", "/catalog").status, 200);
    keys.write(&[key("old", "read"), key("new", "read")]);
    until(200, || get(&service, "new", "/catalog"));
    assert_eq!(get(&service, "old", "/catalog").status, 200);
    keys.write(&[key("new", "read")]);
    until(401, || get(&service, "old", "/catalog"));
    // A file that is none, one without keys and none at all leave those that hold.
    for broken in ["{\"keys\": [", "{\"keys\": []}"] {
        replace(&keys.path(), broken);
        std::thread::sleep(Duration::from_millis(1300));
        assert_eq!((get(&service, "new", "/catalog").status, service.get("/catalog").status), (200, 401), "{broken}");
    }
    std::fs::remove_file(keys.path()).unwrap();
    std::thread::sleep(Duration::from_millis(1300));
    assert_eq!((get(&service, "new", "/catalog").status, service.get("/catalog").status), (200, 401));
    keys.write(&[key("last", "read")]);
    until(200, || get(&service, "last", "/catalog"));
    assert_eq!(get(&service, "new", "/catalog").status, 401);
}

#[test]
fn a_service_does_not_begin_with_keys_that_cannot_be_used() {
    let keys = Keys::of(&[key("a", "read")]);
    replace(&keys.path(), "{}");
    assert!(Access::by_keys(keys.path()).is_err());
    replace(&keys.path(), "{\"keys\": []}");
    assert!(Access::by_keys(keys.path()).unwrap_err().kind.to_string().contains("no key"));
    assert!(Access::by_keys(keys.folder.path().join("none")).is_err());
    #[cfg(unix)]
    {
        keys.write(&[key("a", "read")]);
        let anyone = std::os::unix::fs::PermissionsExt::from_mode(0o666);
        std::fs::set_permissions(keys.path(), anyone).unwrap();
        assert!(Access::by_keys(keys.path()).unwrap_err().kind.to_string().contains("chmod"));
    }
}

#[test]
fn without_keys_nobody_is_asked() {
    let service = service();
    assert_eq!(service.get("/catalog").status, 200);
    assert_eq!(get(&service, "whoever", "/entities/NK-1").status, 200);
}

/// Our own routes refuse callers by problem details, Watchman's in its shape, and jobs are their owner's.
#[test]
fn our_own_routes_ask_who_it_is_too() {
    let keys = Keys::of(&[
        key("one", "screen"),
        key("two", "screen"),
        key("reader", "read"),
        key("op", "operate"),
        key("boss", "admin"),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let jobs = std::sync::Arc::new(interdict_server::jobs::Jobs::open(folder.path()).unwrap());
    let service = Service::start_with(Some(view(&[("acme", &[PETROV])])), keys.settings(), Some(jobs));
    let nobody = service.get("/v1/screen?name=Ivan+Petrov");
    assert_eq!((nobody.status, nobody.header("content-type")), (401, Some("application/problem+json")));
    assert_eq!(nobody.json()["type"], "urn:interdict:problem:who-are-you");
    assert!(service.get("/v2/search?name=Ivan+Petrov").json()["error"].is_string());
    for (id, path, status) in [
        ("one", "/v1/screen?name=Ivan+Petrov", 200),
        ("op", "/v1/screen?name=Ivan+Petrov", 403),
        ("one", "/v1/entities/NK-1", 403),
        ("reader", "/v1/entities/NK-1", 200),
        ("op", "/v1/lists", 200),
        ("op", "/v1/jobs", 403),
        ("one", "/v1/nowhere", 404),
    ] {
        assert_eq!(get(&service, id, path).status, status, "{id} {path}");
    }
    let made = service.ask("POST", "/v1/jobs", "authorization: ApiKey secret-one\r\ncontent-length: 0\r\n");
    let job = format!("/v1/jobs/{}", made.json()["id"].as_str().unwrap());
    assert_eq!(get(&service, "one", &job).json()["owner"], "one");
    assert_eq!((get(&service, "two", &job).status, get(&service, "boss", &job).status), (404, 200));
    assert_eq!(get(&service, "two", "/v1/jobs").json()["jobs"], json!([]));
    let theirs = service.ask("DELETE", &job, "authorization: ApiKey secret-two\r\n");
    assert_eq!(theirs.status, 404);
    let stream = service.ask("POST", "/v1/screen/stream", "content-length: 0\r\n");
    assert_eq!(stream.status, 401, "bodies that flow are asked who sends them too");
}
