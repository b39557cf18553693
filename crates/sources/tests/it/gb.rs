//! The lists of the United Kingdom.

use interdict_model::Schema;
use interdict_sources::{Format, Loaded, ReadErrorKind};

use crate::support::{entity, ods, refusal, shared_list, try_read, values, xlsx, xlsx_of};

/// The header of the consolidated list since 2022.
const OFSI: &[&str] = &[
    "Name 6",
    "Name 1",
    "Name 2",
    "Name 3",
    "Name 4",
    "Name 5",
    "Title",
    "Name Non-Latin Script",
    "Non-Latin Script Type",
    "Non-Latin Script Language",
    "DOB",
    "Town of Birth",
    "Country of Birth",
    "Nationality",
    "Passport Number",
    "Passport Details",
    "National Identification Number",
    "National Identification Details",
    "Position",
    "Address 1",
    "Address 2",
    "Address 3",
    "Address 4",
    "Address 5",
    "Address 6",
    "Post/Zip Code",
    "Country",
    "Other Information",
    "Group Type",
    "Alias Type",
    "Alias Quality",
    "Regime",
    "Listed On",
    "UK Sanctions List Date Designated",
    "Last Updated",
    "Group ID",
];

/// The header until 2021.
const OLD: &str = "Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,DOB,Town of Birth,Country of Birth,Nationality,Passport Details,NI Number,Position,Address 1,Address 2,Address 3,Address 4,Address 5,Address 6,Post/Zip Code,Country,Other Information,Group Type,Alias Type,Regime,Listed On,Last Updated,Group ID";

/// The header of the UK Sanctions List.
const SANCTIONS: &[&str] = &[
    "Last Updated",
    "Unique ID",
    "OFSI Group ID",
    "UN Reference Number",
    "Name 6",
    "Name 1",
    "Name 2",
    "Name 3",
    "Name 4",
    "Name 5",
    "Name type",
    "Alias strength",
    "Title",
    "Name non-latin script",
    "Non-latin script type",
    "Non-latin script language",
    "Regime Name",
    "Designation Type",
    "Designation source",
    "Sanctions Imposed",
    "Other Information",
    "UK Statement of Reasons",
    "Address Line 1",
    "Address Line 2",
    "Address Line 3",
    "Address Line 4",
    "Address Line 5",
    "Address Line 6",
    "Address Postal Code",
    "Address Country",
    "Phone number",
    "Website",
    "Email address",
    "Date Designated",
    "D.O.B",
    "Nationality(/ies)",
    "National Identifier number",
    "National Identifier additional information",
    "Passport number",
    "Passport additional information",
    "Position",
    "Gender",
    "Town of birth",
    "Country of birth",
    "Type of entity",
    "Subsidiaries",
    "Parent company",
    "Business registration number (s)",
    "IMO number",
    "Current owner/operator (s)",
    "Previous owner/operator (s)",
    "Current believed flag of ship",
    "Previous flags",
    "Type of ship",
    "Tonnage of ship",
    "Length of ship",
    "Year Built",
    "Hull identification number (HIN)",
];

/// A row with these fields, by column.
fn row<'t>(header: &[&str], fields: &[(&str, &'t str)]) -> Vec<&'t str> {
    let mut row = vec![""; header.len()];
    for (column, text) in fields {
        let place = header.iter().position(|known| known == column).unwrap_or_else(|| panic!("no column {column:?}"));
        row[place] = text;
    }
    row
}

fn csv(rows: &[Vec<&str>]) -> String {
    let line = |row: &Vec<&str>| row.iter().map(|field| format!("\"{field}\"")).collect::<Vec<_>>().join(",") + "\r\n";
    rows.iter().map(line).collect()
}

fn ofsi(rows: &[&[(&str, &str)]]) -> Loaded {
    let mut all = vec![vec!["Last Updated", "10/04/2025"], OFSI.to_vec()];
    all.extend(rows.iter().map(|fields| row(OFSI, fields)));
    let rows: Vec<&[&str]> = all.iter().map(Vec::as_slice).collect();
    try_read(Format::GbOfsiXlsx, &[("ConList.xlsx", &xlsx(&rows))]).unwrap()
}

/// A person of group 7 with these fields beside the necessary ones.
fn person(fields: &[(&str, &str)]) -> Loaded {
    let base = [
        ("Name 6", "HAQ"),
        ("Name 1", "Mian"),
        ("Group Type", "Individual"),
        ("Alias Type", "Primary name"),
        ("Group ID", "7"),
    ];
    ofsi(&[&[&base, fields].concat()])
}

fn firm(fields: &[(&str, &str)]) -> Loaded {
    let base = [("Name 6", "FIRM"), ("Group Type", "Entity"), ("Alias Type", "Primary name"), ("Group ID", "7")];
    ofsi(&[&[&base, fields].concat()])
}

fn sanctions(rows: &[&[(&str, &str)]]) -> Loaded {
    let mut all = vec![SANCTIONS.to_vec()];
    all.extend(rows.iter().map(|fields| row(SANCTIONS, fields)));
    let text = format!("\u{FEFF}Report Date: 13-Feb-2026\r\n{}", csv(&all));
    try_read(Format::GbSanctionsCsv, &[("UK-Sanctions-List.csv", text.as_bytes())]).unwrap()
}

#[test]
fn the_first_row_is_the_date_the_second_the_header() {
    let loaded = person(&[]);
    assert_eq!(loaded.version, "2025-04-10");
    assert_eq!(entity(&loaded, "gb-7").get("name")[0].origin.record(), "7 (ConList.xlsx:3)");
}

#[test]
fn a_group_is_one_party_however_many_rows_its_names_and_addresses_make() {
    let mut rows = Vec::new();
    for (kind, name) in [("Primary name", "ONE"), ("AKA", "TWO"), ("AKA", "THREE")] {
        for address in ["Street 1", "Street 2"] {
            for birth in ["01/02/1961", "00/00/1962"] {
                rows.push(vec![
                    ("Name 6", name),
                    ("Alias Type", kind),
                    ("Address 1", address),
                    ("DOB", birth),
                    ("Group Type", "Individual"),
                    ("Group ID", "7"),
                ]);
            }
        }
    }
    rows.push(vec![("Name 6", "OTHER"), ("Alias Type", "Primary name"), ("Group Type", "Entity"), ("Group ID", "8")]);
    let rows: Vec<&[(&str, &str)]> = rows.iter().map(Vec::as_slice).collect();
    let loaded = ofsi(&rows);
    assert_eq!(loaded.reconciliation.records, 2);
    let party = entity(&loaded, "gb-7");
    assert_eq!((values(party, "name"), values(party, "alias")), (vec!["ONE"], vec!["TWO", "THREE"]));
    assert_eq!(values(party, "address"), ["Street 1", "Street 2"]);
    assert_eq!(values(party, "birthDate"), ["1961-02-01", "1962"]);
}

#[test]
fn given_names_come_first_and_the_family_name_is_name_6() {
    let loaded = person(&[("Name 2", "Abdul"), ("Name 3", "Al")]);
    let party = entity(&loaded, "gb-7");
    assert_eq!(values(party, "name"), ["Mian Abdul Al HAQ"]);
    assert_eq!(
        (
            values(party, "firstName"),
            values(party, "secondName"),
            values(party, "middleName"),
            values(party, "lastName")
        ),
        (vec!["Mian"], vec!["Abdul"], vec!["Al"], vec!["HAQ"])
    );
}

#[test]
fn the_types_and_the_quality_of_names_are_told_apart() {
    let name = |name, kind, quality| {
        vec![
            ("Name 6", name),
            ("Alias Type", kind),
            ("Alias Quality", quality),
            ("Group Type", "Entity"),
            ("Group ID", "7"),
        ]
    };
    let rows = [
        name("ALSO", "AKA", "Good quality"),
        name("WEAK", "AKA", "Low quality"),
        name("FORMER", "FKA", ""),
        name("VARIED", "Primary name variation", ""),
        name("FIRST", "Primary name", ""),
    ];
    let rows: Vec<&[(&str, &str)]> = rows.iter().map(Vec::as_slice).collect();
    let loaded = ofsi(&rows);
    let party = entity(&loaded, "gb-7");
    assert_eq!(party.schema, Schema::organization());
    assert_eq!((values(party, "name"), values(party, "alias")), (vec!["FIRST"], vec!["ALSO", "VARIED"]));
    assert_eq!((values(party, "weakAlias"), values(party, "previousName")), (vec!["WEAK"], vec!["FORMER"]));
    let alone = ofsi(&[&[("Name 6", "ONLY"), ("Alias Type", "AKA"), ("Group Type", "Entity"), ("Group ID", "7")]]);
    assert_eq!(values(entity(&alone, "gb-7"), "name"), ["ONLY"]);
}

#[test]
fn parts_of_a_birth_date_that_are_zero_are_unknown() {
    for (text, date) in [
        ("31/12/1965", "1965-12-31"),
        ("00/00/1994", "1994"),
        ("00/03/1994", "1994-03"),
        ("1951", "1951"),
        ("03/1951", "1951-03"),
    ] {
        assert_eq!(values(entity(&person(&[("DOB", text)]), "gb-7"), "birthDate"), [date], "{text}");
    }
    let loaded = person(&[("DOB", "31/13/1965")]);
    assert_eq!(loaded.reconciliation.warnings[0].line, 3);
    assert_eq!(values(entity(&loaded, "gb-7"), "notes"), ["DOB: 31/13/1965"]);
}

#[test]
fn several_values_of_a_cell_are_numbered() {
    let loaded = person(&[
        ("Nationality", "(1) Germany. (2) Morocco"),
        ("Town of Birth", "(1) Tall’Afar (2) Mosul"),
        ("Country of Birth", "(1) Iraq (2) Iraq"),
        ("Passport Number", "(1) CB982788 (2) 24132276"),
        ("Passport Details", "(1) Portugal (2) Israel. Expired on 31 March 2006"),
        ("Position", "(1) Minister (2) Governor"),
    ]);
    let party = entity(&loaded, "gb-7");
    assert_eq!(values(party, "nationality"), ["de", "ma"]);
    assert_eq!(values(party, "birthPlace"), ["Tall’Afar, Iraq", "Mosul, Iraq"]);
    assert_eq!(values(party, "passportNumber"), ["CB982788", "24132276"]);
    assert_eq!(values(party, "position"), ["Minister", "Governor"]);
    let second = entity(&loaded, "gb-7-id-24132276");
    assert_eq!(
        (second.schema, values(second, "country"), values(second, "endDate")),
        (Schema::passport(), vec!["il"], vec!["2006-03-31"])
    );
}

#[test]
fn a_name_in_another_script_has_its_own_column() {
    let loaded = person(&[
        ("Name Non-Latin Script", "Зюганов Геннадий"),
        ("Non-Latin Script Type", "Cyrillic"),
        ("Non-Latin Script Language", "Russian"),
    ]);
    let party = entity(&loaded, "gb-7");
    assert_eq!(values(party, "alias"), ["Зюганов Геннадий"]);
    assert_eq!(values(party, "notes"), ["script of the name: Cyrillic, Russian"]);
}

#[test]
fn contacts_are_parted_and_words_among_them_are_notes() {
    let loaded = firm(&[(
        "Other Information",
        "(Phone number):850 2 18111. 850-2-381-4410 (Email address):and a@b.com. c.d@e.com",
    )]);
    let party = entity(&loaded, "gb-7");
    assert_eq!(values(party, "phone"), ["850 2 18111", "850-2-381-4410"]);
    assert_eq!(values(party, "email"), ["a@b.com", "c.d@e.com"]);
    let place = firm(&[("Other Information", "(Phone number):British Virgin Islands")]);
    assert!(values(entity(&place, "gb-7"), "phone").is_empty());
    assert!(entity(&place, "gb-7").has("notes", "phone: British Virgin Islands"));
}

#[test]
fn labels_within_the_prose_are_fields() {
    let loaded = firm(&[(
        "Other Information",
        "(UK Sanctions List Ref):RUS2102. (UN Ref):KPe.018. An academy (in Moscow). (UK Statement of Reasons):It is involved. \
         (Phone number):(1) +963-11-1 (2) +963-11-2 (Website):www.mkb.ru (Email address):info@mkb.ru (Type of entity):Public Company \
         (Business Reg No):Russian TIN: 7718763393, OGRN 1023901012189, KPP 390601001 (Parent company):Nobody Knows",
    )]);
    let party = entity(&loaded, "gb-7");
    assert_eq!(party.referents, ["gb-RUS2102"]);
    assert_eq!(values(party, "phone"), ["+963-11-1", "+963-11-2"]);
    assert_eq!((values(party, "website"), values(party, "email")), (vec!["www.mkb.ru"], vec!["info@mkb.ru"]));
    assert_eq!(values(party, "legalForm"), ["Public Company"]);
    assert_eq!(values(party, "taxNumber"), ["7718763393"]);
    assert_eq!(values(party, "kppCode"), ["390601001"]);
    assert_eq!(values(party, "registrationNumber"), ["1023901012189"]);
    assert!(values(party, "notes").contains(&"An academy (in Moscow)."));
    assert!(values(party, "notes").contains(&"Parent company: Nobody Knows"));
    let sanction = entity(&loaded, "gb-7-sanction");
    assert_eq!((values(sanction, "unscId"), values(sanction, "authorityId")), (vec!["KPe.018"], vec!["RUS2102"]));
    assert_eq!(values(sanction, "reason"), ["It is involved."]);
    let person = person(&[("Other Information", "(UK Sanctions List Ref):GHR0086. (Gender):Male")]);
    assert_eq!(values(entity(&person, "gb-7"), "gender"), ["male"]);
}

#[test]
fn ships_have_their_number_flag_and_owner_in_the_prose() {
    let ship = [
        ("Name 6", "SAM JONG 2"),
        ("Group Type", "Ship"),
        ("Alias Type", "Primary name"),
        ("Group ID", "13651"),
        (
            "Other Information",
            "(UK Sanctions List Ref):DPR0100. A vessel. (IMO number):7408873 (Current owners):Korea Samjong Shipping (Flag of ship):North Korea (Previous flags):Russia (Type of ship):Oil tanker (Tonnage of ship):1676 (Length of ship):80 (Year built):1975",
        ),
    ];
    let owner = [
        ("Name 6", "KOREA SAMJONG SHIPPING"),
        ("Group Type", "Entity"),
        ("Alias Type", "Primary name"),
        ("Group ID", "13635"),
    ];
    let loaded = ofsi(&[&ship, &owner]);
    let vessel = entity(&loaded, "gb-13651");
    assert_eq!(vessel.schema, Schema::vessel());
    assert_eq!(
        (values(vessel, "imoNumber"), values(vessel, "flag"), values(vessel, "pastFlags")),
        (vec!["7408873"], vec!["kp"], vec!["ru"])
    );
    assert_eq!(
        (values(vessel, "type"), values(vessel, "tonnage"), values(vessel, "buildDate")),
        (vec!["Oil tanker"], vec!["1676"], vec!["1975"])
    );
    let ownership = entity(&loaded, "ownership-gb-13635-gb-13651");
    assert_eq!((values(ownership, "owner"), values(ownership, "asset")), (vec!["gb-13635"], vec!["gb-13651"]));
    assert_eq!(values(ownership, "role"), ["Current owner/operator"]);
}

#[test]
fn parents_and_subsidiaries_on_the_list_are_owners_and_owned() {
    let row = |name, id, other| {
        [
            ("Name 6", name),
            ("Group Type", "Entity"),
            ("Alias Type", "Primary name"),
            ("Group ID", id),
            ("Other Information", other),
        ]
    };
    let loaded = ofsi(&[
        &row("CHILD", "1", "(Parent company):Mother (a subsidiary)"),
        &row("MOTHER", "2", "(Subsidiaries):(1) Child (2) Unlisted Ltd"),
    ]);
    assert_eq!(entity(&loaded, "gb-1").schema, Schema::company());
    assert_eq!(values(entity(&loaded, "ownership-gb-2-gb-1"), "role"), ["Parent company", "Subsidiaries"]);
    assert_eq!(values(entity(&loaded, "gb-2"), "notes"), ["Subsidiaries: Unlisted Ltd"]);
}

#[test]
fn cells_are_found_by_their_reference_as_empty_ones_are_absent() {
    let header: Vec<String> = OFSI
        .iter()
        .enumerate()
        .map(|(place, name)| format!("<c r=\"{}2\" t=\"inlineStr\"><is><t>{name}</t></is></c>", reference(place)))
        .collect();
    let header = header.concat();
    let rows = format!(
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"1\"><v>45757</v></c></row><row r=\"2\">{header}</row>\
         <row r=\"9\"><c r=\"A9\" t=\"s\"><v>1</v></c><c r=\"AC9\" t=\"s\"><v>2</v></c><c r=\"AJ9\"><v>15672</v></c></row>"
    );
    let strings = "<si><t>Last Updated</t></si><si><t>FIRM</t></si><si><t>Entity</t></si>";
    let loaded = try_read(Format::GbOfsiXlsx, &[("ConList.xlsx", &xlsx_of(&rows, strings))]).unwrap();
    let party = entity(&loaded, "gb-15672");
    assert_eq!((values(party, "name"), party.get("name")[0].origin.record()), (vec!["FIRM"], "15672 (ConList.xlsx:9)"));
    assert!(party.get("address").is_empty());
    assert_eq!(loaded.version, "2025-04-10");
}

fn reference(place: usize) -> String {
    let letter = |index: usize| char::from(b'A' + u8::try_from(index).unwrap());
    if place < 26 { letter(place).to_string() } else { format!("A{}", letter(place - 26)) }
}

#[test]
fn the_old_list_is_windows_1252_with_the_details_of_passports_in_prose() {
    let mut row = vec![""; OLD.split(',').count()];
    for (column, text) in [
        (0, "AL-QAHTANI"),
        (1, "Andr\u{E9}"),
        (7, "05/02/1969"),
        (10, "1) Saudi Arabia 2) Qatar"),
        (11, "Passport No: 592667 (Qatari passport issued on 3 May 2007)."),
        (12, "Tunisian national identity number W374031"),
        (22, "UN Ref QDe.004. Emir."),
        (23, "Individual"),
        (24, "Prime Alias"),
        (28, "13349"),
    ] {
        row[column] = text;
    }
    let text = format!("Last Updated,13/04/2018\r\n{OLD}\r\n{}", csv(&[row]));
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let loaded = try_read(Format::GbOfsiCsv, &[("conlist.csv", &bytes)]).unwrap();
    assert_eq!(loaded.version, "2018-04-13");
    let party = entity(&loaded, "gb-13349");
    assert_eq!(values(party, "name"), ["André AL-QAHTANI"]);
    assert_eq!(values(party, "birthDate"), ["1969-02-05"]);
    assert_eq!(values(party, "nationality"), ["sa", "qa"]);
    assert_eq!((values(party, "passportNumber"), values(party, "idNumber")), (vec!["592667"], vec!["W374031"]));
    assert_eq!(values(entity(&loaded, "gb-13349-sanction"), "unscId"), ["QDe.004"]);
    assert_eq!(values(entity(&loaded, "gb-13349-id-592667"), "country"), ["qa"]);
}

#[test]
fn days_of_the_listing_are_in_uk_order() {
    let loaded = person(&[
        ("Listed On", "03/04/2018"),
        ("UK Sanctions List Date Designated", "30/03/2018"),
        ("Last Updated", "31/12/2020"),
        ("Regime", "Russia"),
    ]);
    let sanction = entity(&loaded, "gb-7-sanction");
    assert_eq!(
        (values(sanction, "listingDate"), values(sanction, "startDate")),
        (vec!["2018-04-03"], vec!["2018-03-30"])
    );
    assert_eq!((values(sanction, "modifiedAt"), values(sanction, "program")), (vec!["2020-12-31"], vec!["Russia"]));
}

#[test]
fn a_sanctions_list_has_one_row_for_every_name() {
    let base = |kind, name| {
        vec![
            ("Unique ID", "AFG0006"),
            ("OFSI Group ID", "7172"),
            ("UN Reference Number", "TAi.002"),
            ("Name 6", name),
            ("Name type", kind),
            ("Regime Name", "The Afghanistan Regulations"),
            ("Designation Type", "Individual"),
            ("Sanctions Imposed", "Asset freeze|Travel Ban"),
            ("Date Designated", "25/01/2001"),
            ("D.O.B", "dd/mm/1945"),
            ("Nationality(/ies)", "Afghanistan"),
            ("Gender", "Male"),
            ("Town of birth", "Kandahar"),
            ("Country of birth", "Afghanistan"),
            ("Designation source", "UN"),
            ("Passport number", "A1234567"),
        ]
    };
    let mut weak = base("Alias", "WEAK");
    weak.push(("Alias strength", "Low quality a.k.a"));
    let rows = [base("Primary Name", "AKHUND"), base("Alias", "ALSO"), weak];
    let loaded = sanctions(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
    assert_eq!((loaded.reconciliation.records, loaded.version.as_str()), (1, "2026-02-13"));
    let party = entity(&loaded, "gb-AFG0006");
    assert_eq!(
        (values(party, "name"), values(party, "alias"), values(party, "weakAlias")),
        (vec!["AKHUND"], vec!["ALSO"], vec!["WEAK"])
    );
    assert_eq!(
        (values(party, "birthDate"), values(party, "nationality"), values(party, "gender")),
        (vec!["1945"], vec!["af"], vec!["male"])
    );
    assert_eq!(
        (values(party, "birthPlace"), values(party, "passportNumber")),
        (vec!["Kandahar, Afghanistan"], vec!["A1234567"])
    );
    assert_eq!(party.referents, ["gb-7172"]);
    let sanction = entity(&loaded, "gb-AFG0006-sanction");
    assert_eq!(values(sanction, "provisions"), ["Asset freeze", "Travel Ban"]);
    assert_eq!((values(sanction, "unscId"), values(sanction, "startDate")), (vec!["TAi.002"], vec!["2001-01-25"]));
}

#[test]
fn a_sanctions_list_is_the_same_as_csv_as_workbook_and_as_open_document() {
    let fields = [
        ("Unique ID", "RUS0251"),
        ("Name 6", "FIRM & CO"),
        ("Name type", "Primary Name"),
        ("Designation Type", "Entity"),
        ("Regime Name", "Russia"),
        ("Email address", "a@b.ru"),
    ];
    let fields: Vec<(&str, &str)> = fields.to_vec();
    let data = row(SANCTIONS, &fields);
    let rows: [&[&str]; 3] = [&["Report Date: 13-Feb-2026"], SANCTIONS, &data];
    let csv = sanctions(&[&fields]);
    let workbook = try_read(Format::GbSanctionsXlsx, &[("l.xlsx", &xlsx(&rows))]).unwrap();
    let plain: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|text| text.replace('&', "&amp;")).collect()).collect();
    let plain: Vec<Vec<&str>> = plain.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let open =
        try_read(Format::GbSanctionsOds, &[("l.ods", &ods(&plain.iter().map(Vec::as_slice).collect::<Vec<_>>()))])
            .unwrap();
    for loaded in [&csv, &workbook, &open] {
        assert_eq!(loaded.version, "2026-02-13");
        let party = entity(loaded, "gb-RUS0251");
        assert_eq!((values(party, "name"), values(party, "email")), (vec!["FIRM & CO"], vec!["a@b.ru"]));
    }
}

#[test]
fn a_designation_in_xml_is_read_whole() {
    let text = r#"<?xml version="1.0"?><Designations xmlns="x"><DateGenerated>21/09/2026</DateGenerated>
        <Designation><LastUpdated>01/02/2025</LastUpdated><DateDesignated>25/01/2001</DateDesignated><UniqueID>AFG0006</UniqueID><OFSIGroupID>7172</OFSIGroupID><UNReferenceNumber>TAi.002</UNReferenceNumber>
        <Names><Name><Name1>MOHAMMAD</Name1><Name2>HASSAN</Name2><Name6>AKHUND</Name6><NameType>Primary Name</NameType></Name>
        <Name><Name6>Mullah Hassan</Name6><NameType>Alias</NameType></Name></Names>
        <NonLatinNames><NonLatinName><NameNonLatinScript>محمد</NameNonLatinScript></NonLatinName></NonLatinNames>
        <RegimeName>Afghanistan</RegimeName><IndividualEntityShip>Individual</IndividualEntityShip><SanctionsImposed>Asset freeze|Travel Ban</SanctionsImposed>
        <SanctionsImposedIndicators><AssetFreeze>true</AssetFreeze><CharteringOfShips>false</CharteringOfShips><TravelBan>true</TravelBan></SanctionsImposedIndicators>
        <UKStatementofReasons>Because.</UKStatementofReasons>
        <Addresses><Address><AddressLine1>Street</AddressLine1><AddressLine6>Kabul</AddressLine6><AddressCountry>Afghanistan</AddressCountry></Address></Addresses>
        <IndividualDetails><Individual><DOBs><DOB>dd/mm/1945</DOB><DOB>dd/03/1946</DOB></DOBs><Nationalities><Nationality>Afghanistan</Nationality></Nationalities>
        <BirthDetails><Location><TownOfBirth>Kandahar</TownOfBirth><CountryOfBirth>Afghanistan</CountryOfBirth></Location></BirthDetails>
        <PassportDetails><Passport><PassportNumber>A1</PassportNumber><PassportAdditionalInformation>Mali passport</PassportAdditionalInformation></Passport></PassportDetails>
        <Positions><Position>Minister</Position></Positions><Genders><Gender>Male</Gender></Genders></Individual></IndividualDetails></Designation>
        <Designation><UniqueID>RUS2</UniqueID><Names><Name><Name6>TANKER</Name6><NameType>Primary Name</NameType></Name></Names><IndividualEntityShip>Ship</IndividualEntityShip>
        <ShipDetails><Ship><IMONumbers><IMONumber>9187629</IMONumber></IMONumbers><CurrentOwnerOperators><CurrentOwnerOperator>Owner LLC</CurrentOwnerOperator></CurrentOwnerOperators><CurrentBelievedFlagOfShips><CurrentBelievedFlagOfShip>Panama</CurrentBelievedFlagOfShip></CurrentBelievedFlagOfShips></Ship></ShipDetails></Designation>
        <Designation><UniqueID>RUS3</UniqueID><Names><Name><Name6>OWNER LLC</Name6><NameType>Primary Name</NameType></Name></Names><IndividualEntityShip>Entity</IndividualEntityShip>
        <EntityDetails><Entity><BusinessRegistrationNumbers><BusinessRegistrationNumber>INN: 7707083893; OGRN: 1027700132195; BIC 044525225</BusinessRegistrationNumber></BusinessRegistrationNumbers></Entity></EntityDetails></Designation></Designations>"#;
    let loaded = try_read(Format::GbSanctionsXml, &[("UK.xml", text.as_bytes())]).unwrap();
    assert_eq!((loaded.version.as_str(), loaded.reconciliation.records), ("2026-09-21", 3));
    let party = entity(&loaded, "gb-AFG0006");
    assert_eq!(
        (values(party, "name"), values(party, "alias")),
        (vec!["MOHAMMAD HASSAN AKHUND"], vec!["Mullah Hassan", "محمد"])
    );
    assert_eq!(values(party, "birthDate"), ["1945", "1946-03"]);
    assert_eq!(
        (values(party, "passportNumber"), values(party, "address")),
        (vec!["A1"], vec!["Street, Kabul, Afghanistan"])
    );
    assert!(party.get("notes").is_empty(), "{:?}", values(party, "notes"));
    assert_eq!(
        values(entity(&loaded, "gb-AFG0006-sanction"), "provisions"),
        ["Asset freeze", "Travel Ban", "Asset Freeze"]
    );
    let ship = entity(&loaded, "gb-RUS2");
    assert_eq!(
        (ship.schema, values(ship, "imoNumber"), values(ship, "flag")),
        (Schema::vessel(), vec!["9187629"], vec!["pa"])
    );
    assert_eq!(values(entity(&loaded, "ownership-gb-RUS3-gb-RUS2"), "owner"), ["gb-RUS3"]);
    let owner = entity(&loaded, "gb-RUS3");
    assert_eq!(
        (values(owner, "innCode"), values(owner, "ogrnCode"), values(owner, "bikCode")),
        (vec!["7707083893"], vec!["1027700132195"], vec!["044525225"])
    );
}

#[test]
fn what_is_not_the_list_is_refused() {
    let csv = |text: &str| refusal(Format::GbOfsiCsv, "conlist.csv", text.as_bytes());
    assert!(matches!(csv("<html></html>"), ReadErrorKind::Html { .. }));
    assert!(matches!(csv(""), ReadErrorKind::Empty));
    assert!(matches!(csv("a,b\r\n1,2\r\n"), ReadErrorKind::MissingColumn { column, .. } if column == "Name 6"));
    let header = OLD.replace("Group ID", "Group");
    assert!(
        matches!(csv(&format!("Last Updated,13/04/2018\r\n{header}\r\n")), ReadErrorKind::MissingColumn { column, .. } if column == "Group ID")
    );
    assert!(matches!(csv(&format!("Last Updated,13/04/2018\r\n{OLD}\r\n")), ReadErrorKind::Empty));
    assert!(matches!(csv(&format!("Last Updated,13/04/2018\r\n{OLD}\r\n\"A")), ReadErrorKind::Truncated { .. }));
    assert!(matches!(csv(&format!("Last Updated,13/04/2018\r\n{OLD}\r\nA\0")), ReadErrorKind::Encoding { .. }));
    let book = |bytes: &[u8]| refusal(Format::GbOfsiXlsx, "ConList.xlsx", bytes);
    assert!(matches!(book(b"<html>"), ReadErrorKind::Html { .. }));
    assert!(matches!(book(b"PK\x03\x04 not a container"), ReadErrorKind::Workbook(_)));
}

#[test]
fn shared_ofsi_lists_load_whole() {
    for (format, file, records, version) in [
        (Format::GbOfsiXlsx, "gb/ConList_2025-04-10.xlsx", 4686, "2025-04-10"),
        (Format::GbOfsiCsv, "gb/ofsi_conlist_2016-02-12.csv", 463, "2016-02-12"),
        (Format::GbOfsiCsv, "gb/ofsi_conlist_2018-04-13.csv", 2106, "2018-04-13"),
    ] {
        let Some(loaded) = shared_list(format, "gb_ofsi", &[file], false) else { return };
        let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(loaded.reconciliation.records, records, "{file}");
        assert!(loaded.reconciliation.refused.is_empty(), "{:?}", loaded.reconciliation.refused);
        assert_eq!(loaded.version, version);
    }
}
