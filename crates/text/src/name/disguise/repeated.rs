//! Words of a name written twice: `Omar Omar Hassan`, `OMAR HASSAN OMAR HASSAN`.
//!
//! Idea: a name that is the same row of words again is that row; where every word comes twice, each counts once; else a word counts
//! once that follows itself. A grandfather's name that comes back later (`Ali bin Omar bin Ali`) stays.
//! Invariant: words keep their order. Cost: quadratic in the words of a name, a few tens; no allocation where nothing comes twice.

/// Words that are compared; a longer name is no name repeated.
const MAX_WORDS: usize = 48;

/// The name with repeated words once; `None` where none is.
pub(super) fn once(name: &str) -> Option<String> {
    let mut words = [""; MAX_WORDS];
    let mut n = 0;
    for word in name.split_whitespace() {
        *words.get_mut(n)? = word;
        n += 1;
    }
    let words = &words[..n];
    let again = |at: usize| words[..at].iter().any(|earlier| same(earlier, words[at]));
    if !(1..n).any(again) || n_letters(name) == 0 {
        return None;
    }
    for length in (1..=n / 2).filter(|length| n % length == 0) {
        if (length..n).all(|at| same(words[at], words[at - length])) {
            return Some(words[..length].join(" "));
        }
    }
    let twice = |at: usize| (0..n).any(|other| other != at && same(words[other], words[at]));
    let keep: Vec<&str> = if (0..n).all(twice) {
        (0..n).filter(|at| !again(*at)).map(|at| words[at]).collect()
    } else {
        let follows_itself = |at: usize| at > 0 && same(words[at], words[at - 1]) && n_letters(words[at]) > 1;
        (0..n).filter(|at| !follows_itself(*at)).map(|at| words[at]).collect()
    };
    (keep.len() < n).then(|| keep.join(" "))
}

fn letters(word: &str) -> impl Iterator<Item = char> {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

fn n_letters(word: &str) -> usize {
    letters(word).count()
}

/// Whether two words are the same but for case and marks.
fn same(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other)) && (letters(one).next().is_some() || one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_words_count_once() {
        for (name, wanted) in [
            ("Omar Omar Hassan Hassan", "Omar Hassan"),
            ("OMAR HASSAN, Omar Hassan", "OMAR HASSAN,"),
            ("Omar Hassan Hassan Omar", "Omar Hassan"),
            ("Golden Horn Horn Ltd.", "Golden Horn Ltd."),
            ("S. de R.L. de C.V. S. de R.L. de C.V.", "S. de R.L. de C.V."),
            ("Horn & Co. Horn & Co.", "Horn & Co."),
        ] {
            assert_eq!(once(name).as_deref(), Some(wanted), "{name}");
        }
        for name in ["Ali bin Omar bin Ali", "M M Khan", "Golden Horn", "", "- - -"] {
            assert_eq!(once(name), None, "{name}");
        }
    }
}
