//! `voordeur-bindgen MODULE.wasm NAME OUT_DIR` writes `NAME.js` and `NAME_bg.wasm`.
//!
//! The command `wasm-bindgen` would do the same, but installing it builds a web server, a WebDriver
//! client and a TLS library that only its test runner needs. As a member of the workspace, this
//! program also gets its version from `Cargo.lock` and needs no install step.

use std::env;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [module, name, out_dir] = arguments.as_slice() else {
        eprintln!("usage: voordeur-bindgen MODULE.wasm NAME OUT_DIR");
        return ExitCode::from(2);
    };
    let mut bindgen = Bindgen::new();
    let written = bindgen
        .input_path(module)
        .out_name(name)
        .web(true)
        // The module finds its WASM beside itself, as the default of the command is.
        .and_then(|bindgen| bindgen.omit_default_module_path(false).generate(out_dir));
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("voordeur-bindgen: {module}: {error:#}");
            ExitCode::FAILURE
        }
    }
}
