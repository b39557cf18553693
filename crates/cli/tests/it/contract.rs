//! What the commands promise to scripts, sentence by sentence; what other modules hold already is not held again.

use serde_json::{Value as Json, json};

use crate::support::{HOUSE, Place};

fn keys(json: &Json) -> Vec<&str> {
    json.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect()
}

#[test]
fn an_answer_is_one_line_with_id_hits_truncated_and_the_snapshot() {
    let place = Place::with_lists();
    let rows = b"id,name\na,Zebulon Quartermaine\nb,Nobody Whatsoever\n";
    let lines = place.run_on(&["screen", "--input", "-", "--snapshot", "lists.snap"], rows).lines();
    let [found, clear] = lines.as_slice() else { panic!("two lines: {lines:?}") };
    assert_eq!(keys(found), ["id", "hits", "truncated", "snapshot"]);
    assert_eq!(keys(clear), keys(found));
    let hit = &found["hits"][0];
    for member in ["id", "caption", "schema", "datasets", "score", "match"] {
        assert!(!hit[member].is_null(), "{member}: {hit}");
    }
    assert_eq!((&hit["datasets"], &hit["match"]), (&json!(["house"]), &json!(true)));
    assert_eq!((&clear["hits"], &clear["truncated"]), (&json!([]), &json!(false)));
    assert_eq!(keys(&found["snapshot"]), ["id", "lists"]);
    assert_eq!(keys(&found["snapshot"]["lists"][0]), ["id", "version"]);
}

#[test]
fn hits_stand_best_first_and_the_limit_says_that_it_cut() {
    let place = Place::new();
    let party =
        |id: &str, name: &str| json!({"id": id, "schema": "Person", "properties": {"name": [name]}}).to_string() + "\n";
    let near = ["Zebulon Quartermaine", "Zebulon Quartermain", "Zebulon Quatermaine", "Zebulon K Quartermaine"];
    let list: String = near.iter().enumerate().map(|(at, name)| party(&format!("p{at}"), name)).collect();
    place.write("house.json", list);
    place.run(&["build", "--list", "house=ftm:house.json", "--out", "lists.snap"]);
    let ask = ["screen", "Zebulon Quartermaine", "--snapshot", "lists.snap", "--format", "jsonl"];
    let all = &place.run(&ask).lines()[0];
    let scores: Vec<f64> =
        all["hits"].as_array().into_iter().flatten().filter_map(|hit| hit["score"].as_f64()).collect();
    assert!(scores.len() >= 3 && scores.is_sorted_by(|one, other| one >= other), "{scores:?}");
    assert_eq!(all["hits"][0]["id"], "p0");
    assert_eq!(all["truncated"], json!(false));
    let cut = &place.run(&[ask.as_slice(), &["--limit", "2"]].concat()).lines()[0];
    assert_eq!((cut["hits"].as_array().map(Vec::len), &cut["truncated"]), (Some(2), &json!(true)));
    assert_eq!((&cut["hits"][0], &cut["hits"][1]), (&all["hits"][0], &all["hits"][1]));
}

#[test]
fn the_threshold_selects_hits_and_match_is_the_policys_word() {
    let place = Place::with_lists();
    // A party of two kinds of evidence against it is listed only where the threshold lets it.
    let ask =
        ["screen", "Zebulon Quartermain", "--birth-date", "1990", "--snapshot", "lists.snap", "--format", "jsonl"];
    let low = place.run(&[ask.as_slice(), &["--threshold", "0.2"]].concat());
    let hit = low.lines()[0]["hits"][0].clone();
    let score = hit["score"].as_f64().unwrap_or_default();
    assert_eq!((low.status, hit["match"].as_bool()), (Some(1), Some(score >= 0.7)), "{hit}");
    let above = place.run(&[ask.as_slice(), &["--threshold", "0.999"]].concat());
    assert_eq!((above.status, &above.lines()[0]["hits"]), (Some(0), &json!([])), "what is not listed is not found");
    // The policy's threshold comes from the configuration or the environment.
    place.write("strict.toml", "[screen]\npolicy_threshold = 0.999\n");
    let exact = ["screen", "Zebulon Quartermaine", "--snapshot", "lists.snap", "--format", "jsonl"];
    let strict = place.run(&[exact.as_slice(), &["--config", "strict.toml"]].concat());
    assert_eq!((strict.status, &strict.lines()[0]["hits"][0]["match"]), (Some(1), &json!(false)));
    let mut command = place.command(&[exact.as_slice(), &["--config", "strict.toml"]].concat());
    let child = command.env("INTERDICT_SCREEN__POLICY_THRESHOLD", "0.5").spawn().expect("the binary runs");
    assert_eq!(place.answer(child, b"").lines()[0]["hits"][0]["match"], json!(true));
}

#[test]
fn columns_may_be_properties_or_common_words_and_what_was_understood_is_said() {
    let place = Place::with_lists();
    let rows = b"Customer ID,Full Name,DOB,Country,Shoe size,passportNumber\nx,Nobody | Zebulon Quartermaine,2 Mar 1961,Malta,44,\ny,,,,,PX7740198\n";
    let answer = place.run_on(&["screen", "--input", "-", "--snapshot", "lists.snap"], rows);
    let lines = answer.lines();
    assert_eq!((&lines[0]["id"], &lines[0]["hits"][0]["id"]), (&json!("x"), &json!("h-zeb")), "{}", answer.shown());
    assert_eq!((&lines[1]["id"], &lines[1]["hits"][0]["id"]), (&json!("y"), &json!("h-zeb")));
    for said in ["Customer ID = id", "Full Name = name", "DOB = birthDate", "Shoe size"] {
        assert!(answer.stderr.contains(said), "{said}: {}", answer.stderr);
    }
}

#[test]
fn a_schema_narrows_what_is_asked_and_without_one_everything_is() {
    let place = Place::with_lists();
    let ask = |schema: &[&str]| {
        place.run(&[&["screen", "Mira Starling", "--snapshot", "lists.snap"], schema].concat()).status
    };
    assert_eq!(ask(&[]), Some(1));
    assert_eq!(ask(&["--schema", "Vessel"]), Some(1));
    assert_eq!(ask(&["--schema", "Person"]), Some(0));
    let rows = b"name,schema\nMira Starling,Person\nMira Starling,ship\nMira Starling,\n";
    let lines = place.run_on(&["screen", "--input", "-", "--snapshot", "lists.snap"], rows).lines();
    let n_hits: Vec<_> = lines.iter().map(|line| line["hits"].as_array().map_or(0, Vec::len)).collect();
    assert_eq!(n_hits, [0, 1, 1]);
}

#[test]
fn exhaustive_finds_the_same_with_the_same_scores() {
    let place = Place::with_lists();
    let rows = b"id,name,dob\n1,Zebulon Quartermaine,1961\n2,Quilon Sigma Trade,\n3,Mira Starlin,\n4,Brackwater,\n";
    let ask = ["screen", "--input", "-", "--snapshot", "lists.snap", "--threshold", "0.4"];
    let fast = place.run_on(&ask, rows);
    let slow = place.run_on(&[ask.as_slice(), &["--exhaustive"]].concat(), rows);
    assert_eq!((fast.stdout, fast.status), (slow.stdout, slow.status));
    // The same pair has the same score in `compare`.
    let pair = r#"{"id":"a","query":{"schema":"Person","properties":{"name":["Quartermaine Zeb"]}},"candidate":{"schema":"Person","properties":{"name":["Zebulon Quartermaine"],"weakAlias":["Old Zeb"],"birthDate":["1961-03-02"],"country":["mt"],"email":["zeb@example.org"]}}}"#;
    let compared = place.run_on(&["compare", "--input", "-"], pair.as_bytes()).lines()[0]["score"].clone();
    let ask = [
        "screen",
        "Quartermaine Zeb",
        "--schema",
        "Person",
        "--snapshot",
        "lists.snap",
        "--format",
        "jsonl",
        "--threshold",
        "0",
    ];
    let screened = place.run(&ask).lines()[0]["hits"][0]["score"].clone();
    assert_eq!(compared, screened);
}

#[test]
fn a_file_read_by_name_and_by_standard_input_is_answered_alike_on_any_number_of_threads() {
    let place = Place::with_lists();
    let four = "Zebulon Quartermaine\nZebulon Quartermain\nZebulon Quartermaines\nZebulon Quartermaini\n";
    let rows = format!("name\n{}", four.repeat(125));
    place.write("rows.csv", &rows);
    let ask = ["screen", "--snapshot", "lists.snap", "--input"];
    let stdin = place.run_on(&[ask.as_slice(), &["-"]].concat(), rows.as_bytes()).stdout;
    for threads in ["1", "2", "7"] {
        assert_eq!(place.run(&[ask.as_slice(), &["rows.csv", "--threads", threads]].concat()).stdout, stdin);
    }
}

#[test]
fn what_was_built_and_installed_is_asked_from_then_on() {
    let place = Place::new();
    place.write("house.json", HOUSE);
    assert_eq!(place.run(&["build", "--list", "house=ftm:house.json", "--install"]).status, Some(0));
    let answer = place.run(&["screen", "Zebulon Quartermaine", "--format", "jsonl"]);
    assert_eq!(answer.status, Some(1));
    assert_eq!(answer.lines()[0].get("starter"), None);
    assert_eq!(answer.stderr, "", "nothing is said of the starter list");
    // The argument goes before the environment.
    let elsewhere = place.run(&["screen", "Zebulon Quartermaine", "--data-dir", "other"]);
    assert_eq!(elsewhere.status, Some(0));
    assert!(elsewhere.stderr.contains("starter list"));
}

#[test]
fn data_goes_to_stdout_and_all_else_to_stderr_without_colour() {
    let place = Place::with_lists();
    let rows = b"id,name\n1,Zebulon Quartermaine\n2,\n";
    let answer = place.run_on(&["screen", "--input", "-", "--snapshot", "lists.snap"], rows);
    assert_eq!(answer.lines().len(), 2, "stdout is data alone");
    assert!(answer.stderr.contains("2 rows read") && !answer.stderr.contains("hits\":"));
    assert!(!answer.shown().contains('\u{1b}'), "neither colour nor progress off a terminal");
    let quiet = place.run_on(
        &["screen", "--input", "-", "--snapshot", "lists.snap", "--quiet"],
        b"id,name\n1,Zebulon Quartermaine\n",
    );
    assert_eq!(quiet.stderr, "");
    let coloured = place.run(&["screen", "Zebulon Quartermaine", "--snapshot", "lists.snap", "--color", "always"]);
    assert!(coloured.stdout.contains('\u{1b}'));
}

#[test]
fn a_listed_name_cannot_steer_the_terminal() {
    let place = Place::new();
    place.write(
        "house.json",
        r#"{"id":"x","schema":"Person","properties":{"name":["Zebulon \u001b]0;x\u0007 Quartermaine"]}}"#,
    );
    place.run(&["build", "--list", "house=ftm:house.json", "--out", "lists.snap"]);
    let answer = place.run(&["screen", "Zebulon Quartermaine", "--snapshot", "lists.snap", "--threshold", "0.3"]);
    assert_eq!(answer.status, Some(1));
    assert!(!answer.stdout.contains(['\u{1b}', '\u{7}']), "{:?}", answer.stdout);
}

#[test]
fn any_two_values_of_identifier_type_are_compared() {
    let place = Place::with_lists();
    for kind in ["registrationNumber", "passportNumber", "idNumber", "taxNumber", "vatCode", "any"] {
        let given = format!("{kind}=7707083893");
        let answer = place.run(&["screen", "--id", &given, "--snapshot", "lists.snap", "--format", "jsonl"]);
        assert_eq!(answer.lines()[0]["hits"][0]["id"], "h-firm", "{kind}: {}", answer.shown());
    }
    // A name of somebody else beside it does not hide the party.
    let ask =
        ["screen", "Somebody Else", "--id", "innCode=7707083893", "--snapshot", "lists.snap", "--format", "jsonl"];
    assert_eq!(place.run(&ask).lines()[0]["hits"][0]["id"], "h-firm");
}

#[test]
fn status_tells_what_the_report_of_the_build_told() {
    let place = Place::with_lists();
    let build =
        ["build", "--list", "house=ftm:house.json", "watch=csv:watch.csv", "--install", "--report", "report.json"];
    assert_eq!(place.run(&build).status, Some(0));
    let report: Json =
        serde_json::from_slice(&std::fs::read(place.path().join("report.json")).expect("a report")).expect("JSON");
    let status = place.run(&["lists", "status", "--format", "json"]).json();
    assert!(report["lists"].as_array().is_some_and(|lists| lists.len() == 2));
    assert_eq!(status["lists"], report["lists"]);
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_word_data_lies_in_the_platforms_folder() {
    let place = Place::with_lists();
    let mut command = place.command(&["build", "--list", "house=ftm:house.json", "--install"]);
    command.env_remove("INTERDICT_DATA_DIR").env("XDG_DATA_HOME", place.path().join("share"));
    assert_eq!(place.answer(command.spawn().expect("the binary runs"), b"").status, Some(0));
    assert!(place.path().join("share/interdict/current").is_file());
    let mut command = place.command(&["screen", "x"]);
    command.env_remove("INTERDICT_DATA_DIR").env_remove("XDG_DATA_HOME").env_remove("HOME");
    let homeless = place.answer(command.spawn().expect("the binary runs"), b"");
    assert!(homeless.status == Some(2) && homeless.stderr.contains("--data-dir"), "{}", homeless.stderr);
}

#[test]
fn every_key_of_the_configuration_is_a_variable_too() {
    let place = Place::with_lists();
    place.write("strict.toml", "[screen]\npolicy_threshold = 0.999\n");
    let ask = ["screen", "Zebulon Quartermaine", "--snapshot", "lists.snap", "--format", "jsonl"];
    let with = |name: &str, value: &str| {
        let child = place.command(&ask).env(name, value).spawn().expect("the binary runs");
        place.answer(child, b"")
    };
    assert_eq!(with("INTERDICT_CONFIG", "strict.toml").lines()[0]["hits"][0]["match"], json!(false));
    assert_eq!(with("INTERDICT_SCREEN__POLICY_THRESHOLD", "0.999").lines()[0]["hits"][0]["match"], json!(false));
    let wrong = with("INTERDICT_SCREEN__POLICY_THRESHOLD", "high");
    assert!(wrong.status == Some(2) && wrong.stderr.contains("policy_threshold"), "{}", wrong.stderr);
    let unknown = with("INTERDICT_SCREEN__COLOUR", "red");
    assert!(unknown.status == Some(2) && unknown.stderr.contains("colour"), "{}", unknown.stderr);
}

#[test]
fn the_row_of_another_schema_than_the_files_default_keeps_its_own() {
    let place = Place::with_lists();
    let rows = "{\"id\":1,\"properties\":{\"name\":\"Mira Starling\"}}\n\n{\"id\":\"v\",\"schema\":\"Vessel\",\"properties\":{\"name\":[\"Mira Starling\"],\"imoNumber\":null}}\n";
    let answer =
        place.run_on(&["screen", "--input", "-", "--schema", "Person", "--snapshot", "lists.snap"], rows.as_bytes());
    let lines = answer.lines();
    assert_eq!((&lines[0]["id"], &lines[0]["hits"]), (&json!("1"), &json!([])));
    assert_eq!((&lines[1]["id"], &lines[1]["hits"][0]["id"]), (&json!("v"), &json!("h-ship")));
}
