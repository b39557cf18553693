//! A client of yente's interface in Python, as teams write one by OpenSanctions' documentation (`tests/clients/yente.py`), against the real
//! binary: the address is all that it is told.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::process::Command;

use serde_json::{Value as Json, json};

use crate::serving::Serving;
use crate::support::Place;

/// Parties whose entries have what clients look for: older ids, topics, a sanction.
const PEOPLE: &str = concat!(
    r#"{"id":"NK-belogorov","caption":"Arkadiy Belogorov","schema":"Person","referents":["old-belogorov"],"properties":{"name":["Аркадий Самсонович Белогоров","Arkadiy Samsonovich Belogorov"],"birthDate":["1961-03-02"],"country":["ru"],"topics":["sanction"]}}"#,
    "\n",
    r#"{"id":"s-1","schema":"Sanction","properties":{"entity":["NK-belogorov"],"authority":["The Treasury"],"listingDate":["2022-02-24"]}}"#,
    "\n",
    r#"{"id":"p-1","schema":"Person","properties":{"name":["Ivan Petrov"],"country":["by"]}}"#,
    "\n",
    r#"{"id":"p-2","schema":"Person","properties":{"name":["Semyon Petrov"]}}"#,
    "\n",
    r#"{"id":"p-3","schema":"Person","properties":{"name":["Pyotr Petrov"]}}"#,
    "\n",
);

/// Seven customers, in chunks of four; the last one is a name in another script.
const CUSTOMERS: &str = "id,schema,name,birthDate,country\n\
    1,Person,Ivan Petrov,,by\n\
    2,Person,Ottoline Vantongeren,,\n\
    3,Company,Quillon Sigma Trading LLC,,ru\n\
    4,Vessel,Mira Starling,,\n\
    5,Person,Nobody Whatsoever,1990,\n\
    6,Company,\"Whatsoever, Nobody & Sons\",,\n\
    7,Person,Аркадий Самсонович Белогоров,1961,ru\n";

/// The Python that has `requests`: Debian's own, else the first on the path.
fn python() -> &'static str {
    let has_requests = |python: &&str| {
        let asked = Command::new(python).args(["-c", "import requests"]).output();
        asked.is_ok_and(|asked| asked.status.success())
    };
    ["/usr/bin/python3", "python3"].into_iter().find(has_requests).unwrap_or_else(|| {
        panic!(
            "this test runs a client that uses Python's `requests`, which no `python3` of this machine has. `scripts/test` installs it \
             (apt-get install python3-requests); without root, `python3 -m pip install --user requests`."
        )
    })
}

/// A key of the keys file, made by the command.
fn key(place: &Place, id: &str, more: &[&str]) -> String {
    let made = place.run(&[&["keys", "--keys", "k.json", "new", id, "--role", "read"], more].concat());
    assert_eq!(made.status, Some(0), "{}", made.stderr);
    made.stdout.trim().to_owned()
}

/// What the client found.
fn found() -> Json {
    let place = Place::with_lists();
    place.write("people.json", PEOPLE);
    let lists = ["people=ftm:people.json", "house=ftm:house.json"];
    let built = place.run(&[&["build", "--out", "lists.snap", "--list"], lists.as_slice()].concat());
    assert_eq!(built.status, Some(0), "{}", built.stderr);
    let customers = place.write("customers.csv", CUSTOMERS);
    let (desk, slow) = (key(&place, "desk", &[]), key(&place, "slow", &["--rate", "1"]));
    let serving = Serving::start(&place, &["--listen", "127.0.0.1:0", "--keys", "k.json"]);
    let out = Command::new(python())
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/yente.py"))
        .arg(format!("http://{}", serving.address))
        .arg(customers)
        .env("API_KEY", desk)
        .env("SLOW_KEY", slow)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

#[test]
fn a_client_written_for_yente_works_unmodified() {
    let found = found();
    let several = &found["several"];
    let first = &several["customer-1"]["first"];
    assert_eq!((&first["caption"], &first["match"]), (&json!("Arkadiy Belogorov"), &json!(true)), "{several}");
    assert_eq!((&first["schema"], &first["datasets"]), (&json!("Person"), &json!(["people"])));
    assert_eq!(
        several["customer-1"]["asked"]["properties"]["country"],
        json!(["ru"]),
        "the query as it was understood"
    );
    assert_eq!(several["customer-2"]["ids"], json!(["h-firm"]));
    assert_eq!(several["customer-2"]["total"], json!({"value": 1, "relation": "eq"}));
    assert_eq!((&several["customer-3"]["status"], &several["customer-3"]["first"]), (&json!(200), &Json::Null));

    let by = &found["by_parameters"];
    assert_eq!(by["strict"]["first"]["match"], json!(false), "{by}");
    for same in ["named", "best", "of_topics"] {
        assert_eq!(by[same]["ids"], json!(["NK-belogorov"]), "{same}: {by}");
        assert_eq!(by[same]["first"]["match"], json!(true), "{same}: {by}");
    }
    for none in ["known", "of_other_topics", "of_other_lists"] {
        assert_eq!(by[none]["ids"], json!([]), "{none}: {by}");
    }

    let looked_up = &found["looked_up"];
    let search = json!({"total": {"value": 1, "relation": "eq"}, "ids": ["NK-belogorov"], "facets": ["countries", "datasets", "topics"]});
    assert_eq!(looked_up["search"], search);
    let mut pages: Vec<&str> = looked_up["pages"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
    pages.sort_unstable();
    assert_eq!(pages, ["p-1", "p-2", "p-3"], "no page repeats and none leaves out");
    let moved = json!({"steps": [308], "path": "/entities/NK-belogorov", "id": "NK-belogorov", "sanctions": [["The Treasury"]]});
    assert_eq!(looked_up["moved"], moved);
    assert_eq!(looked_up["flat"], json!(["birthDate", "country", "name", "topics"]));
    assert!(["people", "house"].iter().all(|list| looked_up["datasets"].to_string().contains(list)), "{looked_up}");

    let hits =
        json!({"1": ["p-1"], "2": [], "3": ["h-firm"], "4": ["h-ship"], "5": [], "6": [], "7": ["NK-belogorov"]});
    assert_eq!(found["file"], hits);

    let refused = &found["refused"];
    for (what, status, detail) in [
        ("stranger", 401, "this key or token is not known"),
        ("nobody", 404, "No such entity!"),
        ("no_dataset", 404, "No such dataset."),
        ("no_algorithm", 400, "guess"),
        ("no_schema", 422, r#""loc":["body","queries","q","schema"]"#),
        ("too_many", 400, "Too many queries in one batch (limit: 100)"),
        ("too_long", 422, r#""loc":["query","limit"]"#),
    ] {
        let told = &refused[what];
        assert_eq!(told["status"], status, "{what}: {told}");
        assert!(told["detail"].to_string().contains(detail), "{what}: {told}");
    }
    assert_eq!(found["slow"], json!([200, 200, 200]), "who is told to wait and waits is answered");
}
