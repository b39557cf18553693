//! The Japanese list.

use interdict_sources::Format;

use crate::support::shared_list;

#[test]
fn shared_both_forms_load_whole() {
    for (format, file, records, version) in [
        (Format::JpMetiXlsx, "jp_meti/20250929_4.xlsx", 835, "2025-09-29"),
        (Format::JpMetiHtml, "jp_meti/20250131-jp-end-user-list.html", 748, "2025-01-31"),
    ] {
        let Some(loaded) = shared_list(format, "jp_meti", &[file], false) else { return };
        let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
        for e in &loaded.entities { for v in e.get("notes") { println!("N {} {}", e.id, v.text); } for n in ["name","alias","weakAlias"] {for v in e.get(n) {println!("A {} {n} {}", e.id, v.text);}} }
        assert_eq!(loaded.reconciliation.records, records);
        assert!(loaded.reconciliation.refused.is_empty());
        assert_eq!(loaded.version, version);
    }
}
