//! Our own interface: answers, refusals by name, streams, and the description that is made from the code.

use serde_json::{Value as Json, json};

use super::client::Service;

const PUTIN: &str = r#"{"id":"a-1","schema":"Person","referents":["a-old"],"properties":{"name":["Vladimir Putin"],"birthDate":["1952-10-07"],"country":["ru"]}}"#;
const FIRM: &str =
    r#"{"id":"b-1","schema":"Company","properties":{"name":["Zarbinov Trading LLC"],"innCode":["7707083893"]}}"#;

fn service() -> Service {
    Service::of(&[("a", &[PUTIN]), ("b", &[FIRM])])
}

#[test]
fn a_503_says_of_which_kind_it_is() {
    let none = Service::start(None, None, interdict_server::settings::Settings::default());
    let kind = |answer: super::client::Answer| answer.json()["type"].as_str().unwrap().to_owned();
    assert_eq!(kind(none.post("/v1/screen", &body("A B"))), "urn:interdict:problem:no-lists-yet");
    assert_eq!(kind(none.get("/v1/entities/a-1")), "urn:interdict:problem:no-lists-yet");
}

#[test]
fn parties_of_which_no_schema_is_said_are_compared_as_any() {
    let service = service();
    let score = |query: Json, candidate: Json| {
        let answer = service.post("/v1/compare", &json!({"query": query, "candidate": candidate}).to_string());
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["score"].as_f64().unwrap()
    };
    let of = |name: &str| json!({"properties": {"name": name}});
    let person = |name: &str| json!({"schema": "Person", "properties": {"name": name}});
    assert!(score(of("Vladimir Putin"), of("Putin Vladimir")) > 0.7);
    assert!(score(of("Zarbinov Trading LLC"), of("Zarbinov Trading")) > 0.7);
    let persons = score(person("Vladimir Putin"), person("Vladimir Putin"));
    assert!(persons > 0.7, "{persons}");
    for (query, candidate) in
        [(person("Vladimir Putin"), of("Vladimir Putin")), (of("Vladimir Putin"), person("Vladimir Putin"))]
    {
        assert!((score(query, candidate) - persons).abs() < 1e-6);
    }
    assert!(score(of("Vladimir Putin"), of("Vladimir Putin")) >= persons);
    assert!(score(of("Vladimir Putin"), of("Omar Zarbini")) < 0.5);
    let born = json!({"properties": {"name": "Vladimir Putin", "birthDate": "1952"}});
    assert!(score(born, of("Vladimir Putin")) > 0.7);
}

fn body(name: &str) -> String {
    json!({"queries": [{"id": "q", "schema": "Person", "properties": {"name": name}}]}).to_string()
}

#[test]
fn one_and_many_are_screened_alike() {
    let service = service();
    let one = service.get("/v1/screen?name=Wladimir%20Putin&schema=Person&id=q").json();
    let many = service.post("/v1/screen", &body("Wladimir Putin")).json();
    assert_eq!(one["hits"], many["results"][0]["hits"]);
    assert_eq!((&one["hits"][0]["id"], &one["hits"][0]["match"]), (&json!("a-1"), &json!(true)));
    assert_eq!(one["snapshot"]["lists"][0], json!({"id": "a", "version": "1"}));
    assert_eq!(many["snapshot"], one["snapshot"]);
    let stranger = service.post("/v1/screen", &body("Omar Zarbini")).json();
    assert_eq!(stranger["results"][0], json!({"id": "q", "hits": [], "truncated": false}));
}

#[test]
fn lists_thresholds_limits_and_reasons_are_as_asked() {
    let service = service();
    let hits = |query: &str| service.get(&format!("/v1/screen?name=Vladimir+Putin&{query}")).json()["hits"].clone();
    assert_eq!(hits("lists=b"), json!([]));
    assert_eq!(hits("exclude_lists=a"), json!([]));
    assert_eq!(hits("lists=default")[0]["id"], "a-1");
    assert_eq!(hits("threshold=0.99"), json!([]));
    let why = hits("explain=true")[0]["explanation"].clone();
    assert_eq!(why["name"]["origin"]["list"], "a");
    assert!(hits("")[0].get("explanation").is_none());
}

#[test]
fn what_cannot_be_used_is_refused_by_its_place() {
    let service = service();
    let many = |body: Json| service.post("/v1/screen", &body.to_string());
    let query = |properties: Json| json!({"queries": [{"properties": {"name": "A B"}}, {"schema": "Person", "properties": properties}]});
    for (answer, status, field) in [
        (service.get("/v1/screen?name=A&threshold=x"), 422, "?threshold"),
        (service.get("/v1/screen?name=A&threshold=0.1"), 422, "?threshold"),
        (service.get("/v1/screen?name=A&threshold=NaN"), 422, "?threshold"),
        (service.get("/v1/screen?name=A&limit=0"), 422, "?limit"),
        (service.get("/v1/screen?name=A&lists=nowhere"), 422, "?lists"),
        (service.get("/v1/screen?name=A&colour=red"), 422, "?colour"),
        (service.get("/v1/screen?name=A&birthDate=31.02.1970"), 422, "?birthDate"),
        (service.get("/v1/screen?schema=Person"), 422, "?properties"),
        (service.get("/v1/screen?name=%21%21"), 422, "?name"),
        (many(query(json!({"name": "A", "birthDate": "soon"}))), 422, "/queries/1/properties/birthDate"),
        (many(query(json!({"name": {"a": 1}}))), 422, "/queries/1/properties/name"),
        (many(query(json!({"shoeSize": "44"}))), 422, "/queries/1/properties/shoeSize"),
        (many(json!({"queries": []})), 422, "/queries"),
        (many(json!({"queries": [{"properties": {}, "x": 1}]})), 422, "/queries/0/x"),
        (many(json!({"queries": [{"schema": "Unicorn", "properties": {"name": "A"}}]})), 422, "/queries/0/schema"),
        (many(json!({"queries": [{"properties": {"name": "A"}}], "how": {"limit": -1}})), 422, "/how/limit"),
    ] {
        let problem = answer.json();
        assert_eq!((answer.status, problem["errors"][0]["field"].as_str()), (status, Some(field)), "{problem}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        assert_eq!(problem["status"], status);
        assert!(problem["type"].as_str().is_some_and(|kind| kind.starts_with("urn:interdict:problem:")));
    }
    for (answer, status) in [
        (service.post("/v1/screen", "{"), 400),
        (service.post("/v1/screen", ""), 400),
        (service.post("/v1/screen", "{} {}"), 422),
        (service.post_as("/v1/screen", None, b"\xff\xfe"), 400),
        (service.get("/v1/screen?name=%ff"), 400),
        (service.get("/v1/nowhere"), 404),
        (service.get("/v1/entities/nobody"), 404),
        (service.post("/v1/lists", ""), 405),
        (
            service
                .post("/v1/screen", &json!({"queries": vec![json!({"properties": {"name": "A"}}); 101]}).to_string()),
            422,
        ),
        (service.post("/v1/screen", &"[".repeat(100_000)), 400),
        (service.post("/v1/screen", &" ".repeat(17 << 20)), 413),
        (service.get(&format!("/v1/screen?name={}", "x".repeat(61_000))), 414),
    ] {
        assert_eq!(answer.status, status, "{}", answer.body);
        assert_eq!(answer.json()["status"], status, "{}", answer.body);
    }
}

#[test]
fn a_packed_body_is_refused_by_its_header() {
    let service = service();
    for path in ["/v1/screen", "/v1/screen/stream"] {
        let send = |coding: &str| {
            let body = body("Vladimir Putin");
            let len = body.len();
            service.send(&format!(
                "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-encoding: {coding}\r\ncontent-length: {len}\r\n\r\n{body}"
            ))
        };
        let packed = send("gzip");
        assert_eq!((packed.status, packed.header("accept-encoding")), (415, Some("identity")), "{packed:?}");
        assert!(packed.json()["detail"].as_str().unwrap().starts_with("Content-Encoding: \"gzip\""), "{packed:?}");
        assert_eq!(send("identity").status, 200);
    }
}

#[test]
fn a_pair_is_explained_hit_or_not() {
    let service = service();
    let ask = |name: &str, entity: &str| {
        let query = json!({"schema": "Person", "properties": {"name": name}});
        service.post("/v1/explain", &json!({"query": query, "entity": entity}).to_string())
    };
    let hit = ask("Vladimir Putin", "a-1").json();
    let screened = service.get("/v1/screen?name=Vladimir+Putin&schema=Person").json();
    assert_eq!(hit["score"], screened["hits"][0]["score"]);
    assert_eq!(ask("Vladimir Putin", "a-old").json()["entity"]["id"], "a-1");
    let not = ask("Omar Zarbini", "a-1").json();
    assert_eq!((&not["score"], &not["match"]), (&json!(0.0), &json!(false)));
    let parts = not["explanation"]["name"]["parts"].as_array().unwrap();
    assert!(parts.iter().any(|part| part["how"] == "missing") && parts.iter().any(|part| part["how"] == "extra"));
    let other = ask("Vladimir Putin", "b-1").json();
    assert_eq!(other["explanation"]["fields"][0]["rule"], "schema_differs");
    assert_eq!(ask("Vladimir Putin", "nobody").status, 404);
    let pair = json!({"query": {"properties": {"name": "Zarbinov Trading"}}, "candidate": {"schema": "Company", "properties": {"name": "Zarbinov Trading LLC"}}});
    let compared = service.post("/v1/compare", &pair.to_string()).json();
    assert!(compared["score"].as_f64().unwrap() > 0.8 && !compared["lines"].as_array().unwrap().is_empty());
}

#[test]
fn entities_lists_and_policies_are_told() {
    let service = service();
    assert_eq!(service.get("/v1/entities/a-1").json()["caption"], "Vladimir Putin");
    let moved = service.get("/v1/entities/a-old");
    assert_eq!((moved.status, moved.header("location")), (308, Some("/v1/entities/a-1")));
    assert_eq!(service.get("/v1/entities/a-1?nested=maybe").json()["errors"][0]["field"], "?nested");
    let lists = service.get("/v1/lists").json();
    let list = lists["lists"].as_array().unwrap().iter().find(|list| list["id"] == "b").unwrap();
    assert_eq!((&list["state"], &list["parties"], &list["version"]), (&json!("fresh"), &json!(1), &json!("1")));
    assert_eq!(lists["status"], "ok");
    assert_eq!(service.get("/v1/policies").json()["policies"][0]["name"], "default");
}

#[test]
fn a_stream_answers_every_line_in_order() {
    let service = service();
    let lines = [
        r#"{"id":"one","schema":"Person","properties":{"name":["Vladimir Putin"]}}"#,
        "",
        "not json",
        r#"{"properties":{"name":"Zarbinov Trading"}}"#,
        r#"{"id":"dated","properties":{"name":"Vladimir Putin","birthDate":"soon"}}"#,
        r#"{"id":"empty","properties":{}}"#,
    ];
    let answer =
        service.post_as("/v1/screen/stream?limit=1", Some("application/x-ndjson"), lines.join("\n").as_bytes());
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    let said: Vec<Json> = answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(said.len(), 5, "{}", answer.body);
    assert_eq!((&said[0]["id"], &said[0]["hits"][0]["id"]), (&json!("one"), &json!("a-1")));
    assert_eq!((&said[1]["id"], &said[1]["error"]["line"]), (&json!("row-3"), &json!(3)));
    assert_eq!((&said[2]["id"], &said[2]["hits"][0]["id"]), (&json!("row-4"), &json!("b-1")));
    assert_eq!(said[3]["hits"][0]["id"], "a-1");
    assert!(said[3]["ignored"][0].as_str().unwrap().starts_with("birthDate"));
    assert!(said[4].get("hits").is_none() && said[4]["error"]["reason"].is_string());
    assert_eq!(said[0]["snapshot"]["lists"][1]["id"], "b");
    assert_eq!(service.post("/v1/screen/stream?colour=1", "").json()["errors"][0]["field"], "?colour");
    let long = format!("{{\"id\":\"{}\"}}\n{{}}\n", "x".repeat(1 << 20));
    let answer = service.post("/v1/screen/stream", &long);
    assert_eq!(answer.body.lines().count(), 1, "what follows a line without an end cannot be trusted");
    assert!(answer.json()["error"]["reason"].as_str().unwrap().contains("longer than"));
    let many = format!("{}\n", lines[0]).repeat(1000);
    assert_eq!(service.post("/v1/screen/stream", &many).body.lines().count(), 1000);
}

#[test]
fn the_description_is_the_golden_one_and_the_page_shows_all_routes() {
    let service = service();
    let described = service.get("/v1/openapi.json").json();
    assert!(described["openapi"].as_str().unwrap().starts_with("3.1"));
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    let text = serde_json::to_string_pretty(&described).unwrap() + "\n";
    if std::env::var_os("INTERDICT_WRITE_GOLDEN").is_some() {
        std::fs::write(golden, &text).unwrap();
    }
    let known = std::fs::read_to_string(golden).unwrap();
    assert!(known == text, "docs/openapi.json is another one; INTERDICT_WRITE_GOLDEN=1 writes it anew");
    let page = service.get("/v1/docs");
    for path in described["paths"].as_object().unwrap().keys() {
        assert!(page.body.contains(&format!("<code>{path}</code>")), "{path}");
    }
    assert!(!page.body.contains("<script") && !page.body.contains("http://") && !page.body.contains("https://"));
}

#[test]
fn answers_are_as_described() {
    let service = service();
    let described = service.get("/v1/openapi.json").json();
    let check = |schema: &str, answer: &Json| {
        let mut schemas = boon::Schemas::new();
        let mut compiler = boon::Compiler::new();
        compiler.add_resource("file:///openapi.json", described.clone()).unwrap();
        let at = format!("file:///openapi.json#/components/schemas/{schema}");
        let compiled = compiler.compile(&at, &mut schemas).unwrap();
        if let Err(error) = schemas.validate(answer, compiled) {
            panic!("{schema}: {error}: {answer}");
        }
    };
    check("ScreenResult", &service.get("/v1/screen?name=Vladimir+Putin&explain=1").json());
    check("ScreenResponse", &service.post("/v1/screen", &body("Vladimir Putin")).json());
    check("ListsAnswer", &service.get("/v1/lists").json());
    check("Problem", &service.get("/v1/screen?colour=red").json());
    check("Policies", &service.get("/v1/policies").json());
    let query = json!({"properties": {"name": "Vladimir Putin"}});
    check("PairAnswer", &service.post("/v1/explain", &json!({"query": query, "entity": "a-1"}).to_string()).json());
}
