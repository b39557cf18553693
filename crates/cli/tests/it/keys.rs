//! `interdict keys`, and what `interdict serve` makes of the file.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::serving::Serving;
use crate::support::Place;

#[test]
fn a_key_is_made_shown_once_used_and_revoked() {
    let place = Place::with_lists();
    let made =
        place.run(&["keys", "--keys", "k.json", "new", "desk", "--role", "read", "--dataset", "house", "--rate", "50"]);
    assert_eq!(made.status, Some(0), "{}", made.stderr);
    let secret = made.stdout.trim();
    assert!(secret.starts_with("itd_") && secret.len() == 68, "{secret}");
    assert!(!made.stderr.contains(secret));
    let kept = std::fs::read_to_string(place.path().join("k.json")).unwrap();
    assert!(!kept.contains(secret) && kept.contains("sha256"), "{kept}");
    #[cfg(unix)]
    {
        let about = std::fs::metadata(place.path().join("k.json")).unwrap();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o777, 0o600);
    }
    let other = place.run(&["keys", "--keys", "k.json", "new", "ops", "--role", "operate", "--days", "0"]);
    let listed = place.run(&["keys", "--keys", "k.json", "list"]);
    assert!(!listed.stdout.contains("itd_"));
    let words: Vec<Vec<&str>> = listed.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!((words[1][0], words[1][1], words[1][2], words[1][5]), ("desk", "read", "holds", "house"));
    assert_eq!((words[2][0], words[2][1], words[2][4], words[2][5]), ("ops", "operate", "-", "all"));

    let serving = Serving::start(&place, &["--keys", "k.json", "--listen", "127.0.0.1:0"]);
    assert_eq!(serving.status("/catalog", secret), 200);
    assert_eq!(serving.status("/catalog", "itd_0"), 401);
    assert_eq!(serving.status("/search/house", secret), 200);
    assert_eq!(serving.status("/search/default", secret), 403);
    assert_eq!(serving.status("/search/house", other.stdout.trim()), 403);
    assert_eq!(place.run(&["keys", "--keys", "k.json", "revoke", "desk"]).status, Some(0));
    serving.until(401, "/catalog", secret);
    assert_eq!(serving.status("/catalog", other.stdout.trim()), 200);
    let json = place.run(&["keys", "--keys", "k.json", "list", "--format", "json"]).stdout;
    assert!(json.contains("\"revoked\"") && !json.contains("sha256"), "{json}");
}

#[test]
fn what_cannot_be_a_key_changes_nothing() {
    let place = Place::new();
    let run = |args: &[&str]| place.run(&[&["keys", "--keys", "k.json"], args].concat());
    assert_eq!(run(&["list"]).status, Some(2));
    assert_eq!(run(&["revoke", "a"]).status, Some(2));
    assert_eq!(run(&["new", "a b", "--role", "read"]).status, Some(2));
    assert_eq!(run(&["new", "a", "--role", "root"]).status, Some(2));
    assert!(!place.path().join("k.json").exists() && !place.path().join("k.json.new").exists());
    assert_eq!(run(&["new", "a", "--role", "read"]).status, Some(0));
    let before = std::fs::read(place.path().join("k.json")).unwrap();
    for args in [
        &["new", "a", "--role", "read"][..],
        &["new", "b", "--role", "read", "--rate", "0"],
        &["new", "b", "--role", "read", "--concurrent", "0"],
        &["revoke", "b"],
    ] {
        let answer = run(args);
        assert_eq!((answer.status, answer.stdout.as_str()), (Some(2), ""), "{args:?}: {}", answer.stderr);
    }
    place.write("k.json.new", "");
    assert!(run(&["new", "b", "--role", "read"]).stderr.contains("another command"));
    assert_eq!(std::fs::read(place.path().join("k.json")).unwrap(), before);
    let unsaid = place.run(&["keys", "list"]);
    assert_eq!(unsaid.status, Some(2));
    assert!(unsaid.stderr.contains("--keys FILE"), "{}", unsaid.stderr);
}

#[test]
fn beyond_this_machine_callers_are_asked_who_they_are() {
    let place = Place::with_lists();
    let open = place.run(&["serve", "--snapshot", "lists.snap", "--listen", "0.0.0.0:0"]);
    assert_eq!((open.status, open.stdout.as_str()), (Some(2), ""));
    assert!(open.stderr.contains("nobody would have to say who they are") && open.stderr.contains("--keys FILE"));
    let broken = place.run(&["serve", "--snapshot", "lists.snap", "--listen", "0.0.0.0:0", "--keys", "none.json"]);
    assert_eq!(broken.status, Some(2));
    assert!(broken.stderr.contains("keys file none.json"), "{}", broken.stderr);
    place.run(&["keys", "--keys", "k.json", "new", "a", "--role", "read"]);
    let mut keyed = Serving::start(&place, &["--listen", "0.0.0.0:0", "--keys", "k.json"]);
    keyed.address = keyed.address.replace("0.0.0.0", "127.0.0.1");
    assert_eq!((keyed.status("/catalog", "x"), keyed.status("/healthz", "x")), (401, 200));
    let mut open = Serving::start(&place, &["--listen", "0.0.0.0:0", "--open-to-anyone"]);
    open.address = open.address.replace("0.0.0.0", "127.0.0.1");
    assert_eq!(open.status("/catalog", "x"), 200);
}

#[test]
fn a_configuration_that_would_let_nobody_or_anybody_in_is_refused() {
    let place = Place::with_lists();
    for (text, word) in [
        ("[serve]\ncors_origins = [\"*\"]", "is no origin"),
        (
            "[serve.oidc]\nissuer = \"a\"\naudience = \"b\"\njwks_url = \"http://id.example.org/keys\"",
            "is no address of keys",
        ),
        ("[serve.oidc]\nissuer = \"a\"\naudience = \"\"\njwks_url = \"https://id.example.org/keys\"", "must be said"),
        ("[serve.oidc]\nissuer = \"a\"", "audience"),
        ("[serve.limits]\nhead_s = 0", "lets nobody in"),
        ("[serve.limits]\nhead = 10", "head"),
        ("[serve.tls]\ncert = \"c.pem\"", "key"),
        ("[serve.tls]\ncert = \"c.pem\"\nkey = \"k.pem\"", "c.pem: cannot be read"),
        ("[serve.tls]\ncert = \"c.pem\"\nkey = \"k.pem\"\nclient_role = \"read\"", "needs `client_ca`"),
        ("[serve.tls]\ncert = \"c.pem\"\nkey = \"k.pem\"\nclient_ca = \"a.pem\"\nclient_role = \"root\"", "is no role"),
    ] {
        place.write("serve.toml", text);
        let answer =
            place.run(&["serve", "--config", "serve.toml", "--snapshot", "lists.snap", "--listen", "127.0.0.1:0"]);
        assert_eq!((answer.status, answer.stdout.as_str()), (Some(2), ""), "{text}");
        assert!(answer.stderr.contains(word), "{text}: {}", answer.stderr);
    }
}

#[test]
fn limits_and_origins_are_taken_from_the_configuration() {
    let place = Place::with_lists();
    place.run(&["keys", "--keys", "k.json", "new", "a", "--role", "read"]);
    let text = "[serve]\nkeys = \"k.json\"\nlisten = \"127.0.0.1:0\"\ncors_origins = [\"https://desk.example.org\"]\n\
                [serve.limits]\nhead_s = 1\n";
    place.write("serve.toml", text);
    let serving = Serving::start(&place, &["--config", "serve.toml"]);
    assert_eq!(serving.status("/catalog", "x"), 401);
    let mut slow = TcpStream::connect(&serving.address).unwrap();
    slow.write_all(b"GET /healthz HTTP/1.1\r\n").unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer:?}");
    let mut page = TcpStream::connect(&serving.address).unwrap();
    let origin = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\norigin: https://desk.example.org\r\n\r\n";
    page.write_all(origin.as_bytes()).unwrap();
    let mut answer = String::new();
    page.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("access-control-allow-origin: https://desk.example.org"), "{answer:?}");
}

#[test]
fn the_log_tells_who_was_refused_what_and_neither_secrets_nor_names() {
    let place = Place::with_lists();
    let made = place.run(&["keys", "--keys", "k.json", "new", "desk", "--role", "screen"]);
    let secret = made.stdout.trim();
    let serving = Serving::start(&place, &["--keys", "k.json", "--listen", "127.0.0.1:0"]);
    assert_eq!(serving.status("/search/house?q=Hidden%20Name", secret), 403);
    assert_eq!(serving.status("/entities/hidden-id", "itd_guessed"), 401);
    let log = serving.log_until("not known");
    assert!(log.contains("desk") && log.contains("/search/{dataset}") && log.contains("`screen` may not"), "{log}");
    assert!(log.contains("/entities/{id}"), "{log}");
    for hidden in ["Hidden", "hidden-id", "itd_", secret] {
        assert!(!log.contains(hidden), "{log}");
    }
}

#[cfg(unix)]
#[test]
fn a_hangup_has_the_keys_read_anew_and_ends_nothing() {
    let place = Place::with_lists();
    let made = place.run(&["keys", "--keys", "k.json", "new", "desk", "--role", "screen"]);
    let serving = Serving::start(&place, &["--keys", "k.json", "--listen", "127.0.0.1:0"]);
    assert_eq!(serving.status("/catalog", made.stdout.trim()), 200);
    let told = std::process::Command::new("kill").args(["-HUP", &serving.child.id().to_string()]).status().unwrap();
    assert!(told.success());
    serving.log_until("the API keys were read anew");
    assert_eq!(serving.status("/catalog", made.stdout.trim()), 200);
}
