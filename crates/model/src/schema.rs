//! The schema tree of FollowTheMoney.

use std::fmt;
use std::sync::LazyLock;

use crate::property::Property;
use crate::table::{SchemaRow, TABLE};

/// Version of FollowTheMoney that the compiled-in facts are of.
pub const FTM_VERSION: &str = "4.11.2";

/// A schema: an index into the compiled-in table, in alphabetical order of names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Schema(u8);

macro_rules! well_known {
    ($($function:ident = $name:literal),* $(,)?) => {
        /// The schemata that our own code names.
        impl Schema {
            $(
                #[doc = concat!("The schema `", $name, "`.")]
                #[must_use]
                pub fn $function() -> Schema {
                    static SCHEMA: LazyLock<Schema> =
                        LazyLock::new(|| Schema::by_name($name).expect("the compiled-in table has the schema"));
                    *SCHEMA
                }
            )*
        }
    };
}

well_known! {
    thing = "Thing",
    legal_entity = "LegalEntity",
    person = "Person",
    organization = "Organization",
    company = "Company",
    public_body = "PublicBody",
    vehicle = "Vehicle",
    vessel = "Vessel",
    airplane = "Airplane",
    crypto_wallet = "CryptoWallet",
    bank_account = "BankAccount",
    security = "Security",
    address = "Address",
    sanction = "Sanction",
    passport = "Passport",
    identification = "Identification",
    ownership = "Ownership",
    directorship = "Directorship",
    membership = "Membership",
    representation = "Representation",
    family = "Family",
    associate = "Associate",
    unknown_link = "UnknownLink",
    position = "Position",
    occupancy = "Occupancy",
}

impl Schema {
    /// The schema of that exact name.
    pub fn by_name(name: &str) -> Option<Schema> {
        let index = TABLE.schemata.binary_search_by(|schema| schema.name.cmp(name)).ok()?;
        u8::try_from(index).ok().map(Schema)
    }

    /// The schema with that index in alphabetical order, as a snapshot stores it.
    pub fn from_index(index: u8) -> Option<Schema> {
        (usize::from(index) < TABLE.schemata.len()).then_some(Schema(index))
    }

    /// Its index in alphabetical order.
    pub fn index(self) -> u8 {
        self.0
    }

    /// All schemata, in alphabetical order.
    pub fn all() -> impl Iterator<Item = Schema> {
        (0..TABLE.schemata.len()).filter_map(|index| u8::try_from(index).ok().map(Schema))
    }

    fn row(self) -> &'static SchemaRow {
        TABLE.schemata.get(usize::from(self.0)).expect("a Schema is only made from the table's own indices")
    }

    /// Its name, as JSON has it.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// English label, singular.
    pub fn label(self) -> &'static str {
        self.row().label
    }

    /// English label, plural.
    pub fn plural(self) -> &'static str {
        self.row().plural
    }

    /// Whether it is `other` or extends it, at any distance.
    pub fn is_a(self, other: Schema) -> bool {
        self.row().ancestors.binary_search(&other.0).is_ok()
    }

    /// Itself and all that it extends, in alphabetical order.
    pub fn ancestors(self) -> impl Iterator<Item = Schema> {
        self.row().ancestors.iter().map(|&index| Schema(index))
    }

    /// Whether entities of it are compared at all.
    pub fn matchable(self) -> bool {
        self.row().flags.contains('m')
    }

    /// Whether it has no entities of its own, only those of the schemata that extend it.
    pub fn is_abstract(self) -> bool {
        self.row().flags.contains('a')
    }

    /// Whether it joins two others, as ownership does.
    pub fn is_edge(self) -> bool {
        self.row().flags.contains('e')
    }

    /// The properties that hold an edge's two ends.
    pub fn edge_ends(self) -> Option<(&'static str, &'static str)> {
        self.row().edge
    }

    /// Whether an entity of this schema can be the same as one of `other`: both are matchable and one extends the other.
    pub fn can_match(self, other: Schema) -> bool {
        self.matchable() && other.matchable() && (self.is_a(other) || other.is_a(self))
    }

    /// Whether a *query* of this schema asks entities of `entity`: as [`Schema::can_match`], and `Thing` and other schemata
    /// that are not matchable themselves ask all matchable schemata below them.
    pub fn asks(self, entity: Schema) -> bool {
        self.can_match(entity) || (!self.matchable() && entity.matchable() && entity.is_a(self))
    }

    /// The property of that name, own or inherited.
    pub fn property(self, name: &str) -> Option<Property> {
        self.row().properties.get(name).map(|&index| Property(index))
    }

    /// All properties, own and inherited, by name.
    pub fn properties(self) -> impl Iterator<Item = Property> {
        self.row().properties.values().map(|&index| Property(index))
    }

    /// Properties that a short display shows.
    pub fn featured(self) -> &'static [&'static str] {
        &self.row().featured
    }

    /// Properties without which an entity is incomplete.
    pub fn required(self) -> &'static [&'static str] {
        &self.row().required
    }

    /// Properties whose first value names the entity, in order of preference.
    pub fn caption(self) -> &'static [&'static str] {
        &self.row().caption
    }
}

impl fmt::Debug for Schema {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inheritance_is_transitive() {
        assert!(Schema::company().is_a(Schema::thing()));
        assert!(Schema::company().is_a(Schema::organization()));
        assert!(!Schema::person().is_a(Schema::organization()));
        assert_eq!(Schema::person().property("name").map(Property::name), Some("name"));
        assert!(Schema::person().property("imoNumber").is_none());
    }

    #[test]
    fn a_legal_entity_bridges_persons_and_companies_but_nothing_else_does() {
        assert!(Schema::legal_entity().can_match(Schema::person()));
        assert!(Schema::legal_entity().can_match(Schema::company()));
        assert!(!Schema::person().can_match(Schema::company()));
        assert!(!Schema::vessel().can_match(Schema::company()));
        assert!(Schema::thing().asks(Schema::vessel()));
        assert!(Schema::thing().asks(Schema::person()));
        assert!(!Schema::thing().asks(Schema::sanction()));
    }

    #[test]
    fn the_table_names_the_version_it_is_of() {
        assert_eq!(TABLE.version, format!("followthemoney {FTM_VERSION}"));
        assert_eq!(Schema::all().count(), 71);
    }
}
