//! Preferences of a citizen, as the next request reads them.

use super::*;
use crate::appearance::{Appearance, Density, Look, Reading, TextSize};

#[tokio::test]
async fn an_appearance_is_kept_until_it_is_the_default_again() {
    let fixture = Fixture::with(&["a"]).await;
    let Fixture { store, citizen, token, .. } = &fixture;
    let chosen = Appearance {
        look: Look::Contrast,
        density: Density::Dense,
        text_size: TextSize::Large,
        reading: Reading::Easy,
    };
    for appearance in [chosen, Appearance::default()] {
        store.set_appearance(citizen, appearance).await.expect("writes");
        let read = store.citizen(token).await.expect("reads").expect("exists");
        assert_eq!(read.appearance, appearance);
        let (read, _) = store.citizen_with_board(token).await.expect("reads").expect("exists");
        assert_eq!(read.appearance, appearance);
    }
}

#[tokio::test]
async fn a_deleted_citizen_leaves_nothing() {
    let fixture = Fixture::with(&["a"]).await;
    let Fixture { store, citizen, token, .. } = &fixture;
    fixture.now(&remove("a")).await;
    let language = voordeur_widget_api::Language::Nl;
    store.create_agenda_feed(citizen, language, None).await.expect("writes");
    store.delete_citizen(citizen).await.expect("deletes");
    assert!(store.citizen(token).await.expect("reads").is_none());
    for table in ["citizen", "board", "change", "applied", "agenda_feed"] {
        let rows = format!("select count(*) from {table}");
        let rows: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(rows))
            .fetch_one(&*store.database.readers())
            .await
            .expect("reads");
        assert_eq!(rows, 0, "{table}");
    }
    // Twice is no error.
    store.delete_citizen(citizen).await.expect("deletes");
}
