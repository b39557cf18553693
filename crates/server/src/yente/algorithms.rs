//! The names of yente's algorithms, what of their settings has a meaning here, and `GET /algorithms`.
//!
//! Idea: there is one matcher. A request may name any of yente's algorithms and is answered by ours, which the answer says. A weight
//! of 0 leaves a field out of the comparison, as it does in yente; other weights and the settings of names have no counterpart, as
//! ours are fitted together.
//! Source: features, coefficients and settings of nomenklatura's logic-v2, as yente 5.5 lists them.

use interdict_model::{Entity, PropertyType};
use serde_json::{Map, Value as Json, json};

use super::example::MatchBody;
use super::refusal::Refusal;

/// The one that counts as best and default.
pub(crate) const BEST: &str = "logic-v2";

/// Names and descriptions, in yente's order.
const ALGORITHMS: &[(&str, &str)] = &[
    (
        BEST,
        "Names by parts, culture and script, with dates, countries, addresses and identifiers; answered by interdict's matcher",
    ),
    ("ofac", "Answered by interdict's matcher"),
    ("name-based", "Answered by interdict's matcher"),
    ("name-qualified", "Answered by interdict's matcher"),
    ("logic-v1", "Answered by interdict's matcher"),
    ("regression-v1", "Answered by interdict's matcher"),
];

/// A feature: its name, what it means here, its coefficient, and the types and properties of values that feed it.
struct Feature {
    name: &'static str,
    about: &'static str,
    coefficient: f64,
    fed_by: Fed,
}

enum Fed {
    Names,
    Type(PropertyType),
    Properties(&'static [&'static str]),
    Nothing,
}

const DATES: &[&str] = &["birthDate", "incorporationDate", "buildDate"];

const FEATURES: &[Feature] = &[
    Feature {
        name: "name_match",
        about: "Score of the names, before the other fields",
        coefficient: 1.0,
        fed_by: Fed::Names,
    },
    Feature {
        name: "address_entity_match",
        about: "Addresses that are compared with addresses",
        coefficient: 0.98,
        fed_by: Fed::Nothing,
    },
    Feature {
        name: "crypto_wallet_address",
        about: "The same wallet",
        coefficient: 0.98,
        fed_by: Fed::Properties(&["publicKey"]),
    },
    Feature {
        name: "isin_security_match",
        about: "The same security by its ISIN",
        coefficient: 0.98,
        fed_by: Fed::Properties(&["isin"]),
    },
    Feature { name: "lei_code_match", about: "The same LEI", coefficient: 0.95, fed_by: Fed::Properties(&["leiCode"]) },
    Feature {
        name: "ogrn_code_match",
        about: "The same OGRN",
        coefficient: 0.95,
        fed_by: Fed::Properties(&["ogrnCode"]),
    },
    Feature {
        name: "vessel_imo_mmsi_match",
        about: "The same ship by IMO or MMSI number",
        coefficient: 0.95,
        fed_by: Fed::Properties(&["imoNumber", "mmsi"]),
    },
    Feature { name: "inn_code_match", about: "The same INN", coefficient: 0.95, fed_by: Fed::Properties(&["innCode"]) },
    Feature {
        name: "bic_code_match",
        about: "The same BIC",
        coefficient: 0.95,
        fed_by: Fed::Properties(&["swiftBic"]),
    },
    Feature {
        name: "uei_code_match",
        about: "The same UEI",
        coefficient: 0.95,
        fed_by: Fed::Properties(&["uniqueEntityId"]),
    },
    Feature { name: "npi_code_match", about: "The same NPI", coefficient: 0.95, fed_by: Fed::Properties(&["npiCode"]) },
    Feature {
        name: "identifier_match",
        about: "The same identifier",
        coefficient: 0.85,
        fed_by: Fed::Type(PropertyType::Identifier),
    },
    Feature {
        name: "weak_alias_match",
        about: "A weak alias that is equal as a whole",
        coefficient: 0.8,
        fed_by: Fed::Nothing,
    },
    Feature {
        name: "address_prop_match",
        about: "Words of an address in common",
        coefficient: 0.03,
        fed_by: Fed::Type(PropertyType::Address),
    },
    Feature {
        name: "country_mismatch",
        about: "No country in common",
        coefficient: -1.0,
        fed_by: Fed::Type(PropertyType::Country),
    },
    Feature { name: "dob_year_disjoint", about: "Another year", coefficient: -1.0, fed_by: Fed::Properties(DATES) },
    Feature { name: "dob_day_disjoint", about: "Another day", coefficient: -1.0, fed_by: Fed::Properties(DATES) },
    Feature {
        name: "gender_mismatch",
        about: "Another gender",
        coefficient: -1.0,
        fed_by: Fed::Type(PropertyType::Gender),
    },
    Feature {
        name: "field_agreement",
        about: "Dates and countries that agree",
        coefficient: 1.0,
        fed_by: Fed::Nothing,
    },
];

/// Settings of logic-v2: name, type, default, and what it says.
const SETTINGS: &[(&str, Kind, &str, &str)] = &[
    ("nm_name_property", Kind::Text, "null", "The one property to take names from; no counterpart here"),
    ("nm_number_mismatch", Kind::Number, "0.3", "Cost of numbers that differ; no counterpart here"),
    ("nm_extra_query_name", Kind::Number, "0.8", "Weight of words that only the query has; no counterpart here"),
    ("nm_extra_result_name", Kind::Number, "0.2", "Weight of words that only the entry has; no counterpart here"),
    ("nm_family_name_weight", Kind::Number, "1.3", "Weight of family names; no counterpart here"),
    ("nm_fuzzy_cutoff_factor", Kind::Number, "1.0", "How far spellings may differ; no counterpart here"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
}

/// Which names stand for the usual one and the best one, and which are not told; all of them are answered alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Algorithms {
    /// What a request that names none asks for: `best`, or a name.
    usual: &'static str,
    /// What `best` asks for.
    best: &'static str,
    /// Names that `/algorithms` does not tell and that requests cannot name.
    hidden: Vec<&'static str>,
}

impl Default for Algorithms {
    fn default() -> Algorithms {
        Algorithms { usual: "best", best: BEST, hidden: Vec::new() }
    }
}

impl Algorithms {
    /// Those of an operator's settings; what is not said is as usual.
    ///
    /// # Errors
    /// A name that is none of yente's algorithms.
    pub fn of(usual: Option<&str>, best: Option<&str>, hidden: &[&str]) -> Result<Algorithms, String> {
        let of_yente = |given: &str| {
            let folded = given.trim().to_lowercase();
            let known = ALGORITHMS.iter().map(|(name, _)| *name).find(|name| *name == folded);
            known.ok_or_else(|| {
                let names: Vec<&str> = ALGORITHMS.iter().map(|(name, _)| *name).collect();
                format!("{given:?} is no algorithm; there are {}", names.join(", "))
            })
        };
        let usual = usual.filter(|name| !name.trim().eq_ignore_ascii_case("best")).map(of_yente).transpose()?;
        let best = best.map(of_yente).transpose()?.unwrap_or(BEST);
        let hidden = hidden.iter().map(|name| of_yente(name)).collect::<Result<Vec<_>, _>>()?;
        Ok(Algorithms { usual: usual.unwrap_or("best"), best, hidden })
    }

    /// The algorithm that a request names, with what is to be said of it.
    pub(crate) fn named(&self, given: Option<&str>) -> Result<(&'static str, Option<String>), Refusal> {
        let folded = given.unwrap_or(self.usual).to_lowercase();
        let is_own = folded == "best";
        let folded = if is_own { self.best } else { folded.as_str() };
        // What the operator names may be hidden all the same.
        let may_name = |name: &str| is_own || given.is_none() || !self.hidden.contains(&name);
        let known = ALGORITHMS.iter().map(|(name, _)| *name).find(|name| *name == folded && may_name(name));
        let name = known.ok_or_else(|| Refusal::bad(format!("Unknown algorithm: {}", given.unwrap_or_default())))?;
        let note = format!("algorithm `{name}` is answered by interdict's own matcher, on its own scale");
        Ok((name, given.filter(|_| !is_own).map(|_| note)))
    }
}

/// Checks weights and settings of a request; what has no meaning here is told.
pub(crate) fn check(body: &MatchBody, algorithm: &str, warnings: &mut Vec<String>) -> Result<(), Refusal> {
    for (name, value) in &body.config {
        let setting = SETTINGS.iter().find(|(known, ..)| known == name).filter(|_| algorithm == BEST);
        let Some((_, kind, ..)) = setting else {
            return Err(Refusal::bad(format!("Invalid configuration parameter: {name} for algorithm {algorithm}")));
        };
        let fits = match kind {
            Kind::Text => value.is_string() || value.is_null(),
            Kind::Number => value.is_number(),
        };
        if !fits {
            return Err(Refusal::bad(format!("Invalid value for configuration parameter {name}: {value}")));
        }
        warnings.push(format!("config `{name}` has no counterpart in this matcher and changes nothing"));
    }
    let off = off(&body.weights);
    for (name, weight) in &body.weights {
        let why = match FEATURES.iter().find(|feature| feature.name == name).map(|feature| &feature.fed_by) {
            None => "there is no feature of that name",
            Some(Fed::Names) => "names are compared in any case",
            Some(Fed::Nothing) => "no field feeds this feature alone",
            Some(_) if *weight != 0.0 => "only 0 counts, which leaves the feature's field out",
            Some(_) if is_half_of_dates(name, &off) => {
                "`dob_year_disjoint` and `dob_day_disjoint` are left out together"
            }
            Some(_) => continue,
        };
        warnings.push(format!("weight `{name}` changes nothing: {why}"));
    }
    Ok(())
}

/// The features that are switched off.
fn off(weights: &[(String, f64)]) -> Vec<&str> {
    weights.iter().filter(|(_, weight)| *weight == 0.0).map(|(name, _)| name.as_str()).collect()
}

/// Whether a feature of dates is switched off without the other: one comparison feeds both.
fn is_half_of_dates(name: &str, off: &[&str]) -> bool {
    name.starts_with("dob_") && !(off.contains(&"dob_year_disjoint") && off.contains(&"dob_day_disjoint"))
}

fn leaves_out(name: &str) -> Option<&'static Fed> {
    let feature = FEATURES.iter().find(|feature| feature.name == name)?;
    (!matches!(feature.fed_by, Fed::Nothing | Fed::Names)).then_some(&feature.fed_by)
}

/// Takes the values out of a party that features of weight 0 would compare.
pub(crate) fn leave_out(entity: &mut Entity, weights: &[(String, f64)]) {
    let off = off(weights);
    for name in &off {
        if is_half_of_dates(name, &off) {
            continue;
        }
        match leaves_out(name) {
            Some(Fed::Type(kind)) => entity.retain(|property| property.kind() != *kind),
            Some(Fed::Properties(names)) => entity.retain(|property| !names.contains(&property.name())),
            _ => {}
        }
    }
}

/// The answer of `GET /algorithms`.
pub(crate) fn list(which: &Algorithms) -> Json {
    let features: Map<String, Json> = FEATURES
        .iter()
        .map(|feature| {
            let Feature { name, about, coefficient, .. } = feature;
            ((*name).to_owned(), json!({"description": about, "coefficient": coefficient, "url": null}))
        })
        .collect();
    let settings: Map<String, Json> = SETTINGS
        .iter()
        .map(|(name, kind, default, about)| {
            let kind = if *kind == Kind::Text { "string" } else { "number" };
            let default: Json = serde_json::from_str(default).unwrap_or_default();
            ((*name).to_owned(), json!({"type": kind, "description": about, "default": default}))
        })
        .collect();
    let algorithm = |(name, about): &(&str, &str)| {
        let config = if *name == BEST { settings.clone() } else { Map::new() };
        json!({
            "name": name,
            "description": about,
            "features": features,
            "docs": {"name": name, "description": about, "config": config, "features": features},
        })
    };
    let told: Vec<Json> = ALGORITHMS.iter().filter(|(name, _)| !which.hidden.contains(name)).map(algorithm).collect();
    json!({"algorithms": told, "default": which.usual, "best": which.best})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_in_any_case_and_told_where_they_are_not_ours() {
        let named = |given| Algorithms::default().named(given);
        assert_eq!(named(None).unwrap(), (BEST, None));
        assert_eq!(named(Some("Best")).unwrap(), (BEST, None));
        let (name, note) = named(Some("Logic-V1")).unwrap();
        assert_eq!((name, note.is_some()), ("logic-v1", true));
        assert!(matches!(named(Some("magic")), Err(Refusal::Said(..))));
    }

    #[test]
    fn a_weight_that_changes_nothing_is_told_why() {
        let told = |weights: &[(&str, f64)]| {
            let weights = weights.iter().map(|(name, weight)| ((*name).to_owned(), *weight)).collect();
            let mut warnings = Vec::new();
            check(&MatchBody { weights, ..MatchBody::default() }, BEST, &mut warnings).unwrap();
            warnings
        };
        for (weights, why) in [
            (&[("name_match", 0.0)][..], "names are compared in any case"),
            (&[("zzz", 0.0)], "there is no feature of that name"),
            (&[("weak_alias_match", 0.0)], "no field feeds this feature alone"),
            (&[("country_mismatch", 0.5)], "only 0 counts"),
            (&[("dob_year_disjoint", 0.0)], "are left out together"),
            (&[("dob_year_disjoint", 0.0), ("dob_day_disjoint", 1.0)], "are left out together"),
        ] {
            let warnings = told(weights);
            assert!(warnings[0].contains(why) && warnings[0].contains(weights[0].0), "{weights:?}: {warnings:?}");
        }
        assert!(told(&[("country_mismatch", 0.0), ("dob_year_disjoint", 0.0), ("dob_day_disjoint", 0.0)]).is_empty());
    }

    #[test]
    fn an_operator_may_say_which_is_usual_best_and_hidden() {
        let which = Algorithms::of(Some("Logic-V1"), Some("regression-v1"), &["ofac", "regression-v1"]).unwrap();
        assert_eq!(which.named(None).unwrap().0, "logic-v1");
        assert_eq!(which.named(Some("best")).unwrap().0, "regression-v1");
        assert!(which.named(Some("ofac")).is_err() && which.named(Some("name-based")).is_ok());
        let told = list(&which);
        let names: Vec<&Json> = told["algorithms"].as_array().unwrap().iter().map(|told| &told["name"]).collect();
        assert!(!names.contains(&&json!("ofac")) && names.contains(&&json!("logic-v1")), "{names:?}");
        assert_eq!((&told["default"], &told["best"]), (&json!("logic-v1"), &json!("regression-v1")));
        assert!(Algorithms::of(Some("magic"), None, &[]).unwrap_err().contains("logic-v2"));
        assert_eq!(Algorithms::of(Some("best"), None, &[]), Ok(Algorithms::default()));
    }

    #[test]
    fn settings_are_checked_by_name_and_type() {
        let body =
            |name: &str, value: Json| MatchBody { config: vec![(name.to_owned(), value)], ..MatchBody::default() };
        let said = |body: &MatchBody| match check(body, BEST, &mut Vec::new()) {
            Err(Refusal::Said(_, said)) => said,
            other => format!("{other:?}"),
        };
        assert_eq!(said(&body("zzz", json!(1))), "Invalid configuration parameter: zzz for algorithm logic-v2");
        assert!(said(&body("nm_number_mismatch", json!("much"))).contains("nm_number_mismatch"));
        assert!(check(&body("nm_name_property", Json::Null), BEST, &mut Vec::new()).is_ok());
    }
}
