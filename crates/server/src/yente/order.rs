//! `sort=field:asc|desc`, repeatable: the first counts most, entities without a value come last.

use interdict_search::{Direction, is_field};

use super::params::Params;
use crate::observe::record::note_passed_over;

/// Fields to sort by. What names no field, or one that counts already, is passed over as yente does, and told.
pub(super) fn of(params: &Params, warnings: &mut Vec<String>) -> Vec<(String, Direction)> {
    let mut order: Vec<(String, Direction)> = Vec::new();
    let mut unknown = Vec::new();
    for given in params.texts("sort") {
        // Any direction that is not `desc` ascends. Source: yente.
        let (field, direction) = given.split_once(':').unwrap_or((&given, "asc"));
        let direction = if direction == "desc" { Direction::Descending } else { Direction::Ascending };
        if !is_field(field) {
            unknown.push(format!("sort: there is no field `{field}`; it was passed over"));
        } else if order.iter().all(|(known, _)| known != field) {
            order.push((field.to_owned(), direction));
        }
    }
    note_passed_over(unknown.len());
    warnings.extend(unknown);
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_their_directions_and_unknown_ones_are_told() {
        let mut warnings = Vec::new();
        let params = Params::of(Some("sort=first_seen:desc&sort=countries&sort=&sort=zzz:asc&sort=first_seen:asc"));
        let order = of(&params, &mut warnings);
        let known = [("first_seen", Direction::Descending), ("countries", Direction::Ascending)];
        assert_eq!(order, known.map(|(field, direction)| (field.to_owned(), direction)));
        assert_eq!(warnings, ["sort: there is no field `zzz`; it was passed over"]);
    }
}
