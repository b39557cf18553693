//! One row of `data/starter.tsv`: a party on a list.
//!
//! Idea: the head of the file says what each column holds; a row becomes the party, the sanction that its listing is, and the wallets
//! that it holds. Every value names the row and the row's own source as its origin.
//! Invariant: a row with a column too few, an unknown schema, kind, country, list or property is an error with its line.
//! Cost: linear in the row.

use interdict_model::{Country, Entity, ListId, Origin, Schema};

use crate::list::StarterList;
use crate::{DATE, StarterError};

/// Prefix of an identifier that is a wallet: `wallet.XBT=…`, where `XBT` is the ticker as OFAC writes it.
pub(crate) const WALLET: &str = "wallet.";

/// What a party is, more closely than its schema says.
pub(crate) const KINDS: &[&str] = &[
    "person",
    "bank",
    "university",
    "technology",
    "shipping",
    "aviation",
    "energy",
    "industry",
    "exchange",
    "group",
    "state",
    "vessel",
    "aircraft",
];

/// A party on a list, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row<'text> {
    /// 1-based line of the file.
    pub(crate) line: usize,
    /// Id of the party, without `starter-`.
    pub(crate) id: &'text str,
    pub(crate) schema: Schema,
    /// One of [`KINDS`].
    pub(crate) kind: &'text str,
    pub(crate) name: &'text str,
    pub(crate) aliases: Vec<&'text str>,
    /// Nationality, seat, flag or place of registration, where the list names one.
    pub(crate) country: Option<Country>,
    pub(crate) list: &'static StarterList,
    pub(crate) program: &'text str,
    /// Empty where the file has none.
    pub(crate) listed: &'text str,
    /// Property or `wallet.TICKER`, and value.
    pub(crate) identifiers: Vec<(&'text str, &'text str)>,
    pub(crate) source: &'text str,
}

/// The rows of the file; lines that begin with `#` are its head.
pub(crate) fn rows(file: &str) -> impl Iterator<Item = Result<Row<'_>, StarterError>> {
    let lines = file.lines().enumerate().filter(|(_, text)| !text.starts_with('#'));
    lines.map(|(at, text)| Row::read(at + 1, text).map_err(|what| StarterError::Row { line: at + 1, what }))
}

impl<'text> Row<'text> {
    fn read(line: usize, text: &'text str) -> Result<Row<'text>, &'static str> {
        let fields: Vec<&str> = text.split('\t').collect();
        let &[id, schema, kind, name, aliases, country, list, program, listed, identifiers, source] = fields.as_slice()
        else {
            return Err("expected eleven fields");
        };
        if [id, name, program, source].iter().any(|field| field.is_empty()) {
            return Err("expected an id, a name, a programme and the source of the fact");
        }
        let schema = Schema::by_name(schema).ok_or("the schema is not one of FollowTheMoney")?;
        if !KINDS.contains(&kind) {
            return Err("the kind is not one that the head of the file names");
        }
        let country = match country {
            "" => None,
            code => Some(Country::by_code(code).ok_or("the country is no code")?),
        };
        let list = StarterList::by_id(list).ok_or("the list is not one of the starter's")?;
        let identifiers = parts(identifiers)
            .map(|part| part.split_once('=').ok_or("an identifier is property=value"))
            .collect::<Result<Vec<_>, _>>()?;
        let known = |property: &str| property.starts_with(WALLET) || schema.property(property).is_some();
        if !identifiers.iter().all(|(property, _)| known(property)) {
            return Err("the schema lacks the property of an identifier");
        }
        let aliases = parts(aliases).collect();
        Ok(Row { line, id, schema, kind, name, aliases, country, list, program, listed, identifiers, source })
    }

    /// The party, its listing and its wallets.
    pub(crate) fn entities(&self, list: &ListId) -> Vec<Entity> {
        let origin =
            Origin::new(list.clone(), DATE, format!("{} (starter.tsv:{}; {})", self.id, self.line, self.source));
        let mut party = Entity::new(format!("starter-{}", self.id), self.schema);
        party.add("name", self.name, &origin);
        for alias in &self.aliases {
            party.add("alias", alias, &origin);
        }
        if let Some(country) = self.country {
            party.add(self.country_property(), country.code(), &origin);
        }
        if self.schema.property("sector").is_some() && self.schema != Schema::person() {
            party.add("sector", self.kind, &origin);
        }
        for topic in self.list.topics {
            party.add("topics", topic, &origin);
        }
        let mut wallets = Vec::new();
        for (property, value) in &self.identifiers {
            match property.strip_prefix(WALLET) {
                Some(ticker) => wallets.push(self.wallet(ticker, value, &party.id, &origin)),
                None => {
                    party.add(property, value, &origin);
                }
            }
        }
        let sanction = self.sanction(&party.id, &origin);
        let mut entities = vec![party, sanction];
        entities.append(&mut wallets);
        entities
    }

    fn country_property(&self) -> &'static str {
        if self.schema == Schema::person() {
            "nationality"
        } else if self.schema.property("flag").is_some() {
            "flag"
        } else {
            "country"
        }
    }

    fn sanction(&self, party: &str, origin: &Origin) -> Entity {
        let mut sanction = Entity::new(format!("{party}-sanction-{}", self.list.id), Schema::sanction());
        for (property, text) in [
            ("entity", party),
            ("authority", self.list.authority),
            ("country", self.list.country),
            ("program", self.program),
            ("listingDate", self.listed),
            ("authorityId", self.source),
        ] {
            sanction.add(property, text, origin);
        }
        sanction
    }

    fn wallet(&self, ticker: &str, address: &str, holder: &str, origin: &Origin) -> Entity {
        let id = format!("{holder}-wallet-{}-{address}", ticker.to_lowercase());
        let mut wallet = Entity::new(id, Schema::crypto_wallet());
        for (property, text) in [("publicKey", address), ("currency", ticker), ("holder", holder)] {
            wallet.add(property, text, origin);
        }
        for topic in self.list.topics {
            wallet.add("topics", topic, origin);
        }
        wallet
    }
}

/// The parts of a column that holds several, none for an empty one.
fn parts(column: &str) -> impl Iterator<Item = &str> {
    column.split('|').filter(|part| !part.is_empty())
}
