//! What a request of `/v1` asks: how queries are screened and which lists, by parameters or by members of the body, strictly.
//!
//! Invariant: an unknown parameter, a value out of range and a list that is unknown or could not be consulted are refused by name; nothing
//! is clamped in silence.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::problem::{FieldError, Problem};
use crate::catalogue::Leaves;
use crate::filter::Filter;
use crate::pairs;
use crate::view::View;
use crate::yente::scope::{Asked, NOT_LOADED};

/// Score from which hits are listed where a request does not say: at and above it a careful analyst would want to look.
pub(crate) const THRESHOLD: f32 = 0.7;

/// The least threshold: below it is noise, and below 0.5 the index is not held to the recall law.
pub(crate) const LEAST_THRESHOLD: f32 = 0.3;

/// Hits of a query where a request does not say, and the most.
const LIMIT: usize = 10;
const MOST_HITS: usize = 500;

/// How queries are screened.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct How {
    /// Score from which hits are listed, 0.3 to 1; 0.7 where absent.
    #[schema(minimum = 0.3, maximum = 1.0)]
    #[param(minimum = 0.3, maximum = 1.0)]
    pub threshold: Option<f32>,
    /// Hits of a query, 1 to 500, best first; 10 where absent. `truncated` says whether there are more.
    #[schema(minimum = 1, maximum = 500)]
    #[param(minimum = 1, maximum = 500)]
    pub limit: Option<usize>,
    /// Lists and collections to ask, by id; all where absent.
    pub lists: Vec<String>,
    /// Lists and collections to leave out.
    pub exclude_lists: Vec<String>,
    /// Whether each hit is told with its reasons.
    pub explain: bool,
}

/// Checked settings with the entities that they ask.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) threshold: f32,
    pub(crate) limit: usize,
    pub(crate) explain: bool,
    pub(crate) filter: Filter,
}

impl How {
    /// Reads the settings from the query of an address; other parameters come back as they stand.
    pub(crate) fn of_address(query: Option<&str>) -> Result<(How, Vec<(String, String)>), Problem> {
        let mut how = How::default();
        let (mut others, mut errors) = (Vec::new(), Vec::new());
        let pairs =
            pairs::read(query.unwrap_or_default().as_bytes()).map_err(|error| Problem::malformed(error.to_string()))?;
        for (name, value) in pairs {
            let mut wrong =
                |expected: &str| errors.push(FieldError::new(format!("?{name}"), format!("{value:?}: {expected}")));
            match name.as_str() {
                "threshold" => match value.parse() {
                    Ok(number) => how.threshold = Some(number),
                    Err(_) => wrong("expected a number such as 0.7"),
                },
                "limit" => match value.parse() {
                    Ok(number) => how.limit = Some(number),
                    Err(_) => wrong("expected a whole number"),
                },
                "explain" => match value.as_str() {
                    "true" | "1" => how.explain = true,
                    "false" | "0" => how.explain = false,
                    _ => wrong("expected true or false"),
                },
                "lists" => how.lists.extend(value.split(',').map(str::to_owned)),
                "exclude_lists" => how.exclude_lists.extend(value.split(',').map(str::to_owned)),
                _ => others.push((name, value)),
            }
        }
        if errors.is_empty() { Ok((how, others)) } else { Err(Problem::unusable(errors)) }
    }

    /// As [`How::of_address`], where nothing else may be asked.
    pub(crate) fn of_address_alone(query: Option<&str>) -> Result<How, Problem> {
        let (how, others) = How::of_address(query)?;
        let unknown = |(name, _): (String, String)| FieldError::new(format!("?{name}"), "there is no such parameter");
        let errors: Vec<FieldError> = others.into_iter().map(unknown).collect();
        if errors.is_empty() { Ok(how) } else { Err(Problem::unusable(errors)) }
    }

    /// Checks the settings against a view. `place` is how to name a member: `/` in a body, `?` in an address.
    pub(crate) fn plan(&self, view: &View, place: &str) -> Result<Plan, Problem> {
        let mut errors = Vec::new();
        let threshold = self.threshold.unwrap_or(THRESHOLD);
        if !(LEAST_THRESHOLD..=1.0).contains(&threshold) {
            errors.push(FieldError::new(format!("{place}threshold"), format!("expected {LEAST_THRESHOLD} to 1")));
        }
        let limit = self.limit.unwrap_or(LIMIT);
        if !(1..=MOST_HITS).contains(&limit) {
            errors.push(FieldError::new(format!("{place}limit"), format!("expected 1 to {MOST_HITS}")));
        }
        let leaves = self.leaves(view, place, &mut errors);
        if errors.is_empty() && !self.exclude_lists.is_empty() && !view.catalogue.is_loaded(&leaves) {
            errors.push(FieldError::new(format!("{place}exclude_lists"), "no list is left to ask"));
        }
        if !errors.is_empty() {
            return Err(Problem::unusable(errors));
        }
        let is_idle =
            |name: &&String| view.catalogue.leaves(name).is_some_and(|leaves| !view.catalogue.is_loaded(&leaves));
        if let Some(list) = self.lists.iter().find(is_idle) {
            return Err(not_consulted(list, NOT_LOADED, "GET /v1/lists names those that are"));
        }
        Ok(Plan { threshold, limit, explain: self.explain, filter: filter(view, &leaves)? })
    }

    fn leaves(&self, view: &View, place: &str, errors: &mut Vec<FieldError>) -> Leaves {
        let catalogue = &view.catalogue;
        let mut named = |member: &str, names: &[String]| -> Leaves {
            let mut found = Leaves::new();
            for name in names {
                if let Some(leaves) = catalogue.leaves(name) {
                    found.extend(leaves);
                } else {
                    let said = format!("there is no list {name:?}; GET /v1/lists names them");
                    errors.push(FieldError::new(format!("{place}{member}"), said));
                }
            }
            found
        };
        let mut leaves = if self.lists.is_empty() {
            let all = catalogue.entries().iter().filter_map(|entry| catalogue.leaves(entry.id.as_str()));
            all.flatten().collect()
        } else {
            named("lists", &self.lists)
        };
        let excluded = named("exclude_lists", &self.exclude_lists);
        leaves.retain(|leaf| !excluded.contains(leaf));
        leaves
    }
}

fn not_consulted(list: &str, reason: &str, help: &str) -> Problem {
    Problem::unavailable("list-not-consulted", format!("list {list} could not be consulted: {reason}; {help}"))
}

/// The entities of these leaves.
fn filter(view: &View, leaves: &Leaves) -> Result<Filter, Problem> {
    if let Some((list, reason)) = view.catalogue.missing(leaves, view.meta()).into_iter().next() {
        return Err(not_consulted(&list, &reason, &format!("exclude_lists={list} asks the others")));
    }
    Ok(Asked::default().filter_of(view, leaves)?)
}
