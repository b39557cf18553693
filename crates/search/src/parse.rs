//! The query language of Lucene, as far as a search box of yente's uses it.
//!
//! ```text
//! query   = clause { [AND | OR | && | ||] clause }          without a word between them, both must hold
//! clause  = [+ | - | ! | NOT] atom
//! atom    = [field :] ( word | "phrase"[~n] | word~[n] | wi*d? | [a TO b] | {a TO b} | >a | >=a | <a | <=a | ( query ) ) [^boost]
//! ```
//! AND binds more tightly than OR. Boosts are read and not weighed. What Lucene refuses is refused here too: quotes, brackets and
//! parentheses that do not close, an operator without a clause, a `/` that begins a regular expression, which are not supported.
//! Limits: [`MAX_LEN`] bytes, [`MAX_DEPTH`] parentheses within each other, [`MAX_WORDS`] words, [`MAX_WALKS`] asks that walk a field.

use crate::query::{Ask, MAX_WALKS, MAX_WORDS, Node};

/// Longest query in bytes: far beyond what anybody types, and short enough to read at once.
const MAX_LEN: usize = 10_000;

/// Parentheses within each other: a bound of the reader's stack.
const MAX_DEPTH: usize = 32;

/// A query is not of the language.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at character {at}: {said}")]
pub struct SyntaxError {
    /// Characters before the place.
    pub at: usize,
    /// What is wrong.
    pub said: &'static str,
}

/// Reads a query.
pub(crate) fn parse(text: &str, fuzzy: bool) -> Result<Node, SyntaxError> {
    let mut reader = Reader { chars: text.chars().collect(), at: 0, depth: 0, n_words: 0, n_walks: 0, fuzzy };
    if text.len() > MAX_LEN {
        return Err(reader.fault("the query is too long"));
    }
    let node = reader.query(None)?;
    if reader.at < reader.chars.len() {
        return Err(reader.fault("a parenthesis is closed that was not opened"));
    }
    Ok(node)
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    depth: usize,
    n_words: usize,
    n_walks: usize,
    fuzzy: bool,
}

impl Reader {
    fn fault(&self, said: &'static str) -> SyntaxError {
        SyntaxError { at: self.at, said }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        self.at += usize::from(found);
        found
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// Takes an operator that stands as a word, or as its sign.
    fn take_operator(&mut self, word: &str, sign: &str) -> bool {
        let rest = &self.chars[self.at..];
        let begins =
            |text: &str| text.chars().zip(rest).filter(|(one, other)| one == *other).count() == text.chars().count();
        let ends =
            rest.get(word.len()).is_none_or(|next| next.is_whitespace() || matches!(next, '(' | '"' | '+' | '-'));
        if begins(word) && ends {
            self.at += word.len();
            return true;
        }
        if !sign.is_empty() && begins(sign) {
            self.at += sign.len();
            return true;
        }
        false
    }

    /// Clauses until the end or a closing parenthesis, which is not taken.
    fn query(&mut self, field: Option<&str>) -> Result<Node, SyntaxError> {
        let mut any: Vec<Node> = Vec::new();
        let mut all: Vec<Node> = Vec::new();
        let mut must_follow = false;
        loop {
            self.skip_blanks();
            match self.peek() {
                None | Some(')') if must_follow => return Err(self.fault("an operator has nothing behind it")),
                None | Some(')') => break,
                _ => {}
            }
            if self.take_operator("OR", "||") {
                if all.is_empty() {
                    return Err(self.fault("OR has nothing before it"));
                }
                any.push(join(std::mem::take(&mut all), Node::And));
                must_follow = true;
                continue;
            }
            if self.take_operator("AND", "&&") {
                if all.is_empty() {
                    return Err(self.fault("AND has nothing before it"));
                }
                must_follow = true;
                continue;
            }
            all.push(self.clause(field)?);
            must_follow = false;
        }
        if all.is_empty() && any.is_empty() {
            return Err(self.fault("there is nothing to look for"));
        }
        any.push(join(all, Node::And));
        Ok(join(any, Node::Or))
    }

    fn clause(&mut self, field: Option<&str>) -> Result<Node, SyntaxError> {
        let not = self.take_operator("NOT", "!") || self.take('-');
        if !not {
            self.take('+');
        }
        self.skip_blanks();
        let node = self.atom(field)?;
        if self.take('^') {
            let boost = self.number();
            if boost.is_empty() {
                return Err(self.fault("`^` wants a number"));
            }
        }
        Ok(if not { Node::Not(Box::new(node)) } else { node })
    }

    fn atom(&mut self, field: Option<&str>) -> Result<Node, SyntaxError> {
        match self.peek() {
            None => return Err(self.fault("an operator has nothing behind it")),
            Some('(') => {
                self.at += 1;
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(self.fault("parentheses are nested too deeply"));
                }
                let node = self.query(field)?;
                if !self.take(')') {
                    return Err(self.fault("a parenthesis is not closed"));
                }
                self.depth -= 1;
                return Ok(node);
            }
            Some('"') => {
                let phrase = self.phrase()?;
                let slop = if self.take('~') { self.number().parse().unwrap_or(0) } else { 0 };
                return self.is(field, Ask::Phrase(phrase, slop));
            }
            Some('[' | '{') => return self.range(field),
            Some('/') => return Err(self.fault("regular expressions are not supported; write `\\/` for a slash")),
            Some('>' | '<') => return self.bound(field),
            Some(']' | '}' | ':' | '^' | '~') => return Err(self.fault("a sign stands where a word is expected")),
            _ => {}
        }
        let word = self.word()?;
        if self.take(':') {
            if word.text == "*" && self.peek() == Some('*') {
                self.at += 1;
                return Ok(Node::All);
            }
            if word.text == "_exists_" {
                let field = self.word()?.text;
                return self.is(Some(&field), Ask::Exists);
            }
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return Err(self.fault("fields are nested too deeply"));
            }
            let node = self.atom(Some(&word.text))?;
            self.depth -= 1;
            return Ok(node);
        }
        if word.is_wild {
            let ask = if word.text == "*" { Ask::Exists } else { Ask::Wild(word.text) };
            return if field.is_none() && ask == Ask::Exists { Ok(Node::All) } else { self.is(field, ask) };
        }
        if self.take('~') {
            let edits = self.number();
            let most = match word.text.chars().count() {
                _ if !self.fuzzy => 0,
                0..3 => 0,
                3..6 => 1,
                _ => 2,
            };
            // Lucene's older form is a share of the letters, which says no more than that some may differ.
            let edits = edits.parse::<u8>().map_or(most, |edits| edits.min(most));
            return self.is(field, Ask::Fuzzy(word.text, edits));
        }
        self.is(field, Ask::Word(word.text))
    }

    /// What a field must hold, where the query has not become too costly by it.
    fn is(&mut self, field: Option<&str>, ask: Ask) -> Result<Node, SyntaxError> {
        self.n_words += ask.n_words();
        self.n_walks += usize::from(ask.walks());
        if self.n_words > MAX_WORDS {
            return Err(self.fault("there are more than 256 words; ask for fewer"));
        }
        if self.n_walks > MAX_WALKS {
            return Err(
                self.fault("there are more than 16 words with `*`, `?` or `~`, ranges and `_exists_`; ask for fewer")
            );
        }
        Ok(Node::Is(field.map(str::to_owned), ask))
    }

    fn number(&mut self) -> String {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit() || c == '.') {
            self.at += 1;
        }
        self.chars[start..self.at].iter().collect()
    }

    fn phrase(&mut self) -> Result<String, SyntaxError> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                '"' => return Ok(text),
                '\\' => text.extend(self.peek().inspect(|_| self.at += 1)),
                c => text.push(c),
            }
        }
        self.at = start;
        Err(self.fault("a quote is not closed"))
    }

    /// A word up to a blank or a sign of the language that is not escaped.
    fn word(&mut self) -> Result<Word, SyntaxError> {
        let mut word = Word { text: String::new(), is_wild: false };
        while let Some(c) = self.peek() {
            match c {
                '\\' => {
                    self.at += 1;
                    word.text.push(self.peek().ok_or_else(|| self.fault("`\\` has nothing behind it"))?);
                }
                '*' | '?' => {
                    word.is_wild = true;
                    word.text.push(c);
                }
                '/' => return Err(self.fault("regular expressions are not supported; write `\\/` for a slash")),
                '"' | '(' | ')' | '[' | ']' | '{' | '}' | ':' | '^' | '~' => break,
                c if c.is_whitespace() => break,
                c => word.text.push(c),
            }
            self.at += 1;
        }
        if word.text.is_empty() { Err(self.fault("a word is expected")) } else { Ok(word) }
    }

    fn range(&mut self, field: Option<&str>) -> Result<Node, SyntaxError> {
        let with_low = self.take('[');
        self.at += usize::from(!with_low);
        let low = self.range_end()?;
        self.skip_blanks();
        if !self.take_operator("TO", "") {
            return Err(self.fault("a range is written [a TO b]"));
        }
        let high = self.range_end()?;
        self.skip_blanks();
        let with_high = match self.peek() {
            Some(']') => true,
            Some('}') => false,
            _ => return Err(self.fault("a range is not closed")),
        };
        self.at += 1;
        let bound = |text: String, with: bool| (text != "*").then_some((text, with));
        self.is(field, Ask::Range(bound(low, with_low), bound(high, with_high)))
    }

    fn range_end(&mut self) -> Result<String, SyntaxError> {
        self.skip_blanks();
        if self.peek() == Some('"') { self.phrase() } else { Ok(self.word()?.text) }
    }

    fn bound(&mut self, field: Option<&str>) -> Result<Node, SyntaxError> {
        let is_low = self.take('>');
        self.at += usize::from(!is_low);
        let with = self.take('=');
        let text = self.range_end()?;
        let bound = Some((text, with));
        self.is(field, if is_low { Ask::Range(bound, None) } else { Ask::Range(None, bound) })
    }
}

struct Word {
    text: String,
    is_wild: bool,
}

/// One node as it is, several in one.
fn join(mut nodes: Vec<Node>, many: fn(Vec<Node>) -> Node) -> Node {
    if nodes.len() == 1 { nodes.swap_remove(0) } else { many(nodes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree in brief.
    fn told(node: &Node) -> String {
        let all =
            |word: &str, nodes: &[Node]| format!("({word} {})", nodes.iter().map(told).collect::<Vec<_>>().join(" "));
        match node {
            Node::All => "*".to_owned(),
            Node::Nothing => "none".to_owned(),
            Node::And(nodes) => all("and", nodes),
            Node::Or(nodes) => all("or", nodes),
            Node::Not(node) => format!("(not {})", told(node)),
            Node::Is(field, ask) => {
                let field = field.as_ref().map(|field| format!("{field}:")).unwrap_or_default();
                match ask {
                    Ask::Word(text) => format!("{field}{text}"),
                    Ask::Fuzzy(text, edits) => format!("{field}{text}~{edits}"),
                    Ask::Phrase(text, slop) => format!("{field}\"{text}\"~{slop}"),
                    Ask::Wild(text) => format!("{field}wild({text})"),
                    Ask::Range(low, high) => format!("{field}{low:?}..{high:?}"),
                    Ask::Exists => format!("{field}any"),
                }
            }
        }
    }

    #[test]
    fn queries_are_read_as_lucene_reads_them() {
        for (text, tree) in [
            ("ivan petrov", "(and ivan petrov)"),
            ("ivan OR petrov bank", "(or ivan (and petrov bank))"),
            ("a && b || c", "(or (and a b) c)"),
            ("a -b +c NOT d !e", "(and a (not b) c (not d) (not e))"),
            ("\"ivan petrov\"~3 x", "(and \"ivan petrov\"~3 x)"),
            ("name:(a OR b) c", "(and (or name:a name:b) c)"),
            ("name:\"a b\"", "name:\"a b\"~0"),
            ("iv* p?t", "(and wild(iv*) wild(p?t))"),
            ("petrov~ ab~ petrov~1", "(and petrov~2 ab~0 petrov~1)"),
            (
                "properties.birthDate:[1970 TO 1980}",
                "properties.birthDate:Some((\"1970\", true))..Some((\"1980\", false))",
            ),
            ("dates:>=1970", "dates:Some((\"1970\", true))..None"),
            ("_exists_:topics *:*", "(and topics:any *)"),
            ("a\\:b\\/c^2.5", "a:b/c"),
            ("ORange ANDy NOTe", "(and ORange ANDy NOTe)"),
            ("((a))", "a"),
            ("a-b", "a-b"),
        ] {
            assert_eq!(parse(text, true).map(|node| told(&node)), Ok(tree.to_owned()), "{text}");
        }
        assert_eq!(told(&parse("petrov~2", false).unwrap()), "petrov~0");
    }

    #[test]
    fn what_lucene_refuses_is_refused_with_its_place() {
        for (text, at) in [
            ("invalid/query", 7),
            ("/x/", 0),
            ("\"a", 0),
            ("(a", 2),
            ("a)", 1),
            ("a AND", 5),
            ("OR a", 2),
            ("a:", 2),
            (":a", 0),
            ("[a TO", 5),
            ("[a b]", 3),
            ("a^", 2),
            ("()", 1),
            ("a\\", 2),
            ("-", 1),
        ] {
            assert_eq!(parse(text, true).map_err(|error| error.at), Err(at), "{text}");
        }
    }

    #[test]
    fn limits_hold() {
        assert!(parse(&"(".repeat(100), true).is_err());
        assert!(parse(&"a:".repeat(100), true).is_err());
        let said = |text: &str| parse(text, true).map_err(|error| error.said).map(|_| ());
        for (ask, n, bound) in [
            ("a ", MAX_WORDS, "256"),
            ("\"a b\" ", MAX_WORDS / 2, "256"),
            ("a-b ", MAX_WORDS / 2, "256"),
            ("*a* ", MAX_WALKS, "16"),
            ("(abcd~) ", MAX_WALKS, "16"),
            ("dates:[1970 TO 1980] ", MAX_WALKS, "16"),
            ("dates:>1970 ", MAX_WALKS, "16"),
            ("_exists_:topics ", MAX_WALKS, "16"),
            ("topics:* ", MAX_WALKS, "16"),
        ] {
            assert_eq!(said(&ask.repeat(n)), Ok(()), "{ask}");
            assert!(said(&ask.repeat(n + 1)).unwrap_err().contains(bound), "{ask}");
        }
        assert!(parse(&"a".repeat(20_000), true).is_err());
    }
}
