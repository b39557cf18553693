//! A truncated or altered file is an error: never a panic, and never passed by `verify`.

use interdict_snapshot::{Corrupt, EntityOrd, FormOrd, NameOrd, Snapshot, TokenId};
use proptest::prelude::*;

use super::{bytes_of, world};

/// Reads everything that can be read, past the ends too.
fn read_all(snapshot: &Snapshot) -> Result<(), Corrupt> {
    let mut first = Ok(());
    let mut note = |result: Result<(), Corrupt>| {
        if first.is_ok() {
            first = result;
        }
    };
    for ord in (0..snapshot.n_entities().saturating_add(2).min(50)).map(EntityOrd) {
        note(snapshot.entity(ord).map(drop));
        note(snapshot.datasets(ord).map(drop));
        note(snapshot.referrers(ord).map(|found| found.for_each(drop)));
        note(snapshot.names_of(ord).map(drop));
        if let Ok(party) = snapshot.party(ord) {
            note(snapshot.dates(&party).map(|found| found.for_each(drop)));
            note(snapshot.countries(&party).map(|found| found.for_each(drop)));
            note(snapshot.address_tokens(&party).map(drop));
            note(snapshot.identifiers(&party).and_then(|mut found| found.try_for_each(|found| found.map(drop))));
        }
    }
    for name in (0..snapshot.n_names().saturating_add(2).min(100)).map(NameOrd) {
        note(snapshot.name(name).and_then(|name| {
            name.text.get()?;
            name.tokens().try_for_each(|token| snapshot.token(token).map(drop))
        }));
        note(snapshot.bearer(name).map(drop));
    }
    for form in (0..snapshot.n_forms().saturating_add(2).min(100)).map(FormOrd) {
        note(snapshot.form(form).map(drop));
        note(snapshot.bearers(form).map(drop));
    }
    for token in (0..snapshot.n_tokens().saturating_add(2).min(200)).map(TokenId) {
        note(snapshot.postings(token).map(drop));
    }
    for key in [0, 1, u32::MAX, 0x8000_0000, 12345] {
        note(snapshot.tokens_with_key(key).map(|found| found.for_each(drop)));
        for join in snapshot.joins_with_key(key).into_iter().flatten() {
            note(snapshot.tokens_joined(&join).map(drop));
            note(snapshot.forms_joined(join.ord).map(drop));
        }
    }
    note(snapshot.find("a-1").map(drop));
    note(snapshot.entities_with_identifier("9187629", &mut Vec::new()));
    first
}

#[test]
fn every_truncation_is_refused() {
    let whole = bytes_of(world());
    for len in (0..whole.len()).step_by(7).chain([whole.len() - 1]) {
        assert!(Snapshot::from_bytes(whole[..len].to_vec()).is_err(), "cut at {len}");
    }
    let mut longer = whole;
    longer.push(0);
    assert!(Snapshot::from_bytes(longer).is_err());
}

#[test]
fn every_altered_byte_is_seen_by_open_or_verify() {
    let whole = bytes_of(world());
    for at in 0..whole.len() {
        let mut altered = whole.clone();
        altered[at] ^= 0x41;
        let seen = match Snapshot::from_bytes(altered) {
            Err(_) => true,
            Ok(snapshot) => {
                // Whatever it holds now, reading it does not panic.
                let _ = read_all(&snapshot);
                snapshot.verify().is_err()
            }
        };
        assert!(seen, "byte {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn altered_runs_never_panic(at in 0usize..20_000, run in proptest::collection::vec(any::<u8>(), 1..64)) {
        let mut bytes = bytes_of(world());
        let at = at % bytes.len();
        for (byte, new) in bytes[at..].iter_mut().zip(run) {
            *byte = new;
        }
        if let Ok(snapshot) = Snapshot::from_bytes(bytes) {
            let _ = read_all(&snapshot);
        }
    }
}
