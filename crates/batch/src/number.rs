//! Numbers of single precision as JSON, in their shortest form: 0.05, and not the 0.05000000074505806 that it is as a double.
//!
//! Idea: a JSON value holds doubles, so that a single is widened on its way into one; as text it keeps its own precision.

use serde::Serialize;
use serde_json::Value as Json;

/// A number.
pub fn number(value: f32) -> Json {
    value.to_string().parse::<f64>().map_or(Json::Null, Json::from)
}

/// A value with all its numbers.
pub fn shortest(value: &impl Serialize) -> Json {
    serde_json::to_string(value).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_their_shortest_form() {
        for (value, written) in [(0.05, "0.05"), (0.1 + 0.2, "0.3"), (1.0, "1.0"), (-0.7, "-0.7"), (f32::NAN, "null")] {
            assert_eq!(number(value).to_string(), written);
        }
        assert_eq!(shortest(&(0.05f32, [("a", 0.7f32)])).to_string(), r#"[0.05,[["a",0.7]]]"#);
    }
}
