//! A tree as an outline that can be folded, and a manifest with its lines numbered.

use serde_json::Value;

use crate::markup::{Element, html};

/// An outline has at most so many things; what is beyond is counted.
const MOST_THINGS: usize = 1_500;
/// Of one list or map at most so many are shown.
const MOST_OF_ONE: usize = 60;
/// A text is shown up to so many characters.
const LONGEST_TEXT: usize = 240;
/// So deep an outline is open at first.
const OPEN_TO: usize = 2;

/// The outline of a tree. `path` tells its folds from those of other outlines on the page.
pub fn outline(name: &str, tree: &Value, path: &str) -> Element {
    let mut left = MOST_THINGS;
    html("ul").class("outline").child(thing(name, tree, path, 0, &mut left))
}

fn thing(name: &str, tree: &Value, path: &str, depth: usize, left: &mut usize) -> Element {
    *left = left.saturating_sub(1);
    let (kind, count) = match tree {
        Value::Object(map) => ("map of", map.len()),
        Value::Array(list) => ("list of", list.len()),
        leaf => {
            return html("li")
                .child(html("span").class("key").text(name.to_owned()))
                .space()
                .child(html("code").text(short(leaf)));
        }
    };
    let summary = html("summary")
        .child(html("span").class("key").text(name.to_owned()))
        .space()
        .child(html("small").text(format!("{kind} {count}")));
    let mut inside = html("ul");
    let mut shown = 0;
    let mut add = |inside: Element, name: &str, value: &Value| {
        if shown == MOST_OF_ONE || *left == 0 {
            return inside;
        }
        shown += 1;
        let path = format!("{path}.{name}");
        inside.child(thing(name, value, &path, depth + 1, left))
    };
    match tree {
        Value::Object(map) => {
            for (key, value) in map {
                inside = add(inside, key, value);
            }
        }
        Value::Array(list) => {
            for (at, value) in list.iter().enumerate() {
                inside = add(inside, &at.to_string(), value);
            }
        }
        _ => {}
    }
    if shown < count {
        inside = inside
            .child(html("li").child(html("small").text(format!("and {} more", count - shown))));
    }
    let mut folded = html("details").with("data-path", path.to_owned());
    if depth < OPEN_TO {
        folded = folded.with("open", "");
    }
    html("li").child(folded.child(summary).child(inside))
}

fn short(leaf: &Value) -> String {
    let whole = leaf.to_string();
    if whole.chars().count() <= LONGEST_TEXT {
        return whole;
    }
    whole.chars().take(LONGEST_TEXT).chain(['…']).collect()
}

/// A manifest with its lines numbered. A line that is wrong, and lines that refused an answer, are marked.
pub fn manifest(text: &str, wrong: &[usize], refused: &[usize]) -> Element {
    let line = |(at, line): (usize, &str)| {
        let number = at + 1;
        let mark = match number {
            _ if wrong.contains(&number) => Some("wrong"),
            _ if refused.contains(&number) => Some("refused"),
            _ => None,
        };
        html("li")
            .with("id", format!("line-{number}"))
            .with_some("data-mark", mark.map(str::to_owned))
            .child(html("code").text(line.to_owned()))
    };
    html("ol").class("manifest").children(text.lines().enumerate().map(line))
}

#[cfg(test)]
mod tests {
    use leptos::prelude::RenderHtml;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_outline_is_folded_and_has_an_end() {
        let list: Vec<Value> = (0..100).map(|at| json!({ "n": at })).collect();
        let html = outline("answer", &json!({ "all": list, "text": "<b>" }), "a").to_html();
        assert!(html.contains("map of 2") && html.contains("list of 100"), "{html}");
        assert!(html.contains("and 40 more") && html.contains("&lt;b&gt;"), "{html}");
        assert!(html.contains("data-path=\"a.all.0\""), "{html}");
        let deep =
            json!({ "x": (0..60).map(|_| json!((0..60).collect::<Vec<_>>())).collect::<Vec<_>>() });
        let things = outline("answer", &deep, "a").to_html().matches("<li").count();
        assert!(things <= MOST_THINGS + 2 * MOST_OF_ONE, "{things}");
    }

    #[test]
    fn lines_are_numbered_and_marked() {
        let html = manifest("a = 1\nb = 2\n", &[2], &[1]).to_html();
        assert!(html.contains("<li id=\"line-1\" data-mark=\"refused\"><code>a = 1"), "{html}");
        assert!(html.contains("<li id=\"line-2\" data-mark=\"wrong\"><code>b = 2"), "{html}");
    }
}
