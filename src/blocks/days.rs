//! A forecast: a table with a row for each day. The bars are on one scale; they are decoration, and
//! the figures beside them say the same.

use super::draw_time;
use crate::icons::weather;
use crate::markup::{Element, html, svg};
use crate::view_model::{DayViewModel, DaysViewModel};

pub(super) fn draw(days: DaysViewModel) -> Element {
    let heads = days.columns.into_iter().map(|column| html("th").with("scope", "col").text(column));
    html("table")
        .class("days")
        .child(html("caption").class("vh").text(days.summary))
        .child(html("thead").class("vh").child(html("tr").children(heads)))
        .child(html("tbody").children(days.rows.into_iter().map(draw_day)))
}

fn draw_day(row: DayViewModel) -> Element {
    let day = html("th")
        .with("scope", "row")
        .child(html("span").with("aria-hidden", "true").child(draw_time(row.day)))
        .child(html("span").class("vh").text(row.full_day));
    let sky = html("td")
        .class("sky")
        .children(row.sign.map(weather::draw))
        .child(html("span").text(row.weather));
    let high =
        html("td").class("high").child(draw_bar(row.bar, row.now)).child(html("b").text(row.high));
    html("tr")
        .child(day)
        .child(sky)
        .child(html("td").class("rain").children(row.rain.map(|rain| html("span").text(rain))))
        .child(html("td").class("low").text(row.low))
        .child(high)
}

/// The bar from the lowest to the highest temperature, and a dot for that of now. Lines of no length
/// are dots, which are round in whatever width the drawing is stretched to.
fn draw_bar((low, high): (u8, u8), now: Option<u8>) -> Element {
    let line = |class: &'static str, from: u8, to: u8| {
        svg("path")
            .class(class)
            .with("d", format!("M{from} 5H{}", to.max(from)))
            .with("vector-effect", "non-scaling-stroke")
    };
    svg("svg")
        .with("viewBox", "0 0 100 10")
        .with("preserveAspectRatio", "none")
        .with("aria-hidden", "true")
        .child(line("scale", 0, 100))
        .child(line("span", low, high))
        .children(now.map(|now| line("now", now, now)))
}

#[cfg(test)]
mod tests {
    use voordeur_widget_api::WeatherSign;

    use super::*;
    use crate::markup::Html;
    use crate::view_model::TimeViewModel;

    #[test]
    fn a_day_says_what_its_icon_and_bar_show() {
        let row = DayViewModel {
            day: TimeViewModel { datetime: "2026-11-23".to_owned(), text: "Vandaag".to_owned() },
            full_day: "maandag 23 november 2026".to_owned(),
            sign: Some(WeatherSign::Rain),
            weather: "regen".to_owned(),
            rain: Some("6 mm".to_owned()),
            low: "4°".to_owned(),
            high: "9°".to_owned(),
            bar: (60, 100),
            now: Some(70),
        };
        let days = DaysViewModel {
            summary: "vandaag: regen".to_owned(),
            columns: ["Dag", "Weer", "Regen", "Minimum", "Maximum"].map(str::to_owned),
            rows: vec![row],
        };
        let html = Html::of(&[draw(days)]);
        let html = html.as_str();
        assert_eq!(html.matches("<th scope=\"col\">").count(), 5, "{html}");
        assert_eq!(html.matches("<td").count(), 4, "{html}");
        assert!(html.contains("<span>regen</span>"), "{html}");
        assert!(html.contains("d=\"M60 5H100\""), "{html}");
        assert!(html.contains("d=\"M70 5H70\""), "{html}");
        assert_eq!(html.matches("aria-hidden=\"true\"").count(), 3, "{html}");
    }
}
