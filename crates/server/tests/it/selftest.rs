//! The self-test: a right engine passes, a blind one is told everywhere.

use std::sync::Arc;

use interdict_model::{Entity, ListId, Origin};
use interdict_server::catalogue::Catalogue;
use interdict_server::engine::Updated;
use interdict_server::selftest;
use interdict_server::settings::{Secret, Settings};
use interdict_server::view::View;
use interdict_snapshot::{Builder, ListMeta, Snapshot};

use super::client::{Service, view};
use super::{PETROV, SHIP, service};

/// A snapshot of people with names of their own, as bytes.
fn people() -> Vec<u8> {
    let mut builder = Builder::new();
    let id = ListId::new("people").unwrap();
    let origin = Origin::new(id.clone(), "1", "");
    builder.list(ListMeta { id, version: "1".to_owned(), title: None, partial: None, stale: None, missing: None });
    let first = ["Ivan", "Pyotr", "Ahmed", "Chidi", "Ramesh", "Fernando", "Gerhard", "Olumide", "Tariq", "Nikolai"];
    let last = ["Sokolov", "Abernathy", "Khalilzad", "Okonkwo", "Bhattacharya", "Villanueva", "Zimmermann", "Adeyemi"];
    for (at, first) in first.iter().enumerate() {
        for (to, last) in last.iter().enumerate() {
            let text =
                format!(r#"{{"id":"p-{at}-{to}","schema":"Person","properties":{{"name":["{first} {last}"]}}}}"#);
            Entity::from_ftm(&text, &origin).unwrap().into_iter().for_each(|entity| builder.entity(entity));
        }
    }
    builder.build().unwrap().bytes
}

fn opened(bytes: Vec<u8>) -> Option<View> {
    let snapshot = Snapshot::from_bytes(bytes).ok()?;
    let catalogue = Arc::new(Catalogue::of_meta(snapshot.meta()));
    Some(View::new(snapshot, catalogue))
}

#[test]
fn a_right_engine_passes_whatever_is_drawn() {
    let view = opened(people()).unwrap();
    for seed in 0..5 {
        let report = selftest::run(&view, seed, &|| false).unwrap();
        assert_eq!(report.failures, [], "seed {seed}");
        assert_eq!((report.n_exact, report.n_exact_found), (50, 50));
        assert!(report.n_altered >= 25 && report.n_altered_found * 10 >= report.n_altered * 9, "{report:?}");
    }
    assert_eq!(selftest::run(&view, 0, &|| true), None);
}

#[test]
fn altered_bytes_are_found_and_told() {
    let bytes = people();
    let mut n_found = 0;
    // One byte in a hundred places of the second half: what opens all the same must not pass.
    for step in 50..100 {
        let mut altered = bytes.clone();
        altered[bytes.len() * step / 100 - 1] ^= 0x20;
        let Some(view) = opened(altered) else { continue };
        let report = selftest::run(&view, 1, &|| false).unwrap();
        let is_padding = view.snapshot.verify().is_ok();
        assert!(is_padding || report.failures.iter().any(|failure| failure.check == "hashes"), "{step}: {report:?}");
        n_found += usize::from(!is_padding);
    }
    assert!(n_found > 20, "{n_found}");
}

#[test]
fn what_failed_degrades_the_service_and_what_passes_does_not() {
    let service = service();
    service.wait_for("/metrics", |answer| answer.body.contains("interdict_self_test_passed 1"));
    assert_eq!(service.get("/readyz").body, r#"{"status":"ok"}"#);
    let bytes = people();
    let damaged = (50..100).find_map(|step| {
        let mut altered = bytes.clone();
        altered[bytes.len() * step / 100 - 1] ^= 0x20;
        opened(altered).filter(|view| view.snapshot.verify().is_err())
    });
    let service = Service::start(damaged, None, Settings::default());
    let ready = service.wait_for("/readyz", |answer| answer.body.contains("self-test failed"));
    assert_eq!(ready.status, 200);
    let ready = ready.json();
    assert_eq!((&ready["status"], &ready["troubles"][0]["check"]), (&"degraded".into(), &"hashes".into()));
    let page = service.get("/metrics").body;
    assert!(page.contains("interdict_self_test_passed 0") && page.contains("interdict_degraded 1"), "{page}");
}

#[test]
fn each_view_is_tested_when_it_begins_to_serve() {
    let settings = Settings { update_token: Some(Secret::new("t")), ..Settings::default() };
    let updater = || {
        let View { snapshot, catalogue, .. } = view(&[("ships", &[SHIP])]);
        Ok(Updated { snapshot, catalogue })
    };
    let service = Service::start(Some(view(&[("acme", &[PETROV])])), Some(Box::new(updater)), settings);
    service.wait_for("/metrics", |answer| answer.body.contains(r#"interdict_self_tests_total{outcome="passed"} 1"#));
    assert_eq!(service.post("/updatez?token=t&sync=true", "").status, 200);
    service.wait_for("/metrics", |answer| answer.body.contains(r#"interdict_self_tests_total{outcome="passed"} 2"#));
}
