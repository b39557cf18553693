//! The newest day in the rows of lists that do not say their date.
//!
//! Idea: a list is at least as new as its newest listing, or the last update of an order. Days that lie ahead by their nature,
//! such as an order's end, do not count. OFAC's CSV has no days of listing: the newest days of its remarks (a passport's issue,
//! a firm's founding) lie 3, 7 and 17 months before the publication of the three sets at hand, and would tell people a wrong
//! date; such a list has none here.
//! Invariant: no clock; equal files have an equal day. What is wrong with a file its reader says, here it has no day.
//! Cost: a second pass over the rows, 0.02 to 0.15 s on the lists at hand.

use interdict_model::PartialDate;

use crate::csv_rows::{Header, Rows};
use crate::dates::{self, Order};
use crate::format::Format;
use crate::input::SourceFile;
use crate::text::utf8;
use crate::xml::XmlText;

/// Days in two years. A publisher that has listed anybody at all lets no two years pass between listings, so that a day this
/// much later than every other is a slip of the pen: `3017-08-22`, `2056` for `2006`.
const SLIP_DAYS: u32 = 731;

/// Days below which a list is too short to tell a slip from a pause.
const FEW_DAYS: usize = 10;

/// The newest plausible day in the rows of a list whose form carries no date of the whole; `None` for the forms that do, and
/// where no row has a day.
pub fn newest_day(format: Format, files: &[SourceFile]) -> Option<PartialDate> {
    let mut days = match format {
        Format::UsCslCsv => columns(files, b',', &["start_date"], Order::MonthFirst),
        Format::UsDplTxt => columns(files, b'\t', &["Effective_Date", "Last_Update"], Order::MonthFirst),
        Format::AuDfatXlsx => control_dates(files),
        Format::CaSemaXml => listings(files),
        _ => return None,
    };
    days.retain(|day| day.day().is_some());
    days.sort_unstable_by_key(|day| day.first_day());
    days.dedup();
    while let [.., before, last] = days.as_slice()
        && days.len() >= FEW_DAYS
        && last.first_day() - before.first_day() > SLIP_DAYS
    {
        days.pop();
    }
    days.pop()
}

/// The days of these columns of delimited files.
fn columns(files: &[SourceFile], delimiter: u8, names: &[&str], order: Order) -> Vec<PartialDate> {
    let mut days = Vec::new();
    for file in files {
        let Ok(text) = utf8(file) else { continue };
        let mut rows = Rows::new(file, text, delimiter);
        let Ok(Some(first)) = rows.next_row() else { continue };
        let header = Header::new(&first);
        while let Ok(Some(row)) = rows.next_row() {
            days.extend(names.iter().filter_map(|name| day(header.get(&row, name), order)));
        }
    }
    days
}

/// The control dates of the Australian workbook, which are serial numbers or text.
fn control_dates(files: &[SourceFile]) -> Vec<PartialDate> {
    let mut days = Vec::new();
    for file in files {
        let Ok(rows) = crate::sheet::xlsx(file, "the Australian consolidated list") else { continue };
        let Some((first, rows)) = rows.split_first() else { continue };
        let header = Header::new(first);
        for row in rows {
            let text = header.get(row, "Control Date");
            days.extend(match text.parse::<f64>() {
                Ok(serial) if serial > 9999.0 => dates::excel_serial(serial),
                _ => day(text, Order::DayFirst),
            });
        }
    }
    days
}

/// The dates of listing of the Canadian list.
fn listings(files: &[SourceFile]) -> Vec<PartialDate> {
    let mut days = Vec::new();
    for file in files {
        let Ok(text) = XmlText::open(file, "the Canadian autonomous sanctions list") else { continue };
        let mut xml = text.reader();
        if xml.root(&["data-set"]).is_err() {
            continue;
        }
        while let Ok(Some(record)) = xml.next_record(&["record"]) {
            days.extend(day(record.value("DateOfListing"), Order::DayFirst));
        }
    }
    days
}

/// A single day; a month, a year, a span and what is only about are none.
fn day(text: &str, order: Order) -> Option<PartialDate> {
    let span = dates::parse_one(text, order).ok()?;
    PartialDate::parse(&span.to_string()).filter(|date| date.day().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn newest(format: Format, text: &str) -> Option<String> {
        let file = SourceFile { path: "list".into(), bytes: text.as_bytes().to_vec() };
        newest_day(format, &[file]).map(|day| day.to_string())
    }

    #[test]
    fn a_day_years_after_all_others_is_a_slip() {
        let rows = |last: &str| {
            let days: String = (1..20).map(|day| format!("2021-04-{day:02},2056-06-29\n")).collect::<Vec<_>>().concat();
            format!("start_date,end_date\n{days}{last},\n")
        };
        assert_eq!(newest(Format::UsCslCsv, &rows("2022-04-21")).as_deref(), Some("2022-04-21"));
        assert_eq!(newest(Format::UsCslCsv, &rows("2033-04-21")).as_deref(), Some("2021-04-19"));
        assert_eq!(newest(Format::UsCslCsv, &rows("3017-08-22")).as_deref(), Some("2021-04-19"));
        // A short list may have paused.
        let two = "start_date\n2010-01-02\n2021-03-04\n";
        assert_eq!(newest(Format::UsCslCsv, two).as_deref(), Some("2021-03-04"));
    }

    #[test]
    fn days_ahead_by_their_nature_do_not_count() {
        let order = "Name\tEffective_Date\tExpiration_Date\tLast_Update\nA\t06/19/2003\t06/29/2056\t2007-01-31\n";
        assert_eq!(newest(Format::UsDplTxt, order).as_deref(), Some("2007-01-31"));
    }

    #[test]
    fn a_list_without_days_or_with_a_date_of_its_own_has_none() {
        assert_eq!(newest(Format::UsCslCsv, "start_date\n\n"), None);
        assert_eq!(newest(Format::UnScXml, "<CONSOLIDATED_LIST dateGenerated=\"2026-04-17\"/>"), None);
        for format in Format::ALL {
            assert_eq!(newest(*format, "\u{1}nonsense\n\"x"), None, "{format}");
        }
    }
}
