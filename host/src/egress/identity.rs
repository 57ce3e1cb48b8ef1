//! Who a lambda says it is to a server that wants a certificate (`Toolbelt.MTLSClient`), and whom it believes.
//!
//! A lambda may believe a certificate that nobody signed: the connection is its own, to a host of the whitelist, at an
//! address that was judged like any other. No secret that is bound to the host goes over such a connection.

use std::sync::Arc;

use lambkin_runtime::CompletionError;
use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject as _},
};
use serde::Deserialize;

/// Bytes of the PEM texts of one identity.
const MOST_PEM: usize = 64 << 10;

/// PEM texts.
#[derive(PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Identity {
    /// Key and certificate of the lambda: both or none.
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    cert: Option<String>,
    /// Authorities that are believed; those everybody believes, otherwise.
    #[serde(default)]
    ca: Option<String>,
    #[serde(default)]
    allow_self_signed: bool,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

impl Identity {
    /// Whether it says who is believed, instead of the server.
    pub(crate) fn believes_its_own(&self) -> bool {
        self.allow_self_signed || self.ca.is_some()
    }

    /// The settings of connections that show this certificate; `roots` are believed where the identity names none.
    pub(crate) fn config(&self, roots: &Arc<RootCertStore>) -> Result<ClientConfig, CompletionError> {
        if [&self.key, &self.cert, &self.ca].into_iter().flatten().map(String::len).sum::<usize>() > MOST_PEM
        {
            return Err(unfit(format!("`key`, `cert` and `ca` have more than {MOST_PEM} bytes")));
        }
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| unfit(error.to_string()))?;
        let builder = if self.allow_self_signed {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(Anybody(provider)))
        } else if let Some(ca) = &self.ca {
            let mut named = RootCertStore::empty();
            for certificate in certificates(ca, "ca")? {
                named.add(certificate).map_err(|error| unfit(format!("`ca`: {error}")))?;
            }
            builder.with_root_certificates(named)
        } else {
            builder.with_root_certificates(Arc::clone(roots))
        };
        let mut config = match (&self.key, &self.cert) {
            (None, None) => builder.with_no_client_auth(),
            (Some(key), Some(cert)) => {
                let key = PrivateKeyDer::from_pem_slice(key.as_bytes())
                    .map_err(|_| unfit("`key` has no private key in PEM format".to_owned()))?;
                builder
                    .with_client_auth_cert(certificates(cert, "cert")?, key)
                    .map_err(|error| unfit(format!("`key` and `cert` do not fit: {error}")))?
            }
            _ => return Err(unfit("`key` and `cert` are given together".to_owned())),
        };
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

fn certificates(pem: &str, name: &str) -> Result<Vec<CertificateDer<'static>>, CompletionError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(unfit(format!("`{name}` has no certificate in PEM format"))),
    }
}

fn unfit(message: String) -> CompletionError {
    CompletionError::new("ERR_TLS_IDENTITY", message)
}

/// Believes any certificate whose key the server has.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
