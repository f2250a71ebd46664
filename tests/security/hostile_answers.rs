//! Answers that are small and cause much work, much memory or a panic: each is the answer to a card
//! of one guest, and all are there at once.

use std::fmt::Write as _;
use std::path::Path;

use axum::Router;
use axum::extract::Path as PathOf;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use voordeur_testkit::{HttpClient, Server, temp_dir};

use crate::report::{Row, row};

/// Maximum memory of the process while all answers are evaluated: the bounds of the caches and of
/// the work together.
const MAX_RESIDENT_BYTES: u64 = 512 * 1024 * 1024;
/// How often the page is asked again until its cards have settled.
const MAX_VISITS: usize = 40;

struct Answer {
    id: &'static str,
    format: &'static str,
    /// The keys of the block.
    block: &'static str,
    body: String,
    sent: &'static str,
    shows: &'static str,
}

const LIST: &str = r#"
kind = "list"
each = "things.items"
title = "item.title"
"#;

fn answers() -> Vec<Answer> {
    let many = |piece: &str, bytes: usize| piece.repeat(bytes / piece.len().max(1));
    let mut answers = vec![
        Answer {
            id: "late",
            format: "json",
            block: r#"
kind = "departures"
each = "things.items"
at = "item.at"
delay = "item.delay"
to = "item.title"
"#,
            body: r#"{"items":[{"at":1795415760,"delay":999999999999,"title":"Halle"},{"at":253402207200,"delay":9223372036854775807,"title":"Mol"}]}"#.to_owned(),
            sent: "delays of 999,999,999,999 seconds and more",
            shows: "the trains, without a delay",
        },
        Answer {
            id: "objects",
            format: "json",
            block: LIST,
            body: format!("{{\"items\":[{}{{}}]}}", many("{},", 1_900_000)),
            sent: "1.9 MB of `{}`",
            shows: "one evaluation within its budget, whose result is remembered",
        },
        Answer {
            id: "fields",
            format: "json",
            block: LIST,
            body: format!("{{\"items\":[{}{{\"a\":1}}]}}", many("{\"a\":1},", 1_900_000)),
            sent: "1.9 MB of objects with one field each",
            shows: "more memory than an answer may take: it is not read to its end",
        },
        Answer {
            id: "namespaces",
            format: "feed",
            block: LIST,
            body: {
                let long = "n".repeat(5_000);
                let mut items = String::new();
                for number in 0..300 {
                    let _ = write!(items, "<item xmlns=\"urn:{long}{number}\"><title>a</title></item>");
                }
                format!("<rss><channel><title>t</title>{items}</channel></rss>")
            },
            sent: "a feed of 1.5 MB with a long namespace on each item",
            shows: "namespaces cost no more than their bytes",
        },
        Answer {
            id: "attributes",
            format: "feed",
            block: LIST,
            body: format!("<rss><channel {}></channel></rss>", {
                let mut attributes = String::new();
                for number in 0..120_000 {
                    let _ = write!(attributes, "a{number}='b' ");
                }
                attributes
            }),
            sent: "a tag with 120,000 attributes",
            shows: "attributes beyond a bound are not kept",
        },
        Answer {
            id: "open-tags",
            format: "feed",
            block: LIST,
            body: format!("<rss><channel>{}", many("<", 1_900_000)),
            sent: "1.9 MB of `<`",
            shows: "read once, from the beginning to the end",
        },
        Answer {
            id: "base",
            format: "feed",
            block: LIST,
            body: {
                let base = "p/".repeat(19_500);
                let entry = "<entry><title>a</title><link href='b'/></entry>".repeat(100);
                format!("<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://x.example/{base}'>{entry}</feed>")
            },
            sent: "an `xml:base` of 39 kB for 100 entries",
            shows: "addresses have a bound",
        },
        Answer {
            id: "header",
            format: "csv",
            block: "kind = \"list\"\neach = \"things.rows\"\ntitle = \"item.b\"\n",
            body: format!("{};b\n{}", "a".repeat(20_000), many("1;2\n", 900_000)),
            sent: "a table of 0.9 MB with a column name of 20 kB",
            shows: "names of columns have a bound",
        },
        Answer {
            id: "statistics",
            format: "json-stat",
            block: "kind = \"list\"\neach = \"things.rows\"\ntitle = \"item.d_label\"\n",
            body: {
                let values = vec!["1"; 40_000].join(",");
                let ids: Vec<String> = (0..200).map(|at| format!("\"c{at}\"")).collect();
                let label = "l".repeat(4_000);
                let labels: Vec<String> =
                    (0..200).map(|at| format!("\"c{at}\":\"{label}\"")).collect();
                let category = format!(
                    "{{\"category\":{{\"index\":[{}],\"label\":{{{}}}}}}}",
                    ids.join(","),
                    labels.join(",")
                );
                format!("{{\"version\":\"2.0\",\"class\":\"dataset\",\"id\":[\"d\",\"e\"],\"size\":[200,200],\"dimension\":{{\"d\":{category},\"e\":{category}}},\"value\":[{values}]}}")
            },
            sent: "JSON-stat of 1.7 MB with long labels and 40,000 values",
            shows: "labels in rows have a bound",
        },
    ];
    let categories = "c".repeat(60_000);
    let mut events = String::new();
    for number in 0..15 {
        let _ = write!(
            events,
            "BEGIN:VEVENT\r\nUID:{number}\r\nSUMMARY:a\r\nDTSTART:20200101T100000Z\r\nRRULE:FREQ=DAILY\r\nCATEGORIES:{categories}\r\nEND:VEVENT\r\n"
        );
    }
    answers.push(Answer {
        id: "daily",
        format: "icalendar",
        block: "kind = \"list\"\neach = \"occurrences(things, today, add_days(today, 3000))\"\ntitle = \"item.title\"\n",
        body: format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n"),
        sent: "a calendar of 0.9 MB: daily events with 60 kB of categories",
        shows: "categories have a bound, and occurrences a budget",
    });
    answers
}

/// Attacks a server with all answers at once.
pub async fn rows() -> Vec<Row> {
    let answers = answers();
    let folder = temp_dir();
    for answer in &answers {
        write_widget(folder.path(), answer);
    }
    let gateway = gateway(&answers).await;
    let server = Server::builder(env!("CARGO_BIN_EXE_voordeur"))
        .args(["--sources", &format!("gateway={gateway}"), "--widgets"])
        .args([folder.path()]);
    let server = server.start().await.expect("the server starts");
    let client = HttpClient::new().with_header("sec-fetch-site", "same-origin");
    let added = client
        .post(&format!("{}/pages", server.url()), &[("name", "Proef"), ("icon", "home")])
        .await
        .expect("a page");
    let client = client.with_header("cookie", added.cookie().expect("a cookie"));
    let page = added.location_query("page").expect("the id of the page").to_owned();
    for answer in &answers {
        let card = [("widget", answer.id), ("page", &page)];
        let added = client.post(&format!("{}/cards", server.url()), &card).await;
        assert_eq!(added.expect("a response").status, 303, "{}", answer.id);
    }
    let states = settled(&server, &client, &page).await;
    let mut rows: Vec<Row> = answers
        .iter()
        .zip(&states)
        .map(|(answer, state)| row(answer.sent, state, answer.shows))
        .collect();
    let edit = client.get(&format!("{}/?edit&page={page}", server.url())).await;
    assert_eq!(edit.expect("a page").status, 200);
    let peak = peak_memory(server.pid());
    assert!(peak < MAX_RESIDENT_BYTES, "{peak} bytes at most");
    rows.push(row(
        "all of them at once, on one page",
        200,
        "the page and its form for changes come; the process stays below 512 MB",
    ));
    rows
}

/// The states of the cards of a page once none is waiting, in order.
async fn settled(server: &Server, client: &HttpClient, page: &str) -> Vec<String> {
    for _ in 0..MAX_VISITS {
        let shown = client.get(&format!("{}/?page={page}", server.url())).await.expect("a page");
        assert_eq!(shown.status, 200);
        let states: Vec<String> = shown
            .text
            .split("<article ")
            .skip(1)
            .filter_map(|card| card.split_once("data-state=\"")?.1.split('"').next())
            .map(str::to_owned)
            .collect();
        if !states.iter().any(|state| state == "waiting") {
            return states;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    panic!("a card still waits: {}", server.log());
}

fn write_widget(folder: &Path, answer: &Answer) {
    let Answer { id, format, block, .. } = answer;
    let folder = folder.join(id);
    std::fs::create_dir_all(folder.join("samples")).expect("a folder");
    let text =
        |text: &str| format!("{{ nl = '{text}', fr = '{text}', de = '{text}', en = '{text}' }}");
    let (name, empty) = (text(id), text("Niets"));
    let manifest = format!(
        r#"
name = {name}
summary = {name}
theme = "work-and-money"
icon = "calendar"
publisher = {{ name = "Voorbeeld", url = "https://{id}.example/" }}
licence = {{ name = "CC0" }}
pace = "1 h"
sample_moment = "2026-11-23T07:36:00+01:00"

[[request]]
id = "things"
url = "https://{id}.example/answer"
format = "{format}"

[view]

[[view.block]]
empty = {empty}
{block}
"#
    );
    std::fs::write(folder.join("widget.toml"), manifest).expect("a manifest");
    let (extension, sample) = match *format {
        "feed" => ("xml", "<rss><channel><title>t</title></channel></rss>"),
        "csv" => ("csv", "a;b\n1;2\n"),
        "icalendar" => ("ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"),
        "json-stat" => (
            "json",
            r#"{"version":"2.0","class":"dataset","id":["d"],"size":[1],"dimension":{"d":{"category":{"index":["a"]}}},"value":[1]}"#,
        ),
        _ => ("json", r#"{"items":[]}"#),
    };
    for name in ["normal", "empty", "malformed"] {
        std::fs::write(folder.join(format!("samples/{name}.{extension}")), sample)
            .expect("a sample");
    }
}

/// A gateway to the services; each has one answer.
async fn gateway(answers: &[Answer]) -> String {
    let bodies: std::collections::HashMap<String, String> = answers
        .iter()
        .map(|answer| (format!("{}.example", answer.id), answer.body.clone()))
        .collect();
    let bodies = std::sync::Arc::new(bodies);
    let service = Router::new().route(
        "/{host}/{file}",
        get(move |PathOf((host, _)): PathOf<(String, String)>| {
            let bodies = std::sync::Arc::clone(&bodies);
            async move {
                match bodies.get(&host) {
                    Some(body) => body.clone().into_response(),
                    None => StatusCode::NOT_FOUND.into_response(),
                }
            }
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, service).await });
    format!("http://{address}")
}

/// The most memory that a process has had, in bytes.
fn peak_memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("its status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its peak");
    let kilobytes = line.trim().trim_end_matches(" kB").trim();
    kilobytes.parse::<u64>().expect("a number").saturating_mul(1024)
}
