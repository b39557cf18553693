//! Files of parties to screen: CSV or JSON lines, told apart by their content.
//!
//! Idea: rows are read one at a time; a bad row is an error of that row and costs no other. Header names are FollowTheMoney
//! properties, or words that customer files use for them (`full_name`, `dob`), which are understood and said.
//! Limits: those of `lines` and `records`.

use std::collections::BTreeSet;
use std::io::BufRead;

use anyhow::{Context as _, Result, bail};
use interdict_match::{Query, QueryScratch};
use interdict_model::{Country, DateSpan, Entity, ListId, Origin, Property, PropertyType, Schema};
use interdict_snapshot::facts::{self, IdentifierFact};
use serde_json::Value as Json;

use crate::diagnose::hinted;
use crate::lines::{Bom, Lines};
use crate::records::Records;

/// One row: its id (its number where it has none) and the party, or why it cannot be screened.
pub(crate) struct Row {
    pub(crate) id: String,
    /// 1-based line where it begins.
    pub(crate) line: u64,
    pub(crate) party: Result<Party, String>,
    /// Values that could not be used: the row is screened without them, and that is said.
    pub(crate) ignored: Vec<String>,
}

/// A party to be screened.
#[derive(Clone, Debug)]
pub(crate) struct Party {
    pub(crate) entity: Entity,
    /// Schema whose entities are asked: the one that the user gave, also where a value showed what the party is.
    asks: Schema,
    /// Identifiers that the party's own schema has no property for.
    identifiers: Vec<IdentifierFact>,
}

impl Party {
    /// Makes `query` the query of this party.
    pub(crate) fn take_apart(&self, query: &mut Query, scratch: &mut QueryScratch) {
        query.retake(&self.entity, scratch);
        query.schema = self.asks;
        query.identifiers.extend(self.identifiers.iter().cloned());
    }
}

/// Reads the rows of a file.
pub(crate) enum Rows<R> {
    Csv(CsvRows<R>),
    Json(JsonRows<R>),
}

impl<R: BufRead> Rows<R> {
    /// Looks at the first bytes: `{` begins JSON lines, all else is CSV. `schema` is for rows that do not say theirs.
    pub(crate) fn open(mut input: R, name: &str, schema: Schema) -> Result<Rows<Bom<R>>> {
        let head = input.fill_buf().with_context(|| format!("reading {name}"))?;
        let head = head.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(head);
        if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
            return Err(hinted(format!("{name} is UTF-16"), "save it as UTF-8"));
        }
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"\xd0\xcf\x11\xe0") {
            return Err(hinted(format!("{name} is a spreadsheet"), "save it as CSV, UTF-8"));
        }
        let first = head.iter().copied().find(|byte| !byte.is_ascii_whitespace());
        if first.is_none() && head.is_empty() {
            return Err(hinted(format!("{name} is empty"), "it needs a header row such as `id,name,country`"));
        }
        let json = first == Some(b'{');
        let input = Bom::new(input);
        if json {
            let lines = Lines::new(input, name);
            return Ok(Rows::Json(JsonRows { lines, schema, unknown: BTreeSet::new() }));
        }
        CsvRows::open(input, name, schema).map(Rows::Csv)
    }

    /// What was understood of a header; known before the first row.
    pub(crate) fn notes_of_header(&self) -> &[String] {
        match self {
            Rows::Csv(rows) => &rows.notes,
            Rows::Json(_) => &[],
        }
    }

    /// What only the whole file tells: members that were ignored, lines that are no rows of their own.
    pub(crate) fn notes_at_end(&self) -> Vec<String> {
        match self {
            Rows::Csv(rows) => match rows.records.n_continuations() {
                0 => Vec::new(),
                1 => vec!["1 line goes on within a quoted cell of the row before it".to_owned()],
                n => vec![format!("{n} lines go on within a quoted cell of the row before them")],
            },
            Rows::Json(rows) if !rows.unknown.is_empty() => {
                let unknown: Vec<&str> = rows.unknown.iter().map(String::as_str).collect();
                vec![format!("members that say nothing to interdict were ignored: {}", unknown.join(", "))]
            }
            Rows::Json(_) => Vec::new(),
        }
    }

    /// The next row; `None` at the end. An error here ends the run: the file itself cannot be read on.
    pub(crate) fn next_row(&mut self) -> Result<Option<Row>> {
        match self {
            Rows::Csv(rows) => rows.next_row(),
            Rows::Json(rows) => rows.next_row(),
        }
    }
}

/// What a column is.
#[derive(Clone, Debug, PartialEq)]
enum Column {
    Id,
    Schema,
    Property(String),
    Ignored,
}

/// Words for columns that customer files use, with the FollowTheMoney property that each means.
const SYNONYMS: &[(&str, &str)] = &[
    ("full_name", "name"),
    ("fullname", "name"),
    ("party", "name"),
    ("party_name", "name"),
    ("customer", "name"),
    ("customer_name", "name"),
    ("company", "name"),
    ("company_name", "name"),
    ("entity_name", "name"),
    ("legal_name", "name"),
    ("vessel_name", "name"),
    ("first_name", "firstName"),
    ("firstname", "firstName"),
    ("given_name", "firstName"),
    ("given_names", "firstName"),
    ("forename", "firstName"),
    ("middle_name", "middleName"),
    ("last_name", "lastName"),
    ("lastname", "lastName"),
    ("surname", "lastName"),
    ("family_name", "lastName"),
    ("aka", "alias"),
    ("aliases", "alias"),
    ("alternative_name", "alias"),
    ("former_name", "previousName"),
    ("dob", "birthDate"),
    ("birthdate", "birthDate"),
    ("birth_date", "birthDate"),
    ("date_of_birth", "birthDate"),
    ("birthday", "birthDate"),
    ("geburtsdatum", "birthDate"),
    ("date_de_naissance", "birthDate"),
    ("fecha_de_nacimiento", "birthDate"),
    ("vorname", "firstName"),
    ("nachname", "lastName"),
    ("firma", "name"),
    ("land", "country"),
    ("pays", "country"),
    ("pais", "country"),
    ("customer_no", "id"),
    ("customer_number", "id"),
    ("kundennummer", "id"),
    ("pob", "birthPlace"),
    ("place_of_birth", "birthPlace"),
    ("sex", "gender"),
    ("country_code", "country"),
    ("country_of_residence", "country"),
    ("residence", "country"),
    ("citizenship", "citizenship"),
    ("street", "address"),
    ("street_address", "address"),
    ("addr", "address"),
    ("passport", "passportNumber"),
    ("passport_no", "passportNumber"),
    ("passport_number", "passportNumber"),
    ("national_id", "idNumber"),
    ("id_number", "idNumber"),
    ("tax_id", "taxNumber"),
    ("tax_number", "taxNumber"),
    ("vat", "vatCode"),
    ("inn", "innCode"),
    ("ogrn", "ogrnCode"),
    ("lei", "leiCode"),
    ("bic", "swiftBic"),
    ("swift", "swiftBic"),
    ("imo", "imoNumber"),
    ("imo_number", "imoNumber"),
    ("registration_no", "registrationNumber"),
    ("registration_number", "registrationNumber"),
    ("company_number", "registrationNumber"),
    ("wallet", "publicKey"),
    ("wallet_address", "publicKey"),
    ("e_mail", "email"),
    ("mail", "email"),
    ("email_address", "email"),
    ("telephone", "phone"),
    ("phone_number", "phone"),
    ("type", "schema"),
    ("entity_type", "schema"),
    ("party_type", "schema"),
    ("customer_id", "id"),
    ("party_id", "id"),
    ("reference", "id"),
    ("ref", "id"),
];

impl Column {
    /// Whether a value in it can find somebody.
    fn finds(&self) -> bool {
        let Column::Property(name) = self else { return false };
        let kinds = Schema::all().filter_map(|schema| schema.property(name)).map(Property::kind);
        let mut kinds = kinds.chain(matches!(name.as_str(), "firstName" | "lastName").then_some(PropertyType::Name));
        kinds.any(|kind| {
            matches!(kind, PropertyType::Name | PropertyType::Identifier | PropertyType::Email | PropertyType::Phone)
        })
    }

    fn of(header: &str) -> (Column, Option<String>) {
        let header = header.trim();
        let known = |name: &str| Schema::all().any(|schema| schema.property(name).is_some());
        match header {
            "id" => return (Column::Id, None),
            "schema" => return (Column::Schema, None),
            _ if known(header) && header != "type" => return (Column::Property(header.to_owned()), None),
            _ => {}
        }
        let folded: String =
            header.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect::<String>();
        let folded = folded.trim_matches('_').to_owned();
        // `Birth Date`, `BIRTHDATE`: a property in another spelling.
        let squeezed = folded.replace('_', "");
        let spelt =
            || Schema::all().flat_map(Schema::properties).find(|property| property.name().to_lowercase() == squeezed);
        let meant = SYNONYMS.iter().find(|(word, _)| *word == folded).map(|(_, meant)| (*meant).to_owned());
        let meant = meant.or_else(|| match squeezed.as_str() {
            "id" | "schema" => Some(squeezed.clone()),
            _ => spelt().map(|property| property.name().to_owned()),
        });
        match meant.as_deref() {
            Some("id") => (Column::Id, Some(format!("{header} = id"))),
            Some("schema") => (Column::Schema, Some(format!("{header} = schema"))),
            Some(meant) => (Column::Property(meant.to_owned()), Some(format!("{header} = {meant}"))),
            None => (Column::Ignored, None),
        }
    }
}

pub(crate) struct CsvRows<R> {
    records: Records<R>,
    columns: Vec<Column>,
    schema: Schema,
    notes: Vec<String>,
    n_rows: u64,
}

impl<R: BufRead> CsvRows<Bom<R>> {
    fn open(input: Bom<R>, name: &str, schema: Schema) -> Result<CsvRows<Bom<R>>> {
        let mut records = Records::open(Lines::new(input, name))?;
        let (line, header) = match records.next_record()? {
            Some((line, Ok(header))) => (line, header),
            Some((line, Err(reason))) => bail!("{name}:{line}: the header cannot be read: {reason}"),
            None => bail!("{name} has no header row"),
        };
        let mut columns = Vec::new();
        let (mut understood, mut ignored) = (Vec::new(), Vec::new());
        for (at, field) in header.iter().enumerate() {
            let Ok(field) = std::str::from_utf8(field) else {
                bail!("{name}:{line}: column {} of the header is not UTF-8; save the file as UTF-8", at + 1);
            };
            let (column, note) = Column::of(field);
            understood.extend(note);
            if column == Column::Ignored && !field.trim().is_empty() {
                ignored.push(field.trim().to_owned());
            }
            columns.push(column);
        }
        if !columns.iter().any(Column::finds) {
            let header = header.iter().map(|field| String::from_utf8_lossy(field).into_owned()).collect::<Vec<_>>();
            return Err(hinted(
                format!("{name}:{line}: no column holds a name or an identifier; the header has {}", header.join(", ")),
                "name a column `name`, or by a FollowTheMoney property such as `imoNumber`",
            ));
        }
        let mut notes = Vec::new();
        if !understood.is_empty() {
            notes.push(format!("columns understood as: {}", understood.join(", ")));
        }
        if !ignored.is_empty() {
            notes.push(format!("columns that say nothing to interdict were ignored: {}", ignored.join(", ")));
        }
        records.expect_columns(columns.len());
        Ok(CsvRows { records, columns, schema, notes, n_rows: 0 })
    }
}

impl<R: BufRead> CsvRows<R> {
    fn next_row(&mut self) -> Result<Option<Row>> {
        let Some((line, record)) = self.records.next_record()? else { return Ok(None) };
        self.n_rows += 1;
        let mut id = format!("row-{}", self.n_rows);
        let mut ignored = Vec::new();
        let party = record.and_then(|record| self.party(&record, &mut id, &mut ignored));
        Ok(Some(Row { id, line, party, ignored }))
    }

    fn party(&self, record: &csv::ByteRecord, id: &mut String, ignored: &mut Vec<String>) -> Result<Party, String> {
        let cell = |at: usize| -> Result<&str, String> {
            let bytes = record.get(at).unwrap_or_default();
            std::str::from_utf8(bytes).map(str::trim).map_err(|_| format!("column {} is not UTF-8", at + 1))
        };
        let mut schema = self.schema;
        for (at, column) in self.columns.iter().enumerate() {
            match column {
                Column::Id if !cell(at)?.is_empty() => cell(at)?.clone_into(id),
                Column::Schema if !cell(at)?.is_empty() => {
                    schema = parse_schema(cell(at)?)
                        .ok_or_else(|| format!("schema: {:?} is not a schema", cell(at).unwrap_or("")))?;
                }
                _ => {}
            }
        }
        if record.len() > self.columns.len() {
            return Err(format!(
                "{} cells, but the header has {} columns; is a quote missing?",
                record.len(),
                self.columns.len()
            ));
        }
        let mut party = PartyBuilder::new(id, schema);
        for (at, column) in self.columns.iter().enumerate() {
            if let Column::Property(property) = column {
                for value in cell(at)?.split('|').map(str::trim).filter(|value| !value.is_empty()) {
                    party.add_or_ignore(property, value, ignored);
                }
            }
        }
        party.finish()
    }
}

/// A schema by its name in any case, or by a word that customer files use.
pub(crate) fn parse_schema(text: &str) -> Option<Schema> {
    let lower = text.trim().to_lowercase();
    let meant = match lower.as_str() {
        "individual" | "natural person" | "p" => "Person",
        "entity" | "legal entity" | "legal person" => "LegalEntity",
        "corporate" | "firm" | "business" => "Company",
        "ship" => "Vessel",
        "aircraft" => "Airplane",
        "wallet" => "CryptoWallet",
        "organisation" => "Organization",
        _ => return Schema::all().find(|schema| schema.name().to_lowercase() == lower),
    };
    Schema::by_name(meant)
}

/// Stands for an identifier of unknown kind; it meets every value of identifier type.
pub(crate) const ANY_IDENTIFIER: &str = "any";

/// Builds the party of a query.
pub(crate) struct PartyBuilder {
    party: Entity,
    asks: Schema,
    identifiers: Vec<IdentifierFact>,
    origin: Origin,
}

impl PartyBuilder {
    pub(crate) fn new(id: &str, schema: Schema) -> PartyBuilder {
        let list = ListId::new("query").expect("a constant that is a list id");
        let origin = Origin::new(list, "", id);
        PartyBuilder { party: Entity::new(id, schema), asks: schema, identifiers: Vec::new(), origin }
    }

    /// Adds a value. A value that its type forbids is an error; a property that the schema lacks makes the schema one that has
    /// it where the party may be one (a `Thing` with a birth date is a person), and is an error else.
    pub(crate) fn add(&mut self, property: &str, value: &str) -> Result<(), String> {
        if property == ANY_IDENTIFIER {
            // Wallets, e-mail addresses and telephone numbers have comparable forms of their own.
            for kind in ["registrationNumber", "publicKey", "email", "phone"] {
                let fact = identifier_elsewhere(kind).and_then(|kind| facts::identifier(kind, value));
                let known = |fact: &IdentifierFact| self.identifiers.iter().any(|known| known.key == fact.key);
                self.identifiers.extend(fact.filter(|fact| !known(fact)));
            }
            return Ok(());
        }
        if self.party.schema.property(property).is_none() {
            if let Some(identifier) = identifier_elsewhere(property) {
                self.identifiers.extend(facts::identifier(identifier, value));
                return Ok(());
            }
            match nearer_schema(self.party.schema, property) {
                Some(schema) => self.party.set_schema(schema),
                None => return Err(format!("{property}: a {} has no such property", self.party.schema)),
            }
        }
        let kind = self.party.schema.property(property).map(Property::kind);
        match kind {
            Some(PropertyType::Date) => {
                DateSpan::parse(value).map_err(|error| format!("{property}: {error}"))?;
            }
            Some(PropertyType::Country) if Country::parse(value).is_none() => {
                return Err(format!("{property}: {value:?} is no country; expected a code such as `ru` or a name"));
            }
            _ => {}
        }
        self.party.add(property, value, &self.origin);
        Ok(())
    }

    /// Adds a value if it can be used; else its fault joins `ignored`: a mistyped birth date must not keep a name from being
    /// screened.
    fn add_or_ignore(&mut self, property: &str, value: &str, ignored: &mut Vec<String>) {
        if let Err(reason) = self.add(property, value) {
            ignored.push(reason);
        }
    }

    /// The party, if anything in it can find somebody.
    pub(crate) fn finish(self) -> Result<Party, String> {
        let PartyBuilder { party, asks, identifiers, .. } = self;
        if facts::names(&party).is_empty() && facts::identifiers(&party).is_empty() && identifiers.is_empty() {
            return Err("neither a name nor an identifier: there is nothing to screen".to_owned());
        }
        Ok(Party { entity: party, asks, identifiers })
    }
}

/// The property of that name, on whatever schema, if it holds an identifier, an e-mail address or a telephone number.
fn identifier_elsewhere(name: &str) -> Option<Property> {
    let finds = |property: &Property| {
        matches!(property.kind(), PropertyType::Identifier | PropertyType::Email | PropertyType::Phone)
    };
    Schema::all().filter_map(|schema| schema.property(name)).find(finds)
}

/// The schema that a party of a wide schema must be if it has a property.
fn nearer_schema(schema: Schema, property: &str) -> Option<Schema> {
    let preferred =
        ["LegalEntity", "Person", "Organization", "Company", "Vessel", "Airplane", "Vehicle", "CryptoWallet"];
    let narrower = preferred.into_iter().filter_map(Schema::by_name).chain(Schema::all());
    let mut narrower = narrower.filter(|other| other.matchable() && other.is_a(schema));
    narrower.find(|other| other.property(property).is_some())
}

pub(crate) struct JsonRows<R> {
    lines: Lines<R>,
    schema: Schema,
    unknown: BTreeSet<String>,
}

impl<R: BufRead> JsonRows<R> {
    fn next_row(&mut self) -> Result<Option<Row>> {
        loop {
            let Some((line, bytes)) = self.lines.next_line()? else { return Ok(None) };
            let mut id = format!("row-{line}");
            let mut ignored = Vec::new();
            let party = match bytes {
                Ok(bytes) if bytes.iter().all(u8::is_ascii_whitespace) => continue,
                Ok(bytes) => self.party(&bytes, &mut id, &mut ignored),
                Err(reason) => Err(reason),
            };
            return Ok(Some(Row { id, line, party, ignored }));
        }
    }

    fn party(&mut self, bytes: &[u8], id: &mut String, ignored: &mut Vec<String>) -> Result<Party, String> {
        let json: Json = serde_json::from_slice(bytes).map_err(|error| format!("not JSON: {error}"))?;
        let Json::Object(members) = json else { return Err("not a JSON object".to_owned()) };
        match members.get("id") {
            Some(Json::String(text)) => id.clone_from(text),
            Some(Json::Number(number)) => *id = number.to_string(),
            None | Some(Json::Null) => {}
            Some(_) => return Err("id: expected a text".to_owned()),
        }
        for name in members.keys().filter(|name| !matches!(name.as_str(), "id" | "schema" | "properties")) {
            if self.unknown.len() < 50 {
                self.unknown.insert(name.clone());
            }
        }
        let given = Given { schema: members.get("schema"), properties: members.get("properties") };
        party_of_json(id, given, self.schema, &mut self.unknown, ignored)
    }
}

/// The members of a JSON line that make a party.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) schema: Option<&'a Json>,
    pub(crate) properties: Option<&'a Json>,
}

/// A party from the members `schema` and `properties`. Properties that no schema has are noted in `unknown`, values that cannot
/// be used in `ignored`.
pub(crate) fn party_of_json(
    id: &str,
    given: Given<'_>,
    default: Schema,
    unknown: &mut BTreeSet<String>,
    ignored: &mut Vec<String>,
) -> Result<Party, String> {
    let Given { schema, properties } = given;
    let schema = match schema {
        None | Some(Json::Null) => default,
        Some(Json::String(name)) => parse_schema(name).ok_or_else(|| format!("schema: {name:?} is not a schema"))?,
        Some(_) => return Err("schema: expected a text".to_owned()),
    };
    let empty = serde_json::Map::new();
    let properties = match properties {
        Some(Json::Object(properties)) => properties,
        None | Some(Json::Null) => &empty,
        Some(_) => return Err("properties: expected an object".to_owned()),
    };
    let mut party = PartyBuilder::new(id, schema);
    for (name, values) in properties {
        let property = if Schema::all().any(|schema| schema.property(name).is_some()) {
            name.clone()
        } else if let (Column::Property(meant), _) = Column::of(name) {
            meant
        } else {
            if unknown.len() < 50 {
                unknown.insert(format!("properties.{name}"));
            }
            continue;
        };
        let values = match values {
            Json::Array(values) => values.as_slice(),
            Json::Null => &[],
            single => std::slice::from_ref(single),
        };
        for value in values {
            match value {
                Json::String(text) if text.trim().is_empty() => {}
                Json::String(text) => party.add_or_ignore(&property, text, ignored),
                Json::Number(number) => party.add_or_ignore(&property, &number.to_string(), ignored),
                Json::Null => {}
                _ => return Err(format!("properties.{name}: expected texts")),
            }
        }
    }
    party.finish()
}
