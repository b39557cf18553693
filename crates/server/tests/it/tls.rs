//! TLS, certificates of clients, and files that change while the service runs.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper_util::rt::{TokioExecutor, TokioIo};
use interdict_server::access::secret::SecretHash;
use interdict_server::access::{Access, Role};
use interdict_server::settings::{HttpLimits, Settings};
use interdict_server::tls::{Tls, TlsFiles};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use tempfile::TempDir;

use super::client::Service;
use super::service_with;

/// An authority of its own for one test.
struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate with its key, as PEM.
struct Pair {
    cert: String,
    key: String,
}

impl Authority {
    fn new() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "authority of a test");
        Authority(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn pair(&self) -> Pair {
        let key = KeyPair::generate().unwrap();
        let cert = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &self.0).unwrap();
        Pair { cert: cert.pem(), key: key.serialize_pem() }
    }

    fn pem(&self) -> String {
        self.0.pem()
    }
}

/// The files of a service.
struct Files(TempDir);

impl Files {
    fn of(pair: &Pair) -> Files {
        let files = Files(tempfile::tempdir().unwrap());
        files.write("cert.pem", &pair.cert);
        files.write("key.pem", &pair.key);
        files
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path("new"), text).unwrap();
        std::fs::rename(self.path("new"), self.path(name)).unwrap();
    }

    fn tls(&self, client_ca: Option<&str>) -> Arc<Tls> {
        let client_ca = client_ca.map(|name| self.path(name));
        Arc::new(Tls::open(TlsFiles { cert: self.path("cert.pem"), key: self.path("key.pem"), client_ca }).unwrap())
    }
}

fn der(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()
}

fn config(authority: &Authority, shown: Option<&Pair>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(der(&authority.pem())).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let builder = builder.with_root_certificates(roots);
    match shown {
        None => builder.with_no_client_auth(),
        Some(pair) => {
            let key = PrivateKeyDer::from_pem_slice(pair.key.as_bytes()).unwrap();
            builder.with_client_auth_cert(vec![der(&pair.cert)], key).unwrap()
        }
    }
}

type Stream = StreamOwned<ClientConnection, TcpStream>;

fn connect(service: &Service, config: ClientConfig) -> Stream {
    let tcp = TcpStream::connect(service.address).unwrap();
    tcp.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), tcp)
}

/// Asks on a connection that is kept, and yields the head of the answer.
fn ask(stream: &mut Stream, path: &str, lines: &str) -> std::io::Result<String> {
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{lines}\r\n").as_bytes())?;
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let len = head.split("content-length: ").nth(1).and_then(|rest| rest.split('\r').next()).unwrap();
    stream.read_exact(&mut vec![0; len.parse().unwrap()])?;
    Ok(head)
}

/// The status of one request on a connection of its own.
fn status(service: &Service, config: ClientConfig, path: &str, lines: &str) -> std::io::Result<u16> {
    let head = ask(&mut connect(service, config), path, lines)?;
    Ok(head.split(' ').nth(1).unwrap().parse().unwrap())
}

/// The certificate that a new connection is shown.
fn shown(service: &Service, authority: &Authority) -> CertificateDer<'static> {
    let mut stream = connect(service, config(authority, None));
    ask(&mut stream, "/healthz", "").unwrap();
    stream.conn.peer_certificates().unwrap()[0].clone().into_owned()
}

#[test]
fn the_service_is_asked_over_tls_and_says_to_stay_with_it() {
    let authority = Authority::new();
    let files = Files::of(&authority.pair());
    let service = service_with(Settings { tls: Some(files.tls(None)), ..Settings::default() });
    let mut stream = connect(&service, config(&authority, None));
    for _ in 0..2 {
        let head = ask(&mut stream, "/entities/NK-1", "").unwrap();
        assert!(head.starts_with("http/1.1 200 ") && head.contains("strict-transport-security: max-age="), "{head}");
    }
    let stranger = Authority::new();
    assert!(status(&service, config(&stranger, None), "/healthz", "").is_err());
    // Words in the clear are no handshake.
    let mut clear = TcpStream::connect(service.address).unwrap();
    clear.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    drop(clear.read_to_end(&mut answer));
    assert!(!answer.starts_with(b"HTTP"), "{answer:?}");
    assert_eq!(status(&service, config(&authority, None), "/healthz", "").unwrap(), 200);
}

#[test]
fn http_2_is_agreed_on_in_the_handshake() {
    let authority = Authority::new();
    let files = Files::of(&authority.pair());
    let service = service_with(Settings { tls: Some(files.tls(None)), ..Settings::default() });
    let mut config = config(&authority, None);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let tcp = tokio::net::TcpStream::connect(service.address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let stream = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, tcp).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        for _ in 0..2 {
            let request = hyper::Request::get("https://localhost/entities/NK-1").body(String::new()).unwrap();
            assert_eq!(sender.send_request(request).await.unwrap().status(), 200);
        }
    });
}

#[test]
fn clients_show_a_certificate_of_the_right_authority() {
    let (authority, of_clients, stranger) = (Authority::new(), Authority::new(), Authority::new());
    let files = Files::of(&authority.pair());
    files.write("clients.pem", &of_clients.pem());
    let tls = files.tls(Some("clients.pem"));
    assert!(tls.asks_clients());
    let access = Access::open().with_certificates(Role::Screen);
    let service = service_with(Settings { tls: Some(Arc::clone(&tls)), access, ..Settings::default() });
    assert!(status(&service, config(&authority, None), "/healthz", "").is_err());
    assert!(status(&service, config(&authority, Some(&stranger.pair())), "/healthz", "").is_err());
    let good = of_clients.pair();
    for (path, told) in [("/healthz", 200), ("/catalog", 200), ("/entities/NK-1", 403), ("/nowhere", 404)] {
        assert_eq!(status(&service, config(&authority, Some(&good)), path, "").unwrap(), told, "{path}");
    }
    drop(service);

    // Where there are keys as well, both are asked for.
    let hash = String::from(SecretHash::of("secret"));
    files.write("keys.json", &format!(r#"{{"keys":[{{"id":"a","sha256":"{hash}","role":"read"}}]}}"#));
    let access = Access::by_keys(files.path("keys.json")).unwrap().with_certificates(Role::Screen);
    let service = service_with(Settings { tls: Some(tls), access, ..Settings::default() });
    let key = "x-api-key: secret\r\n";
    assert_eq!(status(&service, config(&authority, Some(&good)), "/entities/NK-1", "").unwrap(), 401);
    assert_eq!(status(&service, config(&authority, Some(&good)), "/entities/NK-1", key).unwrap(), 200);
    assert!(status(&service, config(&authority, None), "/entities/NK-1", key).is_err());
}

#[test]
fn certificates_asked_for_without_tls_let_nobody_in() {
    let service =
        service_with(Settings { access: Access::open().with_certificates(Role::Admin), ..Settings::default() });
    assert_eq!(service.get("/catalog").status, 403);
    assert_eq!(service.get("/healthz").status, 200);
}

#[test]
fn certificates_change_while_connections_go_on() {
    let authority = Authority::new();
    let (first, second) = (authority.pair(), authority.pair());
    let files = Files::of(&first);
    let service = service_with(Settings { tls: Some(files.tls(None)), ..Settings::default() });
    let mut kept = connect(&service, config(&authority, None));
    ask(&mut kept, "/healthz", "").unwrap();
    assert_eq!(shown(&service, &authority), der(&first.cert));
    // A certificate whose key is not there yet, half a file and none: the first pair goes on.
    files.write("cert.pem", &second.cert);
    std::thread::sleep(Duration::from_millis(1300));
    assert_eq!(shown(&service, &authority), der(&first.cert));
    files.write("cert.pem", second.cert.get(..200).unwrap());
    std::thread::sleep(Duration::from_millis(1300));
    assert_eq!(shown(&service, &authority), der(&first.cert));
    std::fs::remove_file(files.path("cert.pem")).unwrap();
    std::thread::sleep(Duration::from_millis(1300));
    assert_eq!(shown(&service, &authority), der(&first.cert));
    files.write("cert.pem", &second.cert);
    files.write("key.pem", &second.key);
    let start = Instant::now();
    while shown(&service, &authority) != der(&second.cert) {
        assert!(start.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(ask(&mut kept, "/healthz", "").unwrap().starts_with("http/1.1 200 "));
    assert_eq!(kept.conn.peer_certificates().unwrap()[0], der(&first.cert));
}

#[test]
fn an_authority_that_is_taken_away_lets_its_clients_in_no_more() {
    let (authority, former, next) = (Authority::new(), Authority::new(), Authority::new());
    let files = Files::of(&authority.pair());
    files.write("clients.pem", &(former.pem() + &next.pem()));
    let access = Access::open().with_certificates(Role::Screen);
    let service = service_with(Settings { tls: Some(files.tls(Some("clients.pem"))), access, ..Settings::default() });
    // One configuration for all of its connections, so that it would come back by a ticket if it could.
    let client = config(&authority, Some(&former.pair()));
    assert_eq!(status(&service, client.clone(), "/catalog", "").unwrap(), 200);
    assert_eq!(status(&service, client.clone(), "/catalog", "").unwrap(), 200);
    files.write("clients.pem", &next.pem());
    let start = Instant::now();
    while status(&service, client.clone(), "/catalog", "").is_ok() {
        assert!(start.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(status(&service, config(&authority, Some(&next.pair())), "/catalog", "").unwrap(), 200);
}

#[test]
fn a_handshake_that_does_not_come_ends() {
    let authority = Authority::new();
    let files = Files::of(&authority.pair());
    let http = HttpLimits { head: Duration::from_millis(400), ..HttpLimits::default() };
    let service = service_with(Settings { tls: Some(files.tls(None)), http, ..Settings::default() });
    for begun in [&b""[..], b"\x16\x03\x01\x02\x00"] {
        let mut silent = TcpStream::connect(service.address).unwrap();
        silent.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        silent.write_all(begun).unwrap();
        let start = Instant::now();
        assert_eq!(silent.read(&mut [0; 10]).unwrap_or(0), 0);
        assert!(start.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn a_service_does_not_begin_with_files_that_cannot_be_used() {
    let authority = Authority::new();
    let (one, other) = (authority.pair(), authority.pair());
    let files = Files::of(&one);
    files.write("other.pem", &other.key);
    files.write("none.pem", "");
    let open = |cert: &str, key: &str, ca: Option<&str>| {
        let client_ca = ca.map(|name| files.path(name));
        Tls::open(TlsFiles { cert: files.path(cert), key: files.path(key), client_ca }).map(drop)
    };
    assert!(open("cert.pem", "key.pem", None).is_ok());
    for (cert, key, ca, word) in [
        ("cert.pem", "other.pem", None, "cannot be used together"),
        ("none.pem", "key.pem", None, "has no certificate"),
        ("cert.pem", "none.pem", None, "cannot be read as PEM"),
        ("cert.pem", "absent.pem", None, "absent.pem: cannot be read"),
        ("cert.pem", "key.pem", Some("none.pem"), "none.pem: has no certificate"),
        ("cert.pem", "key.pem", Some("key.pem"), "key.pem: has no certificate"),
    ] {
        let said = open(cert, key, ca).unwrap_err().to_string();
        assert!(said.contains(word) && !said.contains("PRIVATE"), "{said}");
    }
}
