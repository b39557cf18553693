//! Whether everything that a snapshot says of a party finds it: every name and identifier, screened alone.
//!
//! Names are asked of a `Thing`, identifiers by their own property and, as somebody would who does not know the kind, as each of
//! `registrationNumber`, `publicKey`, `email` and `phone`. What stands on a document or wallet is to find its holder. A value is
//! found where the party is among the hits at the threshold; counts are by list and property.
//! Cost: one query a value; 35,000 names and 20,000 identifiers take about ten seconds.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use interdict_match::{Options, Query, Scratch, Screener};
use interdict_model::{Entity, ListId, Origin, Property, PropertyType, Schema, Value};
use interdict_snapshot::{EntityOrd, Snapshot, facts};
use serde_json::json;

/// The threshold that accuracy is judged at.
const THRESHOLD: f32 = 0.7;

/// Hits that a person is shown unless they ask for more.
const SHOWN: usize = 10;

/// Properties of identifier type that name no party: programmes, industries, and the list's own keys.
const NAMES_NO_PARTY: [&str; 5] = ["programId", "okvedCode", "authorityId", "zipCode", "sourceUrl"];

/// Counts of one list and property.
#[derive(Default)]
struct Count {
    n: usize,
    found: usize,
    /// Found among the first hits.
    shown: usize,
    /// Found as an identifier of unknown kind.
    by_any: usize,
}

/// Screens every name and identifier alone, prints the shares found, and writes those not found to `missed`, a line each.
pub(crate) fn run(path: &Path, missed: Option<&Path>) -> Result<()> {
    let snapshot = Snapshot::open(path)?;
    let mut asker = Asker { snapshot: &snapshot, scratch: Scratch::new() };
    let mut counts: BTreeMap<(String, String), Count> = BTreeMap::new();
    let mut lines = Vec::new();
    for ord in (0..snapshot.n_entities()).map(EntityOrd) {
        let entity = snapshot.entity(ord)?;
        let parties = parties(&snapshot, &entity, ord)?;
        if parties.is_empty() {
            continue;
        }
        for (property, value) in telling(&entity) {
            let label = if entity.schema.matchable() {
                property.name().to_owned()
            } else {
                format!("{}.{}", entity.schema, property.name())
            };
            let count = counts.entry((value.origin.list().to_string(), label.clone())).or_default();
            count.n += 1;
            let is_name = property.kind() == PropertyType::Name;
            let query = if is_name { of_name(&value.text)? } else { of_identifier(&[property], &value.text)? };
            let asked = asker.ask(&query, &parties)?;
            count.found += usize::from(asked.place.is_some());
            count.shown += usize::from(asked.place.is_some_and(|place| place < SHOWN));
            let mut by_any = true;
            if !is_name {
                by_any = asker.ask(&of_identifier(&unknown_kinds(), &value.text)?, &parties)?.place.is_some();
                count.by_any += usize::from(by_any);
            }
            if asked.place.is_none() || !by_any {
                lines.push(json!({"list": value.origin.list(), "property": label, "schema": entity.schema.name(),
                    "id": entity.id, "caption": entity.caption(), "value": &*value.text, "record": value.origin.record(),
                    "found": asked.place.is_some(), "by_any": by_any, "best": asked.best}));
            }
        }
    }
    print_counts(&counts);
    if let Some(missed) = missed {
        let file = std::fs::File::create(missed).with_context(|| format!("writing {}", missed.display()))?;
        let mut out = std::io::BufWriter::new(file);
        for line in &lines {
            writeln!(out, "{line}")?;
        }
        out.flush()?;
        println!("{} values that were not found are in {}", lines.len(), missed.display());
    }
    Ok(())
}

/// The parties that a value of this entity is to find: itself, or the holders of a document.
fn parties(snapshot: &Snapshot, entity: &Entity, ord: EntityOrd) -> Result<Vec<EntityOrd>> {
    if entity.schema.matchable() {
        return Ok(vec![ord]);
    }
    let mut holders = Vec::new();
    for holder in entity.get("holder") {
        holders.extend(snapshot.find(&holder.text)?);
    }
    Ok(holders)
}

/// Values that name a party.
fn telling(entity: &Entity) -> Vec<(Property, &Value)> {
    let kinds = [PropertyType::Name, PropertyType::Identifier, PropertyType::Email, PropertyType::Phone];
    let names = ["name", "alias", "weakAlias", "previousName", "abbreviation"];
    let values = kinds.into_iter().flat_map(|kind| entity.values_of(kind));
    let tells = |property: Property| match property.kind() {
        PropertyType::Name => entity.schema.matchable() && names.contains(&property.name()),
        _ => !NAMES_NO_PARTY.contains(&property.name()),
    };
    values.filter(|(property, _)| tells(*property)).collect()
}

fn thing() -> Result<Entity> {
    Ok(Entity::new("query", Schema::by_name("Thing").context("the model has Thing")?))
}

fn of_name(name: &str) -> Result<Query> {
    let mut party = thing()?;
    party.add("name", name, &Origin::new(ListId::new("query")?, "", "query"));
    Ok(Query::of(&party))
}

fn of_identifier(properties: &[Property], text: &str) -> Result<Query> {
    let facts = properties.iter().filter_map(|property| facts::identifier(*property, text));
    Ok(Query::of(&thing()?).with_identifiers(facts))
}

/// What an identifier of unknown kind may be.
fn unknown_kinds() -> Vec<Property> {
    let property = |name| Schema::all().find_map(|schema| schema.property(name));
    ["registrationNumber", "publicKey", "email", "phone"].into_iter().filter_map(property).collect()
}

/// What asking told.
struct Asked {
    /// Place of the party among the hits, if it is one.
    place: Option<usize>,
    /// Caption and score of the best hit, whoever it is.
    best: Option<(String, f32)>,
}

struct Asker<'snap> {
    snapshot: &'snap Snapshot,
    scratch: Scratch,
}

impl Asker<'_> {
    fn ask(&mut self, query: &Query, parties: &[EntityOrd]) -> Result<Asked> {
        let options = Options { threshold: THRESHOLD, limit: usize::MAX, ..Options::default() };
        let answer = Screener::new(self.snapshot).screen(query, &options, &mut self.scratch)?;
        let place = answer.matches.iter().position(|hit| parties.contains(&hit.entity));
        let best = match answer.matches.first() {
            Some(hit) => Some((self.snapshot.party(hit.entity)?.caption.to_owned(), hit.scored.score)),
            None => None,
        };
        Ok(Asked { place, best })
    }
}

fn print_counts(counts: &BTreeMap<(String, String), Count>) {
    println!("{:<16} {:<28} {:>7} {:>8} {:>9} {:>8}", "list", "property", "values", "found %", "shown %", "any %");
    let share = |part: usize, n: usize| format!("{:.2}", 100.0 * part as f64 / n.max(1) as f64);
    let (mut names, mut identifiers) = (Count::default(), Count::default());
    for ((list, property), count) in counts {
        let is_name = ["name", "alias", "weakAlias", "previousName", "abbreviation"].contains(&property.as_str());
        let any = if is_name { "–".to_owned() } else { share(count.by_any, count.n) };
        let (found, shown) = (share(count.found, count.n), share(count.shown, count.n));
        println!("{list:<16} {property:<28} {:>7} {found:>8} {shown:>9} {any:>8}", count.n);
        let all = if is_name { &mut names } else { &mut identifiers };
        all.n += count.n;
        all.found += count.found;
        all.shown += count.shown;
        all.by_any += count.by_any;
    }
    for (what, all) in [("all names", names), ("all identifiers", identifiers)] {
        let any = if what == "all names" { "–".to_owned() } else { share(all.by_any, all.n) };
        println!("{what:<45} {:>7} {:>8} {:>9} {any:>8}", all.n, share(all.found, all.n), share(all.shown, all.n));
    }
}
