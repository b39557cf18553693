//! What goes well: first fetch, nothing new, something new, several files, packed files, pages, mirrors, local files.

use crate::publisher::*;

#[test]
fn lists_come_are_installed_and_are_not_sent_twice() {
    let mut bench = Bench::new();
    bench.serve("/one.json", people(20));
    bench.serve("/two.json", people(3).replace("p-", "q-"));
    let manifest = bench.manifest(&["one", "two"]);
    let mut told = Vec::new();
    let report = update(&bench.options, &manifest, &bench.data_dir(), &mut |event: Event| told.push(event)).unwrap();
    assert!(matches!(report.installed, Installed::New(_)));
    assert_eq!((list(&report, "one").parties, list(&report, "one").added), (Some(20), None));
    assert!(report.lists.iter().all(|list| list.status == Status::Fresh && list.changed));
    assert!(told.iter().any(|event| event.what == What::Reading));
    assert_eq!(told.iter().filter(|event| event.what == What::Done(Status::Fresh)).count(), 2);
    assert_eq!(bench.snapshot().meta().n_parties, 23);
    // Once more: the server says that nothing changed, and nothing is installed.
    let again = bench.update_at(&manifest, "2026-11-25T12:00:00Z");
    assert!(matches!(again.installed, Installed::Same(_)) && again.lists.iter().all(|list| !list.changed));
    assert!(bench.server.log()[2..].iter().all(|asked| asked.header("if-none-match").is_some()));
    // One of them grows.
    bench.serve("/one.json", people(22));
    let grown = bench.update_at(&manifest, "2026-11-26T12:00:00Z");
    assert_eq!(
        (list(&grown, "one").added, list(&grown, "one").removed, list(&grown, "two").added),
        (Some(2), Some(0), Some(0))
    );
    assert_eq!(bench.snapshot().meta().n_parties, 25);
    // The version before is kept, the incoming folder is gone.
    assert_eq!(names_in(&bench.data_dir().join("downloads/one")).len(), 3);
}

#[test]
fn the_same_bytes_without_validators_are_the_same_version() {
    let bench = Bench::new();
    bench.answer("/one.json", |_| Reply::ok(people(5)));
    let manifest = bench.manifest(&["one"]);
    bench.update(&manifest);
    let again = bench.update(&manifest);
    assert!(matches!(again.installed, Installed::Same(_)) && !list(&again, "one").changed);
}

#[test]
fn packed_lists_are_seen_through() {
    use std::io::Write as _;
    let bench = Bench::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(people(7).as_bytes()).unwrap();
    bench.serve("/one.json", gzip.finish().unwrap());
    assert_eq!(list(&bench.update(&bench.manifest(&["one"])), "one").parties, Some(7));
}

#[test]
fn a_list_of_several_files_takes_up_the_one_that_changed() {
    let bench = Bench::new();
    let sdn = |name: &str| format!("36,\"{name}\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n\x1a");
    bench.serve("/SDN.CSV", sdn("AERO CARIBE"));
    bench.serve("/ADD.CSV", "36,25,-0- ,\"Havana\",\"Cuba\",-0- \r\n\x1a");
    bench.serve("/ALT.CSV", "36,12,\"aka\",\"AERO-CARIBE\",-0- \r\n\x1a");
    bench.serve("/SDN_COMMENTS.CSV", "\x1a");
    let files: Vec<_> =
        ["SDN", "ADD", "ALT", "SDN_COMMENTS"].iter().map(|name| bench.server.url(&format!("/{name}.CSV"))).collect();
    let manifest = bench
        .parsed(&format!("datasets:\n  - name: sdn\n    format: ofac_sdn_csv\n    files: [{}]\n", files.join(", ")));
    let report = bench.update(&manifest);
    assert_eq!(report.lists[0].status, Status::Fresh);
    bench.serve("/SDN.CSV", sdn("AERO CARIBE S.A."));
    assert!(bench.update(&manifest).lists[0].changed);
    assert_eq!(bench.snapshot().meta().n_parties, 1);
    // One of the files is gone: the list is refused as a whole.
    bench.answer("/ADD.CSV", |_| Reply::of(404, ""));
    assert!(trouble(&bench.update(&manifest), "sdn").contains("404"));
    assert!(bench.meta("sdn").stale.is_some());
}

#[test]
fn the_newest_file_is_found_on_the_publishers_page() {
    let bench = Bench::new();
    bench.serve(
        "/index.html",
        "<html><a href='/press.html'>Review of the <b>End User List</b></a> <a href=/other.html>Other</a>",
    );
    bench.serve(
        "/press.html",
        "<html><a href='files/20250131_1.json'>old</a><a href='files/20250929_4.json'>new</a><a href='/x.pdf'>",
    );
    bench.serve("/files/20250929_4.json", people(4));
    let manifest = bench.parsed(&format!(
        "datasets:\n  - name: jp\n    page: {}\n    through: '*end user list*'\n    link: '{{date}}*.json'\n    as: list.json\n",
        bench.server.url("/index.html")
    ));
    assert_eq!(list(&bench.update(&manifest), "jp").parties, Some(4));
    assert_eq!(bench.server.n_asked("/other.html"), 0);
    // A page that links nothing of the kind is said, and the list goes on.
    bench.serve("/press.html", "<html>We have moved");
    assert!(trouble(&bench.update(&manifest), "jp").contains("no link like"));
    assert_eq!(bench.snapshot().meta().n_parties, 4);
}

#[test]
fn a_mirror_is_asked_by_list_and_file_name() {
    let mut bench = Bench::new();
    bench.serve("/mirror/one/one.json", people(4));
    bench.options.mirror = Some(bench.server.url("/mirror/"));
    assert_eq!(list(&bench.update(&bench.manifest(&["one"])), "one").status, Status::Fresh);
    assert_eq!(bench.server.log().len(), 1);
}

#[test]
fn files_of_this_machine_are_kept_and_guarded_too() {
    let bench = Bench::new();
    let path = bench.folder.path().join("own.json");
    std::fs::write(&path, people(30)).unwrap();
    let manifest = bench.parsed("datasets:\n  - name: own\n    path: own.json\n");
    assert_eq!(list(&bench.update(&manifest), "own").parties, Some(30));
    std::fs::write(&path, people(3)).unwrap();
    assert!(trouble(&bench.update(&manifest), "own").contains("30 to 3"));
    assert_eq!(bench.snapshot().meta().n_parties, 30);
}

#[test]
fn only_the_lists_named_are_asked_for() {
    let mut bench = Bench::new();
    bench.serve("/one.json", people(4));
    bench.serve("/two.json", people(5));
    let manifest = bench.manifest(&["one", "two"]);
    bench.options.only = vec![ListId::new("one").unwrap()];
    let report = bench.update(&manifest);
    assert_eq!((bench.server.n_asked("/two.json"), &list(&report, "one").status), (0, &Status::Fresh));
    assert!(trouble(&report, "two").contains("--only"));
    bench.options.only = vec![ListId::new("two").unwrap()];
    let report = bench.update(&manifest);
    assert_eq!((&list(&report, "one").status, &list(&report, "two").status), (&Status::Kept, &Status::Fresh));
    assert_eq!(bench.meta("two").missing, None);
    bench.options.only = vec![ListId::new("three").unwrap()];
    assert!(bench.try_update(&manifest).unwrap_err().to_string().contains("one, two"));
}
