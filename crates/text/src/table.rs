//! The tables under `data/`: a line is a row, its cells are parted by tabs, and what begins with `#` is a remark.

/// The rows of a table, without remarks and empty lines.
pub(crate) fn rows(table: &str) -> impl Iterator<Item = &str> {
    table.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
}

/// As [`rows`], of a table whose first row names the columns.
pub(crate) fn rows_below_header(table: &str) -> impl Iterator<Item = &str> {
    rows(table).skip(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_and_empty_lines_are_no_rows() {
        let table = "# source\n\nword\treading\n# more\na\tb\n";
        assert_eq!(rows(table).collect::<Vec<_>>(), ["word\treading", "a\tb"]);
        assert_eq!(rows_below_header(table).collect::<Vec<_>>(), ["a\tb"]);
    }
}
