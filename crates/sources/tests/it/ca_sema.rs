//! The Canadian list.

use interdict_model::Schema;
use interdict_sources::{Format, Loaded, ReadErrorKind};

use crate::support::{entity, refusal, shared_list, try_read, values};

fn text(records: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<data-set>\n{records}</data-set>")
}

fn list(records: &str) -> Loaded {
    try_read(Format::CaSemaXml, &[("sema.xml", text(records).as_bytes())]).unwrap()
}

/// A person under Russia, schedule 1, part 1, item 5.
fn person(inside: &str) -> Loaded {
    list(&format!(
        "<record><Country>Russia / Russie</Country><LastName>LAVROV</LastName><GivenName>Ivan</GivenName><Schedule>1, Part 1</Schedule><Item>5</Item>{inside}</record>"
    ))
}

#[test]
fn the_names_of_the_elements_of_both_years_are_read() {
    let old = list(
        "<record><Country>Iran</Country><Entity>Helal Company</Entity><Schedule>1</Schedule><Item>1</Item></record>\
         <record><Country>Iran</Country><LastName>A</LastName><Title>General/général</Title><DateOfBirth>1961</DateOfBirth><Schedule>1</Schedule><Item>2</Item></record>",
    );
    assert_eq!(values(entity(&old, "ca-iran-1-1"), "name"), ["Helal Company"]);
    let person = entity(&old, "ca-iran-1-2");
    assert_eq!((values(person, "birthDate"), values(person, "title")), (vec!["1961"], vec!["General", "général"]));
    assert_eq!(old.version, "v1", "the file says none");
    let new = list(
        "<record><Country>Iran</Country><EntityOrShip>Jahan Tech</EntityOrShip><Schedule>1</Schedule><Item>1</Item><DateOfListing>2022-10-03</DateOfListing></record>\
         <record><Country>Russia / Russie</Country><EntityOrShip>Musa Jalil</EntityOrShip><TitleOrShip>Oil Tanker</TitleOrShip><ShipIMONumber>8846814</ShipIMONumber><DateOfBirthOrShipBuildDate>1989</DateOfBirthOrShipBuildDate><Schedule>1.1</Schedule><Item>2</Item><DateOfListing>2025-02-21</DateOfListing></record>",
    );
    assert_eq!(entity(&new, "ca-iran-1-1").schema, Schema::legal_entity());
    let ship = entity(&new, "ca-russia-1-1-2");
    assert_eq!((ship.schema, values(ship, "imoNumber")), (Schema::vessel(), vec!["8846814"]));
    assert_eq!((values(ship, "buildDate"), values(ship, "type")), (vec!["1989"], vec!["Oil Tanker"]));
}

#[test]
fn the_country_is_the_programme_and_not_a_nationality() {
    let loaded = person("");
    let party = entity(&loaded, "ca-russia-1-part-1-5");
    assert_eq!(values(party, "program"), ["Russia / Russie"]);
    assert!(party.get("country").is_empty() && party.get("nationality").is_empty());
    assert_eq!((values(party, "name"), values(party, "lastName")), (vec!["Ivan LAVROV"], vec!["LAVROV"]));
}

#[test]
fn regulation_schedule_and_item_are_the_key_and_the_schedule_may_be_absent() {
    let loaded = list(
        "<record><Country>Justice for Victims (JVCFOR) / Justice (RJVDEC)</Country><LastName>A</LastName><Item>3</Item></record>\
         <record><Country>Justice for Victims (JVCFOR) / Justice (RJVDEC)</Country><LastName>B</LastName><Schedule>1</Schedule><Item>3</Item></record>",
    );
    assert_eq!(values(entity(&loaded, "ca-jvcfor-3"), "name"), ["A"]);
    let sanction = entity(&loaded, "ca-jvcfor-1-3-sanction");
    assert_eq!((values(sanction, "authorityId"), values(sanction, "reason")), (vec!["3"], vec!["1"]));
    let twice = "<record><Country>Iran</Country><LastName>A</LastName><Item>3</Item></record>".repeat(2);
    assert!(matches!(
        refusal(Format::CaSemaXml, "sema.xml", text(&twice).as_bytes()),
        ReadErrorKind::DuplicateKey { .. }
    ));
}

#[test]
fn every_form_of_a_birth_date_is_read() {
    for (written, dates) in [
        ("1972-08-10", vec!["1972-08-10"]),
        ("1963-1964", vec!["1963/1964"]),
        ("1963 or 1964", vec!["1963", "1964"]),
        ("1972-08-10 or 1972-08-11", vec!["1972-08-10", "1972-08-11"]),
        ("1972-08-10 OR 1972-08-11", vec!["1972-08-10", "1972-08-11"]),
        ("Sep-99", vec!["1999-09"]),
        ("  1961-03-02 ", vec!["1961-03-02"]),
    ] {
        let loaded = person(&format!("<DateOfBirthOrShipBuildDate>{written}</DateOfBirthOrShipBuildDate>"));
        assert_eq!(values(entity(&loaded, "ca-russia-1-part-1-5"), "birthDate"), dates, "{written}");
    }
    let loaded = person("<DateOfBirth>born in the early 1970s</DateOfBirth>");
    assert_eq!((loaded.reconciliation.warnings.len(), loaded.reconciliation.warnings[0].line), (1, 3));
    assert_eq!(values(entity(&loaded, "ca-russia-1-part-1-5"), "notes"), ["DateOfBirth: born in the early 1970s"]);
}

#[test]
fn aliases_are_parted_at_commas_semicolons_and_labels_of_languages() {
    let loaded = person(
        "<Aliases>Siarhei Karcheusky, Belarusian: Сяргей Карчэўскi,  Russian: Сергей Карчевский; Andrei</Aliases>",
    );
    let party = entity(&loaded, "ca-russia-1-part-1-5");
    assert_eq!(values(party, "alias"), ["Siarhei Karcheusky", "Сяргей Карчэўскi", "Сергей Карчевский"]);
    assert_eq!(values(party, "weakAlias"), ["Andrei"]);
    let firm = list(
        "<record><Country>Iran</Country><Entity>X</Entity><Aliases>Kanto Trading Co., Ltd., Air Bagan Limited</Aliases><Item>1</Item></record>",
    );
    assert_eq!(values(entity(&firm, "ca-iran-1"), "alias"), ["Kanto Trading Co., Ltd.", "Air Bagan Limited"]);
}

#[test]
fn a_record_without_a_name_or_item_costs_that_record() {
    let loaded = list(
        "<record><Country>Iran</Country><Item>1</Item></record><record><Country>Iran</Country><LastName>A</LastName><Item>2</Item></record>",
    );
    assert_eq!((loaded.reconciliation.records, loaded.reconciliation.refused.len()), (2, 1));
    assert!(matches!(refusal(Format::CaSemaXml, "sema.xml", text("").as_bytes()), ReadErrorKind::Empty));
    assert!(matches!(refusal(Format::CaSemaXml, "sema.xml", b"<data-set><record>"), ReadErrorKind::Truncated { .. }));
    assert!(matches!(refusal(Format::CaSemaXml, "sema.xml", b"<html/>"), ReadErrorKind::Html { .. }));
}

#[test]
fn shared_both_files_load_whole() {
    for (file, records) in [("ca_sema/sema-lmes.xml", 4759), ("ca_sema/sema-lmes_2020.xml", 1369)] {
        let Some(loaded) = shared_list(Format::CaSemaXml, "ca_sema", &[file], false) else { return };
        let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(loaded.reconciliation.records, records);
        assert!(loaded.reconciliation.refused.is_empty());
    }
}
