//! Forms that no browser sends.

use crate::fixture::Fixture;
use crate::markup::dangers;
use crate::raw_http::RawRequest;
use crate::report::{Row, row};
use crate::scripts::statuses_of;

const FORM: &str = "application/x-www-form-urlencoded";

pub async fn rows(fixture: &Fixture) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut try_it = async |sent: &str, request: RawRequest, wanted: &[u16], shows: &str| {
        let response = fixture.as_attacker(request).await;
        assert!(wanted.contains(&response.status), "{sent}: {} {}", response.status, response.body);
        assert_eq!(dangers(&response), Vec::<String>::new(), "{sent}");
        rows.push(row(sent, response.status, shows));
    };
    let raw = |body: &[u8]| RawRequest::post_raw("/pages", FORM, body);
    let name = |name: &str| {
        RawRequest::post(
            "/pages",
            &[("name", name), ("icon", "home"), ("revision", "2"), ("edit", name)],
        )
    };

    try_it(
        "a form of 70 kB",
        name(&"x".repeat(70_000)),
        &[413],
        "64 kB is the most; a page says so in four languages",
    )
    .await;
    let mut chunked = raw(b"").with("transfer-encoding", "chunked");
    for _ in 0..20 {
        chunked.body.extend_from_slice(b"1000\r\n");
        chunked.body.extend_from_slice(&[b'x'; 0x1000]);
        chunked.body.extend_from_slice(b"\r\n");
    }
    chunked.body.extend_from_slice(b"0\r\n\r\n");
    try_it(
        "a form of 80 kB in pieces, its length not told",
        chunked,
        &[413],
        "counted as it comes",
    )
    .await;
    try_it(
        "a form that says it has 10 GB",
        raw(b"name=x").with("content-length", "10000000000"),
        &[413],
        "refused before any of it is read",
    )
    .await;
    let fields: String = (0..10_000).map(|number| format!("{number}=&")).collect();
    try_it("a form of 10,000 fields", raw(fields.as_bytes()), &[413], "256 fields are the most")
        .await;
    try_it(
        "a field with 30,000 brackets",
        raw(format!("{}=x", "a[".repeat(15_000)).as_bytes()),
        &[422],
        "a name like any other: nothing nests",
    )
    .await;
    try_it(
        "the same field 200 times",
        raw("name=x&".repeat(200).as_bytes()),
        &[422],
        "the first counts, and there is no icon",
    )
    .await;
    try_it(
        "the same field 5,000 times",
        raw("name=x&".repeat(5_000).as_bytes()),
        &[413],
        "the same",
    )
    .await;
    for kind in ["application/json", "text/xml", "multipart/form-data; boundary=x", "text/plain"] {
        let request = RawRequest::post_raw("/pages", kind, b"{\"name\":\"x\",\"icon\":\"home\"}");
        try_it(&format!("a form of type `{kind}`"), request, &[415], "one type of form is read")
            .await;
    }
    let untyped = RawRequest { headers: Vec::new(), ..raw(b"name=x&icon=home") };
    try_it("a form without a type", untyped, &[415], "the same").await;
    try_it("a form that is empty", raw(b""), &[415, 422], "nothing to do").await;
    try_it(
        "bytes that are no UTF-8 in a name",
        raw(b"name=%ff%fe%c0%80&icon=home&revision=2&edit=utf8"),
        &[303, 422],
        "read as the sign for what cannot be read",
    )
    .await;
    try_it("NUL in a name", name("a\0b"), &[422], "no control characters in a name").await;
    try_it("line ends in a name", name("a\r\nx-injected: 1"), &[422], "the same").await;
    try_it("a name of 5,000 letters", name(&"é".repeat(5_000)), &[422], "40 letters are the most")
        .await;
    try_it(
        "letters that turn the direction of reading (U+202E) in a name",
        name("\u{202e}nedrag"),
        &[303],
        "kept: it is the citizen's own page, and stands in an element of its own",
    )
    .await;
    try_it(
        "40 letters with 4 accents each",
        name(&"a\u{301}\u{302}\u{303}\u{304}".repeat(8)),
        &[303],
        "kept; the tab is as wide as it is",
    )
    .await;
    for revision in ["-1", "9223372036854775807", "99999999999999999999", "1e9", "0x10", "NaN"] {
        let fields = [("revision", revision), ("edit", revision), ("name", "x"), ("icon", "home")];
        let response = fixture.as_attacker(RawRequest::post("/pages", &fields)).await;
        assert!(response.status < 500, "{revision}: {}", response.status);
    }
    for size in ["0", "-1", "255", "256", "5", "1e1", "", " 6"] {
        let fields = [("revision", "2"), ("size", size)];
        let response =
            fixture.as_attacker(RawRequest::post("/cards/first-holidays/resize", &fields)).await;
        assert_eq!(response.status, 422, "size {size}");
    }
    let mut statuses = Vec::new();
    for (path, field, value) in [
        ("/cards/first-holidays/move", "direction", "sideways"),
        ("/cards/first-holidays/fold", "folded", "perhaps"),
        ("/pages/first/move", "direction", "up"),
        ("/cards", "size", "7"),
        ("/cards", "widget", "../../etc/passwd"),
        ("/language", "language", "xx"),
        ("/look", "look", "sparkling"),
        ("/look", "density", "-1"),
        ("/history/1e9", "revision", "1"),
        ("/history/-1", "revision", "1"),
    ] {
        let response = fixture.as_attacker(RawRequest::post(path, &[(field, value)])).await;
        assert!((400..500).contains(&response.status), "{path}: {}", response.status);
        statuses.push(response.status);
    }
    rows.push(row(
        "directions, sizes, languages, looks and numbers that do not exist",
        statuses_of(&statuses),
        "nothing is changed",
    ));
    let mut statuses = Vec::new();
    let query = |target| RawRequest::get(target).with("accept-language", "en");
    for request in [
        query("/catalogue?q=a&q=b"),
        query("/find?q=a&q=b"),
        query("/?page=a&page=b"),
        query("/services?theme=a&theme=b"),
        query("/catalogue/%ff"),
        query("/cards/%ff%fe/settings"),
        RawRequest::post("/language", &[("language", "xx")]).with("accept-language", "en"),
        RawRequest::post("/language", &[("language", "nl"), ("language", "fr")])
            .with("accept-language", "en"),
        RawRequest::post_raw("/look", "text/plain", b"look=dark").with("accept-language", "en"),
    ] {
        let target = request.target.clone();
        let response = fixture.as_attacker(request).await;
        assert!(response.body.contains("We could not read this"), "{target}: {}", response.body);
        statuses.push(response.status);
    }
    rows.push(row(
        "queries and paths that no page of ours makes, a field twice, and a language that does not exist",
        statuses_of(&statuses),
        "a page says in the citizen's language that it could not be read",
    ));
    let mut statuses = Vec::new();
    for body in [
        &b""[..],
        b"x",
        b"{\"card\":\"x\",\"newest\":true}",
        // A flag that is neither true nor false, a field twice, a list in place of a text, and bytes
        // that are no text.
        b"card=a&newest=7",
        b"card=a&card=b&newest=true",
        b"card[]=a&newest=true",
        b"card=\xff\xfe&newest=true",
    ] {
        let request = RawRequest::post_raw("/api/refresh-card", FORM, body);
        let response = fixture.as_attacker(request).await;
        assert_eq!(response.status, 400, "{body:?} {}", response.body);
        statuses.push(response.status);
    }
    rows.push(row(
        "seven bodies that cannot be read, to the function that scripts call",
        statuses_of(&statuses),
        "the sender's fault, and said so",
    ));
    let response =
        fixture.as_attacker(RawRequest::post_raw("/api/no-such-function", FORM, b"x")).await;
    assert_eq!(response.status, 404);
    rows.push(row(
        "a function that does not exist",
        response.status,
        "and nothing about how functions are made",
    ));
    fixture.assert_unharmed("forms that nobody filled in").await;
    rows
}
