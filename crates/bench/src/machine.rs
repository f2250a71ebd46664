//! A description of the machine, for reports.

use std::fs::read_to_string;
use std::process::Command;

/// Processor, memory, kernel and compiler, in one line.
pub fn machine() -> String {
    let field = |file: &str, name: &str| {
        let text = read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned();
        line.split_once(':').map_or_else(String::new, |(_, value)| value.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kilobytes = field("/proc/meminfo", "MemTotal");
    let kilobytes: u64 =
        kilobytes.split_whitespace().next().and_then(|it| it.parse().ok()).unwrap_or_default();
    let kernel = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let compiler = Command::new("rustc").arg("--version").output();
    let compiler = compiler.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    format!(
        "{cores} × {}, {:.0} GB of memory, Linux {}, {}",
        field("/proc/cpuinfo", "model name"),
        kilobytes as f64 / 1024.0 / 1024.0,
        kernel.trim(),
        compiler.unwrap_or_default(),
    )
}
