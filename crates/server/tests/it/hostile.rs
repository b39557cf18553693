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
    let many: Vec<String> = (0..1_000).map(|at| format!("Name{at} Surname{at}")).collect();
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
fn a_query_of_more_values_than_any_honest_one_has_is_refused_by_name() {
    let service = service();
    let values = |n: usize| (0..n).map(|at| format!("Name{at}")).collect::<Vec<_>>();
    let two = json!({"name": values(600), "alias": values(401)});
    let nameless: serde_json::Map<_, _> = (0..1001).map(|at| (format!("p{at}"), json!([]))).collect();
    for properties in [json!({"name": values(1001)}), two, json!(nameless)] {
        let query = json!({"schema": "Person", "properties": properties});
        let answer = service.post("/match/default", &json!({"queries": {"mine": query}}).to_string());
        assert_eq!(answer.status, 400, "{answer:?}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.starts_with("queries.mine: ") && detail.contains("1000"), "{detail}");
        let answer = service.post("/v1/screen", &json!({"queries": [query]}).to_string());
        assert_eq!(answer.status, 422, "{answer:?}");
        let error = &answer.json()["errors"][0];
        assert_eq!(error["field"], "/queries/0/properties");
        assert!(error["detail"].as_str().unwrap().contains("1000"), "{error}");
        // Of a stream it costs its own line.
        let lines = format!("{query}\n{}\n", json!({"schema": "Person", "properties": {"name": "Ivan Petrov"}}));
        let answers = service.post_as("/v1/screen/stream", Some("application/x-ndjson"), lines.as_bytes()).body;
        let answers: Vec<&str> = answers.lines().collect();
        assert!(answers[0].contains("1000 values") && answers[1].contains("NK-1"), "{answers:?}");
    }
    let of_address: Vec<String> = (0..1001).map(|at| format!("altNames=Name{at}")).collect();
    let answer = service.get(&format!("/v2/search?name=A&{}", of_address.join("&")));
    assert_eq!(answer.status, 400, "{answer:?}");
    assert!(answer.body.contains("1000"), "{answer:?}");
    let reconcile = json!({"q": {"query": "A", "properties": [{"pid": "Thing:name", "v": values(1001)}]}});
    let form: String =
        form_urlencoded::Serializer::new(String::new()).append_pair("queries", &reconcile.to_string()).finish();
    let answer = service.post_as("/reconcile/default", Some("application/x-www-form-urlencoded"), form.as_bytes());
    assert_eq!(answer.status, 400, "{answer:?}");
    assert!(answer.json()["detail"].as_str().unwrap().starts_with("q: "), "{answer:?}");
    assert!(is_well(&service));
}

#[test]
fn faults_without_end_are_told_up_to_a_bound() {
    let service = service();
    let wrong: serde_json::Map<_, _> = (0..20_000).map(|at| (format!("p{at}"), json!({}))).collect();
    let body = json!({"queries": {"q": {"schema": "Person", "properties": wrong}}}).to_string();
    let answer = service.post("/match/default", &body);
    assert_eq!(answer.status, 422);
    assert!(answer.json()["detail"].as_array().unwrap().len() <= 1001);
}

#[test]
fn countries_are_guessed_of_an_honest_number_of_values() {
    let service = service();
    for (n_rubbish, guessed) in [(3, Some("de")), (500, None)] {
        let given: Vec<String> =
            (0..n_rubbish).map(|at| format!("Atlantis{at}")).chain(["Germny".to_owned()]).collect();
        let properties = json!({"name": ["Ivan Petrov"], "country": given});
        let body = json!({"queries": {"q": {"schema": "Person", "properties": properties}}}).to_string();
        let answer = service.post("/match/default", &body).json();
        assert_eq!(answer["responses"]["q"]["query"]["properties"]["country"][0].as_str(), guessed);
        let n_told = answer["warnings"].as_array().unwrap().len();
        assert_eq!(n_told, n_rubbish + usize::from(guessed.is_none()), "each that was passed over is told");
    }
}

#[test]
fn searches_that_would_cost_too_much_are_refused_with_the_bound() {
    let service = service();
    for (query, bound) in [
        (format!("q={}", "%2Aa%2A+".repeat(17)), "16"),
        (format!("fuzzy=true&q={}", "petrov~+".repeat(17)), "16"),
        (format!("q={}", "a+".repeat(257)), "256"),
        (format!("q=%22{}%22", "a+".repeat(257)), "256"),
        ("sort=name&".repeat(9), "8"),
    ] {
        let answer = service.get(&format!("/search/default?{query}"));
        assert_eq!(answer.status, 400, "{answer:?}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.starts_with("Search error: ") && detail.contains(bound), "{detail}");
    }
    for query in
        ["facets=topics&".repeat(2500), format!("simple=true&q={}", "a*+".repeat(1000)), "sort=name&".repeat(8)]
    {
        assert_eq!(service.get(&format!("/search/default?{query}")).status, 200);
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
