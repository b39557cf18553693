//! The laws of the tree that no compiler checks.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// Every Rust file begins with a module header; gathers all that do not before failing.
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
    if faults.is_empty() {
        println!("tidy: all Rust files have a header");
        return Ok(());
    }
    bail!("{}", faults.join("\n"))
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
