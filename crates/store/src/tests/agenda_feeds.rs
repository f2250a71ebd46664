//! Feeds of the agenda: made, found by their token, and void.

use voordeur_widget_api::Language;

use super::*;
use crate::MAX_AGENDA_FEEDS;

#[tokio::test]
async fn a_feed_is_found_by_its_token_until_it_is_void() {
    let folder = TempFolder::new();
    let store = Store::open(&folder.0).await.expect("opens");
    let (citizen, _) = store.create_guest(&[]).await.expect("a guest");
    let (other, _) = store.create_guest(&[]).await.expect("a guest");
    let all = store
        .create_agenda_feed(&citizen.id, Language::Fr, None)
        .await
        .expect("writes")
        .expect("room");
    let one =
        store.create_agenda_feed(&citizen.id, Language::De, Some("a1")).await.expect("writes");
    let one = one.expect("room");

    let found = async |token: &Token| store.agenda_feed(token).await.expect("reads");
    let (feed, owner, _) = found(&one).await.expect("a feed");
    assert_eq!((feed.card.as_deref(), owner.id == citizen.id), (Some("a1"), true));
    assert_eq!((feed.fetched, feed.language), (None, Language::De));
    store.record_agenda_fetch(&feed, &["a1".to_owned()]).await.expect("writes");
    let feeds = store.agenda_feeds(&citizen.id).await.expect("reads");
    assert_eq!(feeds.len(), 2);
    let fetched = feeds.iter().find(|listed| listed.id == feed.id).expect("it is listed");
    assert!(fetched.fetched.is_some() && fetched.cards == ["a1"]);
    assert!(store.agenda_feeds(&other.id).await.expect("reads").is_empty());

    store.remove_agenda_feed(&other.id, &feed.id).await.expect("writes");
    assert!(found(&one).await.is_some(), "it is somebody else's");
    store.remove_agenda_feed(&citizen.id, &feed.id).await.expect("writes");
    assert!(found(&one).await.is_none());
    assert!(found(&all).await.is_some());
    assert!(found(&Token::random()).await.is_none());
}

#[tokio::test]
async fn a_citizen_has_a_bounded_number_of_feeds() {
    let folder = TempFolder::new();
    let store = Store::open(&folder.0).await.expect("opens");
    let (citizen, _) = store.create_guest(&[]).await.expect("a guest");
    for _ in 0..MAX_AGENDA_FEEDS {
        assert!(
            store
                .create_agenda_feed(&citizen.id, Language::Fr, None)
                .await
                .expect("writes")
                .is_some()
        );
    }
    assert!(
        store.create_agenda_feed(&citizen.id, Language::Fr, None).await.expect("writes").is_none()
    );
    let (other, _) = store.create_guest(&[]).await.expect("a guest");
    assert!(
        store.create_agenda_feed(&other.id, Language::Nl, None).await.expect("writes").is_some()
    );
}
