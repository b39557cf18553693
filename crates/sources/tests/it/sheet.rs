//! Workbooks that are odd or hostile, read as the list that comes in one.

use interdict_sources::{Format, ReadErrorKind};
use proptest::prelude::*;

use crate::support::{container, entity, ods_of, refusal, try_read, values, xlsx_of};

const HEAD: &str = "<c t=\"inlineStr\"><is><t>Reference</t></is></c><c t=\"inlineStr\"><is><t>Name of Individual or Entity</t></is></c>\
     <c t=\"inlineStr\"><is><t>Type</t></is></c><c t=\"inlineStr\"><is><t>Name Type</t></is></c><c t=\"inlineStr\"><is><t>Date of Birth</t></is></c>";

fn read(rows: &str, strings: &str) -> interdict_sources::Loaded {
    let bytes = xlsx_of(&format!("<row r=\"1\">{HEAD}</row>{rows}"), strings);
    try_read(Format::AuDfatXlsx, &[("l.xlsx", &bytes)]).unwrap()
}

fn kind(rows: &str, strings: &str) -> ReadErrorKind {
    refusal(Format::AuDfatXlsx, "l.xlsx", &xlsx_of(&format!("<row r=\"1\">{HEAD}</row>{rows}"), strings))
}

const ROW: &str = "<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"str\"><v>Individual</v></c><c r=\"D2\" t=\"str\"><v>Primary Name</v></c><c r=\"E2\" s=\"1\"><v>23120</v></c></row>";

#[test]
fn runs_are_joined_and_phonetic_ones_are_left_out() {
    let loaded = read(
        ROW,
        "<si><r><t xml:space=\"preserve\">Two </t></r><r><t>words</t></r><rPh sb=\"0\" eb=\"1\"><t>ツー</t></rPh><phoneticPr fontId=\"1\"/></si>",
    );
    let party = entity(&loaded, "au-1");
    assert_eq!(values(party, "name"), ["Two words"]);
    assert_eq!(values(party, "birthDate"), ["1963-04-19"]);
}

#[test]
fn a_pasted_byte_order_mark_in_a_cell_is_nothing() {
    assert_eq!(values(entity(&read(ROW, "<si><t>O\u{FEFF}ne</t></si>"), "au-1"), "name"), ["One"]);
}

#[test]
fn a_string_that_is_not_there_is_an_error() {
    assert!(matches!(kind(ROW, ""), ReadErrorKind::Workbook(_)));
}

#[test]
fn a_count_of_strings_that_the_file_claims_reserves_no_memory() {
    let strings = "<sst uniqueCount=\"18446744073709551615\"><si><t>ONE</t></si></sst>";
    let sheet = format!("<worksheet><row r=\"1\">{HEAD}</row>{ROW}</worksheet>");
    let bytes = container(&[
        ("xl/workbook.xml", "<workbook><sheets><sheet name=\"a\" id=\"r1\"/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", "<R><Relationship Id=\"r1\" Target=\"/xl/a.xml\"/></R>"),
        ("xl/sharedStrings.xml", strings),
        ("xl/a.xml", &sheet),
    ]);
    let loaded = try_read(Format::AuDfatXlsx, &[("l.xlsx", &bytes)]).unwrap();
    assert_eq!(values(entity(&loaded, "au-1"), "name"), ["ONE"]);
    // Without styles no number is a date; the list's own reader takes the serial.
    assert_eq!(values(entity(&loaded, "au-1"), "birthDate"), ["1963-04-19"]);
}

#[test]
fn rows_and_columns_far_away_are_refused() {
    assert!(matches!(kind("<row r=\"99999999\"/>", ""), ReadErrorKind::Limit { .. }));
    assert!(matches!(kind("<row r=\"2\"><c r=\"XFD2\"><v>1</v></c></row>", ""), ReadErrorKind::Limit { .. }));
    assert!(matches!(kind("<row r=\"2\"><c r=\"2\"><v>1</v></c></row>", ""), ReadErrorKind::Workbook(_)));
    assert!(matches!(kind("<row r=\"x\"/>", ""), ReadErrorKind::Workbook(_)));
}

#[test]
fn a_workbook_without_its_parts_is_refused() {
    let of = |parts: &[(&str, &str)]| refusal(Format::AuDfatXlsx, "l.xlsx", &container(parts));
    assert!(matches!(of(&[("other", "")]), ReadErrorKind::Workbook(_)));
    assert!(matches!(of(&[("xl/workbook.xml", "<workbook/>")]), ReadErrorKind::Workbook(_)));
    let sheets = ("xl/workbook.xml", "<workbook><sheets><sheet name=\"a\" id=\"r1\"/></sheets></workbook>");
    assert!(matches!(of(&[sheets]), ReadErrorKind::Workbook(_)));
    let relations = ("xl/_rels/workbook.xml.rels", "<R><Relationship Id=\"r1\" Target=\"a.xml\"/></R>");
    assert!(matches!(of(&[sheets, relations]), ReadErrorKind::Workbook(_)));
    let doctype = ("xl/a.xml", "<!DOCTYPE a><worksheet/>");
    assert!(matches!(of(&[sheets, relations, doctype]), ReadErrorKind::Doctype));
}

#[test]
fn what_would_unpack_to_too_much_is_refused_before_it_is() {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let zeros = vec![b' '; 1 << 20];
    for part in 0..3 {
        writer.start_file(format!("xl/part{part}"), zip::write::SimpleFileOptions::default()).unwrap();
        for _ in 0..200 {
            std::io::Write::write_all(&mut writer, &zeros).unwrap();
        }
    }
    let bytes = writer.finish().unwrap().into_inner();
    assert!(bytes.len() < 2 << 20);
    let kind = refusal(Format::AuDfatXlsx, "l.xlsx", &bytes);
    assert!(matches!(kind, ReadErrorKind::Limit { what: "what the workbook unpacks to", .. }), "{kind}");
}

#[test]
fn repetitions_of_an_open_document_are_bounded() {
    let cell = |text: &str| format!("<table-cell><p>{text}</p></table-cell>");
    let head: String = ["Report", "x"].map(cell).concat();
    let kind = |rows: &str| refusal(Format::GbSanctionsOds, "l.ods", &ods_of(rows));
    let many =
        format!("<table-row>{head}</table-row><table-row number-rows-repeated=\"4000000000\">{head}</table-row>");
    assert!(matches!(kind(&many), ReadErrorKind::Limit { .. }));
    let wide = "<table-row><table-cell number-columns-repeated=\"4000000000\"><p>x</p></table-cell></table-row>";
    assert!(matches!(kind(wide), ReadErrorKind::Limit { .. }));
    let cells = format!(
        "<table-row number-rows-repeated=\"1000000\"><table-cell number-columns-repeated=\"999\"><p>{}</p></table-cell></table-row>",
        "x"
    );
    assert!(matches!(kind(&cells), ReadErrorKind::Limit { .. }));
    // Empty rows to the end of the sheet are what spreadsheet programs write.
    let blank =
        "<table-row number-rows-repeated=\"1048000\"><table-cell number-columns-repeated=\"16384\"/></table-row>";
    assert!(matches!(kind(blank), ReadErrorKind::Empty));
}

#[test]
fn comments_and_phonetic_guides_of_an_open_document_are_left_out() {
    let head = "<table-row><table-cell><p>Unique ID</p></table-cell><table-cell><p>Name 6</p></table-cell><table-cell><p>Name 1</p></table-cell><table-cell><p>Designation Type</p></table-cell><table-cell><p>Name type</p></table-cell><table-cell><p>Regime Name</p></table-cell></table-row>";
    let data = "<table-row><table-cell><annotation><p>look here</p></annotation><p>RUS1</p></table-cell><table-cell><p>Two<s c=\"2\"/><span>words</span> <ruby><ruby-base>社</ruby-base><ruby-text>しゃ</ruby-text></ruby></p></table-cell><covered-table-cell/><table-cell><p>Entity</p></table-cell></table-row>";
    let loaded = try_read(Format::GbSanctionsOds, &[("l.ods", &ods_of(&format!("{head}{data}")))]).unwrap();
    assert_eq!(values(entity(&loaded, "gb-RUS1"), "name"), ["Two words 社"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// A flipped byte of a packed part is caught by its check sum; here the parts are damaged before they are packed.
    #[test]
    fn damaged_parts_are_read_or_refused(
        cut in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        flips in prop::collection::vec((any::<prop::sample::Index>(), prop::char::any()), 0..4),
        strings in any::<bool>(),
    ) {
        let sheet = format!("<worksheet><row r=\"1\">{HEAD}</row>{ROW}</worksheet>");
        let shared = "<sst><si><r><t>Two </t></r><r><t>words</t></r><rPh><t>x</t></rPh></si></sst>";
        let damage = |text: &str| {
            let mut chars: Vec<char> = text.chars().collect();
            let (from, to) = (cut.0.index(chars.len()), cut.1.index(chars.len()));
            if from < to {
                chars.drain(from..to);
            }
            for (at, c) in &flips {
                let at = at.index(chars.len());
                chars[at] = *c;
            }
            chars.into_iter().collect::<String>()
        };
        let (sheet, shared) = if strings { (sheet, damage(shared)) } else { (damage(&sheet), shared.to_owned()) };
        let bytes = container(&[
            ("xl/workbook.xml", "<workbook><sheets><sheet name=\"a\" id=\"r1\"/></sheets></workbook>"),
            ("xl/_rels/workbook.xml.rels", "<R><Relationship Id=\"r1\" Target=\"/xl/a.xml\"/></R>"),
            ("xl/sharedStrings.xml", &shared),
            ("xl/a.xml", &sheet),
        ]);
        interdict_sources::fuzz_reader(Format::AuDfatXlsx, &bytes);
        interdict_sources::fuzz_reader(Format::GbSanctionsOds, &ods_of(&sheet));
    }
}
