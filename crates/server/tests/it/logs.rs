//! The log: one line a request, with an id that the answer has too, and without names.

use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::{Value as Json, json};

use super::service;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_request_is_one_line_without_names() {
    let lines = Lines::default();
    let writer = lines.clone();
    // Other tests of this process write their lines here too.
    let log = tracing_subscriber::fmt().json().with_env_filter("info").with_writer(move || writer.clone());
    log.try_init().unwrap();
    let service = service();
    let body =
        json!({"queries": {"q": {"schema": "Person", "properties": {"name": ["Quirinus Kowalczuk", "Ivan Petrov"]}}}});
    let body = body.to_string();
    let head = format!(
        "POST /match/acme?threshold=0.75&topics=Quirinus HTTP/1.1\r\nhost: x\r\nx-request-id: order-77\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = service.send(&head);
    assert_eq!((answer.status, answer.header("x-request-id")), (200, Some("order-77")));
    let made = service.get("/entities/Quirinus-1").header("x-request-id").map(str::to_owned).unwrap();
    let quiet = service.get("/healthz").header("x-request-id").map(str::to_owned).unwrap();
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let all: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |id: &str| -> Vec<&Json> { all.iter().filter(|line| line["fields"]["request_id"] == id).collect() };
    let line = of("order-77");
    assert_eq!(line.len(), 1, "{line:?}");
    let fields = &line[0]["fields"];
    assert_eq!(
        (&fields["route"], &fields["method"], &fields["status"]),
        (&json!("/match/{dataset}"), &json!("POST"), &json!(200))
    );
    assert_eq!(
        (&fields["n_queries"], &line[0]["level"], &line[0]["target"]),
        (&json!(1), &json!("INFO"), &json!("interdict::access"))
    );
    assert!(fields["duration_ms"].as_f64().unwrap() > 0.0 && fields["n_hits"].is_u64());
    assert_eq!((of(&made).len(), of(&quiet).len()), (1, 0));
    assert!(!text.contains("Quirinus") && !text.contains("Kowalczuk"), "{text}");
}
