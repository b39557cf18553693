//! A server that misbehaves on purpose, and what the fetcher makes of it.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod encrypted;
mod faults;
mod network;
mod resuming;

use std::path::PathBuf;
use std::time::Duration;

use interdict_fetch::{
    Downloaded, FetchError, FetchOptions, Fetcher, Outcome, Progress, ProxyChoice, Request, Validators,
};

/// Options of little patience.
fn quick() -> FetchOptions {
    FetchOptions {
        connect_timeout: Duration::from_millis(300),
        read_timeout: Duration::from_millis(300),
        total_timeout: Duration::from_secs(5),
        retries: 2,
        backoff: Duration::from_millis(2),
        longest_pause: Duration::from_millis(20),
        proxy: ProxyChoice::Direct,
        ..FetchOptions::default()
    }
}

/// A folder to fetch into, and what is to be fetched.
struct Bench {
    folder: tempfile::TempDir,
    request: Request,
}

impl Bench {
    fn new(url: String) -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let destination = folder.path().join("list.xml");
        let request = Request {
            url,
            destination,
            validators: Validators::default(),
            expected_sha256: None,
            max_bytes: 1 << 20,
            credential: None,
        };
        Bench { folder, request }
    }

    fn fetch(&self, options: FetchOptions) -> Result<Outcome, FetchError> {
        self.fetch_telling(options).0
    }

    /// The outcome and everything that was told on the way.
    fn fetch_telling(&self, options: FetchOptions) -> (Result<Outcome, FetchError>, Vec<Progress>) {
        let mut told = Vec::new();
        let outcome = Fetcher::new(options).unwrap().fetch(&self.request, &mut |progress| told.push(progress));
        (outcome, told)
    }

    /// Fetches a file that must come.
    fn downloaded(&self, options: FetchOptions) -> Downloaded {
        match self.fetch(options).unwrap() {
            Outcome::Changed(downloaded) => downloaded,
            Outcome::Unchanged => panic!("the file was to come"),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        std::fs::read(&self.request.destination).unwrap()
    }

    fn part(&self) -> PathBuf {
        self.folder.path().join("list.xml.part")
    }

    /// Nothing lies in the folder: neither the file nor a part of it.
    fn is_empty(&self) -> bool {
        std::fs::read_dir(self.folder.path()).unwrap().next().is_none()
    }
}

/// A body of some length whose bytes differ.
fn body() -> Vec<u8> {
    (0..20_000u32).flat_map(u32::to_le_bytes).collect()
}
