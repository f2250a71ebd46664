//! Answers questions about documents, for the suites of other projects (`tests/suites/`).
//!
//! Each line of the input is a question in JSON: `format`, as a manifest names it, and the document
//! as `text` or `path`, perhaps with its `url` and `content_type`. A calendar with `from` and `until`
//! (days) is answered with its occurrences in `zone`. Each line of the output is an answer: `tree` or
//! `occurrences`, or else `error`.

use std::io::{self, BufRead as _, Write as _};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use voordeur_formats::{BodyMetadata, occurrences, read_with};
use voordeur_widget_api::{Budget, Format};

fn main() -> io::Result<()> {
    let mut output = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let answered = match serde_json::from_str(&line?) {
            Ok(question) => answer(&question).unwrap_or_else(|error| json!({ "error": error })),
            Err(error) => json!({ "error": error.to_string() }),
        };
        writeln!(output, "{answered}")?;
    }
    output.flush()
}

fn answer(question: &Value) -> Result<Value, String> {
    let text = |key: &str| question.get(key).and_then(Value::as_str);
    let format = question.get("format").cloned().unwrap_or_default();
    let format: Format = serde_json::from_value(format).map_err(|error| error.to_string())?;
    let document = match text("path") {
        Some(path) => std::fs::read(path).map_err(|error| error.to_string())?,
        None => text("text").unwrap_or_default().as_bytes().to_vec(),
    };
    let budget = Budget::default();
    let metadata = BodyMetadata { url: text("url"), content_type: text("content_type") };
    let tree =
        read_with(format, &document, metadata, &budget).map_err(|error| error.to_string())?;
    let day = |key: &str| text(key).map(str::parse::<Date>).transpose();
    let days = day("from").and_then(|from| Ok((from, day("until")?)));
    let (Some(from), Some(until)) = days.map_err(|error| error.to_string())? else {
        return Ok(json!({ "tree": tree }));
    };
    let zone = TimeZone::get(text("zone").unwrap_or("UTC")).map_err(|error| error.to_string())?;
    let found = occurrences(&tree, from, until, &zone, &budget);
    found.map(|found| json!({ "occurrences": found })).map_err(|error| error.to_string())
}
