//! A panic anywhere between a response and the HTML hurts its own card only.

use voordeur_engine::CheckStatus;
use voordeur_upstream::{Source, StaticHosts, UpstreamOptions};
use voordeur_widget_api::{
    Block, CardWidth, Manifest, Refusal, Responses, Sample, View, WidgetContext,
};

use super::*;
use crate::planted;
use crate::view_model::BlockViewModel;

const NEIGHBOUR: &str = "holidays";
const PLANTED: &str = "rail-disturbances";
const PLACES: [&str; 4] = ["requests", "view", "the presenter", "a block"];

/// A widget of the catalogue that panics at one place.
struct Planted {
    widget: Arc<dyn Widget>,
    place: &'static str,
}

impl Widget for Planted {
    fn manifest(&self) -> &Manifest {
        self.widget.manifest()
    }

    fn samples(&self) -> &[Sample] {
        self.widget.samples()
    }

    fn fields_sent(&self, request: &str) -> Vec<String> {
        self.widget.fields_sent(request)
    }

    fn requests(
        &self,
        context: &WidgetContext<'_>,
        responses: &Responses,
    ) -> Result<Vec<Request>, Refusal> {
        assert!(self.place != "requests", "planted");
        self.widget.requests(context, responses)
    }

    fn view(&self, _: &WidgetContext<'_>, _: &Responses) -> Result<View, Refusal> {
        assert!(self.place != "view", "planted");
        let text = planted::text_for(self.place);
        let about = (self.place == "the presenter").then(|| text.as_str().into());
        let blocks = vec![Block::Text { text: text.as_str().into() }];
        Ok(View { about, blocks, ..View::default() })
    }
}

fn service() -> (CardService, tempfile::TempDir) {
    // Fails when another test of this process has installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().expect("a folder");
    let hosts = Arc::new(StaticHosts::default());
    let upstream = Upstream::open(UpstreamOptions::new(Source::Samples, folder.path(), hosts));
    let workers = WorkerPool::for_this_machine();
    let service = CardService::new(upstream.expect("upstream opens"), workers);
    (service.expect("a card service"), folder)
}

#[tokio::test]
async fn a_panic_hurts_its_own_card_only() {
    let (service, _folder) = service();
    let place = voordeur_gazetteer::by_postcode("9000").expect("a place");
    let viewer = Viewer { locale: Locale::new(Language::Nl), place, client: None };
    let cards =
        [PLANTED, NEIGHBOUR].map(|id| Card::new(id.to_owned(), id.to_owned(), CardWidth::Narrow));
    for place in PLACES {
        let (mut catalogue, _) = Catalogue::embedded();
        let Entry { widget, version, .. } = catalogue.entry(PLANTED).expect("a widget").clone();
        let planted: Arc<dyn Widget> = Arc::new(Planted { widget, place });
        let check_status = CheckStatus::Embedded(None);
        catalogue.put(Entry { widget: Arc::clone(&planted), version, check_status, proven: None });

        let policy = CachePolicy::StaleWhileRevalidate;
        let board = service.cards(&catalogue, &cards, &viewer, policy).await;
        let states: Vec<CardState> = board.iter().map(|(_, card)| card.view_model.state).collect();
        assert_eq!(states, [CardState::Unavailable, CardState::Fresh], "{place}");

        let alone = service.card(&catalogue, &cards[0], &viewer, CachePolicy::Refresh).await;
        assert_eq!(alone.view_model.state, CardState::Unavailable, "{place}");
        assert!(alone.view_model.notice.is_some(), "{place}");

        let preview = service.preview(&planted, &viewer).await;
        assert_eq!(preview.view_model.title, planted.manifest().name.nl, "{place}");
        service.requests_of_sample(&planted, Language::Nl, None).await;
    }
}

#[test]
fn a_page_is_of_the_day_that_ends_first() {
    let (service, _folder) = service();
    let (catalogue, _) = Catalogue::embedded();
    let card = |widget: &str| Card::new(widget.to_owned(), widget.to_owned(), CardWidth::Narrow);
    let seconds = |widgets: &[&str], now: &str| {
        let cards: Vec<Card> = widgets.iter().map(|widget| card(widget)).collect();
        service.day_ends_in(&catalogue, &cards, now.parse().expect("a moment"))
    };
    for (now, left) in [
        ("2026-11-30T23:50:00+01:00", 600),
        ("2026-12-01T00:10:00+01:00", 85_800),
        ("2026-11-30T23:59:59.9+01:00", 1),
        // The clocks go forward, and back.
        ("2027-03-28T00:00:00+01:00", 23 * 3_600),
        ("2027-10-31T00:00:00+02:00", 25 * 3_600),
        ("2027-10-31T02:30:00+02:00", 22 * 3_600 + 1_800),
        ("2028-02-28T23:59:00+01:00", 60),
        ("2028-02-29T23:59:00+01:00", 60),
        ("2026-12-31T23:59:00+01:00", 60),
    ] {
        assert_eq!(seconds(&["holidays"], now), left, "{now}");
        assert_eq!(seconds(&[], now), left, "{now}");
    }
    // In London the day ends an hour later.
    let late = "2026-12-01T00:10:00+01:00";
    assert_eq!(seconds(&["holidays", "bank-holidays-uk"], late), 50 * 60);
}

#[tokio::test]
async fn a_card_of_ones_own_shows_what_was_written_and_is_in_no_cache() {
    let (service, _folder) = service();
    let (catalogue, _) = Catalogue::embedded();
    let place = voordeur_gazetteer::by_postcode("9000").expect("a place");
    let viewer = Viewer { locale: Locale::new(Language::Nl), place, client: None };
    let mut card = Card::new("one".to_owned(), "note".to_owned(), CardWidth::Narrow);
    card.settings.insert("text".to_owned(), "Sleutel bij Miet\ntot vrijdag".to_owned());
    for policy in [CachePolicy::Refresh, CachePolicy::StaleWhileRevalidate, CachePolicy::Stored] {
        let drawn = service.card(&catalogue, &card, &viewer, policy).await;
        let view_model = &drawn.view_model;
        assert_eq!(view_model.state, CardState::Fresh);
        assert_eq!(view_model.sample, None, "although samples stand for the services");
        let text = "Sleutel bij Miet\ntot vrijdag";
        let blocks = &view_model.blocks;
        assert!(
            matches!(&blocks[..], [BlockViewModel::Text { text: shown }] if shown.text == text),
            "{blocks:?}"
        );
        let source = &view_model.source;
        assert_eq!(source.publisher, "Dit staat alleen op je eigen pagina");
        assert_eq!((source.url.as_str(), source.licence.as_str()), ("", ""));
        assert_eq!(source.moment, None);
        assert_eq!(view_model.refresh_after_secs, u32::MAX);
    }
    service.cache.run_pending_tasks();
    service.evaluations.run_pending_tasks();
    assert_eq!((service.cache.entry_count(), service.evaluations.entry_count()), (0, 0));
}
