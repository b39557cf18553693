//! `serve --check`: what would be served, and whether it is sound.

use crate::support::Place;

#[test]
fn what_is_sound_is_told_and_is_well() {
    let place = Place::with_lists();
    let answer = place.run(&["serve", "--snapshot", "lists.snap", "--check"]);
    assert_eq!(answer.status, Some(0), "{}{}", answer.stdout, answer.stderr);
    for said in ["listens on 127.0.0.1:8000", "parties of 2 lists", "list house", "self-test: 5 of 5", "all hashes fit"]
    {
        assert!(answer.stdout.contains(said), "{said}: {}", answer.stdout);
    }
}

#[test]
fn what_would_not_start_or_be_degraded_is_an_error() {
    let place = Place::with_lists();
    place.write("wrong.toml", "[serve]\nlistn = 7\n");
    place.write("open.toml", "[serve]\nlisten = \"0.0.0.0:8000\"\n");
    place.write("log.toml", "[serve]\nscreening_log = \"lists.snap\"\n");
    place.write("share.toml", "[serve.otlp]\nendpoint = \"http://127.0.0.1:1\"\nshare = 7.0\n");
    place.write("otlp.toml", "[serve.otlp]\nendpoint = \"collector\"\n");
    for (config, said) in [
        ("wrong.toml", "listn"),
        ("open.toml", "--open-to-anyone"),
        ("log.toml", "is no folder"),
        ("share.toml", "0 to 1"),
        ("otlp.toml", "cannot be sent"),
    ] {
        let answer = place.run(&["--config", config, "serve", "--snapshot", "lists.snap", "--check"]);
        assert_eq!(answer.status, Some(2), "{config}: {}", answer.stdout);
        assert!(answer.stderr.contains(said), "{config}: {}", answer.stderr);
    }
    let none = place.run(&["serve", "--check"]);
    assert_eq!(none.status, Some(2), "{}", none.stdout);
    assert!(none.stdout.contains("there is no snapshot yet"), "{}", none.stdout);
}

#[cfg(target_os = "linux")]
#[test]
fn folders_that_cannot_be_written_are_told_whatever_their_modes_say() {
    let place = Place::with_lists();
    // Nobody may make a file there, not even root; its mode does not say so.
    place.write("log.toml", "[serve]\nscreening_log = \"/proc/self/interdict-log\"\n");
    let answer = place.run(&["--config", "log.toml", "serve", "--snapshot", "lists.snap", "--check"]);
    assert_eq!(answer.status, Some(2), "{}", answer.stdout);
    assert!(answer.stderr.contains("cannot be written"), "{}", answer.stderr);
    let answer = place.run(&["serve", "--snapshot", "lists.snap", "--data-dir", "/proc/self/data", "--check"]);
    assert_eq!(answer.status, Some(2), "{}", answer.stdout);
    assert!(answer.stdout.contains("jobs cannot be kept"), "{}", answer.stdout);
    // Nothing is left behind where all is well.
    let before = std::fs::read_dir(place.path()).unwrap().count();
    place.run(&["serve", "--snapshot", "lists.snap", "--check"]);
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), before);
}

#[test]
fn a_damaged_snapshot_is_told_before_it_serves() {
    let place = Place::with_lists();
    let path = place.path().join("lists.snap");
    let whole = std::fs::read(&path).unwrap();
    let mut n_told = 0;
    for step in [55, 60, 65, 70, 75, 80, 85, 90] {
        let mut altered = whole.clone();
        altered[whole.len() * step / 100] ^= 0x20;
        std::fs::write(&path, altered).unwrap();
        let answer = place.run(&["serve", "--snapshot", "lists.snap", "--check"]);
        let verified = place.run(&["lists", "verify", "--snapshot", "lists.snap"]);
        assert_eq!(
            answer.status == Some(0),
            verified.status == Some(0),
            "{step}: {}{}",
            answer.stdout,
            verified.stderr
        );
        n_told += usize::from(answer.status == Some(2));
    }
    assert!(n_told > 0);
}
