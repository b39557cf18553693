//! The service over HTTP: yente's contract, ugly input, overload.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod access;
mod brought;
mod browsers;
mod client;
mod corpus;
mod hostile;
mod jobs;
mod limits;
mod logs;
mod matching;
mod metrics;
mod operators;
mod reading;
mod reconciling;
mod screening_log;
mod searching;
mod selftest;
mod tls;
mod tokens;
mod tracing_export;
mod unconsulted;
mod v1;
mod watchman;

const PETROV: &str = r#"{"id":"NK-1","caption":"Ivan Petrov","schema":"Person","properties":{"name":["Ivan Petrov","Иван Петров"],"birthDate":["1970-02-01"],"nationality":["ru"],"topics":["sanction"]},"referents":["acme-77"],"first_seen":"2024-01-01T00:00:00","last_change":"2025-05-05T10:00:00"}"#;
const SANCTION: &str = r#"{"id":"s-1","schema":"Sanction","properties":{"entity":["NK-1"],"authority":["OFAC"]}}"#;
const HOLDING: &str =
    r#"{"id":"NK-2","schema":"Company","properties":{"name":["Acme Petrov Holding"],"topics":["role.pep"]}}"#;
const OWNERSHIP: &str =
    r#"{"id":"o-1","schema":"Ownership","properties":{"owner":["NK-1"],"asset":["NK-2"],"percentage":["50"]}}"#;
const SHIP: &str =
    r#"{"id":"V-1","schema":"Vessel","properties":{"name":["Grace"],"imoNumber":["9187629"],"flag":["pa"]}}"#;

/// Two lists: a person with sanction and firm, and a ship.
fn service() -> client::Service {
    service_with(interdict_server::settings::Settings::default())
}

fn service_with(settings: interdict_server::settings::Settings) -> client::Service {
    let view = client::view(&[("acme", &[PETROV, SANCTION, HOLDING, OWNERSHIP]), ("ships", &[SHIP])]);
    client::Service::start(Some(view), None, settings)
}
