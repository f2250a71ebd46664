use std::fmt::Write as _;

use serde_json::json;

use super::*;
use crate::manifest::expression::compile;
use crate::manifest::tests::{error, view};

/// Default stack size of threads.
const STACK: usize = 2 * 1_024 * 1_024;

/// Constructs that nest or repeat: prefix, centre, suffix.
const KINDS: [(&str, &str, &str); 30] = [
    ("(", "1", ")"),
    ("[", "1", "]"),
    ("{'a': ", "1", "}"),
    ("string(", "1", ")"),
    ("coalesce(null, ", "1", ")"),
    ("[1].map(x, ", "1", ")"),
    ("[1].filter(x, ", "true", ") == [1]"),
    ("[[1]].map(x, x.exists(y, ", "true", "))"),
    ("[1].all(x, ", "true", ")"),
    ("[", "[1]", "][0].map(x, x)"),
    ("!", "true", ""),
    ("-", "(1)", ""),
    ("!(", "true", ")"),
    ("-(", "1", ")"),
    ("1+(", "1", ")"),
    ("true ? 1 : ", "1", ""),
    ("false ? 1 : ", "1", ""),
    ("true ? (", "1", ") : 2"),
    ("[{'a': -(true ? ", "1", " : 2)}]"),
    ("[{'a': string(true && [1].exists(x, x == ", "1", "))}]"),
    ("", "things", ".a"),
    ("", "things", "[0]"),
    ("", "things", "['a']"),
    ("", "'a'", ".contains('a')"),
    ("", "[1]", ".map(x, x)"),
    ("", "1", "+1"),
    ("", "true", "&&true"),
    ("", "false", "||false"),
    ("", "1", " in [1]"),
    ("", "true", "==true"),
];

/// The longest expression of a kind that is accepted.
fn longest((depth, middle, close): (&str, &str, &str)) -> String {
    let repeated = |n| format!("{}{middle}{}", depth.repeat(n), close.repeat(n));
    let most = (1..MAX_BYTES).take_while(|n| check(&repeated(*n)).is_ok()).last();
    repeated(most.expect("one fits"))
}

fn on_a_common_stack(act: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(act).expect("a thread");
    thread.join().expect("comes to an end");
}

fn body(bindings: &str, title: &str) -> String {
    format!(
        "hosts = [\"example.org\"]\n{bindings}\n[[request]]\nid = \"things\"\nurl = \"https://example.org/things\"\n[view]\n[[view.block]]\nkind = \"text\"\ntext = \"\"\"{title}\"\"\"\n"
    )
}

/// Nested `a` keys, 100 levels deep.
fn deep() -> serde_json::Value {
    (0..100).fold(json!(1), |inner, _| json!({ "a": inner }))
}

#[test]
fn the_largest_expression_of_each_kind_is_read_and_evaluated() {
    on_a_common_stack(|| {
        for kind in KINDS {
            let source = longest(kind);
            match compile(&source) {
                // The value is irrelevant here.
                Ok(_) => drop(view(&body("", &source), deep())),
                // The parser counts nested conditionals as brackets and has its own limit.
                Err(error) => {
                    assert!(
                        source.contains(':') && error.message.contains("Recursion"),
                        "{error:?}"
                    );
                }
            }
        }
    });
}

#[test]
fn unclosed_brackets_are_rejected() {
    on_a_common_stack(|| {
        for (depth, ..) in KINDS.iter().filter(|(depth, ..)| depth.contains(['(', '[', '{'])) {
            let brackets = depth.matches(['(', '[', '{']).count();
            assert!(compile(&depth.repeat(MAX_DEPTH / brackets)).is_err(), "{depth}");
        }
    });
}

#[test]
fn the_longest_allowed_chain_of_names_is_evaluated() {
    let chain = |names: usize| {
        let mut bindings = String::from("[let]\n");
        for n in 1..names {
            let _ = writeln!(bindings, "a{n} = \"a{} + 1\"", n - 1);
        }
        bindings.push_str("a0 = \"1\"\n");
        body(&bindings, &format!("a{}", names - 1))
    };
    let most = MAX_TOTAL_OPERATORS / (OPERATORS_PER_NAME + 1);
    on_a_common_stack(move || {
        view(&chain(most), json!({})).expect("is drawn");
        let (message, _) = error(&chain(most + 2));
        assert!(message.contains("including those of the names it reads"), "{message}");
    });
}

#[test]
fn a_too_large_expression_is_rejected_with_its_line() {
    let (message, line) = error(&body("", &format!("\n1 +\n{}", "(".repeat(MAX_DEPTH + 1))));
    assert!(message.contains("brackets are open"), "{message}");
    assert!(line.starts_with("((("), "{line}");
}

#[test]
fn texts_and_comments_do_not_count() {
    assert_eq!(operators("a.b + '((' + \"[\\\"[\" // ((\n in r'\\' + '''(\n'(''' "), 5);
    assert_eq!(operators("min(1, inner)"), 1);
    // An unclosed literal counts as a whole.
    assert_eq!(operators("'(("), 2);
    assert_eq!(operators("'((\n'"), 2);
}

#[test]
fn an_error_has_its_line_offset() {
    let nested = format!("1 +\n{}", "(".repeat(MAX_DEPTH + 1));
    assert_eq!(check(&nested).expect_err("is too deep").line_offset, 1);
    assert!(check(&"(".repeat(MAX_DEPTH)).is_ok());
    let long = format!("1\n{}", "+1\n".repeat(MAX_OPERATORS + 1));
    assert_eq!(check(&long).expect_err("is too long").line_offset, MAX_OPERATORS + 1);
    assert!(check(&"'".repeat(MAX_BYTES + 1)).is_err());
}
