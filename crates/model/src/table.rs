//! The compiled-in table of the FollowTheMoney model, parsed once.
//!
//! Cost: some 800 lines, parsed on first use in well under a millisecond.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::property::PropertyType;

/// One schema as the table has it. Schemata are indices into [`Table::schemata`], in alphabetical order.
#[derive(Debug, Default)]
pub(crate) struct SchemaRow {
    pub(crate) name: &'static str,
    pub(crate) flags: &'static str,
    pub(crate) label: &'static str,
    pub(crate) plural: &'static str,
    pub(crate) extends: Vec<&'static str>,
    pub(crate) featured: Vec<&'static str>,
    pub(crate) required: Vec<&'static str>,
    pub(crate) caption: Vec<&'static str>,
    pub(crate) edge: Option<(&'static str, &'static str)>,
    /// Names that several ancestors define, with the one that counts.
    pub(crate) chosen: Vec<(&'static str, &'static str)>,
    /// Itself and all that it extends, as indices, ascending.
    pub(crate) ancestors: Vec<u8>,
    /// Property names of the schema and its ancestors with the index of their definition.
    pub(crate) properties: BTreeMap<&'static str, u16>,
}

/// One property as it is defined on one schema.
#[derive(Debug)]
pub(crate) struct PropertyRow {
    pub(crate) name: &'static str,
    pub(crate) defined_on: u8,
    pub(crate) kind: PropertyType,
    pub(crate) flags: &'static str,
    pub(crate) range: &'static str,
    pub(crate) reverse: Option<(&'static str, &'static str)>,
    pub(crate) format: &'static str,
    pub(crate) max_length: u32,
    pub(crate) label: &'static str,
}

/// The whole model.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) version: &'static str,
    pub(crate) schemata: Vec<SchemaRow>,
    pub(crate) properties: Vec<PropertyRow>,
    /// Closed value sets by type: code and English label, by code.
    pub(crate) values: BTreeMap<&'static str, BTreeMap<&'static str, &'static str>>,
}

/// The table, parsed from `data/ftm.tsv`; that it parses is tested.
pub(crate) static TABLE: LazyLock<Table> =
    LazyLock::new(|| parse(include_str!("../data/ftm.tsv")).expect("the compiled-in table is well formed"));

fn parse(text: &'static str) -> Option<Table> {
    let mut table = Table::default();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&'static str> = line.split('\t').collect();
        match fields.as_slice() {
            ["F", version] => table.version = version,
            ["T", ..] => {}
            ["V", kind, code, label] => {
                table.values.entry(kind).or_default().insert(code, label);
            }
            ["S", name, flags, extends, featured, required, caption, source, target, label, plural] => {
                let names = |list: &'static str| list.split(',').filter(|name| !name.is_empty()).collect();
                table.schemata.push(SchemaRow {
                    name,
                    flags,
                    label,
                    plural,
                    extends: names(extends),
                    featured: names(featured),
                    required: names(required),
                    caption: names(caption),
                    edge: (!source.is_empty()).then_some((*source, *target)),
                    ..SchemaRow::default()
                });
            }
            ["C", name, schema] => table.schemata.last_mut()?.chosen.push((name, schema)),
            ["P", name, kind, flags, range, reverse_schema, reverse_name, format, max_length, label] => {
                table.properties.push(PropertyRow {
                    name,
                    defined_on: u8::try_from(table.schemata.len().checked_sub(1)?).ok()?,
                    kind: PropertyType::parse(kind)?,
                    flags,
                    range,
                    reverse: (!reverse_schema.is_empty()).then_some((*reverse_schema, *reverse_name)),
                    format,
                    max_length: max_length.parse().ok()?,
                    label,
                });
            }
            _ => return None,
        }
    }
    inherit(&mut table)?;
    Some(table)
}

/// Fills ancestors and inherited properties. A property defined nearer to the schema hides a farther one of that name.
fn inherit(table: &mut Table) -> Option<()> {
    let names: Vec<&'static str> = table.schemata.iter().map(|schema| schema.name).collect();
    let index_of = |name: &str| names.binary_search(&name).ok();
    let parents: Vec<Vec<usize>> = table
        .schemata
        .iter()
        .map(|schema| schema.extends.iter().map(|name| index_of(name)).collect::<Option<Vec<_>>>())
        .collect::<Option<_>>()?;
    for index in 0..table.schemata.len() {
        let mut order = Vec::new();
        let mut open = vec![index];
        while let Some(at) = open.pop() {
            if !order.contains(&at) {
                order.push(at);
                open.extend(parents.get(at)?);
            }
        }
        let mut properties = BTreeMap::new();
        for &at in &order {
            for (row, property) in table.properties.iter().enumerate() {
                if usize::from(property.defined_on) == at {
                    properties.entry(property.name).or_insert(u16::try_from(row).ok()?);
                }
            }
        }
        for (name, schema) in &table.schemata.get(index)?.chosen {
            let on = index_of(schema)?;
            let row = table.properties.iter().position(|row| row.name == *name && usize::from(row.defined_on) == on)?;
            properties.insert(name, u16::try_from(row).ok()?);
        }
        let mut ancestors: Vec<u8> = order.iter().map(|&at| u8::try_from(at).ok()).collect::<Option<_>>()?;
        ancestors.sort_unstable();
        let schema = table.schemata.get_mut(index)?;
        schema.properties = properties;
        schema.ancestors = ancestors;
    }
    Some(())
}
