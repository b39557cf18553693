//! The service on a disk that is full or read-only: what serves goes on serving, what cannot be kept is refused and said, and with room
//! again all is well. The disk is a small one in memory, which only root may mount.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

use crate::publisher::*;
use crate::serving::{Serving, state};
use crate::support::Place;

/// A disk of its own; it goes with the test.
struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    /// One of some megabytes; none, and a word about it, where this machine lets nobody mount one.
    fn of(megabytes: usize) -> Option<Disk> {
        let disk = Disk { folder: tempfile::tempdir().unwrap() };
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(disk.path()).output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            return Some(disk);
        }
        eprintln!("skipped: a disk can be mounted only by root, where the machine allows it");
        None
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn data_dir(&self) -> PathBuf {
        self.path().join("data")
    }

    /// Takes all room that is left.
    fn fill(&self) {
        let mut file = File::options().create(true).append(true).open(self.path().join("filler")).unwrap();
        for size in [1 << 16, 1 << 10, 1] {
            while file
                .write_all(&vec![0; size])
                .inspect_err(|error| assert_eq!(error.kind(), ErrorKind::StorageFull))
                .is_ok()
            {}
        }
    }

    /// Gives it back.
    fn clear(&self) {
        std::fs::remove_file(self.path().join("filler")).unwrap();
    }

    fn remount(&self, how: &str) {
        let out = Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(self.path()).output().unwrap();
        assert!(out.status.success(), "{out:?}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // What is mounted no more, or never was, is no concern.
        drop(Command::new("umount").arg("-l").arg(self.path()).output());
    }
}

fn job(serving: &Serving, rows: &str) -> String {
    let (status, body) = serving.ask("POST", "/v1/jobs?limit=1", &format!("name\n{rows}"));
    assert_eq!(status, 201, "{body}");
    serde_json::from_str::<Json>(&body).unwrap()["id"].as_str().unwrap().to_owned()
}

/// A job when it has ended.
fn ended(serving: &Serving, id: &str) -> Json {
    let get = || serde_json::from_str::<Json>(&serving.ask("GET", &format!("/v1/jobs/{id}"), "").1).unwrap();
    until("the job ends", || ["done", "failed"].contains(&get()["state"].as_str().unwrap()));
    get()
}

#[test]
fn on_a_full_disk_the_last_good_version_serves_and_nothing_is_half_kept() {
    let Some(disk) = Disk::of(24) else { return };
    let (publisher, place) = (Publisher::of(1), Place::new());
    let serving = publisher.serving(&place, &disk.data_dir(), &[]);
    assert_eq!(update(&serving).0, 200);
    disk.fill();
    publisher.has(2);
    assert_eq!(update(&serving).0, 503, "who waits for an update hears that it failed");
    assert_eq!(serves(&serving), 1);
    let (status, states) = troubles(&serving);
    assert_eq!((status, states), (200, vec!["update failed".to_owned()]));
    let (status, problem) = serving.ask("POST", "/v1/jobs", "name\nIvan Number7\n");
    assert!(status == 507 && problem.contains("disk is full"), "{status} {problem}");
    assert_eq!(serving.ask("GET", "/v1/jobs", "").1, r#"{"jobs":[]}"#);
    // So it is after a kill, too.
    serving.kill();
    let serving = publisher.serving(&place, &disk.data_dir(), &[]);
    assert_eq!(serves(&serving), 1);
    disk.clear();
    assert_eq!((update(&serving).0, serves(&serving)), (200, 2));
    assert_eq!(troubles(&serving), (200, vec![]));
    assert_eq!(ended(&serving, &job(&serving, "Ivan Number7\n"))["state"], "done");
    let folders = std::fs::read_dir(disk.data_dir().join("jobs")).unwrap().count();
    assert_eq!(folders, 1, "what was refused left nothing behind");
}

#[test]
fn a_job_that_was_acknowledged_waits_for_room() {
    let Some(disk) = Disk::of(24) else { return };
    let (publisher, place) = (Publisher::of(1), Place::new());
    let serving = publisher.serving(&place, &disk.data_dir(), &[]);
    assert_eq!(update(&serving).0, 200);
    // The first one keeps the second one waiting until the kill.
    let rows = "Ivan Number7\n".repeat(20_000);
    let ids = [job(&serving, &rows), job(&serving, "Ivan Number7\n")];
    serving.kill();
    disk.fill();
    let serving = publisher.serving(&place, &disk.data_dir(), &[]);
    assert_eq!(serves(&serving), 1);
    // On a machine that let them end before the kill nothing waits.
    if ids.iter().any(|id| state(&serving, id) == "queued") {
        serving.log_until("cannot be written");
    }
    disk.clear();
    for id in &ids {
        let job = ended(&serving, id);
        assert_eq!(job["state"], "done", "{job}");
    }
    let n_tried = serving.log_so_far().lines().filter(|line| line.contains("cannot be written")).count();
    assert!(n_tried < 100, "a job that waits for room asks for it over and over: {n_tried} times");
}

#[test]
fn answers_that_find_no_room_fail_their_job_and_give_the_room_back() {
    let Some(disk) = Disk::of(12) else { return };
    let (publisher, place) = (Publisher::of(1), Place::new());
    let serving = publisher.serving(&place, &disk.data_dir(), &[]);
    assert_eq!(update(&serving).0, 200);
    let id = job(&serving, &"Ivan Number7\n".repeat(60_000));
    let failed = ended(&serving, &id);
    assert_eq!(failed["state"], "failed", "{failed}");
    assert!(failed["reason"].as_str().unwrap().contains("No space left"), "{failed}");
    assert_eq!(serving.ask("GET", &format!("/v1/jobs/{id}/results"), "").0, 409);
    assert_eq!(ended(&serving, &job(&serving, "Ivan Number7\n"))["state"], "done", "there is room for others");
    assert_eq!(serving.ask("DELETE", &format!("/v1/jobs/{id}"), "").0, 204);
}

#[test]
fn every_answer_has_its_line_in_the_screening_log_or_does_not_leave() {
    let Some(disk) = Disk::of(4) else { return };
    let (publisher, place) = (Publisher::of(1), Place::new());
    let log = disk.path().join("log");
    let serving =
        publisher.serving(&place, &place.path().join("data"), &[("INTERDICT_SERVE__SCREENING_LOG", log.clone())]);
    assert_eq!(update(&serving).0, 200);
    let ask = || screened(&serving.address).unwrap().0;
    let mut n_answered = 0;
    while n_answered < 3 {
        assert_eq!(ask(), 200);
        n_answered += 1;
    }
    disk.fill();
    // The last page of the file may have room for some lines.
    loop {
        match ask() {
            200 => n_answered += 1,
            503 => break,
            other => panic!("{other}"),
        }
        assert!(n_answered < 1000, "a full disk takes lines without end");
    }
    assert_eq!(ask(), 503);
    assert_eq!(troubles(&serving), (200, vec!["screening log failing".to_owned()]));
    disk.clear();
    assert_eq!((ask(), ask()), (200, 200));
    assert_eq!(troubles(&serving), (200, vec![]));
    let files = std::fs::read_dir(&log).unwrap().map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let text: Vec<String> = files.collect();
    let whole =
        text.iter().flat_map(|text| text.lines()).filter(|line| serde_json::from_str::<Json>(line).is_ok()).count();
    assert_eq!(whole, n_answered + 2, "{text:?}");
}

#[test]
fn a_read_only_data_folder_serves_what_it_has() {
    let Some(disk) = Disk::of(24) else { return };
    let (publisher, place) = (Publisher::of(1), Place::new());
    let serving = publisher.serving(&place, &disk.data_dir(), &[]);
    assert_eq!(update(&serving).0, 200);
    disk.remount("ro");
    publisher.has(2);
    let check = |serving: &Serving| {
        assert_eq!((update(serving).0, serves(serving)), (503, 1));
        assert_eq!(troubles(serving), (200, vec!["update failed".to_owned()]));
        let (status, problem) = serving.ask("POST", "/v1/jobs", "name\nIvan Number7\n");
        assert!(status == 507 && problem.contains("cannot be written"), "{status} {problem}");
    };
    check(&serving);
    drop(serving);
    let serving = publisher.serving(&place, &disk.data_dir(), &[]);
    check(&serving);
    disk.remount("rw");
    assert_eq!((update(&serving).0, serves(&serving)), (200, 2));
    assert_eq!(ended(&serving, &job(&serving, "Ivan Number7\n"))["state"], "done");
}

#[test]
fn a_snapshot_is_served_beside_a_data_folder_that_cannot_be_written() {
    let Some(disk) = Disk::of(1) else { return };
    disk.remount("ro");
    let place = Place::with_lists();
    let mut command = place.command(&["serve", "--snapshot", "lists.snap", "--listen", "127.0.0.1:0"]);
    command.env("INTERDICT_DATA_DIR", disk.data_dir());
    let serving = Serving::of(command);
    assert_eq!(serving.ask("GET", "/v1/screen?name=Mira+Starling", "").0, 200);
    let (status, problem) = serving.ask("POST", "/v1/jobs", "name\nMira Starling\n");
    assert!(status == 501 && problem.contains("no jobs"), "{status} {problem}");
}
