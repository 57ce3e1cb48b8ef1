//! TLS: the certificate the server shows, and how it is replaced while connections stay open.
//!
//! rustls with ring. TLS 1.2 is the oldest version; HTTP/2 and HTTP/1.1 are offered. The certificate sits behind an
//! `ArcSwap`: every handshake takes what is newest, and nothing of a running connection depends on it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use rustls::{
    ServerConfig,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use tokio_rustls::TlsAcceptor;

use crate::error::HostError;

/// Where certificate and key lie, both PEM.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The certificate, and behind it those that vouch for it.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// What a server shows to those who connect.
#[derive(Debug)]
pub(crate) struct Tls {
    files: TlsFiles,
    provider: Arc<CryptoProvider>,
    shown: Arc<Shown>,
    /// What the files looked like when they were last read.
    seen: Mutex<Fingerprint>,
    config: Arc<ServerConfig>,
}

/// The certificate the next handshake gets.
#[derive(Debug)]
struct Shown(ArcSwap<CertifiedKey>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.load_full())
    }
}

/// When and how long both files were; missing ones differ from every other state.
type Fingerprint = [Option<(SystemTime, u64)>; 2];

impl Tls {
    /// Reads the files for the first time. A server that was asked to encrypt does not start without.
    pub(crate) fn open(files: &TlsFiles) -> Result<Self, HostError> {
        let provider = Arc::new(ring::default_provider());
        let seen = fingerprint(files);
        let key = read(files, &provider)?;
        let shown = Arc::new(Shown(ArcSwap::from_pointee(key)));
        let unusable = |error| HostError::while_doing("TLS cannot be set up", error);
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(unusable)?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&shown) as _);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { files: files.clone(), provider, shown, seen: Mutex::new(seen), config: Arc::new(config) })
    }

    /// Shakes hands.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.config))
    }

    /// Reads the files again if they changed. Blocks. What cannot be used is reported and leaves everything as it was.
    pub(crate) fn refresh(&self) {
        let now = fingerprint(&self.files);
        if *self.seen.lock() != now {
            self.reload();
        }
    }

    /// Reads the files again. Blocks.
    pub(crate) fn reload(&self) {
        *self.seen.lock() = fingerprint(&self.files);
        match read(&self.files, &self.provider) {
            Ok(key) => {
                self.shown.0.store(Arc::new(key));
                tracing::info!(certificate = %self.files.certificate.display(), "the TLS certificate was read again");
            }
            Err(error) => {
                tracing::error!(error = %error.message, "the TLS certificate stays as it was");
            }
        }
    }
}

fn fingerprint(files: &TlsFiles) -> Fingerprint {
    let of = |path: &Path| {
        let meta = fs::metadata(path).ok()?;
        Some((meta.modified().ok()?, meta.len()))
    };
    [of(&files.certificate), of(&files.key)]
}

fn read(files: &TlsFiles, provider: &CryptoProvider) -> Result<CertifiedKey, HostError> {
    let trouble = |what: &str, path: &Path, error: &dyn std::fmt::Display| {
        HostError::new(format!("the TLS {what} `{}` cannot be used: {error}", path.display())).with_hint(
            "--tls-cert takes a PEM file with the certificate and its chain, --tls-key one with its key",
        )
    };
    let certificate = |error: &dyn std::fmt::Display| trouble("certificate", &files.certificate, error);
    let chain: Vec<_> = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect)
        .map_err(|error| certificate(&error))?;
    if chain.is_empty() {
        return Err(certificate(&io::Error::other("there is none in it")));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| trouble("key", &files.key, &error))?;
    // Also finds out whether the two belong together.
    CertifiedKey::from_der(chain, key, provider).map_err(|error| certificate(&error))
}
