//! What the alterations replace by what.
//!
//! Source: our own knowledge of alphabets, keyboards and registers; look-alikes are those that Unicode's `confusables.txt`
//! also has.
//! Cost: tables of some dozens of rows, searched in a row.

/// Latin letters and their look-alikes in Cyrillic or Greek.
#[rustfmt::skip]
pub(super) const HOMOGLYPHS: &[(char, char)] = &[
    ('a', 'а'), ('c', 'с'), ('e', 'е'), ('o', 'о'), ('p', 'р'), ('x', 'х'), ('y', 'у'), ('i', 'і'), ('j', 'ј'), ('s', 'ѕ'),
    ('h', 'һ'), ('d', 'ԁ'), ('A', 'А'), ('B', 'В'), ('C', 'С'), ('E', 'Е'), ('H', 'Н'), ('I', 'І'), ('J', 'Ј'), ('K', 'К'),
    ('M', 'М'), ('O', 'О'), ('P', 'Р'), ('S', 'Ѕ'), ('T', 'Т'), ('X', 'Х'), ('Y', 'Υ'), ('N', 'Ν'), ('Z', 'Ζ'), ('v', 'ν'),
];

#[rustfmt::skip]
pub(super) const LEET: &[(char, char)] =
    &[('a', '4'), ('e', '3'), ('i', '1'), ('o', '0'), ('s', '5'), ('t', '7'), ('b', '8'), ('l', '1'), ('g', '9')];

/// What scanners confuse.
#[rustfmt::skip]
pub(super) const OCR: &[(&str, &str)] = &[
    ("rn", "m"), ("m", "rn"), ("l", "1"), ("I", "l"), ("l", "I"), ("i", "l"), ("O", "0"), ("o", "0"), ("cl", "d"), ("d", "cl"),
    ("vv", "w"), ("w", "vv"), ("S", "5"), ("s", "5"), ("B", "8"), ("h", "b"), ("e", "c"), ("c", "e"), ("u", "ii"), ("ii", "u"),
    ("G", "6"), ("Z", "2"), ("n", "ri"), ("ri", "n"), ("E", "F"), ("D", "O"), ("a", "o"), ("t", "f"), ("g", "q"), ("y", "v"),
];

/// Keys around a key of a QWERTY keyboard.
#[rustfmt::skip]
pub(super) const KEYBOARD: &[(char, &str)] = &[
    ('q', "wa"), ('w', "qes"), ('e', "wrd"), ('r', "etf"), ('t', "ryg"), ('y', "tuh"), ('u', "yij"), ('i', "uok"),
    ('o', "ipl"), ('p', "ol"), ('a', "qsz"), ('s', "adwx"), ('d', "sfec"), ('f', "dgrv"), ('g', "fhtb"), ('h', "gjyn"),
    ('j', "hkum"), ('k', "jlio"), ('l', "kop"), ('z', "asx"), ('x', "zsc"), ('c', "xdv"), ('v', "cfb"), ('b', "vgn"),
    ('n', "bhm"), ('m', "nj"),
];

/// Vowels by alphabet.
#[rustfmt::skip]
pub(super) const VOWELS: &[&[char]] =
    &[&['a', 'e', 'i', 'o', 'u'], &['а', 'е', 'и', 'о', 'у', 'ы', 'э'], &['ا', 'و', 'ي']];

/// Sounds that are taken for each other.
#[rustfmt::skip]
pub(super) const HEARD: &[(&str, &str)] = &[
    ("ph", "f"), ("f", "ph"), ("d", "t"), ("t", "d"), ("b", "p"), ("p", "b"), ("k", "g"), ("g", "k"), ("m", "n"), ("n", "m"),
    ("s", "z"), ("z", "s"), ("v", "f"), ("f", "v"), ("c", "s"), ("ck", "k"), ("ee", "i"), ("oo", "u"), ("th", "t"), ("j", "ch"),
    ("ch", "j"), ("ch", "sh"), ("sh", "ch"), ("l", "r"), ("r", "l"), ("e", "i"), ("o", "u"), ("ai", "ei"), ("er", "ar"), ("gh", "g"),
];

/// What systems of transliteration write for one sound.
#[rustfmt::skip]
pub(super) const TRANSLITERATED: &[(&str, &str)] = &[
    ("kh", "h"), ("kh", "x"), ("h", "kh"), ("x", "kh"), ("shch", "sch"), ("sh", "sch"), ("sch", "sh"), ("sh", "s"), ("y", "j"),
    ("y", "i"), ("j", "y"), ("i", "y"), ("v", "w"), ("w", "v"), ("ou", "u"), ("u", "ou"), ("oo", "u"), ("u", "oo"), ("q", "k"),
    ("k", "q"), ("q", "g"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("ts", "c"), ("ts", "tz"), ("zh", "j"), ("dj", "j"),
    ("j", "dj"), ("ee", "i"), ("i", "ee"), ("ei", "ey"), ("ai", "ay"), ("ay", "ai"), ("iy", "y"), ("ks", "x"), ("yu", "iu"),
    ("ya", "ia"), ("iya", "ia"), ("eh", "e"), ("ah", "a"), ("e", "i"), ("o", "u"), ("ss", "s"), ("ll", "l"), ("aa", "a"),
];

/// Legal forms of limited liability and of shares: as often written, other ways in the same family, and in other languages.
#[rustfmt::skip]
pub(super) const LEGAL: &[(&str, &[&str], &[&str])] = &[
    ("limited liability company", &["LLC", "L.L.C."], &["OOO", "GmbH", "SARL", "S. de R.L."]),
    ("limited", &["Ltd", "Ltd.", "Co Ltd", "LTD"], &["OOO", "GmbH", "SARL", "Sdn Bhd"]),
    ("ltd", &["Limited", "Co., Ltd.", "LTD."], &["OOO", "GmbH", "SARL", "有限公司"]),
    ("llc", &["L.L.C.", "Limited Liability Company", "Ltd"], &["ООО", "GmbH", "SARL"]),
    ("ooo", &["OOO", "Obshchestvo s ogranichennoi otvetstvennostyu"], &["LLC", "Ltd", "ООО"]),
    ("ооо", &["Общество с ограниченной ответственностью"], &["OOO", "LLC", "Ltd"]),
    ("gmbh", &["G.m.b.H.", "Gesellschaft mit beschränkter Haftung"], &["LLC", "Ltd", "OOO"]),
    ("sarl", &["S.A.R.L.", "Société à responsabilité limitée"], &["LLC", "Ltd", "GmbH"]),
    ("joint stock company", &["JSC", "OJSC"], &["AO", "OAO", "AG", "SA"]),
    ("jsc", &["Joint Stock Company", "J.S.C."], &["AO", "ОАО", "AG", "SA"]),
    ("ao", &["Aktsionernoe obshchestvo", "A.O."], &["JSC", "AG", "АО"]),
    ("oao", &["PAO", "Otkrytoe aktsionernoe obshchestvo"], &["JSC", "OJSC", "ОАО"]),
    ("ag", &["A.G.", "Aktiengesellschaft"], &["SA", "JSC", "AO"]),
    ("sa", &["S.A.", "Société Anonyme"], &["AG", "JSC", "PLC"]),
    ("inc", &["Inc.", "Incorporated", "Corp."], &["AG", "SA", "JSC"]),
    ("corp", &["Corporation", "Corp.", "Inc"], &["AG", "SA", "JSC"]),
    ("corporation", &["Corp", "Corp.", "Inc."], &["AG", "SA", "Korporatsiya"]),
    ("plc", &["P.L.C.", "Public Limited Company"], &["AG", "SA", "PAO"]),
    ("company", &["Co.", "Co", "Cie"], &["Kompaniya", "Sherkat", "Compañía"]),
    ("co", &["Company", "Co.", "& Co"], &["Kompaniya", "Sherkat", "Cie"]),
    ("sti", &["Şti.", "Limited Sirketi"], &["Ltd", "LLC"]),
    ("pjs", &["PJSC"], &["JSC"]),
    ("sdn bhd", &["Sdn. Bhd.", "Sendirian Berhad"], &["Ltd", "LLC"]),
    ("srl", &["S.R.L."], &["Ltd", "LLC", "GmbH"]),
    ("有限公司", &["有限责任公司"], &["Co Ltd", "Limited"]),
];

/// Words and their abbreviations.
#[rustfmt::skip]
pub(super) const ABBREVIATED: &[(&str, &str)] = &[
    ("company", "Co"), ("international", "Intl"), ("trading", "Trdg"), ("technology", "Tech"), ("technologies", "Tech"),
    ("general", "Gen"), ("corporation", "Corp"), ("industries", "Ind"), ("industrial", "Ind"), ("industry", "Ind"),
    ("limited", "Ltd"), ("organization", "Org"), ("national", "Natl"), ("and", "&"), ("brothers", "Bros"), ("shipping", "Shpg"),
    ("development", "Dev"), ("foundation", "Fdn"), ("university", "Univ"), ("institute", "Inst"), ("engineering", "Eng"),
    ("services", "Svcs"), ("group", "Grp"), ("management", "Mgmt"), ("manufacturing", "Mfg"), ("equipment", "Equip"),
    ("department", "Dept"), ("ministry", "Min"), ("association", "Assn"), ("research", "Rsch"), ("center", "Ctr"),
    ("centre", "Ctr"), ("import", "Imp"), ("export", "Exp"), ("transport", "Transp"), ("construction", "Constr"),
    ("investment", "Inv"), ("investments", "Inv"), ("holding", "Hldg"), ("holdings", "Hldgs"),
];

/// Endings of patronymics.
#[rustfmt::skip]
pub(super) const PATRONYMICS: &[&str] = &[
    "vich", "vitch", "evic", "ovic", "vna", "ichna", "ович", "евич", "овна", "евна", "ична", "oglu", "oğlu", "qizi", "kizi", "ogly",
];

/// Words that say whose son or daughter somebody is.
#[rustfmt::skip]
pub(super) const FILIATIONS: &[&str] = &["bin", "ibn", "ben", "bint", "binti", "son of", "s/o"];

/// Arabic articles as written apart or before a hyphen.
#[rustfmt::skip]
pub(super) const ARTICLES: &[&str] = &["al", "el", "ul", "ad", "an", "as", "ash", "at", "az", "ar"];

/// Texts that hold a name in the place of `{}`.
#[rustfmt::skip]
pub(super) const TEXTS: &[&str] = &[
    "payment to {} for invoice 12", "{} - invoice 2024/117", "transfer in favour of {}", "ship {} arriving from Singapore",
    "attn: {}", "goods supplied to {} under contract 55", "for {} account", "beneficiary {} ref 88210", "c/o {}",
    "{} (sales office)", "order by {} dated 3 May",
];

/// Given names and their abbreviations.
#[rustfmt::skip]
pub(super) const ABBREVIATED_GIVEN: &[(&str, &str)] = &[
    ("mohammed", "Mohd"),
    ("muhammad", "Md"), ("mohammad", "Mohd"), ("abdul", "Abd"), ("saint", "St"), ("captain", "Capt"), ("aleksandr", "Alex"),
    ("vladimir", "Vlad"), ("william", "Wm"), ("george", "Geo"), ("charles", "Chas"), ("maria", "Ma"), ("santa", "Sta"),
];

/// Further words that tell no firm from another.
#[rustfmt::skip]
pub(super) const GENERIC: &[&str] = &[
    "the", "and", "of", "for", "de", "la", "joint", "stock", "open", "closed", "public", "private", "liability", "federal",
    "state", "republic", "russian", "federation", "firm", "enterprise", "establishment", "society", "committee", "bureau",
    "plant", "factory", "energy", "petroleum", "oil", "gas", "marine", "maritime", "bank", "trade", "commercial", "organisation",
    "cia", "compania", "sociedad", "anonima", "obshchestvo", "aktsionernoe", "ogranichennoi", "otvetstvennostyu", "sirketi",
    "sherkat", "kish", "tejarat", "import", "export", "airlines", "air", "military", "security", "global", "world",
];
