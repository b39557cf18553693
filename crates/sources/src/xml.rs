//! XML lists, one record in memory at a time.
//!
//! Idea: [`Xml::next_record`] walks the file, passes over what is no record, and hands out each record as a small tree of
//! [`Element`]s with local names (publishers change their namespaces, not their element names) and physical lines.
//! Invariant: memory is bounded by [`MAX_RECORD_BYTES`]; a DOCTYPE, an entity that XML does not predefine, a file that ends
//! before its root element does, and anything behind the root are errors.
//! Source: XML 1.0 (fifth edition), Namespaces in XML 1.0.
//!
//! ```text
//! let text = XmlText::open(file, "the UN list")?;
//! let mut xml = text.reader();
//! let root = xml.root(&["CONSOLIDATED_LIST"])?;              // attributes of the root, no children
//! while let Some(record) = xml.next_record(&["INDIVIDUAL", "ENTITY"])? {
//!     let key = record.value("DATAID");                      // text of the child, trimmed, "" if absent
//! }
//! ```

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::errors::{Error as QuickError, IllFormedError};
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::error::{ReadError, ReadErrorKind};
use crate::input::SourceFile;
use crate::text::{LineCursor, decode, fail, refuse_html, xml_encoding};

/// Deepest nesting: the deepest published list (OFAC advanced) has 9 levels.
const MAX_DEPTH: usize = 64;
/// Longest run of text or attribute value. The longest remark of a published list is some 20 KB.
const MAX_TEXT_BYTES: usize = 1 << 20;
/// Most attributes on one element. The richest published element has 14.
const MAX_ATTRIBUTES: usize = 200;
/// Most memory of one record. The largest published record is some 300 KB.
const MAX_RECORD_BYTES: usize = 8 << 20;
/// What an element costs beside its texts.
const ELEMENT_BYTES: usize = 96;

/// An element of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// Local name.
    pub(crate) name: String,
    /// Attributes by local name, in the order of the file; declarations of namespaces are left out.
    pub(crate) attrs: Vec<(String, String)>,
    /// The text directly inside, outer white space removed.
    pub(crate) text: String,
    /// The elements directly inside.
    pub(crate) children: Vec<Element>,
    /// 1-based physical line of the start tag.
    pub(crate) line: u64,
}

impl Element {
    /// The attribute, trimmed; `None` where it is absent or empty.
    pub(crate) fn attr(&self, name: &str) -> Option<&str> {
        self.attrs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// The first child of that name.
    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of that name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The children of that name of all children of the other: `list("akaList", "aka")`.
    pub(crate) fn list<'a>(&'a self, list: &'a str, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.all(list).flat_map(move |list| list.all(name))
    }

    /// The text of the first child of that name, "" where it is absent.
    pub(crate) fn value(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| &child.text)
    }

    /// The texts of all children of that name that have one.
    pub(crate) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.all(name).map(|child| child.text.as_str()).filter(|text| !text.is_empty())
    }

    /// The element at the end of a way of first children: `at(&["releasePoint", "name"])`.
    pub(crate) fn at(&self, way: &[&str]) -> Option<&Element> {
        way.iter().try_fold(self, |element, name| element.child(name))
    }

    /// The text at the end of a way, "" where it is absent.
    pub(crate) fn value_at(&self, way: &[&str]) -> &str {
        self.at(way).map_or("", |element| &element.text)
    }

    /// Names of children that are not among the known ones: what a newer version of the form has added.
    pub(crate) fn unknown_children<'a>(&'a self, known: &'a [&str]) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| !known.contains(&child.name.as_str()))
    }
}

/// A file as text, from which a reader borrows.
#[derive(Debug)]
pub(crate) struct XmlText<'a> {
    file: &'a SourceFile,
    text: Cow<'a, str>,
    expected: &'static str,
}

impl<'a> XmlText<'a> {
    /// Decodes the file. `expected` says in errors what it should be: `the UN consolidated list`.
    pub(crate) fn open(file: &'a SourceFile, expected: &'static str) -> Result<XmlText<'a>, ReadError> {
        refuse_html(file, expected)?;
        let text = decode(file, xml_encoding(file)?)?;
        Ok(XmlText { file, text, expected })
    }

    /// A reader at its beginning.
    pub(crate) fn reader(&self) -> Xml<'_> {
        Xml {
            file: self.file,
            expected: self.expected,
            reader: Reader::from_str(&self.text),
            lines: LineCursor::new(&self.text),
            path: Vec::new(),
            root_seen: false,
            in_order: false,
            counted: ("", 0),
        }
    }
}

/// A place in an XML file.
pub(crate) struct Xml<'a> {
    file: &'a SourceFile,
    expected: &'static str,
    reader: Reader<&'a [u8]>,
    lines: LineCursor<'a>,
    /// Local names of the open elements.
    path: Vec<String>,
    root_seen: bool,
    /// Whether text becomes children named "" in its place among the others.
    in_order: bool,
    /// A name, and how many elements of it were opened around records.
    counted: (&'static str, u64),
}

/// What [`Xml::step`] came to.
enum Step {
    /// A start tag; `open` says whether an end tag will follow.
    Start { element: Element, open: bool },
    /// An end tag.
    End,
    /// Text, with references resolved.
    Text(String),
    /// The end of the file.
    EndOfFile,
}

impl<'a> Xml<'a> {
    /// Keeps text in its place: each run of it becomes a child without a name, untrimmed. For the parts of workbooks, where
    /// words and marks of layout are mixed.
    #[must_use]
    pub(crate) fn in_order(self) -> Xml<'a> {
        Xml { in_order: true, ..self }
    }

    /// Opens the root element, which must have one of the names, and returns it without its children.
    pub(crate) fn root(&mut self, names: &[&'static str]) -> Result<Element, ReadError> {
        loop {
            match self.step()? {
                Step::Start { element, open } => {
                    if !names.contains(&element.name.as_str()) {
                        let name = names.first().copied().unwrap_or_default();
                        return Err(fail(
                            self.file,
                            element.line,
                            ReadErrorKind::MissingElement { name, expected: self.expected },
                        ));
                    }
                    if open {
                        self.path.push(element.name.clone());
                    }
                    return Ok(element);
                }
                Step::EndOfFile => return Err(fail(self.file, 0, ReadErrorKind::Empty)),
                Step::End | Step::Text(_) => {}
            }
        }
    }

    /// The next element of one of the names, at whatever depth, with all that is in it; what is not in such an element is
    /// passed over. `None` at the end of a whole file.
    pub(crate) fn next_record(&mut self, names: &[&str]) -> Result<Option<Element>, ReadError> {
        loop {
            match self.step()? {
                Step::Start { mut element, open } => {
                    if names.contains(&element.name.as_str()) {
                        if open {
                            self.fill(&mut element)?;
                        }
                        return Ok(Some(element));
                    }
                    if element.name == self.counted.0 {
                        self.counted.1 += 1;
                    }
                    if open {
                        self.path.push(element.name);
                    }
                }
                Step::End => {
                    self.path.pop();
                }
                Step::Text(_) => {}
                Step::EndOfFile if !self.root_seen => return Err(fail(self.file, 0, ReadErrorKind::Empty)),
                Step::EndOfFile => return Ok(None),
            }
        }
    }

    /// Counts the elements of that name that are opened around records; see [`Xml::opened`].
    #[must_use]
    pub(crate) fn counting(self, name: &'static str) -> Xml<'a> {
        Xml { counted: (name, 0), ..self }
    }

    /// How many elements of the name given to [`Xml::counting`] were opened around records so far.
    pub(crate) fn opened(&self) -> u64 {
        self.counted.1
    }

    /// An error on a line of this file.
    pub(crate) fn fail(&self, line: u64, kind: ReadErrorKind) -> ReadError {
        fail(self.file, line, kind)
    }

    /// Reads the children of an element whose start tag was just read.
    fn fill(&mut self, record: &mut Element) -> Result<(), ReadError> {
        let limit = |what, limit: usize| ReadErrorKind::Limit { what, limit: limit as u64 };
        let mut bytes = size(record);
        // Elements that are open inside the record, outermost first; the record itself is not among them.
        let mut open: Vec<Element> = Vec::new();
        let outer = self.path.len();
        loop {
            let step = self.step_below(outer + 1 + open.len())?;
            let line = self.lines.last();
            match step {
                Step::Start { element, open: has_end } => {
                    bytes += size(&element);
                    if has_end {
                        open.push(element);
                    } else {
                        open.last_mut().unwrap_or(record).children.push(element);
                    }
                }
                Step::Text(text) if self.in_order => {
                    bytes += ELEMENT_BYTES + text.len();
                    let run = Element { text, line, ..Element::default() };
                    open.last_mut().unwrap_or(record).children.push(run);
                }
                Step::Text(text) => {
                    bytes += text.len();
                    let into = &mut open.last_mut().unwrap_or(record).text;
                    into.push_str(&text);
                    if into.len() > MAX_TEXT_BYTES {
                        return Err(self.fail(line, limit("a text", MAX_TEXT_BYTES)));
                    }
                }
                Step::End => {
                    let Some(mut element) = open.pop() else {
                        trim(&mut record.text);
                        return Ok(());
                    };
                    trim(&mut element.text);
                    open.last_mut().unwrap_or(record).children.push(element);
                }
                Step::EndOfFile => return Err(self.truncated()),
            }
            if bytes > MAX_RECORD_BYTES {
                return Err(self.fail(record.line, limit("a record", MAX_RECORD_BYTES)));
            }
        }
    }

    fn truncated(&self) -> ReadError {
        self.fail(0, ReadErrorKind::Truncated { expected: "the end tag of its root element" })
    }

    fn step(&mut self) -> Result<Step, ReadError> {
        self.step_below(self.path.len())
    }

    /// The next thing in the file, `depth` elements being open.
    fn step_below(&mut self, depth: usize) -> Result<Step, ReadError> {
        loop {
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => return Err(self.ill_formed(&error)),
            };
            let offset = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
            // A start tag may be broken across lines; its line is where it begins.
            let length = match &event {
                Event::Start(tag) | Event::Empty(tag) => tag.len() + 2,
                _ => 0,
            };
            let line = self.lines.line(offset.saturating_sub(length));
            match event {
                Event::Start(tag) => return self.start(&tag, line, depth, true),
                Event::Empty(tag) => return self.start(&tag, line, depth, false),
                Event::End(_) => return Ok(Step::End),
                Event::Text(text) => {
                    if text.len() > MAX_TEXT_BYTES {
                        let kind = ReadErrorKind::Limit { what: "a text", limit: MAX_TEXT_BYTES as u64 };
                        return Err(self.fail(line, kind));
                    }
                    let blank = text.trim().is_empty();
                    if depth == 0 && !blank {
                        return Err(self.outside(line));
                    }
                    // White space between elements is layout; between words and references it parts them.
                    if !text.is_empty() {
                        return Ok(Step::Text(text.xml10_content().into_owned()));
                    }
                }
                Event::CData(text) => {
                    if text.len() > MAX_TEXT_BYTES {
                        let kind = ReadErrorKind::Limit { what: "a text", limit: MAX_TEXT_BYTES as u64 };
                        return Err(self.fail(line, kind));
                    }
                    if depth == 0 {
                        return Err(self.outside(line));
                    }
                    return Ok(Step::Text(text.xml10_content().into_owned()));
                }
                Event::GeneralRef(reference) => {
                    if depth == 0 {
                        return Err(self.outside(line));
                    }
                    return self.resolve(&reference, line).map(Step::Text);
                }
                Event::DocType(text) => {
                    let html = text.trim_start().get(..4).is_some_and(|name| name.eq_ignore_ascii_case("html"));
                    let kind =
                        if html { ReadErrorKind::Html { expected: self.expected } } else { ReadErrorKind::Doctype };
                    return Err(self.fail(line, kind));
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
                Event::Eof if depth > 0 => return Err(self.truncated()),
                Event::Eof => return Ok(Step::EndOfFile),
            }
        }
    }

    fn start(&mut self, tag: &BytesStart, line: u64, depth: usize, open: bool) -> Result<Step, ReadError> {
        let limit = |what, limit: usize| ReadErrorKind::Limit { what, limit: limit as u64 };
        if depth >= MAX_DEPTH {
            return Err(self.fail(line, limit("the nesting of elements", MAX_DEPTH)));
        }
        if depth == 0 {
            if self.root_seen {
                return Err(self.fail(line, ReadErrorKind::BehindEnd));
            }
            self.root_seen = true;
        }
        let mut element = Element { name: tag.local_name().as_ref().to_owned(), line, ..Element::default() };
        if element.name.eq_ignore_ascii_case("html") && depth == 0 {
            return Err(self.fail(line, ReadErrorKind::Html { expected: self.expected }));
        }
        for (count, attribute) in tag.attributes().enumerate() {
            if count >= MAX_ATTRIBUTES {
                return Err(self.fail(line, limit("the number of attributes", MAX_ATTRIBUTES)));
            }
            let attribute =
                attribute.map_err(|error| self.fail(line, ReadErrorKind::Xml(format!("attribute: {error}"))))?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            if attribute.value.len() > MAX_TEXT_BYTES {
                return Err(self.fail(line, limit("an attribute", MAX_TEXT_BYTES)));
            }
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map_err(|error| self.fail(line, ReadErrorKind::Xml(format!("attribute: {error}"))))?;
            if let Some(bad) = value.chars().find(|c| !is_xml_char(*c)) {
                return Err(self.fail(line, ReadErrorKind::Xml(format!("character {bad:?} in an attribute"))));
            }
            element.attrs.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
        }
        Ok(Step::Start { element, open })
    }

    fn resolve(&self, reference: &BytesRef, line: u64) -> Result<String, ReadError> {
        let bad = |what: String| self.fail(line, ReadErrorKind::Xml(what));
        match reference.resolve_char_ref() {
            Ok(Some(c)) if is_xml_char(c) => Ok(c.to_string()),
            Ok(Some(_)) | Err(_) => Err(bad(format!("&{}; is no character of XML", clip(reference)))),
            Ok(None) => resolve_xml_entity(reference)
                .map(str::to_owned)
                .ok_or_else(|| bad(format!("entity &{}; is not declared", clip(reference)))),
        }
    }

    fn outside(&self, line: u64) -> ReadError {
        if self.root_seen {
            self.fail(line, ReadErrorKind::BehindEnd)
        } else {
            self.fail(line, ReadErrorKind::Xml("text before the root element".to_owned()))
        }
    }

    fn ill_formed(&mut self, error: &QuickError) -> ReadError {
        let at = usize::try_from(self.reader.error_position()).unwrap_or(usize::MAX);
        let line = self.lines.line(at);
        match error {
            // Something is open at the end of the file: a tag, a comment, an element.
            QuickError::Syntax(_) | QuickError::IllFormed(IllFormedError::MissingEndTag(_)) if self.root_seen => {
                self.fail(line, ReadErrorKind::Truncated { expected: "the end tag of its root element" })
            }
            error => self.fail(line, ReadErrorKind::Xml(error.to_string())),
        }
    }
}

/// The characters that XML 1.0 admits, production 2.
fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

fn size(element: &Element) -> usize {
    let attributes: usize = element.attrs.iter().map(|(name, value)| name.len() + value.len() + 48).sum();
    ELEMENT_BYTES + element.name.len() + attributes
}

fn trim(text: &mut String) {
    let trimmed = text.trim();
    if trimmed.len() != text.len() {
        *text = trimmed.to_owned();
    }
}

/// The beginning of a text for an error message.
fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<Element>, ReadError> {
        let file = SourceFile { path: "list.xml".into(), bytes: bytes.to_vec() };
        let text = XmlText::open(&file, "a list")?;
        let mut xml = text.reader();
        xml.root(&["list"])?;
        let mut records = Vec::new();
        while let Some(record) = xml.next_record(&["r"])? {
            records.push(record);
        }
        Ok(records)
    }

    fn kind(bytes: &[u8]) -> ReadErrorKind {
        read(bytes).unwrap_err().kind
    }

    #[test]
    fn records_come_with_local_names_attributes_texts_and_lines() {
        let records = read(
            b"<?xml version='1.0'?>\n<x:list xmlns:x='u'>\n <part><r\n  k=' 1 '>a &amp; b<!-- c --> &#233;<![CDATA[<c>]]><n x:t='2'>N</n><n/></r></part>\n<r/></x:list>\n",
        )
        .unwrap();
        assert_eq!(records.len(), 2);
        let first = &records[0];
        assert_eq!((first.line, records[1].line), (3, 5));
        assert_eq!(first.attr("k"), Some("1"));
        assert_eq!(first.text, "a & b é<c>");
        assert_eq!(first.value("n"), "N");
        assert_eq!(first.all("n").count(), 2);
        assert_eq!(first.child("n").and_then(|n| n.attr("t")), Some("2"));
    }

    #[test]
    fn hostile_and_broken_files_are_errors() {
        use ReadErrorKind as K;
        assert!(matches!(kind(b"<!DOCTYPE list [<!ENTITY a \"b\">]><list/>"), K::Doctype));
        assert!(matches!(kind(b"<!doctype HTML><p>"), K::Html { .. }));
        assert!(matches!(kind(b"<html><body/></html>"), K::Html { .. }));
        assert!(matches!(kind(b"<list><r>&lol;</r></list>"), K::Xml(_)));
        assert!(matches!(kind(b"<list><r>&#0;</r></list>"), K::Xml(_)));
        assert!(matches!(kind(b"<list><r>&#1;</r></list>"), K::Xml(_)));
        assert!(matches!(kind(b"<list><r a='1' a='2'/></list>"), K::Xml(_)));
        assert!(matches!(kind(b"<list><r></list>"), K::Xml(_)));
        assert!(matches!(kind(b"<list><r>a</r>"), K::Truncated { .. }));
        assert!(matches!(kind(b"<list><r><n>a</n"), K::Truncated { .. }));
        assert!(matches!(kind(b"<list><r>a"), K::Truncated { .. }));
        assert!(matches!(kind(b"<list/><list/>"), K::BehindEnd));
        assert!(matches!(kind(b"<list/>x"), K::BehindEnd));
        assert!(matches!(kind(b"<other/>"), K::MissingElement { name: "list", .. }));
        assert!(matches!(kind(b""), K::Empty));
        assert!(matches!(kind(b"<list>\0</list>"), K::Encoding { .. }));
        assert!(matches!(kind(b"<list>\xFF</list>"), K::Encoding { at: 6, .. }));
    }

    #[test]
    fn limits_hold() {
        use ReadErrorKind as K;
        let deep = format!("<list><r>{}", "<n>".repeat(100));
        assert!(matches!(kind(deep.as_bytes()), K::Limit { what: "the nesting of elements", .. }));
        let outside = format!("<list>{}", "<n>".repeat(100));
        assert!(matches!(kind(outside.as_bytes()), K::Limit { .. }));
        let long = format!("<list><r>{}</r></list>", "a".repeat(MAX_TEXT_BYTES + 1));
        assert!(matches!(kind(long.as_bytes()), K::Limit { what: "a text", .. }));
        let many = format!("<list><r {}/></list>", (0..300).map(|n| format!("a{n}=''")).collect::<Vec<_>>().join(" "));
        assert!(matches!(kind(many.as_bytes()), K::Limit { what: "the number of attributes", .. }));
        let large = format!("<list><r>{}</r></list>", "<n/>".repeat(200_000));
        assert!(matches!(kind(large.as_bytes()), K::Limit { what: "a record", .. }));
        let pieces = format!("<list><r>{}</r></list>", "aaaaaaaaaaaaaaa&lt;".repeat(200_000));
        assert!(matches!(kind(pieces.as_bytes()), K::Limit { what: "a text", .. }));
    }

    #[test]
    fn declared_encodings_are_decoded() {
        let latin = b"<?xml version='1.0' encoding='windows-1252'?><list><r>\xE9\x80</r></list>";
        assert_eq!(read(latin).unwrap()[0].text, "é€");
        let wide: Vec<u8> = "\u{FEFF}<list><r>é</r></list>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&wide).unwrap()[0].text, "é");
        assert_eq!(read("\u{FEFF}<list><r>é</r></list>".as_bytes()).unwrap()[0].text, "é");
    }
}
