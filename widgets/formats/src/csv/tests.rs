use serde_json::json;

use super::*;

fn read(text: &str) -> Result<Value, FormatError> {
    super::read(text, &Budget::default())
}

fn table(text: &str) -> Value {
    read(text).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn delimiters_are_detected() {
    for text in [
        "name;share\nGent;1,5\nBrugge;2,5\n",
        "name\tshare\r\nGent\t1,5\r\nBrugge\t2,5\r\n",
        "name|share\rGent|1,5\rBrugge|2,5\r",
        "name,share\nGent,\"1,5\"\n\nBrugge,\"2,5\"\n",
    ] {
        let tree = table(text);
        assert_eq!(tree["columns"], json!(["name", "share"]), "{text}");
        assert_eq!(tree["rows"][1], json!({"name": "Brugge", "share": "2,5"}), "{text}");
        assert_eq!(tree["rows"].as_array().map(Vec::len), Some(2), "{text}");
    }
}

#[test]
fn lines_before_the_header_are_skipped() {
    let tree = table(
        "Exported on 1 June; by hand; again\n\n# a comment\nid;name\n1;a\n2;b\n3;c\n# end; of; it\n",
    );
    assert_eq!(tree["columns"], json!(["id", "name"]));
    assert_eq!(tree["rows"].as_array().map(Vec::len), Some(3));
    let tree = table("# station;level\n1;12\n2;13\n");
    assert_eq!(tree["columns"], json!(["station", "level"]));
    assert_eq!(tree["rows"].as_array().map(Vec::len), Some(2));
    let tree = table("station;level\n1;12;\n2;13;\n");
    assert_eq!(tree["columns"], json!(["station", "level"]));
}

#[test]
fn column_names_are_unique_and_ragged_rows_keep_their_cells() {
    let tree = table("a;;a;\n1;2;3;\n4\n5;6;7;;8\n9;9;9;\n");
    assert_eq!(tree["columns"], json!(["a", "column_2", "a_2", "column_4", "column_5"]));
    assert_eq!(tree["rows"][1], json!({"a": "4"}));
    assert_eq!(tree["rows"][2]["column_5"], "8");
}

#[test]
fn a_table_that_broke_off_says_so() {
    let cut_off = |text: &str| {
        let tree = read(text).expect("a table");
        (tree["rows"].as_array().map_or(0, Vec::len), tree["cut_off"] == true)
    };
    let whole = "name;day;hour\nFair;1;10\nMarket;2;11\nMass;3;12";
    assert_eq!(cut_off(whole), (3, false));
    assert_eq!(cut_off(&format!("{whole}\r\n")), (3, false));
    assert_eq!(cut_off("name;day;hour\nFair;1;10\nMarket;2;11\nMass;3"), (2, true));
    assert_eq!(cut_off("name;day;hour\nFair;1;10\nMarket;2;11\nMa"), (2, true));
    assert_eq!(cut_off("name;day;hour\nFair;1;10\nMarket;2;11\nMass;3\n"), (3, false));
    // Rows of different lengths are the way of this table.
    assert_eq!(cut_off("name;day;hour\nFair;1\nMarket;2;11\nMass;3"), (3, false));
    assert_eq!(cut_off("name;day;hour\n"), (0, false));
    assert_eq!(cut_off("name;day;hour"), (0, true));
}

#[test]
fn long_names_are_cut_off_and_stay_unique() {
    let long = "é".repeat(MAX_NAME_BYTES);
    let tree = table(&format!("{long};{long};c\n1;2;3\n"));
    let columns: Vec<&str> =
        tree["columns"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert_eq!(columns[0], "é".repeat(MAX_NAME_BYTES / 2));
    assert_eq!(columns[1], format!("{}_2", columns[0]));
    assert_eq!(tree["rows"][0][columns[1]], "2");
}

#[test]
fn quoted_cells_may_contain_delimiters_quotes_and_lines() {
    let tree = table("a;b\n\"1;\"\"2\"\"\n3\";é\r\n\n4;\"");
    assert_eq!(tree["rows"], json!([{"a": "1;\"2\"\n3", "b": "é"}, {"a": "4", "b": ""}]));
    let long = "x".repeat(5_000);
    assert_eq!(table(&format!("a;b\n{long};\"{long}\""))["rows"][0]["b"], long);
}

#[test]
fn the_first_line_may_name_the_delimiter() {
    for text in [
        "sep=;\nwijk;aantal\nA;1,5\nB;2,5\n",
        "\"sep=;\"\r\nwijk;aantal\r\nA;1,5\r\nB;2,5\r\n",
        "SEP=^\nwijk^aantal\nA^1,5\nB^2,5\n",
        "sep=\t\nwijk\taantal\nA\t1,5\nB\t2,5\n",
        "sep=\\t\nwijk\taantal\nA\t1,5\nB\t2,5\n",
        "sep=;\rwijk;aantal\rA;1,5\rB;2,5\r",
        "sep=; \nwijk;aantal\nA;1,5\nB;2,5\n",
        "sep= ;\r\nwijk;aantal\r\nA;1,5\r\nB;2,5\r\n",
        "sep=;;\nwijk;aantal\nA;1,5\nB;2,5\n",
        "sep=,,\nwijk,aantal\nA,\"1,5\"\nB,\"2,5\"\n",
    ] {
        let tree = table(text);
        assert_eq!(tree["columns"], json!(["wijk", "aantal"]), "{text}");
        assert_eq!(tree["rows"][1], json!({"wijk": "B", "aantal": "2,5"}), "{text}");
    }
    // It is a name like any other.
    assert_eq!(table("sep=a;b\n1;2\n3;4\n")["columns"], json!(["sep=a", "b"]));
}

#[test]
fn a_stray_quote_swallows_no_row() {
    let tree = table(
        "naam;maat;plaats\nWip;12\";Park\n\"Hut \"Bos\"\";3 m;Bos\nNet;\"4,5 m;Strand\nBrug;5 m;\"Bos\"\n\"Rek;6 m;Hof\n",
    );
    let rows: Vec<(&str, &str, &str)> = tree["rows"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| {
            let cell = |name: &str| row[name].as_str().unwrap_or_default();
            (cell("naam"), cell("maat"), cell("plaats"))
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("Wip", "12\"", "Park"),
            ("Hut \"Bos\"", "3 m", "Bos"),
            ("Net", "\"4,5 m", "Strand"),
            ("Brug", "5 m", "Bos"),
            ("\"Rek", "6 m", "Hof"),
        ]
    );
}

#[test]
fn a_table_may_have_one_column() {
    for text in [
        "wijk\nCentrum\nStation\n",
        "wijk\r\n\"Centrum\"\r\n\"Station\"\r\n",
        "sep=;\nwijk\nCentrum\nStation\n",
    ] {
        let tree = table(text);
        assert_eq!(tree["columns"], json!(["wijk"]), "{text}");
        assert_eq!(tree["rows"], json!([{"wijk": "Centrum"}, {"wijk": "Station"}]), "{text}");
    }
    assert_eq!(table("wijk\nCentrum\n")["rows"], json!([{"wijk": "Centrum"}]));
    assert_eq!(table("naam van de wijk\nA\nB\n")["columns"], json!(["naam van de wijk"]));
    // No message is a table.
    for text in [
        "Service unavailable",
        "Service unavailable\nPlease try again later.\n",
        "The service is down for maintenance.\nPlease try again.\nThank you.\n",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
}

#[test]
fn errors_name_the_position() {
    for (text, place) in [
        ("\n <html>", "line 2, column 2"),
        ("", "line 1"),
        ("just words\nand more", "line 1"),
        ("a;b\n\0;1", "line 2"),
    ] {
        let error = read(text).expect_err("not a table").to_string();
        assert!(error.contains(place), "{error}");
    }
}

#[test]
fn rows_beyond_the_maximum_are_omitted() {
    let tree = table(&format!("a;b\n{}", "1;2\n".repeat(MAX_ROWS + 5)));
    assert_eq!(tree["rows"].as_array().map(Vec::len), Some(MAX_ROWS));
    assert_eq!(tree["truncated"], true);
}
