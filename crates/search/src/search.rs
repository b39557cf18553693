//! A search: which entities a query and its filters mean, in which order, and how many have what.
//!
//! Idea: a query becomes a list of entities with scores, kept as *all but* where it only says what must not be; filters are sets of a bit
//! an entity. Facets and sorting walk the terms of their field against the result, so that no table of values by entity is needed.
//! Ranking: BM25 of each word in names (weight 3, weak normalisation of length) or in all words, whichever is more, and for each entity
//! the root of half its number of values, so that well-described entities rise. Source: yente's ranking.
//! Cost: the entities of the query's terms; a facet or sort key costs those of all terms of its field, a sort key four bytes an entity too.

use std::cmp::Reverse;

use interdict_model::{PropertyType, Schema};

use crate::dictionary::Place;
use crate::index::{Index, SearchError, comparable};
use crate::query::{Ask, Node, Query};
use crate::set::EntitySet;
use crate::terms::{NAMES, TEXT, is_of_words};
use crate::words::{fold, words};

/// Saturation of a word that stands several times. Source: Lucene's default.
const K1: f32 = 1.2;
/// How much the length of names, and of all words, counts, and what a word in a name weighs. Source: yente.
const B_NAMES: f32 = 0.25;
const B_TEXT: f32 = 0.75;
const NAMES_WEIGHT: f32 = 3.0;

/// Most fields to sort by. Each orders what those before it left equal: of a second one few are left, of a third hardly any.
pub const MAX_SORT: usize = 8;

/// Most buckets of a facet. Source: yente.
const MAX_BUCKETS: usize = 1000;

/// In which order a field sorts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Least first.
    Ascending,
    /// Greatest first.
    Descending,
}

/// Values that a field must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The field: `countries`, `properties.birthDate`.
    pub field: String,
    /// The values.
    pub values: Vec<String>,
    /// Whether all of them are wanted, or any.
    pub all: bool,
}

/// What is searched.
#[derive(Clone, Debug)]
pub struct Request<'r> {
    /// The query.
    pub query: &'r Query,
    /// Entities among which to search; all where none.
    pub only: Option<EntitySet>,
    /// All of these must hold.
    pub filters: Vec<Filter>,
    /// Entities to pass over, and to tell at most.
    pub offset: usize,
    /// Entities to tell at most.
    pub limit: usize,
    /// Fields to sort by, the first counting most; then by rank, then by id. Those beyond [`MAX_SORT`] do not count.
    pub sort: Vec<(String, Direction)>,
    /// Fields whose values are counted; one that is named again is counted once.
    pub facets: Vec<String>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// How many entities in all.
    pub total: usize,
    /// All of them.
    pub all: EntitySet,
    /// Those of the page, in order.
    pub found: Vec<Found>,
    /// The values of the facets, in the order in which they were asked for.
    pub facets: Vec<Facet>,
}

/// An entity that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// Its row.
    pub entity: u32,
    /// Its rank: greater is better, and only comparable within one answer.
    pub score: f32,
}

/// How many entities have which values of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// The field.
    pub field: String,
    /// Values, the most frequent first, then in their order.
    pub buckets: Vec<Bucket>,
}

/// A value of a facet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The value.
    pub value: String,
    /// How many entities have it.
    pub count: usize,
}

/// Entities that a query means.
#[derive(Clone, Debug)]
enum Hits {
    /// All.
    All,
    /// All but these, ascending.
    AllBut(Vec<u32>),
    /// These, ascending, each with its score.
    Some(Vec<(u32, f32)>),
}

impl Index<'_> {
    /// Searches.
    ///
    /// # Errors
    /// The index is damaged.
    pub fn search(&self, request: &Request<'_>) -> Result<Page, SearchError> {
        let hits = self.hits(&request.query.root)?;
        let only = self.only(request)?;
        let mut found = self.found(hits, only)?;
        let total = found.len();
        let all = self.set_of(&found);
        let facets = self.facets(&all, &request.facets)?;
        self.order(&mut found, &request.sort, request.offset.saturating_add(request.limit))?;
        let found = found.into_iter().skip(request.offset).take(request.limit).collect();
        Ok(Page { total, all, found, facets })
    }

    /// The entities that all filters let through; none where there is no filter.
    fn only(&self, request: &Request<'_>) -> Result<Option<EntitySet>, SearchError> {
        let mut only = request.only.clone();
        for Filter { field, values, all } in &request.filters {
            let mut set = self.entities_with(field, if *all { &values[..values.len().min(1)] } else { values })?;
            if *all {
                for value in values.iter().skip(1) {
                    set.and(&self.entities_with(field, &[value])?);
                }
            }
            match &mut only {
                Some(only) => only.and(&set),
                None => only = Some(set),
            }
        }
        Ok(only)
    }

    fn found(&self, hits: Hits, only: Option<EntitySet>) -> Result<Vec<Found>, SearchError> {
        let scored: Vec<(u32, f32)> = match hits {
            Hits::Some(mut scored) => {
                scored.retain(|(entity, _)| only.as_ref().is_none_or(|only| only.contains(*entity)));
                scored
            }
            hits => {
                let mut set = only.unwrap_or_else(|| EntitySet::all(self.n_entities));
                if let Hits::AllBut(but) = hits {
                    for entity in but {
                        set.remove(entity);
                    }
                }
                set.iter().map(|entity| (entity, 0.0)).collect()
            }
        };
        let found = scored.into_iter().map(|(entity, score)| {
            let n_values = self.size(entity)?.values as f32;
            Ok(Found { entity, score: score + (0.5 * n_values).sqrt() })
        });
        found.collect()
    }

    /// Puts the first `n` in order.
    fn order(&self, found: &mut Vec<Found>, sort: &[(String, Direction)], n: usize) -> Result<(), SearchError> {
        let mut keys: Vec<Vec<u32>> = Vec::new();
        for (at, (field, direction)) in sort.iter().enumerate().take(MAX_SORT) {
            // What was equal by a field is equal by it again; the other direction looks at other values.
            if !sort.iter().take(at).any(|(before, way)| before == field && way == direction) {
                keys.push(self.ranks(found, field, *direction)?);
            }
        }
        let compare = |one: &Found, other: &Found| {
            let by_keys = keys.iter().map(|ranks| {
                let rank = |found: &Found| ranks.get(found.entity as usize).copied().unwrap_or(u32::MAX);
                rank(one).cmp(&rank(other))
            });
            let by_keys = by_keys.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then);
            by_keys.then(other.score.total_cmp(&one.score)).then(one.entity.cmp(&other.entity))
        };
        if n > 0 && n < found.len() {
            found.select_nth_unstable_by(n - 1, compare);
            found.truncate(n);
        }
        found.sort_unstable_by(compare);
        Ok(())
    }

    /// The place of each entity among the values of a field, the last where it has none: of several values the least counts where they ascend, else the greatest.
    fn ranks(&self, found: &[Found], field: &str, direction: Direction) -> Result<Vec<u32>, SearchError> {
        let set = self.set_of(found);
        let mut ranks = vec![u32::MAX; self.n_entities as usize];
        let mut rank = 0u32;
        self.each_term(field, "", |_, place| {
            rank += 1;
            self.walk(place, field, |entity, _| {
                if set.contains(entity)
                    && let Some(known) = ranks.get_mut(entity as usize)
                {
                    match direction {
                        Direction::Ascending => *known = rank.min(*known),
                        Direction::Descending => *known = u32::MAX - rank,
                    }
                }
            })?;
            Ok(true)
        })?;
        Ok(ranks)
    }

    fn set_of(&self, found: &[Found]) -> EntitySet {
        let mut set = EntitySet::none(self.n_entities);
        for found in found {
            set.insert(found.entity);
        }
        set
    }

    fn facets(&self, set: &EntitySet, fields: &[String]) -> Result<Vec<Facet>, SearchError> {
        let mut facets: Vec<Facet> = Vec::new();
        for field in fields {
            if facets.iter().any(|facet| facet.field == *field) {
                continue;
            }
            let mut buckets = Vec::new();
            self.each_term(field, "", |value, place| {
                let mut count = 0;
                self.walk(place, field, |entity, _| count += usize::from(set.contains(entity)))?;
                if count > 0 {
                    buckets.push(Bucket { value: value.to_owned(), count });
                }
                Ok(true)
            })?;
            buckets.sort_by_key(|bucket| Reverse(bucket.count));
            buckets.truncate(MAX_BUCKETS);
            facets.push(Facet { field: field.clone(), buckets });
        }
        Ok(facets)
    }

    fn hits(&self, node: &Node) -> Result<Hits, SearchError> {
        Ok(match node {
            Node::All => Hits::All,
            Node::Nothing => Hits::Some(Vec::new()),
            Node::Not(node) => match self.hits(node)? {
                Hits::All => Hits::Some(Vec::new()),
                Hits::AllBut(but) => Hits::Some(but.into_iter().map(|entity| (entity, 0.0)).collect()),
                Hits::Some(some) => Hits::AllBut(some.into_iter().map(|(entity, _)| entity).collect()),
            },
            Node::And(nodes) => {
                let mut hits = Hits::All;
                for node in nodes {
                    hits = and(hits, self.hits(node)?);
                }
                hits
            }
            Node::Or(nodes) => {
                let mut hits = Hits::Some(Vec::new());
                for node in nodes {
                    hits = or(hits, self.hits(node)?);
                }
                hits
            }
            Node::Is(field, ask) => self.asked(field.as_deref(), ask)?,
        })
    }

    /// What a field must hold. Where no field is named, names and all words are asked, and the better counts.
    fn asked(&self, field: Option<&str>, ask: &Ask) -> Result<Hits, SearchError> {
        let of = |field: &str| self.ask(field, ask);
        let some = match field {
            None => best(of(TEXT)?, of(NAMES)?),
            Some("name" | NAMES) => of(NAMES)?,
            Some(TEXT) => of(TEXT)?,
            Some("entity_id") => of("id")?,
            // A property of words is asked as a whole and by its words, which are not kept by property.
            Some(field) => match (field_of_words(field), ask) {
                (Some(of_words), Ask::Word(_) | Ask::Fuzzy(..) | Ask::Phrase(..)) => best(of(field)?, of(of_words)?),
                _ => of(field)?,
            },
        };
        Ok(Hits::Some(some))
    }

    fn ask(&self, field: &str, ask: &Ask) -> Result<Vec<(u32, f32)>, SearchError> {
        let of_words = is_of_words(field);
        match ask {
            Ask::Word(text) | Ask::Phrase(text, _) if of_words => {
                let folded = fold(text);
                let words: Vec<&str> = words(&folded).collect();
                let slop = if let Ask::Phrase(_, slop) = ask { *slop } else { 0 };
                match words.as_slice() {
                    [] => Ok(Vec::new()),
                    [word] => self.word(field, word),
                    words => self.phrase(field, words, slop),
                }
            }
            Ask::Word(text) | Ask::Phrase(text, _) => self.values(field, |each| {
                if let Some(place) = self.value(field, text)? {
                    each(place)?;
                }
                Ok(())
            }),
            Ask::Fuzzy(text, 0) => self.ask(field, &Ask::Word(text.clone())),
            Ask::Fuzzy(text, edits) => {
                let text = comparable(field, text);
                let mut hits = Vec::new();
                self.each_term(field, "", |term, place| {
                    if let Some(distance) = distance(&text, term, *edits) {
                        let share = 1.0 - f32::from(distance) / text.len().max(1) as f32;
                        let own: Vec<(u32, f32)> = self.scored(field, place)?;
                        hits = best(
                            std::mem::take(&mut hits),
                            own.into_iter().map(|(entity, score)| (entity, score * share)).collect(),
                        );
                    }
                    Ok(true)
                })?;
                Ok(hits)
            }
            Ask::Wild(pattern) => {
                let pattern = wild(field, pattern);
                let prefix: String = pattern.chars().take_while(|c| !matches!(c, '*' | '?')).collect();
                self.values(field, |each| {
                    self.each_term(field, &prefix, |term, place| {
                        if !term.starts_with(&prefix) {
                            return Ok(false);
                        }
                        if fits(pattern.as_bytes(), term.as_bytes()) {
                            each(place)?;
                        }
                        Ok(true)
                    })
                })
            }
            Ask::Range(low, high) => {
                let bound = |bound: &Option<(String, bool)>| {
                    bound.as_ref().map(|(text, with)| (comparable(field, text), *with))
                };
                let (low, high) = (bound(low), bound(high));
                let from = low.as_ref().map_or("", |(text, _)| text.as_str());
                self.values(field, |each| {
                    self.each_term(field, from, |term, place| {
                        let above =
                            low.as_ref().is_none_or(|(text, with)| term > text.as_str() || (*with && term == text));
                        // A bound that is a part of a date takes in all that begins with it: `[1970 TO 1980]` has 1980-05-01.
                        let below = high.as_ref().is_none_or(|(text, with)| {
                            term < text.as_str() || (*with && term.starts_with(text.as_str()))
                        });
                        if above && below {
                            each(place)?;
                        }
                        Ok(below)
                    })
                })
            }
            Ask::Exists => self.values(field, |each| {
                self.each_term(field, "", |_, place| {
                    each(place)?;
                    Ok(true)
                })
            }),
        }
    }

    /// Entities of some terms, all of one score.
    fn values(
        &self,
        field: &str,
        find: impl FnOnce(&mut dyn FnMut(Place) -> Result<(), SearchError>) -> Result<(), SearchError>,
    ) -> Result<Vec<(u32, f32)>, SearchError> {
        let mut set = EntitySet::none(self.n_entities);
        find(&mut |place| self.walk(place, field, |entity, _| set.insert(entity)))?;
        Ok(set.iter().map(|entity| (entity, 1.0)).collect())
    }

    fn word(&self, field: &str, word: &str) -> Result<Vec<(u32, f32)>, SearchError> {
        match self.dictionary.get(&format!("{field}\0{word}"))? {
            Some(place) => self.scored(field, place),
            None => Ok(Vec::new()),
        }
    }

    /// The entities of a term with their scores.
    fn scored(&self, field: &str, place: Place) -> Result<Vec<(u32, f32)>, SearchError> {
        let mut hits: Vec<(u32, f32)> = Vec::new();
        self.walk(place, field, |entity, places| hits.push((entity, places.len() as f32)))?;
        self.rank(field, hits)
    }

    /// BM25 from how often a word stands in each of its entities.
    fn rank(&self, field: &str, mut hits: Vec<(u32, f32)>) -> Result<Vec<(u32, f32)>, SearchError> {
        let (n, n_with) = (self.n_entities as f32, hits.len() as f32);
        let rarity = (1.0 + (n - n_with + 0.5) / (n_with + 0.5)).ln();
        let (b, weight) = if field == NAMES { (B_NAMES, NAMES_WEIGHT) } else { (B_TEXT, 1.0) };
        for (entity, score) in &mut hits {
            let size = self.size(*entity)?;
            let length =
                if field == NAMES { size.names as f32 / self.mean_names } else { size.words as f32 / self.mean_words };
            *score = weight * rarity * *score * (K1 + 1.0) / (*score + K1 * (1.0 - b + b * length));
        }
        Ok(hits)
    }

    fn phrase(&self, field: &str, words: &[&str], slop: u32) -> Result<Vec<(u32, f32)>, SearchError> {
        let mut found: Vec<(u32, Vec<Vec<u32>>)> = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let Some(place) = self.dictionary.get(&format!("{field}\0{word}"))? else { return Ok(Vec::new()) };
            let mut own: Vec<(u32, Vec<u32>)> = Vec::new();
            self.walk(place, field, |entity, places| own.push((entity, places.to_vec())))?;
            if at == 0 {
                found = own.into_iter().map(|(entity, places)| (entity, vec![places])).collect();
                continue;
            }
            let mut own = own.into_iter().peekable();
            found.retain_mut(|(entity, places)| {
                while own.next_if(|(other, _)| other < entity).is_some() {}
                match own.next_if(|(other, _)| other == entity) {
                    Some((_, more)) => {
                        places.push(more);
                        true
                    }
                    None => false,
                }
            });
        }
        let times = found.into_iter().map(|(entity, places)| (entity, n_phrases(&places, slop) as f32));
        self.rank(field, times.filter(|(_, times)| *times > 0.0).collect())
    }
}

/// How often words stand one after another, so many places off at most.
fn n_phrases(places: &[Vec<u32>], slop: u32) -> usize {
    let Some((first, others)) = places.split_first() else { return 0 };
    let stands = |start: &&u32| {
        let mut off = 0u32;
        for (at, places) in (1u32..).zip(others) {
            let wanted = start.saturating_add(at);
            let next = places.partition_point(|place| *place < wanted);
            let near = [next.checked_sub(1), Some(next)].into_iter().flatten().filter_map(|at| places.get(at));
            off = off.saturating_add(near.map(|place| place.abs_diff(wanted)).min().unwrap_or(u32::MAX));
        }
        off <= slop
    };
    first.iter().filter(stands).count()
}

/// Where the words of a property or group are, if it is one of words.
fn field_of_words(field: &str) -> Option<&'static str> {
    if field == "addresses" {
        return Some(TEXT);
    }
    let name = field.strip_prefix("properties.")?;
    let kind = Schema::all().find_map(|schema| schema.property(name))?.kind();
    match kind {
        PropertyType::Name => Some(NAMES),
        PropertyType::Address | PropertyType::String | PropertyType::Text => Some(TEXT),
        _ => None,
    }
}

/// A pattern as the field's terms are written.
fn wild(field: &str, pattern: &str) -> String {
    let mut out = String::new();
    let mut plain = String::new();
    for c in pattern.chars() {
        if matches!(c, '*' | '?') {
            out.push_str(&comparable(field, &plain));
            plain.clear();
            out.push(c);
        } else {
            plain.push(c);
        }
    }
    out.push_str(&comparable(field, &plain));
    out
}

/// Whether a text fits a pattern of `*` and `?`. O(pattern · text).
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut to) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while to < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, to));
                at += 1;
            }
            Some(sign) if *sign == b'?' || *sign == text[to] => (at, to) = (at + 1, to + 1),
            _ => match star {
                // The star takes one letter more.
                Some((back, from)) => {
                    star = Some((back, from + 1));
                    (at, to) = (back + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|sign| *sign == b'*')
}

/// Letters in which two words differ, a swap of neighbours counted once, if they are so many at most.
fn distance(one: &str, other: &str, most: u8) -> Option<u8> {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len().abs_diff(other.len()) > usize::from(most) {
        return None;
    }
    let (mut before, mut last): (Vec<u8>, Vec<u8>) = (Vec::new(), (0..=other.len().min(250) as u8).collect());
    if other.len() > 250 {
        return None;
    }
    for (at, ours) in one.iter().enumerate() {
        let mut row = vec![(at + 1).min(250) as u8];
        for (to, theirs) in other.iter().enumerate() {
            let mut least = (last[to] + u8::from(ours != theirs)).min(last[to + 1] + 1).min(row[to] + 1);
            if at > 0 && to > 0 && one[at - 1] == *theirs && other[to - 1] == *ours {
                least = least.min(before[to - 1] + 1);
            }
            row.push(least);
        }
        if row.iter().all(|distance| *distance > most) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|distance| *distance <= most)
}

fn and(one: Hits, other: Hits) -> Hits {
    match (one, other) {
        (Hits::All, hits) | (hits, Hits::All) => hits,
        (Hits::AllBut(one), Hits::AllBut(other)) => Hits::AllBut(merged(one, other)),
        (Hits::Some(mut some), Hits::AllBut(but)) | (Hits::AllBut(but), Hits::Some(mut some)) => {
            some.retain(|(entity, _)| but.binary_search(entity).is_err());
            Hits::Some(some)
        }
        (Hits::Some(one), Hits::Some(other)) => {
            let mut other = other.into_iter().peekable();
            let both = one.into_iter().filter_map(|(entity, score)| {
                while other.next_if(|(next, _)| *next < entity).is_some() {}
                let (_, more) = other.next_if(|(next, _)| *next == entity)?;
                Some((entity, score + more))
            });
            Hits::Some(both.collect())
        }
    }
}

fn or(one: Hits, other: Hits) -> Hits {
    match (one, other) {
        (Hits::All, _) | (_, Hits::All) => Hits::All,
        (Hits::AllBut(mut one), Hits::AllBut(other)) => {
            one.retain(|entity| other.binary_search(entity).is_ok());
            Hits::AllBut(one)
        }
        (Hits::Some(some), Hits::AllBut(mut but)) | (Hits::AllBut(mut but), Hits::Some(some)) => {
            but.retain(|entity| some.binary_search_by_key(entity, |(entity, _)| *entity).is_err());
            Hits::AllBut(but)
        }
        (Hits::Some(one), Hits::Some(other)) => Hits::Some(union(one, other, |one, other| one + other)),
    }
}

/// Entities of either, each with the better score.
fn best(one: Vec<(u32, f32)>, other: Vec<(u32, f32)>) -> Vec<(u32, f32)> {
    union(one, other, f32::max)
}

fn union(one: Vec<(u32, f32)>, other: Vec<(u32, f32)>, both: impl Fn(f32, f32) -> f32) -> Vec<(u32, f32)> {
    let mut out = Vec::with_capacity(one.len() + other.len());
    let mut other = other.into_iter().peekable();
    for (entity, score) in one {
        while let Some(before) = other.next_if(|(next, _)| *next < entity) {
            out.push(before);
        }
        let more = other.next_if(|(next, _)| *next == entity);
        out.push((entity, more.map_or(score, |(_, more)| both(score, more))));
    }
    out.extend(other);
    out
}

fn merged(one: Vec<u32>, other: Vec<u32>) -> Vec<u32> {
    let mut all = one;
    all.extend(other);
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_as_they_say() {
        for (pattern, text, fit) in [
            ("iv*", "ivan", true),
            ("i*n", "ivan", true),
            ("i?an", "ivan", true),
            ("*a*a*", "banana", true),
            ("i?n", "ivan", false),
            ("", "a", false),
            ("*", "", true),
        ] {
            assert_eq!(fits(pattern.as_bytes(), text.as_bytes()), fit, "{pattern} {text}");
        }
    }

    #[test]
    fn distances_are_counted_up_to_a_bound() {
        for (one, other, most, expected) in [
            ("petrov", "petrof", 1, Some(1)),
            ("petrov", "pertov", 1, Some(1)),
            ("petrov", "petrovs", 2, Some(1)),
            ("petrov", "ivanov", 2, None),
            ("a", "abc", 1, None),
        ] {
            assert_eq!(distance(one, other, most), expected, "{one} {other}");
        }
    }

    #[test]
    fn phrases_stand_in_order_within_their_slop() {
        assert_eq!(n_phrases(&[vec![1, 9], vec![2, 20]], 0), 1);
        assert_eq!(n_phrases(&[vec![1], vec![3]], 0), 0);
        assert_eq!(n_phrases(&[vec![1], vec![3]], 1), 1);
        assert_eq!(n_phrases(&[vec![5], vec![4]], 2), 1);
    }
}
