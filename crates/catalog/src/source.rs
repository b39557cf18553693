//! Where the manifest itself comes from: built in, a file, or an address.

use std::path::Path;

use interdict_fetch::Fetcher;

use crate::kept::{Kept, Understood};
use crate::location::Location;
use crate::lock::Lock;
use crate::manifest::{Manifest, ManifestError};
use crate::update::{UpdateError, UpdateOptions};

/// Where the manifest comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManifestSource {
    /// The publishers' lists, built in.
    Publishers,
    /// A file or an address.
    At(Location),
}

impl ManifestSource {
    /// What was given: a path or an address; nothing for the publishers' lists.
    pub fn of(given: Option<&Path>) -> ManifestSource {
        match given {
            None => ManifestSource::Publishers,
            Some(path) => match path.to_str() {
                Some(text) => ManifestSource::At(Location::of(text, Path::new(""))),
                None => ManifestSource::At(Location::File(path.to_owned())),
            },
        }
    }

    /// The manifest, asked for where it is at an address. One that cannot be had is the last good copy, whose lists then say so.
    pub fn read(&self, options: &UpdateOptions, data_dir: &Path) -> Result<Manifest, UpdateError> {
        let (location, url) = match self {
            ManifestSource::Publishers => return Ok(Manifest::publishers()?),
            ManifestSource::At(Location::File(path)) => return Ok(Manifest::read(path)?),
            ManifestSource::At(location @ Location::Url(url)) => (location, url),
        };
        std::fs::create_dir_all(data_dir).map_err(|source| UpdateError::Io { path: data_dir.to_owned(), source })?;
        let _lock = Lock::take(data_dir)?;
        let fetcher = Fetcher::new(options.fetch.clone())?;
        let credential = options.data_credential(url);
        let read = |new: &[u8], _: Option<&[u8]>| understood(location, new);
        Ok(marked(Kept { url, data_dir }.fetch(&fetcher, credential, &options.now, read)?))
    }

    /// The manifest without asking anyone; none where it is at an address and was never had.
    pub fn kept(&self, data_dir: &Path) -> Result<Option<Manifest>, ManifestError> {
        match self {
            ManifestSource::Publishers => Manifest::publishers().map(Some),
            ManifestSource::At(Location::File(path)) => Manifest::read(path).map(Some),
            ManifestSource::At(location @ Location::Url(url)) => {
                let last = Kept { url, data_dir }.last_good(|bytes| understood(location, bytes));
                Ok(last.map(marked))
            }
        }
    }
}

fn understood(location: &Location, bytes: &[u8]) -> Result<Manifest, ManifestError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| ManifestError::Syntax { path: location.shown(), reason: error.to_string() })?;
    let manifest = Manifest::parse_at(text, location)?;
    if manifest.datasets.is_empty() && manifest.catalogs.is_empty() {
        let reason = "it names no list and no catalogue".to_owned();
        return Err(ManifestError::Syntax { path: location.shown(), reason });
    }
    Ok(manifest)
}

/// The manifest, its lists marked where it may be old.
fn marked(Understood { value: mut manifest, stale }: Understood<Manifest>) -> Manifest {
    if let Some(mut trouble) = stale {
        trouble.reason = format!("the manifest may be old: {}", trouble.reason);
        for dataset in &mut manifest.datasets {
            dataset.feed.stale = Some(trouble.clone());
        }
        manifest.stale = Some(trouble);
    }
    manifest
}
