//! What a token of a name weighs, and how names of persons, organizations and things differ.
//!
//! The weights are ours, set on the judged cases of the benchmark by class of name, not by case; `docs/matching.md` says what
//! each means and what moving it does.

use interdict_model::Schema;
use interdict_snapshot::{Glance, Kind, TokenView};
use interdict_text::Role;
use interdict_text::patronymic::is_patronymic;

use crate::align::Part;

/// The three ways to compare names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Given, father's, family names: order is free, parts may be missing.
    Person,
    /// Companies and institutions: every distinguishing word counts, generic ones less.
    Organization,
    /// Ships, aircraft, wallets: short names that must agree nearly wholly, numbers above all.
    Object,
}

impl Class {
    /// All, in the order of their numbers.
    pub(crate) const ALL: [Class; 3] = [Class::Person, Class::Organization, Class::Object];

    /// How the names of a query of one schema and an entity of another are compared.
    pub(crate) fn of(query: Schema, entity: Schema) -> Class {
        Class::of_kind(query == Schema::person(), Kind::of(entity))
    }

    /// How the names of a query and an entity of some kind are compared. Where the entity may be anything it is what the query is,
    /// and an organization where that does not say either.
    pub(crate) fn of_kind(query_is_person: bool, entity: Kind) -> Class {
        match entity {
            Kind::Person => Class::Person,
            Kind::Object | Kind::Open if query_is_person => Class::Person,
            Kind::Object => Class::Object,
            Kind::Organization | Kind::Open => Class::Organization,
        }
    }

    /// What leaving a token unmatched costs, as a share of its weight.
    pub(crate) fn costs(self) -> Costs {
        match self {
            Class::Person => Costs { query_extra: 0.38, entity_extra: 0.14, contradiction: 1.25 },
            Class::Organization => Costs { query_extra: 0.7, entity_extra: 0.45, contradiction: 1.1 },
            Class::Object => Costs { query_extra: 0.9, entity_extra: 0.9, contradiction: 1.3 },
        }
    }
}

/// What unmatched tokens cost, as shares of their weight.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Costs {
    /// A token of the query that the entity's name lacks.
    pub(crate) query_extra: f32,
    /// A token of the entity's name that the query lacks.
    pub(crate) entity_extra: f32,
    /// A token on each side with nothing to match it: the names say different things there.
    pub(crate) contradiction: f32,
}

/// Bits of information from which a name part has full weight.
const FULL_BITS: f32 = 10.4;

/// The weight of a token in its name, 0 to 1.
pub(crate) fn weight(token: &TokenView<'_>, class: Class) -> f32 {
    match token.role {
        Role::Name => {
            let telling = 0.45 + 0.55 * (token.bits.min(FULL_BITS) / FULL_BITS);
            match class {
                Class::Person if is_patronymic(token.text) => telling * PATRONYMIC,
                Class::Organization | Class::Object if token.generic => telling * GENERIC,
                Class::Organization if token.place => telling * PLACE,
                _ => telling,
            }
        }
        Role::Initial => 0.35,
        Role::Number(_) => 1.0,
        Role::Particle => 0.1,
        Role::Legal(_) => 0.12,
        Role::Title => 0.05,
    }
}

/// What a generic word of firms and things weighs against others.
const GENERIC: f32 = 0.55;
/// What the name of a place weighs in a firm's name: lists and papers leave out where a firm is registered.
const PLACE: f32 = 0.4;

/// No distinguishing token weighs less: a word of no information.
const LEAST_WEIGHT: f32 = 0.45 * PLACE;

/// The least that a distinguishing token weighs in names of a class.
pub(crate) fn least_part(class: Class) -> f32 {
    match class {
        Class::Person => (0.45 * PATRONYMIC).min(0.35),
        Class::Organization | Class::Object => LEAST_WEIGHT,
    }
}

/// The least that a token with that glance can weigh in its name, where it distinguishes; 0 where not.
pub(crate) fn least_weight(glance: &Glance, class: Class) -> f32 {
    match glance.role {
        Role::Name => {
            let telling = 0.45 + 0.55 * (glance.least_bits.min(FULL_BITS) / FULL_BITS);
            match class {
                Class::Person if glance.patronymic => telling * PATRONYMIC,
                Class::Organization | Class::Object if glance.generic => telling * GENERIC,
                Class::Organization if glance.place => telling * PLACE,
                _ => telling,
            }
        }
        Role::Initial => 0.35,
        Role::Number(_) => 1.0,
        Role::Particle | Role::Legal(_) | Role::Title => 0.0,
    }
}

/// What a patronymic weighs against a given or family name: papers of one person have it and lack it. A family name that is made
/// like one loses little by it.
const PATRONYMIC: f32 = 0.6;

/// What the first word of a firm's name weighs more: firms that differ there are others oftener than firms that differ later
/// (`South Shipping Lines`, `Khazar Shipping Lines`).
pub(crate) const HEAD: f32 = 1.35;

/// Which part of an organization's name is the first that is neither generic nor, where any such follows, the name of a place (`Zhejiang
/// Dahua Technology` is *Dahua*); none for other classes.
pub(crate) fn head(class: Class, parts: &[Part]) -> Option<usize> {
    if class != Class::Organization {
        return None;
    }
    let tells = |part: &Part| part.role == Role::Name && !part.generic;
    parts.iter().position(|part| tells(part) && !part.place).or_else(|| parts.iter().position(tells))
}

/// Whether a token distinguishes its bearer, so that lacking it counts.
pub(crate) fn distinguishes(role: Role) -> bool {
    matches!(role, Role::Name | Role::Number(_) | Role::Initial)
}
