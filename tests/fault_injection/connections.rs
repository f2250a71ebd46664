//! A gateway whose connections themselves are at fault: with certificates that are wrong, without TLS, or not there at all.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::stand_in::{asked_host, good, hold};

/// What is wrong with a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// Nothing.
    Well,
    Expired,
    NotValidYet,
    OtherName,
    UnknownAuthority,
    /// Says nothing when it is asked for TLS.
    Mute,
    /// Speaks HTTP where TLS is wanted.
    NoTls,
    /// Is cut off at once.
    Reset,
    /// Nobody listens.
    RejectionEffect,
}

impl Connection {
    /// All that are wrong, with the id of a widget and in words. The last one cannot be mended.
    pub const WRONG: [(Connection, &'static str, &'static str); 8] = [
        (Connection::Expired, "expired", "a certificate that has expired"),
        (Connection::NotValidYet, "not-valid-yet", "a certificate of the future"),
        (Connection::OtherName, "other-name", "a certificate for another name"),
        (Connection::UnknownAuthority, "unknown-authority", "a certificate that a stranger signed"),
        (Connection::Mute, "mute", "takes the connection, and never begins with TLS"),
        (Connection::NoTls, "no-tls", "speaks HTTP where TLS is wanted"),
        (Connection::Reset, "cut-off-at-once", "cuts the connection off at once"),
        (Connection::RejectionEffect, "refused", "takes no connection"),
    ];
}

/// The gateway.
pub struct Gateway {
    /// Where it is.
    pub address: String,
    now: Mutex<Connection>,
    knocks: AtomicUsize,
    listening: Mutex<Option<JoinHandle<()>>>,
}

impl Gateway {
    /// Opens it, and writes the certificate of the authority that the server is to trust into a file.
    pub async fn open(authority_file: &Path) -> Arc<Self> {
        let authority = authority("Known");
        std::fs::write(authority_file, authority.pem()).expect("written");
        let certificates = Certificates {
            good: certificate(&authority, "127.0.0.1", 2020, 2100),
            expired: certificate(&authority, "127.0.0.1", 2020, 2021),
            not_valid_yet: certificate(&authority, "127.0.0.1", 2099, 2100),
            other_name: certificate(&authority, "other.example", 2020, 2100),
            stranger: certificate(&self::authority("Stranger"), "127.0.0.1", 2020, 2100),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let gateway = Arc::new(Gateway {
            address: format!("https://{}", listener.local_addr().expect("an address")),
            now: Mutex::new(Connection::Well),
            knocks: AtomicUsize::new(0),
            listening: Mutex::new(None),
        });
        let (open, certificates) = (Arc::clone(&gateway), Arc::new(certificates));
        let listening = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                open.knocks.fetch_add(1, Ordering::SeqCst);
                let now = *open.now.lock().expect("no panic");
                let certificates = Arc::clone(&certificates);
                // Whoever knocked hangs up when it does not like what it sees.
                tokio::spawn(async move { serve(connection, now, &certificates).await.ok() });
            }
        });
        *gateway.listening.lock().expect("no panic") = Some(listening);
        gateway
    }

    /// What is wrong with every connection from now on.
    pub async fn set(&self, now: Connection) {
        *self.now.lock().expect("no panic") = now;
        self.knocks.store(0, Ordering::SeqCst);
        if now == Connection::RejectionEffect {
            let listening = self.listening.lock().expect("no panic").take();
            if let Some(listening) = listening {
                listening.abort();
                // The port is free when the task is gone.
                assert!(listening.await.is_err_and(|ended| ended.is_cancelled()));
            }
        }
    }

    /// How many connections there were since then.
    pub fn knocks(&self) -> usize {
        self.knocks.load(Ordering::SeqCst)
    }
}

struct Certificates {
    good: TlsAcceptor,
    expired: TlsAcceptor,
    not_valid_yet: TlsAcceptor,
    other_name: TlsAcceptor,
    stranger: TlsAcceptor,
}

fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut authority = CertificateParams::new(Vec::new()).expect("no names");
    authority.distinguished_name.push(DnType::CommonName, name);
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(authority, KeyPair::generate().expect("a key")).expect("signed")
}

fn certificate(
    authority: &CertifiedIssuer<'_, KeyPair>,
    name: &str,
    from: i32,
    until: i32,
) -> TlsAcceptor {
    let mut certificate = CertificateParams::new(vec![name.to_owned()]).expect("a name");
    certificate.not_before = date_time_ymd(from, 1, 1);
    certificate.not_after = date_time_ymd(until, 1, 1);
    let key = KeyPair::generate().expect("a key");
    let certificate = certificate.signed_by(&key, authority).expect("signed");
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("a certificate with its key");
    TlsAcceptor::from(Arc::new(config))
}

async fn serve(
    mut connection: TcpStream,
    now: Connection,
    certificates: &Certificates,
) -> io::Result<()> {
    let acceptor = match now {
        Connection::Well => &certificates.good,
        Connection::Expired => &certificates.expired,
        Connection::NotValidYet => &certificates.not_valid_yet,
        Connection::OtherName => &certificates.other_name,
        Connection::UnknownAuthority => &certificates.stranger,
        Connection::Mute => return hold(&mut connection).await,
        Connection::NoTls => return connection.write_all(&good("json")).await,
        Connection::Reset | Connection::RejectionEffect => return connection.set_zero_linger(),
    };
    let mut connection = acceptor.accept(connection).await?;
    asked_host(&mut connection).await?;
    connection.write_all(&good("json")).await?;
    connection.shutdown().await
}
