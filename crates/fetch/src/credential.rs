//! What a request says of who asks, and whom it says it to.
//!
//! Invariant: it goes to the origin (scheme, host, port) that it was made for and to no other, wherever a catalogue, a link or a
//! redirect leads. Source of the `Token` scheme: the catalogues of yente 5.

use std::fmt;

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue};

use crate::options::Secret;

/// The header of yente's older `YENTE_DATA_TOKEN`.
const AUTHENTICATION: HeaderName = HeaderName::from_static("authentication");

/// A token with the one origin that may see it.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    header: HeaderName,
    token: Secret,
    origin: Url,
}

impl Credential {
    /// `Authorization: Token …` for the origin of an address; none where the address has no origin.
    pub fn token(token: Secret, address: &str) -> Option<Credential> {
        Credential::of(AUTHORIZATION, token, address)
    }

    /// `Authentication: Token …`, as yente sends `YENTE_DATA_TOKEN`.
    pub fn data_token(token: Secret, address: &str) -> Option<Credential> {
        Credential::of(AUTHENTICATION, token, address)
    }

    fn of(header: HeaderName, token: Secret, address: &str) -> Option<Credential> {
        let origin = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        Some(Credential { header, token, origin })
    }

    /// Whether an address is of the origin that may see it.
    pub fn is_for(&self, address: &str) -> bool {
        Url::parse(address).is_ok_and(|url| self.may_see(&url))
    }

    fn may_see(&self, url: &Url) -> bool {
        url.origin() == self.origin.origin()
    }

    /// Adds itself to the header of a request to this address, if that may see it.
    pub(crate) fn add(&self, url: &Url, headers: &mut HeaderMap) -> Result<(), InvalidHeaderValue> {
        if self.may_see(url) {
            let mut value = HeaderValue::from_str(&format!("Token {}", self.token.reveal()))?;
            value.set_sensitive(true);
            headers.insert(self.header.clone(), value);
        }
        Ok(())
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Credential(hidden, for {})", self.origin.origin().ascii_serialization())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_for_one_origin_and_is_not_printed() {
        let token = Credential::token(Secret::new("s3cret"), "https://user:pw@data.example/index.json").unwrap();
        assert!(token.is_for("https://data.example/x/y.json"));
        for other in ["http://data.example/", "https://data.example:8443/", "https://x.data.example/", "nonsense"] {
            assert!(!token.is_for(other), "{other}");
        }
        let said = format!("{token:?}");
        assert!(!said.contains("s3cret") && !said.contains("pw") && said.contains("https://data.example"), "{said}");
        assert_eq!(Credential::token(Secret::new("x"), "file:///a"), None);
    }
}
