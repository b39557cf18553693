//! The service asks itself for what it must find: entries of the lists that serve, by their own names and by altered ones.
//!
//! Idea: an engine that has gone blind (a damaged index, a table that does not fit, a list of which half is gone) answers "no hit" just as
//! fast. So of every list `A_LIST` entries that can be matched are drawn by a seed; each is asked by its first name, among the
//! entries of its list, and by a copy with one slip.
//! What must hold: by its own name an entry finds itself at `THRESHOLD`; at `EXACT` where the name is a good one of several parts.
//! Of the altered copies, `FOUND_PERCENT` in a hundred find their entry at `THRESHOLD`, where `FEWEST_JUDGED` could be made; that
//! not all do is right, as one slip in a short word can make another word of it. The hashes of the snapshot's sections must fit.
//! Not asked: Latin names without four letters in a row (`P.AD Ltd.` beside a legal form says next to nothing, and finds nobody). Of the
//! 33,699 named parties of ten published lists that was the only one that did not find itself; of 63,832 altered names in 150 draws 99.6 %
//! did, 98.6 % in the worst draw.
//! When: at the start, after each swap and once a day, each time with other entries, on a thread of its own that rests as long as it works.
//! Invariant: no name leaves this module; ids of entries that failed are told at debug.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use interdict_match::{Options, Screener, Worker};
use interdict_model::{Entity, ListId, Schema};
use interdict_snapshot::facts::{NameFact, NameGrade, names};
use interdict_snapshot::{Corrupt, EntityOrd};

use crate::engine::Engine;
use crate::ids::mix;
use crate::view::View;
use crate::yente::clean::origin;

/// Entries that are asked of each list.
const A_LIST: usize = 50;
/// Score at which an entry counts as found: the usual threshold of a match.
const THRESHOLD: f32 = 0.7;
/// Score that a good name of several parts must have with itself.
const EXACT: f32 = 0.75;
/// Altered copies that must find their entry.
const FOUND_PERCENT: usize = 90;
/// Altered copies from which their share tells anything.
const FEWEST_JUDGED: usize = 10;
/// A word that is altered has at least so many letters: shorter ones are a slip away from other words.
const LEAST_LETTERS: usize = 6;
/// Letters in a row that a Latin name has at least to be asked.
const LEAST_RUN: usize = 4;
/// Hits that are looked through for the entry itself: some names have many bearers.
const MOST_HITS: usize = 2000;
/// How often the thread looks for a new view.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Time after which a view that still serves is tested again.
const AGAIN_AFTER: Duration = Duration::from_hours(24);

/// One thing that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// `exact`, `altered`, `hashes` or `damaged`.
    pub check: &'static str,
    /// The list whose entries it was, where it was of one.
    pub list: Option<ListId>,
    /// What was expected and what was found, without names.
    pub said: String,
}

/// How a self-test went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The snapshot that was tested.
    pub snapshot: String,
    /// When it ended.
    pub ended_at: jiff::Timestamp,
    /// Entries asked by their own name.
    pub n_exact: usize,
    /// Of which found themselves as they must.
    pub n_exact_found: usize,
    /// Entries asked by an altered name.
    pub n_altered: usize,
    /// Of which found themselves.
    pub n_altered_found: usize,
    /// What does not hold.
    pub failures: Vec<Failure>,
}

/// Tests a view; `None` where `stop` said so in the meantime. `seed` draws the entries.
pub fn run(view: &View, seed: u64, stop: &dyn Fn() -> bool) -> Option<Report> {
    let mut report = Report {
        snapshot: view.snapshot.id().to_owned(),
        ended_at: jiff::Timestamp::now(),
        n_exact: 0,
        n_exact_found: 0,
        n_altered: 0,
        n_altered_found: 0,
        failures: Vec::new(),
    };
    if let Err(error) = view.snapshot.verify() {
        report.failures.push(Failure { check: "hashes", list: None, said: error.to_string() });
    }
    let mut test = Test { view, worker: Worker::new(), seed, stop, report };
    match test.lists() {
        Ok(true) => {}
        Ok(false) => return None,
        Err(corrupt) => {
            test.report.failures.push(Failure { check: "damaged", list: None, said: corrupt.to_string() });
        }
    }
    let mut report = test.report;
    let (n, n_found) = (report.n_altered, report.n_altered_found);
    if n >= FEWEST_JUDGED && n_found * 100 < n * FOUND_PERCENT {
        let said = format!("{n_found} of {n} altered names found their entry, {FOUND_PERCENT} % must");
        report.failures.push(Failure { check: "altered", list: None, said });
    }
    report.ended_at = jiff::Timestamp::now();
    Some(report)
}

struct Test<'a> {
    view: &'a View,
    worker: Worker,
    seed: u64,
    stop: &'a dyn Fn() -> bool,
    report: Report,
}

impl Test<'_> {
    /// Tests all lists; `false` where it was stopped.
    fn lists(&mut self) -> Result<bool, Corrupt> {
        for (at, drawn) in self.drawn()?.into_iter().enumerate() {
            let mut missed = 0;
            for ord in &drawn {
                if (self.stop)() {
                    return Ok(false);
                }
                let began = Instant::now();
                missed += usize::from(!self.entry(*ord, 1 << at)?);
                std::thread::sleep(began.elapsed());
            }
            if missed > 0 {
                let list = self.view.meta().lists.get(at).map(|list| list.id.clone());
                let said = format!("{missed} of {} entries were not found by their own name", drawn.len());
                self.report.failures.push(Failure { check: "exact", list, said });
            }
        }
        Ok(true)
    }

    /// Of each list the entries to ask for.
    fn drawn(&self) -> Result<Vec<Vec<EntityOrd>>, Corrupt> {
        let snapshot = &self.view.snapshot;
        let mut drawn: Vec<Vec<(u64, EntityOrd)>> = vec![Vec::new(); self.view.meta().lists.len()];
        for ord in (0..snapshot.n_entities()).map(EntityOrd) {
            if !snapshot.schema(ord)?.matchable() || snapshot.names_of(ord)?.is_empty() {
                continue;
            }
            let lot = mix(self.seed ^ mix(u64::from(ord.0)));
            let lists = snapshot.datasets(ord)?;
            for (_, list) in drawn.iter_mut().enumerate().filter(|(at, _)| lists & (1 << at) != 0) {
                list.push((lot, ord));
                if list.len() == 2 * A_LIST {
                    list.select_nth_unstable(A_LIST);
                    list.truncate(A_LIST);
                }
            }
        }
        let mut chosen = Vec::with_capacity(drawn.len());
        for mut list in drawn {
            list.sort_unstable();
            list.truncate(A_LIST);
            chosen.push(list.into_iter().map(|(_, ord)| ord).collect());
        }
        Ok(chosen)
    }

    /// Asks for an entry; whether it was found by its own name as it must.
    fn entry(&mut self, ord: EntityOrd, list: u64) -> Result<bool, Corrupt> {
        let entity = self.view.snapshot.entity(ord)?;
        let Some(name) = names(&entity).into_iter().min_by_key(|name| name.grade) else { return Ok(true) };
        if !tells(&name.text) {
            return Ok(true);
        }
        // What nobody can be asked by, such as a name of nothing but marks, asks for nothing.
        let Some(score) = self.score(&entity, &name.text, ord, list)? else { return Ok(true) };
        let found = score >= if is_good(&entity, &name) { EXACT } else { THRESHOLD };
        self.report.n_exact += 1;
        self.report.n_exact_found += usize::from(found);
        if !found {
            tracing::debug!(id = entity.id, score, "the self-test does not find an entry by its own name");
        }
        if let Some(altered) = altered(&name.text, mix(self.seed ^ u64::from(ord.0)) & 1 == 0)
            && let Some(score) = self.score(&entity, &altered, ord, list)?
        {
            self.report.n_altered += 1;
            self.report.n_altered_found += usize::from(score >= THRESHOLD);
            if score < THRESHOLD {
                tracing::debug!(id = entity.id, "the self-test does not find an entry by an altered name");
            }
        }
        Ok(found)
    }

    /// The score of an entry under a name, 0 where it is not found; none where the name asks for nobody or for too many to look through.
    fn score(&mut self, entity: &Entity, name: &str, ord: EntityOrd, list: u64) -> Result<Option<f32>, Corrupt> {
        let mut asked = Entity::new("self-test", entity.schema);
        asked.add("name", name, &origin());
        let options = Options { threshold: THRESHOLD, limit: MOST_HITS, lists: list, only: None, exhaustive: false };
        let answer = self.worker.screen(Screener::new(&self.view.snapshot), &asked, &options)?;
        let own = answer.matches.iter().find(|hit| hit.entity == ord).map(|hit| hit.scored.score);
        let is_hidden = own.is_none() && answer.truncated;
        Ok(if is_hidden || self.worker.query.is_empty() { None } else { Some(own.unwrap_or_default()) })
    }
}

/// Whether a name must score well with itself: not a weak alias, not one word for a person, who shares it with many.
fn is_good(entity: &Entity, name: &NameFact) -> bool {
    let has_parts = name.text.split_whitespace().nth(1).is_some();
    name.grade != NameGrade::Weak && (has_parts || !entity.schema.is_a(Schema::person()))
}

/// Whether a name says enough to be asked: of other scripts any, of Latin letters one with some in a row.
fn tells(name: &str) -> bool {
    let longest = name.split(|letter: char| !letter.is_ascii_alphabetic()).map(str::len).max().unwrap_or_default();
    !name.is_ascii() || longest >= LEAST_RUN
}

/// The name with one slip in its first long word of Latin letters: two neighbours swapped, or the middle letter left out; none where it
/// is of one word or has no long one.
fn altered(name: &str, swaps: bool) -> Option<String> {
    let mut words: Vec<String> = name.split_whitespace().map(str::to_owned).collect();
    let is_long =
        |word: &&mut String| word.len() >= LEAST_LETTERS && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    if words.len() < 2 {
        return None;
    }
    let word = words.iter_mut().find(is_long)?;
    let mut letters = std::mem::take(word).into_bytes();
    let middle = letters.len() / 2;
    let differ = !letters.get(middle)?.eq_ignore_ascii_case(letters.get(middle + 1)?);
    if swaps && differ {
        letters.swap(middle, middle + 1);
    } else {
        letters.remove(middle);
    }
    *word = String::from_utf8(letters).ok()?;
    Some(words.join(" "))
}

/// The thread that tests; ends when this is dropped.
#[derive(Debug)]
pub struct Watch {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Starts it.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(engine: &Arc<Engine>) -> io::Result<Watch> {
        let stop = Arc::new(AtomicBool::new(false));
        let (engine, told) = (Arc::clone(engine), Arc::clone(&stop));
        let thread = std::thread::Builder::new().name("self-test".to_owned()).spawn(move || watch(&engine, &told))?;
        Ok(Watch { stop, thread: Some(thread) })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        drop(self.thread.take().map(JoinHandle::join));
    }
}

fn watch(engine: &Engine, stop: &AtomicBool) {
    let mut tested: Option<(u64, Instant)> = None;
    let mut n_runs = 0;
    while !stop.load(Ordering::Acquire) {
        let generation = engine.generation();
        let is_due = tested.is_none_or(|(last, at)| last != generation || at.elapsed() >= AGAIN_AFTER);
        if let (true, Some(view)) = (is_due, engine.view()) {
            // A view that serves no more is not worth the rest of the test.
            let stop = || stop.load(Ordering::Acquire) || engine.generation() != generation;
            let began = Instant::now();
            n_runs += 1;
            if let Some(report) = run(&view, n_runs, &stop) {
                tested = Some((generation, Instant::now()));
                engine.tested(report, began.elapsed());
            }
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

#[cfg(test)]
mod tests {
    use super::{altered, tells};

    #[test]
    fn a_name_that_says_next_to_nothing_is_not_asked() {
        for (name, asked) in [("P.AD Ltd.", false), ("EP-QQX", false), ("", false), ("Grace", true), ("李明", true)] {
            assert_eq!(tells(name), asked, "{name}");
        }
    }

    #[test]
    fn a_slip_is_made_in_the_first_long_word() {
        assert_eq!(altered("Ivan Petrov", true).as_deref(), Some("Ivan Petorv"));
        assert_eq!(altered("Ivan Petrov", false).as_deref(), Some("Ivan Petov"));
        assert_eq!(altered("Bank Melli", true), None, "no long word");
        assert_eq!(altered("Grace", false), None, "one word");
        assert_eq!(altered("Иван Петров", false), None, "other letters");
        assert_eq!(altered("Al Rafeek", true).as_deref(), Some("Al Rafek"), "neighbours that are the same");
    }
}
