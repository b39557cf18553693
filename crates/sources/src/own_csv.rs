//! Your own list: CSV with a mapping file, or without one where the header speaks for itself.
//!
//! Idea: a row is a party. Without a mapping, a column is the FollowTheMoney property that its header names (`birthDate`,
//! `birth_date`), or the one that customer files mean by it (`dob`, `full_name`); `id` and `schema` are themselves. Several
//! values of a cell are parted by `|`. Columns that mean nothing become notes.
//! Ids are those of the id column behind a prefix, the list's id and `-` unless the mapping says otherwise, so that two lists
//! never mix; without an id column an id is a fingerprint of the row.
//! Invariant: a row with another number of columns than the header, without a name and an identifier, or of an unknown schema
//! is refused; two rows of one id are an error.

use std::collections::BTreeSet;

use interdict_model::{Entity, Origin, PropertyType, Schema, merge_by_id};

use crate::csv_rows::{Header, Row, Rows};
use crate::dates::Order;
use crate::error::{ReadError, ReadErrorKind};
use crate::input::{Input, SourceFile};
use crate::mapping::Mapping;
use crate::ofac::only_file;
use crate::reconcile::{Loaded, Reconciliation};
use crate::slug::fingerprint;
use crate::text::{fail, file_name, refuse_html, utf8_or_windows_1252};
use crate::values::Record;

/// Words for columns that customer files use, folded, with the property that each means.
const SYNONYMS: &[(&str, &str)] = &[
    ("fullname", "name"),
    ("party", "name"),
    ("partyname", "name"),
    ("customer", "name"),
    ("customername", "name"),
    ("company", "name"),
    ("companyname", "name"),
    ("entityname", "name"),
    ("legalname", "name"),
    ("vesselname", "name"),
    ("shipname", "name"),
    ("givenname", "firstName"),
    ("givennames", "firstName"),
    ("forename", "firstName"),
    ("surname", "lastName"),
    ("familyname", "lastName"),
    ("aka", "alias"),
    ("aliases", "alias"),
    ("alternativename", "alias"),
    ("formername", "previousName"),
    ("dob", "birthDate"),
    ("dateofbirth", "birthDate"),
    ("pob", "birthPlace"),
    ("placeofbirth", "birthPlace"),
    ("sex", "gender"),
    ("countrycode", "country"),
    ("countryofresidence", "country"),
    ("residence", "country"),
    ("street", "address"),
    ("streetaddress", "address"),
    ("addr", "address"),
    ("passport", "passportNumber"),
    ("passportno", "passportNumber"),
    ("nationalid", "idNumber"),
    ("taxid", "taxNumber"),
    ("vat", "vatCode"),
    ("inn", "innCode"),
    ("ogrn", "ogrnCode"),
    ("lei", "leiCode"),
    ("bic", "swiftBic"),
    ("swift", "swiftBic"),
    ("imo", "imoNumber"),
    ("registrationno", "registrationNumber"),
    ("companynumber", "registrationNumber"),
    ("wallet", "publicKey"),
    ("walletaddress", "publicKey"),
    ("mail", "email"),
    ("emailaddress", "email"),
    ("telephone", "phone"),
    ("phonenumber", "phone"),
    ("note", "notes"),
    ("remarks", "notes"),
    ("comment", "notes"),
    ("programme", "program"),
    ("reason", "notes"),
];

/// Words for schemata, in lower case.
const SCHEMATA: &[(&str, &str)] = &[
    ("individual", "Person"),
    ("natural person", "Person"),
    ("person", "Person"),
    ("p", "Person"),
    ("firm", "Company"),
    ("company", "Company"),
    ("corporate", "Company"),
    ("entity", "LegalEntity"),
    ("organisation", "Organization"),
    ("organization", "Organization"),
    ("enterprise", "Organization"),
    ("ship", "Vessel"),
    ("vessel", "Vessel"),
    ("aircraft", "Airplane"),
    ("wallet", "CryptoWallet"),
];

/// Your own list, CSV with a mapping file.
pub(crate) fn read(input: &Input) -> Result<Loaded, ReadError> {
    let file = only_file(input)?;
    refuse_html(file, "your own list as CSV")?;
    let mapping = input.mapping.as_ref().map(Mapping::read).transpose()?.unwrap_or_default();
    let text = utf8_or_windows_1252(file)?;
    let delimiter = mapping.delimiter.unwrap_or_else(|| delimiter_of(&text));
    let mut rows = Rows::new(file, &text, delimiter);
    let first = rows.next_row()?.ok_or_else(|| fail(file, 0, ReadErrorKind::Empty))?;
    let layout = Layout::new(input, file, &mapping, &first)?;
    let name = file_name(&file.path);
    let mut account = Reconciliation::default();
    let mut entities = Vec::new();
    let mut ids = BTreeSet::new();
    while let Some(row) = rows.next_row()? {
        if row.is_blank() {
            continue;
        }
        if row.fields.len() != layout.width {
            let reason = format!("{} columns; the header has {}", row.fields.len(), layout.width);
            account.refuse(&name, row.line, reason);
            continue;
        }
        match layout.party(input, &name, &row, &mut account) {
            Ok(entity) => {
                if !ids.insert(entity.id.clone()) {
                    return Err(fail(file, row.line, ReadErrorKind::DuplicateKey { key: entity.id }));
                }
                account.load();
                entities.push(entity);
            }
            Err(reason) => account.refuse(&name, row.line, reason),
        }
    }
    let merged = merge_by_id(entities);
    Ok(Loaded { entities: merged.entities, version: input.version.clone(), reconciliation: account })
}

/// The delimiter that the first line has most of, outside quotes.
fn delimiter_of(text: &str) -> u8 {
    let mut counts = [0u32; 3];
    let mut quoted = false;
    for byte in text.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            b',' if !quoted => counts[0] += 1,
            b';' if !quoted => counts[1] += 1,
            b'\t' if !quoted => counts[2] += 1,
            _ => {}
        }
    }
    match counts {
        [comma, semicolon, tab] if semicolon > comma && semicolon >= tab => b';',
        [comma, _, tab] if tab > comma => b'\t',
        _ => b',',
    }
}

/// Letters and digits in lower case: `Birth_Date` and `birthDate` are one.
fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What each column is for.
struct Layout<'m> {
    mapping: &'m Mapping,
    ids: Vec<usize>,
    schema: Option<usize>,
    /// Columns with their properties; a note where there are none.
    columns: Vec<(usize, String, Vec<String>)>,
    separator: String,
    width: usize,
}

impl<'m> Layout<'m> {
    fn new(input: &Input, file: &SourceFile, mapping: &'m Mapping, first: &Row) -> Result<Layout<'m>, ReadError> {
        let header = Header::new(first);
        let of_mapping: Vec<&str> = mapping.columns.iter().map(|(column, _)| column.as_str()).collect();
        let ids: Vec<&str> = mapping.id.iter().map(String::as_str).collect();
        let schema: Vec<&str> = mapping.schema_column.as_deref().into_iter().collect();
        header.require(file, first.line, &[of_mapping, ids, schema].concat())?;
        let exactly =
            |name: &str| first.fields.iter().position(|field| field.trim() == name).or_else(|| header.place(name));
        let mut columns = Vec::new();
        let mut left_out = Vec::new();
        for (column, properties) in &mapping.columns {
            let Some(place) = exactly(column) else { continue };
            if properties.is_empty() {
                left_out.push(place);
            } else {
                columns.push((place, column.clone(), properties.clone()));
            }
        }
        let mut ids: Vec<usize> = mapping.id.iter().filter_map(|column| exactly(column)).collect();
        let mut schema = mapping.schema_column.as_deref().and_then(exactly);
        // With a mapping nothing is guessed: what it does not name is a note.
        let guess = mapping.columns.is_empty();
        for (place, column) in first.fields.iter().enumerate() {
            let used = columns.iter().any(|(known, _, _)| *known == place)
                || left_out.contains(&place)
                || ids.contains(&place)
                || schema == Some(place);
            if used || column.trim().is_empty() {
                continue;
            }
            let word = folded(column);
            match word.as_str() {
                "id" if guess && ids.is_empty() => ids.push(place),
                "schema" | "type" | "entitytype" | "partytype" if guess && schema.is_none() => schema = Some(place),
                _ => {
                    let property = if guess { property_of(&word) } else { None };
                    columns.push((place, column.trim().to_owned(), property.map(str::to_owned).into_iter().collect()));
                }
            }
        }
        columns.sort_by_key(|(place, _, _)| *place);
        let named = columns.iter().flat_map(|(_, _, properties)| properties).any(|property| {
            Schema::all().filter_map(|schema| schema.property(property)).any(|property| {
                matches!(property.kind(), PropertyType::Name | PropertyType::Identifier)
                    || matches!(property.name(), "firstName" | "lastName" | "publicKey")
            })
        });
        if !named {
            let found = header.names().join(", ").chars().take(400).collect();
            return Err(fail(file, first.line, ReadErrorKind::MissingColumn { column: "name".to_owned(), found }));
        }
        debug_assert!(!input.list.as_str().is_empty(), "a list id is not empty");
        let separator = mapping.separator.clone().unwrap_or_else(|| "|".to_owned());
        Ok(Layout { mapping, ids, schema, columns, separator, width: first.fields.len() })
    }

    fn party(&self, input: &Input, name: &str, row: &Row, account: &mut Reconciliation) -> Result<Entity, String> {
        let schema = self.schema_of(row)?;
        let key = self.key(row)?;
        let prefix = self.mapping.id_prefix.clone().unwrap_or_else(|| format!("{}-", input.list));
        let id = format!("{prefix}{key}");
        let origin = Origin::new(input.list.clone(), input.version.as_str(), format!("{key} ({name}:{})", row.line));
        let mut record = Record { origin, file: name, line: row.line, account };
        let mut entity = Entity::new(id, schema);
        for (place, column, properties) in &self.columns {
            let cell = row.at(*place);
            let values: Vec<&str> =
                if self.separator.is_empty() { vec![cell] } else { cell.split(self.separator.as_str()).collect() };
            for value in values.into_iter().map(str::trim).filter(|value| !value.is_empty()) {
                if properties.is_empty() {
                    record.note(&mut entity, column, value);
                }
                for property in properties {
                    add(&mut record, &mut entity, property, column, value, self.mapping.order);
                }
            }
        }
        for (property, values) in &self.mapping.constants {
            for value in values {
                add(&mut record, &mut entity, property, property, value, self.mapping.order);
            }
        }
        if entity.get("name").is_empty() {
            let parts: Vec<&str> =
                ["firstName", "middleName", "lastName"].into_iter().filter_map(|part| entity.first(part)).collect();
            let whole = parts.join(" ");
            record.add(&mut entity, "name", &whole);
        }
        let says = |kind| entity.values_of(kind).next().is_some();
        if !says(PropertyType::Name) && !says(PropertyType::Identifier) && entity.first("publicKey").is_none() {
            return Err("it has neither a name nor an identifier".to_owned());
        }
        Ok(entity)
    }

    fn schema_of(&self, row: &Row) -> Result<Schema, String> {
        let default = self.mapping.schema.unwrap_or_else(Schema::legal_entity);
        let word = self.schema.map_or("", |place| row.at(place));
        if word.is_empty() {
            return Ok(default);
        }
        let lower = word.to_lowercase();
        let known = SCHEMATA.iter().find(|(known, _)| *known == lower).and_then(|(_, schema)| Schema::by_name(schema));
        let own = self.mapping.schemas.get(&lower).copied();
        own.or_else(|| Schema::by_name(word))
            .or(known)
            .ok_or_else(|| format!("schema {word:?} is not one of FollowTheMoney"))
    }

    fn key(&self, row: &Row) -> Result<String, String> {
        if self.ids.is_empty() {
            let fields: Vec<&str> = row.fields.iter().map(|field| field.trim()).collect();
            return Ok(fingerprint(&fields));
        }
        let parts: Vec<&str> = self.ids.iter().map(|place| row.at(*place)).filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { Err("its id is empty".to_owned()) } else { Ok(parts.join("-")) }
    }
}

/// The property that a folded header means.
fn property_of(word: &str) -> Option<&'static str> {
    let own = Schema::all().flat_map(Schema::properties).find(|property| folded(property.name()) == word);
    let own = own.filter(|property| property.kind() != PropertyType::Entity).map(interdict_model::Property::name);
    own.or_else(|| SYNONYMS.iter().find(|(known, _)| *known == word).map(|(_, property)| *property))
}

fn add(record: &mut Record, entity: &mut Entity, property: &str, column: &str, value: &str, order: Option<Order>) {
    let Some(known) = entity.schema.property(property) else {
        // A birth date on a company is when it came about; anything else that the schema lacks is a note.
        return match property {
            "nationality" | "citizenship" => drop(record.country(entity, "country", column, value)),
            _ => record.note(entity, column, value),
        };
    };
    match known.kind() {
        PropertyType::Country => drop(record.country(entity, property, column, value)),
        PropertyType::Date if order.is_none() && is_ambiguous(value) => {
            record.warn(format!("field `{column}`: {value:?} may be day first or month first; say `date_order` in a mapping; kept as a note"));
            record.note(entity, column, value);
        }
        PropertyType::Date => drop(record.dates(entity, property, column, value, order.unwrap_or(Order::DayFirst))),
        PropertyType::Gender => match value.to_lowercase().as_str() {
            "m" | "male" => drop(record.add(entity, property, "male")),
            "f" | "female" => drop(record.add(entity, property, "female")),
            _ => record.note(entity, column, value),
        },
        _ => drop(record.add(entity, property, value)),
    }
}

/// Whether day and month of a date of numbers could change places: both are 12 or less, and they differ.
fn is_ambiguous(value: &str) -> bool {
    let parts: Vec<&str> = value.split(['/', '.', '-', ' ']).collect();
    let [one, other, year] = parts.as_slice() else { return false };
    let (Ok(one), Ok(other)) = (one.parse::<u8>(), other.parse::<u8>()) else { return false };
    year.len() == 4 && (1..=12).contains(&one) && (1..=12).contains(&other) && one != other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_understood_in_any_writing() {
        let of = |header: &str| property_of(&folded(header));
        assert_eq!(of("Birth_Date"), Some("birthDate"));
        assert_eq!(of("DOB"), Some("birthDate"));
        assert_eq!(of("Full Name"), Some("name"));
        assert_eq!(of("IMO number"), Some("imoNumber"));
        assert_eq!(of("shoe size"), None);
        assert_eq!(of("owner"), None);
    }

    #[test]
    fn dates_that_can_be_read_two_ways_are_told() {
        assert!(is_ambiguous("03/04/1961"));
        assert!(!is_ambiguous("13/04/1961"));
        assert!(!is_ambiguous("04/04/1961"));
        assert!(!is_ambiguous("1961-03-04"));
    }
}
