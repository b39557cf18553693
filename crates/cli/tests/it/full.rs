//! A full disk: no command ends well whose output did not arrive.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::fs::File;
use std::process::Stdio;

use crate::support::{Answer, Place};

/// The device on which every write finds the disk full.
fn full() -> Stdio {
    Stdio::from(File::options().write(true).open("/dev/full").unwrap())
}

fn into_full(place: &Place, args: &[&str], input: &[u8]) -> Answer {
    let child = place.command(args).stdout(full()).spawn().unwrap();
    place.answer(child, input)
}

#[test]
fn an_answer_that_cannot_be_written_is_an_error_in_every_form() {
    let place = Place::with_lists();
    let rows = b"id,name\n1,Zebulon Quartermaine\n2,Nobody Whatsoever\n";
    for format in ["table", "json", "jsonl", "csv"] {
        for (args, input) in [(&["screen", "Nobody Whatsoever"][..], &b""[..]), (&["screen", "--input", "-"], rows)] {
            let args = [args, &["--snapshot", "lists.snap", "--format", format]].concat();
            let answer = into_full(&place, &args, input);
            assert_eq!(answer.status, Some(2), "{args:?}: {}", answer.stderr);
            assert!(answer.stderr.contains("error: stdout cannot be written"), "{args:?}: {}", answer.stderr);
        }
    }
    let pair = br#"{"query":{"properties":{"name":["A B"]}},"candidate":{"properties":{"name":["C D"]}}}"#;
    for args in [
        &["entity", "h-zeb", "--snapshot", "lists.snap"][..],
        &["lists", "status", "--snapshot", "lists.snap"],
        &["lists", "status", "--snapshot", "lists.snap", "--format", "json"],
        &["lists", "verify", "--snapshot", "lists.snap"],
        &["lists", "diff", "lists.snap", "lists.snap"],
        &["compare", "A B", "C D"],
        &["compare", "--input", "-"],
        &["man"],
        &["completions", "bash"],
        &["--help"],
        &["--version"],
    ] {
        let answer = into_full(&place, args, pair);
        assert_eq!(answer.status, Some(2), "{args:?}: {}", answer.stderr);
        assert!(answer.stderr.contains("error: stdout cannot be written"), "{args:?}: {}", answer.stderr);
    }
}

#[test]
fn a_file_that_cannot_be_written_is_an_error_that_names_it() {
    let place = Place::with_lists();
    // A link, so that a failure here replaces the link and not the machine's device.
    std::os::unix::fs::symlink("/dev/full", place.path().join("full")).unwrap();
    let ask = ["screen", "Nobody Whatsoever", "--snapshot", "lists.snap", "--stats", "/dev/full"];
    let build = ["build", "--list", "house=ftm:house.json", "--out"];
    for (args, name) in [
        (ask.to_vec(), "/dev/full"),
        ([build.as_slice(), &["missing/new.snap"]].concat(), "missing/new.snap"),
        ([build.as_slice(), &["new.snap", "--report", "missing/report.json"]].concat(), "missing/report.json"),
        ([build.as_slice(), &["new.snap", "--report", "full"]].concat(), "full: cannot be written"),
        ([build.as_slice(), &["full"]].concat(), "full: cannot be written"),
    ] {
        let answer = place.run(&args);
        assert_eq!(answer.status, Some(2), "{args:?}: {}", answer.stderr);
        assert!(answer.stderr.contains("error:") && answer.stderr.contains(name), "{args:?}: {}", answer.stderr);
    }
}

#[test]
fn what_nobody_can_hear_on_stderr_changes_no_status() {
    let place = Place::with_lists();
    for (name, status) in [("Zebulon Quartermaine", 1), ("Nobody Whatsoever", 0), ("$$$", 2)] {
        // Without --snapshot a note is told first.
        for more in [&["--snapshot", "lists.snap"][..], &["--list", "nowhere"]] {
            let child = place.command(&[&["screen", name], more].concat()).stderr(full()).spawn().unwrap();
            let status = if more.contains(&"nowhere") { 2 } else { status };
            assert_eq!(place.answer(child, b"").status, Some(status), "{name}, {more:?}");
        }
    }
}
