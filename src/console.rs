//! The output of commands. Its reader may leave before the end, as `| head` does: a command then
//! finishes its work, and its exit code says how that went.

use std::io::{self, ErrorKind, Write};

/// Prints a line to standard output, as far as somebody reads it.
///
/// # Errors
/// When the output cannot be written for another reason, such as a full disk.
pub fn print(line: &str) -> io::Result<()> {
    write_line(io::stdout().lock(), line)
}

/// Prints a line to standard error. There is no other place to say that this fails.
pub fn complain(line: &str) {
    let _ = write_line(io::stderr().lock(), line);
}

fn write_line(mut output: impl Write, line: &str) -> io::Result<()> {
    let written = output
        .write_all(line.as_bytes())
        .and_then(|()| output.write_all(b"\n"))
        .and_then(|()| output.flush());
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Refusing(ErrorKind);

    impl Write for Refusing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_has_left_is_no_error_and_a_full_disk_is_one() {
        assert!(write_line(Refusing(ErrorKind::BrokenPipe), "a").is_ok());
        assert!(write_line(Refusing(ErrorKind::StorageFull), "a").is_err());
        let mut written = Vec::new();
        assert!(write_line(&mut written, "a\nb").is_ok());
        assert_eq!(written, b"a\nb\n");
    }
}
