//! Downloads that break and are taken up again.

use interdict_fetch::{FetchError, FetchOptions, Outcome, Progress};
use interdict_misbehave::{Reply, Server, tag_of};

use super::{Bench, body, quick};

fn resumed_from(told: &[Progress]) -> Vec<u64> {
    told.iter()
        .filter_map(|told| if let Progress::Started { resumed, .. } = told { Some(*resumed) } else { None })
        .collect()
}

#[test]
fn a_broken_download_goes_on_where_it_stopped() {
    let server = Server::start(|asked| {
        let reply = Reply::file(asked, body());
        if asked.nth == 0 { reply.cut_after(30_000) } else { reply }
    });
    let bench = Bench::new(server.url("/"));
    let (outcome, told) = bench.fetch_telling(quick());
    assert!(matches!(outcome, Ok(Outcome::Changed(_))));
    assert_eq!(bench.bytes(), body());
    assert_eq!(resumed_from(&told), [0, 30_000]);
    assert_eq!(server.log()[1].header("if-range"), Some(tag_of(&body()).as_str()));
}

#[test]
fn also_in_a_later_run() {
    let broken = Server::start(|asked| Reply::file(asked, body()).cut_after(30_000));
    let mut bench = Bench::new(broken.url("/"));
    assert!(bench.fetch(FetchOptions { retries: 0, ..quick() }).is_err());
    assert_eq!(std::fs::metadata(bench.part()).unwrap().len(), 30_000);
    // A part of another address is not taken up.
    let whole = Server::start(|asked| Reply::file(asked, body()));
    bench.request.url = whole.url("/");
    let (outcome, told) = bench.fetch_telling(quick());
    assert!(outcome.is_ok());
    assert_eq!(resumed_from(&told), [0]);
    assert_eq!(bench.bytes(), body());
}

#[test]
fn a_file_that_changed_meanwhile_is_begun_anew() {
    let other = || body().into_iter().rev().collect::<Vec<u8>>();
    let server = Server::start(move |asked| {
        if asked.nth == 0 { Reply::file(asked, body()).cut_after(30_000) } else { Reply::file(asked, other()) }
    });
    let bench = Bench::new(server.url("/"));
    let (outcome, told) = bench.fetch_telling(quick());
    assert!(outcome.is_ok());
    assert_eq!(resumed_from(&told), [0, 0]);
    assert_eq!(bench.bytes(), other());
}

#[test]
fn a_wrong_range_is_never_pasted_in() {
    for wrong in
        ["bytes 0-49999/50000", "bytes 30001-79999/80000", "bytes 30000-70000/80000", "bytes 30000-79999/*", "rubbish"]
    {
        let server = Server::start(move |asked| match asked.nth {
            0 => Reply::file(asked, body()).cut_after(30_000),
            1 => Reply::of(206, vec![0; 50_000]).header("Content-Range", wrong).header("ETag", &tag_of(&body())),
            _ => Reply::file(asked, body()),
        });
        let bench = Bench::new(server.url("/"));
        let (outcome, told) = bench.fetch_telling(quick());
        assert!(outcome.is_ok(), "{wrong}: {outcome:?}");
        assert_eq!(bench.bytes(), body(), "{wrong}");
        assert_eq!(resumed_from(&told), [0, 0]);
    }
    // A range of a file with another tag, too; and a part beyond the end of the file.
    let server = Server::start(move |asked| match asked.nth {
        0 => Reply::file(asked, body()).cut_after(30_000),
        1 => Reply::of(206, vec![0; 50_000]).header("Content-Range", "bytes 30000-79999/80000").header("ETag", "\"x\""),
        _ => Reply::of(416, ""),
    });
    assert!(matches!(Bench::new(server.url("/")).fetch(quick()), Err(FetchError::Status { status: 416, .. })));
}

#[test]
fn without_a_strong_tag_nothing_is_taken_up() {
    let server = Server::start(|asked| {
        let reply = Reply::ok(body()).header("ETag", "W/\"weak\"");
        if asked.nth == 0 { reply.cut_after(30_000) } else { reply }
    });
    let bench = Bench::new(server.url("/"));
    bench.downloaded(quick());
    assert_eq!(server.log()[1].header("range"), None);
    assert_eq!(bench.bytes(), body());
}

#[test]
fn a_range_that_nobody_asked_for_is_an_error() {
    let server = Server::start(|asked| match asked.nth {
        0 => Reply::ok(body()).cut_after(30_000),
        _ => Reply::of(206, &body()[30_000..]).header("Content-Range", "bytes 30000-79999/80000"),
    });
    let bench = Bench::new(server.url("/"));
    assert!(matches!(bench.fetch(quick()), Err(FetchError::Status { status: 206, .. })) && bench.is_empty());
}

#[test]
fn a_resumed_file_is_held_against_the_digest_of_the_whole() {
    let server = Server::start(|asked| {
        let reply = Reply::file(asked, body()).header("Digest", "SHA-256=ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
        if asked.nth == 0 { reply.cut_after(30_000) } else { reply }
    });
    let bench = Bench::new(server.url("/"));
    assert!(matches!(bench.fetch(quick()), Err(FetchError::Digest { .. })) && bench.is_empty());
}

#[test]
fn a_range_without_the_tag_of_the_part_is_never_pasted_in() {
    for tag in [None, Some("W/\"weak\""), Some("\"other\"")] {
        let server = Server::start(move |asked| match asked.nth {
            0 => Reply::file(asked, body()).cut_after(30_000),
            1 => {
                let reply = Reply::of(206, vec![0; 50_000]).header("Content-Range", "bytes 30000-79999/80000");
                if let Some(tag) = tag { reply.header("ETag", tag) } else { reply }
            }
            _ => Reply::file(asked, body()),
        });
        let bench = Bench::new(server.url("/"));
        bench.downloaded(quick());
        assert_eq!(bench.bytes(), body(), "{tag:?}");
    }
}

#[test]
fn a_range_that_ends_with_its_connection_is_held_against_the_length_of_the_whole() {
    let server = Server::start(|asked| match asked.nth {
        0 => Reply::file(asked, body()).cut_after(30_000),
        1 => Reply::file(asked, body()).without_length().cut_after(10_000),
        _ => Reply::file(asked, body()),
    });
    let bench = Bench::new(server.url("/"));
    let (outcome, told) = bench.fetch_telling(quick());
    assert!(outcome.is_ok(), "{outcome:?}");
    assert_eq!((bench.bytes(), resumed_from(&told)), (body(), vec![0, 30_000, 40_000]));
}

#[test]
fn a_part_whose_bytes_did_not_outlive_a_crash_is_begun_anew() {
    let server = Server::start(|asked| {
        let reply = Reply::file(asked, body());
        if asked.nth == 0 { reply.cut_after(30_000) } else { reply }
    });
    let bench = Bench::new(server.url("/"));
    assert!(bench.fetch(FetchOptions { retries: 0, ..quick() }).is_err());
    // The length is there, the bytes are not.
    std::fs::write(bench.part(), vec![0; 30_000]).unwrap();
    let (outcome, told) = bench.fetch_telling(quick());
    assert!(outcome.is_ok());
    assert_eq!((bench.bytes(), resumed_from(&told)), (body(), vec![0]));
}
