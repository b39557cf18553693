//! Dates as publishers write them, to [`DateSpan`].
//!
//! Idea: alternatives are parted at *or*, ranges at *to*, *and*, a dash; what is left is one date in one of a few shapes. A
//! part that is unknown (`00`, `dd`, `XX`) is left out; nothing is made up, nothing impossible is bent into shape.
//! Invariant: years are 1800 to 2100; all else is an error, and the reader keeps the text as a note.
//! Source: the forms found in the published lists (OFAC, CSL, BIS, EU, OFSI, DFAT, SEMA), one test each.

use interdict_model::{DateSpan, PartialDate};

/// What a date of numbers begins with; publishers say, so a reader never guesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// `31/12/1965`.
    DayFirst,
    /// `12/31/1965`.
    MonthFirst,
}

/// The text is no date that a list would mean.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a date; {why}")]
pub(crate) struct NoDate {
    text: String,
    why: &'static str,
}

/// First and last year that a list can mean: the oldest listed party that ever lived, and the furthest end of a measure.
const YEARS: std::ops::RangeInclusive<u16> = 1800..=2100;
/// Longest text that can be dates.
const MAX_CHARS: usize = 400;
/// A year of two digits above this is of the 1900s: listed parties are mostly born before 2030 and after 1930.
const LAST_SHORT_YEAR: u16 = 29;

const NO_FORM: &str = "expected a year, a month and year, a day, or a range of these";
const NO_YEAR: &str = "its year is not between 1800 and 2100";
const NO_DAY: &str = "the calendar has no such day";

/// The dates that a text names: more than one where it says *or*.
pub(crate) fn parse(text: &str, order: Order) -> Result<Vec<DateSpan>, NoDate> {
    let fail = |why| NoDate { text: text.chars().take(60).collect(), why };
    if text.len() > MAX_CHARS {
        return Err(fail(NO_FORM));
    }
    let plain = plain(text);
    let mut spans = Vec::new();
    for part in plain.split(" or ") {
        let span = span(part, order).map_err(fail)?;
        if !spans.contains(&span) {
            spans.push(span);
        }
    }
    Ok(spans)
}

/// The one date that a text names.
pub(crate) fn parse_one(text: &str, order: Order) -> Result<DateSpan, NoDate> {
    let mut spans = parse(text, order)?.into_iter();
    match (spans.next(), spans.next()) {
        (Some(span), None) => Ok(span),
        _ => Err(NoDate { text: text.chars().take(60).collect(), why: "it names several" }),
    }
}

/// The date of an Excel serial number (days, 1 January 1900 being 1, with the 29 February 1900 that never was; the fraction
/// is the time of day). ECMA-376 part 1, 18.17.4.1.
pub(crate) fn excel_serial(serial: f64) -> Option<PartialDate> {
    // 1900-03-01 is 61: before it, Excel and the calendar differ by a day. 73415 is 2100-12-31.
    if !(61.0..73416.0).contains(&serial) {
        return None;
    }
    let mut days = serial.floor() as u32 - 61;
    let mut year = 1900u16;
    let mut month = 3u8;
    loop {
        let length = month_days(year, month);
        if days < u32::from(length) {
            return PartialDate::new(year, Some(month), Some(u8::try_from(days + 1).ok()?));
        }
        days -= u32::from(length);
        month += 1;
        if month > 12 {
            month = 1;
            year += 1;
        }
    }
}

/// Number of days of a month: the last that the calendar has.
pub(crate) fn month_days(year: u16, month: u8) -> u8 {
    (28..=31).rev().find(|day| PartialDate::new(year, Some(month), Some(*day)).is_some()).unwrap_or(28)
}

/// A range that is a whole month or a whole year becomes that: `1972-01-01 … 1972-12-31` says no more than 1972.
pub(crate) fn from_bounds(from: PartialDate, to: PartialDate) -> DateSpan {
    if let (PartialDate::Day(year, month, 1), PartialDate::Day(last_year, last_month, last_day)) = (from, to)
        && year == last_year
    {
        if (month, last_month, last_day) == (1, 12, 31) {
            return DateSpan::exactly(PartialDate::Year(year));
        }
        if month == last_month && last_day == month_days(year, month) {
            return DateSpan::exactly(PartialDate::Month(year, month));
        }
    }
    if let (PartialDate::Day(year, 1, 1), PartialDate::Day(last_year, 12, 31)) = (from, to) {
        return DateSpan::between(PartialDate::Year(year), PartialDate::Year(last_year));
    }
    DateSpan::between(from, to)
}

/// Lower case, one blank for each gap, a hyphen for each dash, no full stop at the end.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            match c {
                '\u{2010}'..='\u{2015}' | '\u{2212}' => out.push('-'),
                c => out.extend(c.to_lowercase()),
            }
        }
    }
    while out.ends_with(['.', ',', ';']) {
        out.pop();
    }
    out
}

/// One date or range, with its marks of being approximate taken off.
fn span(text: &str, order: Order) -> Result<DateSpan, &'static str> {
    let (text, circa) = without_circa(text);
    let mut span = range(text, order)?;
    span.circa |= circa;
    Ok(span)
}

fn without_circa(text: &str) -> (&str, bool) {
    const BEFORE: &[&str] = &[
        "circa ",
        "circa. ",
        "circa.",
        "circa",
        "c. ",
        "c.",
        "ca. ",
        "ca.",
        "ca ",
        "approximately ",
        "approx. ",
        "approx ",
        "about ",
        "around ",
        "~",
    ];
    const BEHIND: &[&str] = &[
        "(approximative)",
        "(approximate)",
        "(approximately)",
        "(approx.)",
        "(approx)",
        "(circa)",
        "(c.)",
        "approximately",
        "approx.",
        "approx",
        "circa",
        "~",
    ];
    let mut text = text.trim();
    let mut circa = false;
    loop {
        let without = BEFORE
            .iter()
            .find_map(|mark| text.strip_prefix(mark))
            .or_else(|| BEHIND.iter().find_map(|mark| text.strip_suffix(mark)));
        match without {
            Some(rest) => (text, circa) = (rest.trim(), true),
            None => return (text, circa),
        }
    }
}

fn range(text: &str, order: Order) -> Result<DateSpan, &'static str> {
    let joined = text.strip_prefix("between ").and_then(|rest| rest.split_once(" and "));
    let joined = joined.or_else(|| text.strip_prefix("from ").unwrap_or(text).split_once(" to "));
    let joined = joined.or_else(|| text.split_once(" - ")).or_else(|| text.split_once(" and "));
    let joined = joined.or_else(|| years_joined(text)).or_else(|| iso_joined(text));
    let Some((from, to)) = joined else { return single(text, order).map(DateSpan::exactly) };
    let ((from, one), (to, other)) = (without_circa(from), without_circa(to));
    let span = DateSpan::between(single(from, order)?, single(to, order)?);
    Ok(DateSpan { circa: one || other, ..span })
}

/// `1979-1982`, `1979/1982`, and `1979/82` are not dates but ranges; the last is refused, as it may be a month.
fn years_joined(text: &str) -> Option<(&str, &str)> {
    let (from, to) = text.split_once('-').or_else(|| text.split_once('/'))?;
    (is_digits(from.trim(), 4) && is_digits(to.trim(), 4)).then(|| (from.trim(), to.trim()))
}

/// `1968-05-01/1970-12-31`, the form of ISO 8601.
fn iso_joined(text: &str) -> Option<(&str, &str)> {
    let (from, to) = text.split_once('/')?;
    let is_iso = |text: &str| PartialDate::parse(text.strip_suffix('~').unwrap_or(text)).is_some();
    (is_iso(from) && is_iso(to)).then_some((from, to))
}

/// One date.
fn single(text: &str, order: Order) -> Result<PartialDate, &'static str> {
    let text = without_time(text.trim());
    let is_gap = |c: char| matches!(c, '-' | '/' | '.' | ',' | ' ');
    let parts: Vec<&str> = text.split(is_gap).filter(|part| !part.is_empty()).collect();
    let has_month_name = |part: &str| part.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    match *parts.as_slice() {
        [year] => date(year_of(year)?, None, None),
        [month, year] if has_month_name(month) && !is_unknown(month) => {
            date(year_or_short(year)?, Some(month_of(month)?), None)
        }
        [year, month] if is_digits(year, 4) && has_month_name(month) && !is_unknown(month) => {
            date(year_of(year)?, Some(month_of(month)?), None)
        }
        [year, month] if is_digits(year, 4) => date(year_of(year)?, number(month)?, None),
        [month, year] if is_digits(year, 4) => date(year_of(year)?, number(month)?, None),
        [year, month, day] if is_digits(year, 4) && has_month_name(month) && !is_unknown(month) => {
            date(year_of(year)?, Some(month_of(month)?), number(day)?)
        }
        [year, month, day] if is_digits(year, 4) => date(year_of(year)?, number(month)?, number(day)?),
        [day, month, year] if has_month_name(month) && !is_unknown(month) => {
            date(year_or_short(year)?, Some(month_of(month)?), number(ordinal(day))?)
        }
        [month, day, year] if has_month_name(month) && !is_unknown(month) => {
            date(year_of(year)?, Some(month_of(month)?), number(ordinal(day))?)
        }
        [one, other, year] if is_digits(year, 4) => {
            let (day, month) = match order {
                Order::DayFirst => (one, other),
                Order::MonthFirst => (other, one),
            };
            date(year_of(year)?, number(month)?, number(day)?)
        }
        _ => Err(NO_FORM),
    }
}

/// The day without a time or a zone behind it: `1965-03-02t00:00:00`, `2014-01-01+02:00`, `2014-01-01z`.
fn without_time(text: &str) -> &str {
    const DAY: usize = "1965-03-02".len();
    let Some((day, rest)) = text.split_at_checked(DAY) else { return text };
    let shaped = PartialDate::parse(day).is_some() || day.bytes().filter(|byte| *byte == b'/').count() == 2;
    let clock = rest.trim_start_matches(['t', ' ']);
    let timed = clock.len() < rest.len() && clock.contains(':') && clock.starts_with(|c: char| c.is_ascii_digit());
    let zoned = rest == "z" || (rest.starts_with(['+', '-']) && rest.contains(':'));
    if shaped && (timed || zoned) { day } else { text }
}

fn date(year: u16, month: Option<u8>, day: Option<u8>) -> Result<PartialDate, &'static str> {
    // A day whose month is unknown says nothing that a date could hold.
    let day = month.and(day);
    PartialDate::new(year, month, day).ok_or(NO_DAY)
}

fn year_of(text: &str) -> Result<u16, &'static str> {
    if !is_digits(text, 4) {
        return Err(NO_FORM);
    }
    let year = text.parse().map_err(|_| NO_FORM)?;
    if YEARS.contains(&year) { Ok(year) } else { Err(NO_YEAR) }
}

fn year_or_short(text: &str) -> Result<u16, &'static str> {
    let text = text.trim_start_matches('\'');
    if !is_digits(text, 2) {
        return year_of(text);
    }
    let year: u16 = text.parse().map_err(|_| NO_FORM)?;
    Ok(if year > LAST_SHORT_YEAR { 1900 + year } else { 2000 + year })
}

/// A month or day; `None` where it is said to be unknown.
fn number(text: &str) -> Result<Option<u8>, &'static str> {
    if is_unknown(text) {
        return Ok(None);
    }
    if text.len() > 2 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NO_FORM);
    }
    text.parse().map(Some).map_err(|_| NO_FORM)
}

fn is_unknown(text: &str) -> bool {
    matches!(text, "0" | "00" | "d" | "dd" | "m" | "mm" | "x" | "xx" | "?" | "??")
}

/// `1st`, `22nd`, `3rd`, `10th` without their letters.
fn ordinal(text: &str) -> &str {
    let bare = ["st", "nd", "rd", "th"].iter().find_map(|ending| text.strip_suffix(ending));
    bare.filter(|bare| bare.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or(text)
}

fn month_of(text: &str) -> Result<u8, &'static str> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    const SHORTEST: usize = 3;
    let at = MONTHS.iter().position(|month| text.len() >= SHORTEST && month.starts_with(text));
    let at = at.or_else(|| (text == "sept").then_some(8)).ok_or(NO_FORM)?;
    u8::try_from(at + 1).map_err(|_| NO_FORM)
}

fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<String> {
        parse(text, Order::DayFirst).unwrap_or_default().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_form_of_the_lists_is_read() {
        let cases: &[(&str, &[&str])] = &[
            // OFAC
            ("10 Dec 1948", &["1948-12-10"]),
            ("1946", &["1946"]),
            ("circa 1951", &["1951~"]),
            ("Sep 1938", &["1938-09"]),
            ("1951 to 1953", &["1951/1953"]),
            ("01 Jan 1961 to 31 Dec 1962", &["1961-01-01/1962-12-31"]),
            ("Mar 1962 to Feb 1963", &["1962-03/1963-02"]),
            ("circa 07 Jul 1966", &["1966-07-07~"]),
            ("circa 1979-1982", &["1979~/1982~"]),
            ("circa 1958 to circa 1960", &["1958~/1960~"]),
            // OFSI, UK
            ("31/12/1965", &["1965-12-31"]),
            ("00/00/1994", &["1994"]),
            ("00/03/1994", &["1994-03"]),
            ("dd/mm/1965", &["1965"]),
            ("dd/03/1965", &["1965-03"]),
            ("03/1965", &["1965-03"]),
            // EU
            ("1957 (approximative)", &["1957~"]),
            ("1958 - 1963 (approximative)", &["1958~/1963~"]),
            // SEMA
            ("1963-1964", &["1963/1964"]),
            ("1963 or 1964", &["1963", "1964"]),
            ("1972-08-10 or 1972-08-11", &["1972-08-10", "1972-08-11"]),
            ("Sep-99", &["1999-09"]),
            (" 1961-03-02 ", &["1961-03-02"]),
            // DFAT
            ("10 Aug. 1987", &["1987-08-10"]),
            ("Between 1968 and 1970", &["1968/1970"]),
            ("approximately 1968", &["1968~"]),
            // further
            ("1961-03-02T00:00:00Z", &["1961-03-02"]),
            ("1961-03-02+02:00", &["1961-03-02"]),
            ("1961-00-00", &["1961"]),
            ("1961-03", &["1961-03"]),
            ("1961/1963", &["1961/1963"]),
            ("1961-01-01/1963-12-31", &["1961-01-01/1963-12-31"]),
            ("March 2, 1961", &["1961-03-02"]),
            ("2nd September 1961", &["1961-09-02"]),
            ("02-Mar-61", &["1961-03-02"]),
            ("1965–1966", &["1965/1966"]),
            ("1966 to 1965", &["1965/1966"]),
        ];
        let wrong: Vec<_> =
            cases.iter().filter(|(text, dates)| read(text) != *dates).map(|(text, _)| (text, read(text))).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn the_order_of_numbers_is_the_publishers() {
        let first = |order| parse_one("03/04/2017", order).map(|date| date.to_string());
        assert_eq!(first(Order::DayFirst), Ok("2017-04-03".to_owned()));
        assert_eq!(first(Order::MonthFirst), Ok("2017-03-04".to_owned()));
        assert!(parse_one("31/12/2017", Order::MonthFirst).is_err());
    }

    #[test]
    fn what_is_no_date_is_said_to_be_none() {
        for text in [
            "",
            "unknown",
            "1961-13-02",
            "30 Feb 1961",
            "3017-08-22",
            "1799",
            "61",
            "Smarch 1961",
            "1961 1962 1963 1964",
            "or",
            "to",
            "1963 or",
            "12/1961/03",
            "19610302",
            "between",
            "circa",
            "10 Dec 1948; POB Baghdad",
        ] {
            assert!(parse(text, Order::DayFirst).is_err(), "{text:?}");
        }
    }

    #[test]
    fn serials_are_counted_as_excel_counts_them() {
        let day = |serial| excel_serial(serial).map(|date| date.to_string());
        assert_eq!(day(23120.0).as_deref(), Some("1963-04-19"));
        assert_eq!(day(61.0).as_deref(), Some("1900-03-01"));
        assert_eq!(day(36526.75).as_deref(), Some("2000-01-01"));
        assert_eq!(day(73415.0).as_deref(), Some("2100-12-31"));
        assert_eq!(day(60.0), None);
        assert_eq!(day(f64::NAN), None);
    }

    #[test]
    fn bounds_that_are_a_whole_year_or_month_are_that() {
        let bounds = |from: &str, to: &str| {
            from_bounds(PartialDate::parse(from).unwrap(), PartialDate::parse(to).unwrap()).to_string()
        };
        assert_eq!(bounds("1972-01-01", "1972-12-31"), "1972");
        assert_eq!(bounds("1972-02-01", "1972-02-29"), "1972-02");
        assert_eq!(bounds("1972-01-01", "1974-12-31"), "1972/1974");
        assert_eq!(bounds("1972-01-01", "1972-01-01"), "1972-01-01");
        assert_eq!(bounds("1972-05-02", "1973-01-07"), "1972-05-02/1973-01-07");
    }

    proptest! {
        #[test]
        fn any_text_is_dates_or_an_error(text in "\\PC{0,40}") {
            let _ = parse(&text, Order::MonthFirst);
        }

        #[test]
        fn any_words_of_dates_are_dates_or_an_error(words in prop::collection::vec("(circa|to|or|and|between|Sep|10|1961|00|-|/|~|T|:)", 0..8)) {
            for joint in ["", " "] {
                for span in parse(&words.join(joint), Order::DayFirst).unwrap_or_default() {
                    prop_assert!(YEARS.contains(&span.from.year()) && YEARS.contains(&span.to.year()));
                }
            }
        }
    }
}
