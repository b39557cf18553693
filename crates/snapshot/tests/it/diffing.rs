//! What changed between two snapshots.

use interdict_model::Schema;
use interdict_snapshot::diff::{ChangeKind, diff};
use interdict_snapshot::{Builder, Snapshot};

use super::{entity, list, snapshot_of, world};

#[test]
fn added_changed_and_removed_are_named_with_their_properties() {
    let mut later = world();
    later.retain(|entity| entity.id != "a-3");
    later.push(entity("a-9", Schema::person(), &[("name", "New Party")]));
    let origin = later[1].get("name")[0].origin.clone();
    later[1].add("alias", "Pyotr Ivanov", &origin);
    let changes = diff(&snapshot_of(world()), &snapshot_of(later)).unwrap();
    let told: Vec<_> = changes.iter().map(|change| (change.id.as_str(), &change.kind)).collect();
    assert_eq!(told.len(), 3);
    let ("a-1", ChangeKind::Changed(properties)) = told[0] else { panic!("{told:?}") };
    assert_eq!(
        (properties[0].property.as_str(), &properties[0].added[..]),
        ("alias", &["Pyotr Ivanov".to_owned()][..])
    );
    assert_eq!(told[1], ("a-3", &ChangeKind::Removed));
    assert_eq!(told[2], ("a-9", &ChangeKind::Added));
}

#[test]
fn a_new_version_of_the_same_list_changes_nothing() {
    let mut builder = Builder::new();
    builder.list(list("a", "2"));
    for entity in world() {
        builder.entity(entity);
    }
    let newer = Snapshot::from_bytes(builder.build().unwrap().bytes).unwrap();
    assert_eq!(diff(&snapshot_of(world()), &newer).unwrap(), []);
    assert_ne!(newer.id(), snapshot_of(world()).id());
}
