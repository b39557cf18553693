//! `/search`: the language, filters, facets, order and pages.

use serde_json::{Value as Json, json};

use super::client::Service;
use super::service;

fn ids(service: &Service, query: &str) -> Vec<String> {
    let answer = service.get(&format!("/search/default?{query}"));
    assert_eq!(answer.status, 200, "{query}: {answer:?}");
    answer.json()["results"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_answer_has_yentes_shape() {
    let json = service().get("/search/acme?q=petrov&facets=schema&facets=countries&limit=1").json();
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["limit", "offset", "total", "results", "facets", "interdict"]);
    assert_eq!((&json["limit"], &json["total"]), (&json!(1), &json!({"value": 2, "relation": "eq"})));
    assert!(json["results"][0].get("score").is_none());
    assert_eq!(
        json["facets"]["schema"],
        json!({"label": "Entity types", "values": [
            {"name": "Company", "label": "Companies", "count": 1}, {"name": "Person", "label": "People", "count": 1}]})
    );
    assert_eq!(json["facets"]["countries"]["values"][0], json!({"name": "ru", "label": "Russia", "count": 1}));
}

#[test]
fn facets_are_labelled_in_words() {
    let anna = r#"{"id":"a","schema":"Person","properties":{"name":["Anna"],"gender":["female"],"topics":["role.pep","mare.zzz"]}}"#;
    let service = Service::of(&[("acme", &[anna])]);
    let facets = service.get("/search/acme?facets=topics&facets=genders").json()["facets"].clone();
    assert_eq!(
        facets["topics"]["values"],
        json!([{"name": "mare.zzz", "label": "mare.zzz", "count": 1}, {"name": "role.pep", "label": "PEP", "count": 1}])
    );
    assert_eq!(facets["genders"]["values"], json!([{"name": "female", "label": "female", "count": 1}]));
}

#[test]
fn a_field_that_is_none_is_told_and_sorts_nothing() {
    let service = service();
    let json = service.get("/search/default?sort=shoe:asc&sort=first_seen:desc").json();
    assert_eq!(json["warnings"], json!(["sort: there is no field `shoe`; it was passed over"]));
    assert_eq!(json["results"][0]["id"], "NK-1");
    let json = service.get("/search/default?sort=properties.birthDate").json();
    assert_eq!((json.get("warnings"), &json["results"][0]["id"]), (None, &json!("NK-1")));
}

#[test]
fn the_language_filters_and_order_mean_what_they_say() {
    let service = service();
    for (query, expected) in [
        ("q=Ivan", vec!["NK-1"]),
        ("q=%D0%98%D0%B2%D0%B0%D0%BD", vec!["NK-1"]),
        ("q=petrov%20NOT%20ivan", vec!["NK-2"]),
        ("q=%22acme%20petrov%22", vec!["NK-2"]),
        ("q=pet*&schema=Company", vec!["NK-2"]),
        ("q=petrof~&fuzzy=true&schema=Person", vec!["NK-1"]),
        ("q=petrof~", vec![]),
        ("q=properties.birthDate:%5B1960%20TO%201980%5D", vec!["NK-1"]),
        ("q=acme-77", vec![]),
        ("filter=properties.imoNumber:9187629", vec!["V-1"]),
        ("filter=identifiers:9187629&datasets=acme", vec![]),
        ("filter=dates:1970", vec!["NK-1"]),
        ("filter=dates:1970-02", vec!["NK-1"]),
        ("filter=dates:1970-02-01", vec!["NK-1"]),
        ("filter=dates:1970-03", vec![]),
        ("q=dates:1970", vec!["NK-1"]),
        ("q=ivan&countries=&topics=&datasets=&filter=countries:&sort=&include_dataset=&exclude_schema=", vec!["NK-1"]),
        ("q=ivan&countries=&countries=ru", vec!["NK-1"]),
        ("schema=Person&sort=shoe:asc", vec!["NK-1"]),
        ("countries=ru&countries=pa&sort=countries:asc", vec!["V-1", "NK-1"]),
        ("countries=ru&countries=pa&sort=countries:desc", vec!["NK-1", "V-1"]),
        ("countries=ru&countries=pa&filter_op=AND", vec![]),
        ("topics=sanction", vec!["NK-1"]),
        ("target=false&schema=Vessel", vec!["V-1"]),
        ("exclude_schema=Person&q=petrov", vec!["NK-2"]),
        ("changed_since=2025-01-01", vec!["NK-1"]),
        ("sort=first_seen:desc&limit=1", vec!["NK-1"]),
        ("q=a&limit=0", vec![]),
        ("q=petrov&offset=5", vec![]),
        ("schema=Sanction", vec!["s-1"]),
    ] {
        assert_eq!(ids(&service, query), expected, "{query}");
    }
    assert_eq!(ids(&service, "").len(), 3);
    assert!(ids(&service, "q=invalid/query&simple=true").is_empty());
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let service = service();
    for (query, status, said) in [
        (
            "q=invalid/query",
            400,
            json!(
                "Search error: the query cannot be read at character 7: regular expressions are not supported; write `\\/` for a slash"
            ),
        ),
        ("schema=person", 400, json!("Invalid schema")),
        ("filter=zzz", 400, json!("Invalid filter: 'zzz'")),
    ] {
        let answer = service.get(&format!("/search/default?{query}"));
        assert_eq!((answer.status, &answer.json()["detail"]), (status, &said), "{query}");
    }
    for path in ["/search/ACME", "/search/nope?schema=Banana&filter=zzz&q=invalid/query"] {
        let answer = service.get(path);
        assert_eq!((answer.status, answer.json()), (404, json!({"detail": "No such dataset."})), "{path}");
    }
    assert_eq!(service.get("/search/nope?limit=501").status, 422);
    for query in ["facets=", "filter_op=xor", "limit=501", "offset=9500", "fuzzy=perhaps"] {
        let answer = service.get(&format!("/search/default?{query}"));
        assert_eq!(answer.status, 422, "{query}: {answer:?}");
    }
    let place: Json = service.get("/search/default?filter_op=xor").json()["detail"][0]["ctx"].clone();
    assert_eq!(place, json!({"expected": "'OR' or 'AND'"}));
}
