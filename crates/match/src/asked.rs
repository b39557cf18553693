//! What a query of some schema asks: which schemata, kinds of bearers and ways of comparing.

use interdict_model::Schema;
use interdict_snapshot::Kind;

use crate::weigh::Class;

/// What a query of some schema asks, by the schema's number.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pub(crate) schema: Option<Schema>,
    pub(crate) schemata: Vec<bool>,
    pub(crate) kinds: u8,
    pub(crate) classes: Vec<Class>,
}

impl Asked {
    /// Computed anew only where the schema is another one.
    pub(crate) fn start(&mut self, schema: Schema) {
        if self.schema == Some(schema) {
            return;
        }
        self.schema = Some(schema);
        self.schemata.clear();
        self.kinds = 0;
        for other in Schema::all() {
            let asked = schema.asks(other);
            self.schemata.push(asked);
            self.kinds |= if asked { 1 << Kind::of(other) as u8 } else { 0 };
        }
        let kinds = self.kinds;
        let classes = classes_of(schema, kinds);
        self.classes.clear();
        self.classes.extend(Class::ALL.into_iter().filter(|class| classes & (1 << *class as u8) != 0));
    }
}

/// The ways in which names of a query and entities of these kinds are compared, as bits.
pub(crate) fn classes_of(query: Schema, kinds: u8) -> u8 {
    let kinds = Kind::ALL.into_iter().filter(|kind| kinds & (1 << *kind as u8) != 0);
    kinds.fold(0, |classes, kind| classes | 1 << Class::of_kind(query == Schema::person(), kind) as u8)
}
