//! What the system knows of this process. It is read from `/proc`, which Linux has; elsewhere nothing is known.

/// Bytes of memory that are really in use.
pub fn resident_bytes() -> Option<f64> {
    status_of("VmRSS:").map(|kilobytes| kilobytes * 1024.0)
}

/// Threads.
pub fn threads() -> Option<f64> {
    status_of("Threads:")
}

/// Files, connections and whatever else has a descriptor.
pub fn open_files() -> Option<f64> {
    let open = std::fs::read_dir("/proc/self/fd").ok()?.count();
    // Looking opens one itself.
    u32::try_from(open.saturating_sub(1)).ok().map(f64::from)
}

/// How many files may be open at once.
pub fn most_open_files() -> Option<f64> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The figure of a line of `/proc/self/status` (proc_pid_status(5)).
fn status_of(name: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn linux_tells_all_of_it() {
        assert!(resident_bytes().is_some_and(|bytes| bytes > 1024.0 * 1024.0));
        assert!(threads().is_some_and(|threads| threads >= 1.0));
        let open = open_files().expect("open files");
        assert!(open >= 1.0 && most_open_files().is_none_or(|most| open <= most));
    }
}
