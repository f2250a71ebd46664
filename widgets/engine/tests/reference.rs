//! The reference in `docs/WIDGETS.md` is up to date. `make views` regenerates it.

use std::path::Path;

use voordeur_engine::reference;

#[test]
fn the_reference_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/WIDGETS.md");
    let page = std::fs::read_to_string(&path).expect("the guide");
    let written = reference::written_into(&page);
    let written = written.unwrap_or_else(|part| panic!("the guide has no marks for `{part}`"));
    if std::env::var_os("VOORDEUR_STORE").is_some() {
        std::fs::write(&path, &written).expect("the guide can be written");
        return;
    }
    assert!(page == written, "docs/WIDGETS.md is out of date: run `make views`");
}
