//! Values of one record on their way into entities.
//!
//! Idea: a [`Record`] knows where it stands and adds values to the entities that are made of it. What cannot be read as a
//! date or a country is kept as a note under its field's name; a date that cannot be read is warned of as well. So nothing
//! is lost silently.

use interdict_model::{Country, Entity, Origin, Schema};

use crate::dates::{self, Order};
use crate::reconcile::Reconciliation;

/// A record that is being read.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    /// Origin of all its values.
    pub(crate) origin: Origin,
    /// File name as published.
    pub(crate) file: &'a str,
    /// 1-based physical line.
    pub(crate) line: u64,
    /// The account of the list, which takes the warnings.
    pub(crate) account: &'a mut Reconciliation,
}

impl Record<'_> {
    /// Adds a value as it is; an empty one is left out.
    pub(crate) fn add(&self, entity: &mut Entity, property: &str, text: &str) -> bool {
        entity.add(property, text, &self.origin)
    }

    /// Adds a country; what is no country becomes a note `field: text`. Returns whether it was a country.
    pub(crate) fn country(&self, entity: &mut Entity, property: &str, field: &str, text: &str) -> bool {
        let text = text.trim();
        if let Some(country) = Country::parse(text) {
            entity.add(property, country.code(), &self.origin);
            return true;
        }
        self.note(entity, field, text);
        false
    }

    /// Adds the date or dates that a text names; what is no date becomes a note `field: text`, with a warning.
    pub(crate) fn dates(&mut self, entity: &mut Entity, property: &str, field: &str, text: &str, order: Order) -> bool {
        let text = text.trim();
        if text.is_empty() {
            return false;
        }
        match dates::parse(text, order) {
            Ok(spans) => {
                for span in spans {
                    entity.add_date(property, span, &self.origin);
                }
                true
            }
            Err(error) => {
                self.warn(format!("field `{field}`: {error}; kept as a note"));
                self.note(entity, field, text);
                false
            }
        }
    }

    /// Adds a note `field: text`; an empty field gives the text alone.
    pub(crate) fn note(&self, entity: &mut Entity, field: &str, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        // Intervals (sanctions, documents, relations) have `summary` where things have `notes`.
        let property = if entity.schema.property("notes").is_some() { "notes" } else { "summary" };
        if field.is_empty() {
            entity.add(property, text, &self.origin);
        } else {
            entity.add(property, &format!("{field}: {text}"), &self.origin);
        }
    }

    /// Warns of something in this record that costs no record.
    pub(crate) fn warn(&mut self, reason: impl Into<String>) {
        self.account.warn(self.file, self.line, reason);
    }
}

/// A relation between two entities; its id is made of theirs, so that it is the same in every release. Several roles of one
/// pair are united when entities are merged by id.
pub(crate) fn relation(schema: Schema, from: &str, to: &str, role: &str, origin: &Origin) -> Entity {
    let kind = schema.name().to_lowercase();
    let mut relation = Entity::new(format!("{kind}-{from}-{to}"), schema);
    if let Some((source, target)) = schema.edge_ends() {
        relation.add(source, from, origin);
        relation.add(target, to, origin);
    }
    let property = if schema.property("role").is_some() { "role" } else { "relationship" };
    relation.add(property, role, origin);
    relation
}
