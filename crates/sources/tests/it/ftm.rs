//! FollowTheMoney files.

use interdict_model::ListId;
use interdict_sources::{Format, Loaded, ReadErrorKind};

use crate::support::{entity, refusal, shared_list, try_read, values};

const ONE: &str = r#"{"id":"NK-1","caption":"One","schema":"Person","properties":{"name":["One"],"birthDate":["1961"]},"datasets":["eu_fsf","US-Big"],"referents":["x"],"first_seen":"2024-01-01","target":true}"#;
const TWO: &str = r#"{"id":"NK-2","schema":"Company","properties":{"name":["Two"]}}"#;

fn list(text: &str) -> Loaded {
    try_read(Format::Ftm, &[("entities.ftm.json", text.as_bytes())]).unwrap()
}

#[test]
fn a_line_is_an_entity_that_keeps_its_id_and_members() {
    let loaded = list(&format!("{ONE}\n\n{TWO}\n"));
    assert_eq!(loaded.reconciliation.records, 2);
    let party = entity(&loaded, "NK-1");
    assert_eq!(
        (party.caption(), party.referents.as_slice(), values(party, "birthDate")),
        ("One", &["x".to_owned()][..], vec!["1961"])
    );
    assert_eq!(party.members["target"], true);
    assert_eq!(party.get("name")[0].origin.record(), "NK-1 (entities.ftm.json:1)");
}

#[test]
fn entities_stand_on_the_list_that_is_read_and_the_publishers_datasets_are_kept() {
    let loaded = list(&format!("{ONE}\n{TWO}"));
    for party in &loaded.entities {
        assert_eq!(party.datasets.iter().map(ListId::as_str).collect::<Vec<_>>(), ["test"], "{}", party.id);
    }
    assert_eq!(entity(&loaded, "NK-1").members["ftm_datasets"].to_string(), r#"["eu_fsf","US-Big"]"#);
    assert!(!entity(&loaded, "NK-2").members.contains_key("ftm_datasets"));
}

#[test]
fn the_last_line_may_lack_its_line_end() {
    assert_eq!(list(&format!("{ONE}\n{TWO}")).reconciliation.loaded, 2);
    assert_eq!(list(&format!("{ONE}\r\n{TWO}\r\n")).reconciliation.loaded, 2);
}

#[test]
fn nested_entities_come_out_flat() {
    let loaded = list(
        r#"{"id":"a","schema":"Person","properties":{"name":["A"],"familyPerson":[{"id":"f","schema":"Family","properties":{"person":["a"],"relative":[{"id":"b","schema":"Person","properties":{"name":["B"]}}]}}]}}"#,
    );
    assert_eq!(loaded.reconciliation.records, 1);
    assert_eq!(values(entity(&loaded, "b"), "name"), ["B"]);
    assert_eq!(
        (values(entity(&loaded, "f"), "person"), values(entity(&loaded, "f"), "relative")),
        (vec!["a"], vec!["b"])
    );
}

#[test]
fn operations_of_a_delta_add_replace_and_delete() {
    let op = |op: &str, entity: &str| format!(r#"{{"op":"{op}","entity":{entity}}}"#);
    let delta = [
        op("ADD", ONE),
        op("MOD", &TWO.replace("Two", "Deux")),
        op("DEL", r#"{"id":"NK-3"}"#),
        op("DEL", r#"{"id":"NK-9"}"#),
    ]
    .join("\n");
    let three = r#"{"id":"NK-3","schema":"Person","properties":{"name":["Three"]}}"#;
    let base = format!("{TWO}\n{three}\n");
    let loaded = try_read(Format::Ftm, &[("base.json", base.as_bytes()), ("delta.json", delta.as_bytes())]).unwrap();
    assert_eq!(loaded.reconciliation.records, 6);
    assert_eq!(loaded.entities.iter().map(|entity| entity.id.as_str()).collect::<Vec<_>>(), ["NK-1", "NK-2"]);
    assert_eq!(values(entity(&loaded, "NK-2"), "name"), ["Deux"]);
    assert_eq!(loaded.reconciliation.warnings[0].reason, "1 deletions name entities that are not in these files");
}

#[test]
fn fragments_of_one_entity_are_united() {
    let loaded = list(&format!("{TWO}\n{}", TWO.replace("Two", "Zwei")));
    assert_eq!(values(entity(&loaded, "NK-2"), "name"), ["Two", "Zwei"]);
}

#[test]
fn a_bad_line_costs_that_line() {
    let many: String = (0..3000).map(|n| TWO.replace("NK-2", &format!("N{n}")) + "\n").collect();
    let bad = format!("{many}{{\"id\":\"x\",\"schema\":\"Banana\"}}\n{{\"op\":\"FLY\",\"entity\":{{}}}}\n{{\n");
    let loaded = list(&bad);
    let refused = &loaded.reconciliation.refused;
    assert_eq!((loaded.reconciliation.loaded, refused.len()), (3000, 3));
    assert!(
        refused[0].reason.contains("Banana")
            && refused[1].reason.contains("FLY")
            && refused[2].reason.contains("not JSON")
    );
    assert_eq!(refused[0].line, 3001);
}

#[test]
fn what_is_not_such_a_file_is_refused() {
    let kind = |text: &str| refusal(Format::Ftm, "x.json", text.as_bytes());
    assert!(matches!(kind(r#"{"name":"index","resources":[]}"#), ReadErrorKind::Json(_)));
    assert!(matches!(kind("[1]"), ReadErrorKind::Json(_)));
    assert!(matches!(kind("<html>"), ReadErrorKind::Html { .. }));
    assert!(matches!(kind(&"[".repeat(100_000)), ReadErrorKind::Json(_)));
    assert!(matches!(refusal(Format::Ftm, "x.json", b"{\xFF}"), ReadErrorKind::Encoding { .. }));
}

#[test]
fn shared_all_files_load_whole() {
    for (file, records, entities) in [
        ("ftm/sa_wiki_peps_v2.entities.ftm.json", 1565, 1565),
        ("ftm/t1.entities.ftm.json", 7, 7),
        ("ftm/t2.20240527194702-wnk.entities.delta.json", 2, 2),
        ("ftm/t2.20240528014702-pfh.entities.delta.json", 2, 2),
        ("ftm/targets.nested.json", 5, 18),
        ("ftm/yente_entities.delta.json", 1700, 1039 + 90),
        ("ftm/zala.entities.ftm.json", 91, 91),
    ] {
        let Some(loaded) = shared_list(Format::Ftm, "ftm_test", &[file], false) else { return };
        let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((loaded.reconciliation.records, loaded.entities.len()), (records, entities), "{file}");
        assert!(loaded.reconciliation.refused.is_empty());
    }
}

#[test]
fn a_bad_date_is_told_and_a_nul_costs_the_record() {
    let good: String = (0..2000).map(|n| TWO.replace("NK-2", &format!("N{n}")) + "\n").collect();
    let odd = ONE.replace("\"1961\"", "\"1961-13-02\"");
    let nul = TWO.replace("Two", "T\\u0000wo");
    let loaded = list(&format!("{good}{odd}\n{nul}\n"));
    let account = &loaded.reconciliation;
    assert_eq!((account.loaded, account.refused.len()), (2001, 1));
    assert!(account.refused[0].reason.contains("`name`") && account.refused[0].line == 2002);
    let told = &account.warnings[0];
    assert!(told.reason.contains("birthDate") && told.reason.contains("1961-13-02") && told.line == 2001, "{told:?}");
}

#[test]
fn several_files_of_a_format_that_is_one_file_are_refused() {
    let file: (&str, &[u8]) = ("a.txt", b"x");
    let error = try_read(Format::UsDplTxt, &[file, ("b.txt", b"y")]).unwrap_err();
    assert!(matches!(error.kind, ReadErrorKind::SeveralFiles { .. }) && error.to_string().contains("`a.txt`, `b.txt`"));
}
