//! All records of a list, and the links between them.
//!
//! Idea: a link may name a party that stands further down the file, so that links are resolved when all records are known.
//! Invariant: a link becomes one relation between two entities that exist, or a note; ids of relations are made of those of
//! their ends. Schemata are put right where a relation demands it: what is owned is an asset.
//! Cost: O(parties + links). Source: the relationship types of SDN_ENHANCED.XML.

use std::collections::HashMap;

use interdict_model::{Entity, ListId, Origin, Schema};

use super::names::NameKind;
use crate::values::relation;

/// One end of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Other {
    /// A name as published, to be found among the primary names, then the aliases.
    Named(String),
    /// OFAC's id with the name that stands beside it.
    Known(String, String),
}

/// A link whose other end may stand in a later record.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(super) from: String,
    pub(super) to: Other,
    /// OFAC's words: `Linked To`, `Owned or Controlled By`.
    pub(super) role: String,
    /// What else is said of it: `former`.
    pub(super) remark: String,
    pub(super) origin: Origin,
}

/// All records of a list.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// Parties, in the order of the file.
    pub(crate) parties: Vec<Entity>,
    /// Sanctions, documents, wallets.
    pub(crate) satellites: Vec<Entity>,
    pub(super) links: Vec<Link>,
    /// Published names, primary ones and aliases, with the id that alone bears it.
    primary: HashMap<String, Option<String>>,
    aliases: HashMap<String, Option<String>>,
}

impl Gathered {
    /// Remembers a published name of a party. One that several bear leads to none of them.
    pub(super) fn know(&mut self, id: &str, kind: NameKind, name: &str) {
        let names = if kind == NameKind::Primary { &mut self.primary } else { &mut self.aliases };
        names
            .entry(name.to_uppercase())
            .and_modify(|known| {
                if known.as_deref() != Some(id) {
                    *known = None;
                }
            })
            .or_insert_with(|| Some(id.to_owned()));
    }

    /// A link that stands in a record of its own.
    pub(crate) fn link(&mut self, from: String, to: Other, role: &str, remark: &str, origin: Origin) {
        self.links.push(Link { from, to, role: role.to_owned(), remark: remark.to_owned(), origin });
    }

    /// Resolves the links and returns all entities: parties in the order of the file, then what belongs to them.
    ///
    /// A link by name goes to the one party that bears it as its primary name, else as an alias; where there is none or more
    /// than one it becomes a note. A link by key to a party outside the file makes that party a stub with its name.
    pub(crate) fn finish(mut self, list: &ListId) -> Vec<Entity> {
        let mut places: HashMap<String, usize> =
            self.parties.iter().enumerate().map(|(place, party)| (party.id.clone(), place)).collect();
        let mut relations = Vec::new();
        for link in std::mem::take(&mut self.links) {
            debug_assert_eq!(link.origin.list(), list, "all values of a reader are of its list");
            let Some(from) = places.get(&link.from).copied() else { continue };
            let to = match &link.to {
                Other::Named(name) => match self.find(name).and_then(|id| places.get(&id).copied()) {
                    Some(place) if place != from => place,
                    _ => {
                        let note = format!("{}: {name}", link.role);
                        if let Some(party) = self.parties.get_mut(from) {
                            party.add("notes", &note, &link.origin);
                        }
                        continue;
                    }
                },
                Other::Known(id, name) => *places.entry(id.clone()).or_insert_with(|| {
                    let mut stub = Entity::new(id.clone(), Schema::legal_entity());
                    stub.add("name", name, &link.origin);
                    self.parties.push(stub);
                    self.parties.len() - 1
                }),
            };
            relations.extend(self.relate(from, to, &link));
        }
        let mut entities = self.parties;
        entities.append(&mut self.satellites);
        entities.append(&mut relations);
        entities
    }

    fn find(&self, name: &str) -> Option<String> {
        let of = |name: &str| {
            let name = name.trim().to_uppercase();
            self.primary.get(&name).or_else(|| self.aliases.get(&name)).cloned().flatten()
        };
        // The full stop at the end of the remarks may belong to the name or not.
        of(name).or_else(|| of(&format!("{name}."))).or_else(|| of(name.strip_suffix('.')?))
    }

    /// The relation that OFAC's words mean, where the two parties are of schemata that can have it.
    fn relate(&mut self, from: usize, to: usize, link: &Link) -> Option<Entity> {
        let schema = |place: usize| self.parties.get(place).map(|party| party.schema);
        let id = |place: usize| self.parties.get(place).map(|party| party.id.clone());
        let (from_schema, to_schema) = (schema(from)?, schema(to)?);
        let is_legal = |schema: Schema| schema.is_a(Schema::legal_entity());
        // What can be owned: a vehicle is an asset, an organization becomes a company.
        let ownable =
            |schema: Schema| schema != Schema::person() && (is_legal(schema) || schema.is_a(Schema::vehicle()));
        let organization = |schema: Schema| is_legal(schema) && schema != Schema::person();
        let persons = from_schema == Schema::person() && to_schema == Schema::person();
        let role = link.role.to_lowercase();
        let role = role.trim_end_matches([':', ' ', '.']);
        let (kind, source, target) = match role {
            "owned or controlled by" | "property in the interest of" | "owner"
                if ownable(from_schema) && is_legal(to_schema) =>
            {
                (Schema::ownership(), to, from)
            }
            "owns, controls, or operates" if ownable(to_schema) && is_legal(from_schema) => {
                (Schema::ownership(), from, to)
            }
            "operator" if from_schema.is_a(Schema::vehicle()) && is_legal(to_schema) => {
                let operator = id(to)?;
                self.parties.get_mut(from)?.add("operator", &operator, &link.origin);
                return None;
            }
            "acting for or on behalf of" if is_legal(from_schema) && is_legal(to_schema) => {
                (Schema::representation(), from, to)
            }
            "leader or official of" | "principal executive officer"
                if organization(to_schema) && is_legal(from_schema) =>
            {
                (Schema::directorship(), from, to)
            }
            "leader or official of" | "principal executive officer"
                if organization(from_schema) && to_schema == Schema::person() =>
            {
                (Schema::directorship(), to, from)
            }
            "member of" if organization(to_schema) && is_legal(from_schema) => (Schema::membership(), from, to),
            "family member of" if persons => (Schema::family(), from, to),
            "associate of" if persons => (Schema::associate(), from, to),
            _ => (Schema::unknown_link(), from, to),
        };
        if kind == Schema::ownership()
            && let Some(asset) = self.parties.get_mut(target)
            && is_legal(asset.schema)
        {
            asset.set_schema(Schema::company());
        }
        if (kind == Schema::directorship() || kind == Schema::membership())
            && let Some(organization) = self.parties.get_mut(target)
            && organization.schema == Schema::legal_entity()
        {
            organization.set_schema(Schema::organization());
        }
        let mut relation =
            relation(kind, &id_of(&self.parties, source)?, &id_of(&self.parties, target)?, &link.role, &link.origin);
        relation.add("summary", &link.remark, &link.origin);
        Some(relation)
    }
}

fn id_of(parties: &[Entity], place: usize) -> Option<String> {
    parties.get(place).map(|party| party.id.clone())
}
