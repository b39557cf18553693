//! The lists of the European Union.

use interdict_sources::Format;

use crate::support::shared_list;

#[test]
fn shared_the_list_of_2016_loads_whole() {
    let Some(loaded) = shared_list(Format::EuGlobalXml, "eu_fsf", &["eu_fsf/legacy_global_2016-02-11.xml"], false) else { return };
    let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
    for w in &loaded.reconciliation.warnings { println!("W {w:?}"); }
    for e in &loaded.entities { for v in e.get("notes") { if ["document","citizen","date of", "country","PASS"].iter().any(|p| v.text.starts_with(p)) {println!("N {} {}", e.id, v.text);} } if !e.get("number").is_empty() {println!("S {:?} {:?} {:?} {:?}", e.first("number"), e.get("summary").iter().map(|v|&*v.text).collect::<Vec<_>>(), e.first("country"), e.schema);} }
    assert_eq!(loaded.reconciliation.records, 595);
    assert!(loaded.reconciliation.refused.is_empty());
    assert_eq!(loaded.version, "2016-02-11");
}
