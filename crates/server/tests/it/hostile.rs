//! Ugly input: every answer is a 4xx that says what is wrong, and the service goes on.

use serde_json::json;

use super::client::Service;
use super::service;

fn is_well(service: &Service) -> bool {
    service.get("/healthz").status == 200
}

#[test]
fn bodies_that_are_none_are_refused() {
    let service = service();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for (what, body) in [
        ("nothing", Vec::new()),
        ("half", b"{\"queries\":{".to_vec()),
        ("not UTF-8", b"{\"queries\":{\"q\":{\"schema\":\"Person\",\"properties\":{\"name\":\"\xff\xfe\"}}}}".to_vec()),
        ("nested beyond all bounds", deep.into_bytes()),
        ("a number", b"7".to_vec()),
        ("zeros", vec![0; 1000]),
    ] {
        let answer = service.post_as("/match/default", Some("application/json"), &body);
        assert_eq!(answer.status, 422, "{what}: {answer:?}");
        assert!(answer.json()["detail"][0]["loc"][0] == "body", "{what}: {answer:?}");
    }
    assert!(is_well(&service));
}

#[test]
fn bodies_that_are_too_large_are_refused_unread() {
    let service = service();
    let head = "POST /match/default HTTP/1.1\r\nhost: x\r\ncontent-length: 100000000\r\nconnection: close\r\n\r\n";
    assert_eq!(service.send(head).status, 413);
    assert!(is_well(&service));
}

#[test]
fn values_beyond_all_bounds_are_answered() {
    let service = service();
    let long = "Ivan Petrov ".repeat(5_000);
    let many: Vec<String> = (0..20_000).map(|at| format!("Name{at} Surname{at}")).collect();
    for properties in [
        json!({"name": long}),
        json!({"name": many}),
        json!({"name": ["\u{0}\u{202e}\u{200b}", "🚀🚀", "ﷺ", "\r\n"]}),
        json!({"birthDate": ["0000-00-00", "99999", "-5", "2024-02-31", "9999-12-31"], "name": ["A"]}),
        json!({"name": [{"a": [1, 2]}, [[]], true, null, 1e300]}),
    ] {
        let body = json!({"queries": {"q": {"schema": "Person", "properties": properties}}}).to_string();
        let answer = service.post("/match/default", &body);
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    assert!(is_well(&service));
}

#[test]
fn paths_that_want_to_lead_elsewhere_lead_nowhere() {
    let service = service();
    for path in [
        "/entities/..%2f..%2fetc%2fpasswd",
        "/entities/%00",
        "/entities/%ff",
        "/match/../healthz",
        "//healthz",
        "/entities/",
    ] {
        let status = service.get(path).status;
        assert!((400..500).contains(&status), "{path}: {status}");
    }
    assert!(is_well(&service));
}

#[test]
fn a_flood_of_headers_is_refused() {
    let service = service();
    let headers: Vec<String> = (0..5_000).map(|at| format!("x-{at}: {}\r\n", "y".repeat(100))).collect();
    let headers = headers.concat();
    let answer = service.send(&format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{headers}connection: close\r\n\r\n"));
    assert_eq!(answer.status, 431);
    assert!(is_well(&service));
}
