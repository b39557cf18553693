//! A score taken apart again: which part met which, what weighed how much, what spoke against it, and where each came from.
//!
//! Idea: the pair is aligned once more with all links kept, so that an explanation shows the very computation and not a story
//! about it. The tree is data (`Explanation`, JSON by serde); [`Explanation::lines`] says it in sentences.
//! Cost: unpacks the entity's body; only hits that are shown are explained.

use interdict_model::{Entity, Origin, Property};
use interdict_snapshot::facts::{NameFact, countries_into};
use interdict_snapshot::{Corrupt, EntityOrd, NameGrade, PartyView, Snapshot};
use interdict_text::{Role, Text};
use serde::Serialize;

use crate::align::{Alignment, Link, Part};
use crate::fields::{self, FieldPoint, FieldRule, FieldScore, Told};
use crate::memo::Source;
use crate::query::Query;
use crate::score::{align_form, ceiling, combine, links, load_form, name_score, room};
use crate::screen::{Match, Scratch, Screener};
use crate::similar::How;
use crate::weigh::{Class, distinguishes};

/// Why a pair has its score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The score, as screening gave it.
    pub score: f32,
    /// How the names met; absent where only an identifier did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<NameReason>,
    /// What the other fields added or took.
    pub fields: Vec<FieldReason>,
}

/// How two names met.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NameReason {
    /// The query's name.
    pub query: String,
    /// The entity's name.
    pub entity: String,
    /// The property that the entity's name stands on.
    pub property: String,
    /// Whether it is a weak alias.
    pub weak: bool,
    /// List, version and record that the entity's name came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// Weighted likeness of the parts, leftovers counted, 0 to 1.
    pub agreement: f32,
    /// The best that parts of so much information can score.
    pub ceiling: f32,
    /// Bits of information in the parts that met.
    pub bits: f32,
    /// Score of the name before the fields.
    pub score: f32,
    /// Parts, in the order of the query's name.
    pub parts: Vec<PartReason>,
    /// What took the name below the best that its parts can score, or lifted it; `ceiling` and all points add up to `score`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub costs: Vec<CostReason>,
}

/// What a name lost by one rule, or was lifted by.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CostReason {
    /// The rule.
    pub rule: CostRule,
    /// Added to the score; mostly less than 0.
    pub points: f32,
}

/// Why a name scores less than the best that its parts can score, or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CostRule {
    /// Parts that met are not equal.
    Unlike,
    /// Only initials met, or a single letter or figure.
    OnlyInitials,
    /// Each name has words that the other lacks.
    Contradiction,
    /// The listed name lacks words of the query.
    Missing,
    /// The query lacks words of the listed name.
    Extra,
    /// The firms' names begin with different words.
    FirstWordDiffers,
    /// The first telling word of one firm's name is none of the other's.
    FirstWordMissing,
    /// A person's first or last name is among what is left over.
    Ends,
    /// The legal forms differ.
    LegalForms,
    /// Particles, titles, forms that the listed name lacks.
    Loose,
    /// Generic words count for no more than the telling ones beside them.
    GenericSurplus,
    /// Nothing that tells met.
    NothingTells,
    /// Father and son changed places.
    FatherAndSon,
    /// The listed name is a weak alias.
    WeakAlias,
    /// Whole names that are equal score so much at least.
    WholeName,
}

/// What became of a part of a name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PartReason {
    /// The query's part; empty where only the entity's name has it.
    pub query: String,
    /// The entity's part; empty where it lacks it.
    pub entity: String,
    /// In what way they are alike.
    pub how: PartHow,
    /// 0 to 1.
    pub likeness: f32,
    /// Weight in the name.
    pub weight: f32,
}

/// In what way parts met, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of `How`, and the two ways of not being met")]
pub enum PartHow {
    Exact,
    Transliterated,
    Translated,
    Equivalent,
    Diminutive,
    Edited,
    Consonants,
    Phonetic,
    Initial,
    Number,
    LegalForm,
    Joined,
    Homophone,
    Syllable,
    Reversed,
    Gender,
    /// Only the query has it.
    Missing,
    /// Only the entity has it.
    Extra,
}

impl From<How> for PartHow {
    fn from(how: How) -> PartHow {
        match how {
            How::Exact => PartHow::Exact,
            How::Transliterated => PartHow::Transliterated,
            How::Equivalent => PartHow::Equivalent,
            How::Diminutive => PartHow::Diminutive,
            How::Edited => PartHow::Edited,
            How::Consonants => PartHow::Consonants,
            How::Phonetic => PartHow::Phonetic,
            How::Initial => PartHow::Initial,
            How::Number => PartHow::Number,
            How::LegalForm => PartHow::LegalForm,
            How::Joined => PartHow::Joined,
            How::Homophone => PartHow::Homophone,
            How::Syllable => PartHow::Syllable,
            How::Reversed => PartHow::Reversed,
            How::Gender => PartHow::Gender,
            How::Translated => PartHow::Translated,
            How::Different => PartHow::Missing,
        }
    }
}

/// What a field added or took.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldReason {
    /// The rule.
    pub rule: &'static str,
    /// Added to the score, less than the rule gives where the name alone comes near 1; for an equal identifier the least score that it earns.
    pub points: f32,
    /// What the query says.
    pub query: String,
    /// What the entity says.
    pub entity: String,
    /// Property of an identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property: Option<&'static str>,
    /// The document or wallet that an identifier stands on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// List, version and record that an identifier of the entity's own came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// Takes the score of a match apart.
pub fn explain(
    query: &Query,
    snapshot: &Snapshot,
    found: &Match,
    scratch: &mut Scratch,
) -> Result<Explanation, Corrupt> {
    explain_with(query, snapshot, found, &snapshot.entity(found.entity)?, scratch)
}

/// Why a query and one entity have the score that they have, also where that is no hit, or nothing at all: of a schema that the query does not
/// ask the score is 0, and that is said.
pub fn explain_pair(
    query: &Query,
    snapshot: &Snapshot,
    entity: EntityOrd,
    scratch: &mut Scratch,
) -> Result<Explanation, Corrupt> {
    let schema = snapshot.schema(entity)?;
    if !query.schema.asks(schema) {
        let (query, entity) = (query.schema.name().to_owned(), schema.name().to_owned());
        let differs =
            FieldReason { rule: "schema_differs", points: 0.0, query, entity, property: None, via: None, origin: None };
        return Ok(Explanation { score: 0.0, name: None, fields: vec![differs] });
    }
    let found = Screener::new(snapshot).pair(query, entity, scratch)?;
    explain(query, snapshot, &found, scratch)
}

/// As [`explain`], by who has the entity at hand: nothing is unpacked.
pub fn explain_with(
    query: &Query,
    snapshot: &Snapshot,
    found: &Match,
    entity: &Entity,
    scratch: &mut Scratch,
) -> Result<Explanation, Corrupt> {
    let party = snapshot.party(found.entity)?;
    let class = Class::of(query.schema, party.schema);
    scratch.start(snapshot, query, Source::Compared);
    let mut name = None;
    let mut base = 0.0;
    if let Some((form, ord)) = found.scored.best
        && let Some(form) = query.forms.get(form)
    {
        let view = snapshot.name(ord)?;
        load_form(query, snapshot, view.tokens(), class, scratch)?;
        let alignment = align_form(query, snapshot, form, class, true, scratch)?;
        base = name_score(&alignment, view.grade, class);
        let tokens: Vec<String> = query.tokens_of(form).map(shown).collect();
        let mut theirs = Vec::new();
        for token in view.tokens() {
            let token = snapshot.token(token)?;
            theirs.push(if token.native.is_empty() {
                token.text.to_owned()
            } else {
                format!("{} ({})", token.native, token.text)
            });
        }
        let parts = parts(links(scratch), (&tokens, query.parts_of(form, class)), (&theirs, &scratch.entity_parts));
        let text = view.text.get()?;
        let property = view.property.map_or("name", Property::name);
        name = Some(NameReason {
            query: query.names.get(form.name).map(|name: &NameFact| name.text.clone()).unwrap_or_default(),
            entity: text.to_owned(),
            property: property.to_owned(),
            weak: view.grade == NameGrade::Weak,
            origin: origin_of(entity, property, text),
            agreement: alignment.score,
            ceiling: ceiling(alignment.bits),
            bits: alignment.bits,
            score: base,
            parts,
            costs: costs(&alignment, view.grade, base),
        });
    }
    let mut points = field_points(query, snapshot, &party, entity, class)?;
    for point in points.iter_mut().filter(|point| point.points > 0.0 && point.rule != FieldRule::IdentifierSame) {
        point.points *= room(base);
    }
    let compared = fields::compare(query, snapshot, &party, class, |_, _, _| {})?;
    let score = combine(base, &compared);
    debug_assert!((score - found.scored.score).abs() < 1e-6, "an explanation explains the score that was given");
    let mut fields: Vec<FieldReason> = points.into_iter().map(FieldReason::of).collect();
    for field in &mut fields {
        field.origin = field.property.and_then(|property| origin_of(entity, property, &field.entity));
    }
    // What is there beyond the floor or the name with its points, whichever is more.
    let without = combine(base, &FieldScore { floor: 0.0, ..compared }).max(compared.floor);
    if compared.floor > 0.0 && score > without {
        fields.push(FieldReason::both(score - without));
    }
    Ok(Explanation { score: found.scored.score, name, fields })
}

/// Where a value of an entity came from.
fn origin_of(entity: &Entity, property: &str, text: &str) -> Option<Origin> {
    entity.get(property).iter().find(|value| &*value.text == text).map(|value| value.origin.clone())
}

/// What took a name below the best that its parts can score: each weight of the account as its share of all, the rest by what each
/// step of the score changed.
fn costs(alignment: &Alignment, grade: NameGrade, base: f32) -> Vec<CostReason> {
    let account = &alignment.account;
    let most = ceiling(alignment.bits);
    let shares = [
        (CostRule::Unlike, account.linked - account.met),
        (CostRule::OnlyInitials, account.initials),
        (CostRule::Contradiction, account.contradiction),
        (CostRule::Missing, account.query_extra),
        (CostRule::Extra, account.entity_extra),
        (CostRule::FirstWordDiffers, account.heads),
        (CostRule::FirstWordMissing, account.headless),
        (CostRule::Ends, account.ends),
        (CostRule::LegalForms, account.legal),
        (CostRule::Loose, account.loose),
    ];
    let total = account.linked + shares.iter().skip(2).map(|(_, share)| share).sum::<f32>();
    let mut ledger = Ledger { found: Vec::new(), score: most };
    for (rule, share) in shares.into_iter().filter(|_| total > 0.0) {
        ledger.add(rule, -most * share / total);
    }
    let rest = if alignment.n_met == 0 { CostRule::NothingTells } else { CostRule::GenericSurplus };
    ledger.reach(rest, alignment.score / account.swapped * most);
    ledger.reach(CostRule::FatherAndSon, alignment.score * most);
    let is_weak = grade == NameGrade::Weak && base < ledger.score;
    ledger.reach(if is_weak { CostRule::WeakAlias } else { CostRule::WholeName }, base);
    ledger.found
}

/// A score on its way from the best that it can be to what it is.
struct Ledger {
    found: Vec<CostReason>,
    score: f32,
}

impl Ledger {
    fn add(&mut self, rule: CostRule, points: f32) {
        if points.abs() > LEAST_POINTS {
            self.found.push(CostReason { rule, points });
        }
        self.score += points;
    }

    /// Adds what is wanting to a score.
    fn reach(&mut self, rule: CostRule, score: f32) {
        self.add(rule, score - self.score);
    }
}

/// Points below which nothing is told: rounding.
const LEAST_POINTS: f32 = 1e-6;

/// How a part is shown: in its own script with its reading, or just as it is.
fn shown(token: &interdict_snapshot::TokenFacts) -> String {
    if token.native.is_empty() { token.text.to_string() } else { format!("{} ({})", token.native, token.text) }
}

/// Pairs and leftovers in the order of the query's name, then what only the entity has.
fn parts(links: &[Link], ours: (&[String], &[Part]), theirs: (&[String], &[Part])) -> Vec<PartReason> {
    let pick = |names: &[String], bits: u64| {
        let chosen = names.iter().enumerate().filter(|(at, _)| *at < 64 && bits & (1 << at) != 0);
        chosen.map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(" ")
    };
    let (mut used_ours, mut used_theirs) = (0u64, 0u64);
    let mut found: Vec<(u32, PartReason)> = Vec::new();
    for link in links {
        used_ours |= link.query;
        used_theirs |= link.entity;
        let reason = PartReason {
            query: pick(ours.0, link.query),
            entity: pick(theirs.0, link.entity),
            how: link.likeness.how.into(),
            likeness: link.likeness.score,
            weight: link.weight,
        };
        found.push((link.query.trailing_zeros(), reason));
    }
    let left = |(names, parts): (&[String], &[Part]), used: u64| {
        let free = |at: usize| at >= 64 || used & (1 << at) == 0;
        let shown = parts
            .iter()
            .enumerate()
            .filter(|(at, part)| free(*at) && (distinguishes(part.role) || matches!(part.role, Role::Legal(_))));
        shown.map(|(at, part)| (at as u32, names.get(at).cloned().unwrap_or_default(), part.weight)).collect::<Vec<_>>()
    };
    for (at, name, weight) in left(ours, used_ours) {
        found.push((
            at,
            PartReason { query: name, entity: String::new(), how: PartHow::Missing, likeness: 0.0, weight },
        ));
    }
    for (at, name, weight) in left(theirs, used_theirs) {
        found.push((
            1000 + at,
            PartReason { query: String::new(), entity: name, how: PartHow::Extra, likeness: 0.0, weight },
        ));
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, reason)| reason).collect()
}

/// The points of all fields with what each side says.
fn field_points(
    query: &Query,
    snapshot: &Snapshot,
    party: &PartyView<'_>,
    entity: &Entity,
    class: Class,
) -> Result<Vec<FieldPoint>, Corrupt> {
    let mut found = Vec::new();
    let texts = |names: &[&str]| {
        let values = names.iter().flat_map(|name| entity.get(name)).map(|value| value.text.to_string());
        values.collect::<Vec<_>>().join(", ")
    };
    let genders = |bits: u8| match bits {
        1 => "male",
        2 => "female",
        _ => "other",
    };
    let fields = fields::compare(query, snapshot, party, class, |rule, points, told| {
        let mut point =
            FieldPoint { rule, points, query: String::new(), entity: String::new(), via: None, property: None };
        match told {
            Told::Date(at) => {
                point.query = query.date_texts.get(at).map(Text::to_string).unwrap_or_default();
                point.entity = texts(&["birthDate", "incorporationDate", "buildDate"]);
            }
            Told::Countries => {
                let ours: Vec<&str> = query.countries.iter().map(|(country, _)| country.name()).collect();
                point.query = ours.join(", ");
                let mut listed = Vec::new();
                countries_into(entity, &mut listed);
                let mut theirs: Vec<&str> = listed.iter().map(|(country, _)| country.name()).collect();
                theirs.sort_unstable();
                theirs.dedup();
                point.entity = theirs.join(", ");
            }
            Told::Gender => {
                genders(query.genders).clone_into(&mut point.query);
                genders(party.genders).clone_into(&mut point.entity);
            }
            Told::Address => point.entity = texts(&["address", "birthPlace"]),
            Told::Identifier(ours, theirs) => {
                point.query.clone_from(&ours.text);
                theirs.text.clone_into(&mut point.entity);
                point.property = theirs.property.map(Property::name);
                point.via = theirs.via.and_then(|via| snapshot.party(via).ok()).map(|via| via.id.to_owned());
            }
        }
        found.push(point);
    })?;
    for point in &mut found {
        if point.rule == FieldRule::IdentifierSame {
            point.points = fields.floor;
        }
    }
    Ok(found)
}

impl FieldReason {
    fn of(point: FieldPoint) -> FieldReason {
        let rule = match point.rule {
            FieldRule::DateSame => "date_same",
            FieldRule::DateFits => "date_fits",
            FieldRule::DateNear => "date_near",
            FieldRule::DateDiffers => "date_differs",
            FieldRule::CountrySame => "country_same",
            FieldRule::CountryDiffers => "country_differs",
            FieldRule::GenderDiffers => "gender_differs",
            FieldRule::AddressSame => "address_same",
            FieldRule::IdentifierSame => "identifier_same",
            FieldRule::IdentifierDiffers => "identifier_differs",
        };
        let FieldPoint { points, query, entity, via, property, .. } = point;
        FieldReason { rule, points, query, entity, property, via, origin: None }
    }

    /// A name and an identifier agree.
    fn both(points: f32) -> FieldReason {
        let (query, entity) = (String::new(), String::new());
        FieldReason {
            rule: "name_and_identifier_agree",
            points,
            query,
            entity,
            property: None,
            via: None,
            origin: None,
        }
    }

    fn line(&self) -> String {
        let FieldReason { query, entity, points, .. } = self;
        let said = match self.rule {
            "date_same" => format!("same date: {query}"),
            "date_fits" => format!("dates fit: {query} and {entity}"),
            "date_near" => format!("dates are near: {query} and {entity}"),
            "date_differs" => format!("dates differ: {query}, but the list has {entity}"),
            "country_same" => format!("country in common: {query} and {entity}"),
            "country_differs" => format!("countries differ: {query}, but the list has {entity}"),
            "gender_differs" => format!("gender differs: {query}, but the list has {entity}"),
            "address_same" => "words of the address in common".to_owned(),
            "schema_differs" => {
                return format!("a {query} is asked for, and this is a {entity}: they are never one party");
            }
            "name_and_identifier_agree" => "the name agrees as well as the identifier".to_owned(),
            "identifier_same" => {
                let property = self.property.unwrap_or("identifier");
                let via = self.via.as_ref().map(|via| format!(" on {via}")).unwrap_or_default();
                let from = self.origin.as_ref().map(said_of).unwrap_or_default();
                return format!("same {property} {entity}{via}{from}: at least {points:.2} whatever the name");
            }
            _ => format!("identifiers differ: {query}, but the list has {entity}"),
        };
        format!("{said} ({points:+.2})")
    }
}

impl Explanation {
    /// The explanation in sentences, one a line, for a reader who knows nothing of matching.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(name) = &self.name {
            let kind = match (name.weak, name.property.as_str()) {
                (true, _) => "weak alias",
                (_, "alias") => "alias",
                (_, "previousName") => "former name",
                _ => "name",
            };
            let from = name.origin.as_ref().map(said_of);
            lines.push(format!("{kind} \"{}\"{}", name.entity, from.unwrap_or_default()));
            lines.extend(name.parts.iter().map(|part| format!("  {}", part.line())));
            lines.extend(name.costs.iter().filter(|cost| cost.points.abs() >= SHOWN_POINTS).map(CostReason::line));
            lines.push(format!(
                "  names agree {:.0} %; parts of this rarity reach at most {:.2}: {:.2}",
                name.agreement * 100.0,
                name.ceiling,
                name.score
            ));
        }
        lines.extend(self.fields.iter().map(FieldReason::line));
        lines
    }
}

/// List, version and record, in words.
fn said_of(origin: &Origin) -> String {
    format!(", from {} of {}, record {}", origin.list(), origin.version(), origin.record())
}

/// Points that are told in sentences: what two decimals show.
const SHOWN_POINTS: f32 = 0.005;

impl CostReason {
    fn line(&self) -> String {
        let said = match self.rule {
            CostRule::Unlike => "what met is not equal",
            CostRule::OnlyInitials => "initials or a single letter or figure alone met",
            CostRule::Contradiction => "each name has words that the other lacks: there they contradict",
            CostRule::Missing => "words that the listed name lacks",
            CostRule::Extra => "words that only the listed name has",
            CostRule::FirstWordDiffers => "the names begin with different words",
            CostRule::FirstWordMissing => "the first telling word of one name is none of the other's",
            CostRule::Ends => "a first or last name is left over",
            CostRule::LegalForms => "legal forms differ",
            CostRule::Loose => "particles, titles or forms that the listed name lacks",
            CostRule::GenericSurplus => "everyday words count for no more than the telling ones beside them",
            CostRule::NothingTells => "nothing that tells met",
            CostRule::FatherAndSon => "father and son changed places",
            CostRule::WeakAlias => "a weak alias",
            CostRule::WholeName => "whole names that are equal",
        };
        format!("  {said} ({:+.2})", self.points)
    }
}

impl PartReason {
    fn line(&self) -> String {
        let PartReason { query, entity, likeness, weight, .. } = self;
        let said = match self.how {
            PartHow::Exact | PartHow::Number => return format!("{query} = {entity} (weight {weight:.2})"),
            PartHow::Missing => return format!("{query}: the listed name lacks it (weight {weight:.2})"),
            PartHow::Extra => return format!("{entity}: only the listed name has it (weight {weight:.2})"),
            PartHow::Transliterated => "the same in Latin letters",
            PartHow::Equivalent => "spellings of one name or word",
            PartHow::Diminutive => "a short form",
            PartHow::Edited => "a few letters differ",
            PartHow::Consonants => "the same consonants",
            PartHow::Phonetic => "sounds alike",
            PartHow::Initial => "an initial",
            PartHow::LegalForm => "legal forms",
            PartHow::Joined => "written together or apart",
            PartHow::Homophone => "read alike, written differently",
            PartHow::Syllable => "another syllable, mostly another name",
            PartHow::Gender => "a given name of the other gender, mostly another person",
            PartHow::Reversed => "the letters in reverse",
            PartHow::Translated => "a translation",
        };
        format!("{query} ~ {entity}: {said} ({:.0} %, weight {weight:.2})", likeness * 100.0)
    }
}
