//! A board as it is written.

use super::*;

#[test]
fn what_is_written_is_read_again() {
    let mut board = Board::starting(vec![card("a"), card("b")]);
    let touch = board::Touch { revision: 3, tab: "t".to_owned() };
    board.pages[0].cards[0].touched.size = touch.clone();
    board.pages[0].touched.name = touch.clone();
    board.take(Spot { page: 0, index: 1 }, &touch);
    let again = document::read(0, &document::write(&board).expect("writes")).expect("reads");
    assert_eq!(again, board);
    let nothing = document::read(4, r#"{"pages":[]}"#).expect("reads");
    assert_eq!((nothing.pages.len(), nothing.revision), (1, 4));
    assert!(document::read(0, r#"{"cards":"#).is_err());
}
