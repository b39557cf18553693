//! The shrink guard, on whole lists and on lists within them, and the way around it.

use interdict_catalog::state::{Accepted, ListState};

use crate::publisher::*;

const HEADER: &str = "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,\
standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,gross_registered_tonnage,vessel_flag,\
vessel_owner,remarks,source_list_url,alt_names,citizenships,dates_of_birth,nationalities,places_of_birth,source_information_url,ids";

/// A Consolidated Screening List of so many entries of these lists.
fn csl(parts: &[(&str, usize)]) -> String {
    let mut text = format!("{HEADER}\n");
    for (source, n) in parts {
        for at in 0..*n {
            let id = format!("{}{at}", source.len());
            text.extend([&id, ",", source, ",,Entity,,Firm ", &id, &",".repeat(23), "\n"]);
        }
    }
    text
}

const EL: &str = "Entity List (EL) - Bureau of Industry and Security";
const UVL: &str = "Unverified List (UVL) - Bureau of Industry and Security";

fn csl_manifest(bench: &Bench, more: &str) -> Manifest {
    let url = bench.server.url("/consolidated.csv");
    bench.parsed(&format!("datasets:\n  - name: us_csl\n    format: us_csl_csv\n    url: {url}\n{more}"))
}

#[test]
fn a_list_that_lost_a_tenth_serves_and_one_that_lost_more_does_not() {
    let bench = Bench::new();
    bench.serve("/one.json", people(100));
    let manifest = bench.manifest(&["one"]);
    bench.update(&manifest);
    bench.serve("/one.json", people(90));
    let report = bench.update(&manifest);
    assert_eq!((&list(&report, "one").status, list(&report, "one").removed), (&Status::Fresh, Some(10)));
    bench.serve("/one.json", people(80));
    let report = bench.update(&manifest);
    assert!(trouble(&report, "one").contains("from 90 to 80"));
    assert_eq!(bench.snapshot().meta().n_parties, 90);
    assert!(bench.meta("one").stale.unwrap().contains("--accept-shrink"));
    // What was refused lies there for whoever wants to look.
    assert_eq!(names_in(&bench.data_dir().join("downloads/one/refused")), ["one.json"]);
}

#[test]
fn the_guard_remembers_a_version_whose_files_are_gone() {
    let bench = Bench::new();
    bench.serve("/one.json", people(100));
    let manifest = bench.manifest(&["one"]);
    bench.update(&manifest);
    let folder = bench.data_dir().join("downloads/one");
    let versions: Vec<String> = names_in(&folder).into_iter().filter(|name| folder.join(name).is_dir()).collect();
    assert_eq!(versions.len(), 1, "{versions:?}");
    std::fs::remove_dir_all(folder.join(&versions[0])).unwrap();
    bench.answer("/one.json", |_| Reply::of(404, "gone"));
    assert!(trouble(&bench.update(&manifest), "one").contains("404"));
    bench.serve("/one.json", people(50));
    assert!(trouble(&bench.update(&manifest), "one").contains("from 100 to 50"));
}

#[test]
fn a_sub_list_that_fell_is_seen_though_the_total_is_equal() {
    let bench = Bench::new();
    let manifest = csl_manifest(&bench, "");
    bench.serve("/consolidated.csv", csl(&[(EL, 30), (UVL, 30)]));
    assert_eq!(bench.update(&manifest).lists[0].parties, Some(60));
    bench.serve("/consolidated.csv", csl(&[(EL, 45), (UVL, 15)]));
    assert!(trouble(&bench.update(&manifest), "us_csl").contains("from 30 to 15"));
    bench.serve("/consolidated.csv", csl(&[(EL, 60)]));
    assert!(trouble(&bench.update(&manifest), "us_csl").contains("is gone"));
    assert_eq!(bench.snapshot().meta().n_parties, 60);
    // A limit of its own lets the first one in.
    let bench = Bench::new();
    let manifest = csl_manifest(&bench, "    shrink_percent_of: {UVL: 50}\n");
    bench.serve("/consolidated.csv", csl(&[(EL, 30), (UVL, 30)]));
    bench.update(&manifest);
    bench.serve("/consolidated.csv", csl(&[(EL, 45), (UVL, 15)]));
    assert_eq!(bench.update(&manifest).lists[0].status, Status::Fresh);
}

#[test]
fn a_lawful_delisting_is_let_in_and_recorded() {
    let mut bench = Bench::new();
    bench.serve("/one.json", people(100));
    bench.serve("/two.json", people(100));
    let manifest = bench.manifest(&["one", "two"]);
    bench.update(&manifest);
    bench.serve("/one.json", people(10));
    bench.serve("/two.json", people(10));
    bench.options.accept = Some(accepting("one"));
    let report = bench.update_at(&manifest, "2026-11-25T12:00:00Z");
    assert_eq!((&list(&report, "one").status, list(&report, "one").parties), (&Status::Fresh, Some(10)));
    assert!(trouble(&report, "two").contains("100 to 10"), "only the list that was named may shrink");
    let journal = std::fs::read_to_string(bench.data_dir().join("updates.jsonl")).unwrap();
    let entry: Accepted = serde_json::from_str(journal.trim()).unwrap();
    assert_eq!((entry.old.parties, entry.new.parties, entry.time.as_str()), (100, 10, "2026-11-25T12:00:00Z"));
    assert_eq!(
        (entry.reason.as_str(), entry.who.as_deref()),
        ("delisted by the decision of 24 November", Some("anna"))
    );
    assert_eq!(ListState::read(&bench.data_dir(), &entry.list).unwrap().accepted, Some(entry));
    // The journal only grows, and only by what was needed.
    bench.options.accept = Some(accepting("two"));
    bench.update(&manifest);
    bench.update(&manifest);
    assert_eq!(std::fs::read_to_string(bench.data_dir().join("updates.jsonl")).unwrap().lines().count(), 2);
}

#[test]
fn a_first_version_of_too_few_parties_is_refused_until_it_is_let_in() {
    let mut bench = Bench::new();
    bench.serve("/one.json", people(49));
    let url = bench.server.url("/one.json");
    let manifest = bench.parsed(&format!("datasets:\n  - {{name: one, url: '{url}', min_parties: 50}}\n"));
    let report = bench.update(&manifest);
    assert!(trouble(&report, "one").contains("49 parties, and at least 50"), "{}", trouble(&report, "one"));
    assert_eq!(report.installed, Installed::Nothing);
    bench.options.accept = Some(accepting("one"));
    assert_eq!(list(&bench.update(&manifest), "one").status, Status::Fresh);
    // Later versions are held against those before.
    bench.options.accept = None;
    bench.serve("/one.json", people(48));
    assert_eq!(list(&bench.update(&manifest), "one").status, Status::Fresh);
    for list in Manifest::publishers().unwrap().datasets {
        let at_hand = !["eu_fsf", "gb_fcdo_sanctions", "ch_seco"].contains(&list.id.as_str());
        assert_eq!(list.rules.min_parties.is_some_and(|n| n >= 200), at_hand, "{}", list.id);
    }
}

#[test]
fn a_little_every_day_is_too_much_in_a_month() {
    let mut bench = Bench::new();
    let manifest = bench.manifest(&["one"]);
    let update = |bench: &mut Bench, n: usize, day: &str| {
        bench.serve("/one.json", people(n));
        bench.update_at(&manifest, &format!("{day}T12:00:00Z"))
    };
    assert_eq!(update(&mut bench, 100, "2026-11-01").lists[0].status, Status::Fresh);
    assert_eq!(update(&mut bench, 91, "2026-12-20").lists[0].status, Status::Fresh);
    // What was believed until the 20th counts, though it was first believed long before.
    let report = update(&mut bench, 83, "2026-12-21");
    assert!(trouble(&report, "one").contains("from 100 to 83 parties, more than 10 % since 2026-12-20"));
    assert_eq!(update(&mut bench, 90, "2026-12-22").lists[0].status, Status::Fresh);
    // After a month it counts no more.
    assert_eq!(update(&mut bench, 83, "2027-01-25").lists[0].status, Status::Fresh);
    // What was let in is what counts from then on.
    assert!(matches!(update(&mut bench, 76, "2027-01-26").lists[0].status, Status::Stale(_)));
    bench.options.accept = Some(accepting("one"));
    assert_eq!(update(&mut bench, 76, "2027-01-27").lists[0].status, Status::Fresh);
    bench.options.accept = None;
    assert_eq!(update(&mut bench, 69, "2027-01-28").lists[0].status, Status::Fresh);
}
