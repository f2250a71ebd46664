//! The signs of the weather, from Lucide <https://lucide.dev> 1.62.0, on a grid of 24 by 24; the paths
//! of a sign are one here. The licence is in `LICENSE-lucide.txt`.
//!
//! They are drawn in place, not by the sprite of the page: a refreshed card may bring a sign that
//! the page did not have.

use voordeur_widget_api::WeatherSign;

use crate::markup::{Element, svg};

/// The `<svg>` of a sign. It is decoration: a text next to it has the meaning.
pub fn draw(sign: WeatherSign) -> Element {
    svg("svg")
        .class("i")
        .with("viewBox", "0 0 24 24")
        .with("aria-hidden", "true")
        .with("data-sign", <&'static str>::from(sign))
        .child(svg("path").with("d", shape(sign)))
}

#[rustfmt::skip]
fn shape(sign: WeatherSign) -> &'static str {
    match sign {
        // sun
        WeatherSign::Clear => "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0M12 2v2M12 20v2M4.93 4.93l1.41 1.41M17.66 17.66l1.41 1.41M2 12h2M20 12h2M6.34 17.66l-1.41 1.41M19.07 4.93l-1.41 1.41",
        // cloud-sun
        WeatherSign::PartlyCloudy => "M12 2v2M4.93 4.93l1.41 1.41M20 12h2M19.07 4.93l-1.41 1.41M15.947 12.65a4 4 0 0 0-5.925-4.128M13 22H7a5 5 0 1 1 4.9-6H13a3 3 0 0 1 0 6Z",
        // cloudy
        WeatherSign::Cloudy => "M17.5 12a1 1 0 1 1 0 9H9.006a7 7 0 1 1 6.702-9zM21.832 9A3 3 0 0 0 19 7h-2.207a5.5 5.5 0 0 0-10.72.61",
        // cloud-fog
        WeatherSign::Fog => "M4 14.899A7 7 0 1 1 15.71 8h1.79a4.5 4.5 0 0 1 2.5 8.242M16 17H7M17 21H9",
        // cloud-drizzle
        WeatherSign::Drizzle => "M4 14.899A7 7 0 1 1 15.71 8h1.79a4.5 4.5 0 0 1 2.5 8.242M8 19v1M8 14v1M16 19v1M16 14v1M12 21v1M12 16v1",
        // cloud-rain
        WeatherSign::Rain => "M4 14.899A7 7 0 1 1 15.71 8h1.79a4.5 4.5 0 0 1 2.5 8.242M16 14v6M8 14v6M12 16v6",
        // cloud-sun-rain
        WeatherSign::Showers => "M12 2v2M4.93 4.93l1.41 1.41M20 12h2M19.07 4.93l-1.41 1.41M15.947 12.65a4 4 0 0 0-5.925-4.128M3 20a5 5 0 1 1 8.9-4H13a3 3 0 0 1 2 5.24M11 20v2M7 19v2",
        // cloud-hail
        WeatherSign::Sleet => "M4 14.899A7 7 0 1 1 15.71 8h1.79a4.5 4.5 0 0 1 2.5 8.242M16 14v2M8 14v2M16 20h.01M8 20h.01M12 16v2M12 22h.01",
        // cloud-snow
        WeatherSign::Snow | WeatherSign::SnowShowers => "M4 14.899A7 7 0 1 1 15.71 8h1.79a4.5 4.5 0 0 1 2.5 8.242M8 15h.01M8 19h.01M12 17h.01M12 21h.01M16 15h.01M16 19h.01",
        // cloud-lightning
        WeatherSign::Thunder => "M6 16.326A7 7 0 1 1 15.71 8h1.79a4.5 4.5 0 0 1 .5 8.973M13 12l-3 5h4l-3 5",
        // wind
        WeatherSign::Wind => "M12.8 19.6A2 2 0 1 0 14 16H2M17.5 8a2.5 2.5 0 1 1 2 4H2M9.8 4.4A2 2 0 1 1 11 8H2",
    }
}
