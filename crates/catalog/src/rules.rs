//! What a manifest says of fetching a list: its page, names of its files, patience, limits, how much it may shrink.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

/// Megabytes that a file may have unless the manifest says otherwise; the largest published list has some 150.
const MAX_MB: u64 = 1024;

/// Percent of its parties that a list, or a sub-list, may lose between two versions unless the manifest says otherwise.
const SHRINK_PERCENT: u8 = 10;

/// What is said of fetching cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// A share is more than the whole.
    #[error("`shrink_percent` is {given}; expected 0 to 100")]
    Percent {
        /// What was given.
        given: u8,
    },
    /// A file has no usable name.
    #[error("{given:?} gives a file no name; add `as: NAME`")]
    Name {
        /// The address or name.
        given: String,
    },
    /// Two files of one name.
    #[error("two of its files are called {name:?}")]
    Twice {
        /// The name.
        name: String,
    },
    /// A page without what to look for on it, or the other way round.
    #[error("a list found on a page needs `page:`, `link:` and `as:`, and has no `url:`")]
    Page,
}

/// How a list is fetched and guarded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FetchRules {
    /// Who publishes it.
    pub publisher: Option<String>,
    /// The publisher's page about it.
    pub homepage: Option<String>,
    /// The page that links its newest file, where its address is not fixed.
    pub page: Option<PageRule>,
    /// Names of its files, one for each address, or for the link of the page.
    pub file_names: Vec<String>,
    /// What the client calls itself, for publishers that turn others away.
    pub user_agent: Option<String>,
    /// Longest silence in seconds, where the publisher is slow.
    pub timeout_s: Option<u64>,
    /// Further attempts after the first.
    pub retries: Option<u32>,
    /// Fewest parties that a first version may have, as there is none before it to compare with.
    pub min_parties: Option<u64>,
    max_mb: Option<u64>,
    shrink_percent: Option<u8>,
    shrink_percent_of: BTreeMap<String, u8>,
}

/// Where the newest file of a list is linked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRule {
    /// The page's address.
    pub page: String,
    /// Text of links that lead to further pages to look at, `*` for anything.
    pub through: Option<String>,
    /// File name of the link: `*` for anything, `{date}` for eight digits, the greatest of which wins.
    pub link: String,
}

/// The keys as they stand in a manifest.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct RawRules {
    /// A name, or an object that has one.
    publisher: Option<Json>,
    homepage: Option<String>,
    page: Option<String>,
    through: Option<String>,
    link: Option<String>,
    #[serde(rename = "as")]
    file_name: Option<String>,
    user_agent: Option<String>,
    timeout_s: Option<u64>,
    retries: Option<u32>,
    min_parties: Option<u64>,
    max_mb: Option<u64>,
    shrink_percent: Option<u8>,
    #[serde(default)]
    shrink_percent_of: BTreeMap<String, u8>,
}

impl FetchRules {
    /// Checks the keys of a list that has these addresses.
    pub(crate) fn of(raw: RawRules, urls: &[String]) -> Result<FetchRules, RuleError> {
        if let Some(&given) =
            raw.shrink_percent.iter().chain(raw.shrink_percent_of.values()).find(|given| **given > 100)
        {
            return Err(RuleError::Percent { given });
        }
        let mut file_names = Vec::new();
        let page = match (raw.page, raw.link, &raw.file_name) {
            (None, None, _) => None,
            (Some(page), Some(link), Some(name)) if urls.is_empty() => {
                file_names.push(plain_name(name)?);
                Some(PageRule { page, through: raw.through, link })
            }
            _ => return Err(RuleError::Page),
        };
        for url in urls {
            let name = plain_name(match &raw.file_name {
                Some(name) if urls.len() == 1 => name,
                _ => url,
            })?;
            if file_names.contains(&name) {
                return Err(RuleError::Twice { name });
            }
            file_names.push(name);
        }
        Ok(FetchRules {
            publisher: raw.publisher.and_then(|said| match said {
                Json::String(name) => Some(name),
                other => other.get("name").and_then(Json::as_str).map(str::to_owned),
            }),
            homepage: raw.homepage,
            page,
            file_names,
            user_agent: raw.user_agent,
            timeout_s: raw.timeout_s,
            retries: raw.retries,
            min_parties: raw.min_parties,
            max_mb: raw.max_mb,
            shrink_percent: raw.shrink_percent,
            shrink_percent_of: raw.shrink_percent_of,
        })
    }

    /// The rules of a dataset of a catalogue, whose entities are at this address; their file needs no name of its own there.
    pub(crate) fn of_catalog(url: Option<&str>) -> FetchRules {
        let name = |url| plain_name(url).unwrap_or_else(|_| "entities.json".to_owned());
        FetchRules { file_names: url.map(name).into_iter().collect(), ..FetchRules::default() }
    }

    /// Most bytes that one of its files may have.
    pub fn max_bytes(&self) -> u64 {
        self.max_mb.unwrap_or(MAX_MB).saturating_mul(1_000_000)
    }

    /// Percent of its parties that the list may lose.
    pub fn shrink_percent(&self) -> u8 {
        self.shrink_percent.unwrap_or(SHRINK_PERCENT)
    }

    /// Percent of its parties that a sub-list may lose.
    pub fn shrink_percent_of(&self, sub_list: &str) -> u8 {
        self.shrink_percent_of.get(sub_list).copied().unwrap_or_else(|| self.shrink_percent())
    }
}

/// The last part of an address's path as a file name of letters, digits, `.`, `_` and `-`.
fn plain_name(url: &str) -> Result<String, RuleError> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let name = path.rsplit('/').next().unwrap_or_default();
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' }).collect();
    if plain.is_empty() || plain.starts_with('.') {
        return Err(RuleError::Name { given: url.to_owned() });
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        assert_eq!(plain_name("https://example.org/a/SDN.CSV?x=/y").unwrap(), "SDN.CSV");
        assert_eq!(plain_name("https://example.org/a%20b.xml").unwrap(), "a_20b.xml");
        for bad in ["https://example.org", "https://example.org/", "https://example.org/.x", "", ".."] {
            assert!(plain_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn rules_that_contradict_themselves_are_refused() {
        let of = |raw: RawRules, urls: &[&str]| {
            FetchRules::of(raw, &urls.iter().map(|url| (*url).to_owned()).collect::<Vec<_>>())
        };
        assert!(matches!(
            of(RawRules { shrink_percent: Some(101), ..RawRules::default() }, &[]),
            Err(RuleError::Percent { .. })
        ));
        assert!(matches!(of(RawRules { page: Some("p".into()), ..RawRules::default() }, &[]), Err(RuleError::Page)));
        assert!(matches!(of(RawRules::default(), &["http://a/x", "http://b/x"]), Err(RuleError::Twice { .. })));
        let rules = of(
            RawRules {
                shrink_percent: Some(3),
                shrink_percent_of: [("EL".to_owned(), 50)].into(),
                ..RawRules::default()
            },
            &["http://a/x"],
        )
        .unwrap();
        assert_eq!((rules.shrink_percent_of("EL"), rules.shrink_percent_of("UVL")), (50, 3));
    }
}
