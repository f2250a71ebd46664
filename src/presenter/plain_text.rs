//! A view model as plain text, for a terminal or anything else without markup.

use std::fmt::Write as _;

use crate::view_model::{
    AlertViewModel, BlockViewModel, CardViewModel, DayViewModel, DepartureViewModel, FactViewModel,
    GaugeViewModel, LinkViewModel, ListItemViewModel, LocalizedText, MomentViewModel,
    PlaceViewModel, PlacesViewModel, SeriesViewModel, TableViewModel,
};

/// A card as text: title, notice, blocks, remarks and source.
pub fn to_plain_text(view_model: &CardViewModel) -> String {
    let about = view_model.about.as_ref().map(|about| format!(" — {}", about.text));
    let title = format!("{}{}", view_model.title, about.unwrap_or_default());
    let mut parts = vec![format!("{title}\n{}", "=".repeat(title.chars().count()))];
    parts.extend(view_model.notice.iter().map(|notice| format!("({notice})")));
    parts.extend(view_model.blocks.iter().map(block));
    parts.extend(view_model.remarks.iter().map(|remark| format!("* {}", remark.text)));
    parts.extend(view_model.times.iter().map(|times| format!("* {times}")));
    let source = &view_model.source;
    let moment = source.moment.as_ref().map(|moment| format!("{} · ", moment.text));
    let moment = moment.unwrap_or_default();
    let sample = view_model.sample.as_ref().map(|sample| format!("{sample}\n")).unwrap_or_default();
    let said = [&source.publisher, &source.licence, &source.url].map(String::as_str);
    let said: Vec<&str> = said.into_iter().filter(|said| !said.is_empty()).collect();
    parts.push(format!("{sample}{moment}{}", said.join(" · ")));
    parts.join("\n\n") + "\n"
}

fn block(block: &BlockViewModel) -> String {
    match block {
        BlockViewModel::Text { text }
        | BlockViewModel::Empty { text }
        | BlockViewModel::Further { text, .. } => text.text.clone(),
        BlockViewModel::Facts { facts } => lines(facts.iter().map(fact)),
        BlockViewModel::List { items } => lines(items.iter().map(item)),
        BlockViewModel::Departures { departures } => lines(departures.iter().map(departure)),
        BlockViewModel::Moments { moments } => lines(moments.iter().map(moment)),
        BlockViewModel::Series(view_model) => series(view_model),
        BlockViewModel::Days(view_model) => lines(view_model.rows.iter().map(forecast_day)),
        BlockViewModel::Gauge(view_model) => gauge(view_model),
        BlockViewModel::Links { links } => lines(links.iter().map(link)),
        BlockViewModel::Table(view_model) => table(view_model),
        BlockViewModel::Alert(view_model) => alert(view_model),
        BlockViewModel::Places(view_model) => places(view_model),
    }
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

/// An item on a line, with its details indented under it.
fn item_with_details(first: String, more: &[Option<String>]) -> String {
    let mut text = first;
    for line in more.iter().flatten().filter(|line| !line.is_empty()) {
        let _ = write!(text, "\n    {line}");
    }
    text
}

fn optional_text(words: &Option<LocalizedText>) -> Option<String> {
    words.as_ref().map(|words| words.text.clone())
}

/// The parts that are present, joined.
fn joined(parts: impl IntoIterator<Item = Option<String>>) -> String {
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

pub(super) fn fact(fact: &FactViewModel) -> String {
    let space = if fact.unit.is_empty() { "" } else { " " };
    let share = fact.share.map(|share| format!("{share} %"));
    let more = joined([share, optional_text(&fact.note)]);
    item_with_details(
        format!("{}: {}{space}{}", fact.label.text, fact.value.text, fact.unit),
        &[Some(more)],
    )
}

pub(super) fn item(item: &ListItemViewModel) -> String {
    let when = item.when.as_ref().map(|when| when.text.clone());
    item_with_details(
        format!("- {}", item.title.text),
        &[
            Some(joined([optional_text(&item.tag), when])),
            optional_text(&item.note),
            item.link.clone(),
        ],
    )
}

pub(super) fn departure(departure: &DepartureViewModel) -> String {
    let news = departure.cancelled.clone().or_else(|| departure.late.clone());
    let line =
        [Some(departure.to.text.clone()), departure.line.clone(), departure.platform.clone(), news];
    let leg = departure.leg.as_ref();
    let ride = leg.map(|leg| joined([Some(leg.summary.clone()), leg.changes.clone()]));
    let details = [ride, departure.arrives.clone()];
    item_with_details(format!("{:>6}  {}", departure.time.text, joined(line)), &details)
}

fn forecast_day(row: &DayViewModel) -> String {
    let weather = (!row.weather.is_empty()).then(|| row.weather.clone());
    let degrees = format!("{} – {}", row.low, row.high);
    format!("{:>8}  {}", row.day.text, joined([Some(degrees), weather, row.rain.clone()]))
}

pub(super) fn gauge(gauge: &GaugeViewModel) -> String {
    let space = if gauge.unit.is_empty() { "" } else { " " };
    item_with_details(
        format!("{}: {}{space}{}", gauge.label.text, gauge.value, gauge.unit),
        &[optional_text(&gauge.note), Some(gauge.scale.clone())],
    )
}

pub(super) fn link(link: &LinkViewModel) -> String {
    let details = [optional_text(&link.note), link.link.clone()];
    item_with_details(format!("- {}", link.title.text), &details)
}

pub(super) fn moment(moment: &MomentViewModel) -> String {
    item_with_details(
        format!("- {}: {}", moment.spoken, moment.title.text),
        &[Some(moment.when.clone()), optional_text(&moment.note), moment.link.clone()],
    )
}

fn series(series: &SeriesViewModel) -> String {
    let mut text = format!("{}\n{}", series.label.text, series.summary);
    for (moment, value) in &series.rows {
        let _ = write!(text, "\n  {:<24}  {value}", moment.text);
    }
    text
}

fn table(table: &TableViewModel) -> String {
    let heads: Vec<String> = table.columns.iter().map(|words| words.text.clone()).collect();
    let body = table.rows.iter().map(|row| {
        let cells = row.cells.iter().map(|(words, _)| words.text.clone());
        std::iter::once(row.head.text.clone()).chain(cells).collect::<Vec<_>>()
    });
    let rows: Vec<Vec<String>> = std::iter::once(heads).chain(body).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns)
        .map(|at| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max())
        .map(Option::unwrap_or_default)
        .collect();
    lines(rows.iter().map(|row| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    }))
}

fn alert(alert: &AlertViewModel) -> String {
    item_with_details(
        format!("! {} {}", alert.word, alert.title.text),
        &[
            Some(joined([optional_text(&alert.area), alert.when.clone()])),
            optional_text(&alert.text),
            alert.link.clone(),
        ],
    )
}

fn places(places: &PlacesViewModel) -> String {
    lines(places.places.iter().enumerate().map(|(at, one)| place(at + 1, one)))
}

fn place(number: usize, place: &PlaceViewModel) -> String {
    item_with_details(
        format!("{number}. {}", place.title.text),
        &[
            Some(joined([optional_text(&place.tag), Some(place.when.clone())])),
            optional_text(&place.note),
            place.link.clone(),
        ],
    )
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use voordeur_engine::{Catalogue, SampleRun};
    use voordeur_widget_api::{Language, Widget};

    use super::*;
    use crate::cards::ZONE;
    use crate::locale::Locale;
    use crate::presenter::{CardStatus, Context, present};
    use crate::view_model::CardState;

    fn view_model_of(widget: &dyn Widget) -> CardViewModel {
        let zone = TimeZone::get(ZONE).expect("the zone is bundled");
        let sample = widget.samples().first().expect("a sample");
        let view = SampleRun::new(widget, sample, Language::Nl, &zone).view.expect("a view");
        let status = CardStatus {
            state: CardState::Fresh,
            notice: None,
            view: Some(&view),
            fetched: None,
            sample: true,
            refresh_after_secs: 0,
        };
        let now = sample.moment;
        let context = Context { locale: Locale::new(Language::Nl), zone: &zone, now };
        present(widget.manifest(), &status, &context)
    }

    #[test]
    fn every_block_of_every_widget_has_a_text_form() {
        let (catalogue, _) = Catalogue::embedded();
        for widget in catalogue.all() {
            let view_model = view_model_of(widget.as_ref());
            let text = to_plain_text(&view_model);
            let id = &widget.manifest().id;
            assert!(text.starts_with(&view_model.title), "{id}: {text}");
            assert!(text.contains(&view_model.source.publisher), "{id}: {text}");
            assert!(
                view_model.blocks.iter().all(|one| !block(one).trim().is_empty()),
                "{id}: {text}"
            );
            assert!(!text.contains("Some("), "{id}: {text}");
        }
    }

    #[test]
    fn departures_and_facts_have_a_readable_text_form() {
        let (catalogue, _) = Catalogue::embedded();
        let text = |id: &str| {
            to_plain_text(&view_model_of(catalogue.get(id).expect("it is there").as_ref()))
        };
        let trains = text("train-departures");
        assert!(trains.contains("\n  7.40  Brussel-Zuid · S1 1958 · spoor 2\n"), "{trains}");
        let air = text("air-quality");
        assert!(air.contains("µg/m³"), "{air}");
    }
}
