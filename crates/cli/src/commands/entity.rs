//! `interdict entity`: one entity with what points to it.

use anyhow::Result;
use serde_json::json;

use super::Outcome;
use crate::args::EntityArgs;
use crate::context::Context;
use crate::diagnose::hinted;
use crate::output::print_json;

pub(crate) fn run(context: &Context, args: &EntityArgs) -> Result<Outcome> {
    let opened = context.open_snapshot(args.snapshot.snapshot.as_deref())?;
    let snapshot = &opened.snapshot;
    let Some(ord) = snapshot.find(&args.id)? else {
        return Err(hinted(
            format!("no entity has the id `{}` in snapshot {}", args.id, snapshot.id()),
            "ids stand in the `id` of a hit; `interdict screen NAME` finds them",
        ));
    };
    let entity = snapshot.entity(ord)?;
    let mut json = if args.origins { entity.to_json() } else { entity.to_ftm() };
    let mut referrers = Vec::new();
    for other in snapshot.referrers(ord)? {
        referrers.push(snapshot.entity(other)?.to_ftm());
    }
    if let Some(members) = json.as_object_mut() {
        members.insert("referrers".to_owned(), json!(referrers));
        if snapshot.meta().starter {
            members.insert("starter".to_owned(), json!(true));
        }
    }
    print_json(&json)?;
    Ok(Outcome::Clear)
}
