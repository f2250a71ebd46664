use std::error::Error;
use std::io;

use rustls::CertificateError;

use super::ssrf::ResolveError;

/// Why there is no good response of a service.
///
/// Serialised in `health.json`, whose names predate those of the variants.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum FetchError {
    /// The service took longer than it may.
    #[error("timed out")]
    #[serde(rename = "slow")]
    Timeout,
    /// No connection, or one that broke.
    #[error("connection failed")]
    Unreachable,
    /// Name resolution failed, or gave no address.
    #[error("host name not found")]
    NameNotFound,
    /// No trustworthy connection.
    #[error(transparent)]
    #[serde(rename = "not-secure")]
    Tls(#[from] TlsError),
    /// Status 500 and above.
    #[error("status {0}")]
    #[serde(rename = "broken")]
    ServerError(u16),
    /// Status 400 to 499, an unexpected 304, or a redirect without a usable location.
    #[error("status {0}")]
    #[serde(rename = "refused")]
    Rejected(u16),
    /// More redirects than are followed.
    #[error("too many redirects")]
    #[serde(rename = "sent-around")]
    TooManyRedirects,
    /// More bytes than the manifest allows, on the wire or decompressed.
    #[error("more than {0} bytes")]
    TooLarge(usize),
    /// Not the format that the manifest says, or rejected by the widget.
    #[error("{0}")]
    Unreadable(String),
    /// The format that the manifest says, but not the shape: the mapping of the widget fails. The
    /// key is that of the manifest, and quotes nothing of the response.
    #[error("changed shape: {key}")]
    ChangedShape {
        /// The key of the manifest that failed, such as `block 1.each`.
        key: String,
    },
    /// There is no feed at an address given by a citizen.
    #[error("not a feed")]
    NotAFeed,
    /// There is no calendar at an address given by a citizen.
    #[error("not a calendar")]
    NotACalendar,
    /// An address given by a citizen, or a redirect from it, is not public.
    #[error("not a public address")]
    NotPublic,
    /// A host declared by a manifest resolves to no public address.
    #[error("host name resolves to no public address")]
    #[serde(rename = "led-astray")]
    NoPublicAddress,
    /// The service needs an API key that the operator has not given.
    #[error("API key not in the environment")]
    #[serde(rename = "no-key")]
    MissingApiKey,
    /// The manifest does not declare this host.
    #[error("host not declared in the manifest")]
    #[serde(rename = "foreign-host")]
    HostNotAllowed,
    /// Reading or showing the response takes more memory or work than a card may cost.
    #[error("over budget: {0}")]
    OverBudget(String),
    /// The queue of the host is so long that the request would time out in it.
    #[error("too many requests queued for this host")]
    Busy,
    /// Nothing is stored, and the service was not to be asked.
    #[error("no response stored")]
    NotStored,
    /// The operator has paused the host or the widget.
    #[error("paused by the operator")]
    Paused,
}

impl FetchError {
    /// A stable identifier, used in metrics and in `/services.json`.
    pub fn name(&self) -> &'static str {
        match self {
            FetchError::Timeout => "slow",
            FetchError::Unreachable => "unreachable",
            FetchError::NameNotFound => "name-not-found",
            FetchError::Tls(_) => "not-secure",
            FetchError::ServerError(_) => "broken",
            FetchError::Rejected(_) => "refused",
            FetchError::TooManyRedirects => "sent-around",
            FetchError::TooLarge(_) => "too-large",
            FetchError::Unreadable(_) => "unreadable",
            FetchError::ChangedShape { .. } => "changed-shape",
            FetchError::NotAFeed => "not-a-feed",
            FetchError::NotACalendar => "not-a-calendar",
            FetchError::NotPublic => "not-public",
            FetchError::NoPublicAddress => "led-astray",
            FetchError::MissingApiKey => "no-key",
            FetchError::HostNotAllowed => "foreign-host",
            FetchError::OverBudget(_) => "over-budget",
            FetchError::Busy => "busy",
            FetchError::NotStored => "not-stored",
            FetchError::Paused => "paused",
        }
    }
}

/// Why a connection is not trustworthy. Contains no name and no date of a certificate, since those
/// are chosen by whoever issued it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, thiserror::Error,
)]
#[serde(rename_all = "kebab-case")]
pub enum TlsError {
    /// The certificate has expired.
    #[error("certificate expired")]
    Expired,
    /// The certificate is not valid yet, or the clock of this machine is wrong.
    #[error("certificate not yet valid")]
    NotValidYet,
    /// The certificate is for another host.
    #[error("certificate for another host")]
    #[serde(rename = "other-name")]
    WrongHost,
    /// The certificate is not signed by an authority that this machine trusts.
    #[error("unknown certificate authority")]
    UnknownAuthority,
    /// Any other fault of the certificate.
    #[error("invalid certificate")]
    #[serde(rename = "certificate")]
    InvalidCertificate,
    /// The server does not speak TLS, or no version or cipher that this client supports.
    #[error("TLS handshake failed")]
    #[serde(rename = "tls")]
    Handshake,
    /// The address, or a redirect, is plain `http`.
    #[error("plain HTTP where TLS is required")]
    #[serde(rename = "sent-to-plain")]
    PlainHttp,
}

impl From<reqwest::Error> for FetchError {
    fn from(error: reqwest::Error) -> Self {
        let mut next: Option<&(dyn Error + 'static)> = Some(&error);
        while let Some(cause) = next {
            if let Some(classified) = classify(cause) {
                return classified;
            }
            // `io::Error::source` skips the error that it wraps.
            next = match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
                Some(wrapped) => Some(wrapped),
                None => cause.source(),
            };
        }
        // A connect timeout means that the host is down, not that it is slow.
        if error.is_timeout() && !error.is_connect() {
            FetchError::Timeout
        } else {
            FetchError::Unreachable
        }
    }
}

/// The error that one cause in a chain stands for, if it is specific enough.
fn classify(cause: &(dyn Error + 'static)) -> Option<FetchError> {
    if let Some(error) = cause.downcast_ref::<ResolveError>() {
        return Some(match error {
            ResolveError::NotFound(_) => FetchError::NameNotFound,
            ResolveError::NoPublicAddress => FetchError::NotPublic,
        });
    }
    if let Some(error) = cause.downcast_ref::<rustls::Error>() {
        return Some(FetchError::Tls(error.into()));
    }
    // Malformed chunked encoding has these kinds, but so has an I/O error that wraps a TLS error.
    if let Some(error) = cause.downcast_ref::<io::Error>()
        && matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData)
        && !error.get_ref().is_some_and(|wrapped| wrapped.is::<rustls::Error>())
    {
        return Some(FetchError::Unreadable("not HTTP".to_owned()));
    }
    let error = cause.downcast_ref::<hyper::Error>()?;
    if error.is_parse_too_large() {
        return Some(FetchError::Unreadable("headers too large".to_owned()));
    }
    error.is_parse().then(|| FetchError::Unreadable("not HTTP".to_owned()))
}

impl From<&rustls::Error> for TlsError {
    fn from(error: &rustls::Error) -> Self {
        let rustls::Error::InvalidCertificate(error) = error else { return TlsError::Handshake };
        match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                TlsError::Expired
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                TlsError::NotValidYet
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                TlsError::WrongHost
            }
            CertificateError::UnknownIssuer => TlsError::UnknownAuthority,
            _ => TlsError::InvalidCertificate,
        }
    }
}
