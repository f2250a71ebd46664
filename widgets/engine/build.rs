//! Embeds every folder of the catalogue, so that adding a widget means adding a folder, and every
//! set of cards.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let catalogue = Path::new(&root).join("../catalogue");
    println!("cargo::rerun-if-changed={}", catalogue.display());

    let mut code = String::from("pub const PACKAGES: &[EmbeddedPackage] = &[\n");
    for package in sorted(&catalogue)? {
        let manifest = package.join("widget.toml");
        if !manifest.is_file() {
            continue;
        }
        let id = name(&package);
        println!("cargo::rerun-if-changed={}", package.display());
        let samples_folder = package.join("samples");
        // A path that is not there would make this run at every build.
        if samples_folder.is_dir() {
            println!("cargo::rerun-if-changed={}", samples_folder.display());
        }
        let mut samples = String::new();
        for (path, file) in files(&samples_folder)? {
            let _ = write!(samples, "({path:?}, include_bytes!({file:?})), ");
        }
        let tier = package.join("tier");
        let tier =
            if tier.is_file() { format!("include_str!({tier:?})") } else { "\"\"".to_owned() };
        let proof = package.join("proven.json");
        let proof =
            if proof.is_file() { format!("include_bytes!({proof:?})") } else { "b\"\"".to_owned() };
        let _ = writeln!(
            code,
            "    EmbeddedPackage {{ id: {id:?}, manifest: include_str!({manifest:?}), tier: {tier}, proof: {proof}, samples: &[{samples}] }},"
        );
    }
    code.push_str("];\n\npub const SETS: &[(&str, &str)] = &[\n");
    let sets = Path::new(&root).join("../sets");
    println!("cargo::rerun-if-changed={}", sets.display());
    for set in sorted(&sets)? {
        let file = name(&set);
        if let Some(id) = file.strip_suffix(".toml") {
            println!("cargo::rerun-if-changed={}", set.display());
            let _ = writeln!(code, "    ({id:?}, include_str!({set:?})),");
        }
    }
    code.push_str("];\n");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("packages.rs"), code)
}

/// Files of the samples folder and its subfolders, with their relative path.
fn files(package: &Path) -> io::Result<Vec<(String, std::path::PathBuf)>> {
    let mut found = Vec::new();
    if !package.is_dir() {
        return Ok(found);
    }
    for entry in sorted(package)? {
        if entry.is_dir() {
            for file in sorted(&entry)?.into_iter().filter(|file| file.is_file()) {
                found.push((format!("{}/{}", name(&entry), name(&file)), file));
            }
        } else {
            found.push((name(&entry), entry));
        }
    }
    Ok(found)
}

fn sorted(package: &Path) -> io::Result<Vec<std::path::PathBuf>> {
    let mut entries = fs::read_dir(package)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
