//! Time per name, for a look with `cargo test --release -- --ignored --nocapture how_long`.
use std::hint::black_box;
use std::time::Instant;

use interdict_text::fold::fold_into;
use interdict_text::phonetic::{keys_into, skeleton_into};
use interdict_text::{NameKind, analyze};

fn mean_nanos(mut work: impl FnMut()) -> u128 {
    const ROUNDS: u32 = 20_000;
    (0..ROUNDS / 10).for_each(|_| work());
    let start = Instant::now();
    (0..ROUNDS).for_each(|_| work());
    start.elapsed().as_nanos() / u128::from(ROUNDS)
}

#[test]
#[ignore = "measures time; slow and of use only in a release build"]
fn how_long_a_name_takes() {
    let names = [
        "John Michael Smith",
        "Société Générale de Banque",
        "Владимир Владимирович Путин",
        "Зеленський Володимир",
        "محمد عبد الرحمن الظواهري",
        "习近平",
        "김정은",
        "Αλέξης Τσίπρας",
        "РЕТRОV Ivan",
        "โรงพยาบาล",
        "トヨタ自動車",
    ];
    for name in names {
        let mut out = String::new();
        let fold = mean_nanos(|| {
            out.clear();
            fold_into(black_box(name), &mut out);
        });
        let person = mean_nanos(|| {
            black_box(analyze(black_box(name), NameKind::Person));
        });
        let organization = mean_nanos(|| {
            black_box(analyze(black_box(name), NameKind::Organization));
        });
        println!("{name}: fold {fold} ns, analyze person {person} ns, organization {organization} ns");
    }
    for token in ["muhammad", "shcherbakov", "li"] {
        let (mut skeleton, mut keys) = (String::new(), Vec::new());
        let both = mean_nanos(|| {
            skeleton.clear();
            keys.clear();
            skeleton_into(black_box(token), &mut skeleton);
            keys_into(black_box(token), &mut keys);
        });
        println!("{token}: skeleton and keys {both} ns");
    }
}
