use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A manifest as it is written.
pub struct SourceMap<'a> {
    text: &'a str,
    root: Option<Spanned<DeTable<'a>>>,
}

/// A step from a table or list to something in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathStep<'a> {
    Key(&'a str),
    /// In a list, from 0.
    Index(usize),
    /// In a list of tables, the one with this `id` or `name`.
    Named(&'a str),
}

impl<'a> SourceMap<'a> {
    /// Reads a manifest; nothing has a place in one that is no TOML.
    pub fn read(text: &'a str) -> Self {
        SourceMap { text, root: DeTable::parse(text).ok() }
    }

    /// The whole manifest, when it is TOML.
    pub fn root(&self) -> Option<&DeTable<'a>> {
        self.root.as_ref().map(Spanned::get_ref)
    }

    /// What stands at a place.
    pub fn get(&self, parse_key: &[PathStep<'_>]) -> Option<&DeValue<'a>> {
        let (first, rest) = parse_key.split_first()?;
        let PathStep::Key(key) = first else { return None };
        let mut value = self.root()?.get(*key)?.get_ref();
        for step in rest {
            value = descend(value, *step)?.1.get_ref();
        }
        Some(value)
    }

    /// The text at a place.
    pub fn text_at(&self, parse_key: &[PathStep<'_>]) -> Option<&str> {
        self.get(parse_key)?.as_str()
    }

    /// The line, from 1, of a place, or of the last thing on the way there that exists.
    pub fn line(&self, parse_key: &[PathStep<'_>]) -> Option<usize> {
        let (first, rest) = parse_key.split_first()?;
        let PathStep::Key(key) = first else { return None };
        let (key, value) = self.root()?.get_key_value(*key)?;
        let mut byte = key.span().start;
        let mut value = value.get_ref();
        for step in rest {
            let Some((at, next)) = descend(value, *step) else { break };
            byte = at;
            value = next.get_ref();
        }
        Some(self.line_of_byte(byte))
    }

    /// The lines, from 1, that hold a text, but for comments.
    pub fn lines_with(&self, text: &str) -> Vec<usize> {
        let lines = self.text.lines().enumerate();
        let found =
            lines.filter(|(_, line)| !line.trim_start().starts_with('#') && line.contains(text));
        found.map(|(at, _)| at + 1).collect()
    }

    /// The line of a key as problems and refusals write it: ``request `works`.url`` or
    /// `view.block[0].title, thing 3`.
    pub fn line_of_key(&self, key: &str) -> Option<usize> {
        self.line(&parse_key(key))
    }

    /// The line, from 1, in which this byte stands.
    pub fn line_of_byte(&self, byte: usize) -> usize {
        self.text.get(..byte).unwrap_or(self.text).matches('\n').count() + 1
    }
}

/// One step, with the byte where what it leads to begins.
fn descend<'v, 'a>(
    value: &'v DeValue<'a>,
    step: PathStep<'_>,
) -> Option<(usize, &'v Spanned<DeValue<'a>>)> {
    match step {
        PathStep::Key(key) => {
            let (key, value) = value.as_table()?.get_key_value(key)?;
            Some((key.span().start, value))
        }
        PathStep::Index(index) => {
            let value = value.as_array()?.get(index)?;
            Some((value.span().start, value))
        }
        PathStep::Named(name) => {
            let named = |value: &&Spanned<DeValue<'_>>| {
                let table = value.get_ref().as_table();
                ["id", "name"].iter().any(|key| {
                    table.and_then(|table| table.get(*key)?.get_ref().as_str()) == Some(name)
                })
            };
            let value = value.as_array()?.iter().find(named)?;
            Some((value.span().start, value))
        }
    }
}

/// The steps of a written key.
fn parse_key(key: &str) -> Vec<PathStep<'_>> {
    let key = key.split(", thing ").next().unwrap_or(key);
    let mut parse_key = Vec::new();
    for part in key.split('.') {
        let (name, rest) = match part.find(['[', ' ']) {
            Some(end) => part.split_at(end),
            None => (part, ""),
        };
        parse_key.push(PathStep::Key(name));
        if let Some(index) = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            parse_key.extend(index.parse().ok().map(PathStep::Index));
        } else if let Some(id) = rest.strip_prefix(" `").and_then(|rest| rest.strip_suffix('`')) {
            parse_key.push(PathStep::Named(id));
        }
    }
    parse_key
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a = 1\n\n[[request]]\nid = \"one\"\nurl = \"x\"\n\n[[request]]\nid = \"two\"\n\n[request.query]\nq = \"'1'\"\n";

    #[test]
    fn a_key_has_its_line() {
        let source = SourceMap::read(TEXT);
        assert_eq!(source.line_of_key("a"), Some(1));
        assert_eq!(source.line_of_key("request `one`.url"), Some(5));
        assert_eq!(source.line_of_key("request `two`"), Some(7));
        assert_eq!(source.line_of_key("request `two`.query.q"), Some(11));
        assert_eq!(source.line_of_key("request[1].id, thing 3"), Some(8));
        assert_eq!(source.line_of_key("request[1].absent"), Some(7));
        assert_eq!(source.line_of_key("absent"), None);
    }
}
