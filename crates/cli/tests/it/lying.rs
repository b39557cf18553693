//! Publishers that hang, break off or lie, and a service that has lists from before: it answers on, says what is stale and why, and is
//! well again when they are.

use std::time::Duration;

use interdict_misbehave::Reply;

use crate::publisher::*;
use crate::serving;
use crate::support::Place;

#[test]
fn whatever_a_publisher_does_the_last_good_version_serves_and_says_so() {
    let (publisher, place) = (Publisher::of(1), Place::new());
    let serving = publisher.serving(&place, &place.path().join("data"), &[]);
    assert_eq!(update(&serving).0, 200);
    let whole = list(2);
    let half = whole.len() / 2;
    let page = "<html><body>Down for maintenance</body></html>".to_owned();
    for (what, reply) in [
        ("says nothing", Reply::ok(whole.clone()).stalling_after(0)),
        ("falls silent", Reply::ok(whole.clone()).stalling_after(half)),
        ("breaks off", Reply::ok(whole.clone()).cut_after(half)),
        ("promises more than it sends", Reply::ok(whole.clone()).declaring(whole.len() + 1000).cut_after(whole.len())),
        ("ends early without a length", Reply::ok(&whole[..half]).without_length()),
        ("sends a page", Reply::ok(page.clone()).header("Content-Type", "text/html")),
        ("sends a page as an error", Reply::of(503, page)),
        ("sends rubbish", Reply::ok((0..=255u8).cycle().take(100_000).collect::<Vec<u8>>())),
        ("sends nothing", Reply::ok("")),
        ("says that nothing changed", Reply::of(304, "").header("ETag", "\"other\"")),
        ("is gone", Reply::of(404, "")),
        ("leads in circles", Reply::redirect("/one.json")),
    ] {
        publisher.says(reply);
        let n_before = publisher.n_asked();
        std::thread::scope(|scope| {
            let address = &serving.address;
            let updating = scope.spawn(move || serving::ask(address, "POST", "/updatez?token=right&sync=true", ""));
            until("the list is asked for", || publisher.n_asked() > n_before);
            assert_eq!(serves(&serving), 1, "{what}");
            assert!(updating.join().unwrap().is_some(), "{what}: whoever waits for an update hears how it went");
        });
        let (_, answer) = screened(&serving.address).unwrap();
        assert_eq!(version_of(&answer), 1, "{what}: the last good version serves");
        let list = &answer["interdict"]["snapshot"]["lists"][0];
        let is_stale = list["stale"].as_str().is_some_and(|reason| reason.len() > "since 2026-11-28T00:00:00Z: ".len());
        let (status, states) = troubles(&serving);
        if what == "says that nothing changed" {
            // A publisher that was asked whether it has anything newer, and says no, is believed.
            assert_eq!((list.get("stale"), status, states), (None, 200, vec![]), "{what}: {answer}");
        } else {
            assert!(is_stale, "{what}: every answer says so: {answer}");
            assert_eq!((status, states), (200, vec!["stale".to_owned()]), "{what}");
        }
    }
    publisher.has(2);
    assert_eq!((update(&serving).0, serves(&serving)), (200, 2), "well again");
    assert_eq!(troubles(&serving), (200, vec![]));
}

#[test]
fn before_the_first_list_came_nobody_is_cleared() {
    let (publisher, place) = (Publisher::of(1), Place::new());
    let serving = publisher.serving(&place, &place.path().join("data"), &[]);
    for reply in [Reply::ok(list(1)).cut_after(100), Reply::ok("{").declaring(5000), Reply::of(500, "")] {
        publisher.says(reply);
        assert_eq!(update(&serving).0, 503, "who waits for an update hears that it failed");
        let (status, answer) = screened(&serving.address).unwrap();
        assert_eq!(status, 503, "{answer}");
        assert_eq!(troubles(&serving).0, 503);
        assert_eq!(serving.ask("GET", "/v1/screen?name=Ludmilla+Quartermaine", "").0, 503);
        assert_eq!(serving.ask("GET", "/healthz", "").0, 200);
    }
    publisher.has(1);
    // A drip that goes on is a download that goes on.
    publisher.says(
        Reply::ok(b"{\"id\":\"v-1\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Ludmilla Quartermaine\"]}}\n")
            .dripping(Duration::from_millis(1)),
    );
    assert_eq!(update(&serving).0, 200);
    assert_eq!(version_of(&screened(&serving.address).unwrap().1), 1);
}
