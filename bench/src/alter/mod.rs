//! Ways in which a name is written otherwise, by intent, by ear or by machine.
//!
//! Idea: one function a class of evasion, from a name, what bears it, and dice, to an altered name or nothing where the class has
//! no hold (a name without a legal form has none to change).
//! Invariant: an altered name differs from the name, and the same dice alter it the same way.
//! Source: the classes are those that sanctions programmes and vendors' test decks name (OFAC's FAQ on weak and misspelt names,
//! the Wolfsberg Group's guidance on sanctions screening, 2019); tables and wordings are our own.

mod letters;
pub(crate) mod negative;
mod sounds;
mod tables;
mod words;

use interdict_model::Schema;

use crate::dice::Dice;

/// What bears a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Person,
    Organization,
    Object,
}

impl Kind {
    pub(crate) fn of(schema: Schema) -> Kind {
        if schema.is_a(Schema::person()) {
            Kind::Person
        } else if schema.is_a(Schema::legal_entity()) {
            Kind::Organization
        } else {
            Kind::Object
        }
    }
}

/// A class of evasion.
pub(crate) struct Class {
    pub(crate) name: &'static str,
    apply: fn(&str, Kind, &mut Dice) -> Option<String>,
}

/// Throws of the dice after which a class is taken to have no hold on a name.
const MAX_THROWS: usize = 4;

impl Class {
    /// The name altered, if the class has a hold on it.
    pub(crate) fn alter(&self, name: &str, kind: Kind, dice: &mut Dice) -> Option<String> {
        for _ in 0..MAX_THROWS {
            let altered = (self.apply)(name, kind, dice)?;
            let altered = altered.split_whitespace().collect::<Vec<_>>().join(" ");
            if altered != name && !altered.is_empty() {
                return Some(altered);
            }
        }
        None
    }
}

const fn class(name: &'static str, apply: fn(&str, Kind, &mut Dice) -> Option<String>) -> Class {
    Class { name, apply }
}

/// All classes; the order is part of what a seed means, so new ones go to the end.
pub(crate) const CLASSES: &[Class] = &[
    class("homoglyph", letters::homoglyph),
    class("zero_width", letters::zero_width),
    class("combining", letters::combining),
    class("spaced", letters::spaced),
    class("joined", letters::joined),
    class("leetspeak", letters::leetspeak),
    class("doubled_letter", letters::doubled),
    class("dropped_letter", letters::dropped),
    class("swapped_neighbours", letters::swapped),
    class("ocr", letters::ocr),
    class("keyboard", letters::keyboard),
    class("mishearing", sounds::mishearing),
    class("vowels_changed", letters::vowels),
    class("words_reordered", words::reordered),
    class("letters_reversed", letters::reversed),
    class("legal_form_glued", words::legal_glued),
    class("legal_form_changed", words::legal_changed),
    class("legal_form_translated", words::legal_translated),
    class("abbreviated", words::abbreviated),
    class("initials", words::initials),
    class("middle_dropped", words::middle_dropped),
    class("patronymic_dropped", words::patronymic_dropped),
    class("article", words::article),
    class("transliteration", sounds::transliteration),
    class("hidden_in_text", words::hidden),
    class("repeated", words::repeated),
    class("punctuation", words::punctuation),
    class("all_caps", letters::all_caps),
    class("ocr_and_typo", letters::ocr_and_typo),
    class("two_typos", letters::two_typos),
    class("hyphenation", words::hyphenation),
    class("joined_and_repeated", words::joined_and_repeated),
    class("short_words_moved", words::short_words_moved),
];

/// A name altered by `n` classes one after the other, with the names of the classes joined by `+`.
pub(crate) fn by_some(name: &str, kind: Kind, n: usize, dice: &mut Dice) -> Option<(String, String)> {
    let (mut altered, mut said) = (name.to_owned(), Vec::new());
    // Most classes have a hold on most names.
    for _ in 0..20 {
        if said.len() == n {
            break;
        }
        let class = dice.pick(CLASSES)?;
        if let Some(next) = class.alter(&altered, kind, dice) {
            altered = next;
            said.push(class.name);
        }
    }
    (said.len() == n && altered != name).then(|| (altered, said.join("+")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [(&str, Kind); 9] = [
        ("Mohammed Ali Hassan al-Rashidi", Kind::Person),
        ("Ivanov Pyotr Sergeyevich", Kind::Person),
        ("Jean-Pierre Shchukin", Kind::Person),
        ("Иванов Пётр Сергеевич", Kind::Person),
        ("محمد علي الحسن", Kind::Person),
        ("Shanghai Golden Horn International Trading Company Ltd.", Kind::Organization),
        ("Al Rashid General Trading LLC", Kind::Organization),
        ("上海宏远科技有限公司", Kind::Organization),
        ("Ocean Pearl 12", Kind::Object),
    ];

    #[test]
    fn every_class_changes_some_name_and_the_same_dice_change_it_the_same_way() {
        for class in CLASSES {
            let mut n = 0;
            for (name, kind) in NAMES {
                for seed in 0..8 {
                    let altered = class.alter(name, kind, &mut Dice::of(seed, 7));
                    assert_eq!(altered, class.alter(name, kind, &mut Dice::of(seed, 7)), "{}: {name}", class.name);
                    assert_ne!(altered.as_deref(), Some(name), "{}", class.name);
                    n += usize::from(altered.is_some());
                }
            }
            assert!(n > 0, "{} has a hold on no name", class.name);
        }
    }

    #[test]
    fn classes_do_what_they_say() {
        let by = |class: &str, name: &str, kind| {
            let class = CLASSES.iter().find(|known| known.name == class).unwrap();
            class.alter(name, kind, &mut Dice::of(5, 5)).unwrap()
        };
        assert_eq!(by("all_caps", "Ocean Pearl", Kind::Object), "OCEAN PEARL");
        assert_eq!(by("patronymic_dropped", "Ivanov Pyotr Sergeyevich", Kind::Person), "Ivanov Pyotr");
        assert_eq!(by("legal_form_glued", "Golden Horn Ltd", Kind::Organization), "Golden HornLtd");
        assert_eq!(by("joined_and_repeated", "Ocean Pearl", Kind::Object), "OceanPearl OceanPearl");
        assert_eq!(by("short_words_moved", "al Rashid", Kind::Person), "alRashid");
        assert_eq!(by("middle_dropped", "Juan Carlos Perez", Kind::Person), "Juan Perez");
        assert!(by("hidden_in_text", "Ocean Pearl", Kind::Object).contains("Ocean Pearl"));
        assert!(by("homoglyph", "Ocean Pearl", Kind::Object).chars().any(|letter| letter as u32 > 0x36F));
    }

    #[test]
    fn two_classes_are_both_said() {
        let (altered, said) = by_some("Mohammed Ali Hassan", Kind::Person, 2, &mut Dice::of(1, 1)).unwrap();
        assert!(said.contains('+'), "{said}: {altered}");
    }
}
