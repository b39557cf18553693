//! Bearer tokens of an issuer: keys that it serves, changes and fails to serve.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use interdict_misbehave::{Reply, Server};
use interdict_server::access::secret::SecretHash;
use interdict_server::access::{Access, Issuer, IssuerOptions, TokenRules};
use interdict_server::settings::Settings;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
use serde_json::{Value as Json, json};

use super::client::Service;
use super::service_with;

/// What signs tokens.
enum Signer {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
}

impl Signer {
    fn es256() -> Signer {
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
        let random = SystemRandom::new();
        Signer::Es256(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).unwrap())
    }

    fn ed_dsa() -> Signer {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Signer::EdDsa(Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap())
    }

    /// Its public key, as an issuer serves it.
    fn key(&self, kid: &str) -> Json {
        match self {
            Signer::Es256(pair) => {
                let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
                json!({"kty": "EC", "crv": "P-256", "kid": kid, "use": "sig", "x": base64(x), "y": base64(y)})
            }
            Signer::EdDsa(pair) => {
                json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "alg": "EdDSA", "x": base64(pair.public_key().as_ref())})
            }
        }
    }

    fn token(&self, kid: &str, claims: &Json) -> String {
        let alg = if matches!(self, Signer::Es256(_)) { "ES256" } else { "EdDSA" };
        let head = base64(json!({"alg": alg, "kid": kid, "typ": "JWT"}).to_string().as_bytes());
        let message = format!("{head}.{}", base64(claims.to_string().as_bytes()));
        let signature = match self {
            Signer::Es256(pair) => base64(pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap().as_ref()),
            Signer::EdDsa(pair) => base64(pair.sign(message.as_bytes()).as_ref()),
        };
        format!("{message}.{signature}")
    }
}

fn base64(bytes: &[u8]) -> String {
    base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, bytes)
}

/// An issuer that serves what it is told to.
struct Serves {
    server: Server,
    body: Arc<Mutex<(u16, String)>>,
}

impl Serves {
    fn keys(keys: &[Json]) -> Serves {
        let body = Arc::new(Mutex::new((200, json!({"keys": keys}).to_string())));
        let serving = Arc::clone(&body);
        let server = Server::start(move |_| {
            let (status, body) = serving.lock().unwrap().clone();
            Reply::of(status, body)
        });
        Serves { server, body }
    }

    fn now(&self, status: u16, keys: &[Json]) {
        *self.body.lock().unwrap() = (status, json!({"keys": keys}).to_string());
    }

    fn issuer(&self) -> Issuer {
        let rules = TokenRules {
            issuer: "https://id.example.org".to_owned(),
            audience: "interdict".to_owned(),
            role_claim: "interdict_roles".to_owned(),
        };
        Issuer::new(IssuerOptions { rules, jwks_url: self.server.url("/keys"), ca_file: None }).unwrap()
    }

    fn service(&self) -> Service {
        let access = Access::open().with_issuer(self.issuer());
        service_with(Settings { access, ..Settings::default() })
    }
}

fn claims(roles: &Json) -> Json {
    let now = jiff::Timestamp::now().as_second();
    json!({"iss": "https://id.example.org", "aud": ["interdict"], "sub": "ann", "exp": now + 300, "interdict_roles": roles})
}

fn status(service: &Service, path: &str, token: &str) -> u16 {
    service.ask("GET", path, &format!("authorization: Bearer {token}\r\n")).status
}

fn until(status_wanted: u16, service: &Service, path: &str, token: &str) {
    let start = Instant::now();
    while status(service, path, token) != status_wanted {
        assert!(start.elapsed() < Duration::from_secs(40));
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_token_opens_what_its_roles_may() {
    let (one, other) = (Signer::es256(), Signer::ed_dsa());
    let issuer = Serves::keys(&[one.key("1"), other.key("2")]);
    let service = issuer.service();
    assert_eq!(service.get("/catalog").status, 401);
    assert_eq!(service.get("/healthz").status, 200);
    let read = one.token("1", &claims(&json!(["read"])));
    until(200, &service, "/entities/NK-1", &read);
    let screen = other.token("2", &claims(&json!("screen")));
    assert_eq!((status(&service, "/catalog", &screen), status(&service, "/entities/NK-1", &screen)), (200, 403));
    let both = other.token("2", &claims(&json!(["operate", "read", "something else"])));
    assert_eq!(status(&service, "/entities/NK-1", &both), 200);
    let answer = service.ask("POST", "/updatez", &format!("authorization: Bearer {both}\r\n"));
    assert_eq!(answer.status, 503, "it may, and there is nothing to update: {answer:?}");
    let answer = service.ask("POST", "/updatez", &format!("authorization: Bearer {screen}\r\n"));
    assert_eq!(answer.status, 403, "{answer:?}");
}

#[test]
fn a_token_that_is_not_good_is_refused_with_the_reason() {
    let (ours, theirs) = (Signer::es256(), Signer::es256());
    let issuer = Serves::keys(&[ours.key("1")]);
    let service = issuer.service();
    let good = claims(&json!(["read"]));
    until(200, &service, "/catalog", &ours.token("1", &good));
    let with = |member: &str, value: Json| {
        let mut claims = good.clone();
        claims[member] = value;
        ours.token("1", &claims)
    };
    let altered = {
        let token = ours.token("1", &good);
        let parts: Vec<&str> = token.split('.').collect();
        let admin = base64(claims(&json!(["admin"])).to_string().as_bytes());
        format!("{}.{admin}.{}", parts[0], parts[2])
    };
    let unsigned = format!("{}.{}.", base64(br#"{"alg":"none","kid":"1"}"#), base64(good.to_string().as_bytes()));
    for (token, said) in [
        (theirs.token("1", &good), "the signature of this token is wrong"),
        (altered, "the signature of this token is wrong"),
        (unsigned, "this token names another algorithm than its key's"),
        (ours.token("9", &good), "this token is signed by a key that is not known"),
        (with("iss", json!("https://id.example.com")), "this token is of another issuer"),
        (with("aud", json!("another")), "this token is for another audience"),
        (with("exp", json!(1000)), "this token has expired, or says no end"),
        (with("nbf", json!(99_999_999_999_u64)), "this token does not hold yet"),
        (with("interdict_roles", json!(["root"])), "this token names no role that is known here"),
    ] {
        let answer = service.ask("GET", "/catalog", &format!("authorization: Bearer {token}\r\n"));
        assert_eq!((answer.status, answer.json()), (401, json!({"detail": said})));
        assert!(answer.header("www-authenticate").unwrap().contains("invalid_token"));
    }
}

#[test]
fn an_issuer_changes_its_keys_and_may_fail_slowly() {
    let (first, second) = (Signer::es256(), Signer::ed_dsa());
    let issuer = Serves::keys(&[]);
    issuer.now(500, &[]);
    let service = issuer.service();
    let good = claims(&json!("read"));
    let (old, new) = (first.token("1", &good), second.token("2", &good));
    // No key was had yet: nobody is let in.
    assert_eq!((status(&service, "/catalog", &old), status(&service, "/healthz", "x")), (401, 200));
    issuer.now(200, &[first.key("1")]);
    until(200, &service, "/catalog", &old);
    issuer.now(200, &[first.key("1"), second.key("2")]);
    // A key that is not known is asked for, without waiting for the next turn.
    until(200, &service, "/catalog", &new);
    assert_eq!(status(&service, "/catalog", &old), 200);
    issuer.now(500, &[]);
    assert_eq!(status(&service, "/catalog", &first.token("3", &good)), 401);
    let n_asked = issuer.server.n_asked("/keys");
    let start = Instant::now();
    while issuer.server.n_asked("/keys") == n_asked {
        assert!(start.elapsed() < Duration::from_secs(40));
        std::thread::sleep(Duration::from_millis(100));
    }
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(status(&service, "/catalog", &old), 200, "the last good keys go on");
}

#[test]
fn keys_and_tokens_are_taken_side_by_side() {
    let signer = Signer::es256();
    let issuer = Serves::keys(&[signer.key("1")]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let hash = String::from(SecretHash::of("secret"));
    std::fs::write(&path, json!({"keys": [{"id": "a", "sha256": hash, "role": "screen"}]}).to_string()).unwrap();
    let access = Access::by_keys(path).unwrap().with_issuer(issuer.issuer());
    let service = service_with(Settings { access, ..Settings::default() });
    until(200, &service, "/entities/NK-1", &signer.token("1", &claims(&json!("read"))));
    assert_eq!((status(&service, "/catalog", "secret"), status(&service, "/entities/NK-1", "secret")), (200, 403));
    assert_eq!(status(&service, "/catalog", "another"), 401);
}
