//! Names as OFAC writes them: how good they are, and the parts of a person's.
//!
//! Idea: `LAST, First` is a person's name only; organizations have commas of their own (`CECOEX, S.A.`), so that the caller says
//! which it is.

/// How good a name is and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameKind {
    Primary,
    Alias,
    Weak,
    Former,
    WeakFormer,
}

impl NameKind {
    /// By OFAC's words: `aka`, `F.K.A.`, `n.k.a.`; a new name is a name.
    pub(crate) fn of(kind: &str, weak: bool) -> NameKind {
        let letters: String = kind.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
        match (letters.as_str(), weak) {
            ("fka", false) => NameKind::Former,
            ("fka", true) => NameKind::WeakFormer,
            (_, true) => NameKind::Weak,
            ("nka", false) => NameKind::Primary,
            _ => NameKind::Alias,
        }
    }
}

/// A person's name in parts, in natural order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PersonName {
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) suffix: String,
}

impl PersonName {
    /// Takes `LAST, First` and `LAST, JR., First` apart; a name without a comma has no parts.
    pub(crate) fn split(published: &str) -> Option<PersonName> {
        let is_suffix = |part: &str| {
            let bare: String =
                part.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
            matches!(bare.as_str(), "jr" | "sr" | "ii" | "iii" | "iv")
        };
        let mut parts = published.split(", ").map(str::trim).filter(|part| !part.is_empty());
        let last = parts.next()?.to_owned();
        let (suffixes, given): (Vec<&str>, Vec<&str>) = parts.partition(|part| is_suffix(part));
        if given.is_empty() {
            return None;
        }
        Some(PersonName { first: given.join(", "), last, suffix: suffixes.join(" ") })
    }

    /// `First LAST Jr.`
    pub(crate) fn whole(&self) -> String {
        [&self.first, &self.last, &self.suffix]
            .into_iter()
            .filter(|part| !part.is_empty())
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_names_are_taken_apart_at_the_comma() {
        let whole = |published| PersonName::split(published).map(|name| name.whole());
        assert_eq!(whole("AL-ZUMAR, Abbud").as_deref(), Some("Abbud AL-ZUMAR"));
        assert_eq!(whole("MNANGAGWA, JR., Emmerson Dambudzo").as_deref(), Some("Emmerson Dambudzo MNANGAGWA JR."));
        assert_eq!(whole("BIN LADIN"), None);
        assert_eq!(whole("SMITH, Jr."), None);
        assert_eq!(whole(", "), None);
    }

    #[test]
    fn kinds_are_known_in_every_spelling() {
        assert_eq!(NameKind::of("F.K.A.", false), NameKind::Former);
        assert_eq!(NameKind::of("aka", true), NameKind::Weak);
        assert_eq!(NameKind::of("n.k.a.", false), NameKind::Primary);
        assert_eq!(NameKind::of("fka", true), NameKind::WeakFormer);
    }
}
