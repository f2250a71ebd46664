//! Links the server with packed relative relocations (`DT_RELR`), which Debian 12 and all with glibc
//! 2.36 or later load: 1.6 MB of them are then no part of the memory of a server. Linkers that do
//! not know the option ignore it.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is = |key: &str, value: &str| std::env::var(key).is_ok_and(|known| known == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}
