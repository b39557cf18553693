//! Lists of files on this machine: named, found in folders, or both, and none that hides another.

use crate::publisher::*;
use crate::support::{sdn_row, sdn_set};

/// Writes a file below the bench's folder.
fn write(bench: &Bench, name: &str, text: &str) {
    let path = bench.folder.path().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[test]
fn two_files_of_one_name_are_refused_rather_than_one_hiding_the_other() {
    let bench = Bench::new();
    write(&bench, "a/list.json", &people(3));
    write(&bench, "b/list.json", &people(5).replace("p-", "q-"));
    write(&bench, "c/LIST.json", &people(5).replace("p-", "r-"));
    for files in ["[a, b]", "[a/list.json, b/list.json]", "[a, c/LIST.json]"] {
        let said =
            trouble(&bench.update(&bench.parsed(&format!("datasets:\n  - {{name: own, files: {files}}}\n"))), "own");
        let second = if files.contains('c') { "c/LIST.json" } else { "b/list.json" };
        assert!(said.contains("a/list.json") && said.contains(second), "{files}: {said}");
    }
    // A fetched file cannot hide one of this machine either.
    bench.serve("/list.json", people(4));
    let url = bench.server.url("/list.json");
    let said =
        trouble(&bench.update(&bench.parsed(&format!("datasets:\n  - {{name: own, files: [a, '{url}']}}\n"))), "own");
    assert!(said.contains("a/list.json") && said.contains(&url), "{said}");
}

#[test]
fn a_named_file_of_any_name_counts_beside_a_folder() {
    let bench = Bench::new();
    for (name, text) in sdn_set() {
        write(&bench, &format!("sdn/{name}"), if text.is_empty() { "\u{1a}" } else { &text });
    }
    write(&bench, "lists/list.json", &people(3));
    write(&bench, "more.list", &people(5).replace("p-", "q-"));
    let manifest = bench.parsed(
        "datasets:\n  - {name: own, files: [lists, more.list]}\n  - {name: sdn, format: ofac_sdn_csv, path: sdn}\n",
    );
    let report = bench.update(&manifest);
    assert_eq!(list(&report, "own").parties, Some(8));
    // What was found in a folder must be the whole list, also when it is read anew and the folder is gone.
    assert_eq!(list(&report, "sdn").status, Status::Fresh);
    std::fs::remove_file(bench.folder.path().join("sdn/alt.csv")).unwrap();
    write(&bench, "sdn/sdn.csv", &(sdn_row(36, "QUILLON TAU", "") + "\u{1a}"));
    assert!(trouble(&bench.update(&manifest), "sdn").contains("alt.csv"));
}

#[test]
fn a_data_set_of_no_entities_is_a_list_of_none() {
    let bench = Bench::new();
    for (name, text) in [("nothing.json", ""), ("blank.json", "\n \n"), ("few.json", people(20).as_str())] {
        write(&bench, name, text);
    }
    let manifest = bench.parsed(
        "datasets:\n  - {name: nothing, path: nothing.json}\n  - {name: blank, path: blank.json}\n  - {name: few, path: few.json}\n",
    );
    let report = bench.update(&manifest);
    for (id, parties) in [("nothing", 0), ("blank", 0), ("few", 20)] {
        assert_eq!((&list(&report, id).status, list(&report, id).parties), (&Status::Fresh, Some(parties)), "{id}");
        assert_eq!(bench.meta(id).missing, None);
    }
    // It may fill, and one that loses all its parties is judged as any other.
    write(&bench, "nothing.json", &people(3).replace("p-", "q-"));
    write(&bench, "few.json", "");
    let report = bench.update(&manifest);
    assert_eq!(list(&report, "nothing").parties, Some(3));
    assert!(trouble(&report, "few").contains("from 20 to 0"), "{}", trouble(&report, "few"));
    // A list of a publisher is never empty.
    write(&bench, "un.xml", "");
    let said =
        trouble(&bench.update(&bench.parsed("datasets:\n  - {name: un, format: un_sc_xml, path: un.xml}\n")), "un");
    assert!(said.contains("empty") || said.contains("no record"), "{said}");
}

#[test]
fn more_lists_than_a_snapshot_holds_are_refused_before_any_is_read() {
    let bench = Bench::new();
    let of = |n: usize| {
        let lists: Vec<String> = (0..n).map(|at| format!("  - {{name: l{at}, path: nowhere.json}}\n")).collect();
        bench.parsed(&format!("datasets:\n{}", lists.concat())).with_kept_catalogs(&bench.data_dir())
    };
    assert!(of(64).is_ok());
    let said = of(65).unwrap_err().to_string();
    assert!(said.contains("65") && said.contains("64") && said.contains("scope"), "{said}");
}
