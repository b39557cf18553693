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
    /// The ways of comparing, each with the kinds of bearers whose names are compared so, as bits.
    pub(crate) classes: Vec<(Class, u8)>,
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
        self.classes.clear();
        for class in Class::ALL {
            let is_compared_so = |kind: &Kind| {
                self.kinds & (1 << *kind as u8) != 0 && Class::of_kind(schema == Schema::person(), *kind) == class
            };
            let kinds = Kind::ALL.into_iter().filter(is_compared_so).fold(0, |kinds, kind| kinds | 1 << kind as u8);
            if kinds != 0 {
                self.classes.push((class, kinds));
            }
        }
    }
}
