//! The Japanese list.

use interdict_sources::{Format, Loaded, ReadErrorKind};

use crate::support::{entity, refusal, shared_list, try_read, values, xlsx, xlsx_of};

const HEADER: &[&str] = &[
    "No.",
    "国名、地域名\nCountry or Region",
    "企業名､組織名\nCompany or Organization",
    "別名\nAlso Known As",
    "懸念区分\nType of WMD",
    "通常兵器\nConventional Weapons",
];

fn list(rows: &[&[&str]]) -> Loaded {
    let all: Vec<&[&str]> = [HEADER].into_iter().chain(rows.iter().copied()).collect();
    try_read(Format::JpMetiXlsx, &[("20250929_4.xlsx", &xlsx(&all))]).unwrap()
}

const PAGE: &str = "<!DOCTYPE html PUBLIC \"x\"><html><head><style>td{}</style></head><body><!-- <table> --><table><tr><td><p>No.</p></td><td><p>国名、地域名</p><p>Country or Region\n  </p></td><td><p>Company or\n   Organization</p></td><td><p>別名</p><p>Also Known As</p></td><td><p>Type of WMD</p></td></tr>\n\
    <tr><td><p><br /></p><p>1</p></td><td><p>アフガニスタン\n     Islamic Republic of Afghanistan</p></td><td><p>Al Qa&#39;ida/Islamic Army</p></td><td><p>・Al\n      Qaeda</p><p>・The Base</p></td><td><p>化学</p><p>C</p></td></tr></table></body></html>";

#[test]
fn cells_are_bilingual_with_line_breaks() {
    let loaded = list(&[&[
        "1",
        "アフガニスタン\nIslamic Republic of Afghanistan",
        "Ummah Tameer E-Nau (UTN)",
        "",
        "生物、化学、核\nB,C,N",
        "通常兵器\nCW",
    ]]);
    assert_eq!(loaded.version, "2025-09-29");
    let party = entity(&loaded, "jp-af-ummah-tameer-e-nau");
    assert_eq!(
        (values(party, "country"), values(party, "name"), values(party, "weakAlias")),
        (vec!["af"], vec!["Ummah Tameer E-Nau"], vec!["UTN"])
    );
    assert_eq!(party.get("name")[0].origin.record(), "1 (20250929_4.xlsx:2)");
    assert_eq!(
        (values(party, "topics"), values(party, "program")),
        (vec!["export.control"], vec!["Foreign End User List"])
    );
}

#[test]
fn aliases_stand_one_a_line_behind_a_bullet() {
    let loaded = list(&[&[
        "1",
        "北朝鮮\nNorth Korea",
        "Air Koryo\n(高麗航空)",
        "・Chosonminhang \n・Civil Aviation\n(朝鮮民航)",
    ]]);
    let party = entity(&loaded, "jp-kp-air-koryo");
    assert_eq!(values(party, "alias"), ["高麗航空", "Chosonminhang", "Civil Aviation", "朝鮮民航"]);
}

#[test]
fn letters_tell_the_weapons() {
    let loaded = list(&[&[
        "1",
        "イラン\nIslamic Republic of Iran",
        "X",
        "",
        "生物、化学、ミサイル、核\nB,C,M,N",
        "通常兵器\nCW",
    ]]);
    let sanction = entity(&loaded, "jp-ir-x-sanction");
    assert_eq!(
        values(sanction, "provisions"),
        ["biological weapons", "chemical weapons", "missiles", "nuclear weapons", "conventional weapons"]
    );
    assert_eq!(values(sanction, "reason"), ["生物、化学、ミサイル、核 B,C,M,N", "通常兵器 CW"]);
}

#[test]
fn phonetic_runs_are_no_part_of_a_name() {
    let cell = |column: &str, row: u32, index: usize| format!("<c r=\"{column}{row}\" t=\"s\"><v>{index}</v></c>");
    let rows = format!(
        "<row r=\"1\">{}{}{}</row><row r=\"2\">{}{}</row>",
        cell("B", 1, 0),
        cell("C", 1, 1),
        cell("D", 1, 2),
        cell("B", 2, 3),
        cell("C", 2, 4)
    );
    let strings = "<si><t>国名\nCountry or Region</t><rPh sb=\"0\" eb=\"2\"><t>コクメイ</t></rPh></si><si><t>Company or Organization</t></si><si><t>Also Known As</t></si>\
         <si><t>中国\nPeople's Republic of China</t><rPh sb=\"0\" eb=\"2\"><t>チュウゴク</t></rPh></si><si><r><t>第二</t></r><r><t>公司</t></r><rPh sb=\"0\" eb=\"2\"><t>ダイニ</t></rPh></si>";
    let loaded = try_read(Format::JpMetiXlsx, &[("list.xlsx", &xlsx_of(&rows, strings))]).unwrap();
    let party = loaded.entities.iter().find(|entity| !entity.get("name").is_empty()).unwrap();
    assert_eq!((values(party, "name"), values(party, "country")), (vec!["第二公司"], vec!["cn"]));
}

#[test]
fn ids_outlive_the_numbers_of_a_release_and_are_distinct() {
    let row = |number, name| [number, "イラン\nIran", name];
    let first = list(&[&row("1", "A Co."), &row("2", "B Co."), &row("3", "A Co.")]);
    let later = list(&[&row("9", "B Co.")]);
    assert_eq!(values(entity(&first, "jp-ir-b-co"), "name"), values(entity(&later, "jp-ir-b-co"), "name"));
    assert_eq!(values(entity(&first, "jp-ir-a-co-2"), "name"), ["A Co."]);
    let long = list(&[&row("1", &"Very Long Name Of An Institute ".repeat(9))]);
    assert!(long.entities.iter().all(|entity| entity.id.len() < 100));
}

#[test]
fn a_page_has_the_same_table() {
    let loaded = try_read(Format::JpMetiHtml, &[("20250131-list.html", PAGE.as_bytes())]).unwrap();
    assert_eq!(loaded.version, "2025-01-31");
    let party = entity(&loaded, "jp-af-al-qa-ida-islamic-army");
    assert_eq!(
        (values(party, "name"), values(party, "alias")),
        (vec!["Al Qa'ida/Islamic Army"], vec!["Al Qaeda", "The Base"])
    );
    assert_eq!(
        (values(party, "country"), party.get("name")[0].origin.record()),
        (vec!["af"], "1 (20250131-list.html:4)")
    );
}

#[test]
fn what_is_not_the_list_is_refused() {
    let page = |text: &str| refusal(Format::JpMetiHtml, "l.html", text.as_bytes());
    assert!(matches!(
        page("<html><body>Access denied</body></html>"),
        ReadErrorKind::MissingElement { name: "table", .. }
    ));
    assert!(matches!(page(&PAGE[..PAGE.len() - 30]), ReadErrorKind::Truncated { .. }));
    assert!(matches!(page("<table><tr><td>x</td></tr></table>"), ReadErrorKind::MissingColumn { .. }));
    assert!(matches!(refusal(Format::JpMetiXlsx, "l.xlsx", PAGE.as_bytes()), ReadErrorKind::Html { .. }));
    let none = xlsx(&[&["No.", "Country or Region", "Company or Organization", "Also Known As"]]);
    assert!(matches!(refusal(Format::JpMetiXlsx, "l.xlsx", &none), ReadErrorKind::Empty));
}

#[test]
fn shared_both_forms_load_whole() {
    for (format, file, records, version) in [
        (Format::JpMetiXlsx, "jp_meti/20250929_4.xlsx", 835, "2025-09-29"),
        // 749 rows of the table, one of which is its header.
        (Format::JpMetiHtml, "jp_meti/20250131-jp-end-user-list.html", 748, "2025-01-31"),
    ] {
        let Some(loaded) = shared_list(format, "jp_meti", &[file], false) else { return };
        let loaded = loaded.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(loaded.reconciliation.records, records);
        assert!(loaded.reconciliation.refused.is_empty());
        assert_eq!(loaded.version, version);
    }
}
