//! The list of the UN Security Council.

use std::collections::BTreeMap;

use interdict_model::{Entity, Schema};
use interdict_sources::{Format, Loaded, ReadErrorKind};

use crate::support::{entity, refusal, shared_list, try_read, values};

fn list(records: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CONSOLIDATED_LIST dateGenerated=\"2026-04-17T23:00:06.464Z\">\n<INDIVIDUALS>\n{records}\n</INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>"
    )
}

fn person(inside: &str) -> Loaded {
    let record = format!(
        "<INDIVIDUAL><DATAID>7</DATAID><FIRST_NAME>ONE</FIRST_NAME><REFERENCE_NUMBER>QDi.007</REFERENCE_NUMBER>{inside}</INDIVIDUAL>"
    );
    try_read(Format::UnScXml, &[("un.xml", list(&record).as_bytes())]).unwrap()
}

fn organization(inside: &str) -> Loaded {
    let record = format!("<ENTITY><DATAID>8</DATAID><FIRST_NAME>FIRM</FIRST_NAME>{inside}</ENTITY>");
    try_read(Format::UnScXml, &[("un.xml", list(&record).as_bytes())]).unwrap()
}

fn one(loaded: &Loaded, schema: Schema) -> &Entity {
    loaded.entities.iter().find(|entity| entity.schema == schema).unwrap_or_else(|| panic!("no {schema}"))
}

#[test]
fn the_version_is_the_day_in_the_file_and_values_cite_reference_and_line() {
    let loaded = person("");
    assert_eq!(loaded.version, "2026-04-17");
    assert_eq!(entity(&loaded, "unsc-7").get("name")[0].origin.record(), "QDi.007 (un.xml:4)");
    let zoned = list("<ENTITY><DATAID>8</DATAID><FIRST_NAME>F</FIRST_NAME></ENTITY>")
        .replace("2026-04-17T23:00:06.464Z", "2020-03-20T19:09:21.822-04:00");
    assert_eq!(try_read(Format::UnScXml, &[("un.xml", zoned.as_bytes())]).unwrap().version, "2020-03-20");
}

#[test]
fn two_records_of_one_key_are_an_error() {
    let record = "<ENTITY><DATAID>8</DATAID><FIRST_NAME>F</FIRST_NAME></ENTITY>";
    let kind = refusal(Format::UnScXml, "un.xml", list(&record.repeat(2)).as_bytes());
    assert!(matches!(kind, ReadErrorKind::DuplicateKey { .. }), "{kind}");
}

#[test]
fn elements_that_are_not_known_become_notes_and_break_nothing() {
    let loaded = person(
        "<HAS_INTERPOL_LINK>YES</HAS_INTERPOL_LINK><INTERPOL_LINK>https://example.org/n</INTERPOL_LINK><SHOE_SIZE><VALUE>44</VALUE></SHOE_SIZE>\
         <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>X123456</NUMBER><DATE_OF_EXPIRY>2026-12-11</DATE_OF_EXPIRY></INDIVIDUAL_DOCUMENT>",
    );
    let party = entity(&loaded, "unsc-7");
    assert_eq!(values(party, "notes"), ["VALUE: 44"]);
    assert_eq!(values(party, "sourceUrl"), ["https://example.org/n"]);
    assert_eq!(values(one(&loaded, Schema::passport()), "endDate"), ["2026-12-11"]);
}

#[test]
fn aliases_have_names_in_their_own_script() {
    let loaded = person(
        "<NAME_ORIGINAL_SCRIPT>عامر</NAME_ORIGINAL_SCRIPT>\
         <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Two</ALIAS_NAME><NAME_ORIGINAL_SCRIPT>اثنان؛ ثلاثة</NAME_ORIGINAL_SCRIPT></INDIVIDUAL_ALIAS>\
         <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Three</ALIAS_NAME><NOTE>original script: Три</NOTE></INDIVIDUAL_ALIAS>",
    );
    let party = entity(&loaded, "unsc-7");
    assert_eq!(values(party, "alias"), ["عامر", "Two", "اثنان", "ثلاثة"]);
    assert_eq!(values(party, "weakAlias"), ["Three", "Три"]);
    assert!(values(party, "notes").is_empty());
}

#[test]
fn names_lose_their_outer_blanks() {
    let loaded =
        person("<SECOND_NAME>HAMDAN </SECOND_NAME><THIRD_NAME> AHMED </THIRD_NAME><FOURTH_NAME>na</FOURTH_NAME>");
    let party = entity(&loaded, "unsc-7");
    assert_eq!(values(party, "name"), ["ONE HAMDAN AHMED"]);
    assert_eq!(values(party, "middleName"), ["AHMED"]);
    assert!(party.get("lastName").is_empty());
}

#[test]
fn aliases_may_be_empty_or_several_and_tell_their_quality() {
    let loaded = person(
        "<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>\
         <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>A One; B Two</ALIAS_NAME></INDIVIDUAL_ALIAS>\
         <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Yusuf</ALIAS_NAME><NOTE>nom de guerre</NOTE></INDIVIDUAL_ALIAS>\
         <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Old Name</ALIAS_NAME><NOTE>previously listed as</NOTE></INDIVIDUAL_ALIAS>",
    );
    let party = entity(&loaded, "unsc-7");
    assert_eq!(values(party, "alias"), ["A One", "B Two"]);
    assert_eq!(values(party, "weakAlias"), ["Yusuf"]);
    assert_eq!(values(party, "previousName"), ["Old Name"]);
    assert_eq!(values(party, "notes"), ["alias Yusuf: nom de guerre", "alias Old Name: previously listed as"]);
    let firm = organization(
        "<ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>ALSO</ALIAS_NAME></ENTITY_ALIAS><ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>ONCE</ALIAS_NAME></ENTITY_ALIAS>",
    );
    let party = entity(&firm, "unsc-8");
    assert_eq!(party.schema, Schema::legal_entity());
    assert_eq!((values(party, "alias"), values(party, "previousName")), (vec!["ALSO"], vec!["ONCE"]));
}

#[test]
fn every_kind_of_birth_date_is_read_and_bounds_stay_bounds() {
    for (inside, date, note) in [
        ("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1973-03-06</DATE>", "1973-03-06", ""),
        ("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1954</YEAR>", "1954", ""),
        ("<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1963</YEAR>", "1963~", ""),
        ("<TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1977</FROM_YEAR><TO_YEAR>1982</TO_YEAR>", "1977/1982", ""),
        (
            "<TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1940</FROM_YEAR><TO_YEAR>1941</TO_YEAR><NOTE>Approximately</NOTE>",
            "1940~/1941~",
            "",
        ),
        ("<TYPE_OF_DATE/>", "", ""),
        ("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>Nov. 1973</NOTE>", "1973-11", ""),
        (
            "<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>24/06/1402 (Hijri Calendar)</NOTE>",
            "",
            "date of birth: 24/06/1402 (Hijri Calendar)",
        ),
    ] {
        let loaded = person(&format!("<INDIVIDUAL_DATE_OF_BIRTH>{inside}</INDIVIDUAL_DATE_OF_BIRTH>"));
        let party = entity(&loaded, "unsc-7");
        assert_eq!(values(party, "birthDate").join(" "), date, "{inside}");
        assert_eq!(values(party, "notes").join(" "), note, "{inside}");
    }
}

#[test]
fn an_impossible_date_is_warned_of_with_its_line_and_kept_as_a_note() {
    let loaded = person("<INDIVIDUAL_DATE_OF_BIRTH><DATE>1961-13-02</DATE></INDIVIDUAL_DATE_OF_BIRTH>");
    let warning = &loaded.reconciliation.warnings[0];
    assert_eq!((warning.file.as_str(), warning.line), ("un.xml", 4));
    assert!(
        warning.reason.contains("INDIVIDUAL_DATE_OF_BIRTH") && warning.reason.contains("1961-13-02"),
        "{warning:?}"
    );
    assert_eq!(values(entity(&loaded, "unsc-7"), "notes"), ["INDIVIDUAL_DATE_OF_BIRTH: 1961-13-02"]);
    assert_eq!(loaded.reconciliation.loaded, 1);
}

#[test]
fn documents_may_be_empty_in_other_languages_or_broken_across_lines() {
    let loaded = person(
        "<INDIVIDUAL_DOCUMENT/><INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT/></INDIVIDUAL_DOCUMENT>\
         <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Numéro de passeport </TYPE_OF_DOCUMENT><NUMBER>A 0141062</NUMBER><ISSUING_COUNTRY>Sudan</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT>\
         <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>National Identification\n       Number</TYPE_OF_DOCUMENT><NUMBER>8505</NUMBER></INDIVIDUAL_DOCUMENT>\
         <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Número de pasaporte</TYPE_OF_DOCUMENT><NUMBER>Qatari passport number 00868774</NUMBER><NOTE>expired on 27 Apr. 2014</NOTE></INDIVIDUAL_DOCUMENT>",
    );
    let party = entity(&loaded, "unsc-7");
    assert_eq!(values(party, "passportNumber"), ["A 0141062", "00868774"]);
    assert_eq!(values(party, "idNumber"), ["8505"]);
    assert!(values(party, "notes").is_empty());
    let qatari = entity(&loaded, "unsc-7-id-00868774");
    assert_eq!((values(qatari, "country"), values(qatari, "endDate")), (vec!["qa"], vec!["2014-04-27"]));
    assert_eq!(values(entity(&loaded, "unsc-7-id-8505"), "type"), ["National Identification Number"]);
}

#[test]
fn empty_addresses_say_nothing() {
    let loaded = organization(
        "<ENTITY_ADDRESS><COUNTRY/></ENTITY_ADDRESS><ENTITY_ADDRESS/>\
         <ENTITY_ADDRESS><CITY>Karachi</CITY><COUNTRY>Pakistan</COUNTRY><NOTE>at time of listing</NOTE></ENTITY_ADDRESS>",
    );
    let party = entity(&loaded, "unsc-8");
    assert_eq!((values(party, "address"), values(party, "country")), (vec!["Karachi, Pakistan"], vec!["pk"]));
    assert_eq!(values(party, "notes"), ["address: at time of listing"]);
}

#[test]
fn days_of_listing_and_of_every_update_stand_on_the_sanction() {
    let loaded = person(
        "<LISTED_ON>2014-09-23</LISTED_ON><LAST_DAY_UPDATED><VALUE>2017-02-15</VALUE><VALUE>2019-05-01</VALUE><VALUE/></LAST_DAY_UPDATED>",
    );
    let sanction = entity(&loaded, "unsc-7-sanction");
    assert_eq!(
        (values(sanction, "listingDate"), values(sanction, "startDate")),
        (vec!["2014-09-23"], vec!["2014-09-23"])
    );
    assert_eq!(values(sanction, "modifiedAt"), ["2017-02-15", "2019-05-01"]);
    assert_eq!((values(sanction, "unscId"), values(sanction, "endDate")), (vec!["QDi.007"], vec![]));
}

#[test]
fn a_ships_number_in_a_comment_is_not_the_partys_own() {
    let comment = "Registered owner of CHON MYONG 1, a vessel. IMO number: 5571322.";
    let loaded = organization(&format!("<COMMENTS1>{comment}</COMMENTS1>"));
    let party = entity(&loaded, "unsc-8");
    assert!(party.get("imoNumber").is_empty() && party.get("registrationNumber").is_empty());
    assert_eq!(values(party, "notes"), [comment]);
}

#[test]
fn gb_is_the_programme_of_guinea_bissau_and_no_country() {
    let loaded = person("<UN_LIST_TYPE>GB</UN_LIST_TYPE><NATIONALITY><VALUE>Guinea-Bissau</VALUE></NATIONALITY>");
    let party = entity(&loaded, "unsc-7");
    assert_eq!((values(party, "program"), values(party, "nationality")), (vec!["GB"], vec!["gw"]));
    assert!(party.get("country").is_empty());
}

#[test]
fn offices_titles_and_sex_have_their_places() {
    let loaded = person(
        "<TITLE><VALUE>Maulavi</VALUE></TITLE><DESIGNATION><VALUE>Minister</VALUE></DESIGNATION><COMMENTS1>Gender: Male. Tall.</COMMENTS1>",
    );
    let party = entity(&loaded, "unsc-7");
    assert_eq!(
        (values(party, "title"), values(party, "position"), values(party, "gender")),
        (vec!["Maulavi"], vec!["Minister"], vec!["male"])
    );
}

#[test]
fn what_is_not_the_list_is_refused() {
    let whole = list("<ENTITY><DATAID>8</DATAID><FIRST_NAME>F</FIRST_NAME></ENTITY>");
    let kind = |text: &str| refusal(Format::UnScXml, "un.xml", text.as_bytes());
    assert!(matches!(kind("<!DOCTYPE html><html></html>"), ReadErrorKind::Html { .. }));
    assert!(matches!(kind("<sdnList/>"), ReadErrorKind::MissingElement { .. }));
    assert!(matches!(kind(&whole[..whole.len() - 30]), ReadErrorKind::Truncated { .. }));
    assert!(matches!(kind(&format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{}", &whole[38..])), ReadErrorKind::Doctype));
    assert!(matches!(kind(&list("")), ReadErrorKind::Empty));
    assert!(matches!(
        kind(&whole.replace("2026-04-17T23", "17 April")),
        ReadErrorKind::Field { field: "dateGenerated", .. }
    ));
}

#[test]
fn shared_all_four_files_load_whole() {
    for (file, records, version) in [
        ("un_sc/consolidated_2020-03-20.xml", 709 + 305, "2020-03-20"),
        ("un_sc/consolidated_2025-04-19.xml", 684 + 193, "2025-04-19"),
        ("un_sc/consolidated_2026-02-27.xml", 730 + 273, "2026-02-27"),
        ("un_sc/consolidated_2026-04-17.xml", 733 + 272, "2026-04-17"),
    ] {
        let Some(loaded) = shared_list(Format::UnScXml, "un_sc", &[file], false) else { return };
        let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(loaded.reconciliation.records, records, "{file}");
        assert!(loaded.reconciliation.refused.is_empty(), "{:?}", loaded.reconciliation.refused);
        assert_eq!(loaded.version, version);
    }
}

/// Parties by id, each with the values of one of its properties in order.
fn parties<'a>(loaded: &'a Loaded, of: impl Fn(&'a Entity) -> Vec<&'a str>) -> BTreeMap<&'a str, Vec<&'a str>> {
    let is_party = |entity: &&Entity| entity.schema.is_a(Schema::legal_entity());
    let mut parties: BTreeMap<&str, Vec<&str>> =
        loaded.entities.iter().filter(is_party).map(|entity| (entity.id.as_str(), of(entity))).collect();
    for values in parties.values_mut() {
        values.sort_unstable();
    }
    parties
}

#[test]
fn shared_between_two_releases_three_were_added_and_one_removed() {
    let list = |file| shared_list(Format::UnScXml, "un_sc", &[file], false);
    let (Some(old), Some(new)) = (list("un_sc/consolidated_2026-02-27.xml"), list("un_sc/consolidated_2026-04-17.xml"))
    else {
        return;
    };
    let (old, new) = (old.unwrap(), new.unwrap());
    let reference = |loaded: &Loaded, id: &str| {
        entity(loaded, &format!("{id}-sanction")).first("unscId").unwrap_or_default().to_owned()
    };
    let (before, after) = (parties(&old, |_| Vec::new()), parties(&new, |_| Vec::new()));
    let mut added: Vec<String> =
        after.keys().filter(|id| !before.contains_key(*id)).map(|id| reference(&new, id)).collect();
    added.sort_unstable();
    let removed: Vec<String> =
        before.keys().filter(|id| !after.contains_key(*id)).map(|id| reference(&old, id)).collect();
    assert_eq!(
        (added, removed),
        (["QDi.437", "QDi.438", "QDi.439"].map(str::to_owned).to_vec(), vec!["QDe.137".to_owned()])
    );
    // Nearly all records differ in their bytes; what they say of their updates differs for 25.
    let updates = |loaded: &Loaded| -> BTreeMap<String, Vec<String>> {
        let sanctions = loaded.entities.iter().filter(|entity| entity.schema == Schema::sanction());
        sanctions
            .map(|sanction| {
                (sanction.id.clone(), values(sanction, "modifiedAt").into_iter().map(str::to_owned).collect())
            })
            .collect()
    };
    let (before, after) = (updates(&old), updates(&new));
    let changed = after.iter().filter(|(id, days)| before.get(*id).is_some_and(|known| known != *days)).count();
    assert_eq!(changed, 25);
}
