//! Legal forms written onto the end of a name without a space: `GazpromOOO`, `ACMELLC`.
//!
//! Idea: a change from small letters to capitals tells a short form; a long one is offered as a further reading wherever it
//! ends a word. Invariant: at least [`MIN_LETTERS_BEFORE_FORM`] letters of a name remain. Cost: linear.

/// Legal forms that are written onto the end of a name. The first group is told by its capitals alone (`GazpromOOO`), the
/// second is long enough to be offered as a further reading wherever it ends a word (`ACMELLC`).
const GLUED_CAPITALS: &[&str] = &[
    "SA", "AG", "AO", "BV", "NV", "KG", "AB", "AS", "OY", "SPA", "SRL", "SRO", "INC", "PLC", "FZC", "ОАО", "ЗАО",
    "ПАО", "ООО", "АО", "ТОВ",
];
const GLUED: &[&str] = &[
    "llc", "ltd", "limited", "gmbh", "ooo", "oao", "zao", "pao", "jsc", "pjsc", "ojsc", "cjsc", "fzco", "fze", "sarl",
    "llp", "corp", "ооо", "оао", "зао", "пао",
];

/// Letters that must remain before a glued legal form.
const MIN_LETTERS_BEFORE_FORM: usize = 4;

/// Cuts a legal form in capitals off a name in small letters (`GazpromOOO`), or one beginning with a capital (`AcmeLtd`).
pub(super) fn split_glued_capitals(name: &str) -> Option<String> {
    let mut split: Option<String> = None;
    for word in name.split_whitespace() {
        let Some(at) = glued_capitals(word) else { continue };
        let (head, form) = word.split_at(at);
        let text = split.get_or_insert_with(|| name.to_owned());
        *text = text.replacen(word, &format!("{head} {form}"), 1);
    }
    split
}

fn glued_capitals(word: &str) -> Option<usize> {
    if word.len() <= MIN_LETTERS_BEFORE_FORM || word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    // The boundary: the last small letter that a capital follows.
    let mut before = ' ';
    let mut boundary = None;
    for (at, c) in word.char_indices() {
        if before.is_lowercase() && c.is_uppercase() {
            boundary = Some(at);
        }
        before = c;
    }
    let (head, form) = word.split_at_checked(boundary?)?;
    let form = form.trim_end_matches(['.', ',']);
    let enough = head.chars().filter(|c| c.is_alphabetic()).count() >= MIN_LETTERS_BEFORE_FORM;
    let known = GLUED_CAPITALS.contains(&form) || GLUED.iter().any(|glued| form.eq_ignore_ascii_case(glued));
    (enough && known).then_some(head.len())
}

/// The folded name with each glued legal form cut off.
pub(super) fn split_glued(folded: &str) -> Option<String> {
    let form_of = |word: &str| {
        let at = GLUED.iter().filter_map(|form| word.strip_suffix(form)).map(str::len).min()?;
        (word.get(..at)?.chars().nth(MIN_LETTERS_BEFORE_FORM - 1).is_some()).then_some(at)
    };
    folded.split([' ', ',', '.']).any(|word| form_of(word).is_some()).then(|| {
        let mut out = String::with_capacity(folded.len() + 2);
        for word in folded.split_inclusive([' ', ',', '.']) {
            let bare = word.trim_end_matches([' ', ',', '.']);
            match form_of(bare) {
                Some(at) => {
                    let (head, form) = word.split_at(at);
                    out.push_str(head);
                    out.push(' ');
                    out.push_str(form);
                }
                None => out.push_str(word),
            }
        }
        out
    })
}
