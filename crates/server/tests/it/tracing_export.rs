//! Spans over OTLP, received by a collector of four lines.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use interdict_server::observe::Observe;
use interdict_server::observe::otlp::{Exporter, Options};
use serde_json::{Value as Json, json};

use super::PETROV;
use super::client::Service;

/// Takes requests, and gives back head and body of each.
fn collector(status: &'static str) -> (String, Receiver<(String, Json)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1/traces", listener.local_addr().unwrap());
    let (send, received) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut bytes = Vec::new();
            let mut chunk = [0; 4096];
            loop {
                let n = stream.read(&mut chunk).unwrap();
                bytes.extend_from_slice(&chunk[..n]);
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                if let Ok(json) = serde_json::from_str(body) {
                    write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}").unwrap();
                    send.send((head.to_owned(), json)).unwrap();
                    break;
                }
                assert!(n > 0, "no JSON: {text}");
            }
        }
    });
    (url, received)
}

fn service(url: String, share: f64) -> Service {
    let headers = vec![("x-tenant".to_owned(), "seven".to_owned())];
    let exporter = Exporter::start(Options { url, headers, share, service: "interdict".to_owned() }).unwrap();
    Service::observed(&[("acme", &[PETROV])], Observe { exporter: Some(exporter), ..Observe::default() })
}

const BODY: &str = r#"{"queries":{"q":{"schema":"Person","properties":{"name":["Ivan Petrov"]}}}}"#;

fn ask(service: &Service, flags: &str) {
    let head = format!(
        "POST /match/acme HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-{flags}\r\ncontent-length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    assert_eq!(service.send(&head).status, 200);
}

#[test]
fn a_request_its_wait_and_its_screening_are_spans_of_the_callers_trace() {
    let (url, received) = collector("200 OK");
    let service = service(url, 1.0);
    ask(&service, "00");
    ask(&service, "01");
    let (head, json) = received.recv_timeout(Duration::from_secs(20)).unwrap();
    assert!(head.starts_with("POST /v1/traces ") && head.to_lowercase().contains("x-tenant: seven"), "{head}");
    let spans = json["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().unwrap();
    let names: Vec<&str> = spans.iter().map(|span| span["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["POST /match/{dataset}", "queue", "screening"], "what the caller does not sample is not sent");
    let root = &spans[0];
    assert_eq!((&root["kind"], &root["parentSpanId"]), (&json!(2), &json!("00f067aa0ba902b7")));
    assert!(spans.iter().all(|span| span["traceId"] == "4bf92f3577b34da6a3ce929d0e0e4736"));
    assert!(spans[1..].iter().all(|span| span["parentSpanId"] == root["spanId"]));
    let time = |span: &Json, end: &str| -> u64 { span[end].as_str().unwrap().parse().unwrap() };
    let (start, end) = ("startTimeUnixNano", "endTimeUnixNano");
    assert!(time(root, start) <= time(&spans[1], start) && time(&spans[1], end) == time(&spans[2], start));
    assert!(time(&spans[2], start) < time(&spans[2], end) && time(&spans[2], end) <= time(root, end));
    let status = json!({"key": "http.response.status_code", "value": {"intValue": "200"}});
    assert!(root["attributes"].as_array().unwrap().contains(&status), "{root}");
    assert!(!json.to_string().contains("Petrov"));
}

#[test]
fn a_collector_that_fails_costs_spans_and_no_request() {
    let (url, received) = collector("500 Oops");
    let service = service(url, 0.0001);
    ask(&service, "01");
    received.recv_timeout(Duration::from_secs(20)).unwrap();
    service.wait_for("/metrics", |answer| answer.body.contains("interdict_spans_lost_total 3"));
    ask(&service, "00");
}

#[test]
fn an_address_that_is_none_is_refused() {
    for url in ["", "ftp://x", "collector:4318"] {
        let options = Options { url: url.to_owned(), headers: Vec::new(), share: 1.0, service: String::new() };
        assert!(Exporter::start(options).is_err(), "{url}");
    }
}
