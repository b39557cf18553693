//! SHA-256 as servers declare it: `Digest` (RFC 3230) and `Repr-Digest` (RFC 9530).

use reqwest::header::HeaderMap;
use sha2::{Digest as _, Sha256};

/// The digest that the header declares, if it is one of SHA-256, as it stands there.
pub(crate) fn declared(headers: &HeaderMap) -> Option<String> {
    ["repr-digest", "digest"].iter().flat_map(|name| headers.get_all(*name)).find_map(|value| {
        value.to_str().ok()?.split(',').find_map(|item| {
            let (name, digest) = item.trim().split_once('=')?;
            let digest = digest.trim_matches(':');
            // Base64 of 32 bytes, or, from some servers, hexadecimal.
            (name.eq_ignore_ascii_case("sha-256") && matches!(digest.len(), 43 | 44 | 64)).then(|| digest.to_owned())
        })
    })
}

/// Whether a declared digest, in base64 or hexadecimal, is this one.
pub(crate) fn agrees(declared: &str, digest: &[u8]) -> bool {
    declared.trim_end_matches('=') == base64(digest) || declared.eq_ignore_ascii_case(&hex(digest))
}

/// Finishes a hash.
pub(crate) fn finish(hash: Sha256) -> [u8; 32] {
    hash.finalize().into()
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|half| char::from_digit(u32::from(half), 16))
        .collect()
}

/// Base64 of RFC 4648 without padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            text.push(char::from(LETTERS[(bits >> (18 - 6 * place) & 63) as usize]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_and_hex_are_as_published() {
        // RFC 4648, section 10.
        for (plain, coded) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
        let digest = finish(Sha256::new_with_prefix("abc"));
        assert_eq!(hex(&digest), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(agrees("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=", &digest));
    }

    #[test]
    fn only_sha_256_counts() {
        let headers = |name: &'static str, value: &'static str| {
            HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())])
        };
        let coded = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
        assert_eq!(
            declared(&headers("digest", "MD5=x, SHA-256=ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")).as_deref(),
            Some(coded)
        );
        assert_eq!(
            declared(&headers("repr-digest", "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:")).as_deref(),
            Some(coded)
        );
        assert_eq!(declared(&headers("digest", "md5=Q2hlY2sgSW50ZWdyaXR5IQ==")), None);
    }
}
