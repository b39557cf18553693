//! API keys: who may ask what, how much, and until when.
//!
//! Idea: the file keeps the hashes of keys, not their secrets (`secret`); a request costs one hash.
//! Invariant: a file with one bad entry is refused whole; what was given is compared with every key, in the same time for each.
//! Cost: 40 ns a key and request, [`MAX_KEYS`] at most.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::limits::{KeyLimits, Meter, Rate};
use super::roles::Role;
use super::secret::SecretHash;

/// Keys that a file may have: what is given is compared with each.
pub const MAX_KEYS: usize = 2000;

/// Largest keys file in bytes.
const MAX_FILE: u64 = 4 << 20;

/// One key, as the file has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// What it is called in logs: letters, digits, `.`, `_`, `-`, at most 64.
    pub id: String,
    /// The hash of its secret.
    pub sha256: SecretHash,
    /// What it may do.
    pub role: Role,
    /// The datasets that it may ask; all where none are named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datasets: Option<BTreeSet<String>>,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// The last moment at which it is taken; for ever where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<Timestamp>,
    /// When it was revoked: it is taken no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
    /// Requests a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// Requests at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concurrent: Option<u32>,
}

impl Key {
    fn limits(&self) -> KeyLimits {
        KeyLimits { rate: self.rate, concurrent: self.concurrent }
    }

    /// Whether the key holds at a time.
    pub fn holds(&self, now: Timestamp) -> Result<(), Ended> {
        match (self.revoked_at, self.not_after) {
            (Some(_), _) => Err(Ended::Revoked),
            (None, Some(last)) if now > last => Err(Ended::Expired),
            _ => Ok(()),
        }
    }
}

/// Why a key that is known is taken no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Ended {
    /// By hand.
    #[error("this key was revoked")]
    Revoked,
    /// By time.
    #[error("this key has expired")]
    Expired,
}

/// The keys file: `{"keys": [{"id", "sha256", "role", …}, …]}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFile {
    /// The keys, in the order in which they were made.
    pub keys: Vec<Key>,
}

/// A keys file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("keys file {file}", file = file.display())]
pub struct KeysError {
    /// The file.
    pub file: PathBuf,
    /// Why.
    #[source]
    pub kind: KeysErrorKind,
}

/// Why a keys file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeysErrorKind {
    /// The system does not give it.
    #[error("cannot be read")]
    Read(#[source] std::io::Error),
    /// Anybody on this machine could let themselves in.
    #[error("any user of this machine may write to it; `chmod 600` it")]
    Writable,
    /// It is larger than any file with [`MAX_KEYS`] keys.
    #[error("it has more than {MAX_FILE} bytes")]
    Large,
    /// It is not JSON of the form that is expected.
    #[error("it is not of the form {{\"keys\": [{{\"id\", \"sha256\", \"role\", …}}]}}")]
    Form(#[source] serde_json::Error),
    /// Nobody could ask anything.
    #[error("it has no key")]
    Empty,
    /// More than are compared with in a request.
    #[error("it has {0} keys, more than {MAX_KEYS}")]
    Many(usize),
    /// An id that is not one.
    #[error("{0:?} is no id of a key; expected letters, digits, `.`, `_` and `-`, at most 64")]
    Id(String),
    /// Two keys of one id, or two of one secret.
    #[error("key `{0}` is there twice, by its id or its secret")]
    Twice(String),
    /// A limit or scope that lets nothing through.
    #[error("key `{id}`: `{field}` lets nothing through")]
    Nothing {
        /// The key.
        id: String,
        /// The member.
        field: &'static str,
    },
}

impl KeyFile {
    /// Reads a file; one that has no key is taken.
    pub fn read(path: &Path) -> Result<KeyFile, KeysError> {
        let failed = |kind| KeysError { file: path.to_owned(), kind };
        let about = std::fs::metadata(path).map_err(|error| failed(KeysErrorKind::Read(error)))?;
        if is_writable_by_anyone(&about) {
            return Err(failed(KeysErrorKind::Writable));
        }
        if about.len() > MAX_FILE {
            return Err(failed(KeysErrorKind::Large));
        }
        let bytes = std::fs::read(path).map_err(|error| failed(KeysErrorKind::Read(error)))?;
        KeyFile::parse(&bytes).map_err(failed)
    }

    fn parse(bytes: &[u8]) -> Result<KeyFile, KeysErrorKind> {
        let file: KeyFile = serde_json::from_slice(bytes).map_err(KeysErrorKind::Form)?;
        file.check()?;
        Ok(file)
    }

    /// Whether every entry could be meant.
    pub fn check(&self) -> Result<(), KeysErrorKind> {
        if self.keys.len() > MAX_KEYS {
            return Err(KeysErrorKind::Many(self.keys.len()));
        }
        let (mut ids, mut hashes) = (BTreeSet::new(), BTreeSet::new());
        for key in &self.keys {
            if !is_id(&key.id) {
                return Err(KeysErrorKind::Id(key.id.chars().take(64).collect()));
            }
            if !ids.insert(&key.id) || !hashes.insert(key.sha256) {
                return Err(KeysErrorKind::Twice(key.id.clone()));
            }
            let nothing = |field| KeysErrorKind::Nothing { id: key.id.clone(), field };
            if key.datasets.as_ref().is_some_and(BTreeSet::is_empty) {
                return Err(nothing("datasets"));
            }
            if key.rate.is_some_and(|rate| !rate.is_usable()) {
                return Err(nothing("rate"));
            }
            if key.concurrent == Some(0) {
                return Err(nothing("concurrent"));
            }
        }
        Ok(())
    }
}

/// Whether a text can name a key.
fn is_id(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=64).contains(&text.len()) && text.bytes().all(fits)
}

#[cfg(unix)]
fn is_writable_by_anyone(about: &std::fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o002 != 0
}

#[cfg(not(unix))]
fn is_writable_by_anyone(_: &std::fs::Metadata) -> bool {
    false
}

/// The keys that hold now, each with what it asked lately.
#[derive(Debug)]
pub(crate) struct Keys(Vec<(Key, Arc<Meter>)>);

impl Keys {
    /// Reads the keys; what each asked lately is taken over from the keys so far.
    pub(crate) fn read(path: &Path, before: Option<&Keys>) -> Result<Keys, KeysError> {
        let file = KeyFile::read(path)?;
        if file.keys.is_empty() {
            return Err(KeysError { file: path.to_owned(), kind: KeysErrorKind::Empty });
        }
        let before: BTreeMap<&str, &Arc<Meter>> =
            before.iter().flat_map(|keys| &keys.0).map(|(key, meter)| (key.id.as_str(), meter)).collect();
        let with_meter = |key: Key| {
            let meter = before.get(key.id.as_str()).map(|meter| Arc::clone(meter)).unwrap_or_default();
            (key, meter)
        };
        Ok(Keys(file.keys.into_iter().map(with_meter).collect()))
    }

    /// The key of a secret, whether or not it still holds.
    pub(crate) fn of(&self, secret: &str) -> Option<Found<'_>> {
        let hash = SecretHash::of(secret);
        let mut found = None;
        // All are compared, so that the time does not tell which one met.
        for (key, meter) in &self.0 {
            if key.sha256.is(&hash) {
                found = Some(Found { key, limits: key.limits(), meter });
            }
        }
        found
    }
}

/// A key that was found by its secret.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'a> {
    pub(crate) key: &'a Key,
    pub(crate) limits: KeyLimits,
    pub(crate) meter: &'a Arc<Meter>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(entry: &str) -> Result<KeyFile, KeysErrorKind> {
        KeyFile::parse(format!(r#"{{"keys": [{entry}]}}"#).as_bytes())
    }

    fn said(entry: &str) -> String {
        let error = parse(entry).unwrap_err();
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        format!("{error}: {cause}")
    }

    #[test]
    fn a_file_with_a_bad_entry_is_refused_in_words_that_show_no_secret() {
        let hash = String::from(SecretHash::of("abc"));
        let good = format!(r#"{{"id": "a", "sha256": "{hash}", "role": "screen"}}"#);
        assert_eq!(parse(&good).unwrap().keys[0].role, Role::Screen);
        let with = |more: &str| good.replace('}', &format!(", {more}}}"));
        for (entry, word) in [
            (format!("{good}, {good}"), "twice"),
            (format!("{good}, {}", good.replace(r#""a""#, r#""b""#)), "twice"),
            (good.replace(r#""a""#, r#""a b""#), "no id"),
            (good.replace("screen", "root"), "unknown variant `root`"),
            (good.replace(&hash, "itd_0123"), "64 hexadecimal digits"),
            (good.replace(&hash, &format!("+{}", &hash[1..])), "64 hexadecimal digits"),
            (with(r#""datasets": []"#), "`datasets` lets nothing"),
            (with(r#""concurrent": 0"#), "`concurrent` lets nothing"),
            (with(r#""rate": {"per_second": 0, "burst": 1}"#), "`rate` lets nothing"),
            (with(r#""not_after": "soon""#), "not of the form"),
            (with(r#""until": "2030-01-01T00:00:00Z""#), "unknown field `until`"),
        ] {
            let said = said(&entry);
            assert!(said.contains(word) && !said.contains("itd_"), "{entry}: {said}");
        }
    }

    #[test]
    fn a_key_ends_by_time_or_by_hand() {
        let hash = String::from(SecretHash::of("abc"));
        let entry = format!(r#"{{"id":"a","sha256":"{hash}","role":"read","not_after":"2030-01-01T00:00:00Z"}}"#);
        let mut key = parse(&entry).unwrap().keys.remove(0);
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!(key.holds(at("2030-01-01T00:00:00Z")), Ok(()));
        assert_eq!(key.holds(at("2030-01-01T00:00:01Z")), Err(Ended::Expired));
        key.revoked_at = Some(at("2029-01-01T00:00:00Z"));
        assert_eq!(key.holds(at("2029-06-01T00:00:00Z")), Err(Ended::Revoked));
    }
}
