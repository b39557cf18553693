//! Lists in memory, and what tests ask of what came of them.

use std::fmt::Write as _;
use std::path::PathBuf;

use interdict_model::{Entity, ListId};
use interdict_sources::{Format, Input, Loaded, ReadError, SourceFile, read};

/// The list of these files.
pub(crate) fn input(format: Format, files: &[(&str, &[u8])]) -> Input {
    Input {
        list: ListId::new("test").unwrap(),
        format,
        version: "v1".to_owned(),
        files: files.iter().map(|(name, bytes)| SourceFile { path: name.into(), bytes: bytes.to_vec() }).collect(),
        mapping: None,
        named_alone: false,
    }
}

/// Reads it; the reconciliation must add up.
pub(crate) fn try_read(format: Format, files: &[(&str, &[u8])]) -> Result<Loaded, ReadError> {
    let loaded = read(&input(format, files))?;
    let account = &loaded.reconciliation;
    assert_eq!(account.records, account.loaded + account.refused.len() as u64);
    Ok(loaded)
}

/// The entity of that id.
pub(crate) fn entity<'a>(loaded: &'a Loaded, id: &str) -> &'a Entity {
    loaded.entities.iter().find(|entity| entity.id == id).unwrap_or_else(|| {
        let ids: Vec<_> = loaded.entities.iter().map(|entity| entity.id.as_str()).collect();
        panic!("no entity {id:?} among {ids:?}")
    })
}

/// All values of a property.
pub(crate) fn values<'a>(entity: &'a Entity, property: &str) -> Vec<&'a str> {
    entity.get(property).iter().map(|value| &*value.text).collect()
}

/// A published file of the material beside the project; says so and gives `None` where there is none.
pub(crate) fn shared(path: &str) -> Option<SourceFile> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/lists");
    if !root.is_dir() {
        println!("skipped: ../shared is not there");
        return None;
    }
    let path = root.join(path);
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(SourceFile { path, bytes })
}

/// The published list of these files, read, with a line for the table of the documentation.
pub(crate) fn shared_list(
    format: Format,
    id: &str,
    paths: &[&str],
    named_alone: bool,
) -> Option<Result<Loaded, ReadError>> {
    let files = paths.iter().map(|path| shared(path)).collect::<Option<Vec<_>>>()?;
    let list = ListId::new(id).unwrap();
    let input = Input { list: list.clone(), format, version: "v1".to_owned(), files, mapping: None, named_alone };
    let start = std::time::Instant::now();
    let loaded = read(&input);
    if let Ok(loaded) = &loaded {
        let account = &loaded.reconciliation;
        println!(
            "| {id} | {} | {} | {} | {} | {} | {} | {:.2} |",
            paths.join(" "),
            account.records,
            account.loaded,
            account.refused.len(),
            loaded.entities.len(),
            loaded.n_names(&list),
            start.elapsed().as_secs_f64()
        );
    }
    Some(loaded)
}

/// A container of these parts.
pub(crate) fn container(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut writer, text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An Office Open XML workbook whose one sheet has these rows (`<row r="1">…</row>`), with these shared strings
/// (`<si>…</si>`). Cell style 1 is a date.
pub(crate) fn xlsx_of(rows: &str, strings: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    container(&[
        (
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets><sheet name=\"List\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"rId1\" Type=\"worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
        ),
        (
            "xl/styles.xml",
            &format!(
                "<styleSheet xmlns=\"{MAIN}\"><numFmts><numFmt numFmtId=\"170\" formatCode=\"dd/mm/yyyy\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"170\"/></cellXfs></styleSheet>"
            ),
        ),
        ("xl/sharedStrings.xml", &format!("<sst xmlns=\"{MAIN}\">{strings}</sst>")),
        ("xl/worksheets/sheet1.xml", &format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>")),
    ])
}

/// A workbook of these rows; an empty text is a cell that the file does not have.
pub(crate) fn xlsx(rows: &[&[&str]]) -> Vec<u8> {
    let mut sheet = String::new();
    for (number, row) in rows.iter().enumerate() {
        let number = number + 1;
        write!(sheet, "<row r=\"{number}\">").unwrap();
        for (column, text) in row.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let column = column_name(column);
            let text = text.replace('&', "&amp;").replace('<', "&lt;");
            write!(sheet, "<c r=\"{column}{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c>").unwrap();
        }
        sheet.push_str("</row>");
    }
    xlsx_of(&sheet, "")
}

fn column_name(column: usize) -> String {
    let letter = |index: usize| char::from(b'A' + u8::try_from(index).unwrap());
    if column < 26 { letter(column).to_string() } else { format!("{}{}", letter(column / 26 - 1), letter(column % 26)) }
}

/// An OpenDocument spreadsheet of these rows.
pub(crate) fn ods(rows: &[&[&str]]) -> Vec<u8> {
    let mut sheet = String::new();
    for row in rows {
        sheet.push_str("<table:table-row>");
        for text in *row {
            if text.is_empty() {
                sheet.push_str("<table:table-cell/>");
            } else {
                write!(
                    sheet,
                    "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
                )
                .unwrap();
            }
        }
        sheet.push_str("<table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row>");
    }
    ods_of(&sheet)
}

/// An OpenDocument spreadsheet whose first sheet has these rows as XML.
pub(crate) fn ods_of(rows: &str) -> Vec<u8> {
    container(&[(
        "content.xml",
        &format!(
            "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet><table:table table:name=\"List\">{rows}</table:table><table:table table:name=\"Other\"><table:table-row><table:table-cell><text:p>not of the list</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
        ),
    )])
}

/// The kind of error that reading ends in.
pub(crate) fn refusal(format: Format, name: &str, bytes: &[u8]) -> interdict_sources::ReadErrorKind {
    try_read(format, &[(name, bytes)]).expect_err("it is to be refused").kind
}
