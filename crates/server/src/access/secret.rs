//! Secrets of keys: made once, shown once, kept as their hash.
//!
//! Idea: a key is 256 random bits; salt and a slow hash protect secrets that can be guessed, which 2^256 equally likely ones cannot: a
//! plain SHA-256 is enough.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::settings::Secret;

/// What every secret begins with, so that scanners of source code find one that was left lying about.
const PREFIX: &str = "itd_";

/// The hash of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretHash([u8; 32]);

/// Told without what was given, which may be the secret itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`sha256` is not 64 hexadecimal digits")]
pub struct NoHash;

impl SecretHash {
    /// The hash of a secret.
    pub fn of(secret: &str) -> SecretHash {
        SecretHash(Sha256::digest(secret.as_bytes()).into())
    }

    /// Whether two are equal, in a time that does not tell how far.
    pub(super) fn is(&self, other: &SecretHash) -> bool {
        self.0.as_slice().ct_eq(other.0.as_slice()).into()
    }
}

impl TryFrom<String> for SecretHash {
    type Error = NoHash;

    fn try_from(text: String) -> Result<SecretHash, NoHash> {
        let mut bytes = [0; 32];
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(NoHash);
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks(2)) {
            let digits = std::str::from_utf8(pair).ok().filter(|pair| pair.bytes().all(|d| d.is_ascii_hexdigit()));
            *byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()).ok_or(NoHash)?;
        }
        Ok(SecretHash(bytes))
    }
}

impl From<SecretHash> for String {
    fn from(hash: SecretHash) -> String {
        hex(&hash.0)
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut out, byte| {
        // Writing into a string cannot fail.
        let _written = write!(out, "{byte:02x}");
        out
    })
}

/// The system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random bytes")]
pub struct NoRandom(#[source] getrandom::Error);

/// A new secret: 256 bits from the system, as text.
pub fn new_secret() -> Result<Secret, NoRandom> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(NoRandom)?;
    Ok(Secret::new(format!("{PREFIX}{}", hex(&bytes))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_random_and_known_by_its_hash() {
        let (one, other) = (new_secret().unwrap(), new_secret().unwrap());
        assert_ne!(one.reveal(), other.reveal());
        assert_eq!(one.reveal().len(), PREFIX.len() + 64);
        // FIPS 180-4, example of one block.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(String::from(SecretHash::of("abc")), abc);
        assert_eq!(SecretHash::try_from(abc.to_uppercase()), Ok(SecretHash::of("abc")));
    }
}
