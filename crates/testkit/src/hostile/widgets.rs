//! Widgets that ask for hostile answers.

use std::path::Path;

use super::HostileAnswer;

/// Writes the folder of a widget that asks for an answer, for `--widgets`.
///
/// # Panics
/// When a file cannot be written.
pub fn write_hostile_widget(folder: &Path, answer: &HostileAnswer) {
    let HostileAnswer { id, format, block, .. } = answer;
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
