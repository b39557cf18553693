//! Hash maps of the compiled-in tables.
//!
//! Idea: the keys are our own tables, so that nobody can choose them to collide: a quick hash does, and taking a name apart is
//! some tens of look-ups a word. Invariant: as with any hash map, its order must not reach a result. Cost: O(1), some nanoseconds.

/// A map from the words of a table.
pub(crate) type Map<K, V> = std::collections::HashMap<K, V, hashbrown::DefaultHashBuilder>;
