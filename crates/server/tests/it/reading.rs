//! Entities, catalogue and the small routes.

use serde_json::json;

use interdict_server::settings::{Secret, Settings};

use super::client::{Service, view};
use super::{PETROV, service};

#[test]
fn an_entity_is_shown_with_what_stands_next_to_it() {
    let service = service();
    let entity = service.get("/entities/NK-1").json();
    let sanction = &entity["properties"]["sanctions"][0];
    assert_eq!((&sanction["id"], &sanction["properties"]["entity"]), (&json!("s-1"), &json!(["NK-1"])));
    let ownership = &entity["properties"]["ownershipOwner"][0];
    assert_eq!(ownership["properties"]["owner"], json!(["NK-1"]));
    assert_eq!(ownership["properties"]["asset"][0]["caption"], "Acme Petrov Holding");
    let flat = service.get("/entities/NK-1?nested=false").json();
    assert!(flat["properties"].get("sanctions").is_none());
    let sanction = service.get("/entities/s-1").json();
    assert_eq!(
        (&sanction["caption"], &sanction["properties"]["entity"][0]["id"]),
        (&json!("Sanction"), &json!("NK-1"))
    );
    assert_eq!(service.get("/entities/nobody").json(), json!({"detail": "No such entity!"}));
}

#[test]
fn an_id_that_was_merged_leads_to_the_entity() {
    let service = service();
    for path in ["/entities/acme-77?nested=false", "/entities/acme-77/adjacent", "/entities/acme-77/adjacent/sanctions"]
    {
        let answer = service.get(path);
        assert_eq!(
            (answer.status, answer.header("location"), answer.body.as_str()),
            (308, Some("/entities/NK-1"), ""),
            "{path}"
        );
    }
}

#[test]
fn neighbours_are_paged_by_property() {
    let service = service();
    let adjacent = service.get("/entities/NK-1/adjacent").json();
    let properties: Vec<&String> = adjacent["adjacent"].as_object().unwrap().keys().collect();
    assert_eq!(properties, ["ownershipOwner", "sanctions"]);
    let mut one = service.get("/entities/NK-1/adjacent/sanctions?limit=1&offset=1").json();
    let served = one.as_object_mut().unwrap().remove("interdict").unwrap();
    assert_eq!(one, json!({"results": [], "total": {"value": 1, "relation": "eq"}, "limit": 1, "offset": 1}));
    let lists = json!([{"id": "acme", "version": "1"}, {"id": "ships", "version": "1"}]);
    assert_eq!((&served["snapshot"]["lists"], &adjacent["interdict"]), (&lists, &served));
    assert_eq!(service.get("/entities/NK-1/adjacent/name").json(), json!({"detail": "No such property!"}));
    assert_eq!(service.get("/entities/NK-1/adjacent/directorshipDirector").json()["total"]["value"], 0);
    assert_eq!(service.get("/entities/NK-1/adjacent?limit=501").status, 422);
}

#[test]
fn neighbours_are_sorted_by_their_own_fields() {
    let sanction = |id: &str, start: &str| {
        let dates = if start.is_empty() { json!([]) } else { json!([start]) };
        json!({"id": id, "schema": "Sanction", "properties": {"entity": ["NK-1"], "startDate": dates}}).to_string()
    };
    let sanctions = [("s-a", "2020"), ("s-b", ""), ("s-c", "2019-05-01"), ("s-d", "2021")];
    let mut entities = vec![PETROV.to_owned()];
    entities.extend(sanctions.map(|(id, start)| sanction(id, start)));
    let entities: Vec<&str> = entities.iter().map(String::as_str).collect();
    let service = Service::of(&[("acme", &entities)]);
    let ids = |path: &str| {
        let json = service.get(path).json();
        let page = if path.contains("adjacent/") { json } else { json["adjacent"]["sanctions"].clone() };
        let results = page["results"].as_array().unwrap().clone();
        results.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for path in ["/entities/NK-1/adjacent", "/entities/NK-1/adjacent/sanctions"] {
        assert_eq!(ids(&format!("{path}?sort=properties.startDate:asc")), ["s-c", "s-a", "s-d", "s-b"], "{path}");
        assert_eq!(ids(&format!("{path}?sort=properties.startDate:desc")), ["s-d", "s-a", "s-c", "s-b"], "{path}");
        assert_eq!(ids(&format!("{path}?sort=properties.startDate:desc&limit=1&offset=1")), ["s-a"], "{path}");
        let told = service.get(&format!("{path}?sort=shoe")).json()["warnings"].clone();
        assert_eq!(told, json!(["sort: there is no field `shoe`; it was passed over"]), "{path}");
    }
}

#[test]
fn the_catalogue_tells_versions_and_is_not_sent_twice() {
    let service = service();
    let answer = service.get("/catalog");
    let json = answer.json();
    assert_eq!(
        (&json["current"], &json["outdated"], &json["index_stale"]),
        (&json!(["acme", "ships"]), &json!([]), &json!(false))
    );
    assert_eq!(json["datasets"][2]["children"], json!(["acme", "ships"]));
    let tag = answer.header("etag").unwrap();
    let again = service.send(&format!(
        "GET /manifest HTTP/1.1\r\nhost: x\r\nif-none-match: \"a\", {tag}\r\nconnection: close\r\n\r\n"
    ));
    assert_eq!((again.status, again.body.as_str()), (304, ""));
}

#[test]
fn every_answer_that_rests_on_lists_names_them_with_their_versions() {
    let service = service();
    for path in [
        "/search/acme",
        "/entities/NK-1",
        "/entities/NK-1/adjacent",
        "/entities/NK-1/adjacent/sanctions",
        "/entities/acme-77",
        "/catalog",
        "/reconcile/acme",
        "/reconcile/acme/suggest/entity?prefix=iv",
        "/reconcile/acme/preview?id=NK-1",
        "/v1/entities/NK-1",
        "/v2/search?name=Ivan",
    ] {
        assert_eq!(service.get(path).header("x-interdict-lists"), Some("acme=1, ships=1"), "{path}");
    }
    assert_eq!(service.get("/healthz").header("x-interdict-lists"), None);
    let search = service.get("/search/acme").json();
    assert_eq!(search["interdict"]["snapshot"]["lists"], json!([{"id": "acme", "version": "1"}]));
}

#[test]
fn answers_carry_the_callers_trace() {
    let service = service();
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let answer = service.send(&format!(
        "GET /healthz HTTP/1.1\r\nhost: x\r\ntraceparent: 00-{trace}-00f067aa0ba902b7-01\r\ntracestate: a=b\r\nconnection: close\r\n\r\n"
    ));
    let parent = answer.header("traceparent").unwrap();
    assert!(parent.starts_with(&format!("00-{trace}-")) && !parent.contains("00f067aa0ba902b7"), "{parent}");
    assert!(answer.header("tracestate").unwrap().ends_with(",a=b"));
    assert_eq!(answer.json(), json!({"status": "ok"}));
}

#[test]
fn before_the_first_lists_the_service_runs_and_is_not_ready() {
    let service = Service::start(None, None, Settings::default());
    assert_eq!(service.get("/healthz").status, 200);
    let answer = service.get("/readyz");
    assert_eq!((answer.status, answer.json()), (503, json!({"detail": "Index not ready."})));
    for path in ["/entities/NK-1", "/catalog"] {
        assert_eq!(service.get(path).status, 503, "{path}");
    }
    let body = json!({"queries": {"q": {"schema": "Person", "properties": {"name": "A"}}}}).to_string();
    assert_eq!(service.post("/match/acme", &body).status, 503);
}

#[test]
fn an_update_needs_the_token_and_fails_in_words() {
    let settings = || Settings { update_token: Some(Secret::new("let me")), ..Settings::default() };
    let first = || Some(view(&[("acme", &[PETROV])]));
    let service = Service::start(first(), None, Settings::default());
    assert_eq!(service.post("/updatez?token=", "").status, 403);
    let service = Service::start(first(), Some(Box::new(|| Err("no network".to_owned()))), settings());
    for path in ["/updatez", "/updatez?token=let", "/updatez?token=let%20m%65%20"] {
        assert_eq!(service.post(path, "").json(), json!({"detail": "Invalid token."}), "{path}");
    }
    assert_eq!(service.post("/updatez?token=let%20me&sync=true", "").status, 503);
    let ready = service.get("/readyz");
    assert_eq!((ready.status, &ready.json()["status"]), (200, &json!("degraded")));
    assert!(ready.body.contains("no network"));
    assert_eq!(service.get("/entities/NK-1").status, 200);
}

#[test]
fn an_update_that_cannot_be_or_that_another_carries_out_is_said() {
    let settings = || Settings { update_token: Some(Secret::new("t")), ..Settings::default() };
    let first = || Some(view(&[("acme", &[PETROV])]));
    let fixed = Service::start(first(), None, settings());
    for path in ["/updatez?token=t", "/updatez?token=t&sync=true"] {
        let answer = fixed.post(path, "");
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(answer.body.contains("no lists to bring up to date"), "{answer:?}");
    }
    // Another's update holds until it is let go, and fails.
    let (hold, held) = std::sync::mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let updater = move || {
        held.lock().unwrap().recv().unwrap_or_default();
        Err("no network".to_owned())
    };
    let service = Service::start(first(), Some(Box::new(updater)), settings());
    assert_eq!(service.post("/updatez?token=t", "").status, 200);
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| service.post("/updatez?token=t&sync=true", ""));
        // Whoever does not wait is answered meanwhile.
        assert_eq!(service.post("/updatez?token=t", "").status, 200);
        drop(hold);
        assert_eq!(waiting.join().unwrap().status, 503, "it waits for the end of the other's");
    });
}

#[test]
fn the_tag_of_the_catalogue_is_of_all_that_it_says() {
    let tag = |title: &str| {
        let text = format!("datasets:\n  - {{name: acme, title: {title}, path: x}}\n");
        let manifest = interdict_catalog::Manifest::parse(&text, std::path::Path::new("m.yml")).unwrap();
        let catalogue = std::sync::Arc::new(interdict_server::catalogue::Catalogue::of_manifest(&manifest));
        let view = interdict_server::view::View::new(super::client::snapshot(&[("acme", &[PETROV])]), catalogue);
        let service = Service::start(Some(view), None, Settings::default());
        service.get("/catalog").header("etag").unwrap().to_owned()
    };
    assert_ne!(tag("One"), tag("Other"));
    assert_eq!(tag("One"), tag("One"));
}

#[test]
fn clients_are_not_told_where_the_service_keeps_its_files() {
    let mut builder = interdict_snapshot::Builder::new();
    let id = interdict_model::ListId::new("acme").unwrap();
    let missing = Some("/data/downloads/acme/x/empty.json: the file holds no record".to_owned());
    builder.list(interdict_snapshot::ListMeta {
        id,
        version: String::new(),
        title: None,
        partial: None,
        stale: None,
        missing,
    });
    let snapshot = interdict_snapshot::Snapshot::from_bytes(builder.build().unwrap().bytes).unwrap();
    let catalogue = std::sync::Arc::new(interdict_server::catalogue::Catalogue::of_meta(snapshot.meta()));
    let view = interdict_server::view::View::new(snapshot, catalogue);
    let service = Service::start(
        Some(view),
        Some(Box::new(|| Err("/data/state.json: full".to_owned()))),
        Settings { update_token: Some(Secret::new("t")), ..Settings::default() },
    );
    assert_eq!(service.post("/updatez?token=t&sync=true", "").status, 503);
    let query = json!({"schema": "Person", "properties": {"name": "A"}});
    let yente = json!({"queries": {"q": query}}).to_string();
    let ours = json!({"queries": [query]}).to_string();
    for answer in [
        service.get("/readyz"),
        service.get("/v1/lists"),
        service.get("/v2/listinfo"),
        service.get("/v2/data/refresh"),
        service.get("/v2/search?name=A"),
        service.get("/reconcile/acme?queries=%7B%22q%22:%7B%22query%22:%22A%22%7D%7D"),
        service.post("/match/acme", &yente),
        service.post("/v1/screen", &ours),
    ] {
        assert!(!answer.body.contains("/data"), "{answer:?}");
    }
    assert!(service.post("/match/acme", &yente).body.contains("empty.json: the file holds no record"));
    assert!(service.get("/readyz").body.contains("empty.json: the file holds no record"));
}

#[test]
fn unknown_paths_and_methods_are_told_as_yente_tells_them() {
    let service = service();
    assert_eq!(service.get("/statements").json(), json!({"detail": "Not Found"}));
    for (method, path, status, allow) in [
        ("HEAD", "/healthz", 405, Some("GET")),
        ("HEAD", "/match/acme", 405, Some("POST")),
        ("HEAD", "/reconcile/acme", 405, Some("GET, POST")),
        ("HEAD", "/reconcile/acme/suggest/type", 405, Some("GET")),
        ("HEAD", "/statements", 404, None),
        ("POST", "/entities/NK-1", 405, Some("GET")),
        ("DELETE", "/catalog", 405, Some("GET")),
        ("GET", "/updatez", 405, Some("POST")),
    ] {
        let answer = service.ask(method, path, "");
        assert_eq!((answer.status, answer.header("allow")), (status, allow), "{method} {path}");
    }
    let long = format!("/entities/{}", "x".repeat(60_000));
    assert_eq!(service.get(&long).json(), json!({"detail": "Request URI too long"}));
}

#[test]
fn a_path_that_is_not_utf8_is_refused_in_the_shape_of_the_interface() {
    let service = service();
    for path in
        ["/entities/%ff", "/entities/%ff/adjacent/name", "/search/%ff", "/reconcile/%ff", "/reconcile/%ff/preview"]
    {
        let answer = service.get(path);
        // It names nothing that there is.
        assert_eq!(answer.status, 404, "{path}: {answer:?}");
        assert!(answer.json()["detail"].as_str().unwrap().contains("UTF-8"), "{path}: {answer:?}");
    }
    assert!(service.post("/match/%ff", "{}").json()["detail"].as_str().unwrap().contains("UTF-8"));
    for path in ["/v1/entities/%ff", "/v1/jobs/%ff"] {
        let answer = service.get(path);
        assert_eq!((answer.status, answer.header("content-type")), (400, Some("application/problem+json")), "{path}");
    }
}

#[test]
fn a_redirect_leads_to_an_id_whatever_its_signs() {
    let entity = r#"{"id":"b 2+ü/c","schema":"Person","properties":{"name":["Anna"]},"referents":["old"]}"#;
    let service = Service::of(&[("acme", &[entity])]);
    for path in ["/entities/old", "/v1/entities/old"] {
        let answer = service.get(path);
        let location = answer.header("location").unwrap();
        assert_eq!((answer.status, service.get(location).json()["id"].as_str()), (308, Some("b 2+ü/c")), "{location}");
    }
}

#[test]
fn the_page_of_the_interface_stands_where_browsers_look_and_its_links_lead_somewhere() {
    let service = service();
    for page in ["/", "/v1", "/v1/docs"] {
        let answer = service.get(page);
        assert!(answer.header("content-type").unwrap().starts_with("text/html"), "{answer:?}");
        assert!(answer.body.contains("<a href=openapi.json>"), "{page}");
        let folder = page.rsplit_once('/').unwrap().0;
        assert!(service.get(&format!("{folder}/openapi.json")).json()["openapi"].is_string(), "{page}");
    }
    let icon = service.get("/favicon.ico");
    assert_eq!((icon.status, icon.header("content-type")), (200, Some("image/svg+xml")));
    assert!(icon.body.starts_with("<svg "));
}
