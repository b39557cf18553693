//! Text in the pages that the service makes.

/// A text for the inside of an element or a quoted attribute.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Signs that turn the direction of what follows would let a name rearrange the page's own words.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn texts_cannot_leave_their_place() {
        assert_eq!(escaped("<b a=\"x\" c='y'>&\u{202e}\n"), "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp; ");
    }
}
