//! A station board: time, line, destination and platform, with the delay next to the destination.
//! The next departure shows the ride, when both of its ends are known: a line from here to there.

use super::draw_time;
use crate::markup::{Element, html};
use crate::view_model::{DepartureViewModel, LegViewModel};

pub(super) fn draw(departures: Vec<DepartureViewModel>) -> Element {
    html("ol").class("departures").children(departures.into_iter().map(draw_departure))
}

fn draw_departure(mut departure: DepartureViewModel) -> Element {
    if let Some(leg) = departure.leg.take() {
        return draw_ride(departure, leg);
    }
    let row = match departure.cancelled {
        Some(_) => html("li").class("gone"),
        None => html("li"),
    };
    let news = match (departure.cancelled, departure.late) {
        (Some(words), _) => Some(html("strong").class("off").text(words)),
        (None, late) => late.map(|words| html("strong").text(words)),
    };
    let to = html("span")
        .class("to")
        .child(html("span").words(departure.to))
        .space()
        .children(news)
        .space()
        .children(departure.arrives.map(|words| html("small").text(words)));
    row.child(draw_time(departure.time))
        .space()
        .children(departure.line.map(draw_line))
        .space()
        .child(to)
        .space()
        .children(departure.platform.map(draw_platform))
}

/// The ride of the next departure. Screen readers get it as a sentence; the drawing says the same.
fn draw_ride(departure: DepartureViewModel, leg: LegViewModel) -> Element {
    let (figure, unit) = match leg.minutes {
        Some(minutes) => (minutes, Some(html("span").class("unit").text("min"))),
        None => (leg.departs.clone(), None),
    };
    let figure = html("b").class("figure").text(figure);
    let soonest = html("p")
        .class("soonest")
        .child(html("span").child(figure).space().children(unit))
        .space()
        .children(departure.line.map(draw_line))
        .space()
        .child(html("span").words(leg.towards))
        .space()
        .children(departure.platform.map(draw_platform));
    let late = departure.late.map(|words| html("span").class("vh").text(words));
    let planned = leg.planned.map(|time| html("s").text(time));
    let departs = html("b").children(planned).space().child(html("span").text(leg.departs));
    let from = html("small")
        .child(html("span").words(leg.from))
        .space()
        .children(leg.late.map(|late| html("strong").text(late)));
    let ride = html("span")
        .class("ride")
        .with("aria-hidden", "true")
        .child(departs)
        .child(html("span").class("rail").child(html("i").text(leg.duration)))
        .child(html("b").text(leg.arrives))
        .child(from)
        .child(html("small").words(leg.to));
    html("li")
        .class("next")
        .child(soonest)
        .child(html("span").class("vh").text(leg.summary))
        .space()
        .children(late)
        .child(ride)
        .children(leg.changes.map(|words| html("small").text(words)))
}

fn draw_line(line: String) -> Element {
    html("b").class("line").with("dir", "auto").text(line)
}

fn draw_platform(platform: String) -> Element {
    html("span").class("platform").with("dir", "auto").text(platform)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::Html;
    use crate::view_model::{LocalizedText, TimeViewModel};

    fn words(text: &str) -> LocalizedText {
        LocalizedText { text: text.to_owned(), lang: None }
    }

    fn drawn(minutes: Option<&str>) -> String {
        let leg = LegViewModel {
            minutes: minutes.map(str::to_owned),
            towards: words("richting Nijvel"),
            departs: "7.48".to_owned(),
            planned: Some("7.42".to_owned()),
            late: Some("+6 min".to_owned()),
            arrives: "8.13".to_owned(),
            duration: "25 min".to_owned(),
            from: words("Vilvoorde"),
            to: words("Brussel-Zuid"),
            changes: None,
            summary: "Vilvoorde 7.48, Brussel-Zuid 8.13: 25 min onderweg.".to_owned(),
        };
        let departure = DepartureViewModel {
            time: TimeViewModel { datetime: String::new(), text: "7.42".to_owned() },
            to: words("Nijvel"),
            line: Some("S1".to_owned()),
            platform: Some("spoor 2".to_owned()),
            late: Some("+6 min, verwacht 7.48".to_owned()),
            cancelled: None,
            leg: Some(leg),
            arrives: None,
        };
        Html::of(&[draw(vec![departure])]).as_str().to_owned()
    }

    #[test]
    fn a_ride_is_drawn_for_the_eye_and_said_for_screen_readers() {
        let html = drawn(Some("12"));
        let (said, shown) = html
            .split_once("<span class=\"ride\" aria-hidden=\"true\">")
            .expect("the drawing is hidden");
        for words in ["25 min onderweg", "+6 min, verwacht 7.48", "spoor 2", "richting Nijvel"] {
            assert!(said.contains(words), "{said}");
        }
        assert!(shown.contains("<s>7.42</s>"), "{shown}");
    }

    #[test]
    fn without_minutes_the_time_is_the_figure() {
        assert!(drawn(Some("12")).contains("<b class=\"figure\">12</b>"));
        let html = drawn(None);
        assert!(html.contains("<b class=\"figure\">7.48</b>"), "{html}");
        assert!(!html.contains("class=\"unit\""), "{html}");
    }
}
