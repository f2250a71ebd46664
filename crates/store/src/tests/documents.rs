//! The stored form of a board.

use super::*;

#[test]
fn documents_round_trip() {
    let mut board = Board::starting(vec![card("a"), card("b")]);
    let stamp = board::EditStamp { revision: 3, tab: "t".to_owned() };
    board.pages[0].cards[0].stamps.size = stamp.clone();
    board.pages[0].stamps.name = stamp.clone();
    board.remove_card(CardPosition { page: 0, index: 1 }, &stamp);
    let again =
        document::deserialize(0, &document::serialize(&board).expect("writes")).expect("reads");
    assert_eq!(again, board);
    let nothing = document::deserialize(4, r#"{"pages":[]}"#).expect("reads");
    assert_eq!((nothing.pages.len(), nothing.revision), (1, 4));
    assert!(document::deserialize(0, r#"{"cards":"#).is_err());
}
