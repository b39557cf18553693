//! What OFAC's labels mean: `Passport`, `Tax ID No.`, `Secondary sanctions risk:`.
//!
//! Idea: one table for all four forms of the lists and for the Treasury rows of the Consolidated Screening List. In the remarks
//! of the CSV a label stands before its value without a mark between, so that the longest label that an item begins with
//! counts. Source: the reference values of SDN_ENHANCED.XML (document and feature types), 28 August 2024, and the older
//! labels that stand in the CSV of 2021 and 2023.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Where the value behind a label goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A property of the party, as it is written.
    Plain(&'static str),
    /// A property of the party that holds countries.
    Country(&'static str),
    /// A property of the party that holds dates.
    Date(&'static str),
    /// A property of the sanction that holds dates; the label stands in its summary too.
    SanctionDate(&'static str),
    /// Said of the sanction, label and value together.
    Provision,
    /// A number with a country, a day of issue, a day of expiry.
    Document(Document),
    /// The address of a wallet; its currency stands in the label.
    Wallet,
    /// `Male`, `Female`.
    Gender,
    /// A place of birth, whose last part may be a country.
    BirthPlace,
    /// A title or an office.
    Title,
    /// Owner or operator by name.
    Holder(&'static str),
    /// Kept as a note, label and value together.
    Note,
}

/// What kind of number a document bears, which with the schema of its holder decides the property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Document {
    /// A passport.
    Passport,
    /// A number that identifies a person or, of an organization, its registration.
    Identity,
    /// A taxpayer's number.
    Tax,
    /// A value-added-tax number.
    Vat,
    /// An entry in a register of companies.
    Registration,
    /// A licence.
    License,
    /// A ship's or shipping company's number with the IMO, or another registration of a ship.
    Ship,
    /// A ship's radio number.
    Mmsi,
    /// A social security number of the United States.
    Ssn,
    /// A legal entity number: an LEI where its check digits hold.
    Lei,
    /// A Chinese unified social credit code.
    Uscc,
    /// A Dun & Bradstreet number.
    Duns,
    /// A Russian bank code.
    Bik,
    /// A securities number.
    Isin,
    /// A stock exchange's sign.
    Ticker,
}

use Document as D;
use Target as T;

/// Labels in the form of [`key`], with what they mean.
const LABELS: &[(&str, Target)] = &[
    ("dob", T::Date("birthDate")),
    ("birthdate", T::Date("birthDate")),
    ("pob", T::BirthPlace),
    ("place of birth", T::BirthPlace),
    ("nationality", T::Country("nationality")),
    ("nationality country", T::Country("nationality")),
    ("citizen", T::Country("citizenship")),
    ("citizenship country", T::Country("citizenship")),
    ("nationality of registration", T::Country("country")),
    ("registration country", T::Country("country")),
    ("gender", T::Gender),
    ("title", T::Title),
    ("website", T::Plain("website")),
    ("email address", T::Plain("email")),
    ("email", T::Plain("email")),
    ("e-mail", T::Plain("email")),
    ("phone number", T::Plain("phone")),
    ("phone", T::Plain("phone")),
    ("telephone", T::Plain("phone")),
    ("telephone no.", T::Plain("phone")),
    ("tel.", T::Plain("phone")),
    ("fax", T::Note),
    ("swift/bic", T::Plain("swiftBic")),
    ("organization established date", T::Date("incorporationDate")),
    ("organization type", T::Plain("sector")),
    ("target type", T::Plain("classification")),
    ("issuer name", T::Plain("alias")),
    ("vessel call sign", T::Plain("callSign")),
    ("other vessel call sign", T::Plain("callSign")),
    ("vessel type", T::Plain("type")),
    ("other vessel type", T::Plain("type")),
    ("vessel flag", T::Country("flag")),
    ("other vessel flag", T::Country("flag")),
    ("former vessel flag", T::Country("pastFlags")),
    ("vessel owner", T::Holder("owner")),
    ("vessel tonnage", T::Plain("tonnage")),
    ("vessel gross registered tonnage", T::Plain("grossRegisteredTonnage")),
    ("vessel year of build", T::Date("buildDate")),
    ("aircraft construction number (also called l/n or s/n or f/n)", T::Plain("serialNumber")),
    ("aircraft manufacturer's serial number (msn)", T::Plain("serialNumber")),
    ("aircraft serial identification", T::Plain("serialNumber")),
    ("aircraft manufacture date", T::Date("buildDate")),
    ("aircraft mode s transponder code", T::Plain("icaoCode")),
    ("aircraft model", T::Plain("model")),
    ("aircraft operator", T::Holder("operator")),
    ("aircraft tail number", T::Plain("registrationNumber")),
    ("previous aircraft tail number", T::Plain("registrationNumber")),
    ("un/locode", T::Note),
    ("location", T::Note),
    ("chinese commercial code", T::Note),
    ("additional sanctions information", T::Provision),
    ("secondary sanctions risk", T::Provision),
    ("transactions prohibited for persons owned or controlled by u.s. financial institutions", T::Provision),
    ("executive order 13662 directive determination", T::Provision),
    ("executive order 13846 information", T::Provision),
    ("executive order 14014 directive information", T::Provision),
    ("executive order 14024 directive information", T::Provision),
    ("executive order 14059 information", T::Provision),
    ("caatsa section 235 information", T::Provision),
    ("ifca determination", T::Provision),
    ("peesa information", T::Provision),
    ("for more information on directives", T::Provision),
    ("d-u-n-s number", T::Document(D::Duns)),
    ("bik (ru)", T::Document(D::Bik)),
    ("isin", T::Document(D::Isin)),
    ("equity ticker", T::Document(D::Ticker)),
    ("micex code", T::Document(D::Ticker)),
    ("passport", T::Document(D::Passport)),
    ("diplomatic passport", T::Document(D::Passport)),
    ("british national overseas passport", T::Document(D::Passport)),
    ("stateless person passport", T::Document(D::Passport)),
    ("ssn", T::Document(D::Ssn)),
    ("cedula no.", T::Document(D::Identity)),
    ("d.n.i.", T::Document(D::Identity)),
    ("driver's license no.", T::Document(D::Identity)),
    ("n.i.e.", T::Document(D::Identity)),
    ("national id no.", T::Document(D::Identity)),
    ("le number", T::Document(D::Identity)),
    ("bosnian personal id no.", T::Document(D::Identity)),
    ("credencial electoral", T::Document(D::Identity)),
    ("kenyan id no.", T::Document(D::Identity)),
    ("serial no.", T::Document(D::Identity)),
    ("c.i.n.", T::Document(D::Identity)),
    ("moroccan personal id no.", T::Document(D::Identity)),
    ("public security and immigration no.", T::Document(D::Identity)),
    ("c.u.r.p.", T::Document(D::Identity)),
    ("immigration no.", T::Document(D::Identity)),
    ("travel document number", T::Document(D::Identity)),
    ("electoral registry no.", T::Document(D::Identity)),
    ("identification number", T::Document(D::Identity)),
    ("national foreign id number", T::Document(D::Identity)),
    ("cartilla de servicio militar nacional", T::Document(D::Identity)),
    ("c.u.i.p.", T::Document(D::Identity)),
    ("c.u.i.", T::Document(D::Identity)),
    ("personal id card", T::Document(D::Identity)),
    ("visanumberid", T::Document(D::Identity)),
    ("residency number", T::Document(D::Identity)),
    ("cnp (personal numerical code)", T::Document(D::Identity)),
    ("romanian permanent resident", T::Document(D::Identity)),
    ("pilot license number", T::Document(D::License)),
    ("turkish identification number", T::Document(D::Identity)),
    ("stateless person id card", T::Document(D::Identity)),
    ("refugee id card", T::Document(D::Identity)),
    ("numero de identidad", T::Document(D::Identity)),
    ("tazkira national id card", T::Document(D::Identity)),
    ("i.f.e.", T::Document(D::Identity)),
    ("citizen's card number", T::Document(D::Identity)),
    ("uae identification", T::Document(D::Identity)),
    ("birth certificate number", T::Document(D::Identity)),
    ("file number", T::Document(D::Identity)),
    ("seafarer's identification document", T::Document(D::Identity)),
    ("military registration number", T::Document(D::Identity)),
    ("r.f.c.", T::Document(D::Tax)),
    ("rfc", T::Document(D::Tax)),
    ("nit #", T::Document(D::Tax)),
    ("us fein", T::Document(D::Tax)),
    ("ruc #", T::Document(D::Tax)),
    ("c.i.f.", T::Document(D::Tax)),
    ("rif #", T::Document(D::Tax)),
    ("italian fiscal code", T::Document(D::Tax)),
    ("fiscal code", T::Document(D::Tax)),
    ("c.u.i.t.", T::Document(D::Tax)),
    ("tax id no.", T::Document(D::Tax)),
    ("paraguayan tax identification number", T::Document(D::Tax)),
    ("numero unico de identificacao tributaria (nuit)", T::Document(D::Tax)),
    ("romanian tax registration", T::Document(D::Tax)),
    ("n.i.f.", T::Document(D::Tax)),
    ("rtn", T::Document(D::Tax)),
    ("rsin", T::Document(D::Tax)),
    ("v.a.t. number", T::Document(D::Vat)),
    ("business registration document #", T::Document(D::Registration)),
    ("registration id", T::Document(D::Registration)),
    ("registered charity no.", T::Document(D::Registration)),
    ("c.r. no.", T::Document(D::Registration)),
    ("uk company number", T::Document(D::Registration)),
    ("dubai chamber of commerce membership no.", T::Document(D::Registration)),
    ("commercial registry number", T::Document(D::Registration)),
    ("certificate of incorporation number", T::Document(D::Registration)),
    ("registration certificate number (dubai)", T::Document(D::Registration)),
    ("matricula mercantil no", T::Document(D::Registration)),
    ("matricula mercantil no.", T::Document(D::Registration)),
    ("government gazette number", T::Document(D::Registration)),
    ("romanian c.r.", T::Document(D::Registration)),
    ("folio mercantil no.", T::Document(D::Registration)),
    ("istanbul chamber of comm. no.", T::Document(D::Registration)),
    ("company number", T::Document(D::Ship)),
    ("public registration number", T::Document(D::Registration)),
    ("branch unit number", T::Document(D::Registration)),
    ("enterprise number", T::Document(D::Registration)),
    ("organization code", T::Document(D::Registration)),
    ("chamber of commerce number", T::Document(D::Registration)),
    ("business number", T::Document(D::Registration)),
    ("business registration number", T::Document(D::Registration)),
    ("registration number", T::Document(D::Registration)),
    ("msb registration number", T::Document(D::Registration)),
    ("central registration system number", T::Document(D::Registration)),
    ("economic register number (cbls)", T::Document(D::Registration)),
    ("trademark number", T::Document(D::Registration)),
    ("russian state individual business registration number pattern (ogrnip)", T::Document(D::Registration)),
    ("trade license no.", T::Document(D::License)),
    ("tourism license no.", T::Document(D::License)),
    ("sre permit no.", T::Document(D::License)),
    ("afghan money service provider license number", T::Document(D::License)),
    ("license", T::Document(D::License)),
    ("permit number", T::Document(D::License)),
    ("legal entity number", T::Document(D::Lei)),
    ("united social credit code certificate (usccc)", T::Document(D::Uscc)),
    ("unified social credit code (uscc)", T::Document(D::Uscc)),
    ("vessel registration identification", T::Document(D::Ship)),
    ("mmsi", T::Document(D::Mmsi)),
];

static BY_KEY: LazyLock<BTreeMap<&str, Target>> = LazyLock::new(|| LABELS.iter().copied().collect());

/// Labels of which there is one for each currency, directive or programme, by how they begin.
const FAMILIES: &[(&str, Target)] = &[
    ("digital currency address", T::Wallet),
    ("listing date (", T::SanctionDate("listingDate")),
    ("effective date (", T::SanctionDate("startDate")),
    ("purchase/sales for divestment date (", T::Provision),
];

/// The comparable form of a label: lower case, straight apostrophes, single blanks, no colon or hyphen at its end.
pub(crate) fn key(label: &str) -> String {
    let mut out = String::with_capacity(label.len());
    for word in label.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(
            word.chars().map(|c| if matches!(c, '’' | '‘' | '`') { '\'' } else { c }).flat_map(char::to_lowercase),
        );
    }
    out.truncate(out.trim_end_matches([':', '-', ' ']).len());
    out
}

/// What a label means that stands by itself, as in the XML forms. A label that is not in the table says by its words whether
/// it is of a document; `document` is the caller's knowledge that it must be one.
pub(crate) fn of_label(label: &str, document: bool) -> Target {
    let key = key(label);
    if let Some(target) = BY_KEY.get(key.as_str()) {
        return *target;
    }
    if let Some((_, target)) = FAMILIES.iter().find(|(begin, _)| key.starts_with(begin)) {
        return *target;
    }
    let has = |words: &[&str]| words.iter().any(|word| key.contains(word));
    if key.starts_with("executive order") || has(&["sanctions risk", "directive"]) {
        T::Provision
    } else if has(&["passport"]) {
        T::Document(D::Passport)
    } else if has(&["tax", "fiscal"]) {
        T::Document(D::Tax)
    } else if has(&["registration number", "registration no", "registry"]) {
        T::Document(D::Registration)
    } else if has(&["license number", "licence"]) {
        T::Document(D::License)
    } else if document || has(&["identification number", "id no.", "id card"]) {
        T::Document(D::Identity)
    } else {
        T::Note
    }
}

/// Whether a text is a label that the table or a family has.
pub(crate) fn is_known(label: &str) -> bool {
    let key = key(label);
    BY_KEY.contains_key(key.as_str()) || FAMILIES.iter().any(|(begin, _)| key.starts_with(begin) && !key.contains(", "))
}

/// A label at the beginning of an item of remarks, with what stands behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Labelled<'a> {
    /// The label as it is written.
    pub(crate) label: &'a str,
    /// What it means.
    pub(crate) target: Target,
    /// The text behind it, without the colon or hyphen between.
    pub(crate) value: &'a str,
}

/// Finds the longest known label that an item begins with; `None` for free text.
pub(crate) fn at_beginning(item: &str) -> Option<Labelled<'_>> {
    /// Words of the longest label, and one more.
    const MOST_WORDS: usize = 14;
    let item = item.trim();
    if let Some((_, target)) = FAMILIES.iter().find(|(begin, _)| {
        item.is_char_boundary(begin.len())
            && item.get(..begin.len()).is_some_and(|head| head.eq_ignore_ascii_case(begin))
    }) {
        return family(item, *target);
    }
    let ends = item.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at).chain([item.len()]);
    let longest = ends.take(MOST_WORDS).filter_map(|end| {
        let label = item.get(..end)?;
        // `Executive Order 13846 information:` ends with a colon, `SWIFT/BIC` with nothing.
        let target = BY_KEY.get(key(label).as_str())?;
        Some((end, *target))
    });
    let (end, target) = longest.last()?;
    let (label, rest) = item.split_at(end);
    let value = rest.trim_start().trim_start_matches([':', '-']).trim();
    Some(Labelled { label: label.trim_end_matches([':', ' ']), target, value })
}

/// `Digital Currency Address - XBT 1Kuf…`, `Listing Date (EO 14024 Directive 2): 24 Feb 2022`.
fn family(item: &str, target: Target) -> Option<Labelled<'_>> {
    let end = if target == T::Wallet {
        // The currency is the word behind the hyphen.
        let dash = item.find(" - ")? + 3;
        dash + item.get(dash..)?.find(' ')?
    } else {
        item.find(')')? + 1
    };
    let (label, rest) = item.split_at_checked(end)?;
    Some(Labelled { label, target, value: rest.trim_start_matches([':', ' ']).trim() })
}

/// The currency of a wallet's label: `XBT`.
pub(crate) fn currency(label: &str) -> &str {
    label.rsplit(['-', ' ']).find(|word| !word.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_label_counts() {
        let found = at_beginning("Unified Social Credit Code (USCC) 9113100033607322XK (China)").unwrap();
        assert_eq!(found.target, T::Document(D::Uscc));
        assert_eq!(found.value, "9113100033607322XK (China)");
        let found = at_beginning("Nationality of Registration Korea, North").unwrap();
        assert_eq!((found.target, found.value), (T::Country("country"), "Korea, North"));
        let found = at_beginning("Executive Order 13662 Directive Determination - Subject to Directive 1").unwrap();
        assert_eq!((found.target, found.value), (T::Provision, "Subject to Directive 1"));
    }

    #[test]
    fn families_of_labels_are_known() {
        let found = at_beginning("Digital Currency Address - XBT 12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h").unwrap();
        assert_eq!((found.target, found.value), (T::Wallet, "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h"));
        assert_eq!(currency(found.label), "XBT");
        assert_eq!(currency("Digital Currency Address - ETH"), "ETH");
        let found = at_beginning("Listing Date (EO 14024 Directive 2): 24 Feb 2022").unwrap();
        assert_eq!((found.target, found.value), (T::SanctionDate("listingDate"), "24 Feb 2022"));
    }

    #[test]
    fn the_typographic_apostrophe_is_the_straight_one() {
        assert_eq!(of_label("Aircraft Manufacturer’s Serial Number (MSN)", false), T::Plain("serialNumber"));
        assert_eq!(at_beginning("Aircraft Manufacturer's Serial Number (MSN) 17").map(|found| found.value), Some("17"));
    }

    #[test]
    fn free_text_has_no_label() {
        assert_eq!(at_beginning("Brigadier General"), None);
        assert_eq!(at_beginning(""), None);
        assert_eq!(at_beginning("Digital Currency Address - "), None);
        assert_eq!(of_label("Some new document", true), T::Document(D::Identity));
        assert_eq!(of_label("Some new feature", false), T::Note);
    }
}
