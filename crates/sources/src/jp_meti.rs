//! The foreign end user list of the Japanese Ministry of Economy, Trade and Industry, XLSX and HTML.
//!
//! Idea: a row is an organization; cells are bilingual, with line breaks; aliases stand one a line behind a bullet `・`; the
//! kinds of weapons that it is feared to serve are letters (B, C, M, N; CW). The HTML form is a table with the same columns.
//! The numbers of the rows change with every release, so that an id is made of country and name.
//! Invariant: HTML is scanned for its table only; a table that does not end is a truncated file.
//! Source: the list of 29 September 2025 (XLSX), that of 31 January 2025 converted from PDF (HTML).

use std::borrow::Cow;
use std::collections::BTreeMap;

use interdict_model::{Country, Origin, PartialDate, Schema};

use crate::csv_rows::Row;
use crate::dates::Order;
use crate::error::{ReadError, ReadErrorKind};
use crate::input::{Input, SourceFile};
use crate::ofac::only_file;
use crate::party::{Authority, Gathered, Party};
use crate::reconcile::{Loaded, Reconciliation};
use crate::sheet;
use crate::slug::{fingerprint, slug};
use crate::text::{LineCursor, fail, file_name, utf8};
use crate::values::Record;

const AUTHORITY: Authority = Authority {
    name: "Ministry of Economy, Trade and Industry",
    country: "jp",
    topic: "export.control",
    order: Order::DayFirst,
};
const EXPECTED: &str = "the foreign end user list";
const PROGRAMME: &str = "Foreign End User List";

/// Words of the header by which a column is found; the Japanese ones stand before the English in the same cell.
const COLUMNS: [&str; 6] =
    ["no.", "country or region", "company or organization", "also known as", "type of wmd", "conventional weapons"];

/// Japanese METI foreign end user list, XLSX.
pub(crate) fn read_xlsx(input: &Input) -> Result<Loaded, ReadError> {
    let file = only_file(input)?;
    read_rows(input, file, &sheet::xlsx(file, EXPECTED)?)
}

/// Japanese METI foreign end user list, HTML.
pub(crate) fn read_html(input: &Input) -> Result<Loaded, ReadError> {
    let file = only_file(input)?;
    read_rows(input, file, &table(file)?)
}

fn read_rows(input: &Input, file: &SourceFile, rows: &[Row]) -> Result<Loaded, ReadError> {
    let places = |row: &Row| {
        COLUMNS.map(|name| row.fields.iter().position(|field| in_one_line(field).to_lowercase().contains(name)))
    };
    let head = rows.iter().position(|row| places(row).iter().flatten().count() >= 3);
    let Some((row, rows)) = head.and_then(|head| rows.get(head..)).and_then(<[Row]>::split_first) else {
        let found = rows.first().map(|row| row.fields.join(", ")).unwrap_or_default();
        let found = found.chars().take(200).collect();
        return Err(fail(
            file,
            0,
            ReadErrorKind::MissingColumn { column: "Company or Organization".to_owned(), found },
        ));
    };
    let [number, country, company, aliases, wmd, conventional] = places(row);
    for (place, name) in
        [(country, "Country or Region"), (company, "Company or Organization"), (aliases, "Also Known As")]
    {
        if place.is_none() {
            let found = row.fields.iter().map(|field| in_one_line(field)).collect::<Vec<_>>().join(", ");
            return Err(fail(file, row.line, ReadErrorKind::MissingColumn { column: name.to_owned(), found }));
        }
    }
    let name = file_name(&file.path);
    let version = day_of_name(&name).unwrap_or_else(|| input.version.clone());
    let mut account = Reconciliation::default();
    let mut gathered = Gathered::default();
    let mut ids: BTreeMap<String, u32> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.is_blank()) {
        let at = |place: Option<usize>| place.map_or("", |place| row.at(place));
        let key = at(number);
        let names = names_of(at(company));
        let Some(first) = names.first() else {
            account.refuse(&name, row.line, format!("no. {key}: it has no name"));
            continue;
        };
        let land = country_of(at(country));
        let id = id(land, &first.1, &mut ids);
        let key = if key.is_empty() { id.as_str() } else { key };
        let origin = Origin::new(input.list.clone(), version.as_str(), format!("{key} ({name}:{})", row.line));
        let record = Record { origin, file: &name, line: row.line, account: &mut account };
        let mut party = Party::new(record, id, Schema::organization(), AUTHORITY);
        for (property, text) in &names {
            party.add(property, text);
        }
        for (property, text) in aliases_of(at(aliases)) {
            party.add(property, &text);
        }
        match land {
            Some(land) => party.add("country", land.code()),
            None => party.note("country", at(country)),
        }
        for text in [at(wmd), at(conventional)] {
            let text = in_one_line(text);
            party.of_sanction("reason", &text);
            for weapons in weapons(&text) {
                party.of_sanction("provisions", weapons);
            }
        }
        party.programme(PROGRAMME);
        party.of_sanction("recordId", at(number));
        let known = [number, country, company, aliases, wmd, conventional];
        for (place, field) in row.fields.iter().enumerate() {
            if !known.contains(&Some(place)) {
                party.note("", field);
            }
        }
        party.finish(&mut gathered);
    }
    let entities = gathered.finish(&mut account, &name);
    Ok(Loaded { entities, version, reconciliation: account })
}

/// The day that the publisher's file name begins with: `20250929_4.xlsx`.
fn day_of_name(name: &str) -> Option<String> {
    let digits = name.get(..8).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<u8>().ok());
    let year = digits.get(..4)?.parse().ok()?;
    PartialDate::new(year, part(4, 6), part(6, 8)).map(|day| day.to_string())
}

fn id(land: Option<Country>, name: &str, ids: &mut BTreeMap<String, u32>) -> String {
    const LONGEST: usize = 60;
    let mut words = slug(name);
    if words.len() > LONGEST {
        let end = words.get(..LONGEST).and_then(|start| start.rfind('-')).unwrap_or(LONGEST);
        words.truncate(end);
        words.push('-');
        words.push_str(fingerprint(&[name]).get(..8).unwrap_or_default());
    }
    let id = format!("jp-{}{words}", land.map(|land| format!("{}-", land.code())).unwrap_or_default());
    let count = ids.entry(id.clone()).and_modify(|count| *count += 1).or_insert(1);
    if *count == 1 { id } else { format!("{id}-{count}") }
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The country that a bilingual cell names: its Latin half, else its Japanese one.
fn country_of(text: &str) -> Option<Country> {
    let latin = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (japanese, latin) = text.split_at_checked(latin).unwrap_or((text, ""));
    Country::parse(latin).or_else(|| Country::parse(japanese)).or_else(|| Country::parse(text))
}

/// The name of a cell, with what stands in brackets at its end: an abbreviation finds many and is a weak alias, a name in
/// another script is an alias, anything else stays.
fn names_of(text: &str) -> Vec<(&'static str, String)> {
    let text = in_one_line(text).replace('（', "(").replace('）', ")");
    if text.is_empty() {
        return Vec::new();
    }
    if let Some((name, bracket)) = text.strip_suffix(')').and_then(|text| text.rsplit_once('('))
        && !name.trim().is_empty()
    {
        let (name, bracket) = (name.trim().to_owned(), bracket.trim().to_owned());
        if is_abbreviation(&bracket) {
            return vec![("name", name), ("weakAlias", bracket)];
        }
        if bracket.chars().any(is_han_or_kana) && name.chars().any(|c| c.is_ascii_alphabetic()) {
            return vec![("name", name), ("alias", bracket)];
        }
    }
    vec![("name", text)]
}

/// Aliases: each begins with a bullet; a line in brackets is the name of the line before in another script; any other line
/// goes on with the one before.
fn aliases_of(text: &str) -> Vec<(&'static str, String)> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        // Two bullets may share a line.
        let bulleted = line.starts_with(['・', '･', '•']);
        let bracketed = line.starts_with(['(', '（']);
        for (place, part) in line.split(['・', '･', '•']).map(str::trim).filter(|part| !part.is_empty()).enumerate()
        {
            let katakana = line.chars().any(|c| matches!(c, '\u{30A1}'..='\u{30FA}'));
            match lines.last_mut() {
                // The same dot parts words of names in katakana.
                Some(last) if katakana && place > 0 => {
                    last.push('・');
                    last.push_str(part);
                }
                Some(last) if !bulleted && !bracketed && place == 0 => {
                    last.push(' ');
                    last.push_str(part);
                }
                _ => lines.push(part.to_owned()),
            }
        }
    }
    let mut out = Vec::new();
    for line in lines {
        let bare = line.trim_start_matches(['(', '（']).trim_end_matches([')', '）']).trim();
        let whole = line.starts_with(['(', '（']) && line.ends_with([')', '）']) && !bare.contains(['(', '（']);
        if whole {
            out.push(("alias", bare.to_owned()));
            continue;
        }
        for (property, text) in names_of(&line) {
            let weak = property == "name" && is_abbreviation(&text);
            out.push((
                if weak {
                    "weakAlias"
                } else if property == "name" {
                    "alias"
                } else {
                    property
                },
                text,
            ));
        }
    }
    out
}

fn is_abbreviation(text: &str) -> bool {
    const LONGEST: usize = 6;
    text.len() <= LONGEST
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b".&-/".contains(&byte))
}

fn is_han_or_kana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
}

/// What the letters mean; full-width ones and those without a comma occur.
fn weapons(text: &str) -> Vec<&'static str> {
    const MEANINGS: [(char, &str); 4] =
        [('B', "biological weapons"), ('C', "chemical weapons"), ('M', "missiles"), ('N', "nuclear weapons")];
    let letters: String = text
        .chars()
        .map(|c| match c {
            '\u{FF21}'..='\u{FF3A}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            c => c,
        })
        .filter(char::is_ascii_alphabetic)
        .collect();
    if letters == "CW" {
        return vec!["conventional weapons"];
    }
    MEANINGS.iter().filter(|(letter, _)| letters.contains(*letter)).map(|(_, meaning)| *meaning).collect()
}

/// The rows of the tables of an HTML page, cells as text: a paragraph or a break is a line, other white space one blank.
fn table(file: &SourceFile) -> Result<Vec<Row<'static>>, ReadError> {
    const MAX_ROWS: usize = 100_000;
    const MAX_CELLS: usize = 1_000;
    let page = utf8(file)?;
    let mut lines = LineCursor::new(page);
    let mut rows: Vec<Row<'static>> = Vec::new();
    let mut cell: Option<String> = None;
    let mut at = 0;
    let (mut opened, mut closed) = (0u32, 0u32);
    while let Some(found) = page.get(at..).and_then(|rest| rest.find('<')) {
        if let Some(cell) = &mut cell {
            push_text(cell, page.get(at..at + found).unwrap_or_default());
        }
        let begin = at + found;
        let rest = page.get(begin..).unwrap_or_default();
        let skipped = skip(rest);
        if skipped > 0 {
            at = begin + skipped;
            continue;
        }
        let truncated = || fail(file, 0, ReadErrorKind::Truncated { expected: "</table>" });
        let length = rest.find('>').ok_or_else(truncated)?;
        let tag = rest.get(1..length).unwrap_or_default();
        at = begin + length + 1;
        let name: String = tag
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '/')
            .map(|c| c.to_ascii_lowercase())
            .collect();
        match name.trim_end_matches('/') {
            "table" => opened += 1,
            "/table" => closed += 1,
            "tr" if opened > closed => {
                if rows.len() >= MAX_ROWS {
                    return Err(fail(
                        file,
                        0,
                        ReadErrorKind::Limit { what: "the number of rows", limit: MAX_ROWS as u64 },
                    ));
                }
                rows.push(Row { line: lines.line(begin), fields: Vec::new() });
            }
            "td" | "th" if opened > closed => cell = Some(String::new()),
            "/td" | "/th" => {
                if let (Some(text), Some(row)) = (cell.take(), rows.last_mut()) {
                    if row.fields.len() >= MAX_CELLS {
                        let kind = ReadErrorKind::Limit { what: "the number of columns", limit: MAX_CELLS as u64 };
                        return Err(fail(file, row.line, kind));
                    }
                    row.fields.push(Cow::Owned(text.trim().to_owned()));
                }
            }
            "p" | "/p" | "br" | "br/" | "li" | "/li" | "div" | "/div" => {
                if let Some(cell) = &mut cell
                    && !cell.is_empty()
                    && !cell.ends_with('\n')
                {
                    cell.push('\n');
                }
            }
            _ => {}
        }
    }
    if opened == 0 {
        return Err(fail(file, 0, ReadErrorKind::MissingElement { name: "table", expected: EXPECTED }));
    }
    if opened != closed {
        return Err(fail(file, 0, ReadErrorKind::Truncated { expected: "</table>" }));
    }
    rows.retain(|row| !row.is_blank());
    Ok(rows)
}

/// Length of a comment, script or style at the beginning; 0 where there is none. One that does not end takes the rest.
fn skip(rest: &str) -> usize {
    for (begin, end) in [("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>")] {
        if rest.get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(begin)) {
            return rest.find(end).map_or(rest.len(), |at| at + end.len());
        }
    }
    0
}

/// Adds text with its references resolved, white space squeezed.
fn push_text(cell: &mut String, text: &str) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((c, length)) = reference(rest) {
            push_char(cell, c);
            rest = rest.get(length..).unwrap_or_default();
        } else {
            push_char(cell, c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
}

fn push_char(cell: &mut String, c: char) {
    if !c.is_whitespace() {
        cell.push(c);
    } else if !cell.is_empty() && !cell.ends_with([' ', '\n']) {
        cell.push(' ');
    }
}

/// A character reference at the beginning, with its length in bytes.
fn reference(text: &str) -> Option<(char, usize)> {
    const LONGEST: usize = 10;
    let behind = text.strip_prefix('&')?;
    let end = behind.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let name = behind.get(..end)?;
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control())?
        }
    };
    Some((c, end + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_what_stands_in_brackets() {
        assert_eq!(
            names_of("Ummah Tameer E-Nau (UTN)"),
            [("name", "Ummah Tameer E-Nau".to_owned()), ("weakAlias", "UTN".to_owned())]
        );
        assert_eq!(
            names_of("Air Koryo\n(高麗航空)"),
            [("name", "Air Koryo".to_owned()), ("alias", "高麗航空".to_owned())]
        );
        assert_eq!(names_of("TEM FZC（TEM）").len(), 2);
        assert_eq!(names_of("Branch (Second floor)"), [("name", "Branch (Second floor)".to_owned())]);
    }

    #[test]
    fn aliases_stand_one_a_line_behind_a_bullet() {
        let of = |text| {
            aliases_of(text).into_iter().map(|(property, text)| format!("{property} {text}")).collect::<Vec<_>>()
        };
        assert_eq!(
            of("・Al Qaeda\n・The Group for\nthe Holy Sites "),
            ["alias Al Qaeda", "alias The Group for the Holy Sites"]
        );
        assert_eq!(of("・Bank\n(鴨緑江開発銀行)\n・UVZ"), ["alias Bank", "alias 鴨緑江開発銀行", "weakAlias UVZ"]);
        assert_eq!(of("・センター・ビル"), ["alias センター・ビル"]);
    }

    #[test]
    fn letters_are_weapons_however_they_are_written() {
        assert_eq!(weapons("ミサイル、核 M、N"), ["missiles", "nuclear weapons"]);
        assert_eq!(weapons("核 Ｎ"), ["nuclear weapons"]);
        assert_eq!(weapons("ミサイルM"), ["missiles"]);
        assert_eq!(weapons("通常兵器 CW"), ["conventional weapons"]);
    }

    #[test]
    fn references_are_resolved() {
        let mut cell = String::new();
        push_text(&mut cell, " A&amp;B &#39;x&#x27; &nope; & ");
        assert_eq!(cell.trim(), "A&B 'x' &nope; &");
    }
}
