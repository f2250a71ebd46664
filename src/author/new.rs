use std::fs;
use std::path::Path;

use jiff::Timestamp;
use voordeur_widgets::draft::draft;

/// In characters; ids stand in addresses and forms.
const LONGEST_ID: usize = 40;
/// No answer larger than this is read from a file, as none is read from a service.
const LARGEST_ANSWER: u64 = 16_000_000;

/// Makes the folder of a new widget.
pub fn start(name: &str, from: &Path, url: &str, into: &Path) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > LONGEST_ID || !name.chars().all(fits) {
        return Err(format!(
            "NAME `{name}`: must be lower-case letters, digits and hyphens, at most {LONGEST_ID}"
        ));
    }
    let of_file = |error: std::io::Error| format!("--from {}: {error}", from.display());
    if fs::metadata(from).map_err(of_file)?.len() > LARGEST_ANSWER {
        return Err(format!("--from {}: larger than {LARGEST_ANSWER} bytes", from.display()));
    }
    let answer = fs::read(from).map_err(of_file)?;
    let files = draft(url, &answer, Timestamp::now())
        .map_err(|problem| format!("--from {} --url {url}: {problem}", from.display()))?;

    let folder = into.join(name);
    let of_folder = |error: std::io::Error| format!("--into {}: {error}", folder.display());
    fs::create_dir_all(into).map_err(of_folder)?;
    // Fails when it is there: nobody's work is written over.
    fs::create_dir(&folder).map_err(of_folder)?;
    fs::create_dir(folder.join("samples")).map_err(of_folder)?;
    let mut told = format!("Made {}:\n", folder.display());
    for (path, content) in &files {
        fs::write(folder.join(path), content).map_err(of_folder)?;
        told.push_str(&format!("  {path}\n"));
    }
    told.push_str(
        "Next: write what is marked TODO in widget.toml, and write samples of your own in place of the answer.\n\
         Then `voordeur widget check` says what is still wrong, and with `--store` stores what the samples show.",
    );
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("voordeur-{name}-{}", std::process::id()));
        // It is there only when an earlier run was cut off.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    #[test]
    fn a_folder_is_made_once_and_never_written_over() {
        let folder = folder("new-widget");
        let answer = folder.join("answer.json");
        let events = r#"{"events": [{"title": "Fair", "date": "2026-12-01"}, {"title": "Market", "date": "2026-12-02"}]}"#;
        fs::write(&answer, events).expect("written");
        let start = || start("town-events", &answer, "https://town.example/events.json", &folder);
        let told = start().expect("a folder");
        assert!(told.contains("widget.toml") && told.contains("samples/normal.json"), "{told}");
        let manifest = fs::read_to_string(folder.join("town-events/widget.toml"));
        let manifest = manifest.expect("a manifest");
        assert!(manifest.contains("TODO") && manifest.contains("town.example"), "{manifest}");
        let again = start().expect_err("it is there");
        assert!(again.starts_with("--into "), "{again}");
        fs::remove_dir_all(&folder).expect("removed");
    }

    #[test]
    fn a_mistake_names_its_argument() {
        let folder = folder("new-mistakes");
        let answer = folder.join("answer.txt");
        fs::write(&answer, "no answer").expect("written");
        let try_to = |name, from: &Path| start(name, from, "https://a.example/x", &folder);
        let wrong_name = try_to("../up", &answer).expect_err("a wrong name");
        assert!(wrong_name.starts_with("NAME `../up`"), "{wrong_name}");
        let no_file = try_to("a", &folder.join("absent")).expect_err("no file");
        assert!(no_file.starts_with("--from "), "{no_file}");
        let no_tree = try_to("a", &answer).expect_err("no tree");
        assert!(no_tree.contains("cannot be read"), "{no_tree}");
        assert!(!folder.join("a").exists());
        fs::remove_dir_all(&folder).expect("removed");
    }
}
