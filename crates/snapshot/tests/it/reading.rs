//! What was put in comes out.

use interdict_snapshot::facts::{CheckResult, DateKind};
use interdict_snapshot::{
    BuildError, Builder, EntityOrd, NameGrade, NameOrd, Snapshot, SnapshotError, write_atomically,
};

use super::{bytes_of, entity, list, snapshot_of, world};
use interdict_model::Schema;

#[test]
fn the_same_entities_give_the_same_bytes_in_whatever_order_they_come() {
    let mut turned = world();
    turned.reverse();
    assert_eq!(bytes_of(world()), bytes_of(turned));
}

#[test]
fn entities_are_found_by_id_and_come_out_whole() {
    let snapshot = snapshot_of(world());
    assert_eq!(snapshot.meta().n_parties, 4);
    assert_eq!(snapshot.n_entities(), 6);
    for entity in world() {
        let ord = snapshot.find(&entity.id).unwrap().unwrap();
        assert_eq!(snapshot.entity(ord).unwrap(), entity);
        assert_eq!(snapshot.party(ord).unwrap().caption, entity.caption());
    }
    assert_eq!(snapshot.find("a-0").unwrap(), None);
    assert_eq!(snapshot.find("zzz").unwrap(), None);
    let ids: Vec<_> = (0..6).map(|ord| snapshot.party(EntityOrd(ord)).unwrap().id.to_owned()).collect();
    assert!(ids.is_sorted());
}

#[test]
fn names_have_their_grade_and_only_parties_have_names() {
    let snapshot = snapshot_of(world());
    let ord = snapshot.find("a-1").unwrap().unwrap();
    let grades: Vec<_> =
        snapshot.names_of(ord).unwrap().map(|name| snapshot.name(NameOrd(name)).unwrap().grade).collect();
    assert!(grades.contains(&NameGrade::Primary) && grades.contains(&NameGrade::Weak));
    let sanction = snapshot.find("a-1-sanction").unwrap().unwrap();
    assert!(snapshot.names_of(sanction).unwrap().is_empty());
    for name in 0..snapshot.n_names() {
        let view = snapshot.name(NameOrd(name)).unwrap();
        for token in view.tokens() {
            assert!(
                snapshot.postings(token).unwrap().iter().any(|found| found.get() == view.form.0),
                "a token leads to its names"
            );
        }
        assert!(
            snapshot.bearers(view.form).unwrap().iter().any(|found| found.get() == name),
            "a form leads to its names"
        );
    }
}

#[test]
fn a_wallet_leads_to_its_holder_and_says_by_which_way() {
    let snapshot = snapshot_of(world());
    let mut found = Vec::new();
    snapshot.entities_with_identifier("12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h", &mut found).unwrap();
    let ids: Vec<_> = found.iter().map(|ord| snapshot.party(*ord).unwrap().id).collect();
    assert_eq!(ids, ["a-1", "a-wallet"]);
    let holder = snapshot.party(found[0]).unwrap();
    let via = snapshot.identifiers(&holder).unwrap().next().unwrap().unwrap().via.unwrap();
    assert_eq!(snapshot.party(via).unwrap().id, "a-wallet");
    found.clear();
    // Base58 tells addresses apart by case.
    snapshot.entities_with_identifier("12qtd5bfwrsdnsazy76uve1xycgntojh9h", &mut found).unwrap();
    assert!(found.is_empty());
}

#[test]
fn dates_countries_and_identifiers_are_at_hand_without_the_body() {
    let snapshot = snapshot_of(world());
    let person = snapshot.party(snapshot.find("a-1").unwrap().unwrap()).unwrap();
    let dates: Vec<_> = snapshot.dates(&person).unwrap().collect();
    assert_eq!(dates.len(), 1);
    assert!(dates[0].circa && dates[0].kind == DateKind::Birth && dates[0].last_day - dates[0].first_day == 364);
    let countries: Vec<_> = snapshot.countries(&person).unwrap().map(|(country, _)| country.code()).collect();
    assert_eq!(countries, ["ru"]);
    let vessel = snapshot.party(snapshot.find("a-3").unwrap().unwrap()).unwrap();
    let imo = snapshot.identifiers(&vessel).unwrap().next().unwrap().unwrap();
    assert_eq!((imo.key, imo.check), ("9187629", CheckResult::Valid));
}

#[test]
fn what_points_to_an_entity_is_known() {
    let snapshot = snapshot_of(world());
    let ord = snapshot.find("a-1").unwrap().unwrap();
    let ids: Vec<_> = snapshot.referrers(ord).unwrap().map(|ord| snapshot.party(ord).unwrap().id.to_owned()).collect();
    assert_eq!(ids, ["a-1-sanction", "a-own", "a-wallet"]);
}

#[test]
fn what_cannot_be_built_says_why() {
    let mut builder = Builder::new();
    builder.list(list("a", "1"));
    builder.entity(entity("x", Schema::person(), &[("name", "A")]));
    builder.entity(entity("x", Schema::person(), &[("name", "B")]));
    assert!(matches!(builder.build(), Err(BuildError::DuplicateId(id)) if id == "x"));
    let mut builder = Builder::new();
    builder.entity(entity("x", Schema::person(), &[("name", "A")]));
    assert!(matches!(builder.build(), Err(BuildError::UnknownList { list, .. }) if list == "a"));
}

#[test]
fn a_file_is_there_whole_and_opens_by_mapping() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lists.snap");
    write_atomically(&path, &bytes_of(world())).unwrap();
    let snapshot = Snapshot::open(&path).unwrap();
    snapshot.verify().unwrap();
    assert_eq!(snapshot.id(), snapshot_of(world()).id());
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "no temporary file stays behind");
    // A new version is a new file: who has the old one open keeps it.
    write_atomically(&path, &bytes_of(vec![])).unwrap();
    assert_eq!(snapshot.n_entities(), 6);
    assert_eq!(Snapshot::open(&path).unwrap().n_entities(), 0);
}

#[test]
fn what_is_no_snapshot_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.snap");
    assert!(matches!(Snapshot::open(&path), Err(SnapshotError::Io { .. })));
    std::fs::write(&path, b"").unwrap();
    assert!(matches!(Snapshot::open(&path), Err(SnapshotError::Magic { .. })));
    let mut other = bytes_of(world());
    other[8] = 99;
    assert!(
        matches!(Snapshot::from_bytes(other), Err(SnapshotError::Version { found, .. }) if found.starts_with("99."))
    );
}
