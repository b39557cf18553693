//! FollowTheMoney lines: flat, nested, deltas, and what is no such line.

use interdict_sources::{Format, ReadErrorKind};

use crate::support::{entity, shared_list, try_read, values};

#[test]
fn a_file_may_lack_its_last_line_end_and_entities_stand_on_the_list_they_are_read_for() {
    let text = "{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{\"name\":[\"A\"]},\"datasets\":[\"other\"]}\n\
                {\"id\":\"b\",\"schema\":\"Company\",\"properties\":{\"name\":[\"B\"]}}";
    let loaded = try_read(Format::Ftm, &[("x.json", text.as_bytes())]).unwrap();
    assert_eq!(loaded.reconciliation.records, 2);
    let party = entity(&loaded, "a");
    assert_eq!(party.datasets.iter().map(ToString::to_string).collect::<Vec<_>>(), ["test"]);
    assert_eq!(party.members["ftm_datasets"], serde_json::json!(["other"]));
}

#[test]
fn operations_add_replace_and_delete() {
    let line = |op: &str, id: &str, name: &str| {
        format!(
            "{{\"op\":\"{op}\",\"entity\":{{\"id\":\"{id}\",\"schema\":\"Person\",\"properties\":{{\"name\":[\"{name}\"]}}}}}}\n"
        )
    };
    let text = [
        line("ADD", "a", "A"),
        line("ADD", "b", "B"),
        line("MOD", "a", "AA"),
        "{\"op\":\"DEL\",\"entity\":{\"id\":\"b\"}}\n".to_owned(),
    ]
    .concat();
    let loaded = try_read(Format::Ftm, &[("x.json", text.as_bytes())]).unwrap();
    assert_eq!(loaded.reconciliation.records, 4);
    assert_eq!(loaded.entities.len(), 1);
    assert_eq!(values(entity(&loaded, "a"), "name"), ["AA"]);
}

#[test]
fn nested_entities_come_out_flat() {
    let text = "{\"id\":\"s\",\"schema\":\"Sanction\",\"properties\":{\"entity\":[{\"id\":\"a\",\"schema\":\"Person\",\
                \"properties\":{\"name\":[\"A\"]}}]}}";
    let loaded = try_read(Format::Ftm, &[("x.json", text.as_bytes())]).unwrap();
    assert_eq!(values(entity(&loaded, "s"), "entity"), ["a"]);
    assert_eq!(values(entity(&loaded, "a"), "name"), ["A"]);
}

#[test]
fn a_bad_line_is_refused_and_a_file_that_is_no_json_is_an_error() {
    let good = "{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{\"name\":[\"A\"]}}\n";
    let text = format!("{good}{{\"id\":\"b\",\"schema\":\"Banana\"}}\n");
    let loaded = try_read(Format::Ftm, &[("x.json", text.as_bytes())]).unwrap();
    let refused = &loaded.reconciliation.refused;
    assert_eq!((refused.len(), refused[0].line), (1, 2));
    assert!(refused[0].reason.contains("Banana"));
    let fault = try_read(Format::Ftm, &[("x.json", b"name,country\nA,ru\n")]).unwrap_err();
    assert!(matches!(fault.kind, ReadErrorKind::Json(_)) && fault.line == 1);
}

#[test]
fn shared_ftm_files_load_whole() {
    for (file, n) in [
        ("ftm/sa_wiki_peps_v2.entities.ftm.json", 1565),
        ("ftm/t1.entities.ftm.json", 7),
        ("ftm/zala.entities.ftm.json", 91),
        ("ftm/yente_entities.delta.json", 1700),
        ("ftm/targets.nested.json", 5),
        ("ftm/t2.20240527194702-wnk.entities.delta.json", 2),
    ] {
        let Some(loaded) = shared_list(Format::Ftm, "ftm", &[file], false) else { return };
        let account = loaded.unwrap().reconciliation;
        assert!(account.refused.is_empty() && account.records >= 1, "{file}: {account:?}");
        assert!(account.records.abs_diff(n) <= 1, "{file}: {}", account.records);
    }
}
