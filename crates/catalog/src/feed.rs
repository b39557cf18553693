//! Where the entities of a dataset are, by yente's rules, and what else is known of how they come.
//!
//! Idea: `entities_url`, else `path`, else one of the `resources`: by name, then by mime type.
//! Invariant: a catalogue of another machine names no file of this one.
//! Source: yente 5.

use std::path::{Path, PathBuf};

use interdict_fetch::Credential;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::location::Location;
use crate::state::Trouble;

/// Mime type of entities as JSON lines.
const FTM_TYPE: &str = "application/json+ftm";

/// Name of the entities among the resources of OpenSanctions.
const FTM_NAME: &str = "entities.ftm.json";

/// How a dataset of a manifest or catalogue comes, beside its addresses.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    /// SHA-1 of its file in hexadecimal.
    pub checksum: Option<String>,
    /// What its server is told of who asks.
    pub credential: Option<Credential>,
    /// Address of the index of its deltas.
    pub delta_url: Option<String>,
    /// Why the manifest or catalogue that names it may be old.
    pub stale: Option<Trouble>,
}

/// Where entities are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) location: Location,
    pub(crate) checksum: Option<String>,
}

/// One file of a dataset, as it says of itself.
#[derive(Clone, Debug, Deserialize)]
struct Resource {
    #[serde(default)]
    name: String,
    url: Option<String>,
    path: Option<PathBuf>,
    mime_type: Option<String>,
    checksum: Option<String>,
}

/// What a dataset says of where its entities are.
pub(crate) struct Said<'a> {
    pub(crate) entities_url: Option<&'a str>,
    pub(crate) path: Option<&'a PathBuf>,
    pub(crate) resources: Option<&'a Json>,
    pub(crate) checksum: Option<&'a str>,
    pub(crate) resource_name: Option<&'a str>,
    pub(crate) resource_type: Option<&'a str>,
    /// Whether it stands in a manifest, which may name files of this machine wherever it lies itself.
    pub(crate) in_manifest: bool,
}

impl Said<'_> {
    /// Where the entities are, as the document at `base` says it; none where it does not say, or an address that cannot be used.
    pub(crate) fn place(&self, base: &Location) -> Result<Option<Place>, String> {
        let resources = self.resources();
        let checksum = |text: Option<&str>| {
            text.or(self.checksum).map(str::trim).filter(|text| !text.is_empty()).map(str::to_lowercase)
        };
        if let Some(url) = self.entities_url {
            let same = resources.iter().find(|resource| resource.url.as_deref() == Some(url));
            let checksum = checksum(same.and_then(|resource| resource.checksum.as_deref()));
            return Ok(Some(Place { location: self.at(url, base)?, checksum }));
        }
        if let Some(path) = self.path {
            return Ok(Some(Place { location: self.on_disk(path, base)?, checksum: checksum(None) }));
        }
        let Some(resource) = self.chosen(&resources) else { return Ok(None) };
        let location = match (&resource.url, &resource.path) {
            (Some(url), _) => self.at(url, base)?,
            (None, Some(path)) => self.on_disk(path, base)?,
            (None, None) => return Ok(None),
        };
        Ok(Some(Place { location, checksum: checksum(resource.checksum.as_deref()) }))
    }

    /// The resources that can be understood; one of another form cannot be chosen.
    fn resources(&self) -> Vec<Resource> {
        let all = self.resources.and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter_map(|resource| serde_json::from_value(resource.clone()).ok()).collect()
    }

    fn chosen<'r>(&self, resources: &'r [Resource]) -> Option<&'r Resource> {
        let named = |name: &str| resources.iter().find(|resource| resource.name == name);
        let typed =
            |mime: &str| resources.iter().find(|resource| resource.mime_type.as_deref().is_some_and(|it| it == mime));
        let by_name = self.resource_name.and_then(named);
        by_name.or_else(|| match self.resource_type {
            Some(mime) => typed(mime),
            None => typed(FTM_TYPE).or_else(|| named(FTM_NAME)),
        })
    }

    /// What an address in the document at `base` means.
    fn at(&self, url: &str, base: &Location) -> Result<Location, String> {
        if let Some(path) = interdict_fetch::file_path(url) {
            return self.on_disk(&path, base);
        }
        match base {
            Location::File(_) => Ok(Location::of(url, base.folder().unwrap_or("".as_ref()))),
            Location::Url(from) => interdict_fetch::join(from, url).map(Location::Url).ok_or_else(|| {
                format!("{:?} is no address that {base} may lead to", interdict_fetch::without_secrets(url))
            }),
        }
    }

    fn on_disk(&self, path: &Path, base: &Location) -> Result<Location, String> {
        match base.folder() {
            Some(folder) => Ok(Location::File(folder.join(path))),
            None if self.in_manifest && path.is_absolute() => Ok(Location::File(path.to_owned())),
            None => Err(format!("{} is a file of this machine, and {base} is of another", path.display())),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(resources: &Json) -> Said<'_> {
        Said {
            entities_url: None,
            path: None,
            resources: Some(resources),
            checksum: None,
            resource_name: None,
            resource_type: None,
            in_manifest: false,
        }
    }

    #[test]
    fn entities_are_found_by_address_path_name_and_type_in_this_order() {
        let resources = json!([
            {"name": "names.txt", "url": "names.txt", "mime_type": "text/plain"},
            {"name": "odd", "url": 7},
            {"name": "all.json", "url": "https://b.example/all.json", "mime_type": FTM_TYPE, "checksum": "AB "},
            {"name": "nested.json", "url": "nested.json", "mime_type": "application/json+nested"},
        ]);
        let (base, path) = (Location::Url("https://a.example/x/index.json".to_owned()), PathBuf::from("own.json"));
        let url = |said: &Said<'_>, base: &Location| said.place(base).unwrap().unwrap().location.to_string();
        let plain = said(&resources);
        assert_eq!(
            plain.place(&base).unwrap().unwrap(),
            Place { location: Location::Url("https://b.example/all.json".to_owned()), checksum: Some("ab".to_owned()) }
        );
        let nested = Said { resource_type: Some("application/json+nested"), ..said(&resources) };
        assert_eq!(url(&nested, &base), "https://a.example/x/nested.json");
        let named = Said { resource_name: Some("names.txt"), ..nested };
        assert_eq!(url(&named, &base), "https://a.example/x/names.txt");
        let pathed = Said { path: Some(&path), ..named };
        let here = Location::File(PathBuf::from("/lists/index.json"));
        assert_eq!(url(&pathed, &here), "/lists/own.json");
        let addressed = Said { entities_url: Some("https://c.example/e.json"), ..pathed };
        assert_eq!(url(&addressed, &here), "https://c.example/e.json");
        assert_eq!(said(&json!([])).place(&base).unwrap(), None);
    }

    #[test]
    fn a_catalogue_of_another_machine_names_no_file_of_this_one() {
        let base = Location::Url("https://a.example/index.json".to_owned());
        let (none, path) = (json!([]), PathBuf::from("/etc/passwd"));
        assert!(Said { path: Some(&path), ..said(&none) }.place(&base).is_err());
        // A manifest is the operator's own.
        let own = Said { path: Some(&path), in_manifest: true, ..said(&none) };
        assert_eq!(own.place(&base).unwrap().unwrap().location, Location::File(path.clone()));
        for url in ["file:///etc/passwd", "http://a.example/downgraded.json"] {
            assert!(Said { entities_url: Some(url), ..said(&none) }.place(&base).is_err(), "{url}");
        }
        let resources = json!([{"name": FTM_NAME, "path": "/etc/passwd"}]);
        assert!(said(&resources).place(&base).is_err());
    }
}
