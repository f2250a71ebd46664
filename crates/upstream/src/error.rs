use std::error::Error;
use std::io;

use rustls::CertificateError;

use super::ssrf::{NameNotFound, NoPublicAddress};

/// Why a service gave no good answer. A citizen reads it in plain words; see `present`.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum FetchError {
    /// It took longer than it may.
    #[error("no answer within the deadline")]
    Slow,
    /// No connection, or one that broke.
    #[error("no connection")]
    Unreachable,
    /// Nobody knows an address for its name, at least now.
    #[error("no address found for its name")]
    NameNotFound,
    /// No connection that can be trusted.
    #[error("not secure: {0}")]
    NotSecure(TlsError),
    /// It says that it is broken: 500 and above.
    #[error("answered {0}")]
    Broken(u16),
    /// It will not answer this: 400 to 499, or a redirect to where it may not go.
    #[error("answered {0}")]
    RejectionEffect(u16),
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
    /// So many requests wait for the host that this one would not get its turn in time.
    #[error("too many requests wait for this host")]
    Busy,
}

impl FetchError {
    /// One word for it, as it stands in figures.
    pub fn name(&self) -> &'static str {
        match self {
            FetchError::Slow => "slow",
            FetchError::Unreachable => "unreachable",
            FetchError::NameNotFound => "name-not-found",
            FetchError::NotSecure(_) => "not-secure",
            FetchError::Broken(_) => "broken",
            FetchError::RejectionEffect(_) => "refused",
            FetchError::SentAround => "sent-around",
            FetchError::TooLarge(_) => "too-large",
            FetchError::Unreadable(_) => "unreadable",
            FetchError::NotPublic => "not-public",
            FetchError::LedAstray => "led-astray",
            FetchError::NoKey => "no-key",
            FetchError::ForeignHost => "foreign-host",
            FetchError::Busy => "busy",
        }
    }
}

/// What is wrong with a connection. No name and no time of a certificate stands here: whoever wrote it chose them.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, thiserror::Error,
)]
#[serde(rename_all = "kebab-case")]
pub enum TlsError {
    /// The certificate was good once.
    #[error("the certificate has expired")]
    Expired,
    /// The certificate will be good, or the clock of this machine is wrong.
    #[error("the certificate is not valid yet")]
    NotValidYet,
    /// The certificate is for another host.
    #[error("the certificate is for another name")]
    OtherName,
    /// No authority that this machine trusts has signed the certificate.
    #[error("nobody vouches for the certificate")]
    UnknownAuthority,
    /// Anything else about the certificate.
    #[error("the certificate is not valid")]
    Certificate,
    /// There is no TLS, or none that both sides can speak.
    #[error("TLS does not come about")]
    Tls,
    /// The service sent us on to an address of `http`.
    #[error("sent to an address without TLS")]
    SentToPlain,
}

impl From<reqwest::Error> for FetchError {
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
        if error.is_timeout() && !error.is_connect() {
            FetchError::Slow
        } else {
            FetchError::Unreachable
        }
    }
}

/// The failure that one cause in the chain of an error tells.
fn told_by(cause: &(dyn Error + 'static)) -> Option<FetchError> {
    if cause.is::<NoPublicAddress>() {
        return Some(FetchError::NotPublic);
    }
    if cause.is::<NameNotFound>() {
        return Some(FetchError::NameNotFound);
    }
    if let Some(error) = cause.downcast_ref::<rustls::Error>() {
        return Some(FetchError::NotSecure(insecurity(error)));
    }
    // Pieces of a body that are not as HTTP says; what TLS refuses is called so too.
    if let Some(error) = cause.downcast_ref::<io::Error>()
        && matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData)
        && !error.get_ref().is_some_and(|held| held.is::<rustls::Error>())
    {
        return Some(FetchError::Unreadable("not HTTP".to_owned()));
    }
    let error = cause.downcast_ref::<hyper::Error>()?;
    if error.is_parse_too_large() {
        return Some(FetchError::Unreadable("headers without end".to_owned()));
    }
    error.is_parse().then(|| FetchError::Unreadable("not HTTP".to_owned()))
}

fn insecurity(error: &rustls::Error) -> TlsError {
    let rustls::Error::InvalidCertificate(problem) = error else { return TlsError::Tls };
    match problem {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => TlsError::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            TlsError::NotValidYet
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            TlsError::OtherName
        }
        CertificateError::UnknownIssuer => TlsError::UnknownAuthority,
        _ => TlsError::Certificate,
    }
}
