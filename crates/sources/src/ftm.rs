//! FollowTheMoney entities as JSON lines: what OpenSanctions and others publish, whole files and deltas.
//!
//! Idea: a line is an entity, flat or with its neighbours nested in it, or an operation `{"op": "ADD|MOD|DEL", "entity": …}` of
//! a delta. Files are taken in the order given, so that deltas may follow the whole file that they change.
//! An entity keeps its own id. It stands on the list that is read: `datasets` is that list alone, and the names of datasets
//! that the file gives it are kept in the member `ftm_datasets`, as they are the publisher's and not lists of this snapshot.
//! Invariant: a line is a record; the last line may lack its line end. `MOD` carries the whole entity and replaces the one
//! before; `DEL` carries an id only. Lines of one id without operations are fragments of one entity and are united.
//! Source: FollowTheMoney 4; delta files of OpenSanctions and yente.

use std::collections::BTreeMap;

use interdict_model::{DateSpan, Entity, Origin, PropertyType, merge_by_id};
use serde_json::Value as Json;

use crate::error::{ReadError, ReadErrorKind};
use crate::input::{Input, SourceFile};
use crate::ofac::only_file;
use crate::reconcile::{Loaded, Reconciliation};
use crate::text::{fail, file_name, refuse_html, utf8};

/// Longest line. The largest entity that OpenSanctions publishes has some 2 MB.
const MAX_LINE_BYTES: usize = 32 << 20;
const EXPECTED: &str = "FollowTheMoney entities as JSON lines";

/// FollowTheMoney entities, JSON lines (OpenSanctions and others).
pub(crate) fn read(input: &Input) -> Result<Loaded, ReadError> {
    only_file(input)?;
    let mut account = Reconciliation::default();
    let mut all = All::default();
    for file in &input.files {
        read_file(input, file, &mut account, &mut all)?;
    }
    let first = input.files.first().map(|file| file_name(&file.path)).unwrap_or_default();
    if all.unknown_deletions > 0 {
        let reason = format!("{} deletions name entities that are not in these files", all.unknown_deletions);
        account.warn(&first, 0, reason);
    }
    // A file of something else: none of its lines is an entity.
    if account.loaded == 0
        && let Some(refused) = account.refused.first()
    {
        let kind = ReadErrorKind::Json(refused.reason.clone());
        return Err(ReadError {
            file: input.files.first().map(|file| file.path.clone()).unwrap_or_default(),
            line: refused.line,
            kind,
        });
    }
    let merged = merge_by_id(all.entities.into_iter().flatten());
    for conflict in &merged.conflicts {
        account.warn(&first, 0, conflict.to_string());
    }
    Ok(Loaded { entities: merged.entities, version: input.version.clone(), reconciliation: account })
}

/// What the lines came to so far.
#[derive(Default)]
struct All {
    /// Entities in the order of the lines; a deleted one leaves a gap.
    entities: Vec<Option<Entity>>,
    /// Where the entities of an id stand.
    places: BTreeMap<String, Vec<usize>>,
    unknown_deletions: u64,
}

impl All {
    fn add(&mut self, entities: Vec<Entity>) {
        for entity in entities {
            self.places.entry(entity.id.clone()).or_default().push(self.entities.len());
            self.entities.push(Some(entity));
        }
    }

    fn remove(&mut self, id: &str) -> bool {
        let places = self.places.remove(id).unwrap_or_default();
        for place in &places {
            if let Some(entity) = self.entities.get_mut(*place) {
                *entity = None;
            }
        }
        !places.is_empty()
    }
}

fn read_file(input: &Input, file: &SourceFile, account: &mut Reconciliation, all: &mut All) -> Result<(), ReadError> {
    refuse_html(file, EXPECTED)?;
    let text = utf8(file)?;
    let name = file_name(&file.path);
    for (number, line) in text.split('\n').enumerate() {
        let number = number as u64 + 1;
        if line.len() > MAX_LINE_BYTES {
            let kind = ReadErrorKind::Limit { what: "a line", limit: MAX_LINE_BYTES as u64 };
            return Err(fail(file, number, kind));
        }
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        match read_line(input, &name, number, line, all) {
            Ok(oddities) => {
                account.load();
                for oddity in oddities {
                    account.warn(&name, number, oddity);
                }
            }
            Err(reason) => account.refuse(&name, number, reason),
        }
    }
    Ok(())
}

/// Takes one line in; what is odd in it but costs nothing comes back.
fn read_line(input: &Input, name: &str, number: u64, line: &str, all: &mut All) -> Result<Vec<String>, String> {
    let json: Json = serde_json::from_str(line).map_err(|error| format!("not JSON: {error}"))?;
    let Some(op) = json.get("op") else {
        let entities = entities(input, name, number, &json)?;
        let oddities = oddities(&entities);
        all.add(entities);
        return Ok(oddities);
    };
    let op = op.as_str().ok_or("member `op`: expected ADD, MOD or DEL")?;
    let body = json.get("entity").ok_or("member `entity` is missing")?;
    match op {
        "ADD" | "MOD" => {
            let entities = entities(input, name, number, body)?;
            let oddities = oddities(&entities);
            for entity in &entities {
                all.remove(&entity.id);
            }
            all.add(entities);
            return Ok(oddities);
        }
        "DEL" => {
            let id = body.get("id").and_then(Json::as_str).filter(|id| !id.is_empty());
            let id = id.ok_or("member `id`: expected a text, not empty")?;
            if !all.remove(id) {
                all.unknown_deletions += 1;
            }
        }
        _ => return Err(format!("member `op`: {op:?} is not ADD, MOD or DEL")),
    }
    Ok(Vec::new())
}

/// Dates that are none: they are kept as they stand, and nothing can be compared with them.
fn oddities(entities: &[Entity]) -> Vec<String> {
    let dates = entities.iter().flat_map(|entity| entity.values_of(PropertyType::Date));
    let odd = dates.filter(|(_, value)| DateSpan::parse(&value.text).is_err());
    odd.map(|(property, value)| format!("field `{}`: {:?} is not a date; kept as it is", property.name(), value.text))
        .collect()
}

/// The entity of a line and those nested in it, on the list that is read.
fn entities(input: &Input, name: &str, number: u64, json: &Json) -> Result<Vec<Entity>, String> {
    let id = json.get("id").and_then(Json::as_str).unwrap_or_default();
    let origin = Origin::new(input.list.clone(), input.version.as_str(), format!("{id} ({name}:{number})"));
    let mut entities = Entity::from_ftm_value(json, &origin).map_err(|error| error.to_string())?;
    for entity in &mut entities {
        if entity.id.contains(char::is_control) {
            return Err("member `id`: it has a control character".to_owned());
        }
        if let Some((property, _)) = entity
            .properties()
            .flat_map(|(property, values)| values.iter().map(move |value| (property, value)))
            .find(|(_, value)| value.text.contains('\0'))
        {
            return Err(format!("field `{}`: it has a NUL character", property.name()));
        }
        let mut published: Vec<Json> = std::mem::take(&mut entity.datasets)
            .into_iter()
            .map(|list| Json::String(list.as_str().to_owned()))
            .collect();
        if let Some(Json::Array(others)) = entity.members.shift_remove("datasets_other") {
            published.extend(others);
        }
        // An entity that names no dataset was given the list itself.
        published.retain(|dataset| dataset.as_str() != Some(input.list.as_str()));
        if !published.is_empty() {
            entity.members.insert("ftm_datasets".to_owned(), Json::Array(published));
        }
        entity.datasets.insert(input.list.clone());
    }
    Ok(entities)
}
