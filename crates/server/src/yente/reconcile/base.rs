//! Where the service is reached, as a manifest must say: taken from the request, as the service itself knows no name of its own.
//!
//! Invariant: what goes into an address is a host and a port and nothing else; a header that is anything else is refused.
//! Source: RFC 9110, section 7.2 (`Host`); `X-Forwarded-Proto` and `X-Forwarded-Host` as proxies write them.

use axum::http::{HeaderMap, Uri, header};

use super::Refusal;

/// The address without path: `https://lists.example:8443`.
pub(super) fn of(uri: &Uri, headers: &HeaderMap) -> Result<String, Refusal> {
    let text = |name: &str| {
        let given = headers.get(name)?;
        // Of several proxies the first is the one that the client met; bytes that are no text are no host either.
        Some(given.to_str().map_or("\u{fffd}", |given| given.split(',').next().unwrap_or_default().trim()))
    };
    let scheme = match text("x-forwarded-proto").map(str::to_ascii_lowercase).as_deref() {
        None | Some("http") => "http",
        Some("https") => "https",
        Some(_) => return Err(Refusal::bad("The header X-Forwarded-Proto is neither `http` nor `https`.")),
    };
    let authority = uri.authority().map(ToString::to_string);
    let host = text("x-forwarded-host").or(text(header::HOST.as_str())).map(str::to_owned).or(authority);
    let host = host.ok_or_else(|| Refusal::bad("The request names no host; send a `Host` header."))?;
    if !is_host(&host) {
        return Err(Refusal::bad(
            "The host that the request names cannot be read; send `Host: name` or `Host: name:port`.",
        ));
    }
    Ok(format!("{scheme}://{host}"))
}

fn is_host(text: &str) -> bool {
    let (is_name, port) = if let Some(rest) = text.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else { return false };
        let fits = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
        (!address.is_empty() && address.bytes().all(fits), port)
    } else {
        let (name, port) = text.split_at(text.find(':').unwrap_or(text.len()));
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        (!name.is_empty() && name.bytes().all(fits), port)
    };
    let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    is_name && is_port
}

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn a_host_is_a_name_or_an_address_with_a_port() {
        for good in ["a", "lists.example", "lists.example:8443", "127.0.0.1:1", "[::1]:80", "[fe80::1]"] {
            assert!(is_host(good), "{good}");
        }
        for bad in
            ["", ":80", "a:b", "a:99999", "a/b", "a@b", "a b", "{{id}}", "[::1", "[<x>]:1", "a:80:80", "\u{fffd}"]
        {
            assert!(!is_host(bad), "{bad}");
        }
    }
}
