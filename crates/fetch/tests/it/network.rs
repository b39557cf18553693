//! The way through the network: redirects, proxy, token, certificates.

use interdict_fetch::{FetchError, FetchOptions, Fetcher, ProxyChoice, Secret};
use interdict_misbehave::{Reply, Server};

use super::{Bench, quick};

#[test]
fn redirects_lead_across_hosts_and_the_token_stays_behind() {
    let last = Server::start(|_| Reply::ok("list"));
    let target = last.url("/files/sdn.xml");
    let first = Server::start(move |asked| match asked.target.as_str() {
        "/" => Reply::redirect("/second"),
        "/second" => Reply::redirect(&target),
        _ => Reply::of(404, ""),
    });
    let bench = Bench::new(first.url("/"));
    let got = bench.downloaded(FetchOptions { bearer: Some(Secret::new("geheim")), ..quick() });
    assert_eq!(got.final_url, last.url("/files/sdn.xml"));
    assert!(first.log().iter().all(|asked| asked.header("authorization") == Some("Bearer geheim")));
    assert_eq!(last.log()[0].header("authorization"), None);
    assert!(!format!("{:?}", FetchOptions { bearer: Some(Secret::new("geheim")), ..quick() }).contains("geheim"));
}

#[test]
fn redirects_that_do_not_end_or_lead_nowhere_are_errors() {
    let server = Server::start(|asked| match asked.target.as_str() {
        "/loop" => Reply::redirect("/loop"),
        "/file" => Reply::redirect("file:///etc/passwd"),
        _ => Reply::of(302, ""),
    });
    let fault = |path: &str| Bench::new(server.url(path)).fetch(quick()).unwrap_err();
    assert!(matches!(fault("/loop"), FetchError::Redirects { limit: 10, .. }));
    assert_eq!(server.n_asked("/loop"), 11);
    assert!(matches!(fault("/file"), FetchError::Redirect { .. }));
    assert!(matches!(fault("/empty"), FetchError::Redirect { .. }));
}

#[test]
fn a_proxy_is_asked_for_the_whole_address() {
    let proxy = Server::start(|_| Reply::ok("through the proxy"));
    let bench = Bench::new("http://lists.example.org/sdn.xml".to_owned());
    bench.downloaded(FetchOptions { proxy: ProxyChoice::Url(proxy.url("")), ..quick() });
    assert_eq!(bench.bytes(), b"through the proxy");
    assert_eq!(proxy.log()[0].target, "http://lists.example.org/sdn.xml");
}

#[test]
fn secrets_of_an_address_are_not_shown() {
    let server = Server::start(|_| Reply::of(404, ""));
    let url = server.url("/list?token=geheim").replace("http://", "http://user:geheim@");
    let error = Bench::new(url).fetch(quick()).unwrap_err().to_string();
    assert!(error.contains("/list") && !error.contains("geheim"), "{error}");
}

#[test]
fn options_that_cannot_be_used_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let ca_file = folder.path().join("ca.pem");
    let fault = |options: FetchOptions| Fetcher::new(options).unwrap_err();
    assert!(matches!(fault(FetchOptions { ca_file: Some(ca_file.clone()), ..quick() }), FetchError::CaFile { .. }));
    std::fs::write(&ca_file, "no certificate").unwrap();
    assert!(matches!(fault(FetchOptions { ca_file: Some(ca_file), ..quick() }), FetchError::CaFile { .. }));
    assert!(matches!(
        fault(FetchOptions { proxy: ProxyChoice::Url("::".into()), ..quick() }),
        FetchError::Options { .. }
    ));
    assert!(matches!(fault(FetchOptions { user_agent: "a\nb".into(), ..quick() }), FetchError::Options { .. }));
}
