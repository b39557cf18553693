//! What a snapshot keeps of one entity, computed from the entity alone.
//!
//! Idea: reading names and writing bodies is nearly all of the work of building, and asks nothing of other entities: it is done in
//! chunks on all cores, and the entity is dropped at once, so that memory holds the compact digest only.
//! Invariant: a digest depends on its entity and on nothing else, so that the number of threads changes no byte of the file.

use std::collections::BTreeSet;

use interdict_model::{Country, Entity, ListId, Property, PropertyType, Schema};
use interdict_search::DocTerms;
use interdict_text::{NameScratch, Readings, Token};

use crate::facts::{self, IdentifierFact, NameGrade};
use crate::layout::{CountryRow, DateRow};

/// One reading of one name.
pub(crate) struct NameDigest {
    /// Which of the entity's name texts.
    pub(crate) text: u32,
    pub(crate) property: Property,
    pub(crate) grade: NameGrade,
    pub(crate) reading: u8,
    pub(crate) tokens: Vec<Token>,
}

/// All of an entity that goes into the file.
pub(crate) struct Digest {
    pub(crate) id: String,
    pub(crate) caption: String,
    pub(crate) schema: Schema,
    pub(crate) genders: u8,
    pub(crate) datasets: BTreeSet<ListId>,
    pub(crate) texts: Vec<String>,
    pub(crate) names: Vec<NameDigest>,
    pub(crate) dates: Vec<DateRow>,
    pub(crate) countries: Vec<CountryRow>,
    /// Its own identifiers; of a document or wallet also those that find its holder.
    pub(crate) identifiers: Vec<IdentifierFact>,
    pub(crate) address_tokens: Vec<u32>,
    /// Ids of the entities that it points to.
    pub(crate) targets: Vec<String>,
    /// Ids of those who hold it, if it is a document or wallet.
    pub(crate) holders: Vec<String>,
    /// Its JSON with all origins.
    pub(crate) body: String,
    /// What a search finds it by.
    pub(crate) terms: DocTerms,
}

/// Working memory of taking entities apart.
#[derive(Default)]
pub(crate) struct DigestScratch {
    names: NameScratch,
    readings: Readings,
    countries: Vec<(Country, Property)>,
}

impl Digest {
    pub(crate) fn of(entity: &Entity, scratch: &mut DigestScratch) -> Digest {
        let matchable = entity.schema.matchable();
        let holders: Vec<String> = entity.get("holder").iter().map(|holder| holder.text.to_string()).collect();
        let mut digest = Digest {
            id: entity.id.clone(),
            caption: entity.caption().to_owned(),
            schema: entity.schema,
            genders: facts::genders(entity),
            datasets: entity.datasets.clone(),
            texts: Vec::new(),
            names: Vec::new(),
            dates: Vec::new(),
            countries: Vec::new(),
            identifiers: if matchable || !holders.is_empty() { facts::identifiers(entity) } else { Vec::new() },
            address_tokens: Vec::new(),
            targets: entity.values_of(PropertyType::Entity).map(|(_, value)| value.text.to_string()).collect(),
            holders,
            body: entity.to_json().to_string(),
            terms: DocTerms::of(entity),
        };
        if matchable {
            digest.read_names(entity, scratch);
            digest.dates = facts::dates(entity).map(|(kind, span)| DateRow::of(kind, span)).collect();
            let country = |(country, property): (Country, Property)| CountryRow {
                country: country.index().into(),
                property: property.index().into(),
            };
            facts::countries_into(entity, &mut scratch.countries);
            digest.countries = scratch.countries.drain(..).map(country).collect();
            facts::address_tokens_into(entity, &mut scratch.names, &mut digest.address_tokens);
        }
        digest
    }

    fn read_names(&mut self, entity: &Entity, scratch: &mut DigestScratch) {
        let DigestScratch { names, readings, .. } = scratch;
        for (text, name) in (0u32..).zip(facts::names(entity)) {
            readings.clear();
            facts::readings_into(&name.text, entity.schema, names, readings);
            for (reading, form) in (0u8..).zip(readings.iter()) {
                if !form.is_empty() {
                    let (property, grade) = (name.property, name.grade);
                    self.names.push(NameDigest { text, property, grade, reading, tokens: form.to_vec() });
                }
            }
            self.texts.push(name.text);
        }
    }
}
