//! The list of the European Union as CSV 1.1: one row for every part of a subject.
//!
//! Idea: `;`-separated, UTF-8 with a byte-order mark, a header; a row repeats the columns of its subject and fills those of
//! one part (name, address, birth, identification, citizenship), so that a subject spans many rows. Rows are grouped by the
//! logical id. The header of the older CSV, which the publisher's description has, is understood as well.
//! Source: header of CSV 1.1 as public readers of the file use it; FSF-CSV-attributes.pdf of the publisher for the older one; no
//! published file was at hand.

use std::collections::HashMap;

use interdict_model::Origin;

use super::subject::{AUTHORITY, Address, Birth, Citizenship, Identification, Land, Name, Regulation, Subject};
use crate::csv_rows::{Header, Row, Rows};
use crate::dates;
use crate::error::{ReadError, ReadErrorKind};
use crate::input::Input;
use crate::ofac::only_file;
use crate::party::Gathered;
use crate::reconcile::{Loaded, Reconciliation};
use crate::text::{fail, file_name, refuse_html, utf8};
use crate::values::Record;

/// What the columns are called in CSV 1.1 and in the older CSV.
const COLUMNS: &[(&str, &str)] = &[
    ("fileGenerationDate", "Date_file"),
    ("Entity_LogicalId", "Entity_logical_id"),
    ("Entity_EU_ReferenceNumber", "EU_ref_num"),
    ("Entity_SubjectType", "Subject_type"),
    ("Entity_Remark", "Entity_remark"),
    ("NameAlias_WholeName", "Naal_wholename"),
    ("NameAlias_FirstName", "Naal_firstname"),
    ("NameAlias_MiddleName", "Naal_middlename"),
    ("NameAlias_LastName", "Naal_lastname"),
    ("NameAlias_Gender", "Naal_gender"),
    ("NameAlias_Title", "Naal_title"),
    ("NameAlias_Function", "Naal_function"),
    ("NameAlias_NameLanguage", "Naal_language"),
    ("Address_Street", "Addr_street"),
    ("Address_ZipCode", "Addr_zipcode"),
    ("Address_City", "Addr_city"),
    ("Address_CountryDescription", "Addr_country"),
    ("Address_Remark", "Addr_other"),
    ("BirthDate_BirthDate", "Birt_date"),
    ("BirthDate_Place", "Birt_place"),
    ("BirthDate_CountryDescription", "Birt_country"),
    ("Identification_Number", "Iden_number"),
    ("Identification_CountryDescription", "Iden_country"),
    ("Citizenship_CountryDescription", "Citi_country"),
    ("Entity_Regulation_NumberTitle", "Leba_numtitle"),
    ("Entity_Regulation_Programme", "Programme"),
    ("Entity_Regulation_PublicationDate", "Leba_publication_date"),
    ("Entity_Regulation_PublicationUrl", "Leba_url"),
];

/// EU consolidated financial sanctions list, CSV 1.1.
pub(crate) fn read(input: &Input) -> Result<Loaded, ReadError> {
    let file = only_file(input)?;
    refuse_html(file, "the consolidated list of the European Union, CSV")?;
    let mut rows = Rows::new(file, utf8(file)?, b';');
    let first = rows.next_row()?.ok_or_else(|| fail(file, 0, ReadErrorKind::Empty))?;
    let columns = Columns { header: Header::new(&first) };
    for required in ["Entity_LogicalId", "NameAlias_WholeName", "Entity_SubjectType"] {
        if columns.place(required).is_none() {
            columns.header.require(file, first.line, &[required])?;
        }
    }
    let name = file_name(&file.path);
    let mut account = Reconciliation::default();
    let mut subjects: Vec<(u64, Subject)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut version = None;
    while let Some(row) = rows.next_row()? {
        if row.fields.len() != first.fields.len() {
            let reason = format!("{} columns; the header has {}", row.fields.len(), first.fields.len());
            account.refuse(&name, row.line, reason);
            continue;
        }
        let key = columns.get(&row, "Entity_LogicalId");
        if key.is_empty() {
            account.refuse(&name, row.line, "field `Entity_LogicalId`: it is empty");
            continue;
        }
        if version.is_none() {
            let date = dates::parse_one(columns.get(&row, "fileGenerationDate"), AUTHORITY.order).ok();
            version = date.map(|date| date.to_string());
        }
        let place = *places.entry(key.to_owned()).or_insert_with(|| {
            subjects.push((row.line, Subject::default()));
            subjects.len() - 1
        });
        if let Some((_, subject)) = subjects.get_mut(place) {
            columns.take(&row, subject);
        }
    }
    let version = version.unwrap_or_else(|| input.version.clone());
    let mut gathered = Gathered::default();
    for (line, subject) in &subjects {
        if !subject.is_named() {
            account.refuse(&name, *line, format!("{}: it has no name", subject.key()));
            continue;
        }
        let place = format!("{} ({name}:{line})", subject.key());
        let origin = Origin::new(input.list.clone(), version.as_str(), place);
        subject.write(Record { origin, file: &name, line: *line, account: &mut account }, &mut gathered);
    }
    let entities = gathered.finish(&mut account, &name);
    Ok(Loaded { entities, version, reconciliation: account })
}

struct Columns {
    header: Header,
}

impl Columns {
    fn place(&self, name: &str) -> Option<usize> {
        self.header.place(name).or_else(|| {
            let (_, older) = COLUMNS.iter().find(|(newer, _)| *newer == name)?;
            self.header.place(older)
        })
    }

    fn get<'r>(&self, row: &'r Row, name: &str) -> &'r str {
        self.place(name).map_or("", |place| row.at(place))
    }

    fn take(&self, row: &Row, subject: &mut Subject) {
        let at = |name: &str| self.get(row, name).to_owned();
        let set = |field: &mut String, name: &str| {
            if field.is_empty() {
                *field = at(name);
            }
        };
        set(&mut subject.logical_id, "Entity_LogicalId");
        set(&mut subject.reference, "Entity_EU_ReferenceNumber");
        set(&mut subject.un_id, "Entity_UnitedNationId");
        set(&mut subject.kind, "Entity_SubjectType_ClassificationCode");
        set(&mut subject.kind, "Entity_SubjectType");
        set(&mut subject.designated, "Entity_DesignationDate");
        set(&mut subject.delisted, "Entity_DelistingDate");
        set(&mut subject.details, "Entity_DesignationDetails");
        push(&mut subject.remarks, at("Entity_Remark"));
        let regulation = Regulation {
            programme: at("Entity_Regulation_Programme"),
            title: at("Entity_Regulation_NumberTitle"),
            published: at("Entity_Regulation_PublicationDate"),
            in_force: at("Entity_Regulation_EntryIntoForceDate"),
            url: at("Entity_Regulation_PublicationUrl"),
            kind: join(&[at("Entity_Regulation_Type"), at("Entity_Regulation_OrganisationType")]),
        };
        push(&mut subject.regulations, regulation);
        self.take_name(row, subject);
        self.take_address(row, subject);
        self.take_birth(row, subject);
        self.take_document(row, subject);
        push(
            &mut subject.citizenships,
            Citizenship {
                country: self.land(row, "Citizenship"),
                remark: join(&[at("Citizenship_Region"), at("Citizenship_Remark")]),
            },
        );
    }

    fn land(&self, row: &Row, part: &str) -> Land {
        Land {
            code: self.get(row, &format!("{part}_CountryIso2Code")).to_owned(),
            name: self.get(row, &format!("{part}_CountryDescription")).to_owned(),
        }
    }

    fn take_name(&self, row: &Row, subject: &mut Subject) {
        let at = |name: &str| self.get(row, &format!("NameAlias_{name}")).to_owned();
        let name = Name {
            whole: at("WholeName"),
            first: at("FirstName"),
            middle: at("MiddleName"),
            last: at("LastName"),
            gender: at("Gender"),
            title: at("Title"),
            function: at("Function"),
            language: at("NameLanguage"),
            strong: at("Strong"),
            remark: at("Remark"),
        };
        push(&mut subject.names, name);
    }

    fn take_address(&self, row: &Row, subject: &mut Subject) {
        let at = |name: &str| self.get(row, &format!("Address_{name}")).to_owned();
        let po_box = at("PoBox");
        let po_box = if po_box.is_empty() { po_box } else { format!("P.O. Box {po_box}") };
        let address = Address {
            parts: vec![at("Street"), po_box, at("ZipCode"), at("City"), at("Place"), at("Region")],
            country: self.land(row, "Address"),
            at_listing: at("AsAtListingTime"),
            contacts: contacts(&at("ContactInfo")),
            remark: at("Remark"),
        };
        let empty =
            Address { at_listing: address.at_listing.clone(), parts: vec![String::new(); 6], ..Address::default() };
        if address != empty {
            push(&mut subject.addresses, address);
        }
    }

    fn take_birth(&self, row: &Row, subject: &mut Subject) {
        let at = |name: &str| self.get(row, &format!("BirthDate_{name}")).to_owned();
        let birth = Birth {
            date: at("BirthDate"),
            day: at("Day"),
            month: at("Month"),
            year: at("Year"),
            from: at("YearRangeFrom"),
            to: at("YearRangeTo"),
            circa: at("Circa"),
            calendar: at("CalendarType"),
            place: ["Place", "City", "ZipCode", "Region"].map(at).into(),
            country: self.land(row, "BirthDate"),
            remark: at("Remark"),
        };
        let empty = Birth {
            circa: birth.circa.clone(),
            calendar: birth.calendar.clone(),
            place: vec![String::new(); 4],
            ..Birth::default()
        };
        if birth != empty {
            push(&mut subject.births, birth);
        }
    }

    fn take_document(&self, row: &Row, subject: &mut Subject) {
        let at = |name: &str| self.get(row, &format!("Identification_{name}")).to_owned();
        let mut said = Vec::new();
        for (name, words) in [
            ("Diplomatic", "diplomatic"),
            ("KnownExpired", "known to be expired"),
            ("KnownFalse", "known to be false"),
            ("ReportedLost", "reported lost"),
            ("RevokedByIssuer", "revoked by its issuer"),
        ] {
            if matches!(at(name).to_lowercase().as_str(), "true" | "1" | "yes") {
                said.push(words.to_owned());
            }
        }
        for (name, words) in [
            ("IssuedBy", "issued by"),
            ("NameOnDocument", "name on the document:"),
            ("Region", "region:"),
            ("Remark", ""),
        ] {
            let text = at(name);
            if !text.is_empty() {
                said.push(format!("{words} {text}").trim().to_owned());
            }
        }
        let document = Identification {
            number: at("Number"),
            latin_number: at("LatinNumber"),
            code: at("TypeCode"),
            description: at("TypeDescription"),
            country: self.land(row, "Identification"),
            issued: at("IssuedDate"),
            from: at("ValidFrom"),
            to: at("ValidTo"),
            said,
        };
        if !document.number.is_empty() || !document.latin_number.is_empty() || !document.code.is_empty() {
            push(&mut subject.documents, document);
        }
    }
}

/// Adds what says something and is not there yet.
fn push<T: PartialEq + Default>(all: &mut Vec<T>, one: T) {
    if one != T::default() && !all.contains(&one) {
        all.push(one);
    }
}

fn join(parts: &[String]) -> String {
    parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ")
}

/// `PHONE[+963 11]` and the like; what is not of that form is a contact without a kind.
pub(crate) fn contacts(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut rest = text.trim();
    while let Some((kind, behind)) = rest.split_once('[') {
        let Some((value, after)) = behind.split_once(']') else { break };
        let kind = kind.trim_matches(|c: char| !c.is_alphanumeric());
        out.push((kind.to_owned(), value.trim().to_owned()));
        rest = after.trim();
    }
    if !rest.is_empty() {
        out.push((String::new(), rest.to_owned()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_have_their_kind_before_brackets() {
        let of = |text| contacts(text).into_iter().map(|(kind, text)| format!("{kind}={text}")).collect::<Vec<_>>();
        assert_eq!(
            of("PHONE[021- 86611265]\nFAX[021-8620174] (old)"),
            ["PHONE=021- 86611265", "FAX=021-8620174", "=(old)"]
        );
        assert_eq!(of(""), Vec::<String>::new());
    }
}
