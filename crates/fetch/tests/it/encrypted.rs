//! A firm's own certificates: a server that only they vouch for.
//!
//! `tls/ca.pem` is a certificate authority whose key was thrown away, `tls/server.pem` and `server.key` are a server at 127.0.0.1
//! that it vouches for, all made by `openssl` for these tests alone.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use interdict_fetch::{FetchError, FetchOptions};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};

use super::{Bench, quick};

/// Answers each request over TLS with these bytes; ends with the test. Returns its address.
fn serve(answer: &'static str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/tls");
    let certificate = CertificateDer::from_pem_file(folder.join("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("server.key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("https://{}/list.xml", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut tls = Stream::new(&mut connection, &mut stream);
            // A client that does not trust us goes away here.
            if tls.read(&mut [0; 4096]).is_ok() {
                drop(tls.write_all(answer.as_bytes()));
                tls.conn.send_close_notify();
                drop(tls.flush());
            }
        }
    });
    address
}

fn trusting() -> FetchOptions {
    let ca_file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/tls/ca.pem");
    FetchOptions { ca_file: Some(ca_file), ..quick() }
}

#[test]
fn a_certificate_of_the_firm_is_trusted_where_it_is_named() {
    let bench = Bench::new(serve("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nlist"));
    let error = bench.fetch(quick()).unwrap_err();
    assert!(matches!(&error, FetchError::Connection { reason, .. } if reason.contains("certificate")), "{error}");
    bench.downloaded(trusting());
    assert_eq!(bench.bytes(), b"list");
}

#[test]
fn https_never_becomes_http() {
    let answer =
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let error = Bench::new(serve(answer)).fetch(trusting()).unwrap_err();
    assert!(matches!(&error, FetchError::Redirect { location, .. } if location.starts_with("http://")), "{error}");
}
