//! The mix of names that a snapshot of generated parties is asked.

use anyhow::Result;
use interdict_model::Schema;
use interdict_snapshot::Snapshot;

use crate::alter::{self, Kind};
use crate::dice::Dice;
use crate::generate::Parties;
use crate::subject;

/// What a name is to the snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ask {
    Listed,
    Altered,
    Innocent,
    Heavy,
}

impl Ask {
    pub(crate) const ALL: [Ask; 4] = [Ask::Listed, Ask::Altered, Ask::Innocent, Ask::Heavy];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Ask::Listed => "listed",
            Ask::Altered => "altered",
            Ask::Innocent => "innocent",
            Ask::Heavy => "heavy",
        }
    }
}

/// A name to ask.
pub(crate) struct Name {
    pub(crate) ask: Ask,
    pub(crate) schema: Schema,
    pub(crate) text: String,
}

/// Names that many parties bear, in whole or in part: what a query must not choke on.
const HEAVY: &[(&str, Kind)] = &[
    ("Mohammed Ali", Kind::Person),
    ("Ali Hassan", Kind::Person),
    ("Ahmed Mohammed Hussein", Kind::Person),
    ("Mohammed Ahmed Ali Hassan", Kind::Person),
    ("Abdullah al-Ahmed", Kind::Person),
    ("محمد علي", Kind::Person),
    ("Wang Wei", Kind::Person),
    ("Li Jun", Kind::Person),
    ("Zhang Jianguo", Kind::Person),
    ("王伟", Kind::Person),
    ("Kim Chol", Kind::Person),
    ("Kim Yong Chol", Kind::Person),
    ("김영철", Kind::Person),
    ("Ivanov Aleksandr Sergeevich", Kind::Person),
    ("Александр Иванов", Kind::Person),
    ("Muhammad Khan", Kind::Person),
    ("Aung Win", Kind::Person),
    ("José García Rodríguez", Kind::Person),
    ("Maria Hernandez", Kind::Person),
    ("John Smith", Kind::Person),
    ("Mehmet Yilmaz", Kind::Person),
    ("M. Ali", Kind::Person),
    ("Mohammed", Kind::Person),
    ("Shanghai Xinhua International Trading Co., Ltd.", Kind::Organization),
    ("Shenzhen Technology Co Ltd", Kind::Organization),
    ("Shanghai Import and Export Company Limited", Kind::Organization),
    ("Golden Star General Trading LLC", Kind::Organization),
    ("Trading Company", Kind::Organization),
    ("Star Shipping Ltd", Kind::Organization),
    ("上海贸易有限公司", Kind::Organization),
    ("Ministry of Defence of Syria", Kind::Organization),
    ("OCEAN STAR", Kind::Object),
    ("STAR 7", Kind::Object),
];

fn schema(kind: Kind) -> Schema {
    match kind {
        Kind::Person => Schema::person(),
        Kind::Organization => Schema::organization(),
        Kind::Object => Schema::vessel(),
    }
}

/// Three in ten names are listed, three altered, three innocent, one is heavy; shuffled.
pub(crate) fn mix(snapshot: &Snapshot, seed: u64, n: usize) -> Result<Vec<Name>> {
    let others = Parties::new(seed + 1)?;
    let mut names = Vec::with_capacity(n);
    for number in 0..n {
        let mut dice = Dice::of(seed ^ 0x5343_414C_4500, number as u64);
        names.push(match number % 10 {
            0..3 => {
                let subject = subject::pick(snapshot, &mut dice)?;
                Name { ask: Ask::Listed, schema: subject.entity.schema, text: subject.name }
            }
            3..6 => {
                let subject = subject::pick(snapshot, &mut dice)?;
                let n_classes = if dice.percent(30) { 2 } else { 1 };
                let altered = alter::by_some(&subject.name, subject.kind, n_classes, &mut dice);
                let text = altered.map_or(subject.name, |(altered, _)| altered);
                Name { ask: Ask::Altered, schema: subject.entity.schema, text }
            }
            6..9 => {
                let party = others.party(number as u64);
                let text = subject::names(&party).into_iter().next().unwrap_or_default();
                Name { ask: Ask::Innocent, schema: party.schema, text }
            }
            _ => {
                let (text, kind) = HEAVY[number / 10 % HEAVY.len()];
                Name { ask: Ask::Heavy, schema: schema(kind), text: text.to_owned() }
            }
        });
    }
    Dice::of(seed, 0x4D49_5800).shuffle(&mut names);
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mix_is_as_told_and_always_the_same() {
        let built = Parties::new(1).unwrap().builder(100).build().unwrap();
        let snapshot = Snapshot::from_bytes(built.bytes).unwrap();
        let (one, other) = (mix(&snapshot, 1, 100).unwrap(), mix(&snapshot, 1, 100).unwrap());
        assert!(one.iter().zip(&other).all(|(one, other)| one.text == other.text && !one.text.is_empty()));
        assert_eq!(one.iter().filter(|name| name.ask == Ask::Heavy).count(), 10);
    }
}
