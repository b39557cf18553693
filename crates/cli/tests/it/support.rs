//! A fresh folder with small lists in it, the real binary run there, and its output with paths, times, hashes and scores
//! filtered, so that a snapshot changes only where what is said changes.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value as Json;

/// Parties of an own list as FollowTheMoney, with what points to them.
pub(crate) const HOUSE: &str = concat!(
    r#"{"id":"h-zeb","schema":"Person","properties":{"name":["Zebulon Quartermaine"],"weakAlias":["Old Zeb"],"birthDate":["1961-03-02"],"country":["mt"],"email":["zeb@example.org"]}}"#,
    "\n",
    r#"{"id":"h-pass","schema":"Passport","properties":{"holder":["h-zeb"],"number":["PX7740198"],"country":["mt"]}}"#,
    "\n",
    r#"{"id":"h-wallet","schema":"CryptoWallet","properties":{"holder":["h-zeb"],"publicKey":["1BoatSLRHtKNngkdXEeobR76b53LETtpyT"],"currency":["XBT"]}}"#,
    "\n",
    r#"{"id":"h-firm","schema":"Company","properties":{"name":["Quillon Sigma Trading LLC"],"innCode":["7707083893"],"country":["ru"]}}"#,
    "\n",
    r#"{"id":"h-own","schema":"Ownership","properties":{"owner":["h-zeb"],"asset":["h-firm"],"percentage":["51"]}}"#,
    "\n",
    r#"{"id":"h-sanction","schema":"Sanction","properties":{"entity":["h-zeb"],"authority":["The house"],"program":["WATCH"],"listingDate":["2020-05-06"]}}"#,
    "\n",
    r#"{"id":"h-ship","schema":"Vessel","properties":{"name":["Mira Starling"],"imoNumber":["9187629"],"callSign":["T2EU4"],"buildDate":["1999"]}}"#,
    "\n",
    r#"{"id":"h-plane","schema":"Airplane","properties":{"name":["EP-QQX"],"serialNumber":["28157"]}}"#,
    "\n",
);

/// An own list as CSV. Its third row says neither who nor what, and is refused.
pub(crate) const WATCH: &str = "id,schema,name,birthDate,country\n\
    1,Person,Ottoline Vantongeren,1970,nl\n\
    2,Company,Brackwater Holdings BV,,nl\n\
    3,Person,,1980,nl\n";

/// The binary's answer, filtered.
pub(crate) struct Answer {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Answer {
    /// All of it, for a snapshot.
    pub(crate) fn shown(&self) -> String {
        let status = self.status.map_or_else(|| "a signal".to_owned(), |status| status.to_string());
        format!("status: {status}\n--- stdout\n{}--- stderr\n{}", self.stdout, self.stderr)
    }

    /// Each line of stdout as JSON.
    pub(crate) fn lines(&self) -> Vec<Json> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Stdout as one JSON.
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.stdout).unwrap()
    }
}

/// A folder of its own for one test.
pub(crate) struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    /// An empty one: the starter list answers.
    pub(crate) fn new() -> Place {
        Place { folder: tempfile::tempdir().unwrap() }
    }

    /// One with `house.json`, `watch.csv` and the snapshot `lists.snap` of both.
    pub(crate) fn with_lists() -> Place {
        let place = Place::new();
        place.write("house.json", HOUSE);
        place.write("watch.csv", WATCH);
        let built =
            place.run(&["build", "--list", "house=ftm:house.json", "watch=csv:watch.csv", "--out", "lists.snap"]);
        assert_eq!(built.status, Some(0), "{}", built.stderr);
        place
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The command, its data folder being `data` here.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_interdict"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("INTERDICT_") || name == "COLUMNS" {
                command.env_remove(name);
            }
        }
        command
            .env("INTERDICT_DATA_DIR", "data")
            .env("NO_COLOR", "1")
            .args(args)
            .current_dir(self.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn spawn(&self, args: &[&str]) -> Child {
        self.command(args).spawn().unwrap()
    }

    pub(crate) fn run(&self, args: &[&str]) -> Answer {
        self.run_on(args, b"")
    }

    /// Runs with this standard input.
    pub(crate) fn run_on(&self, args: &[&str], input: &[u8]) -> Answer {
        self.answer(self.spawn(args), input)
    }

    pub(crate) fn answer(&self, mut child: Child, input: &[u8]) -> Answer {
        // A command that does not read its input may be gone already.
        drop(child.stdin.take().unwrap().write_all(input));
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| self.filtered(&String::from_utf8(bytes).unwrap());
        Answer { status: status.code(), stdout: text(stdout), stderr: text(stderr) }
    }

    /// The text without what differs from run to run.
    fn filtered(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.path().display()), "").replace(&self.path().display().to_string(), ".")
    }
}

/// For snapshots: runs of 12 and more hexadecimal digits become `[hash]`, numbers with a decimal point `[n]`.
pub(crate) fn masked(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || c == '.')) {
        let end = word.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).len();
        let (body, rest) = word.split_at(end);
        let number = body.trim_end_matches('.');
        let is_hash = body.len() >= 12
            && body.chars().all(|c| c.is_ascii_hexdigit())
            && body.contains(|c: char| c.is_ascii_digit());
        let is_decimal = number.contains('.') && number.parse::<f64>().is_ok();
        if is_hash {
            out.push_str("[hash]");
        } else if is_decimal {
            out.push_str("[n]");
            out.push_str(&body[number.len()..]);
        } else {
            out.push_str(body);
        }
        out.push_str(rest);
    }
    out
}
