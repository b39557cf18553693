//! Our reasons under the names of yente's features, so that a client that reads `explanations` finds what it looks for.
//!
//! Idea: `name_match` is the score of the names; what the fields took stands under the feature of that name as the points taken, what
//! they added under `field_agreement` and `address_prop_match`. `detail` has the sentences of our own explanation.

use interdict_batch::number::number;
use interdict_match::Explanation;
use serde_json::{Map, Value as Json, json};

/// The explanations of a hit, by feature.
pub(crate) fn of(why: &Explanation) -> Json {
    let mut out = Map::new();
    let mut lines = why.lines();
    // What the lines of the fields say stands with the fields.
    lines.truncate(lines.len().saturating_sub(why.fields.len()));
    if let Some(name) = &why.name {
        out.insert("name_match".to_owned(), feature(&lines.join("; "), name.score, &name.query, &name.entity));
    }
    let mut agreement: Vec<String> = Vec::new();
    let mut added = 0.0;
    for field in &why.fields {
        let said =
            format!("{}: {} / {} ({:+.2})", field.rule.replace('_', " "), field.query, field.entity, field.points);
        let name = match field.rule {
            "identifier_same" => feature_of(field.property.unwrap_or_default()),
            "country_differs" => "country_mismatch",
            "gender_differs" => "gender_mismatch",
            "address_same" => "address_prop_match",
            "date_differs" => "dob_day_disjoint",
            "identifier_differs" => "identifier_mismatch",
            _ if field.points >= 0.0 => {
                agreement.push(said);
                added += field.points;
                continue;
            }
            _ => "dob_day_disjoint",
        };
        out.insert(name.to_owned(), feature(&said, field.points.abs(), &field.query, &field.entity));
    }
    if !agreement.is_empty() {
        out.insert(
            "field_agreement".to_owned(),
            json!({"detail": agreement.join("; "), "score": number(added), "query": null, "candidate": null}),
        );
    }
    Json::Object(out)
}

fn feature(detail: &str, score: f32, query: &str, candidate: &str) -> Json {
    let text = |text: &str| if text.is_empty() { Json::Null } else { json!(text) };
    json!({"detail": detail, "score": number(score), "query": text(query), "candidate": text(candidate)})
}

/// The feature that an equal identifier of a property counts for.
fn feature_of(property: &str) -> &'static str {
    match property {
        "leiCode" => "lei_code_match",
        "ogrnCode" => "ogrn_code_match",
        "innCode" => "inn_code_match",
        "imoNumber" | "mmsi" => "vessel_imo_mmsi_match",
        "swiftBic" | "bic" => "bic_code_match",
        "uniqueEntityId" => "uei_code_match",
        "npiCode" => "npi_code_match",
        "isin" => "isin_security_match",
        "publicKey" => "crypto_wallet_address",
        _ => "identifier_match",
    }
}
