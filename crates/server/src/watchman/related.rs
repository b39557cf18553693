//! What is said of an entity by others that point to it: listings, documents, addresses, wallets, relations.

use interdict_model::{Entity, PropertyType, Schema};
use interdict_snapshot::{Corrupt, EntityOrd};

use super::record::{Address, Affiliation, GovernmentId, Related, Sanctions, texts};
use crate::view::{View, caption};

/// Entities that point to one which are looked at: a bound of the time that one record takes. It is far beyond what a listing has of
/// documents, wallets and relations; a party that owns thousands of firms is shown with the first of them.
const MAX_RELATED: usize = 2000;

/// Numbers that stand on a party itself, under Watchman's types of such numbers where it has one, else under FollowTheMoney's name.
const NUMBERS: &[(&str, &str)] = &[
    ("passportNumber", "passport"),
    ("socialSecurityNumber", "ssn"),
    ("idNumber", "national-id"),
    ("taxNumber", "tax-id"),
    ("innCode", "tax-id"),
    ("vatCode", "tax-id"),
    ("registrationNumber", "business-registration"),
    ("ogrnCode", "business-registration"),
    ("leiCode", "leiCode"),
    ("dunsCode", "dunsCode"),
    ("uniqueEntityId", "uniqueEntityId"),
    ("swiftBic", "swiftBic"),
];

/// The property of a party that a number of one of Watchman's types stands on.
pub(super) fn number_property(kind: &str) -> &'static str {
    match kind {
        "passport" | "diplomatic-passport" => "passportNumber",
        "ssn" => "socialSecurityNumber",
        "tax-id" | "cuit" => "taxNumber",
        "business-registration" | "commercial-registry" => "registrationNumber",
        _ => "idNumber",
    }
}

/// All that is said of a listed entity elsewhere; of several listings that of `list` tells the number of the record.
pub(super) fn of(view: &View, ord: EntityOrd, entity: &Entity, list: &str) -> Result<Related, Corrupt> {
    let mut related = Related::default();
    let mut programs: Vec<String> = texts(entity, "program").map(str::to_owned).collect();
    let mut listings = Vec::new();
    for other in view.snapshot.referrers(ord)?.take(MAX_RELATED) {
        let shown = view.shown(other)?;
        let other = &shown.entity;
        let points = |property: &str| texts(other, property).any(|id| id == entity.id);
        if other.schema == Schema::sanction() && points("entity") {
            listings.push(shown);
        } else if other.schema.is_a(Schema::identification()) && points("holder") {
            related.government_ids.push(document(other));
        } else if other.schema == Schema::crypto_wallet() && points("holder") {
            related.wallets.extend(wallet(other));
        } else if let Some((source, target)) = other.schema.edge_ends() {
            let far = if points(source) { target } else { source };
            related.affiliations.extend(affiliations(view, other, far)?);
        }
    }
    let mut sanctions = Sanctions::default();
    for listing in &listings {
        let listing = &listing.entity;
        programs.extend(texts(listing, "program").map(str::to_owned));
        let said = ["provisions", "summary", "description"].into_iter().flat_map(|property| texts(listing, property));
        // OFAC's own words: "Secondary sanctions risk: …".
        sanctions.secondary |= { said }.any(|text| text.to_lowercase().contains("secondary sanctions"));
        if sanctions.description.is_empty() {
            listing.first("reason").unwrap_or_default().clone_into(&mut sanctions.description);
        }
        let is_of_list = listing.datasets.iter().any(|known| known.as_str() == list);
        if let (Some(number), true) = (listing.first("recordId"), is_of_list && related.source_id.is_none()) {
            related.source_id = Some(number.to_owned());
        }
    }
    for program in programs {
        if !sanctions.programs.contains(&program) {
            sanctions.programs.push(program);
        }
    }
    related.sanctions = (!listings.is_empty() || !sanctions.programs.is_empty()).then_some(sanctions);
    for (property, kind) in NUMBERS {
        for number in texts(entity, property) {
            if !related.government_ids.iter().any(|id| id.number == number) {
                let id = GovernmentId { kind: (*kind).to_owned(), country: String::new(), number: number.to_owned() };
                related.government_ids.push(id);
            }
        }
    }
    related.addresses = addresses(view, entity)?;
    related.owner = owner(view, entity)?;
    Ok(related)
}

/// A document: its type as a word of Watchman's where it is one, else as the list calls it.
fn document(document: &Entity) -> GovernmentId {
    let label = document.first("type").unwrap_or_default();
    let folded = label.to_lowercase();
    let known = [
        ("diplomatic passport", "diplomatic-passport"),
        ("passport", "passport"),
        ("driver", "drivers-license"),
        ("national id", "national-id"),
        ("tax id", "tax-id"),
        ("ssn", "ssn"),
        ("cedula", "cedula"),
        ("c.u.r.p", "curp"),
        ("c.u.i.t", "cuit"),
        ("electoral", "electoral"),
        ("business registration", "business-registration"),
        ("registration number", "business-registration"),
        ("commercial registry", "commercial-registry"),
        ("birth certificate", "birth-certificate"),
        ("refugee", "refugee"),
        ("personal id", "personal-id"),
    ];
    let kind = known.iter().find(|(word, _)| folded.contains(word)).map(|(_, kind)| *kind);
    let kind = kind.or((document.schema == Schema::passport()).then_some("passport"));
    GovernmentId {
        kind: kind.unwrap_or(label).to_owned(),
        country: document.first("country").unwrap_or_default().to_uppercase(),
        number: document.first("number").or(document.first("passportNumber")).unwrap_or_default().to_owned(),
    }
}

fn wallet(wallet: &Entity) -> Option<(String, String)> {
    let address = wallet.first("publicKey").or(wallet.first("cryptoAddress"))?;
    let currency = wallet.first("currency").or(wallet.first("currencySymbol")).unwrap_or_default();
    Some((currency.to_owned(), address.to_owned()))
}

/// The parties at the far end of a relation.
fn affiliations(view: &View, edge: &Entity, far: &str) -> Result<Vec<Affiliation>, Corrupt> {
    let kind = edge.first("role").or(edge.first("relationship")).unwrap_or(edge.schema.label());
    let details = edge.first("summary").or(edge.first("description")).unwrap_or_default();
    let mut found = Vec::new();
    for id in texts(edge, far) {
        let name = name_of(view, id)?.unwrap_or_else(|| id.to_owned());
        found.push(Affiliation { name, kind: kind.to_owned(), details: details.to_owned() });
    }
    Ok(found)
}

fn name_of(view: &View, id: &str) -> Result<Option<String>, Corrupt> {
    let Some(ord) = view.snapshot.find(id)? else { return Ok(None) };
    Ok(Some(caption(&view.shown(ord)?.entity).to_owned()))
}

/// The owner of a ship or aircraft, where the list names one.
fn owner(view: &View, entity: &Entity) -> Result<String, Corrupt> {
    let Some(property) = entity.schema.property("owner").filter(|known| known.kind() == PropertyType::Entity) else {
        return Ok(String::new());
    };
    match entity.first(property.name()) {
        Some(id) => Ok(name_of(view, id)?.unwrap_or_else(|| id.to_owned())),
        None => Ok(String::new()),
    }
}

/// Addresses: those that are entities in their parts, others as one line.
fn addresses(view: &View, entity: &Entity) -> Result<Vec<Address>, Corrupt> {
    let mut found = Vec::new();
    let mut told = Vec::new();
    for id in texts(entity, "addressEntity") {
        let Some(ord) = view.snapshot.find(id)? else { continue };
        let shown = view.shown(ord)?;
        found.push(in_parts(&shown.entity));
        told.extend(texts(&shown.entity, "full").map(str::to_owned));
    }
    found.extend(in_one_line(entity).into_iter().filter(|address| !told.contains(&address.line1)));
    Ok(found)
}

/// Addresses that are told in one piece.
pub(super) fn in_one_line(entity: &Entity) -> Vec<Address> {
    texts(entity, "address").map(|text| Address { line1: text.to_owned(), ..Address::default() }).collect()
}

fn in_parts(address: &Entity) -> Address {
    let first = |properties: &[&str]| {
        properties.iter().find_map(|property| address.first(property)).unwrap_or_default().to_owned()
    };
    let degrees = |property: &str| {
        let number: f64 = address.first(property).and_then(|text| text.trim().parse().ok()).unwrap_or_default();
        if number.is_finite() { number } else { 0.0 }
    };
    let mut told = Address {
        line1: first(&["street"]),
        line2: first(&["street2"]),
        city: first(&["city"]),
        postal_code: first(&["postalCode"]),
        state: first(&["state", "region"]),
        country: first(&["country"]).to_uppercase(),
        latitude: degrees("latitude"),
        longitude: degrees("longitude"),
    };
    if told.line1.is_empty() && told.city.is_empty() && told.state.is_empty() {
        told.line1 = first(&["full"]);
    }
    told
}
