//! A gateway with faulty connections: wrong certificates, no TLS, no listener.

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

use crate::services::{good_response, requested_host, wait_for_close};

/// The fault of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// No fault.
    Healthy,
    Expired,
    NotValidYet,
    OtherName,
    UnknownAuthority,
    /// Sends nothing in the TLS handshake.
    Silent,
    /// Speaks HTTP instead of TLS.
    NoTls,
    /// Is reset at once.
    Reset,
    /// No listener.
    Refused,
}

impl Connection {
    /// All faults, each with the id of a widget and its description in `docs/FAULTS.md`. The last
    /// one cannot be undone.
    pub const FAULTY: [(Connection, &'static str, &'static str); 8] = [
        (Connection::Expired, "expired", "a certificate that has expired"),
        (Connection::NotValidYet, "not-valid-yet", "a certificate of the future"),
        (Connection::OtherName, "other-name", "a certificate for another name"),
        (Connection::UnknownAuthority, "unknown-authority", "a certificate that a stranger signed"),
        (Connection::Silent, "mute", "takes the connection, and never begins with TLS"),
        (Connection::NoTls, "no-tls", "speaks HTTP where TLS is wanted"),
        (Connection::Reset, "cut-off-at-once", "cuts the connection off at once"),
        (Connection::Refused, "refused", "takes no connection"),
    ];
}

/// A gateway whose next connections all have the same fault.
pub struct Gateway {
    pub address: String,
    fault: Mutex<Connection>,
    connections: AtomicUsize,
    listening: Mutex<Option<JoinHandle<()>>>,
}

impl Gateway {
    /// Starts it, and writes the certificate of the authority that the server trusts into a file.
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
            fault: Mutex::new(Connection::Healthy),
            connections: AtomicUsize::new(0),
            listening: Mutex::new(None),
        });
        let (open, certificates) = (Arc::clone(&gateway), Arc::new(certificates));
        let listening = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                open.connections.fetch_add(1, Ordering::SeqCst);
                let fault = *open.fault.lock().expect("no panic");
                let certificates = Arc::clone(&certificates);
                // The client disconnects when it rejects the certificate.
                tokio::spawn(async move { serve(connection, fault, &certificates).await.ok() });
            }
        });
        *gateway.listening.lock().expect("no panic") = Some(listening);
        gateway
    }

    /// Sets the fault of all later connections, and restarts their count.
    pub async fn set(&self, fault: Connection) {
        *self.fault.lock().expect("no panic") = fault;
        self.connections.store(0, Ordering::SeqCst);
        if fault == Connection::Refused {
            let listening = self.listening.lock().expect("no panic").take();
            if let Some(listening) = listening {
                listening.abort();
                // The port is free once the task has ended.
                assert!(listening.await.is_err_and(|ended| ended.is_cancelled()));
            }
        }
    }

    /// The number of connections since the fault was set.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
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
    fault: Connection,
    certificates: &Certificates,
) -> io::Result<()> {
    let acceptor = match fault {
        Connection::Healthy => &certificates.good,
        Connection::Expired => &certificates.expired,
        Connection::NotValidYet => &certificates.not_valid_yet,
        Connection::OtherName => &certificates.other_name,
        Connection::UnknownAuthority => &certificates.stranger,
        Connection::Silent => return wait_for_close(&mut connection).await,
        Connection::NoTls => return connection.write_all(&good_response("json")).await,
        Connection::Reset | Connection::Refused => return connection.set_zero_linger(),
    };
    let mut connection = acceptor.accept(connection).await?;
    requested_host(&mut connection).await?;
    connection.write_all(&good_response("json")).await?;
    connection.shutdown().await
}
