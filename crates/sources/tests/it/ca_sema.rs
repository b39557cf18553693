//! The Canadian list.

use interdict_sources::Format;

use crate::support::shared_list;

#[test]
fn shared_both_files_load_whole() {
    for (file, records, version) in [("ca_sema/sema-lmes.xml", 4759, "2025-03-20"), ("ca_sema/sema-lmes_2020.xml", 1369, "v1")] {
        let Some(loaded) = shared_list(Format::CaSemaXml, "ca_sema", &[file], false) else { return };
        let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
        for w in &loaded.reconciliation.warnings { println!("W {w:?}"); }
        for e in &loaded.entities { for v in e.get("alias") { if v.text.contains([',','/',':']) {println!("N {} {}", e.id, v.text);} } }
        for e in &loaded.entities { if e.schema.name()=="Person" && e.get("firstName").is_empty() {println!("P {:?}", e.first("name"));}}
        assert_eq!(loaded.reconciliation.records, records);
        assert!(loaded.reconciliation.refused.is_empty());
        assert_eq!(loaded.version, version);
    }
}
