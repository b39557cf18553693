//! Bytes to text, and where in the file something stands.
//!
//! Idea: the whole file becomes one `&str` at the edge, so that no reader meets bytes again. UTF-8 is taken strictly, with
//! the place of the first bad byte; a byte-order mark may stand at the beginning and nowhere else; NUL is refused.
//! Cost: one pass; UTF-8 is borrowed, other encodings are copied.

use std::borrow::Cow;
use std::path::Path;

use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::error::{ReadError, ReadErrorKind};
use crate::input::SourceFile;

/// An error of the file as a whole (`line` 0) or of a line.
pub(crate) fn fail(file: &SourceFile, line: u64, kind: ReadErrorKind) -> ReadError {
    ReadError { file: file.path.clone(), line, kind }
}

/// The file as UTF-8; a byte-order mark at the beginning goes.
pub(crate) fn utf8(file: &SourceFile) -> Result<&str, ReadError> {
    let bytes = file.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&file.bytes);
    let skipped = file.bytes.len() - bytes.len();
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = skipped + error.valid_up_to();
        fail(file, line_of(&file.bytes, at), ReadErrorKind::Encoding { at: at as u64, encoding: "UTF-8" })
    })?;
    check_characters(file, text, skipped)?;
    Ok(text)
}

/// The file as UTF-8 if it is that, else as windows-1252, which has every byte.
pub(crate) fn utf8_or_windows_1252(file: &SourceFile) -> Result<Cow<'_, str>, ReadError> {
    let bytes = file.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&file.bytes);
    if std::str::from_utf8(bytes).is_ok() { utf8(file).map(Cow::Borrowed) } else { decode(file, WINDOWS_1252) }
}

/// The file in that encoding; a byte-order mark at the beginning goes.
pub(crate) fn decode<'a>(file: &'a SourceFile, encoding: &'static Encoding) -> Result<Cow<'a, str>, ReadError> {
    if encoding == UTF_8 {
        return utf8(file).map(Cow::Borrowed);
    }
    let bytes = match Encoding::for_bom(&file.bytes) {
        Some((of_mark, length)) if of_mark == encoding => file.bytes.get(length..).unwrap_or_default(),
        _ => &file.bytes,
    };
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text =
        String::with_capacity(decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len()));
    match decoder.decode_to_string_without_replacement(bytes, &mut text, true) {
        (DecoderResult::InputEmpty, _) => {}
        (DecoderResult::Malformed(bad, behind), read) => {
            let at = (file.bytes.len() - bytes.len() + read).saturating_sub(usize::from(bad) + usize::from(behind));
            let kind = ReadErrorKind::Encoding { at: at as u64, encoding: encoding.name() };
            return Err(fail(file, line_of(&file.bytes, at), kind));
        }
        (DecoderResult::OutputFull, _) => {
            let limit = text.capacity() as u64;
            return Err(fail(file, 0, ReadErrorKind::Limit { what: "the decoded text", limit }));
        }
    }
    check_characters(file, &text, 0)?;
    Ok(Cow::Owned(text))
}

/// The encoding that an XML file says it has: by its byte-order mark, the width of its first characters, its declaration;
/// UTF-8 where it says nothing. XML 1.0, appendix F.
pub(crate) fn xml_encoding(file: &SourceFile) -> Result<&'static Encoding, ReadError> {
    const DECLARATION_BYTES: usize = 256;
    let bytes = &file.bytes;
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Ok(encoding);
    }
    if bytes.starts_with(b"<\0") {
        return Ok(UTF_16LE);
    }
    if bytes.starts_with(b"\0<") {
        return Ok(UTF_16BE);
    }
    let head = bytes.get(..DECLARATION_BYTES).unwrap_or(bytes);
    let head: String = head.iter().map(|byte| char::from(*byte)).collect();
    let Some(declaration) = head.strip_prefix("<?xml").and_then(|rest| rest.split("?>").next()) else {
        return Ok(UTF_8);
    };
    let label = declaration.split_once("encoding").and_then(|(_, rest)| {
        let rest = rest.trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        rest.get(1..)?.split(quote).next()
    });
    let Some(label) = label else { return Ok(UTF_8) };
    match Encoding::for_label(label.as_bytes()) {
        // A declaration that could be read byte by byte is not UTF-16, whatever it claims.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Ok(UTF_8),
        Some(encoding) => Ok(encoding),
        None => Err(fail(file, 1, ReadErrorKind::Xml(format!("unknown encoding {label:?}")))),
    }
}

/// Whether the bytes are an HTML page: what a moved address, a login or an error answers with.
pub(crate) fn is_html(bytes: &[u8]) -> bool {
    const HEAD_BYTES: usize = 1024;
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let head: String = head.iter().map(|byte| char::from(*byte).to_ascii_lowercase()).collect();
    let mut rest = head.trim_start();
    // Comments and an XML declaration may come first.
    loop {
        let behind = if let Some(comment) = rest.strip_prefix("<!--") {
            comment.split_once("-->").map(|(_, behind)| behind)
        } else if let Some(instruction) = rest.strip_prefix("<?") {
            instruction.split_once("?>").map(|(_, behind)| behind)
        } else {
            None
        };
        match behind {
            Some(behind) => rest = behind.trim_start(),
            None => break,
        }
    }
    ["<!doctype html", "<html", "<head", "<body"].iter().any(|start| rest.starts_with(start))
}

/// Refuses an HTML page where something else was expected.
pub(crate) fn refuse_html(file: &SourceFile, expected: &'static str) -> Result<(), ReadError> {
    if is_html(&file.bytes) { Err(fail(file, 1, ReadErrorKind::Html { expected })) } else { Ok(()) }
}

/// NUL, and a byte-order mark inside the text, are in no list; they are the mark of two files run into one another.
fn check_characters(file: &SourceFile, text: &str, skipped: usize) -> Result<(), ReadError> {
    let bytes = text.as_bytes();
    let nul = bytes.iter().position(|byte| *byte == 0).map(|at| (at, "text (it is NUL)"));
    let mark = || text.find('\u{FEFF}').map(|at| (at, "text (a byte-order mark inside the file)"));
    match nul.or_else(mark) {
        None => Ok(()),
        Some((at, encoding)) => {
            let kind = ReadErrorKind::Encoding { at: (skipped + at) as u64, encoding };
            Err(fail(file, line_of(bytes, at), kind))
        }
    }
}

/// The 1-based line that a byte stands on. One pass; use [`LineCursor`] for many.
pub(crate) fn line_of(bytes: &[u8], at: usize) -> u64 {
    1 + newlines(bytes.get(..at).unwrap_or(bytes))
}

#[expect(clippy::naive_bytecount, reason = "it vectorises; one crate more is not worth the rest")]
fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// Tells the line of offsets that only grow, in one pass over the text in all.
#[derive(Debug)]
pub(crate) struct LineCursor<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl<'a> LineCursor<'a> {
    /// At the beginning of the text.
    pub(crate) fn new(text: &'a str) -> LineCursor<'a> {
        LineCursor { bytes: text.as_bytes(), at: 0, line: 1 }
    }

    /// The line of the offset asked for last.
    pub(crate) fn last(&self) -> u64 {
        self.line
    }

    /// The 1-based line of the byte offset. An offset before the last one asked for gives the last answer.
    pub(crate) fn line(&mut self, offset: usize) -> u64 {
        let offset = offset.min(self.bytes.len());
        if let Some(passed) = self.bytes.get(self.at..offset) {
            self.line += newlines(passed);
            self.at = offset;
        }
        self.line
    }
}

/// The file name as the origin of a record cites it.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: &[u8]) -> SourceFile {
        SourceFile { path: "list.xml".into(), bytes: bytes.to_vec() }
    }

    #[test]
    fn a_bad_byte_is_named_with_line_and_offset() {
        let error = utf8(&file(b"a\nb\xFFc")).unwrap_err();
        assert_eq!(error.to_string(), "list.xml:2: byte 3 is not UTF-8");
    }

    #[test]
    fn a_byte_order_mark_may_stand_at_the_beginning_only() {
        assert_eq!(utf8(&file(b"\xEF\xBB\xBFa")).unwrap(), "a");
        let error = utf8(&file(b"a\n\xEF\xBB\xBFb")).unwrap_err();
        assert!(matches!(error.kind, ReadErrorKind::Encoding { at: 2, .. }), "{error}");
        assert_eq!(error.line, 2);
    }

    #[test]
    fn nul_is_refused() {
        assert!(utf8(&file(b"a\0b")).is_err());
        assert!(decode(&file(b"a\0b"), WINDOWS_1252).is_err());
    }

    #[test]
    fn the_encoding_is_found_by_mark_width_and_declaration() {
        let of = |bytes: &[u8]| xml_encoding(&file(bytes)).unwrap().name();
        assert_eq!(of(b"<a/>"), "UTF-8");
        assert_eq!(of(b"<?xml version=\"1.0\" encoding='ISO-8859-1'?><a/>"), "windows-1252");
        assert_eq!(of(b"\xFF\xFE<\0a\0"), "UTF-16LE");
        assert_eq!(of(b"\0<\0a"), "UTF-16BE");
        assert!(xml_encoding(&file(b"<?xml encoding=\"klingon\"?>")).is_err());
    }

    #[test]
    fn a_page_is_told_from_a_list() {
        assert!(is_html(b"  <!DOCTYPE html><html>"));
        assert!(is_html(b"<?xml version=\"1.0\"?>\n<!-- x --><html xmlns=\"\">"));
        assert!(!is_html(b"<?xml version=\"1.0\"?><sdnList>"));
        assert!(!is_html(b""));
    }

    #[test]
    fn lines_are_counted_once() {
        let text = "a\nb\n\nc";
        let mut cursor = LineCursor::new(text);
        assert_eq!([0, 1, 2, 4, 5, 99].map(|at| cursor.line(at)), [1, 1, 2, 3, 4, 4]);
    }
}
