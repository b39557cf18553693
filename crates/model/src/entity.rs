//! Entities: values by property, each with its origin.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value as Json};

use crate::date::DateSpan;
use crate::list::ListId;
use crate::origin::Origin;
use crate::property::{Property, PropertyType};
use crate::schema::Schema;

/// One value of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// As the source wrote it, outer and repeated white space removed; for dates the text form of [`DateSpan`], for
    /// countries the FollowTheMoney code.
    pub text: Box<str>,
    /// Where it came from.
    pub origin: Origin,
}

/// An entity of FollowTheMoney.
///
/// Values keep the order in which they were added; a property holds no text twice. Values in JSON that the model does not
/// know (properties of a newer version, members of other tools) are kept as they are and written out again.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// The published id: `ofac-36`.
    pub id: String,
    /// What it is.
    pub schema: Schema,
    /// The caption that the source gave; [`Entity::caption`] falls back on the names.
    pub given_caption: Option<String>,
    /// Lists that it stands on.
    pub datasets: BTreeSet<ListId>,
    /// Further ids that it is known by.
    pub referents: Vec<String>,
    /// Members of the JSON form that carry no values: `first_seen`, `last_change`, `target`, and what others add.
    pub members: Map<String, Json>,
    /// Properties that this model does not know, as they stood in the JSON.
    pub unknown_properties: Map<String, Json>,
    pub(crate) properties: Vec<(Property, Values)>,
}

/// The values of one property.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values {
    all: Vec<Value>,
    /// Their texts, where there are so many that looking through them for each further one would cost the square of their number.
    known: Option<HashSet<Box<str>>>,
}

/// Values up to which looking through them is as fast as asking a set, which would hold every text twice.
const FEW: usize = 32;

impl PartialEq for Values {
    fn eq(&self, other: &Values) -> bool {
        self.all == other.all
    }
}

impl Values {
    /// Adds a value whose text is not there yet; whether it was added.
    fn add(&mut self, value: Value) -> bool {
        if self.all.len() < FEW {
            let is_new = !self.all.iter().any(|known| known.text == value.text);
            if is_new {
                self.all.push(value);
            }
            return is_new;
        }
        let known = self.known.get_or_insert_with(|| self.all.iter().map(|value| value.text.clone()).collect());
        let is_new = known.insert(value.text.clone());
        if is_new {
            self.all.push(value);
        }
        is_new
    }

    /// Adds a value that is known not to be there yet.
    pub(crate) fn push(&mut self, value: Value) {
        self.known = None;
        self.all.push(value);
    }

    pub(crate) fn as_slice(&self) -> &[Value] {
        &self.all
    }
}

impl Entity {
    /// An entity without values.
    pub fn new(id: impl Into<String>, schema: Schema) -> Entity {
        Entity {
            id: id.into(),
            schema,
            given_caption: None,
            datasets: BTreeSet::new(),
            referents: Vec::new(),
            members: Map::new(),
            unknown_properties: Map::new(),
            properties: Vec::new(),
        }
    }

    /// Adds a value; white space is squeezed, an empty value or one that is there already is left out. Returns whether it
    /// was added.
    ///
    /// A property that the schema lacks is a slip of the caller: the value is kept as a note (`imoNumber: 9187629`) where
    /// the schema has notes, and as `description` or `summary` where not, so that nothing is lost.
    pub fn add(&mut self, property: &str, text: &str, origin: &Origin) -> bool {
        let text = squeeze(text);
        if text.is_empty() {
            return false;
        }
        self.datasets.insert(origin.list().clone());
        if let Some(property) = self.schema.property(property) {
            return self.push(property, text, origin);
        }
        let note = format!("{property}: {text}");
        let shelf = ["notes", "description", "summary"].iter().find_map(|name| self.schema.property(name));
        shelf.is_some_and(|shelf| self.push(shelf, note.into(), origin))
    }

    /// Adds a date in its text form.
    pub fn add_date(&mut self, property: &str, date: DateSpan, origin: &Origin) -> bool {
        self.add(property, &date.to_string(), origin)
    }

    fn push(&mut self, property: Property, text: Box<str>, origin: &Origin) -> bool {
        self.values_mut(property).add(Value { text, origin: origin.clone() })
    }

    pub(crate) fn values_mut(&mut self, property: Property) -> &mut Values {
        let known = self.properties.iter().position(|(known, _)| *known == property);
        let at = known.unwrap_or_else(|| {
            self.properties.push((property, Values::default()));
            self.properties.len() - 1
        });
        &mut self.properties[at].1
    }

    /// Makes it of a nearer schema: `LegalEntity` becomes `Company`. Values of properties that the new schema lacks become
    /// notes. Does nothing if it is of that schema already.
    pub fn set_schema(&mut self, schema: Schema) {
        if schema == self.schema {
            return;
        }
        self.schema = schema;
        for (property, values) in std::mem::take(&mut self.properties) {
            for value in values.all {
                self.add(property.name(), &value.text, &value.origin);
            }
        }
    }

    /// Values of the property of that name, in the order they were added; none if the schema lacks it.
    pub fn get(&self, property: &str) -> &[Value] {
        self.properties.iter().find(|(known, _)| known.name() == property).map_or(&[], |(_, values)| values.as_slice())
    }

    /// First value of the property of that name.
    pub fn first(&self, property: &str) -> Option<&str> {
        self.get(property).first().map(|value| &*value.text)
    }

    /// Whether the property of that name has this very value.
    pub fn has(&self, property: &str, text: &str) -> bool {
        self.get(property).iter().any(|value| &*value.text == text)
    }

    /// Drops the values of all properties but those that are kept.
    pub fn retain(&mut self, keep: impl Fn(Property) -> bool) {
        self.properties.retain(|(property, _)| keep(*property));
    }

    /// Properties that have values, in the order they were first added.
    pub fn properties(&self) -> impl Iterator<Item = (Property, &[Value])> {
        self.properties.iter().map(|(property, values)| (*property, values.as_slice()))
    }

    /// All values of one type with their property.
    pub fn values_of(&self, kind: PropertyType) -> impl Iterator<Item = (Property, &Value)> {
        self.properties
            .iter()
            .filter(move |(property, _)| property.kind() == kind)
            .flat_map(|(property, values)| values.as_slice().iter().map(|value| (*property, value)))
    }

    /// What to call it: the given caption, else the first value of the schema's caption properties, else its id.
    pub fn caption(&self) -> &str {
        if let Some(caption) = &self.given_caption {
            return caption;
        }
        self.schema.caption().iter().find_map(|property| self.first(property)).unwrap_or(&self.id)
    }

    /// The distinct origins of its values, ascending.
    pub fn origins(&self) -> BTreeSet<&Origin> {
        self.properties.iter().flat_map(|(_, values)| values.as_slice()).map(|value| &value.origin).collect()
    }

    /// Number of values of all properties.
    pub fn n_values(&self) -> usize {
        self.properties.iter().map(|(_, values)| values.as_slice().len()).sum()
    }
}

/// The text without outer white space, every inner run of it as one blank.
fn squeeze(text: &str) -> Box<str> {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out.into_boxed_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin() -> Origin {
        Origin::new(ListId::new("us_ofac_sdn").unwrap(), "2024-05-03", "36")
    }

    #[test]
    fn values_are_squeezed_kept_once_and_in_order() {
        let mut entity = Entity::new("ofac-36", Schema::company());
        assert!(entity.add("name", "  AEROCARIBBEAN\n AIRLINES ", &origin()));
        assert!(!entity.add("name", "AEROCARIBBEAN AIRLINES", &origin()));
        assert!(!entity.add("name", " \t", &origin()));
        assert!(entity.add("alias", "AERO-CARIBBEAN", &origin()));
        assert_eq!(entity.caption(), "AEROCARIBBEAN AIRLINES");
        assert_eq!(entity.n_values(), 2);
        assert_eq!(entity.datasets.len(), 1);
    }

    #[test]
    fn many_values_are_kept_once_and_in_order_as_few_are() {
        let mut entity = Entity::new("x", Schema::company());
        let texts: Vec<String> = (0..2 * FEW).map(|at| format!("A{at}")).collect();
        for text in texts.iter().chain(&texts) {
            entity.add("name", text, &origin());
        }
        let kept: Vec<&str> = entity.get("name").iter().map(|value| &*value.text).collect();
        assert_eq!(kept, texts);
        let mut other = Entity::new("x", Schema::company());
        for text in &texts {
            let name = other.schema.property("name").unwrap();
            other.datasets.insert(origin().list().clone());
            other.values_mut(name).push(Value { text: text.as_str().into(), origin: origin() });
        }
        assert_eq!(entity, other, "how they came does not matter");
        assert!(!other.add("name", "A7", &origin()) && other.add("name", "B", &origin()));
    }

    #[test]
    fn what_values_cost_does_not_rise_with_their_square() {
        // Looked through one by one these were some two hundred milliard comparisons: minutes, where a set takes a second.
        let mut entity = Entity::new("x", Schema::company());
        for at in 0..600_000 {
            entity.add("name", &format!("company number {at}"), &origin());
        }
        assert_eq!(entity.n_values(), 600_000);
    }

    #[test]
    fn a_value_that_the_schema_has_no_place_for_becomes_a_note() {
        let mut person = Entity::new("x", Schema::person());
        person.add("imoNumber", "9187629", &origin());
        assert_eq!(person.first("notes"), Some("imoNumber: 9187629"));
    }

    #[test]
    fn a_nearer_schema_keeps_all_values() {
        let mut party = Entity::new("x", Schema::legal_entity());
        party.add("name", "A", &origin());
        party.add("registrationNumber", "17", &origin());
        party.set_schema(Schema::company());
        assert_eq!(party.n_values(), 2);
        assert_eq!(party.first("registrationNumber"), Some("17"));
    }
}
