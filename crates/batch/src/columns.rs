//! What the columns of customer files hold.
//!
//! Idea: a header is a FollowTheMoney property, in any spelling, or a word that customer files use for one (`full_name`, `dob`), which is
//! understood and said.

use interdict_model::{Property, PropertyType, Schema};

/// What a column is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Column {
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
    pub(crate) fn finds(&self) -> bool {
        let Column::Property(name) = self else { return false };
        let kinds = Schema::all().filter_map(|schema| schema.property(name)).map(Property::kind);
        let mut kinds = kinds.chain(matches!(name.as_str(), "firstName" | "lastName").then_some(PropertyType::Name));
        kinds.any(|kind| {
            matches!(kind, PropertyType::Name | PropertyType::Identifier | PropertyType::Email | PropertyType::Phone)
        })
    }

    pub(crate) fn of(header: &str) -> (Column, Option<String>) {
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
