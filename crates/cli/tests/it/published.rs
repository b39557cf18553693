//! Published lists end to end, where they are at hand: every alias of the file, as it stands there, finds its party by name
//! alone. What the readers make of the names is not asked: the file itself is the yardstick.

use std::path::Path;

use serde_json::Value as Json;

use crate::support::Place;

/// Each so many names is asked; `interdict-bench selfhit` asks them all.
const ONE_IN: usize = 5;

/// Name, and id of the party it is to find.
fn aliases(text: &str) -> Vec<(String, String)> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let rows = reader.records().filter_map(Result::ok).filter(|row| row.len() > 3);
    rows.map(|row| (row[3].to_owned(), format!("ofac-{}", &row[0]))).collect()
}

#[test]
fn shared_every_alias_of_the_sdn_list_finds_its_party_by_name_alone() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/lists/us_ofac_sdn/2023-12-28");
    if !folder.is_dir() {
        println!("skipped: ../shared is not there");
        return;
    }
    let place = Place::new();
    let list = format!("us_ofac_sdn=ofac_sdn_csv:{}", folder.display());
    let built = place.run(&["build", "--list", &list, "--out", "sdn.snap", "--quiet"]);
    assert_eq!(built.status, Some(0), "{}", built.stderr);
    let alt = std::fs::read_to_string(folder.join("alt.csv")).unwrap();
    let asked: Vec<(String, String)> = aliases(&alt).into_iter().step_by(ONE_IN).collect();
    let mut rows = csv::Writer::from_writer(b"id,name\n".to_vec());
    for (at, (name, _)) in asked.iter().enumerate() {
        rows.write_record([&at.to_string(), &name.replace('|', " ")]).unwrap();
    }
    let rows = rows.into_inner().unwrap();
    let answer =
        place.run_on(&["screen", "--input", "-", "--snapshot", "sdn.snap", "--limit", "1000", "--quiet"], &rows);
    let lines: Vec<Json> = answer.lines();
    assert_eq!(lines.len(), asked.len(), "{}", answer.stderr);
    let finds =
        |line: &Json, id: &str| line["hits"].as_array().is_some_and(|hits| hits.iter().any(|hit| hit["id"] == id));
    let lost: Vec<&(String, String)> =
        asked.iter().zip(&lines).filter(|((_, id), line)| !finds(line, id)).map(|(asked, _)| asked).collect();
    println!("{} aliases asked, {} lost: {lost:?}", asked.len(), lost.len());
    assert!(asked.len() > 3_000);
    assert!(lost.len() * 50 <= asked.len(), "{} of {} lost", lost.len(), asked.len());
}
