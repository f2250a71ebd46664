//! From a widget's view to the view model: every date, number and state becomes text in the
//! citizen's language.

mod blocks;
mod departures;
mod errors;
mod fold;
mod forecast;
mod gauge;
mod places;
mod plain_text;
mod series;
mod shown_zone;
mod today;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use voordeur_shared::lanes::RowsByWidth;
use voordeur_widget_api::{Manifest, Phrase, Publisher, View};

pub use blocks::present_blocks;
pub use errors::{describe_fetch_error, describe_field_error, describe_match_count};
pub use fold::fold_card;
pub use plain_text::to_plain_text;
pub use today::today_facts;

use crate::locale::Locale;
use crate::view_model::{CardState, CardViewModel, LocalizedText, SourceViewModel, TimeViewModel};

/// The language, time zone and time for which something is presented.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub locale: Locale,
    /// The citizen's time zone.
    pub zone: &'a TimeZone,
    pub now: Timestamp,
}

impl Context<'_> {
    /// A phrase, marked with its language if that is not the citizen's.
    pub fn words(&self, phrase: &Phrase) -> LocalizedText {
        let language = phrase.language.as_ref();
        let other = language.filter(|language| !language.is(self.locale.language));
        LocalizedText { text: phrase.text.clone(), lang: other.map(|tag| tag.to_string()) }
    }

    pub fn moment_of_data(&self, at: Timestamp) -> TimeViewModel {
        TimeViewModel {
            datetime: at.to_string(),
            text: self.locale.moment_of_data(at, self.now, self.zone),
        }
    }
}

/// The state of a card, apart from its widget.
pub struct CardStatus<'a> {
    pub state: CardState,
    pub notice: Option<String>,
    pub view: Option<&'a View>,
    pub fetched: Option<Timestamp>,
    pub sample: bool,
    /// Seconds until the next refresh.
    pub refresh_after_secs: u32,
}

/// The view model of a card.
pub fn present(
    manifest: &Manifest,
    status: &CardStatus<'_>,
    context: &Context<'_>,
) -> CardViewModel {
    let locale = context.locale;
    let view = status.view;
    let citizens = context;
    let context = &Context { zone: manifest.shown_zone(citizens.zone), ..*citizens };
    let times = view.and_then(|view| shown_zone::times_of(view, citizens, context.zone));
    #[cfg(test)]
    if let Some(about) = view.and_then(|view| view.about.as_ref()) {
        crate::planted::check("the presenter", &about.text);
    }
    let mut remarks: Vec<LocalizedText> = view
        .map(|view| view.notices.iter().map(|phrase| context.words(phrase)).collect())
        .unwrap_or_default();
    if let Some(omitted) = view.map(|view| view.omitted).filter(|count| *count > 0) {
        let count = i64::try_from(omitted).unwrap_or(i64::MAX);
        let text = locale.say_with("remark-left-out", &[("count", count.into())]);
        remarks.push(LocalizedText { text, lang: None });
    }
    let moment = view.and_then(|view| view.moment).or(status.fetched);
    let moment = moment.filter(|_| manifest.has_service());
    // All times of a card are of one zone.
    let source_context = if times.is_some() { context } else { citizens };
    let page = view.and_then(|view| view.page.clone());
    let today = view.map(|view| today_facts(view, status.state, citizens, context.zone));
    let publisher = manifest.publisher.name.clone();
    let (publisher, licence) = match manifest.reads_own_address() {
        _ if manifest.own => (locale.say("own-source"), String::new()),
        _ if manifest.links_only => (locale.say("links-source"), String::new()),
        true => {
            let site = page.as_deref().and_then(Publisher::of_url).map(|site| site.name);
            (site.unwrap_or(publisher), locale.say("own-licence"))
        }
        false => (publisher, manifest.licence.name.clone()),
    };
    CardViewModel {
        widget: manifest.id.clone(),
        theme: manifest.theme.id().to_owned(),
        icon: manifest.icon.clone(),
        title: manifest.name.get(locale.language).to_owned(),
        about: view.and_then(|view| view.about.as_ref()).map(|about| context.words(about)),
        state: status.state,
        has_service: manifest.has_service(),
        sample: (status.sample && view.is_some()).then(|| {
            let today = context.now.to_zoned(context.zone.clone()).date();
            locale.say_with("sample", &[("moment", locale.day_in_full(today).into())])
        }),
        notice: status.notice.clone(),
        remarks,
        times,
        blocks: view.map(|view| present_blocks(view, context)).unwrap_or_default(),
        today: today.unwrap_or_default(),
        source: SourceViewModel {
            publisher,
            licence,
            attribution: manifest
                .attribution
                .as_ref()
                .map(|attribution| attribution.get(locale.language).to_owned()),
            url: page.unwrap_or_else(|| manifest.publisher.url.clone()),
            link_text: locale.say("source-link"),
            moment: moment.map(|moment| source_context.moment_of_data(moment)),
        },
        rows: RowsByWidth::default(),
        refresh_after_secs: status.refresh_after_secs,
    }
}

#[cfg(test)]
mod tests {
    use voordeur_engine::{Catalogue, SampleRun};
    use voordeur_widget_api::Language;

    use super::*;
    use crate::cards::ZONE;

    #[test]
    fn the_source_of_an_own_address_is_its_site() {
        let zone = TimeZone::get(ZONE).expect("the zone is bundled");
        let (catalogue, _) = Catalogue::embedded();
        let mut own = 0;
        for widget in catalogue.all() {
            let sample = widget.samples().first().expect("a sample");
            if !widget.manifest().reads_own_address() {
                continue;
            }
            own += 1;
            let manifest = widget.manifest().for_settings(&sample.settings);
            let address = sample.settings.values().find_map(|value| Publisher::of_url(value));
            let site = address.expect("an address");
            let mut licences = Vec::new();
            for language in Language::ALL {
                let view = SampleRun::new(widget.as_ref(), sample, language, &zone).view.ok();
                let status = CardStatus {
                    state: CardState::Fresh,
                    notice: None,
                    view: view.as_ref(),
                    fetched: None,
                    sample: false,
                    refresh_after_secs: 0,
                };
                let locale = Locale::new(language);
                let context = Context { locale, zone: &zone, now: sample.moment };
                let source = present(&manifest, &status, &context).source;
                assert_eq!(source.publisher, site.name, "{}", manifest.id);
                assert!(source.url.starts_with(&site.url), "{}: {}", manifest.id, source.url);
                assert!(!licences.contains(&source.licence), "{}", source.licence);
                licences.push(source.licence);
            }
        }
        assert!(own >= 3, "{own}");
    }
}
