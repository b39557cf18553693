//! Lists in memory, and what tests ask of what came of them.

use std::path::PathBuf;

use interdict_model::{Entity, ListId};
use interdict_sources::{Format, Input, Loaded, ReadError, SourceFile, read};

/// The list of these files.
pub(crate) fn input(format: Format, files: &[(&str, &[u8])]) -> Input {
    Input {
        list: ListId::new("test").unwrap(),
        format,
        version: "v1".to_owned(),
        files: files.iter().map(|(name, bytes)| SourceFile { path: name.into(), bytes: bytes.to_vec() }).collect(),
        mapping: None,
        named_alone: false,
    }
}

/// Reads it; the reconciliation must add up.
pub(crate) fn try_read(format: Format, files: &[(&str, &[u8])]) -> Result<Loaded, ReadError> {
    let loaded = read(&input(format, files))?;
    let account = &loaded.reconciliation;
    assert_eq!(account.records, account.loaded + account.refused.len() as u64);
    Ok(loaded)
}

/// The entity of that id.
pub(crate) fn entity<'a>(loaded: &'a Loaded, id: &str) -> &'a Entity {
    loaded.entities.iter().find(|entity| entity.id == id).unwrap_or_else(|| {
        let ids: Vec<_> = loaded.entities.iter().map(|entity| entity.id.as_str()).collect();
        panic!("no entity {id:?} among {ids:?}")
    })
}

/// All values of a property.
pub(crate) fn values<'a>(entity: &'a Entity, property: &str) -> Vec<&'a str> {
    entity.get(property).iter().map(|value| &*value.text).collect()
}

/// A published file of the material beside the project; says so and gives `None` where there is none.
pub(crate) fn shared(path: &str) -> Option<SourceFile> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/lists");
    if !root.is_dir() {
        println!("skipped: ../shared is not there");
        return None;
    }
    let path = root.join(path);
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(SourceFile { path, bytes })
}

/// The published list of these files, read, with a line for the table of the documentation.
pub(crate) fn shared_list(
    format: Format,
    id: &str,
    paths: &[&str],
    named_alone: bool,
) -> Option<Result<Loaded, ReadError>> {
    let files = paths.iter().map(|path| shared(path)).collect::<Option<Vec<_>>>()?;
    let list = ListId::new(id).unwrap();
    let input = Input { list: list.clone(), format, version: "v1".to_owned(), files, mapping: None, named_alone };
    let start = std::time::Instant::now();
    let loaded = read(&input);
    if let Ok(loaded) = &loaded {
        let account = &loaded.reconciliation;
        println!(
            "| {id} | {} | {} | {} | {} | {} | {} | {:.2} |",
            paths.join(" "),
            account.records,
            account.loaded,
            account.refused.len(),
            loaded.entities.len(),
            loaded.n_names(&list),
            start.elapsed().as_secs_f64()
        );
    }
    Some(loaded)
}
