//! The UN list: its traps, on files written for them, and the published files where they are at hand.

use interdict_model::PropertyType;
use interdict_sources::{Format, ReadErrorKind};

use crate::support::{entity, shared_list, try_read, values};

/// A list of these parties.
fn list(parties: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><CONSOLIDATED_LIST dateGenerated=\"2026-04-17T23:00:06Z\">{parties}</CONSOLIDATED_LIST>"
    )
}

fn person(fields: &str) -> String {
    list(&format!(
        "<INDIVIDUALS><INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME> PETR </FIRST_NAME><SECOND_NAME>IVANOV</SECOND_NAME>\
         <UN_LIST_TYPE>GB</UN_LIST_TYPE><REFERENCE_NUMBER>QDi.001</REFERENCE_NUMBER><LISTED_ON>2014-09-23</LISTED_ON>{fields}\
         </INDIVIDUAL></INDIVIDUALS>"
    ))
}

fn read_one(text: &str) -> interdict_sources::Loaded {
    try_read(Format::UnScXml, &[("un.xml", text.as_bytes())]).unwrap()
}

#[test]
fn names_lose_their_outer_spaces_and_the_version_is_the_day_of_the_file() {
    let loaded = read_one(&person(""));
    let party = entity(&loaded, "unsc-1");
    assert_eq!(values(party, "name"), ["PETR IVANOV"]);
    assert_eq!(loaded.version, "2026-04-17");
    let listing = entity(&loaded, "unsc-1-sanction");
    assert_eq!(values(listing, "unscId"), ["QDi.001"]);
    assert_eq!(values(listing, "listingDate"), ["2014-09-23"]);
}

#[test]
fn aliases_may_be_empty_or_several_and_have_their_quality_and_script() {
    let alias = |quality: &str, name: &str, script: &str| {
        format!(
            "<INDIVIDUAL_ALIAS><QUALITY>{quality}</QUALITY><ALIAS_NAME>{name}</ALIAS_NAME>\
             <NAME_ORIGINAL_SCRIPT>{script}</NAME_ORIGINAL_SCRIPT></INDIVIDUAL_ALIAS>"
        )
    };
    let fields = [
        alias("", "", ""),
        alias("Good", "ABU A; ABU B", "أبو"),
        alias("Low", "PETYA", ""),
        alias("f.k.a.", "OLD NAME", ""),
    ];
    let loaded = read_one(&person(&fields.concat()));
    let party = entity(&loaded, "unsc-1");
    assert_eq!(values(party, "alias"), ["ABU A", "ABU B", "أبو"]);
    assert_eq!(values(party, "weakAlias"), ["PETYA"]);
    assert_eq!(values(party, "previousName"), ["OLD NAME"]);
}

#[test]
fn birth_dates_are_exact_approximate_or_a_range_that_is_kept() {
    let date = |inner: &str| format!("<INDIVIDUAL_DATE_OF_BIRTH>{inner}</INDIVIDUAL_DATE_OF_BIRTH>");
    let fields = [
        date("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1961-03-02</DATE>"),
        date("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1962</YEAR>"),
        date("<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1963</YEAR>"),
        date("<TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1970</FROM_YEAR><TO_YEAR>1973</TO_YEAR>"),
        date("<TYPE_OF_DATE/>"),
        date("<NOTE>in winter</NOTE>"),
    ];
    let loaded = read_one(&person(&fields.concat()));
    let party = entity(&loaded, "unsc-1");
    assert_eq!(values(party, "birthDate"), ["1961-03-02", "1962", "1963~", "1970/1973"]);
    assert!(values(party, "notes").iter().any(|note| note.contains("in winter")));
}

#[test]
fn an_impossible_birth_date_is_a_warning_and_a_note_and_costs_no_record() {
    let loaded = read_one(&person(
        "<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1961-13-02</DATE></INDIVIDUAL_DATE_OF_BIRTH>",
    ));
    assert_eq!(loaded.reconciliation.loaded, 1);
    assert!(loaded.reconciliation.warnings[0].reason.contains("1961-13-02"));
    assert!(values(entity(&loaded, "unsc-1"), "notes").iter().any(|note| note.contains("1961-13-02")));
}

#[test]
fn documents_may_be_empty_named_in_french_or_broken_across_lines() {
    let fields = "<INDIVIDUAL_DOCUMENT/><INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Numéro de\n passeport </TYPE_OF_DOCUMENT>\
        <NUMBER>AB 123456</NUMBER><ISSUING_COUNTRY>France</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT>\
        <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>National Identification Number</TYPE_OF_DOCUMENT><NUMBER>778899</NUMBER>\
        </INDIVIDUAL_DOCUMENT>";
    let loaded = read_one(&person(fields));
    let party = entity(&loaded, "unsc-1");
    assert_eq!(values(party, "passportNumber"), ["AB 123456"]);
    assert_eq!(values(party, "idNumber"), ["778899"]);
    let paper = entity(&loaded, "unsc-1-document-2");
    assert_eq!((values(paper, "holder"), values(paper, "country")), (vec!["unsc-1"], vec!["fr"]));
    assert_eq!(values(paper, "type"), ["Numéro de passeport"]);
}

#[test]
fn unknown_elements_are_kept_as_notes_and_a_list_type_is_no_country() {
    let loaded = read_one(&person("<NEW_FIELD>something new</NEW_FIELD>"));
    let party = entity(&loaded, "unsc-1");
    assert!(values(party, "notes").iter().any(|note| note.contains("something new")));
    assert_eq!(values(party, "program"), ["GB"]);
    assert_eq!(party.values_of(PropertyType::Country).count(), 0);
}

#[test]
fn an_imo_number_in_the_comments_stays_a_comment() {
    let text = list(
        "<ENTITIES><ENTITY><DATAID>2</DATAID><FIRST_NAME>OWNER LTD</FIRST_NAME>\
         <COMMENTS1>Owner of a vessel, IMO number: 9187629.</COMMENTS1><ENTITY_ADDRESS/></ENTITY></ENTITIES>",
    );
    let loaded = read_one(&text);
    let party = entity(&loaded, "unsc-2");
    assert_eq!(party.schema.name(), "LegalEntity");
    assert_eq!(party.values_of(PropertyType::Identifier).count(), 0);
    assert!(values(party, "notes")[0].contains("9187629"));
}

#[test]
fn a_list_that_cannot_be_used_says_why() {
    let fault = |text: &str| try_read(Format::UnScXml, &[("un.xml", text.as_bytes())]).unwrap_err().kind;
    let double = list("<ENTITY><DATAID>2</DATAID><FIRST_NAME>A</FIRST_NAME></ENTITY>".repeat(2).as_str());
    assert!(matches!(fault(&double), ReadErrorKind::DuplicateKey { key } if key == "2"));
    assert!(matches!(fault(&list("")), ReadErrorKind::Empty));
    assert!(matches!(fault("<html><body>Sign in</body></html>"), ReadErrorKind::Html { .. }));
    let cut = person("");
    assert!(try_read(Format::UnScXml, &[("un.xml", &cut.as_bytes()[..cut.len() - 30])]).is_err());
    assert!(matches!(fault("<!DOCTYPE x [<!ENTITY a \"b\">]><CONSOLIDATED_LIST/>"), ReadErrorKind::Doctype));
}

#[test]
fn shared_un_lists_load_with_the_counts_of_the_manifest() {
    for (file, version, n) in [
        ("un_sc/consolidated_2020-03-20.xml", "2020-03-20", 709 + 305),
        ("un_sc/consolidated_2025-04-19.xml", "2025-04-19", 684 + 193),
        ("un_sc/consolidated_2026-02-27.xml", "2026-02-27", 730 + 273),
        ("un_sc/consolidated_2026-04-17.xml", "2026-04-17", 733 + 272),
    ] {
        let Some(loaded) = shared_list(Format::UnScXml, "un_sc", &[file], false) else { return };
        let loaded = loaded.unwrap();
        assert_eq!((loaded.reconciliation.records, loaded.reconciliation.loaded), (n, n), "{file}");
        assert_eq!(loaded.version, version);
    }
}

#[test]
fn shared_un_lists_of_2026_differ_by_three_added_and_one_removed_party() {
    let ids = |file: &str| {
        let loaded = shared_list(Format::UnScXml, "un_sc", &[file], false)?.unwrap();
        let parties = loaded.entities.into_iter().filter(|entity| entity.schema.matchable());
        Some(parties.map(|entity| entity.id).collect::<std::collections::BTreeSet<_>>())
    };
    let (Some(old), Some(new)) = (ids("un_sc/consolidated_2026-02-27.xml"), ids("un_sc/consolidated_2026-04-17.xml"))
    else {
        return;
    };
    assert_eq!((new.difference(&old).count(), old.difference(&new).count()), (3, 1));
}
