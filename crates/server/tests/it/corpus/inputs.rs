//! What is sent in the place of something sound: hostile addresses, bodies and heads of a route.
//!
//! Idea: values that differ by what they say stand in `inputs.json` and `headers.txt`; what is long or deep is made here.

use serde_json::{Value as Json, json};

use super::routes::{Body, Route, form};
use super::wire::Request;

/// The values of a member of `inputs.json`.
fn given(member: &str) -> Vec<Json> {
    let mut all: Json = serde_json::from_str(include_str!("inputs.json")).unwrap();
    all[member].as_array_mut().map(std::mem::take).unwrap()
}

fn texts(member: &str) -> Vec<String> {
    given(member).iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// Hostile requests by the address: parts of the path, parameters, and the address as a whole.
pub(crate) fn addresses(route: &Route, sound: &Request) -> Vec<Request> {
    let target = String::from_utf8(sound.target.clone()).unwrap();
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let values = [texts("parts"), vec!["x".repeat(50_000)]].concat();
    let mut out: Vec<String> = Vec::new();
    let parts: Vec<&str> = path.split('/').collect();
    let is_open = |at: &usize| route.pattern.split('/').nth(*at).is_some_and(|part| part.starts_with('{'));
    for at in (0..parts.len()).filter(is_open) {
        for value in &values {
            let mut parts = parts.clone();
            parts[at] = value;
            out.push(format!("{}?{query}", parts.join("/")));
        }
    }
    let pairs: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    let joined = |pairs: &[(&str, &str)]| {
        let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{path}?{}", pairs.join("&"))
    };
    for at in 0..pairs.len() {
        for value in &values {
            let mut pairs = pairs.clone();
            pairs[at].1 = value;
            out.push(joined(&pairs));
        }
        out.push(joined(&[pairs.as_slice(), &[pairs[at]]].concat()));
        out.push(joined(&vec![pairs[at]; 400]));
    }
    let long = ["a=b&".repeat(14_000), "x".repeat(60_000), "%00".repeat(19_000)];
    out.extend(texts("queries").into_iter().chain(long).map(|query| format!("{path}?{query}")));
    for end in ["/", "//", "/.", "/..", "/%2e%2e", "/%2e%2e/%2e%2e/healthz", ";a=b", "%00", "%20", "%2f", "#x"] {
        out.push(format!("{path}{end}"));
    }
    for begin in ["/", "/..", "/%2e%2e", "/./", "http://elsewhere.example"] {
        out.push(format!("{begin}{path}?{query}"));
    }
    out.push(path.to_uppercase());
    out.into_iter().map(|target| sound.clone().target(target)).collect()
}

/// Hostile requests by the body.
pub(crate) fn bodies(route: &Route, sound: &Request) -> Vec<Request> {
    let whole = route.body();
    let cut = [1, whole.len() / 3, whole.len() / 2, whole.len().saturating_sub(1)];
    let mut out: Vec<Vec<u8>> = cut.iter().map(|n| whole[..*n.min(&whole.len())].to_vec()).collect();
    for (before, after) in
        [(&b"\xef\xbb\xbf"[..], &b""[..]), (b"\0", b""), (b"", b"\xff"), (&whole, b""), (b"\n\n", b"\n\n")]
    {
        out.push([before, &whole, after].concat());
    }
    let shaped = |json: &str| match route.body {
        Body::Form(name, _) => form(name, json),
        _ => json.as_bytes().to_vec(),
    };
    let texts = [texts("bodies"), long_bodies()].concat();
    for text in &texts {
        out.push(text.as_bytes().to_vec());
        if let Body::Form(name, _) = route.body {
            out.push(form(name, text));
        }
    }
    out.extend([
        b"\xff\xfe".to_vec(),
        b"{\"a\":\"\xff\"}".to_vec(),
        b"{\"\xc3\x28\":1}".to_vec(),
        vec![0x1f, 0x8b, 8, 0],
    ]);
    match route.body {
        Body::Json(text) | Body::Form(_, text) => {
            let json: Json = serde_json::from_str(text).unwrap();
            out.extend(altered(&json).iter().map(|json| shaped(&json.to_string())));
            // The same member twice, which no JSON value can hold.
            for name in ["queries", "query", "how", "properties", "name", "ids", "schema", "id"] {
                out.push(shaped(&text.replace(&format!("\"{name}\":"), &format!("\"{name}\":null,\"{name}\":"))));
            }
            if matches!(route.body, Body::Form(..)) {
                out.extend(self::texts("forms").into_iter().map(String::into_bytes));
            }
        }
        Body::Lines(text) => {
            let first = text.lines().next().unwrap();
            let json: Json = serde_json::from_str(first).unwrap();
            let lines = altered(&json).iter().map(Json::to_string).collect::<Vec<_>>();
            let texts: Vec<String> = texts.iter().map(|text| text.replace('\n', " ")).collect();
            out.extend([lines, texts].map(|lines| lines.join("\n").into_bytes()));
            out.push(format!("{first}\r\n{first}\r{first}\n\n\n{first}").into_bytes());
            out.push(b"{\"id\":\"\xff\"}\n{}\n".to_vec());
        }
        Body::File(_) => {
            out.extend(self::texts("files").into_iter().map(String::into_bytes));
            out.extend([b"name\n\xff\xfe\n".to_vec(), b"\xff\xfen\0a\0m\0e\0\n\0A\0\n\0".to_vec()]);
            out.push(format!("name,{}\nA\n", "x,".repeat(20_000)).into_bytes());
        }
        Body::None => {}
    }
    out.into_iter().map(|body| sound.clone().body(body)).collect()
}

fn long_bodies() -> Vec<String> {
    let deep = |open: &str, inner: &str, close: &str| open.repeat(10_000) + inner + &close.repeat(10_000);
    vec![
        deep("[", "", ""),
        deep("[", "", "]"),
        deep("{\"a\":", "", ""),
        deep("{\"a\":", "1", "}"),
        format!("{{\"a\":{}}}", "9".repeat(5_000)),
        "\u{0}".repeat(1_000),
        "\n".repeat(10_000),
        "\"".repeat(999),
        ",".repeat(5_000),
        "x".repeat(1 << 20),
    ]
}

/// A value with each of its places made hostile, taken away, or joined by members that nobody knows.
fn altered(json: &Json) -> Vec<Json> {
    let deep = (0..100).fold(json!("x"), |inner, _| json!([inner]));
    let long = [deep, json!("Ivan ".repeat(2_000)), json!(vec!["Ivan Petrov"; 300])];
    let values: Vec<Json> = given("values").into_iter().chain(long).collect();
    let mut out = Vec::new();
    for place in places(json) {
        for value in &values {
            let mut json = json.clone();
            *json.pointer_mut(&place).unwrap() = value.clone();
            out.push(json);
        }
        let Some((parent, name)) = place.rsplit_once('/') else { continue };
        let (mut without, mut more) = (json.clone(), json.clone());
        if let (Some(Json::Object(less)), Some(Json::Object(more))) =
            (without.pointer_mut(parent), more.pointer_mut(parent))
        {
            let value = less.shift_remove(name).unwrap();
            more.extend(texts("members").into_iter().map(|name| (name, value.clone())));
        }
        out.extend([without, more]);
    }
    out
}

/// JSON pointers to all places of a value, itself first.
fn places(json: &Json) -> Vec<String> {
    let inner: Vec<(String, &Json)> = match json {
        Json::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Json::Array(items) => items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    let below = inner.into_iter().flat_map(|(name, value)| {
        places(value).into_iter().map(move |place| format!("/{name}{place}")).collect::<Vec<_>>()
    });
    std::iter::once(String::new()).chain(below).collect()
}

/// Hostile requests by verb and headers. In `headers.txt`, `BYTE` is one that is no ASCII, `LONG` is long.
pub(crate) fn heads(route: &Route, sound: &Request) -> Vec<Request> {
    let verbs = "GET HEAD POST PUT PATCH DELETE OPTIONS TRACE BREW get PROPFIND G'ET";
    // A job that is gone would be asked for in vain by all that follow.
    let verbs = verbs.split(' ').filter(|verb| *verb != "DELETE" || route.pattern != "/v1/jobs/{id}");
    let by_verb = verbs.map(|verb| Request { verb: verb.to_owned(), ..sound.clone() });
    let long = "x".repeat(8_000);
    let lines = include_str!("headers.txt").lines().filter_map(|line| line.split_once(':'));
    let by_line = lines.map(|(name, value)| {
        let value: Vec<u8> = value.trim_start().replace("LONG", &long).into_bytes();
        let value = match value.strip_suffix(b"BYTE") {
            Some(before) => [before, b"\xff"].concat(),
            None => value,
        };
        sound.clone().header(name, value)
    });
    by_verb.chain(by_line).collect()
}

/// Heads and framings that are no HTTP, or that only an end of the connection can answer.
pub(crate) fn broken(sound: &Request) -> Vec<Vec<u8>> {
    let target = String::from_utf8_lossy(&sound.target);
    let lines = "content-length: abc|content-length: -1|content-length: 1\r\ncontent-length: 2|content-length: 99999999999999999999|\
        transfer-encoding: x|transfer-encoding: chunked\r\n\r\nzz|transfer-encoding: chunked\r\n\r\nffffffffffffffffff|\
        transfer-encoding: gzip, chunked\r\n\r\n0|transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0|a : b| a: b|: x|a|a\0: b|a: b\0c|content-length: 9";
    let by_line = lines.split('|').map(|line| format!("{} {target} HTTP/1.1\r\nhost: x\r\n{line}\r\n\r\n", sound.verb));
    let by_target = ["", "*", "healthz", "/a b", "/\u{e9}", "/<>", "http://", "x:80"];
    let by_target = by_target.iter().map(|target| format!("{} {target} HTTP/1.1\r\nhost: x\r\n\r\n", sound.verb));
    let by_version = [" HTTP/0.9", " HTTP/3.7", " HTTP/1", " FTP", ""];
    let by_version = by_version.iter().map(|version| format!("{} {target}{version}\r\n\r\n", sound.verb));
    let texts = by_line.chain(by_target).chain(by_version).map(String::into_bytes);
    texts.chain([b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n".to_vec(), vec![0; 500]]).collect()
}
