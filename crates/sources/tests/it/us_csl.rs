//! The Consolidated Screening List.

use std::collections::BTreeMap;

use interdict_model::Schema;
use interdict_sources::{Format, Loaded, ReadError, ReadErrorKind};

use crate::support::{entity, shared, shared_list, try_read, values};

const HEADER: &str = "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,standard_order,\
license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,gross_registered_tonnage,vessel_flag,vessel_owner,remarks,source_list_url,\
alt_names,citizenships,dates_of_birth,nationalities,places_of_birth,source_information_url,ids";

const SDN: &str = "Specially Designated Nationals (SDN) - Treasury Department";
const CAP: &str = "Capta List (CAP) - Treasury Department";
const EL: &str = "Entity List (EL) - Bureau of Industry and Security";
const MEU: &str = "Military End User (MEU) List - Bureau of Industry and Security";
const DTC: &str = "ITAR Debarred (DTC) - State Department";

/// A row of today's header with these columns filled.
fn row(columns: &[(&str, &str)]) -> String {
    let fields: Vec<String> = HEADER
        .split(',')
        .map(|name| {
            let value = columns.iter().find(|(column, _)| *column == name).map_or("", |(_, value)| *value);
            format!("\"{}\"", value.replace('"', "\"\""))
        })
        .collect();
    fields.join(",") + "\n"
}

fn try_rows(rows: &[String]) -> Result<Loaded, ReadError> {
    try_read(Format::UsCslCsv, &[("consolidated.csv", format!("{HEADER}\n{}", rows.concat()).as_bytes())])
}

fn rows(rows: &[String]) -> Loaded {
    try_rows(rows).unwrap()
}

#[test]
fn treasury_rows_share_the_key_of_the_sdn_list_and_others_have_their_own() {
    let loaded = rows(&[
        row(&[
            ("_id", "306"),
            ("source", SDN),
            ("entity_number", "306"),
            ("type", "Entity"),
            ("name", "BANCO X"),
            ("programs", "CUBA; SDGT"),
        ]),
        row(&[("_id", "977fcf88"), ("source", EL), ("name", "Kelvo Inc.")]),
        row(&[("_id", "8120e695"), ("source", DTC), ("name", "Juan R")]),
    ]);
    let bank = entity(&loaded, "ofac-306");
    assert_eq!((bank.schema, values(bank, "program")), (Schema::organization(), vec!["CUBA", "SDGT"]));
    assert_eq!(values(bank, "topics"), ["sanction"]);
    entity(&loaded, "ofac-306-sanction-sdn");
    let firm = entity(&loaded, "csl-el-977fcf88");
    assert_eq!((firm.schema, values(firm, "topics")), (Schema::legal_entity(), vec!["export.control"]));
    assert_eq!(values(entity(&loaded, "csl-dtc-8120e695"), "topics"), ["debarment"]);
    let counted: Vec<(&str, u64)> =
        loaded.reconciliation.sub_lists.iter().map(|(name, n)| (name.as_str(), *n)).collect();
    assert_eq!(counted, [("DTC", 1), ("EL", 1), ("SDN", 1)]);
    assert_eq!(firm.get("name")[0].origin.record(), "EL 977fcf88 (consolidated.csv:3)");
}

#[test]
fn a_key_that_stands_on_two_rows_is_one_entity_with_two_sanctions() {
    let on = |source, name| {
        row(&[("_id", "15268"), ("source", source), ("entity_number", "15268"), ("type", "Entity"), ("name", name)])
    };
    let loaded = rows(&[on(CAP, "BANK"), on(SDN, "BANK"), on(CAP, "BANK AGAIN")]);
    assert_eq!((loaded.reconciliation.records, loaded.reconciliation.loaded), (3, 3));
    let bank = entity(&loaded, "ofac-15268");
    assert_eq!(values(bank, "name"), ["BANK", "BANK AGAIN"]);
    let sanctions: Vec<_> = loaded
        .entities
        .iter()
        .filter(|entity| entity.schema == Schema::sanction())
        .map(|entity| entity.id.as_str())
        .collect();
    assert_eq!(sanctions, ["ofac-15268-sanction-cap", "ofac-15268-sanction-sdn"]);
}

#[test]
fn several_values_are_split_and_an_and_before_the_last_is_no_name() {
    let loaded = rows(&[row(&[
        ("_id", "1"),
        ("source", EL),
        ("name", "Aviton"),
        ("alt_names", "140 Repair Plant; and JSC 140 Repair Plant"),
        ("addresses", "A Street 1, Moscow, 125047, RU; B Street 2, BY"),
        ("federal_register_notice", "81 FR 14953; 83 FR 48534"),
        ("license_requirement", "For all items"),
        ("license_policy", "Presumption of denial"),
        ("start_date", "2019-08-14"),
        ("end_date", "2024-08-14"),
        ("standard_order", "Y"),
    ])]);
    let firm = entity(&loaded, "csl-el-1");
    assert_eq!(values(firm, "alias"), ["140 Repair Plant", "JSC 140 Repair Plant"]);
    assert_eq!(values(firm, "address"), ["A Street 1, Moscow, 125047, RU", "B Street 2, BY"]);
    assert_eq!(values(firm, "country"), ["ru", "by"]);
    let sanction = entity(&loaded, "csl-el-1-sanction-el");
    for (property, expected) in [
        ("authorityId", &["81 FR 14953", "83 FR 48534"][..]),
        ("authority", &[EL]),
        ("program", &["Entity List (EL)"]),
        ("reason", &["For all items"]),
        ("provisions", &["Presumption of denial"]),
        ("startDate", &["2019-08-14"]),
        ("endDate", &["2024-08-14"]),
        ("summary", &["standard order: Y"]),
    ] {
        assert_eq!(values(sanction, property), expected, "{property}");
    }
}

#[test]
fn birth_dates_may_be_about_a_year_or_between_two() {
    for (text, dates) in [
        ("1967-03-12; 1966", &["1967-03-12", "1966"][..]),
        ("circa 1967", &["1967~"]),
        ("1958 to 1960", &["1958/1960"]),
    ] {
        let loaded = rows(&[row(&[
            ("_id", "7"),
            ("source", SDN),
            ("entity_number", "7"),
            ("type", "Individual"),
            ("name", "DOE, Jon"),
            ("dates_of_birth", text),
        ])]);
        let person = entity(&loaded, "ofac-7");
        assert_eq!((values(person, "birthDate"), values(person, "name")), (dates.to_vec(), vec!["Jon DOE"]));
    }
}

#[test]
fn links_in_remarks_are_resolved_among_treasurys_parties() {
    let party = |key, name, remarks| {
        row(&[
            ("_id", key),
            ("source", SDN),
            ("entity_number", key),
            ("type", "Entity"),
            ("name", name),
            ("remarks", remarks),
        ])
    };
    let loaded = rows(&[
        party("1", "A", "all offices worldwide; (Linked To: HIZBALLAH; Linked To: IRAN AIR)"),
        party("2", "HIZBALLAH", ""),
        party("3", "IRAN AIR", ""),
        // The same name on a list of another authority does not blur the link.
        row(&[("_id", "x"), ("source", EL), ("name", "IRAN AIR")]),
    ]);
    entity(&loaded, "unknownlink-ofac-1-ofac-2");
    entity(&loaded, "unknownlink-ofac-1-ofac-3");
    assert_eq!(values(entity(&loaded, "ofac-1"), "notes"), ["all offices worldwide"]);
}

#[test]
fn numbers_of_features_may_hold_commas() {
    let ids = "IMO 8898831, Vessel Registration Identification; North Korea Sanctions Regulations, sections 510.201 and 510.210, Secondary sanctions risk:";
    let loaded = rows(&[row(&[
        ("_id", "8"),
        ("source", SDN),
        ("entity_number", "8"),
        ("type", "Vessel"),
        ("name", "SHIP"),
        ("vessel_flag", "Iran"),
        ("ids", ids),
    ])]);
    let ship = entity(&loaded, "ofac-8");
    assert_eq!(
        (ship.schema, values(ship, "imoNumber"), values(ship, "flag")),
        (Schema::vessel(), vec!["8898831"], vec!["ir"])
    );
    assert_eq!(
        values(entity(&loaded, "ofac-8-sanction-sdn"), "provisions"),
        ["Secondary sanctions risk: North Korea Sanctions Regulations, sections 510.201 and 510.210"]
    );
}

#[test]
fn documents_come_with_country_and_days() {
    let ids = "JO, 2014-08-30, 2009-08-31, K475336, Passport; Male, Gender; 0x72a5, Digital Currency Address - ETH";
    let loaded = rows(&[row(&[
        ("_id", "8"),
        ("source", SDN),
        ("entity_number", "8"),
        ("type", "Individual"),
        ("name", "DOE, Jon"),
        ("ids", ids),
    ])]);
    let passport = entity(&loaded, "ofac-8-id-k475336");
    for (property, value) in
        [("country", "jo"), ("startDate", "2009-08-31"), ("endDate", "2014-08-30"), ("holder", "ofac-8")]
    {
        assert_eq!(values(passport, property), [value], "{property}");
    }
    assert_eq!(values(entity(&loaded, "ofac-8"), "gender"), ["male"]);
    entity(&loaded, "ofac-8-wallet-eth-0x72a5");
}

#[test]
fn lost_characters_are_mended_and_the_published_name_is_kept() {
    let loaded = rows(&[
        row(&[("_id", "1"), ("source", EL), ("name", "AO ?Institute Giprostroymost?Saint-Petersburg?")]),
        row(&[("_id", "2"), ("source", EL), ("name", "Donetsk People?s Republic")]),
    ]);
    let institute = entity(&loaded, "csl-el-1");
    assert_eq!(values(institute, "name"), ["AO Institute Giprostroymost Saint-Petersburg"]);
    assert_eq!(values(institute, "notes"), ["name as published: AO ?Institute Giprostroymost?Saint-Petersburg?"]);
    assert_eq!(values(entity(&loaded, "csl-el-2"), "name"), ["Donetsk People's Republic"]);
}

#[test]
fn the_reach_of_a_listing_is_no_part_of_the_name() {
    let loaded = rows(&[row(&[
        ("_id", "1"),
        ("source", MEU),
        ("name", "NPP Pulsar LLC and any successor, sub-unit, or subsidiary thereof"),
    ])]);
    let firm = entity(&loaded, "csl-meu-1");
    assert_eq!(values(firm, "name"), ["NPP Pulsar LLC"]);
    assert_eq!(values(firm, "notes"), ["NPP Pulsar LLC: and any successor, sub-unit, or subsidiary thereof"]);
}

#[test]
fn fields_may_hold_line_breaks_and_rows_are_cited_by_physical_line() {
    let loaded = rows(&[
        row(&[("_id", "1"), ("source", EL), ("name", "A"), ("addresses", "one\ntwo\nthree, CN")]),
        row(&[("_id", "2"), ("source", EL), ("name", "B")]),
    ]);
    assert_eq!(entity(&loaded, "csl-el-2").get("name")[0].origin.record(), "EL 2 (consolidated.csv:5)");
}

#[test]
fn an_impossible_start_is_warned_of() {
    let loaded = rows(&[row(&[("_id", "1"), ("source", EL), ("name", "A"), ("start_date", "0097-06-30")])]);
    assert!(loaded.reconciliation.warnings[0].reason.contains("field `start_date`: \"0097-06-30\""));
    assert_eq!(values(entity(&loaded, "csl-el-1-sanction-el"), "summary"), ["start_date: 0097-06-30"]);
}

const HEADER_2016: &str = "source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,standard_order,\
license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,gross_registered_tonnage,vessel_flag,vessel_owner,remarks,source_list_url,\
alt_names,citizenships,dates_of_birth,nationalities,places_of_birth,source_information_url";

#[test]
fn the_header_of_2016_has_short_codes_and_no_keys() {
    let rest = ",".repeat(21);
    let text = format!(
        "{HEADER_2016}\nSDN,12454,Entity,SDGT,CONGO FUTUR,{rest}\nDPL,,,,SIMMONS,,\"PIREAS, GR\",51 F.R. 7476,1986-02-26,,,,,,,,,,,,,,,,,,\nDPL,,,,SIMMONS,,\"CORNWELL, GB\",,,,,,,,,,,,,,,,,,,,\n"
    );
    let loaded = try_read(Format::UsCslCsv, &[("data.csv", text.as_bytes())]).unwrap();
    assert_eq!(values(entity(&loaded, "ofac-12454"), "name"), ["CONGO FUTUR"]);
    let denied: Vec<_> = loaded.entities.iter().filter(|entity| entity.has("name", "SIMMONS")).collect();
    assert_eq!(denied.len(), 2, "two addresses are two rows of the list");
    assert!(denied.iter().all(|entity| entity.id.starts_with("csl-dpl-")));
}

#[test]
fn a_missing_column_and_a_bad_row_are_named() {
    let error =
        try_read(Format::UsCslCsv, &[("c.csv", HEADER.replace("programs", "programmes").as_bytes())]).unwrap_err();
    assert!(error.to_string().starts_with("c.csv:1: column `programs` is missing"), "{error}");
    let error = try_rows(&[]).unwrap_err();
    assert!(matches!(error.kind, ReadErrorKind::Empty), "{error}");
    let loaded = rows(&[row(&[("_id", "1"), ("source", EL), ("name", "A")]), "1,2,3\n".to_owned()]);
    assert_eq!(loaded.reconciliation.refused[0].reason, "3 columns; the header has 29");
    assert_eq!(loaded.reconciliation.refused[0].line, 3);
    let error = try_read(Format::UsCslCsv, &[("c.csv", b"<html></html>")]).unwrap_err();
    assert!(matches!(error.kind, ReadErrorKind::Html { .. }), "{error}");
}

#[test]
fn the_json_nests_what_the_csv_flattens() {
    let json = br#"{"search_performed_at":"2025-01-01","total":2,"results":[
        {"id":"7","source":"Specially Designated Nationals (SDN) - Treasury Department","entity_number":7,"type":"Individual","programs":["SDGT","IRGC"],
         "name":"DOE, Jon","title":null,"alt_names":["D, J"],"dates_of_birth":["circa 1967"],"nationalities":["IR"],"citizenships":[],"places_of_birth":["Shati, Iran"],
         "addresses":[{"address":"Street 1","city":"Tehran","state":null,"postal_code":"1","country":"IR"}],
         "ids":[{"type":"Passport","number":"K475336","country":"JO","issue_date":"2009-08-31","expiration_date":"2014-08-30"}],"remarks":"(Linked To: B)"},
        {"id":"abc","source":"Entity List (EL) - Bureau of Industry and Security","name":"A","alt_names":["B; and C"],"federal_register_notice":"84 FR 1","start_date":"2019-08-14","novel":"kept"}]}"#;
    let loaded = try_read(Format::UsCslJson, &[("consolidated.json", json)]).unwrap();
    assert_eq!((loaded.reconciliation.records, loaded.reconciliation.declared), (2, Some(2)));
    let person = entity(&loaded, "ofac-7");
    for (property, value) in [
        ("name", "Jon DOE"),
        ("alias", "J D"),
        ("birthDate", "1967~"),
        ("nationality", "ir"),
        ("birthCountry", "ir"),
        ("address", "Street 1, Tehran, 1, IR"),
        ("passportNumber", "K475336"),
        ("notes", "Linked To: B"),
    ] {
        assert_eq!(values(person, property), [value], "{property}");
    }
    let passport = entity(&loaded, "ofac-7-id-k475336");
    assert_eq!((values(passport, "startDate"), values(passport, "endDate")), (vec!["2009-08-31"], vec!["2014-08-30"]));
    let firm = entity(&loaded, "csl-el-abc");
    assert_eq!((values(firm, "alias"), values(firm, "notes")), (vec!["B", "C"], vec!["novel: kept"]));
    assert_eq!(firm.get("name")[0].origin.record(), "EL abc (consolidated.json:2)");
}

#[test]
fn json_that_is_cut_or_of_another_form_or_a_page_is_refused() {
    let kind = |bytes: &[u8]| try_read(Format::UsCslJson, &[("c.json", bytes)]).unwrap_err().kind;
    assert!(matches!(kind(br#"{"results":[{"source":"EL","name":"A"}"#), ReadErrorKind::Truncated { .. }));
    assert!(matches!(kind(br#"{"entries":[]}"#), ReadErrorKind::MissingElement { name: "results", .. }));
    assert!(matches!(
        kind(br#"{"total":50,"results":[{"source":"EL","name":"A"}]}"#),
        ReadErrorKind::Count { declared: 50, found: 1 }
    ));
    assert!(matches!(kind(br#"{"results":[17]}"#), ReadErrorKind::Json(_)));
    assert!(matches!(kind(b"<!doctype html>"), ReadErrorKind::Html { .. }));
    let deep = "[".repeat(100_000);
    assert!(matches!(kind(format!("{{\"results\":[{{\"a\":{deep}").as_bytes()), ReadErrorKind::Json(_)));
}

#[test]
fn shared_files_load_with_the_counts_of_the_manifest() {
    let Some(loaded) = shared_list(Format::UsCslCsv, "us_csl", &["us_csl/consolidated.csv"], false) else { return };
    let loaded = loaded.unwrap();
    assert_eq!((loaded.reconciliation.records, loaded.reconciliation.loaded), (14160, 14160));
    assert_eq!(loaded.reconciliation.warnings.len(), 3, "{:?}", loaded.reconciliation.warnings);
    let mut by_list: BTreeMap<&str, usize> = BTreeMap::new();
    for sanction in loaded.entities.iter().filter(|entity| entity.schema == Schema::sanction()) {
        *by_list.entry(sanction.id.rsplit('-').next().unwrap()).or_default() += 1;
    }
    // One row of CAP repeats another.
    let expected = [
        ("cap", 52),
        ("cmic", 68),
        ("dpl", 462),
        ("dtc", 727),
        ("el", 2001),
        ("fse", 3),
        ("isn", 163),
        ("mbs", 17),
        ("meu", 71),
        ("plc", 78),
        ("sdn", 10026),
        ("ssi", 290),
        ("uvl", 201),
    ];
    assert_eq!(by_list, expected.into());
    let legacy = shared_list(Format::UsCslCsv, "us_csl", &["us_csl/legacy_2016.csv"], false).unwrap().unwrap();
    assert_eq!(legacy.reconciliation.loaded, 399);
}

/// Every number in the column of identifiers, read here in another way, is found on its party.
#[test]
fn shared_numbers_of_documents_are_on_their_parties() {
    let Some(loaded) = shared_list(Format::UsCslCsv, "us_csl", &["us_csl/consolidated.csv"], false) else { return };
    let loaded = loaded.unwrap();
    let by_id: BTreeMap<&str, _> = loaded.entities.iter().map(|entity| (entity.id.as_str(), entity)).collect();
    let text = String::from_utf8(shared("us_csl/consolidated.csv").unwrap().bytes).unwrap();
    let (mut asked, mut lost) = (0, Vec::new());
    for line in text.lines().filter(|line| line.contains("Treasury Department")) {
        let key = line.split(',').next().unwrap();
        let Some(party) = by_id.get(format!("ofac-{key}").as_str()) else { continue };
        for item in line.split("; ") {
            for (label, property) in [
                ("Passport", "passportNumber"),
                ("National ID No.", "idNumber"),
                ("Tax ID No.", "taxNumber"),
                ("MMSI", "mmsi"),
            ] {
                let Some(before) = item.trim_end_matches('"').strip_suffix(&format!(", {label}")) else { continue };
                let number = before.rsplit([',', '"']).next().unwrap().trim();
                asked += 1;
                let found = party.get(property).iter().any(|value| value.text.ends_with(number))
                    || party.get("idNumber").iter().any(|value| value.text.ends_with(number));
                if !found {
                    lost.push(format!("{key} {item}"));
                }
            }
        }
    }
    assert!(asked > 2500, "{asked}");
    assert!(lost.len() * 200 < asked, "{} of {asked} lost: {:?}", lost.len(), &lost[..lost.len().min(20)]);
}
