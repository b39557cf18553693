//! What can be typed: one definition for the parser, `--help`, completions and the man page.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  interdict screen \"Harbin Institute of Technology\"
  interdict screen \"Ivanov, Pyotr\" --schema Person --birth-date 1961 --country ru
  interdict screen --id imoNumber=9187629
  interdict screen --input customers.csv --format jsonl > hits.jsonl
  interdict lists update                            fetch the lists from their publishers and use them from now on
  interdict build --manifest lists.yml --install    make a snapshot of list files and use it from now on
  interdict compare \"Mohammed Ali\" \"Muhammad Aly\" --schema Person

Exit status: 0 nothing found, 1 at least one hit, 2 error.";

/// Screen parties against sanctions and export-control lists.
#[derive(Debug, Parser)]
#[command(name = "interdict", version, about, after_help = EXAMPLES, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Common {
    /// Folder of downloads, snapshots and state [default: the platform's data folder, `interdict` below it]
    #[arg(long, global = true, env = "INTERDICT_DATA_DIR", value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Configuration, one TOML file; every key also as INTERDICT_SECTION__KEY
    #[arg(long, global = true, env = "INTERDICT_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub(crate) color: ColorChoice,
    /// Say nothing but errors on stderr
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Screen(ScreenArgs),
    Compare(CompareArgs),
    Build(BuildArgs),
    Lists(ListsArgs),
    Serve(ServeArgs),
    Keys(KeysArgs),
    Entity(EntityArgs),
    Completions(CompletionsArgs),
    /// Print the man page
    #[command(after_help = "Example:\n  interdict man > ~/.local/share/man/man1/interdict.1")]
    Man,
}

/// Which snapshot to ask.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct SnapshotArgs {
    /// Snapshot to use [default: the data folder's current one, else the compiled-in starter list]
    #[arg(long, value_name = "FILE")]
    pub(crate) snapshot: Option<PathBuf>,
}

/// Screen a name, an identifier or a file of parties
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  interdict screen \"Harbin Institute of Technology\"
  interdict screen \"Nguyen Van A\" \"Tran Thi B\" --schema Person
  interdict screen \"Ivanov Pyotr\" --birth-date 1961-03 --country ru --explain
  interdict screen --id publicKey=12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h
  interdict screen --input customers.csv                 CSV: id, name, dob, country … or FtM property names
  cat parties.jsonl | interdict screen --input - --format jsonl

A file is CSV with a header row, or JSON lines {\"id\",\"schema\",\"properties\":{\"name\":[…]}}; which, is seen by its content.
Several values in a CSV cell are separated by `|`.

Exit status: 0 no hit, 1 at least one hit, 2 error, also where one row could not be screened.")]
pub(crate) struct ScreenArgs {
    /// Names to screen, each a query of its own
    #[arg(value_name = "NAME", conflicts_with = "input")]
    pub(crate) names: Vec<String>,
    /// File of parties, CSV or JSON lines; `-` is stdin
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
    /// What the party is: Person, Organization, Company, Vessel … or any FollowTheMoney schema
    #[arg(long, default_value = "Thing", value_name = "SCHEMA")]
    pub(crate) schema: String,
    /// Date of birth (incorporation, building): 1961, 1961-03, 1961-03-02
    #[arg(long, value_name = "DATE")]
    pub(crate) birth_date: Vec<String>,
    /// Country by code or name; may be repeated
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) country: Vec<String>,
    /// Identifier by FollowTheMoney property, such as innCode=7707083893, or any=… ; may be repeated
    #[arg(long, value_name = "TYPE=VALUE")]
    pub(crate) id: Vec<String>,
    /// Least score of a hit, 0 to 1
    #[arg(long, default_value_t = 0.7, value_name = "SCORE")]
    pub(crate) threshold: f32,
    /// Most hits a query, 1 at least
    #[arg(long, default_value_t = 10, value_name = "N")]
    pub(crate) limit: usize,
    /// Screen against this list only; may be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) list: Vec<String>,
    /// Form of the answer [default: table on a terminal and for names, jsonl for --input elsewhere]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: Option<ScreenFormat>,
    /// Score every entity, without the candidate index
    #[arg(long)]
    pub(crate) exhaustive: bool,
    /// Say for each hit why it is one
    #[arg(long)]
    pub(crate) explain: bool,
    /// Write counts, latency and memory to a JSON file
    #[arg(long, value_name = "FILE")]
    pub(crate) stats: Option<PathBuf>,
    /// Allow screening a file against the starter list, which clears nobody
    #[arg(long)]
    pub(crate) starter: bool,
    /// Threads for --input [default: all cores]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    #[command(flatten)]
    pub(crate) snapshot: SnapshotArgs,
}

/// Serve over HTTP: yente's interface and our own
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  interdict serve                                          the publishers' lists, on 127.0.0.1:8000
  interdict serve --manifest lists.yml --listen 127.0.0.1:8000
  interdict serve --snapshot lists.snap                    one file, never updated
  interdict serve --keys keys.json --listen 0.0.0.0:8000   for other machines, which need a key
  interdict serve --manifest lists.yml --check             say what would be served and whether it is sound, and end

It begins with the data folder's current snapshot, if there is one, and brings the lists up to date in the background, at once and
then every hour. SIGTERM and Ctrl-C let requests that run end.

  curl localhost:8000/readyz
  curl -H 'content-type: application/json' localhost:8000/match/default \\
    -d '{\"queries\":{\"q\":{\"schema\":\"Person\",\"properties\":{\"name\":[\"Ivan Petrov\"]}}}}'")]
pub(crate) struct ServeArgs {
    /// Lists to serve, in the form that yente reads, a file or an address [default: the publishers' lists]
    #[arg(long, value_name = "FILE|URL", env = "YENTE_MANIFEST", conflicts_with = "snapshot")]
    pub(crate) manifest: Option<PathBuf>,
    /// Address to listen on [default: 127.0.0.1:8000]
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<SocketAddr>,
    /// API keys that are asked for [default: none, and nobody is asked]; made by `interdict keys new`
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
    /// Listen beyond this machine although nobody has to say who they are
    #[arg(long)]
    pub(crate) open_to_anyone: bool,
    /// Minutes between updates of the lists; 0 for none [default: 60]
    #[arg(long, value_name = "MINUTES")]
    pub(crate) update_every: Option<u64>,
    /// Ask this server for every file instead of the publishers
    #[arg(long, value_name = "URL")]
    pub(crate) mirror: Option<String>,
    /// Read configuration, manifest and snapshot, test them, say what would be served, and end; exit status 2 if anything is wrong
    #[arg(long)]
    pub(crate) check: bool,
    #[command(flatten)]
    pub(crate) snapshot: SnapshotArgs,
}

/// Make, show and revoke the API keys of `interdict serve`
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  interdict keys --keys keys.json new payments --role screen --rate 200 --concurrent 16
  interdict keys --keys keys.json list
  interdict keys --keys keys.json revoke payments

A service that runs takes a changed file up within a second, so that a key is rotated by making a second one, moving the callers over
and revoking the first.")]
pub(crate) struct KeysArgs {
    /// The keys file [default: `keys` in section `serve` of the configuration]
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: KeysCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum KeysCommand {
    New(KeyNewArgs),
    /// Say which keys there are, what each may do, and until when
    List {
        /// Form of the answer
        #[arg(long, value_enum, default_value_t = TableFormat::Table, value_name = "FORMAT")]
        format: TableFormat,
    },
    /// Take a key no more; its id stays taken
    Revoke {
        /// The key
        id: String,
    },
}

/// Make a key and print its secret, this once
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct KeyNewArgs {
    /// What to call it in logs: letters, digits, `.`, `_`, `-`
    pub(crate) id: String,
    /// What it may do: screen parties; that and read the lists; operate the service; all
    #[arg(long, value_name = "ROLE", value_parser = ["screen", "read", "operate", "admin"])]
    pub(crate) role: String,
    /// Dataset that it may ask, of a service's datasets [default: all]; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) dataset: Vec<String>,
    /// Days for which it holds; 0 for ever
    #[arg(long, default_value_t = 365, value_name = "DAYS")]
    pub(crate) days: u32,
    /// Requests a second in the long run [default: no limit]
    #[arg(long, value_name = "N")]
    pub(crate) rate: Option<f64>,
    /// Requests at once after a pause [default: those of one second]
    #[arg(long, value_name = "N", requires = "rate")]
    pub(crate) burst: Option<u32>,
    /// Requests at a time [default: no limit]
    #[arg(long, value_name = "N")]
    pub(crate) concurrent: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScreenFormat {
    Table,
    Json,
    Jsonl,
    Csv,
}

/// Compare two names, or judged pairs from a file
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  interdict compare \"Владимир Путин\" \"Vladimir Putin\" --schema Person
  interdict compare --input pairs.jsonl --explain

A line of the file is {\"id\",\"query\":{\"schema\",\"properties\"},\"candidate\":{\"schema\",\"properties\"}}; each gives {\"id\",\"score\"}.

Exit status: 1 if a score reaches the threshold, else 0; 2 error.")]
pub(crate) struct CompareArgs {
    /// The party
    #[arg(required_unless_present = "input", conflicts_with = "input")]
    pub(crate) one: Option<String>,
    /// The listed name
    #[arg(required_unless_present = "input", conflicts_with = "input")]
    pub(crate) other: Option<String>,
    /// Pairs as JSON lines; `-` is stdin
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
    /// What both are
    #[arg(long, default_value = "LegalEntity", value_name = "SCHEMA")]
    pub(crate) schema: String,
    /// Score from which the exit status is 1
    #[arg(long, default_value_t = 0.7, value_name = "SCORE")]
    pub(crate) threshold: f32,
    /// Add the tree of reasons to each line of --input
    #[arg(long)]
    pub(crate) explain: bool,
}

/// Build a snapshot from list files
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  interdict build --list us_ofac_sdn=ofac_sdn_csv:sdn-folder --list un_sc=un_sc_xml:consolidated.xml --out lists.snap
  interdict build --manifest lists.yml --out lists.snap --report report.json
  interdict build --manifest lists.yml --install          and every later command uses it

Exit status: 0 built, perhaps with refused records, which it tells; 2 a list cannot be used, and nothing is written.")]
pub(crate) struct BuildArgs {
    /// Manifest in the form that yente reads
    #[arg(long, value_name = "FILE", required_unless_present = "list")]
    pub(crate) manifest: Option<PathBuf>,
    /// A list: its id, its format, and its file or folder; may be repeated
    #[arg(long, value_name = "ID=FORMAT:PATH", num_args = 1..)]
    pub(crate) list: Vec<String>,
    /// The snapshot to write
    #[arg(long, value_name = "FILE.snap", required_unless_present = "install")]
    pub(crate) out: Option<PathBuf>,
    /// Keep the snapshot in the data folder and make it the current one
    #[arg(long)]
    pub(crate) install: bool,
    /// Write what was read, loaded and refused to a JSON file
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
}

/// Fetch, show, check and compare lists
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ListsArgs {
    #[command(subcommand)]
    pub(crate) command: ListsCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum ListsCommand {
    Update(UpdateArgs),
    /// Say what lists there are, of which version, and how fresh
    Status {
        /// Form of the answer
        #[arg(long, value_enum, default_value_t = TableFormat::Table, value_name = "FORMAT")]
        format: TableFormat,
        #[command(flatten)]
        snapshot: SnapshotArgs,
    },
    /// Say what was added, changed and removed between two snapshots; exit status 1 if anything was
    Diff {
        /// The older snapshot
        old: PathBuf,
        /// The newer snapshot
        new: PathBuf,
        /// Form of the answer
        #[arg(long, value_enum, default_value_t = TableFormat::Table, value_name = "FORMAT")]
        format: TableFormat,
    },
    /// Show one list: its files, counts and refused records
    Show {
        /// The list
        id: String,
        /// Only the refused records, with line and reason
        #[arg(long)]
        refused: bool,
        /// Form of the answer
        #[arg(long, value_enum, default_value_t = TableFormat::Table, value_name = "FORMAT")]
        format: TableFormat,
    },
    /// Check every hash of the current snapshot, or of another
    Verify {
        #[command(flatten)]
        snapshot: SnapshotArgs,
    },
}

/// Fetch lists from their publishers and use them from now on
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "\
Examples:
  interdict lists update                                 all lists of the built-in manifest
  interdict lists update --only us_ofac_sdn --only un_sc
  interdict lists update --mirror https://lists.example.org/interdict
  interdict lists update --accept-shrink us_csl --reason \"DPL entries expired, notice of 3 November\"

Only what changed is sent again; a broken download goes on where it stopped. A list that fails, is empty, is a web page or lost
more than its share of parties (10 % unless the manifest says otherwise) is refused: its last good version goes on serving, marked
stale. `interdict lists status` shows it all.

Exit status: 0 every list is fresh, 2 one is stale or missing (the others are installed all the same), or nothing could be done.")]
pub(crate) struct UpdateArgs {
    /// Manifest to use instead of the built-in one, a file or an address
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) manifest: Option<PathBuf>,
    /// Ask for this list only, the others stay as they are; may be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) only: Vec<String>,
    /// Let this list shrink, once; may be repeated
    #[arg(long, value_name = "ID", requires = "reason")]
    pub(crate) accept_shrink: Vec<String>,
    /// Why it is right that a list shrank; kept in DIR/updates.jsonl
    #[arg(long, value_name = "TEXT", requires = "accept_shrink")]
    pub(crate) reason: Option<String>,
    /// Ask for every file at `URL/<list>/<file name>` instead of its publisher
    #[arg(long, value_name = "URL")]
    pub(crate) mirror: Option<String>,
    /// Longest silence of a server, in seconds
    #[arg(long, value_name = "SECONDS")]
    pub(crate) list_timeout: Option<u64>,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = TableFormat::Table, value_name = "FORMAT")]
    pub(crate) format: TableFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    Table,
    Json,
}

/// Print one entity as FollowTheMoney JSON
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Example:\n  interdict entity ofac-36")]
pub(crate) struct EntityArgs {
    /// Its id
    pub(crate) id: String,
    /// Add to every value the list, version and record it came from
    #[arg(long)]
    pub(crate) origins: bool,
    #[command(flatten)]
    pub(crate) snapshot: SnapshotArgs,
}

/// Print completions for a shell
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Example:\n  interdict completions bash > ~/.local/share/bash-completion/completions/interdict")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}
