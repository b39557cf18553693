//! What a client can be slow at, too much at a time, and the end of the service.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use hyper_util::rt::{TokioExecutor, TokioIo};
use interdict_server::settings::{HttpLimits, Settings};

use super::client::Service;
use super::service_with;

const SHORT: Duration = Duration::from_millis(400);

fn limited(change: impl FnOnce(&mut HttpLimits)) -> Service {
    let mut http = HttpLimits::default();
    change(&mut http);
    service_with(Settings { http, ..Settings::default() })
}

fn connect(service: &Service) -> TcpStream {
    let stream = TcpStream::connect(service.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

/// Sends and reads to the end of the connection.
fn say(service: &Service, bytes: &[u8]) -> String {
    let mut stream = connect(service);
    stream.write_all(bytes).unwrap();
    rest(&mut stream)
}

fn rest(stream: &mut TcpStream) -> String {
    let mut out = Vec::new();
    match stream.read_to_end(&mut out) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        Err(error) => panic!("the connection was not ended: {error}"),
    }
    String::from_utf8(out).unwrap()
}

/// Reads one answer whose length is told, and leaves the connection open.
fn one(stream: &mut TcpStream) -> String {
    let mut out = Vec::new();
    let mut byte = [0];
    while !out.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        out.push(byte[0]);
    }
    let head = String::from_utf8(out).unwrap().to_lowercase();
    let len = head.split("content-length: ").nth(1).and_then(|rest| rest.split('\r').next()).unwrap();
    let mut body = vec![0; len.parse().unwrap()];
    stream.read_exact(&mut body).unwrap();
    head + &String::from_utf8(body).unwrap()
}

const HEALTH: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
const BEGUN: &[u8] =
    b"POST /match/default HTTP/1.1\r\nhost: x\r\ncontent-length: 75\r\nconnection: close\r\n\r\n{\"queries\":";
const END: &[u8] = br#"{"q":{"schema":"Person","properties":{"name":["Ivan Petrov"]}}}}"#;

#[test]
fn a_head_that_does_not_end_in_time_is_told_so() {
    let service = limited(|limits| limits.head = SHORT);
    for begun in [&b"G"[..], b"GET /healthz HTTP/1.1\r\nhost:", b"PRI * HT", b"PRI * HTTP/1.1\r\n"] {
        let start = Instant::now();
        let answer = say(&service, begun);
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer:?}");
        assert!(answer.ends_with(r#"{"detail":"The head of the request did not come in time."}"#), "{answer:?}");
        assert!(start.elapsed() >= SHORT && start.elapsed() < Duration::from_secs(10));
    }
    assert_eq!(service.get("/healthz").status, 200);
}

#[test]
fn heads_that_no_route_sees_are_refused_in_words() {
    let service = limited(|_| {});
    let long = format!("GET /entities/{} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(70_000));
    let many = format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{}\r\n", "x: y\r\n".repeat(200));
    let large = format!("GET /healthz HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "y".repeat(140_000));
    for (sent, status, detail) in [
        (long, "414 URI Too Long", r#"{"detail":"Request URI too long"}"#),
        (many, "431 Request Header Fields Too Large", "at most 100 headers and 131072 bytes"),
        (large, "431 Request Header Fields Too Large", "at most 100 headers and 131072 bytes"),
        ("\u{16}\u{3}\u{1}\r\n\r\n".to_owned(), "400 Bad Request", "is not one of HTTP/1.1"),
        ("GET / HTTP/9.9\r\n\r\n".to_owned(), "400 Bad Request", "is not one of HTTP/1.1"),
    ] {
        let mut stream = connect(&service);
        // The service may close before all is sent.
        drop(stream.write_all(sent.as_bytes()));
        let answer = rest(&mut stream);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{answer:?}");
        assert!(answer.contains("content-type: application/json") && answer.contains(detail), "{answer:?}");
        assert_eq!(answer.matches("\r\n\r\n").count(), 1, "one answer, and no empty one before it: {answer:?}");
    }
    // On a connection that was used before, too.
    let mut kept = connect(&service);
    kept.write_all(HEALTH).unwrap();
    assert!(one(&mut kept).starts_with("http/1.1 200 "));
    kept.write_all(b"nonsense\r\n\r\n").unwrap();
    assert!(rest(&mut kept).ends_with(r#"{"detail":"The head of the request is not one of HTTP/1.1."}"#));
}

#[test]
fn a_head_that_trickles_gains_no_time() {
    let service = limited(|limits| limits.head = SHORT);
    let mut stream = connect(&service);
    let mut slow = stream.try_clone().unwrap();
    let sending = std::thread::spawn(move || {
        drop(slow.write_all(b"GET /healthz HTTP/1.1\r\n"));
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(15) && slow.write_all(b"x: y\r\n").is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
        start.elapsed()
    });
    assert!(rest(&mut stream).starts_with("HTTP/1.1 408 "));
    assert!(sending.join().unwrap() < Duration::from_secs(10));
}

#[test]
fn connections_that_say_nothing_are_closed_without_a_word() {
    let service = limited(|limits| limits.head = SHORT);
    assert_eq!(say(&service, b""), "");
    let mut kept = connect(&service);
    kept.write_all(HEALTH).unwrap();
    assert!(one(&mut kept).starts_with("http/1.1 200 "));
    assert_eq!(rest(&mut kept), "");
}

#[test]
fn a_body_that_does_not_come_in_time_is_told_so() {
    let service = limited(|limits| limits.body = SHORT);
    let answer = say(&service, BEGUN);
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer:?}");
    assert!(answer.contains(r#"{"detail":"The body of the request did not come in time."}"#), "{answer:?}");
}

#[test]
fn a_request_that_takes_too_long_is_given_up() {
    let service = limited(|limits| limits.request = SHORT);
    let answer = say(&service, BEGUN);
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer:?}");
    assert!(answer.contains(r#"{"detail":"No answer was found within 0.4 s."}"#), "{answer:?}");
}

#[test]
fn a_client_that_does_not_read_is_dropped() {
    let service = limited(|limits| limits.write = SHORT);
    let mut stream = connect(&service);
    stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
    let requests = b"GET /catalog HTTP/1.1\r\nhost: x\r\n\r\n".repeat(1000);
    let ended = loop {
        if let Err(error) = stream.write_all(&requests) {
            break error.kind();
        }
    };
    assert!(matches!(ended, ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{ended}");
    assert_eq!(service.get("/healthz").status, 200);
}

#[test]
fn connections_beyond_the_limit_are_told_to_come_again() {
    let service = limited(|limits| limits.n_connections = 2);
    let mut kept: Vec<TcpStream> = (0..2).map(|_| connect(&service)).collect();
    for stream in &mut kept {
        stream.write_all(HEALTH).unwrap();
        assert!(one(stream).starts_with("http/1.1 200 "));
    }
    let answer = service.get("/healthz");
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")));
    assert!(answer.json()["detail"].as_str().unwrap().contains("no room"));
    kept.pop();
    let start = Instant::now();
    while service.get("/healthz").status != 200 {
        assert!(start.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn more_headers_than_may_be_are_refused() {
    let service = limited(|limits| limits.n_headers = 10);
    let with = |n: usize| service.ask("GET", "/healthz", &"x: y\r\n".repeat(n)).status;
    assert_eq!((with(8), with(20)), (200, 431));
}

#[test]
fn a_connection_is_kept_for_further_requests() {
    let service = limited(|_| {});
    let mut stream = connect(&service);
    for _ in 0..3 {
        stream.write_all(HEALTH).unwrap();
        assert!(one(&mut stream).starts_with("http/1.1 200 "));
    }
}

#[test]
fn http_2_is_spoken_and_its_idle_connections_end() {
    let service = limited(|limits| limits.idle = Duration::from_secs(1));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let stream = tokio::net::TcpStream::connect(service.address).await.unwrap();
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
        let connection = tokio::spawn(connection);
        for _ in 0..3 {
            let request = hyper::Request::get("http://x/healthz").body(String::new()).unwrap();
            assert_eq!(sender.send_request(request).await.unwrap().status(), 200);
        }
        let ended = tokio::time::timeout(Duration::from_secs(15), connection).await;
        assert!(ended.is_ok(), "the connection goes on");
    });
}

#[test]
fn a_stream_may_pause_and_not_for_ever() {
    let service = limited(|limits| limits.idle = SHORT);
    let head = "POST /v1/screen/stream HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    let line = "{\"properties\":{\"name\":\"Ivan Petrov\"}}\n";
    let answer = say(&service, format!("{head}{:x}\r\n{line}\r\n", line.len()).as_bytes());
    assert!(answer.contains("NK-1") && answer.contains("nothing more of the body came within 0.4 s"), "{answer:?}");
}

#[test]
fn requests_that_run_are_answered_before_the_service_ends() {
    let mut service = limited(|_| {});
    let mut idle = connect(&service);
    idle.write_all(HEALTH).unwrap();
    one(&mut idle);
    let mut running = connect(&service);
    running.write_all(BEGUN).unwrap();
    std::thread::sleep(SHORT);
    service.tell_to_stop();
    assert_eq!(rest(&mut idle), "");
    running.write_all(END).unwrap();
    let answer = rest(&mut running);
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("NK-1"), "{answer:?}");
    service.join();
    assert!(TcpStream::connect(service.address).is_err());
}

#[test]
fn a_service_told_to_stop_gives_notice_and_goes_on_for_a_while() {
    let mut service = limited(|limits| limits.notice = Duration::from_secs(2));
    assert_eq!(service.get("/readyz").status, 200);
    let start = Instant::now();
    service.tell_to_stop();
    let ready = service.wait_for("/readyz", |answer| answer.status == 503);
    assert!(ready.body.contains("The service stops."), "{ready:?}");
    assert_eq!(service.get("/healthz").status, 200);
    assert_eq!(service.get("/entities/NK-1").status, 200, "what is asked all the same is answered");
    service.join();
    assert!(start.elapsed() >= Duration::from_secs(2));
    assert!(TcpStream::connect(service.address).is_err());
}

#[test]
fn requests_that_do_not_end_are_cut_off_at_last() {
    let mut service = limited(|limits| limits.drain = SHORT);
    let mut running = connect(&service);
    running.write_all(BEGUN).unwrap();
    std::thread::sleep(SHORT);
    let start = Instant::now();
    service.tell_to_stop();
    service.join();
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_eq!(rest(&mut running), "");
}
