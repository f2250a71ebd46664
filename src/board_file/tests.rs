use jiff::civil::{Date, date};
use serde_json::{Value, json};
use voordeur_store::{MAX_CARDS, MAX_PAGES};
use voordeur_widget_api::{CardWidth, FieldError};

use super::*;

fn today() -> Date {
    date(2026, 11, 30)
}

fn read(file: &Value) -> Result<FileContent, FileProblem> {
    read_bytes(file.to_string().as_bytes())
}

fn read_bytes(bytes: &[u8]) -> Result<FileContent, FileProblem> {
    let (catalogue, _) = Catalogue::embedded();
    let reader =
        FileReader { catalogue: &catalogue, today: today(), is_page_icon: |icon| icon == "home" };
    reader.read(bytes)
}

fn file(format: &str, cards: Value) -> Value {
    let page = json!({"name": "Thuis", "icon": "home", "cards": cards});
    json!({"format": format, "version": 1, "pages": [page]})
}

fn board(cards: Value) -> Value {
    file("voordeur-board", cards)
}

/// A board with a station, a private address and a card of a widget that is gone.
fn sample() -> Board {
    let mut train = Card::new("a".to_owned(), "train-departures".to_owned(), CardWidth::Wide);
    train.settings.insert("station".to_owned(), "BE.NMBS.008892007".to_owned());
    train.settings.insert("station.label".to_owned(), "Gent-Sint-Pieters".to_owned());
    train.settings.insert(TITLE_KEY.to_owned(), "Trein naar Miet".to_owned());
    train.folded = true;
    let gone = Card::new("b".to_owned(), "gone-widget".to_owned(), CardWidth::Narrow);
    Board::starting(vec![train, gone])
}

#[test]
fn a_board_comes_back_as_it_was() {
    let (catalogue, _) = Catalogue::embedded();
    let board = sample();
    let text = BoardFile::board(&board, Some("1850"), &catalogue).to_json().expect("JSON");
    let content = read_bytes(text.as_bytes()).expect("readable");
    assert_eq!((content.format, content.place.as_deref()), (FileFormat::Board, Some("1850")));
    let card = &content.pages[0].cards[0];
    assert_eq!(
        (card.widget.as_str(), card.size, card.folded),
        ("train-departures", CardWidth::Wide, true)
    );
    assert_eq!(card.settings, board.pages[0].cards[0].settings);
    assert_eq!(content.unknown_widgets, ["gone-widget"]);
}

#[test]
fn a_template_has_inputs_in_the_place_of_personal_values() {
    let (catalogue, _) = Catalogue::embedded();
    let board = sample();
    let text = BoardFile::template(&board, &catalogue).to_json().expect("JSON");
    for personal in ["008892007", "Gent", "1850", "place", "Miet"] {
        assert!(!text.contains(personal), "{text}");
    }
    let content = read_bytes(text.as_bytes()).expect("readable");
    assert_eq!(content.format, FileFormat::Template);
    assert!(content.pages[0].cards[0].settings.is_empty());
    assert_eq!(content.inputs, [["station"]]);
}

/// A board with a note, links and a list.
fn own_board() -> Board {
    let card = |id: &str, field: &str, value: &str| {
        let mut card = Card::new(id.to_owned(), id.to_owned(), CardWidth::Narrow);
        card.settings.insert(field.to_owned(), value.to_owned());
        card
    };
    Board::starting(vec![
        card("note", "text", "zqx key\n\nnr. 12"),
        card("bookmarks", "links", "https://zqx.example/ zqx school\nhttps://b.example/"),
        card("household-list", "items", "zqx milk\n✓ bread"),
    ])
}

#[test]
fn what_a_citizen_wrote_is_kept_in_their_file_and_never_shared() {
    let (catalogue, _) = Catalogue::embedded();
    let board = own_board();
    let text = BoardFile::board(&board, None, &catalogue).to_json().expect("JSON");
    let content = read_bytes(text.as_bytes()).expect("readable");
    let kept: Vec<_> = content.pages[0].cards.iter().map(|card| &card.settings).collect();
    let written: Vec<_> = board.pages[0].cards.iter().map(|card| &card.settings).collect();
    assert_eq!(kept, written);

    let template = BoardFile::template(&board, &catalogue);
    let text = template.to_json().expect("JSON");
    assert!(!text.contains("zqx") && !text.contains("b.example"), "{text}");
    for card in &template.pages()[0].cards {
        assert!(card.settings.is_empty() && card.inputs.is_empty(), "{}", card.widget);
    }
}

#[test]
fn a_template_with_a_personal_value_is_refused() {
    for (widget, field, value) in [
        ("note", "text", "x"),
        ("bookmarks", "links", "https://evil.example/ My bank"),
        ("train-departures", "station", "BE.NMBS.008892007"),
        ("train-departures", "station.label", "Gent-Sint-Pieters"),
        ("air-quality", "place", "9000"),
        ("air-quality", ".title", "Air at Miet's"),
    ] {
        let mut settings = serde_json::Map::new();
        settings.insert(field.to_owned(), json!(value));
        let card = json!({"widget": widget, "size": "wide", "settings": settings});
        let path = format!("pages[0].cards[0].settings.{field}");
        let wanted = FileProblem::Value { path, problem: ValueProblem::Personal };
        let refused = read(&file("voordeur-template", json!([card]))).map(|_| ());
        assert_eq!(refused, Err(wanted));
        // The owner's own file has all of them.
        read(&board(json!([card]))).expect("readable");
    }
}

#[test]
fn a_template_is_a_link_while_it_is_short() {
    let (catalogue, _) = Catalogue::embedded();
    let board = sample();
    let template = BoardFile::template(&board, &catalogue);
    let link = to_link(&template).expect("JSON").expect("short");
    assert!(link.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    let content = read_bytes(&of_link(&link).expect("ours")).expect("readable");
    assert_eq!((content.format, content.pages[0].cards.len()), (FileFormat::Template, 1));
    let card = |id| Card::new(format!("{id}"), "train-departures".to_owned(), CardWidth::Wide);
    let cards = (0..60).map(card);
    let mut large = Board::starting(cards.collect());
    large.pages[0].name = "é".repeat(40);
    let large = BoardFile::template(&large, &catalogue);
    let coded = to_link(&large).expect("JSON");
    assert!(coded.is_none_or(|coded| coded.len() <= MAX_LINK_BYTES));
    for broken in ["%", "ab=", &"A".repeat(MAX_LINK_BYTES + 1)] {
        assert_eq!(of_link(broken), Err(FileProblem::BrokenLink));
    }
    // One that was cut off on its way ends within a letter, or is no JSON any more.
    let cut = of_link(&link[..link.len() - 4]).and_then(|bytes| read_bytes(&bytes).map(|_| ()));
    assert!(matches!(cut, Err(FileProblem::NotJson | FileProblem::BrokenLink)), "{cut:?}");
}

#[test]
fn no_kind_of_field_that_a_citizen_types_is_in_a_template() {
    let (catalogue, _) = Catalogue::embedded();
    for widget in catalogue.all() {
        let manifest = widget.manifest();
        let mut card = Card::new("a".to_owned(), manifest.id.clone(), CardWidth::Full);
        for field in &manifest.fields {
            card.settings.insert(field.id.clone(), "zqx-typed".to_owned());
            card.settings.insert(label_key(&field.id), "zqx-label".to_owned());
        }
        let board = Board::starting(vec![card]);
        let template = BoardFile::template(&board, &catalogue);
        let shared = &template.pages()[0].cards[0];
        for id in shared.settings.keys() {
            let field = manifest.field(id).expect("a field");
            assert!(!is_personal(field), "{}: {id}", manifest.id);
        }
        if manifest.own {
            assert!(shared.settings.is_empty() && shared.inputs.is_empty(), "{}", manifest.id);
            continue;
        }
        for field in manifest.fields.iter().filter(|field| is_personal(field)) {
            assert!(shared.inputs.contains(&field.id.as_str()), "{}: {}", manifest.id, field.id);
        }
    }
}

#[test]
fn what_is_no_board_is_refused() {
    let newer = json!({"format": "voordeur-board", "version": 2, "pages": []});
    for (bytes, problem) in [
        (&b""[..], FileProblem::Absent),
        (b"{", FileProblem::NotJson),
        (b"\xff\xfe{}", FileProblem::NotJson),
        ("[".repeat(10_000).as_bytes(), FileProblem::NotJson),
        (b"[]", FileProblem::NotABoard),
        (br#"{"format": "other", "version": 1}"#, FileProblem::NotABoard),
        (newer.to_string().as_bytes(), FileProblem::NewerFormat),
        (" ".repeat(MAX_FILE_BYTES + 1).as_bytes(), FileProblem::TooLarge),
    ] {
        assert_eq!(read_bytes(bytes).map(|_| ()), Err(problem));
    }
}

#[test]
fn an_unusable_value_is_named_by_its_position() {
    let card = |more: Value| {
        let mut card = json!({"widget": "train-departures", "size": "wide"});
        card.as_object_mut().expect("a card").extend(more.as_object().cloned().expect("keys"));
        board(json!([card]))
    };
    let settings = |values: Value| card(json!({"settings": values}));
    let mut extra = board(json!([]));
    extra["token"] = json!("x");
    let mut place = board(json!([]));
    place["place"] = json!("0000");
    let mut nameless = board(json!([]));
    nameless["pages"][0]["name"] = json!("x".repeat(41));
    let pages = |count: usize| {
        let page = json!({"name": "x", "icon": "home", "cards": []});
        json!({"format": "voordeur-board", "version": 1, "pages": vec![page; count]})
    };
    let cards = json!(vec![json!({"widget": "gone", "size": "wide"}); MAX_CARDS + 1]);
    let first = "pages[0].cards[0]";
    let too_long = ValueProblem::Field(FieldError::TooLong { max_chars: 120 });
    for (file, path, problem) in [
        (extra, "token".to_owned(), ValueProblem::Unknown),
        (place, "place".to_owned(), ValueProblem::Field(FieldError::UnknownPlace)),
        (nameless, "pages[0].name".to_owned(), ValueProblem::Unusable),
        (pages(0), "pages".to_owned(), ValueProblem::Empty),
        (pages(MAX_PAGES + 1), "pages".to_owned(), ValueProblem::TooMany { most: MAX_PAGES }),
        (board(cards), "pages[0].cards".to_owned(), ValueProblem::TooMany { most: MAX_CARDS }),
        (board(json!([7])), first.to_owned(), ValueProblem::WrongType),
        (board(json!([{"size": "wide"}])), format!("{first}.widget"), ValueProblem::Missing),
        (card(json!({"size": "broad"})), format!("{first}.size"), ValueProblem::Unusable),
        (card(json!({"size": 6})), format!("{first}.size"), ValueProblem::Unusable),
        (card(json!({"folded": 1})), format!("{first}.folded"), ValueProblem::WrongType),
        (card(json!({"id": "x"})), format!("{first}.id"), ValueProblem::Unknown),
        (
            file(
                "voordeur-template",
                json!([{
                    "widget": "train-departures", "size": "wide", "inputs": ["station", "station"]
                }]),
            ),
            format!("{first}.inputs[1]"),
            ValueProblem::Unusable,
        ),
        (card(json!({"inputs": []})), format!("{first}.inputs"), ValueProblem::Unknown),
        (settings(json!({"zqx": "1"})), format!("{first}.settings.zqx"), ValueProblem::Unknown),
        (
            settings(json!({"station": 1})),
            format!("{first}.settings.station"),
            ValueProblem::WrongType,
        ),
        (
            settings(json!({"station": "a\u{0}b"})),
            format!("{first}.settings.station"),
            ValueProblem::Unusable,
        ),
        (
            settings(json!({"station": "x".repeat(121)})),
            format!("{first}.settings.station"),
            too_long.clone(),
        ),
        (
            settings(json!({"station.label": "x".repeat(121)})),
            format!("{first}.settings.station.label"),
            too_long,
        ),
        (
            board(json!([{"widget": "../etc", "size": "wide"}])),
            format!("{first}.widget"),
            ValueProblem::Unusable,
        ),
    ] {
        let wanted = FileProblem::Value { path, problem };
        assert_eq!(read(&file).map(|_| ()), Err(wanted), "{file}");
    }
}

#[test]
fn a_board_has_a_bound_on_cards_over_all_its_pages() {
    let cards = vec![json!({"widget": "holidays", "size": "wide"}); 31];
    let page = json!({"name": "x", "icon": "home", "cards": cards});
    let file = json!({"format": "voordeur-board", "version": 1, "pages": [page, page]});
    let problem = ValueProblem::TooMany { most: MAX_CARDS };
    let wanted = FileProblem::Value { path: "pages[1].cards".to_owned(), problem };
    assert_eq!(read(&file).map(|_| ()), Err(wanted));
}
