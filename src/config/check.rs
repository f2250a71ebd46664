//! What can be seen to be wrong with the options before anything is opened: all of it at once, so that an operator mends it in one go.

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};
use tracing_subscriber::filter::Targets;
use url::Url;

use super::Config;
use crate::telemetry::Exposure;

/// Files without which pages have no looks and no browser's part.
const NEEDED: [&str; 3] = ["pkg/voordeur.css", "pkg/voordeur.js", "pkg/voordeur_bg.wasm"];

/// An option that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// As on the command line, without its dashes. Its variable is `VOORDEUR_` and the same in capitals.
    option: &'static str,
    says: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variable = self.option.to_uppercase().replace('-', "_");
        write!(out, "--{} (VOORDEUR_{variable}): {}", self.option, self.says)
    }
}

impl Config {
    /// The options of this process, from its command line and environment.
    ///
    /// # Errors
    /// What is to be printed: help that was asked for, or what is wrong.
    pub fn read() -> Result<Self, clap::Error> {
        Config::try_parse().map_err(|mut error| {
            // Only the flag is named; what is wrong may stand in the environment.
            if error.kind() == ErrorKind::ValueValidation
                && let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg)
                && let Some(variable) = variable_of(flag)
            {
                let hint = format!("the variable of this option is {variable}");
                error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![hint.into()]));
            }
            error
        })
    }

    /// What is logged.
    ///
    /// # Errors
    /// When `--log` cannot be read.
    pub fn log_filter(&self) -> Result<Targets, ConfigError> {
        self.log.parse().map_err(|error| ConfigError {
            option: "log",
            says: format!("`{}` cannot be read: {error}", self.log),
        })
    }

    /// Everything that is wrong.
    pub fn problems(&self) -> Vec<ConfigError> {
        let mut problems = Vec::new();
        let mut note = |option, says: Option<String>| {
            problems.extend(says.map(|says| ConfigError { option, says }));
        };
        note("addr", taken(self.addr));
        if let Exposure::Apart(address) = self.metrics {
            let same = (address == self.addr && address.port() != 0)
                .then(|| format!("{address} is the address of --addr"));
            note("metrics", same.or_else(|| taken(address)));
        }
        note("data", unusable(&self.data));
        let missing = missing_in_site(&self.site).map(|file| {
            format!("{}: {file} is missing; `make build` makes it", self.site.display())
        });
        note("site", missing);
        for folder in self.widgets.iter().filter(|folder| !folder.is_dir()) {
            note("widgets", Some(format!("{} is no folder", folder.display())));
        }
        let unreachable = self.contact.as_deref().filter(|contact| !is_contact(contact));
        note(
            "contact",
            unreachable.map(|contact| {
                format!("`{contact}` is neither an address of mail nor that of an https page")
            }),
        );
        problems.extend(self.log_filter().err());
        problems
    }
}

/// The first file that is missing in the folder of what browsers load.
pub(crate) fn missing_in_site(site: &Path) -> Option<&'static str> {
    NEEDED.into_iter().find(|file| !site.join(file).is_file())
}

/// Why nobody can be served at an address.
fn taken(address: SocketAddr) -> Option<String> {
    let error = TcpListener::bind(address).err()?;
    Some(match error.kind() {
        io::ErrorKind::AddrInUse => format!("{address} is in use by another program"),
        io::ErrorKind::PermissionDenied => format!("{address} is not allowed to this user"),
        io::ErrorKind::AddrNotAvailable => format!("{address} is no address of this machine"),
        _ => format!("{address}: {error}"),
    })
}

/// Why a folder cannot hold the data. One that has a database already may be read-only: then boards can be read.
fn unusable(data: &Path) -> Option<String> {
    if let Err(error) = std::fs::create_dir_all(data) {
        return Some(format!("{} cannot be made a folder: {error}", data.display()));
    }
    if data.join("voordeur.sqlite").exists() {
        return None;
    }
    let trial = data.join(".written-at-start");
    let written = std::fs::write(&trial, "").and_then(|()| std::fs::remove_file(&trial));
    written.err().map(|error| format!("{} cannot be written: {error}", data.display()))
}

/// Whether it is `name@host.tld` or an `https` page, and fits a header: it goes to services in `User-Agent`.
fn is_contact(contact: &str) -> bool {
    let plain = !contact.is_empty()
        && contact.len() <= 200
        && contact
            .chars()
            .all(|letter| letter.is_ascii_graphic() && !"()<>,;\"\\".contains(letter));
    let mail = || {
        contact.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && !host.contains(['@', '/', ':'])
                && host.split('.').count() > 1
                && host.split('.').all(|part| !part.is_empty())
        })
    };
    let page = || {
        Url::parse(contact).is_ok_and(|url| {
            url.scheme() == "https" && url.host_str().is_some_and(|host| host.contains('.'))
        })
    };
    plain && (page() || (!contact.contains("://") && mail()))
}

/// The variable of an option, by its flag as clap writes it: `--addr <ADDR>`.
fn variable_of(flag: &str) -> Option<String> {
    let name = flag.strip_prefix("--")?.split_whitespace().next()?;
    let command = Config::command();
    let option = command.get_arguments().find(|option| option.get_long() == Some(name))?;
    Some(option.get_env()?.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_has_the_variable_that_a_problem_names() {
        for option in Config::command().get_arguments() {
            let (Some(long), Some(variable)) = (option.get_long(), option.get_env()) else {
                continue;
            };
            let expected = format!("VOORDEUR_{}", long.to_uppercase().replace('-', "_"));
            assert_eq!(variable.to_string_lossy(), expected);
            assert_eq!(variable_of(&format!("--{long} <X>")), Some(expected));
        }
    }

    #[test]
    fn a_contact_is_mail_or_an_https_page() {
        for good in ["desk@example.org", "https://example.org/contact", "a.b+c@mail.example.be"] {
            assert!(is_contact(good), "{good}");
        }
        for bad in [
            "",
            "desk",
            "desk@",
            "@example.org",
            "desk@localhost",
            "a@b@example.org",
            "http://example.org/",
            "https://localhost/",
            "javascript:alert(1)",
            "desk@example.org\r\nX-Evil: 1",
            "two words@example.org",
            "https://a@example",
        ] {
            assert!(!is_contact(bad), "{bad}");
        }
    }
}
