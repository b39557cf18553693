//! Properties of FollowTheMoney and their types.

use std::fmt;

use crate::schema::Schema;
use crate::table::{PropertyRow, TABLE};

/// What kind of value a property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the variants are FollowTheMoney's type names, described there")]
pub enum PropertyType {
    Address,
    Checksum,
    Country,
    Date,
    Email,
    Entity,
    Gender,
    Html,
    Identifier,
    Ip,
    Json,
    Language,
    Mimetype,
    Name,
    Number,
    Phone,
    String,
    Text,
    Topic,
    Url,
}

impl PropertyType {
    /// The type of that name; `None` for a name that FollowTheMoney 4.11 does not have.
    pub fn parse(name: &str) -> Option<PropertyType> {
        use PropertyType as T;
        Some(match name {
            "address" => T::Address,
            "checksum" => T::Checksum,
            "country" => T::Country,
            "date" => T::Date,
            "email" => T::Email,
            "entity" => T::Entity,
            "gender" => T::Gender,
            "html" => T::Html,
            "identifier" => T::Identifier,
            "ip" => T::Ip,
            "json" => T::Json,
            "language" => T::Language,
            "mimetype" => T::Mimetype,
            "name" => T::Name,
            "number" => T::Number,
            "phone" => T::Phone,
            "string" => T::String,
            "text" => T::Text,
            "topic" => T::Topic,
            "url" => T::Url,
            _ => return None,
        })
    }

    /// What a code of a closed set is called, as FollowTheMoney captions it: `sanction` is *Sanctioned*, `ru` *Russia*. `None` for types whose
    /// values are open, and for codes that 4.11 does not have.
    pub fn caption(self, code: &str) -> Option<&'static str> {
        let name = match self {
            PropertyType::Country => "country",
            PropertyType::Gender => "gender",
            PropertyType::Language => "language",
            PropertyType::Topic => "topic",
            _ => return None,
        };
        TABLE.values.get(name)?.get(code).copied()
    }
}

/// A property as defined on one schema (`Thing.name`, `Person.birthDate`): an index into the compiled-in table.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Property(pub(crate) u16);

impl Property {
    /// Its number in the compiled-in table, as a snapshot stores it.
    pub fn index(self) -> u16 {
        self.0
    }

    /// The property with that number.
    pub fn from_index(index: u16) -> Option<Property> {
        (usize::from(index) < TABLE.properties.len()).then_some(Property(index))
    }

    fn row(self) -> &'static PropertyRow {
        TABLE.properties.get(usize::from(self.0)).expect("a Property is only made from the table's own indices")
    }

    /// Its name, as JSON has it: `birthDate`.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Its English label: `Birth date`.
    pub fn label(self) -> &'static str {
        self.row().label
    }

    /// What kind of value it holds.
    pub fn kind(self) -> PropertyType {
        self.row().kind
    }

    /// Whether FollowTheMoney compares entities by it.
    pub fn matchable(self) -> bool {
        self.row().flags.contains('m')
    }

    /// Whether it is the far side of another entity's property and holds no values itself.
    pub fn is_stub(self) -> bool {
        self.row().flags.contains('s')
    }

    /// Schema that a value of type `entity` must be of.
    pub fn range(self) -> Option<Schema> {
        Schema::by_name(self.row().range)
    }

    /// Schema and name of the property on the other side of the relation.
    pub fn reverse(self) -> Option<(&'static str, &'static str)> {
        self.row().reverse
    }

    /// Format of an identifier (`lei`, `imo`, `bic` …) where the model names one.
    pub fn format(self) -> Option<&'static str> {
        Some(self.row().format).filter(|format| !format.is_empty())
    }

    /// Longest value in characters that FollowTheMoney takes.
    pub fn max_length(self) -> usize {
        self.row().max_length as usize
    }
}

impl fmt::Debug for Property {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schema = TABLE.schemata.get(usize::from(self.row().defined_on)).map_or("?", |schema| schema.name);
        write!(out, "{schema}.{}", self.name())
    }
}
