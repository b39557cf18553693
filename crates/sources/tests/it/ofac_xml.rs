//! OFAC's three XML forms.

use interdict_model::{Entity, Schema};
use interdict_sources::{Format, Loaded, ReadErrorKind};

use crate::support::{entity, shared_list, try_read, values};

const OLD: &str = "http://tempuri.org/sdnList.xsd";
const NEW: &str = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML";

fn simple(namespace: &str, declared: u32, entries: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\" standalone=\"yes\"?>\n<sdnList xmlns=\"{namespace}\">\n<publshInformation><Publish_Date>03/28/2025</Publish_Date>\
         <Record_Count>{declared}</Record_Count></publshInformation>\n{entries}</sdnList>\n"
    )
    .into_bytes()
}

const ENTRY: &str = "<sdnEntry><uid>9647</uid><firstName>Mahmoud Khaled</firstName><lastName>ZAHHAR</lastName><title>Colonel</title><sdnType>Individual</sdnType>
<remarks>(Linked To: HAMAS)</remarks><programList><program>NS-PLC</program><program>SDGT</program></programList>
<idList><id><uid>1</uid><idType>Secondary sanctions risk:</idType><idNumber>section 1(b) of Executive Order 13224</idNumber></id>
<id><uid>2</uid><idType>Gender</idType><idNumber>Male</idNumber></id>
<id><uid>3</uid><idType>Passport</idType><idNumber>U00242309</idNumber><idCountry>Turkey</idCountry><issueDate>21 Aug 2006</issueDate><expirationDate>20 Aug 2008</expirationDate></id>
<id><uid>4</uid><idType>Email Address</idType><idNumber>a@example.com</idNumber></id>
<id><uid>5</uid><idType>Website</idType><idNumber>example.com</idNumber></id></idList>
<akaList><aka><uid>6</uid><type>a.k.a.</type><category>strong</category><lastName>AL ZAHAR</lastName><firstName>Mahmoud</firstName></aka>
<aka><uid>7</uid><type>a.k.a.</type><category>weak</category><lastName>ZAHAR, Mahmoud</lastName></aka>
<aka><uid>8</uid><type>f.k.a.</type><category>strong</category><lastName>OLD</lastName><firstName>Name</firstName></aka></akaList>
<addressList><address><uid>9</uid><address1>Street 1</address1><city>Gaza</city><country>Region: Gaza</country></address></addressList>
<nationalityList><nationality><uid>10</uid><country>Palestinian</country><mainEntry>true</mainEntry></nationality></nationalityList>
<citizenshipList><citizenship><uid>11</uid><country>Iran</country></citizenship></citizenshipList>
<dateOfBirthList><dateOfBirthItem><uid>12</uid><dateOfBirth>circa 1951</dateOfBirth></dateOfBirthItem></dateOfBirthList>
<placeOfBirthList><placeOfBirthItem><uid>13</uid><placeOfBirth>Shati</placeOfBirth></placeOfBirthItem></placeOfBirthList>
<newElement>unheard of</newElement></sdnEntry>\n";

const SHIP: &str = "<sdnEntry><uid>15036</uid><lastName>ARTAVIL</lastName><sdnType>Vessel</sdnType><programList><program>IRAN</program></programList>
<idList><id><uid>1</uid><idType>Vessel Registration Identification</idType><idNumber>IMO 9187629</idNumber></id></idList>
<vesselInfo><callSign>T2EU4</callSign><vesselType>Tug</vesselType><vesselFlag>Iran</vesselFlag><vesselOwner>NITC</vesselOwner><tonnage>99,144</tonnage>
<grossRegisteredTonnage>56,068</grossRegisteredTonnage></vesselInfo></sdnEntry>\n";

#[test]
fn the_simple_form_reads_alike_in_both_namespaces() {
    for namespace in [OLD, NEW] {
        let loaded =
            try_read(Format::OfacSdnXml, &[("sdn.xml", &simple(namespace, 2, &format!("{ENTRY}{SHIP}")))]).unwrap();
        assert_eq!(loaded.version, "2025-03-28");
        assert_eq!(loaded.reconciliation.declared, Some(2));
        let person = entity(&loaded, "ofac-9647");
        assert_eq!(person.get("name")[0].origin.record(), "9647 (sdn.xml:4)");
        for (property, value) in [
            ("name", "Mahmoud Khaled ZAHHAR"),
            ("alias", "Mahmoud AL ZAHAR"),
            ("weakAlias", "Mahmoud ZAHAR"),
            ("previousName", "Name OLD"),
            ("position", "Colonel"),
            ("gender", "male"),
            ("passportNumber", "U00242309"),
            ("email", "a@example.com"),
            ("website", "example.com"),
            ("nationality", "ps"),
            ("citizenship", "ir"),
            ("birthDate", "1951~"),
            ("birthPlace", "Shati"),
            ("address", "Street 1, Gaza, Region: Gaza"),
        ] {
            assert_eq!(values(person, property), [value], "{property}");
        }
        assert_eq!(values(person, "notes"), ["newElement: unheard of", "Linked To: HAMAS"]);
        let passport = entity(&loaded, "ofac-9647-id-u00242309");
        assert_eq!((values(passport, "country"), values(passport, "endDate")), (vec!["tr"], vec!["2008-08-20"]));
        let sanction = entity(&loaded, "ofac-9647-sanction-sdn");
        assert_eq!(values(sanction, "provisions"), ["Secondary sanctions risk: section 1(b) of Executive Order 13224"]);
        let ship = entity(&loaded, "ofac-15036");
        assert_eq!((values(ship, "imoNumber"), values(ship, "tonnage")), (vec!["9187629"], vec!["99144"]));
        assert_eq!(values(ship, "notes"), ["owner: NITC"]);
    }
}

#[test]
fn a_file_with_fewer_entries_than_it_declares_is_refused() {
    let error = try_read(Format::OfacSdnXml, &[("sdn.xml", &simple(NEW, 5704, ENTRY))]).unwrap_err();
    assert!(matches!(error.kind, ReadErrorKind::Count { declared: 5704, found: 1 }), "{error}");
}

#[test]
fn the_simple_form_without_its_heading_or_end_is_refused() {
    let kind = |bytes: &[u8]| try_read(Format::OfacSdnXml, &[("sdn.xml", bytes)]).unwrap_err().kind;
    let headless = format!("<sdnList>{ENTRY}</sdnList>");
    assert!(matches!(kind(headless.as_bytes()), ReadErrorKind::MissingElement { name: "publshInformation", .. }));
    let whole = simple(NEW, 1, ENTRY);
    assert!(matches!(kind(&whole[..whole.len() - 20]), ReadErrorKind::Truncated { .. }));
    assert!(matches!(kind(&simple(NEW, 2, &format!("{ENTRY}{ENTRY}"))), ReadErrorKind::DuplicateKey { .. }));
    assert!(matches!(kind(b"<!DOCTYPE sdnList><sdnList/>"), ReadErrorKind::Doctype));
    let undated = String::from_utf8(whole).unwrap().replace("03/28/2025", "13/28/2025");
    assert!(matches!(kind(undated.as_bytes()), ReadErrorKind::Field { field: "Publish_Date", .. }));
}

fn enhanced(filters: &str, entities: &str) -> Vec<u8> {
    format!(
        "<sanctionsData xmlns=\"urn:any\"><publicationInfo><dataAsOf>2024-08-28T00:00:00</dataAsOf><filters><sanctionsLists><sanctionsList>SDN List</sanctionsList>\
         </sanctionsLists>{filters}</filters></publicationInfo><referenceValues><referenceValue refId=\"1\"><type>COUNTRY</type><value>Iran</value></referenceValue>\
         </referenceValues><featureTypes><featureType featureTypeId=\"8\"><type>Birthdate</type></featureType></featureTypes><entities>{entities}</entities></sanctionsData>"
    )
    .into_bytes()
}

fn enhanced_entity(id: u32, kind: &str, name: &str, rest: &str) -> String {
    format!(
        "<entity id=\"{id}\"><generalInfo><identityId>9{id}</identityId><entityType>{kind}</entityType></generalInfo><sanctionsLists>\
         <sanctionsList datePublished=\"2019-04-15\">SDN List</sanctionsList></sanctionsLists><sanctionsPrograms><sanctionsProgram>IRGC</sanctionsProgram></sanctionsPrograms>\
         <sanctionsTypes><sanctionsType>Block</sanctionsType></sanctionsTypes><legalAuthorities><legalAuthority>Executive Order 13224 (Terrorism)</legalAuthority></legalAuthorities>\
         <names><name><isPrimary>true</isPrimary><isLowQuality>false</isLowQuality><translations><translation><isPrimary>true</isPrimary><script>Latin</script>\
         <formattedLastName>{name}</formattedLastName><formattedFullName>{name}</formattedFullName></translation></translations></name></names>{rest}</entity>"
    )
}

fn read_enhanced(filters: &str, entities: &str) -> Loaded {
    try_read(Format::OfacEnhancedXml, &[("sdn_enhanced.xml", &enhanced(filters, entities))]).unwrap()
}

fn birthdate(from: &str, to: &str, approximate: bool) -> String {
    format!(
        "<features><feature><type>Birthdate</type><value>{from}</value><valueDate><fromDateBegin>{from}</fromDateBegin><fromDateEnd>{from}</fromDateEnd>\
         <toDateBegin>{to}</toDateBegin><toDateEnd>{to}</toDateEnd><isApproximate>{approximate}</isApproximate><isDateRange>false</isDateRange></valueDate></feature></features>"
    )
}

#[test]
fn a_year_of_birth_that_is_written_as_its_first_and_last_day_is_a_year() {
    for (from, to, approximate, date) in [
        ("1972-01-01", "1972-12-31", false, "1972"),
        ("1992-04-13", "1992-04-13", false, "1992-04-13"),
        ("1951-01-01", "1951-12-31", true, "1951~"),
        ("1961-01-01", "1962-12-31", false, "1961/1962"),
    ] {
        let loaded = read_enhanced("", &enhanced_entity(7, "Individual", "X", &birthdate(from, to, approximate)));
        assert_eq!(values(entity(&loaded, "ofac-7"), "birthDate"), [date]);
    }
}

#[test]
fn the_enhanced_form_has_listing_dates_reasons_and_measures() {
    let loaded = read_enhanced("", &enhanced_entity(26719, "Entity", "IRGC NAVY", ""));
    assert_eq!(loaded.version, "2024-08-28");
    assert_eq!(loaded.reconciliation.partial, None);
    let sanction = entity(&loaded, "ofac-26719-sanction-sdn");
    for (property, value) in [
        ("listingDate", "2019-04-15"),
        ("program", "IRGC"),
        ("provisions", "Block"),
        ("reason", "Executive Order 13224 (Terrorism)"),
    ] {
        assert_eq!(values(sanction, property), [value], "{property}");
    }
}

#[test]
fn a_filter_of_programmes_makes_a_part_of_the_list() {
    let filters = "<sanctionsPrograms><sanctionsProgram>IRGC</sanctionsProgram></sanctionsPrograms>";
    let loaded = read_enhanced(filters, &enhanced_entity(7, "Entity", "X", ""));
    let partial = loaded.reconciliation.partial.as_deref();
    assert_eq!(partial, Some("the file is an export filtered by sanctionsPrograms IRGC"));
}

#[test]
fn names_of_low_quality_and_of_other_scripts_keep_their_kind() {
    let names = "<names><name><isPrimary>false</isPrimary><aliasType>A.K.A.</aliasType><isLowQuality>false</isLowQuality><translations>\
        <translation><script>Latin</script><formattedFirstName>Amir</formattedFirstName><formattedLastName>NIKA'IN</formattedLastName></translation>\
        <translation><script>Arabic</script><formattedFirstName>امیر</formattedFirstName><formattedLastName>نیکائین</formattedLastName></translation></translations></name>\
        <name><isPrimary>false</isPrimary><aliasType>A.K.A.</aliasType><isLowQuality>true</isLowQuality><translations><translation>\
        <formattedLastName>ABU ALI</formattedLastName></translation></translations></name>\
        <name><isPrimary>false</isPrimary><aliasType>F.K.A.</aliasType><isLowQuality>false</isLowQuality><translations><translation>\
        <formattedLastName>BEFORE</formattedLastName></translation></translations></name></names>";
    let loaded = read_enhanced("", &enhanced_entity(7, "Individual", "X", names));
    let person = entity(&loaded, "ofac-7");
    assert_eq!(values(person, "alias"), ["Amir NIKA'IN", "امیر نیکائین"]);
    assert_eq!(values(person, "weakAlias"), ["ABU ALI"]);
    assert_eq!(values(person, "previousName"), ["BEFORE"]);
}

#[test]
fn features_wallets_documents_and_addresses_of_the_enhanced_form() {
    let rest = "<addresses><address><country>Iran</country><translations><translation><addressParts><addressPart><type>CITY</type><value>Tehran</value></addressPart>\
        <addressPart><type>ADDRESS1</type><value>Street 5</value></addressPart></addressParts></translation></translations></address><address/></addresses>\
        <features><feature><type>Digital Currency Address - XBT</type><value>1H939dom7i4WDLCKyGbXUp3fs9CSTNRzgL</value></feature>\
        <feature><type>Nationality Country</type><value>Iran</value></feature><feature><type>Gender</type><value>Male</value><reliability>False</reliability></feature></features>\
        <identityDocuments><identityDocument><type>Passport</type><documentNumber>G9345943</documentNumber><isValid>false</isValid><issuingCountry>Iran</issuingCountry>\
        <issueDate><fromDateBegin>2009-08-31</fromDateBegin><toDateEnd>2009-08-31</toDateEnd></issueDate></identityDocument></identityDocuments>";
    let loaded = read_enhanced("", &enhanced_entity(7, "Individual", "X", rest));
    let person = entity(&loaded, "ofac-7");
    assert_eq!(values(person, "address"), ["Street 5, Tehran, Iran"]);
    assert_eq!(values(person, "nationality"), ["ir"]);
    assert_eq!(values(person, "notes"), ["not reliable, Gender: Male"]);
    let passport = entity(&loaded, "ofac-7-id-g9345943");
    assert_eq!((values(passport, "startDate"), values(passport, "summary")), (vec!["2009-08-31"], vec!["not valid"]));
    let wallet = entity(&loaded, "ofac-7-wallet-xbt-1H939dom7i4WDLCKyGbXUp3fs9CSTNRzgL");
    assert_eq!((values(wallet, "holder"), values(wallet, "currency")), (vec!["ofac-7"], vec!["XBT"]));
}

#[test]
fn the_typographic_apostrophe_of_a_feature_is_the_straight_one_of_the_csv() {
    let rest = "<features><feature><type>Aircraft Manufacturer’s Serial Number (MSN)</type><value>33448393</value></feature></features>";
    let loaded = read_enhanced("", &enhanced_entity(24475, "Aircraft", "EP-PUL", rest));
    assert_eq!(values(entity(&loaded, "ofac-24475"), "serialNumber"), ["33448393"]);
}

fn related(kind: &str, id: u32, name: &str) -> String {
    format!(
        "<relationships><relationship><type>{kind}</type><relatedEntity entityId=\"{id}\">{name}</relatedEntity></relationship></relationships>"
    )
}

#[test]
fn each_kind_of_relationship_becomes_the_relation_that_it_means() {
    for (kind, from_kind, schema, ends) in [
        ("Owned or Controlled By", "Entity", Schema::ownership(), [("owner", "ofac-2"), ("asset", "ofac-1")]),
        ("Property in the interest of", "Aircraft", Schema::ownership(), [("owner", "ofac-2"), ("asset", "ofac-1")]),
        (
            "Acting for or on behalf of",
            "Individual",
            Schema::representation(),
            [("agent", "ofac-1"), ("client", "ofac-2")],
        ),
        (
            "Leader or official of",
            "Individual",
            Schema::directorship(),
            [("director", "ofac-1"), ("organization", "ofac-2")],
        ),
        ("Providing support to", "Entity", Schema::unknown_link(), [("subject", "ofac-1"), ("object", "ofac-2")]),
        // A person is no asset.
        ("Owned or Controlled By", "Individual", Schema::unknown_link(), [("subject", "ofac-1"), ("object", "ofac-2")]),
    ] {
        let entities =
            enhanced_entity(1, from_kind, "A", &related(kind, 2, "B")) + &enhanced_entity(2, "Entity", "B", "");
        let loaded = read_enhanced("", &entities);
        let relation: &Entity = loaded.entities.last().unwrap();
        assert_eq!(relation.schema, schema, "{kind}");
        for (property, id) in ends {
            assert_eq!(values(relation, property), [id], "{kind} {property}");
        }
        assert_eq!(values(relation, "role"), [kind]);
        if schema == Schema::ownership() && from_kind == "Entity" {
            assert_eq!(entity(&loaded, "ofac-1").schema, Schema::company(), "what is owned is an asset");
        }
    }
}

#[test]
fn a_related_party_outside_the_export_is_kept_as_a_stub_with_its_name() {
    let loaded =
        read_enhanced("", &enhanced_entity(1, "Entity", "A", &related("Owned or Controlled By", 12478, "ANSAR BANK")));
    assert_eq!(loaded.reconciliation.records, 1);
    let stub = entity(&loaded, "ofac-12478");
    assert_eq!((stub.schema, values(stub, "name")), (Schema::legal_entity(), vec!["ANSAR BANK"]));
    assert!(stub.get("topics").is_empty());
}

#[test]
fn the_enhanced_form_names_what_it_lacks() {
    let kind = |bytes: &[u8]| try_read(Format::OfacEnhancedXml, &[("e.xml", bytes)]).unwrap_err().kind;
    assert!(matches!(kind(b"<sanctionsData><entities/></sanctionsData>"), ReadErrorKind::MissingElement { .. }));
    assert!(matches!(kind(&enhanced("", "")), ReadErrorKind::Empty));
    let twice = enhanced_entity(1, "Entity", "A", "") + &enhanced_entity(1, "Entity", "A", "");
    assert!(matches!(kind(&enhanced("", &twice)), ReadErrorKind::DuplicateKey { .. }));
    assert!(matches!(kind(b"<sdnList/>"), ReadErrorKind::MissingElement { .. }));
}

/// A small database in the advanced form: a bank, a person who acts for it, a ship that it owns.
const ADVANCED: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<Sanctions xmlns="http://www.un.org/sanctions/1.0" Version="1">
<DateOfIssue CalendarTypeID="1"><Year>2025</Year><Month>3</Month><Day>28</Day></DateOfIssue>
<ReferenceValueSets>
<AliasTypeValues><AliasType ID="1400">A.K.A.</AliasType><AliasType ID="1401">F.K.A.</AliasType><AliasType ID="1403">Name</AliasType></AliasTypeValues>
<CountryValues><Country ID="11109" ISO2="IR">Iran</Country><Country ID="11197">Syria</Country></CountryValues>
<DetailReferenceValues><DetailReference ID="91526">Male</DetailReference></DetailReferenceValues>
<FeatureTypeValues><FeatureType ID="8" FeatureTypeGroupID="1">Birthdate</FeatureType><FeatureType ID="9" FeatureTypeGroupID="1">Place of Birth</FeatureType>
<FeatureType ID="10" FeatureTypeGroupID="1">Nationality Country</FeatureType><FeatureType ID="25" FeatureTypeGroupID="1">Location</FeatureType>
<FeatureType ID="224" FeatureTypeGroupID="1">Gender</FeatureType><FeatureType ID="344" FeatureTypeGroupID="1">Digital Currency Address - XBT</FeatureType>
<FeatureType ID="3" FeatureTypeGroupID="1">Vessel Flag</FeatureType></FeatureTypeValues>
<IDRegDocDateTypeValues><IDRegDocDateType ID="1480">Issue Date</IDRegDocDateType><IDRegDocDateType ID="1481">Expiration Date</IDRegDocDateType></IDRegDocDateTypeValues>
<IDRegDocTypeValues><IDRegDocType ID="1571">Passport</IDRegDocType><IDRegDocType ID="1626">Vessel Registration Identification</IDRegDocType></IDRegDocTypeValues>
<LegalBasisValues><LegalBasis ID="1828" LegalBasisTypeID="1" LegalBasisShortRef="E.O. 13224" SanctionsProgramID="1">Executive Order 13224 (Terrorism)</LegalBasis></LegalBasisValues>
<ListValues><List ID="1550">SDN List</List><List ID="91512">Consolidated List</List><List ID="91507">Sectoral Sanctions Identifications List</List></ListValues>
<LocPartTypeValues><LocPartType ID="1451">ADDRESS1</LocPartType><LocPartType ID="1454">CITY</LocPartType></LocPartTypeValues>
<NamePartTypeValues><NamePartType ID="1520">Last Name</NamePartType><NamePartType ID="1521">First Name</NamePartType><NamePartType ID="1525">Entity Name</NamePartType></NamePartTypeValues>
<PartySubTypeValues><PartySubType ID="1" PartyTypeID="4">Vessel</PartySubType><PartySubType ID="3" PartyTypeID="2">Unknown</PartySubType><PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
<PartyTypeValues><PartyType ID="1">Individual</PartyType><PartyType ID="2">Entity</PartyType><PartyType ID="4">Transport</PartyType></PartyTypeValues>
<RelationTypeValues><RelationType ID="15001" Symmetrical="false">Acting for or on behalf of</RelationType><RelationType ID="15003" Symmetrical="false">Owned or Controlled By</RelationType></RelationTypeValues>
<ReliabilityValues><Reliability ID="1560">Confirmed</Reliability><Reliability ID="1561">False</Reliability></ReliabilityValues>
<SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType><SanctionsType ID="1705">Block</SanctionsType></SanctionsTypeValues>
<ValidityValues><Validity ID="1">Valid</Validity><Validity ID="2">Fraudulent</Validity></ValidityValues>
</ReferenceValueSets>
<Locations>
<Location ID="25"><LocationCountry CountryID="11109" CountryRelevanceID="1"/><LocationPart LocPartTypeID="1454"><LocationPartValue Primary="true" LocPartValueTypeID="1" LocPartValueStatusID="1"><Value>Tehran</Value></LocationPartValue></LocationPart>
<LocationPart LocPartTypeID="1451"><LocationPartValue Primary="true" LocPartValueTypeID="1" LocPartValueStatusID="1"><Value>Street 5</Value></LocationPartValue></LocationPart></Location>
<Location ID="26"><LocationCountry CountryID="11197" CountryRelevanceID="1"/></Location>
</Locations>
<IDRegDocuments>
<IDRegDocument ID="1" IDRegDocTypeID="1571" IdentityID="201" IssuedBy-CountryID="11109" ValidityID="2"><IDRegistrationNo>G9345943</IDRegistrationNo>
<DocumentDate IDRegDocDateTypeID="1481"><DatePeriod CalendarTypeID="1" YearFixed="false" MonthFixed="false" DayFixed="false"><Start Approximate="false" YearFixed="false" MonthFixed="false" DayFixed="false"><From><Year>2014</Year><Month>8</Month><Day>30</Day></From><To><Year>2014</Year><Month>8</Month><Day>30</Day></To></Start></DatePeriod></DocumentDate></IDRegDocument>
<IDRegDocument ID="2" IDRegDocTypeID="1626" IdentityID="301" ValidityID="1"><IDRegistrationNo>IMO 9187629</IDRegistrationNo></IDRegDocument>
</IDRegDocuments>
<DistinctParties>
<DistinctParty FixedRef="100"><Profile ID="1000" PartySubTypeID="3"><Identity ID="101" FixedRef="100" Primary="true" False="false">
<Alias FixedRef="100" AliasTypeID="1403" Primary="true" LowQuality="false"><DocumentedName ID="1" FixedRef="100" DocNameStatusID="1"><DocumentedNamePart><NamePartValue NamePartGroupID="11" ScriptID="215" ScriptStatusID="1" Acronym="false">EXAMPLE BANK</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
<Alias FixedRef="100" AliasTypeID="1401" Primary="false" LowQuality="false"><DocumentedName ID="2" FixedRef="100" DocNameStatusID="1"><DocumentedNamePart><NamePartValue NamePartGroupID="11" ScriptID="215" ScriptStatusID="1" Acronym="false">OLD BANK</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
<NamePartGroups><MasterNamePartGroup><NamePartGroup ID="11" NamePartTypeID="1525"/></MasterNamePartGroup></NamePartGroups></Identity>
<Feature ID="1" FeatureTypeID="25"><FeatureVersion ID="1" ReliabilityID="1560"><VersionLocation LocationID="25"/></FeatureVersion><IdentityReference IdentityID="101" IdentityFeatureLinkTypeID="1"/></Feature>
<Feature ID="2" FeatureTypeID="344"><FeatureVersion ID="2" ReliabilityID="1560"><VersionDetail DetailTypeID="1432">1H939dom7i4WDLCKyGbXUp3fs9CSTNRzgL</VersionDetail></FeatureVersion><IdentityReference IdentityID="101" IdentityFeatureLinkTypeID="1"/></Feature>
</Profile></DistinctParty>
<DistinctParty FixedRef="200"><Comment>all offices worldwide</Comment><Profile ID="2000" PartySubTypeID="4"><Identity ID="201" FixedRef="200" Primary="true" False="false">
<Alias FixedRef="200" AliasTypeID="1403" Primary="true" LowQuality="false"><DocumentedName ID="3" FixedRef="200" DocNameStatusID="1"><DocumentedNamePart><NamePartValue NamePartGroupID="21" ScriptID="215" ScriptStatusID="1" Acronym="false">Nikaeen</NamePartValue></DocumentedNamePart><DocumentedNamePart><NamePartValue NamePartGroupID="22" ScriptID="215" ScriptStatusID="1" Acronym="false">Amir</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
<Alias FixedRef="200" AliasTypeID="1400" Primary="false" LowQuality="true"><DocumentedName ID="4" FixedRef="200" DocNameStatusID="1"><DocumentedNamePart><NamePartValue NamePartGroupID="21" ScriptID="215" ScriptStatusID="1" Acronym="false">Abu Ali</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
<NamePartGroups><MasterNamePartGroup><NamePartGroup ID="21" NamePartTypeID="1520"/></MasterNamePartGroup><MasterNamePartGroup><NamePartGroup ID="22" NamePartTypeID="1521"/></MasterNamePartGroup></NamePartGroups></Identity>
<Feature ID="3" FeatureTypeID="8"><FeatureVersion ID="3" ReliabilityID="1560"><DatePeriod CalendarTypeID="1" YearFixed="false" MonthFixed="false" DayFixed="false"><Start Approximate="true" YearFixed="false" MonthFixed="false" DayFixed="false"><From><Year>1972</Year><Month>1</Month><Day>1</Day></From><To><Year>1972</Year><Month>1</Month><Day>1</Day></To></Start><End Approximate="false" YearFixed="false" MonthFixed="false" DayFixed="false"><From><Year>1972</Year><Month>12</Month><Day>31</Day></From><To><Year>1972</Year><Month>12</Month><Day>31</Day></To></End></DatePeriod><VersionDetail DetailTypeID="1430"/></FeatureVersion><IdentityReference IdentityID="201" IdentityFeatureLinkTypeID="1"/></Feature>
<Feature ID="4" FeatureTypeID="224"><FeatureVersion ID="4" ReliabilityID="1560"><VersionDetail DetailTypeID="1431" DetailReferenceID="91526"/></FeatureVersion><IdentityReference IdentityID="201" IdentityFeatureLinkTypeID="1"/></Feature>
<Feature ID="5" FeatureTypeID="10"><FeatureVersion ID="5" ReliabilityID="1560"><VersionDetail DetailTypeID="1433"/><VersionLocation LocationID="26"/></FeatureVersion><IdentityReference IdentityID="201" IdentityFeatureLinkTypeID="1"/></Feature>
<Feature ID="6" FeatureTypeID="9"><FeatureVersion ID="6" ReliabilityID="1561"><VersionDetail DetailTypeID="1432">Aleppo, Syria</VersionDetail></FeatureVersion><IdentityReference IdentityID="201" IdentityFeatureLinkTypeID="1"/></Feature>
</Profile></DistinctParty>
<DistinctParty FixedRef="300"><Profile ID="3000" PartySubTypeID="1"><Identity ID="301" FixedRef="300" Primary="true" False="false"><Alias FixedRef="300" AliasTypeID="1403" Primary="true" LowQuality="false"><DocumentedName ID="5" FixedRef="300" DocNameStatusID="1"><DocumentedNamePart><NamePartValue NamePartGroupID="31" ScriptID="215" ScriptStatusID="1" Acronym="false">ARTAVIL</NamePartValue></DocumentedNamePart></DocumentedName></Alias><NamePartGroups><MasterNamePartGroup><NamePartGroup ID="31" NamePartTypeID="1526"/></MasterNamePartGroup></NamePartGroups></Identity>
<Feature ID="7" FeatureTypeID="3"><FeatureVersion ID="7" ReliabilityID="1560"><VersionLocation LocationID="26"/></FeatureVersion><IdentityReference IdentityID="301" IdentityFeatureLinkTypeID="1"/></Feature></Profile></DistinctParty>
</DistinctParties>
<ProfileRelationships>
<ProfileRelationship ID="1" From-ProfileID="2000" To-ProfileID="1000" RelationTypeID="15001" RelationQualityID="1" Former="true" SanctionsEntryID="2"/>
<ProfileRelationship ID="2" From-ProfileID="3000" To-ProfileID="1000" RelationTypeID="15003" RelationQualityID="1" Former="false" SanctionsEntryID="3"/>
<ProfileRelationship ID="3" From-ProfileID="3000" To-ProfileID="9999" RelationTypeID="15003" RelationQualityID="1" Former="false" SanctionsEntryID="3"/>
</ProfileRelationships>
<SanctionsEntries>
<SanctionsEntry ID="1" ProfileID="1000" ListID="91507"><EntryEvent ID="1" EntryEventTypeID="1" LegalBasisID="1828"><Date CalendarTypeID="1"><Year>2019</Year><Month>4</Month><Day>15</Day></Date></EntryEvent>
<SanctionsMeasure ID="1" SanctionsTypeID="1"><Comment>UKRAINE-EO13662</Comment><DatePeriod CalendarTypeID="1" YearFixed="false" MonthFixed="false" DayFixed="false"/></SanctionsMeasure><SanctionsMeasure ID="2" SanctionsTypeID="1705"/></SanctionsEntry>
<SanctionsEntry ID="11" ProfileID="1000" ListID="91512"><EntryEvent ID="11" EntryEventTypeID="1"><Date CalendarTypeID="1"><Year>2019</Year><Month>4</Month><Day>16</Day></Date></EntryEvent></SanctionsEntry>
<SanctionsEntry ID="2" ProfileID="2000" ListID="1550"><EntryEvent ID="2" EntryEventTypeID="1"><Date CalendarTypeID="1"><Year>2019</Year><Month>4</Month><Day>15</Day></Date></EntryEvent><SanctionsMeasure ID="3" SanctionsTypeID="1"><Comment>SDGT</Comment></SanctionsMeasure></SanctionsEntry>
<SanctionsEntry ID="3" ProfileID="3000" ListID="1550"><EntryEvent ID="3" EntryEventTypeID="1"><Date CalendarTypeID="1"><Year>2019</Year><Month>4</Month><Day>15</Day></Date></EntryEvent></SanctionsEntry>
</SanctionsEntries>
</Sanctions>
"#;

#[test]
fn the_advanced_form_is_joined_by_its_pointers() {
    for text in [
        ADVANCED.to_owned(),
        ADVANCED.replace("http://www.un.org/sanctions/1.0", "https://example.org/exports/ADVANCED_XML"),
    ] {
        let loaded = try_read(Format::OfacAdvancedXml, &[("sdn_advanced.xml", text.as_bytes())]).unwrap();
        assert_eq!((loaded.version.as_str(), loaded.reconciliation.records), ("2025-03-28", 3));
        let bank = entity(&loaded, "ofac-100");
        for (property, value) in [
            ("name", "EXAMPLE BANK"),
            ("previousName", "OLD BANK"),
            ("address", "Street 5, Tehran, Iran"),
            ("country", "ir"),
            ("program", "UKRAINE-EO13662"),
        ] {
            assert_eq!(values(bank, property), [value], "{property}");
        }
        let person = entity(&loaded, "ofac-200");
        for (property, value) in [
            ("name", "Amir Nikaeen"),
            ("lastName", "Nikaeen"),
            ("weakAlias", "Abu Ali"),
            ("birthDate", "1972~"),
            ("gender", "male"),
            ("nationality", "sy"),
            ("passportNumber", "G9345943"),
        ] {
            assert_eq!(values(person, property), [value], "{property}");
        }
        assert_eq!(values(person, "notes"), ["not reliable, Place of Birth: Aleppo, Syria", "all offices worldwide"]);
        let passport = entity(&loaded, "ofac-200-id-g9345943");
        assert_eq!(
            (values(passport, "endDate"), values(passport, "summary")),
            (vec!["2014-08-30"], vec!["Fraudulent"])
        );
        let ship = entity(&loaded, "ofac-300");
        assert_eq!(ship.schema, Schema::vessel());
        assert_eq!((values(ship, "imoNumber"), values(ship, "flag")), (vec!["9187629"], vec!["sy"]));
        entity(&loaded, "ofac-100-wallet-xbt-1H939dom7i4WDLCKyGbXUp3fs9CSTNRzgL");
        let acting = entity(&loaded, "representation-ofac-200-ofac-100");
        assert_eq!(values(acting, "summary"), ["former"]);
        assert_eq!(values(entity(&loaded, "ownership-ofac-100-ofac-300"), "asset"), ["ofac-300"]);
        let warnings = &loaded.reconciliation.warnings;
        assert_eq!(warnings.len(), 1, "{warnings:?}");
    }
}

#[test]
fn the_consolidated_list_only_says_that_another_list_is_meant() {
    let loaded = try_read(Format::OfacAdvancedXml, &[("cons_advanced.xml", ADVANCED.as_bytes())]).unwrap();
    let of_bank: Vec<_> = loaded
        .entities
        .iter()
        .filter(|entity| entity.has("entity", "ofac-100"))
        .map(|entity| entity.id.as_str())
        .collect();
    assert_eq!(of_bank, ["ofac-100-sanction-ssi"]);
    let sanction = entity(&loaded, "ofac-100-sanction-ssi");
    for (property, value) in [
        ("listingDate", "2019-04-15"),
        ("reason", "Executive Order 13224 (Terrorism)"),
        ("provisions", "Block"),
        ("program", "UKRAINE-EO13662"),
    ] {
        assert_eq!(values(sanction, property), [value], "{property}");
    }
}

#[test]
fn an_advanced_file_without_a_date_or_an_end_is_refused() {
    let kind = |text: &str| try_read(Format::OfacAdvancedXml, &[("a.xml", text.as_bytes())]).unwrap_err().kind;
    assert!(matches!(kind("<Sanctions/>"), ReadErrorKind::MissingElement { name: "DateOfIssue", .. }));
    assert!(matches!(kind(&ADVANCED[..ADVANCED.len() / 2]), ReadErrorKind::Truncated { .. }));
    assert!(matches!(kind(&ADVANCED.replace("<Year>2025</Year>", "<Year>x</Year>")), ReadErrorKind::Field { .. }));
}

#[test]
fn shared_xml_files_load_or_are_refused_with_the_counts_of_the_manifest() {
    let Some(loaded) = shared_list(Format::OfacSdnXml, "us_ofac_cons", &["us_ofac_cons/consolidated.xml"], false)
    else {
        return;
    };
    let loaded = loaded.unwrap();
    assert_eq!(
        (loaded.version.as_str(), loaded.reconciliation.loaded, loaded.reconciliation.declared),
        ("2025-03-28", 443, Some(443))
    );
    let weak = loaded.entities.iter().map(|entity| entity.get("weakAlias").len()).sum::<usize>();
    assert!((68..=70).contains(&weak), "{weak}");

    let path = "us_ofac_sdn/enhanced/IRGC_ENHANCED_2024-08-28.xml";
    let loaded = shared_list(Format::OfacEnhancedXml, "us_ofac_sdn", &[path], false).unwrap().unwrap();
    assert_eq!((loaded.version.as_str(), loaded.reconciliation.loaded), ("2024-08-28", 293));
    assert!(loaded.reconciliation.partial.is_some() && loaded.reconciliation.warnings.is_empty());
    let links = loaded.entities.iter().filter(|entity| entity.schema.is_edge()).count();
    assert!((200..=229).contains(&links), "{links}");

    for (path, declared, found) in
        [("us_ofac_sdn/simple_xml/sdn_extract.xml", 5704, 4), ("us_ofac_cons/simple_xml_extract.xml", 115, 16)]
    {
        let error = shared_list(Format::OfacSdnXml, "us_ofac_sdn", &[path], false).unwrap().unwrap_err();
        let counts = match error.kind {
            ReadErrorKind::Count { declared, found } => (declared, found),
            kind => panic!("{kind}"),
        };
        assert_eq!(counts, (declared, found));
    }
}
