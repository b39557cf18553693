//! Rows of tokens, the forms of names, in the order in which queries read them, and what leads to them.
//!
//! Idea: what one query reads should lie together. Forms are put in order by what may bear them, so that whoever asks for persons reads
//! nothing of firms; then by their number of parts, by which the search bounds their scores; then by the families of their most common
//! parts, so that what is like a common word (`Mohammed`, `Muhammad`) lies in a few runs and not everywhere.
//! Cost: sorting; joins are found in parts on all cores.

use std::collections::BTreeMap;

use interdict_text::Role;
use zerocopy::little_endian::U32;

use crate::draft::Draft;
use crate::facts::Kind;
use crate::finish::{PART, Tokens, starts};
use crate::join::{MAX_JOIN, join_key_with, join_spans, joins};
use crate::layout::{FormRow, GroupRow, JOINS_ALL, JoinRow, NONE};
use crate::parallel::in_parallel;

/// Forms in their final order, with their bearers.
pub(crate) struct Forms {
    pub(crate) rows: Vec<FormRow>,
    pub(crate) groups: Vec<GroupRow>,
    pub(crate) tokens: Vec<U32>,
    pub(crate) bearer_starts: Vec<U32>,
    pub(crate) bearers: Vec<U32>,
    /// Form of each name row.
    pub(crate) of_name: Vec<u32>,
}

/// What puts a form in order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    bearers: u8,
    n_parts: u8,
    kinds: u8,
    families: [u32; N_FAMILIES],
    /// When it was met first.
    met: u32,
}

/// Parts by whose families forms are put in order.
const N_FAMILIES: usize = 4;

impl Forms {
    pub(crate) fn of(draft: &Draft, order: &[u32], tokens: &Tokens, families: &[u32]) -> Forms {
        let names = || {
            order.iter().flat_map(|at| {
                let entity = &draft.entities[*at as usize];
                let kind = 1 << Kind::of(entity.schema) as u8;
                let names = &draft.names[entity.names.start as usize..entity.names.end as usize];
                names.iter().map(move |name| (name.form, kind))
            })
        };
        // Forms of no name stay out.
        let mut kinds = vec![0u8; draft.n_forms()];
        let mut met: Vec<u32> = Vec::with_capacity(draft.n_forms());
        for (form, kind) in names() {
            let known = &mut kinds[form as usize];
            if *known == 0 {
                met.push(form);
            }
            *known |= kind;
        }
        let mut own: Vec<u32> = Vec::new();
        let mut places: Vec<(Place, u32)> = Vec::with_capacity(met.len());
        for (met, form) in (0u32..).zip(met) {
            let tells = |token: &&u32| distinguishes(draft.tokens[**token as usize].role);
            own.clear();
            own.extend(draft.form_of(form).iter().filter(tells).map(|token| families[*token as usize]));
            own.sort_unstable();
            let mut first = [NONE; N_FAMILIES];
            first.iter_mut().zip(&own).for_each(|(slot, family)| *slot = *family);
            let kinds = kinds[form as usize];
            let place = Place { bearers: bearers(kinds), n_parts: own.len() as u8, kinds, families: first, met };
            places.push((place, form));
        }
        places.sort_unstable();
        let mut forms = Forms {
            rows: Vec::with_capacity(places.len()),
            groups: Vec::new(),
            tokens: Vec::new(),
            bearer_starts: Vec::new(),
            bearers: Vec::new(),
            of_name: Vec::with_capacity(draft.names.len()),
        };
        let mut numbers = vec![NONE; draft.n_forms()];
        for (number, (Place { kinds, n_parts, .. }, form)) in (0u32..).zip(places) {
            numbers[form as usize] = number;
            let own = draft.form_of(form);
            let start = forms.tokens.len() as u32;
            forms.rows.push(FormRow { tokens: start.into(), n_tokens: own.len() as u8, kinds });
            forms.tokens.extend(own.iter().map(|token| U32::new(tokens.renumbered[*token as usize])));
            if forms.groups.last().is_none_or(|last| (last.n_parts, last.kinds) != (n_parts, kinds)) {
                forms.groups.push(GroupRow { first: number.into(), n_parts, kinds });
            }
        }
        forms.of_name.extend(names().map(|(form, _)| numbers[form as usize]));
        let mut pairs: Vec<u64> =
            (0u64..).zip(&forms.of_name).map(|(name, form)| u64::from(*form) << 32 | name).collect();
        pairs.sort_unstable();
        forms.bearer_starts = starts(forms.rows.len(), pairs.iter().map(|pair| (pair >> 32) as u32));
        forms.bearers = pairs.into_iter().map(|pair| U32::new(pair as u32)).collect();
        forms
    }

    fn tokens_of(&self, row: FormRow) -> &[U32] {
        let start = row.tokens.get() as usize;
        &self.tokens[start..start + usize::from(row.n_tokens)]
    }

    /// Forms by token, ascending within a token; a form that has it twice comes twice.
    pub(crate) fn postings(&self, n_tokens: usize) -> (Vec<U32>, Vec<U32>) {
        let mut pairs: Vec<u64> = Vec::with_capacity(self.tokens.len());
        for (form, row) in (0u64..).zip(&self.rows) {
            pairs.extend(self.tokens_of(*row).iter().map(|token| u64::from(token.get()) << 32 | form));
        }
        pairs.sort_unstable();
        let starts = starts(n_tokens, pairs.iter().map(|pair| (pair >> 32) as u32));
        (starts, pairs.into_iter().map(|pair| U32::new(pair as u32)).collect())
    }

    /// Joins of all forms, ascending; of a form that has one twice, twice.
    pub(crate) fn joins(&self, tokens: &Tokens) -> Vec<Join> {
        let parts: Vec<(usize, &[FormRow])> = self.rows.chunks(PART).enumerate().collect();
        let joins = in_parallel(parts.len(), |at| {
            let (part, rows) = parts[at];
            let (mut text, mut consonants, mut found) = (String::new(), String::new(), Vec::new());
            for (form, row) in ((part * PART) as u32..).zip(rows) {
                let own = self.tokens_of(*row);
                let facts = |at: usize| &tokens.facts[own[at].get() as usize];
                for (from, to, whole) in join_spans(own.len(), |at| joins(facts(at).role)) {
                    text.clear();
                    let parts = (from..to).map(facts).filter(|facts| joins(facts.role));
                    parts.for_each(|facts| text.push_str(&facts.text));
                    if text.len() <= MAX_JOIN {
                        let hash = join_key_with(&text, &mut consonants);
                        let joined = if whole { [NONE, form] } else { [own[from].get(), own[from + 1].get()] };
                        found.push(Join { hash, joined, form });
                    }
                }
            }
            found
        });
        let mut joins = joins.concat();
        joins.sort_unstable();
        joins
    }

    /// One row for each key and the tokens joined, and the forms of those that several have.
    pub(crate) fn join_rows(&self, joins: &[Join], tokens: &Tokens) -> (Vec<JoinRow>, Vec<U32>) {
        let (mut rows, mut all) = (Vec::new(), Vec::new());
        for same in joins.chunk_by(|one, other| (one.hash, one.joined) == (other.hash, other.joined)) {
            let Some(first) = same.first() else { continue };
            let form = self.rows[first.form as usize];
            let own = self.tokens_of(form);
            let is_joined = |pair: &[U32]| [pair[0].get(), pair[1].get()] == first.joined;
            let (at, n, mark) = match own.windows(2).position(is_joined) {
                Some(at) if first.joined[0] != NONE => (at, 2, 0),
                _ => (0, own.len(), JOINS_ALL),
            };
            let parts = own[at..at + n].iter().map(|token| &tokens.facts[token.get() as usize]);
            let len: usize = parts.filter(|facts| crate::join::joins(facts.role)).map(|facts| facts.text.len()).sum();
            let forms = if same.len() == 1 { first.form } else { all.len() as u32 };
            if same.len() > 1 {
                all.extend(same.iter().map(|join| U32::new(join.form)));
            }
            rows.push(JoinRow {
                hash: first.hash.into(),
                tokens: (form.tokens.get() + at as u32).into(),
                n_tokens: n as u8,
                len: len as u8 | mark,
                forms: forms.into(),
                n_forms: (same.len() as u32).into(),
            });
        }
        (rows, all)
    }
}

/// What is written together in a form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Join {
    hash: u32,
    /// The two tokens; [`NONE`] and the form where all of a form are.
    joined: [u32; 2],
    form: u32,
}

/// Whether a part of that role tells its bearer from others.
fn distinguishes(role: Role) -> bool {
    matches!(role, Role::Name | Role::Number(_) | Role::Initial)
}

/// Where forms of these kinds of bearers stand: what one query asks for is to lie together. Persons first, then what persons share with
/// others, then what may be anything, as persons and firms ask for it too; firms; things.
fn bearers(kinds: u8) -> u8 {
    let has = |kind: Kind| kinds & (1 << kind as u8) != 0;
    match (has(Kind::Person), has(Kind::Organization), has(Kind::Object), has(Kind::Open)) {
        (true, false, false, false) => 0,
        (true, ..) => 1,
        (false, false, false, _) => 2,
        (false, _, false, _) => 3,
        (false, _, true, _) => 4,
    }
}

/// By token of the draft its family, numbered from the one that most parts of forms are of. Of one family are words of the same
/// consonants, as most spellings of a name are.
pub(crate) fn families(draft: &Draft, tokens: &Tokens) -> Vec<u32> {
    let family = |token: usize| {
        let new = tokens.renumbered[token];
        let skeleton = tokens.facts[new as usize].skeleton;
        // A word without a skeleton is a family of its own; that one may share its number by chance does no harm.
        if skeleton == 0 { new } else { skeleton }
    };
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    for form in 0..draft.n_forms() as u32 {
        for token in draft.form_of(form) {
            *counts.entry(family(*token as usize)).or_default() += 1;
        }
    }
    let mut ordered: Vec<(u32, u32)> = counts.iter().map(|(family, n)| (*n, *family)).collect();
    ordered.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
    let numbers: BTreeMap<u32, u32> = ordered.iter().map(|(_, family)| *family).zip(0..).collect();
    (0..draft.tokens.len()).map(|token| numbers.get(&family(token)).copied().unwrap_or(NONE)).collect()
}
