//! Transliteration to Latin letters.
