use serde_json::json;

use super::super::alternate_links::MAX_URL_BYTES;
use super::*;

fn read(text: &str) -> Result<Value, FormatError> {
    super::read(text, None, &Budget::default())
}

fn read_at(url: &str, text: &str) -> Value {
    super::read(text, Some(url), &Budget::default()).expect("a feed")
}

/// The values at one key of all items.
fn all<'v>(tree: &'v Value, key: &str) -> Vec<&'v Value> {
    tree["items"].as_array().into_iter().flatten().map(|item| &item[key]).collect()
}

#[test]
fn truncated_feeds_are_marked() {
    let whole = "<rss><channel><title>t</title><item><title>a</title></item></channel></rss>";
    assert_eq!(read(whole).expect("a feed")["cut_off"], false);
    // Missing or misspelt end tags of other elements do not count.
    for end in ["</rss>", "</item></RSS>"] {
        let tree = read(&format!("<rss><channel><item><title>a</title>{end}"));
        assert_eq!(tree.expect("a feed")["cut_off"], false);
    }
    let items = whole.find("<item>").expect("an item") + "<item>".len();
    // When only the last `>` is missing, nothing is lost.
    for length in items..whole.len() - 1 {
        assert_eq!(read(&whole[..length]).expect("a feed")["cut_off"], true, "{length}");
    }
    let error = read(&whole[..items - 2]).expect_err("no items").to_string();
    assert!(error.contains("before any item"), "{error}");
    assert!(read("<rss><channel><title>t</title></channel></rss>").is_ok());
}

#[test]
fn relative_links_are_resolved_and_scripts_are_dropped() {
    let tree = read(
        "<feed xml:base='https://example.org/news/'><entry><link href='a.html'/></entry>\
         <entry xml:base='/b/'><link href='c'/></entry><entry><link href='javascript:x()'/></entry></feed>",
    )
    .expect("a feed");
    assert_eq!(tree["items"][0]["link"], "https://example.org/news/a.html");
    assert_eq!(tree["items"][1]["link"], "https://example.org/b/c");
    assert_eq!(tree["items"][2]["link"], Value::Null);
}

#[test]
fn a_long_base_is_not_copied_into_each_link() {
    let long = "x".repeat(MAX_URL_BYTES);
    let entries = "<entry><link href='a'/></entry>".repeat(2);
    let own = "https://example.org/b/";
    let tree = read(&format!(
        "<feed xml:base='https://example.org/{long}/'><link href='{own}'/>{entries}</feed>"
    ))
    .expect("a feed");
    assert_eq!(tree["items"][1]["link"], "https://example.org/b/a");
    let tree = read(&format!("<feed><link href='{own}{long}/'/>{entries}</feed>"));
    let tree = tree.expect("a feed");
    assert!(tree["link"].is_string());
    assert_eq!(tree["items"][1]["link"], Value::Null);
}

#[test]
fn positions_of_items_are_read() {
    let tree = read(
        "<rss xmlns:g='http://www.georss.org/georss'><channel><item><g:point>50.5 4.25</g:point></item>\
         <item><georss:where xmlns:gml='http://www.opengis.net/gml'><gml:Point><gml:pos>51 3</gml:pos></gml:Point></georss:where></item>\
         <item><geo:lat>51.5</geo:lat><geo:long>3,5</geo:long></item>\
         <item><g:point>50,75 4,5</g:point></item><item><g:point>50.75,4.5</g:point></item>\
         <item><g:line>50,1234 4,1 50,1236 4,3</g:line></item></channel></rss>",
    )
    .expect("a feed");
    let positions = tree["items"].as_array().expect("items").iter().skip(2);
    let positions: Vec<[f64; 2]> = positions
        .map(|item| ["latitude", "longitude"].map(|key| item[key].as_f64().expect("degrees")))
        .collect();
    assert_eq!(positions[..3], [[51.5, 3.5], [50.75, 4.5], [50.75, 4.5]]);
    assert!((positions[3][0] - 50.1235).abs() < 1e-9 && (positions[3][1] - 4.2).abs() < 1e-9);
    assert_eq!(tree["items"][0]["latitude"], 50.5);
    assert_eq!(tree["items"][1]["longitude"], 3.0);
    assert_eq!(tree["items"][2]["latitude"], 51.5);
}

#[test]
fn errors_name_the_position() {
    let error = read("<?xml version='1.0'?>\n<note><to/></note>").expect_err("not a feed");
    assert!(error.to_string().contains("line 2"), "{error}");
}

#[test]
fn relative_links_start_at_xml_base_or_the_address_or_the_site() {
    let item = "<item><link>/a/1</link></item><item><link>a/2</link></item>";
    let feed = |site: &str| format!("<rss><channel><link>{site}</link>{item}</channel></rss>");
    let address = "https://www.example.org/rss/news.xml";
    let tree = read_at(address, &feed("/news"));
    assert_eq!(tree["link"], "https://www.example.org/news");
    let expected = ["https://www.example.org/a/1", "https://www.example.org/rss/a/2"];
    assert_eq!(all(&tree, "link"), expected);
    assert_eq!(all(&read_at(address, &feed("https://site.example/b/")), "link"), expected);
    let tree = read(&feed("https://site.example/b/")).expect("a feed");
    assert_eq!(all(&tree, "link"), ["https://site.example/a/1", "https://site.example/b/a/2"]);
    assert_eq!(all(&read(&feed("/news")).expect("a feed"), "link"), [&Value::Null, &Value::Null]);
    let only = "<item><guid>/a/1</guid></item><item><guid isPermaLink='true'>a/2</guid></item>\
        <item><guid>a/3</guid></item><item rdf:about='a/4'><title>x</title></item>";
    let tree = read_at(address, &format!("<rss><channel>{only}</channel></rss>"));
    let about = "https://www.example.org/rss/a/4";
    assert_eq!(
        all(&tree, "link"),
        [&json!(expected[0]), &json!(expected[1]), &Value::Null, &json!(about)]
    );
    let tree = read_at(
        address,
        "<feed xml:base='../b/'><link href='c'/><entry><link xml:base='d/' href='e'/></entry></feed>",
    );
    assert_eq!(tree["link"], "https://www.example.org/b/c");
    assert_eq!(all(&tree, "link"), ["https://www.example.org/b/d/e"]);
    let json = "{\"version\":\"https://jsonfeed.org/version/1\",\"home_page_url\":\"/n\",\
        \"items\":[{\"id\":1,\"url\":\"1\"}]}";
    let tree = read_at(address, json);
    assert_eq!(tree["link"], "https://www.example.org/n");
    assert_eq!(all(&tree, "link"), ["https://www.example.org/rss/1"]);
}

#[test]
fn of_several_links_the_page_is_taken() {
    let entry = |links: &str| format!("<entry>{links}</entry>");
    let json = "<link rel='alternate' type='application/json' href='https://a.example/1.json'/>";
    let page = "<link rel='ALTERNATE' type='Text/HTML; charset=utf-8' href='https://a.example/1'/>";
    let own = "<link rel='alternate' type='application/x-own+json' href='own:1'/>";
    let untyped = "<link href='https://a.example/2'/>";
    let iri = "<link rel='http://www.iana.org/assignments/relation/alternate' \
        href='https://a.example/3'/>";
    let enclosure = "<link rel='enclosure' type='text/html' href='https://a.example/file'/>";
    let edit = "<link rel='self' href='https://a.example/self'/>";
    let via = "<link rel='via' href='https://a.example/via'/>";
    let related = "<link rel='related' type='text/html' href='https://a.example/related'/>";
    let pdf = "<link type='application/pdf' href='https://a.example/1.pdf'/>";
    let content = "<content type='text/html' src='https://a.example/content'/>";
    let french =
        "<link rel='alternate' type='text/html' hreflang='fr' href='https://a.example/fr'/>";
    let dutch =
        "<link rel='alternate' type='text/html' hreflang='nl-BE' href='https://a.example/nl'/>";
    for (links, expected) in [
        ([json, page, untyped], "https://a.example/1"),
        ([own, untyped, json], "https://a.example/2"),
        ([own, json, edit], "https://a.example/1.json"),
        ([edit, via, json], "https://a.example/via"),
        ([enclosure, edit, iri], "https://a.example/3"),
        ([own, enclosure, edit], "https://a.example/self"),
        ([related, pdf, json], "https://a.example/1.pdf"),
        ([own, enclosure, content], "https://a.example/content"),
        ([content, json, edit], "https://a.example/1.json"),
        // The feed is in Dutch.
        ([french, dutch, json], "https://a.example/nl"),
        ([french, pdf, json], "https://a.example/fr"),
    ] {
        let entry = entry(&links.concat());
        let tree = read(&format!("<feed xml:lang='nl'>{entry}</feed>")).expect("a feed");
        assert_eq!(all(&tree, "link"), [expected], "{links:?}");
    }
    let rss = "<rss><channel><item><link>own:1</link><atom:link href='https://a.example/4'/>\
        </item></channel></rss>";
    assert_eq!(all(&read(rss).expect("a feed"), "link"), ["https://a.example/4"]);
}

#[test]
fn items_are_newest_first_whatever_their_order() {
    let item = |day: usize| {
        format!("<item><title>{day}</title><pubDate>{day} Nov 2026 09:00 GMT</pubDate></item>")
    };
    // Every order of five items, by the digits of a number in base five.
    let orders = (0..5_usize.pow(5)).map(|n| [n, n / 5, n / 25, n / 125, n / 625].map(|n| n % 5));
    let orders: Vec<[usize; 5]> =
        orders.filter(|order| (0..5).all(|day| order.contains(&day))).collect();
    assert_eq!(orders.len(), 120);
    for order in orders {
        let items: String = order.iter().map(|day| item(day + 1)).collect();
        let tree = read(&format!("<rss><channel>{items}</channel></rss>")).expect("a feed");
        assert_eq!(all(&tree, "title"), ["5", "4", "3", "2", "1"], "{order:?}");
    }
}

#[test]
fn items_without_a_date_keep_their_order_behind_the_others() {
    let tree = read(
        "<rss><channel><item><title>b</title></item><item><title>c</title><pubDate>soon</pubDate>\
         </item><item><title>1</title><pubDate>2026-11-01</pubDate></item><item><title>a</title>\
         </item><item><title>2</title><atom:updated>2026-11-02T10:00:00Z</atom:updated></item>\
         </channel></rss>",
    )
    .expect("a feed");
    assert_eq!(all(&tree, "title"), ["2", "1", "b", "c", "a"]);
    assert_eq!(all(&tree, "date")[..2], ["2026-11-02T10:00:00Z", "2026-11-01"]);
}

#[test]
fn the_last_items_of_a_long_feed_that_is_oldest_first_are_kept() {
    let items: String = (0..2_500)
        .map(|n| {
            let (day, hour) = (n / 24 % 28 + 1, n % 24);
            let month = n / 24 / 28 + 1;
            format!("<item><title>{n}</title><pubDate>2026-{month:02}-{day:02}T{hour:02}:00Z</pubDate></item>")
        })
        .collect();
    let tree = read(&format!("<rss><channel>{items}</channel></rss>")).expect("a feed");
    let titles = all(&tree, "title");
    assert_eq!((titles.len(), titles[0]), (2_000, &json!("2499")));
}

#[test]
fn each_identifier_stands_there_once_in_its_last_version() {
    let item = |id: &str, title: &str, day: u8| {
        format!("<item>{id}<title>{title}</title><pubDate>{day} Nov 2026 9:00 GMT</pubDate></item>")
    };
    let guid = "<guid isPermaLink='false'>g1</guid>";
    let items = [
        item(guid, "Dorpsstraat", 25),
        item(guid, "Dorpsstraat", 25),
        item("<guid>g2</guid>", "Markt", 26),
        item(guid, "Dorpsstraat open", 27),
        item("", "Zonder", 20),
        item("", "Zonder", 19),
    ]
    .concat();
    let tree = read(&format!("<rss><channel>{items}</channel></rss>")).expect("a feed");
    assert_eq!(all(&tree, "title"), ["Dorpsstraat open", "Markt", "Zonder", "Zonder"]);
    let linked = |id: &str, title: &str, page: &str| {
        let link = format!("{id}<link>https://a.example/{page}</link>");
        item(&link, title, 20)
    };
    let items = [
        // One identifier for all, which identifies none.
        linked(guid, "Een", "1"),
        linked(guid, "Twee", "2"),
        linked(guid, "Twee", "2"),
        linked(guid, "Een, verbeterd", "1"),
        // None at all.
        linked("", "Drie", "3"),
        linked("", "Drie", "3"),
        linked("", "Vier", "3"),
    ]
    .concat();
    let tree = read(&format!("<rss><channel>{items}</channel></rss>")).expect("a feed");
    assert_eq!(all(&tree, "title"), ["Een", "Twee", "Drie", "Vier"]);
    let entry = |updated: &str, title: &str| {
        format!(
            "<entry><id>a</id><title>{title}</title><published>2026-11-01T00:00:00Z</published>\
             <updated>2026-11-{updated}T00:00:00Z</updated></entry>"
        )
    };
    let feed = format!("<feed>{}{}</feed>", entry("05", "new"), entry("03", "old"));
    assert_eq!(all(&read(&feed).expect("a feed"), "title"), ["new"]);
    let json = "{\"version\":\"https://jsonfeed.org/version/1\",\
        \"items\":[{\"id\":1,\"title\":\"a\"},{\"id\":\"1\",\"title\":\"b\"}]}";
    assert_eq!(all(&read(json).expect("a feed"), "title"), ["a"]);
}

#[test]
fn texts_of_atom_are_decoded_once() {
    for (title, expected) in [
        ("<title type='html'>&lt;3 lezen</title>", "<3 lezen"),
        ("<title type='html'>Jan &amp;amp; Piet &lt;em&gt;nu&lt;/em&gt;</title>", "Jan & Piet nu"),
        ("<title type='html'>schrijf &amp;amp;lt;</title>", "schrijf &lt;"),
        ("<title type='text'>de tag &lt;table&gt;</title>", "de tag <table>"),
        ("<title>Lezen &lt;12 jaar&gt; gratis</title>", "Lezen <12 jaar> gratis"),
        ("<title type='text'>schrijf &amp;amp;</title>", "schrijf &amp;"),
        ("<title type='xhtml'><div>de <b>tag</b> &lt;blink&gt;</div></title>", "de tag <blink>"),
        ("<title type='text/plain' mode='escaped'>&lt;b&gt;</title>", "<b>"),
        ("<title type='text/html' mode='escaped'>&lt;b&gt;c&lt;/b&gt;</title>", "c"),
        ("<title mode='escaped'>&lt;b&gt;c&lt;/b&gt;</title>", "c"),
        ("<title><![CDATA[a &amp; b]]></title>", "a &amp; b"),
        ("<title type='html'><![CDATA[a &amp; b]]></title>", "a & b"),
        ("<title>twee\n\t regels</title>", "twee regels"),
    ] {
        let tree = read(&format!("<feed><entry>{title}</entry></feed>")).expect("a feed");
        assert_eq!(all(&tree, "title"), [expected], "{title}");
    }
    let encoded =
        "<content type='application/octet-stream'>\n PGI+SG9pPC9iPiAm\nYW1wOw==</content>";
    let tree = read(&format!("<feed><entry>{encoded}</entry></feed>")).expect("a feed");
    assert_eq!(all(&tree, "summary"), ["Hoi &"]);
    let tree = read("<feed><entry><content type='image/png'>iVBO</content></entry></feed>");
    assert_eq!(all(&tree.expect("a feed"), "summary"), [&Value::Null]);
}

#[test]
fn texts_of_rss_are_html_when_they_look_like_it() {
    for (title, expected) in [
        ("the &lt;blink&gt; tag", "the <blink> tag"),
        ("&lt;12 jaar&gt;", "<12 jaar>"),
        ("Jan &amp; Piet", "Jan & Piet"),
        ("Jan &amp;amp; Piet", "Jan & Piet"),
        ("caf&amp;eacute; &lt;em&gt;nu&lt;/em&gt;", "café nu"),
        ("een&lt;br&gt;twee", "een twee"),
        ("een&lt;embed src='x'&gt; twee", "een twee"),
        ("voor &lt;Jan van Gent&gt;", "voor <Jan van Gent>"),
        ("<![CDATA[<p>een &amp; twee]]>", "een & twee"),
        ("don&#146;t &amp;#146;", "don’t ’"),
    ] {
        let tree =
            read(&format!("<rss><channel><item><title>{title}</title></item></channel></rss>"));
        assert_eq!(all(&tree.expect("a feed"), "title"), [expected], "{title}");
    }
    let json = "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\
        \"title\":\"<b> &amp; c\",\"content_html\":\"<b>d</b> &amp; e\"}]}";
    let tree = read(json).expect("a feed");
    assert_eq!(all(&tree, "title"), ["<b> &amp; c"]);
    assert_eq!(all(&tree, "summary"), ["d & e"]);
}

#[test]
fn an_item_has_a_language() {
    let tree = read(
        "<feed xml:lang='nl'><entry><title xml:lang='he'>a</title></entry>\
         <entry xml:lang='fr_BE'><title>b</title></entry><entry><title>c</title></entry>\
         <entry xml:lang='no tag'><title>d</title></entry></feed>",
    )
    .expect("a feed");
    assert_eq!(all(&tree, "language"), ["he", "fr-BE", "nl", "nl"]);
    let tree = read(
        "<rss xml:lang='en'><channel><language>he</language><item><title>a</title></item>\
         <item><title>b</title><dc:language>ar</dc:language></item></channel></rss>",
    )
    .expect("a feed");
    assert_eq!(tree["language"], "he");
    assert_eq!(all(&tree, "language"), ["he", "ar"]);
}

#[test]
fn elements_of_other_vocabularies_are_read() {
    let tree = read(
        "<rss xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:m='http://search.yahoo.com/mrss/' \
         xmlns:t='http://purl.org/dc/terms/'><channel><t:modified>2026-11-02</t:modified><item>\
         <itunes:summary>kort</itunes:summary><dc:author>Jan</dc:author><m:group><m:category \
         label='Sport'>x</m:category></m:group><m:category>Cultuur</m:category></item></channel></rss>",
    )
    .expect("a feed");
    assert_eq!(tree["updated"], "2026-11-02T00:00:00");
    let item = &tree["items"][0];
    assert_eq!((&item["summary"], &item["author"]), (&json!("kort"), &json!("Jan")));
    assert_eq!(item["categories"], json!(["Cultuur", "Sport"]));
}

#[test]
fn a_moment_without_a_zone_is_of_the_place() {
    let item = |date: &str| format!("<item><pubDate>{date}</pubDate></item>");
    let dates = ["2026-11-23T07:36:00+01:00", "23 Nov 2026 07:36", "2026-11-23", "2026-11"];
    for (date, published) in dates.into_iter().zip([
        "2026-11-23T06:36:00Z",
        "2026-11-23T07:36:00",
        "2026-11-23T00:00:00",
        "2026-11-01T00:00:00",
    ]) {
        let built = format!("<lastBuildDate>{date}</lastBuildDate>");
        let feed = format!("<rss><channel>{built}{}</channel></rss>", item(date));
        let tree = read(&feed).expect("a feed");
        assert_eq!(
            (&tree["items"][0]["published"], &tree["updated"]),
            (&published.into(), &published.into())
        );
        let json = format!(
            "{{\"version\":\"https://jsonfeed.org/version/1\",\
             \"items\":[{{\"id\":\"1\",\"date_published\":\"{date}\"}}]}}"
        );
        assert_eq!(read(&json).expect("a feed")["items"][0]["published"], published);
    }
}
