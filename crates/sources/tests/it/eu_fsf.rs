//! The lists of the European Union.

use interdict_model::Schema;
use interdict_sources::{Format, Loaded, ReadErrorKind};

use crate::support::{entity, refusal, shared_list, try_read, values};

fn text(entities: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<export xmlns=\"http://eu.europa.ec/fpi/fsd/export\" generationDate=\"2026-08-12T16:38:02.123+02:00\" globalFileId=\"159\">\n{entities}\n</export>"
    )
}

fn subject(kind: &str, attributes: &str, parts: &str) -> Loaded {
    let entity = format!(
        "<sanctionEntity logicalId=\"13\" euReferenceNumber=\"EU.27.28\" {attributes}><regulation regulationType=\"regulation\" organisationType=\"council\" publicationDate=\"2014-03-21\" entryIntoForceDate=\"2014-03-22\" numberTitle=\"2014/284 (OJ L86)\" programme=\"UKR\" logicalId=\"1\"><publicationUrl>http://eur-lex.europa.eu/x</publicationUrl></regulation><subjectType code=\"x\" classificationCode=\"{kind}\"/>{parts}</sanctionEntity>"
    );
    try_read(Format::EuFsfXml, &[("eu.xml", text(&entity).as_bytes())]).unwrap()
}

const NAME: &str = "<nameAlias wholeName=\"Saddam Hussein\" firstName=\"Saddam\" lastName=\"Hussein\" strong=\"true\" regulationLanguage=\"en\" nameLanguage=\"\" logicalId=\"17\"/>";

fn person(parts: &str) -> Loaded {
    subject("P", "", &format!("{NAME}{parts}"))
}

fn the(loaded: &Loaded) -> &interdict_model::Entity {
    entity(loaded, "eu-EU.27.28")
}

#[test]
fn all_data_are_attributes_and_the_version_is_the_day_of_generation() {
    let loaded = person("");
    assert_eq!(loaded.version, "2026-08-12");
    let party = the(&loaded);
    assert_eq!((party.schema, values(party, "name")), (Schema::person(), vec!["Saddam Hussein"]));
    assert_eq!((values(party, "firstName"), values(party, "lastName")), (vec!["Saddam"], vec!["Hussein"]));
    assert_eq!(party.referents, ["eu-13"]);
    assert_eq!(party.get("name")[0].origin.record(), "EU.27.28 (eu.xml:3)");
    let sanction = entity(&loaded, "eu-EU.27.28-sanction");
    assert_eq!((values(sanction, "program"), values(sanction, "reason")), (vec!["UKR"], vec!["2014/284 (OJ L86)"]));
    assert_eq!(values(sanction, "sourceUrl"), ["http://eur-lex.europa.eu/x"]);
}

#[test]
fn names_that_are_not_strong_or_of_low_quality_are_weak() {
    let loaded = person(
        "<nameAlias wholeName=\"Abu Ali\" strong=\"false\" logicalId=\"2\"/>\
         <nameAlias wholeName=\"Abou Ali\" strong=\"true\" logicalId=\"3\"><remark>low quality alias</remark></nameAlias>\
         <nameAlias wholeName=\"Saddam Al-Tikriti\" strong=\"true\" logicalId=\"4\"/>\
         <nameAlias firstName=\"Only\" lastName=\"Parts\" strong=\"true\" logicalId=\"5\"/>",
    );
    assert_eq!(values(the(&loaded), "weakAlias"), ["Abu Ali", "Abou Ali"]);
    assert_eq!(values(the(&loaded), "alias"), ["Saddam Al-Tikriti", "Only Parts"]);
}

#[test]
fn names_of_organizations_in_other_languages_are_aliases() {
    let name = |language: &str, name: &str| {
        format!("<nameAlias wholeName=\"{name}\" nameLanguage=\"{language}\" strong=\"true\"/>")
    };
    let parts: String = [("", "A"), ("EN", "B"), ("RU", "В"), ("FR", "D"), ("PT", "E")]
        .map(|(language, text)| name(language, text))
        .concat();
    let loaded = subject("E", "", &parts);
    assert_eq!(the(&loaded).schema, Schema::organization());
    assert_eq!((values(the(&loaded), "name"), values(the(&loaded), "alias")), (vec!["A", "B", "В"], vec!["D", "E"]));
}

#[test]
fn titles_and_functions_are_parted_at_their_letters() {
    let loaded = subject(
        "P",
        "",
        "<nameAlias wholeName=\"X\" title=\"(a) Dr (b) General\" function=\"(a) Minister of X, (b) Member\" gender=\"M\" strong=\"true\"/>",
    );
    assert_eq!(
        (values(the(&loaded), "title"), values(the(&loaded), "position")),
        (vec!["Dr", "General"], vec!["Minister of X", "Member"])
    );
    assert_eq!(values(the(&loaded), "gender"), ["male"]);
}

#[test]
fn a_birth_is_a_day_its_parts_or_bounds() {
    for (attributes, dates) in [
        (
            "birthdate=\"1961-03-02\" dayOfMonth=\"2\" monthOfYear=\"3\" year=\"1961\" circa=\"false\"",
            vec!["1961-03-02"],
        ),
        ("year=\"1961\" circa=\"true\"", vec!["1961~"]),
        ("monthOfYear=\"3\" year=\"1961\"", vec!["1961-03"]),
        ("yearRangeFrom=\"1958\" yearRangeTo=\"1963\" circa=\"true\"", vec!["1958~/1963~"]),
        ("circa=\"false\"", vec![]),
    ] {
        let loaded = person(&format!(
            "<birthdate {attributes} calendarType=\"GREGORIAN\" countryIso2Code=\"00\" countryDescription=\"UNKNOWN\"/>"
        ));
        assert_eq!(values(the(&loaded), "birthDate"), dates, "{attributes}");
        assert!(the(&loaded).get("notes").is_empty() && the(&loaded).get("birthCountry").is_empty());
    }
    let loaded = person("<birthdate year=\"1961\" monthOfYear=\"13\" dayOfMonth=\"2\" calendarType=\"GREGORIAN\"/>");
    assert_eq!(loaded.reconciliation.warnings[0].line, 3);
    assert_eq!(values(the(&loaded), "notes"), ["date of birth: 2 13 1961"]);
}

#[test]
fn a_date_of_another_calendar_is_a_note() {
    let loaded = person(
        "<birthdate year=\"1358\" monthOfYear=\"6\" calendarType=\"ISLAMIC\" city=\"Baghdad\" countryIso2Code=\"IQ\"/>",
    );
    assert!(the(&loaded).get("birthDate").is_empty());
    assert_eq!(values(the(&loaded), "notes"), ["date of birth (islamic): 6 1358"]);
    assert_eq!(
        (values(the(&loaded), "birthPlace"), values(the(&loaded), "birthCountry")),
        (vec!["Baghdad, Iraq"], vec!["iq"])
    );
}

#[test]
fn a_code_of_serbia_and_montenegro_is_serbia_and_an_unknown_country_none() {
    let loaded = person(
        "<citizenship countryIso2Code=\"CS\" countryDescription=\"SERBIA AND MONTENEGRO\"/><citizenship countryIso2Code=\"00\" countryDescription=\"UNKNOWN\"/>\
         <address city=\"Belgrade\" countryIso2Code=\"CS\" countryDescription=\"x\"/><address city=\"Nowhere\" countryIso2Code=\"00\" countryDescription=\"UNKNOWN\"/>",
    );
    assert_eq!((values(the(&loaded), "citizenship"), values(the(&loaded), "country")), (vec!["rs"], vec!["rs"]));
    assert_eq!(values(the(&loaded), "address"), ["Belgrade, Serbia", "Nowhere"]);
    assert!(the(&loaded).get("notes").is_empty());
}

#[test]
fn what_is_said_of_a_document_stands_on_it() {
    let loaded = person(
        "<identification number=\"SE 012820\" identificationTypeCode=\"passport\" identificationTypeDescription=\"National passport\" countryIso2Code=\"AF\" countryDescription=\"AFGHANISTAN\" issueDate=\"2000-11-04\" validTo=\"2005-11-04\" knownFalse=\"true\" knownExpired=\"true\" reportedLost=\"false\" revokedByIssuer=\"false\" nameOnDocument=\"Other Name\"><remark>seen once</remark></identification>\
         <identification number=\"Ж-77001\" latinNumber=\"Zh-77001\" identificationTypeCode=\"id\" identificationTypeDescription=\"National identification card\" countryIso2Code=\"RU\"/>",
    );
    assert_eq!(
        (values(the(&loaded), "passportNumber"), values(the(&loaded), "idNumber")),
        (vec!["SE 012820"], vec!["Ж-77001", "Zh-77001"])
    );
    let passport = loaded.entities.iter().find(|entity| entity.schema == Schema::passport()).unwrap();
    assert_eq!(
        (values(passport, "country"), values(passport, "startDate"), values(passport, "endDate")),
        (vec!["af"], vec!["2000-11-04"], vec!["2005-11-04"])
    );
    assert_eq!(
        values(passport, "summary"),
        ["known to be expired; known to be false; name on the document: Other Name; seen once"]
    );
}

#[test]
fn an_address_says_whether_it_is_that_of_the_listing_and_how_to_reach_it() {
    let loaded = subject(
        "E",
        "",
        "<nameAlias wholeName=\"X\"/><address street=\"Tishina 1\" city=\"Moscow\" zipCode=\"107076\" poBox=\"7\" asAtListingTime=\"true\" countryIso2Code=\"RU\" countryDescription=\"RUSSIA\"><contactInfo key=\"PHONE\" value=\"+7 1\"/><contactInfo key=\"EMAIL\" value=\"a@b.ru\"/><contactInfo key=\"WEB\" value=\"www.b.ru\"/><contactInfo key=\"FAX\" value=\"+7 2\"/></address>",
    );
    assert_eq!(values(the(&loaded), "address"), ["Tishina 1, P.O. Box 7, 107076, Moscow, Russia"]);
    assert_eq!(
        (values(the(&loaded), "phone"), values(the(&loaded), "email"), values(the(&loaded), "website")),
        (vec!["+7 1"], vec!["a@b.ru"], vec!["www.b.ru"])
    );
    assert_eq!(
        values(the(&loaded), "notes"),
        ["address as at listing time: Tishina 1, P.O. Box 7, 107076, Moscow", "FAX: +7 2"]
    );
}

#[test]
fn the_earlier_of_designation_and_entry_into_force_is_the_start() {
    for (attributes, start) in [
        ("designationDate=\"2001-05-28\"", "2001-05-28"),
        ("designationDate=\"2015-01-01\"", "2014-03-22"),
        ("", "2014-03-22"),
    ] {
        let loaded = subject("P", &format!("{attributes} unitedNationId=\"QDi.1\" delistingDate=\"2030-01-01\""), NAME);
        let sanction = entity(&loaded, "eu-EU.27.28-sanction");
        assert_eq!((values(sanction, "startDate"), values(sanction, "listingDate")), (vec![start], vec!["2014-03-21"]));
        assert_eq!((values(sanction, "unscId"), values(sanction, "endDate")), (vec!["QDi.1"], vec!["2030-01-01"]));
    }
}

#[test]
fn a_subject_without_a_reference_has_its_logical_id() {
    let loaded = try_read(Format::EuFsfXml, &[("eu.xml", text("<sanctionEntity logicalId=\"99\"><subjectType classificationCode=\"E\"/><nameAlias wholeName=\"X\"/><remark>(UNSC RESOLUTION 1483)</remark></sanctionEntity>").as_bytes())]).unwrap();
    assert_eq!(values(entity(&loaded, "eu-99"), "notes"), ["(UNSC RESOLUTION 1483)"]);
}

const CSV: &str = "fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_UnitedNationId;Entity_DesignationDate;Entity_Remark;Entity_SubjectType;Entity_SubjectType_ClassificationCode;Entity_Regulation_PublicationDate;Entity_Regulation_EntryIntoForceDate;Entity_Regulation_NumberTitle;Entity_Regulation_Programme;NameAlias_LastName;NameAlias_FirstName;NameAlias_WholeName;NameAlias_NameLanguage;NameAlias_Remark;Address_City;Address_CountryIso2Code;BirthDate_BirthDate;BirthDate_Year;BirthDate_CalendarType;BirthDate_CountryIso2Code;Identification_Number;Identification_TypeCode;Citizenship_CountryIso2Code";

fn csv(rows: &[&[(&str, &str)]]) -> String {
    let columns: Vec<&str> = CSV.split(';').collect();
    let mut text = format!("\u{FEFF}{CSV}\r\n");
    for fields in rows {
        let mut row = vec![""; columns.len()];
        for (column, value) in *fields {
            row[columns.iter().position(|known| known == column).unwrap()] = value;
        }
        text.push_str(&row.join(";"));
        text.push_str("\r\n");
    }
    text
}

#[test]
fn the_csv_has_a_row_for_every_part_of_a_subject() {
    const BASE: [(&str, &str); 7] = [
        ("fileGenerationDate", "01/09/2026"),
        ("Entity_LogicalId", "13"),
        ("Entity_EU_ReferenceNumber", "EU.27.28"),
        ("Entity_SubjectType", "person"),
        ("Entity_SubjectType_ClassificationCode", "P"),
        ("Entity_Regulation_Programme", "IRQ"),
        ("Entity_Regulation_EntryIntoForceDate", "2003-07-07"),
    ];
    let row = |part: &[(&'static str, &'static str)]| [&BASE, part].concat();
    let rows = [
        row(&[("NameAlias_WholeName", "Saddam Hussein"), ("NameAlias_LastName", "Hussein")]),
        row(&[("NameAlias_WholeName", "Abu Ali"), ("NameAlias_Remark", "low quality")]),
        row(&[("Address_City", "Baghdad"), ("Address_CountryIso2Code", "IQ")]),
        row(&[
            ("BirthDate_BirthDate", "1937-04-28"),
            ("BirthDate_CalendarType", "GREGORIAN"),
            ("BirthDate_CountryIso2Code", "IQ"),
        ]),
        row(&[("Identification_Number", "A1 (x)"), ("Identification_TypeCode", "passport")]),
        row(&[("Citizenship_CountryIso2Code", "IQ")]),
        vec![("Entity_LogicalId", "42"), ("Entity_SubjectType", "enterprise"), ("NameAlias_WholeName", "Bank")],
    ];
    let text = csv(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let loaded = try_read(Format::EuFsfCsv, &[("eu.csv", text.as_bytes())]).unwrap();
    assert_eq!((loaded.reconciliation.records, loaded.version.as_str()), (2, "2026-09-01"));
    let party = the(&loaded);
    assert_eq!(
        (party.schema, values(party, "name"), values(party, "weakAlias")),
        (Schema::person(), vec!["Saddam Hussein"], vec!["Abu Ali"])
    );
    assert_eq!(
        (values(party, "address"), values(party, "birthDate"), values(party, "citizenship")),
        (vec!["Baghdad, Iraq"], vec!["1937-04-28"], vec!["iq"])
    );
    assert_eq!(values(party, "passportNumber"), ["A1"]);
    assert_eq!(values(entity(&loaded, "eu-EU.27.28-sanction"), "startDate"), ["2003-07-07"]);
    assert_eq!(entity(&loaded, "eu-42").schema, Schema::organization());
}

#[test]
fn the_header_of_the_older_csv_is_understood() {
    let text = "Date_file;Entity_logical_id;EU_ref_num;Subject_type;Naal_wholename;Naal_lastname;Birt_date;Iden_number;Citi_country\n11/02/2016;13;;P;Saddam Hussein;Hussein;1937-04-28;;\n11/02/2016;13;;P;;;;;IRQ\n";
    let loaded = try_read(Format::EuFsfCsv, &[("eu.csv", text.as_bytes())]).unwrap();
    assert_eq!(loaded.version, "2016-02-11");
    let party = entity(&loaded, "eu-13");
    assert_eq!((values(party, "birthDate"), values(party, "citizenship")), (vec!["1937-04-28"], vec!["iq"]));
}

fn global(inside: &str) -> Loaded {
    let text = format!(
        "<WHOLE Date=\"11/02/2016\">\n<ENTITY Id=\"1\" Type=\"P\" legal_basis=\"151/2012\" reg_date=\"2012-02-21\" pdf_link=\"http://x\" programme=\"ZWE\" remark=\"\"><NAME><WHOLENAME>Robert Mugabe</WHOLENAME><LASTNAME>Mugabe</LASTNAME><LANGUAGE/></NAME>{inside}</ENTITY></WHOLE>"
    );
    try_read(Format::EuGlobalXml, &[("global.xml", text.as_bytes())]).unwrap()
}

#[test]
fn the_list_of_2016_has_elements_and_approximate_births() {
    for (text, dates) in [
        ("1957 (approximative)", vec!["1957~"]),
        ("1958 - 1963 (approximative)", vec!["1958~/1963~"]),
        ("1924-02-21", vec!["1924-02-21"]),
        ("", vec![]),
    ] {
        let loaded = global(&format!("<BIRTH><DATE>{text}</DATE><PLACE>Kutama</PLACE><COUNTRY/></BIRTH>"));
        assert_eq!(loaded.version, "2016-02-11");
        let party = entity(&loaded, "eu-1");
        assert_eq!((values(party, "birthDate"), values(party, "birthPlace")), (dates, vec!["Kutama"]), "{text}");
    }
    let loaded = global(
        "<PASSPORT><NUMBER>F823692 (passport-National passport) [known to be expired]((expired))</NUMBER><COUNTRY>MAR</COUNTRY></PASSPORT><CITIZEN><COUNTRY>ZWE</COUNTRY></CITIZEN><ADDRESS><CITY>Harare</CITY><COUNTRY>ZWE</COUNTRY><OTHER>PHONE[+263 1] (former)</OTHER></ADDRESS>",
    );
    let party = entity(&loaded, "eu-1");
    assert_eq!(
        (values(party, "passportNumber"), values(party, "citizenship"), values(party, "phone")),
        (vec!["F823692"], vec!["zw"], vec!["+263 1"])
    );
    assert_eq!(values(entity(&loaded, "eu-1-id-f823692"), "country"), ["ma"]);
}

#[test]
fn what_is_not_the_list_is_refused() {
    let xml = |text: &str| refusal(Format::EuFsfXml, "eu.xml", text.as_bytes());
    assert!(matches!(xml("<html>"), ReadErrorKind::Html { .. }));
    assert!(matches!(xml("<WHOLE/>"), ReadErrorKind::MissingElement { name: "export", .. }));
    assert!(matches!(xml(&text("")), ReadErrorKind::Empty));
    let one = "<sanctionEntity logicalId=\"1\"><nameAlias wholeName=\"A\"/></sanctionEntity>";
    assert!(matches!(xml(&text(&one.repeat(2))), ReadErrorKind::DuplicateKey { .. }));
    assert!(matches!(xml(&text(one).replace("</export>", "")), ReadErrorKind::Truncated { .. }));
    let csv = |text: &str| refusal(Format::EuFsfCsv, "eu.csv", text.as_bytes());
    assert!(matches!(csv("a;b\n1;2\n"), ReadErrorKind::MissingColumn { column, .. } if column == "Entity_LogicalId"));
    assert!(matches!(csv(&format!("{CSV}\n")), ReadErrorKind::Empty));
    assert!(matches!(csv(&format!("{CSV}\n\u{FEFF}x")), ReadErrorKind::Encoding { .. }));
    assert!(matches!(
        refusal(Format::EuGlobalXml, "g.xml", b"<WHOLE Date=\"yesterday\"/>"),
        ReadErrorKind::Field { field: "Date", .. }
    ));
}

#[test]
fn shared_the_list_of_2016_loads_whole() {
    let Some(loaded) = shared_list(Format::EuGlobalXml, "eu_fsf", &["eu_fsf/legacy_global_2016-02-11.xml"], false)
    else {
        return;
    };
    let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(loaded.reconciliation.records, 595);
    let schema = |schema| loaded.entities.iter().filter(|entity| entity.schema == schema).count();
    assert_eq!((schema(Schema::person()), schema(Schema::organization())), (319, 276));
    assert!(loaded.reconciliation.refused.is_empty());
    assert_eq!(loaded.version, "2016-02-11");
}
