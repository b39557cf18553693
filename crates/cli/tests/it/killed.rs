//! `kill -9` of the service while it brings its lists up to date and answers: what was acknowledged serves after the next start, and
//! nothing is half there.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use interdict_misbehave::Reply;

use crate::publisher::*;
use crate::serving;
use crate::support::Place;

/// Pauses between the begin of an update and the kill: from before the first byte came to after the end, on machines of any speed.
const PAUSES_MS: &[u64] = &[0, 20, 60, 120, 250, 500, 1000];

#[test]
fn a_kill_at_any_moment_of_an_update_leaves_one_whole_version() {
    let (publisher, place) = (Publisher::of(1), Place::new());
    let data_dir = place.path().join("data");
    let serving = publisher.serving(&place, &data_dir, &[]);
    assert_eq!(update(&serving).0, 200);
    let mut serving = Some(serving);
    let mut version = serves(serving.as_ref().unwrap());
    let n_answers = AtomicUsize::new(0);
    for pause in PAUSES_MS {
        let running = serving.take().unwrap();
        publisher.has(version + 1);
        let (address, is_over, is_acknowledged) =
            (running.address.clone(), AtomicBool::new(false), AtomicBool::new(false));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let ended = serving::ask(&address, "POST", "/updatez?token=right&sync=true", "");
                is_acknowledged.store(ended.is_some_and(|(status, _)| status == 200), Ordering::SeqCst);
            });
            for _ in 0..2 {
                scope.spawn(|| {
                    while !is_over.load(Ordering::SeqCst) {
                        // An answer is whole or none.
                        if let Some((status, answer)) = screened(&address) {
                            assert_eq!(status, 200, "{answer}");
                            assert!([version, version + 1].contains(&version_of(&answer)), "{answer}");
                            n_answers.fetch_add(1, Ordering::SeqCst);
                        }
                    }
                });
            }
            std::thread::sleep(Duration::from_millis(*pause));
            running.kill();
            is_over.store(true, Ordering::SeqCst);
        });
        let again = publisher.serving(&place, &data_dir, &[]);
        let now = serves(&again);
        let least = if is_acknowledged.load(Ordering::SeqCst) { version + 1 } else { version };
        assert!((least..=version + 1).contains(&now), "after {pause} ms: {now} serves, {least} was acknowledged");
        let verified = place.run(&["lists", "verify"]);
        assert_eq!(verified.status, Some(0), "{}", verified.stderr);
        assert_eq!(update(&again).0, 200, "the next update finds nothing in its way");
        version = serves(&again);
        serving = Some(again);
    }
    assert!(n_answers.load(Ordering::SeqCst) > 0);
}

#[test]
fn a_kill_while_the_publisher_is_silent_leaves_the_last_good_version() {
    let (publisher, place) = (Publisher::of(1), Place::new());
    let data_dir = place.path().join("data");
    let serving = publisher.serving(&place, &data_dir, &[]);
    assert_eq!(update(&serving).0, 200);
    let whole = list(2);
    publisher.says(Reply::ok(whole.clone()).header("ETag", "\"2\"").stalling_after(whole.len() / 2));
    let n_before = publisher.n_asked();
    assert_eq!(serving.ask("POST", "/updatez?token=right", "").0, 200);
    until("the list is asked for", || publisher.n_asked() > n_before);
    assert_eq!(serves(&serving), 1, "requests are answered while the download stands still");
    serving.kill();
    let serving = publisher.serving(&place, &data_dir, &[]);
    assert_eq!((serves(&serving), troubles(&serving)), (1, (200, vec![])));
    publisher.has(2);
    assert_eq!((update(&serving).0, serves(&serving)), (200, 2));
}
