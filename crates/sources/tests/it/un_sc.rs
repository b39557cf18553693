//! The list of the UN Security Council.

use interdict_sources::Format;

use crate::support::shared_list;

#[test]
fn shared_all_four_files_load_whole() {
    for (file, records, version) in [
        ("un_sc/consolidated_2020-03-20.xml", 709 + 305, "2020-03-20"),
        ("un_sc/consolidated_2025-04-19.xml", 684 + 193, "2025-04-19"),
        ("un_sc/consolidated_2026-02-27.xml", 730 + 273, "2026-02-27"),
        ("un_sc/consolidated_2026-04-17.xml", 733 + 272, "2026-04-17"),
    ] {
        let Some(loaded) = shared_list(Format::UnScXml, "un_sc", &[file], false) else { return };
        let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(loaded.reconciliation.records, records, "{file}");
        assert!(loaded.reconciliation.refused.is_empty(), "{:?}", loaded.reconciliation.refused);
        assert_eq!(loaded.version, version);
        for w in &loaded.reconciliation.warnings { println!("W {w:?}"); }
        for e in &loaded.entities { for v in e.get("notes") { if v.text.starts_with("nationality:")||v.text.starts_with("country:")||v.text.starts_with("document")||v.text.starts_with("date of") {println!("N {} {}", e.id, v.text);} } for v in e.get("summary") { println!("S {} {} | {:?}", e.id, v.text, e.first("number")); } }
    }
}
