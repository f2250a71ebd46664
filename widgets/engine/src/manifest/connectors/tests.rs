//! Each connector on a response: a recorded one where available, else a small one that follows the
//! documentation.

use std::path::Path;

use serde_json::{Value as Tree, json};
use voordeur_widget_api::{Budget, Exhausted, Response, Responses, Settings};

use super::*;
use crate::manifest::tests::{error, requests, widget};
use voordeur_formats as formats;

/// A recorded response, or `None` when there are no recordings.
fn recorded(file: &str) -> Option<Tree> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/recorded");
    if !folder.is_dir() {
        println!("skipped: shared/recorded is not here");
        return None;
    }
    let bytes = std::fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    Some(
        formats::read(Format::Json, &bytes, &Budget::default())
            .unwrap_or_else(|error| panic!("{file}: {error}")),
    )
}

fn records(connector: &str, page: &Tree) -> Vec<Tree> {
    let connector = Connector::by_name(connector).expect("a connector");
    let records = connector.read(page, &Budget::default()).expect("within the budget");
    records.expect("a page of such a portal")
}

/// The URLs requested first, and after a page.
fn asked(request: &str, page: &Tree) -> Vec<String> {
    let widget = widget(&format!("[[request]]\nid = \"things\"\n{request}\n"));
    let mut responses = Responses::new();
    let mut urls = Vec::new();
    for _ in 0..2 {
        let step = requests(&widget, &Settings::new(), &responses).expect("can be asked");
        urls.extend(step.into_iter().map(|request| request.url));
        responses =
            Responses::from([("things".into(), vec![Response { tree: page.clone().into() }])]);
    }
    urls
}

#[test]
fn opendatasoft_is_paged_by_a_hundred_records() {
    let page = json!({ "total_count": 150, "results": vec![json!({ "name": "a" }); 100] });
    let urls = asked(
        "connector = \"opendatasoft\"\ndataset = \"https://example.org/explore/dataset/bike-racks/table/?sort=x\"\n\
         where = \"'free > 0'\"\norder = \"'name'\"\nmost = 120",
        &page,
    );
    let start =
        "https://example.org/api/explore/v2.1/catalog/datasets/bike-racks/records?limit=100";
    let rest = "where=free%20%3E%200&order_by=name";
    assert_eq!(urls, [format!("{start}&{rest}"), format!("{start}&{rest}&offset=100")]);
    let known = json!({ "total_count": 1, "results": [{ "name": "a", "spot": { "lon": 3.7, "lat": 51.0 } }] });
    assert_eq!(
        records("opendatasoft", &known)[0]["geometry"],
        json!({ "latitude": 51.0, "longitude": 3.7 })
    );
}

#[test]
fn opendatasoft_v1_nests_the_fields() {
    let urls = asked(
        "connector = \"opendatasoft-v1\"\ndataset = \"https://example.org/api/records/1.0/search/?dataset=parkings\"",
        &json!({ "records": [] }),
    );
    assert_eq!(urls[0], "https://example.org/api/records/1.0/search/?dataset=parkings&rows=100");
    let Some(page) = recorded("ods-liege/garages.json") else { return };
    let found = records("opendatasoft-v1", &page);
    assert_eq!(found.len(), 10);
    assert_eq!(found[0]["title"], "Parking Natalis");
    assert_eq!(
        found[0]["geometry"],
        json!({ "latitude": 50.6301695672, "longitude": 5.5826088906 })
    );
}

#[test]
fn socrata_returns_a_plain_list() {
    let request = "connector = \"socrata\"\ndataset = \"https://example.org/Traffic/Bike-counts/4xy5-26gy\"\nmost = 1001\norder = \"':id'\"";
    let urls = asked(request, &Tree::Array(vec![json!({ "a": 1 }); 1_000]));
    assert_eq!(urls[0], "https://example.org/resource/4xy5-26gy.json?$limit=1000&%24order=%3Aid");
    assert!(urls[1].ends_with("&%24offset=1000"), "{}", urls[1]);
    let spots = json!([{ "at": { "type": "Point", "coordinates": [4.4, 51.2] } }, { "at": { "latitude": "51.2", "longitude": "4.4" } }]);
    for record in records("socrata", &spots) {
        assert_eq!(record["geometry"], json!({ "latitude": 51.2, "longitude": 4.4 }));
    }
    let Some(page) = recorded("socrata/bike_counts_page_1.json") else { return };
    assert_eq!(records("socrata", &page)[0]["counts"], "100");
    let Some(page) = recorded("rdw/fuel_11ZKZ3.json") else { return };
    assert_eq!(records("socrata", &page)[0]["brandstof_omschrijving"], "Benzine");
    let Some(error) = recorded("socrata/403_response.json") else { return };
    let read = Connector::by_name("socrata").expect("known").read(&error, &Budget::default());
    assert_eq!(read, Ok(None));
}

#[test]
fn ckan_returns_the_rows_of_a_resource() {
    let page = json!({ "success": true, "result": { "records": [{ "_id": 1, "name": "a" }], "total": 1 } });
    let urls = asked(
        "connector = \"ckan\"\ndataset = \"https://example.org/data/dataset/trees/resource/07b7-ef80\"\nwhere = \"'{\\\"kind\\\": \\\"oak\\\"}'\"",
        &page,
    );
    assert_eq!(
        urls[0],
        "https://example.org/data/api/3/action/datastore_search?resource_id=07b7-ef80&limit=100&filters=%7B%22kind%22%3A%20%22oak%22%7D"
    );
    assert_eq!(records("ckan", &page), [json!({ "_id": 1, "name": "a", "geometry": null })]);
    // The response of another action of the same portal is not from the DataStore.
    let Some(other) = recorded("ckan/ckan_catalog_search_0.json") else { return };
    let read = Connector::by_name("ckan").expect("known").read(&other, &Budget::default());
    assert_eq!(read, Ok(None));
}

#[test]
fn items_of_ogc_api_follow_the_links_of_the_service() {
    let page = json!({
        "type": "FeatureCollection",
        "links": [{ "rel": "self", "href": "?" }, { "rel": "next", "href": "http://example.org/ogc/collections/lakes/items?f=json&offset=100" }],
        "features": [{ "type": "Feature", "id": "l.1", "properties": { "name": "Blaarmeersen" }, "geometry": { "type": "Point", "coordinates": [3.69, 51.04] } }]
    });
    let urls = asked(
        "connector = \"ogcapi-features\"\ndataset = \"https://example.org/ogc/collections/lakes/items\"",
        &page,
    );
    assert_eq!(
        urls,
        [
            "https://example.org/ogc/collections/lakes/items?f=json&limit=100",
            "https://example.org/ogc/collections/lakes/items?f=json&offset=100"
        ]
    );
    assert_eq!(
        records("ogcapi-features", &page),
        [
            json!({ "id": "l.1", "name": "Blaarmeersen", "geometry": { "latitude": 51.04, "longitude": 3.69 } })
        ]
    );
    let Some(page) = recorded("ogcapi-features/ne_110m_lakes.geojson") else { return };
    let lakes = records("ogcapi-features", &page);
    assert_eq!((lakes[0]["id"].as_i64(), &lakes[0]["name"]), (Some(0), &json!("Lake Baikal")));
    let latitude = lakes[0]["geometry"]["latitude"].as_f64().expect("the middle of the lake");
    assert!((51.0..56.0).contains(&latitude), "{latitude}");
}

#[test]
fn wfs_returns_geojson() {
    let urls = asked(
        "connector = \"wfs\"\ndataset = \"https://example.org/geoserver/wfs?request=GetFeature&typeName=rio:bc_dmean\"\nwhere = \"'value > 1'\"",
        &json!({ "features": [] }),
    );
    assert_eq!(
        urls[0],
        "https://example.org/geoserver/wfs?service=WFS&version=2.0.0&request=GetFeature&outputFormat=application%2Fjson\
         &srsName=EPSG%3A4326&typeNames=rio:bc_dmean&count=100&cql_filter=value%20%3E%201"
    );
    let Some(page) = recorded("irceline/rio_wfs_dmean.json") else { return };
    let found = records("wfs", &page);
    assert_eq!((&found[0]["network"], &found[0]["value"]), (&json!("Wallonia"), &json!(0.2)));
    assert_eq!(found[0]["geometry"], Tree::Null, "metres are no degrees");
}

#[test]
fn json_api_resources_contain_included_resources() {
    let page = json!({
        "data": [{
            "type": "sessions", "id": "1", "attributes": { "started": "2026-11-23" },
            "relationships": {
                "body": { "data": { "type": "bodies", "id": "7" } },
                "items": { "data": [{ "type": "items", "id": "2" }, { "type": "items", "id": "3" }] },
                "minutes": { "data": null },
                "others": { "links": { "related": "/x" } }
            }
        }],
        "included": [
            { "type": "bodies", "id": "7", "attributes": { "name": "Council" } },
            { "type": "items", "id": "2", "attributes": { "title": "Budget" }, "relationships": { "body": { "data": { "type": "bodies", "id": "7" } } } }
        ],
        "links": { "next": { "href": "/sessions?page%5Bnumber%5D=1" } }
    });
    let urls = asked(
        "connector = \"json-api\"\ndataset = \"https://example.org/sessions\"\norder = \"'-started'\"",
        &page,
    );
    assert_eq!(urls[0], "https://example.org/sessions?page%5Bsize%5D=100&sort=-started");
    assert_eq!(urls[1], "https://example.org/sessions?page%5Bnumber%5D=1");
    assert_eq!(
        records("json-api", &page),
        [json!({
            "type": "sessions", "id": "1", "started": "2026-11-23", "geometry": null, "minutes": null,
            "body": { "type": "bodies", "id": "7", "name": "Council" },
            "items": [{ "type": "items", "id": "2", "title": "Budget" }, { "type": "items", "id": "3" }]
        })]
    );
}

#[test]
fn odata_follows_its_next_link() {
    let page = json!({ "value": [{ "Number": "1" }], "@odata.nextLink": "Activities?$skip=1" });
    let urls = asked(
        "connector = \"odata\"\ndataset = \"https://example.org/v4/Activities\"\nselect = \"'Number'\"",
        &page,
    );
    assert_eq!(
        urls,
        [
            "https://example.org/v4/Activities?$top=100&%24select=Number",
            "https://example.org/v4/Activities?$skip=1"
        ]
    );
    assert_eq!(records("odata", &page), [json!({ "Number": "1", "geometry": null })]);
    let urls = asked(
        "connector = \"odata\"\ndataset = \"https://example.org/v4/Activities\"\nmost = 1",
        &page,
    );
    assert_eq!(urls.len(), 1, "one was wanted and one is here: {urls:?}");
}

#[test]
fn sru_records_become_plain_json() {
    let xml = "<s:searchRetrieveResponse xmlns:s='urn:s' xmlns:dc='urn:dc'><s:numberOfRecords>2</s:numberOfRecords><s:records>\
        <s:record><s:recordData><dc:dc><dc:title xml:lang='nl'>Een</dc:title><dc:subject>a</dc:subject><dc:subject>b</dc:subject></dc:dc></s:recordData></s:record>\
        <s:record><s:recordData><dc:dc><dc:title>Twee</dc:title></dc:dc></s:recordData></s:record>\
        </s:records></s:searchRetrieveResponse>";
    let page = formats::read(Format::Xml, xml.as_bytes(), &Budget::default()).expect("XML");
    let found = records("sru", &page);
    assert_eq!(found[0], json!({ "title": "Een", "subject": ["a", "b"], "geometry": null }));
    assert_eq!(found[1]["title"], "Twee");
    let urls = asked(
        "connector = \"sru\"\ndataset = \"https://example.org/sru\"\nwhere = \"'title=a'\"\nquery = { version = \"'2.0'\" }",
        &json!({ "numberOfRecords": [{ "#text": "0" }] }),
    );
    assert_eq!(
        urls[0],
        "https://example.org/sru?operation=searchRetrieve&maximumRecords=50&version=2.0&query=title%3Da"
    );
    let none = json!({ "numberOfRecords": [{ "#text": "0" }] });
    assert!(records("sru", &none).is_empty());
    let refused = json!({ "diagnostics": [{ "diagnostic": [] }] });
    let read = Connector::by_name("sru").expect("known").read(&refused, &Budget::default());
    assert_eq!(read, Ok(None));
}

#[test]
fn kiwis_rows_and_series_become_records() {
    let urls = asked(
        "connector = \"kiwis\"\ndataset = \"https://example.org/KiWIS/KiWIS?datasource=1&request=getStationList\"\nselect = \"'station_no'\"",
        &json!([]),
    );
    assert_eq!(
        urls[0],
        "https://example.org/KiWIS/KiWIS?datasource=1&service=kisters&type=queryServices&format=json&request=getStationList&returnfields=station_no"
    );
    let rows =
        json!([["station_no", "station_latitude", "station_longitude"], ["L1", "50.9", "4.4"]]);
    assert_eq!(
        records("kiwis", &rows),
        [
            json!({ "station_no": "L1", "station_latitude": "50.9", "station_longitude": "4.4", "geometry": { "latitude": 50.9, "longitude": 4.4 } })
        ]
    );
    assert!(records("kiwis", &json!(["No matches."])).is_empty());
    let series = json!([{ "ts_id": "1", "columns": "Timestamp,Value", "data": [["2026-11-23T06:00:00Z", 1.5], ["2026-11-23T06:15:00Z", null]] }]);
    assert_eq!(
        records("kiwis", &series)[0],
        json!({ "ts_id": "1", "Timestamp": "2026-11-23T06:00:00Z", "Value": 1.5, "geometry": null })
    );
}

#[test]
fn a_data_set_can_be_named_with_its_portal_and_repeated() {
    let widget = widget(
        "[[request]]\nid = \"things\"\nconnector = \"opendatasoft\"\nportal = \"https://example.org/\"\ndataset = \"bikes-{item ? 'a' : 'b'}\"\n\
         each = \"[true, false]\"\n",
    );
    let asked = requests(&widget, &Settings::new(), &Responses::new()).expect("can be asked");
    let start = "https://example.org/api/explore/v2.1/catalog/datasets/bikes";
    let urls: Vec<&str> = asked.iter().map(|request| request.url.as_str()).collect();
    assert_eq!(
        urls,
        [format!("{start}-a/records?limit=100"), format!("{start}-b/records?limit=100")]
    );
}

#[test]
fn invalid_connector_requests_are_rejected() {
    let with = |request: &str| error(&format!("[[request]]\nid = \"things\"\n{request}\n")).0;
    assert!(
        with("connector = \"arcgis\"\ndataset = \"x\"").contains("is not one of ckan, json-api")
    );
    assert!(
        with("connector = \"ckan\"").contains("needs `dataset`, like `https://PORTAL/dataset/")
    );
    assert!(
        with("connector = \"ckan\"\ndataset = \"https://example.org/trees\"")
            .contains("should be like")
    );
    assert!(
        with("connector = \"sru\"\ndataset = \"https://example.org/sru\"\norder = \"'a'\"")
            .contains("is not supported by `sru`")
    );
    assert!(
        with("connector = \"odata\"\ndataset = \"https://example.org/x\"\nmost = 100000")
            .contains("from 1 to 10000")
    );
    assert!(
        with("connector = \"odata\"\ndataset = \"https://example.org/x\"\nformat = \"json\"")
            .contains("remove them")
    );
    assert!(
        with("connector = \"odata\"\ndataset = \"https://elsewhere.example/x\"")
            .contains("one of `hosts`")
    );
    assert!(
        with("url = \"https://example.org/x\"\nformat = \"json\"\nwhere = \"'a'\"")
            .contains("needs `connector`")
    );
    assert!(with("format = \"json\"").contains("needs `url` and `format`, or `connector`"));
}

#[test]
fn the_guide_documents_every_connector() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/WIDGETS.md");
    let guide = std::fs::read_to_string(guide).expect("the guide");
    for connector in CONNECTORS {
        let options: Vec<String> =
            connector.options.iter().map(|(key, name)| format!("`{key}` (`{name}`)")).collect();
        let row =
            format!("| `{}` | `{}` | {} |", connector.name, connector.address, options.join(", "));
        assert!(guide.contains(&row), "docs/WIDGETS.md should have the row\n{row}");
    }
}

#[test]
fn json_stat_has_a_row_per_value() {
    let urls = asked(
        "connector = \"json-stat\"\ndataset = \"https://example.org/data/prices?format=JSON\"\nquery = { geo = \"'BE'\" }",
        &json!({ "rows": [] }),
    );
    assert_eq!(urls, ["https://example.org/data/prices?format=JSON&geo=BE"]);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/recorded/jsonstat");
    let Ok(files) = std::fs::read_dir(folder) else {
        println!("skipped: shared/recorded is not here");
        return;
    };
    for file in files {
        let path = file.expect("a file").path();
        let bytes = std::fs::read(&path).expect("a recording");
        let page = formats::read(Format::JsonStat, &bytes, &Budget::default()).expect("JSON-stat");
        let found = records("json-stat", &page);
        let ids = page["ids"].as_array().expect("ids");
        let series_fields =
            |row: &Tree| ids.iter().filter_map(Tree::as_str).all(|id| row[id].is_string());
        assert!(!found.is_empty() && found.iter().all(series_fields), "{}", path.display());
        assert!(found.iter().any(|row| row["value"].is_number()), "{}", path.display());
    }
}

/// A page in which something long would be copied into each of many records.
#[test]
fn copies_of_one_part_into_many_records_are_charged() {
    let long = "x".repeat(500_000);
    let data = vec![json!(["2026-11-23T06:00:00Z", 1.5]); 2_000];
    let series = json!([{ "station": long, "columns": "Timestamp,Value", "data": data }]);
    let included = json!({ "type": "bodies", "id": "7", "attributes": { "name": long } });
    let body = json!({ "type": "bodies", "id": "7" });
    let resource = json!({ "id": "1", "relationships": { "of": { "data": vec![body; 2_000] } } });
    let resources = json!({ "data": [resource], "included": [included] });
    let wide = json!([{ "columns": format!("{long},b"), "data": vec![json!([1, 2]); 2_000] }]);
    for (name, page) in [("kiwis", series), ("json-api", resources), ("kiwis", wide)] {
        let connector = Connector::by_name(name).expect("a connector");
        let read = connector.read(&page, &Budget::default());
        assert_eq!(read, Err(Exhausted::Bytes), "{name}");
    }
}
