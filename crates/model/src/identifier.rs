//! Identifiers with check digits.
//!
//! An identifier is normalised to upper-case letters and digits; [`check`] then says whether its check digits hold. A number
//! whose check digits fail proves nothing: the matcher must not settle a match by it.

/// A kind of identifier that can be checked, or at least has a form of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IdentifierKind {
    /// Legal Entity Identifier, ISO 17442: 18 letters or digits and two check digits by ISO 7064 MOD 97-10.
    Lei,
    /// Business Identifier Code, ISO 9362: 8 or 11 letters and digits; no check digit, but a country within.
    Bic,
    /// Ship number of IMO Resolution A.1117(30): six digits and a check digit.
    Imo,
    /// Russian taxpayer number: 10 digits (firms) or 12 (persons), one or two check digits. Order MMV-7-6/435@ of the Federal
    /// Tax Service, 29 June 2012.
    Inn,
    /// Russian registration number of firms (OGRN, 13 digits) and sole traders (OGRNIP, 15). Order 163n of the Ministry of
    /// Finance, 30 October 2017.
    Ogrn,
    /// Account number, ISO 13616: country, two check digits by MOD 97-10, up to 30 letters and digits.
    Iban,
    /// Securities number, ISO 6166: two letters, nine letters or digits, a Luhn digit.
    Isin,
    /// Ship station number, ITU-R M.585: nine digits, the first 2 to 7 for ships.
    Mmsi,
    /// Unified social credit code of China, GB 32100-2015: 18 characters, a weighted check by MOD 31.
    Uscc,
    /// Unique entity id of SAM.gov: 12 letters and digits without I and O.
    Uei,
    /// Provider number of the United States: 10 digits, Luhn with the prefix 80840.
    Npi,
    /// Financial Instrument Global Identifier: 12 characters, `G` third.
    Figi,
    /// Wikidata item: `Q` and digits.
    Wikidata,
    /// Social security number of the United States: nine digits.
    Ssn,
}

impl IdentifierKind {
    /// The kind for a format that the FollowTheMoney model names on a property.
    pub fn of_format(format: &str) -> Option<IdentifierKind> {
        use IdentifierKind as K;
        Some(match format {
            "lei" => K::Lei,
            "bic" => K::Bic,
            "imo" => K::Imo,
            "inn" => K::Inn,
            "ogrn" => K::Ogrn,
            "iban" => K::Iban,
            "isin" => K::Isin,
            "mmsi" => K::Mmsi,
            "uscc" => K::Uscc,
            "uei" => K::Uei,
            "npi" => K::Npi,
            "figi" => K::Figi,
            "wikidata" => K::Wikidata,
            "ssn" => K::Ssn,
            _ => return None,
        })
    }

    /// The kind for a property name, where the name says it.
    pub fn of_property(name: &str) -> Option<IdentifierKind> {
        use IdentifierKind as K;
        Some(match name {
            "leiCode" => K::Lei,
            "swiftBic" | "bic" => K::Bic,
            "imoNumber" => K::Imo,
            "innCode" => K::Inn,
            "ogrnCode" => K::Ogrn,
            "iban" | "ibanMentioned" => K::Iban,
            "isin" | "isinCode" => K::Isin,
            "mmsi" => K::Mmsi,
            "uscCode" => K::Uscc,
            "uniqueEntityId" => K::Uei,
            "npiCode" => K::Npi,
            "figiCode" => K::Figi,
            "wikidataId" => K::Wikidata,
            "socialSecurityNumber" => K::Ssn,
            _ => return None,
        })
    }

    /// Whether valid numbers of the kind carry check digits, so that two equal valid ones are hardly a slip.
    pub fn has_check_digits(self) -> bool {
        use IdentifierKind as K;
        !matches!(self, K::Bic | K::Mmsi | K::Uei | K::Wikidata | K::Ssn)
    }
}

/// The comparable form: letters in upper case and digits, nothing else. What says which number it is goes, where it stands apart or before
/// figures alone: `IMO 9187629`, `IMO No. 9187629`, `ИНН: 7707083893` and `INN7707083893`.
///
/// Case matters in some wallet addresses (base58); compare those as they are written.
pub fn normalize(text: &str) -> String {
    let mut rest = text;
    while let Some(number) = after_label(rest) {
        rest = number;
    }
    rest.chars().flat_map(char::to_uppercase).filter(|c| c.is_alphanumeric()).collect()
}

/// What is written before numbers to say which they are: the kinds of [`IdentifierKind`] by their names in Latin and Cyrillic, and words for
/// *number*.
const LABELS: [&str; 24] = [
    "IMO",
    "MMSI",
    "INN",
    "ИНН",
    "OGRN",
    "ОГРН",
    "OGRNIP",
    "ОГРНИП",
    "KPP",
    "КПП",
    "LEI",
    "BIC",
    "SWIFT",
    "IBAN",
    "ISIN",
    "USCC",
    "UEI",
    "NPI",
    "FIGI",
    "NO",
    "NR",
    "NUM",
    "NUMBER",
    "CODE",
];

/// What follows a label at the head of a text; `None` where there is none, or nothing that holds figures follows.
fn after_label(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let (label, rest) = text.split_at(end);
    let is = |known: &&str| label.chars().flat_map(char::to_uppercase).eq(known.chars());
    if !LABELS.iter().any(is) {
        return None;
    }
    let apart = rest.starts_with(|c: char| !c.is_alphanumeric());
    let figures = || rest.len() >= MIN_FIGURES && rest.chars().all(|c| c.is_ascii_digit() || !c.is_alphanumeric());
    ((apart || figures()) && rest.contains(|c: char| c.is_ascii_digit())).then_some(rest)
}

/// Figures that a label may stand before without a space: fewer may be a call sign.
const MIN_FIGURES: usize = 6;

/// Whether a normalised text stands where a number should and is none: a word that says so, one character over and over, figures in their
/// order up or down. Data has such by the thousand, and they are equal to each other.
pub fn is_placeholder(normalized: &str) -> bool {
    let pairs = || normalized.chars().zip(normalized.chars().skip(1));
    // After 9 comes 0.
    let follows = |one: char, next: char| match (one.to_digit(10), next.to_digit(10)) {
        (Some(one), Some(next)) => (one + 1) % 10 == next,
        _ => false,
    };
    let is_run = || pairs().all(|(one, next)| follows(one, next)) || pairs().all(|(one, next)| follows(next, one));
    // Letters before zeros say no more than zeros: `A0000000`.
    let figures = || normalized.chars().filter(char::is_ascii_digit);
    let no_figures = || figures().count() >= MIN_FIGURES && figures().all(|figure| figure == '0');
    no_figures()
        || pairs().all(|(one, next)| one == next)
        || normalized.len() >= MIN_RUN && is_run()
        || NO_NUMBERS.contains(&normalized)
}

/// Figures from which a run is no chance.
const MIN_RUN: usize = 8;

/// Words for *there is no number*, normalised. Source: ours, from general knowledge of forms in these languages.
const NO_NUMBERS: [&str; 35] = [
    "EXPIRED",
    "UNKNOWN",
    "NONE",
    "NULL",
    "NOTAVAILABLE",
    "NOTAPPLICABLE",
    "NOTKNOWN",
    "NOTPROVIDED",
    "NOTSPECIFIED",
    "UNSPECIFIED",
    "UNAVAILABLE",
    "MISSING",
    "PENDING",
    "EMPTY",
    "BLANK",
    "TEST",
    "DUMMY",
    "SAMPLE",
    "UNDEFINED",
    "NUMBER",
    "PASSPORT",
    "НЕИЗВЕСТНО",
    "НЕИЗВЕСТЕН",
    "ОТСУТСТВУЕТ",
    "НЕТДАННЫХ",
    "НЕВІДОМО",
    "INCONNU",
    "NEANT",
    "NÉANT",
    "DESCONOCIDO",
    "NINGUNO",
    "UNBEKANNT",
    "KEINE",
    "BILINMIYOR",
    "غيرمعروف",
];

/// Whether a text, in any spelling, is a well-formed number of the kind whose check digits hold.
pub fn check(kind: IdentifierKind, text: &str) -> bool {
    use IdentifierKind as K;
    let text = normalize(text);
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(10)).collect();
    match (kind, digits.as_deref()) {
        (K::Lei, _) => text.len() == 20 && mod_97(&text) == Some(1),
        (K::Bic, _) => is_bic(&text),
        (K::Iban, _) => is_iban(&text),
        (K::Isin, _) => is_isin(&text),
        (K::Uscc, _) => is_uscc(&text),
        (K::Imo, Some(digits)) => is_imo(digits),
        (K::Inn, Some(digits)) => is_inn(digits),
        (K::Ogrn, Some(_)) => is_ogrn(&text),
        (K::Mmsi, Some(digits)) => digits.len() == 9 && (2..=7).contains(&digits[0]),
        (K::Npi, Some(digits)) => digits.len() == 10 && luhn(&[&[8, 0, 8, 4, 0], digits].concat()),
        (K::Ssn, Some(digits)) => digits.len() == 9 && digits[..3] != [0, 0, 0] && digits[0] != 9,
        (K::Uei, _) => {
            text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() && !matches!(byte, b'I' | b'O'))
        }
        (K::Figi, _) => is_figi(&text),
        (K::Wikidata, _) => text
            .strip_prefix('Q')
            .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())),
        (K::Imo | K::Inn | K::Ogrn | K::Mmsi | K::Npi | K::Ssn, None) => false,
    }
}

/// Letters count 10 to 35, as in ISO 7064; `None` for anything but ASCII letters and digits.
fn alphanumeric_value(c: char) -> Option<u32> {
    c.is_ascii_alphanumeric().then(|| c.to_digit(36))?
}

fn mod_97(text: &str) -> Option<u32> {
    text.chars().try_fold(0, |rest, c| {
        let value = alphanumeric_value(c)?;
        Some((rest * if value > 9 { 100 } else { 10 } + value) % 97)
    })
}

/// Whether the digits, the last one a check digit, satisfy Luhn's rule (ISO/IEC 7812-1, annex B).
fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| if at % 2 == 0 { *digit } else { digit * 2 % 10 + digit * 2 / 10 })
        .sum();
    sum.is_multiple_of(10)
}

fn is_bic(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes.len(), 8 | 11)
        && bytes[..4].iter().all(u8::is_ascii_alphanumeric)
        && bytes[4..6].iter().all(u8::is_ascii_uppercase)
        && bytes[6..].iter().all(u8::is_ascii_alphanumeric)
        && text.get(4..6).is_some_and(|country| country == "XK" || crate::Country::by_code(country).is_some())
}

fn is_imo(digits: &[u32]) -> bool {
    let Some((check, body)) = digits.split_last() else { return false };
    let sum: u32 = body.iter().zip([7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
    body.len() == 6 && sum % 10 == *check && body.first() != Some(&0)
}

fn is_inn(digits: &[u32]) -> bool {
    const WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let check = |digits: &[u32]| {
        let weights = &WEIGHTS[WEIGHTS.len() - digits.len()..];
        digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum::<u32>() % 11 % 10
    };
    if digits.iter().all(|digit| *digit == 0) {
        return false;
    }
    match digits.len() {
        10 => check(&digits[..9]) == digits[9],
        12 => check(&digits[..10]) == digits[10] && check(&digits[..11]) == digits[11],
        _ => false,
    }
}

fn is_ogrn(text: &str) -> bool {
    let modulus = match text.len() {
        13 => 11,
        15 => 13,
        _ => return false,
    };
    let (body, check) = text.split_at(text.len() - 1);
    match (body.parse::<u64>(), check.parse::<u64>()) {
        (Ok(body), Ok(check)) => body != 0 && body % modulus % 10 == check,
        _ => false,
    }
}

fn is_iban(text: &str) -> bool {
    let (Some(head), Some(tail)) = (text.get(..4), text.get(4..)) else { return false };
    let shaped =
        head.as_bytes()[..2].iter().all(u8::is_ascii_uppercase) && head.as_bytes()[2..].iter().all(u8::is_ascii_digit);
    (15..=34).contains(&text.len()) && shaped && mod_97(&format!("{tail}{head}")) == Some(1)
}

fn is_isin(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 12 || !bytes[..2].iter().all(u8::is_ascii_uppercase) || !bytes[11].is_ascii_digit() {
        return false;
    }
    let mut digits = Vec::with_capacity(24);
    for c in text.chars() {
        match alphanumeric_value(c) {
            Some(value) if value > 9 => digits.extend([value / 10, value % 10]),
            Some(value) => digits.push(value),
            None => return false,
        }
    }
    luhn(&digits)
}

fn is_uscc(text: &str) -> bool {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let Some(values) = text.chars().map(|c| ALPHABET.find(c)).collect::<Option<Vec<_>>>() else { return false };
    let Some((check, body)) = values.split_last() else { return false };
    // Weights are the powers of 3 modulo 31.
    let mut weight = 1;
    let mut sum = 0;
    for value in body {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    values.len() == 18 && (31 - sum % 31) % 31 == *check
}

fn is_figi(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 12 || bytes[2] != b'G' || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return false;
    }
    // ANSI X9.145: values as in ISO 6166, every second one doubled, their digits added up.
    let mut sum = 0;
    for (at, c) in text.chars().take(11).enumerate() {
        let value = alphanumeric_value(c).unwrap_or_default() * if at % 2 == 1 { 2 } else { 1 };
        sum += value / 10 + value % 10;
    }
    text.chars().last().and_then(|c| c.to_digit(10)) == Some((10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use IdentifierKind as K;

    /// Published numbers of public bodies and large firms; each with its last character changed must fail where the kind has
    /// check digits.
    const VALID: &[(K, &str)] = &[
        (K::Lei, "529900T8BM49AURSDO55"),
        (K::Lei, "7H6GLXDRUGQFU57RNE97"),
        (K::Bic, "DEUTDEFF"),
        (K::Bic, "deut de ff 500"),
        (K::Imo, "IMO 9074729"),
        (K::Imo, "9187629"),
        (K::Inn, "7736050003"),
        (K::Inn, "7707083893"),
        (K::Inn, "500100732259"),
        (K::Ogrn, "1027700070518"),
        (K::Ogrn, "304500116000157"),
        (K::Iban, "GB82 WEST 1234 5698 7654 32"),
        (K::Iban, "DE89370400440532013000"),
        (K::Isin, "US0378331005"),
        (K::Isin, "RU0007661625"),
        (K::Uscc, "91110000600037341L"),
        (K::Mmsi, "572469210"),
        (K::Npi, "1234567893"),
        (K::Figi, "BBG000BLNNV0"),
        (K::Wikidata, "Q42"),
    ];

    #[test]
    fn published_numbers_are_valid_and_a_changed_last_digit_is_seen() {
        for (kind, number) in VALID {
            assert!(check(*kind, number), "{kind:?} {number}");
            if kind.has_check_digits() {
                let (body, last) = number.split_at(number.len() - 1);
                let changed = if last == "7" { "8" } else { "7" };
                assert!(!check(*kind, &format!("{body}{changed}")), "{kind:?} {body}{changed}");
            }
        }
    }

    #[test]
    fn what_says_which_number_it_is_goes() {
        for text in ["IMO 9187629", "IMO9187629", "imo no. 9187629", "IMO Number: 9187629", "9187629"] {
            assert_eq!(normalize(text), "9187629", "{text}");
        }
        for text in ["ИНН 7707083893", "INN: 7707083893", "инн7707083893", "7707083893"] {
            assert_eq!(normalize(text), "7707083893", "{text}");
        }
        assert_eq!(normalize("BIC DEUTDEFF500"), "DEUTDEFF500");
        // A call sign, a word, a number that begins like a label.
        for text in ["NO12", "IMO", "NOVA1234567", "LEIB123456", "Swift Trading"] {
            assert_eq!(normalize(text).len(), text.chars().filter(|c| c.is_alphanumeric()).count(), "{text}");
        }
    }

    #[test]
    fn placeholders_are_told_from_numbers() {
        for text in [
            "0000000",
            "A0000000",
            "XXXX",
            "1234567890",
            "987654321",
            "0123456789",
            "Not available",
            "н/д нет данных",
            "unknown",
        ] {
            let told = is_placeholder(&normalize(text));
            assert_eq!(told, text != "н/д нет данных", "{text}");
        }
        for text in ["9187629", "7707083893", "A1234567", "1234567", "12345679", "AB12", "DEUTDEFF"] {
            assert!(!is_placeholder(&normalize(text)), "{text}");
        }
    }

    #[test]
    fn zeros_are_no_numbers() {
        assert!(!check(K::Inn, "0000000000"));
        assert!(!check(K::Imo, "0000000"));
        assert!(!check(K::Ogrn, "0000000000000"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,40}") {
            for kind in [K::Lei, K::Bic, K::Imo, K::Inn, K::Ogrn, K::Iban, K::Isin, K::Mmsi, K::Uscc, K::Uei, K::Npi, K::Figi, K::Wikidata, K::Ssn] {
                check(kind, &text);
            }
        }

        #[test]
        fn normalizing_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = normalize(&text);
            prop_assert_eq!(normalize(&once), once);
        }
    }
}
