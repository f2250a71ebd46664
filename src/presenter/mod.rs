//! From a view to a face: every date, number and state put into the citizen's words.

mod blocks;
mod errors;
mod folded;
mod places;
mod series;
mod text;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use voordeur_widget_api::{Manifest, Phrase, View};

pub use blocks::faces_of_blocks;
pub use errors::{failure_in_words, field_problem_in_words, found_in_words};
pub use folded::folded;
pub use text::text_of;

use crate::locale::Locale;
use crate::view_model::{CardState, CardViewModel, SourceViewModel, TimeViewModel, Words};

/// When, where and for whom something is presented.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The citizen's language.
    pub locale: Locale,
    /// The zone of the place.
    pub zone: &'a TimeZone,
    /// The moment that counts as now.
    pub now: Timestamp,
}

impl Context<'_> {
    /// Words, marked with their language when it is not the citizen's.
    pub fn words(&self, phrase: &Phrase) -> Words {
        let other = phrase.language.filter(|language| *language != self.locale.language);
        Words { text: phrase.text.clone(), lang: other.map(|language| language.tag().to_owned()) }
    }

    /// A moment of data.
    pub fn moment_of_data(&self, at: Timestamp) -> TimeViewModel {
        TimeViewModel {
            datetime: at.to_string(),
            text: self.locale.moment_of_data(at, self.now, self.zone),
        }
    }
}

/// What a card shows, apart from its widget.
pub struct CardStatus<'a> {
    /// What the card is.
    pub state: CardState,
    /// What is the matter.
    pub notice: Option<String>,
    /// The view, when there is one.
    pub view: Option<&'a View>,
    /// When the data was fetched, when there is some.
    pub fetched: Option<Timestamp>,
    /// Whether it is a sample.
    pub sample: bool,
    /// Seconds until it is worth asking again.
    pub again_in: u32,
}

/// The face of a card.
pub fn view_model(
    manifest: &Manifest,
    showing: &CardStatus<'_>,
    context: &Context<'_>,
) -> CardViewModel {
    let locale = context.locale;
    let view = showing.view;
    let mut remarks: Vec<Words> = view
        .map(|view| view.notices.iter().map(|phrase| context.words(phrase)).collect())
        .unwrap_or_default();
    if let Some(omitted) = view.map(|view| view.omitted).filter(|count| *count > 0) {
        let count = i64::try_from(omitted).unwrap_or(i64::MAX);
        let text = locale.say_with("remark-left-out", &[("count", count.into())]);
        remarks.push(Words { text, lang: None });
    }
    let moment = view.and_then(|view| view.moment).or(showing.fetched);
    let page = view.and_then(|view| view.page.clone());
    CardViewModel {
        widget: manifest.id.clone(),
        theme: manifest.theme.id().to_owned(),
        icon: manifest.icon.clone(),
        title: manifest.name.get(locale.language).to_owned(),
        about: view.and_then(|view| view.about.as_ref()).map(|about| context.words(about)),
        state: showing.state,
        sample: (showing.sample && view.is_some()).then(|| {
            let today = context.now.to_zoned(context.zone.clone()).date();
            locale.say_with("sample", &[("moment", locale.day_in_full(today).into())])
        }),
        notice: showing.notice.clone(),
        remarks,
        blocks: view.map(|view| faces_of_blocks(view, context)).unwrap_or_default(),
        source: SourceViewModel {
            publisher: manifest.publisher.name.clone(),
            licence: manifest.licence.name.clone(),
            attribution: manifest
                .attribution
                .as_ref()
                .map(|attribution| attribution.get(locale.language).to_owned()),
            url: page.unwrap_or_else(|| manifest.publisher.url.clone()),
            link_text: locale.say("source-link"),
            moment: moment.map(|moment| context.moment_of_data(moment)),
        },
        again_in: showing.again_in,
    }
}
