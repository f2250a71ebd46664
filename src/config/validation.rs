//! Validation of the options before anything is opened. All errors are found at once, so that an
//! operator can correct them in one go.

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use url::Url;

use super::Config;
use crate::telemetry::{LogFilter, MetricsExposure, missing_site_file};

/// Maximum length of a contact in characters.
const MAX_CONTACT_LENGTH: usize = 200;

/// An option with an unusable value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The flag without its dashes. Its variable is `VOORDEUR_` and the same in capitals.
    option: &'static str,
    message: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variable = self.option.to_uppercase().replace('-', "_");
        write!(out, "--{} (VOORDEUR_{variable}): {}", self.option, self.message)
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// The filter of the log.
    ///
    /// # Errors
    /// When `--log` is not a valid filter.
    pub fn log_filter(&self) -> Result<LogFilter, ConfigError> {
        self.log.parse::<LogFilter>().map_err(|error| ConfigError {
            option: "log",
            message: format!("`{}` cannot be read: {error}", self.log),
        })
    }

    /// All errors in the options; empty when they are valid. It creates the data directory.
    pub fn errors(&self) -> Vec<ConfigError> {
        let missing = missing_site_file(&self.site).map(|file| {
            format!("{}: {file} is missing; `make build` makes it", self.site.display())
        });
        let mut checks = vec![
            ("addr", bind_error(self.addr)),
            ("metrics", self.metrics_error()),
            ("data", data_dir_error(&self.data)),
            ("site", missing),
        ];
        for dir in self.widgets.iter().filter(|dir| !dir.is_dir()) {
            checks.push(("widgets", Some(format!("{} is not a folder", dir.display()))));
        }
        checks.push(("contact", self.contact_error()));
        let errors = checks
            .into_iter()
            .filter_map(|(option, message)| message.map(|message| ConfigError { option, message }));
        errors.chain(self.log_filter().err()).collect()
    }

    fn metrics_error(&self) -> Option<String> {
        let MetricsExposure::Separate(address) = self.metrics else { return None };
        if address == self.addr && address.port() != 0 {
            return Some(format!("{address} is the address of --addr"));
        }
        bind_error(address)
    }

    fn contact_error(&self) -> Option<String> {
        let contact = self.contact.as_deref().filter(|contact| !is_contact(contact))?;
        Some(format!("`{contact}` is neither a mail address nor the address of an https page"))
    }
}

/// The error of listening on an address.
fn bind_error(address: SocketAddr) -> Option<String> {
    let error = TcpListener::bind(address).err()?;
    Some(match error.kind() {
        io::ErrorKind::AddrInUse => format!("{address} is in use by another program"),
        io::ErrorKind::PermissionDenied => format!("{address} is not allowed for this user"),
        io::ErrorKind::AddrNotAvailable => format!("{address} is not an address of this machine"),
        _ => format!("{address}: {error}"),
    })
}

/// The reason for which a directory cannot hold the data. One with a database may be read-only:
/// boards can then be read.
fn data_dir_error(data: &Path) -> Option<String> {
    if let Err(error) = std::fs::create_dir_all(data) {
        return Some(format!("{} cannot be created: {error}", data.display()));
    }
    if data.join("voordeur.sqlite").exists() {
        return None;
    }
    let probe = data.join(".written-at-start");
    let written = std::fs::write(&probe, "").and_then(|()| std::fs::remove_file(&probe));
    written.err().map(|error| format!("{} cannot be written: {error}", data.display()))
}

/// Whether it is `name@host.tld` or an `https` page, and fits a header: services get it in
/// `User-Agent`.
fn is_contact(contact: &str) -> bool {
    let fits_header = !contact.is_empty()
        && contact.len() <= MAX_CONTACT_LENGTH
        && contact
            .chars()
            .all(|letter| letter.is_ascii_graphic() && !"()<>,;\"\\".contains(letter));
    let is_mail = || {
        contact.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && !host.contains(['@', '/', ':'])
                && host.split('.').count() > 1
                && host.split('.').all(|part| !part.is_empty())
        })
    };
    let is_page = || {
        Url::parse(contact).is_ok_and(|url| {
            url.scheme() == "https" && url.host_str().is_some_and(|host| host.contains('.'))
        })
    };
    fits_header && (is_page() || (!contact.contains("://") && is_mail()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_a_mail_address_or_an_https_page() {
        for good in ["info@example.org", "https://example.org/contact", "a.b+c@mail.example.be"] {
            assert!(is_contact(good), "{good}");
        }
        for bad in [
            "",
            "info",
            "info@",
            "@example.org",
            "info@localhost",
            "a@b@example.org",
            "http://example.org/",
            "https://localhost/",
            "javascript:alert(1)",
            "info@example.org\r\nX-Evil: 1",
            "two words@example.org",
            "https://a@example",
        ] {
            assert!(!is_contact(bad), "{bad}");
        }
    }
}
