//! Bearer tokens of an OpenID Connect issuer: signed claims of who asks, as JWT (RFC 7519) in JWS compact form (RFC 7515).
//!
//! Idea: ring, which TLS here rests on already, checks the signature; what is read around it is three parts of base64 and four claims.
//! `jsonwebtoken` does the same with a second set of cryptography, or with an old ring-based version and a second base64.
//! Invariant: the algorithm is the key's, never the token's (RFC 8725, 3.1): RS256, ES256 and EdDSA alone, and a token that names
//! another one than its key's is refused. What is not understood (`crit`, several keys that could be meant) is refused.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::roles::Role;

/// Clocks of issuer and service may differ by so many seconds.
const LEEWAY_S: i64 = 30;

/// Keys that a set may have.
const MAX_KEYS: usize = 100;

/// What a token must say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRules {
    /// Its `iss`, letter by letter.
    pub issuer: String,
    /// One of its `aud`.
    pub audience: String,
    /// The claim that names roles: a text, or a list of texts of which ours are taken.
    pub role_claim: String,
}

/// A key that signatures are checked with.
#[derive(Clone, Debug)]
enum PublicKey {
    Rs256 { n: Vec<u8>, e: Vec<u8> },
    Es256(Vec<u8>),
    EdDsa(Vec<u8>),
}

impl PublicKey {
    fn algorithm(&self) -> &'static str {
        match self {
            PublicKey::Rs256 { .. } => "RS256",
            PublicKey::Es256(_) => "ES256",
            PublicKey::EdDsa(_) => "EdDSA",
        }
    }

    fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            PublicKey::Rs256 { n, e } => RsaPublicKeyComponents { n, e }
                .verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, signature)
                .is_ok(),
            PublicKey::Es256(point) => {
                UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point).verify(message, signature).is_ok()
            }
            PublicKey::EdDsa(key) => {
                UnparsedPublicKey::new(&signature::ED25519, key).verify(message, signature).is_ok()
            }
        }
    }
}

/// The keys of an issuer (RFC 7517): those for signatures by an algorithm that we take. Others of the set are passed over.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeySet(Vec<(Option<String>, PublicKey)>);

/// A set of keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeySetError {
    #[error("it is no set of keys")]
    Form(#[source] serde_json::Error),
    #[error("none of its keys is for RS256, ES256 or EdDSA signatures")]
    Empty,
    #[error("it has {0} keys, more than {MAX_KEYS}")]
    Many(usize),
}

#[derive(Deserialize)]
struct GivenSet {
    keys: Vec<Json>,
}

/// A key as the issuer gives it; members of private keys have no place here.
#[derive(Deserialize)]
struct GivenKey {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl GivenKey {
    fn public(&self) -> Option<PublicKey> {
        let bytes = |text: &Option<String>| text.as_ref().and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        let key = match (self.kty.as_str(), self.crv.as_deref()) {
            ("RSA", _) => PublicKey::Rs256 { n: bytes(&self.n)?, e: bytes(&self.e)? },
            ("EC", Some("P-256")) => {
                // An uncompressed point: SEC 1, 2.3.3.
                PublicKey::Es256([vec![4], bytes(&self.x)?, bytes(&self.y)?].concat())
            }
            ("OKP", Some("Ed25519")) => PublicKey::EdDsa(bytes(&self.x)?),
            _ => return None,
        };
        let is_for_us = self.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
            && self.alg.as_deref().is_none_or(|alg| alg == key.algorithm());
        is_for_us.then_some(key)
    }
}

impl KeySet {
    /// Reads a set.
    pub(crate) fn parse(bytes: &[u8]) -> Result<KeySet, KeySetError> {
        let given: GivenSet = serde_json::from_slice(bytes).map_err(KeySetError::Form)?;
        if given.keys.len() > MAX_KEYS {
            return Err(KeySetError::Many(given.keys.len()));
        }
        // RFC 7517, 5: keys that are not understood are passed over.
        let understood = given.keys.into_iter().filter_map(|key| serde_json::from_value::<GivenKey>(key).ok());
        let keys: Vec<_> = understood.filter_map(|key| Some((key.kid.clone(), key.public()?))).collect();
        if keys.is_empty() { Err(KeySetError::Empty) } else { Ok(KeySet(keys)) }
    }

    /// The one key that is meant.
    fn of(&self, header: &Header) -> Result<&PublicKey, BadToken> {
        let fits = |(kid, key): &&(Option<String>, PublicKey)| match &header.kid {
            Some(_) => *kid == header.kid,
            None => key.algorithm() == header.alg,
        };
        let mut keys = self.0.iter().filter(fits);
        match (keys.next(), keys.next()) {
            (Some((_, key)), None) if key.algorithm() == header.alg => Ok(key),
            (Some(_), None) => Err(BadToken::Algorithm),
            (Some(_), Some(_)) => Err(BadToken::Ambiguous),
            (None, _) => Err(BadToken::UnknownKey),
        }
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Json>,
}

/// Why a token is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadToken {
    #[error("this token is not of its form")]
    Form,
    #[error("this token asks for an extension that is not known")]
    Critical,
    #[error("this token is signed by a key that is not known")]
    UnknownKey,
    #[error("this token could be signed by several keys and names none")]
    Ambiguous,
    #[error("this token names another algorithm than its key's")]
    Algorithm,
    #[error("the signature of this token is wrong")]
    Signature,
    #[error("this token is of another issuer")]
    Issuer,
    #[error("this token is for another audience")]
    Audience,
    #[error("this token has expired, or says no end")]
    Expired,
    #[error("this token does not hold yet")]
    Early,
    #[error("this token names no role that is known here")]
    NoRole,
}

/// Who a good token speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claimed {
    pub(crate) subject: String,
    pub(crate) roles: Vec<Role>,
}

/// Whether a text has the form of a token: a head that is a JSON object, and two dots.
pub(crate) fn is_token(text: &str) -> bool {
    text.starts_with("eyJ") && text.bytes().filter(|byte| *byte == b'.').count() == 2
}

/// Who a token speaks of at a time, in seconds since 1970.
pub(crate) fn verify(token: &str, keys: &KeySet, rules: &TokenRules, now_s: i64) -> Result<Claimed, BadToken> {
    let (message, signature) = token.rsplit_once('.').ok_or(BadToken::Form)?;
    let (head, claims) = message.split_once('.').ok_or(BadToken::Form)?;
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| BadToken::Form);
    let header: Header = serde_json::from_slice(&decode(head)?).map_err(|_| BadToken::Form)?;
    if header.crit.is_some() {
        return Err(BadToken::Critical);
    }
    let key = keys.of(&header)?;
    if !key.has_signed(message.as_bytes(), &decode(signature)?) {
        return Err(BadToken::Signature);
    }
    let claims: Map<String, Json> = serde_json::from_slice(&decode(claims)?).map_err(|_| BadToken::Form)?;
    claimed(&claims, rules, now_s)
}

fn claimed(claims: &Map<String, Json>, rules: &TokenRules, now_s: i64) -> Result<Claimed, BadToken> {
    let text = |name: &str| claims.get(name).and_then(Json::as_str);
    let texts = |name: &str| -> Vec<&str> {
        match claims.get(name) {
            Some(Json::String(one)) => vec![one],
            Some(Json::Array(many)) => many.iter().filter_map(Json::as_str).collect(),
            _ => Vec::new(),
        }
    };
    // RFC 7519, 2: a date may have a fraction.
    let seconds = |name: &str| claims.get(name).map(|value| value.as_f64().filter(|value| value.is_finite()));
    if text("iss") != Some(&rules.issuer) {
        return Err(BadToken::Issuer);
    }
    if !texts("aud").contains(&rules.audience.as_str()) {
        return Err(BadToken::Audience);
    }
    match seconds("exp") {
        Some(Some(end)) if (now_s - LEEWAY_S) as f64 <= end => {}
        _ => return Err(BadToken::Expired),
    }
    match seconds("nbf") {
        None => {}
        Some(Some(start)) if (now_s + LEEWAY_S) as f64 >= start => {}
        Some(_) => return Err(BadToken::Early),
    }
    let roles: Vec<Role> = texts(&rules.role_claim).into_iter().filter_map(Role::by_name).collect();
    if roles.is_empty() {
        return Err(BadToken::NoRole);
    }
    Ok(Claimed { subject: text("sub").unwrap_or("-").to_owned(), roles })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Payload of the examples of RFC 7515, A.2 and A.3.
    const JOE: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    const RS256: (&str, &str) = (
        "eyJhbGciOiJSUzI1NiJ9",
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
    );
    const ES256: (&str, &str) = (
        "eyJhbGciOiJFUzI1NiJ9",
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
    );

    fn rsa() -> Json {
        json!({"kty": "RSA", "e": "AQAB", "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"})
    }

    fn ec() -> Json {
        json!({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})
    }

    fn set(keys: &[Json]) -> Result<KeySet, KeySetError> {
        KeySet::parse(json!({"keys": keys}).to_string().as_bytes())
    }

    fn rules() -> TokenRules {
        TokenRules { issuer: "joe".to_owned(), audience: "interdict".to_owned(), role_claim: "roles".to_owned() }
    }

    fn said((head, signature): (&str, &str), keys: &KeySet) -> BadToken {
        verify(&format!("{head}.{JOE}.{signature}"), keys, &rules(), 1_300_819_000).unwrap_err()
    }

    #[test]
    fn published_signatures_are_good_and_altered_ones_are_not() {
        let keys = set(&[rsa(), ec()]).unwrap();
        // They are of no audience of ours, which is seen once the signature was found good.
        assert_eq!((said(RS256, &keys), said(ES256, &keys)), (BadToken::Audience, BadToken::Audience));
        for (head, signature) in [RS256, ES256] {
            let altered = signature.replacen(&signature[20..21], if &signature[20..21] == "A" { "B" } else { "A" }, 1);
            assert_eq!(said((head, &altered), &keys), BadToken::Signature);
        }
        // RFC 8037, A.4.
        let ed = set(&[json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})]);
        let message = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        assert!(ed.unwrap().0[0].1.has_signed(message, &signature));
    }

    #[test]
    fn the_algorithm_is_the_keys() {
        let keys = set(&[rsa()]).unwrap();
        for (alg, wrong) in
            [("ES256", BadToken::UnknownKey), ("none", BadToken::UnknownKey), ("HS256", BadToken::UnknownKey)]
        {
            let head = URL_SAFE_NO_PAD.encode(json!({"alg": alg}).to_string());
            assert_eq!(said((&head, RS256.1), &keys), wrong, "{alg}");
        }
        let with_kid = |kid: &str, mut key: Json| {
            key["kid"] = json!(kid);
            key
        };
        let keys = set(&[with_kid("a", rsa()), with_kid("b", ec())]).unwrap();
        for (header, wrong) in [
            (json!({"alg": "HS256", "kid": "a"}), BadToken::Algorithm),
            (json!({"alg": "none", "kid": "a"}), BadToken::Algorithm),
            (json!({"alg": "RS256", "kid": "b"}), BadToken::Algorithm),
            (json!({"alg": "RS256", "kid": "c"}), BadToken::UnknownKey),
            (json!({"alg": "RS256", "kid": "a", "crit": ["b64"]}), BadToken::Critical),
        ] {
            let head = URL_SAFE_NO_PAD.encode(header.to_string());
            assert_eq!(said((&head, RS256.1), &keys), wrong, "{header}");
        }
        let twice = set(&[with_kid("a", rsa()), with_kid("b", rsa())]).unwrap();
        assert_eq!(said(RS256, &twice), BadToken::Ambiguous);
    }

    #[test]
    fn keys_that_are_not_for_us_are_passed_over() {
        let with = |member: &str, value: &str| {
            let mut key = ec();
            key[member] = json!(value);
            key
        };
        for key in [
            with("use", "enc"),
            with("alg", "ES384"),
            with("crv", "P-384"),
            with("x", "not base64!"),
            json!({"kty": "oct", "k": "c2VjcmV0"}),
            json!(7),
        ] {
            assert!(set(std::slice::from_ref(&key)).is_err(), "{key}");
            assert_eq!(set(&[key, rsa()]).unwrap().0.len(), 1);
        }
        assert!(KeySet::parse(b"<html>").is_err());
    }

    #[test]
    fn claims_say_who_for_whom_and_until_when() {
        let good =
            json!({"iss": "joe", "aud": "interdict", "exp": 1000, "nbf": 500, "sub": "ann", "roles": ["x", "read"]});
        let with = |member: &str, value: Json| {
            let mut claims = good.as_object().unwrap().clone();
            claims.insert(member.to_owned(), value);
            claimed(&claims, &rules(), 900)
        };
        let read = Ok(Claimed { subject: "ann".to_owned(), roles: vec![Role::Read] });
        assert_eq!(with("aud", json!(["other", "interdict"])), read);
        assert_eq!(with("exp", json!(870.5)), read, "clocks differ");
        assert_eq!(with("roles", json!("read")), read);
        for (member, value, wrong) in [
            ("iss", json!("Joe"), BadToken::Issuer),
            ("iss", json!(null), BadToken::Issuer),
            ("aud", json!(["other"]), BadToken::Audience),
            ("aud", json!("interdict2"), BadToken::Audience),
            ("aud", json!({"interdict": true}), BadToken::Audience),
            ("exp", json!(869), BadToken::Expired),
            ("exp", json!("2000"), BadToken::Expired),
            ("exp", json!(null), BadToken::Expired),
            ("nbf", json!(931), BadToken::Early),
            ("nbf", json!("0"), BadToken::Early),
            ("roles", json!(["Read", "root"]), BadToken::NoRole),
            ("roles", json!({"read": true}), BadToken::NoRole),
        ] {
            assert_eq!(with(member, value.clone()), Err(wrong), "{member} {value}");
        }
        let mut endless = good.as_object().unwrap().clone();
        endless.shift_remove("exp");
        assert_eq!(claimed(&endless, &rules(), 900), Err(BadToken::Expired));
    }

    #[test]
    fn what_is_no_token_is_told_so() {
        let keys = set(&[rsa()]).unwrap();
        for text in ["", ".", "..", "a.b.c", "eyJ.eyJ.", "e30.e30.e30", "\u{1f600}.x.y"] {
            assert_eq!(verify(text, &keys, &rules(), 0), Err(BadToken::Form), "{text}");
        }
        assert!(is_token("eyJhbGciOiJSUzI1NiJ9.e30.x") && !is_token("itd_0123") && !is_token("eyJ.x"));
    }
}
