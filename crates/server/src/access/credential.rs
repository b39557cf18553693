//! What a request shows of who sends it: `Authorization: ApiKey …` (as OpenSanctions' own service takes keys), `Authorization: Bearer …`
//! (RFC 6750) or `X-Api-Key: …`. Never the address, which ends in logs of proxies.

use axum::http::{HeaderMap, header};

use crate::settings::Secret;

/// What was shown.
#[derive(Clone, Debug)]
pub(crate) enum Shown {
    /// Nothing.
    Nothing,
    /// A secret.
    Secret(Secret),
    /// Several that differ, or one that is no text: whoever sent it does not know which one is meant.
    Unclear,
}

impl Shown {
    /// Reads the headers of a request. Schemes that are not ours, such as `Basic` for a proxy on the way, show nothing.
    pub(crate) fn of(headers: &HeaderMap) -> Shown {
        let mut found: Option<&str> = None;
        let authorizations = headers.get_all(header::AUTHORIZATION).iter().map(|value| value.to_str().map(of_scheme));
        let keys = headers.get_all("x-api-key").iter().map(|value| value.to_str().map(|text| Some(text.trim())));
        for shown in authorizations.chain(keys) {
            match shown {
                Ok(None) => {}
                Ok(Some(secret)) if found.is_none_or(|found| found == secret) => found = Some(secret),
                Ok(Some(_)) | Err(_) => return Shown::Unclear,
            }
        }
        found.map_or(Shown::Nothing, |secret| Shown::Secret(Secret::new(secret)))
    }
}

fn of_scheme(value: &str) -> Option<&str> {
    let (scheme, secret) = value.trim().split_once(' ')?;
    let is_ours = ["apikey", "bearer"].iter().any(|ours| scheme.eq_ignore_ascii_case(ours));
    is_ours.then_some(secret.trim())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn shown(headers: &[(&'static str, &[u8])]) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_bytes(value).unwrap());
        }
        match Shown::of(&map) {
            Shown::Nothing => "nothing".to_owned(),
            Shown::Secret(secret) => secret.reveal().to_owned(),
            Shown::Unclear => "unclear".to_owned(),
        }
    }

    #[test]
    fn a_secret_is_found_in_three_places() {
        for (name, value) in [
            ("authorization", "ApiKey abc"),
            ("authorization", "bearer  abc "),
            ("authorization", "APIKEY abc"),
            ("x-api-key", "abc"),
        ] {
            assert_eq!(shown(&[(name, value.as_bytes())]), "abc", "{name}: {value}");
        }
        assert_eq!(shown(&[("authorization", b"Basic dTpw"), ("x-api-key", b"abc")]), "abc");
        assert_eq!(shown(&[("authorization", b"Bearer abc"), ("x-api-key", b"abc")]), "abc");
    }

    #[test]
    fn what_is_not_clear_is_not_guessed() {
        assert_eq!(shown(&[]), "nothing");
        assert_eq!(shown(&[("authorization", b"abc")]), "nothing");
        assert_eq!(shown(&[("authorization", b"Bearer abc"), ("x-api-key", b"abd")]), "unclear");
        assert_eq!(shown(&[("x-api-key", b"\xff\xfe")]), "unclear");
    }
}
