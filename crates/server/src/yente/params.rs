//! Query parameters, read as FastAPI reads them: repeated names are lists, of a single value the last one counts, unknown names are
//! passed over, and all faults are told together.

use serde_json::{Value as Json, json};

use super::refusal::{Fault, Refusal};

/// The parameters of a request and what is wrong with them so far.
#[derive(Debug, Default)]
pub(crate) struct Params {
    pairs: Vec<(String, String)>,
    faults: Vec<Fault>,
}

impl Params {
    /// Reads a query string.
    pub(crate) fn of(query: Option<&str>) -> Params {
        let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
        Params { pairs, faults: Vec::new() }
    }

    /// The last value of a name.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All values of a name that say something: `countries=` from an empty field of a form filters nothing away.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        self.all(name).filter(|value| !value.trim().is_empty()).map(str::to_owned).collect()
    }

    fn all<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A whole number, at most `most`.
    pub(crate) fn int(&mut self, name: &'static str, default: i64, most: i64) -> i64 {
        let Some(given) = self.text(name).map(str::to_owned) else { return default };
        match whole(&given) {
            None => {
                let message = "Input should be a valid integer, unable to parse string as an integer";
                self.fault(Fault::new("int_parsing", place(name), message, json!(given)));
                default
            }
            Some(number) if number > most => {
                let message = format!("Input should be less than or equal to {most}");
                let fault = Fault::new("less_than_equal", place(name), message, json!(given));
                self.fault(fault.with(json!({"le": most})));
                default
            }
            Some(number) => number,
        }
    }

    /// A number.
    pub(crate) fn float(&mut self, name: &'static str, default: f64) -> f64 {
        let Some(given) = self.text(name).map(str::to_owned) else { return default };
        match given.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => number,
            Ok(_) => {
                self.fault(Fault::new("finite_number", place(name), "Input should be a finite number", json!(given)));
                default
            }
            Err(_) => {
                let message = "Input should be a valid number, unable to parse string as a number";
                self.fault(Fault::new("float_parsing", place(name), message, json!(given)));
                default
            }
        }
    }

    /// Yes or no.
    pub(crate) fn flag(&mut self, name: &'static str, default: bool) -> bool {
        self.flag_if_given(name).unwrap_or(default)
    }

    /// Yes or no, where it is said.
    pub(crate) fn flag_if_given(&mut self, name: &'static str) -> Option<bool> {
        let given = self.text(name)?.to_owned();
        match given.to_ascii_lowercase().as_str() {
            "1" | "true" | "t" | "yes" | "y" | "on" => Some(true),
            "0" | "false" | "f" | "no" | "n" | "off" => Some(false),
            _ => {
                let message = "Input should be a valid boolean, unable to interpret input";
                self.fault(Fault::new("bool_parsing", place(name), message, json!(given)));
                None
            }
        }
    }

    /// One of some words.
    pub(crate) fn word(&mut self, name: &'static str, default: &'static str, words: &[&'static str]) -> &'static str {
        let Some(given) = self.text(name).map(str::to_owned) else { return default };
        if let Some(word) = words.iter().find(|word| **word == given) {
            return word;
        }
        self.fault(no_word(place(name), words, &given));
        default
    }

    /// Some of some words.
    pub(crate) fn words(
        &mut self,
        name: &'static str,
        default: &[&'static str],
        words: &[&'static str],
    ) -> Vec<&'static str> {
        let given: Vec<String> = self.all(name).map(str::to_owned).collect();
        if given.is_empty() {
            return default.to_vec();
        }
        let mut found = Vec::new();
        for (at, text) in given.iter().enumerate() {
            match words.iter().find(|word| *word == text) {
                Some(word) => found.push(*word),
                None => self.fault(no_word(vec![json!("query"), json!(name), json!(at)], words, text)),
            }
        }
        found
    }

    /// All values of a name, at most so many.
    pub(crate) fn few_texts(&mut self, name: &'static str, most: usize) -> Vec<String> {
        let given = self.texts(name);
        if given.len() > most {
            let message = format!("List should have at most {most} items after validation, not {}", given.len());
            let context = json!({"field_type": "List", "max_length": most, "actual_length": given.len()});
            self.fault(Fault::new("too_long", place(name), message, json!(given)).with(context));
        }
        given
    }

    /// A time from which something counts: `YYYY-MM-DD[THH[:MM[:SS]]]`.
    pub(crate) fn since(&mut self, name: &'static str) -> Option<String> {
        let given = self.text(name)?.to_owned();
        if is_time(&given) {
            return Some(given);
        }
        let message = format!("String should match pattern '{TIME_PATTERN}'");
        let fault = Fault::new("string_pattern_mismatch", place(name), message, json!(given));
        self.fault(fault.with(json!({"pattern": TIME_PATTERN})));
        None
    }

    pub(crate) fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Whether nothing was wrong.
    pub(crate) fn finish(&mut self) -> Result<(), Refusal> {
        if self.faults.is_empty() { Ok(()) } else { Err(Refusal::Invalid(std::mem::take(&mut self.faults))) }
    }
}

/// What a time must look like; hours, minutes and seconds may be left out.
const TIME_PATTERN: &str = r"^\d{4}-\d{2}-\d{2}(T\d{2}(:\d{2}(:\d{2})?)?)?$";

fn is_time(text: &str) -> bool {
    const SHAPE: &[u8] = b"dddd-dd-ddTdd:dd:dd";
    let fits = |(byte, shape): (u8, &u8)| if *shape == b'd' { byte.is_ascii_digit() } else { byte == *shape };
    matches!(text.len(), 10 | 13 | 16 | 19) && text.bytes().zip(SHAPE).all(fits)
}

fn place(name: &str) -> Vec<Json> {
    vec![json!("query"), json!(name)]
}

fn no_word(place: Vec<Json>, words: &[&str], given: &str) -> Fault {
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let expected = match quoted.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => quoted.join(""),
    };
    Fault::new("enum", place, format!("Input should be {expected}"), json!(given)).with(json!({"expected": expected}))
}

/// A whole number as pydantic takes it: blanks around it, a sign, and a fraction of zeros are let through.
fn whole(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = match text.split_once('.') {
        Some((digits, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => digits,
        Some(_) => return None,
        None => text,
    };
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(params: &mut Params) -> String {
        match params.finish() {
            Err(Refusal::Invalid(faults)) => format!("{} {}", faults[0].kind, json!(faults[0].place)),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn the_last_of_a_single_value_counts_and_lists_are_repeated() {
        let mut params = Params::of(Some("limit=3&limit=7&topics=a&topics=b%20c&topics=&topics=+&zzz=1"));
        assert_eq!(params.int("limit", 5, 500), 7);
        assert_eq!(params.texts("topics"), ["a", "b c"]);
        assert!((params.float("threshold", 0.7) - 0.7).abs() < 1e-9);
        assert!(params.finish().is_ok());
    }

    #[test]
    fn numbers_are_taken_as_pydantic_takes_them() {
        for (given, number) in [("5", Some(5)), (" 5 ", Some(5)), ("+5", Some(5)), ("-1", Some(-1)), ("5.0", Some(5))] {
            assert_eq!(whole(given), number, "{given:?}");
        }
        for given in ["", "5.5", "5.", "1e3", "five", "0x10"] {
            assert_eq!(whole(given), None, "{given:?}");
        }
    }

    #[test]
    fn faults_say_where_and_what() {
        let mut params = Params::of(Some("limit=501"));
        params.int("limit", 5, 500);
        assert_eq!(told(&mut params), r#"less_than_equal ["query","limit"]"#);
        let mut params = Params::of(Some("facets="));
        params.words("facets", &["topics"], &["topics", "countries"]);
        assert_eq!(told(&mut params), r#"enum ["query","facets",0]"#);
        let mut params = Params::of(Some("changed_since=yesterday"));
        params.since("changed_since");
        assert_eq!(told(&mut params), r#"string_pattern_mismatch ["query","changed_since"]"#);
        for good in ["2024-01-31", "2024-01-31T10", "2024-01-31T10:20", "2024-01-31T10:20:30"] {
            assert!(is_time(good), "{good}");
        }
        assert!(!is_time("2024-1-31") && !is_time("2024-01-31T10:20:30Z"));
    }
}
