//! `/reconcile`: the protocol as OpenRefine speaks it, in yente's names.

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use super::client::{Answer, Service};
use super::service;

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

fn form(name: &str, value: &Json) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    form_urlencoded::Serializer::new(String::new()).append_pair(name, &text).finish()
}

fn post(service: &Service, name: &str, value: &Json) -> Answer {
    service.post_as("/reconcile/default", FORM, form(name, value).as_bytes())
}

/// The one answer to one query.
fn ask(service: &Service, query: &Json) -> Json {
    let answer = post(service, "queries", &json!({"q": query}));
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["q"].clone()
}

fn ids(answer: &Json) -> Vec<&str> {
    answer["result"].as_array().unwrap().iter().map(|candidate| candidate["id"].as_str().unwrap()).collect()
}

#[test]
fn the_manifest_says_where_everything_is_and_keeps_the_callers_key() {
    let service = service();
    let answer = service.get("/reconcile/acme?api_key=k%20y");
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, None));
    let json = answer.json();
    assert_eq!(json["name"], "acme (interdict)");
    assert_eq!(json["versions"], json!(["0.2"]));
    let settings = &json["extend"]["propose_settings"];
    assert_eq!(settings, &json["extend"]["property_settings"]);
    let choices =
        json!([{"id": "caption", "value": "caption", "name": "Caption"}, {"id": "raw", "value": "raw", "name": "Raw"}]);
    assert_eq!((&settings[0]["name"], &settings[1]["choices"]), (&json!("limit"), &choices));
    let at = |path: &str| json!({"service_url": "http://x/reconcile/acme", "service_path": path});
    assert_eq!(
        json["suggest"],
        json!({"entity": at("/suggest/entity?api_key=k%20y"), "type": at("/suggest/type?api_key=k%20y"),
            "property": at("/suggest/property?api_key=k%20y")})
    );
    assert_eq!(json["extend"]["propose_properties"], at("/extend/property?api_key=k%20y"));
    assert_eq!(
        json["preview"],
        json!({"url": "http://x/reconcile/acme/preview?id={{id}}&api_key=k%20y", "width": 430, "height": 600})
    );
    let types: Vec<&str> =
        json["defaultTypes"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert!(types.contains(&"Person") && types.contains(&"Vessel") && !types.contains(&"Sanction"), "{types:?}");
}

#[test]
fn the_manifest_believes_a_proxy_but_not_every_host() {
    let service = service();
    let get =
        |headers: &str| service.send(&format!("GET /reconcile/acme HTTP/1.1\r\n{headers}connection: close\r\n\r\n"));
    let answer = get("host: in\r\nx-forwarded-proto: https\r\nx-forwarded-host: lists.example:8443, in\r\n");
    assert_eq!(answer.json()["suggest"]["type"]["service_url"], "https://lists.example:8443/reconcile/acme");
    for headers in [
        "host: a/b\r\n",
        "host: x\r\nx-forwarded-host: <script>\r\n",
        "host: x\r\nx-forwarded-host: {{id}}\r\n",
        "host: x\r\nx-forwarded-proto: javascript\r\n",
        "host: x\r\nx-forwarded-host: \u{e9}\r\n",
    ] {
        let answer = get(headers);
        assert_eq!(answer.status, 400, "{headers:?} {answer:?}");
    }
}

#[test]
fn a_candidate_has_yentes_members() {
    let service = service();
    let answer = post(
        &service,
        "queries",
        &json!({"q0": {"query": "Ivan Petrov", "type": "Person"}, "q1": {"query": "Zqx Vwy"}}),
    );
    assert_eq!((answer.status, answer.header("x-batch-size")), (200, Some("2")));
    let json = answer.json();
    assert_eq!(json.as_object().unwrap().keys().collect::<Vec<_>>(), ["q0", "q1"]);
    assert_eq!(json["q1"]["result"], json!([]));
    let candidate = &json["q0"]["result"][0];
    assert_eq!(
        (&candidate["id"], &candidate["name"], &candidate["description"], &candidate["match"]),
        (&json!("NK-1"), &json!("Ivan Petrov"), &json!("Person"), &json!(true))
    );
    assert_eq!((&candidate["type"][0]["id"], &candidate["type"][0]["name"]), (&json!("Person"), &json!("People")));
    let score = candidate["score"].as_f64().unwrap();
    assert!((0.7..=1.0).contains(&score), "{score}");
    assert_eq!(candidate["features"][0]["id"], "name_match");
    assert!(json["q0"].get("warnings").is_none(), "{json}");
    assert_eq!(json["q0"]["interdict"]["snapshot"]["lists"][0], json!({"id": "acme", "version": "1"}));
}

#[test]
fn properties_count_whatever_the_type_and_the_form_of_their_values() {
    let service = service();
    let score = |query: Json| {
        let answer = ask(&service, &query);
        assert_eq!(answer["result"][0]["id"], "NK-1", "{answer}");
        answer["result"][0]["score"].as_f64().unwrap()
    };
    let with = |value: Json| json!({"query": "Ivan Petrow", "properties": [{"pid": "Person:birthDate", "v": value}]});
    let plain = score(json!({"query": "Ivan Petrow"}));
    for same in [json!("1970-02-01"), json!(1970), json!(["1970-02-01"]), json!({"id": "1970", "name": "1970"})] {
        assert!(score(with(same.clone())) > plain, "{same}");
    }
    assert!(score(with(json!("1950"))) < plain);
    // The birth date does not make a person of a query for anything.
    let firm = json!({"query": "Acme Petrov Holding", "properties": [{"pid": "birthDate", "v": "1970"}]});
    assert_eq!(ids(&ask(&service, &firm))[0], "NK-2");
    assert_eq!(ids(&ask(&service, &json!({"properties": [{"pid": "Vessel:imoNumber", "v": "IMO 9187629"}]}))), ["V-1"]);
    assert_eq!(
        ids(&ask(&service, &json!({"query": "Grace", "type": ["Vessel", "Person"], "type_strict": "any"}))),
        ["V-1"]
    );
    assert!(ids(&ask(&service, &json!({"query": "Grace", "type": "Person"}))).is_empty());
    assert!(ids(&ask(&service, &json!({"query": "Ivan Petrov", "limit": 0}))).is_empty());
    assert_eq!(ids(&ask(&service, &json!({"query": "Ivan Petrov", "limit": "1"}))), ["NK-1"]);
}

#[test]
fn what_is_passed_over_is_told() {
    let service = service();
    for (query, told) in [
        (json!({"query": "A B", "properties": [{"pid": "Person:shoe", "v": 43}]}), "`Person:shoe`"),
        (json!({"query": "A B", "type": "Person", "properties": [{"pid": "birthDate", "v": "lately"}]}), "`birthDate`"),
        (json!({"query": "A B", "type": "Vessel", "properties": [{"pid": "birthDate", "v": "1970"}]}), "`birthDate`"),
        (json!({"query": "A B", "properties": [{"pid": "sanctions", "v": "x"}]}), "`sanctions`"),
        (json!({"query": "A B", "type": ["Person", "Company"]}), "several types"),
        (json!({"query": "A B", "offset": 3}), "`offset`"),
        (json!({"query": ""}), "nobody was looked for"),
    ] {
        let answer = ask(&service, &query);
        assert!(answer["warnings"].to_string().contains(told), "{query} {answer}");
    }
    let answer = service.post_as(
        "/reconcile/acme?algorithm=logic-v1",
        FORM,
        form("queries", &json!({"q": {"query": "A B"}})).as_bytes(),
    );
    assert!(answer.json()["q"]["warnings"].to_string().contains("logic-v1"), "{answer:?}");
}

#[test]
fn queries_may_stand_in_the_address_and_alone() {
    let service = service();
    let queries = form("queries", &json!({"q": {"query": "Ivan Petrov"}}));
    assert_eq!(ids(&service.get(&format!("/reconcile/acme?api_key=k&{queries}")).json()["q"]), ["NK-1"]);
    for single in [json!("Ivan Petrov"), json!({"query": "Ivan Petrov", "type": "Person"})] {
        let answer = service.get(&format!("/reconcile/acme?{}", form("query", &single)));
        assert_eq!(ids(&answer.json())[0], "NK-1", "{answer:?}");
        assert_eq!(ids(&post(&service, "query", &single).json())[0], "NK-1");
    }
    assert!(ids(&service.get(&format!("/reconcile/ships?{}", form("query", &json!("Ivan Petrov")))).json()).is_empty());
}

#[test]
fn what_cannot_be_asked_is_refused_with_its_place() {
    let service = service();
    let many: serde_json::Map<String, Json> = (0..101).map(|at| (at.to_string(), json!({"query": "A"}))).collect();
    for (queries, said) in [
        (json!("banana"), r#""errors":[{"type":"json_invalid","loc":["queries"],"msg":"`queries` is not JSON"#),
        (json!("[1]"), r#"["queries"]"#),
        (json!({"q": 7}), r#"["queries","q"]"#),
        (json!({"q": {}}), r#"["queries","q","query"]"#),
        (json!({"q": {"properties": []}}), r#"["queries","q","query"]"#),
        (json!({"q": {"query": 7}}), r#"["queries","q","query"]"#),
        (json!({"q": {"query": "A", "limit": "five"}}), r#"["queries","q","limit"]"#),
        (json!({"q": {"query": "A", "limit": 2.5}}), r#"["queries","q","limit"]"#),
        (json!({"q": {"query": "A", "limit": "2.5"}}), r#"["queries","q","limit"]"#),
        (json!({"q": {"query": "A", "type": 7}}), r#"["queries","q","type"]"#),
        (json!({"q": {"query": "A", "type": "Banana"}}), "Unknown schema: 'Banana'"),
        (json!({"q": {"query": "A", "type": "Sanction"}}), "Non-matchable schema"),
        (json!({"q": {"query": "A", "type_strict": "maybe"}}), r#"["queries","q","type_strict"]"#),
        (json!({"q": {"query": "A", "properties": {}}}), r#"["queries","q","properties"]"#),
        (json!({"q": {"query": "A", "properties": [7]}}), r#"["queries","q","properties",0,"pid"]"#),
        (json!({"q": {"query": "A", "properties": [{"pid": "name"}]}}), r#"["queries","q","properties",0,"v"]"#),
        (
            json!({"q": {"query": "A", "properties": [{"pid": "name", "v": [null]}]}}),
            r#"["queries","q","properties",0,"v"]"#,
        ),
        (
            json!({"q": {"query": "A", "properties": [{"pid": "name", "v": {}}]}}),
            r#"["queries","q","properties",0,"v"]"#,
        ),
        (Json::Object(many), "Too many queries in one batch (limit: 100)"),
    ] {
        let answer = post(&service, "queries", &queries);
        assert_eq!(answer.status, 400, "{queries} {answer:?}");
        let json = answer.json();
        assert!(json["detail"].is_string() && answer.body.contains(said), "{queries} {answer:?}");
    }
    let queries = form("queries", &json!({"q": {"query": "A"}}));
    for (path, status) in [
        ("/reconcile/nope", 404),
        ("/reconcile/nope/suggest/entity?prefix=a", 404),
        ("/reconcile/nope/suggest/type?prefix=a", 404),
        ("/reconcile/nope/suggest/property?prefix=a", 404),
        ("/reconcile/nope/extend/property", 404),
        ("/reconcile/nope/preview?id=NK-1", 404),
        ("/reconcile/acme/preview?id=nobody", 404),
        ("/reconcile/acme/preview", 400),
        ("/reconcile/nope/preview", 404),
        ("/reconcile/nope?queries=banana&algorithm=magic", 404),
        ("/reconcile/nope?changed_since=lately", 422),
        ("/reconcile/acme/suggest/entity?prefix=a&limit=501", 422),
        ("/reconcile/acme/suggest/property?prefix=a&type=Banana", 400),
        ("/reconcile/acme/extend/property?type=Banana", 400),
        ("/reconcile/acme?queries=%ff", 400),
        (&format!("/reconcile/nope?{queries}"), 404),
        (&format!("/reconcile/acme?algorithm=magic&{queries}"), 400),
        (&format!("/reconcile/acme?changed_since=lately&{queries}"), 422),
        (&format!("/reconcile/acme?{queries}&{queries}"), 400),
    ] {
        let answer = service.get(path);
        assert_eq!(answer.status, status, "{path} {answer:?}");
    }
    for (kind, body, status) in [
        (FORM, "", 400),
        (FORM, "extend={}&queries={}", 400),
        (Some("application/json"), "{\"queries\":[]}", 400),
        (Some("multipart/form-data; boundary=x"), "--x", 400),
        (Some("multipart/form-data"), "--x", 400),
        (None, queries.as_str(), 200),
    ] {
        let answer = service.post_as("/reconcile/acme", kind, body.as_bytes());
        assert_eq!(answer.status, status, "{kind:?} {body} {answer:?}");
        let answer = service.post_as("/reconcile/nope", kind, body.as_bytes());
        assert_eq!(answer.status, 404, "{kind:?} {body} {answer:?}");
    }
    let empty = post(&service, "queries", &json!({}));
    assert_eq!((empty.status, empty.json()), (200, json!({})));
}

#[test]
fn a_form_may_be_of_parts_and_have_empty_fields() {
    let service = service();
    let ask = |parts: &[(&str, &[u8])]| {
        let mut body = Vec::new();
        for (name, value) in parts {
            body.extend(format!("--b-1\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n").into_bytes());
            body.extend(*value);
            body.extend(b"\r\n");
        }
        body.extend(b"--b-1--\r\n");
        service.post_as("/reconcile/acme", Some("multipart/form-data; boundary=\"b-1\""), &body)
    };
    let queries = json!({"q": {"query": "Ivan Petrov"}}).to_string();
    let answer = ask(&[("queries", queries.as_bytes()), ("extend", b""), ("other", b"\xd0\xb8")]);
    assert_eq!((answer.status, ids(&answer.json()["q"])), (200, vec!["NK-1"]), "{answer:?}");
    assert_eq!(ask(&[("queries", b"{}"), ("extend", b"{}")]).status, 400);
    assert_eq!(ask(&[("queries", b"\xff")]).status, 400);
    assert_eq!(ask(&[("x", &b"y"[..]); 101]).status, 400);
    let extend = json!({"ids": ["NK-1"], "properties": [{"id": "topics"}]}).to_string();
    assert_eq!(
        ask(&[("queries", b""), ("extend", extend.as_bytes())]).json()["rows"]["NK-1"]["topics"][0]["str"],
        "Sanctioned"
    );
    let form = format!("{}&extend=", form("queries", &json!({"q": {"query": "Ivan Petrov"}})));
    assert_eq!(ids(&service.post_as("/reconcile/acme", FORM, form.as_bytes()).json()["q"]), ["NK-1"]);
}

#[test]
fn hostile_queries_are_answered_or_refused_and_the_service_goes_on() {
    let service = service();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(post(&service, "queries", &json!(deep)).status, 400);
    assert_eq!(post(&service, "extend", &json!(deep)).status, 400);
    let long = "Ivan Petrov ".repeat(5_000);
    let many: Vec<String> = (0..999).map(|at| format!("Name{at} Surname{at}")).collect();
    for query in [
        json!({"query": long}),
        json!({"query": "\u{0}\u{202e}ﷺ🚀"}),
        json!({"query": "A", "limit": 1e300}),
        json!({"query": "A", "limit": -1e300}),
        json!({"properties": [{"pid": "name", "v": many}]}),
        json!({"query": "A", "properties": [{"pid": ":::", "v": "x"}]}),
    ] {
        let answer = post(&service, "queries", &json!({"q": query}));
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    for prefix in ["%00", "*", "-", "%22", "~~~", "a%20OR%20b", "%F0%9F%9A%80", &"x".repeat(5_000)] {
        for kind in ["entity", "type", "property"] {
            let answer = service.get(&format!("/reconcile/acme/suggest/{kind}?prefix={prefix}"));
            assert_eq!(answer.status, 200, "{kind} {prefix} {answer:?}");
        }
    }
    assert_eq!(service.get("/healthz").status, 200);
}

#[test]
fn values_are_fetched_as_captions_or_raw() {
    let service = service();
    let extend =
        |properties: Json| post(&service, "extend", &json!({"ids": ["NK-1", "nobody"], "properties": properties}));
    let answer = extend(json!([{"id": "nationality"}, {"id": "Person:name", "settings": {"limit": "1"}}]));
    assert_eq!(answer.header("x-batch-size"), Some("2"));
    let json = answer.json();
    assert_eq!(
        json["meta"],
        json!([{"id": "nationality", "name": "Nationality"}, {"id": "Person:name", "name": "Name"}])
    );
    assert_eq!(
        json["rows"],
        json!({"NK-1": {"nationality": [{"str": "Russia"}], "Person:name": [{"str": "Ivan Petrov"}]}, "nobody": {}})
    );
    let json =
        extend(json!([{"id": "nationality", "settings": {"limit": 0, "render": "raw"}}, {"id": "imoNumber"}])).json();
    assert_eq!(json["rows"]["NK-1"], json!({"nationality": [{"str": "ru"}], "imoNumber": []}));
    let json = extend(json!([{"id": "shoe"}, {"id": "sanctions"}, {"id": "topics"}])).json();
    assert_eq!(json["meta"], json!([{"id": "topics", "name": "Topics"}]));
    assert_eq!(json["rows"]["NK-1"], json!({"topics": [{"str": "Sanctioned"}]}));
    assert!(json["warnings"][0].as_str().unwrap().contains("'shoe'"), "{json}");
    assert!(json["warnings"][1].as_str().unwrap().contains("'sanctions'"), "{json}");
    let owned = post(&service, "extend", &json!({"ids": ["o-1"], "properties": [{"id": "Ownership:owner"}]})).json();
    assert_eq!(owned["rows"]["o-1"]["Ownership:owner"], json!([{"id": "NK-1", "name": "Ivan Petrov"}]));
    for (wanted, said) in [
        (json!({"ids": ["acme-77"], "properties": []}), "'acme-77'"),
        (json!({"ids": ["NK-1"], "properties": [{}]}), "`id`"),
        (json!({"ids": [7], "properties": []}), "`ids`"),
        (json!({"ids": "NK-1", "properties": []}), "`ids`"),
        (json!({"ids": []}), "`properties`"),
        (json!({"ids": vec!["a"; 101], "properties": []}), "Too many queries in one batch (limit: 100)"),
        (json!({"ids": ["NK-1"], "properties": [{"id": "name", "settings": {"limit": -1}}]}), "`limit`"),
        (json!({"ids": ["NK-1"], "properties": [{"id": "name", "settings": {"render": "loud"}}]}), "`render`"),
        (json!({"ids": ["NK-1"], "properties": [{"id": "name", "settings": {"zzz": 1}}]}), "`zzz`"),
        (json!({"ids": ["NK-1"], "properties": [{"id": "name", "settings": 7}]}), "`settings`"),
        (json!([]), "`ids`"),
    ] {
        let answer = post(&service, "extend", &wanted);
        assert_eq!(answer.status, 400, "{wanted} {answer:?}");
        assert!(answer.body.contains(said), "{wanted} {answer:?}");
    }
}

#[test]
fn properties_are_proposed_and_everything_is_suggested_by_its_beginning() {
    let service = service();
    let proposed = service.get("/reconcile/acme/extend/property?type=Person&limit=3").json();
    assert_eq!((&proposed["limit"], &proposed["type"]), (&json!(3), &json!("Person")));
    assert_eq!(proposed["properties"].as_array().unwrap().len(), 3);
    let all = service.get("/reconcile/acme/extend/property?type=Person").json();
    assert!(all.get("limit").is_none());
    assert!(all["properties"].as_array().unwrap().contains(&json!({"id": "birthDate", "name": "Birth date"})));
    assert!(!all.to_string().contains("\"sanctions\""));

    let suggest = |path: &str| {
        let json = service.get(&format!("/reconcile/acme/suggest/{path}")).json();
        assert_eq!((&json["code"], &json["status"]), (&json!("/api/status/ok"), &json!("200 OK")));
        let found = json["result"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned());
        found.collect::<Vec<_>>()
    };
    assert_eq!(suggest("entity?prefix=iv"), ["NK-1"]);
    assert_eq!(suggest("entity?prefix=acme%20pet"), ["NK-2"]);
    assert_eq!(suggest("entity?prefix=%D0%B8%D0%B2%D0%B0"), ["NK-1"]);
    assert_eq!(suggest("entity?prefix=petr&limit=1").len(), 1);
    let suggested = service.get("/reconcile/acme/suggest/entity?prefix=iv").json()["result"][0].clone();
    assert_eq!((&suggested["type"][0]["id"], &suggested["type"]), (&json!("Person"), &suggested["notable"]));
    assert!(suggest("entity?prefix=").is_empty() && suggest("entity?prefix=grace").is_empty());
    assert!(suggest("entity?prefix=-ivan%20acme").is_empty(), "a sign is no operator");
    assert_eq!(suggest("type?prefix=peop"), ["Person"]);
    assert_eq!(suggest("type?prefix=comp"), ["Company"]);
    assert!(suggest("type?prefix=sanction").is_empty() && suggest("type?prefix=").is_empty());
    assert!(suggest("property?prefix=birth").contains(&"Person:birthDate".to_owned()));
    assert_eq!(suggest("property?prefix=imo&type=Vessel"), ["Vessel:imoNumber"]);
    assert_eq!(suggest("property?prefix=name")[0], "Thing:name");
    assert!(suggest("property?prefix=a").len() <= 5);
}

#[test]
fn the_preview_shows_lists_as_text() {
    let evil = r#"{"id":"<i>&'1","schema":"Person","properties":{"name":["<script>alert(1)</script>"],"alias":["\" onload=\"x"],"nationality":["ru"]}}"#;
    let service = Service::of(&[("acme", &[evil])]);
    let answer = service.get("/reconcile/acme/preview?id=%3Ci%3E%26%271");
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.header("content-type").unwrap().starts_with("text/html"));
    assert!(answer.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    assert!(answer.body.contains("<h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1>"), "{}", answer.body);
    assert!(
        answer.body.contains("&quot; onload=&quot;x") && answer.body.contains("<dd>Russia</dd>"),
        "{}",
        answer.body
    );
    assert!(answer.body.contains("href=\"../../entities/%3Ci%3E%26%271\""), "{}", answer.body);
    assert!(!answer.body.contains("<script") && !answer.body.contains("<i>"), "{}", answer.body);
    // An id that was merged shows the entity that it became.
    assert!(super::service().get("/reconcile/acme/preview?id=acme-77").body.contains("<h1>Ivan Petrov</h1>"));
}

/// The published schemas and examples; nothing where the folder is not there.
fn contracts() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples/contracts/reconciliation-api");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!(
        "skipped: ../shared/samples/contracts/reconciliation-api is not there, answers were not held against its schemas"
    );
    None
}

fn read(path: &Path) -> Json {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What a schema of a version says against a document.
fn faults(contracts: &Path, version: &str, schema: &str, document: &Json) -> Result<(), String> {
    let mut compiler = boon::Compiler::new();
    compiler.set_default_draft(boon::Draft::V7);
    // The manifest's `authentication` is described by Swagger's own schema, which is not at hand; ours has none.
    let swagger = json!({"definitions": {"securityDefinitions": {"additionalProperties": {}}}});
    compiler.add_resource("http://swagger.io/v2/schema.json", swagger).unwrap();
    let place = |name: &str| format!("https://reconciliation-api.github.io/specs/{version}/schemas/{name}.json");
    for name in ["type", schema] {
        let path = contracts.join(version).join(format!("schemas/{name}.json"));
        if path.is_file() {
            let mut json = read(&path);
            // Its `$schema` is the address of the newest draft, whichever that is; what the schemas use has been there since draft 6.
            json.as_object_mut().unwrap().shift_remove("$schema");
            compiler.add_resource(&place(name), json).unwrap();
        }
    }
    let mut schemas = boon::Schemas::new();
    let compiled = compiler.compile(&place(schema), &mut schemas).unwrap();
    schemas.validate(document, compiled).map_err(|error| format!("{version} {schema}: {error:#}"))
}

#[test]
fn shared_schemas_tell_good_examples_from_bad_ones() {
    let Some(contracts) = contracts() else { return };
    let mut n_good = 0;
    let mut n_bad = 0;
    for (schema, examples) in [
        ("manifest", "manifest"),
        ("reconciliation-query-batch", "reconciliation-query-batch"),
        ("reconciliation-result-batch", "reconciliation-result-batch"),
        ("data-extension-response", "data-extension-response"),
        ("suggest-entities-response", "suggest-entities-response"),
    ] {
        for (folder, is_good) in [("valid", true), ("invalid", false)] {
            let folder = contracts.join("0.2/examples").join(examples).join(folder);
            for file in std::fs::read_dir(folder).into_iter().flatten() {
                let path = file.unwrap().path();
                // The one example that is bad only by the schema of Swagger.
                if path.ends_with("bad-authentication.json") {
                    continue;
                }
                let result = faults(&contracts, "0.2", schema, &read(&path));
                assert_eq!(result.is_ok(), is_good, "{} {result:?}", path.display());
                if is_good { n_good += 1 } else { n_bad += 1 }
            }
        }
    }
    assert!(n_good > 15 && n_bad > 8, "{n_good} {n_bad}");
}

#[test]
fn shared_schemas_hold_for_all_answers() {
    let Some(contracts) = contracts() else { return };
    let service = service();
    let batch = json!({
        "a": {"query": "Ivan Petrov", "type": "Person", "limit": 3},
        "b": {"query": "Nobody At All", "properties": [{"pid": "Person:shoe", "v": 1}]},
        "c": {"properties": [{"pid": "Vessel:imoNumber", "v": "9187629"}]},
    });
    let extend = json!({"ids": ["NK-1", "o-1", "nobody"], "properties": [{"id": "nationality"}, {"id": "name"},
        {"id": "Ownership:owner"}, {"id": "Person:birthDate", "settings": {"render": "raw"}}]});
    let answers = [
        ("manifest", service.get("/reconcile/acme?api_key=x").json()),
        ("reconciliation-result-batch", post(&service, "queries", &batch).json()),
        ("data-extension-response", post(&service, "extend", &extend).json()),
        ("data-extension-property-proposal", service.get("/reconcile/acme/extend/property?type=Person&limit=9").json()),
        ("data-extension-property-proposal", service.get("/reconcile/acme/extend/property").json()),
        ("suggest-entities-response", service.get("/reconcile/acme/suggest/entity?prefix=pe").json()),
        ("suggest-types-response", service.get("/reconcile/acme/suggest/type?prefix=p").json()),
        ("suggest-properties-response", service.get("/reconcile/acme/suggest/property?prefix=na").json()),
    ];
    let mut found = Vec::new();
    for version in ["0.1", "0.2"] {
        for (schema, answer) in &answers {
            // Version 0.1 proposes properties without a schema for it.
            if contracts.join(version).join(format!("schemas/{schema}.json")).is_file() {
                found.extend(faults(&contracts, version, schema, answer).err());
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn shared_examples_of_queries_are_taken_or_refused_as_published() {
    let Some(contracts) = contracts() else { return };
    let service = service();
    let answer = |path: &str| {
        post(&service, "queries", &read(&contracts.join("0.2/examples/reconciliation-query-batch").join(path)))
    };
    for path in ["valid/example-min.json", "valid/no-query-string.json"] {
        assert_eq!(answer(path).status, 200, "{path}");
    }
    // Well formed, and of a type that another service has.
    for path in ["valid/example-full.json", "valid/multi-values.json"] {
        assert_eq!(answer(path).json(), json!({"detail": "Unknown schema: 'DifferentiatedPerson'"}), "{path}");
    }
    assert_eq!(answer("invalid/misnamed-property.json").status, 400);
}
