//! What goes wrong: the last good version goes on serving and says so; what never came is missing and says so.

use interdict_catalog::lock::Lock;
use interdict_catalog::state::ListState;

use crate::publisher::*;

#[test]
fn a_list_that_never_came_is_missing_and_the_others_serve() {
    let bench = Bench::new();
    bench.serve("/one.json", people(4));
    let report = bench.update(&bench.manifest(&["one", "gone"]));
    assert!(matches!(report.installed, Installed::New(_)));
    assert!(trouble(&report, "gone").contains("404"));
    let meta = bench.meta("gone");
    assert!(meta.missing.unwrap().starts_with("since 2026-11-24T12:00:00Z: "));
    assert_eq!((meta.version.as_str(), meta.stale), ("", None));
    // It comes later.
    bench.serve("/gone.json", people(4));
    assert_eq!(list(&bench.update(&bench.manifest(&["one", "gone"])), "gone").status, Status::Fresh);
    assert_eq!(bench.meta("gone").missing, None);
}

#[test]
fn where_nothing_came_nothing_is_installed() {
    let bench = Bench::new();
    let report = bench.update(&bench.manifest(&["one", "two"]));
    assert_eq!(report.installed, Installed::Nothing);
    assert_eq!(store::current(&bench.data_dir()).unwrap(), None);
    assert!(matches!(bench.try_update(&Manifest::default()), Err(UpdateError::NoLists)));
}

#[test]
fn wrong_answers_leave_the_last_good_version_serving_and_marked() {
    let wrong: [(&str, Answer, &str); 9] = [
        ("gone", Box::new(|_| Reply::of(404, "")), "404"),
        ("down", Box::new(|_| Reply::of(503, "")), "503"),
        ("page", Box::new(|_| Reply::ok("<!DOCTYPE html><html><body>Please log in")), "Please log in"),
        ("empty", Box::new(|_| Reply::ok("")), "from 40 to 0"),
        ("cut", Box::new(|asked| Reply::file(asked, people(41)).cut_after(100)), "cut"),
        ("liar", Box::new(|_| Reply::ok(people(40)).declaring(100_000)), "cut"),
        ("silent", Box::new(|_| Reply::ok(people(40)).stalling_after(10)), "no whole answer"),
        (
            "digest",
            Box::new(|_| Reply::ok(people(40)).header("Digest", &format!("SHA-256={}", "0".repeat(64)))),
            "SHA-256",
        ),
        ("rubbish", Box::new(|_| Reply::ok("{\"id\": 1")), ""),
    ];
    let mut bench = Bench::new();
    let names: Vec<&str> = wrong.iter().map(|(name, ..)| *name).collect();
    for name in &names {
        bench.serve(&format!("/{name}.json"), people(40));
    }
    let manifest = bench.manifest(&names);
    assert!(bench.update(&manifest).lists.iter().all(|list| list.status == Status::Fresh));
    let said: Vec<&str> = wrong.iter().map(|(.., said)| *said).collect();
    for (name, answer, _) in wrong {
        bench.answer(&format!("/{name}.json"), answer);
    }
    for now in ["2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z"] {
        let report = bench.update_at(&manifest, now);
        for (name, said) in names.iter().zip(&said) {
            let reason = trouble(&report, name);
            assert!(reason.contains(said), "{name}: {reason}");
            assert!(
                matches!(&list(&report, name).status, Status::Stale(trouble) if trouble.since == "2026-11-25T00:00:00Z")
            );
            assert!(bench.meta(name).stale.is_some());
        }
        assert_eq!(bench.snapshot().meta().n_parties, 40);
    }
    // All is well again, and the marks go.
    for name in &names {
        bench.serve(&format!("/{name}.json"), people(40));
    }
    let report = bench.update_at(&manifest, "2026-11-27T00:00:00Z");
    assert!(report.lists.iter().all(|list| list.status == Status::Fresh && !list.changed));
    assert!(matches!(report.installed, Installed::New(_)));
    assert!(bench.snapshot().meta().lists.iter().all(|list| list.stale.is_none()));
}

#[test]
fn bombs_and_endless_bodies_are_refused() {
    use std::io::Write as _;
    let bench = Bench::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..80 {
        gzip.write_all(&zeros).unwrap();
    }
    let bomb = gzip.finish().unwrap();
    bench.answer("/bomb.json", move |_| Reply::ok(bomb.clone()));
    bench.answer("/endless.json", |_| Reply::ok(vec![b' '; 1 << 16]).endless());
    bench.serve("/fine.json", people(2));
    let url = |name: &str| bench.server.url(&format!("/{name}.json"));
    let manifest = bench.parsed(&format!(
        "datasets:\n  - {{name: bomb, url: '{}'}}\n  - {{name: endless, url: '{}', max_mb: 2}}\n  - {{name: fine, url: '{}'}}\n",
        url("bomb"),
        url("endless"),
        url("fine")
    ));
    let report = bench.update(&manifest);
    assert!(trouble(&report, "bomb").contains("unpacks to more than"));
    assert!(trouble(&report, "endless").contains("larger than 2000000 bytes"));
    assert_eq!(list(&report, "fine").status, Status::Fresh);
}

#[test]
fn one_update_at_a_time() {
    let bench = Bench::new();
    bench.serve("/one.json", people(2));
    std::fs::create_dir_all(bench.data_dir()).unwrap();
    let held = Lock::take(&bench.data_dir()).unwrap();
    let error = bench.try_update(&bench.manifest(&["one"])).unwrap_err();
    assert!(matches!(error, UpdateError::Lock(_)) && error.to_string().contains("another update"));
    drop(held);
    // The lock file stays and hinders nobody.
    assert!(bench.data_dir().join("update.lock").exists());
    bench.update(&bench.manifest(&["one"]));
}

#[test]
fn a_data_folder_that_cannot_be_made_is_said() {
    let bench = Bench::new();
    std::fs::write(bench.data_dir(), "a file").unwrap();
    let error = bench.try_update(&bench.manifest(&["one"])).unwrap_err();
    assert!(matches!(error, UpdateError::Io { .. }) && error.to_string().contains("data"), "{error}");
}

#[test]
fn files_that_were_altered_on_disk_are_fetched_anew() {
    let bench = Bench::new();
    bench.serve("/one.json", people(20));
    let manifest = bench.manifest(&["one"]);
    bench.update(&manifest);
    let folder = bench.data_dir().join("downloads/one");
    let version = names_in(&folder).into_iter().find(|name| name != "state.json").unwrap();
    std::fs::write(folder.join(version).join("one.json"), people(19)).unwrap();
    let report = bench.update(&manifest);
    assert_eq!((&list(&report, "one").status, list(&report, "one").parties), (&Status::Fresh, Some(20)));
    assert_eq!(bench.server.log()[1].header("if-none-match"), None);
}

#[test]
fn a_broken_download_is_taken_up_by_the_next_update() {
    let mut bench = Bench::new();
    bench.options.fetch.retries = 0;
    let (whole, half) = (people(2000), people(2000).len() / 2);
    let body = whole.clone();
    bench.answer("/one.json", move |asked| {
        let reply = Reply::file(asked, body.clone());
        if asked.nth == 0 { reply.cut_after(half) } else { reply }
    });
    let manifest = bench.manifest(&["one"]);
    assert_eq!(bench.update(&manifest).installed, Installed::Nothing);
    assert_eq!(list(&bench.update(&manifest), "one").parties, Some(2000));
    assert_eq!(bench.server.log()[1].header("range"), Some(format!("bytes={half}-").as_str()));
}

#[test]
fn a_state_that_cannot_be_read_is_the_trouble_of_its_list_alone_and_kept() {
    let bench = Bench::new();
    bench.serve("/one.json", people(20));
    bench.serve("/two.json", people(2).replace("p-", "q-"));
    let manifest = bench.manifest(&["one", "two"]);
    bench.update(&manifest);
    let folder = bench.data_dir().join("downloads/one");
    std::fs::write(folder.join("state.json"), "{").unwrap();
    bench.answer("/one.json", |_| Reply::of(503, ""));
    bench.serve("/two.json", people(3).replace("p-", "q-"));
    let mut told = Vec::new();
    let report = update(&bench.options, &manifest, &bench.data_dir(), &mut |event: Event| told.push(event)).unwrap();
    assert_eq!((&list(&report, "two").status, list(&report, "two").parties), (&Status::Fresh, Some(3)));
    assert!(matches!(list(&report, "one").status, Status::Stale(_)), "the snapshot still holds it");
    assert!(trouble(&report, "one").contains("state.json.corrupt"), "{}", trouble(&report, "one"));
    assert!(told.iter().any(|event| matches!(&event.what, What::Warning { said } if said.contains("no state"))));
    assert_eq!(std::fs::read(folder.join("state.json.corrupt")).unwrap(), b"{");
    assert_eq!(bench.snapshot().meta().n_parties, 23);
    // The guard still knows how many there were.
    bench.serve("/one.json", people(10));
    assert!(trouble(&bench.update(&manifest), "one").contains("from 20 to 10"));
}

#[test]
fn a_list_whose_downloads_are_gone_is_taken_over_from_the_snapshot_and_marked() {
    let mut bench = Bench::new();
    bench.serve("/one.json", people(20));
    bench.serve("/two.json", people(25));
    let manifest = bench.manifest(&["one", "two"]);
    bench.update(&manifest);
    std::fs::remove_dir_all(bench.data_dir().join("downloads")).unwrap();
    for name in ["one", "two"] {
        bench.answer(&format!("/{name}.json"), |_| Reply::of(503, ""));
    }
    let report = bench.update_at(&manifest, "2026-11-25T00:00:00Z");
    assert!(matches!(report.installed, Installed::New(_)), "{:?}", report.installed);
    for name in ["one", "two"] {
        assert!(matches!(list(&report, name).status, Status::Stale(_)));
        assert!(bench.meta(name).stale.unwrap().starts_with("since 2026-11-25T00:00:00Z: "));
    }
    assert_eq!((list(&report, "two").parties, bench.snapshot().meta().n_parties), (Some(25), 25));
    // Nothing new: nothing is installed, and the marks stay.
    assert!(matches!(bench.update_at(&manifest, "2026-11-26T00:00:00Z").installed, Installed::Same(_)));
    // One comes again: the other one is still there.
    bench.serve("/one.json", people(21));
    let report = bench.update_at(&manifest, "2026-11-27T00:00:00Z");
    assert_eq!((&list(&report, "one").status, bench.meta("one").stale), (&Status::Fresh, None));
    assert!(bench.meta("two").stale.is_some() && bench.snapshot().meta().n_parties == 25);
    // The guard knows the list by the account of the snapshot.
    bench.serve("/two.json", people(5));
    assert!(trouble(&bench.update(&manifest), "two").contains("from 25 to 5"));
}

#[test]
fn the_version_before_serves_where_the_good_one_is_damaged() {
    let bench = Bench::new();
    let manifest = bench.manifest(&["one"]);
    for n in [20, 22] {
        bench.serve("/one.json", people(n));
        bench.update(&manifest);
    }
    let folder = bench.data_dir().join("downloads/one");
    let state = ListState::read(&bench.data_dir(), &ListId::new("one").unwrap()).unwrap();
    std::fs::remove_file(folder.join(state.good.unwrap().folder).join("one.json")).unwrap();
    bench.answer("/one.json", |_| Reply::of(503, ""));
    let report = bench.update(&manifest);
    assert_eq!((list(&report, "one").parties, bench.snapshot().meta().n_parties), (Some(20), 20));
    let said = bench.meta("one").stale.unwrap();
    assert!(said.contains("503") && said.contains("is gone") && said.contains("before it serves"), "{said}");
}

#[test]
fn a_file_that_cannot_be_read_for_now_keeps_its_place() {
    let bench = Bench::new();
    bench.serve("/one.json", people(20));
    let manifest = bench.manifest(&["one"]);
    bench.update(&manifest);
    let id = ListId::new("one").unwrap();
    let good = ListState::read(&bench.data_dir(), &id).unwrap().good.unwrap();
    let file = bench.data_dir().join("downloads/one").join(&good.folder).join("one.json");
    // A folder in its place can be opened and not read: any fault of a disk.
    std::fs::rename(&file, file.with_extension("away")).unwrap();
    std::fs::create_dir(&file).unwrap();
    bench.answer("/one.json", |_| Reply::of(503, ""));
    let report = bench.update(&manifest);
    assert!(matches!(list(&report, "one").status, Status::Stale(_)) && bench.snapshot().meta().n_parties == 20);
    assert_eq!(ListState::read(&bench.data_dir(), &id).unwrap().good.as_ref(), Some(&good));
    std::fs::remove_dir(&file).unwrap();
    std::fs::rename(file.with_extension("away"), &file).unwrap();
    bench.serve("/one.json", people(20));
    assert_eq!(list(&bench.update(&manifest), "one").status, Status::Fresh);
}

#[test]
fn a_list_left_out_says_that_it_was_damaged_rather_than_never_fetched() {
    let mut bench = Bench::new();
    bench.serve("/one.json", people(20));
    bench.serve("/two.json", people(2));
    let manifest = bench.manifest(&["one", "two"]);
    bench.update(&manifest);
    let folder = bench.data_dir().join("downloads/one");
    let state = ListState::read(&bench.data_dir(), &ListId::new("one").unwrap()).unwrap();
    std::fs::write(folder.join(state.good.unwrap().folder).join("one.json"), "x").unwrap();
    bench.options.only = vec![ListId::new("two").unwrap()];
    let said = trouble(&bench.update(&manifest), "one");
    assert!(said.contains("was altered") && said.contains("--only") && !said.contains("never"), "{said}");
}

#[test]
fn another_program_or_another_version_in_the_manifest_builds_anew() {
    let bench = Bench::new();
    bench.serve("/one.json", people(2));
    let manifest = bench.manifest(&["one"]);
    bench.update(&manifest);
    let account = store::current(&bench.data_dir()).unwrap().unwrap().with_extension("report.json");
    let text = std::fs::read_to_string(&account).unwrap();
    assert!(text.contains("\"made_by\": \"interdict "));
    std::fs::write(&account, text.replace("\"made_by\": \"interdict ", "\"made_by\": \"older ")).unwrap();
    bench.update(&manifest);
    assert!(!std::fs::read_to_string(&account).unwrap().contains("older"));
    let url = bench.server.url("/one.json");
    let dated = bench.parsed(&format!("datasets:\n  - {{name: one, url: '{url}', version: '2026-11-01'}}\n"));
    let report = bench.update(&dated);
    assert!(matches!(report.installed, Installed::New(_)));
    assert_eq!(
        (bench.meta("one").version.as_str(), list(&report, "one").version.as_deref()),
        ("2026-11-01", Some("2026-11-01"))
    );
}
