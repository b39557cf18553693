//! OFAC's legacy CSV.

use interdict_model::{Entity, Schema};
use interdict_sources::{Format, Loaded, ReadError, ReadErrorKind, read};

use crate::support::{entity, input, shared, shared_list, try_read, values};

/// A row of sdn.csv: key, name, type, programme, title, six null fields between, remarks; `-0- ` for null as published.
fn row(key: u32, name: &str, kind: &str, programme: &str, remarks: &str) -> String {
    let field = |text: &str| if text.is_empty() { "-0- ".to_owned() } else { format!("\"{text}\"") };
    format!(
        "{key},{},{},{},-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,{}\r\n",
        field(name),
        field(kind),
        field(programme),
        field(remarks)
    )
}

fn marked(rows: &str) -> Vec<u8> {
    format!("{rows}\u{1A}").into_bytes()
}

fn set(sdn: &str, add: &str, alt: &str, comments: &str) -> Result<Loaded, ReadError> {
    try_read(
        Format::OfacSdnCsv,
        &[
            ("SDN.CSV", &marked(sdn)),
            ("ADD.CSV", &marked(add)),
            ("ALT.CSV", &marked(alt)),
            ("SDN_COMMENTS.CSV", &marked(comments)),
        ],
    )
}

fn party(remarks: &str, kind: &str) -> Loaded {
    set(&row(7, "EXAMPLE", kind, "SDGT", remarks), "", "", "").unwrap()
}

fn one(loaded: &Loaded, schema: Schema) -> &Entity {
    let mut found = loaded.entities.iter().filter(|entity| entity.schema == schema);
    let entity = found.next().unwrap_or_else(|| panic!("no {schema}"));
    assert!(found.next().is_none(), "several {schema}");
    entity
}

#[test]
fn a_set_joins_by_key_and_every_value_cites_its_line() {
    let sdn = row(36, "AEROCARIBE", "", "CUBA", "") + &row(306, "BANCO X", "", "CUBA", "");
    let add = "306,199,\"Road 35\",\"Zurich CH-8022\",\"Switzerland\",-0- \r\n306,200,-0- ,-0- ,\"Spain\",-0- \r\n36,1,-0- ,-0- ,-0- ,-0- \r\n";
    let loaded = set(&sdn, add, "36,12,\"aka\",\"AERO-CARIBE\",-0- \r\n", "").unwrap();
    assert_eq!(loaded.reconciliation.records, 2);
    let bank = entity(&loaded, "ofac-306");
    assert_eq!(bank.schema, Schema::organization());
    assert_eq!(values(bank, "address"), ["Road 35, Zurich CH-8022, Switzerland"]);
    assert_eq!(values(bank, "country"), ["ch", "es"]);
    assert_eq!(bank.get("address")[0].origin.record(), "306 (ADD.CSV:1)");
    let airline = entity(&loaded, "ofac-36");
    assert_eq!(values(airline, "alias"), ["AERO-CARIBE"]);
    assert_eq!(airline.get("name")[0].origin.record(), "36 (SDN.CSV:1)");
    let sanction = entity(&loaded, "ofac-36-sanction-sdn");
    assert_eq!(values(sanction, "program"), ["CUBA"]);
    assert_eq!(values(sanction, "entity"), ["ofac-36"]);
}

#[test]
fn a_set_without_its_parties_is_refused() {
    let error = try_read(Format::OfacSdnCsv, &[("add.csv", &marked("")), ("alt.csv", &marked(""))]).unwrap_err();
    assert!(matches!(error.kind, ReadErrorKind::MissingFile { name: "sdn.csv", .. }), "{error}");
}

#[test]
fn the_prose_list_is_no_file_of_the_set() {
    let error = try_read(Format::OfacSdnCsv, &[("sdnlist.txt", b"ABC (a.k.a. \"X\") [SDNTK].\r\n")]).unwrap_err();
    assert!(matches!(error.kind, ReadErrorKind::MissingFile { name: "sdn.csv", .. }), "{error}");
}

#[test]
fn the_parties_alone_load_only_when_they_are_named_themselves_and_say_that_they_are_partial() {
    let sdn = marked(&row(36, "AEROCARIBE", "", "CUBA", ""));
    let files: [(&str, &[u8]); 2] = [("sdn.csv", &sdn), ("readme.pdf", b"x")];
    let mut given = input(Format::OfacSdnCsv, &files);
    let error = read(&given).unwrap_err();
    assert!(matches!(error.kind, ReadErrorKind::MissingFile { name: "add.csv", .. }), "{error}");
    given.named_alone = true;
    let loaded = read(&given).unwrap();
    let partial = loaded.reconciliation.partial.as_deref();
    assert_eq!(partial, Some("sdn.csv without add.csv, alt.csv, sdn_comments.csv"));
    assert_eq!(loaded.reconciliation.ignored_files, ["readme.pdf"]);
}

#[test]
fn the_end_mark_may_be_absent_from_the_comments_only_and_nothing_follows_it() {
    let sdn = row(36, "A", "", "CUBA", "");
    let read = |sdn: &[u8], comments: &[u8]| {
        let empty = marked("");
        try_read(
            Format::OfacSdnCsv,
            &[("sdn.csv", sdn), ("add.csv", &empty), ("alt.csv", &empty), ("sdn_comments.csv", comments)],
        )
    };
    assert!(read(&marked(&sdn), b"36,\"x.\"\r\n").is_ok());
    assert!(read(format!("{sdn}\u{1A}\r\n").as_bytes(), b"").is_ok());
    let kind = |sdn: &str, comments: &[u8]| read(sdn.as_bytes(), comments).unwrap_err().kind;
    assert!(matches!(kind(&sdn, b""), ReadErrorKind::Truncated { .. }));
    assert!(matches!(kind(&format!("{sdn}\u{1A}37,"), b""), ReadErrorKind::BehindEnd));
    assert!(matches!(kind(&format!("{sdn}37,\u{1A}"), b""), ReadErrorKind::Truncated { .. }));
    assert!(matches!(kind(&format!("{sdn}\u{1A}"), b"36,\"x"), ReadErrorKind::Truncated { .. }));
}

#[test]
fn null_is_no_value() {
    let loaded = party("", "");
    let party = entity(&loaded, "ofac-7");
    for (property, values) in party.properties() {
        assert!(values.iter().all(|value| !value.text.contains("-0-")), "{property:?}");
    }
    assert!(party.get("notes").is_empty());
}

#[test]
fn types_are_the_four_kinds_and_null_is_an_organization() {
    let kinds = [("individual", "Person"), ("vessel", "Vessel"), ("aircraft", "Airplane"), ("", "Organization")];
    for (kind, schema) in kinds {
        assert_eq!(entity(&party("", kind), "ofac-7").schema.name(), schema);
    }
}

#[test]
fn strong_aliases_former_names_and_new_names_are_told_apart() {
    let alt = "7,1,\"aka\",\"ALSO\",-0- \r\n7,2,\"fka\",\"FORMERLY\",-0- \r\n7,3,\"nka\",\"NOW\",\"said later\"\r\n";
    let loaded = set(&row(7, "EXAMPLE", "", "SDGT", ""), "", alt, "").unwrap();
    let party = entity(&loaded, "ofac-7");
    assert_eq!(values(party, "name"), ["EXAMPLE", "NOW"]);
    assert_eq!(values(party, "alias"), ["ALSO"]);
    assert_eq!(values(party, "previousName"), ["FORMERLY"]);
    assert_eq!(values(party, "notes"), ["NOW: said later"]);
}

#[test]
fn weak_aliases_stand_in_the_remarks() {
    let loaded = party("DOB 1946; a.k.a. 'BNC'; a.k.a. 'ROMANA, Edison'; f.k.a. 'OLD ONE'.", "individual");
    let party = entity(&loaded, "ofac-7");
    assert_eq!(values(party, "weakAlias"), ["BNC", "Edison ROMANA", "OLD ONE"]);
    assert_eq!(values(party, "notes"), ["formerly known as: OLD ONE"]);
    assert!(party.get("alias").is_empty());
}

#[test]
fn several_programmes_stand_in_one_field() {
    let loaded = set(&row(7, "EXAMPLE", "", "IRAN] [SDGT] [IRGC] [IFSR", ""), "", "", "").unwrap();
    assert_eq!(values(entity(&loaded, "ofac-7"), "program"), ["IRAN", "SDGT", "IRGC", "IFSR"]);
}

#[test]
fn only_names_of_persons_are_split_at_the_comma() {
    let sdn = row(1, "CECOEX, S.A.", "", "CUBA", "")
        + &row(2, "AL-ZUMAR, Abbud", "individual", "SDGT", "")
        + &row(3, "DELOS REYES, Feliciano Semborio, Jr.", "individual", "SDGT", "");
    let loaded = set(&sdn, "", "2,9,\"aka\",\"ZUMAR, Abbud\",-0- \r\n", "").unwrap();
    assert_eq!(values(entity(&loaded, "ofac-1"), "name"), ["CECOEX, S.A."]);
    let person = entity(&loaded, "ofac-2");
    assert_eq!(values(person, "name"), ["Abbud AL-ZUMAR"]);
    assert_eq!(values(person, "lastName"), ["AL-ZUMAR"]);
    assert_eq!(values(person, "firstName"), ["Abbud"]);
    assert_eq!(values(person, "alias"), ["Abbud ZUMAR"]);
    assert_eq!(values(entity(&loaded, "ofac-3"), "name"), ["Feliciano Semborio DELOS REYES Jr."]);
}

#[test]
fn vessels_have_columns_and_labels_of_their_own() {
    let sdn = "8,\"ARTAVIL\",\"vessel\",\"IRAN\",-0- ,\"T2EU4\",\"Crude/Oil Products Tanker\",\"99,144\",\"56,068\",\"Iran\",\"NITC\",\
               \"Former Vessel Flag Malta; alt. Former Vessel Flag Tuvalu; alt. Former Vessel Flag None Identified; Vessel Registration Identification IMO \
               9187629; MMSI 572469210; Vessel Year of Build 1999; f.k.a. 'ALPHA'; Linked To: NITC.\"\r\n"
        .to_owned()
        + &row(9, "NITC", "", "IRAN", "");
    let loaded = set(&sdn, "", "", "").unwrap();
    let vessel = entity(&loaded, "ofac-8");
    for (property, expected) in [
        ("imoNumber", "9187629"),
        ("mmsi", "572469210"),
        ("callSign", "T2EU4"),
        ("type", "Crude/Oil Products Tanker"),
        ("tonnage", "99144"),
        ("grossRegisteredTonnage", "56068"),
        ("flag", "ir"),
        ("buildDate", "1999"),
        ("weakAlias", "ALPHA"),
    ] {
        assert_eq!(values(vessel, property), [expected], "{property}");
    }
    assert_eq!(values(vessel, "pastFlags"), ["mt", "tv"]);
    assert_eq!(values(vessel, "notes"), ["Former Vessel Flag: None Identified", "formerly known as: ALPHA"]);
    let ownership = one(&loaded, Schema::ownership());
    assert_eq!((values(ownership, "owner"), values(ownership, "asset")), (vec!["ofac-9"], vec!["ofac-8"]));
    let link = one(&loaded, Schema::unknown_link());
    assert_eq!((values(link, "subject"), values(link, "object")), (vec!["ofac-8"], vec!["ofac-9"]));
    assert_eq!(values(link, "role"), ["Linked To"]);
}

#[test]
fn aircraft_have_model_serial_number_and_operator() {
    let remarks = "Aircraft Construction Number (also called L/N or S/N or F/N) 8401; Aircraft Manufacture Date 1992; Aircraft Model IL-76TD; \
                   Aircraft Operator YAS AIR; Aircraft Manufacturer's Serial Number (MSN) 1023409321; Aircraft Tail Number EP-GOM; Previous Aircraft Tail Number YI-NAE";
    let sdn = row(8, "EP-GOM", "aircraft", "SDGT", remarks) + &row(9, "YAS AIR", "", "SDGT", "");
    let loaded = set(&sdn, "", "", "").unwrap();
    let aircraft = entity(&loaded, "ofac-8");
    assert_eq!(values(aircraft, "serialNumber"), ["8401", "1023409321"]);
    assert_eq!(values(aircraft, "model"), ["IL-76TD"]);
    assert_eq!(values(aircraft, "buildDate"), ["1992"]);
    assert_eq!(values(aircraft, "registrationNumber"), ["EP-GOM", "YI-NAE"]);
    assert_eq!(values(aircraft, "operator"), ["ofac-9"]);
}

#[test]
fn values_of_remarks_may_hold_full_stops_and_commas_and_links_repeat() {
    let sdn = row(
        1,
        "HOLDER",
        "",
        "SDNTK",
        "NIT # 800018928-0 (Colombia); Linked To: GRUPO MUNDO MARINO, S.A.; Linked To: C.I. DISERCOM S.A.S.; Linked To: NOBODY KNOWN; Linked To: R D I S.A.",
    ) + &row(2, "GRUPO MUNDO MARINO, S.A.", "", "SDNTK", "")
        + &row(3, "C.I. DISERCOM S.A.S.", "", "SDNTK", "")
        + &row(4, "R D I S.A.", "", "SDNTK", "");
    let loaded = set(&sdn, "", "", "").unwrap();
    let links = loaded.entities.iter().filter(|entity| entity.schema == Schema::unknown_link());
    let targets: Vec<_> = links.map(|link| link.first("object").unwrap()).collect();
    assert_eq!(targets, ["ofac-2", "ofac-3", "ofac-4"]);
    let holder = entity(&loaded, "ofac-1");
    assert_eq!(values(holder, "notes"), ["Linked To: NOBODY KNOWN"]);
    assert_eq!(values(holder, "taxNumber"), ["800018928-0"]);
}

#[test]
fn a_link_to_a_name_that_two_bear_is_a_note() {
    let sdn =
        row(1, "A", "", "SDGT", "Linked To: TWIN.") + &row(2, "TWIN", "", "SDGT", "") + &row(3, "TWIN", "", "SDGT", "");
    let loaded = set(&sdn, "", "", "").unwrap();
    assert_eq!(values(entity(&loaded, "ofac-1"), "notes"), ["Linked To: TWIN"]);
    assert!(loaded.entities.iter().all(|entity| entity.schema != Schema::unknown_link()));
}

#[test]
fn every_form_of_a_birth_date_is_read() {
    for (text, date) in [
        ("10 Dec 1948", "1948-12-10"),
        ("1946", "1946"),
        ("circa 1951", "1951~"),
        ("Sep 1938", "1938-09"),
        ("1951 to 1953", "1951/1953"),
        ("01 Jan 1961 to 31 Dec 1962", "1961-01-01/1962-12-31"),
        ("Mar 1962 to Feb 1963", "1962-03/1963-02"),
        ("circa 07 Jul 1966", "1966-07-07~"),
        ("circa 1979-1982", "1979~/1982~"),
    ] {
        let loaded = party(
            &format!("DOB {text}; alt. DOB 1900; POB Xudur, Somalia; nationality Eritrea; citizen Iran."),
            "individual",
        );
        let person = entity(&loaded, "ofac-7");
        assert_eq!(values(person, "birthDate"), [date, "1900"]);
        assert_eq!(values(person, "birthPlace"), ["Xudur, Somalia"]);
        assert_eq!((values(person, "birthCountry"), values(person, "nationality")), (vec!["so"], vec!["er"]));
        assert_eq!(values(person, "citizenship"), ["ir"]);
    }
}

#[test]
fn an_impossible_birth_date_is_warned_of_and_kept_as_a_note() {
    let loaded = party("DOB 31 Feb 1961; Gender Male.", "individual");
    let person = entity(&loaded, "ofac-7");
    assert!(person.get("birthDate").is_empty());
    assert_eq!(values(person, "notes"), ["DOB: 31 Feb 1961"]);
    assert_eq!(values(person, "gender"), ["male"]);
    let warning = &loaded.reconciliation.warnings[0];
    assert_eq!((warning.file.as_str(), warning.line), ("SDN.CSV", 1));
    assert!(warning.reason.contains("`DOB`") && warning.reason.contains("31 Feb 1961"), "{}", warning.reason);
}

#[test]
fn documents_stand_on_the_party_and_by_themselves() {
    let loaded = party(
        "Passport 0310857 (Eritrea) issued 21 Aug 2006 expires 20 Aug 2008; alt. Passport 19820215; National ID No. 1372584 (Kenya); SSN 523-33-8386 \
         (United States); Tax ID No. 500100732259 (Russia).",
        "individual",
    );
    let person = entity(&loaded, "ofac-7");
    assert_eq!(values(person, "passportNumber"), ["0310857", "19820215"]);
    assert_eq!(values(person, "idNumber"), ["1372584", "523-33-8386"]);
    assert_eq!(values(person, "taxNumber"), ["500100732259"]);
    assert_eq!(values(person, "innCode"), ["500100732259"]);
    let passport = entity(&loaded, "ofac-7-id-0310857");
    assert_eq!(passport.schema, Schema::passport());
    for (property, value) in [
        ("holder", "ofac-7"),
        ("number", "0310857"),
        ("country", "er"),
        ("startDate", "2006-08-21"),
        ("endDate", "2008-08-20"),
        ("type", "Passport"),
    ] {
        assert_eq!(values(passport, property), [value]);
    }
    assert_eq!(entity(&loaded, "ofac-7-id-1372584").schema, Schema::identification());
}

#[test]
fn numbers_of_organizations_go_to_their_registers() {
    let loaded = party(
        "SWIFT/BIC SABRRUMM; Website www.example.com; alt. Website example.org; Email Address a@example.com; Phone Number 982188526300; Company Number IMO 5055293; \
         Registration Number 1027700132195 (Russia); Tax ID No. 7707083893 (Russia); Legal Entity Number 253400WSS48YWMBUA688; D-U-N-S Number 542957624; \
         Unified Social Credit Code (USCC) 91110000600037341L (China); Organization Established Date 1969; Organization Type: Real estate activities; \
         Target Type Financial Institution; Trade License No. C 50905 (Malta).",
        "",
    );
    let party = entity(&loaded, "ofac-7");
    for (property, value) in [
        ("swiftBic", "SABRRUMM"),
        ("email", "a@example.com"),
        ("phone", "982188526300"),
        ("imoNumber", "5055293"),
        ("ogrnCode", "1027700132195"),
        ("innCode", "7707083893"),
        ("dunsCode", "542957624"),
        ("uscCode", "91110000600037341L"),
        ("incorporationDate", "1969"),
        ("sector", "Real estate activities"),
        ("classification", "Financial Institution"),
        ("licenseNumber", "C 50905"),
    ] {
        assert_eq!(values(party, property), [value], "{property}");
    }
    assert_eq!(values(party, "website"), ["www.example.com", "example.org"]);
    let lei = if party.get("leiCode").is_empty() { "registrationNumber" } else { "leiCode" };
    assert!(party.has(lei, "253400WSS48YWMBUA688"));
}

#[test]
fn what_is_said_of_the_sanction_stands_on_the_sanction() {
    let loaded = party(
        "Secondary sanctions risk: North Korea Sanctions Regulations, sections 510.201 and 510.210; Transactions Prohibited For Persons Owned or Controlled By \
         U.S. Financial Institutions: North Korea Sanctions Regulations section 510.214; Listing Date (EO 14024 Directive 2): 24 Feb 2022; Effective Date (EO \
         14024 Directive 2): 26 Mar 2022; all offices worldwide.",
        "",
    );
    let sanction = entity(&loaded, "ofac-7-sanction-sdn");
    let provisions = values(sanction, "provisions");
    assert_eq!(provisions.len(), 4);
    assert_eq!(
        provisions[0],
        "Secondary sanctions risk: North Korea Sanctions Regulations, sections 510.201 and 510.210"
    );
    assert_eq!(values(sanction, "listingDate"), ["2022-02-24"]);
    assert_eq!(values(sanction, "startDate"), ["2022-03-26"]);
    assert_eq!(values(entity(&loaded, "ofac-7"), "notes"), ["all offices worldwide"]);
}

/// Remarks of exactly 1000 characters that break off within the last item.
fn cut(beginning: &str, last: &str) -> String {
    let fill = 1000 - beginning.len() - last.len() - "; ".len();
    format!("{beginning}{}; {last}", "x".repeat(fill))
}

#[test]
fn remarks_that_are_cut_go_on_in_the_comments_even_within_a_wallet() {
    let sdn =
        row(7, "CHATEX", "", "CYBER2", &cut("Website chatex.com; ", "Digital Currency Address - XBT 12QtD5BFwRsd"));
    let comments = "7,\"NsAZY76UVE1xyCGNTojH9h; alt. Digital Currency Address - ETH 0x72a5843cc08275C8171E582972Aa4fDa8C397B2A.\"\r\n";
    let loaded = set(&sdn, "", "", comments).unwrap();
    let wallet = entity(&loaded, "ofac-7-wallet-xbt-12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h");
    assert_eq!(values(wallet, "publicKey"), ["12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h"]);
    assert_eq!((values(wallet, "currency"), values(wallet, "holder")), (vec!["XBT"], vec!["ofac-7"]));
    entity(&loaded, "ofac-7-wallet-eth-0x72a5843cc08275C8171E582972Aa4fDa8C397B2A");
    assert!(loaded.reconciliation.warnings.is_empty(), "{:?}", loaded.reconciliation.warnings);
}

#[test]
fn comments_of_another_release_are_reported() {
    let sdn = row(7, "A", "", "SDGT", &cut("", "Linked To: SOMEBO")) + &row(8, "B", "", "SDGT", "Website b.com.");
    let loaded = set(&sdn, "", "", "12300,\"Z S.A.S.\"\r\n8,\"not cut\"\r\n").unwrap();
    let warnings: Vec<_> =
        loaded.reconciliation.warnings.iter().map(|warning| (warning.line, warning.reason.as_str())).collect();
    assert_eq!(
        warnings,
        [
            (1, "remarks are cut at 1000 characters and the comments have no continuation"),
            (2, "a comment continues remarks that are not cut; kept as a note"),
            (1, "comment of key 12300, which has no row in sdn.csv"),
        ]
    );
    assert!(entity(&loaded, "ofac-8").has("notes", "not cut"));
}

#[test]
fn half_a_number_of_remarks_that_are_cut_is_a_note() {
    let sdn =
        row(7, "A, B", "individual", "SDGT", &cut("Passport A1234567 (Iran); ", "Digital Currency Address - XBT 1Gq"));
    let loaded = set(&sdn, "", "", "").unwrap();
    assert!(entity(&loaded, "ofac-7").has("passportNumber", "A1234567"));
    assert!(loaded.entities.iter().all(|entity| !entity.id.contains("wallet")));
    assert!(values(entity(&loaded, "ofac-7"), "notes").iter().any(|note| note.ends_with("XBT 1Gq")));
}

#[test]
fn titles_are_honorifics_or_offices() {
    let sdn = "7,\"X, Y\",\"individual\",\"SDGT\",\"Haji; Minister of Industry\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"Minister of Industry; Alternate Title: Colonel.\"\r\n";
    let loaded = set(sdn, "", "", "").unwrap();
    let person = entity(&loaded, "ofac-7");
    assert_eq!(values(person, "title"), ["Haji"]);
    assert_eq!(values(person, "position"), ["Minister of Industry", "Colonel"]);
    assert!(person.get("notes").is_empty());
}

#[test]
fn a_bad_row_is_refused_and_a_missing_column_ends_the_list() {
    let mut sdn: String = (1..=1500).map(|key| row(key, "A", "", "SDGT", "")).collect();
    sdn.push_str("x,\"B\",-0- ,\"SDGT\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n");
    let loaded = set(&sdn, "", "", "").unwrap();
    assert_eq!(loaded.reconciliation.refused.len(), 1);
    assert_eq!(loaded.reconciliation.refused[0].line, 1501);
    let error = set("36,\"A\",-0- \r\n", "", "", "").unwrap_err();
    assert!(matches!(error.kind, ReadErrorKind::MissingColumn { .. }), "{error}");
    let error = set(&(row(36, "A", "", "X", "") + &row(36, "B", "", "X", "")), "", "", "").unwrap_err();
    assert_eq!((error.line, error.to_string().contains("key `36`")), (2, true), "{error}");
    let error = set("", "", "", "").unwrap_err();
    assert!(matches!(error.kind, ReadErrorKind::Empty), "{error}");
    let error = set("<!DOCTYPE html><html>", "", "", "").unwrap_err();
    assert!(matches!(error.kind, ReadErrorKind::Html { .. }), "{error}");
}

#[test]
fn aliases_of_another_release_end_the_list() {
    let alt = (1..=20).map(|key| format!("{key},1,\"aka\",\"N{key}\",-0- \r\n")).collect::<Vec<_>>().concat();
    let error = set(&row(1, "A", "", "SDGT", ""), "", &alt, "").unwrap_err();
    assert_eq!(error.to_string(), "ALT.CSV:2: field `ent_num`: \"2\" is not a key of sdn.csv");
}

#[test]
fn the_other_lists_have_the_same_layout_under_other_names() {
    let loaded = try_read(
        Format::OfacConsCsv,
        &[
            ("CONS_PRIM.CSV", &marked(&row(9639, "HANIYA, Ismail", "individual", "NS-PLC", "DOB 1962."))),
            ("CONS_ADD.CSV", &marked("")),
            ("CONS_ALT.CSV", &marked("")),
            ("CONS_COMMENTS.CSV", &marked("")),
        ],
    )
    .unwrap();
    assert_eq!(values(entity(&loaded, "ofac-9639"), "birthDate"), ["1962"]);
    entity(&loaded, "ofac-9639-sanction-cons");
}

const SDN_SET: [&str; 4] = ["sdn.csv", "add.csv", "alt.csv", "sdn_comments.csv"];

fn paths(folder: &str, names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("{folder}/{name}")).collect()
}

fn shared_set(
    format: Format,
    id: &str,
    folder: &str,
    names: &[&str],
    alone: bool,
) -> Option<Result<Loaded, ReadError>> {
    let paths = paths(folder, names);
    shared_list(format, id, &paths.iter().map(String::as_str).collect::<Vec<_>>(), alone)
}

#[test]
fn shared_whole_sets_load_with_the_counts_of_the_manifest() {
    for (folder, rows, warnings) in [("us_ofac_sdn/2021-07", 8976, 0), ("us_ofac_sdn/2023-12-28", 13821, 10)] {
        let Some(loaded) = shared_set(Format::OfacSdnCsv, "us_ofac_sdn", folder, &SDN_SET, false) else { return };
        let account = loaded.unwrap().reconciliation;
        assert_eq!((account.records, account.loaded), (rows, rows), "{folder}");
        assert_eq!(account.warnings.len(), warnings, "{:#?}", account.warnings);
    }
    let names = ["cons_prim.csv", "cons_add.csv", "cons_alt.csv", "cons_comments.csv"];
    let Some(loaded) = shared_set(Format::OfacConsCsv, "us_ofac_cons", "us_ofac_cons", &names, false) else { return };
    let account = loaded.unwrap().reconciliation;
    assert_eq!((account.records, account.loaded), (442, 442));
}

#[test]
fn shared_sets_that_lack_files_are_refused_or_partial() {
    for (folder, rows) in [("us_ofac_sdn/2024-05-02", 14973), ("us_ofac_sdn/2024-05-03", 14965)] {
        let Some(refused) = shared_set(Format::OfacSdnCsv, "us_ofac_sdn", folder, &["sdn.csv"], false) else { return };
        assert!(matches!(refused.unwrap_err().kind, ReadErrorKind::MissingFile { name: "add.csv", .. }));
        let loaded = shared_set(Format::OfacSdnCsv, "us_ofac_sdn", folder, &["sdn.csv"], true).unwrap().unwrap();
        assert_eq!(loaded.reconciliation.loaded, rows);
        assert!(loaded.reconciliation.partial.is_some());
    }
    let names = ["add.csv", "alt.csv", "sdn_comments.csv"];
    let refused =
        shared_set(Format::OfacSdnCsv, "us_ofac_sdn", "us_ofac_sdn/2025-12_without_sdn", &names, false).unwrap();
    assert!(matches!(refused.unwrap_err().kind, ReadErrorKind::MissingFile { name: "sdn.csv", .. }));
    let refused = shared_set(Format::OfacSdnCsv, "us_ofac_sdn", "us_ofac_sdn/2016", &["sdnlist.txt"], true).unwrap();
    assert!(matches!(refused.unwrap_err().kind, ReadErrorKind::MissingFile { name: "sdn.csv", .. }));
}

/// Every alias, weak alias and number of the published set, read here in another way, is on its entity.
#[test]
fn shared_every_name_and_number_of_the_set_is_on_its_entity() {
    let folder = "us_ofac_sdn/2023-12-28";
    let Some(loaded) = shared_set(Format::OfacSdnCsv, "us_ofac_sdn", folder, &SDN_SET, false) else { return };
    let loaded = loaded.unwrap();
    let by_id: std::collections::BTreeMap<&str, &Entity> =
        loaded.entities.iter().map(|entity| (entity.id.as_str(), entity)).collect();
    let words = |text: &str| {
        let mut words: Vec<String> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_uppercase).collect();
        words.sort();
        words
    };
    let names = |key: &str, property: &str| -> Vec<Vec<String>> {
        let party = by_id[format!("ofac-{key}").as_str()];
        party.get(property).iter().map(|value| words(&value.text)).collect()
    };
    let file = |name: &str| String::from_utf8(shared(&format!("{folder}/{name}")).unwrap().bytes).unwrap();
    let (mut asked, mut lost) = (0, Vec::new());
    for line in file("alt.csv").lines().filter(|line| line.len() > 1) {
        let parts: Vec<&str> = line.splitn(4, ',').collect();
        let name = parts[3].rsplit_once(',').unwrap().0.trim_matches('"');
        let property = match parts[2] {
            "\"fka\"" => "previousName",
            "\"nka\"" => "name",
            _ => "alias",
        };
        asked += 1;
        if !names(parts[0], property).contains(&words(name)) {
            lost.push(line.to_owned());
        }
    }
    for line in file("sdn.csv").lines().filter(|line| line.len() > 1) {
        let key = line.split(',').next().unwrap();
        let party = by_id[format!("ofac-{key}").as_str()];
        for weak in line
            .split("a.k.a. '")
            .skip(1)
            .filter_map(|rest| rest.split("';").next().filter(|name| name.len() < rest.len()))
        {
            asked += 1;
            if !names(key, "weakAlias").contains(&words(weak)) {
                lost.push(format!("{key} weak {weak}"));
            }
        }
        for (label, properties) in [
            ("Passport ", &["passportNumber", "idNumber"][..]),
            ("National ID No. ", &["idNumber"]),
            ("Tax ID No. ", &["taxNumber"]),
            ("Registration Number ", &["registrationNumber"]),
            ("Cedula No. ", &["idNumber"]),
            ("C.U.R.P. ", &["idNumber"]),
            ("R.F.C. ", &["taxNumber"]),
            ("Vessel Registration Identification IMO ", &["imoNumber"]),
            ("MMSI ", &["mmsi"]),
            ("SWIFT/BIC ", &["swiftBic"]),
            ("Aircraft Tail Number ", &["registrationNumber"]),
        ] {
            for item in line.split("; ").map(|item| item.rsplit('"').find(|part| part.len() > 2).unwrap_or(item)) {
                let Some(rest) = item.strip_prefix("alt. ").unwrap_or(item).strip_prefix(label) else { continue };
                let number =
                    rest.split(" (").next().unwrap().split(" issued").next().unwrap().split(" expires").next().unwrap();
                let number = number.trim_end_matches('.');
                asked += 1;
                if !properties
                    .iter()
                    .any(|property| party.get(property).iter().any(|value| value.text.trim_end_matches('.') == number))
                {
                    lost.push(format!("{key} {item}"));
                }
            }
        }
        for item in line.split("Digital Currency Address - ").skip(1) {
            let mut words = item.split([' ', ';', '"', '.']);
            let (ticker, address) = (words.next().unwrap().to_lowercase(), words.next().unwrap());
            let whole = item.contains(';') || item.contains('.');
            asked += 1;
            if whole && !by_id.contains_key(format!("ofac-{key}-wallet-{ticker}-{address}").as_str()) {
                lost.push(format!("{key} wallet {address}"));
            }
        }
    }
    println!(
        "{asked} names and numbers asked for, {} lost: {:#?}",
        lost.len(),
        lost.iter().take(40).collect::<Vec<_>>()
    );
    assert!(asked > 25_000, "{asked}");
    assert!(lost.len() * 1000 < asked, "{} of {asked} lost", lost.len());
}
