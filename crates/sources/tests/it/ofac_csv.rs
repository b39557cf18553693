use interdict_sources::Format;

use crate::support::shared_list;

#[test]
fn shared_probe() {
    for set in ["2021-07", "2023-12-28"] {
        let names =
            ["sdn.csv", "add.csv", "alt.csv", "sdn_comments.csv"].map(|name| format!("us_ofac_sdn/{set}/{name}"));
        let Some(loaded) = shared_list(Format::OfacSdnCsv, "us_ofac_sdn", &names.each_ref().map(String::as_str), false)
        else {
            return;
        };
        let loaded = loaded.unwrap();
        for w in loaded.reconciliation.warnings.iter().take(30) {
            println!("W {w:?}");
        }
        let mut schemata = std::collections::BTreeMap::new();
        let mut notes = std::collections::BTreeMap::new();
        for e in &loaded.entities {
            *schemata.entry(e.schema).or_insert(0) += 1;
            for n in e.get("notes").iter().chain(e.get("summary")) {
                let k: String = n.text.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).take(70).collect();
                notes.entry(k).or_insert((0, e.id.clone(), n.text.to_string())).0 += 1;
            }
        }
        println!("{schemata:?}");
        if set == "2023-12-28" {
            let mut v: Vec<_> = notes.into_iter().collect();
            v.sort_by_key(|(_, n)| -n.0);
            for (k, n) in v.iter().take(250) {
                println!("{} {} {}", n.0, n.1, k);
            }
            for id in ["ofac-17018", "ofac-33854", "ofac-15036", "ofac-306", "ofac-6915"] {
                for e in loaded.entities.iter().filter(|e| e.id.starts_with(id)) {
                    println!("{} {}", e.id, e.schema);
                    for (p, vs) in e.properties() {
                        println!("    {} {:?}", p.name(), vs.iter().map(|v| &*v.text).collect::<Vec<_>>());
                    }
                }
            }
        }
    }
}
