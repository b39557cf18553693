//! Search held against a plain scan of the entities.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use interdict_model::{Entity, ListId, Origin, PropertyType, Schema};
use interdict_search::{Builder, Direction, DocTerms, Filter, Index, Query, Request, SearchError, Syntax, fold};
use proptest::prelude::*;

const WORDS: &[&str] = &["ivan", "Petrov", "Петров", "bank", "of", "Müller"];
const COUNTRIES: &[&str] = &["ru", "de", "ir"];
const DATES: &[&str] = &["1970", "1970-05-01", "1985-12-31", "2001"];

/// An entity by its words, countries and dates.
type Made = (Vec<Vec<usize>>, Vec<usize>, Vec<usize>, bool);

fn made() -> impl Strategy<Value = Made> {
    let name = proptest::collection::vec(0..WORDS.len(), 1..4);
    (
        proptest::collection::vec(name, 1..3),
        proptest::collection::vec(0..COUNTRIES.len(), 0..3),
        proptest::collection::vec(0..DATES.len(), 0..3),
        any::<bool>(),
    )
}

fn entity(at: usize, (names, countries, dates, is_person): &Made) -> Entity {
    let origin = Origin::new(ListId::new("acme").unwrap(), "1", "");
    let schema = if *is_person { Schema::person() } else { Schema::company() };
    let mut entity = Entity::new(format!("id-{at:02}"), schema);
    for name in names {
        entity.add("name", &name.iter().map(|at| WORDS[*at]).collect::<Vec<_>>().join(" "), &origin);
    }
    for country in countries {
        entity.add("country", COUNTRIES[*country], &origin);
    }
    for date in dates {
        entity.add(if *is_person { "birthDate" } else { "incorporationDate" }, DATES[*date], &origin);
    }
    entity
}

fn bytes(entities: &[Entity], order: &[u32]) -> Vec<u8> {
    let mut builder = Builder::new();
    for entity in entities {
        builder.add(&DocTerms::of(entity));
    }
    builder.finish(order)
}

/// A question, by the language and by a scan.
#[derive(Clone, Debug)]
enum Ask {
    Word(usize),
    Phrase(usize, usize),
    Prefix(usize, usize),
    Country(usize),
    Born(usize, usize),
    And(Box<Ask>, Box<Ask>),
    Or(Box<Ask>, Box<Ask>),
    Not(Box<Ask>),
}

fn ask() -> impl Strategy<Value = Ask> {
    let leaf = prop_oneof![
        (0..WORDS.len()).prop_map(Ask::Word),
        (0..WORDS.len(), 0..WORDS.len()).prop_map(|(one, other)| Ask::Phrase(one, other)),
        (0..WORDS.len(), 1usize..3).prop_map(|(word, n)| Ask::Prefix(word, n)),
        (0..COUNTRIES.len()).prop_map(Ask::Country),
        (0..DATES.len(), 0..DATES.len()).prop_map(|(one, other)| Ask::Born(one.min(other), one.max(other))),
    ];
    leaf.prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(one, other)| Ask::And(one.into(), other.into())),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| Ask::Or(one.into(), other.into())),
            inner.prop_map(|one| Ask::Not(one.into())),
        ]
    })
}

impl Ask {
    fn text(&self) -> String {
        match self {
            Ask::Word(word) => WORDS[*word].to_owned(),
            Ask::Phrase(one, other) => format!("name:\"{} {}\"", WORDS[*one], WORDS[*other]),
            Ask::Prefix(word, n) => format!("names:{}*", WORDS[*word].chars().take(*n).collect::<String>()),
            Ask::Country(country) => format!("countries:{}", COUNTRIES[*country]),
            Ask::Born(from, to) => format!("properties.birthDate:[{} TO {}]", DATES[*from], DATES[*to]),
            Ask::And(one, other) => format!("({}) AND ({})", one.text(), other.text()),
            Ask::Or(one, other) => format!("({}) OR ({})", one.text(), other.text()),
            Ask::Not(one) => format!("NOT ({})", one.text()),
        }
    }

    fn holds(&self, entity: &Entity) -> bool {
        let names: Vec<Vec<String>> = entity
            .values_of(PropertyType::Name)
            .map(|(_, value)| fold(&value.text).split(' ').map(str::to_owned).collect())
            .collect();
        let any_word = |fits: &dyn Fn(&str) -> bool| names.iter().flatten().any(|word| fits(word));
        match self {
            Ask::Word(word) => any_word(&|known| known == fold(WORDS[*word])),
            Ask::Phrase(one, other) => {
                let phrase = [fold(WORDS[*one]), fold(WORDS[*other])];
                names.iter().any(|name| name.windows(2).any(|pair| pair == phrase))
            }
            Ask::Prefix(word, n) => {
                let prefix = fold(&WORDS[*word].chars().take(*n).collect::<String>());
                any_word(&|known| known.starts_with(&prefix))
            }
            Ask::Country(country) => entity.has("country", COUNTRIES[*country]),
            Ask::Born(from, to) => entity.get("birthDate").iter().any(|value| {
                &*value.text >= DATES[*from] && (&*value.text < DATES[*to] || value.text.starts_with(DATES[*to]))
            }),
            Ask::And(one, other) => one.holds(entity) && other.holds(entity),
            Ask::Or(one, other) => one.holds(entity) || other.holds(entity),
            Ask::Not(one) => !one.holds(entity),
        }
    }
}

fn request(query: &Query) -> Request<'_> {
    Request { query, only: None, filters: Vec::new(), offset: 0, limit: 1000, sort: Vec::new(), facets: Vec::new() }
}

fn ascending(n: usize) -> Vec<u32> {
    (0..n as u32).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_query_means_what_a_scan_finds(made in proptest::collection::vec(made(), 0..12), ask in ask()) {
        let entities: Vec<Entity> = made.iter().enumerate().map(|(at, made)| entity(at, made)).collect();
        let bytes = bytes(&entities, &ascending(entities.len()));
        let index = Index::open(&bytes).unwrap();
        let query = Query::parse(&ask.text(), Syntax::Full { fuzzy: false }).unwrap();
        let page = index.search(&request(&query)).unwrap();
        let mut found: Vec<u32> = page.found.iter().map(|found| found.entity).collect();
        found.sort_unstable();
        let expected: Vec<u32> =
            entities.iter().zip(0..).filter(|(entity, _)| ask.holds(entity)).map(|(_, at)| at).collect();
        prop_assert_eq!(&found, &expected, "{}", ask.text());
        prop_assert_eq!(page.total, expected.len());
    }

    #[test]
    fn filters_facets_and_order_are_those_of_a_scan(
        made in proptest::collection::vec(made(), 0..12), wanted in proptest::collection::vec(0..COUNTRIES.len(), 1..3),
        all: bool, descending: bool, offset in 0usize..4, limit in 0usize..5,
    ) {
        let entities: Vec<Entity> = made.iter().enumerate().map(|(at, made)| entity(at, made)).collect();
        let bytes = bytes(&entities, &ascending(entities.len()));
        let index = Index::open(&bytes).unwrap();
        let query = Query::all();
        let values: Vec<String> = wanted.iter().map(|at| COUNTRIES[*at].to_owned()).collect();
        let direction = if descending { Direction::Descending } else { Direction::Ascending };
        let page = index.search(&Request {
            filters: vec![Filter { field: "countries".to_owned(), values: values.clone(), all }],
            offset,
            limit,
            sort: vec![("dates".to_owned(), direction)],
            facets: vec!["countries".to_owned(), "schema".to_owned()],
            ..request(&query)
        }).unwrap();
        let holds = |entity: &Entity| {
            if all { values.iter().all(|value| entity.has("country", value)) } else { values.iter().any(|value| entity.has("country", value)) }
        };
        let mut expected: Vec<(usize, &Entity)> = entities.iter().enumerate().filter(|(_, entity)| holds(entity)).collect();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, entity) in &expected {
            for country in entity.get("country") {
                *counts.entry(&country.text).or_default() += 1;
            }
        }
        let told: BTreeMap<&str, usize> =
            page.facets[0].buckets.iter().map(|bucket| (bucket.value.as_str(), bucket.count)).collect();
        prop_assert_eq!(told, counts);
        let persons = expected.iter().filter(|(_, entity)| entity.schema == Schema::person()).count();
        let told = page.facets[1].buckets.iter().find(|bucket| bucket.value == "Person").map_or(0, |bucket| bucket.count);
        prop_assert_eq!(told, persons);
        expected.sort_by(|(one, a), (other, b)| {
            let dates = |entity: &Entity| {
                let dates = entity.values_of(PropertyType::Date).map(|(_, value)| value.text.to_string());
                // The least term of a date is its year, as in yente.
                if descending { dates.max() } else { dates.min().map(|date| date[..4].to_owned()) }
            };
            let by_date = match (dates(a), dates(b)) {
                (Some(a), Some(b)) if descending => b.cmp(&a),
                (Some(a), Some(b)) => a.cmp(&b),
                (a, b) => b.is_some().cmp(&a.is_some()),
            };
            by_date.then(b.n_values().cmp(&a.n_values())).then(one.cmp(other))
        });
        prop_assert_eq!(page.total, expected.len());
        let found: Vec<usize> = page.found.iter().map(|found| found.entity as usize).collect();
        let expected: Vec<usize> = expected.into_iter().map(|(at, _)| at).skip(offset).take(limit).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn the_order_of_coming_changes_no_byte(made in proptest::collection::vec(made(), 1..12), turn in 0usize..12) {
        let entities: Vec<Entity> = made.iter().enumerate().map(|(at, made)| entity(at, made)).collect();
        let n = entities.len();
        let one = bytes(&entities, &ascending(n));
        let turn = turn % n;
        let turned: Vec<Entity> = entities.iter().cycle().skip(turn).take(n).cloned().collect();
        let order: Vec<u32> = (0..n).map(|at| ((at + n - turn) % n) as u32).collect();
        prop_assert_eq!(one, bytes(&turned, &order));
    }

    #[test]
    fn altered_and_truncated_bytes_never_panic(made in proptest::collection::vec(made(), 1..8), at: prop::sample::Index, flip in 1u8.., cut: bool) {
        let entities: Vec<Entity> = made.iter().enumerate().map(|(at, made)| entity(at, made)).collect();
        let mut bytes = bytes(&entities, &ascending(entities.len()));
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] ^= flip }
        let Ok(index) = Index::open(&bytes) else { return Ok(()) };
        for text in ["ivan", "name:\"ivan petrov\"", "p*", "countries:*", "ivam~1", "NOT bank"] {
            let query = Query::parse(text, Syntax::Full { fuzzy: true }).unwrap();
            drop(index.search(&Request {
                sort: vec![("dates".to_owned(), Direction::Descending)],
                facets: vec!["countries".to_owned()],
                ..request(&query)
            }));
        }
    }

    #[test]
    fn whatever_is_typed_is_read(text: String) {
        let full = Query::parse(&text, Syntax::Full { fuzzy: true });
        if let Err(error) = full {
            prop_assert!(error.at <= text.chars().count());
        }
        Query::parse(&text, Syntax::Simple).unwrap();
    }
}

#[test]
fn names_rank_above_other_words_and_misspelt_ones_are_found_where_that_is_wanted() {
    let origin = Origin::new(ListId::new("acme").unwrap(), "1", "");
    let mut in_notes = Entity::new("a", Schema::person());
    in_notes.add("name", "Somebody Else", &origin);
    in_notes.add("notes", "met Petrov once", &origin);
    let mut named = Entity::new("b", Schema::person());
    named.add("name", "Ivan Petrov", &origin);
    let others = (0..20).map(|at| {
        let mut other = Entity::new(format!("z{at}"), Schema::company());
        other.add("name", "Quite Another", &origin);
        other
    });
    let entities: Vec<Entity> = [in_notes, named].into_iter().chain(others).collect();
    let bytes = bytes(&entities, &ascending(entities.len()));
    let index = Index::open(&bytes).unwrap();
    let ids = |text: &str, syntax: Syntax| {
        let query = Query::parse(text, syntax).unwrap();
        index.search(&request(&query)).unwrap().found.iter().map(|found| found.entity).collect::<Vec<_>>()
    };
    let full = |fuzzy| Syntax::Full { fuzzy };
    assert_eq!(ids("petrov", full(false)), [1, 0]);
    assert_eq!(ids("names:petrov", full(false)), [1]);
    assert_eq!(ids("properties.notes:\"petrov once\"", full(false)), [0]);
    assert_eq!(ids("petrof~", full(true)).len(), 2);
    assert!(ids("petrof~", full(false)).is_empty());
    assert_eq!(ids("pet* -notes", Syntax::Simple).len(), 2);
    assert_eq!(ids("pet* -once", Syntax::Simple), [1]);
    assert_eq!(ids("", full(false)).len(), 22);
    assert_eq!(index.entities_after("id", "z8").unwrap().iter().collect::<Vec<_>>(), [11]);
    assert_eq!(index.first_with("properties.name", "ivan PETROV").unwrap(), Some(1));
}

#[test]
fn a_search_that_nobody_waits_for_any_more_ends() {
    let entities: Vec<Entity> =
        (0..50).map(|at| entity(at, &(vec![vec![0, 1]], vec![at % 3], vec![0], true))).collect();
    let bytes = bytes(&entities, &(0..50).collect::<Vec<_>>());
    let index = Index::open(&bytes).unwrap();
    let stopped = AtomicBool::new(false);
    let until = index.until(&stopped);
    for text in ["ivan", "*a*", "countries:ru", "_exists_:dates", "\"ivan petrov\"", "ivam~"] {
        let query = Query::parse(text, Syntax::Full { fuzzy: true }).unwrap();
        stopped.store(false, Ordering::Relaxed);
        assert!(until.search(&request(&query)).unwrap().total > 0, "{text}");
        stopped.store(true, Ordering::Relaxed);
        assert_eq!(until.search(&request(&query)), Err(SearchError::Stopped), "{text}");
    }
    let all = Query::all();
    let facets = Request { facets: vec!["countries".to_owned()], ..request(&all) };
    assert_eq!(until.search(&facets), Err(SearchError::Stopped));
    let sort = Request { sort: vec![("dates".to_owned(), Direction::Ascending)], ..request(&all) };
    assert_eq!(until.search(&sort), Err(SearchError::Stopped));
}

#[test]
fn what_is_named_again_counts_once() {
    let entities: Vec<Entity> =
        (0..9).map(|at| entity(at, &(vec![vec![at % 3]], vec![at % 2], vec![], true))).collect();
    let bytes = bytes(&entities, &(0..9).collect::<Vec<_>>());
    let index = Index::open(&bytes).unwrap();
    let all = Query::all();
    let page = |sort: &[(&str, Direction)], facets: &[&str]| {
        let sort = sort.iter().map(|(field, direction)| ((*field).to_owned(), *direction)).collect();
        let facets = facets.iter().map(|facet| (*facet).to_owned()).collect();
        index.search(&Request { sort, facets, ..request(&all) }).unwrap()
    };
    let (up, down) = (Direction::Ascending, Direction::Descending);
    assert_eq!(page(&[], &["countries"; 300]).facets, page(&[], &["countries"]).facets);
    let once = page(&[("countries", up), ("properties.name", down)], &[]);
    assert_eq!(once, page(&[("countries", up), ("countries", up), ("properties.name", down)], &[]));
    assert_eq!(
        index.entities_with("countries", &["ru"; 300]).unwrap(),
        index.entities_with("countries", &["RU"]).unwrap()
    );
}
