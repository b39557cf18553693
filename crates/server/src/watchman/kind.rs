//! Watchman's types of entities, and the schemata that they are.

use interdict_model::Schema;

/// A type of entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Person,
    Business,
    Organization,
    Aircraft,
    Vessel,
}

impl Kind {
    /// All of them. Where a parameter could be of several and no type is given, the first here counts.
    pub(super) const ALL: [Kind; 5] = [Kind::Person, Kind::Business, Kind::Organization, Kind::Vessel, Kind::Aircraft];

    /// Its name in parameters and answers.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Person => "person",
            Kind::Business => "business",
            Kind::Organization => "organization",
            Kind::Aircraft => "aircraft",
            Kind::Vessel => "vessel",
        }
    }

    /// The type of a name, in any case, as Watchman takes it.
    pub(super) fn by_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }

    /// The schema that a query of it has.
    pub(super) fn schema(self) -> Schema {
        match self {
            Kind::Person => Schema::person(),
            Kind::Business => Schema::company(),
            Kind::Organization => Schema::organization(),
            Kind::Aircraft => Schema::by_name("Airplane").unwrap_or(Schema::thing()),
            Kind::Vessel => Schema::by_name("Vessel").unwrap_or(Schema::thing()),
        }
    }

    /// The type of a listed entity. None where the list does not say enough (a party that may be a person or a firm) or Watchman has
    /// no type for it: such an entity is not passed off as something it may not be.
    pub(super) fn of(schema: Schema) -> Option<Kind> {
        // A company is an organization too, so that it is asked first.
        [Kind::Person, Kind::Business, Kind::Organization, Kind::Aircraft, Kind::Vessel]
            .into_iter()
            .find(|kind| schema.is_a(kind.schema()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemata_are_of_their_types_or_of_none() {
        for (schema, kind) in [
            ("Person", Some(Kind::Person)),
            ("Company", Some(Kind::Business)),
            ("PublicBody", Some(Kind::Organization)),
            ("Airplane", Some(Kind::Aircraft)),
            ("Vessel", Some(Kind::Vessel)),
            ("LegalEntity", None),
            ("Vehicle", None),
            ("CryptoWallet", None),
        ] {
            assert_eq!(Kind::of(Schema::by_name(schema).unwrap()), kind, "{schema}");
        }
        assert!(
            Kind::ALL
                .iter()
                .all(|kind| Kind::by_name(kind.name()) == Some(*kind) && Kind::of(kind.schema()) == Some(*kind))
        );
        assert_eq!((Kind::by_name("Vessel"), Kind::by_name("ship")), (Some(Kind::Vessel), None));
    }
}
