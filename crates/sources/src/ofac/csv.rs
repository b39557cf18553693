//! OFAC's legacy CSV: one file of parties, one of addresses, one of aliases, one of continued remarks.
//!
//! Idea: the four files are joined by OFAC's key; a party is one record, at its line of the first file. There is no header and
//! no count: what makes the set whole is the end mark (a byte 0x1A) and that every key joins.
//! Invariant: a value that is null (`-0- `) is none; aliases and addresses cite their own line.
//! Source: OFAC, "Data specification" (dat_spec.txt), 10 October 2014; what the files do otherwise is in `docs/lists.md`.

use std::collections::{BTreeMap, HashMap};

use interdict_model::Origin;

use super::gathered::{Gathered, Other};
use super::mapping::{Draft, OfacList, party_id, schema_of};
use super::names::NameKind;
use super::remarks;
use crate::csv_rows::{Row, Rows};
use crate::error::{ReadError, ReadErrorKind};
use crate::input::{Input, SourceFile};
use crate::reconcile::{Loaded, Reconciliation};
use crate::text::{fail, file_name, refuse_html, utf8};
use crate::values::Record;

/// The byte that ends each file.
const END_MARK: char = '\u{1A}';
/// Remarks are cut at this many characters; the rest stands in the comments.
const CUT_REMARKS_CHARS: usize = 1000;
/// Of the rows of addresses and aliases, so many may name no party before the files are of different releases.
const UNJOINED_ONE_IN: u64 = 1000;

/// The names of a set's files.
struct Names {
    parties: &'static str,
    addresses: &'static str,
    aliases: &'static str,
    comments: &'static str,
    list: OfacList,
}

const SDN: Names = Names {
    parties: "sdn.csv",
    addresses: "add.csv",
    aliases: "alt.csv",
    comments: "sdn_comments.csv",
    list: OfacList::SDN,
};

const CONS: Names = Names {
    parties: "cons_prim.csv",
    addresses: "cons_add.csv",
    aliases: "cons_alt.csv",
    comments: "cons_comments.csv",
    list: OfacList::CONS,
};

/// OFAC SDN list, legacy CSV (sdn, add, alt, sdn_comments).
pub(crate) fn read_sdn(input: &Input) -> Result<Loaded, ReadError> {
    read(input, &SDN)
}

/// OFAC non-SDN consolidated list, legacy CSV (cons_prim, cons_add, cons_alt, cons_comments).
pub(crate) fn read_cons(input: &Input) -> Result<Loaded, ReadError> {
    read(input, &CONS)
}

/// A row of a file other than the first, with its key.
struct Joined<'a> {
    row: Row<'a>,
    used: bool,
}

fn read(input: &Input, names: &Names) -> Result<Loaded, ReadError> {
    let mut account = Reconciliation::default();
    let find = |name: &str| input.files.iter().find(|file| file.name() == name);
    let known = [names.parties, names.addresses, names.aliases, names.comments];
    account.ignored_files = input
        .files
        .iter()
        .filter(|file| !known.contains(&file.name().as_str()))
        .map(|file| file_name(&file.path))
        .collect();
    let missing = |name, hint| {
        let path = input.files.first().map(|file| file.path.clone()).unwrap_or_default();
        let file = path.parent().map_or_else(|| path.clone(), std::path::Path::to_path_buf);
        ReadError { file, line: 0, kind: ReadErrorKind::MissingFile { name, hint } }
    };
    let parties = find(names.parties)
        .ok_or_else(|| missing(names.parties, "without it no party has a name; fetch the whole set of one release"))?;
    let mut absent = Vec::new();
    let mut rest = |name: &'static str| match find(name) {
        Some(file) => Ok(Some(file)),
        None if input.named_alone => {
            absent.push(name);
            Ok(None)
        }
        None => Err(missing(name, "fetch the whole set of one release, or name the file that is there itself")),
    };
    let (addresses, aliases, comments) = (rest(names.addresses)?, rest(names.aliases)?, rest(names.comments)?);
    if !absent.is_empty() {
        account.partial = Some(format!("{} without {}", names.parties, absent.join(", ")));
    }

    let party_rows = rows_of(parties, 12, true)?;
    let mut address_rows = by_key(addresses, 6, true)?;
    let mut alias_rows = by_key(aliases, 5, true)?;
    let mut comment_rows = by_key(comments, 2, false)?;

    let mut gathered = Gathered::default();
    let mut seen: HashMap<String, u64> = HashMap::new();
    let name = file_name(&parties.path);
    for row in party_rows {
        let key = row.at(0).to_owned();
        if let Some(reason) = unreadable(&row, &key) {
            account.refuse(&name, row.line, reason);
            // What belongs to it is refused with it, and no sign of files that do not fit together.
            for rows in [&mut address_rows, &mut alias_rows, &mut comment_rows] {
                rows.get_mut(&key).into_iter().flatten().for_each(|joined| joined.used = true);
            }
            continue;
        }
        if seen.insert(key.clone(), row.line).is_some() {
            return Err(fail(parties, row.line, ReadErrorKind::DuplicateKey { key }));
        }
        let origin = |key: &str, file: &str, line: u64| {
            Origin::new(input.list.clone(), input.version.as_str(), format!("{key} ({file}:{line})"))
        };
        let record =
            Record { origin: origin(&key, &name, row.line), file: &name, line: row.line, account: &mut account };
        let mut draft = Draft::new(record, party_id(&key), schema_of(value(&row, 2)));
        read_party(&mut draft, &row, &key, names.list);

        let remarks = whole_remarks(&mut draft, &row, comment_rows.get_mut(&key), comments.is_some());
        remarks::read(&mut draft, &remarks);

        let own = draft.record.origin.clone();
        let join = |rows: &mut BTreeMap<String, Vec<Joined>>,
                    draft: &mut Draft,
                    file: Option<&SourceFile>,
                    read: fn(&mut Draft, &Row)| {
            let file = file.map(|file| file_name(&file.path)).unwrap_or_default();
            for joined in rows.get_mut(&key).into_iter().flatten() {
                joined.used = true;
                draft.record.origin = origin(&key, &file, joined.row.line);
                read(draft, &joined.row);
            }
        };
        join(&mut alias_rows, &mut draft, aliases, read_alias);
        join(&mut address_rows, &mut draft, addresses, read_address);
        draft.record.origin = own;
        draft.finish(&mut gathered);
    }

    for (file, rows) in [(addresses, &address_rows), (aliases, &alias_rows)] {
        if let Some(file) = file {
            check_joined(file, rows, names.parties, &mut account)?;
        }
    }
    if let Some(comments) = comments {
        let name = file_name(&comments.path);
        for joined in comment_rows.values().flatten().filter(|joined| !joined.used) {
            let reason = format!("comment of key {}, which has no row in {}", joined.row.at(0), names.parties);
            account.warn(&name, joined.row.line, reason);
        }
    }
    let entities = gathered.finish(&input.list);
    Ok(Loaded { entities, version: input.version.clone(), reconciliation: account })
}

/// Why a row is no party, if it is not.
fn unreadable(row: &Row, key: &str) -> Option<String> {
    if row.fields.len() != 12 {
        return Some(format!("{} columns; expected 12", row.fields.len()));
    }
    if !is_key(key) {
        return Some(format!("field `ent_num`: {key:?} is not a number"));
    }
    value(row, 1).is_empty().then(|| "field `SDN_Name`: it is empty".to_owned())
}

fn is_key(key: &str) -> bool {
    (1..=12).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_digit())
}

/// The field, trimmed; "" for null.
fn value<'r>(row: &'r Row, column: usize) -> &'r str {
    match row.at(column) {
        "-0-" => "",
        text => text,
    }
}

fn read_party(draft: &mut Draft, row: &Row, key: &str, list: OfacList) {
    draft.listed(list, key);
    draft.name(NameKind::Primary, value(row, 1));
    for code in value(row, 3).split("] [") {
        draft.programme(code.trim_matches(['[', ']', ' ']));
    }
    draft.title(value(row, 4));
    for (column, label) in [
        (5, "Vessel Call Sign"),
        (6, "Vessel Type"),
        (7, "Vessel Tonnage"),
        (8, "Vessel Gross Registered Tonnage"),
        (9, "Vessel Flag"),
    ] {
        draft.feature(label, super::mapping::DocumentText { number: value(row, column), ..Default::default() });
    }
    let owner = value(row, 10);
    if !owner.is_empty() {
        draft.link(Other::Named(owner.to_owned()), "owner", "");
    }
}

/// The remarks with their continuation, joined without a separator as they were cut within a word.
fn whole_remarks(draft: &mut Draft, row: &Row, rest: Option<&mut Vec<Joined>>, has_comments: bool) -> String {
    let raw = row.fields.get(11).map_or("", AsRef::as_ref);
    if raw.trim() == "-0-" {
        return String::new();
    }
    let is_cut = raw.chars().count() >= CUT_REMARKS_CHARS;
    let mut whole = raw.to_owned();
    for joined in rest.into_iter().flatten() {
        joined.used = true;
        let comment = joined.row.fields.get(1).map_or("", AsRef::as_ref);
        if is_cut {
            whole.push_str(comment);
        } else {
            draft.record.warn("a comment continues remarks that are not cut; kept as a note");
            draft.record.note(&mut draft.party, "", comment);
            return whole;
        }
    }
    if is_cut && whole.len() == raw.len() && !whole.trim_end().ends_with('.') {
        let why = if has_comments { "the comments have no continuation" } else { "there is no file of comments" };
        draft.record.warn(format!("remarks are cut at {CUT_REMARKS_CHARS} characters and {why}"));
        // The item that was cut says half a number or name; it is kept as it stands.
        if let Some(at) = whole.rfind(';') {
            let cut = whole.split_off(at);
            draft.record.note(&mut draft.party, "remarks, cut", cut.trim_start_matches(';'));
        }
    }
    whole
}

fn read_alias(draft: &mut Draft, row: &Row) {
    draft.name(NameKind::of(value(row, 2), false), value(row, 3));
    let remarks = value(row, 4);
    if !remarks.is_empty() {
        draft.record.note(&mut draft.party, value(row, 3), remarks);
    }
}

fn read_address(draft: &mut Draft, row: &Row) {
    draft.address(&[value(row, 2), value(row, 3)], value(row, 4));
    let remarks = value(row, 5);
    if !remarks.is_empty() {
        draft.record.note(&mut draft.party, "address", remarks);
    }
}

/// The rows of a file, up to its end mark. A first row of another width is a file of another form.
fn rows_of(file: &SourceFile, width: usize, marked: bool) -> Result<Vec<Row<'_>>, ReadError> {
    refuse_html(file, "one of OFAC's CSV files")?;
    let text = utf8(file)?;
    let body = match text.split_once(END_MARK) {
        Some((body, behind)) => {
            let line = 1 + body.matches('\n').count() as u64;
            if !behind.trim_matches(['\r', '\n']).is_empty() {
                return Err(fail(file, line, ReadErrorKind::BehindEnd));
            }
            if !body.is_empty() && !body.ends_with('\n') {
                return Err(fail(
                    file,
                    line,
                    ReadErrorKind::Truncated { expected: "a line of its own with the byte 0x1A" },
                ));
            }
            body
        }
        // The comments of some releases have no mark; their last line must be whole then.
        None if !marked && (text.is_empty() || text.ends_with('\n')) => text,
        None => return Err(fail(file, 0, ReadErrorKind::Truncated { expected: "the byte 0x1A" })),
    };
    let mut rows = Rows::new(file, body, b',');
    let mut all = Vec::new();
    while let Some(row) = rows.next_row()? {
        if all.is_empty() && row.fields.len() != width {
            let column = format!("{} of {width}", row.fields.len() + 1);
            let found = format!("{} columns and no header", row.fields.len());
            return Err(fail(file, row.line, ReadErrorKind::MissingColumn { column, found }));
        }
        all.push(row);
    }
    Ok(all)
}

fn by_key(
    file: Option<&SourceFile>,
    width: usize,
    marked: bool,
) -> Result<BTreeMap<String, Vec<Joined<'_>>>, ReadError> {
    let mut all: BTreeMap<String, Vec<Joined>> = BTreeMap::new();
    for row in file.map(|file| rows_of(file, width, marked)).transpose()?.unwrap_or_default() {
        let key = row.at(0).to_owned();
        all.entry(key).or_default().push(Joined { row, used: false });
    }
    Ok(all)
}

/// Single rows without their party are warnings; many mean that the files are of different releases.
fn check_joined(
    file: &SourceFile,
    rows: &BTreeMap<String, Vec<Joined>>,
    parties: &'static str,
    account: &mut Reconciliation,
) -> Result<(), ReadError> {
    let total: u64 = rows.values().map(|rows| rows.len() as u64).sum();
    let mut lost: Vec<&Row> = rows.values().flatten().filter(|joined| !joined.used).map(|joined| &joined.row).collect();
    lost.sort_by_key(|row| row.line);
    let n_lost = lost.len() as u64;
    if let Some(first) = lost.first()
        && n_lost > 1
        && n_lost * UNJOINED_ONE_IN > total
    {
        let value = first.at(0).to_owned();
        let expected = if parties == SDN.parties { "a key of sdn.csv" } else { "a key of cons_prim.csv" };
        return Err(fail(file, first.line, ReadErrorKind::Field { field: "ent_num", value, expected }));
    }
    let name = file_name(&file.path);
    for row in lost {
        account.warn(&name, row.line, format!("key {} has no row in {parties}", row.at(0)));
    }
    Ok(())
}
