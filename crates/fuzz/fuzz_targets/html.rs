#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| voordeur_fuzz::run("html", bytes));
