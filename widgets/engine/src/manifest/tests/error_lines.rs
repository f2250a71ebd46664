//! Errors in a manifest, each with its line.

use super::*;

#[test]
fn all_errors_are_reported_at_once_with_their_lines() {
    let reported = errors(
        r#"
hosts = ["example.org"]
pice = "5 min"

[[field]]
id = "town"
kind = "txt"
label = { nl = "n", fr = "n", de = "n" }

[[request]]
id = "things"
url = "https://example.org/{settings.twon}"
format = "jsn"
limit = "5"

[view]
about = "things.name +"

[[view.block]]
kind = "list"
each = "thing"
titel = "item.name"
note = '''
'é' +
  nubmer(item.x) + round(1) + texts.none
'''

[[view.block]]
kind = "lst"
"#,
    );
    let expected = [
        ("pice = \"5 min\"", "is not a known key here; did you mean `pace`?"),
        ("kind = \"txt\"", "did you mean `text`?"),
        ("label = { nl = \"n\", fr = \"n\", de = \"n\" }", "field `town`.label.en: is missing"),
        (
            "url = \"https://example.org/{settings.twon}\"",
            "is not the id of a `[[field]]`; did you mean `town`?",
        ),
        ("format = \"jsn\"", "did you mean `json`?"),
        ("limit = \"5\"", "request `things`.limit: should be: whole number"),
        ("about = \"things.name +\"", "view.about: is not a valid expression"),
        ("[[view.block]]", "view.block[0].title: is missing"),
        (
            "each = \"thing\"",
            "`thing` is not a request, a name in `[let]` or a built-in name; did you mean `things`?",
        ),
        ("titel = \"item.name\"", "is not a known key here; did you mean `title`?"),
        (
            "  nubmer(item.x) + round(1) + texts.none",
            "there is no function `nubmer`; did you mean `number`?",
        ),
        (
            "  nubmer(item.x) + round(1) + texts.none",
            "`round(x, decimals)` takes 2 arguments, not 1",
        ),
        ("  nubmer(item.x) + round(1) + texts.none", "`texts.none`: `none` is not in `[texts]`"),
        ("kind = \"lst\"", "did you mean `list`?"),
    ];
    for (line, message) in expected {
        assert!(
            reported.iter().any(|(at, reported)| at == line && reported.contains(message)),
            "{line}: {message}\n{reported:#?}"
        );
    }
    assert_eq!(reported.len(), expected.len(), "{reported:#?}");
}

#[test]
fn a_toml_syntax_error_has_its_line() {
    let reported = errors(&format!("{THINGS}largest = 5 MB\n"));
    assert!(reported.iter().any(|(line, _)| line == "largest = 5 MB"), "{reported:?}");
}

#[test]
fn item_is_available_only_inside_each() {
    let (message, line) = error(&format!(
        "{THINGS}[view]\nabout = \"item.name\"\n[[view.block]]\nkind = \"text\"\ntext = \"'a'\"\n"
    ));
    assert!(message.contains("only inside `each`"), "{message}");
    assert_eq!(line, "about = \"item.name\"");
    let (message, _) =
        error(&format!("{THINGS}[view]\n[[view.block]]\nkind = \"list\"\ntitle = \"'a'\"\n"));
    assert!(message.contains("needs `each`"), "{message}");
}

#[test]
fn cyclic_requests_and_names_are_rejected() {
    let (message, line) = error(
        r#"
hosts = ["example.org"]
[let]
code = "second.code"
[[request]]
id = "first"
url = "https://example.org/{code}"
[[request]]
id = "second"
url = "https://example.org/{first.code}"
"#,
    );
    assert!(
        message.contains("depends on a response that depends on it, through first, second"),
        "{message}"
    );
    assert_eq!(line, "id = \"first\"");
    let reported = errors(&format!("[let]\na = \"b + 1\"\nb = \"a + 1\"\n{THINGS}"));
    assert!(
        reported.iter().all(|(_, reported)| reported.contains("depends on itself")),
        "{reported:?}"
    );
    assert_eq!(reported.len(), 2);
    let block = "[view]\n[[view.block]]\nkind = \"list\"\neach = \"things\"\ntitle = \"a\"\nlet = { a = \"b\", b = \"a\" }\n";
    let reported = errors(&format!("{THINGS}{block}"));
    assert!(
        reported.iter().all(|(_, reported)| reported.contains("depends on itself")),
        "{reported:?}"
    );
    assert_eq!(reported.len(), 2);
}
