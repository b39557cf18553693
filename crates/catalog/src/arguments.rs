//! Lists that are given as arguments, without a manifest.

use std::path::PathBuf;

use interdict_model::ListId;
use interdict_sources::Format;

use crate::feed::Feed;
use crate::manifest::{Dataset, Manifest, ManifestError};
use crate::rules::FetchRules;

impl Manifest {
    /// Lists given as `ID=FORMAT:PATH`; an argument without `=` is a further path of the list before it.
    pub fn of_arguments(arguments: &[String]) -> Result<Manifest, ManifestError> {
        let mut manifest = Manifest::default();
        for given in arguments {
            let Some((id, rest)) = given.split_once('=').filter(|(id, _)| ListId::new(id).is_ok()) else {
                match manifest.datasets.last_mut() {
                    Some(dataset) if !given.contains('=') => dataset.paths.push(PathBuf::from(given)),
                    _ => return Err(ManifestError::Argument { given: given.clone() }),
                }
                continue;
            };
            let argument = |reason: String| ManifestError::ArgumentPart { given: given.clone(), reason };
            let (format, path) =
                rest.split_once(':').ok_or_else(|| ManifestError::Argument { given: given.clone() })?;
            let id = ListId::new(id).map_err(|error| argument(error.to_string()))?;
            let format: Format =
                format.parse().map_err(|error: interdict_sources::UnknownFormat| argument(error.to_string()))?;
            let path = PathBuf::from(path);
            match manifest.datasets.iter_mut().find(|dataset| dataset.id == id) {
                Some(known) if known.format == format => known.paths.push(path),
                Some(_) => return Err(argument("the list was given before with another format".to_owned())),
                None => manifest.datasets.push(Dataset {
                    id,
                    title: None,
                    format,
                    paths: vec![path],
                    in_folder: false,
                    urls: Vec::new(),
                    mapping: None,
                    version: None,
                    rules: FetchRules::default(),
                    feed: Feed::default(),
                }),
            }
        }
        Ok(manifest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_as_arguments_may_have_several_files() {
        let given = ["sdn=ofac_sdn_csv:a/sdn.csv", "a/add.csv", "un=un_sc_xml:un.xml"].map(String::from);
        let manifest = Manifest::of_arguments(&given).unwrap();
        assert_eq!(manifest.datasets[0].paths.len(), 2);
        assert!(Manifest::of_arguments(&["nonsense".to_owned()]).is_err());
        assert!(Manifest::of_arguments(&["x=ofac:y".to_owned()]).unwrap_err().to_string().contains("ofac_sdn_csv"));
    }
}
