//! `/match`: status, shape and meaning, as yente's clients know them.

use serde_json::{Value as Json, json};

use super::client::{Answer, Service};
use super::service;

fn ask(service: &Service, path: &str, query: &Json) -> Json {
    let answer = service.post(path, &json!({"queries": {"q": query}}).to_string());
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["responses"]["q"].clone()
}

fn person(name: &str) -> Json {
    json!({"schema": "Person", "properties": {"name": [name]}})
}

fn keys(json: &Json) -> Vec<&str> {
    json.as_object().unwrap().keys().map(String::as_str).collect()
}

fn detail(answer: &Answer) -> String {
    answer.json()["detail"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_hit_has_the_members_of_yente_in_their_order() {
    let service = service();
    let body = json!({"queries": {"q1": {"id": "cust-9", "schema": "Person",
        "properties": {"name": "Ivan Petrof", "birthDate": ["1970-02-01"], "country": "Russia", "shoe": "43"}}}});
    let answer = service.post("/match/acme", &body.to_string());
    assert_eq!((answer.status, answer.header("x-batch-size")), (200, Some("1")));
    let json = answer.json();
    assert_eq!(json["limit"], 5);
    let response = &json["responses"]["q1"];
    assert_eq!(keys(response), ["status", "results", "total", "query"]);
    assert_eq!(response["total"], json!({"value": 1, "relation": "eq"}));
    let hit = &response["results"][0];
    let members = [
        "id",
        "caption",
        "schema",
        "properties",
        "datasets",
        "referents",
        "target",
        "first_seen",
        "last_seen",
        "last_change",
        "score",
        "explanations",
        "match",
    ];
    assert_eq!(keys(hit), members);
    assert_eq!((&hit["id"], &hit["match"], &hit["target"]), (&json!("NK-1"), &json!(true), &json!(true)));
    assert_eq!((&hit["last_seen"], &hit["last_change"]), (&Json::Null, &json!("2025-05-05T10:00:00")));
    assert_eq!(keys(&hit["explanations"]["name_match"]), ["detail", "score", "query", "candidate"]);
    let echo = json!({"id": "cust-9", "schema": "Person",
        "properties": {"name": ["Ivan Petrof"], "birthDate": ["1970-02-01"], "country": ["ru"]}});
    assert_eq!(response["query"], echo);
    assert!(json["warnings"].to_string().contains("shoe"), "{json}");
    assert_eq!(json["interdict"]["snapshot"]["lists"], json!([{"id": "acme", "version": "1"}]));
}

#[test]
fn the_scope_is_the_path_less_what_is_excluded() {
    let service = service();
    let ids = |path: &str, query: Json| {
        let answer = ask(&service, path, &query);
        answer["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|hit| hit["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let ship = || json!({"schema": "Vessel", "properties": {"imoNumber": "9187629"}});
    assert_eq!(ids("/match/default", ship()), ["V-1"]);
    assert!(ids("/match/acme", ship()).is_empty());
    assert!(ids("/match/default?exclude_dataset=ships", ship()).is_empty());
    assert!(ids("/match/default?include_dataset=acme", ship()).is_empty());
    assert_eq!(ids("/match/default?include_dataset=acme&include_dataset=ships", ship()), ["V-1"]);
    assert!(ids("/match/default?exclude_schema=Vessel", ship()).is_empty());
    assert!(ids("/match/default?exclude_entity_ids=V-1", ship()).is_empty());
    assert!(ids("/match/default?exclude_entity_ids=acme-77", person("Ivan Petrov")).is_empty());
    assert_eq!(ids("/match/default?topics=sanction&topics=wanted", person("Ivan Petrov")), ["NK-1"]);
    assert!(ids("/match/default?topics=wanted", person("Ivan Petrov")).is_empty());
    assert_eq!(ids("/match/default?changed_since=2025-05-05T09", person("Ivan Petrov")), ["NK-1"]);
    assert!(ids("/match/default?changed_since=2025-05-05T10:00:00", person("Ivan Petrov")).is_empty());
}

#[test]
fn limits_and_thresholds_are_yentes() {
    let service = service();
    let answer = ask(&service, "/match/default?limit=0", &person("Ivan Petrov"));
    assert_eq!((&answer["results"], &answer["total"]["value"]), (&json!([]), &json!(1)));
    let answer = ask(&service, "/match/default?limit=-1", &person("Ivan Petrov"));
    assert_eq!(answer["results"], json!([]));
    let answer = ask(&service, "/match/default?threshold=0.99&cutoff=0.5", &person("Ivan Petrov"));
    assert_eq!((&answer["results"][0]["match"], &answer["total"]["value"]), (&json!(false), &json!(0)));
    let answer = service.post("/match/default?limit=501", "{}");
    assert_eq!(answer.status, 422);
    let faults = answer.json()["detail"].clone();
    assert_eq!(
        faults[0],
        json!({"type": "less_than_equal", "loc": ["query", "limit"], "msg": "Input should be less than or equal to 500",
            "input": "501", "ctx": {"le": 500}})
    );
    assert_eq!(faults[1]["loc"], json!(["body", "queries"]));
}

#[test]
fn what_cannot_be_asked_is_refused_as_yente_refuses_it() {
    let service = service();
    let batch: serde_json::Map<String, Json> = (0..101).map(|at| (at.to_string(), person("A B"))).collect();
    for (path, body, status, said) in [
        ("/match/nope", json!({"queries": {"q": person("A")}}), 404, "No such dataset."),
        ("/match/ACME", json!({"queries": {"q": person("A")}}), 404, "No such dataset."),
        ("/match/acme", json!({"queries": {}}), 400, "No queries provided."),
        ("/match/acme", json!({"queries": batch}), 400, "Too many queries in one batch (limit: 100)"),
        ("/match/acme?algorithm=magic", json!({"queries": {"q": person("A")}}), 400, "Unknown algorithm: magic"),
        (
            "/match/acme",
            json!({"queries": {"q": {"schema": "person", "properties": {}}}}),
            400,
            "Cannot parse example entity: Unknown schema: 'person'",
        ),
        (
            "/match/acme",
            json!({"queries": {"q": person("A")}, "config": {"zzz": 1}}),
            400,
            "Invalid configuration parameter: zzz for algorithm logic-v2",
        ),
    ] {
        let answer = service.post(path, &body.to_string());
        assert_eq!((answer.status, detail(&answer).as_str()), (status, said), "{path}");
    }
    let answer = service.get("/match/acme");
    assert_eq!(
        (answer.status, detail(&answer).as_str(), answer.header("allow")),
        (405, "Method Not Allowed", Some("POST"))
    );
}

#[test]
fn a_body_without_type_is_json_and_one_of_text_is_not() {
    let service = service();
    let body = json!({"queries": {"q": person("Ivan Petrov")}}).to_string();
    for (kind, status) in [
        (None, 200),
        (Some("application/json; charset=utf-8"), 200),
        (Some("application/ld+json"), 200),
        (Some("text/plain"), 422),
        (Some("application/x-www-form-urlencoded"), 422),
    ] {
        assert_eq!(service.post_as("/match/acme", kind, body.as_bytes()).status, status, "{kind:?}");
    }
}

#[test]
fn a_query_that_says_nothing_finds_nobody() {
    let service = service();
    let answer = ask(&service, "/match/default", &json!({"schema": "Thing", "properties": {}}));
    assert_eq!(
        (&answer["status"], &answer["results"], &answer["total"]["value"]),
        (&json!(200), &json!([]), &json!(0))
    );
}

#[test]
fn a_weight_of_nothing_leaves_a_field_out() {
    let service = service();
    let score = |weights: Json| {
        let body = json!({"weights": weights, "queries": {"q": {"schema": "Person",
            "properties": {"name": ["Ivan Petrov"], "country": ["br"], "birthDate": ["1950-01-01"]}}}});
        let answer = service.post("/match/acme?threshold=0.3", &body.to_string()).json();
        answer["responses"]["q"]["results"][0]["score"].as_f64().unwrap()
    };
    let all = score(json!({}));
    let without = score(json!({"country_mismatch": 0}));
    assert!(without > all, "{without} {all}");
    assert!(score(json!({"country_mismatch": 0, "dob_year_disjoint": 0, "dob_day_disjoint": 0})) > without);
}

#[test]
fn what_a_request_says_in_vain_is_told() {
    let service = service();
    let ask = |body: Json| service.post("/match/acme", &body.to_string()).json()["warnings"].to_string();
    let told = ask(json!({"weights": {"name_match": 0}, "queries": {"q": person("Ivan Petrov")}}));
    assert_eq!(told, r#"["weight `name_match` changes nothing: names are compared in any case"]"#);
    let told = ask(json!({"queries": {"a": {"schema": "Address", "properties": {"full": "1 Main Street"}}}}));
    assert!(told.contains("a: an Address finds nobody"), "{told}");
}

#[test]
fn every_schema_that_can_be_asked_finds_its_own_or_says_that_it_does_not() {
    let schemata: Vec<&str> =
        interdict_model::Schema::all().filter(|one| one.matchable()).map(interdict_model::Schema::name).collect();
    assert!(schemata.len() > 10, "{schemata:?}");
    for schema in schemata {
        let properties = json!({"name": ["Zarbinov Kestrel"], "full": ["1 Main Street, Zarbin"]});
        let entity = json!({"id": "one", "schema": schema, "properties": properties}).to_string();
        let service = Service::of(&[("acme", &[&entity])]);
        let body = json!({"queries": {"q": {"schema": schema, "properties": {"name": "Zarbinov Kestrel"}}}});
        let json = service.post("/match/acme", &body.to_string()).json();
        let is_found = json["responses"]["q"]["results"][0]["id"] == "one";
        assert!(is_found || json["warnings"].to_string().contains("finds nobody"), "{schema}: {json}");
    }
}

#[test]
fn scores_are_written_in_their_shortest_form() {
    let service = service();
    let body = json!({"queries": {"q": {"schema": "Person",
        "properties": {"name": ["Ivan Petrof"], "country": ["br"], "birthDate": ["1970"]}}}});
    let answer = service.post("/match/acme?threshold=0.3", &body.to_string());
    assert!(answer.body.contains("\"country_mismatch\""), "{answer:?}");
    let numbers = answer.body.split("\"score\":").skip(1).map(|rest| rest.split([',', '}']).next().unwrap());
    let numbers: Vec<&str> = numbers.collect();
    // A number of single precision has nine digits at most.
    assert!(numbers.len() > 3 && numbers.iter().all(|number| number.len() <= 12), "{numbers:?}");
}

#[test]
fn a_batch_is_answered_whole_in_its_own_keys() {
    let service = service();
    let queries: serde_json::Map<String, Json> = (0..50)
        .map(|at| (format!("k \"{at}\""), person(if at % 2 == 0 { "Ivan Petrov" } else { "Zqx Vwy" })))
        .collect();
    let answer = service.post("/match/default", &json!({"queries": queries}).to_string());
    let json = answer.json();
    assert_eq!(keys(&json["responses"]), queries.keys().map(String::as_str).collect::<Vec<_>>());
    for (at, response) in json["responses"].as_object().unwrap().values().enumerate() {
        assert_eq!(response["results"].as_array().unwrap().len(), (at + 1) % 2, "{at}");
    }
}
