//! Several lists in one snapshot: parties of one id united, what does not fit told, every value with its list.

use interdict_sources::Format;

use crate::support::{Lists, built, entity, sdn_row, sdn_set, values};

#[test]
fn two_lists_of_different_forms_are_one_entity_where_they_share_its_id() {
    let lists = Lists::new();
    for (name, text) in sdn_set() {
        lists.write(&format!("sdn/{name}"), text);
    }
    lists.write(
        "more.json",
        r#"{"id":"ofac-36","schema":"Company","properties":{"name":["Quillon Sigma AG"],"leiCode":["529900T8BM49AURSDO55"]}}"#,
    );
    let (built, snapshot) = built(&[
        lists.list("us_ofac_sdn", Format::OfacSdnCsv, &["sdn"]),
        lists.list("more", Format::Ftm, &["more.json"]),
    ]);
    let party = entity(&snapshot, "ofac-36");
    assert_eq!(party.schema.name(), "Company", "the nearer of the two schemata");
    assert_eq!(values(&party, "name"), ["QUILLON SIGMA", "Quillon Sigma AG"]);
    assert_eq!(values(&party, "alias"), ["SIGMA TRADING"]);
    let lists_of: Vec<&str> = party.get("name").iter().map(|value| value.origin.list().as_str()).collect();
    assert_eq!(lists_of, ["us_ofac_sdn", "more"]);
    let datasets: Vec<&str> = party.datasets.iter().map(interdict_model::ListId::as_str).collect();
    assert_eq!(datasets, ["more", "us_ofac_sdn"]);
    assert!(built.report.conflicts.is_empty());
    let ids: Vec<&str> = built.report.lists.iter().map(|list| list.id.as_str()).collect();
    assert_eq!(ids, ["us_ofac_sdn", "more"], "in the order of the manifest");
}

#[test]
fn an_id_for_a_person_and_a_ship_is_two_entities_and_told() {
    let lists = Lists::new();
    lists.write("one.json", r#"{"id":"x-1","schema":"Person","properties":{"name":["Mira Starling"]}}"#);
    lists.write(
        "two.json",
        r#"{"id":"x-1","schema":"Vessel","properties":{"name":["Mira Starling"],"imoNumber":["9187629"]}}"#,
    );
    let (built, snapshot) =
        built(&[lists.list("one", Format::Ftm, &["one.json"]), lists.list("two", Format::Ftm, &["two.json"])]);
    assert_eq!(snapshot.meta().n_parties, 2);
    assert_eq!(entity(&snapshot, "x-1").schema.name(), "Person");
    let [conflict] = built.report.conflicts.as_slice() else { panic!("{:?}", built.report.conflicts) };
    assert!(conflict.contains("x-1") && conflict.contains("Person") && conflict.contains("Vessel"), "{conflict}");
    let renamed = conflict.rsplit('`').nth(1).unwrap();
    assert_eq!(values(&entity(&snapshot, renamed), "imoNumber"), ["9187629"]);
}

#[test]
fn the_same_lists_give_the_same_bytes_in_any_order() {
    let lists = Lists::new();
    for (name, text) in sdn_set() {
        lists.write(&format!("sdn/{name}"), text);
    }
    lists.write("own.csv", "id,name,schema\n1,Anna Beck,Person\n2,Otto Beck,Person\n");
    let (sdn, own) = (lists.list("sdn", Format::OfacSdnCsv, &["sdn"]), lists.list("own", Format::Csv, &["own.csv"]));
    let forth = built(&[sdn.clone(), own.clone()]);
    let again = built(&[sdn.clone(), own.clone()]);
    let back = built(&[own, sdn]);
    assert!(forth.0.built.bytes == again.0.built.bytes);
    assert_eq!(forth.1.id(), back.1.id(), "lists that share no entity may come in any order");
}

#[test]
fn an_own_list_says_by_its_mapping_what_its_columns_mean() {
    let lists = Lists::new();
    lists.write("own.csv", "Nr;Wer;Art;Geboren\n7;Anna Beck | Anna Berg;Mensch;03/04/1961\n8;Beck GmbH;Firma;\n");
    let mapping = lists.write(
        "own.toml",
        "id = \"Nr\"\nid_prefix = \"house-\"\nschema_column = \"Art\"\ndate_order = \"day-first\"\n[schemas]\nMensch = \"Person\"\n\
         Firma = \"Company\"\n[columns]\nWer = \"name\"\nGeboren = \"birthDate\"\n",
    );
    let mut list = lists.list("own", Format::Csv, &["own.csv"]);
    list.mapping = Some(mapping);
    let (_, snapshot) = built(&[list.clone()]);
    let person = entity(&snapshot, "house-7");
    assert_eq!((person.schema.name(), values(&person, "birthDate")), ("Person", vec!["1961-04-03".to_owned()]));
    assert_eq!(values(&person, "name"), ["Anna Beck", "Anna Berg"]);
    assert_eq!(entity(&snapshot, "house-8").schema.name(), "Company");
    list.mapping = Some(lists.path("missing.toml"));
    assert!(crate::support::fault(&[list]).contains("missing.toml"));
}

#[test]
fn the_account_counts_what_is_there() {
    let lists = Lists::new();
    lists.write("sdn.csv", sdn_row(1, "A FIRM", "") + &sdn_row(2, "B FIRM", "") + "x,bad\r\n" + "\u{1a}");
    let (built, snapshot) = built(&[lists.list("sdn", Format::OfacSdnCsv, &["sdn.csv"])]);
    let list = &built.report.lists[0];
    assert_eq!((list.records, list.loaded, list.names), (3, 2, 2));
    assert_eq!((list.refused[0].file.as_str(), list.refused[0].line), ("sdn.csv", 3));
    assert!(list.partial.as_deref().is_some_and(|why| why.contains("alt.csv")), "{:?}", list.partial);
    assert_eq!(snapshot.meta().lists[0].partial, list.partial, "the snapshot says so too");
    assert_eq!(snapshot.meta().n_parties, 2);
}

#[test]
fn a_version_of_the_manifest_is_used_where_the_files_say_none() {
    let lists = Lists::new();
    lists.write("own.csv", "id,name\n1,Anna Beck\n");
    let mut list = lists.list("own", Format::Csv, &["own.csv"]);
    let digest = built(&[list.clone()]).0.report.lists[0].version.clone();
    assert!(digest.len() == 12 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{digest}");
    list.version = Some("2026-11-24".to_owned());
    assert_eq!(built(&[list]).0.report.lists[0].version, "2026-11-24");
}

#[test]
fn a_list_without_a_date_of_its_own_has_its_newest_day_and_a_digest_as_version() {
    let header = "Name\tStreet_Address\tCity\tState\tCountry\tPostal_Code\tEffective_Date\tExpiration_Date\tStandard_Order\t\
                  Last_Update\tAction\tFR_Citation\n";
    let row = "ANNA BECK\tRoad 1\tZurich\t\tCH\t8001\t06/19/2003\t06/29/2056\tY\t2007-01-31\t\t\n";
    let lists = Lists::new();
    lists.write("one.txt", format!("{header}{row}"));
    lists.write("two.txt", format!("{header}{}", row.replace("Zurich", "Bern")));
    let version_of = |name: &str| {
        let (built, snapshot) = built(&[lists.list("dpl", Format::UsDplTxt, &[name])]);
        let version = built.report.lists[0].version.clone();
        assert_eq!(snapshot.meta().lists[0].version, version);
        let party = (0..).map(interdict_snapshot::EntityOrd).find_map(|ord| snapshot.entity(ord).ok()).unwrap();
        assert!(party.origins().iter().all(|origin| origin.version() == version), "every value cites it");
        version
    };
    let (one, two) = (version_of("one.txt"), version_of("two.txt"));
    assert!(one.starts_with("2007-01-31+") && one.len() == "2007-01-31+1a2b3c4d5e6f".len(), "{one}");
    assert!(two.starts_with("2007-01-31+") && one != two, "two files never share a version");
}

#[test]
fn a_set_of_files_is_known_by_all_of_them() {
    let lists = Lists::new();
    for (folder, name) in [("one", "QUILLON SIGMA"), ("two", "QUILLON TAU")] {
        for (file, text) in sdn_set() {
            lists.write(&format!("{folder}/{file}"), text.replace("QUILLON SIGMA", name));
        }
    }
    let version_of = |name| built(&[lists.list("sdn", Format::OfacSdnCsv, &[name])]).0.report.lists[0].version.clone();
    assert_ne!(version_of("one"), version_of("two"), "though their first files are equal");
}
