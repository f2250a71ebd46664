use std::error::Error;
use std::io;

use rustls::CertificateError;

use super::public_addresses::{NameNotFound, NoPublicAddress};

/// Why a service gave no good answer. A citizen reads it in plain words; see `present`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// It took longer than it may.
    #[error("no answer within the deadline")]
    Slow,
    /// No connection, or one that broke.
    #[error("no connection")]
    Unreachable,
    /// Nobody knows an address for its name, at least now.
    #[error("no address found for its name")]
    NameNotFound,
    /// No connection that can be trusted: what is wrong with it.
    #[error("not secure: {0}")]
    NotSecure(&'static str),
    /// It says that it is broken: 500 and above.
    #[error("answered {0}")]
    Broken(u16),
    /// It will not answer this: 400 to 499, or a redirect to where it may not go.
    #[error("answered {0}")]
    Refused(u16),
    /// Redirects without end.
    #[error("redirected too often")]
    SentAround,
    /// More bytes than the manifest allows, on the wire or decompressed.
    #[error("more than {0} bytes")]
    TooLarge(usize),
    /// Bytes that are not what the manifest says, or a tree that the widget refuses.
    #[error("{0}")]
    Unreadable(String),
    /// An address that a citizen gave, or where it leads, is not public.
    #[error("not a public address")]
    NotPublic,
    /// The name of a host that a manifest names leads to no public address.
    #[error("its name leads to no public address")]
    LedAstray,
    /// The service wants a key that the operator has not given.
    #[error("the key of this service is not in the environment")]
    NoKey,
    /// A host that the manifest does not name.
    #[error("the manifest does not name this host")]
    ForeignHost,
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
        while let Some(here) = cause {
            if let Some(failure) = told_by(here) {
                return failure;
            }
            // What was wrapped in an I/O error is no source of it, but is held by it.
            cause = match here.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
                Some(held) => Some(held),
                None => here.source(),
            };
        }
        // Who does not let us in within the time is not slow, but away.
        if error.is_timeout() && !error.is_connect() { Failure::Slow } else { Failure::Unreachable }
    }
}

/// The failure that one cause in the chain of an error tells.
fn told_by(cause: &(dyn Error + 'static)) -> Option<Failure> {
    if cause.is::<NoPublicAddress>() {
        return Some(Failure::NotPublic);
    }
    if cause.is::<NameNotFound>() {
        return Some(Failure::NameNotFound);
    }
    if let Some(error) = cause.downcast_ref::<rustls::Error>() {
        return Some(Failure::NotSecure(insecurity(error)));
    }
    let error = cause.downcast_ref::<hyper::Error>()?;
    if error.is_parse_too_large() {
        return Some(Failure::Unreadable("headers without end".to_owned()));
    }
    error.is_parse().then(|| Failure::Unreadable("not HTTP".to_owned()))
}

/// What is wrong with a connection that TLS is to protect, without a name or a time of the certificate: whoever wrote it chose them.
fn insecurity(error: &rustls::Error) -> &'static str {
    match error {
        rustls::Error::InvalidCertificate(problem) => match problem {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "the certificate has expired"
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "the certificate is not valid yet"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "the certificate is for another name"
            }
            CertificateError::UnknownIssuer => "nobody vouches for the certificate",
            CertificateError::Revoked => "the certificate was withdrawn",
            _ => "the certificate is not valid",
        },
        _ => "TLS does not come about",
    }
}
