//! Writes the model crate's table of schemata, properties and types from a FollowTheMoney model given as JSON facts.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

/// Reads the facts at `model` and writes `crates/model/data/ftm.tsv`.
pub(crate) fn write_table(model: &str) -> Result<()> {
    let text = std::fs::read_to_string(model).with_context(|| format!("reading {model}"))?;
    let facts: Value = serde_json::from_str(&text).with_context(|| format!("parsing {model}"))?;
    let table = table(&facts).context("the model lacks a member")?;
    let out = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/model/data/ftm.tsv");
    std::fs::write(&out, table).with_context(|| format!("writing {}", out.display()))?;
    println!("wrote {}", out.display());
    Ok(())
}

/// The table as text; `None` where a member is missing or of another kind than expected.
fn table(facts: &Value) -> Option<String> {
    let mut out = String::from(
        "# Facts of the FollowTheMoney model, written by `cargo xtask ftm-table`; do not edit.\n\
         # F version | T type group flags max_length | V type code label\n\
         # S schema flags extends featured required caption edge_source edge_target label plural\n\
         # P (of the schema above) name type flags range reverse_schema reverse_name format max_length label\n\
         # C (of the schema above) name schema: which of several inherited definitions counts\n\
         # flags: m matchable, p pivot, a abstract, h hidden, g generated, e edge, d directed, s stub, x deprecated\n",
    );
    writeln!(out, "F\t{}", facts["generated_from"].as_str()?).ok()?;
    for (name, kind) in facts["types"].as_object()? {
        let flags = flags(kind, &[("matchable", 'm'), ("pivot", 'p')]);
        writeln!(out, "T\t{name}\t{}\t{flags}\t{}", text(kind, "group"), kind["max_length"].as_u64()?).ok()?;
        for (code, label) in kind["values"].as_object().unwrap_or(&Map::new()) {
            writeln!(out, "V\t{name}\t{code}\t{}", label.as_str()?).ok()?;
        }
    }
    let schemata = facts["schemata"].as_object()?;
    for (name, schema) in schemata {
        let marks = [
            ("matchable", 'm'),
            ("abstract", 'a'),
            ("hidden", 'h'),
            ("generated", 'g'),
            ("edge", 'e'),
            ("edge_directed", 'd'),
        ];
        writeln!(
            out,
            "S\t{name}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            flags(schema, &marks),
            list(schema, "extends"),
            list(schema, "featured"),
            list(schema, "required"),
            list(schema, "caption"),
            text(schema, "edge_source"),
            text(schema, "edge_target"),
            text(schema, "label"),
            text(schema, "plural"),
        )
        .ok()?;
        for (property, facts) in schema["properties"].as_object()? {
            let defined_on = facts["defined_on"].as_str()?;
            if defined_on != name {
                if n_definitions(schemata, schema, property) > 1 {
                    writeln!(out, "C\t{property}\t{defined_on}").ok()?;
                }
                continue;
            }
            let marks = [("matchable", 'm'), ("stub", 's'), ("hidden", 'h'), ("deprecated", 'x')];
            writeln!(
                out,
                "P\t{property}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
                text(facts, "type"),
                flags(facts, &marks),
                text(facts, "range"),
                text(&facts["reverse"], "schema"),
                text(&facts["reverse"], "name"),
                text(facts, "format"),
                facts["max_length"].as_u64()?,
                text(facts, "label"),
            )
            .ok()?;
        }
    }
    Some(out)
}

/// How many of a schema's ancestors define a property of that name.
fn n_definitions(schemata: &Map<String, Value>, schema: &Value, property: &str) -> usize {
    let ancestors = schema["ancestors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let defines = |name: &&str| schemata[*name]["properties"][property]["defined_on"] == **name;
    ancestors.iter().filter_map(Value::as_str).filter(defines).count()
}

fn text<'a>(of: &'a Value, member: &str) -> &'a str {
    of[member].as_str().unwrap_or_default()
}

fn list(of: &Value, member: &str) -> String {
    let items = of[member].as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")
}

fn flags(of: &Value, marks: &[(&str, char)]) -> String {
    marks.iter().filter(|(member, _)| of[*member].as_bool() == Some(true)).map(|(_, mark)| mark).collect()
}
