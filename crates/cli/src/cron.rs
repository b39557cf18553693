//! Times by a crontab line, for `YENTE_CRONTAB`: minute, hour, day of the month, month, day of the week.
//!
//! Times are UTC, as a service has no time zone of its own. Where both days are restricted, either is enough. Source: POSIX
//! `crontab`, with the steps, names and Sunday as 7 that cron programs agree on.

use std::str::FromStr;

use anyhow::{Context as _, Error, Result, bail};
use jiff::civil::{Date, DateTime};
use jiff::{Span, Timestamp, tz::TimeZone};

/// Days that are looked through for the next time: 29 February comes again within eight years.
const DAYS_AHEAD: i32 = 8 * 366 + 2;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// A crontab line; each field as bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cron {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Whether both days are restricted.
    either_day: bool,
}

impl FromStr for Cron {
    type Err = Error;

    fn from_str(text: &str) -> Result<Cron> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields.as_slice() else {
            bail!("expected five fields, minute, hour, day, month and day of the week, such as `7 * * * *`");
        };
        let weekdays = field(weekday, 0, 7, &WEEKDAYS, 0).context("the day of the week")?;
        let cron = Cron {
            minutes: field(minute, 0, 59, &[], 0).context("the minute")?,
            hours: field(hour, 0, 23, &[], 0).context("the hour")?,
            days: field(day, 1, 31, &[], 0).context("the day")?,
            months: field(month, 1, 12, &MONTHS, 1).context("the month")?,
            // Sunday is 0 and 7.
            weekdays: (weekdays | weekdays >> 7) & 0x7f,
            either_day: !day.starts_with('*') && !weekday.starts_with('*'),
        };
        // 31 February never comes.
        cron.next_after(Timestamp::UNIX_EPOCH).context("no day is ever like this")?;
        Ok(cron)
    }
}

/// One field: numbers, names, ranges, steps, with commas between.
fn field(text: &str, least: u32, most: u32, names: &[&str], first_name: u32) -> Result<u64> {
    let number = |text: &str| -> Result<u32> {
        let named = names.iter().zip(first_name..).find(|(name, _)| name.eq_ignore_ascii_case(text));
        let number = named.map(|(_, number)| number).or_else(|| text.parse().ok());
        number
            .filter(|number| (least..=most).contains(number))
            .with_context(|| format!("{text:?} is not a number from {least} to {most}"))
    };
    let mut bits = 0;
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => {
                let step: usize =
                    step.parse().ok().filter(|step| *step > 0).with_context(|| format!("{part:?} has no step"))?;
                (range, Some(step))
            }
            None => (part, None),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" => (least, most),
            Some((from, to)) => (number(from)?, number(to)?),
            None => (number(range)?, if step.is_some() { most } else { number(range)? }),
        };
        if from > to {
            bail!("{part:?} ends before it begins");
        }
        bits |= (from..=to).step_by(step.unwrap_or(1)).fold(0u64, |bits, number| bits | 1 << number);
    }
    Ok(bits)
}

impl Cron {
    /// The first time after this one.
    pub(crate) fn next_after(&self, now: Timestamp) -> Option<Timestamp> {
        let now = TimeZone::UTC.to_datetime(now);
        // Seconds are cut, so that the next minute is the first that may count.
        let first = now.with().second(0).subsec_nanosecond(0).build().ok()?.checked_add(Span::new().minutes(1)).ok()?;
        for days in 0..DAYS_AHEAD {
            let date = first.date().checked_add(Span::new().days(days)).ok()?;
            if !self.is_day(date) {
                continue;
            }
            let times = (0..24i8).flat_map(|hour| (0..60i8).map(move |minute| (hour, minute)));
            let found = times
                .filter(|(hour, minute)| self.hours >> hour & 1 == 1 && self.minutes >> minute & 1 == 1)
                .map(|(hour, minute)| date.at(hour, minute, 0, 0))
                .find(|time: &DateTime| *time >= first);
            if let Some(time) = found {
                return TimeZone::UTC.to_timestamp(time).ok();
            }
        }
        None
    }

    fn is_day(&self, date: Date) -> bool {
        let day = self.days >> date.day() & 1 == 1;
        let weekday = self.weekdays >> date.weekday().to_sunday_zero_offset() & 1 == 1;
        let days_fit = if self.either_day { day || weekday } else { day && weekday };
        self.months >> date.month() & 1 == 1 && days_fit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(line: &str, now: &str) -> String {
        let cron: Cron = line.parse().unwrap_or_else(|error| panic!("{line}: {error:#}"));
        cron.next_after(now.parse().unwrap()).unwrap().to_string()
    }

    #[test]
    fn the_next_time_is_found() {
        // 24 November 2026 is a Tuesday.
        let now = "2026-11-24T10:07:30Z";
        for (line, wanted) in [
            ("7 * * * *", "2026-11-24T11:07:00Z"),
            ("8 * * * *", "2026-11-24T10:08:00Z"),
            ("*/15 * * * *", "2026-11-24T10:15:00Z"),
            ("0 3 * * *", "2026-11-25T03:00:00Z"),
            ("30 9-17/4 * * mon-fri", "2026-11-24T13:30:00Z"),
            ("0 0 * * 7", "2026-11-29T00:00:00Z"),
            ("0 0 * * SUN", "2026-11-29T00:00:00Z"),
            ("0 0 1 jan *", "2027-01-01T00:00:00Z"),
            ("0 0 29 2 *", "2028-02-29T00:00:00Z"),
            ("5,50 10 * * *", "2026-11-24T10:50:00Z"),
            // Either day is enough where both are said.
            ("0 0 1 * 3", "2026-11-25T00:00:00Z"),
            ("0 12 */2 * *", "2026-11-25T12:00:00Z"),
        ] {
            assert_eq!(next(line, now), wanted, "{line}");
        }
    }

    #[test]
    fn lines_that_are_none_are_refused() {
        for line in [
            "",
            "* * * *",
            "60 * * * *",
            "* 24 * * *",
            "* * 0 * *",
            "5-1 * * * *",
            "*/0 * * * *",
            "x * * * *",
            "0 0 31 2 *",
        ] {
            assert!(line.parse::<Cron>().is_err(), "{line}");
        }
    }
}
