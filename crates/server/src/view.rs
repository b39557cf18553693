//! One snapshot as the service shows it: what a request takes once and keeps to its end.
//!
//! Idea: a request takes the current [`View`] and answers from it alone, so that no answer mixes two versions. Entities are unpacked
//! and written as FollowTheMoney JSON when a hit shows them; the last ones shown are kept.
//! Cost: showing an entity that is not kept unpacks a block of some 16 kB.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use interdict_model::{Entity, ListId};
use interdict_search::{EntitySet, SearchError};
use interdict_snapshot::{Corrupt, EntityOrd, ListMeta, Meta, Snapshot};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use serde_json::{Map, Value as Json, json};

use crate::catalogue::Catalogue;
use crate::filter::Filter;
use crate::reasons::meta_for_clients;
use crate::wire::lists_in_line;

/// Bytes of entities that are kept for the next hit on them: the whole of the public lists is some 90 MB, and hits are few.
const KEPT_BYTES: u64 = 32 << 20;

/// Entities that the cache makes room for at first.
const KEPT_ENTITIES: usize = 8192;

/// An entity, unpacked and written.
#[derive(Debug)]
pub struct Shown {
    /// The entity with the origin of every value.
    pub entity: Entity,
    /// Its members in the order of the wire, as the inside of a JSON object: `"id":…,"last_change":null`.
    pub members: String,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<u32, Arc<Shown>> for ByBytes {
    fn weight(&self, _: &u32, shown: &Arc<Shown>) -> u64 {
        // Values take some three times their text: the text itself, its place in a vector, the share of its origin.
        4 * shown.members.len() as u64 + 256
    }
}

/// What a dataset means in a view: which entities, and what answers say of its lists.
#[derive(Debug)]
pub(crate) struct Scope {
    /// Its entities.
    pub(crate) filter: Filter,
    /// What answered, as JSON: [`served_by`](crate::wire::served_by).
    pub(crate) served: String,
    /// What of the datasets that the request names was passed over.
    pub(crate) warnings: Vec<String>,
}

/// One snapshot with its datasets.
pub struct View {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// Its datasets.
    pub catalogue: Arc<Catalogue>,
    /// What the snapshot says of itself, as clients are told.
    meta: Meta,
    shown: Cache<u32, Arc<Shown>, ByBytes>,
    counts: OnceLock<Vec<u64>>,
    said: OnceLock<String>,
    /// The datasets that were asked, whole.
    scopes: RwLock<HashMap<String, Arc<Scope>>>,
}

impl std::fmt::Debug for View {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("View").field("snapshot", &self.snapshot.id()).finish_non_exhaustive()
    }
}

impl View {
    /// A view of a snapshot.
    pub fn new(snapshot: Snapshot, catalogue: Arc<Catalogue>) -> View {
        View {
            meta: meta_for_clients(snapshot.meta()),
            snapshot,
            catalogue,
            shown: Cache::with_weighter(KEPT_ENTITIES, KEPT_BYTES, ByBytes),
            counts: OnceLock::new(),
            said: OnceLock::new(),
            scopes: RwLock::default(),
        }
    }

    /// What a dataset means; found once and kept. `make` tells it, or that there is none: that is not kept.
    pub(crate) fn scope<E>(&self, dataset: &str, make: impl FnOnce() -> Result<Scope, E>) -> Result<Arc<Scope>, E> {
        if let Some(known) = self.scopes.read().unwrap_or_else(PoisonError::into_inner).get(dataset) {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(make()?);
        let mut scopes = self.scopes.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(scopes.entry(dataset.to_owned()).or_insert(made)))
    }

    /// What the snapshot says of itself.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Its lists with their versions, in one line for the head of an answer.
    pub(crate) fn lists_said(&self) -> &str {
        self.said.get_or_init(|| lists_in_line(&self.meta().lists))
    }

    /// How many entities each list has, relations included, in the order of the lists; counted once, in some milliseconds.
    pub fn counts(&self) -> &[u64] {
        self.counts.get_or_init(|| {
            let mut counts = vec![0; self.meta().lists.len()];
            for ord in (0..self.snapshot.n_entities()).map(EntityOrd) {
                // An entity whose row is damaged is not counted; the self-test tells of it.
                let lists = self.snapshot.datasets(ord).unwrap_or_default();
                let own = counts.iter_mut().enumerate().filter(|(at, _)| lists & (1 << at) != 0);
                own.for_each(|(_, count)| *count += 1);
            }
            counts
        })
    }

    /// An entity to be shown.
    pub fn shown(&self, ord: EntityOrd) -> Result<Arc<Shown>, Corrupt> {
        if let Some(shown) = self.shown.get(&ord.0) {
            return Ok(shown);
        }
        let entity = self.snapshot.entity(ord)?;
        let Json::Object(members) = self.ftm(&entity) else {
            return Err(Corrupt { section: "bodies", row: ord.0.into() });
        };
        let text = Json::Object(members).to_string();
        let members = text.get(1..text.len() - 1).unwrap_or_default().to_owned();
        let shown = Arc::new(Shown { entity, members });
        self.shown.insert(ord.0, Arc::clone(&shown));
        Ok(shown)
    }

    /// An entity as yente writes it, its relations as ids.
    pub fn ftm(&self, entity: &Entity) -> Json {
        let mut written = entity.to_ftm();
        let mut take = |member: &str| written.get_mut(member).map(Json::take).unwrap_or_default();
        let mut properties = take("properties");
        if let Some(properties) = properties.as_object_mut() {
            for unknown in entity.unknown_properties.keys() {
                properties.shift_remove(unknown);
            }
        }
        let mut out = Map::new();
        out.insert("id".to_owned(), json!(entity.id));
        out.insert("caption".to_owned(), json!(caption(entity)));
        out.insert("schema".to_owned(), json!(entity.schema.name()));
        out.insert("properties".to_owned(), properties);
        out.insert("datasets".to_owned(), json!(self.leaves_of(entity)));
        out.insert("referents".to_owned(), json!(entity.referents));
        out.insert("target".to_owned(), json!(is_target(entity)));
        for member in ["first_seen", "last_seen", "last_change"] {
            let time = entity.members.get(member).and_then(Json::as_str).and_then(naive);
            out.insert(member.to_owned(), json!(time));
        }
        Json::Object(out)
    }

    /// The entity that another id was merged into.
    pub fn canonical(&self, referent: &str) -> Result<Option<EntityOrd>, Corrupt> {
        Ok(searched(self.snapshot.search_index()?.first_with("referents", referent))?.map(EntityOrd))
    }

    /// The entity of an id, or of one that was merged into it.
    pub fn find(&self, id: &str) -> Result<Option<EntityOrd>, Corrupt> {
        match self.snapshot.find(id)? {
            Some(ord) => Ok(Some(ord)),
            None => self.canonical(id),
        }
    }

    /// The entities that are targets: those with a topic of risk.
    pub fn targets(&self) -> Result<EntitySet, Corrupt> {
        let index = self.snapshot.search_index()?;
        let mut set = searched(index.entities_with("topics", RISK_TOPICS))?;
        set.or(&searched(index.entities_below("topics", "crime."))?);
        Ok(set)
    }

    /// The lists of these bits, with their places in the snapshot.
    pub fn lists(&self, bits: u64) -> impl Iterator<Item = (usize, &ListMeta)> {
        self.meta().lists.iter().enumerate().filter(move |(at, _)| bits & (1 << at) != 0)
    }

    /// The entities of the lists of these bits.
    pub fn of_lists(&self, bits: u64) -> Result<EntitySet, Corrupt> {
        let lists: Vec<&str> = self.lists(bits).map(|(_, list)| list.id.as_str()).collect();
        searched(self.snapshot.search_index()?.entities_with("datasets", &lists))
    }

    /// The datasets that an entity came from: of a file that brought datasets with it those, else the list itself.
    pub fn leaves_of(&self, entity: &Entity) -> Vec<String> {
        let brought = entity.members.get("ftm_datasets").and_then(Json::as_array);
        let brought: Vec<&str> = brought.into_iter().flatten().filter_map(Json::as_str).collect();
        let is_below = |list: &ListId, name: &str| {
            let entry = self.catalogue.entry(list.as_str());
            entry.is_some_and(|entry| self.catalogue.below(entry).contains(name))
        };
        let mut leaves = Vec::new();
        for list in &entity.datasets {
            let own: Vec<&str> = brought.iter().copied().filter(|name| is_below(list, name)).collect();
            if own.is_empty() {
                leaves.push(list.as_str().to_owned());
            }
            leaves.extend(own.into_iter().map(str::to_owned));
        }
        leaves.sort_unstable();
        leaves.dedup();
        leaves
    }
}

/// The result of a search, whose one fault is a damaged snapshot.
pub fn searched<T>(result: Result<T, SearchError>) -> Result<T, Corrupt> {
    result.map_err(|_| Corrupt { section: "search", row: 0 })
}

/// What to call an entity; one that has nothing to be called by is called what it is.
pub(crate) fn caption(entity: &Entity) -> &str {
    let caption = entity.caption();
    if entity.given_caption.is_none() && caption == entity.id { entity.schema.label() } else { caption }
}

/// Topics that make an entity a target. Source: the risk topics of FollowTheMoney 4, as yente computes `target`.
const RISK_TOPICS: &[&str] = &[
    "sanction",
    "sanction.linked",
    "sanction.counter",
    "sanction.control",
    "export.control",
    "export.control.linked",
    "export.risk",
    "role.pep",
    "role.rca",
    "role.oligarch",
    "poi",
    "debarment",
    "crime",
    "wanted",
    "reg.action",
    "reg.warn",
    "corp.disqual",
    "corp.clone",
    "mare.detained",
    "mare.shadow",
    "invest.ban",
    "invest.risk",
    "geo.risk",
];

fn is_target(entity: &Entity) -> bool {
    let is_risk = |topic: &str| RISK_TOPICS.contains(&topic) || topic.starts_with("crime.");
    entity.get("topics").iter().any(|topic| is_risk(&topic.text))
}

/// A time without zone, to the second: `2025-05-05T10:00:00`. A date alone is its midnight, a time with a zone is told in UTC.
fn naive(text: &str) -> Option<String> {
    let time: jiff::civil::DateTime = match text.parse::<jiff::Timestamp>() {
        Ok(time) => jiff::tz::Offset::UTC.to_datetime(time),
        Err(_) => text.parse().ok()?,
    };
    Some(time.strftime("%Y-%m-%dT%H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::naive;

    #[test]
    fn times_are_told_without_zone() {
        for (given, told) in [
            ("2025-05-05T10:00:00", "2025-05-05T10:00:00"),
            ("2025-05-05", "2025-05-05T00:00:00"),
            ("2025-05-05T10:00:00.250Z", "2025-05-05T10:00:00"),
            ("2025-05-05T10:00:00+02:00", "2025-05-05T08:00:00"),
        ] {
            assert_eq!(naive(given).as_deref(), Some(told));
        }
        assert_eq!(naive("lately"), None);
    }
}
