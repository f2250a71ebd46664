//! Where a key stands in the text of a manifest.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The line, from 1, in which a key stands that a problem or a refusal names:
/// `view.block[0].title`, ``request `trains`.url``, with or without the number of a thing behind
/// it. For a key that is absent it is the line of what should hold it; `None` when the text is no
/// TOML, or when nothing of the key is there.
pub fn line_of(text: &str, key: &str) -> Option<usize> {
    let manifest = DeTable::parse(text).ok()?;
    let key = key.split_once(", thing ").map_or(key, |(key, _)| key);
    let mut table = manifest.get_ref();
    let mut start = None;
    for step in steps(key) {
        let Some((name, value)) = table.iter().find(|(name, _)| *name.get_ref() == step.name)
        else {
            break;
        };
        start = Some(name.span().start);
        let chosen = match (value.get_ref(), &step.choice) {
            (_, None) => value,
            (DeValue::Array(list), Some(choice)) => {
                let Some(chosen) = list.iter().enumerate().find(|(at, one)| choice.fits(*at, one))
                else {
                    break;
                };
                start = Some(chosen.1.span().start);
                chosen.1
            }
            _ => break,
        };
        let DeValue::Table(inner) = chosen.get_ref() else { break };
        table = inner;
    }
    let before = text.get(..start?)?;
    Some(before.matches('\n').count() + 1)
}

/// One step of a key: into a table, or into one of a list of tables.
struct Step<'a> {
    name: &'a str,
    choice: Option<Choice<'a>>,
}

/// Which of a list of tables.
enum Choice<'a> {
    Number(usize),
    /// By its `id` or `name`.
    Named(&'a str),
}

impl Choice<'_> {
    fn fits(&self, at: usize, one: &Spanned<DeValue<'_>>) -> bool {
        match self {
            Choice::Number(number) => *number == at,
            Choice::Named(name) => {
                let table = one.get_ref().as_table();
                let mut names = table
                    .into_iter()
                    .flatten()
                    .filter(|(key, _)| matches!(key.get_ref().as_ref(), "id" | "name"));
                names.any(|(_, value)| value.get_ref().as_str() == Some(name))
            }
        }
    }
}

fn steps(key: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    let mut rest = key;
    // ``request `trains`.url``
    if let Some((name, after)) = key.split_once(" `")
        && let Some((chosen, after)) = after.split_once('`')
    {
        steps.push(Step { name, choice: Some(Choice::Named(chosen)) });
        rest = after.trim_start_matches('.');
    }
    for excerpt in rest.split('.').filter(|excerpt| !excerpt.is_empty()) {
        let (name, number) = match excerpt.split_once('[') {
            Some((name, number)) => (name, number.trim_end_matches(']').parse().ok()),
            None => (excerpt, None),
        };
        steps.push(Step { name, choice: number.map(Choice::Number) });
    }
    steps
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
        // What is absent is looked for where it should stand.
        assert_eq!(line("view.block[1].empty"), Some("[[view.block]]"));
        assert_eq!(line_of(MANIFEST, "view.block[1].empty"), Some(20));
        assert_eq!(line("sample"), None);
        assert_eq!(line_of("no toml", "name"), None);
    }
}
