//! The Swiss list.

use interdict_model::{Entity, Schema};
use interdict_sources::{Format, Loaded, ReadErrorKind};

use crate::support::{entity, refusal, try_read, values};

const PROGRAMME: &str = "<sanctions-program ssid=\"20\" version-date=\"2022-03-16\"><program-key lang=\"ger\">Weissrussland</program-key><program-key lang=\"eng\">Belarus</program-key><program-name lang=\"eng\">Ordinance on Belarus</program-name>\
     <sanctions-set ssid=\"4387\" lang=\"ger\">Anhang 13</sanctions-set><sanctions-set ssid=\"4387\" lang=\"eng\">Annex 13</sanctions-set><origin>EU</origin></sanctions-program>";
const PLACES: &str =
    "<place ssid=\"9\"><location>Minsk</location><area>Region</area><country iso-code=\"BY\">Belarus</country></place>";
const LISTED: &str = "<modification modification-type=\"listed\" enactment-date=\"2022-03-15\" publication-date=\"2022-03-15\" effective-date=\"2022-03-16\"/>";

fn text(targets: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<swiss-sanctions-list list-type=\"whole-list\" date=\"2026-09-01\">{PROGRAMME}\n{targets}\n{PLACES}</swiss-sanctions-list>"
    )
}

fn list(targets: &str) -> Loaded {
    try_read(Format::ChSecoXml, &[("seco.xml", text(targets).as_bytes())]).unwrap()
}

fn part(order: u8, kind: &str, value: &str, variants: &str) -> String {
    format!("<name-part order=\"{order}\" name-part-type=\"{kind}\"><value>{value}</value>{variants}</name-part>")
}

fn name(kind: &str, quality: &str, parts: &str) -> String {
    format!("<name name-type=\"{kind}\" quality=\"{quality}\">{parts}</name>")
}

/// An individual with one identity of these parts.
fn individual(identity: &str, rest: &str) -> Loaded {
    let primary =
        name("primary-name", "good", &(part(2, "given-name", "Ivan", "") + &part(1, "family-name", "Petrov", "")));
    list(&format!(
        "<target ssid=\"7\"><sanctions-set-id>4387</sanctions-set-id>{LISTED}<individual sex=\"male\"><identity main=\"true\">{primary}{identity}</identity>{rest}</individual></target>"
    ))
}

fn the(loaded: &Loaded) -> &Entity {
    entity(loaded, "ch-7")
}

#[test]
fn a_target_names_the_set_of_sanctions_and_not_the_programme() {
    let loaded = individual("", "");
    assert_eq!((loaded.version.as_str(), loaded.reconciliation.records), ("2026-09-01", 1));
    assert_eq!(values(the(&loaded), "program"), ["Belarus"]);
    let sanction = entity(&loaded, "ch-7-sanction");
    assert_eq!((values(sanction, "provisions"), values(sanction, "summary")), (vec!["Annex 13"], vec!["origin: EU"]));
    assert_eq!(
        (values(sanction, "listingDate"), values(sanction, "startDate")),
        (vec!["2022-03-15"], vec!["2022-03-16"])
    );
    assert_eq!(the(&loaded).get("name")[0].origin.record(), "7 (seco.xml:3)");
    let programme = list(
        "<target ssid=\"7\" sanctions-set-id=\"20\"><entity><identity main=\"true\"><name name-type=\"primary-name\"><name-part order=\"1\" name-part-type=\"whole-name\"><value>X</value></name-part></name></identity></entity></target>",
    );
    assert!(the(&programme).get("program").is_empty());
    assert_eq!(values(the(&programme), "notes"), ["sanctions set: 20"]);
}

#[test]
fn places_stand_behind_the_targets_that_refer_to_them() {
    let loaded = individual(
        "<place-of-birth place-id=\"9\"/><address place-id=\"9\" main=\"true\"><address-details>Street 1</address-details><zip-code>220004</zip-code><p-o-box>5</p-o-box><remarks>since 2020</remarks></address><nationality><country iso-code=\"BY\">Belarus</country></nationality>",
        "",
    );
    assert_eq!(
        (values(the(&loaded), "birthPlace"), values(the(&loaded), "birthCountry")),
        (vec!["Minsk, Region, Belarus"], vec!["by"])
    );
    assert_eq!(values(the(&loaded), "address"), ["Street 1, P.O. Box 5, 220004, Minsk, Region, Belarus"]);
    assert_eq!(
        (values(the(&loaded), "nationality"), values(the(&loaded), "notes")),
        (vec!["by"], vec!["address: since 2020"])
    );
}

#[test]
fn names_are_their_parts_in_order() {
    let loaded = individual("", "");
    assert_eq!((values(the(&loaded), "name"), values(the(&loaded), "gender")), (vec!["Petrov Ivan"], vec!["male"]));
    assert_eq!((values(the(&loaded), "firstName"), values(the(&loaded), "lastName")), (vec!["Ivan"], vec!["Petrov"]));
    let parts = part(1, "title", "General", "")
        + &part(2, "given-name", "Abd", "")
        + &part(3, "father-name", "Karim", "")
        + &part(4, "tribal-name", "al-X", "");
    let loaded = individual(&name("alias", "good", &parts), "");
    assert_eq!(
        (values(the(&loaded), "alias"), values(the(&loaded), "title")),
        (vec!["Abd Karim al-X"], vec!["General"])
    );
}

#[test]
fn full_names_are_what_the_spellings_of_one_language_and_script_make() {
    let family = part(
        1,
        "family-name",
        "Lukashenka",
        "<spelling-variant lang=\"bel\" script=\"CYRL\">Лукашэнка</spelling-variant><spelling-variant lang=\"rus\" script=\"CYRL\">Лукашенко</spelling-variant><spelling-variant script=\"LATN\">Lukashenko</spelling-variant>",
    );
    let given = part(
        2,
        "given-name",
        "Aliaksandr",
        "<spelling-variant lang=\"bel\" script=\"CYRL\">Аляксандр</spelling-variant><spelling-variant script=\"LATN\">Alexander</spelling-variant>",
    );
    let loaded = list(&format!(
        "<target ssid=\"7\">{LISTED}<individual><identity main=\"true\">{}</identity></individual></target>",
        name("primary-name", "good", &(family + &given))
    ));
    assert_eq!(values(the(&loaded), "name"), ["Lukashenka Aliaksandr"]);
    let aliases = values(the(&loaded), "alias");
    for expected in ["Лукашэнка Аляксандр", "Lukashenko Alexander", "Lukashenko Aliaksandr", "Lukashenka Alexander"]
    {
        assert!(aliases.contains(&expected), "{expected} is not among {aliases:?}");
    }
    // A spelling that only a part has makes no whole name.
    assert_eq!(values(the(&loaded), "weakAlias"), ["Лукашенко"]);
}

#[test]
fn spellings_that_multiply_are_bounded() {
    let variant = |n| format!("<spelling-variant script=\"LATN\">v{n}</spelling-variant>");
    let variants = (0..20).map(variant).collect::<Vec<_>>().concat();
    let parts: String = (1..=9).map(|order| part(order, "other", "x", &variants)).collect();
    let loaded = individual(&name("alias", "good", &parts), "");
    assert!(the(&loaded).get("alias").len() <= 65);
}

#[test]
fn qualities_and_types_of_names_are_told_apart() {
    let whole = |text: &str| part(1, "whole-name", text, "");
    let loaded = individual(
        &[
            name("alias", "good", &whole("ALSO")),
            name("alias", "low", &whole("WEAK")),
            name("formerly-known-as", "good", &whole("ONCE")),
        ]
        .concat(),
        "",
    );
    assert_eq!(
        (values(the(&loaded), "alias"), values(the(&loaded), "weakAlias"), values(the(&loaded), "previousName")),
        (vec!["ALSO"], vec!["WEAK"], vec!["ONCE"])
    );
}

#[test]
fn a_second_identity_is_another_name_of_the_same_party() {
    let other = format!(
        "<identity main=\"false\">{}<day-month-year year=\"1962\"/></identity>",
        name("primary-name", "good", &part(1, "whole-name", "Sergei Ivanov", ""))
    );
    let loaded = individual("<day-month-year day=\"30\" month=\"8\" year=\"1954\"/>", &other);
    assert_eq!(
        (values(the(&loaded), "name"), values(the(&loaded), "alias")),
        (vec!["Petrov Ivan"], vec!["Sergei Ivanov"])
    );
    assert_eq!(values(the(&loaded), "birthDate"), ["1954-08-30", "1962"]);
    assert_eq!(loaded.reconciliation.records, 1);
}

#[test]
fn a_date_may_lack_parts_or_be_of_another_calendar() {
    for (attributes, date, note) in [
        ("year=\"1954\"", "1954", ""),
        ("month=\"8\" year=\"1954\"", "1954-08", ""),
        ("day=\"30\" month=\"8\" year=\"1954\" calendar=\"Gregorian\"", "1954-08-30", ""),
        ("year=\"1358\" calendar=\"Islamic\"", "", "date of birth (islamic): 1358"),
        ("day=\"31\" month=\"13\" year=\"1954\"", "", "date of birth: 31 13 1954"),
    ] {
        let loaded = individual(&format!("<day-month-year {attributes}/>"), "");
        assert_eq!(
            (values(the(&loaded), "birthDate").join(" "), values(the(&loaded), "notes").join(" ")),
            (date.to_owned(), note.to_owned()),
            "{attributes}"
        );
    }
}

#[test]
fn prose_holds_numbers_and_sites() {
    let entity_with = |kind: &str, information: &[&str]| {
        let information: Vec<String> =
            information.iter().map(|text| format!("<other-information>{text}</other-information>")).collect();
        let information = information.concat();
        list(&format!(
            "<target ssid=\"7\"><foreign-identifier>KPe.001</foreign-identifier>{LISTED}<{kind}><identity main=\"true\">{}</identity><justification>It owns ships.</justification>{information}</{}></target>",
            name("primary-name", "good", &part(1, "whole-name", "X", "")),
            kind.split(' ').next().unwrap()
        ))
    };
    let firm = entity_with(
        "entity",
        &[
            "Website: www.x.ru",
            "Taxpayer identification number (INN): 7707083893",
            "OGRN: 1027700132195",
            "E-mail: a@x.ru",
            "Tel: +7 1",
        ],
    );
    let party = the(&firm);
    assert_eq!((values(party, "innCode"), values(party, "ogrnCode")), (vec!["7707083893"], vec!["1027700132195"]));
    assert_eq!(
        (values(party, "website"), values(party, "email"), values(party, "phone")),
        (vec!["www.x.ru"], vec!["a@x.ru"], vec!["+7 1"])
    );
    let sanction = entity(&firm, "ch-7-sanction");
    assert_eq!((values(sanction, "reason"), values(sanction, "unscId")), (vec!["It owns ships."], vec!["KPe.001"]));
    let ship = entity_with("object object-type=\"vessel\"", &["IMO number: 9187629"]);
    assert_eq!((the(&ship).schema, values(the(&ship), "imoNumber")), (Schema::vessel(), vec!["9187629"]));
    assert_eq!(the(&entity_with("object object-type=\"aircraft\"", &[])).schema, Schema::airplane());
}

#[test]
fn documents_tell_their_issuer_and_days() {
    let loaded = individual(
        "<identification-document document-type=\"diplomatic-passport\"><number>BA 123456</number><issuer code=\"BY\">Belarus</issuer><date-of-issue>2010-01-02</date-of-issue><expiry-date>2020-01-02</expiry-date></identification-document>",
        "",
    );
    assert_eq!(values(the(&loaded), "passportNumber"), ["BA 123456"]);
    let passport = entity(&loaded, "ch-7-id-ba-123456");
    assert_eq!(
        (values(passport, "country"), values(passport, "startDate"), values(passport, "endDate")),
        (vec!["by"], vec!["2010-01-02"], vec!["2020-01-02"])
    );
}

#[test]
fn a_relation_names_another_target() {
    let named = |text: &str| name("primary-name", "good", &part(1, "whole-name", text, ""));
    let target = |id: u8, text: &str, rest: &str| {
        format!(
            "<target ssid=\"{id}\">{LISTED}<entity><identity main=\"true\">{}</identity>{rest}</entity></target>",
            named(text)
        )
    };
    let loaded = list(
        &[
            target(7, "CHILD", "<relation target-id=\"8\" relation-type=\"owned-by\"><remark>since 2014</remark></relation><relation target-id=\"999\" relation-type=\"related-to\"/>"),
            target(8, "MOTHER", ""),
        ]
        .concat(),
    );
    let ownership = entity(&loaded, "ownership-ch-8-ch-7");
    assert_eq!(
        (values(ownership, "owner"), values(ownership, "role"), values(ownership, "summary")),
        (vec!["ch-8"], vec!["owned by"], vec!["since 2014"])
    );
    assert_eq!(values(the(&loaded), "notes"), ["related to: ch-999"]);
}

#[test]
fn delisted_targets_stay_in_the_file_and_are_left_out() {
    let named = name("primary-name", "good", &part(1, "whole-name", "X", ""));
    let target = |id: u8, changes: &str| {
        format!("<target ssid=\"{id}\">{changes}<entity><identity main=\"true\">{named}</identity></entity></target>")
    };
    let gone = "<modification modification-type=\"de-listed\" effective-date=\"2024-01-01\"/>";
    let back = "<modification modification-type=\"listed\" effective-date=\"2025-01-01\"/>";
    let loaded = list(
        &[
            target(1, &format!("{gone}{LISTED}")),
            target(2, &format!("{LISTED}{gone}{back}")),
            target(3, &format!("{LISTED}{gone}")),
            target(4, LISTED),
        ]
        .concat(),
    );
    let parties: Vec<&str> = loaded
        .entities
        .iter()
        .filter(|entity| entity.schema == Schema::organization())
        .map(|entity| entity.id.as_str())
        .collect();
    assert_eq!(parties, ["ch-2", "ch-4"]);
    assert_eq!(loaded.reconciliation.records, 2);
    assert_eq!(loaded.reconciliation.warnings[0].reason, "2 delisted targets stay in the file; they are left out");
}

#[test]
fn old_names_inside_modifications_are_not_read() {
    let old = name("alias", "good", &part(1, "whole-name", "REMOVED", ""));
    let change = format!(
        "<modification modification-type=\"amended\" effective-date=\"2023-01-01\"><removed><target ssid=\"7\"><individual><identity main=\"true\">{old}</identity></individual></target></removed></modification>"
    );
    let primary = name("primary-name", "good", &part(1, "whole-name", "NOW", ""));
    let loaded = list(&format!(
        "<target ssid=\"7\">{LISTED}{change}<individual><identity main=\"true\">{primary}</identity></individual></target>"
    ));
    assert_eq!(loaded.reconciliation.records, 1);
    assert_eq!((values(the(&loaded), "name"), the(&loaded).get("alias").len()), (vec!["NOW"], 0));
}

#[test]
fn what_is_not_the_whole_list_is_refused() {
    let kind = |text: &str| refusal(Format::ChSecoXml, "seco.xml", text.as_bytes());
    assert!(matches!(kind(&text("").replace("whole-list", "delta")), ReadErrorKind::Field { field: "list-type", .. }));
    assert!(matches!(kind(&text("")), ReadErrorKind::Empty));
    assert!(matches!(kind("<!DOCTYPE html><html/>"), ReadErrorKind::Html { .. }));
    assert!(matches!(kind("<list/>"), ReadErrorKind::MissingElement { .. }));
    let twice = format!("<target ssid=\"7\">{LISTED}</target>").repeat(2);
    assert!(matches!(kind(&text(&twice)), ReadErrorKind::DuplicateKey { .. }));
}
