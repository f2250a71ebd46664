//! Cookies of other hosts of the domain beside our own.

use crate::fixture::Fixture;
use crate::raw_http::{RawRequest, RawResponse, exchange};
use crate::report::{Row, row};

pub async fn rows(fixture: &Fixture) -> Vec<Row> {
    let secret = &fixture.victim.secret;
    let ours = format!("voordeur={secret}").into_bytes();
    let planted = format!("voordeur={}", "cd".repeat(32)).into_bytes();
    let hundred: String = (0..100).map(|number| format!("c{number}=x; ")).collect();
    let mut rows = Vec::new();
    for (sent, cookies) in [
        ("`voorkeur=café` in Latin-1", vec![[b"voorkeur=caf\xe9; ", &ours[..]].concat()]),
        ("`voorkeur=café` in UTF-8", vec![["voorkeur=café; ".as_bytes(), &ours].concat()]),
        ("bytes of no encoding, after it", vec![[&ours[..], b"; \xff=\xfe; \x80"].concat()]),
        (
            "quotes, JSON and commas",
            vec![[b"a=\"b, c; d={\"e\":[1,2]}; f=g,h; ", &ours[..]].concat()],
        ),
        (
            "empty and broken pairs",
            vec![[b";; =; =x; x; voordeur; voordeur=; ", &ours[..]].concat()],
        ),
        ("a hundred others", vec![[hundred.as_bytes(), &ours].concat()]),
        ("a header of its own, beside one in Latin-1", vec![b"a=caf\xe9".to_vec(), ours.clone()]),
        ("in quotes", vec![format!("voordeur=\"{secret}\"").into_bytes()]),
        ("a planted one of the same name, before it", vec![[&planted[..], b"; ", &ours].concat()]),
        ("a planted one of the same name, after it", vec![[&ours[..], b"; ", &planted].concat()]),
    ] {
        let board = send(fixture, RawRequest::get("/?edit"), &cookies).await;
        assert!(board.status == 200 && board.body.contains("Secret garden"), "{sent}");
        assert_eq!(board.cookie("voordeur").as_deref(), Some(secret.as_str()), "{sent}");
        // A change that makes a new guest would replace the key of the board.
        let change = RawRequest::post("/look", &[("look", "system")]);
        let change = send(fixture, change, &cookies).await;
        let set = change.cookie("voordeur");
        assert_eq!((change.status, set.as_deref()), (303, Some(secret.as_str())), "{sent}");
        rows.push(row(
            &format!("the citizen's cookie with {sent}"),
            format!("{}, {}", board.status, change.status),
            "their own board, and a change of it; the cookie is renewed, never replaced",
        ));
    }
    fixture.assert_unharmed("cookies of others").await;
    rows
}

/// Sends a request with headers of cookies as bytes.
async fn send(fixture: &Fixture, request: RawRequest, cookies: &[Vec<u8>]) -> RawResponse {
    let bytes = request.bytes(&fixture.server.address.to_string());
    let end = bytes.windows(2).position(|bytes| bytes == b"\r\n").expect("a first line") + 2;
    let mut sent = bytes[..end].to_vec();
    for cookie in cookies {
        sent.extend([b"cookie: ", &cookie[..], b"\r\n"].concat());
    }
    sent.extend_from_slice(&bytes[end..]);
    RawResponse::parse(&exchange(fixture.server.address, &sent).await)
}
