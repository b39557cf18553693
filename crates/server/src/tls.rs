//! TLS, and certificates of clients where they are asked for.
//!
//! Idea: the files are followed like keys: a new connection gets the certificate that holds when it begins, those that run keep theirs.
//! A certificate whose key is not (yet) there with it is refused, so that replacing the two files one after the other is no fault.
//! Tickets of former sessions are not taken over, so that a client whose authority was taken away does not come back by one.
//! Versions: TLS 1.2 and 1.3, with ring's suites, as rustls chooses them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{VerifierBuilderError, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConfig, ServerConnection};
use sha2::{Digest as _, Sha256};
use tokio_rustls::TlsAcceptor;

use crate::access::secret::hex;
use crate::connection::{Peer, Protocol};
use crate::reload::Reloaded;

/// Where certificates are, all PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The service's certificate, and those between it and its authority.
    pub cert: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// Authorities of clients: with it a client must show a certificate of one of them.
    pub client_ca: Option<PathBuf>,
}

/// TLS cannot be spoken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file is not there, or not PEM.
    #[error("{file}: cannot be read as PEM", file = file.display())]
    Pem {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: pem::Error,
    },
    /// A file has no certificate.
    #[error("{file}: has no certificate", file = file.display())]
    NoCertificate {
        /// The file.
        file: PathBuf,
    },
    /// An authority cannot be used.
    #[error("{file}: an authority of clients cannot be used", file = file.display())]
    Authority {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: rustls::Error,
    },
    /// The authorities cannot be used together.
    #[error("certificates of clients cannot be checked")]
    Authorities(#[source] VerifierBuilderError),
    /// Certificate and key do not fit together, or one of them cannot be used.
    #[error("{cert} and {key} cannot be used together", cert = cert.display(), key = key.display())]
    Pair {
        /// The certificate's file.
        cert: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// Why.
        #[source]
        source: rustls::Error,
    },
    /// The versions of TLS cannot be had.
    #[error("TLS cannot be set up")]
    Versions(#[source] rustls::Error),
}

/// How the service speaks TLS.
#[derive(Debug)]
pub struct Tls {
    config: Reloaded<ServerConfig, TlsError>,
    asks_clients: bool,
}

impl Tls {
    /// Reads the files, and follows them from now on.
    ///
    /// # Errors
    /// They cannot be used.
    pub fn open(files: TlsFiles) -> Result<Tls, TlsError> {
        let asks_clients = files.client_ca.is_some();
        let paths = [Some(&files.cert), Some(&files.key), files.client_ca.as_ref()];
        let paths = paths.into_iter().flatten().cloned().collect();
        let config = Reloaded::open("certificates", paths, move |_| config(&files))?;
        Ok(Tls { config, asks_clients })
    }

    /// Whether a client must show a certificate.
    pub fn asks_clients(&self) -> bool {
        self.asks_clients
    }

    /// Takes up files that changed, or reads them in any case. Blocks.
    pub(crate) fn refresh(&self, in_any_case: bool) {
        self.config.refresh(in_any_case);
    }

    /// What takes the next connection.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.config.current())
    }
}

/// What was agreed in a handshake: what is spoken, and with whom.
pub(crate) fn agreement(connection: &ServerConnection) -> (Protocol, Peer) {
    let protocol = if connection.alpn_protocol() == Some(b"h2") { Protocol::Http2 } else { Protocol::Http1 };
    let shown = connection.peer_certificates().and_then(<[_]>::first);
    let certificate = shown.map(|certificate| hex(&Sha256::digest(certificate.as_ref())));
    (protocol, Peer { certificate })
}

fn config(files: &TlsFiles) -> Result<ServerConfig, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let chain = certificates(&files.cert)?;
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|source| not_pem(&files.key, source))?;
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(TlsError::Versions)?;
    let builder = match &files.client_ca {
        None => builder.with_no_client_auth(),
        Some(file) => {
            let mut authorities = RootCertStore::empty();
            for authority in certificates(file)? {
                authorities.add(authority).map_err(|source| TlsError::Authority { file: file.clone(), source })?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(authorities), provider);
            builder.with_client_cert_verifier(verifier.build().map_err(TlsError::Authorities)?)
        }
    };
    let mut config = builder.with_single_cert(chain, key).map_err(|source| TlsError::Pair {
        cert: files.cert.clone(),
        key: files.key.clone(),
        source,
    })?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let read = CertificateDer::pem_file_iter(file).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let found = read.map_err(|source| not_pem(file, source))?;
    if found.is_empty() { Err(TlsError::NoCertificate { file: file.to_owned() }) } else { Ok(found) }
}

fn not_pem(file: &Path, source: pem::Error) -> TlsError {
    TlsError::Pem { file: file.to_owned(), source }
}
