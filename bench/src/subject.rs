//! Parties of a snapshot, picked by dice, and the queries that are made of them.
//!
//! Invariant: the same snapshot, seed and number give the same query.
//! Cost: one body unpacked a pick.

use anyhow::{Result, bail};
use interdict_model::{Entity, ListId, Origin, PropertyType, Schema};
use interdict_snapshot::{EntityOrd, Snapshot};

use crate::alter::{self, CLASSES, Class, Kind};
use crate::dice::Dice;

/// A party with one of its names.
pub(crate) struct Subject {
    pub(crate) entity: Entity,
    pub(crate) kind: Kind,
    pub(crate) name: String,
}

/// A query and how it was made.
pub(crate) struct Asked {
    /// Classes of alteration and further fields.
    pub(crate) how: String,
    /// The name it was made of.
    pub(crate) of: String,
    pub(crate) entity: Entity,
}

/// Throws after which a snapshot is taken to hold no party as wanted.
const MAX_PICKS: usize = 2000;

/// A party of the snapshot and one of its names.
pub(crate) fn pick(snapshot: &Snapshot, dice: &mut Dice) -> Result<Subject> {
    for _ in 0..MAX_PICKS {
        let ord = EntityOrd(dice.below(snapshot.n_entities() as usize) as u32);
        if !snapshot.schema(ord)?.matchable() {
            continue;
        }
        let entity = snapshot.entity(ord)?;
        let names: Vec<String> = names(&entity);
        if let Some(name) = dice.pick(&names) {
            return Ok(Subject { kind: Kind::of(entity.schema), name: name.clone(), entity });
        }
    }
    bail!("no party with a name in {MAX_PICKS} picks")
}

/// Names that it is matched by.
pub(crate) fn names(entity: &Entity) -> Vec<String> {
    let whole = ["name", "alias", "previousName"];
    let values = entity.values_of(PropertyType::Name).filter(|(property, _)| whole.contains(&property.name()));
    values.map(|(_, value)| value.text.to_string()).collect()
}

/// A party that the class has a hold on, with its name altered; nothing if none is met.
pub(crate) fn pick_altered(snapshot: &Snapshot, class: &Class, dice: &mut Dice) -> Result<Option<(Subject, String)>> {
    for _ in 0..200 {
        let subject = pick(snapshot, dice)?;
        if let Some(altered) = class.alter(&subject.name, subject.kind, dice) {
            return Ok(Some((subject, altered)));
        }
    }
    Ok(None)
}

/// Where the values of queries come from.
pub(crate) fn origin() -> Result<Origin> {
    Ok(Origin::new(ListId::new("query")?, "", "query"))
}

/// A query of one name.
pub(crate) fn of_name(schema: Schema, name: &str) -> Result<Entity> {
    let mut entity = Entity::new("query", schema);
    entity.add("name", name, &origin()?);
    Ok(entity)
}

/// The query of a number: every class of alteration in turn, classes two by two, plain names with other fields, and odd ones.
pub(crate) fn query(snapshot: &Snapshot, seed: u64, number: usize) -> Result<Asked> {
    let mut dice = Dice::of(seed, number as u64);
    let dice = &mut dice;
    let (round, place) = (number / 8, number % 8);
    match place {
        0..=3 => {
            let class = &CLASSES[(round * 4 + place) % CLASSES.len()];
            let Some((subject, altered)) = pick_altered(snapshot, class, dice)? else { return odd(snapshot, dice) };
            asked(&subject, class.name.to_owned(), subject.entity.schema, &[&altered])
        }
        4 | 5 => {
            let subject = pick(snapshot, dice)?;
            match alter::by_some(&subject.name, subject.kind, 2, dice) {
                Some((altered, how)) => asked(&subject, how, subject.entity.schema, &[&altered]),
                None => odd(snapshot, dice),
            }
        }
        6 => with_fields(snapshot, dice),
        _ => odd(snapshot, dice),
    }
}

fn asked(subject: &Subject, how: String, schema: Schema, names: &[&str]) -> Result<Asked> {
    let mut entity = Entity::new("query", schema);
    for name in names {
        entity.add("name", name, &origin()?);
    }
    Ok(Asked { how, of: subject.name.clone(), entity })
}

/// Properties that count beside the name.
const FIELDS: [&str; 12] = [
    "birthDate",
    "country",
    "nationality",
    "gender",
    "passportNumber",
    "idNumber",
    "registrationNumber",
    "imoNumber",
    "incorporationDate",
    "jurisdiction",
    "address",
    "flag",
];

/// A name, plain or altered, with other fields: the party's own, altered, or those of somebody else.
fn with_fields(snapshot: &Snapshot, dice: &mut Dice) -> Result<Asked> {
    let (subject, other) = (pick(snapshot, dice)?, pick(snapshot, dice)?);
    let altered = if dice.percent(50) { alter::by_some(&subject.name, subject.kind, 1, dice) } else { None };
    let (name, how) = altered.unwrap_or_else(|| (subject.name.clone(), "plain".to_owned()));
    let mut asked = asked(&subject, format!("{how}, fields"), subject.entity.schema, &[&name])?;
    for field in FIELDS {
        let from = if dice.percent(70) { &subject.entity } else { &other.entity };
        if let Some(value) = from.first(field).filter(|_| dice.percent(80)) {
            let mut value = value.to_owned();
            if field == "birthDate" && dice.percent(30) {
                value.truncate(4);
            }
            if asked.entity.schema.property(field).is_some() {
                asked.entity.add(field, &value, &origin()?);
            }
        }
    }
    if asked.entity.schema.is_a(Schema::person()) && dice.percent(30) {
        asked.entity.add("birthDate", &format!("{}-{:02}-11", 1940 + dice.below(60), 1 + dice.below(12)), &origin()?);
    }
    Ok(asked)
}

/// Other schemata, two names at once, single words, initials alone, three classes at once, pieces of two names.
fn odd(snapshot: &Snapshot, dice: &mut Dice) -> Result<Asked> {
    let (subject, other) = (pick(snapshot, dice)?, pick(snapshot, dice)?);
    let own = subject.entity.schema;
    let words: Vec<&str> = subject.name.split_whitespace().collect();
    let strange = other.name.split_whitespace().next().unwrap_or_default();
    match dice.below(8) {
        0 => asked(&subject, "as a thing".to_owned(), Schema::thing(), &[&subject.name]),
        1 => {
            let name =
                alter::by_some(&subject.name, subject.kind, 1, dice).map_or(subject.name.clone(), |(name, _)| name);
            asked(&subject, "altered, as a thing".to_owned(), Schema::thing(), &[&name])
        }
        2 => {
            let schema = if subject.kind == Kind::Object { own } else { Schema::legal_entity() };
            asked(&subject, "as a legal entity".to_owned(), schema, &[&subject.name])
        }
        3 => asked(&subject, "two names".to_owned(), own, &[&subject.name, &other.name]),
        4 => asked(&subject, "one word".to_owned(), own, &[dice.pick(&words).copied().unwrap_or("x")]),
        5 => {
            let initials = words.iter().filter_map(|word| word.chars().next()).map(|letter| format!("{letter}."));
            asked(&subject, "initials alone".to_owned(), own, &[&initials.collect::<Vec<_>>().join(" ")])
        }
        6 => {
            let name =
                alter::by_some(&subject.name, subject.kind, 3, dice).map_or(subject.name.clone(), |(name, _)| name);
            asked(&subject, "three classes".to_owned(), own, &[&name])
        }
        _ => {
            let rest = words.get(1..).unwrap_or_default().join(" ");
            asked(&subject, "other first word".to_owned(), own, &[&format!("{strange} {rest}")])
        }
    }
}
