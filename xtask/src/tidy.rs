//! The laws of the tree that no compiler checks.

use anyhow::{Context, Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Every Rust file begins with a module header, and crates use each other as ARCHITECTURE.md draws it; gathers all faults
/// before failing.
pub(crate) fn check() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut faults = Vec::new();
    for folder in ["crates", "bench", "xtask"] {
        for file in rust_files(&root.join(folder))? {
            let text = std::fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
            if !text.starts_with("//!") {
                faults.push(format!("{}: has no `//!` header that states its idea", file.display()));
            }
        }
    }
    faults.extend(arrow_faults(&root)?);
    if faults.is_empty() {
        println!("tidy: all Rust files have a header, the crates' arrows are as drawn");
        return Ok(());
    }
    bail!("{}", faults.join("\n"))
}

/// Differences between the arrows in ARCHITECTURE.md and those in `cargo metadata`.
fn arrow_faults(root: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(root.join("ARCHITECTURE.md")).context("reading ARCHITECTURE.md")?;
    let drawn = text.split("<!-- arrows").nth(1).and_then(|text| text.split("<!-- end -->").next());
    let drawn = arrows(drawn.context("ARCHITECTURE.md has no arrows")?);
    let output = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--locked"])
        .output()
        .context("running cargo metadata")?;
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).context("reading cargo metadata")?;
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    let name = |of: &serde_json::Value| of["name"].as_str().unwrap_or_default().to_owned();
    let ours: BTreeSet<String> = packages.iter().map(name).collect();
    let mut built: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in packages {
        let uses = package["dependencies"].as_array().into_iter().flatten();
        let uses = uses.filter(|used| used["kind"].is_null()).map(name).filter(|used| ours.contains(used));
        built.insert(name(package), uses.collect());
    }
    let mut faults = Vec::new();
    for crate_name in built.keys().chain(drawn.keys()).collect::<BTreeSet<_>>() {
        if built.get(crate_name) != drawn.get(crate_name) {
            faults.push(format!(
                "ARCHITECTURE.md draws {crate_name} -> {:?}, cargo has {:?}",
                drawn.get(crate_name),
                built.get(crate_name)
            ));
        }
    }
    Ok(faults)
}

/// Reads lines such as ``- `a` -> `b` `c` ``.
fn arrows(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for line in text.lines() {
        let mut names = line.strip_prefix("- ").unwrap_or_default().split('`').skip(1).step_by(2).map(str::to_owned);
        if let Some(from) = names.next() {
            found.insert(from, names.collect());
        }
    }
    found
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        let entries = std::fs::read_dir(&folder).with_context(|| format!("listing {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() && !path.ends_with("target") {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drawing_of_the_crates_is_true() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let faults = arrow_faults(&root).expect("ARCHITECTURE.md and cargo metadata are read");
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    #[test]
    fn arrows_are_read() {
        let arrows = arrows("- `a` ->\n- `b` -> `a` `c`\nprose\n");
        assert_eq!(arrows["b"], ["a", "c"].map(String::from).into());
        assert!(arrows["a"].is_empty());
    }
}
