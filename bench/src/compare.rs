//! Two records side by side.

use std::path::Path;

use anyhow::Result;

use crate::judge::Line;
use crate::record::Record;

/// Prints every figure that changed, and the ratio of the medians of time.
pub(crate) fn compare(before: &Path, after: &Path) -> Result<()> {
    let (before, after) = (Record::read(before)?, Record::read(after)?);
    println!("{} ({}) -> {} ({})", before.commit, before.at, after.commit, after.at);
    for (file, hash) in &after.corpus {
        if before.corpus.get(file).is_some_and(|known| known != hash) {
            println!("!! {file} is not the same file in both");
        }
    }
    let mut n_changed = 0;
    for (name, set) in &after.sets {
        let Some(old) = before.sets.get(name) else {
            println!("{name}: not in the first record");
            continue;
        };
        for (group, line) in &set.accuracy {
            let known = old.accuracy.get(group).cloned().unwrap_or_default();
            for (figure, was, is) in figures(&known, line) {
                n_changed += 1;
                println!("{name:14} {group:44} {figure:22} {was:>8.4} -> {is:>8.4}  {:+.4}", is - was);
            }
        }
        if let (Some(old), Some(new)) = (&old.latency, &set.latency) {
            println!("{name:14} time p50 × {:.2}, p99 × {:.2}", new.p50_us / old.p50_us, new.p99_us / old.p99_us);
        }
    }
    println!("{n_changed} figures of accuracy changed");
    Ok(())
}

fn figures(was: &Line, is: &Line) -> Vec<(&'static str, f64, f64)> {
    let all = [
        ("precision", was.precision, is.precision),
        ("recall", was.recall, is.recall),
        ("f1", was.f1, is.f1),
        ("best_f1", was.best_f1, is.best_f1),
        ("recall_at_1pct", was.recall_at_1pct, is.recall_at_1pct),
        ("top1", was.top1, is.top1),
        ("false_hits_a_query", was.false_hits_a_query, is.false_hits_a_query),
        ("false_alerts_per_1000", was.false_alerts_per_1000, is.false_alerts_per_1000),
    ];
    let changed = |(name, was, is): (&'static str, Option<f64>, Option<f64>)| match (was, is) {
        (Some(was), Some(is)) if (was - is).abs() > 1e-9 => Some((name, was, is)),
        _ => None,
    };
    all.into_iter().filter_map(changed).collect()
}
