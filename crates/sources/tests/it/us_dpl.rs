//! The Denied Persons List as text.

use interdict_model::{Entity, Schema};
use interdict_sources::{Format, Loaded, ReadErrorKind};

use crate::support::{shared_list, try_read, values};

const HEADER: &str = "\"Name\"\t\"Street_Address\"\t\"City\"\t\"State\"\t\"Country\"\t\"Postal_Code\"\t\"Effective_Date\"\t\"Expiration_Date\"\t\"Standard_Order\"\t\"Last_Update\"\t\"Action\"\t\"FR_Citation\"\n";

fn row(fields: [&str; 12]) -> String {
    fields.map(|field| format!("\"{field}\"")).join("\t") + "\n"
}

fn rows(rows: &[[&str; 12]]) -> Loaded {
    let text = HEADER.to_owned() + &rows.iter().map(|fields| row(*fields)).collect::<Vec<_>>().concat();
    try_read(Format::UsDplTxt, &[("dpl.txt", text.as_bytes())]).unwrap()
}

fn party(loaded: &Loaded) -> &Entity {
    loaded.entities.iter().find(|entity| entity.schema == Schema::legal_entity()).unwrap()
}

fn sanction(loaded: &Loaded) -> &Entity {
    loaded.entities.iter().find(|entity| entity.schema == Schema::sanction()).unwrap()
}

const ADRIAN: [&str; 12] = [
    " ADRIAN DOE",
    "3037 S. 69TH DRIVE",
    "PHONEIX",
    "AZ",
    "",
    "85043",
    "10/16/2017",
    "",
    "Y",
    "2017-10-23",
    "FR NOTICE ADDED",
    "68 F.R. 38290 6/27/03 71 F.R. 38843 7/10/06",
];

#[test]
fn a_row_is_a_denied_person_with_its_order() {
    let loaded = rows(&[ADRIAN]);
    let person = party(&loaded);
    assert!(person.id.starts_with("dpl-adrian-doe-"), "{}", person.id);
    // A blank before the name is none of it.
    assert_eq!(values(person, "name"), ["ADRIAN DOE"]);
    assert_eq!(values(person, "topics"), ["export.control"]);
    assert_eq!(values(person, "address"), ["3037 S. 69TH DRIVE, PHONEIX, AZ, 85043, United States"]);
    let order = sanction(&loaded);
    assert_eq!((values(order, "startDate"), values(order, "modifiedAt")), (vec!["2017-10-16"], vec!["2017-10-23"]));
    // No day of expiry: the order is open.
    assert!(order.get("endDate").is_empty());
    assert_eq!(values(order, "authorityId"), ["68 F.R. 38290 6/27/03", "71 F.R. 38843 7/10/06"]);
    assert_eq!(values(order, "summary"), ["standard order: Y", "FR NOTICE ADDED"]);
}

#[test]
fn dates_are_month_first_but_for_the_last_update() {
    let mut fields = ADRIAN;
    (fields[6], fields[7]) = ("03/04/2017", "06/29/2056");
    let loaded = rows(&[fields]);
    let order = sanction(&loaded);
    assert_eq!((values(order, "startDate"), values(order, "endDate")), (vec!["2017-03-04"], vec!["2056-06-29"]));
}

#[test]
fn without_a_country_the_state_is_one_of_the_union_or_a_foreign_code() {
    let at = |state: &'static str, country: &'static str, zip: &'static str| {
        let mut fields = ADRIAN;
        (fields[3], fields[4], fields[5]) = (state, country, zip);
        rows(&[fields])
    };
    assert_eq!(values(party(&at("AZ", "", "85043")), "country"), ["us"]);
    let cyprus = at("CY", "", "");
    assert_eq!(values(party(&cyprus), "country"), ["cy"]);
    assert_eq!(values(party(&cyprus), "address"), ["3037 S. 69TH DRIVE, PHONEIX, CY"]);
    assert_eq!(values(party(&at("TX", "US", "75159")), "country"), ["us"]);
    assert!(party(&at("", "", "")).get("country").is_empty());
    let odd = at("", "NM", "");
    assert_eq!(values(party(&odd), "notes"), ["Country: NM"]);
}

#[test]
fn an_impossible_update_is_warned_of_with_file_line_field_and_value() {
    let mut fields = ADRIAN;
    fields[9] = "3017-08-22";
    let loaded = rows(&[ADRIAN, fields]);
    let warning = &loaded.reconciliation.warnings[0];
    assert_eq!((warning.file.as_str(), warning.line), ("dpl.txt", 3));
    assert!(warning.reason.starts_with("field `Last_Update`: \"3017-08-22\" is not a date"), "{}", warning.reason);
    assert!(sanction(&loaded).has("summary", "Last_Update: 3017-08-22"));
}

#[test]
fn two_orders_against_one_person_at_one_address_are_one_party() {
    let mut second = ADRIAN;
    second[6] = "01/02/2020";
    let loaded = rows(&[ADRIAN, second]);
    assert_eq!((loaded.reconciliation.loaded, loaded.entities.len()), (2, 3));
    let mut elsewhere = ADRIAN;
    elsewhere[1] = "OTHER ROAD";
    assert_eq!(rows(&[ADRIAN, elsewhere]).entities.len(), 4);
}

#[test]
fn another_form_is_refused() {
    let kind = |bytes: &[u8]| try_read(Format::UsDplTxt, &[("dpl.txt", bytes)]).unwrap_err().kind;
    assert!(matches!(kind(b"<!DOCTYPE html>"), ReadErrorKind::Html { .. }));
    assert!(matches!(kind(b""), ReadErrorKind::Empty));
    assert!(matches!(kind(HEADER.replace("City", "Town").as_bytes()), ReadErrorKind::MissingColumn { .. }));
    assert!(matches!(kind(format!("{HEADER}\"A\t").as_bytes()), ReadErrorKind::Truncated { .. }));
}

#[test]
fn shared_files_load_with_the_counts_of_the_manifest() {
    for (path, count, warnings) in [("us_bis/dpl.txt", 546, 1), ("us_bis/dpl_2021.txt", 581, 3)] {
        let Some(loaded) = shared_list(Format::UsDplTxt, "us_bis_dpl", &[path], false) else { return };
        let account = loaded.unwrap().reconciliation;
        assert_eq!(
            (account.records, account.loaded, account.warnings.len()),
            (count, count, warnings),
            "{path}: {:?}",
            account.warnings
        );
    }
}

#[test]
fn a_list_of_which_nothing_could_be_loaded_is_unusable() {
    let header = "Name\tStreet_Address\tCity\tState\tCountry\tPostal_Code\tEffective_Date\tExpiration_Date\tStandard_Order\t\
                  Last_Update\tAction\tFR_Citation";
    let text = format!("{header}\n\t\t\t\t\t\t\t\t\t\t\t\n");
    let fault = try_read(Format::UsDplTxt, &[("dpl.txt", text.as_bytes())]).unwrap_err();
    assert!(matches!(fault.kind, ReadErrorKind::TooManyRefused { refused: 1, records: 1, .. }), "{fault}");
}
