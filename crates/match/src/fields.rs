//! What birth date, country, gender, address and identifiers add to or take from a name's score.
//!
//! Points are added to the name's score on its scale of 0 to 1. Agreement adds at most [`most`]; contradiction takes more than
//! agreement gives, as two parties of one name are common and one party with two birth dates is not. Identifiers set a floor:
//! an equal number is the party, whatever the spelling of its name.
//! The figures are ours, set on the judged cases; `docs/matching.md` discusses them.

use interdict_model::Property;
use interdict_snapshot::facts::{CheckResult, DateKind, IdentifierFact};
use interdict_snapshot::{Corrupt, DateFact, PartyView, Snapshot};

use crate::query::Query;
use crate::weigh::Class;

/// Which rule gave points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldRule {
    /// The same day.
    DateSame,
    /// The same month, or the same year where one side knows no more.
    DateFits,
    /// Within what *circa* and ranges allow, or a slip of the pen away: day and month swapped, one part mistyped.
    DateNear,
    /// Another date.
    DateDiffers,
    /// A country in common.
    CountrySame,
    /// No country in common.
    CountryDiffers,
    /// Another gender.
    GenderDiffers,
    /// Words of an address in common.
    AddressSame,
    /// An identifier in common.
    IdentifierSame,
    /// Both have an identifier of one kind with good check digits, and they differ.
    IdentifierDiffers,
}

/// Points with what they are for.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldPoint {
    /// Which rule.
    pub rule: FieldRule,
    /// Added to the score; for `IdentifierSame` the floor that it sets.
    pub points: f32,
    /// What the query says.
    pub query: String,
    /// What the entity says.
    pub entity: String,
    /// The document or wallet that an identifier stands on, by its id.
    pub via: Option<String>,
    /// The property that an identifier stands on.
    pub property: Option<&'static str>,
}

const DATE_SAME: f32 = 0.08;
const COUNTRY_SAME: f32 = 0.02;
const ADDRESS_SAME: f32 = 0.03;

/// The most that the fields of a query can add to a name's score.
pub(crate) fn most(query: &Query) -> f32 {
    let mut most = 0.0;
    if !query.dates.is_empty() {
        most += DATE_SAME;
    }
    if !query.countries.is_empty() {
        most += COUNTRY_SAME;
    }
    if !query.address_tokens.is_empty() {
        most += ADDRESS_SAME;
    }
    most
}

/// What the fields say of a pair.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct FieldScore {
    /// Sum of points given.
    pub(crate) added: f32,
    /// Sum of points taken, not negative.
    pub(crate) taken: f32,
    /// Floor that an equal identifier sets; 0 without one.
    pub(crate) floor: f32,
}

/// Compares all fields; `tell` is called for each point given, in the order of the rules.
pub(crate) fn compare(
    query: &Query,
    snapshot: &Snapshot,
    party: &PartyView<'_>,
    class: Class,
    mut tell: impl FnMut(FieldRule, f32, Told<'_>),
) -> Result<FieldScore, Corrupt> {
    let mut score = FieldScore::default();
    let mut give = |rule, points: f32, told: Told<'_>| {
        score.added += points.max(0.0);
        score.taken += (-points).max(0.0);
        tell(rule, points, told);
    };
    if let Some((rule, points, ours)) = dates(query, snapshot, party)? {
        give(rule, points, Told::Date(ours));
    }
    if let Some((rule, points)) = countries(query, snapshot, party, class)? {
        give(rule, points, Told::Countries);
    }
    // Bit 4, *other*, contradicts neither.
    let told = query.genders != 0 && party.genders != 0 && (query.genders | party.genders) & 4 == 0;
    if told && query.genders & party.genders == 0 {
        give(FieldRule::GenderDiffers, -0.15, Told::Gender);
    }
    let share = address_share(query, snapshot, party)?;
    if share > 0.0 {
        give(FieldRule::AddressSame, share * ADDRESS_SAME, Told::Address);
    }
    let Floor { score: floor, settles } = identifiers(query, snapshot, party, &mut give)?;
    // A number that nothing vouches for is shared by strangers too: what speaks against the pair speaks against it.
    score.floor = if settles { floor } else { (floor - score.taken).max(0.0) };
    Ok(score)
}

/// What a point is about, for telling it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Told<'a> {
    Date(usize),
    Countries,
    Gender,
    Address,
    Identifier(&'a IdentifierFact, interdict_snapshot::IdentifierView<'a>),
}

/// The best of all pairs of dates of one kind.
fn dates(
    query: &Query,
    snapshot: &Snapshot,
    party: &PartyView<'_>,
) -> Result<Option<(FieldRule, f32, usize)>, Corrupt> {
    if query.dates.is_empty() {
        return Ok(None);
    }
    let mut best: Option<(FieldRule, f32, usize)> = None;
    for theirs in snapshot.dates(party)? {
        for (at, ours) in query.dates.iter().enumerate().filter(|(_, ours)| ours.kind == theirs.kind) {
            let (rule, points) = date_points(*ours, theirs);
            if best.is_none_or(|(_, best, ..)| points > best) {
                best = Some((rule, points, at));
            }
        }
    }
    Ok(best)
}

/// Days in a year, for gaps between dates.
const YEAR: u32 = 366;

fn date_points(one: DateFact, other: DateFact) -> (FieldRule, f32) {
    let firm = if one.kind == DateKind::Birth { 1.0 } else { 0.5 };
    let circa = one.circa || other.circa;
    if one.first_day <= other.last_day && other.first_day <= one.last_day {
        let span = (one.last_day - one.first_day).max(other.last_day - other.first_day);
        return match (one.month_and_day, other.month_and_day) {
            (Some(_), Some(_)) if !circa => (FieldRule::DateSame, DATE_SAME * firm),
            _ if span < 32 && !circa => (FieldRule::DateFits, 0.05 * firm),
            _ if span <= YEAR && !circa => (FieldRule::DateFits, 0.035 * firm),
            _ => (FieldRule::DateFits, 0.02 * firm),
        };
    }
    let gap =
        if one.first_day > other.last_day { one.first_day - other.last_day } else { other.first_day - one.last_day };
    if let (Some((month, day)), Some((other_month, other_day))) = (one.month_and_day, other.month_and_day) {
        let same_year = gap < YEAR;
        if same_year && month == other_day && day == other_month {
            return (FieldRule::DateNear, 0.0);
        }
        if same_year && (month == other_month || day == other_day) {
            return (FieldRule::DateNear, -0.03 * firm);
        }
        if month == other_month && day == other_day && gap < 11 * YEAR {
            return (FieldRule::DateNear, -0.05 * firm);
        }
    } else if gap <= YEAR {
        return (FieldRule::DateNear, -0.03 * firm);
    }
    let points = match gap {
        _ if circa && gap <= 3 * YEAR => -0.03,
        0..=732 => -0.1,
        733..=1830 => -0.16,
        _ => -0.25,
    };
    (FieldRule::DateDiffers, points * firm)
}

fn countries(
    query: &Query,
    snapshot: &Snapshot,
    party: &PartyView<'_>,
    class: Class,
) -> Result<Option<(FieldRule, f32)>, Corrupt> {
    if query.countries.is_empty() {
        return Ok(None);
    }
    let mut any = false;
    for (theirs, _) in snapshot.countries(party)? {
        any = true;
        if query.countries.iter().any(|(ours, _)| ours.sovereign() == theirs.sovereign()) {
            return Ok(Some((FieldRule::CountrySame, COUNTRY_SAME)));
        }
    }
    let against = match class {
        Class::Person => -0.05,
        Class::Organization => -0.07,
        // Ships change their flag overnight.
        Class::Object => -0.02,
    };
    Ok(any.then_some((FieldRule::CountryDiffers, against)))
}

/// Words of an address that agree where it is the same place: a city alone is not.
const WHOLE_ADDRESS: usize = 3;

/// Share of the smaller side's address words that both have, less where few words agree at all (a city, a postcode); 0 where
/// either has none. Words that all addresses share are no facts.
fn address_share(query: &Query, snapshot: &Snapshot, party: &PartyView<'_>) -> Result<f32, Corrupt> {
    if query.address_tokens.is_empty() {
        return Ok(0.0);
    }
    let theirs = snapshot.address_tokens(party)?;
    let (mut i, mut j, mut same) = (0, 0, 0usize);
    while let (Some(one), Some(other)) = (query.address_tokens.get(i), theirs.get(j)) {
        match one.cmp(&other.get()) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, same) = (i + 1, j + 1, same + 1),
        }
    }
    let smaller = query.address_tokens.len().min(theirs.len()).max(1);
    let enough = same.min(WHOLE_ADDRESS) as f32 / WHOLE_ADDRESS as f32;
    Ok(enough * same as f32 / smaller as f32)
}

fn identifiers(
    query: &Query,
    snapshot: &Snapshot,
    party: &PartyView<'_>,
    give: &mut impl FnMut(FieldRule, f32, Told<'_>),
) -> Result<Floor, Corrupt> {
    let mut floor = Floor::default();
    if query.identifiers.is_empty() {
        return Ok(floor);
    }
    let mut differing: Option<(&IdentifierFact, interdict_snapshot::IdentifierView<'_>)> = None;
    let mut agreeing: Option<(&IdentifierFact, interdict_snapshot::IdentifierView<'_>)> = None;
    for theirs in snapshot.identifiers(party)? {
        let theirs = theirs?;
        for ours in &query.identifiers {
            if ours.key == theirs.key {
                let found = identifier_floor(ours, theirs.property);
                if found.score > floor.score {
                    floor = found;
                    agreeing = Some((ours, theirs));
                }
            } else if Some(ours.property.name()) == theirs.property.map(Property::name)
                && ours.check == CheckResult::Valid
                && theirs.check == CheckResult::Valid
            {
                differing.get_or_insert((ours, theirs));
            }
        }
    }
    match (agreeing, differing) {
        (Some((ours, theirs)), _) => give(FieldRule::IdentifierSame, 0.0, Told::Identifier(ours, theirs)),
        (None, Some((ours, theirs))) => {
            give(FieldRule::IdentifierDiffers, -OTHER_NUMBER, Told::Identifier(ours, theirs));
        }
        (None, None) => {}
    }
    Ok(floor)
}

/// A wallet address carries a checksum in itself, whatever its chain.
const WALLET: f32 = 0.96;

/// What two different numbers of one kind take whose check digits both hold: a slip of the pen is ruled out.
const OTHER_NUMBER: f32 = 0.15;

/// The score that an equal identifier alone earns.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Floor {
    score: f32,
    /// Whether it holds whatever else speaks against the pair.
    settles: bool,
}

/// What an equal identifier earns. Check digits that hold settle it, unless the number stands there for another thing (an INN for a passport);
/// a number of no known kind, or one that stands on properties of
/// different kinds, is strong; a short one wants a look; one whose check digits fail is mistyped or made up, and alone no hit.
fn identifier_floor(ours: &IdentifierFact, theirs: Option<Property>) -> Floor {
    let same_kind = Some(ours.property.name()) == theirs.map(Property::name);
    // Lists give numbers of any kind under a general name.
    let general = |property: Property| {
        matches!(
            property.name(),
            "registrationNumber" | "idNumber" | "taxNumber" | "vatCode" | "publicKey" | "phone" | "email"
        )
    };
    let one_kind = same_kind || general(ours.property) || theirs.is_none_or(general);
    let long = ours.key.chars().count() >= 6;
    let of = |score, settles| Floor { score, settles };
    match ours.check {
        CheckResult::Valid if one_kind => of(0.97, true),
        CheckResult::Valid => of(0.85, false),
        CheckResult::Unchecked if ours.property.name() == "publicKey" => of(WALLET, true),
        CheckResult::Unchecked if long && same_kind => of(0.92, false),
        CheckResult::Unchecked if long => of(0.85, false),
        CheckResult::Unchecked => of(0.75, false),
        CheckResult::Invalid => of(0.65, false),
    }
}

#[cfg(test)]
mod tests {
    use interdict_model::DateSpan;

    use super::*;

    fn points(one: &str, other: &str) -> f32 {
        let fact = |text: &str| DateFact::of_span(DateKind::Birth, DateSpan::parse(text).unwrap());
        let there = date_points(fact(one), fact(other));
        assert_eq!(there, date_points(fact(other), fact(one)), "dates compare the same both ways");
        there.1
    }

    #[test]
    fn better_agreement_never_gives_less() {
        let row = [
            points("1961-03-02", "1961-03-02"),
            points("1961-03-02", "1961-03"),
            points("1961-03-02", "1961"),
            points("1961-03-02", "1961~"),
            points("1961-03-02", "1961-02-03"),
            points("1961-03-02", "1961-03-22"),
            points("1961-03-02", "1971-03-02"),
            points("1961-03-02", "1962-07-11"),
            points("1961-03-02", "1964-07-11"),
            points("1961-03-02", "1984-07-11"),
        ];
        assert!(row.windows(2).all(|pair| pair[0] >= pair[1]), "{row:?}");
        assert!(row[3] > 0.0 && row[9] < -0.2);
    }

    #[test]
    fn ranges_and_circa_are_given_their_room() {
        assert!(points("1962", "1961/1963") > 0.0);
        assert!(points("1964", "1961~") > points("1964", "1961"));
        assert!(points("1966", "1961/1963") < 0.0);
    }
}
