//! What browsers are told: headers of every answer, and which pages may ask.

use interdict_server::access::Access;
use interdict_server::access::secret::SecretHash;
use interdict_server::headers::Origin;
use interdict_server::settings::Settings;

use super::client::Answer;
use super::{service, service_with};

fn is_guarded(answer: &Answer) -> bool {
    let has = |name: &str, word: &str| answer.header(name).is_some_and(|value| value.contains(word));
    has("x-content-type-options", "nosniff")
        && has("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
        && has("referrer-policy", "no-referrer")
        && has("x-frame-options", "DENY")
        && answer.header("strict-transport-security").is_none()
}

#[test]
fn every_answer_guards_itself() {
    let service = service();
    for (path, status, caching) in [
        ("/healthz", 200, None),
        ("/catalog", 200, Some("public, max-age=300")),
        ("/entities/NK-1", 200, Some("no-store")),
        ("/entities/acme-77", 308, Some("no-store")),
        ("/search/default?q=petrov", 200, Some("no-store")),
        ("/entities/nobody", 404, Some("no-store")),
        ("/match/default", 405, Some("no-store")),
        ("/nowhere", 404, None),
    ] {
        let answer = service.get(path);
        assert_eq!((answer.status, answer.header("cache-control")), (status, caching), "{path}: {answer:?}");
        assert!(is_guarded(&answer), "{path}: {answer:?}");
    }
    let long = service.get(&format!("/entities/{}", "x".repeat(60_000)));
    assert!(long.status == 414 && is_guarded(&long), "{long:?}");
}

#[test]
fn what_a_key_was_told_no_shared_cache_keeps() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let hash = String::from(SecretHash::of("secret"));
    std::fs::write(&path, format!(r#"{{"keys":[{{"id":"a","sha256":"{hash}","role":"read"}}]}}"#)).unwrap();
    let origins = vec![Origin::parse("https://desk.example.org").unwrap()];
    let access = Access::by_keys(path).unwrap();
    let service = service_with(Settings { access, cors_origins: origins, ..Settings::default() });
    let told = service.ask("GET", "/catalog", "x-api-key: secret\r\n");
    assert_eq!((told.status, told.header("cache-control")), (200, Some("private, max-age=300")));
    // A page of a known origin can read why it was refused, and asks beforehand without a key.
    let refused = service.ask("GET", "/catalog", "origin: https://desk.example.org\r\n");
    assert_eq!(refused.status, 401);
    assert_eq!(refused.header("access-control-allow-origin"), Some("https://desk.example.org"));
    assert!(is_guarded(&refused), "{refused:?}");
    let before = "origin: https://desk.example.org\r\naccess-control-request-method: POST\r\n";
    assert_eq!(service.ask("OPTIONS", "/match/default", before).status, 200);
}

#[test]
fn pages_of_other_origins_may_not_ask() {
    let page = "origin: https://desk.example.org\r\naccess-control-request-method: POST\r\n";
    let closed = service();
    for (method, path) in [("GET", "/catalog"), ("OPTIONS", "/match/default"), ("GET", "/entities/NK-1")] {
        let answer = closed.ask(method, path, page);
        assert!(!answer.head.to_lowercase().contains("access-control-"), "{answer:?}");
    }
    assert_eq!(closed.ask("OPTIONS", "/match/default", page).status, 405);

    let origins = vec![Origin::parse("https://desk.example.org").unwrap()];
    let some = service_with(Settings { cors_origins: origins, ..Settings::default() });
    let before = some.ask("OPTIONS", "/match/default", page);
    assert_eq!(before.status, 200);
    assert_eq!(before.header("access-control-allow-origin"), Some("https://desk.example.org"));
    assert!(before.header("access-control-allow-methods").unwrap().contains("POST"));
    assert!(before.header("access-control-allow-headers").unwrap().contains("x-api-key"));
    assert_eq!(before.header("access-control-allow-credentials"), None);
    let asked = some.ask("GET", "/catalog", page);
    assert_eq!(asked.header("access-control-allow-origin"), Some("https://desk.example.org"));
    assert!(asked.head.to_lowercase().contains("vary: origin"), "{asked:?}");
    for other in ["https://desk.example.org.evil.example", "http://desk.example.org", "null", "https://example.org"] {
        let lines = format!("origin: {other}\r\naccess-control-request-method: POST\r\n");
        for method in ["OPTIONS", "GET"] {
            let answer = some.ask(method, "/catalog", &lines);
            assert_eq!(answer.header("access-control-allow-origin"), None, "{other}: {answer:?}");
        }
    }
}
