//! Finds the line of a key in the text of a manifest.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// 1-based line of a key as errors and refusals name it: `view.block[0].title`,
/// ``request `trains`.url``, with or without the number of an item. For an absent key it is the
/// line of the table that should contain it; `None` when the text is not TOML, or when no part of
/// the path exists.
pub fn line_of(text: &str, key: &str) -> Option<usize> {
    SourceMap::parse(text).line_of_key(key)
}

/// The text of a manifest with the positions of its keys.
pub struct SourceMap<'a> {
    text: &'a str,
    root: Option<Spanned<DeTable<'a>>>,
}

/// A step of a path in a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathStep<'a> {
    Key(&'a str),
    /// 0-based index of an array.
    Index(usize),
    /// The table of an array with this `id` or `name`.
    Named(&'a str),
}

impl<'a> SourceMap<'a> {
    /// Parses a manifest. Text that is not TOML has no keys.
    pub fn parse(text: &'a str) -> Self {
        SourceMap { text, root: DeTable::parse(text).ok() }
    }

    /// The whole manifest, if it is TOML.
    pub fn root(&self) -> Option<&DeTable<'a>> {
        self.root.as_ref().map(Spanned::get_ref)
    }

    pub fn get(&self, path: &[PathStep<'_>]) -> Option<&DeValue<'a>> {
        let (first, rest) = path.split_first()?;
        let PathStep::Key(key) = first else { return None };
        let mut value = self.root()?.get(*key)?.get_ref();
        for step in rest {
            value = descend(value, *step)?.1.get_ref();
        }
        Some(value)
    }

    pub fn text_at(&self, path: &[PathStep<'_>]) -> Option<&str> {
        self.get(path)?.as_str()
    }

    /// 1-based line of a path, or of its longest existing prefix.
    pub fn line(&self, path: &[PathStep<'_>]) -> Option<usize> {
        let (first, rest) = path.split_first()?;
        let PathStep::Key(key) = first else { return None };
        let (key, value) = self.root()?.get_key_value(*key)?;
        let mut byte = key.span().start;
        let mut value = value.get_ref();
        for step in rest {
            let Some((start, next)) = descend(value, *step) else { break };
            byte = start;
            value = next.get_ref();
        }
        Some(self.line_of_byte(byte))
    }

    /// 1-based lines that contain a text, except comment lines.
    pub fn lines_with(&self, text: &str) -> Vec<usize> {
        let lines = self.text.lines().enumerate();
        let matches =
            lines.filter(|(_, line)| !line.trim_start().starts_with('#') && line.contains(text));
        matches.map(|(index, _)| index + 1).collect()
    }

    /// 1-based line of a key, see [`line_of`].
    pub fn line_of_key(&self, key: &str) -> Option<usize> {
        self.line(&parse_path(key))
    }

    /// 1-based line of a byte offset.
    pub fn line_of_byte(&self, byte: usize) -> usize {
        self.text.get(..byte).unwrap_or(self.text).matches('\n').count() + 1
    }
}

/// Follows a step; returns the byte offset and the value.
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

fn parse_path(key: &str) -> Vec<PathStep<'_>> {
    let key = key.split(", thing ").next().unwrap_or(key);
    let mut path = Vec::new();
    for part in key.split('.') {
        if let Some((name, index)) = part.strip_suffix(']').and_then(|part| part.split_once('[')) {
            path.push(PathStep::Key(name));
            path.extend(index.parse().ok().map(PathStep::Index));
        } else if let Some((name, id)) =
            part.strip_suffix('`').and_then(|part| part.split_once(" `"))
        {
            path.extend([PathStep::Key(name), PathStep::Named(id)]);
        } else {
            path.push(PathStep::Key(part));
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "name = 1\n\n[[request]]\nid = \"a\"\nurl = \"x\"\n\n[[request]]\nid = \"b\"\nurl = \"y\"\n\n\
        [view]\nabout = \"z\"\n\n[[view.block]]\nkind = \"list\"\n\n[[view.block.item]]\ntitle = \"t\"\n\n\
        [[view.block]]\nkind = \"text\"\ntext = '''\n1'''\n";

    #[test]
    fn a_key_is_found_in_its_line() {
        let line = |key| line_of(MANIFEST, key).and_then(|line| MANIFEST.lines().nth(line - 1));
        assert_eq!(line("name"), Some("name = 1"));
        assert_eq!(line("request `b`.url"), Some("url = \"y\""));
        assert_eq!(line("view.about"), Some("about = \"z\""));
        assert_eq!(line("view.block[0].item[0].title"), Some("title = \"t\""));
        assert_eq!(line("view.block[1].text, thing 3"), Some("text = '''"));
        // An absent key is located where it should be.
        assert_eq!(line("view.block[1].empty"), Some("[[view.block]]"));
        assert_eq!(line_of(MANIFEST, "view.block[1].empty"), Some(20));
        assert_eq!(line("sample"), None);
        assert_eq!(line_of("no toml", "name"), None);
    }

    const TEXT: &str = "a = 1\n\n[[request]]\nid = \"one\"\nurl = \"x\"\n\n[[request]]\nid = \"two\"\n\n[request.query]\nq = \"'1'\"\n";

    #[test]
    fn a_key_has_its_line() {
        let source = SourceMap::parse(TEXT);
        assert_eq!(source.line_of_key("a"), Some(1));
        assert_eq!(source.line_of_key("request `one`.url"), Some(5));
        assert_eq!(source.line_of_key("request `two`"), Some(7));
        assert_eq!(source.line_of_key("request `two`.query.q"), Some(11));
        assert_eq!(source.line_of_key("request[1].id, thing 3"), Some(8));
        assert_eq!(source.line_of_key("request[1].absent"), Some(7));
        assert_eq!(source.line_of_key("absent"), None);
    }
}
