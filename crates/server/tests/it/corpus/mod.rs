//! Hostile input for every route: no 5xx, no hang, no panic, each refusal in the form of its interface, and the service goes on.
//!
//! Idea: a table has every route with a request that it answers ([`routes`]); from these come hostile addresses, bodies and heads
//! ([`inputs`]) and seeded mutants ([`mutants`]); every answer is held to the same rules ([`judge`]). All faults are gathered before the
//! one assertion ([`whole`]). Cost: some twenty thousand requests over kept connections.

mod inputs;
mod judge;
mod mutants;
mod routes;
mod whole;
mod wire;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use interdict_server::settings::{HttpLimits, Settings};
use serde_json::{Value as Json, json};

use self::mutants::{Chance, mutant};
use self::routes::{Body, ROUTES, Route};
use self::whole::{Whole, panics, watch_for_panics};
use self::wire::Request;

/// Mutants of each route in the table.
const N_MUTANTS: usize = 250;

/// Mutants of the route whose every answer is a job on the disk.
const N_MUTANT_JOBS: usize = 60;

/// Asks what is made of each route.
fn ask_all(make: impl Fn(&Route, &Request) -> Vec<Request>) {
    let mut whole = Whole::start();
    for route in ROUTES {
        let sound = route.request(&whole.ids);
        for request in make(route, &sound) {
            whole.ask(&request);
        }
    }
    whole.end();
}

#[test]
fn the_table_has_every_route_and_each_is_answered() {
    let (table, source) = (routes::in_the_table(), routes::in_the_source());
    let missing: Vec<_> = source.difference(&table).collect();
    assert!(missing.is_empty(), "routes that the corpus lacks: {missing:?}");
    let gone: Vec<_> = table.difference(&source).collect();
    assert!(gone.is_empty(), "routes that are no more: {gone:?}");
    let mut whole = Whole::start();
    let described = whole.json(&Request::new("GET", "/v1/openapi.json"));
    for (path, verbs) in described["paths"].as_object().unwrap() {
        for verb in verbs.as_object().unwrap().keys() {
            assert!(table.contains(&(verb.to_uppercase(), path.clone())), "{verb} {path}");
        }
    }
    for route in ROUTES {
        let status = whole.ask(&route.request(&whole.ids.clone()));
        let expected: &[u16] = match route.pattern {
            "/v1/{*rest}" => &[404],
            "/entities/{id}" if route.target.contains("acme-77") => &[308],
            _ => &[200, 201, 202, 204],
        };
        // Where two updates are asked for at a time, the second is told so.
        let is_busy = route.pattern == "/v2/data/refresh" && status == 409;
        assert!(expected.contains(&status) || is_busy, "{} {}: {status}", route.verb, route.target);
    }
    whole.end();
}

#[test]
fn hostile_addresses_are_refused_or_answered() {
    ask_all(inputs::addresses);
}

#[test]
fn hostile_bodies_are_refused_or_answered() {
    ask_all(|route, sound| match route.body {
        // A body that nobody asked for.
        Body::None => vec![sound.clone().body("{\"a\":"), sound.clone().body(vec![0xff; 3000])],
        _ => inputs::bodies(route, sound),
    });
}

#[test]
fn hostile_heads_are_refused_or_answered() {
    ask_all(inputs::heads);
}

#[test]
fn mutants_of_sound_requests_are_refused_or_answered() {
    let mut whole = Whole::start();
    for (at, route) in ROUTES.iter().enumerate() {
        let sound = route.request(&whole.ids);
        let mut chance = Chance::new(at as u64);
        let n = if (route.verb, route.pattern) == ("POST", "/v1/jobs") { N_MUTANT_JOBS } else { N_MUTANTS };
        for _ in 0..n {
            whole.ask(&mutant(&sound, &mut chance));
        }
    }
    whole.end();
}

#[test]
fn more_than_may_be_is_refused_by_number() {
    let mut whole = Whole::start();
    let person = json!({"schema": "Person", "properties": {"name": ["Ivan Petrov"]}});
    let by_key =
        |member: &Json| (0..10_000).map(|at| (at.to_string(), member.clone())).collect::<serde_json::Map<_, _>>();
    let of_form = |name: &str, json: &Json| {
        let request = Request::new("POST", "/reconcile/default").body(routes::form(name, &json.to_string()));
        request.header("content-type", "application/x-www-form-urlencoded")
    };
    let post = |path: &str, json: &Json| Request::new("POST", path).body(json.to_string());
    let long = "Ivan ".repeat(200_000);
    let named = |name: &Json| json!({"schema": "Person", "properties": {"name": name}});
    for (request, status) in [
        (post("/match/default", &json!({"queries": by_key(&person)})), 400),
        (post("/v1/screen", &json!({"queries": vec![person.clone(); 10_000]})), 422),
        (of_form("queries", &json!(by_key(&json!({"query": "Ivan Petrov"})))), 400),
        (of_form("extend", &json!({"ids": vec!["NK-1"; 10_000], "properties": [{"id": "name"}]})), 400),
        (post("/match/default", &json!({"queries": {"q": named(&json!(long))}})), 200),
        (post("/match/default", &json!({"queries": {"q": named(&json!(vec!["x"; 1_000]))}})), 200),
        (post("/match/default", &json!({"queries": {"q": named(&json!(vec!["x"; 100_000]))}})), 400),
        (post("/v1/screen", &json!({"queries": [named(&json!(long))]})), 200),
        (post("/v1/compare", &json!({"query": named(&json!(long)), "candidate": named(&json!(long))})), 200),
        (of_form("query", &json!({"query": long})), 200),
        (Request::new("POST", "/v1/jobs").body(format!("name\n{long}\n\"{long}\"\n")), 201),
    ] {
        assert_eq!(whole.ask(&request), status, "{}", request.told());
    }
    whole.end();
}

#[test]
fn what_is_no_http_is_ended() {
    watch_for_panics();
    let short = Duration::from_millis(100);
    let http = HttpLimits { head: short, body: short, idle: short, ..HttpLimits::default() };
    let service = super::service_with(Settings { http, ..Settings::default() });
    for route in
        ROUTES.iter().filter(|route| ["/match/{dataset}", "/v2/search", "/v1/screen/stream"].contains(&route.pattern))
    {
        for bytes in inputs::broken(&route.request(&[])) {
            let mut stream = TcpStream::connect(service.address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
            // The service may have ended the connection before all is sent.
            drop(stream.write_all(&bytes));
            let mut told = Vec::new();
            let end = stream.read_to_end(&mut told);
            assert!(!end.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock), "a hang: {bytes:?}");
            let told = String::from_utf8(told).unwrap();
            let status = told.split(' ').nth(1).and_then(|status| status.parse::<u16>().ok());
            assert!(
                status.is_none_or(|status| status < 500 || status == 505),
                "{told}: {:?}",
                String::from_utf8_lossy(&bytes)
            );
        }
    }
    service.wait_for("/healthz", |answer| answer.status == 200);
    assert_eq!(panics(), Vec::<String>::new());
}
