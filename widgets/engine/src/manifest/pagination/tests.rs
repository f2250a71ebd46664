//! Paging: which page is requested next, when it ends, and what expressions read.

use serde_json::json;
use voordeur_widget_api::{Block, Refusal, Request, Responses, Settings, Widget};

use super::*;
use crate::manifest::ManifestWidget;
use crate::manifest::tests::{error, requests, widget, with_context};

/// A widget that shows `page.list` of a paged service.
fn paged(pages: &str) -> ManifestWidget {
    widget(&format!(
        "[[request]]\nid = \"things\"\nurl = \"https://example.org/things?kind=a\"\nformat = \"json\"\npages = {pages}\n\
         [view]\n[[view.block]]\nkind = \"text\"\ntext = \"join(things.list, ' ') + ' of ' + string(things.total)\"\n"
    ))
}

fn responses(pages: &[Tree]) -> Responses {
    let pages = pages.iter().map(|tree| Response { tree: Arc::new(tree.clone()) });
    Responses::from([("things".to_owned(), pages.collect())])
}

fn next(widget: &ManifestWidget, pages: &[Tree]) -> Result<Vec<String>, Refusal> {
    let asked = requests(widget, &Settings::new(), &responses(pages))?;
    Ok(asked.into_iter().map(|request: Request| request.url).collect())
}

fn shown(widget: &ManifestWidget, pages: &[Tree]) -> String {
    let view = with_context(&Settings::new(), |context| widget.view(context, &responses(pages)));
    match view.expect("a view").blocks.as_slice() {
        [Block::Text { text }] => text.text.clone(),
        other => panic!("{other:?}"),
    }
}

fn page(list: &[&str]) -> Tree {
    json!({ "list": list, "total": 5 })
}

#[test]
fn counted_pages_end_with_one_that_is_not_full() {
    let widget = paged("{ list = \"list\", offset = \"start\", step = 2 }");
    let first = requests(&widget, &Settings::new(), &Responses::new()).expect("can be asked");
    assert_eq!(first[0].url, "https://example.org/things?kind=a");
    let (one, two, three) = (page(&["a", "b"]), page(&["c", "d"]), page(&["e"]));
    let second = requests(&widget, &Settings::new(), &responses(std::slice::from_ref(&one)));
    let second = second.expect("can be asked").remove(0);
    assert_eq!(second.url, "https://example.org/things?kind=a&start=2");
    assert_eq!(second.nth, 1, "it is the second page of the sample");
    let third = vec!["https://example.org/things?kind=a&start=4".to_owned()];
    assert_eq!(next(&widget, &[one.clone(), two.clone()]), Ok(third));
    assert_eq!(next(&widget, &[one.clone(), two.clone(), three.clone()]), Ok(vec![]));
    assert_eq!(shown(&widget, &[one, two, three]), "a b c d e of 5");
}

#[test]
fn the_number_of_pages_is_limited() {
    let widget = paged("{ list = \"list\", number = \"page\", most = 2 }");
    let (one, two) = (page(&["a"]), page(&["b"]));
    let second = vec!["https://example.org/things?kind=a&page=2".to_owned()];
    assert_eq!(next(&widget, std::slice::from_ref(&one)), Ok(second));
    assert_eq!(next(&widget, &[one, two]), Ok(vec![]));
}

#[test]
fn an_empty_or_repeated_page_is_the_last() {
    let widget = paged("{ list = \"list\", number = \"page\", most = 10 }");
    let one = page(&["a"]);
    for last in [page(&[]), json!({ "total": 5 }), Tree::Null, one.clone()] {
        assert_eq!(next(&widget, &[one.clone(), last.clone()]), Ok(vec![]), "{last}");
        assert_eq!(shown(&widget, &[one.clone(), last]), "a of 5");
    }
    let refused = next(&widget, &[one, json!({ "list": "later" })]);
    assert!(matches!(refused, Err(Refusal::UnexpectedResponse { at, .. }) if at.contains("pages")));
}

#[test]
fn a_next_link_stays_on_the_declared_hosts() {
    let widget = paged("{ list = \"list\", next = \"at(page, 'links.next')\", most = 10 }");
    let linked = |link: Tree| json!({ "list": ["a"], "total": 5, "links": { "next": link } });
    let to = |url: &str| Ok(vec![url.to_owned()]);
    // Relative, absolute, and `http` as from a service behind a proxy.
    assert_eq!(
        next(&widget, &[linked(json!("/things?page=2"))]),
        to("https://example.org/things?page=2")
    );
    assert_eq!(next(&widget, &[linked(json!("?c=x"))]), to("https://example.org/things?c=x"));
    assert_eq!(
        next(&widget, &[linked(json!("http://example.org/2"))]),
        to("https://example.org/2")
    );
    for end in [Tree::Null, json!(""), json!("https://example.org/things?kind=a")] {
        assert_eq!(next(&widget, &[linked(end.clone())]), Ok(vec![]), "{end}");
    }
    // A cycle: the third page would be the second.
    let circle = [linked(json!("?c=2")), json!({ "list": ["b"], "links": { "next": "?c=2" } })];
    assert_eq!(next(&widget, &circle), Ok(vec![]));
    for away in [
        "https://elsewhere.example/2",
        "//elsewhere.example/2",
        "https://example.org:8443/2",
        "https://me@example.org/2",
        "javascript:alert(1)",
    ] {
        let refused = next(&widget, &[linked(json!(away))]);
        assert!(matches!(refused, Err(Refusal::UnexpectedResponse { .. })), "{away}: {refused:?}");
    }
}

#[test]
fn a_key_in_a_next_link_is_removed() {
    let widget = widget(
        "[key]\nvariable = \"VOORDEUR_KEY_X\"\nurl = \"https://example.org/\"\n[[request]]\nid = \"things\"\nkey_query = \"key\"\n\
         url = \"https://example.org/things\"\nformat = \"json\"\npages = { next = \"first(page).next\" }\n",
    );
    let page = json!([{ "next": "?page=2&key=s3cret" }]);
    assert_eq!(next(&widget, &[page]), Ok(vec!["https://example.org/things?page=2".to_owned()]));
}

#[test]
fn invalid_paging_is_rejected() {
    let with = |pages: &str, more: &str| {
        error(&format!(
            "[[request]]\nid = \"things\"\nurl = \"https://example.org/things\"\nformat = \"json\"\n{more}\npages = {pages}\n"
        ))
        .0
    };
    assert!(with("{ list = \"a\" }", "").contains("needs one of `next`"));
    assert!(with("{ offset = \"o\" }", "").contains("needs `step`"));
    assert!(with("{ number = \"p\", most = 11 }", "").contains("from 2 to 10"));
    assert!(with("{ number = \"p\", next = \"page\" }", "").contains("needs one of"));
    assert!(
        with("{ number = \"p\" }", "each = \"[1]\"").contains("cannot be combined with `each`")
    );
    assert!(with("{ number = \"p\" }", "method = \"POST\"\nbody = \"1\"").contains("for GET only"));
}
