//! A name against a name: which part meets which, and how good that is as a whole.
//!
//! Idea: every pair of tokens that are alike is a link; so is a token and the join of two (`alqaida` and `al qaida`), and two
//! whole names written together. Links are taken best first, each token once. What is left over costs: what both sides have
//! over contradicts, what one side has over is missing on the other.
//!
//! Score of a form against a name, in [0, 1]:
//! `Σ w·s / (Σ w + contradiction·2C + query_extra·Q + entity_extra·E)` with link weights `w` (the query's side) and likeness
//! `s`, contradicting weight `C` and leftover weights `Q`, `E`, of which `Q` counts less where papers leave such parts out (`Part::spare`).
//! Invariant (the bound of `candidates`): with `A = Σ w·s` over all that the query's tokens can meet, `W` their whole weight
//! and `β = query_extra · least spare ≤ 2·contradiction`, the score is at most `A / (A + β·(W − A))`. All else (`headless`, `ends`, `surplus`,
//! legal forms, swapped fathers) only lowers it, and bits only fall by the other side's.
//! Cost: O(n·m) links, sorted; no allocation once the scratch is warm.

use crate::similar::{How, Likeness};
use crate::weigh::{Class, Costs, distinguishes, head};
use interdict_snapshot::facts::MAX_TOKENS;
use interdict_text::Role;
use interdict_text::legal::{self, LegalForm};

/// A part of the query's name that meets a part of the entity's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Link {
    /// Tokens of the query's form, as bits of their places.
    pub(crate) query: u64,
    /// Tokens of the entity's name, likewise.
    pub(crate) entity: u64,
    /// Weight on the query's side.
    pub(crate) weight: f32,
    /// How alike.
    pub(crate) likeness: Likeness,
}

/// What is known of one token of a name while it is aligned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) role: Role,
    pub(crate) weight: f32,
    pub(crate) bits: f32,
    /// Whether it is a generic corporate word.
    pub(crate) generic: bool,
    /// Whether it is the name of a place that firms are registered in.
    pub(crate) place: bool,
    /// What it costs that the other name lacks it, as a share of what another part would: less than 1 for what papers leave out.
    pub(crate) spare: f32,
}

/// How well a form meets a name.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Alignment {
    /// 0 to 1.
    pub(crate) score: f32,
    /// Bits of information in the parts that met.
    pub(crate) bits: f32,
    /// Number of distinguishing parts of the query that met, whole names counted by their parts.
    pub(crate) n_met: u32,
    /// Whether everything that distinguishes met exactly, on both sides.
    pub(crate) whole: bool,
    /// Distinguishing tokens left over on the query's side, as bits.
    pub(crate) query_left: u64,
    /// Likewise on the entity's side.
    pub(crate) entity_left: u64,
    /// What the score was made of.
    pub(crate) account: Account,
}

/// What the score of an alignment was made of, as weights: what an explanation makes points of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Account {
    /// Weight of the links that were taken.
    pub(crate) linked: f32,
    /// What their likeness leaves of it.
    pub(crate) met: f32,
    /// What is lost where only initials met.
    pub(crate) initials: f32,
    /// What names that lack each other's words contradict by: the lesser leftover, at the cost of a contradiction.
    pub(crate) contradiction: f32,
    /// What the query has over beyond that, at its cost.
    pub(crate) query_extra: f32,
    /// Likewise the entity.
    pub(crate) entity_extra: f32,
    /// What first words that differ contradict by beyond that.
    pub(crate) heads: f32,
    /// The first telling word that only one firm's name has.
    pub(crate) headless: f32,
    /// First and last names of a person left over.
    pub(crate) ends: f32,
    /// Legal forms that differ.
    pub(crate) legal: f32,
    /// What does not distinguish and the entity lacks.
    pub(crate) loose: f32,
    /// Generic words that met beyond the telling ones, which do not count.
    pub(crate) surplus: f32,
    /// What is left where father and son changed places; 1 where they did not.
    pub(crate) swapped: f32,
}

/// Working memory, reused from name to name.
#[derive(Debug, Default)]
pub(crate) struct AlignScratch {
    pub(crate) links: Vec<Link>,
    /// Links of whole names written together.
    pub(crate) wholes: Vec<Link>,
    other: Vec<Link>,
    /// Links that were taken, best first: what an explanation shows.
    pub(crate) taken: Vec<Link>,
}

/// Parts of one side written together that meet a part of the other, or parts of it written together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct JoinedPair {
    /// Places on the query's side, as bits.
    pub(crate) query: u64,
    /// Likewise on the entity's.
    pub(crate) entity: u64,
    /// Whether it is of all parts of a name on either side.
    pub(crate) whole: bool,
    /// Whether one side's script leaves vowels out, so that consonants are all that is compared.
    pub(crate) consonants: bool,
    /// How alike.
    pub(crate) score: f32,
}

/// A form and a name with the likeness of their tokens.
pub(crate) struct Pair<'a, F: Fn(usize, usize) -> Likeness> {
    pub(crate) query: &'a [Part],
    pub(crate) entity: &'a [Part],
    /// Likeness of the query's token and the entity's at these places.
    pub(crate) likeness: F,
    /// What is written together on one side and apart on the other.
    pub(crate) joined: &'a [JoinedPair],
    pub(crate) class: Class,
    /// Whether either name says whose son or daughter somebody is.
    pub(crate) filiation: bool,
}

/// What is left of a match in which parts of a chain of fathers changed places, as in a name turned round.
const SWAPPED: f32 = 0.78;
/// What is left where father and son alone changed places, and all else stands as it was: that is the father, or another man.
const FATHER_AND_SON: f32 = 0.7;
/// Bits of information in an initial.
pub(crate) const INITIAL_BITS: f32 = 3.0;
/// What is left of a match in which nothing but initials met: below every threshold that the candidate search is asked for.
pub(crate) const ONLY_INITIALS: f32 = 0.5;
/// Weight of legal forms of different families: a state enterprise that became a company.
const LEGAL_CONFLICT: f32 = 0.3;
/// Weight of legal forms of which one does business and the other does not: a charity and a company of one name are two parties.
const LEGAL_CONTRADICTION: f32 = 0.75;

/// Share of the heavier word's surplus that contradicts too where two firms' names begin with different words.
const HEADS_DIFFER: f32 = 0.5;

/// Share of the weight of a person's first or last name that it costs more than one between where it is left over.
const ENDS: f32 = 0.11;

/// Weight of generic words that counts even where no telling word met.
const GENERIC_FREE: f32 = 0.4;

/// Share of the weight of a firm's head that it costs more than another word where only one name has it.
const HEADLESS: f32 = 0.5;

/// Legal forms of one name that are looked at.
const MAX_FORMS: usize = 4;

/// A join must be nearly exact; where the name has numbers or initials, wholly: a letter that differs belongs to one of its
/// parts, and is judged there (`Bong 6` is not `Bong 5`, whatever stands before).
pub(crate) const MIN_JOIN: f32 = 0.9;
const MIN_STRICT_JOIN: f32 = 0.99;
/// Most that the words without a match may weigh against the telling ones that met, for two whole names to be compared as one
/// word each.
const MAX_LEFT: f32 = 1.25;
/// What being written apart takes off.
const JOIN_FACTOR: f32 = 0.97;

impl<F: Fn(usize, usize) -> Likeness> Pair<'_, F> {
    /// Aligns; the links taken are left in the scratch.
    pub(crate) fn align(&self, scratch: &mut AlignScratch) -> Alignment {
        self.collect_links(scratch);
        // Best first; ties by weight, then by place, so that the order is total and the same everywhere.
        let order = |one: &Link, other: &Link| {
            (other.likeness.score.total_cmp(&one.likeness.score))
                .then(other.weight.total_cmp(&one.weight))
                .then(one.query.cmp(&other.query))
                .then(one.entity.cmp(&other.entity))
        };
        scratch.links.sort_unstable_by(order);
        scratch.wholes.sort_unstable_by(order);
        let AlignScratch { links, wholes, taken, other } = scratch;
        let mut best = self.take(None, links, taken);
        // A name written together as a whole hides better links behind single words that are equal too: both are tried.
        if let Some(whole) = wholes.iter().find(|link| self.joins_fairly(link, taken)) {
            let joined = self.take(Some(whole), links, other);
            if joined.score > best.score {
                std::mem::swap(taken, other);
                best = joined;
            }
        }
        best
    }

    /// Takes links best first, each token once, after `first`.
    fn take(&self, first: Option<&Link>, links: &[Link], taken: &mut Vec<Link>) -> Alignment {
        taken.clear();
        let (mut query_used, mut entity_used) = (0u64, 0u64);
        for link in first.into_iter().chain(links) {
            if link.query & query_used == 0 && link.entity & entity_used == 0 {
                query_used |= link.query;
                entity_used |= link.entity;
                taken.push(*link);
            }
        }
        self.weigh(taken, query_used, entity_used)
    }

    fn collect_links(&self, scratch: &mut AlignScratch) {
        let AlignScratch { links, wholes, .. } = scratch;
        links.clear();
        wholes.clear();
        let (n, m) = (self.query.len().min(MAX_TOKENS), self.entity.len().min(MAX_TOKENS));
        for i in 0..n {
            for j in 0..m {
                let likeness = (self.likeness)(i, j);
                if likeness.score > 0.0 {
                    let weight = self.query[i].weight;
                    links.push(Link { query: 1 << i, entity: 1 << j, weight, likeness });
                }
            }
        }
        let brittle = |part: &Part| matches!(part.role, Role::Number(_) | Role::Initial);
        let strict = self.query.iter().chain(self.entity).any(brittle);
        let least = if strict { MIN_STRICT_JOIN } else { MIN_JOIN };
        for joined in self.joined.iter().filter(|joined| joined.score >= least) {
            let likeness = Likeness { score: joined.score * JOIN_FACTOR, how: How::Joined };
            let weight = self.weight_of(joined.query);
            let link = Link { query: joined.query, entity: joined.entity, weight, likeness };
            if joined.whole { wholes.push(link) } else { links.push(link) }
        }
    }

    /// Whether a link of whole names may be taken. Where both sides are of several words and letters differ, they belong to words
    /// that met nothing one by one: these must be the lesser part of both whole names, generic words aside (`KU JA YOUNG`, `KU JA
    /// HYONG`; but not `NPO Kvant`, `NPO Vint`). Between scripts the words of a name are often cut otherwise.
    fn joins_fairly(&self, link: &Link, taken: &[Link]) -> bool {
        let several = link.query.count_ones() > 1 && link.entity.count_ones() > 1;
        if !several || link.likeness.score >= MIN_STRICT_JOIN * JOIN_FACTOR {
            return true;
        }
        if self
            .joined
            .iter()
            .any(|joined| (joined.query, joined.entity) == (link.query, link.entity) && joined.consonants)
        {
            return true;
        }
        let covers = |parts: &[Part], bits: u64| left(parts, bits).0 == 0;
        if !covers(self.query, link.query) || !covers(self.entity, link.entity) {
            return false;
        }
        let met = taken.iter().fold((0, 0), |met, link| (met.0 | link.query, met.1 | link.entity));
        if left(self.query, met.0).0 == 0 && left(self.entity, met.1).0 == 0 {
            // Each word has met its own, and how alike they are was judged there: `Maria Lopez`, `Mario Lopez`.
            return false;
        }
        let weights = |parts: &[Part], met: u64| {
            let parts = parts.iter().take(MAX_TOKENS).enumerate().filter(|(_, part)| distinguishes(part.role));
            parts.fold((0.0, 0.0), |(told, left), (at, part)| match met & (1 << at) {
                0 => (told, left + part.weight),
                _ if part.generic => (told, left),
                _ => (told + part.weight, left),
            })
        };
        let (ours, theirs) = (weights(self.query, met.0), weights(self.entity, met.1));
        ours.1 <= MAX_LEFT * ours.0 && theirs.1 <= MAX_LEFT * theirs.0
    }

    fn weight_of(&self, query: u64) -> f32 {
        let chosen = self.query.iter().enumerate().filter(|(at, _)| query & (1 << at) != 0);
        chosen.map(|(_, part)| part.weight).sum()
    }

    fn weigh(&self, taken: &[Link], query_used: u64, entity_used: u64) -> Alignment {
        let Costs { query_extra, entity_extra, contradiction } = self.class.costs();
        let (mut met, mut weight, mut bits, mut n_met) = (0.0f32, 0.0f32, 0.0f32, 0u32);
        let (mut exact, mut n_full) = (true, 0u32);
        let (mut told, mut generic) = (0.0f32, 0.0f32);
        for link in taken {
            met += link.weight * link.likeness.score;
            weight += link.weight;
            exact &= link.likeness.score >= 0.97;
            if link.likeness.how == How::Joined {
                // Written apart, a word has no more information than together: `Q a s e m` and `Qasem`.
                let of = |parts: &[Part], taken: u64| -> f32 {
                    let parts = parts.iter().take(MAX_TOKENS).enumerate();
                    parts.filter(|(at, _)| taken & (1 << at) != 0).map(|(_, part)| part.bits).sum()
                };
                bits += of(self.query, link.query).min(of(self.entity, link.entity)) * link.likeness.score;
            }
            for (_, part) in self.query.iter().enumerate().filter(|(at, _)| link.query & (1 << at) != 0) {
                if distinguishes(part.role) {
                    *(if part.generic { &mut generic } else { &mut told }) += part.weight * link.likeness.score;
                    n_met += 1;
                    if link.likeness.how == How::Joined {
                        n_full += 1;
                    } else if link.likeness.how == How::Initial || part.role == Role::Initial {
                        // A letter is shared by one name in a dozen.
                        bits += INITIAL_BITS;
                    } else {
                        // A word with letters wrong tells no more than the word it was.
                        let theirs = self.entity.get(link.entity.trailing_zeros() as usize);
                        bits += part.bits.min(theirs.map_or(part.bits, |part| part.bits)) * link.likeness.score;
                        n_full += 1;
                    }
                }
            }
        }
        // Initials alone are everybody's, unless the whole name is made of them on both sides.
        // So is a single letter or figure, whatever it stands for: `A`, `1`.
        // With its legal form it is a firm's whole name: `P AD Ltd.`.
        let bare = n_met == 1 && bits <= INITIAL_BITS && (taken.len() == 1 || self.class == Class::Person);
        let mut initials = 0.0;
        if bare || n_full == 0 && !taken.iter().all(|link| link.likeness.how != How::Initial) {
            initials = met * (1.0 - ONLY_INITIALS);
            met *= ONLY_INITIALS;
        }
        let (query_left, query_weight) = left(self.query, query_used);
        let missing = query_extra * spare(self.query, query_left, query_weight);
        let (entity_left, entity_weight) = left(self.entity, entity_used);
        let least = query_weight.min(entity_weight);
        // Names that begin differently contradict each other there by more than the lesser of the two words.
        let first = |parts: &[Part], left: u64| {
            let head = parts.iter().take(MAX_TOKENS).position(|part| part.role == Role::Name);
            head.is_some_and(|at| left & (1 << at) != 0)
        };
        let heads =
            self.class == Class::Organization && first(self.query, query_left) && first(self.entity, entity_left);
        let headless = |parts: &[Part], left: u64| -> f32 {
            let at = head(self.class, &parts[..parts.len().min(MAX_TOKENS)]);
            let lost = at.filter(|at| left & (1 << at) != 0).and_then(|at| parts.get(at));
            lost.map_or(0.0, |part| part.weight)
        };
        let headless = match (headless(self.query, query_left), headless(self.entity, entity_left)) {
            (ours, theirs) if ours == 0.0 || theirs == 0.0 => HEADLESS * (ours + theirs),
            _ => 0.0,
        };
        let spread = query_weight.max(entity_weight) - least;
        let contradicting = if heads { least + HEADS_DIFFER * spread } else { least };
        let legal_conflict = self.legal_conflict(query_used, entity_used);
        // Where the first or the last name is among those left, more is missing than a link of the chain.
        let ends = if self.class == Class::Person {
            ENDS * (at_ends(self.query, query_left) + at_ends(self.entity, entity_left))
        } else {
            0.0
        };
        let cost = legal_conflict
            + ends
            + headless
            + contradiction * 2.0 * contradicting
            + missing * (query_weight - contradicting).max(0.0)
            + entity_extra * (entity_weight - contradicting).max(0.0)
            // What does not distinguish costs a little when the query has it and the entity lacks it.
            + query_extra * (self.whole_weight() - weight - query_weight).max(0.0);
        // Generic words vouch for no more than the telling words beside them: they must not water down what contradicts.
        let surplus =
            if self.class == Class::Organization { (generic - told - GENERIC_FREE).clamp(0.0, met) } else { 0.0 };
        let extra = |contradicting: f32| {
            let ours = missing * (query_weight - contradicting).max(0.0);
            (ours, entity_extra * (entity_weight - contradicting).max(0.0))
        };
        let left_over = |contradicting: f32| {
            let (ours, theirs) = extra(contradicting);
            contradiction * 2.0 * contradicting + ours + theirs
        };
        let swapped =
            if self.class == Class::Person { self.sons_swapped(taken, (query_used, entity_used)) } else { 1.0 };
        let account = Account {
            linked: weight,
            met: met + initials,
            initials,
            contradiction: contradiction * 2.0 * least,
            query_extra: extra(least).0,
            entity_extra: extra(least).1,
            heads: if heads { left_over(contradicting) - left_over(least) } else { 0.0 },
            headless,
            ends,
            legal: legal_conflict,
            loose: query_extra * (self.whole_weight() - weight - query_weight).max(0.0),
            surplus,
            swapped,
        };
        let (met, weight) = (met - surplus, weight - surplus);
        let total = weight + cost;
        // Particles, titles and legal forms alone say nothing.
        let mut score = if n_met > 0 && total > 0.0 { met / total } else { 0.0 };
        score *= swapped;
        let against = bare || swapped < 1.0 || legal_conflict >= LEGAL_CONTRADICTION;
        Alignment {
            score,
            bits,
            n_met,
            whole: exact && query_left == 0 && entity_left == 0 && n_met > 0 && !against,
            query_left,
            entity_left,
            account,
        }
    }

    /// What it costs that both names have a legal form and none of them met.
    fn legal_conflict(&self, query_used: u64, entity_used: u64) -> f32 {
        fn forms(parts: &[Part]) -> impl Iterator<Item = (usize, LegalForm)> {
            let parts = parts.iter().take(MAX_TOKENS).enumerate();
            parts.filter_map(|(at, part)| if let Role::Legal(form) = part.role { Some((at, form)) } else { None })
        }
        let met = |parts: &[Part], used: u64| forms(parts).any(|(at, _)| used & (1 << at) != 0);
        let has = |parts: &[Part]| forms(parts).next().is_some();
        if !has(self.query) || !has(self.entity) || met(self.query, query_used) || met(self.entity, entity_used) {
            return 0.0;
        }
        let contradict = forms(self.query)
            .take(MAX_FORMS)
            .all(|(_, ours)| forms(self.entity).take(MAX_FORMS).all(|(_, theirs)| legal::contradict(ours, theirs)));
        if contradict { LEGAL_CONTRADICTION } else { LEGAL_CONFLICT }
    }

    /// What is left where father and son changed places: in a name with *bin*, *ibn*, *bint* or the like, on either side, the parts that
    /// met stand in another order, and not just with the last part first. 1 where they did not.
    fn sons_swapped(&self, taken: &[Link], used: (u64, u64)) -> f32 {
        if !self.filiation {
            return 1.0;
        }
        let named = |link: &&Link| {
            let at = link.query.trailing_zeros() as usize;
            self.query.get(at).is_some_and(|part| matches!(part.role, Role::Name))
        };
        let mut places = [(0u32, 0u32); MAX_TOKENS];
        let mut n = 0;
        for (slot, link) in places.iter_mut().zip(taken.iter().filter(named)) {
            *slot = (link.query.trailing_zeros(), link.entity.trailing_zeros());
            n += 1;
        }
        let places = &mut places[..n];
        places.sort_unstable();
        // A rotation has one descent at most, the last to the first counted.
        let descents = places.windows(2).filter(|pair| pair[0].1 > pair[1].1).count();
        let closing = match places {
            [first, .., last] => usize::from(last.1 > first.1),
            _ => 0,
        };
        if descents + closing <= 1 {
            return 1.0;
        }
        // Two neighbours changed places, *son of* between them, and all others stand as they did.
        let at = places.windows(2).position(|pair| pair[0].1 > pair[1].1).filter(|_| descents == 1);
        let pair = at.and_then(|at| Some((at, *places.get(at)?, *places.get(at + 1)?)));
        let alone = pair.is_some_and(|(at, son, father)| {
            let before = at.checked_sub(1).and_then(|at| places.get(at));
            let after = places.get(at + 2);
            let between = self.query.get(son.0 as usize..father.0 as usize).unwrap_or_default();
            // A father of the same name may stand in his place too: `X ben Omar Y ben Omar`.
            let free = |from: u32, parts: &[Part], used: u64| {
                (from as usize + 1..parts.len().min(MAX_TOKENS)).filter(move |at| used & (1 << at) == 0)
            };
            let another = free(son.1, self.entity, used.1).any(|at| (self.likeness)(father.0 as usize, at).score > 0.0)
                || free(father.0, self.query, used.0).any(|at| (self.likeness)(at, son.1 as usize).score > 0.0);
            before.is_none_or(|before| before.1 < father.1)
                && after.is_none_or(|after| after.1 > son.1)
                && between.iter().any(|part| part.role == Role::Particle)
                && !another
        });
        if alone { FATHER_AND_SON } else { SWAPPED }
    }

    fn whole_weight(&self) -> f32 {
        self.query.iter().map(|part| part.weight).sum()
    }
}

/// Weight of the first and the last name of a person, of those that are left over.
fn at_ends(parts: &[Part], left: u64) -> f32 {
    let names = || parts.iter().take(MAX_TOKENS).enumerate().filter(|(_, part)| part.role == Role::Name);
    let ends = [names().next(), names().next_back()];
    let ends = ends.iter().flatten().filter(|(at, _)| left & (1 << at) != 0);
    ends.map(|(_, part)| part.weight).sum()
}

/// What the parts left over, of that weight, cost as a share of what they would if papers never left them out.
fn spare(parts: &[Part], left: u64, weight: f32) -> f32 {
    let lighter =
        parts.iter().take(MAX_TOKENS).enumerate().filter(|(at, part)| part.spare < 1.0 && left & (1 << at) != 0);
    let saved: f32 = lighter.map(|(_, part)| part.weight * (1.0 - part.spare)).sum();
    if saved > 0.0 { 1.0 - saved / weight } else { 1.0 }
}

/// Distinguishing tokens that no link took, and their weight.
fn left(parts: &[Part], used: u64) -> (u64, f32) {
    let mut bits = 0;
    let mut weight = 0.0;
    for (at, part) in parts.iter().enumerate() {
        if distinguishes(part.role) && (at >= 64 || used & (1 << at) == 0) {
            bits |= if at < 64 { 1 << at } else { 0 };
            weight += part.weight;
        }
    }
    (bits, weight)
}
