//! What people type into a search box: words, "phrases", `+`, `-`, `|`, `*` at the end of a word, `~`; whatever makes no sense is a blank.
//!
//! Invariant: every text is a query. Of one that would cost too much ([`MAX_WORDS`], [`MAX_WALKS`]) the rest is left out.

use crate::query::{Ask, MAX_WALKS, MAX_WORDS, Node};

/// Reads a query.
pub(crate) fn parse(text: &str) -> Node {
    let mut any: Vec<Node> = Vec::new();
    let mut all: Vec<Node> = Vec::new();
    let mut rest = text.trim();
    let (mut n_words, mut n_walks) = (0, 0);
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '+' | '(' | ')'));
        if let Some(after) = rest.strip_prefix('|') {
            rest = after;
            if !all.is_empty() {
                any.push(Node::And(std::mem::take(&mut all)));
            }
            continue;
        }
        if rest.is_empty() {
            break;
        }
        let not = rest.starts_with('-');
        rest = rest.trim_start_matches('-');
        let (ask, after) = atom(rest);
        rest = after;
        let Some(ask) = ask else { continue };
        n_words += ask.n_words();
        n_walks += usize::from(ask.walks());
        if n_words > MAX_WORDS || n_walks > MAX_WALKS {
            break;
        }
        let node = Node::Is(None, ask);
        all.push(if not { Node::Not(Box::new(node)) } else { node });
    }
    if !all.is_empty() {
        any.push(Node::And(all));
    }
    match any.len() {
        0 => Node::Nothing,
        1 => any.swap_remove(0),
        _ => Node::Or(any),
    }
}

/// A word or phrase, and what follows it.
fn atom(text: &str) -> (Option<Ask>, &str) {
    if let Some(quoted) = text.strip_prefix('"')
        && let Some((phrase, after)) = quoted.split_once('"')
    {
        let after = after.trim_start_matches(|c: char| c == '~' || c.is_ascii_digit());
        return (Some(Ask::Phrase(phrase.to_owned(), 0)), after);
    }
    let text = text.trim_start_matches('"');
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, '"' | '|' | '(' | ')' | '+')).unwrap_or(text.len());
    let (word, after) = text.split_at(end);
    let fuzzy = word.split('~').next().unwrap_or_default();
    let plain = fuzzy.trim_end_matches('*');
    let ask = match plain {
        "" => None,
        _ if plain.len() < fuzzy.len() => Some(Ask::Wild(format!("{}*", plain.replace(['*', '?'], "")))),
        _ => Some(Ask::Word(plain.to_owned())),
    };
    (ask, after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_typed_is_a_query() {
        let word = |text: &str| Node::Is(None, Ask::Word(text.to_owned()));
        assert_eq!(parse("invalid/query"), Node::And(vec![word("invalid/query")]));
        assert_eq!(
            parse("iv* -x | \"a b\""),
            Node::Or(vec![
                Node::And(vec![Node::Is(None, Ask::Wild("iv*".to_owned())), Node::Not(Box::new(word("x")))]),
                Node::And(vec![Node::Is(None, Ask::Phrase("a b".to_owned(), 0))]),
            ])
        );
        let n_asks = |text: &str| match parse(text) {
            Node::And(nodes) => nodes.len(),
            other => panic!("{other:?}"),
        };
        assert_eq!(n_asks(&"a ".repeat(1000)), MAX_WORDS);
        assert_eq!(n_asks(&"a* ".repeat(1000)), MAX_WALKS);
        for text in ["\"", "((", "| |", "-", "~", "*", "\"a", "a~2", "+ + +"] {
            parse(text);
        }
    }
}
