use std::path::PathBuf;

use super::*;

const HOST: &str = "service.example";

fn at(minute: i64) -> Timestamp {
    let start: Timestamp = "2026-11-23T06:00:00Z".parse().expect("a moment");
    start + jiff::SignedDuration::from_mins(minute)
}

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn health(book: &HealthBook, now: Timestamp) -> Health {
    book.pages().hosts[HOST].health(now)
}

#[test]
fn a_failed_flight_makes_a_service_falter_and_only_the_hub_says_that_it_is_down() {
    let book = HealthBook::default();
    assert_eq!(book.of(HOST), None);
    book.landed(HOST, at(0), ms(80), Ok(()));
    assert_eq!(health(&book, at(0)).state, State::Responses);
    book.landed(HOST, at(1), ms(900), Err(&FetchError::Slow));
    let faltering = health(&book, at(1));
    assert_eq!(faltering.state, State::Falters);
    assert_eq!(faltering.since, at(1));
    assert_eq!(faltering.answered, Some(at(0)));
    assert_eq!(faltering.failed, Some((at(1), FetchError::Slow)));
    assert!(book.turns().is_empty());

    book.went_down(HOST, at(2), &FetchError::Broken(503), at(3));
    book.went_down(HOST, at(3), &FetchError::Slow, at(5));
    let down = health(&book, at(3));
    assert_eq!((down.state, down.since), (State::Down(at(5)), at(2)));
    book.landed(HOST, at(5), ms(70), Ok(()));
    book.returned(HOST, at(5));
    book.returned(HOST, at(6));
    let back = health(&book, at(6));
    assert_eq!((back.state, back.since), (State::Responses, at(5)));

    let went = StateChange {
        host: HOST.to_owned(),
        at: at(2),
        reason: Some(FetchError::Broken(503)),
        down_since: None,
    };
    let came =
        StateChange { host: HOST.to_owned(), at: at(5), reason: None, down_since: Some(at(2)) };
    assert_eq!(book.turns(), [came, went]);
}

#[test]
fn speed_is_that_of_the_last_good_flights() {
    let book = HealthBook::default();
    book.landed(HOST, at(0), ms(9_000), Err(&FetchError::Slow));
    assert_eq!(health(&book, at(0)).median, None);
    for milliseconds in 1..=100 {
        book.landed(HOST, at(0), ms(milliseconds), Ok(()));
    }
    let health = health(&book, at(0));
    assert_eq!(health.median, Some(ms(75)), "of 51 to 100");
    assert_eq!(health.slowest, Some(ms(98)));
    assert_eq!((health.good, health.flights), (100, 101));
}

#[test]
fn the_share_is_that_of_the_last_day() {
    let book = HealthBook::default();
    book.landed(HOST, at(0), ms(5), Err(&FetchError::Unreachable));
    for hour in 1..=30 {
        book.landed(HOST, at(hour * 60), ms(5), Ok(()));
        assert!(book.pages().hosts[HOST].health(at(hour * 60)).flights <= 24);
    }
    let later = health(&book, at(30 * 60));
    assert_eq!((later.good, later.flights), (24, 24));
    assert_eq!(health(&book, at(72 * 60)).flights, 0);

    book.was_unreadable(HOST);
    let refused = health(&book, at(30 * 60));
    assert_eq!((refused.good, refused.state), (23, State::Falters));
}

#[test]
fn what_never_reached_a_service_says_nothing_of_it() {
    let book = HealthBook::default();
    book.landed("elsewhere.example", at(0), ms(1), Err(&FetchError::ForeignHost));
    book.landed(HOST, at(0), ms(1), Err(&FetchError::NoKey));
    assert!(book.pages().hosts.is_empty());
}

#[test]
fn the_book_is_bounded() {
    let book = HealthBook::default();
    for number in 0..2 * MOST_HOSTS {
        book.landed(&format!("{number}.example"), at(0), ms(1), Ok(()));
    }
    assert_eq!(book.pages().hosts.len(), MOST_HOSTS);
    for minute in 0..300 {
        book.went_down("0.example", at(minute), &FetchError::Slow, at(minute));
        book.returned("0.example", at(minute));
    }
    let turns = book.turns();
    assert_eq!((turns.len(), turns[0].at), (MOST_TURNS, at(299)));
}

fn file(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("health.json")
}

#[test]
fn the_book_is_the_same_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = HealthBook::default();
    before.keep_in(&file(&folder));
    before.landed(HOST, at(0), ms(80), Ok(()));
    before.save(false);
    assert!(!file(&folder).exists(), "figures alone can wait");
    before.went_down(HOST, at(2), &FetchError::Unreadable("what it said".to_owned()), at(3));
    before.save(false);
    let text = std::fs::read_to_string(file(&folder)).expect("the book");
    assert!(!text.contains("what it said"), "{text}");

    let after = HealthBook::default();
    after.keep_in(&file(&folder));
    assert_eq!(health(&after, at(4)), health(&before, at(4)));
    assert_eq!(after.turns(), before.turns());
    after.landed(HOST, at(5), ms(9), Err(&FetchError::Slow));
    assert_eq!(health(&after, at(5)).state, State::Down(at(3)));
    after.landed(HOST, at(6), ms(80), Ok(()));
    assert_eq!(health(&after, at(6)).state, State::Responses, "no breaker remembers it");
    assert_eq!((after.turns()[0].at, after.turns()[0].down_since), (at(6), Some(at(2))));
}

#[test]
fn a_broken_file_is_a_fresh_start() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(file(&folder), "{\"hosts\": {").expect("a broken book");
    let book = HealthBook::default();
    book.keep_in(&file(&folder));
    assert!(book.turns().is_empty());
    book.went_down(HOST, at(2), &FetchError::Slow, at(3));
    book.save(false);
    let again = HealthBook::default();
    again.keep_in(&file(&folder));
    assert_eq!(again.turns().len(), 1);
}
