//! The published lists at hand, served and updated whole by the built-in manifest.

use crate::publisher::*;

#[test]
fn shared_the_publishers_manifest_updates_from_a_mirror_of_real_files() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/lists");
    if !root.is_dir() {
        println!("skipped: ../shared is not there");
        return;
    }
    let mut bench = Bench::new();
    bench.options.fetch.read_timeout = Duration::from_secs(10);
    bench.options.mirror = Some(bench.server.url(""));
    let served = [
        ("us_ofac_sdn/SDN.CSV", "us_ofac_sdn/2023-12-28/sdn.csv"),
        ("us_ofac_sdn/ADD.CSV", "us_ofac_sdn/2023-12-28/add.csv"),
        ("us_ofac_sdn/ALT.CSV", "us_ofac_sdn/2023-12-28/alt.csv"),
        ("us_ofac_sdn/SDN_COMMENTS.CSV", "us_ofac_sdn/2023-12-28/sdn_comments.csv"),
        ("us_ofac_cons/CONS_PRIM.CSV", "us_ofac_cons/cons_prim.csv"),
        ("us_ofac_cons/CONS_ADD.CSV", "us_ofac_cons/cons_add.csv"),
        ("us_ofac_cons/CONS_ALT.CSV", "us_ofac_cons/cons_alt.csv"),
        ("us_ofac_cons/CONS_COMMENTS.CSV", "us_ofac_cons/cons_comments.csv"),
        ("us_csl/consolidated.csv", "us_csl/consolidated.csv"),
        ("un_sc/consolidated.xml", "un_sc/consolidated_2026-04-17.xml"),
        ("au_dfat/Australian_Sanctions_Consolidated_List.xlsx", "au_dfat/regulation8_consolidated.xlsx"),
        ("ca_sema/sema-lmes.xml", "ca_sema/sema-lmes.xml"),
        ("jp_meti/end-user-list.xlsx", "jp_meti/20250929_4.xlsx"),
    ];
    for (path, file) in served {
        bench.serve(&format!("/{path}"), std::fs::read(root.join(file)).unwrap());
    }
    let manifest = Manifest::publishers().unwrap();
    let report = bench.update(&manifest);
    // Of these publishers no file is at hand.
    for absent in ["eu_fsf", "gb_fcdo_sanctions", "ch_seco"] {
        assert!(trouble(&report, absent).contains("404"));
        assert!(bench.meta(absent).missing.is_some());
    }
    let parties = |id: &str| list(&report, id).parties;
    assert_eq!(
        (parties("us_ofac_sdn"), parties("us_csl"), parties("un_sc")),
        (Some(13_821), Some(14_160), Some(1_005))
    );
    assert_eq!((parties("au_dfat"), parties("ca_sema"), parties("jp_meti")), (Some(3_062), Some(4_759), Some(835)));
    assert_eq!(report.lists.iter().filter(|list| list.status == Status::Fresh).count(), 7);
    assert!(matches!(bench.update(&manifest).installed, Installed::Same(_)));
    // An older and smaller SDN list is not believed.
    for name in ["sdn", "add", "alt", "sdn_comments"] {
        let file = root.join(format!("us_ofac_sdn/2021-07/{name}.csv"));
        bench.serve(&format!("/us_ofac_sdn/{}.CSV", name.to_uppercase()), std::fs::read(file).unwrap());
    }
    assert!(trouble(&bench.update(&manifest), "us_ofac_sdn").contains("from 13821 to 8976"));
    bench.snapshot().verify().unwrap();
}
