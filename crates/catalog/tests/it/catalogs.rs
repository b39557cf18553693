//! Catalogues: their datasets are lists, their token stays at home, their last good copy serves.

use interdict_catalog::{Location, ManifestSource, Secret};

use crate::publisher::*;

/// A catalogue of lists at `/<name>/entities.ftm.json`, and a collection of them all.
fn index(lists: &[&str]) -> String {
    let mut datasets: Vec<String> = lists
        .iter()
        .map(|list| {
            format!(
                r#"{{"name": "{list}", "title": "List {list}", "version": "1", "resources": [{{"name": "entities.ftm.json",
                "url": "/{list}/entities.ftm.json", "mime_type": "application/json+ftm"}}]}}"#
            )
        })
        .collect();
    let names: Vec<String> = lists.iter().map(|list| format!("\"{list}\"")).collect();
    datasets.push(format!(r#"{{"name": "all", "children": [{}]}}"#, names.join(", ")));
    format!("{{\"datasets\": [{}]}}", datasets.join(",\n"))
}

fn manifest(bench: &Bench, more: &str) -> Manifest {
    bench.parsed(&format!("catalogs:\n  - url: {}\n{more}", bench.server.url("/index.json")))
}

/// A publisher with a catalogue of these lists, each of this many persons.
fn serving(lists: &[&str], people_each: usize) -> Bench {
    let bench = Bench::new();
    bench.serve("/index.json", index(lists));
    for list in lists {
        bench.serve(&format!("/{list}/entities.ftm.json"), people(people_each));
    }
    bench
}

fn loaded(report: &UpdateReport) -> Vec<String> {
    report.lists.iter().map(|list| list.id.to_string()).collect()
}

/// An update's fault with all its causes.
fn fault(bench: &Bench, manifest: &Manifest) -> String {
    let error = bench.try_update(manifest).unwrap_err();
    let causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
    causes.fold(error.to_string(), |said, cause| format!("{said}: {cause}"))
}

#[test]
fn what_is_in_scope_is_loaded_and_all_of_it_is_named() {
    let bench = serving(&["a", "b", "c"], 5);
    let report = bench.update(&manifest(&bench, "    scopes: [a, c]\n"));
    assert_eq!(loaded(&report), ["a", "c"]);
    assert!(report.lists.iter().all(|list| list.status == Status::Fresh));
    assert_eq!(report.manifest.entries.len(), 4);
    assert_eq!(bench.meta("a").title.as_deref(), Some("List a"));
    assert_eq!((bench.meta("a").version.as_str(), bench.server.n_asked("/b/entities.ftm.json")), ("1", 0));
    // A collection without entities of its own stands for its children.
    assert_eq!(loaded(&bench.update(&manifest(&bench, "    scope: all\n"))), ["a", "b", "c"]);
    // What did not change is not sent again.
    let conditional = bench.server.log().iter().filter(|asked| asked.header("if-none-match").is_some()).count();
    bench.update(&manifest(&bench, "    scope: all\n"));
    let now = bench.server.log().iter().filter(|asked| asked.header("if-none-match").is_some()).count();
    assert_eq!(now, conditional + 4);
}

#[test]
fn a_collection_with_entities_brings_its_children() {
    let bench = Bench::new();
    let text = format!(
        r#"{{"datasets": [{{"name": "whole", "children": ["part"], "entities_url": "{}"}}, {{"name": "part", "title": "Part"}}]}}"#,
        bench.server.url("/whole.json")
    );
    bench.serve("/index.json", text);
    bench.serve("/whole.json", people(3));
    let report = bench.update(&manifest(&bench, "    scope: whole\n"));
    assert_eq!(loaded(&report), ["whole"]);
    let part = &report.manifest.entries[1];
    assert!(part.is_brought && !part.is_loaded);
}

#[test]
fn a_scope_that_is_not_there_names_itself_and_its_catalogue() {
    let bench = serving(&["a"], 5);
    let said = fault(&bench, &manifest(&bench, "    scopes: [a, sanctions]\n"));
    assert!(said.contains("\"sanctions\"") && said.contains("/index.json"), "{said}");
    assert_eq!(store::current(&bench.data_dir()).unwrap(), None);
}

#[test]
fn the_token_is_asked_for_and_goes_to_no_other_server() {
    let other = Server::start(|_| Reply::ok(people(5)));
    let bench = serving(&["a"], 5);
    let (there, elsewhere) = (other.url("/moved.json"), other.url("/b.json"));
    let text = index(&["a", "moved"]).replacen(
        "\"datasets\": [",
        &format!("\"datasets\": [{{\"name\": \"b\", \"entities_url\": \"{elsewhere}\"}},"),
        1,
    );
    let guarded = |asked: &Asked, reply: Reply| match asked.header("authorization") {
        Some("Token s3cret") => reply,
        _ => Reply::of(401, "who are you?"),
    };
    bench.answer("/index.json", move |asked| guarded(asked, Reply::ok(text.clone())));
    bench.answer("/a/entities.ftm.json", move |asked| guarded(asked, Reply::ok(people(5))));
    bench.answer("/moved/entities.ftm.json", move |asked| guarded(asked, Reply::redirect(&there)));
    let with_token = manifest(&bench, "    auth_token: s3cret\n    scopes: [a, b, moved]\n");
    let report = bench.update(&with_token);
    assert!(report.lists.iter().all(|list| list.status == Status::Fresh), "{:?}", report.lists);
    assert_eq!(other.log().len(), 2);
    for asked in other.log() {
        assert_eq!((asked.header("authorization"), asked.header("authentication")), (None, None), "{}", asked.target);
    }
    assert!(!format!("{with_token:?} {report:?}").contains("s3cret"));
    // Without it the server turns us away; that a variable is not set is said, and its name is never sent for a token.
    let without = manifest(&bench, "    auth_token: $INTERDICT_TEST_NEVER_SET\n    scope: a\n");
    assert!(without.notes[0].contains("INTERDICT_TEST_NEVER_SET"), "{:?}", without.notes);
    let report = bench.update(&without);
    assert!(trouble(&report, "a").contains("401"));
    let sent = bench.server.log();
    assert!(sent.iter().all(|asked| asked.header("authorization").is_none_or(|token| token == "Token s3cret")));
}

#[test]
fn the_older_token_goes_to_catalogues_without_one_of_their_own() {
    let other = Server::start(|_| Reply::ok(people(5)));
    let mut bench = serving(&["a"], 5);
    bench.options.data_token = Some(Secret::new("older"));
    let own = format!("    scope: a\ndatasets:\n  - name: own\n    url: {}\n", other.url("/own.json"));
    bench.update(&manifest(&bench, &own));
    assert!(bench.server.log().iter().all(|asked| asked.header("authentication") == Some("Token older")));
    assert_eq!(other.log()[0].header("authentication"), None);
    let n = bench.server.log().len();
    bench.update(&manifest(&bench, "    scope: a\n    auth_token: newer\n"));
    assert!(bench.server.log()[n..].iter().all(|asked| asked.header("authentication").is_none()));
}

#[test]
fn a_catalogue_that_cannot_be_had_goes_on_with_its_last_good_copy() {
    let wrong: [(Answer, &str); 6] = [
        (Box::new(|_| Reply::of(503, "")), "503"),
        (Box::new(|_| Reply::ok("<!doctype html><p>log in")), "index.json"),
        (Box::new(|_| Reply::ok("{\"datasets\": [").stalling_after(4)), "no whole answer"),
        (Box::new(|_| Reply::ok(index(&["a"])).declaring(100_000)), "cut"),
        (Box::new(|_| Reply::ok("{\"datasets\": []}")), "\"all\""),
        (Box::new(|_| Reply::ok(index(&["a"]))), "1 of 2 lists in scope are gone (b)"),
    ];
    let mut bench = serving(&["a", "b"], 5);
    let manifest = manifest(&bench, "    scope: all\n");
    bench.update(&manifest);
    for (answer, said) in wrong {
        bench.answer("/index.json", answer);
        let report = bench.update_at(&manifest, "2026-11-25T00:00:00Z");
        assert_eq!(loaded(&report), ["a", "b"]);
        for id in ["a", "b"] {
            let reason = trouble(&report, id);
            assert!(reason.contains("catalogue") && reason.contains(said), "{said}: {reason}");
            assert!(bench.meta(id).stale.unwrap().starts_with("since 2026-11-25"), "{id}");
        }
    }
    // A later update says since when.
    let report = bench.update_at(&manifest, "2026-11-26T00:00:00Z");
    assert!(matches!(&list(&report, "a").status, Status::Stale(trouble) if trouble.since == "2026-11-25T00:00:00Z"));
    // What is gone for good is accepted by name; then all is well.
    bench.options.accept = Some(accepting("b"));
    let report = bench.update_at(&manifest, "2026-11-27T00:00:00Z");
    assert_eq!((loaded(&report), list(&report, "a").status.clone()), (vec!["a".to_owned()], Status::Fresh));
    assert_eq!(report.gone, [ListId::new("b").unwrap()]);
    assert_eq!(bench.meta("a").stale, None);
}

#[test]
fn without_any_copy_of_a_catalogue_nothing_is_done() {
    let bench = Bench::new();
    let said = fault(&bench, &manifest(&bench, "    scope: all\ndatasets:\n  - name: own\n    path: own.json\n"));
    assert!(said.contains("404") && said.contains("no earlier copy"), "{said}");
    assert_eq!(store::current(&bench.data_dir()).unwrap(), None);
}

#[test]
fn a_name_in_two_places_is_an_error() {
    let bench = serving(&["a"], 5);
    let said = fault(&bench, &manifest(&bench, "datasets:\n  - name: a\n    path: own.json\n"));
    assert!(said.contains("`a` stands there twice") && said.contains("/index.json"), "{said}");
}

#[test]
fn a_catalogue_of_this_machine_may_name_its_files() {
    let bench = Bench::new();
    let folder = bench.folder.path();
    std::fs::write(folder.join("a.json"), people(4)).unwrap();
    std::fs::write(folder.join("index.yml"), "datasets:\n  - {name: a, path: a.json}\n").unwrap();
    for url in ["index.yml".to_owned(), format!("file://{}", folder.join("index.yml").display())] {
        let report = bench.update(&bench.parsed(&format!("catalogs:\n  - url: {url}\n")));
        assert_eq!(list(&report, "a").parties, Some(4), "{url}");
    }
}

#[test]
fn a_checksum_that_disagrees_refuses_the_list() {
    // SHA-1 of "abc", FIPS 180-4.
    let of_abc = "a9993e364706816aba3e25717850c26c9cd0d89d";
    let mut bench = serving(&["a"], 5);
    let summed = |sum: &str| index(&["a"]).replace("\"url\":", &format!("\"checksum\": \"{sum}\", \"url\":"));
    bench.serve("/index.json", summed(of_abc));
    let manifest = manifest(&bench, "    scope: a\n");
    let report = bench.update(&manifest);
    assert!(trouble(&report, "a").contains(of_abc), "{}", trouble(&report, "a"));
    assert!(matches!(list(&report, "a").status, Status::Missing(_)));
    // The checksum of the file itself, as the message tells it.
    let found = trouble(&report, "a").split("SHA-1 is ").nth(1).unwrap()[..40].to_owned();
    bench.serve("/index.json", summed(&found.to_uppercase()));
    assert_eq!(list(&bench.update(&manifest), "a").status, Status::Fresh);
    bench.serve("/index.json", summed(of_abc));
    assert!(matches!(list(&bench.update(&manifest), "a").status, Status::Stale(_)));
    bench.options.verify_checksums = false;
    assert_eq!(list(&bench.update(&manifest), "a").status, Status::Fresh);
}

#[test]
fn a_manifest_may_be_at_an_address() {
    let bench = serving(&["a"], 5);
    let text = format!(
        "{{\"catalogs\": [{{\"url\": \"index.json\", \"scope\": \"a\"}}],\n\t\"datasets\": [{{\"name\": \"own\", \"entities_url\": \"{}\"}}]}}",
        bench.server.url("/own.json")
    );
    bench.serve("/manifest.json", text);
    bench.serve("/own.json", people(5));
    let source = ManifestSource::of(Some(Path::new(&bench.server.url("/manifest.json?key=s3cret"))));
    assert!(matches!(&source, ManifestSource::At(Location::Url(_))) && !format!("{source:?}").contains("s3cret"));
    let source = ManifestSource::of(Some(Path::new(&bench.server.url("/manifest.json"))));
    assert!(source.kept(&bench.data_dir()).unwrap().is_none());
    let read = || source.read(&bench.options, &bench.data_dir());
    let report = bench.update(&read().unwrap());
    assert_eq!(loaded(&report), ["own", "a"]);
    // It is gone: the last good copy serves, and all its lists say that it may be old.
    bench.answer("/manifest.json", |_| Reply::of(404, ""));
    let report = bench.update(&read().unwrap());
    for id in ["own", "a"] {
        assert!(trouble(&report, id).contains("manifest may be old"), "{id}");
    }
    // Without a network there is what was kept.
    let kept = source.kept(&bench.data_dir()).unwrap().unwrap().with_kept_catalogs(&bench.data_dir()).unwrap();
    assert_eq!(kept.datasets.len(), 2);
    // One that is empty is not believed either, and with no copy there is an error.
    bench.serve("/manifest.json", "datasets: []\n");
    assert!(read().unwrap().stale.unwrap().reason.contains("no list"));
    assert!(
        ManifestSource::of(Some(Path::new(&bench.server.url("/none.yml"))))
            .read(&bench.options, &bench.data_dir())
            .is_err()
    );
}
