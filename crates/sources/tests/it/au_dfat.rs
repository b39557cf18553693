//! The Australian list.

use interdict_model::Schema;
use interdict_sources::{Format, Loaded, ReadErrorKind};

use crate::support::{entity, refusal, shared_list, try_read, values, xlsx};

const HEADER: &[&str] = &[
    "Reference",
    "Name of Individual or Entity",
    "Type",
    "Name Type",
    "Date of Birth",
    "Place of Birth",
    "Citizenship",
    "Address",
    "Additional Information",
    "Listing Information",
    "Committees",
    "Control Date",
];

/// The columns since 2025.
const WIDE: &[&str] = &[
    "Reference",
    "Name of Individual or Entity",
    "Type",
    "Name Type",
    "Alias Strength",
    "Date of Birth",
    "Place of Birth",
    "Citizenship",
    "Address",
    "Additional Information",
    "Listing Information",
    "IMO Number",
    "Committees",
    "Control Date",
    "Instrument of Designation",
    "Targeted Financial Sanction",
    "Travel Ban",
    "Arms Embargo",
    "Maritime Restriction",
];

fn list(rows: &[&[&str]]) -> Loaded {
    let all: Vec<&[&str]> = [HEADER].into_iter().chain(rows.iter().copied()).collect();
    try_read(Format::AuDfatXlsx, &[("dfat.xlsx", &xlsx(&all))]).unwrap()
}

/// A person with this date of birth.
fn born(text: &str) -> Loaded {
    list(&[&["1", "ONE", "Individual", "Primary Name", text]])
}

#[test]
fn the_digits_are_the_party_and_what_follows_them_a_name() {
    let loaded = list(&[
        &["34", "Abdul Jalil", "Individual", "Primary Name"],
        &["34a", "عبد الجليل", "Individual", "Original Script"],
        &["34c", "Akhter Mohmad", "Individual", "aka"],
        &["34c1", "اختر محمد", "Individual", "aka"],
        &["34d", "Jalil Haqqani (previously listed as)", "Individual", "aka"],
        &["341", "Another", "Individual", "Primary Name"],
    ]);
    assert_eq!(loaded.reconciliation.records, 2);
    let party = entity(&loaded, "au-34");
    assert_eq!(values(party, "alias"), ["عبد الجليل", "Akhter Mohmad", "اختر محمد"]);
    assert_eq!(values(party, "previousName"), ["Jalil Haqqani"]);
    assert_eq!(party.get("name")[0].origin.record(), "34 (dfat.xlsx:2)");
}

#[test]
fn rows_of_a_party_need_not_stand_together() {
    let loaded = list(&[
        &["2940", "Chernomorneftegaz", "Entity", "Primary Name"],
        &["2989", "Boris LITVINOV", "Individual", "Primary Name"],
        &["2940j", "Chernomorneftegaz CJSC\n", "Entity", "aka"],
    ]);
    assert_eq!(values(entity(&loaded, "au-2940"), "alias"), ["Chernomorneftegaz CJSC"]);
    assert_eq!(loaded.reconciliation.records, 2);
}

#[test]
fn a_number_given_to_two_parties_makes_two_and_says_so() {
    let loaded = list(&[
        &["7", "FIRST PARTY", "Entity", "Primary Name"],
        &["7a", "FIRST ALIAS", "Entity", "aka"],
        &["7", "Second Party", "Individual", "Primary Name"],
        &["7a", "Second Alias", "Individual", "aka"],
        &["7", "first party", "Entity", "Primary Name"],
    ]);
    assert_eq!(loaded.reconciliation.records, 2);
    assert_eq!(values(entity(&loaded, "au-7"), "alias"), ["FIRST ALIAS"]);
    let second = entity(&loaded, "au-7-2");
    assert_eq!((second.schema, values(second, "alias")), (Schema::person(), vec!["Second Alias"]));
    assert_eq!(loaded.reconciliation.warnings[0].line, 4);
}

#[test]
fn types_are_read_whatever_their_blanks_and_case() {
    let loaded = list(&[
        &["1", "FIRM", "Entity ", "Primary Name "],
        &["1a", "ALSO", "Entity", "Aka "],
        &["2", "ONE", "individual", "primary name"],
        &["2a", "Один", "Individual ", "original Script"],
        &["2b", "ONCE", "Individual", "Formerly known as"],
    ]);
    assert_eq!(
        (entity(&loaded, "au-1").schema, entity(&loaded, "au-2").schema),
        (Schema::organization(), Schema::person())
    );
    assert_eq!(
        (values(entity(&loaded, "au-1"), "alias"), values(entity(&loaded, "au-2"), "alias")),
        (vec!["ALSO"], vec!["Один"])
    );
    assert_eq!(values(entity(&loaded, "au-2"), "previousName"), ["ONCE"]);
}

#[test]
fn dates_of_birth_are_serials_or_lists_in_prose() {
    for (text, dates) in [
        ("23120", vec!["1963-04-19"]),
        ("1955", vec!["1955"]),
        ("a) 1966, b) 1961, c) Between 1968 and 1970", vec!["1966", "1961", "1968/1970"]),
        ("10 Aug. 1987", vec!["1987-08-10"]),
        ("a) Approximately 1955- 1958 b) Approximately 1945-1950", vec!["1955~/1958~", "1945~/1950~"]),
        ("a) 04/05/1961; b) 05/05/1961", vec!["1961-05-04", "1961-05-05"]),
        ("01/02/1961; alt DOB: 02/03/1962", vec!["1961-02-01", "1962-03-02"]),
        ("5 May 1961 (as Yasir)", vec!["1961-05-05"]),
        ("1963 or 1964", vec!["1963", "1964"]),
        ("na", vec![]),
    ] {
        assert_eq!(values(entity(&born(text), "au-1"), "birthDate"), dates, "{text}");
    }
    let loaded = born("24/06/1402 (Hijri Calendar)");
    assert_eq!(values(entity(&loaded, "au-1"), "notes"), ["date of birth: 24/06/1402 (Hijri Calendar)"]);
    let loaded = born("10/061962");
    assert_eq!((loaded.reconciliation.warnings.len(), loaded.reconciliation.warnings[0].line), (1, 2));
    assert_eq!(values(entity(&loaded, "au-1"), "notes"), ["Date of Birth: 10/061962"]);
}

#[test]
fn the_control_date_is_a_serial() {
    let loaded = list(&[
        &["1", "ONE", "Individual", "Primary Name", "", "", "", "", "", "", "1988 (Taliban)", "41988"],
        &["2", "TWO", "Individual", "Primary Name", "", "", "", "", "", "", "1988 (Taliban) ", "45607"],
    ]);
    let sanction = entity(&loaded, "au-1-sanction");
    assert_eq!(
        (values(sanction, "startDate"), values(sanction, "program")),
        (vec!["2014-12-15"], vec!["1988 (Taliban)"])
    );
}

#[test]
fn places_citizenships_and_addresses_are_lettered_too() {
    let loaded = list(&[&[
        "1",
        "ONE",
        "Individual",
        "Primary Name",
        "",
        "a) Baghlan, Afghanistan b) Quetta, Pakistan",
        "a) Russian b) Ukrainian",
        "a) Japan b) 10 Street, Kabul, Afghanistan",
        "Passport No.: N002848852. Website: www.x.org",
    ]]);
    let party = entity(&loaded, "au-1");
    assert_eq!(values(party, "birthPlace"), ["Baghlan, Afghanistan", "Quetta, Pakistan"]);
    assert_eq!(values(party, "citizenship"), ["ru", "ua"]);
    assert_eq!(values(party, "address"), ["Japan", "10 Street, Kabul, Afghanistan"]);
    assert_eq!((values(party, "passportNumber"), values(party, "website")), (vec!["N002848852"], vec!["www.x.org"]));
    assert_eq!(values(party, "notes"), ["Passport No.: N002848852. Website: www.x.org"]);
}

#[test]
fn columns_are_found_by_their_header_so_that_new_ones_fit() {
    let rows: Vec<&[&str]> = vec![
        WIDE,
        &[
            "8577",
            "SHIP",
            "Vessel",
            "Primary Name",
            "",
            "",
            "",
            "",
            "",
            "",
            "List 2012",
            "9187629",
            "Autonomous (Iran)",
            "46055",
            "Instrument 2026",
            "TRUE",
            "TRUE",
            "FALSE",
            "yes",
        ],
        &["8577a", "WEAK", "Vessel", "Alias", "Weak"],
        &["8577b", "STRONG", "Vessel", "Alias", "Strong"],
    ];
    let loaded = try_read(Format::AuDfatXlsx, &[("dfat.xlsx", &xlsx(&rows))]).unwrap();
    let party = entity(&loaded, "au-8577");
    assert_eq!((party.schema, values(party, "imoNumber")), (Schema::vessel(), vec!["9187629"]));
    assert_eq!((values(party, "alias"), values(party, "weakAlias")), (vec!["STRONG"], vec!["WEAK"]));
    let sanction = entity(&loaded, "au-8577-sanction");
    assert_eq!(values(sanction, "provisions"), ["Targeted Financial Sanction", "Travel Ban", "Maritime Restriction"]);
    assert_eq!(values(sanction, "reason"), ["Instrument 2026"]);
}

#[test]
fn a_row_without_its_number_costs_that_row_and_a_missing_column_the_list() {
    let loaded = list(&[&["1", "ONE", "Individual", "Primary Name"], &["", "TWO", "Individual", "Primary Name"]]);
    let account = &loaded.reconciliation;
    assert_eq!((account.records, account.loaded, account.refused[0].line), (2, 1, 3));
    let kind = refusal(Format::AuDfatXlsx, "dfat.xlsx", &xlsx(&[&["Reference", "Name"], &["1", "ONE"]]));
    assert!(matches!(kind, ReadErrorKind::MissingColumn { column, .. } if column == "Name of Individual or Entity"));
}

/// `MANIFEST.csv` counts 3,114 references, which is what is left when everything but digits is taken out of `34c1`: that makes
/// `341` of it. By their leading digits, and by their rows with a primary name, the parties are 3,062.
#[test]
fn shared_the_list_loads_whole() {
    let Some(loaded) = shared_list(Format::AuDfatXlsx, "au_dfat", &["au_dfat/regulation8_consolidated.xlsx"], false)
    else {
        return;
    };
    let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(loaded.reconciliation.records, 3062);
    assert!(loaded.reconciliation.refused.is_empty());
}
