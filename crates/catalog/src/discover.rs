//! The newest file that a page links, for publishers that write the date into the file's name.
//!
//! The page is read as loosely as people write pages: every `<a … href=…>` counts, whatever is around it. Cost: linear in the page.

use interdict_model::PartialDate;

use crate::rules::PageRule;

/// A link of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// Where it leads, as written but for `&amp;`.
    pub(crate) href: String,
    /// Its text, tags left out.
    pub(crate) text: String,
}

/// All links of a page. Each ends where it is closed, where the next one begins, or with the page; nothing is looked at twice.
pub(crate) fn links(html: &str) -> Vec<Link> {
    // Same length as the text itself, so that places in one are places in the other.
    let lower = html.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = lower.get(at..).and_then(opening).map(|place| at + place) {
        let Some(end) = lower.get(start..).and_then(|tag| tag.find('>')).map(|place| start + place) else { break };
        let inside = lower.get(end + 1..).unwrap_or_default();
        at = end + 1 + ending(inside);
        let tag = html.get(start..end).unwrap_or_default();
        let place = lower.get(start..end).and_then(|tag| tag.find("href"));
        if let Some(href) = place.and_then(|place| attribute(tag.get(place + 4..)?)) {
            found.push(Link {
                href: href.trim().replace("&amp;", "&"),
                text: without_tags(html.get(end + 1..at).unwrap_or_default()),
            });
        }
    }
    found
}

/// Where the next link begins: `<a` and a blank, as `<abbr` is none.
fn opening(lower: &str) -> Option<usize> {
    let after = |at: usize| lower.as_bytes().get(at + 2);
    lower.match_indices("<a").map(|(at, _)| at).find(|at| after(*at).is_some_and(u8::is_ascii_whitespace))
}

/// Where a link's text ends.
fn ending(lower: &str) -> usize {
    let bytes = lower.as_bytes();
    let ends = |at: usize| match (bytes.get(at + 1), bytes.get(at + 2)) {
        (Some(b'/'), Some(b'a')) => bytes.get(at + 3).is_none_or(|next| !next.is_ascii_alphanumeric()),
        (Some(b'a'), Some(next)) => next.is_ascii_whitespace(),
        _ => false,
    };
    lower.match_indices('<').map(|(at, _)| at).find(|at| ends(*at)).unwrap_or(lower.len())
}

/// The value after an attribute's name.
fn attribute(rest: &str) -> Option<&str> {
    let value = rest.trim_start().strip_prefix('=')?.trim_start();
    match value.chars().next()? {
        quote @ ('"' | '\'') => value.get(1..)?.split(quote).next(),
        _ => value.split_whitespace().next(),
    }
}

fn without_tags(html: &str) -> String {
    let text: String = html
        .split('<')
        .enumerate()
        .map(|(at, piece)| if at == 0 { piece } else { piece.split_once('>').map_or("", |(_, text)| text) })
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Earliest year of a file that a page would link.
const FIRST_YEAR: u16 = 1990;

/// The date of a link that is looked for, a day of the calendar from 1990 to `last_year`; empty where the pattern has none.
pub(crate) fn date_of(link: &Link, rule: &PageRule, last_year: u16) -> Option<String> {
    let path = link.href.split(['?', '#']).next().unwrap_or_default();
    matches(&rule.link, path.rsplit('/').next().unwrap_or_default(), last_year)
}

/// Whether eight digits are a day on which a file may have been published.
fn is_day(digits: &str, last_year: u16) -> bool {
    let parts =
        || Some((digits.get(..4)?.parse().ok()?, digits.get(4..6)?.parse().ok()?, digits.get(6..)?.parse().ok()?));
    parts().is_some_and(|(year, month, day)| {
        (FIRST_YEAR..=last_year).contains(&year) && PartialDate::new(year, Some(month), Some(day)).is_some()
    })
}

/// Whether a link leads to a further page to look at.
pub(crate) fn leads_on(link: &Link, rule: &PageRule) -> bool {
    rule.through.as_ref().is_some_and(|through| matches(through, &link.text, 0).is_some())
}

/// The eight digits that `{date}` stands for where the text fits the pattern; `*` stands for anything.
fn matches(pattern: &str, text: &str, last_year: u16) -> Option<String> {
    if let Some(rest) = pattern.strip_prefix('*') {
        let mut places = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        return places.find_map(|at| matches(rest, text.get(at..)?, last_year));
    }
    if let Some(rest) = pattern.strip_prefix("{date}") {
        let (date, after) = text.split_at_checked(8)?;
        let fits = date.bytes().all(|byte| byte.is_ascii_digit()) && is_day(date, last_year);
        return (fits && matches(rest, after, last_year).is_some()).then(|| date.to_owned());
    }
    let Some(wanted) = pattern.chars().next() else { return text.is_empty().then(String::new) };
    let found = text.chars().next().filter(|found| found.eq_ignore_ascii_case(&wanted))?;
    matches(pattern.get(wanted.len_utf8()..)?, text.get(found.len_utf8()..)?, last_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(link: &str) -> PageRule {
        PageRule { page: String::new(), through: Some("*end user list*".to_owned()), link: link.to_owned() }
    }

    #[test]
    fn links_are_found_however_they_are_written() {
        let html = "<p>İ <A class=x HREF = 'a/20250131_1.xlsx?x=1&amp;y=2'>The <b>End\n User</b> List</A> <a name=top> <a href=b.pdf>x</a><a href=\"c";
        let found = links(html);
        assert_eq!(
            found[0],
            Link { href: "a/20250131_1.xlsx?x=1&y=2".to_owned(), text: "The End User List".to_owned() }
        );
        assert_eq!(found[1].href, "b.pdf");
        assert_eq!(found.len(), 2);
        assert!(leads_on(&found[0], &rule("")) && !leads_on(&found[1], &rule("")));
    }

    #[test]
    fn the_date_is_taken_out_of_the_name() {
        let date =
            |href: &str| date_of(&Link { href: href.to_owned(), text: String::new() }, &rule("*{date}*.xlsx"), 2027);
        assert_eq!(date("/a/20250929_4.xlsx").as_deref(), Some("20250929"));
        assert_eq!(date("/a/list-20250131.XLSX?x").as_deref(), Some("20250131"));
        assert_eq!(date("/20250131/list.xlsx"), None);
        assert_eq!(date("/a/20250131.pdf"), None);
        assert_eq!(date(""), None);
        for no_day in ["99999999", "20250231", "20251301", "00000000", "20281231", "19891231"] {
            assert_eq!(date(&format!("/a/{no_day}.xlsx")), None);
        }
        // Other digits may stand before it.
        assert_eq!(date("/a/9999_20250131.xlsx").as_deref(), Some("20250131"));
    }

    #[test]
    fn links_that_are_never_closed_cost_no_more_than_others() {
        let start = std::time::Instant::now();
        assert_eq!(links(&"<a href=x>".repeat(200_000)).len(), 200_000);
        assert_eq!(links(&("<a ".repeat(600_000) + ">")).len(), 0);
        assert_eq!(links(&"<a href=x>y<abbr>z".repeat(100_000)).len(), 100_000);
        // Looking at the rest of the page for each took minutes.
        assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
        assert_eq!(links("<a href=x>y<abbr>z</abbr> u</a>")[0].text, "yz u");
    }
}
