//! The lists of the United Kingdom.

use interdict_sources::Format;

use crate::support::shared_list;

#[test]
fn shared_ofsi_lists_load_whole() {
    for (format, file, records, version) in [
        (Format::GbOfsiXlsx, "gb/ConList_2025-04-10.xlsx", 4686, "2025-04-10"),
        (Format::GbOfsiCsv, "gb/ofsi_conlist_2016-02-12.csv", 463, "2016-02-12"),
        (Format::GbOfsiCsv, "gb/ofsi_conlist_2018-04-13.csv", 2106, "2018-04-13"),
    ] {
        let Some(loaded) = shared_list(format, "gb_ofsi", &[file], false) else { return };
        let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
        for w in &loaded.reconciliation.refused { println!("R {w:?}"); }
        for w in &loaded.reconciliation.warnings { println!("W {w:?}"); }
        for e in &loaded.entities { for v in e.get("notes") { if ["nationality:","country:","document","passport","national id","flag","Parent","Subsid","Curr","IMO","gender"].iter().any(|p| v.text.starts_with(p)) {println!("N {} {}", e.id, v.text);} } if !e.get("number").is_empty() {println!("S {:?} {:?} {:?} {:?}", e.first("number"), e.get("summary").iter().map(|v|&*v.text).collect::<Vec<_>>(), e.first("country"), e.schema);} if e.schema.name()=="Ownership" {println!("O {}", e.id);} }
        assert_eq!(loaded.reconciliation.records, records, "{file}");
        assert!(loaded.reconciliation.refused.is_empty(), "{:?}", loaded.reconciliation.refused);
        assert_eq!(loaded.version, version);
    }
}
