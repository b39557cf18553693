//! A query, taken apart once.

use interdict_model::{Country, Entity, Property, Schema};
use interdict_snapshot::facts::{self, IdentifierFact, NameFact};
use interdict_snapshot::join::{join_key_with, join_spans, joins};
use interdict_snapshot::{DateFact, FactsScratch, JoinFacts, TokenFacts, TokenSketch, identity_of};
use interdict_text::Token;

use crate::align::Part;
use crate::memo::is_filiation;
use crate::weigh::{Class, HEAD, head, weight};

/// Readings of all names of a query from which further names are left out, which [`Query::n_left_out`] tells. An entity of the
/// lists has at most some three hundred names; this bounds the time of one query.
const MAX_FORMS: usize = 600;

/// One reading of one name of the query.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    /// Which of the query's names.
    pub(crate) name: usize,
    /// Indices into [`Query::tokens`].
    pub(crate) tokens: Vec<u16>,
    /// Its joins, of neighbours, then of all.
    pub(crate) joins: Vec<FormJoin>,
    /// The tokens as parts of a name, by class.
    pub(crate) parts: [Vec<Part>; 3],
    /// Whether it says whose son or daughter somebody is.
    pub(crate) filiation: bool,
}

/// Parts of a form written together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FormJoin {
    /// Places of the parts as bits.
    pub(crate) places: u64,
    /// Whether it is of all parts of three or more.
    pub(crate) whole: bool,
    /// The join itself.
    pub(crate) facts: JoinFacts,
}

/// Whether a place is among places as bits.
pub(crate) fn has_place(places: u64, place: usize) -> bool {
    place < u64::BITS as usize && places & (1 << place) != 0
}

/// A party to be screened, taken apart into what is compared.
#[derive(Clone, Debug)]
pub struct Query {
    /// What it is; `Thing` asks all that can be matched.
    pub schema: Schema,
    /// Its names as given.
    pub names: Vec<NameFact>,
    /// Names that were left out, as there are too many: the answer does not speak of them.
    pub n_left_out: usize,
    /// Its identifiers.
    pub identifiers: Vec<IdentifierFact>,
    pub(crate) tokens: Vec<TokenFacts>,
    /// Sketches of the tokens.
    pub(crate) sketches: Vec<TokenSketch>,
    /// Join keys of the tokens.
    pub(crate) join_keys: Vec<u32>,
    pub(crate) forms: Vec<Form>,
    pub(crate) dates: Vec<DateFact>,
    pub(crate) date_texts: Vec<String>,
    pub(crate) countries: Vec<(Country, Property)>,
    pub(crate) genders: u8,
    pub(crate) address_tokens: Vec<u32>,
}

impl Query {
    /// Takes an entity apart. Nothing in it is an error; an entity without names and identifiers finds nobody, which
    /// [`Query::is_empty`] tells.
    pub fn of(entity: &Entity) -> Query {
        let names = facts::names(entity);
        let mut query = Query {
            schema: entity.schema,
            n_left_out: 0,
            identifiers: facts::identifiers(entity),
            tokens: Vec::new(),
            sketches: Vec::new(),
            join_keys: Vec::new(),
            forms: Vec::new(),
            dates: Vec::new(),
            date_texts: Vec::new(),
            countries: facts::countries(entity),
            genders: facts::genders(entity),
            address_tokens: facts::address_tokens(entity),
            names: Vec::new(),
        };
        for (kind, span) in facts::dates(entity) {
            query.dates.push(DateFact::of_span(kind, span));
            query.date_texts.push(span.to_string());
        }
        let mut scratch = QueryScratch::default();
        for (at, name) in names.iter().enumerate() {
            if query.forms.len() >= MAX_FORMS {
                query.n_left_out = names.len() - at;
                break;
            }
            let hidden = facts::hidden_readings(&name.text, entity.schema);
            for reading in facts::readings(&name.text, entity.schema).into_iter().chain(hidden) {
                let tokens: Vec<u16> =
                    reading.tokens.into_iter().map(|token| query.token(token, &mut scratch.facts)).collect();
                let known = query.forms.iter().any(|form| form.tokens == tokens);
                if !known {
                    let joins = form_joins(&query.tokens, &tokens, &mut scratch.consonants);
                    let parts = Class::ALL.map(|class| query.parts(&tokens, class));
                    let of = |token: &u16| &query.tokens[usize::from(*token)];
                    let filiation = tokens.iter().map(of).any(|token| is_filiation(token.role, &token.text));
                    query.forms.push(Form { name: at, tokens, joins, parts, filiation });
                }
            }
        }
        query.names = names;
        query.sketches = query.tokens.iter().map(TokenFacts::sketch).collect();
        let join_key = |token: &TokenFacts| join_key_with(&token.text, &mut scratch.consonants);
        query.join_keys = query.tokens.iter().map(join_key).collect();
        query
    }

    /// Asks entities of this schema instead, as for a party of whom nothing was said but a birth date: it is a person if it is
    /// listed as one, and every schema is asked all the same.
    #[must_use]
    pub fn asking(mut self, schema: Schema) -> Query {
        self.schema = schema;
        self
    }

    /// Adds identifiers that the party's own schema has no property for: a person's wallet, a firm's ship.
    #[must_use]
    pub fn with_identifiers(mut self, identifiers: impl IntoIterator<Item = IdentifierFact>) -> Query {
        self.identifiers.extend(identifiers);
        self
    }

    /// The number of a token; its facts are taken once, whichever names and readings it stands in.
    fn token(&mut self, token: Token, scratch: &mut FactsScratch) -> u16 {
        let known = self.tokens.iter().position(|known| known.identity() == identity_of(&token));
        let at = known.unwrap_or_else(|| {
            self.tokens.push(TokenFacts::of_with(token, scratch));
            self.tokens.len() - 1
        });
        at as u16
    }

    /// Whether anything but names is compared.
    pub(crate) fn has_fields(&self) -> bool {
        let Query { identifiers, dates, countries, genders, address_tokens, .. } = self;
        !(identifiers.is_empty() && dates.is_empty() && countries.is_empty() && address_tokens.is_empty())
            || *genders != 0
    }

    /// Whether there is nothing in it that could find anybody.
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty() && self.identifiers.is_empty()
    }

    /// The tokens of a form as parts of a name.
    fn parts(&self, tokens: &[u16], class: Class) -> Vec<Part> {
        let tokens = || tokens.iter().filter_map(|token| self.tokens.get(usize::from(*token)));
        let head = head(class, tokens().map(|token| (token.role, token.generic)));
        let factor = |at: usize| if head == Some(at) { HEAD } else { 1.0 };
        let part = |(at, token): (usize, &TokenFacts)| Part {
            role: token.role,
            weight: weight(&token.view(), class) * factor(at),
            bits: token.bits,
            generic: token.generic,
        };
        tokens().enumerate().map(part).collect()
    }
}

/// Working memory of taking a party apart.
#[derive(Default)]
struct QueryScratch {
    facts: FactsScratch,
    consonants: String,
}

/// The joins of a form of these tokens of `all`.
fn form_joins(all: &[TokenFacts], tokens: &[u16], consonants: &mut String) -> Vec<FormJoin> {
    let token = |at: usize| &all[usize::from(tokens[at])];
    let found = join_spans(tokens.len(), |at| joins(token(at).role));
    let joined = found.filter_map(|(from, to, whole)| {
        let places = (from..to).filter(|at| joins(token(*at).role));
        let facts = JoinFacts::of(&places.clone().map(token), consonants)?;
        Some(FormJoin { places: places.fold(0, |bits, at| bits | 1 << at), whole, facts })
    });
    joined.collect()
}
