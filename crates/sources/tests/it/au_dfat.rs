//! The Australian list.

use interdict_sources::Format;

use crate::support::shared_list;

#[test]
fn shared_the_list_loads_whole() {
    let Some(loaded) = shared_list(Format::AuDfatXlsx, "au_dfat", &["au_dfat/regulation8_consolidated.xlsx"], false) else { return };
    let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
    for w in &loaded.reconciliation.refused { println!("R {w:?}"); }
    for w in &loaded.reconciliation.warnings { println!("W {w:?}"); }
    for e in &loaded.entities { for v in e.get("notes") { if ["nationality:","country:","document","citizen","date of", "IMO","gender"].iter().any(|p| v.text.starts_with(p)) {println!("N {} {}", e.id, v.text);} } if !e.get("number").is_empty() {println!("S {:?} {:?} {:?} {:?}", e.first("number"), e.get("summary").iter().map(|v|&*v.text).collect::<Vec<_>>(), e.first("country"), e.schema);} }
    assert_eq!(loaded.reconciliation.records, 3062);
    assert_eq!(loaded.version, "2024-11-11");
}
