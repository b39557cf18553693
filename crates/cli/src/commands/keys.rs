//! `interdict keys`: the API keys of `interdict serve`.
//!
//! Idea: the file is read, changed and put in place whole under the same name; a service that runs takes it up within a second. A secret
//! is printed once, when it is made, and is nowhere kept.
//! Invariant: two commands at a time do not lose each other's change: the new file is made under a name that only one can make.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use interdict_server::access::keys::{Ended, Key, KeyFile};
use interdict_server::access::secret::{SecretHash, new_secret};
use interdict_server::access::{Rate, Role};
use jiff::{Timestamp, ToSpan as _};
use serde_json::json;

use super::Outcome;
use crate::args::{KeyNewArgs, KeysArgs, KeysCommand, TableFormat};
use crate::context::Context;
use crate::diagnose::hinted;
use crate::output::{print_json, stdout};

pub(crate) fn run(context: &Context, args: &KeysArgs) -> Result<Outcome> {
    let path = args.keys.clone().or_else(|| context.config.serve.keys.clone());
    let path =
        path.ok_or_else(|| hinted("which keys file is meant was not said", "say --keys FILE, or `keys` in [serve]"))?;
    match &args.command {
        KeysCommand::New(args) => new(context, &path, args)?,
        KeysCommand::List { format } => list(&path, *format)?,
        KeysCommand::Revoke { id } => revoke(context, &path, id)?,
    }
    Ok(Outcome::Clear)
}

fn new(context: &Context, path: &Path, args: &KeyNewArgs) -> Result<()> {
    let now = Timestamp::now();
    let secret = new_secret()?;
    let not_after = match args.days {
        0 => None,
        days => Some(now.checked_add((24 * i64::from(days)).hours()).context("--days leads beyond all calendars")?),
    };
    let key = Key {
        id: args.id.clone(),
        sha256: SecretHash::of(secret.reveal()),
        role: Role::by_name(&args.role).with_context(|| format!("{:?} is no role", args.role))?,
        datasets: (!args.dataset.is_empty()).then(|| args.dataset.iter().cloned().collect()),
        created_at: Some(now),
        not_after,
        revoked_at: None,
        rate: args.rate.map(|per_second| Rate {
            per_second,
            burst: args.burst.unwrap_or(per_second.ceil().clamp(1.0, 1e6) as u32),
        }),
        concurrent: args.concurrent,
    };
    change(path, true, |file| {
        file.keys.push(key);
        Ok(())
    })?;
    let until = not_after.map_or_else(|| "for ever".to_owned(), |last| format!("until {last}"));
    context
        .note(&format!("key `{}` with the role `{}` holds {until}; its secret is shown this once", args.id, args.role));
    stdout(format!("{}\n", secret.reveal()).as_bytes())
}

fn revoke(context: &Context, path: &Path, id: &str) -> Result<()> {
    change(path, false, |file| {
        let key = file.keys.iter_mut().find(|key| key.id == id);
        let key = key
            .ok_or_else(|| hinted(format!("there is no key `{id}`"), "`interdict keys list` names those there are"))?;
        key.revoked_at = key.revoked_at.or(Some(Timestamp::now()));
        Ok(())
    })?;
    context.note(&format!("key `{id}` is revoked; a service that runs refuses it within a second or two"));
    Ok(())
}

fn list(path: &Path, format: TableFormat) -> Result<()> {
    let file = KeyFile::read(path)?;
    let now = Timestamp::now();
    let state = |key: &Key| match key.holds(now) {
        Ok(()) => "holds",
        Err(Ended::Revoked) => "revoked",
        Err(Ended::Expired) => "expired",
    };
    let time =
        |time: Option<Timestamp>| time.map_or_else(|| "-".to_owned(), |time| time.strftime("%Y-%m-%d").to_string());
    match format {
        TableFormat::Json => {
            let keys = file.keys.iter().map(|key| {
                json!({
                    "id": key.id, "role": key.role, "state": state(key), "datasets": key.datasets, "created_at": key.created_at,
                    "not_after": key.not_after, "revoked_at": key.revoked_at, "rate": key.rate, "concurrent": key.concurrent,
                })
            });
            print_json(&json!({"keys": keys.collect::<Vec<_>>()}))
        }
        TableFormat::Table => {
            let width = file.keys.iter().map(|key| key.id.len()).max().unwrap_or(0).max(2);
            let line = |key: &Key| {
                let datasets = key.datasets.as_ref().map_or_else(
                    || "all".to_owned(),
                    |names| names.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
                );
                let (role, made, last) = (key.role.name(), time(key.created_at), time(key.not_after));
                format!("{:width$}  {role:7}  {:7}  {made:10}  {last:10}  {datasets}\n", key.id, state(key))
            };
            let head = format!("{:width$}  ROLE     STATE    MADE        LAST DAY    DATASETS\n", "ID");
            stdout((head + &file.keys.iter().map(line).collect::<String>()).as_bytes())
        }
    }
}

/// Changes the file and puts it in place whole, readable by its owner alone.
fn change(path: &Path, may_begin: bool, change: impl FnOnce(&mut KeyFile) -> Result<()>) -> Result<()> {
    let new = beside(path);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let out = options.open(&new).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => hinted(
            format!("{} is there: another command is changing the keys, or was stopped while it did", new.display()),
            "wait for it, or remove that file if there is none",
        ),
        _ => anyhow::Error::new(error).context(format!("{} cannot be written", new.display())),
    })?;
    let written = write(out, path, may_begin, change)
        .and_then(|()| std::fs::rename(&new, path).with_context(|| format!("{} cannot be replaced", path.display())));
    if written.is_err() {
        // What failed is told; the name must be free for the next attempt.
        drop(std::fs::remove_file(&new));
    }
    written
}

fn write(
    mut out: std::fs::File,
    path: &Path,
    may_begin: bool,
    change: impl FnOnce(&mut KeyFile) -> Result<()>,
) -> Result<()> {
    let mut file = if may_begin && !path.try_exists()? { KeyFile::default() } else { KeyFile::read(path)? };
    change(&mut file)?;
    file.check()?;
    let text = serde_json::to_string_pretty(&file)?;
    out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.sync_all())?;
    Ok(())
}

/// The name under which the new file is made.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}
