//! Responses that were made to take much time or memory, in every format and of any size.

use voordeur_widget_api::Format;

/// A response of about the given number of bytes.
pub type Generator = fn(usize) -> Vec<u8>;

/// Hostile responses: a name, the format, and the response.
pub const RESPONSES: &[(&str, Format, Generator)] = &[
    ("empty lists", Format::Json, |n| enclosed("[", "[],", "0]", n)),
    ("empty objects", Format::Json, |n| enclosed("[", "{},", "0]", n)),
    ("objects of one member", Format::Json, |n| enclosed("[", "{\"\":0},", "0]", n)),
    ("objects of twelve members", Format::Json, |n| {
        let members: Vec<String> = (10..22).map(|at| format!("\"{at}\":0")).collect();
        enclosed("[", &format!("{{{}}},", members.join(",")), "0]", n)
    }),
    ("numbers", Format::Json, |n| enclosed("[", "0,", "0]", n)),
    ("empty texts", Format::Json, |n| enclosed("[", "\"\",", "0]", n)),
    ("escapes", Format::Json, |n| enclosed("[\"", "\\u00e9", "\"]", n)),
    ("one long text", Format::Json, |n| enclosed("\"", "x", "\"", n)),
    ("one object", Format::Json, |n| numbered("{", |at| format!("\"{at}\":0,"), "\"\":0}", n)),
    ("one key", Format::Json, |n| enclosed("{", "\"a\":[0],", "\"\":0}", n)),
    ("nested lists", Format::Json, |n| enclosed("[", &nested("[", "],", 100), "0]", n)),
    ("nested objects", Format::Json, |n| enclosed("[", &nested("{\"a\":", "0}", 90), "]", n)),
    ("UTF-16", Format::Json, |n| utf_16(&enclosed("[", "\"\u{20ac}\",", "0]", n / 2))),
    ("lines", Format::JsonLines, |n| enclosed("", "0\n", "", n)),
    ("empty lines", Format::JsonLines, |n| enclosed("", "\n", "0", n)),
    ("lines of objects", Format::JsonLines, |n| enclosed("", "{\"a\":{}}\n", "", n)),
    ("empty elements", Format::Xml, |n| enclosed("<a>", "<b/>", "</a>", n)),
    ("elements and texts", Format::Xml, |n| enclosed("<a>", "<b/>c", "</a>", n)),
    ("elements of many names", Format::Xml, |n| {
        numbered("<a>", |at| format!("<b{at}/>"), "</a>", n)
    }),
    ("character data", Format::Xml, |n| enclosed("<a>", "<![CDATA[]]>", "</a>", n)),
    ("references", Format::Xml, |n| enclosed("<a>", "&#65;", "</a>", n)),
    ("a long namespace on each tag", Format::Xml, |n| {
        let namespace = "x".repeat(n / 100);
        enclosed("<a>", &format!("<b xmlns='{namespace}'/>"), "</a>", n)
    }),
    ("a namespace of its own on each tag", Format::Xml, |n| {
        numbered("<a>", |at| format!("<b xmlns:c='{at}'/>"), "</a>", n)
    }),
    ("namespaces in scope", Format::Xml, |n| {
        let scope: String = (0..90).map(|at| format!(" xmlns:n{at}='u{at}'")).collect();
        enclosed(&format!("<a{scope}>"), "<n0:b xmlns:z='z' n1:c=''/>", "</a>", n)
    }),
    ("attributes of one tag", Format::Xml, |n| numbered("<a", |at| format!(" b{at}='c'"), "/>", n)),
    ("attributes of each tag", Format::Xml, |n| {
        let attributes: String = (0..200).map(|at| format!(" b{at}=''")).collect();
        enclosed("<a>", &format!("<b{attributes}/>"), "</a>", n)
    }),
    ("nested elements", Format::Xml, |n| enclosed("<a>", &nested("<b>", "</b>", 60), "</a>", n)),
    ("tags without an end", Format::Xml, |n| enclosed("<a>", "<", "", n)),
    ("long names", Format::Xml, |n| {
        let name = "b".repeat(n / 100);
        enclosed("<a>", &format!("<{name}></{name}>"), "</a>", n)
    }),
    ("empty items", Format::Feed, |n| feed("", "<item/>", n)),
    ("full items", Format::Feed, |n| {
        let item = "<item><title>a</title><link>https://example.org/</link><guid>b</guid>\
            <description>c</description><pubDate>Sat, 03 Jun 2017 13:15:44 GMT</pubDate></item>";
        feed("", item, n)
    }),
    ("a long namespace on each tag", Format::Feed, |n| {
        feed("", &format!("<a xmlns='{}'/>", "x".repeat(n / 100)), n)
    }),
    ("a long namespace around", Format::Feed, |n| {
        let start = format!("<rss xmlns='http://{}'>", "x".repeat(n / 2));
        enclosed(&start, "<a/>", "</rss>", n)
    }),
    ("namespaces around", Format::Feed, |n| {
        let scope: String = (0..n / 40).map(|at| format!(" xmlns:n{at}='u{at}'")).collect();
        enclosed(&format!("<rss{scope}>"), "<a/>", "</rss>", n)
    }),
    ("tags without an end", Format::Feed, |n| feed("", "<", n)),
    ("names without an end", Format::Feed, |n| feed("", "<a", n)),
    ("end tags", Format::Feed, |n| feed("", "</a>", n)),
    ("attributes of one tag", Format::Feed, |n| {
        numbered("<rss a", |at| format!(" b{at}=c"), ">", n)
    }),
    ("quoted attributes of one tag", Format::Feed, |n| feed("<a", "'b'c=", n)),
    ("attributes of each tag", Format::Feed, |n| {
        let attributes: String = (0..2_000).map(|at| format!(" b{at}")).collect();
        feed("", &format!("<a{attributes}/>"), n)
    }),
    ("links", Format::Feed, |n| feed("", "<link rel='self' href='b'/>", n)),
    ("a long base", Format::Feed, |n| {
        let base = format!("https://example.org/{}/", "x".repeat(n / 2));
        feed(&format!("<link xml:base='{base}'>{base}</link>"), "<item><link>a</link></item>", n)
    }),
    ("a long base of each item", Format::Feed, |n| {
        let base = format!("https://example.org/{}/", "x".repeat(1_900));
        let items = "<item><link>a</link></item>".repeat(n / 30);
        format!("<rss><channel xml:base='{base}'>{items}</channel></rss>").into_bytes()
    }),
    ("document types", Format::Feed, |n| feed("", "<!DOCTYPE a [", n)),
    ("complete document types", Format::Feed, |n| feed("", "<!DOCTYPE a []>", n)),
    ("character data", Format::Feed, |n| feed("<title>", "<![CDATA[a]]>", n)),
    ("character data without an end", Format::Feed, |n| feed("<title>", "<![CDATA[", n)),
    ("comments without an end", Format::Feed, |n| feed("", "<!--", n)),
    ("comments with an odd end", Format::Feed, |n| feed("", "<!----!>", n)),
    ("instructions without an end", Format::Feed, |n| feed("", "<?", n)),
    ("references", Format::Feed, |n| feed("<title>", "&amp;", n)),
    ("references without an end", Format::Feed, |n| feed("<title>", "&CounterClockwise", n)),
    ("references to references", Format::Feed, |n| feed("<item><title>&", "amp;", n)),
    ("escaped tags without an end", Format::Feed, |n| feed("<item><description>", "&lt;a", n)),
    ("escaped scripts", Format::Feed, |n| feed("<item><description>", "&lt;script>", n)),
    ("nested texts", Format::Feed, |n| {
        feed("<item><description>", &nested("<b>c", "</b>", 100), n)
    }),
    ("categories", Format::Feed, |n| feed("<item>", "<category>a</category>", n)),
    ("empty texts", Format::Feed, |n| feed("<item>", "<title/><description/>", n)),
    ("a long polygon", Format::Feed, |n| feed("<item><georss:polygon>", "1 2 ", n)),
    ("a long date", Format::Feed, |n| feed("<item><pubDate>", "1 Jan ", n)),
    ("items that become newer", Format::Feed, |n| {
        let item = |at: usize| {
            let (day, month, year) = (at % 28 + 1, at / 28 % 12 + 1, 1970 + at / 336);
            format!("<item><guid>{at}</guid><pubDate>{year}-{month:02}-{day:02}</pubDate></item>")
        };
        numbered("<rss><channel>", item, "</channel></rss>", n)
    }),
    ("versions of one item", Format::Feed, |n| {
        let item = |at: usize| format!("<item><guid>a</guid><title>{at}</title></item>");
        numbered("<rss><channel>", item, "</channel></rss>", n)
    }),
    ("links of no use", Format::Feed, |n| {
        feed("<item>", "<link rel='alternate' type='a/b' href='c:d'/>", n)
    }),
    ("texts that may be HTML", Format::Feed, |n| feed("<item><title>", "&amp;&lt;a&gt;", n)),
    ("Base64", Format::Feed, |n| {
        enclosed("<feed><entry><content type='a/b'>", "QQ ", "</content></entry></feed>", n)
    }),
    ("items of JSON", Format::Feed, |n| {
        let start = "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[";
        enclosed(start, "{\"tags\":[\"&lt;b>\"]},", "{}]}", n)
    }),
    ("a long base of JSON", Format::Feed, |n| {
        let page = format!("https://example.org/{}/", "x".repeat(n / 2));
        let start = "{\"version\":\"https://jsonfeed.org/version/1\",\"home_page_url\":\"";
        enclosed(&format!("{start}{page}\",\"items\":["), "{\"url\":\"a\"},", "{}]}", n)
    }),
    ("a long name of a column", Format::Csv, |n| {
        enclosed(&format!("a;{}\n", "x".repeat(n / 2)), "1;2\n", "", n)
    }),
    ("narrow rows", Format::Csv, |n| enclosed("a;b\n", ";1\n", "", n)),
    ("wide rows", Format::Csv, |n| {
        let header: String = (0..900).map(|at| format!("{at};")).collect();
        enclosed(&format!("{header}x\n"), &format!("{}1\n", ";".repeat(900)), "", n)
    }),
    ("delimiters only", Format::Csv, |n| enclosed("a;b\n1;2\n", ";", "", n)),
    ("equal names of columns", Format::Csv, |n| enclosed("", "a;", "\n1;2", n)),
    ("an open quote", Format::Csv, |n| enclosed("a;b\n1;\"", "2;3\n", "", n)),
    ("stray quotes", Format::Csv, |n| enclosed("a;b;c\n1;2;3\n", "\"\"x;", "", n)),
    ("open quotes", Format::Csv, |n| enclosed("a;b;c\n1;2;3\n", "\"x;2;3\n", "", n)),
    ("quoted lines", Format::Csv, |n| enclosed("a;b;c\n1;2;3\n", "\"\n\";", "", n)),
    ("one column", Format::Csv, |n| enclosed("a\n", "1\n", "", n)),
    ("quotes", Format::Csv, |n| enclosed("a;b\n", "\"\"\"\";\"\"\n", "", n)),
    ("windows-1252", Format::Csv, |n| [&b"a;b\n"[..], &b"\x80;\x80\n".repeat(n / 4)].concat()),
    ("short lines", Format::ICalendar, |n| calendar("", "A:\r\n", n)),
    ("parameters", Format::ICalendar, |n| calendar("", "A;B=C;D=E,F:G\r\n", n)),
    ("events", Format::ICalendar, |n| {
        calendar("", "BEGIN:VEVENT\r\nDTSTART:20260101\r\nEND:VEVENT\r\n", n)
    }),
    ("components without an end", Format::ICalendar, |n| calendar("", "BEGIN:VEVENT\r\n", n)),
    ("calendars", Format::ICalendar, |n| {
        enclosed("", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "", n)
    }),
    ("categories", Format::ICalendar, |n| {
        let long = "x".repeat(n / 200);
        calendar("BEGIN:VEVENT\r\nDTSTART:20260101\r\nCATEGORIES:a", &format!(",{long}"), n)
    }),
    ("dates in a long zone", Format::ICalendar, |n| {
        let start =
            format!("BEGIN:VEVENT\r\nDTSTART:20260101\r\nRDATE;TZID={}:", "x".repeat(n / 2));
        calendar(&start, "20260102T100000,", n)
    }),
    ("replaced occurrences", Format::ICalendar, |n| {
        let series =
            "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260101\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\n";
        let change = "BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID:20260102\r\nEND:VEVENT\r\n";
        calendar(series, change, n)
    }),
    ("versions of one event", Format::ICalendar, |n| {
        let part = |at| {
            format!("BEGIN:VEVENT\r\nUID:a\r\nSEQUENCE:{at}\r\nDTSTART:20260101\r\nEND:VEVENT\r\n")
        };
        numbered("BEGIN:VCALENDAR\r\n", part, "END:VCALENDAR\r\n", n)
    }),
    ("events of one UID and version", Format::ICalendar, |n| {
        let part = |at| {
            format!("BEGIN:VEVENT\r\nUID:a\r\nSUMMARY:{at}\r\nDTSTART:20260101\r\nEND:VEVENT\r\n")
        };
        numbered("BEGIN:VCALENDAR\r\n", part, "END:VCALENDAR\r\n", n)
    }),
    ("one event again and again", Format::ICalendar, |n| {
        let part = |at| {
            format!(
                "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260101\r\nDESCRIPTION:{at}\r\nEND:VEVENT\r\n"
            )
        };
        numbered("BEGIN:VCALENDAR\r\n", part, "END:VCALENDAR\r\n", n)
    }),
    ("changes without a series", Format::ICalendar, |n| {
        let part = |at| {
            format!(
                "BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID:{:04}0102T000000Z\r\nEND:VEVENT\r\n",
                at % 9_000
            )
        };
        numbered("BEGIN:VCALENDAR\r\n", part, "END:VCALENDAR\r\n", n)
    }),
    ("zones with rules by day of the year", Format::ICalendar, |n| {
        let part = |at| {
            format!(
                "BEGIN:VTIMEZONE\r\nTZID:{at}\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n\
                TZOFFSETTO:+0100\r\nRRULE:FREQ=DAILY\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\n\
                DTSTART:19700101T000000\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;BYYEARDAY=9\r\n\
                END:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
            )
        };
        numbered("BEGIN:VCALENDAR\r\n", part, "END:VCALENDAR\r\n", n)
    }),
    ("names of zones", Format::ICalendar, |n| {
        let part = |at| {
            format!(
                "BEGIN:VEVENT\r\nDTSTART;TZID=\"(UTC) {at}, b\":20260101T100000\r\nEND:VEVENT\r\n"
            )
        };
        numbered("BEGIN:VCALENDAR\r\n", part, "END:VCALENDAR\r\n", n)
    }),
    ("a zone of many onsets and its events", Format::ICalendar, |n| {
        let zone = "BEGIN:VTIMEZONE\r\nTZID:a\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n\
            TZOFFSETTO:+0100\r\nRRULE:FREQ=MONTHLY\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\n\
            DTSTART:19700101T000000\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n";
        let event = "BEGIN:VEVENT\r\nDTSTART;TZID=a:20260101T100000\r\nRRULE:FREQ=DAILY\r\n\
            END:VEVENT\r\n";
        calendar(zone, event, n)
    }),
    ("folded lines", Format::ICalendar, |n| {
        let start = "BEGIN:VEVENT\r\nDTSTART:20260101\r\nSUMMARY:\u{e9}";
        let mut bytes = calendar(start, "\r\n x", n);
        // The calendar is no longer UTF-8.
        let at = bytes.iter().position(|byte| *byte == 0xc3).unwrap_or_default();
        bytes.remove(at);
        bytes
    }),
    ("definitions of zones", Format::ICalendar, |n| {
        let zone = "BEGIN:VTIMEZONE\r\nTZID:a\r\nBEGIN:STANDARD\r\nDTSTART:20260101\r\n\
            TZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
        calendar("", zone, n)
    }),
    ("a long note of many languages", Format::Cap, |n| {
        let note = "x".repeat(n / 2);
        enclosed(&format!("<alert><note>{note}</note>"), "<info/>", "</alert>", n)
    }),
    ("nested entries", Format::Cap, |n| {
        let alert = "<alert><info/></alert>";
        enclosed(
            "<feed>",
            &(nested("<entry>", "", 60) + alert + &"</entry>".repeat(60)),
            "</feed>",
            n,
        )
    }),
    ("points of a polygon", Format::Cap, |n| {
        enclosed("<alert><info><area>", "<polygon>1,2 3,4</polygon>", "</area></info></alert>", n)
    }),
    ("positions", Format::GeoJson, |n| {
        enclosed("{\"type\":\"Polygon\",\"coordinates\":[[", "[1,2],", "[1,2]]]}", n)
    }),
    ("long labels", Format::JsonStat, |n| {
        let (size, label) = (n / 4, "x".repeat(n / 2));
        let values = vec!["0"; size].join(",");
        format!(
            "{{\"class\":\"dataset\",\"id\":[\"a\",\"b\"],\"size\":[1,{size}],\"status\":[\"{label}\"],\
             \"dimension\":{{\"a\":{{\"category\":{{\"label\":{{\"c\":\"{label}\"}}}}}},\"b\":\
             {{\"category\":{{\"index\":[{}]}}}}}},\"value\":[{values}]}}",
            vec!["\"\""; size].join(",")
        )
        .into_bytes()
    }),
    ("empty entities", Format::GtfsRealtime, |n| {
        // A header, and entities that contain an empty alert.
        [&[0x0a, 0x00][..], &[0x12, 0x02, 0x2a, 0x00].repeat(n / 4)].concat()
    }),
];

/// Hostile fragments of HTML.
pub const FRAGMENTS: &[(&str, Generator)] = &[
    ("tags without an end", |n| enclosed("", "<a", "", n)),
    ("escaped tags without an end", |n| enclosed("", "&lt;a", "", n)),
    ("escaped slashes", |n| enclosed("", "&lt;////", ">", n)),
    ("attributes of one tag", |n| numbered("<a", |at| format!(" b{at}"), ">", n)),
    ("references", |n| enclosed("", "&amp;amp;amp;", "", n)),
    ("comments without an end", |n| enclosed("", "<!--", "", n)),
    ("scripts", |n| enclosed("", "<script></", "", n)),
    ("words", |n| enclosed("", "a ", "", n)),
    ("links", |n| {
        numbered("", |at| format!("<link rel=alternate type=application/rss+xml href={at}>"), "", n)
    }),
    ("a long base", |n| {
        let link = "<link rel=alternate type=application/rss+xml href=b>";
        enclosed(&format!("<base href='/{}/'>", "x".repeat(n / 2)), link, "", n)
    }),
];

/// Hostile calendars whose events recur.
pub const SERIES: &[(&str, Generator)] = &[
    ("long categories and a daily rule", |n| {
        let long = "x".repeat(n / 100);
        let start = "BEGIN:VEVENT\r\nDTSTART:20200101T100000Z\r\nRRULE:FREQ=DAILY\r\nCATEGORIES:a";
        calendar(start, &format!(",{long}"), n)
    }),
    ("a long description and a daily rule", |n| {
        let start = "BEGIN:VEVENT\r\nDTSTART:20200101\r\nRRULE:FREQ=DAILY\r\nDESCRIPTION:";
        calendar(start, "x", n)
    }),
    ("daily rules", |n| {
        let event = "BEGIN:VEVENT\r\nDTSTART:20200101\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\n";
        calendar("", event, n)
    }),
    ("rules for each second", |n| {
        let event =
            "BEGIN:VEVENT\r\nDTSTART:20200101T000000\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\n";
        calendar("", event, n)
    }),
    ("a long rule", |n| {
        let start = "BEGIN:VEVENT\r\nDTSTART:20200101\r\nRRULE:FREQ=YEARLY;BYMONTHDAY=1";
        calendar(start, ",1", n)
    }),
    ("excluded dates", |n| {
        let start =
            "BEGIN:VEVENT\r\nDTSTART:20200101\r\nRRULE:FREQ=DAILY\r\nEXDATE;VALUE=DATE:20200102";
        calendar(start, ",20200103", n)
    }),
    ("changes from an occurrence on", |n| {
        let series = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20200101\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\n";
        let part = |at| {
            let day =
                format!("20{:02}{:02}{:02}", 20 + at / 336 % 10, 1 + at / 28 % 12, 1 + at % 28);
            format!(
                "BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:{day}\r\n\
                DTSTART:{day}T100000\r\nEND:VEVENT\r\n"
            )
        };
        numbered(series, part, "END:VCALENDAR\r\n", n)
    }),
    ("rules that exclude", |n| {
        let event = "BEGIN:VEVENT\r\nDTSTART:20200101\r\nRRULE:FREQ=DAILY\r\n\
            EXRULE:FREQ=DAILY;BYDAY=MO\r\nEND:VEVENT\r\n";
        calendar("", event, n)
    }),
    ("replaced occurrences", |n| {
        let series =
            "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20200101\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\n";
        let change =
            "BEGIN:VEVENT\r\nUID:a\r\nRECURRENCE-ID:20200102\r\nDTSTART:20200102\r\nEND:VEVENT\r\n";
        calendar(series, change, n)
    }),
];

/// Hostile alerts, whose life depends on one another.
pub const ALERTS: &[(&str, Generator)] = &[
    ("references of one message", |n| {
        let start = "<alert><identifier>u</identifier><sent>2026-11-29T12:00:00Z</sent>\
            <msgType>Update</msgType><references>";
        numbered(
            start,
            |at| format!("s,{at},2026-11-29T11:00:00Z "),
            "</references><info/></alert>",
            n,
        )
    }),
    ("references without a moment", |n| {
        let start = "<alert><identifier>u</identifier><msgType>Cancel</msgType><references>";
        numbered(start, |at| format!("{at} "), "</references><info/></alert>", n)
    }),
    ("a circle of references", |n| {
        messages(n, |at| (at.to_string(), 0, format!("s,{},2026-11-29T11:00:00Z", at + 1)))
    }),
    ("each refers to all before it", |n| messages(n, |at| ("a".to_owned(), at, "a".to_owned()))),
    ("equal references", |n| {
        messages(n, |at| (at.to_string(), at, "s,0,2026-11-29T11:00:00Z ".repeat(5)))
    }),
    ("one warning again and again", |n| {
        numbered("[", |at| format!("{},", warning("a", at, "BE1")), "null]", n)
    }),
    ("warnings for one area", |n| {
        numbered("[", |at| format!("{},", warning(&at.to_string(), at, "BE1")), "null]", n)
    }),
    ("codes of one area", |n| {
        numbered("[", |at| format!("{},", warning("a", 0, &format!("BE{at}"))), "null]", n)
    }),
    ("areas of one alert", |n| {
        let area = |at| format!("<area><areaDesc>{at}</areaDesc></area>");
        numbered("<alert><identifier>a</identifier><info>", area, "</info></alert>", n)
    }),
    ("languages of one alert", |n| {
        let info = |at| format!("<info><language>x{at}</language></info>");
        numbered("<alert><identifier>a</identifier>", info, "</alert>", n)
    }),
    ("no alerts", |n| enclosed("[{\"event\":\"a\"}", ",0", "]", n)),
];

/// Messages of CAP in JSON: identifier, seconds after eleven o'clock, and what they refer to.
fn messages(size: usize, message: impl Fn(usize) -> (String, usize, String)) -> Vec<u8> {
    let message = |at: usize| {
        let (id, seconds, references) = message(at);
        let (minute, second) = (seconds / 60 % 60, seconds % 60);
        format!(
            "{{\"identifier\":\"{id}\",\"sender\":\"s\",\"msgType\":\"Update\",\"event\":\"a\",\
             \"sent\":\"2026-11-29T11:{minute:02}:{second:02}Z\",\"references\":\"{references}\"}},"
        )
    };
    numbered("[", message, "null]", size)
}

/// A warning of MeteoAlarm in JSON, for one area.
fn warning(id: &str, seconds: usize, code: &str) -> String {
    let (minute, second) = (seconds / 60 % 60, seconds % 60);
    format!(
        "{{\"identifier\":\"{id}\",\"event\":\"Wind\",\"areaDesc\":\"a\",\"geocode\":{{\"E\":[\"{code}\"]}},\
         \"sent\":\"2026-11-29T11:{minute:02}:{second:02}Z\",\"parameters\":\
         {{\"awareness_level\":\"2\",\"awareness_type\":\"1\"}}}}"
    )
}

/// `start`, as many of `part` as make about `size` bytes in all, and `end`.
fn enclosed(start: &str, part: &str, end: &str, size: usize) -> Vec<u8> {
    let rest = size.saturating_sub(start.len() + end.len());
    [start, &part.repeat(rest / part.len() + 1), end].concat().into_bytes()
}

/// The same, with a part that depends on its number.
fn numbered(start: &str, part: impl Fn(usize) -> String, end: &str, size: usize) -> Vec<u8> {
    let mut text = start.to_owned();
    let mut at = 0;
    while text.len() + end.len() < size {
        text.push_str(&part(at));
        at += 1;
    }
    (text + end).into_bytes()
}

fn nested(start: &str, end: &str, depth: usize) -> String {
    start.repeat(depth) + &end.repeat(depth)
}

/// A feed of RSS that ends early.
fn feed(start: &str, part: &str, size: usize) -> Vec<u8> {
    enclosed(&format!("<rss><channel><item><title>a</title></item>{start}"), part, "", size)
}

fn calendar(start: &str, part: &str, size: usize) -> Vec<u8> {
    enclosed(&format!("BEGIN:VCALENDAR\r\n{start}"), part, "\r\nEND:VCALENDAR\r\n", size)
}

fn utf_16(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}
