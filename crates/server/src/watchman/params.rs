//! The parameters of `/v2/search`, read and checked: those that say of whom to ask (`facts`) and those that say how.
//!
//! Invariant: a parameter that is not known, said twice, of no value that can be used, or of another type than the one asked is refused by
//! name. An empty value counts as none, as in Watchman.

use interdict_model::Country;

use super::facts::{FACTS, Fact};
use super::kind::Kind;
use super::refusal::Refusal;

/// The parameters that say how to ask, and not of whom.
const HOW: &[&str] =
    &["type", "source", "sourceID", "limit", "minMatch", "requestID", "debug", "debugSourceIDs", "format"];

/// What a number of the state's begins with: `gov_passport=RU:123`.
const GOVERNMENT: &str = "gov_";

/// Results where `limit` does not say, and the most. Source: Watchman.
const USUAL_LIMIT: usize = 10;
const MOST_RESULTS: usize = 100;

/// A number that a state gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GovernmentId {
    /// Its type: `passport`.
    pub(super) kind: String,
    pub(super) country: Country,
    pub(super) number: String,
}

/// The parameters of a request, checked.
#[derive(Debug)]
pub(super) struct Search {
    /// The type that is asked; none asks all.
    pub(super) kind: Option<Kind>,
    /// The type whose properties the facts are: that of the request, or the one that they point to.
    pub(super) carrier: Option<Kind>,
    /// What is said of the party, in the order of the table.
    pub(super) facts: Vec<(&'static Fact, Vec<String>)>,
    pub(super) government_ids: Vec<GovernmentId>,
    pub(super) source: Option<String>,
    pub(super) source_id: Option<String>,
    pub(super) limit: usize,
    pub(super) min_match: Option<f32>,
    pub(super) request_id: Option<String>,
    pub(super) debug: bool,
    pub(super) debug_source_ids: Vec<String>,
    pub(super) format: Option<String>,
    pub(super) warnings: Vec<String>,
}

impl Search {
    /// Reads a query string.
    pub(super) fn read(query: &str) -> Result<Search, Refusal> {
        let mut pairs = crate::pairs::read(query.as_bytes()).map_err(|error| Refusal::of("query string", error))?;
        for (_, value) in &mut pairs {
            *value = value.trim().to_owned();
        }
        if let Some((unknown, _)) = pairs.iter().find(|(name, _)| !is_known(name)) {
            return Err(Refusal::of(unknown, "there is no such parameter; leave it out"));
        }
        pairs.retain(|(_, value)| !value.is_empty());
        let one = |name: &str| {
            let mut values = pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone());
            let first = values.next();
            match values.next() {
                Some(_) => Err(Refusal::of(name, "is given twice; give it once")),
                None => Ok(first),
            }
        };
        let kind = one("type")?.map(|name| {
            let known = || Kind::ALL.map(Kind::name).join("`, `");
            Kind::by_name(&name)
                .ok_or_else(|| Refusal::of("type", format!("is to be `{}`, or left out for all", known())))
        });
        let kind = kind.transpose()?;
        let mut facts = Vec::new();
        for fact in FACTS {
            let given = pairs.iter().filter(|(name, _)| fact.is_named(name));
            let values: Vec<String> = given.map(|(_, value)| value.clone()).collect();
            if values.len() > 1 && !fact.is_list() {
                return Err(Refusal::of(fact.name(), "is given twice; give it once"));
            }
            for value in &values {
                fact.check(value)?;
            }
            if !values.is_empty() {
                facts.push((fact, values));
            }
        }
        let mut warnings = Vec::new();
        let debug_source_ids = one("debugSourceIDs")?.unwrap_or_default();
        let debug_source_ids = debug_source_ids.split(',').map(str::trim).filter(|id| !id.is_empty());
        Ok(Search {
            kind,
            carrier: carrier(kind, &facts)?,
            facts,
            government_ids: government_ids(&pairs)?,
            source: one("source")?,
            source_id: one("sourceID")?,
            limit: limit(one("limit")?.as_deref(), &mut warnings),
            min_match: min_match(one("minMatch")?.as_deref())?,
            request_id: one("requestID")?,
            debug: one("debug")?.is_some_and(|word| is_yes(&word)),
            debug_source_ids: debug_source_ids.map(str::to_owned).collect(),
            format: one("format")?,
            warnings,
        })
    }
}

fn is_known(name: &str) -> bool {
    let is_government = name.strip_prefix(GOVERNMENT).is_some_and(|kind| {
        !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    });
    HOW.contains(&name) || is_government || FACTS.iter().any(|fact| fact.is_named(name))
}

/// The type whose properties the facts are.
fn carrier(kind: Option<Kind>, facts: &[(&'static Fact, Vec<String>)]) -> Result<Option<Kind>, Refusal> {
    let special: Vec<&Fact> = facts.iter().map(|(fact, _)| *fact).filter(|fact| !fact.is_of_all()).collect();
    if let Some(kind) = kind {
        return match special.iter().find(|fact| fact.property(Some(kind)).is_none()) {
            Some(fact) => {
                let said = format!("is not said of a {}; leave it out, or ask for another `type`", kind.name());
                Err(Refusal::of(fact.name(), said))
            }
            None => Ok(Some(kind)),
        };
    }
    let Some(first) = special.first() else { return Ok(None) };
    let fits = |kind: &Kind| special.iter().all(|fact| fact.property(Some(*kind)).is_some());
    match Kind::ALL.into_iter().find(fits) {
        Some(kind) => Ok(Some(kind)),
        None => Err(Refusal::of(first.name(), "is of another type of entity than other parameters are; give `type`")),
    }
}

fn government_ids(pairs: &[(String, String)]) -> Result<Vec<GovernmentId>, Refusal> {
    let mut found = Vec::new();
    for (name, value) in pairs {
        let Some(kind) = name.strip_prefix(GOVERNMENT) else { continue };
        let parts = value.split_once(':').map(|(country, number)| (country.trim(), number.trim()));
        let read = parts.and_then(|(country, number)| Some((Country::parse(country)?, number)));
        let Some((country, number)) = read.filter(|(_, number)| !number.is_empty()) else {
            return Err(Refusal::of(name, "is to be a country and a number, such as `VE:5892464`"));
        };
        found.push(GovernmentId { kind: kind.to_owned(), country, number: number.to_owned() });
    }
    Ok(found)
}

/// Rubbish counts as absent and more than the most as the most, as in Watchman.
fn limit(given: Option<&str>, warnings: &mut Vec<String>) -> usize {
    let Some(given) = given else { return USUAL_LIMIT };
    match given.parse::<usize>() {
        Ok(limit) if limit > MOST_RESULTS => {
            warnings.push(format!("`limit` counts as {MOST_RESULTS}, which is the most"));
            MOST_RESULTS
        }
        Ok(limit) if limit > 0 => limit,
        _ => {
            warnings.push(format!("`limit` is no number above 0 and counts as {USUAL_LIMIT}"));
            USUAL_LIMIT
        }
    }
}

fn min_match(given: Option<&str>) -> Result<Option<f32>, Refusal> {
    let Some(given) = given else { return Ok(None) };
    let number = given.parse::<f32>().ok().filter(|number| (0.0..=1.0).contains(number));
    number.map(Some).ok_or_else(|| Refusal::of("minMatch", "is to be a number from 0.00 to 1.00"))
}

/// The words that Watchman takes for a yes.
fn is_yes(word: &str) -> bool {
    matches!(word.to_ascii_lowercase().as_str(), "yes" | "y" | "true" | "t" | "1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(query: &str) -> String {
        Search::read(query).unwrap_err().said
    }

    #[test]
    fn values_are_checked_and_faults_name_the_parameter() {
        for (query, name) in [
            ("nmae=x", "nmae"),
            ("gov_=VE:1", "gov_"),
            ("gov_a b=VE:1", "gov_a b"),
            ("name=a&name=b", "name"),
            ("type=ship", "type"),
            ("type=person&imoNumber=9187629", "imoNumber"),
            ("birthDate=1970&imoNumber=9187629", "birthDate"),
            ("type=vessel&flag=Atlantis", "flag"),
            ("tonnage=many", "tonnage"),
            ("gov_passport=123", "gov_passport"),
            ("gov_passport=Atlantis:123", "gov_passport"),
            ("gov_passport=RU:", "gov_passport"),
            ("minMatch=1.5", "minMatch"),
            ("minMatch=NaN", "minMatch"),
        ] {
            assert!(said(query).starts_with(&format!("`{name}`: ")), "{query}: {}", said(query));
        }
        for date in [
            "1970-13",
            "1970-02-30",
            "02/03/1970",
            "1970-2-3",
            "70",
            "1970~",
            "1970/1971",
            "1970-01-01T00:00:00Z",
            "0000",
        ] {
            assert!(said(&format!("birthDate={date}")).starts_with("`birthDate`: is no date"), "{date}");
        }
        for date in ["1970", "1970-02", "1970-02-28"] {
            assert!(Search::read(&format!("birthDate={date}")).is_ok(), "{date}");
        }
    }

    #[test]
    fn facts_point_to_a_type_where_none_is_given() {
        let carrier = |query: &str| Search::read(query).unwrap().carrier;
        assert_eq!(carrier("name=a&email=x"), None);
        assert_eq!(carrier("birthDate=1970&gender=male"), Some(Kind::Person));
        assert_eq!(carrier("created=1970"), Some(Kind::Business));
        assert_eq!(carrier("flag=PA&built=1999"), Some(Kind::Vessel));
        assert_eq!(carrier("flag=PA&icaoCode=A1"), Some(Kind::Aircraft));
        assert_eq!(carrier("type=aircraft&flag=PA"), Some(Kind::Aircraft));
        assert_eq!(Search::read("birthDate=1970").unwrap().kind, None);
    }

    #[test]
    fn limits_are_watchmans() {
        let limit = |query: &str| {
            let search = Search::read(query).unwrap();
            (search.limit, search.warnings.len())
        };
        for (query, expected) in [
            ("", (10, 0)),
            ("limit=5", (5, 0)),
            ("limit=1000", (100, 1)),
            ("limit=x", (10, 1)),
            ("limit=-3", (10, 1)),
            ("limit=", (10, 0)),
        ] {
            assert_eq!(limit(query), expected, "{query}");
        }
    }
}
