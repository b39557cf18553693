//! A record in the form that Senzing's entity resolution reads.
//!
//! Source: Senzing's Generic Entity Specification: `DATA_SOURCE`, `RECORD_ID`, and `FEATURES`, one object a feature. `MATCH_SCORE` is a
//! further attribute, as the specification lets records have them.

use serde_json::{Value as Json, json};

use super::kind::Kind;
use super::record::{GovernmentId, Record};

/// The record.
pub(super) fn of(record: &Record<'_>, score: f32) -> Json {
    let mut features: Vec<Json> = Vec::new();
    let kind = match record.kind {
        Some(Kind::Person) => "PERSON",
        Some(Kind::Business | Kind::Organization) => "ORGANIZATION",
        Some(Kind::Aircraft) => "AIRCRAFT",
        Some(Kind::Vessel) => "VESSEL",
        None => "",
    };
    if !kind.is_empty() {
        features.push(json!({"RECORD_TYPE": kind}));
    }
    let name = if matches!(record.kind, Some(Kind::Business | Kind::Organization)) { "NAME_ORG" } else { "NAME_FULL" };
    features.push(json!({"NAME_TYPE": "PRIMARY", name: record.name()}));
    features.extend(record.alt_names().iter().map(|alias| json!({"NAME_TYPE": "AKA", name: alias})));
    for (property, attribute) in
        [("birthDate", "DATE_OF_BIRTH"), ("deathDate", "DATE_OF_DEATH"), ("incorporationDate", "REGISTRATION_DATE")]
    {
        // Dates may be partial here.
        features.extend(record.texts(property).iter().map(|date| json!({attribute: date})));
    }
    match record.first("gender") {
        "male" => features.push(json!({"GENDER": "M"})),
        "female" => features.push(json!({"GENDER": "F"})),
        _ => {}
    }
    for (property, attribute) in [
        ("birthPlace", "PLACE_OF_BIRTH"),
        ("nationality", "NATIONALITY"),
        ("citizenship", "CITIZENSHIP"),
        ("jurisdiction", "REGISTRATION_COUNTRY"),
        ("email", "EMAIL_ADDRESS"),
        ("phone", "PHONE_NUMBER"),
        ("website", "WEBSITE_ADDRESS"),
        ("imoNumber", "IMO_NUMBER"),
        ("mmsi", "MMSI_NUMBER"),
        ("callSign", "CALL_SIGN"),
    ] {
        features.extend(record.texts(property).iter().map(|text| json!({attribute: text})));
    }
    features.extend(record.related.government_ids.iter().map(number));
    for address in &record.related.addresses {
        let mut json = json!({});
        let is_whole = address.city.is_empty() && address.state.is_empty() && address.postal_code.is_empty();
        let line = if is_whole { "ADDR_FULL" } else { "ADDR_LINE1" };
        for (attribute, text) in [
            (line, &address.line1),
            ("ADDR_LINE2", &address.line2),
            ("ADDR_CITY", &address.city),
            ("ADDR_STATE", &address.state),
            ("ADDR_POSTAL_CODE", &address.postal_code),
            ("ADDR_COUNTRY", &address.country),
        ] {
            if !text.is_empty() {
                json[attribute] = json!(text);
            }
        }
        features.push(json);
    }
    for (currency, address) in &record.related.wallets {
        features.push(json!({"OTHER_ID_TYPE": currency, "OTHER_ID_NUMBER": address}));
    }
    json!({
        "DATA_SOURCE": record.source_list,
        "RECORD_ID": record.source_id,
        "FEATURES": features,
        "MATCH_SCORE": interdict_batch::number::number(score),
    })
}

/// A number that a state gave.
fn number(id: &GovernmentId) -> Json {
    let (number, country) = if id.is_one_of(&["passport", "diplomatic-passport"]) {
        ("PASSPORT_NUMBER", "PASSPORT_COUNTRY")
    } else if id.is_one_of(&["ssn"]) {
        return json!({"SSN_NUMBER": id.number});
    } else if id.is_one_of(&["drivers-license"]) {
        ("DRIVERS_LICENSE_NUMBER", "DRIVERS_LICENSE_STATE")
    } else if id.is_one_of(&["tax-id", "cuit"]) {
        ("TAX_ID_NUMBER", "TAX_ID_COUNTRY")
    } else if id.is_one_of(&["national-id", "cedula", "curp", "personal-id"]) {
        ("NATIONAL_ID_NUMBER", "NATIONAL_ID_COUNTRY")
    } else if id.is_one_of(&["leiCode"]) {
        return json!({"LEI_NUMBER": id.number});
    } else {
        return json!({"OTHER_ID_TYPE": id.kind, "OTHER_ID_NUMBER": id.number, "OTHER_ID_COUNTRY": id.country});
    };
    if id.country.is_empty() { json!({number: id.number}) } else { json!({number: id.number, country: id.country}) }
}
