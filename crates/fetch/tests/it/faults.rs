//! Answers that are wrong: cut, lying, too large, of another digest, errors that pass and errors that do not.

use std::time::Duration;

use interdict_fetch::{FetchError, FetchOptions, Outcome, Progress};
use interdict_misbehave::{Reply, Server};

use super::{Bench, body, quick};

#[test]
fn a_file_comes_whole_with_its_digest_and_validators() {
    let server =
        Server::start(|asked| Reply::file(asked, body()).header("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"));
    let mut bench = Bench::new(server.url("/list.xml"));
    let got = bench.downloaded(quick());
    assert_eq!((bench.bytes(), got.bytes), (body(), 80_000));
    assert!(!bench.part().exists());
    bench.request.expected_sha256 = Some(got.sha256.clone());
    bench.request.validators = got.validators;
    // The same file once more is not sent again; another one is.
    assert_eq!(bench.fetch(quick()).unwrap(), Outcome::Unchanged);
    bench.request.validators.etag = Some("\"another\"".to_owned());
    assert_eq!(bench.downloaded(quick()).sha256, got.sha256);
}

#[test]
fn a_date_alone_is_asked_with_too() {
    let server = Server::start(|asked| {
        let known = asked.header("if-modified-since") == Some("Sun, 06 Nov 1994 08:49:37 GMT");
        if known { Reply::of(304, "") } else { Reply::ok("x").header("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT") }
    });
    let mut bench = Bench::new(server.url("/"));
    bench.request.validators = bench.downloaded(quick()).validators;
    assert_eq!(bench.fetch(quick()).unwrap(), Outcome::Unchanged);
}

#[test]
fn not_modified_is_an_error_where_nobody_asked() {
    let server = Server::start(|_| Reply::of(304, ""));
    let bench = Bench::new(server.url("/"));
    assert!(matches!(bench.fetch(quick()), Err(FetchError::Status { status: 304, .. })) && bench.is_empty());
}

#[test]
fn a_cut_body_is_tried_again_and_never_taken_for_whole() {
    let server =
        Server::start(|asked| if asked.nth == 0 { Reply::ok(body()).cut_after(500) } else { Reply::ok(body()) });
    let bench = Bench::new(server.url("/"));
    bench.downloaded(quick());
    assert_eq!(bench.bytes(), body());
    // A server without entity tags that always cuts: an error, and nothing is left.
    let server = Server::start(|_| Reply::ok(body()).declaring(90_000));
    let bench = Bench::new(server.url("/"));
    let error = bench.fetch(quick()).unwrap_err();
    assert!(matches!(error, FetchError::Truncated { got: 80_000, declared: 90_000, .. }), "{error}");
    assert!(bench.is_empty());
    assert_eq!(server.log().len(), 3);
}

#[test]
fn silence_and_slow_drips_end() {
    let server = Server::start(|_| Reply::ok(body()).stalling_after(10));
    let bench = Bench::new(server.url("/"));
    let error = bench.fetch(FetchOptions { retries: 0, ..quick() }).unwrap_err();
    assert!(matches!(error, FetchError::Timeout { .. }), "{error}");
    let server = Server::start(|_| Reply::ok(body()).dripping(Duration::from_millis(5)));
    let bench = Bench::new(server.url("/"));
    let hasty = FetchOptions { retries: 0, total_timeout: Duration::from_millis(60), ..quick() };
    let error = bench.fetch(hasty).unwrap_err();
    assert!(matches!(error, FetchError::Timeout { .. }) && bench.is_empty(), "{error}");
}

#[test]
fn what_is_too_large_is_not_written() {
    for reply in [
        Reply::ok(vec![7; 3 << 20]),
        Reply::ok(vec![7; 3 << 20]).without_length(),
        Reply::ok(vec![7; 1 << 16]).endless(),
        Reply::ok("x").declaring(usize::MAX >> 1),
    ] {
        let server = Server::start(move |_| reply.clone());
        let bench = Bench::new(server.url("/"));
        let error = bench.fetch(quick()).unwrap_err();
        assert!(matches!(error, FetchError::TooLarge { limit, .. } if limit == 1 << 20), "{error}");
        assert!(bench.is_empty());
        assert_eq!(server.log().len(), 1, "it does not pass");
    }
}

#[test]
fn a_wrong_digest_is_an_error_and_the_part_goes() {
    let right = "SHA-256=ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
    let server = Server::start(move |asked| {
        let body = if asked.target == "/right" { "abc" } else { "abd" };
        Reply::ok(body).header("Digest", right).header("ETag", "\"1\"")
    });
    let bench = Bench::new(server.url("/right"));
    assert_eq!(bench.downloaded(quick()).bytes, 3);
    let bench = Bench::new(server.url("/wrong"));
    let error = bench.fetch(quick()).unwrap_err();
    assert!(matches!(error, FetchError::Digest { .. }) && bench.is_empty(), "{error}");
    // So is one that the caller expects.
    let mut bench = Bench::new(server.url("/right"));
    bench.request.expected_sha256 = Some("0".repeat(64));
    assert!(matches!(bench.fetch(quick()), Err(FetchError::Digest { .. })));
}

#[test]
fn bursts_of_errors_pass_and_other_errors_do_not() {
    for status in [408, 425, 429, 500, 502, 503, 504] {
        let server =
            Server::start(move |asked| if asked.nth < 2 { Reply::of(status, "no") } else { Reply::ok("fine") });
        let (outcome, told) = Bench::new(server.url("/")).fetch_telling(quick());
        assert!(outcome.is_ok(), "{status}");
        assert_eq!(told.iter().filter(|told| matches!(told, Progress::Retrying { .. })).count(), 2);
    }
    for status in [400, 401, 403, 404, 410, 416] {
        let server = Server::start(move |_| Reply::of(status, "no"));
        let bench = Bench::new(server.url("/gone"));
        let error = bench.fetch(quick()).unwrap_err();
        assert!(matches!(error, FetchError::Status { status: found, .. } if found == status), "{error}");
        assert!(error.to_string().contains("/gone") && bench.is_empty());
        assert_eq!(server.log().len(), 1);
    }
    let server = Server::start(|_| Reply::of(503, ""));
    assert!(Bench::new(server.url("/")).fetch(quick()).is_err());
    assert_eq!(server.log().len(), 3, "two more attempts and no further");
}

#[test]
fn retry_after_is_heeded_up_to_a_limit() {
    let server = Server::start(|asked| {
        if asked.nth == 0 { Reply::of(503, "").header("Retry-After", "3600") } else { Reply::ok("fine") }
    });
    let (outcome, told) = Bench::new(server.url("/")).fetch_telling(quick());
    assert!(outcome.is_ok());
    let pause =
        told.iter().find_map(|told| if let Progress::Retrying { pause, .. } = told { Some(*pause) } else { None });
    assert_eq!(pause, Some(quick().longest_pause));
}

#[test]
fn nobody_at_the_address_is_said_after_all_attempts() {
    let server = Server::start(|_| Reply::ok(""));
    let url = server.url("/");
    drop(server);
    let (outcome, told) = Bench::new(url).fetch_telling(quick());
    assert!(matches!(outcome, Err(FetchError::Connection { .. } | FetchError::Timeout { .. })));
    assert_eq!(told.len(), 2);
}

#[test]
fn a_folder_that_cannot_be_written_is_said_with_its_path() {
    let server = Server::start(|_| Reply::ok("x"));
    let mut bench = Bench::new(server.url("/"));
    bench.request.destination = bench.folder.path().join("missing/list.xml");
    let error = bench.fetch(quick()).unwrap_err();
    assert!(matches!(error, FetchError::Io { .. }) && error.to_string().contains("missing"), "{error}");
    assert_eq!(server.log().len(), 0);
}

#[test]
fn what_is_no_address_is_refused() {
    for url in ["", "list.xml", "ftp://example.org/x", "file:///etc/passwd"] {
        assert!(matches!(Bench::new(url.to_owned()).fetch(quick()), Err(FetchError::Address { .. })), "{url}");
    }
}
