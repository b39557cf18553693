//! FollowTheMoney entities as JSON lines, as OpenSanctions and others publish them.
//!
//! Idea: a line is an entity, flat or with adjacent ones nested, or an operation of a delta (`{"op","entity"}`): `ADD` and `MOD`
//! carry a whole entity, `DEL` an id, and a later line of an id replaces an earlier one. Entities keep their own ids; they stand
//! on the list they are read for, and the names of their own datasets are kept in the member `ftm_datasets`.

use std::collections::BTreeMap;

use interdict_model::{Entity, Origin, merge_by_id};
use serde_json::Value as Json;

use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::ofac::only_file;
use crate::reconcile::{Loaded, Reconciliation};
use crate::text::{fail, file_name, refuse_html, utf8};

/// FollowTheMoney entities, JSON lines.
pub(crate) fn read(input: &Input) -> Result<Loaded, ReadError> {
    let file = only_file(input)?;
    refuse_html(file, "FollowTheMoney entities as JSON lines")?;
    let text = utf8(file)?;
    let name = file_name(&file.path);
    let mut account = Reconciliation::default();
    let mut by_id: BTreeMap<String, Vec<Entity>> = BTreeMap::new();
    for (line, text) in (1u64..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let mut json: Json = match serde_json::from_str(text) {
            Ok(json) => json,
            // Lines are all there is: text that is no JSON at all is no list of this form.
            Err(error) if account.records == 0 => return Err(fail(file, line, ReadErrorKind::Json(error.to_string()))),
            Err(error) => {
                account.refuse(&name, line, format!("not JSON: {error}"));
                continue;
            }
        };
        let operation = json.get("op").and_then(Json::as_str).map(str::to_owned);
        if let (Some(_), Some(entity)) = (&operation, json.get_mut("entity")) {
            json = entity.take();
        }
        let id = json.get("id").and_then(Json::as_str).unwrap_or_default().to_owned();
        if operation.as_deref() == Some("DEL") {
            by_id.remove(&id);
            account.load();
            continue;
        }
        let origin = Origin::new(input.list.clone(), input.version.as_str(), format!("{id} ({name}:{line})"));
        match Entity::from_ftm_value(&json, &origin) {
            Ok(mut entities) => {
                for entity in &mut entities {
                    let others: Vec<_> = entity.datasets.iter().filter(|list| **list != input.list).cloned().collect();
                    if !others.is_empty() {
                        entity.members.insert("ftm_datasets".to_owned(), serde_json::json!(others));
                    }
                    entity.datasets = [input.list.clone()].into();
                }
                by_id.insert(id, entities);
                account.load();
            }
            Err(error) => account.refuse(&name, line, error.to_string()),
        }
    }
    let entities = merge_by_id(by_id.into_values().flatten()).entities;
    Ok(Loaded { entities, version: input.version.clone(), reconciliation: account })
}
