//! The newest day of lists that do not say their date.

use interdict_sources::{Format, SourceFile, newest_day};

use crate::support::{shared, xlsx};

fn newest(format: Format, bytes: &[u8]) -> Option<String> {
    let file = SourceFile { path: "list".into(), bytes: bytes.to_vec() };
    newest_day(format, &[file]).map(|day| day.to_string())
}

#[test]
fn an_australian_control_date_is_a_serial_number_or_text() {
    let header = ["Reference", "Name of Individual or Entity", "Type", "Name Type", "Control Date"];
    let row = |reference, date| [reference, "ONE", "Individual", "Primary Name", date];
    let (one, two, three) = (row("1", "41988"), row("2", "45607"), row("3", "1 May 2024"));
    assert_eq!(newest(Format::AuDfatXlsx, &xlsx(&[&header, &one, &two])).as_deref(), Some("2024-11-11"));
    assert_eq!(newest(Format::AuDfatXlsx, &xlsx(&[&header, &one, &three])).as_deref(), Some("2024-05-01"));
}

#[test]
fn a_canadian_date_of_listing_counts_where_the_form_has_one() {
    let list = |date: &str| {
        let record = "<record><Country>Iran</Country><DateOfListing>2022-10-03</DateOfListing></record>";
        format!("<data-set>{record}<record><Country>Iran</Country>{date}</record></data-set>").into_bytes()
    };
    let newest_with = |date: &str| newest(Format::CaSemaXml, &list(date));
    assert_eq!(newest_with("<DateOfListing>2025-02-21</DateOfListing>").as_deref(), Some("2025-02-21"));
    assert_eq!(newest_with("<Item>1</Item>").as_deref(), Some("2022-10-03"));
    assert_eq!(newest(Format::CaSemaXml, b"<data-set><record><Item>1</Item></record></data-set>"), None);
}

#[test]
fn shared_published_lists_are_as_new_as_they_are_known_to_be() {
    // The Denied Persons Lists have `2922-09-01` and `3017-08-22` too.
    for (format, files, day) in [
        (Format::UsCslCsv, &["us_csl/consolidated.csv"][..], Some("2022-04-21")),
        (Format::UsDplTxt, &["us_bis/dpl_2021.txt"], Some("2022-09-02")),
        (Format::UsDplTxt, &["us_bis/dpl.txt"], Some("2019-06-12")),
        (Format::AuDfatXlsx, &["au_dfat/regulation8_consolidated.xlsx"], Some("2024-11-11")),
        (Format::CaSemaXml, &["ca_sema/sema-lmes.xml"], Some("2025-03-20")),
        (Format::CaSemaXml, &["ca_sema/sema-lmes_2020.xml"], None),
        (Format::OfacSdnCsv, &["us_ofac_sdn/2023-12-28/sdn.csv"], None),
    ] {
        let Some(files) = files.iter().map(|file| shared(file)).collect::<Option<Vec<_>>>() else { return };
        let found = newest_day(format, &files).map(|day| day.to_string());
        println!("{}: {found:?}", files[0].path.display());
        assert!(found.as_deref().unwrap_or("-").starts_with(day.unwrap_or("-")), "{format}: {found:?}, not {day:?}");
    }
}
