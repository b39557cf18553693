//! Keys that words of like sound share.

/// Consonant skeleton of a Latin token.
pub fn skeleton_into(_token: &str, _out: &mut String) {}

/// Phonetic keys of a Latin token as stable 32-bit hashes, at most four, ascending, without doubles.
pub fn keys_into(_token: &str, _out: &mut Vec<u32>) {}
