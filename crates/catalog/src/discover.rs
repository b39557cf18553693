//! The newest file that a page links, for publishers that write the date into the file's name.
//!
//! The page is read as loosely as people write pages: every `<a … href=…>` counts, whatever is around it. Cost: linear in the page.

use crate::rules::PageRule;

/// A link of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// Where it leads, as written but for `&amp;`.
    pub(crate) href: String,
    /// Its text, tags left out.
    pub(crate) text: String,
}

/// All links of a page.
pub(crate) fn links(html: &str) -> Vec<Link> {
    // Same length as the text itself, so that places in one are places in the other.
    let lower = html.to_ascii_lowercase();
    let mut found = Vec::new();
    for (start, _) in lower.match_indices("<a") {
        let after = |at: usize| Some((html.get(at..)?, lower.get(at..)?));
        let Some((tag, tag_lower)) = after(start) else { continue };
        let Some(end) = tag.find('>') else { break };
        let href =
            tag_lower.get(..end).and_then(|tag| tag.find("href")).and_then(|at| attribute(tag.get(at + 4..end)?));
        let Some(href) = href else { continue };
        let inside = tag.get(end + 1..).unwrap_or_default();
        let close = tag_lower.get(end + 1..).and_then(|rest| rest.find("</a")).unwrap_or(0);
        found.push(Link {
            href: href.trim().replace("&amp;", "&"),
            text: without_tags(inside.get(..close).unwrap_or_default()),
        });
    }
    found
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

/// The date of a link that is looked for; empty where the pattern has none.
pub(crate) fn date_of(link: &Link, rule: &PageRule) -> Option<String> {
    let path = link.href.split(['?', '#']).next().unwrap_or_default();
    matches(&rule.link, path.rsplit('/').next().unwrap_or_default())
}

/// Whether a link leads to a further page to look at.
pub(crate) fn leads_on(link: &Link, rule: &PageRule) -> bool {
    rule.through.as_ref().is_some_and(|through| matches(through, &link.text).is_some())
}

/// The eight digits that `{date}` stands for where the text fits the pattern; `*` stands for anything.
fn matches(pattern: &str, text: &str) -> Option<String> {
    if let Some(rest) = pattern.strip_prefix('*') {
        let mut places = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        return places.find_map(|at| matches(rest, text.get(at..)?));
    }
    if let Some(rest) = pattern.strip_prefix("{date}") {
        let (date, after) = text.split_at_checked(8)?;
        return (date.bytes().all(|byte| byte.is_ascii_digit()) && matches(rest, after).is_some())
            .then(|| date.to_owned());
    }
    let Some(wanted) = pattern.chars().next() else { return text.is_empty().then(String::new) };
    let found = text.chars().next().filter(|found| found.eq_ignore_ascii_case(&wanted))?;
    matches(pattern.get(wanted.len_utf8()..)?, text.get(found.len_utf8()..)?)
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
        let date = |href: &str| date_of(&Link { href: href.to_owned(), text: String::new() }, &rule("*{date}*.xlsx"));
        assert_eq!(date("/a/20250929_4.xlsx").as_deref(), Some("20250929"));
        assert_eq!(date("/a/list-20250131.XLSX?x").as_deref(), Some("20250131"));
        assert_eq!(date("/20250131/list.xlsx"), None);
        assert_eq!(date("/a/20250131.pdf"), None);
        assert_eq!(date(""), None);
    }
}
