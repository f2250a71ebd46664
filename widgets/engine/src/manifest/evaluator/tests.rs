//! The evaluator agrees with the interpreter of `cel`, on which the language is based; and whatever
//! a hostile response or manifest makes it do, it ends at the budget.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use cel::objects::{Key as CelKey, Map as CelMap};
use cel::{Context, ExecutionError, Value as CelValue};
use serde_json::{Value as Tree, json};
use voordeur_widget_api::{BudgetLimits, Exhausted, Refusal, Settings, Widget, WidgetContext};

use super::*;
use crate::manifest::expression::compile;
use crate::manifest::tests::{evaluate_with, responses, widget, with_context};

/// A response with each type of value.
fn things() -> Tree {
    json!({
        "list": [1, 2.5, "a", null, [1], { "a": 1 }], "map": { "a": 1, "b": [true] }, "one": { "k": 7 },
        "text": "a1", "none": null, "int": 3, "float": 0.5, "flag": true, "numbers": [3, 1, 2]
    })
}

fn cel_value(tree: &Tree) -> CelValue {
    match tree {
        Tree::Null => CelValue::Null,
        Tree::Bool(flag) => CelValue::Bool(*flag),
        Tree::Number(number) => match number.as_i64() {
            Some(whole) => CelValue::Int(whole),
            None => CelValue::Float(number.as_f64().expect("a number")),
        },
        Tree::String(text) => CelValue::from(text.as_str()),
        Tree::Array(items) => {
            CelValue::List(Arc::new(items.iter().map(cel_value).collect::<Vec<_>>()))
        }
        Tree::Object(entries) => {
            let entry =
                |(key, value): (&String, &Tree)| (CelKey::from(key.clone()), cel_value(value));
            let map: HashMap<CelKey, CelValue> = entries.iter().map(entry).collect();
            CelValue::Map(CelMap { map: Arc::new(map) })
        }
    }
}

fn cel_tree(value: &CelValue) -> Tree {
    match value {
        CelValue::Int(whole) => (*whole).into(),
        CelValue::Float(float) => (*float).into(),
        CelValue::Bool(flag) => (*flag).into(),
        CelValue::String(text) => text.as_str().into(),
        CelValue::List(items) => items.iter().map(cel_tree).collect(),
        CelValue::Map(map) => {
            let entries = map.map.iter().map(|(key, value)| (key.to_string(), cel_tree(value)));
            Tree::Object(entries.collect())
        }
        _ => Tree::Null,
    }
}

/// Expressions of all operators on all types of value, and of the macros.
fn sources() -> Vec<String> {
    const OPERANDS: [&str; 17] = [
        "null",
        "true",
        "0",
        "3",
        "9223372036854775807",
        "0.0",
        "2.5",
        "''",
        "'a'",
        "[]",
        "[1, 2.5, 'a', null, [1], {'a': 1}]",
        "{'a': 1, 'b': [true]}",
        "{1: 'one', true: 2}",
        "things.list",
        "things.map",
        "things.text",
        "things.int",
    ];
    const OPERATORS: [&str; 14] =
        ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in", "&&", "||"];
    let mut sources = Vec::new();
    for left in OPERANDS {
        for right in OPERANDS {
            for operator in OPERATORS {
                // Their maps have no order, so that neither have the keys that they add to a list.
                let adds_keys = operator == "+" && left.contains(['[', 't']);
                if !(adds_keys && (right.starts_with('{') || right == "things.map")) {
                    sources.push(format!("{left} {operator} {right}"));
                }
            }
            sources.push(format!("{left}[{right}]"));
        }
        for form in [
            "!X",
            "-X",
            "X.a",
            "has(X.a)",
            "size(X)",
            "X.size()",
            "string(X)",
            "int(X)",
            "double(X)",
            "X.contains('a')",
            "X.startsWith('a')",
            "X.endsWith(X)",
            "X ? 1 : 2",
            "X.exists(x, x == 1)",
            "X.exists(x, x > 1)",
            "X.all(x, x != null)",
            "X.all(x, x)",
            "X.exists_one(x, x == 2.5)",
            "X.filter(x, x == 1)",
            "(X.exists(x, x.a == 1) || true) && X == X",
            "1 / 0 == 1 || X",
            "1 / 0 == 1 && X",
        ] {
            sources.push(form.replace('X', &format!("({left})")));
        }
    }
    sources.extend(
        [
            "things.numbers.map(x, x * 2)",
            "things.numbers.map(x, x > 1, x + 1)",
            "things.numbers.map(x, things.numbers.filter(y, y < x).map(y, x - y))",
            "things.list.map(x, [x])",
            "things.one.map(k, k)",
            "things.one.map(k, things.one[k])",
            "things.numbers.exists(x, [x].exists(x, x == 2) && x == 2)",
            "things.none.map(x, x)",
            "things.absent.map(x, x)",
            "absent == 1",
            "'a' + 'b' + things.text + 'c' == 'aba1c'",
            "1 + 2 + 3.0",
            "'a' + 1",
            "[1] + [2] + things.numbers",
            "[1] + things.one",
            "{'a': 1, 'a': 2}",
            "{1.5: 2}",
            "{'a': {'b': [1, 2]}}.a.b[1]",
            "[1, 2][1.0]",
            "[1, 2][0.5]",
            "[1, 2][-1]",
            "{1: 2}[1.0]",
            "int('12')",
            "int('x')",
            "int(1e300)",
            "int(-2.9)",
            "double('1.5')",
            "string(1.0) + string(1e21) + string(-0.25) + string(true)",
            "9223372036854775807 + 1",
            "-9223372036854775807 - 2",
            "4611686018427387904 * 2",
            "7 / -2",
            "-7 % 3",
            "1 == 1.0 && 1.0 == 1 && [1] == [1.0] && {'a': 1} == {'a': 1.0}",
            "0.0 / 0.0 == 0.0 / 0.0",
            "0.0 / 0.0 < 1.0",
            "size('é€😀')",
        ]
        .map(str::to_owned),
    );
    sources
}

#[test]
fn the_evaluator_agrees_with_the_interpreter_of_cel() {
    let things = things();
    let mut context = Context::default();
    context.add_variable_from_value("things", cel_value(&things));
    let mut compared = 0;
    for source in sources() {
        let compiled = compile(&source).unwrap_or_else(|error| panic!("{source}: {error:?}"));
        let theirs = compiled.syntax.execute(&context);
        let ours = evaluate_with(&compiled.node, &things, &Budget::default());
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => assert_eq!(ours, cel_tree(&theirs), "{source}"),
            (Err(ours), Err(theirs)) => {
                // Their other messages contain values.
                if let ExecutionError::NoSuchKey(_)
                | ExecutionError::NoSuchOverload(_)
                | ExecutionError::UnexpectedType { .. }
                | ExecutionError::UndeclaredReference(_)
                | ExecutionError::FunctionError { .. } = theirs
                {
                    assert_eq!(ours.to_string(), theirs.to_string(), "{source}");
                }
            }
            (ours, theirs) => panic!("{source}: {ours:?}, {theirs:?}"),
        }
        compared += 1;
    }
    assert!(compared > 4_000, "{compared}");
}

#[test]
fn what_is_constant_is_computed_once() {
    for source in ["1 + 2 * 3", "['a' + 'b', {'c': -1}]", "size('abc') == 3 ? 1 : 2", "!true"] {
        let compiled = compile(source).expect("compiles");
        assert!(matches!(*compiled.node, Node::Constant(_)), "{source}");
    }
    // It has an error, which is reported where it is read.
    assert!(matches!(*compile("1 / 0").expect("compiles").node, Node::Arithmetic(..)));
}

#[test]
fn a_part_that_is_not_supported_is_an_error_of_the_manifest() {
    for source in ["b'bytes'", "1u", "A{b: 1}", "things.?a", "[?things]"] {
        assert!(compile(source).is_err(), "{source}");
    }
}

#[test]
fn each_part_of_an_expression_is_a_step() {
    let spent = |source: &str, things: &Tree| {
        let budget = Budget::default();
        let compiled = compile(source).expect("compiles");
        evaluate_with(&compiled.node, things, &budget).expect("evaluates");
        budget.spent()
    };
    let list = |count: usize| (0..count).map(Tree::from).collect::<Tree>();
    assert_eq!(spent("things", &json!(1)).steps, 1);
    let (ten, twenty) =
        (spent("things.map(x, x + 1)", &list(10)), spent("things.map(x, x + 1)", &list(20)));
    assert_eq!(twenty.steps - ten.steps, 10 * 3);
    assert_eq!(twenty.bytes - ten.bytes, 10 * BYTES_PER_ITEM as u64);
    assert_eq!(spent("'a' + things", &json!("b".repeat(100))).bytes, 101);
}

/// The refusal of a view, and what was spent until then.
fn refused(body: &str, things: &Tree) -> (Refusal, BudgetLimits) {
    let widget = widget(body);
    let responses = responses("things", things.clone());
    let budget = Budget::new(BudgetLimits::CARD);
    let refusal = with_context(&Settings::new(), |context| {
        let context = WidgetContext { budget: &budget, ..context.clone() };
        widget.view(&context, &responses)
    });
    (refusal.expect_err("is refused"), budget.spent())
}

fn assert_over_budget(body: &str, things: &Tree, key: &str) {
    let (refusal, spent) = refused(body, things);
    let Refusal::OverBudget { at, exhausted } = &refusal else { panic!("{body}: {refusal:?}") };
    assert!(at.starts_with(key), "{at}: {body}");
    assert!(matches!(exhausted, Exhausted::Steps | Exhausted::Bytes), "{exhausted:?}");
    // The last charge may be of any size: what it is for is not done.
    assert!(spent.steps <= 2 * BudgetLimits::CARD.steps, "{spent:?}");
}

const REQUEST: &str =
    "[[request]]\nid = \"things\"\nurl = \"https://example.org/things\"\nformat = \"json\"\n";

fn text_of(expression: &str) -> String {
    format!("{REQUEST}[view]\n[[view.block]]\nkind = \"text\"\ntext = \"{expression}\"\n")
}

#[test]
fn two_megabytes_of_empty_objects_are_over_budget_whatever_reads_them() {
    let things = Tree::Array(vec![json!({}); 670_000]);
    for keys in [
        "title = \"item.name\"",
        "keep = \"item.kept\"\ntitle = \"'a'\"",
        "sort = \"at(item, 'a.b.c')\"\ntitle = \"'a'\"",
        "sort = \"coalesce(at(item, 'a'), moment(at(item, 'b')), '')\"\ntitle = \"item.a\"",
    ] {
        let body = format!(
            "{REQUEST}[view]\n[[view.block]]\nkind = \"list\"\neach = \"things\"\n{keys}\n"
        );
        // The list itself, or one of the keys that read its items.
        assert_over_budget(&body, &things, "view.block[0]");
    }
}

#[test]
fn nested_loops_of_a_hostile_manifest_are_over_budget() {
    let things: Tree = (0..3_000).map(Tree::from).collect();
    for expression in [
        "string(size(things.map(a, things.map(b, things.map(c, a + b + c)))))",
        "string(things.all(a, things.all(b, things.all(c, a + b + c >= 0))))",
        "string(things.exists(a, things.exists(b, things.exists(c, a + b + c < 0))))",
        "string(size(things.filter(a, things.exists(b, things.exists(c, c == -1)))))",
        "string(things.exists_one(a, things.exists_one(b, things.exists_one(c, c == -1))))",
        "string(size(things.map(a, sort_by(things, things.map(b, string(b))))))",
        "string(size(things.map(a, unique_by(things, things))))",
        "string(size(things.map(a, least_by(things.map(b, [b]), things.map(b, -b)))))",
        "string(size(things.map(a, things == things.map(b, b))))",
        "string(size(things.map(a, things.map(b, -1 in things))))",
        "string(size(things.map(a, join(things.map(b, string(b)), ','))))",
        "string(size(things.map(a, things + things + things)))",
        "string(size(things.map(a, things.map(b, distance(a, b, b, a)))))",
        "string(size(things.map(a, things.map(b, wgs84(a * 100, b * 100, 'RD')))))",
        "string(size(things.map(a, things.map(b, moment('x', '%Y', '%m', '%d %B %Y')))))",
    ] {
        assert_over_budget(&text_of(expression), &things, "view.block[0].text");
    }
}

#[test]
fn long_texts_that_are_read_again_and_again_are_over_budget() {
    let things = json!({ "text": "a, ".repeat(300_000), "list": (0..1_000).collect::<Vec<_>>() });
    for call in [
        "lower(things.text)",
        "replace(things.text, 'a', 'bbbb')",
        "replace(things.text, '', things.text)",
        "split(things.text, ',')",
        "split(things.text, '')",
        "plain(things.text)",
        "join([things.text, things.text], things.text)",
        "number(things.text)",
        "integer(things.text)",
        "flag(things.text)",
        "moment(things.text)",
        "in_language(things.text, 'nl')",
        "convert(things.text, 'm', 'km')",
        "at(things, things.text)",
        "things.text.contains('zz')",
        "things.text + 'a'",
        "things.text < things.text",
        "things.text == things.text + ''",
        "size(things.text)",
        "sort_by([things.text, things.text], [things.text, things.text])",
        "unique_by([1], [things])",
    ] {
        let expression = format!("string(size(things.list.map(x, {call})))");
        assert_over_budget(&text_of(&expression), &things, "view.block[0].text");
    }
}

#[test]
fn texts_and_lists_that_double_are_over_budget() {
    for (start, key) in [("'0123456789'", "text"), ("[1, 2, 3]", "list")] {
        let mut names = format!("a0 = \"{start}\"\n");
        for at in 1..40 {
            let _ = writeln!(names, "a{at} = \"a{0} + a{0}\"", at - 1);
        }
        let body = format!("[let]\n{names}{}", text_of("string(size(a39))"));
        let (refusal, spent) = refused(&body, &json!({}));
        assert!(
            matches!(refusal, Refusal::OverBudget { exhausted: Exhausted::Bytes, .. }),
            "{key}: {refusal:?}"
        );
        assert!(spent.bytes <= 3 * BudgetLimits::CARD.bytes, "{key}: {spent:?}");
    }
}

#[test]
fn an_error_that_another_part_makes_up_for_does_not_hide_the_end_of_the_budget() {
    let things: Tree = (0..4_000).map(Tree::from).collect();
    let endless = "things.all(a, things.all(b, things.all(c, true)))";
    for expression in [
        format!("string({endless} || true)"),
        format!("string({endless} && false)"),
        format!("string([1, 2].exists(x, {endless}))"),
        format!("string([1, 2].all(x, !({endless})))"),
    ] {
        assert_over_budget(&text_of(&expression), &things, "view.block[0].text");
    }
}

#[test]
fn work_that_nobody_waits_for_ends() {
    let widget = widget(&text_of("string(size(things))"));
    let responses = responses("things", json!([1]));
    let budget = Budget::default();
    budget.clone().cancel();
    let refusal = with_context(&Settings::new(), |context| {
        let context = WidgetContext { budget: &budget, ..context.clone() };
        widget.view(&context, &responses)
    });
    assert_eq!(
        refusal,
        Err(Refusal::OverBudget {
            at: "view.block[0].text".to_owned(),
            exhausted: Exhausted::Cancelled
        })
    );
}
