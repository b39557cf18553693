//! Names and values of a query string or a form.
//!
//! Invariant: what is not UTF-8 is an error. A decoder that puts a mark in place of broken bytes would screen a name that nobody bears.
//! Source: the `application/x-www-form-urlencoded` parser of the WHATWG URL Standard; a `%` that no two hexadecimal digits follow
//! stands for itself.

/// The text is not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("parameter number {number} is not UTF-8; percent-encode its UTF-8 form")]
pub(crate) struct NotUtf8 {
    /// Which of the pairs, from 1.
    pub(crate) number: usize,
}

/// Reads the pairs in their order.
///
/// # Errors
/// A name or a value is not UTF-8.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<(String, String)>, NotUtf8> {
    let mut pairs = Vec::new();
    for (at, pair) in bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).enumerate() {
        let mut parts = pair.splitn(2, |byte| *byte == b'=');
        let mut part = || decoded(parts.next().unwrap_or_default(), true);
        match (part(), part()) {
            (Some(name), Some(value)) => pairs.push((name, value)),
            _ => return Err(NotUtf8 { number: at + 1 }),
        }
    }
    Ok(pairs)
}

/// A text without its percent-encoding; in forms and query strings a `+` is a blank. Nothing where it is not UTF-8.
pub(crate) fn decoded(bytes: &[u8], has_blanks: bool) -> Option<String> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        let encoded = match (first, after) {
            (b'%', [high, low, ..]) => Some((hex(*high), hex(*low))),
            _ => None,
        };
        if let Some((Some(high), Some(low))) = encoded {
            out.push(high * 16 + low);
            rest = after.get(2..).unwrap_or_default();
        } else {
            out.push(if has_blanks && *first == b'+' { b' ' } else { *first });
            rest = after;
        }
    }
    String::from_utf8(out).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::{NotUtf8, read};

    #[test]
    fn pairs_are_decoded_in_order() {
        let pairs = read(b"a=1&b=x+y%20z&a=%D0%98&c&&d=%zz%4").unwrap();
        let expected = [("a", "1"), ("b", "x y z"), ("a", "И"), ("c", ""), ("d", "%zz%4")];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn broken_text_is_no_text() {
        for (given, number) in [(&b"a=1&b=%FF"[..], 2), (b"\xff=1", 1), (b"a=%D0", 1)] {
            assert_eq!(read(given), Err(NotUtf8 { number }));
        }
    }

    #[test]
    fn what_is_utf8_is_read_as_the_standard_reads_it() {
        for given in ["a=b=c&=d&e=%2B%26", "%C3%BC=%c3%BC&x=%", "a=%41%4z"] {
            let standard: Vec<(String, String)> = form_urlencoded::parse(given.as_bytes()).into_owned().collect();
            assert_eq!(read(given.as_bytes()).unwrap(), standard, "{given}");
        }
    }
}
