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
    /// It says that it is broken: 500 and above.
    #[error("answered {0}")]
    Broken(u16),
    /// It will not answer this: 400 to 499, or a redirect to where it may not go.
    #[error("answered {0}")]
    Refused(u16),
    /// Redirects without end.
    #[error("redirected too often")]
    SentAround,
    /// More bytes than the manifest allows.
    #[error("more than {0} bytes")]
    TooLarge(usize),
    /// Bytes that are not what the manifest says, or a tree that the widget refuses.
    #[error("{0}")]
    Unreadable(String),
    /// An address that a citizen gave, or where it leads, is not public.
    #[error("not a public address")]
    NotPublic,
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

impl Failure {
    /// One word for it, as it stands in figures.
    pub fn name(&self) -> &'static str {
        match self {
            Failure::Slow => "slow",
            Failure::Unreachable => "unreachable",
            Failure::Broken(_) => "broken",
            Failure::Refused(_) => "refused",
            Failure::SentAround => "sent-around",
            Failure::TooLarge(_) => "too-large",
            Failure::Unreadable(_) => "unreadable",
            Failure::NotPublic => "not-public",
            Failure::NoKey => "no-key",
            Failure::ForeignHost => "foreign-host",
            Failure::Busy => "busy",
        }
    }
}
