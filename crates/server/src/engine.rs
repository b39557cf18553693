//! What answers: the view that serves now, the threads that screen, the updates that bring the next view.
//!
//! Invariant: a view is swapped whole, by one store; requests that run keep theirs. What a failed update leaves is the last good view.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use interdict_snapshot::Snapshot;

use crate::catalogue::Catalogue;
use crate::observe::Observe;
use crate::observe::metrics::Metrics;
use crate::pool::Pool;
use crate::reasons::for_clients;
use crate::selftest::Report;
use crate::view::View;

/// What brings the newest lists into a snapshot; blocking, and told to the engine by its result.
pub type Updater = Box<dyn Fn() -> Result<Updated, String> + Send + Sync>;

/// What an update yields.
#[derive(Debug)]
pub struct Updated {
    /// The snapshot to serve from now on.
    pub snapshot: Snapshot,
    /// The datasets as the manifest has them now.
    pub catalogue: Arc<Catalogue>,
}

/// Why an update began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// The service had just started.
    Startup,
    /// It was time.
    Scheduled,
    /// Somebody asked for it.
    Manual,
}

/// How updates went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpdateState {
    /// Why the last one began.
    pub trigger: Option<Trigger>,
    /// When the last one began.
    pub started_at: Option<jiff::Timestamp>,
    /// When the last one ended.
    pub ended_at: Option<jiff::Timestamp>,
    /// Why the last one that ended failed, if it did; as clients may be told.
    pub error: Option<String>,
}

/// The part of the service that knows no HTTP.
pub struct Engine {
    view: ArcSwapOption<View>,
    /// The datasets that are known before the first view.
    announced: Option<Arc<Catalogue>>,
    /// Rises with each swap of the view.
    generation: AtomicU64,
    self_test: ArcSwapOption<Report>,
    /// What is counted.
    pub metrics: Metrics,
    /// What else is told.
    pub observe: Observe,
    /// The threads that screen.
    pub pool: Pool,
    updater: Option<Updater>,
    updating: AtomicBool,
    stopping: AtomicBool,
    state: Mutex<UpdateState>,
    /// When the service started.
    pub started_at: jiff::Timestamp,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Engine").field("view", &self.view).finish_non_exhaustive()
    }
}

/// How an update that was asked for ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// A new view serves.
    New,
    /// Nothing differs.
    Same,
    /// One is running already.
    Busy,
    /// This service serves one file and has no lists to fetch.
    Fixed,
    /// It failed; the last good view serves.
    Failed(String),
}

impl Ended {
    /// One word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Ended::New => "new",
            Ended::Same => "same",
            Ended::Busy => "busy",
            Ended::Fixed => "fixed",
            Ended::Failed(_) => "failed",
        }
    }
}

impl Engine {
    /// An engine that serves a view, or none until its first update.
    pub fn new(pool: Pool, first: Option<View>, updater: Option<Updater>) -> Engine {
        Engine {
            view: ArcSwapOption::from(first.map(Arc::new)),
            announced: None,
            generation: AtomicU64::new(0),
            self_test: ArcSwapOption::empty(),
            metrics: Metrics::default(),
            observe: Observe::default(),
            pool,
            updater,
            updating: AtomicBool::new(false),
            stopping: AtomicBool::new(false),
            state: Mutex::default(),
            started_at: jiff::Timestamp::now(),
        }
    }

    /// Tells this, too.
    #[must_use]
    pub fn observed(self, observe: Observe) -> Engine {
        Engine { observe, ..self }
    }

    /// Knows these datasets before any of their lists is there.
    #[must_use]
    pub fn announcing(self, announced: Option<Arc<Catalogue>>) -> Engine {
        Engine { announced, ..self }
    }

    /// The datasets that are known before the first view, where they are.
    pub(crate) fn announced(&self) -> Option<&Catalogue> {
        self.announced.as_deref()
    }

    /// Another number after each swap of the view.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// How the last self-test went, where one ended.
    pub fn self_test(&self) -> Option<Arc<Report>> {
        self.self_test.load_full()
    }

    /// A self-test ended.
    pub(crate) fn tested(&self, report: Report, took: Duration) {
        self.metrics.tested(report.failures.is_empty(), took);
        for failure in &report.failures {
            let list = failure.list.as_ref().map(interdict_model::ListId::as_str);
            tracing::error!(
                check = failure.check,
                list,
                said = failure.said,
                snapshot = report.snapshot,
                "the self-test failed"
            );
        }
        if report.failures.is_empty() {
            let Report { n_exact, n_altered, n_altered_found, .. } = report;
            let took_ms = took.as_millis() as u64;
            tracing::info!(
                snapshot = report.snapshot,
                n_exact,
                n_altered,
                n_altered_found,
                took_ms,
                "the self-test passed"
            );
        }
        self.self_test.store(Some(Arc::new(report)));
    }

    /// The view that serves now; a request takes it once.
    pub fn view(&self) -> Option<Arc<View>> {
        self.view.load_full()
    }

    /// How updates went.
    pub fn update_state(&self) -> UpdateState {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether an update runs.
    pub fn is_updating(&self) -> bool {
        self.updating.load(Ordering::Acquire)
    }

    /// From now on the service says that nothing more is to be sent to it.
    pub(crate) fn give_notice(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    /// Whether it was told to stop.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }

    /// Whether there are lists to bring up to date.
    pub fn can_update(&self) -> bool {
        self.updater.is_some()
    }

    /// Brings the lists up to date and swaps the view, as it is time. Blocks until done: some seconds to minutes.
    pub fn update(&self) -> Ended {
        let is_first = self.update_state().started_at.is_none();
        self.update_for(if is_first { Trigger::Startup } else { Trigger::Scheduled })
    }

    /// As [`Engine::update`], because somebody asked for it.
    pub fn update_by_hand(&self) -> Ended {
        self.update_for(Trigger::Manual)
    }

    /// Begins an update that somebody asked for, to be carried out on a thread that may block.
    ///
    /// # Errors
    /// [`Ended::Busy`] or [`Ended::Fixed`]: none can begin.
    pub fn begin_by_hand(self: &Arc<Engine>) -> Result<Update, Ended> {
        self.claim(Trigger::Manual)?;
        Ok(Update { engine: Arc::clone(self) })
    }

    fn update_for(&self, trigger: Trigger) -> Ended {
        if let Err(ended) = self.claim(trigger) {
            return ended;
        }
        let ended = self.carry_out();
        self.updating.store(false, Ordering::Release);
        ended
    }

    /// Makes the one update that may run this caller's.
    fn claim(&self, trigger: Trigger) -> Result<(), Ended> {
        if self.updater.is_none() {
            return Err(Ended::Fixed);
        }
        if self.updating.swap(true, Ordering::AcqRel) {
            return Err(Ended::Busy);
        }
        self.note(|state| {
            state.trigger = Some(trigger);
            state.started_at = Some(jiff::Timestamp::now());
        });
        Ok(())
    }

    /// The update itself, by whom it was claimed.
    fn carry_out(&self) -> Ended {
        let Some(updater) = &self.updater else { return Ended::Fixed };
        let began = Instant::now();
        // A panic of an updater must not keep all later ones from running.
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(updater))
            .unwrap_or_else(|_| Err("the update panicked; see the log".to_owned()));
        let ended = match result {
            Ok(Updated { snapshot, catalogue }) => {
                let is_same = self.view().is_some_and(|view| {
                    view.snapshot.id() == snapshot.id()
                        && view.snapshot.meta() == snapshot.meta()
                        && *view.catalogue == *catalogue
                });
                if is_same {
                    Ended::Same
                } else {
                    // Clients are told these without their paths.
                    for list in &snapshot.meta().lists {
                        for (state, reason) in [("stale", &list.stale), ("missing", &list.missing)] {
                            if let Some(reason) = reason {
                                tracing::warn!(list = list.id.as_str(), state, reason, "a list is not as it should be");
                            }
                        }
                    }
                    self.view.store(Some(Arc::new(View::new(snapshot, catalogue))));
                    self.generation.fetch_add(1, Ordering::AcqRel);
                    Ended::New
                }
            }
            Err(reason) => Ended::Failed(reason),
        };
        self.metrics.updated(ended.word(), began.elapsed());
        self.note(|state| {
            state.ended_at = Some(jiff::Timestamp::now());
            state.error = if let Ended::Failed(reason) = &ended { Some(for_clients(reason)) } else { None };
        });
        ended
    }

    fn note(&self, change: impl FnOnce(&mut UpdateState)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The file that serves, where one does.
    pub fn path(&self) -> Option<PathBuf> {
        self.view().map(|view| view.snapshot.path().to_owned())
    }
}

/// An update that has begun: no other begins until it was carried out or dropped.
#[derive(Debug)]
pub struct Update {
    engine: Arc<Engine>,
}

impl Update {
    /// Carries it out; blocks until done.
    pub fn run(self) -> Ended {
        self.engine.carry_out()
    }
}

impl Drop for Update {
    fn drop(&mut self) {
        self.engine.updating.store(false, Ordering::Release);
    }
}
