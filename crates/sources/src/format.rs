//! The names of the forms that lists come in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::ReadError;
use crate::input::Input;
use crate::reconcile::Loaded;

/// A reader of one form.
pub(crate) type Reader = fn(&Input) -> Result<Loaded, ReadError>;

macro_rules! formats {
    ($($variant:ident = $name:literal, $reader:expr, $doc:literal;)*) => {
        /// A published form, by the name that manifests and the command line use.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum Format {
            $(#[doc = $doc] $variant,)*
        }

        impl Format {
            /// All forms, in the order of the documentation.
            pub const ALL: &[Format] = &[$(Format::$variant),*];

            /// Its name.
            pub fn name(self) -> &'static str {
                match self { $(Format::$variant => $name),* }
            }

            /// What it is, in a line.
            pub fn describe(self) -> &'static str {
                match self { $(Format::$variant => $doc),* }
            }

            pub(crate) fn reader(self) -> Reader {
                match self { $(Format::$variant => $reader),* }
            }
        }

        impl FromStr for Format {
            type Err = UnknownFormat;
            fn from_str(name: &str) -> Result<Format, UnknownFormat> {
                match name {
                    $($name => Ok(Format::$variant),)*
                    _ => Err(UnknownFormat { name: name.to_owned() }),
                }
            }
        }
    };
}

formats! {
    OfacSdnCsv = "ofac_sdn_csv", crate::ofac::csv::read_sdn, "OFAC SDN list, legacy CSV (sdn, add, alt, sdn_comments)";
    OfacConsCsv = "ofac_cons_csv", crate::ofac::csv::read_cons, "OFAC non-SDN consolidated list, legacy CSV (cons_prim, cons_add, cons_alt, cons_comments)";
    OfacSdnXml = "ofac_sdn_xml", crate::ofac::simple_xml::read, "OFAC SDN.XML and CONSOLIDATED.XML (simple schema)";
    OfacAdvancedXml = "ofac_advanced_xml", crate::ofac::advanced_xml::read, "OFAC SDN_ADVANCED.XML and CONS_ADVANCED.XML";
    OfacEnhancedXml = "ofac_enhanced_xml", crate::ofac::enhanced_xml::read, "OFAC SDN_ENHANCED.XML and CONS_ENHANCED.XML";
    UsCslCsv = "us_csl_csv", crate::us_csl::csv::read, "US Consolidated Screening List, CSV with the header of today or of 2016";
    UsCslJson = "us_csl_json", crate::us_csl::json::read, "US Consolidated Screening List, JSON";
    UsDplTxt = "us_dpl_txt", crate::us_dpl::read, "BIS Denied Persons List, tab-separated text";
    UnScXml = "un_sc_xml", crate::un_sc::read, "UN Security Council consolidated list, XML";
    EuFsfXml = "eu_fsf_xml", crate::eu_fsf::xml::read, "EU consolidated financial sanctions list, XML 1.1";
    EuFsfCsv = "eu_fsf_csv", crate::eu_fsf::csv::read, "EU consolidated financial sanctions list, CSV 1.1";
    EuGlobalXml = "eu_global_xml", crate::eu_fsf::global::read, "EU consolidated list, global.xml of 2016";
    GbSanctionsXlsx = "gb_sanctions_xlsx", crate::gb::sanctions::read_xlsx, "UK Sanctions List, XLSX";
    GbSanctionsCsv = "gb_sanctions_csv", crate::gb::sanctions::read_csv, "UK Sanctions List, CSV";
    GbSanctionsOds = "gb_sanctions_ods", crate::gb::sanctions::read_ods, "UK Sanctions List, ODS";
    GbSanctionsXml = "gb_sanctions_xml", crate::gb::sanctions_xml::read, "UK Sanctions List, XML";
    GbOfsiCsv = "gb_ofsi_csv", crate::gb::ofsi::read_csv, "OFSI consolidated list (ended January 2026), CSV";
    GbOfsiXlsx = "gb_ofsi_xlsx", crate::gb::ofsi::read_xlsx, "OFSI consolidated list (ended January 2026), XLSX";
    ChSecoXml = "ch_seco_xml", crate::ch_seco::read, "Swiss SECO list, XML";
    CaSemaXml = "ca_sema_xml", crate::ca_sema::read, "Canadian autonomous sanctions list (SEMA), XML";
    AuDfatXlsx = "au_dfat_xlsx", crate::au_dfat::read, "Australian DFAT consolidated list, XLSX";
    JpMetiXlsx = "jp_meti_xlsx", crate::jp_meti::read_xlsx, "Japanese METI foreign end user list, XLSX";
    JpMetiHtml = "jp_meti_html", crate::jp_meti::read_html, "Japanese METI foreign end user list, HTML";
    Ftm = "ftm", crate::ftm::read, "FollowTheMoney entities, JSON lines (OpenSanctions and others)";
    Csv = "csv", crate::own_csv::read, "Your own list, CSV with a mapping file";
}

impl Format {
    /// Whether a release of the list is one file. Of several only one could count, and nobody says which.
    pub fn is_one_file(self) -> bool {
        !matches!(self, Format::OfacSdnCsv | Format::OfacConsCsv | Format::Ftm)
    }

    /// Whether a file of a folder belongs to the form, by its name in lower case without `.gz` or `.zip`.
    pub fn knows_file(self, name: &str) -> bool {
        let ending = name.rsplit('.').next().unwrap_or_default();
        match self {
            Format::OfacSdnCsv => matches!(name, "sdn.csv" | "add.csv" | "alt.csv" | "sdn_comments.csv"),
            Format::OfacConsCsv => {
                matches!(name, "cons_prim.csv" | "cons_add.csv" | "cons_alt.csv" | "cons_comments.csv")
            }
            Format::OfacSdnXml
            | Format::OfacAdvancedXml
            | Format::OfacEnhancedXml
            | Format::UnScXml
            | Format::EuFsfXml
            | Format::EuGlobalXml
            | Format::GbSanctionsXml
            | Format::ChSecoXml
            | Format::CaSemaXml => ending == "xml",
            Format::UsCslCsv | Format::EuFsfCsv | Format::GbSanctionsCsv | Format::GbOfsiCsv | Format::Csv => {
                ending == "csv"
            }
            Format::UsCslJson => ending == "json",
            Format::UsDplTxt => ending == "txt",
            Format::GbSanctionsXlsx | Format::GbOfsiXlsx | Format::AuDfatXlsx | Format::JpMetiXlsx => ending == "xlsx",
            Format::GbSanctionsOds => ending == "ods",
            Format::JpMetiHtml => matches!(ending, "html" | "htm"),
            Format::Ftm => matches!(ending, "json" | "jsonl" | "ijson" | "ftm"),
        }
    }
}

/// No form has that name.
#[derive(Debug, thiserror::Error)]
#[error("{name:?} is not a list format; known are {known}", known = Format::ALL.iter().map(|format| format.name()).collect::<Vec<_>>().join(", "))]
pub struct UnknownFormat {
    /// What was given.
    pub name: String,
}

impl fmt::Display for Format {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl TryFrom<String> for Format {
    type Error = UnknownFormat;
    fn try_from(name: String) -> Result<Format, UnknownFormat> {
        name.parse()
    }
}

impl From<Format> for String {
    fn from(format: Format) -> String {
        format.name().to_owned()
    }
}
