//! The country that a telephone number with its calling code belongs to.
//!
//! Source: ITU-T E.164 assigned country codes; for +1 the area codes of the North American Numbering Plan (Canada and the islands;
//! what is not named is the United States), for +7 the first digit (6 and 7 are Kazakhstan), for +44 the islands' area codes.

/// A number in the form of E.164, with the country that it implies; `None` where it is none, or has no calling code.
pub(crate) fn read(text: &str) -> Option<(String, &'static str)> {
    let rest = text.trim().trim_start_matches("tel:").trim_start();
    let international = rest.strip_prefix('+').or_else(|| rest.strip_prefix("00"))?;
    if !international.chars().all(|c| c.is_ascii_digit() || " -./()\u{a0}".contains(c)) {
        return None;
    }
    let digits: String = international.chars().filter(char::is_ascii_digit).collect();
    // E.164, section 6: fifteen digits at most; no national number is shorter than four digits behind its code.
    if !(7..=15).contains(&digits.len()) {
        return None;
    }
    let country = country(&digits)?;
    Some((format!("+{digits}"), country))
}

fn country(digits: &str) -> Option<&'static str> {
    // The longest prefix counts.
    (1..=7.min(digits.len())).rev().find_map(|len| {
        let prefix = digits.get(..len)?;
        CODES
            .iter()
            .find(|(_, codes)| codes.split_ascii_whitespace().any(|code| code == prefix))
            .map(|(country, _)| *country)
    })
}

/// Calling codes by country.
const CODES: &[(&str, &str)] = &[
    ("us", "1"),
    (
        "ca",
        "1204 1226 1236 1249 1250 1257 1263 1289 1306 1343 1354 1365 1367 1368 1382 1387 1403 1416 1418 1428 1431 1437 1438 1450 1460 1468 \
         1474 1506 1514 1519 1548 1579 1581 1584 1587 1604 1613 1639 1647 1672 1683 1705 1709 1742 1753 1778 1780 1782 1807 1819 1825 1867 \
         1873 1879 1902 1905 1942",
    ),
    ("bs", "1242"),
    ("bb", "1246"),
    ("ai", "1264"),
    ("ag", "1268"),
    ("vg", "1284"),
    ("vi", "1340"),
    ("ky", "1345"),
    ("bm", "1441"),
    ("gd", "1473"),
    ("tc", "1649"),
    ("jm", "1658 1876"),
    ("ms", "1664"),
    ("mp", "1670"),
    ("gu", "1671"),
    ("as", "1684"),
    ("sx", "1721"),
    ("lc", "1758"),
    ("dm", "1767"),
    ("vc", "1784"),
    ("pr", "1787 1939"),
    ("do", "1809 1829 1849"),
    ("tt", "1868"),
    ("kn", "1869"),
    ("ru", "7"),
    ("kz", "76 77"),
    ("eg", "20"),
    ("ss", "211"),
    ("ma", "212"),
    ("dz", "213"),
    ("tn", "216"),
    ("ly", "218"),
    ("gm", "220"),
    ("sn", "221"),
    ("mr", "222"),
    ("ml", "223"),
    ("gn", "224"),
    ("ci", "225"),
    ("bf", "226"),
    ("ne", "227"),
    ("tg", "228"),
    ("bj", "229"),
    ("mu", "230"),
    ("lr", "231"),
    ("sl", "232"),
    ("gh", "233"),
    ("ng", "234"),
    ("td", "235"),
    ("cf", "236"),
    ("cm", "237"),
    ("cv", "238"),
    ("st", "239"),
    ("gq", "240"),
    ("ga", "241"),
    ("cg", "242"),
    ("cd", "243"),
    ("ao", "244"),
    ("gw", "245"),
    ("io", "246"),
    ("sc", "248"),
    ("sd", "249"),
    ("rw", "250"),
    ("et", "251"),
    ("so", "252"),
    ("dj", "253"),
    ("ke", "254"),
    ("tz", "255"),
    ("ug", "256"),
    ("bi", "257"),
    ("mz", "258"),
    ("zm", "260"),
    ("mg", "261"),
    ("re", "262"),
    ("yt", "262269 262639"),
    ("zw", "263"),
    ("na", "264"),
    ("mw", "265"),
    ("ls", "266"),
    ("bw", "267"),
    ("sz", "268"),
    ("km", "269"),
    ("za", "27"),
    ("sh", "290 247"),
    ("er", "291"),
    ("aw", "297"),
    ("fo", "298"),
    ("gl", "299"),
    ("gr", "30"),
    ("nl", "31"),
    ("be", "32"),
    ("fr", "33"),
    ("es", "34"),
    ("gi", "350"),
    ("pt", "351"),
    ("lu", "352"),
    ("ie", "353"),
    ("is", "354"),
    ("al", "355"),
    ("mt", "356"),
    ("cy", "357"),
    ("fi", "358"),
    ("ax", "35818"),
    ("bg", "359"),
    ("hu", "36"),
    ("lt", "370"),
    ("lv", "371"),
    ("ee", "372"),
    ("md", "373"),
    ("am", "374"),
    ("by", "375"),
    ("ad", "376"),
    ("mc", "377"),
    ("sm", "378"),
    ("va", "379 3906698"),
    ("ua", "380"),
    ("rs", "381"),
    ("me", "382"),
    ("xk", "383"),
    ("hr", "385"),
    ("si", "386"),
    ("ba", "387"),
    ("mk", "389"),
    ("it", "39"),
    ("ro", "40"),
    ("ch", "41"),
    ("cz", "420"),
    ("sk", "421"),
    ("li", "423"),
    ("at", "43"),
    ("gb", "44"),
    ("gg", "441481"),
    ("je", "441534"),
    ("im", "441624"),
    ("dk", "45"),
    ("se", "46"),
    ("no", "47"),
    ("sj", "4779"),
    ("pl", "48"),
    ("de", "49"),
    ("fk", "500"),
    ("bz", "501"),
    ("gt", "502"),
    ("sv", "503"),
    ("hn", "504"),
    ("ni", "505"),
    ("cr", "506"),
    ("pa", "507"),
    ("pm", "508"),
    ("ht", "509"),
    ("pe", "51"),
    ("mx", "52"),
    ("cu", "53"),
    ("ar", "54"),
    ("br", "55"),
    ("cl", "56"),
    ("co", "57"),
    ("ve", "58"),
    ("gp", "590"),
    ("bo", "591"),
    ("gy", "592"),
    ("ec", "593"),
    ("gf", "594"),
    ("py", "595"),
    ("mq", "596"),
    ("sr", "597"),
    ("uy", "598"),
    ("bq", "599"),
    ("cw", "5999"),
    ("my", "60"),
    ("au", "61"),
    ("id", "62"),
    ("ph", "63"),
    ("nz", "64"),
    ("sg", "65"),
    ("th", "66"),
    ("tl", "670"),
    ("bn", "673"),
    ("nr", "674"),
    ("pg", "675"),
    ("to", "676"),
    ("sb", "677"),
    ("vu", "678"),
    ("fj", "679"),
    ("pw", "680"),
    ("wf", "681"),
    ("ck", "682"),
    ("nu", "683"),
    ("ws", "685"),
    ("ki", "686"),
    ("nc", "687"),
    ("tv", "688"),
    ("pf", "689"),
    ("tk", "690"),
    ("fm", "691"),
    ("mh", "692"),
    ("jp", "81"),
    ("kr", "82"),
    ("vn", "84"),
    ("kp", "850"),
    ("hk", "852"),
    ("mo", "853"),
    ("kh", "855"),
    ("la", "856"),
    ("cn", "86"),
    ("bd", "880"),
    ("tw", "886"),
    ("tr", "90"),
    ("in", "91"),
    ("pk", "92"),
    ("af", "93"),
    ("lk", "94"),
    ("mm", "95"),
    ("mv", "960"),
    ("lb", "961"),
    ("jo", "962"),
    ("sy", "963"),
    ("iq", "964"),
    ("kw", "965"),
    ("sa", "966"),
    ("ye", "967"),
    ("om", "968"),
    ("ps", "970"),
    ("ae", "971"),
    ("il", "972"),
    ("bh", "973"),
    ("qa", "974"),
    ("bt", "975"),
    ("mn", "976"),
    ("np", "977"),
    ("ir", "98"),
    ("tj", "992"),
    ("tm", "993"),
    ("az", "994"),
    ("ge", "995"),
    ("kg", "996"),
    ("uz", "998"),
];

#[cfg(test)]
mod tests {
    use interdict_model::Country;

    use super::*;

    #[test]
    fn a_calling_code_says_the_country() {
        for (given, number, country) in [
            ("+44 20 7946 0958", "+442079460958", "gb"),
            ("0044 1534 123456", "+441534123456", "je"),
            ("+1 (202) 555-0143", "+12025550143", "us"),
            ("+1 416 555 0143", "+14165550143", "ca"),
            ("+7 495 123-45-67", "+74951234567", "ru"),
            ("+77272345678", "+77272345678", "kz"),
            ("+98 21 1234567", "+98211234567", "ir"),
        ] {
            assert_eq!(read(given), Some((number.to_owned(), country)), "{given}");
        }
        for none in ["", "12345678", "+", "+44", "+44 abc 123456", "+999 1234567", "+1234567890123456"] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn every_country_is_one_and_no_code_stands_twice() {
        let mut codes: Vec<&str> = CODES.iter().flat_map(|(_, codes)| codes.split_ascii_whitespace()).collect();
        let n = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), n);
        for (country, _) in CODES {
            assert!(Country::by_code(country).is_some(), "{country}");
        }
    }
}
