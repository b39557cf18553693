//! What a caller may do: roles, and what each route asks of them.
//!
//! Idea: routes fall into few classes by what they give away or change; a role is a set of classes. Routes are told by the pattern that
//! matched, never by the text of the address, so that no spelling of an address leads past the question.
//! Invariant: a route that no class names is for administrators alone; `tests/it/access.rs` asks every route as every role.

use serde::{Deserialize, Serialize};

/// What a caller may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Ask whether a party is listed. The least: for the systems that screen.
    Screen,
    /// That, and look into the lists: search, entities and what stands next to them.
    Read,
    /// See how the service is and have its lists brought up to date; nothing of parties.
    Operate,
    /// All.
    Admin,
}

impl Role {
    /// All roles.
    pub const ALL: [Role; 4] = [Role::Screen, Role::Read, Role::Operate, Role::Admin];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Role::Screen => "screen",
            Role::Read => "read",
            Role::Operate => "operate",
            Role::Admin => "admin",
        }
    }

    /// The role of that name.
    pub fn by_name(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }

    /// Whether the role may use routes of a class.
    pub(crate) fn may(self, class: Class) -> bool {
        match class {
            Class::Health | Class::Nowhere | Class::Lists => true,
            Class::Screen => matches!(self, Role::Screen | Role::Read | Role::Admin),
            Class::Read => matches!(self, Role::Read | Role::Admin),
            Class::Operate | Class::Update => matches!(self, Role::Operate | Role::Admin),
            Class::Admin => self == Role::Admin,
        }
    }
}

/// What a route gives away or changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Whether the service runs; asked by those who start it, who have no key.
    Health,
    /// No route: a caller who is known is told so.
    Nowhere,
    /// Which lists and algorithms there are.
    Lists,
    /// Is this party listed?
    Screen,
    /// What is listed.
    Read,
    /// How the service is.
    Operate,
    /// Bringing the lists up to date. Its handlers know a token of their own and decide where there is no key.
    Update,
    /// What no other class names.
    Admin,
}

impl Class {
    /// The class of a route by the pattern that matched.
    pub(crate) fn of(pattern: Option<&str>) -> Class {
        let Some(pattern) = pattern else { return Class::Nowhere };
        match pattern {
            "/healthz" | "/readyz" | "/ping" => Class::Health,
            "/catalog" | "/manifest" | "/algorithms" | "/v2/listinfo" => Class::Lists,
            // The manifest of a reconciliation service, its queries and its data extension have one address; the last tells what is listed,
            // so that its handler asks for more.
            "/match/{dataset}" | "/v2/search" | "/reconcile/{dataset}" => Class::Screen,
            _ if pattern.starts_with("/reconcile/{dataset}") => Class::Read,
            "/search/{dataset}" => Class::Read,
            "/" | "/openapi.json" | "/favicon.ico" | "/v1" | "/v1/docs" | "/v1/openapi.json" | "/v1/lists"
            | "/v1/policies" => Class::Lists,
            "/v1/screen" | "/v1/screen/stream" | "/v1/explain" | "/v1/compare" => Class::Screen,
            _ if pattern.starts_with("/v1/jobs") => Class::Screen,
            "/v1/entities/{id}" => Class::Read,
            "/v1/{*rest}" => Class::Nowhere,
            _ if pattern.starts_with("/entities/{id}") => Class::Read,
            "/updatez" | "/v2/data/refresh" => Class::Update,
            "/metrics" => Class::Operate,
            _ => Class::Admin,
        }
    }

    /// Whether answers of the class tell what is listed, so that a key's datasets matter.
    pub(crate) fn tells_of_entities(self) -> bool {
        matches!(self, Class::Screen | Class::Read | Class::Admin)
    }

    /// Whether answers of the class may carry data of persons.
    pub(crate) fn has_personal_data(self) -> bool {
        !matches!(self, Class::Health | Class::Nowhere | Class::Lists)
    }
}

/// Whether all that a route tells of entities is of the dataset in its address, less what its query string leaves out.
pub(crate) fn is_told_by_dataset(pattern: &str) -> bool {
    matches!(pattern, "/match/{dataset}" | "/search/{dataset}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_that_nobody_classed_is_for_administrators() {
        let class = Class::of(Some("/anything/{new}"));
        let may: Vec<&str> = Role::ALL.into_iter().filter(|role| role.may(class)).map(Role::name).collect();
        assert_eq!(may, ["admin"]);
    }

    #[test]
    fn roles_are_known_by_their_names() {
        for role in Role::ALL {
            assert_eq!(Role::by_name(role.name()), Some(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.name());
        }
        assert_eq!(Role::by_name("Admin"), None);
    }
}
