//! The Consolidated Screening List of the International Trade Administration: the lists of Treasury, Commerce and State in one
//! file, as CSV or JSON.
//!
//! Idea: both forms become an [`Entry`], which is read in one way (`row`). Treasury's rows carry OFAC's key and go through
//! OFAC's mapping, so that a party is one entity whichever list it is read from; the others are known by list and `_id`.
//! Invariant: a row is a record; rows of one id become one entity, as a party stands on several lists or twice on one.
//! Source: the columns and members of the files; meaning by the publishers' pages that each row links.

pub(crate) mod csv;
pub(crate) mod json;
mod row;

/// A row, whatever its form.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    /// `_id`: OFAC's key on Treasury's lists, a hash on the others; absent in 2016.
    pub(crate) id: String,
    /// The list: `Entity List (EL) - Bureau of Industry and Security`, or `EL` in 2016.
    pub(crate) source: String,
    pub(crate) entity_number: String,
    pub(crate) kind: String,
    pub(crate) programs: Vec<String>,
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) addresses: Vec<Place>,
    pub(crate) notices: Vec<String>,
    pub(crate) start_date: String,
    pub(crate) end_date: String,
    pub(crate) standard_order: String,
    pub(crate) license_requirement: String,
    pub(crate) license_policy: String,
    pub(crate) call_sign: String,
    pub(crate) vessel_type: String,
    pub(crate) gross_tonnage: String,
    pub(crate) gross_registered_tonnage: String,
    pub(crate) vessel_flag: String,
    pub(crate) vessel_owner: String,
    pub(crate) remarks: String,
    pub(crate) list_url: String,
    pub(crate) information_url: String,
    pub(crate) alt_names: Vec<String>,
    pub(crate) citizenships: Vec<String>,
    pub(crate) dates_of_birth: Vec<String>,
    pub(crate) nationalities: Vec<String>,
    pub(crate) places_of_birth: Vec<String>,
    pub(crate) ids: Vec<Identifier>,
    /// Members that are none of these, with their values.
    pub(crate) others: Vec<(String, String)>,
}

/// An address.
#[derive(Debug, Default)]
pub(crate) struct Place {
    /// Its parts, without the country.
    pub(crate) lines: Vec<String>,
    /// ISO 3166-1 alpha-2 where there is one.
    pub(crate) country: String,
}

/// A document or a feature.
#[derive(Debug, Default)]
pub(crate) struct Identifier {
    pub(crate) kind: String,
    pub(crate) number: String,
    pub(crate) country: String,
    pub(crate) issued: String,
    pub(crate) expires: String,
}
