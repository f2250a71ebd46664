//! A tree as a collapsible outline, and a manifest with line numbers.

use serde_json::Value;

use crate::markup::{Element, html};

/// Maximum nodes of an outline. The rest are counted.
const MAX_NODES: usize = 1_500;
/// Maximum entries shown of one list or map.
const MAX_CHILDREN: usize = 60;
/// Maximum characters of a text.
const MAX_TEXT_LENGTH: usize = 240;
/// Levels that are open at first.
const OPEN_DEPTH: usize = 2;

/// The outline of a tree. `path` distinguishes its nodes from those of other outlines on the page.
pub fn outline(name: &str, tree: &Value, path: &str) -> Element {
    let mut left = MAX_NODES;
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
        if shown == MAX_CHILDREN || *left == 0 {
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
    if depth < OPEN_DEPTH {
        folded = folded.with("open", "");
    }
    html("li").child(folded.child(summary).child(inside))
}

fn short(leaf: &Value) -> String {
    let whole = leaf.to_string();
    if whole.chars().count() <= MAX_TEXT_LENGTH {
        return whole;
    }
    whole.chars().take(MAX_TEXT_LENGTH).chain(['…']).collect()
}

/// A manifest with line numbers, in which lines with errors and lines that refused a response are
/// marked.
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
    fn an_outline_is_collapsible_and_bounded() {
        let list: Vec<Value> = (0..100).map(|at| json!({ "n": at })).collect();
        let html = outline("answer", &json!({ "all": list, "text": "<b>" }), "a").to_html();
        assert!(html.contains("map of 2") && html.contains("list of 100"), "{html}");
        assert!(html.contains("and 40 more") && html.contains("&lt;b&gt;"), "{html}");
        assert!(html.contains("data-path=\"a.all.0\""), "{html}");
        let deep =
            json!({ "x": (0..60).map(|_| json!((0..60).collect::<Vec<_>>())).collect::<Vec<_>>() });
        let things = outline("answer", &deep, "a").to_html().matches("<li").count();
        assert!(things <= MAX_NODES + 2 * MAX_CHILDREN, "{things}");
    }

    #[test]
    fn lines_are_numbered_and_marked() {
        let html = manifest("a = 1\nb = 2\n", &[2], &[1]).to_html();
        assert!(html.contains("<li id=\"line-1\" data-mark=\"refused\"><code>a = 1"), "{html}");
        assert!(html.contains("<li id=\"line-2\" data-mark=\"wrong\"><code>b = 2"), "{html}");
    }
}
