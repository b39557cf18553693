//! `interdict entity`: one entity, what points to it, and where its values are from.

use serde_json::json;

use crate::support::{Place, masked};

#[test]
fn an_entity_is_shown_with_what_points_to_it() {
    let place = Place::with_lists();
    insta::assert_snapshot!(masked(&place.run(&["entity", "h-zeb", "--snapshot", "lists.snap"]).shown()));
}

#[test]
fn origins_name_list_version_and_record() {
    let place = Place::with_lists();
    let json = place.run(&["entity", "watch-1", "--snapshot", "lists.snap", "--origins"]).json();
    insta::assert_snapshot!(masked(&serde_json::to_string_pretty(&json).unwrap()));
    let plain = place.run(&["entity", "watch-1", "--snapshot", "lists.snap"]).json();
    assert_eq!(plain["properties"]["name"], json!(["Ottoline Vantongeren"]));
}

#[test]
fn an_unknown_id_says_where_ids_stand() {
    let place = Place::with_lists();
    insta::assert_snapshot!(masked(&place.run(&["entity", "nope", "--snapshot", "lists.snap"]).shown()));
}
