//! Lists that cannot be used: the fault says which list and why, and there is no snapshot, however good the others are.

use interdict_sources::Format;

use crate::support::{Lists, corpus, fault};

#[test]
fn a_declared_count_that_disagrees_makes_the_list_unusable() {
    let lists = Lists::new();
    let text = corpus("ofac_sdn_xml/two.xml");
    let declared = text.split("<Record_Count>").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    let mark = |count: &str| format!("<Record_Count>{count}</Record_Count>");
    lists.write("sdn.xml", text.replace(&mark(declared), &mark("4711")));
    lists.write("good.json", r#"{"id":"a","schema":"Person","properties":{"name":["Anna Beck"]}}"#);
    let said =
        fault(&[lists.list("good", Format::Ftm, &["good.json"]), lists.list("sdn", Format::OfacSdnXml, &["sdn.xml"])]);
    assert!(said.contains("list `sdn` was not loaded") && said.contains("declares 4711 records"), "{said}");
}

#[test]
fn more_than_one_bad_record_in_a_thousand_makes_the_list_unusable() {
    let lists = Lists::new();
    let rows = |good: usize, bad: usize| {
        let good = (0..good).map(|n| format!("{n},Party {n}\n")).collect::<Vec<_>>().concat();
        format!("id,name\n{good}{}", "x,\n".repeat(bad))
    };
    lists.write("few.csv", rows(1998, 2));
    lists.write("many.csv", rows(1997, 3));
    let list = |name: &str| lists.list("own", Format::Csv, &[name]);
    let few = crate::support::built(&[list("few.csv")]).0;
    assert_eq!((few.report.lists[0].records, few.report.lists[0].refused.len()), (2000, 2));
    let said = fault(&[list("many.csv")]);
    assert!(said.contains("3 of 2000") || said.contains("2000"), "{said}");
    assert!(said.contains("many.csv:1999"), "the first of them is named: {said}");
}

#[test]
fn a_file_of_another_kind_is_named() {
    let lists = Lists::new();
    lists.write("list", "<!DOCTYPE html><html><head><title>503</title></head></html>");
    lists.write("empty", "");
    for format in Format::ALL.iter().filter(|format| **format != Format::JpMetiHtml) {
        // A data set of no entities is one.
        for name in ["list", "empty"].into_iter().filter(|name| *name == "list" || *format != Format::Ftm) {
            let said = fault(&[lists.list("some_list", *format, &[name])]);
            assert!(said.starts_with("list `some_list` was not loaded: "), "{format}: {said}");
            assert!(said.len() > "list `some_list` was not loaded: ".len() + 10, "{format}: {said}");
        }
    }
}

#[test]
fn every_form_refuses_a_file_that_is_cut_or_reads_it_with_its_account() {
    let lists = Lists::new();
    for (format, name) in [
        (Format::UnScXml, "un_sc_xml/whole.xml"),
        (Format::OfacSdnXml, "ofac_sdn_xml/two.xml"),
        (Format::EuGlobalXml, "eu_global_xml/whole.xml"),
        (Format::CaSemaXml, "ca_sema_xml/whole.xml"),
        (Format::ChSecoXml, "ch_seco_xml/whole.xml"),
    ] {
        let text = corpus(name);
        let cut = text.len() - text.len() / 10;
        let cut = (0..=cut).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        lists.write("cut.xml", &text[..cut]);
        let said = fault(&[lists.list("cut", format, &["cut.xml"])]);
        assert!(said.contains("cut.xml"), "{format}: {said}");
    }
}
