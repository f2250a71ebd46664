//! Finds the folders of the catalogue and embeds them, so that adding a widget is adding a folder.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let catalogue = Path::new(&root).join("catalogue");
    println!("cargo::rerun-if-changed={}", catalogue.display());

    let mut code = String::from("pub const FOLDERS: &[Folder] = &[\n");
    for folder in sorted(&catalogue)? {
        let manifest = folder.join("widget.toml");
        if !manifest.is_file() {
            continue;
        }
        let id = name(&folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        let samples_folder = folder.join("samples");
        println!("cargo::rerun-if-changed={}", samples_folder.display());
        let mut samples = String::new();
        if samples_folder.is_dir() {
            for sample in sorted(&samples_folder)? {
                let _ = write!(samples, "({:?}, include_bytes!({:?})), ", name(&sample), sample);
            }
        }
        let tier = folder.join("tier");
        let tier =
            if tier.is_file() { format!("include_str!({tier:?})") } else { "\"\"".to_owned() };
        let _ = writeln!(
            code,
            "    Folder {{ id: {id:?}, manifest: include_str!({manifest:?}), tier: {tier}, samples: &[{samples}] }},"
        );
    }
    code.push_str("];\n");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("folders.rs"), code)
}

fn sorted(folder: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let mut entries = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
