//! Watchman's routes: names, shapes and meaning, as its clients know them; what it drops in silence is refused.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use interdict_catalog::Manifest;
use interdict_server::catalogue::Catalogue;
use interdict_server::engine::{Updated, Updater};
use interdict_server::settings::{Secret, Settings};
use interdict_server::view::View;
use serde_json::{Value as Json, json};

use super::client::{Service, snapshot, view};
use super::{PETROV, SHIP};

const MORAN: &str = r#"{"id":"ofac-22790","caption":"Nicolas MORAN","schema":"Person","properties":{"name":["Nicolas MORAN"],"alias":["Nico MORAN"],"previousName":["Nicolas OLD"],"gender":["male"],"birthDate":["1962-11-23","1963"],"birthPlace":["Caracas"],"title":["President"],"nationality":["ve"],"program":["VENEZUELA"],"topics":["sanction"],"email":["n@moran.example"],"idNumber":["5892464"],"taxNumber":["T-777123"],"addressEntity":["addr-1"],"address":["Some Street 1, Caracas"]}}"#;
const LISTING: &str = r#"{"id":"ofac-22790-sanction","schema":"Sanction","properties":{"entity":["ofac-22790"],"recordId":["22790"],"program":["VENEZUELA","EO13692"],"reason":["Said to be so"],"provisions":["Secondary sanctions risk: section 1"]}}"#;
const CEDULA: &str = r#"{"id":"id-1","schema":"Identification","properties":{"holder":["ofac-22790"],"type":["Cedula No."],"country":["ve"],"number":["5892464"]}}"#;
const ADDRESS: &str =
    r#"{"id":"addr-1","schema":"Address","properties":{"city":["Caracas"],"country":["ve"],"latitude":["10.5"]}}"#;
const WALLET: &str = r#"{"id":"w-1","schema":"CryptoWallet","properties":{"holder":["ofac-22790"],"currency":["XBT"],"publicKey":["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"]}}"#;
const FIRM: &str = r#"{"id":"ofac-9","schema":"Company","properties":{"name":["Moran Trading Ltd"],"incorporationDate":["1999"],"country":["pa"]}}"#;
const LINK: &str = r#"{"id":"l-1","schema":"UnknownLink","properties":{"subject":["ofac-9"],"object":["ofac-22790"],"role":["Acting for or on behalf of"]}}"#;
const UNSURE: &str = r#"{"id":"dpl-1","schema":"LegalEntity","properties":{"name":["Quentin Vask"]}}"#;
const TANKER: &str = r#"{"id":"ofac-8","schema":"Vessel","properties":{"name":["GRACE STAR"],"imoNumber":["9187629"],"flag":["pa"],"type":["Crude Oil Tanker"],"buildDate":["1999-05-01"],"mmsi":["352001234"],"callSign":["3FAB7"],"grossRegisteredTonnage":["81,479"],"owner":["ofac-9"]}}"#;
const PLANE: &str = r#"{"id":"ofac-7","schema":"Airplane","properties":{"name":["EP-GOM"],"model":["B747"],"serialNumber":["19667"],"country":["ir"]}}"#;

fn service() -> Service {
    Service::of(&[
        ("us_ofac_sdn", &[MORAN, LISTING, CEDULA, ADDRESS, WALLET, FIRM, LINK, UNSURE, TANKER, PLANE]),
        ("acme", &[PETROV]),
    ])
}

#[test]
fn the_list_of_a_hit_is_its_publishers_own_before_one_that_repeats_it() {
    // A consolidated list stands before the other in the alphabet.
    let lists: &[(&str, &[&str])] = &[("us_csl", &[PETROV]), ("us_ofac_sdn", &[FIRM])];
    let both = r#"{"id":"ofac-1","schema":"Person","properties":{"name":["Quentin Vask"]}}"#;
    let mut builder = interdict_snapshot::Builder::new();
    let mut party = None;
    for (id, _) in lists {
        let id = interdict_model::ListId::new(id).unwrap();
        let origin = interdict_model::Origin::new(id.clone(), "1", "");
        let read = interdict_model::Entity::from_ftm(both, &origin).unwrap().remove(0);
        let party = party.get_or_insert(read);
        party.datasets.insert(id.clone());
        builder.list(interdict_snapshot::ListMeta {
            id,
            version: "1".to_owned(),
            title: None,
            partial: None,
            stale: None,
            missing: None,
        });
    }
    builder.entity(party.unwrap());
    let snapshot = interdict_snapshot::Snapshot::from_bytes(builder.build().unwrap().bytes).unwrap();
    let catalogue = Arc::new(Catalogue::of_meta(snapshot.meta()));
    let service = Service::start(Some(View::new(snapshot, catalogue)), None, Settings::default());
    let list = |query: &str| search(&service, query)["entities"][0]["sourceList"].clone();
    assert_eq!(list("name=Quentin+Vask"), "us_ofac");
    assert_eq!(list("name=Quentin+Vask&source=us_csl"), "us_csl");
}

fn search(service: &Service, query: &str) -> Json {
    let answer = service.get(&format!("/v2/search?{query}"));
    assert_eq!(answer.status, 200, "{query} {answer:?}");
    answer.json()
}

/// Source ids of the hits.
fn ids(service: &Service, query: &str) -> Vec<String> {
    let json = search(service, query);
    json["entities"].as_array().unwrap().iter().map(|hit| hit["sourceID"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_answer_has_watchmans_shape() {
    let service = service();
    let answer = service
        .get("/v2/search?type=person&name=nicolas+moran&birthDate=1962-11-23&limit=1&requestID=r-1&minMatch=0.1");
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, None));
    let mut json = answer.json();
    let members: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(members, ["query", "entities", "lists", "requestID", "warnings"]);
    assert_eq!(json["lists"], json!([{"id": "acme", "version": "1"}, {"id": "us_ofac_sdn", "version": "1"}]));
    assert_eq!(json["requestID"], "r-1");
    let score = json["entities"][0]["match"].as_f64().unwrap();
    assert!((0.8..=1.0).contains(&score), "{score}");
    let entity = json["entities"][0].as_object_mut().unwrap();
    let data = entity.shift_remove("sourceData").unwrap();
    assert_eq!((&data["id"], &data["properties"]["birthDate"]), (&json!("ofac-22790"), &json!(["1962-11-23", "1963"])));
    entity.shift_remove("match");
    let expected = json!({
        "name": "Nicolas MORAN",
        "entityType": "person",
        "sourceList": "us_ofac",
        "sourceID": "22790",
        "person": {
            "name": "Nicolas MORAN",
            "altNames": ["Nico MORAN", "Nicolas OLD"],
            "gender": "male",
            "birthDate": "1962-11-23T00:00:00Z",
            "placeOfBirth": "Caracas",
            "deathDate": null,
            "titles": ["President"],
            "governmentIDs": [
                {"name": "", "type": "cedula", "country": "VE", "identifier": "5892464"},
                {"name": "", "type": "tax-id", "country": "", "identifier": "T-777123"},
            ],
        },
        "business": null,
        "organization": null,
        "aircraft": null,
        "vessel": null,
        "contact": {"emailAddresses": ["n@moran.example"], "phoneNumbers": [], "faxNumbers": [], "websites": []},
        "addresses": [
            {"line1": "", "line2": "", "city": "Caracas", "postalCode": "", "state": "", "country": "VE", "latitude": 10.5, "longitude": 0.0},
            {"line1": "Some Street 1, Caracas", "line2": "", "city": "", "postalCode": "", "state": "", "country": "", "latitude": 0.0, "longitude": 0.0},
        ],
        "cryptoAddresses": [{"currency": "XBT", "address": "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"}],
        "affiliations": [{"entityName": "Moran Trading Ltd", "type": "Acting for or on behalf of", "details": ""}],
        "sanctionsInfo": {"programs": ["VENEZUELA", "EO13692"], "secondary": true, "description": "Said to be so"},
        "historicalInfo": [{"type": "Former Name", "value": "Nicolas OLD", "date": null}],
    });
    assert_eq!(Json::Object(entity.clone()), expected);
    assert_eq!(
        entity.keys().collect::<Vec<_>>(),
        expected.as_object().unwrap().keys().collect::<Vec<_>>(),
        "the order of Watchman's members"
    );
    let query = &json["query"];
    assert_eq!((&query["name"], &query["entityType"]), (&json!("nicolas moran"), &json!("person")));
    assert_eq!(query["person"]["birthDate"], "1962-11-23T00:00:00Z");
    assert_eq!((&query["sourceList"], &query["vessel"]), (&json!(""), &Json::Null));
}

#[test]
fn other_types_have_their_members() {
    let service = service();
    let hit = |query: &str| search(&service, query)["entities"][0].clone();
    let ship = hit("type=vessel&name=grace+star");
    assert_eq!(
        ship["vessel"],
        json!({"name": "GRACE STAR", "altNames": [], "imoNumber": "9187629", "type": "Crude Oil Tanker", "flag": "PA",
            "built": "1999-05-01T00:00:00Z", "model": "", "tonnage": 0, "mmsi": "352001234", "callSign": "3FAB7",
            "grossRegisteredTonnage": 81479, "owner": "Moran Trading Ltd"})
    );
    let plane = hit("type=aircraft&name=EP-GOM&serialNumber=19667");
    assert_eq!(
        plane["aircraft"],
        json!({"name": "EP-GOM", "altNames": [], "type": "", "flag": "IR", "built": null, "icaoCode": "", "model": "B747",
            "serialNumber": "19667"})
    );
    let firm = hit("type=business&name=Moran+Trading");
    // A year is no day.
    assert_eq!((&firm["business"]["created"], &firm["person"]), (&Json::Null, &Json::Null));
    assert_eq!(firm["sourceData"]["properties"]["incorporationDate"], json!(["1999"]));
    assert_eq!(firm["sanctionsInfo"], Json::Null);
    let unsure = hit("name=Quentin+Vask");
    assert_eq!((&unsure["entityType"], &unsure["person"], &unsure["business"]), (&json!(""), &Json::Null, &Json::Null));
    assert_eq!((&unsure["name"], &unsure["sourceID"]), (&json!("Quentin Vask"), &json!("dpl-1")));
}

#[test]
fn every_parameter_counts() {
    let service = service();
    let score = |query: &str| {
        let json = search(&service, query);
        assert_eq!(json["entities"][0]["sourceID"], "22790", "{query} {json}");
        json["entities"][0]["match"].as_f64().unwrap()
    };
    let plain = score("name=Nicolas+Moren");
    for better in [
        "birthDate=1962-11-23",
        "birthDate=1962-11",
        "gender=male&birthDate=1962",
        "email=n@moran.example",
        "altNames=Nico+MORAN",
        "gov_cedula=VE:5892464",
        "gov_national-id=VE:589-2464",
        "cryptoAddress=XBT:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    ] {
        let better_score = score(&format!("name=Nicolas+Moren&{better}"));
        assert!(better_score > plain, "{better}: {better_score} {plain}");
    }
    assert!(score("name=Nicolas+Moren&birthDate=1930") < plain);
    assert!(score("type=person&name=Nicolas+Moren&gender=female") < plain);
    for (alone, found) in [
        ("type=vessel&imoNumber=9187629", "ofac-8"),
        ("imoNumber=IMO+9187629", "ofac-8"),
        ("callSign=3FAB7", "ofac-8"),
        ("mmsi=352001234&type=vessel", "ofac-8"),
        ("cryptoAddress=1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa&type=person", "22790"),
        ("emailAddresses=N@moran.example", "22790"),
        ("altNames=Nicolas+Moran&altNames=Someone+Else", "22790"),
    ] {
        assert_eq!(ids(&service, alone)[0], found, "{alone}");
    }
    // The wallet is told with its holder; one that nobody holds stands for itself.
    assert_eq!(ids(&service, "cryptoAddress=1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa&limit=1"), ["22790"]);
    assert_eq!(ids(&service, "cryptoAddress=1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"), ["22790"]);
    let alone = WALLET.replace(r#""holder":["ofac-22790"],"#, "");
    let json = search(&Service::of(&[("acme", &[&alone])]), "cryptoAddress=XBT:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa");
    assert_eq!((&json["entities"][0]["sourceID"], &json["entities"][0]["entityType"]), (&json!("w-1"), &json!("")));
    // No type asks all types.
    assert!(ids(&service, "name=Moran").len() >= 2);
    assert_eq!(ids(&service, "name=Nicolas+Moran&type=vessel"), Vec::<String>::new());
    assert_eq!(ids(&service, "name=Nicolas+Moran&type=PERSON")[0], "22790");
    assert_eq!(ids(&service, "name=Moran&limit=1").len(), 1);
}

#[test]
fn the_source_narrows_what_is_asked() {
    let service = service();
    let json = search(&service, "name=Ivan+Petrov&source=acme");
    assert_eq!(
        (&json["entities"][0]["sourceList"], &json["entities"][0]["sourceID"]),
        (&json!("acme"), &json!("NK-1"))
    );
    assert_eq!(json["lists"], json!([{"id": "acme", "version": "1"}]));
    for none in ["us_ofac", "us_ofac_sdn", "opensanctions_us_ofac_sdn"] {
        assert!(ids(&service, &format!("name=Ivan+Petrov&source={none}")).is_empty(), "{none}");
        assert_eq!(ids(&service, &format!("name=Nicolas+Moran&source={none}"))[0], "22790");
    }
    assert_eq!(ids(&service, "name=Moran&sourceID=22790"), ["22790"]);
    assert_eq!(ids(&service, "name=Moran&sourceID=ofac-9"), ["ofac-9"]);
    assert_eq!(ids(&service, "name=Ivan+Petrov&sourceID=acme-77"), ["NK-1"]);
    for (query, said) in [
        ("name=a&source=us_csl", "`source`: there is no list `us_csl` here; there are acme, us_ofac, default"),
        ("name=a&sourceID=1", "`sourceID`: there is no record `1` in the lists that are asked"),
        ("name=a&source=acme&sourceID=22790", "`sourceID`: there is no record `22790` in the lists that are asked"),
    ] {
        let answer = service.get(&format!("/v2/search?{query}"));
        assert_eq!((answer.status, answer.json()), (400, json!({"error": said})));
    }
}

#[test]
fn a_list_that_could_not_be_consulted_is_an_error_and_not_no_hit() {
    let lists = snapshot(&[("acme", &[PETROV])]);
    let text = "datasets:\n  - {name: acme, path: a}\n  - {name: eu_fsf, path: b}\n";
    let catalogue = Catalogue::of_manifest(&Manifest::parse(text, Path::new("m.yml")).unwrap());
    let service = Service::start(Some(View::new(lists, Arc::new(catalogue))), None, Settings::default());
    for query in ["name=a+b", "name=a+b&source=eu_csl"] {
        let answer = service.get(&format!("/v2/search?{query}"));
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(answer.json()["error"].as_str().unwrap().contains("`eu_fsf` could not be consulted"), "{answer:?}");
    }
    assert_eq!(ids(&service, "name=Ivan+Petrov&source=acme"), ["NK-1"]);
    assert!(service.get("/v2/listinfo").json()["warnings"].to_string().contains("eu_fsf"));
    let unready = Service::start(None, None, Settings::default());
    for path in ["/v2/search?name=a", "/v2/listinfo"] {
        let answer = unready.get(path);
        assert_eq!((answer.status, answer.json()), (503, json!({"error": "Index not ready."})), "{path}");
    }
}

#[test]
fn the_least_match_is_lifted_in_words() {
    let service = service();
    let warnings = |query: &str| search(&service, query)["warnings"].clone();
    let said = json!(["scores below 0.3 are noise and not listed, whatever `minMatch` says"]);
    assert_eq!(warnings("name=Moran"), Json::Null, "nobody asked for less");
    assert_eq!(warnings("name=Moran&minMatch=0.1"), said);
    assert_eq!(warnings("name=Moran&minMatch=0.30"), Json::Null);
    let hits = search(&service, "name=Moran&minMatch=0.35");
    let scores: Vec<f64> =
        hits["entities"].as_array().unwrap().iter().map(|hit| hit["match"].as_f64().unwrap()).collect();
    assert!(
        !scores.is_empty()
            && scores.is_sorted_by(|one, other| one >= other)
            && scores.iter().all(|score| *score >= 0.35)
    );
    assert!(ids(&service, "name=Nicolas+Moren&minMatch=1.00").is_empty());
    assert_eq!(warnings("name=Moran&minMatch=1&limit=rubbish")[0], "`limit` is no number above 0 and counts as 10");
    assert!(warnings("name=Moran&minMatch=1&limit=500").to_string().contains("counts as 100"));
}

#[test]
fn pieces_of_the_score_are_told_on_request() {
    let service = service();
    let debug = |query: &str| search(&service, query)["entities"][0]["debug"]["name_match"]["score"].clone();
    assert!(debug("name=Nicolas+Moran&debug=yes").as_f64().unwrap() > 0.5);
    assert!(debug("name=Nicolas+Moran&debug=yes&debugSourceIDs=1,22790").is_number());
    assert!(debug("name=Nicolas+Moran&debug=yes&debugSourceIDs=1,2").is_null());
    assert!(debug("name=Nicolas+Moran").is_null());
}

#[test]
fn records_are_written_for_senzing() {
    let service = service();
    let path = "/v2/search?type=person&name=Nicolas+Moran&limit=1&minMatch=0.1";
    let with_accept = |accept: &str| {
        service.send(&format!("GET {path} HTTP/1.1\r\nhost: x\r\naccept: {accept}\r\nconnection: close\r\n\r\n"))
    };
    for answer in [
        service.get(&format!("{path}&format=senzing")),
        service.get(&format!("{path}&format=senzing/json")),
        with_accept("application/json, senzing/json"),
        with_accept("senzing"),
    ] {
        assert_eq!(answer.header("content-type"), Some("application/json"), "{answer:?}");
        assert!(answer.header("x-interdict-snapshot").is_some() && answer.header("x-interdict-warnings").is_some());
        let record = &answer.json()[0];
        assert_eq!((&record["DATA_SOURCE"], &record["RECORD_ID"]), (&json!("us_ofac"), &json!("22790")));
        assert!(record["MATCH_SCORE"].as_f64().unwrap() > 0.7);
        let features = record["FEATURES"].as_array().unwrap();
        for feature in [
            json!({"RECORD_TYPE": "PERSON"}),
            json!({"NAME_TYPE": "PRIMARY", "NAME_FULL": "Nicolas MORAN"}),
            json!({"NAME_TYPE": "AKA", "NAME_FULL": "Nico MORAN"}),
            json!({"DATE_OF_BIRTH": "1963"}),
            json!({"GENDER": "M"}),
            json!({"NATIONALITY": "ve"}),
            json!({"NATIONAL_ID_NUMBER": "5892464", "NATIONAL_ID_COUNTRY": "VE"}),
            json!({"TAX_ID_NUMBER": "T-777123"}),
            json!({"ADDR_CITY": "Caracas", "ADDR_COUNTRY": "VE"}),
            json!({"ADDR_FULL": "Some Street 1, Caracas"}),
        ] {
            assert!(features.contains(&feature), "{feature} {features:#?}");
        }
    }
    let lines = with_accept("senzing/jsonl; q=1, application/json");
    assert_eq!((lines.header("content-type"), lines.body.lines().count()), (Some("application/jsonl"), 1));
    assert_eq!(serde_json::from_str::<Json>(&lines.body).unwrap()["RECORD_ID"], "22790");
    // The parameter counts more than the header; other headers ask for Watchman's own.
    assert!(service.get(&format!("{path}&format=watchman")).json()["entities"].is_array());
    assert!(with_accept("*/*").json()["entities"].is_array());
    assert_eq!(service.get(&format!("{path}&format=xml")).status, 400);
    assert_eq!(service.get("/v2/search?name=Zqx+Vwy&format=senzing/jsonl").body, "");
}

#[test]
fn what_cannot_be_asked_is_refused_by_name() {
    let service = service();
    for (query, said) in [
        ("nmae=Moran", "`nmae`: there is no such parameter; leave it out"),
        ("name=a&algorithm=soundex", "`algorithm`: there is no such parameter; leave it out"),
        ("name=a&birthDate=23/11/1962", "`birthDate`: is no date; give YYYY-MM-DD, YYYY-MM or YYYY"),
        ("name=a&type=person&deathDate=1962-02-30", "`deathDate`: is no date; give YYYY-MM-DD, YYYY-MM or YYYY"),
        ("name=a&type=business&created=lately", "`created`: is no date; give YYYY-MM-DD, YYYY-MM or YYYY"),
        ("name=a&type=vessel&built=199", "`built`: is no date; give YYYY-MM-DD, YYYY-MM or YYYY"),
        (
            "name=a&type=vessel&birthDate=1962",
            "`birthDate`: is not said of a vessel; leave it out, or ask for another `type`",
        ),
        (
            "name=a&type=ship",
            "`type`: is to be `person`, `business`, `organization`, `vessel`, `aircraft`, or left out for all",
        ),
        ("name=a&type=vessel&tonnage=heavy", "`tonnage`: is no whole number of tons; give digits alone"),
        ("name=a&minMatch=-1", "`minMatch`: is to be a number from 0.00 to 1.00"),
        ("name=a&name=b", "`name`: is given twice; give it once"),
        ("name=a&limit=1&limit=2", "`limit`: is given twice; give it once"),
        ("name=a&gov_passport=5892464", "`gov_passport`: is to be a country and a number, such as `VE:5892464`"),
        ("name=%ff", "`query string`: parameter number 1 is not UTF-8; percent-encode its UTF-8 form"),
        (
            "",
            "nothing to search for: give `name`, `altNames`, or a number such as `imoNumber`, `gov_passport` or `cryptoAddress`",
        ),
        (
            "type=person&birthDate=1962-11-23",
            "nothing to search for: give `name`, `altNames`, or a number such as `imoNumber`, `gov_passport` or `cryptoAddress`",
        ),
    ] {
        let answer = service.get(&format!("/v2/search?{query}"));
        assert_eq!((answer.status, answer.json()), (400, json!({"error": said})), "{query}");
        assert_eq!(answer.header("access-control-allow-origin"), None);
        assert_eq!(service.post_as(&format!("/v2/search?{query}"), None, b"").status, 400, "{query}");
    }
    assert_eq!(service.post_as("/v2/search?name=Nicolas+Moran", None, b"").json()["entities"][0]["sourceID"], "22790");
    let answer = service.post("/v2/search?name=Nicolas+Moran", r#"{"name":"Somebody Else"}"#);
    assert_eq!(answer.status, 400);
    assert!(answer.json()["error"].as_str().unwrap().starts_with("`body`: "), "{answer:?}");
    for (method, path) in
        [("DELETE", "/v2/search"), ("POST", "/v2/listinfo"), ("PUT", "/v2/data/refresh"), ("POST", "/ping")]
    {
        let answer = service.send(&format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"));
        assert_eq!((answer.status, answer.json()), (405, json!({"error": "method not allowed"})), "{method} {path}");
    }
}

#[test]
fn hostile_input_is_answered_or_refused_and_the_service_goes_on() {
    let service = service();
    let many: Vec<String> = (0..999).map(|at| format!("altNames=Name{at}+Surname{at}")).collect();
    for (query, status) in [
        (format!("name={}", "Nicolas+Moran+".repeat(3_000)), 200),
        (format!("name=a+b&{}", many.join("&")), 200),
        ("name=%00%E2%80%AE%F0%9F%9A%80".to_owned(), 400),
        ("name=a+b&address=%3Cscript%3E&website=javascript:x".to_owned(), 200),
        ("name=a+b&debug=yes&debugSourceIDs=,,,,".to_owned(), 200),
        ("name=a+b&limit=99999999999999999999".to_owned(), 200),
        ("name=a+b&minMatch=1e-400".to_owned(), 200),
        ("name=a+b&minMatch=inf".to_owned(), 400),
        ("name=a+b&cryptoAddress=:::".to_owned(), 200),
        ("name=a+b&gov_=x".to_owned(), 400),
        ("&&&=&=x".to_owned(), 400),
        ("name=a+b&requestID=%0d%0aset-cookie:x".to_owned(), 200),
        ("name=a+b&%6eame=c".to_owned(), 400),
    ] {
        let answer = service.get(&format!("/v2/search?{query}"));
        assert_eq!(answer.status, status, "{} {:?}", query.get(..60).unwrap_or(&query), answer);
        assert!(answer.header("set-cookie").is_none());
        answer.json();
    }
    let lines = service.get("/v2/search?format=senzing/jsonl&name=%C3%A9%0d%0aset-cookie:x+b&tonnage=1");
    assert_eq!((lines.status, lines.header("set-cookie")), (200, None), "{lines:?}");
    assert_eq!(service.get("/ping").body, "PONG");
}

#[test]
fn lists_are_told_with_their_parties_and_versions() {
    let json = service().get("/v2/listinfo").json();
    let members: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(members, ["lists", "listHashes", "startedAt", "endedAt", "version"]);
    // A person, a firm, one that may be either, a ship and an aircraft; addresses and wallets are parts of them.
    assert_eq!(json["lists"], json!({"acme": 1, "us_ofac": 5}));
    let hash = json["listHashes"]["us_ofac"].as_str().unwrap();
    assert!(hash.starts_with("1@") && hash.len() > 10, "{hash}");
    for time in ["startedAt", "endedAt"] {
        assert!(json[time].as_str().unwrap().parse::<jiff::Timestamp>().is_ok(), "{json}");
    }
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_refresh_is_guarded_begun_once_and_told() {
    let settings = || Settings { update_token: Some(Secret::new("let me")), ..Settings::default() };
    let first = || Some(view(&[("acme", &[PETROV])]));
    let (go, wait) = std::sync::mpsc::channel::<Result<(), String>>();
    let wait = Mutex::new(wait);
    let updater: Updater = Box::new(move || {
        // A test that fails must end, and the service waits for an update that runs.
        wait.lock().unwrap().recv_timeout(Duration::from_secs(10)).map_err(|error| error.to_string())??;
        let snapshot = snapshot(&[("acme", &[PETROV]), ("ships", &[SHIP])]);
        let catalogue = Arc::new(Catalogue::of_meta(snapshot.meta()));
        Ok(Updated { snapshot, catalogue })
    });
    let service = Service::start(first(), Some(updater), settings());
    let state = || service.get("/v2/data/refresh").json();
    let idle =
        json!({"state": "idle", "trigger": "", "startedAt": null, "finishedAt": null, "duration": "", "lastError": ""});
    assert_eq!(state(), idle);
    for path in ["/v2/data/refresh", "/v2/data/refresh?token=let", "/v2/data/refresh?token="] {
        let answer = service.post_as(path, None, b"");
        assert_eq!(answer.status, 403, "{answer:?}");
        assert!(answer.json()["error"].as_str().unwrap().starts_with("`token`: "), "{answer:?}");
    }
    assert_eq!(service.post_as("/v2/data/refresh?token=let%20me&force=1", None, b"").status, 400);
    assert_eq!(state(), idle, "nothing began");

    let begun = service.post_as("/v2/data/refresh?token=let%20me", None, b"");
    let told = begun.json();
    assert_eq!((begun.status, &told["state"], &told["trigger"]), (202, &json!("running"), &json!("manual")));
    let second = service.post_as("/v2/data/refresh?token=let%20me", None, b"");
    assert_eq!(second.status, 409, "{second:?}");
    assert_eq!((&state()["state"], &state()["finishedAt"]), (&json!("running"), &Json::Null));
    assert!(service.get("/v2/search?name=Grace&type=vessel").json()["entities"].as_array().unwrap().is_empty());
    go.send(Ok(())).unwrap();
    until("the update ends", || state()["state"] == "succeeded");
    assert_eq!(service.get("/v2/search?name=Grace&type=vessel").json()["entities"][0]["sourceID"], "V-1");
    let told = state();
    assert!(told["startedAt"].is_string() && told["finishedAt"].is_string(), "{told}");
    assert!(told["duration"].as_str().unwrap().ends_with('s'), "{told}");

    assert_eq!(service.post_as("/v2/data/refresh?token=let%20me", None, b"").status, 202);
    go.send(Err("no network".to_owned())).unwrap();
    until("the update fails", || state()["state"] == "failed");
    assert_eq!(state()["lastError"], "no network");
    assert_eq!(service.get("/v2/search?name=Grace&type=vessel").json()["entities"][0]["sourceID"], "V-1");

    let fixed = Service::start(first(), None, settings());
    assert_eq!(fixed.post_as("/v2/data/refresh?token=let%20me", None, b"").status, 501);
    let open = Service::start(first(), Some(Box::new(|| Err("no network".to_owned()))), Settings::default());
    assert_eq!(open.post_as("/v2/data/refresh?token=", None, b"").status, 403, "no token is set, nobody may");
}

#[test]
fn a_ping_is_a_pong() {
    let answer = service().get("/ping");
    assert_eq!((answer.status, answer.body.as_str()), (200, "PONG"));
}

/// OFAC's list as published, built and served; nothing where the folder is not there.
fn published() -> Option<Service> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/lists/us_ofac_sdn/2023-12-28");
    if !folder.is_dir() {
        eprintln!("skipped: ../shared/lists/us_ofac_sdn is not there, no published list was asked");
        return None;
    }
    let mut arguments = vec![format!("us_ofac_sdn=ofac_sdn_csv:{}", folder.join("sdn.csv").display())];
    arguments.extend(["add.csv", "alt.csv", "sdn_comments.csv"].map(|file| folder.join(file).display().to_string()));
    let manifest = Manifest::of_arguments(&arguments).unwrap();
    let built = interdict_catalog::build(&manifest.datasets, |_| {}).unwrap();
    let snapshot = interdict_snapshot::Snapshot::from_bytes(built.built.bytes).unwrap();
    let catalogue = Arc::new(Catalogue::of_meta(snapshot.meta()));
    Some(Service::start(Some(View::new(snapshot, catalogue)), None, Settings::default()))
}

#[test]
fn shared_a_published_list_answers_as_watchman_does() {
    let Some(service) = published() else { return };
    let json = search(&service, "type=person&name=nicolas+maduro&birthDate=1962-11-23&source=us_ofac&limit=1");
    let maduro = &json["entities"][0];
    assert_eq!((&maduro["sourceList"], &maduro["sourceID"]), (&json!("us_ofac"), &json!("22790")), "{json}");
    assert!(maduro["name"].as_str().unwrap().to_lowercase().contains("maduro moros"), "{maduro}");
    let person = &maduro["person"];
    assert_eq!((&person["gender"], &person["birthDate"]), (&json!("male"), &json!("1962-11-23T00:00:00Z")), "{person}");
    let cedula = json!({"name": "", "type": "cedula", "country": "VE", "identifier": "5892464"});
    assert!(person["governmentIDs"].as_array().unwrap().contains(&cedula), "{person}");
    assert!(maduro["sanctionsInfo"]["programs"].as_array().unwrap().contains(&json!("VENEZUELA")), "{maduro}");
    assert_eq!(ids(&service, "gov_cedula=VE:5892464")[0], "22790");
    assert_eq!(ids(&service, "sourceID=22790&name=maduro"), ["22790"]);
    for (kind, name) in [("vessel", "ARTAVIL"), ("aircraft", "EP-GOM"), ("person", "Usama bin Ladin")] {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("name", name).finish();
        let json = search(&service, &format!("type={kind}&{query}&limit=1"));
        let hit = &json["entities"][0];
        assert_eq!(hit["entityType"], kind, "{json}");
        assert!(hit["match"].as_f64().unwrap() > 0.7, "{json}");
        assert!(hit[kind]["name"].is_string(), "{json}");
    }
    let counted = service.get("/v2/listinfo").json()["lists"]["us_ofac"].as_u64().unwrap();
    // One party a line of sdn.csv.
    assert_eq!(counted, 13_821);
}
