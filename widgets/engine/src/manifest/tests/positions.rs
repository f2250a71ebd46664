//! Positions whose latitude and longitude a service swapped.

use voordeur_widget_api::Block;

use super::*;

/// A title and its position.
type Titled = (String, (f64, f64));

/// The places on a map around Ghent, and how many positions were swapped.
fn map(covers: &str, places: serde_json::Value) -> (Vec<Titled>, usize) {
    let (places, _, swapped) = map_around("[51.05, 3.73]", covers, places);
    (places, swapped)
}

/// The same around a centre, with the greatest distance from it in kilometres.
fn map_around(centre: &str, covers: &str, places: serde_json::Value) -> (Vec<Titled>, f64, usize) {
    let text = manifest(&format!(
        "{THINGS}[view]\n[[view.block]]\nkind = \"places\"\neach = \"things\"\n\
         keep = \"distance(51.05, 3.73, item.lat, item.lon) < 9000.0\"\n\
         sort = \"distance(51.05, 3.73, item.lat, item.lon)\"\n\
         centre = \"{centre}\"\nradius = \"9000.0\"\ntitle = \"item.name\"\n\
         latitude = \"item.lat\"\nlongitude = \"item.lon\"\nempty = \"'nothing'\"\n"
    ));
    let text = text.replace("covers = \"everywhere\"", &format!("covers = {covers}"));
    let widget = ManifestWidget::read("test", &text, |_| Some(b"{}".to_vec())).expect("a widget");
    let responses = responses("things", places);
    let view = with_context(&Settings::new(), |context| widget.view(context, &responses));
    let view = view.expect("a view");
    let places = match view.blocks.as_slice() {
        [Block::Places { places, .. }] => places.as_slice(),
        [Block::Empty { .. }] => &[],
        other => panic!("{other:?}"),
    };
    let farthest = places.iter().map(|place| place.distance).fold(0.0, f64::max) / 1_000.0;
    let places = places.iter().map(|place| (place.title.text.clone(), place.position));
    (places.collect(), farthest, view.swapped)
}

#[test]
fn the_middle_of_a_map_is_swapped_as_its_places_are_and_not_counted() {
    let places = json!([{ "name": "Station", "lat": 3.7108, "lon": 51.0359 }]);
    let (places, farthest, swapped) = map_around("[3.73, 51.05]", "\"44021\"", places);
    assert_eq!((places.len(), swapped), (1, 1));
    assert!(farthest < 9.0, "{farthest}");
}

#[test]
fn a_position_that_is_covered_only_once_swapped_is_swapped_and_counted() {
    let places = json!([
        { "name": "Station", "lat": 3.7108, "lon": 51.0359 },
        { "name": "Library", "lat": 51.0487, "lon": 3.729 },
        { "name": "Brussels", "lat": 4.3517, "lon": 50.8466 },
    ]);
    let library = ("Library".to_owned(), (51.0487, 3.729));
    let station = ("Station".to_owned(), (51.0359, 3.7108));
    assert_eq!(map("\"44021\"", places.clone()), (vec![library.clone(), station], 2));
    assert_eq!(map("\"everywhere\"", places), (vec![library], 0));
}
