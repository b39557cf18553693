//! The files of one list into its `incoming` folder: from their publisher, from a mirror, or from this machine.
//!
//! Invariant: what is gathered is complete; files that did not change are copied from the last good version, so that the folder
//! can take its place.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use interdict_fetch::{FetchError, Fetcher, Outcome, Progress, Request, Validators, join};
use interdict_model::PartialDate;
use sha1::{Digest as _, Sha1};

use crate::discover;
use crate::load;
use crate::manifest::Dataset;
use crate::rules::PageRule;
use crate::sniff::{self, SniffError};
use crate::state::{Version, VersionFile};

/// Most bytes of a page that links a list.
const MAX_PAGE: u64 = 8 << 20;

/// Most further pages that are looked at for a link.
const MAX_PAGES: usize = 5;

/// The files of a list cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GatherError {
    /// A file was not fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// What came is not of the form expected.
    #[error(transparent)]
    Sniff(#[from] SniffError),
    /// The page has no link of the form expected.
    #[error("{page}: no link like {link:?} on the page; the publisher may have changed it")]
    NoLink {
        /// The page.
        page: String,
        /// What was looked for.
        link: String,
    },
    /// Two files of the list would have the same place; one of them would vanish behind the other.
    #[error("{one} and {other} are both called {name:?}; the files of a list need names of their own")]
    SameName {
        /// The name.
        name: String,
        /// Where the first one comes from.
        one: String,
        /// Where the other one comes from.
        other: String,
    },
    /// A file is not the one that the manifest or catalogue describes.
    #[error("{name}: SHA-1 is {found}, the manifest or catalogue says {declared}")]
    Checksum {
        /// The file's name.
        name: String,
        /// As declared.
        declared: String,
        /// Of the bytes that came.
        found: String,
    },
    /// A file of this machine cannot be read or copied.
    #[error("{path}: cannot be used", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// What one gathering takes.
pub(crate) struct Gather<'a> {
    pub(crate) dataset: &'a Dataset,
    pub(crate) fetcher: &'a Fetcher,
    pub(crate) mirror: Option<&'a str>,
    /// Whether files are held against the checksum of the manifest or catalogue.
    pub(crate) verify_checksums: bool,
    /// The last good version, whole, and its folder.
    pub(crate) good: Option<(&'a Version, PathBuf)>,
    pub(crate) incoming: &'a Path,
    /// The time, RFC 3339: a file of a later year than the next is a slip of the pen.
    pub(crate) now: &'a str,
}

impl Gather<'_> {
    /// Brings all files of the list into the folder. `tell` hears the name of each file with its progress.
    pub(crate) fn run(&self, tell: &mut dyn FnMut(&str, Progress)) -> Result<Vec<VersionFile>, GatherError> {
        let mut files = Vec::new();
        for path in &self.dataset.paths {
            self.copy_in(path, &mut files)?;
        }
        if let Some(rule) = &self.dataset.rules.page
            && let Some(name) = self.dataset.rules.file_names.first()
        {
            let url = if self.mirror.is_some() { String::new() } else { self.newest(rule, tell)? };
            self.fetch(name, &url, &mut files, tell)?;
        } else {
            for (url, name) in self.dataset.urls.iter().zip(&self.dataset.rules.file_names) {
                self.fetch(name, url, &mut files, tell)?;
            }
        }
        for file in &files {
            let path = self.incoming.join(&file.name);
            sniff::check(self.dataset.format, &file.name, &head(&path)?)?;
        }
        self.check_sum(&files)?;
        Ok(files)
    }

    /// Holds the file against the checksum that the manifest or catalogue gives.
    fn check_sum(&self, files: &[VersionFile]) -> Result<(), GatherError> {
        let Some(declared) = self.dataset.feed.checksum.as_ref().filter(|_| self.verify_checksums) else {
            return Ok(());
        };
        // It is that of one file; a folder has none.
        for file in files {
            let path = self.incoming.join(&file.name);
            let bytes = std::fs::read(&path).map_err(|source| GatherError::Io { path, source })?;
            let found = load::hex(&Sha1::digest(&bytes));
            if found != *declared {
                return Err(GatherError::Checksum { name: file.name.clone(), declared: declared.clone(), found });
            }
        }
        Ok(())
    }

    fn fetch(
        &self,
        name: &str,
        url: &str,
        files: &mut Vec<VersionFile>,
        tell: &mut dyn FnMut(&str, Progress),
    ) -> Result<(), GatherError> {
        let mirrored = self.mirror.map(|mirror| format!("{}/{}/{name}", mirror.trim_end_matches('/'), self.dataset.id));
        let from = mirrored.unwrap_or_else(|| url.to_owned());
        let known = self.good.as_ref().and_then(|(good, folder)| {
            let file = good.files.iter().find(|file| file.name == name && file.from == from)?;
            Some((file, folder.join(name)))
        });
        check_name(name, &from, files)?;
        let destination = self.incoming.join(name);
        let request = Request {
            url: from.clone(),
            destination: destination.clone(),
            validators: known.as_ref().map(|(file, _)| file.validators.clone()).unwrap_or_default(),
            expected_sha256: None,
            max_bytes: self.dataset.rules.max_bytes(),
            credential: self.dataset.feed.credential.clone(),
        };
        files.push(match (self.fetcher.fetch(&request, &mut |progress| tell(name, progress))?, known) {
            (Outcome::Changed(got), _) => VersionFile {
                name: name.to_owned(),
                from,
                sha256: got.sha256,
                bytes: got.bytes,
                validators: got.validators,
                in_folder: false,
            },
            (Outcome::Unchanged, Some((file, path))) => {
                copy(&path, &destination)?;
                file.clone()
            }
            // The fetcher answers so only where it was asked with validators.
            (Outcome::Unchanged, None) => {
                return Err(FetchError::Status { url: from, status: 304, retry_after: None }.into());
            }
        });
        Ok(())
    }

    /// The address of the newest file that the page, or one that it leads to, links.
    fn newest(&self, rule: &PageRule, tell: &mut dyn FnMut(&str, Progress)) -> Result<String, GatherError> {
        let last_year = PartialDate::parse(self.now).map_or(u16::MAX, |now| now.year() + 1);
        let mut pages = vec![rule.page.clone()];
        let mut found: Vec<(String, String)> = Vec::new();
        let mut at = 0;
        while let Some(page) = pages.get(at).cloned() {
            let (html, base) = self.page(&page, tell)?;
            for link in discover::links(&html) {
                let Some(url) = join(&base, &link.href) else { continue };
                if let Some(date) = discover::date_of(&link, rule, last_year) {
                    found.push((date, url));
                } else if at == 0
                    && discover::leads_on(&link, rule)
                    && pages.len() <= MAX_PAGES
                    && !pages.contains(&url)
                {
                    pages.push(url);
                }
            }
            at += 1;
        }
        let newest = found.into_iter().max().map(|(_, url)| url);
        newest.ok_or_else(|| GatherError::NoLink { page: rule.page.clone(), link: rule.link.clone() })
    }

    fn page(&self, url: &str, tell: &mut dyn FnMut(&str, Progress)) -> Result<(String, String), GatherError> {
        let destination = self.incoming.join("page.tmp");
        let request = Request {
            url: url.to_owned(),
            destination: destination.clone(),
            validators: Validators::default(),
            expected_sha256: None,
            max_bytes: MAX_PAGE,
            credential: self.dataset.feed.credential.clone(),
        };
        let outcome = self.fetcher.fetch(&request, &mut |progress| tell("its page", progress))?;
        let base = if let Outcome::Changed(got) = outcome { got.final_url } else { url.to_owned() };
        let bytes = std::fs::read(&destination).map_err(|source| GatherError::Io { path: destination, source })?;
        Ok((String::from_utf8_lossy(&bytes).into_owned(), base))
    }

    /// Copies a file, or the files of a folder that the format knows.
    fn copy_in(&self, path: &Path, files: &mut Vec<VersionFile>) -> Result<(), GatherError> {
        let io = |source| GatherError::Io { path: path.to_owned(), source };
        let mut inside = vec![path.to_owned()];
        let in_folder = std::fs::metadata(path).map_err(io)?.is_dir();
        if in_folder {
            inside = std::fs::read_dir(path)
                .map_err(io)?
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<Result<_, _>>()
                .map_err(io)?;
            inside.retain(|file| file.is_file() && self.dataset.format.knows_file(&load::bare_name(file)));
            inside.sort();
        }
        for file in inside {
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            check_name(&name, &file.display().to_string(), files)?;
            let destination = self.incoming.join(&name);
            copy(&file, &destination)?;
            let bytes = std::fs::read(&destination).map_err(|source| GatherError::Io { path: destination, source })?;
            files.push(VersionFile {
                name,
                from: file.display().to_string(),
                sha256: load::sha256(&bytes),
                bytes: bytes.len() as u64,
                validators: Validators::default(),
                in_folder,
            });
        }
        Ok(())
    }
}

/// A file must not take the place of one that was gathered before it, also where the disk tells no case.
fn check_name(name: &str, from: &str, files: &[VersionFile]) -> Result<(), GatherError> {
    match files.iter().find(|file| file.name.to_lowercase() == name.to_lowercase()) {
        Some(same) => {
            Err(GatherError::SameName { name: name.to_owned(), one: same.from.clone(), other: from.to_owned() })
        }
        None => Ok(()),
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), GatherError> {
    std::fs::copy(from, to).map(drop).map_err(|source| GatherError::Io { path: from.to_owned(), source })
}

fn head(path: &Path) -> Result<Vec<u8>, GatherError> {
    let io = |source| GatherError::Io { path: path.to_owned(), source };
    let mut head = Vec::new();
    std::fs::File::open(path).map_err(io)?.take(sniff::HEAD as u64).read_to_end(&mut head).map_err(io)?;
    Ok(head)
}
