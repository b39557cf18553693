//! Dates as lists write them: partial, approximate, or a range.
//!
//! Text form: ISO 8601 dates of reduced precision (`1961`, `1961-03`, `1961-03-02`), and two forms of EDTF (ISO 8601-2:2019,
//! level 1): `1961~` is approximate, `1961/1963` lies somewhere from the first to the last.

use std::fmt;

/// A date of the precision that somebody wrote; nobody's 1 January is made up. Years 1 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PartialDate {
    /// A year.
    Year(u16),
    /// A year and a month, 1 to 12.
    Month(u16, u8),
    /// A day of the Gregorian calendar.
    Day(u16, u8, u8),
}

/// A date, or the bounds it lies between, and whether it is only approximate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DateSpan {
    /// The earliest it can be.
    pub from: PartialDate,
    /// The latest it can be; equal to `from` for a single date.
    pub to: PartialDate,
    /// Whether the source says *circa*, *approximately* or the like.
    pub circa: bool,
}

/// The text is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is not a date; expected YYYY, YYYY-MM or YYYY-MM-DD, with `~` behind it if approximate, or two joined by `/`"
)]
pub struct DateError {
    /// What was given.
    pub text: String,
}

impl PartialDate {
    /// The date with these parts, if the calendar has it: month 1 to 12, a day that the month has.
    pub fn new(year: u16, month: Option<u8>, day: Option<u8>) -> Option<PartialDate> {
        if !(1..=9999).contains(&year) {
            return None;
        }
        match (month, day) {
            (None, None) => Some(PartialDate::Year(year)),
            (Some(month @ 1..=12), None) => Some(PartialDate::Month(year, month)),
            (Some(month @ 1..=12), Some(day)) if (1..=days_in(year, month)).contains(&day) => {
                Some(PartialDate::Day(year, month, day))
            }
            _ => None,
        }
    }

    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; a time of day behind `T` or a blank is left out.
    pub fn parse(text: &str) -> Option<PartialDate> {
        let date = text.split(['T', ' ']).next().unwrap_or(text);
        let mut parts = date.split('-');
        let number = |part: &str, digits: usize| {
            (part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| part.parse::<u16>().ok())?
        };
        let year = number(parts.next()?, 4)?;
        let two = |part: Option<&str>| match part {
            None => Some(None),
            Some(part) => number(part, 2).and_then(|value| u8::try_from(value).ok()).map(Some),
        };
        let (month, day) = (two(parts.next())?, two(parts.next())?);
        if parts.next().is_some() {
            return None;
        }
        PartialDate::new(year, month, day)
    }

    /// The year.
    pub fn year(self) -> u16 {
        match self {
            PartialDate::Year(year) | PartialDate::Month(year, _) | PartialDate::Day(year, ..) => year,
        }
    }

    /// The month, where known.
    pub fn month(self) -> Option<u8> {
        match self {
            PartialDate::Year(_) => None,
            PartialDate::Month(_, month) | PartialDate::Day(_, month, _) => Some(month),
        }
    }

    /// The day of the month, where known.
    pub fn day(self) -> Option<u8> {
        match self {
            PartialDate::Day(_, _, day) => Some(day),
            _ => None,
        }
    }

    /// Number of the first day that it can be, counted from 0001-01-01 as day 0.
    pub fn first_day(self) -> u32 {
        day_number(self.year(), self.month().unwrap_or(1), self.day().unwrap_or(1))
    }

    /// Number of the last day that it can be.
    pub fn last_day(self) -> u32 {
        let month = self.month().unwrap_or(12);
        day_number(self.year(), month, self.day().unwrap_or_else(|| days_in(self.year(), month)))
    }
}

impl DateSpan {
    /// A single date, as written.
    pub fn exactly(date: PartialDate) -> DateSpan {
        DateSpan { from: date, to: date, circa: false }
    }

    /// A single date that is only approximate.
    pub fn about(date: PartialDate) -> DateSpan {
        DateSpan { from: date, to: date, circa: true }
    }

    /// From one date to another; the other way round is put right.
    pub fn between(one: PartialDate, other: PartialDate) -> DateSpan {
        let (from, to) = if one.first_day() <= other.first_day() { (one, other) } else { (other, one) };
        DateSpan { from, to, circa: false }
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Result<DateSpan, DateError> {
        let fail = || DateError { text: text.to_owned() };
        let single = |text: &str| {
            let (date, circa) = text.strip_suffix('~').map_or((text, false), |date| (date, true));
            PartialDate::parse(date).map(|date| (date, circa)).ok_or_else(fail)
        };
        match text.split_once('/') {
            None => single(text).map(|(date, circa)| DateSpan { from: date, to: date, circa }),
            Some((from, to)) => {
                let ((from, one), (to, other)) = (single(from)?, single(to)?);
                if from.first_day() > to.first_day() {
                    return Err(fail());
                }
                Ok(DateSpan { from, to, circa: one || other })
            }
        }
    }

    /// The FollowTheMoney dates that stand for it, which know neither ranges nor *circa*: the date itself; for a range of
    /// up to 15 years each year of it, for a longer one its ends.
    pub fn to_ftm(self) -> Vec<String> {
        if self.from == self.to {
            return vec![self.from.to_string()];
        }
        let (first, last) = (self.from.year(), self.to.year());
        if last - first > 15 || first == last {
            return vec![self.from.to_string(), self.to.to_string()];
        }
        (first..=last).map(|year| format!("{year:04}")).collect()
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            PartialDate::Year(year) => write!(out, "{year:04}"),
            PartialDate::Month(year, month) => write!(out, "{year:04}-{month:02}"),
            PartialDate::Day(year, month, day) => write!(out, "{year:04}-{month:02}-{day:02}"),
        }
    }
}

impl fmt::Display for DateSpan {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.circa { "~" } else { "" };
        if self.from == self.to {
            write!(out, "{}{mark}", self.from)
        } else {
            write!(out, "{}{mark}/{}{mark}", self.from, self.to)
        }
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u8::from(is_leap(year)),
        _ => 31,
    }
}

fn day_number(year: u16, month: u8, day: u8) -> u32 {
    let past = u32::from(year.saturating_sub(1));
    let months: u32 = (1..month).map(|month| u32::from(days_in(year, month))).sum();
    past * 365 + past / 4 - past / 100 + past / 400 + months + u32::from(day.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn impossible_dates_are_no_dates() {
        for text in [
            "1961-13-02",
            "1961-02-29",
            "0000",
            "61",
            "1961-3-2",
            "1961-03-02-01",
            "",
            "1961/",
            "/1961",
            "1963/1961",
            "~",
            "١٩٦١",
        ] {
            assert!(DateSpan::parse(text).is_err(), "{text}");
        }
        assert!(DateSpan::parse("2000-02-29").is_ok());
    }

    #[test]
    fn days_are_counted_without_gaps() {
        let day = |text: &str| PartialDate::parse(text).unwrap().first_day();
        assert_eq!(day("0001-01-01"), 0);
        assert_eq!(day("1970-01-01"), 719_162);
        assert_eq!(day("2000-03-01") - day("2000-02-28"), 2);
        assert_eq!(PartialDate::parse("1961").unwrap().last_day() + 1, day("1962-01-01"));
    }

    #[test]
    fn a_range_becomes_its_years() {
        let years = |text: &str| DateSpan::parse(text).unwrap().to_ftm();
        assert_eq!(years("1961/1963"), ["1961", "1962", "1963"]);
        assert_eq!(years("1961~"), ["1961"]);
        assert_eq!(years("1961-02/1961-04"), ["1961-02", "1961-04"]);
        assert_eq!(years("1901/1963"), ["1901", "1963"]);
    }

    proptest! {
        #[test]
        fn printing_and_parsing_is_the_identity(year in 1u16..=9999, month in 1u8..=12, day in 1u8..=28, circa: bool, more in 0u16..40) {
            let from = PartialDate::Day(year, month, day);
            let to = PartialDate::Year((year + more).min(9999));
            for span in [DateSpan { from, to: from, circa }, DateSpan { from: PartialDate::Month(year, month), to: to.max(PartialDate::Year(year)), circa }] {
                if span.from.first_day() <= span.to.first_day() {
                    prop_assert_eq!(DateSpan::parse(&span.to_string()), Ok(span));
                }
            }
        }

        #[test]
        fn any_text_is_a_date_or_an_error(text in "\\PC{0,24}") {
            if let Ok(span) = DateSpan::parse(&text) {
                prop_assert!(span.from.first_day() <= span.to.last_day());
            }
        }
    }
}
