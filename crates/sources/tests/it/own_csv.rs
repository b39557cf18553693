//! Own lists.

use interdict_model::Schema;
use interdict_sources::{Format, Loaded, ReadError, ReadErrorKind, SourceFile, read};

use crate::support::{entity, input, refusal, try_read, values};

fn plain(text: &str) -> Loaded {
    try_read(Format::Csv, &[("own.csv", text.as_bytes())]).unwrap()
}

fn mapped(text: &str, mapping: &str) -> Result<Loaded, ReadError> {
    let mut input = input(Format::Csv, &[("own.csv", text.as_bytes())]);
    input.mapping = Some(SourceFile { path: "own.toml".into(), bytes: mapping.as_bytes().to_vec() });
    read(&input)
}

#[test]
fn a_header_speaks_for_itself() {
    let loaded = plain(
        "id,type,full_name,AKA,dob,Country,nationality,IMO number,shoe size\n7,individual,Anna Petrova,A. Petrova|Anya,1961-03,Russia,,,38\n8,vessel,SEA STAR,,1999,pa,,9187629,\n",
    );
    let person = entity(&loaded, "test-7");
    assert_eq!(
        (person.schema, values(person, "name"), values(person, "alias")),
        (Schema::person(), vec!["Anna Petrova"], vec!["A. Petrova", "Anya"])
    );
    assert_eq!(
        (values(person, "birthDate"), values(person, "country"), values(person, "notes")),
        (vec!["1961-03"], vec!["ru"], vec!["shoe size: 38"])
    );
    assert_eq!(person.get("name")[0].origin.record(), "7 (own.csv:2)");
    let ship = entity(&loaded, "test-8");
    assert_eq!((values(ship, "imoNumber"), values(ship, "notes")), (vec!["9187629"], vec!["dob: 1999"]));
}

#[test]
fn names_in_parts_are_put_together() {
    let loaded = plain("id;schema;First Name;Last Name\n1;Person;Anna;Petrova\n");
    assert_eq!(values(entity(&loaded, "test-1"), "name"), ["Anna Petrova"]);
}

#[test]
fn a_mapping_says_what_the_columns_mean() {
    let loaded = mapped(
        "Nr;Art;Bezeichnung;Land;Geboren;Intern;Bemerkung\nA1;Firma;Müller GmbH / Mueller GmbH;de;;x;gut\nA2;Mensch;Hans;Deutschland;03/04/1961;y;\n",
        "id = \"Nr\"\nid_prefix = \"house-\"\nschema_column = \"Art\"\nseparator = \" / \"\ndate_order = \"month-first\"\n[schemas]\nfirma = \"Company\"\nMensch = \"Person\"\n[columns]\nBezeichnung = \"name\"\nLand = [\"country\", \"jurisdiction\"]\nGeboren = \"birthDate\"\nIntern = \"\"\n[constants]\ntopics = [\"poi\"]\nprogram = \"House list\"\n",
    )
    .unwrap();
    let firm = entity(&loaded, "house-A1");
    assert_eq!(
        (firm.schema, values(firm, "name"), values(firm, "jurisdiction")),
        (Schema::company(), vec!["Müller GmbH", "Mueller GmbH"], vec!["de"])
    );
    assert_eq!(
        (values(firm, "topics"), values(firm, "program"), values(firm, "notes")),
        (vec!["poi"], vec!["House list"], vec!["Bemerkung: gut"])
    );
    let person = entity(&loaded, "house-A2");
    assert_eq!((values(person, "birthDate"), values(person, "country")), (vec!["1961-03-04"], vec!["de"]));
}

#[test]
fn a_date_that_can_be_read_two_ways_is_a_note_unless_the_order_is_said() {
    let text = "id,name,schema,dob\n1,Anna,Person,03/04/1961\n2,Otto,Person,1961-13-02\n";
    let loaded = plain(text);
    assert_eq!(values(entity(&loaded, "test-1"), "notes"), ["dob: 03/04/1961"]);
    assert_eq!(loaded.reconciliation.warnings.iter().map(|warning| warning.line).collect::<Vec<_>>(), [2, 3]);
    let loaded = mapped(text, "date_order = \"day-first\"\n").unwrap();
    assert_eq!(values(entity(&loaded, "test-1"), "birthDate"), ["1961-04-03"]);
}

#[test]
fn a_row_without_an_id_column_is_known_by_what_it_says() {
    let first = plain("name,country\nAnna,ru\nOtto,de\n");
    let later = plain("name,country\nOtto,de\n");
    assert_eq!(first.entities.iter().filter(|entity| entity.id == later.entities[0].id).count(), 1);
}

#[test]
fn bad_rows_cost_themselves_and_equal_ids_the_list() {
    let rows = (0..3000).map(|n| format!("{n},P{n},Person\n")).collect::<Vec<_>>().concat();
    let loaded = plain(&format!("id,name,schema\n{rows}x,too,many,fields\ny,,Person\nz,Zed,Banana\n"));
    let refused = &loaded.reconciliation.refused;
    assert_eq!((loaded.reconciliation.loaded, refused.len(), refused[0].line), (3000, 3, 3002));
    assert!(
        refused[0].reason.contains("4 columns")
            && refused[1].reason.contains("neither a name")
            && refused[2].reason.contains("Banana")
    );
    assert!(matches!(refusal(Format::Csv, "own.csv", b"id,name\n1,A\n1,B\n"), ReadErrorKind::DuplicateKey { .. }));
}

#[test]
fn what_is_wrong_with_the_list_or_its_mapping_is_said() {
    assert!(
        matches!(refusal(Format::Csv, "own.csv", b"colour,shape\nred,round\n"), ReadErrorKind::MissingColumn { column, .. } if column == "name")
    );
    assert!(matches!(refusal(Format::Csv, "own.csv", b""), ReadErrorKind::Empty));
    let error = mapped("Name\nA\n", "[columns]\nNaam = \"name\"\n").unwrap_err();
    assert!(matches!(&error.kind, ReadErrorKind::MissingColumn { column, .. } if column == "Naam"), "{error}");
    let error = mapped("Name\nA\n", "\n[columns]\nName = \"nmae\"\n").unwrap_err();
    assert_eq!(error.to_string(), "own.toml:3: mapping: \"nmae\" is not a property of FollowTheMoney");
}
