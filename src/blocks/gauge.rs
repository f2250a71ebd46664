//! A figure within its range: the fanlight over the door, one pane for each step, lit as far as the
//! figure goes. The drawing is hidden from screen readers, which get the figure and its range.

use super::draw_note;
use crate::markup::{Element, html, svg};
use crate::view_model::GaugeViewModel;

/// Half a circle, from left to right: its stroke is as wide as a pane is high.
const ARCH: &str = "M21 75A54 54 0 0 1 129 75";

pub(super) fn draw(gauge: GaugeViewModel) -> Element {
    let tone = gauge.tone.filter(|_| gauge.note.is_some());
    let fanlight = svg("svg")
        .with("viewBox", "0 0 150 78")
        .with("aria-hidden", "true")
        .child(draw_panes(gauge.steps, gauge.steps, "panes"))
        .children((gauge.lit > 0).then(|| draw_panes(gauge.lit, gauge.steps, "panes lit")));
    let words = html("p")
        .child(html("span").words(gauge.label))
        .space()
        .child(html("b").text(gauge.value))
        .space()
        .children(
            (!gauge.unit.is_empty()).then(|| html("span").with("dir", "auto").text(gauge.unit)),
        )
        .space()
        .children(draw_note(gauge.note))
        .space()
        .child(html("small").text(gauge.scale));
    html("div").class("gauge").with_some("data-tone", tone).child(fanlight).child(words)
}

/// The first `count` of the panes. A pane is a dash of the arch: nine parts and a bar of one.
fn draw_panes(count: u8, steps: u8, class: &'static str) -> Element {
    let length = u16::from(steps) * 10 - 1;
    let mut dashes = "9 1 ".repeat(usize::from(count.min(steps)));
    dashes.push_str("0 999");
    svg("path")
        .class(class)
        .with("d", ARCH)
        .with("pathLength", length.to_string())
        .with("stroke-dasharray", dashes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::Html;
    use crate::view_model::LocalizedText;

    fn drawn(steps: u8, lit: u8) -> String {
        let words = |text: &str| LocalizedText { text: text.to_owned(), lang: None };
        Html::of(&[draw(GaugeViewModel {
            label: words("Waterpeil"),
            value: "342".to_owned(),
            unit: "cm".to_owned(),
            note: Some(words("gewoon")),
            scale: "op een schaal van 100 tot 500 cm".to_owned(),
            steps,
            lit,
            tone: Some("good".to_owned()),
        })])
        .as_str()
        .to_owned()
    }

    #[test]
    fn a_gauge_has_a_pane_for_each_step_and_says_its_figure() {
        let html = drawn(8, 5);
        assert_eq!(html.matches("9 1 ").count(), 13, "{html}");
        assert!(html.contains("pathLength=\"79\""), "{html}");
        assert!(html.contains("<svg viewBox=\"0 0 150 78\" aria-hidden=\"true\">"), "{html}");
        assert!(html.contains("<b>342</b>"), "{html}");
        assert!(html.contains("<small>op een schaal van 100 tot 500 cm</small>"), "{html}");
    }

    #[test]
    fn a_gauge_at_its_low_end_has_no_lit_pane() {
        assert!(!drawn(8, 0).contains("lit"));
        assert_eq!(drawn(2, 200).matches("9 1 ").count(), 4);
    }
}
