//! FollowTheMoney files.

use interdict_sources::Format;

use crate::support::shared_list;

#[test]
fn shared_all_files_load_whole() {
    for (file, records) in [
        ("ftm/sa_wiki_peps_v2.entities.ftm.json", 1565),
        ("ftm/t1.entities.ftm.json", 7),
        ("ftm/t2.20240527194702-wnk.entities.delta.json", 2),
        ("ftm/t2.20240528014702-pfh.entities.delta.json", 2),
        ("ftm/targets.nested.json", 5),
        ("ftm/yente_entities.delta.json", 1700),
        ("ftm/zala.entities.ftm.json", 91),
    ] {
        let Some(loaded) = shared_list(Format::Ftm, "ftm_test", &[file], false) else { return };
        let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
        println!("{:?} {:?}", loaded.reconciliation.refused.first(), loaded.reconciliation.warnings.first());
        assert_eq!(loaded.reconciliation.records, records);
    }
}
