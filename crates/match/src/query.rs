//! A query, taken apart once.

use std::ops::Range;

use compact_str::ToCompactString;
use interdict_model::{Country, Entity, Property, Schema};
use interdict_snapshot::facts::{self, IdentifierFact, NameFact};
use interdict_snapshot::join::{JoinScratch, join_key_with, join_spans, joins};
use interdict_snapshot::{DateFact, FactsScratch, JoinFacts, TokenFacts, TokenSketch, identity_of};
use interdict_text::{NameScratch, Readings, Text, Token};

use crate::align::Part;
use crate::memo::is_filiation;
use crate::weigh::{Class, HEAD, distinguishes, head, weight};

/// Readings of all names of a query from which further names are left out, which [`Query::n_left_out`] tells. An entity of the
/// lists has at most some three hundred names; this bounds the time of one query.
const MAX_FORMS: usize = 600;

/// One reading of one name of the query.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    /// Which of the query's names.
    pub(crate) name: usize,
    /// Where its tokens stand among those of all forms, and the parts that they are.
    places: Range<usize>,
    /// Where its joins stand among those of all forms.
    joins: Range<usize>,
    /// Whether it says whose son or daughter somebody is.
    pub(crate) filiation: bool,
}

impl Form {
    /// Number of its tokens.
    pub(crate) fn n_tokens(&self) -> usize {
        self.places.len()
    }
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
    /// The tokens of all forms, one form after the other, as indices into `tokens`.
    columns: Vec<u16>,
    /// By class, the same tokens as parts of a name.
    parts: [Vec<Part>; 3],
    /// The joins of all forms, one form after the other.
    joins: Vec<FormJoin>,
    pub(crate) dates: Vec<DateFact>,
    pub(crate) date_texts: Vec<Text>,
    pub(crate) countries: Vec<(Country, Property)>,
    pub(crate) genders: u8,
    pub(crate) address_tokens: Vec<u32>,
}

impl Query {
    /// Takes an entity apart. Nothing in it is an error; an entity without names and identifiers finds nobody, which
    /// [`Query::is_empty`] tells.
    pub fn of(entity: &Entity) -> Query {
        let mut query = Query::empty();
        query.retake(entity, &mut QueryScratch::default());
        query
    }

    /// A query that asks for nobody, to be retaken.
    pub fn empty() -> Query {
        Query {
            schema: Schema::thing(),
            names: Vec::new(),
            n_left_out: 0,
            identifiers: Vec::new(),
            tokens: Vec::new(),
            sketches: Vec::new(),
            join_keys: Vec::new(),
            forms: Vec::new(),
            columns: Vec::new(),
            parts: Default::default(),
            joins: Vec::new(),
            dates: Vec::new(),
            date_texts: Vec::new(),
            countries: Vec::new(),
            genders: 0,
            address_tokens: Vec::new(),
        }
    }

    /// Becomes the query of another entity, as [`Query::of`] takes it apart. With warm working memory this allocates next to
    /// nothing: for words longer than 24 bytes, for identifiers, and for names of several scripts or several names in one.
    pub fn retake(&mut self, entity: &Entity, scratch: &mut QueryScratch) {
        self.schema = entity.schema;
        self.n_left_out = 0;
        facts::names_into(entity, &mut self.names, &mut scratch.texts);
        self.identifiers.clear();
        facts::identifiers_into(entity, &mut self.identifiers);
        self.dates.clear();
        self.date_texts.clear();
        for (kind, span) in facts::dates(entity) {
            self.dates.push(DateFact::of_span(kind, span));
            self.date_texts.push(span.to_compact_string());
        }
        self.countries.clear();
        facts::countries_into(entity, &mut self.countries);
        self.genders = facts::genders(entity);
        facts::address_tokens_into(entity, &mut scratch.names, &mut self.address_tokens);
        self.take_names(scratch);
        self.sketches.clear();
        self.sketches.extend(self.tokens.iter().map(TokenFacts::sketch));
        let join_key = |token: &TokenFacts| join_key_with(&token.text, &mut scratch.joins.consonants);
        self.join_keys.clear();
        self.join_keys.extend(self.tokens.iter().map(join_key));
    }

    /// Reads the names into forms.
    fn take_names(&mut self, scratch: &mut QueryScratch) {
        self.tokens.clear();
        self.forms.clear();
        self.columns.clear();
        self.parts.iter_mut().for_each(Vec::clear);
        self.joins.drain(..).for_each(|join| scratch.joins.take_back(join.facts));
        for at in 0..self.names.len() {
            if self.forms.len() >= MAX_FORMS {
                self.n_left_out = self.names.len() - at;
                break;
            }
            let QueryScratch { names, readings, .. } = scratch;
            readings.clear();
            facts::readings_into(&self.names[at].text, self.schema, names, readings);
            facts::hidden_readings_into(&self.names[at].text, self.schema, names, readings);
            for reading in scratch.readings.iter() {
                let start = self.columns.len();
                for token in reading {
                    let column = self.token(token, &mut scratch.facts);
                    self.columns.push(column);
                }
                let (known, own) = self.columns.split_at(start);
                if self.forms.iter().any(|form| known.get(form.places.clone()) == Some(own)) {
                    self.columns.truncate(start);
                } else {
                    self.push_form(at, start, &mut scratch.joins);
                }
            }
        }
    }

    /// Makes a form of the last columns, from `start` on.
    fn push_form(&mut self, name: usize, start: usize, scratch: &mut JoinScratch) {
        let Query { tokens, columns, parts, joins, .. } = self;
        let places = start..columns.len();
        let columns = &columns[start..];
        let first_join = joins.len();
        let first_part = parts[Class::Person as usize].len();
        push_joins(tokens, columns, scratch, joins);
        for (class, parts) in Class::ALL.into_iter().zip(parts) {
            push_parts(tokens, columns, class, parts);
            if class == Class::Person {
                spare_links(tokens, columns, &mut parts[first_part..]);
            }
        }
        let mut own = columns.iter().map(|column| &tokens[usize::from(*column)]);
        let filiation = own.any(|token| is_filiation(token.role, &token.text));
        self.forms.push(Form { name, places, joins: first_join..joins.len(), filiation });
    }

    /// The tokens of a form, as indices into `tokens`.
    pub(crate) fn columns_of(&self, form: &Form) -> &[u16] {
        &self.columns[form.places.clone()]
    }

    /// The tokens of a form.
    pub(crate) fn tokens_of(&self, form: &Form) -> impl Iterator<Item = &TokenFacts> {
        self.columns_of(form).iter().map(|column| &self.tokens[usize::from(*column)])
    }

    /// The tokens of a form as parts of a name of that class.
    pub(crate) fn parts_of(&self, form: &Form, class: Class) -> &[Part] {
        &self.parts[class as usize][form.places.clone()]
    }

    /// The joins of a form: of neighbours, then of all.
    pub(crate) fn joins_of(&self, form: &Form) -> &[FormJoin] {
        &self.joins[form.joins.clone()]
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
    fn token(&mut self, token: &Token, scratch: &mut FactsScratch) -> u16 {
        let known = self.tokens.iter().position(|known| known.identity() == identity_of(token));
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
}

/// Working memory of taking parties apart: kept from one to the next it saves nearly all allocations.
#[derive(Debug, Default)]
pub struct QueryScratch {
    names: NameScratch,
    readings: Readings,
    facts: FactsScratch,
    joins: JoinScratch,
    /// Texts of names to be written over.
    texts: Vec<String>,
}

/// Appends the tokens of a form, those of `all` in these columns, as parts of a name of that class.
fn push_parts(all: &[TokenFacts], columns: &[u16], class: Class, parts: &mut Vec<Part>) {
    let from = parts.len();
    parts.extend(columns.iter().map(|column| &all[usize::from(*column)]).map(|token| Part {
        role: token.role,
        weight: weight(&token.view(), class),
        bits: token.bits,
        generic: token.generic,
        place: token.place,
        spare: 1.0,
    }));
    let own = &mut parts[from..];
    if let Some(part) = head(class, own).and_then(|at| own.get_mut(at)) {
        part.weight *= HEAD;
    }
}

/// What it costs to lack a father's or grandfather's name that follows *bin* or *ibn* within a long name, as a share of what another part
/// costs.
const LINK: f32 = 0.5;
/// Likewise any other part between the first and the last.
const BETWEEN: f32 = 0.7;
/// Likewise a byname by a child (`Abu Ali`) at the head of a long name.
const KUNYA: f32 = 0.35;
/// Telling parts from which a name is long: it says who somebody is without one of them.
const LONG_NAME: usize = 4;

/// Spares what papers of one person have and lack: the links of a chain of fathers (`Usama bin Muhammad bin Awad bin Ladin` is *Usama bin
/// Ladin*), the last aside, which is the family's name; and a kunya (`Abu Ali Hassan al-Masri` is *Hassan al-Masri*). Another link in
/// its place still contradicts by all its weight. Only the query's side: what the entity has over costs little anyhow.
fn spare_links(all: &[TokenFacts], columns: &[u16], parts: &mut [Part]) {
    let token = |at: usize| &all[usize::from(columns[at])];
    let tells = |at: &usize| distinguishes(token(*at).role);
    let Some(last) = (0..parts.len()).rev().find(tells) else { return };
    if (0..parts.len()).filter(tells).count() < LONG_NAME {
        return;
    }
    let Some(first) = (0..last).find(tells) else { return };
    for at in (first + 1..last).filter(tells) {
        let is_link = is_filiation(token(at - 1).role, &token(at - 1).text);
        parts[at].spare = if is_link { LINK } else { BETWEEN };
    }
    if matches!(token(0).text.as_str(), "abu" | "umm" | "abou" | "um") {
        parts.iter_mut().take(2).for_each(|part| part.spare = KUNYA);
    }
}

/// Appends the joins of a form of the tokens of `all` in these columns.
fn push_joins(all: &[TokenFacts], columns: &[u16], scratch: &mut JoinScratch, out: &mut Vec<FormJoin>) {
    let token = |at: usize| &all[usize::from(columns[at])];
    let found = join_spans(columns.len(), |at| joins(token(at).role));
    out.extend(found.filter_map(|(from, to, whole)| {
        let places = (from..to).filter(|at| joins(token(*at).role));
        let facts = JoinFacts::of(&places.clone().map(token), scratch)?;
        Some(FormJoin { places: places.fold(0, |bits, at| bits | 1 << at), whole, facts })
    }));
}
