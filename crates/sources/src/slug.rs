//! Ids from texts: the same text gives the same id on every machine and in every release.

/// Lower-case ASCII letters and digits, words joined by `-`. Where other letters or digits were lost, eight hexadecimal digits
/// of [`fingerprint`] stand behind, so that two texts in another script do not become one; empty only for empty input.
pub(crate) fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut lost = false;
    let mut gap = false;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            if gap && !out.is_empty() {
                out.push('-');
            }
            gap = false;
            out.push(c.to_ascii_lowercase());
        } else {
            lost |= c.is_alphanumeric();
            gap = true;
        }
    }
    if lost || (out.is_empty() && !text.is_empty()) {
        if !out.is_empty() {
            out.push('-');
        }
        out.push_str(&fingerprint(&[text])[..8]);
    }
    out
}

/// [`slug`] of several parts, empty ones left out.
pub(crate) fn slug_of(parts: &[&str]) -> String {
    parts.iter().map(|part| slug(part)).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// Sixteen hexadecimal digits: FNV-1a, 64 bits, over the parts with a byte 0xFF between (which UTF-8 does not have). Source of
/// the constants: Fowler, Noll, Vo, draft-eastlake-fnv.
pub(crate) fn fingerprint(parts: &[&str]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut step = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    for part in parts {
        part.bytes().for_each(&mut step);
        step(0xFF);
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_joined_and_lost_letters_leave_a_mark() {
        assert_eq!(slug("  Russia / Russie (Part 1) "), "russia-russie-part-1");
        assert_eq!(slug(""), "");
        assert_ne!(slug("会社"), slug("公司"));
        assert!(slug("Société X").starts_with("soci-t-x-"));
        assert_eq!(slug_of(&["Iran", "", "2"]), "iran-2");
    }

    #[test]
    fn fingerprints_tell_where_a_part_ends() {
        assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"]));
        assert_eq!(fingerprint(&["a"]).len(), 16);
    }
}
