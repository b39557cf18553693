//! What is counted and timed, for as long as the service runs; `page` writes it beside what is true at the moment.
//!
//! Invariant: a label is a route template, a method, a status, a stage, an outcome or a list id: none comes from a query.
//! Cost: a lock and two additions a request and metric.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Bounds of the buckets in seconds: a name takes some 0.1 ms, a batch of a hundred some 10 ms, and nobody waits 10 s.
const SECONDS: [f64; 15] =
    [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Likewise for updates and self-tests, which take seconds to minutes.
const LONG_SECONDS: [f64; 10] = [0.1, 0.5, 1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 900.0];

type Timed<L> = Family<L, Histogram, fn() -> Histogram>;

fn short() -> Histogram {
    Histogram::new(SECONDS)
}

fn long() -> Histogram {
    Histogram::new(LONG_SECONDS)
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    method: &'static str,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct StageLabels {
    stage: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

/// What the threads that screen count: every query, whatever route, stream or job it came by.
#[derive(Clone, Debug)]
pub struct Screening {
    stages: Timed<StageLabels>,
    /// From hand-over to a thread until it begins.
    pub(crate) queue: Histogram,
    /// From there until the thread is done: screening, reasons, and on `/match` the answer's text.
    pub(crate) work: Histogram,
    /// What is left of a request: reading its body, writing its answer.
    pub(crate) answer: Histogram,
    /// Requests that were refused as too much waits.
    pub(crate) refused: Counter,
    /// Queries screened.
    pub(crate) queries: Counter,
    /// Entities scored in full for them.
    pub(crate) candidates: Counter,
    /// Entities found that reach the query's threshold.
    pub(crate) hits: Counter,
}

impl Default for Screening {
    fn default() -> Screening {
        let stages: Timed<StageLabels> = Family::new_with_constructor(short);
        let stage = |stage| stages.get_or_create_owned(&StageLabels { stage });
        let (queue, work, answer) = (stage("queue"), stage("screening"), stage("answer"));
        let count = Counter::default;
        Screening {
            stages,
            queue,
            work,
            answer,
            refused: count(),
            queries: count(),
            candidates: count(),
            hits: count(),
        }
    }
}

/// What requests and updates count.
#[derive(Debug)]
pub struct Metrics {
    requests: Family<RequestLabels, Counter>,
    seconds: Timed<RouteLabels>,
    unread: Family<RouteLabels, Counter>,
    updates: Family<OutcomeLabels, Counter>,
    update_seconds: Timed<OutcomeLabels>,
    self_tests: Family<OutcomeLabels, Counter>,
    self_test_seconds: Timed<OutcomeLabels>,
}

impl Default for Metrics {
    fn default() -> Metrics {
        Metrics {
            requests: Family::default(),
            seconds: Family::new_with_constructor(short),
            unread: Family::default(),
            updates: Family::default(),
            update_seconds: Family::new_with_constructor(long),
            self_tests: Family::default(),
            self_test_seconds: Family::new_with_constructor(long),
        }
    }
}

impl Metrics {
    /// A request was answered.
    pub(crate) fn answered(&self, route: &str, method: &'static str, status: u16, took: Duration) {
        let route = route.to_owned();
        self.seconds.get_or_create(&RouteLabels { route: route.clone() }).observe(took.as_secs_f64());
        self.requests.get_or_create(&RequestLabels { route, method, status }).inc();
    }

    /// Values or queries of a request could not be read and were passed over.
    pub(crate) fn passed_over(&self, route: &str, n: u64) {
        self.unread.get_or_create(&RouteLabels { route: route.to_owned() }).inc_by(n);
    }

    /// An update ended.
    pub(crate) fn updated(&self, outcome: &'static str, took: Duration) {
        self.updates.get_or_create(&OutcomeLabels { outcome }).inc();
        self.update_seconds.get_or_create(&OutcomeLabels { outcome }).observe(took.as_secs_f64());
    }

    /// A self-test ended.
    pub(crate) fn tested(&self, passed: bool, took: Duration) {
        let outcome = if passed { "passed" } else { "failed" };
        self.self_tests.get_or_create(&OutcomeLabels { outcome }).inc();
        self.self_test_seconds.get_or_create(&OutcomeLabels { outcome }).observe(took.as_secs_f64());
    }

    /// Puts all of it on a page.
    pub(crate) fn register(&self, screening: &Screening, page: &mut Registry) {
        page.register("requests", "Requests answered", self.requests.clone());
        page.register("request_seconds", "Time of a request, by route template", self.seconds.clone());
        page.register(
            "stage_seconds",
            "Time of a stage: queue, screening (both a share of a request's queries), answer (the rest of a request)",
            screening.stages.clone(),
        );
        page.register("queries", "Queries screened", screening.queries.clone());
        page.register("candidates_scored", "Entities scored in full", screening.candidates.clone());
        page.register("hits", "Entities found that reach the threshold of their query", screening.hits.clone());
        page.register("refused", "Requests refused as too much waits", screening.refused.clone());
        page.register("passed_over", "Queries and values that a lenient route could not read", self.unread.clone());
        page.register("updates", "Updates that ended, by outcome", self.updates.clone());
        page.register("update_seconds", "Time of an update", self.update_seconds.clone());
        page.register("self_tests", "Self-tests that ended, by outcome", self.self_tests.clone());
        page.register("self_test_seconds", "Time of a self-test", self.self_test_seconds.clone());
    }
}
