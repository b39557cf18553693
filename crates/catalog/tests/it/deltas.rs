//! Deltas: the same as the whole file, or the whole file.

use crate::publisher::*;

fn person(id: usize, name: &str) -> String {
    format!("{{\"id\":\"p-{id}\",\"schema\":\"Person\",\"properties\":{{\"name\":[\"{name}\"]}}}}")
}

/// What the publisher has in three versions, the entities in order of ids, each with its name.
fn versions() -> [BTreeMap<usize, String>; 3] {
    let first: BTreeMap<usize, String> = (0..40).map(|at| (at, format!("Ivan Number{at}"))).collect();
    let mut second = first.clone();
    second.insert(3, "Pyotr Changed".to_owned());
    second.remove(&7);
    second.insert(100, "Anna Added".to_owned());
    let mut third = second.clone();
    third.insert(100, "Anna Married".to_owned());
    third.insert(7, "Ivan Returned".to_owned());
    third.remove(&8);
    [first, second, third]
}

fn whole(version: &BTreeMap<usize, String>) -> String {
    version.iter().fold(String::new(), |text, (id, name)| text + &person(*id, name) + "\n")
}

fn delta(old: &BTreeMap<usize, String>, new: &BTreeMap<usize, String>) -> String {
    let mut lines = Vec::new();
    for (id, name) in new {
        match old.get(id) {
            None => lines.push(format!("{{\"op\":\"ADD\",\"entity\":{}}}", person(*id, name))),
            Some(known) if known != name => lines.push(format!("{{\"op\":\"MOD\",\"entity\":{}}}", person(*id, name))),
            Some(_) => {}
        }
    }
    lines.extend(
        old.keys()
            .filter(|id| !new.contains_key(*id))
            .map(|id| format!("{{\"op\":\"DEL\",\"entity\":{{\"id\":\"p-{id}\"}}}}")),
    );
    lines.join("\n")
}

/// A publisher in its first version, with the deltas of the later ones.
fn publisher() -> Bench {
    let bench = Bench::new();
    let [first, second, third] = versions();
    bench.serve("/own.json", whole(&first));
    bench.serve("/d2.json", delta(&first, &second));
    bench.serve("/d3.json", delta(&second, &third));
    bench.serve(
        "/delta.json",
        r#"{"versions": {"v1": "/none", "v2": "/d2.json", "v3": "d3.json"}, "updated_at": "2026"}"#,
    );
    bench
}

fn manifest(bench: &Bench, version: &str) -> Manifest {
    let url = |path: &str| bench.server.url(path);
    bench.parsed(&format!(
        "datasets:\n  - name: own\n    entities_url: {}\n    delta_url: {}\n    version: {version}\n",
        url("/own.json"),
        url("/delta.json")
    ))
}

/// Everything in the snapshot that serves.
fn entities(bench: &Bench) -> Vec<(String, Vec<String>)> {
    let snapshot = bench.snapshot();
    snapshot.verify().unwrap();
    let entity = |ord| snapshot.entity(interdict_snapshot::EntityOrd(ord)).unwrap();
    let mut all: Vec<_> = (0..snapshot.n_entities())
        .map(|ord| {
            let entity = entity(ord);
            (entity.id.clone(), crate::support::values(&entity, "name"))
        })
        .collect();
    all.sort();
    all
}

/// What a fresh data folder holds after a load of the whole file of the third version.
fn full() -> Vec<(String, Vec<String>)> {
    let bench = publisher();
    bench.serve("/own.json", whole(&versions()[2]));
    let report = bench.update(&manifest(&bench, "v3"));
    assert_eq!(list(&report, "own").notes, Vec::<String>::new());
    entities(&bench)
}

#[test]
fn deltas_come_to_what_the_whole_file_is() {
    let bench = publisher();
    bench.update(&manifest(&bench, "v1"));
    let asked = bench.server.n_asked("/own.json");
    let report = bench.update(&manifest(&bench, "v3"));
    let own = list(&report, "own");
    assert_eq!((own.status.clone(), own.changed, own.version.as_deref()), (Status::Fresh, true, Some("v3")));
    assert_eq!((own.added, own.removed), (Some(1), Some(1)));
    assert_eq!(own.notes, ["2 deltas from version v1 to v3: 1 entities added, 2 changed, 1 removed"]);
    assert_eq!(entities(&bench), full());
    assert_eq!(bench.meta("own").version, "v3");
    // The whole file was not asked for, neither then nor where nothing is new.
    let report = bench.update(&manifest(&bench, "v3"));
    assert!(matches!(report.installed, Installed::Same(_)) && list(&report, "own").status == Status::Fresh);
    assert_eq!(bench.server.n_asked("/own.json"), asked);
}

#[test]
fn one_delta_after_another_is_the_same() {
    let bench = publisher();
    for version in ["v1", "v2", "v3"] {
        bench.update(&manifest(&bench, version));
    }
    assert_eq!((entities(&bench), bench.server.n_asked("/own.json")), (full(), 1));
}

#[test]
fn whatever_is_wrong_with_deltas_the_whole_file_comes() {
    let faults: [(&str, Answer, &str); 10] = [
        ("/delta.json", Box::new(|_| Reply::of(404, "")), "404"),
        ("/delta.json", Box::new(|_| Reply::ok("<html>")), "index of deltas cannot be used"),
        ("/delta.json", Box::new(|_| Reply::ok("{\"versions\": {").stalling_after(3)), "no whole answer"),
        ("/delta.json", Box::new(|_| Reply::ok(r#"{"versions": {"v2": "/d2.json", "v3": "/d3.json"}}"#)), "reach back"),
        (
            "/delta.json",
            Box::new(|_| Reply::ok(r#"{"versions": {"v0": "/d", "v3": "/d3.json"}}"#)),
            "does not name version v1",
        ),
        (
            "/delta.json",
            Box::new(|_| Reply::ok(r#"{"versions": {"v1": "/d", "v2": "/d2.json"}}"#)),
            "does not name version v3",
        ),
        (
            "/delta.json",
            Box::new(|_| Reply::ok(r#"{"versions": {"v1": "/d", "v3": "file:///etc/passwd"}}"#)),
            "no address",
        ),
        // The index leaves one out, and the next one does not fit.
        ("/delta.json", Box::new(|_| Reply::ok(r#"{"versions": {"v1": "/d", "v3": "/d3.json"}}"#)), "do not belong"),
        ("/d3.json", Box::new(|_| Reply::ok("{\"op\": \"MOD\"}")), "delta v3, line 1"),
        ("/d3.json", Box::new(|_| Reply::ok("x").endless()), "larger than"),
    ];
    let wanted = full();
    for (path, answer, said) in faults {
        let bench = publisher();
        bench.update(&manifest(&bench, "v1"));
        bench.answer(path, answer);
        bench.serve("/own.json", whole(&versions()[2]));
        let report = bench.update(&manifest(&bench, "v3"));
        let own = list(&report, "own");
        assert_eq!((own.status.clone(), own.version.as_deref()), (Status::Fresh, Some("v3")), "{said}");
        assert!(
            own.notes[0].starts_with("the whole file was asked for") && own.notes[0].contains(said),
            "{:?}",
            own.notes
        );
        assert_eq!(entities(&bench), wanted, "{said}");
    }
}

#[test]
fn deltas_may_be_turned_off_and_shrink_no_list_unseen() {
    let mut bench = publisher();
    bench.update(&manifest(&bench, "v1"));
    // Ten of forty persons go.
    let deletions = (0..10)
        .fold(String::new(), |text, id| text + &format!("{{\"op\":\"DEL\",\"entity\":{{\"id\":\"p-{id}\"}}}}\n"));
    bench.serve("/d2.json", deletions);
    let report = bench.update(&manifest(&bench, "v2"));
    assert!(trouble(&report, "own").contains("from 40 to 30"), "{}", trouble(&report, "own"));
    assert_eq!(bench.snapshot().meta().n_parties, 40);
    bench.options.deltas = false;
    let n = bench.server.n_asked("/delta.json");
    assert_eq!(list(&bench.update(&manifest(&bench, "v2")), "own").status, Status::Fresh);
    assert_eq!(bench.server.n_asked("/delta.json"), n);
}
