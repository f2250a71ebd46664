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
