//! How files may lie on the disk: packed, in folders, under names of another case, too often.

use std::io::Write as _;

use interdict_sources::Format;

use crate::support::{Lists, built, entity, fault, sdn_set, values};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn gzip_and_zip_are_seen_through() {
    let plain = Lists::new();
    let packed = Lists::new();
    let zipped = Lists::new();
    for (name, text) in sdn_set() {
        plain.write(&format!("sdn/{name}"), &text);
        packed.write(&format!("sdn/{name}.gz"), gzip(text.as_bytes()));
    }
    let set = sdn_set();
    let files: Vec<(String, &[u8])> =
        set.iter().map(|(name, text)| (format!("release/{name}"), text.as_bytes())).collect();
    zipped.write("sdn.zip", zip(&files.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect::<Vec<_>>()));
    let of = |lists: &Lists, path: &str| {
        let mut list = lists.list("sdn", Format::OfacSdnCsv, &[path]);
        list.version = Some("v1".to_owned());
        built(&[list])
    };
    let first = of(&plain, "sdn");
    let second = of(&packed, "sdn");
    assert_eq!(values(&entity(&first.1, "ofac-36"), "alias"), ["SIGMA TRADING"]);
    assert_eq!(first.1.id(), second.1.id());
    assert_eq!(first.1.id(), of(&zipped, "sdn.zip").1.id());
    // The account names and hashes the files as they are stored.
    assert!(second.0.report.lists[0].files[0].path.ends_with("add.csv.gz"));
    assert_ne!(first.0.report.lists[0].files[0].sha256, second.0.report.lists[0].files[0].sha256);
}

#[test]
fn what_unpacks_to_a_multiple_of_its_size_is_refused() {
    let lists = Lists::new();
    let zeros = vec![b'0'; 80 << 20];
    lists.write("bomb.json.gz", gzip(&zeros));
    lists.write("bomb.zip", zip(&[("bomb.json", &zeros)]));
    for name in ["bomb.json.gz", "bomb.zip"] {
        let said = fault(&[lists.list("bomb", Format::Ftm, &[name])]);
        assert!(said.contains(name) && said.contains("unpacks to more than"), "{said}");
    }
}

#[test]
fn many_files_that_each_unpack_to_little_are_refused_together() {
    let lists = Lists::new();
    let spaces = vec![b' '; 40 << 20];
    lists.write("parts.zip", zip(&[("a.json", &spaces), ("b.json", &spaces)]));
    lists.write("a.json.gz", gzip(&spaces));
    lists.write("b.json.gz", gzip(&spaces));
    for names in [&["parts.zip"][..], &["a.json.gz", "b.json.gz"]] {
        let said = fault(&[lists.list("bomb", Format::Ftm, names)]);
        assert!(said.contains("unpacks to more than 67108864 bytes"), "{names:?}: {said}");
    }
}

#[test]
fn files_of_a_folder_are_known_by_name_whatever_their_case() {
    let lists = Lists::new();
    for (name, text) in sdn_set() {
        lists.write(&format!("sdn/{}", name.to_uppercase()), text);
    }
    lists.write("sdn/README.txt", "read me");
    lists.write("sdn/inner/sdn.csv", "not of this folder");
    let (built, snapshot) = built(&[lists.list("sdn", Format::OfacSdnCsv, &["sdn"])]);
    assert_eq!(values(&entity(&snapshot, "ofac-36"), "alias"), ["SIGMA TRADING"]);
    assert_eq!(built.report.lists[0].ignored_files, ["README.txt"]);
    assert_eq!(built.report.lists[0].partial, None);
}

#[test]
fn a_folder_without_the_lists_files_is_an_error() {
    let lists = Lists::new();
    lists.write("sdn/README.txt", "read me");
    let said = fault(&[lists.list("sdn", Format::OfacSdnCsv, &["sdn"])]);
    assert!(said.contains("holds no file that `ofac_sdn_csv` knows"), "{said}");
}

#[test]
fn a_file_named_twice_is_an_error_and_two_lists_of_one_file_are_not() {
    let lists = Lists::new();
    lists.write("own.json", r#"{"id":"a","schema":"Person","properties":{"name":["Anna Beck"]}}"#);
    for twice in [&["own.json", "own.json"][..], &["own.json", "./own.json"]] {
        let said = fault(&[lists.list("own", Format::Ftm, twice)]);
        assert!(said.contains("own.json") && said.contains("twice"), "{said}");
    }
    let (_, snapshot) =
        built(&[lists.list("one", Format::Ftm, &["own.json"]), lists.list("two", Format::Ftm, &["own.json"])]);
    assert_eq!((snapshot.meta().n_parties, entity(&snapshot, "a").datasets.len()), (1, 2));
}

#[test]
fn packing_that_is_damaged_is_an_error_that_names_the_file() {
    let lists = Lists::new();
    let mut bytes = gzip(br#"{"id":"a","schema":"Person","properties":{"name":["Anna Beck"]}}"#);
    bytes.truncate(bytes.len() - 9);
    lists.write("cut.json.gz", bytes);
    let said = fault(&[lists.list("own", Format::Ftm, &["cut.json.gz"])]);
    assert!(said.contains("cut.json.gz: cannot be unpacked"), "{said}");
    let missing = fault(&[lists.list("own", Format::Ftm, &["missing.json"])]);
    assert!(
        missing.contains("list `own` was not loaded") && missing.contains("missing.json: cannot be read"),
        "{missing}"
    );
}
