//! Screening allocates nothing once it is warm, and taking a query apart next to nothing.
//!
//! Idea: an allocator that counts what its thread asks; the same queries twice with one scratch and one answer, the second pass counted.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
#![expect(unsafe_code, reason = "an allocator can be written in no other way")]

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use interdict_match::{Answer, Options, Query, QueryScratch, Scratch, Screener};
use interdict_model::{Entity, Schema};

use common::{entity, snapshot_of};

/// The system's allocator with a count of what each thread asks of it.
struct Counting;

thread_local! {
    static N_ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

fn count() {
    N_ALLOCATIONS.with(|n| n.set(n.get() + 1));
}

// SAFETY: every call is passed on to the system's allocator as it came; counting touches a constant-initialised cell without a
// destructor, which allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller keeps the duties of `alloc`, which are those of the system's allocator.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: `memory` came of `alloc` or `realloc` above, which is to say of the system's allocator, with this layout.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: likewise, and the caller keeps the duties of `realloc`.
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const GIVEN: [&str; 20] = [
    "Omar",
    "Muhammad",
    "Abd al-Rahman",
    "Vladimir",
    "Sergey",
    "Olga",
    "Maria",
    "Jong Un",
    "Xiaoming",
    "J.",
    "Петр",
    "Сергей",
    "محمد",
    "عبد الرحمن",
    "Γιώργος",
    "Anna-Maria",
    "Yousef",
    "John",
    "Гульнара",
    "علي",
];
const FAMILY: [&str; 20] = [
    "Zarbino",
    "al-Kolvan",
    "Petrov",
    "Ivanova",
    "Orbitalika",
    "Kim",
    "Zhang",
    "Hassan",
    "bin Ali",
    "Smith",
    "Зарбинов",
    "Орбиталин",
    "حسن",
    "القلفان",
    "Παπαδόπουλος",
    "Ben Omar",
    "O'Zarbin",
    "Khan",
    "Шойгуев",
    "ابن علي",
];
const FIRMS: [&str; 12] = [
    "Zarbino Trading LLC",
    "ООО «Орбита»",
    "Orbitalika Shipping Co., Ltd.",
    "АО НПП Кант",
    "Golden Horn Foundation",
    "山东新壹路国际贸易有限公司",
    "주식회사 오르비타",
    "شركة القلفان للتجارة",
    "Kolvan & Sons",
    "Horn Group (HG)",
    "Al Zarbin Exchange",
    "Plant No. 7",
];

/// Some hundred people and firms, named after what they are made of.
fn parties(prefix: &str, shift: usize) -> Vec<Entity> {
    let mut parties = Vec::new();
    for at in 0..400 {
        let (given, family) = (GIVEN[at % 20], FAMILY[(at / 20 + at * 7 + shift) % 20]);
        let (name, other) = (format!("{given} {family}"), format!("{family} {}", GIVEN[(at + 3 + shift) % 20]));
        let (birth, number) =
            (format!("{}-0{}-11", 1950 + at % 40, 1 + at % 9), format!("P{:07}", at * 31 + shift % 2));
        let mut values = vec![("name", name.as_str())];
        if at % 3 == 0 {
            values.push(("alias", &other));
        }
        if at % 2 == 0 {
            values.extend([
                ("birthDate", birth.as_str()),
                ("nationality", ["ru", "ir", "kp"][at % 3]),
                ("gender", "male"),
            ]);
        }
        if at % 5 == 0 {
            values.extend([("passportNumber", number.as_str()), ("address", "17 Kolvan Street, Orbital City")]);
        }
        parties.push(entity(&format!("{prefix}-person-{at}"), Schema::person(), &values));
    }
    for at in 0..120 {
        let name = format!("{} {}", FIRMS[at % 12], if at < 12 { "" } else { FAMILY[(at / 12 + shift) % 20] });
        let number = format!("77{:08}", at * 17);
        let values = [("name", name.trim()), ("registrationNumber", &number), ("country", "ae")];
        parties.push(entity(&format!("{prefix}-firm-{at}"), Schema::company(), &values[..=(2 * (at % 2))]));
    }
    parties
}

/// A party with a letter of its name lost.
fn misspelt(party: &Entity) -> Entity {
    let name: String =
        party.first("name").unwrap_or_default().char_indices().filter(|(at, _)| *at != 2).map(|(_, c)| c).collect();
    entity(&party.id, party.schema, &[("name", &name)])
}

#[test]
fn a_warm_scratch_allocates_nothing() {
    let snapshot = snapshot_of(parties("e", 0));
    let screener = Screener::new(&snapshot);
    let mut asked: Vec<Entity> = [0, 1, 5].iter().flat_map(|shift| parties("q", *shift)).collect();
    asked.extend(parties("m", 0).iter().map(misspelt));
    let queries: Vec<Query> = asked.iter().map(Query::of).collect();
    let (mut scratch, mut answer) = (Scratch::new(), Answer::default());
    for options in [Options::default(), Options { threshold: 0.5, limit: 100, ..Options::default() }] {
        let (mut n_found, cold) = (0, N_ALLOCATIONS.get());
        for query in &queries {
            screener.screen_into(query, &options, &mut scratch, &mut answer).unwrap();
            n_found += answer.matches.len();
        }
        assert!(n_found > queries.len(), "{n_found} matches");
        assert!(N_ALLOCATIONS.get() > cold, "the first pass warms");
        for query in &queries {
            let before = N_ALLOCATIONS.get();
            screener.screen_into(query, &options, &mut scratch, &mut answer).unwrap();
            assert_eq!(N_ALLOCATIONS.get() - before, 0, "allocations for {:?}", query.names);
        }
    }
}

/// Allocations of taking a query apart, in the mean, of names in Latin letters and of all of [`parties`]: what is left are texts
/// longer than 24 bytes, identifiers, names of several scripts or with brackets, and Russian names that may be spelt as newspapers spell them.
const MOST_ALLOCATIONS: [f64; 2] = [1.8, 6.6];

#[test]
fn taking_a_query_apart_with_a_warm_scratch_allocates_next_to_nothing() {
    let asked: Vec<Entity> = [0, 1, 5].iter().flat_map(|shift| parties("q", *shift)).collect();
    let (mut query, mut scratch) = (Query::of(&asked[0]), QueryScratch::default());
    for entity in &asked {
        query.retake(entity, &mut scratch);
    }
    let (mut latin, mut all) = (Vec::new(), Vec::new());
    for entity in &asked {
        let before = N_ALLOCATIONS.get();
        query.retake(entity, &mut scratch);
        let n_allocations = N_ALLOCATIONS.get() - before;
        assert_eq!(format!("{query:?}"), format!("{:?}", Query::of(entity)), "as if nothing was kept");
        all.push(n_allocations);
        if query.names.iter().all(|name| name.text.is_ascii() && !name.text.contains('(')) {
            latin.push(n_allocations);
        }
    }
    let mean = |counts: &[usize]| counts.iter().sum::<usize>() as f64 / counts.len() as f64;
    let means = [mean(&latin), mean(&all)];
    assert!(means.iter().zip(MOST_ALLOCATIONS).all(|(mean, most)| *mean <= most), "{means:?}");
    assert_eq!(latin.iter().min(), Some(&0));
}
