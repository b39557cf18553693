//! The remarks of OFAC's CSV taken apart.
//!
//! Idea: remarks are items joined by `; ` with a full stop at the end; an item is a weak name in apostrophes, a link, a
//! labelled value (`alt. ` before it if there are several), or prose. A document's item ends with its country in brackets and its days:
//! `Passport 0310857 (Eritrea) issued 21 Aug 2006 expires 20 Aug 2008`.
//! Invariant: every item lands on the party, its sanction or a document; what is not understood is a note, word for word.

use interdict_model::Country;

use super::gathered::Other;
use super::labels::{Target, at_beginning};
use super::mapping::{DocumentText, Draft};
use super::names::NameKind;
use crate::dates::{self, Order};

/// Reads remarks into a party.
pub(crate) fn read(draft: &mut Draft, remarks: &str) {
    let remarks = remarks.trim();
    let remarks = remarks.strip_suffix('.').unwrap_or(remarks);
    for item in items(remarks) {
        read_item(draft, &item);
    }
}

/// The items. A name in apostrophes may hold the separator, so that it is read to its closing apostrophe.
fn items(remarks: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    let mut open = false;
    for piece in remarks.split(';') {
        match items.last_mut() {
            Some(last) if open => {
                last.push(';');
                last.push_str(piece);
            }
            _ => items.push(piece.trim().to_owned()),
        }
        let last = items.last().map_or("", String::as_str);
        open = quoted_name(last).is_some_and(|(_, name)| !name.trim_end().ends_with('\'')) && last.len() < 300;
    }
    items.retain(|item| !item.is_empty());
    items
}

/// `alt. a.k.a. 'X'` as its kind and what stands behind the first apostrophe.
fn quoted_name(item: &str) -> Option<(&str, &str)> {
    let item = without_alt(item);
    let kind = item
        .get(..6)
        .filter(|kind| ["a.k.a.", "f.k.a.", "n.k.a."].iter().any(|known| kind.eq_ignore_ascii_case(known)))?;
    item.get(6..)?.trim_start().strip_prefix('\'').map(|name| (kind, name))
}

fn without_alt(item: &str) -> &str {
    item.strip_prefix("alt. ").or_else(|| item.strip_prefix("Alt. ")).unwrap_or(item)
}

fn read_item(draft: &mut Draft, item: &str) {
    if let Some((kind, name)) = quoted_name(item) {
        let name = name.trim_end_matches(['.', ' ']).trim_end_matches('\'');
        // A full stop may belong to the name: `a.k.a. 'N.C.O.'.`
        return draft.name(NameKind::of(kind, true), name);
    }
    let linked = linked_names(item);
    if !linked.is_empty() {
        for name in linked {
            draft.link(Other::Named(name.to_owned()), "Linked To", "");
        }
        return;
    }
    let bare = without_alt(item);
    let Some(found) = at_beginning(bare) else { return prose(draft, item) };
    match found.target {
        Target::Document(_) => match document(found.value) {
            Some(text) => draft.labelled(found.label, found.target, text),
            None => prose(draft, item),
        },
        _ if found.value.is_empty() => prose(draft, item),
        // Said of the sanction in the publisher's own words, without the mark of a repetition.
        Target::Provision => draft.of_sanction("provisions", bare),
        Target::Note => draft.record.note(&mut draft.party, "", bare),
        target => draft.labelled(found.label, target, DocumentText { number: found.value, ..DocumentText::default() }),
    }
}

fn prose(draft: &mut Draft, item: &str) {
    if let Some(title) = ["Alternate Title: ", "Alternate Title, ", "Position: "]
        .iter()
        .find_map(|mark| without_alt(item).strip_prefix(mark))
    {
        return draft.title(title);
    }
    // The column of titles is repeated here.
    if draft.party.has("position", item) || draft.party.has("title", item) {
        return;
    }
    draft.record.note(&mut draft.party, "", item);
}

/// The names of `Linked To: X`, `(Linked To: X)`, `(Linked To: X) (Linked To: Y)`; none for other items.
fn linked_names(item: &str) -> Vec<&str> {
    const MARK: &str = "Linked To:";
    let whole = item.trim().trim_start_matches('(').trim_start();
    if !whole.starts_with(MARK) {
        return Vec::new();
    }
    item.split(MARK)
        .skip(1)
        .map(|name| {
            let name = name.trim().trim_end_matches(['(', ' ', ',']);
            // The bracket that closes is the item's unless the name opened one.
            let closes = name.ends_with(')') && name.matches(')').count() > name.matches('(').count();
            if closes { name.get(..name.len() - 1).unwrap_or(name).trim() } else { name }
        })
        .filter(|name| !name.is_empty())
        .collect()
}

/// A number with what stands behind it; `None` where there is no number but prose.
fn document(text: &str) -> Option<DocumentText<'_>> {
    let mut rest = text.trim();
    let mut found = DocumentText::default();
    // From the end: days, then the country.
    for (mark, into) in [(" expires ", &mut found.expires), (" issued ", &mut found.issued)] {
        if let Some((before, date)) = rest.rsplit_once(mark) {
            rest = before.trim();
            // `issued under the name X` is no day.
            if dates::parse(date, Order::MonthFirst).is_ok() {
                *into = date.trim();
            } else {
                found.remark = date.trim();
            }
        }
    }
    // `(Stuttgart) (Germany)`: a place of registration may stand before the country.
    while let Some((before, inner)) = rest.strip_suffix(')').and_then(|rest| rest.rsplit_once(" (")) {
        if found.country.is_empty() && (Country::parse(inner).is_some() || inner.starts_with("Region:")) {
            found.country = inner;
        } else if found.remark.is_empty() && !before.trim().is_empty() {
            found.remark = inner;
        } else {
            break;
        }
        rest = before.trim();
    }
    found.number = rest;
    let has_digit = rest.bytes().any(|byte| byte.is_ascii_digit());
    let one_word = !rest.contains(' ');
    (!rest.is_empty() && (has_digit || one_word)).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_apostrophes_may_hold_the_separator() {
        assert_eq!(items("DOB 1946; a.k.a. 'A; B'; Gender Male"), ["DOB 1946", "a.k.a. 'A; B'", "Gender Male"]);
        assert_eq!(items("a.k.a. 'never closed; x"), ["a.k.a. 'never closed; x"]);
        assert_eq!(items(";;"), Vec::<String>::new());
    }

    #[test]
    fn a_document_is_taken_apart_from_its_end() {
        let text = document("0310857 (Eritrea) issued 21 Aug 2006 expires 20 Aug 2008").unwrap();
        assert_eq!((text.number, text.country), ("0310857", "Eritrea"));
        assert_eq!((text.issued, text.expires), ("21 Aug 2006", "20 Aug 2008"));
        let text = document("F01000003035 (Congo, Democratic Republic of the)").unwrap();
        assert_eq!(text.country, "Congo, Democratic Republic of the");
        let text = document("HRA 738077 (Stuttgart) (Germany)").unwrap();
        assert_eq!((text.number, text.remark, text.country), ("HRA 738077", "Stuttgart", "Germany"));
        assert_eq!(
            document("13/Ta Ta Na (Naing)019077 (Burma)").map(|text| text.number),
            Some("13/Ta Ta Na (Naing)019077")
        );
        assert!(document("suspended since long").is_none());
        assert!(document("").is_none());
    }

    #[test]
    fn links_come_with_and_without_brackets() {
        assert_eq!(linked_names("Linked To: CECOEX, S.A."), ["CECOEX, S.A."]);
        assert_eq!(linked_names("(Linked To: HAMAS) (Linked To: IRAN AIR (ALL))"), ["HAMAS", "IRAN AIR (ALL)"]);
        assert_eq!(linked_names("(Linked To: A"), ["A"]);
        assert_eq!(linked_names("Linked To: B)"), ["B"]);
        assert!(linked_names("owned by X").is_empty());
    }
}
