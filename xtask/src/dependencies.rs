//! Licences and duplicates of dependencies, by `cargo metadata` and the lists in `deny.toml`: what `cargo deny` checks, for
//! machines that do not have it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Packages of the whole graph, without those of this workspace.
fn packages() -> Result<Vec<Value>> {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--all-features"])
        .output()
        .context("running cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).context("reading what cargo metadata says")?;
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    Ok(packages.iter().filter(|package| !package["source"].is_null()).cloned().collect())
}

fn deny() -> Result<toml::Table> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deny.toml");
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    text.parse().with_context(|| format!("parsing {}", path.display()))
}

fn texts(table: &toml::Table, section: &str, key: &str) -> BTreeSet<String> {
    let items = table.get(section).and_then(|section| section.get(key)).and_then(toml::Value::as_array);
    items.into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

/// Every package's licence expression must be satisfied by the allowed licences.
pub(crate) fn licences() -> Result<()> {
    let allowed = texts(&deny()?, "licenses", "allow");
    let packages = packages()?;
    let mut faults = Vec::new();
    for package in &packages {
        let name = package["name"].as_str().unwrap_or("?");
        match package["license"].as_str() {
            Some(licence) if satisfied(licence, &allowed) => {}
            Some(licence) => faults.push(format!("{name}: {licence} is not among the allowed licences")),
            None => faults.push(format!("{name}: names no licence")),
        }
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    println!("licences: {} packages, all allowed", packages.len());
    Ok(())
}

/// Whether an SPDX expression (`A OR B`, `A AND B`, parentheses; `/` is an old form of OR) holds for the allowed licences.
fn satisfied(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let holds = any(&words, &mut at, allowed);
    holds && at == words.len()
}

fn any(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut holds = all(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        holds |= all(words, at, allowed);
    }
    holds
}

fn all(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut holds = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        holds &= one(words, at, allowed);
    }
    holds
}

fn one(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    if words.get(*at) == Some(&"(") {
        *at += 1;
        let holds = any(words, at, allowed);
        *at += 1;
        return holds;
    }
    let mut licence = words.get(*at).copied().unwrap_or_default().to_owned();
    *at += 1;
    if words.get(*at) == Some(&"WITH") {
        licence = format!("{licence} WITH {}", words.get(*at + 1).copied().unwrap_or_default());
        *at += 2;
    }
    allowed.contains(&licence)
}

/// Tells of crates that come in several versions beyond the baseline in `deny.toml`; a warning, as some cannot be helped.
pub(crate) fn duplicates() -> Result<()> {
    let known = texts(&deny()?, "bans", "skip");
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in packages()? {
        let text = |member: &str| package[member].as_str().unwrap_or_default().to_owned();
        versions.entry(text("name")).or_default().insert(text("version"));
    }
    versions.retain(|_, versions| versions.len() > 1);
    for (name, versions) in versions.iter().filter(|(name, _)| !known.contains(*name)) {
        let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
        println!(
            "warning: {name} comes in versions {}; add it to `bans.skip` of deny.toml if it must",
            versions.join(", ")
        );
    }
    for name in known.iter().filter(|name| !versions.contains_key(*name)) {
        println!("warning: {name} comes in one version only now; take it out of `bans.skip` of deny.toml");
    }
    println!("duplicates: {} crates in several versions, {} of them known", versions.len(), known.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licence_expressions_are_read_as_spdx_says() {
        let allowed: BTreeSet<String> =
            ["MIT", "Apache-2.0 WITH LLVM-exception", "BSD-3-Clause"].map(String::from).into();
        for (expression, holds) in [
            ("MIT", true),
            ("GPL-3.0", false),
            ("GPL-3.0 OR MIT", true),
            ("MIT/GPL-3.0", true),
            ("MIT AND GPL-3.0", false),
            ("(GPL-3.0 OR MIT) AND BSD-3-Clause", true),
            ("Apache-2.0 WITH LLVM-exception OR GPL-3.0", true),
            ("Apache-2.0", false),
            ("", false),
        ] {
            assert_eq!(satisfied(expression, &allowed), holds, "{expression}");
        }
    }
}
