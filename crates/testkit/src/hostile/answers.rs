//! The answers.

use std::fmt::Write as _;

/// An answer of a service, and the widget that asks for it.
#[derive(Clone, Debug)]
pub struct HostileAnswer {
    /// The id of the widget; its service is at `https://ID.example/answer`.
    pub id: &'static str,
    /// The format in which the widget reads it.
    pub format: &'static str,
    /// The keys of the widget's block.
    pub(super) block: &'static str,
    /// The body.
    pub body: String,
    /// The answer in words.
    pub sent: &'static str,
    /// The reason why it does no harm, in words.
    pub shows: &'static str,
}

const LIST: &str = r#"
kind = "list"
each = "things.items"
title = "item.title"
"#;

/// All of them.
pub fn hostile_answers() -> Vec<HostileAnswer> {
    let many = |piece: &str, bytes: usize| piece.repeat(bytes / piece.len().max(1));
    let mut answers = vec![
        HostileAnswer {
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
        HostileAnswer {
            id: "objects",
            format: "json",
            block: LIST,
            body: format!("{{\"items\":[{}{{}}]}}", many("{},", 1_900_000)),
            sent: "1.9 MB of `{}`",
            shows: "one evaluation within its budget, whose result is remembered",
        },
        HostileAnswer {
            id: "fields",
            format: "json",
            block: LIST,
            body: format!("{{\"items\":[{}{{\"a\":1}}]}}", many("{\"a\":1},", 1_900_000)),
            sent: "1.9 MB of objects with one field each",
            shows: "more memory than an answer may take: it is not read to its end",
        },
        HostileAnswer {
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
        HostileAnswer {
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
        HostileAnswer {
            id: "open-tags",
            format: "feed",
            block: LIST,
            body: format!("<rss><channel>{}", many("<", 1_900_000)),
            sent: "1.9 MB of `<`",
            shows: "read once, from the beginning to the end",
        },
        HostileAnswer {
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
        HostileAnswer {
            id: "header",
            format: "csv",
            block: "kind = \"list\"\neach = \"things.rows\"\ntitle = \"item.b\"\n",
            body: format!("{};b\n{}", "a".repeat(20_000), many("1;2\n", 900_000)),
            sent: "a table of 0.9 MB with a column name of 20 kB",
            shows: "names of columns have a bound",
        },
        HostileAnswer {
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
    answers.push(HostileAnswer {
        id: "daily",
        format: "icalendar",
        block: "kind = \"list\"\neach = \"occurrences(things, today, add_days(today, 3000))\"\ntitle = \"item.title\"\n",
        body: format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n"),
        sent: "a calendar of 0.9 MB: daily events with 60 kB of categories",
        shows: "categories have a bound, and occurrences a budget",
    });
    answers
}
