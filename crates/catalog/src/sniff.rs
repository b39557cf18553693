//! Whether a file that came is at all of the form that was expected, before a reader looks at it.
//!
//! Servers answer with an empty body, or with a page that says sorry, and call it success. A reader would refuse that too, but
//! with words about XML or columns that help nobody.

use interdict_sources::Format;

/// Bytes that are looked at.
pub(crate) const HEAD: usize = 2048;

/// What came is no list.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SniffError {
    /// Nothing came.
    #[error("{file}: the file is empty")]
    Empty {
        /// The file's name.
        file: String,
    },
    /// A page came.
    #[error("{file}: a web page came instead of {expected}; it begins {words:?}")]
    Page {
        /// The file's name.
        file: String,
        /// What was expected.
        expected: &'static str,
        /// The first words of the page.
        words: String,
    },
    /// Something else came.
    #[error("{file}: expected {expected}; the file begins {words:?}")]
    Other {
        /// The file's name.
        file: String,
        /// What was expected.
        expected: &'static str,
        /// Its first characters.
        words: String,
    },
}

/// Checks the first bytes of a file of this format.
pub(crate) fn check(format: Format, file: &str, head: &[u8]) -> Result<(), SniffError> {
    let file = file.to_owned();
    let packed = head.starts_with(b"\x1f\x8b") || head.starts_with(b"PK\x03\x04");
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.is_empty() {
        // A data set of no entities is one; that a later one is, the guard of shrinkage judges.
        return if format == Format::Ftm { Ok(()) } else { Err(SniffError::Empty { file }) };
    }
    let name = format.name();
    let expected = match name.rsplit('_').next().unwrap_or_default() {
        "xlsx" | "ods" => "a workbook",
        "xml" => "XML",
        "html" => return Ok(()),
        "json" | "ftm" => "JSON",
        _ => "a table of text",
    };
    let lower = text.get(..text.len().min(512)).unwrap_or(text).to_lowercase();
    if lower.starts_with("<!doctype html") || lower.contains("<html") {
        return Err(SniffError::Page { file, expected, words: words(&without_tags(text)) });
    }
    // UTF-16 is left to the readers.
    let wide = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    let fits = match expected {
        "a workbook" => packed,
        "XML" => packed || wide || text.starts_with('<'),
        "JSON" => packed || text.starts_with(['{', '[']),
        _ => packed || !text.starts_with("<?xml"),
    };
    if fits { Ok(()) } else { Err(SniffError::Other { file, expected, words: words(text) }) }
}

/// The text of a page, tags and styles left out.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    for piece in html.split('<').skip(1) {
        let (tag, inside) = piece.split_once('>').unwrap_or((piece, ""));
        let hidden = ["style", "script"].iter().any(|name| tag.to_lowercase().starts_with(name));
        if !hidden {
            text.extend([inside, " "]);
        }
    }
    text
}

/// The first words, without control characters.
fn words(text: &str) -> String {
    let joined = text.split_whitespace().take(12).collect::<Vec<_>>().join(" ");
    joined.chars().filter(|c| !c.is_control()).take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_known_by_its_beginning() {
        for (format, head) in [
            (Format::UnScXml, "\u{feff}<?xml version=\"1.0\"?><CONSOLIDATED_LIST>"),
            (Format::EuFsfXml, "\u{1f}"),
            (Format::AuDfatXlsx, "PK\x03\x04"),
            (Format::OfacSdnCsv, "36,\"AEROCARIBBEAN AIRLINES\""),
            (Format::Ftm, "{\"id\":1}"),
            (Format::JpMetiHtml, "<!DOCTYPE html><html>"),
            (Format::UsDplTxt, "Name\tStreet"),
        ] {
            let right = check(format, "x", head.as_bytes()).is_ok();
            assert_eq!(right, head != "\u{1f}", "{format}");
        }
    }

    #[test]
    fn pages_and_nothing_are_refused_with_their_first_words() {
        let page = b"<!DOCTYPE html><html><head><style>p {}</style><title>Service unavailable</title></head>";
        for format in [Format::UnScXml, Format::OfacSdnCsv, Format::AuDfatXlsx, Format::Ftm] {
            let error = check(format, "list", page).unwrap_err();
            assert!(
                matches!(error, SniffError::Page { .. }) && error.to_string().contains("Service unavailable"),
                "{error}"
            );
            let empty = check(format, "list", b" \n");
            let of_none =
                if format == Format::Ftm { Ok(()) } else { Err(SniffError::Empty { file: "list".to_owned() }) };
            assert_eq!(empty, of_none, "{format}");
        }
        let error = check(Format::AuDfatXlsx, "list", b"Name,Type").unwrap_err();
        assert!(matches!(error, SniffError::Other { .. }), "{error}");
        assert!(check(Format::OfacSdnCsv, "list", b"<?xml version=\"1.0\"?><Error>").is_err());
    }
}
