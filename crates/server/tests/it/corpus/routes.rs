//! Every route with a request that it answers; what is hostile is made from these.
//!
//! Invariant: the table has every `.route(…)` of the crate's source and every operation of the OpenAPI document, and nothing else.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::wire::Request;

/// What a request's body is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    None,
    Json(&'static str),
    /// A form of one member, whose value is JSON.
    Form(&'static str, &'static str),
    Lines(&'static str),
    File(&'static str),
}

/// A route and a request that it answers. In `target`, `JOB` and the like stand for jobs that the service has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route {
    pub(crate) verb: &'static str,
    pub(crate) pattern: &'static str,
    pub(crate) target: &'static str,
    pub(crate) body: Body,
}

const MATCH: &str = r#"{"weights":{"name_match":0.9},"config":{"nm_number_mismatch":0.4},"queries":{"q1":{"id":"c-9","schema":"Person","properties":{"name":["Ivan Petrov"],"birthDate":["1970-02-01"],"country":"Russia"}},"q2":{"schema":"Vessel","properties":{"imoNumber":"9187629"}}}}"#;
const QUERIES: &str = r#"{"q0":{"query":"Ivan Petrov","type":"Person","limit":5,"type_strict":"any","properties":[{"pid":"Person:birthDate","v":"1970"},{"pid":"country","v":[{"id":"ru","name":"Russia"},7,true]}]}}"#;
const EXTEND: &str =
    r#"{"ids":["NK-1","V-1"],"properties":[{"id":"nationality","settings":{"limit":1,"render":"raw"}},{"id":"name"}]}"#;
const SCREEN: &str = r#"{"queries":[{"id":"q","schema":"Person","properties":{"name":["Ivan Petrov"],"birthDate":"1970-02-01","country":"ru"}}],"how":{"threshold":0.6,"limit":7,"lists":["acme"],"exclude_lists":["ships"],"explain":true}}"#;
const PAIR: &str = r#"{"query":{"id":"q","schema":"Person","properties":{"name":["Ivan Petrov"],"birthDate":"1970"}},"candidate":{"schema":"Person","properties":{"name":"Petrov, Ivan","country":["ru"]}}}"#;
const LISTED: &str =
    r#"{"query":{"schema":"Person","properties":{"name":["Ivan Petrov"],"birthDate":"1970"}},"entity":"NK-1"}"#;
const LINES: &str = "{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Ivan Petrov\"],\"birthDate\":[\"1970-02-01\"]}}\n{\"properties\":{\"name\":\"Grace\"}}\n";
const FILE: &str = "id,name,dob,country\n1,Ivan Petrov,1970-02-01,ru\n2,\"Grace, the ship\",,pa\n";

const fn route(verb: &'static str, pattern: &'static str, target: &'static str, body: Body) -> Route {
    Route { verb, pattern, target, body }
}

/// The table; a route may stand in it several times.
#[rustfmt::skip]
pub(crate) const ROUTES: &[Route] = &[
    route("POST", "/match/{dataset}", "/match/default?limit=5&threshold=0.7&cutoff=0.5&algorithm=best&include_dataset=acme&exclude_dataset=ships&exclude_schema=Vessel&topics=sanction&changed_since=2024-01-01&exclude_entity_ids=x-1", Body::Json(MATCH)),
    route("GET", "/search/{dataset}", "/search/default?q=name%3Aivan~+AND+%28petrov+OR+%22grace%22%29+NOT+x%2A&schema=Thing&limit=10&offset=0&countries=ru&topics=sanction&datasets=acme&filter=properties.birthDate%3A1970&filter_op=AND&target=true&sort=caption%3Aasc&fuzzy=true&simple=false&facets=topics&facets=countries&changed_since=2020-01-01T10%3A00&include_dataset=acme&exclude_schema=Vessel", Body::None),
    route("GET", "/entities/{id}", "/entities/NK-1?nested=true", Body::None),
    route("GET", "/entities/{id}", "/entities/acme-77", Body::None),
    route("GET", "/entities/{id}/adjacent", "/entities/NK-1/adjacent?sort=caption%3Aasc&limit=10&offset=0", Body::None),
    route("GET", "/entities/{id}/adjacent/{property}", "/entities/NK-1/adjacent/sanctions?sort=caption%3Adesc&limit=3&offset=0", Body::None),
    route("GET", "/catalog", "/catalog", Body::None),
    route("GET", "/manifest", "/manifest", Body::None),
    route("GET", "/algorithms", "/algorithms", Body::None),
    route("GET", "/", "/", Body::None),
    route("GET", "/openapi.json", "/openapi.json", Body::None),
    route("GET", "/favicon.ico", "/favicon.ico", Body::None),
    route("GET", "/healthz", "/healthz", Body::None),
    route("GET", "/readyz", "/readyz", Body::None),
    route("POST", "/updatez", "/updatez?token=right&sync=true", Body::None),
    route("GET", "/metrics", "/metrics", Body::None),
    route("GET", "/reconcile/{dataset}", "/reconcile/default?api_key=x", Body::None),
    route("GET", "/reconcile/{dataset}", "/reconcile/default?queries=%7B%22q%22%3A%7B%22query%22%3A%22Ivan%20Petrov%22%2C%22limit%22%3A3%7D%7D&algorithm=best&changed_since=2020-01-01", Body::None),
    route("GET", "/reconcile/{dataset}", "/reconcile/default?query=%7B%22query%22%3A%22Grace%22%2C%22type%22%3A%5B%22Vessel%22%5D%7D", Body::None),
    route("POST", "/reconcile/{dataset}", "/reconcile/default?algorithm=best&changed_since=2020-01-01", Body::Form("queries", QUERIES)),
    route("POST", "/reconcile/{dataset}", "/reconcile/acme", Body::Form("query", r#"{"query":"Ivan Petrov"}"#)),
    route("POST", "/reconcile/{dataset}", "/reconcile/default", Body::Form("extend", EXTEND)),
    route("GET", "/reconcile/{dataset}/extend/property", "/reconcile/default/extend/property?type=Person&limit=3", Body::None),
    route("GET", "/reconcile/{dataset}/preview", "/reconcile/default/preview?id=NK-1", Body::None),
    route("GET", "/reconcile/{dataset}/suggest/entity", "/reconcile/default/suggest/entity?prefix=iv%20pe&limit=10&exclude_dataset=ships", Body::None),
    route("GET", "/reconcile/{dataset}/suggest/property", "/reconcile/default/suggest/property?prefix=birth", Body::None),
    route("GET", "/reconcile/{dataset}/suggest/type", "/reconcile/default/suggest/type?prefix=per", Body::None),
    route("GET", "/v2/search", "/v2/search?name=Ivan+Petrov&altNames=Ivan+P&type=person&birthDate=1970-02-01&gender=male&titles=Dr&email=a%40b.org&phone=%2B44+20+7946+0000&website=x.org&address=1+Main+St&cryptoAddress=XBT%3A1BoatSLRHtKNngkdXEeobR76b53LETtpyT&gov_passport=RU%3A123456&limit=3&minMatch=0.5&requestID=r&debug=yes&debugSourceIDs=NK-1%2CV-1&source=acme&sourceID=NK-1", Body::None),
    route("GET", "/v2/search", "/v2/search?name=Grace&type=vessel&imoNumber=9187629&flag=PA&built=1999&tonnage=100&format=senzing", Body::None),
    route("POST", "/v2/search", "/v2/search?name=Ivan+Petrov&type=person", Body::None),
    route("GET", "/v2/listinfo", "/v2/listinfo", Body::None),
    route("GET", "/v2/data/refresh", "/v2/data/refresh", Body::None),
    route("POST", "/v2/data/refresh", "/v2/data/refresh?token=right", Body::None),
    route("GET", "/ping", "/ping", Body::None),
    route("GET", "/v1/screen", "/v1/screen?name=Ivan+Petrov&name=Petrov&schema=Person&id=q&birthDate=1970-02-01&country=ru&threshold=0.6&limit=5&lists=acme%2Cships&exclude_lists=ships&explain=true", Body::None),
    route("POST", "/v1/screen", "/v1/screen", Body::Json(SCREEN)),
    route("POST", "/v1/screen/stream", "/v1/screen/stream?threshold=0.6&limit=3&explain=1&lists=acme", Body::Lines(LINES)),
    route("POST", "/v1/explain", "/v1/explain", Body::Json(LISTED)),
    route("POST", "/v1/compare", "/v1/compare", Body::Json(PAIR)),
    route("GET", "/v1/entities/{id}", "/v1/entities/NK-1?nested=false", Body::None),
    route("GET", "/v1/lists", "/v1/lists", Body::None),
    route("GET", "/v1/policies", "/v1/policies", Body::None),
    route("GET", "/v1/jobs", "/v1/jobs", Body::None),
    route("POST", "/v1/jobs", "/v1/jobs?threshold=0.6&limit=2&lists=acme&schema=Person", Body::File(FILE)),
    route("GET", "/v1/jobs/{id}", "/v1/jobs/DONE", Body::None),
    route("DELETE", "/v1/jobs/{id}", "/v1/jobs/ENDED", Body::None),
    route("HEAD", "/v1/jobs/{id}/input", "/v1/jobs/OPEN/input", Body::None),
    route("PATCH", "/v1/jobs/{id}/input", "/v1/jobs/OPEN/input", Body::File(FILE)),
    route("GET", "/v1/jobs/{id}/results", "/v1/jobs/DONE/results", Body::None),
    route("GET", "/v1/openapi.json", "/v1/openapi.json", Body::None),
    route("GET", "/v1/docs", "/v1/docs", Body::None),
    route("GET", "/v1", "/v1", Body::None),
    route("ANY", "/v1/{*rest}", "/v1/nowhere/at/all", Body::None),
];

impl Route {
    /// Its bytes, where it has any.
    pub(crate) fn body(&self) -> Vec<u8> {
        match self.body {
            Body::None => Vec::new(),
            Body::Json(text) | Body::Lines(text) | Body::File(text) => text.as_bytes().to_vec(),
            Body::Form(name, value) => form(name, value),
        }
    }

    /// The media type of its body.
    pub(crate) fn kind(&self) -> Option<&'static str> {
        match self.body {
            Body::None => None,
            Body::Json(_) => Some("application/json"),
            Body::Form(..) => Some("application/x-www-form-urlencoded"),
            Body::Lines(_) => Some("application/x-ndjson"),
            Body::File(_) => Some("text/csv"),
        }
    }

    /// The request that it answers; `jobs` are the ids of jobs by the words that stand for them.
    pub(crate) fn request(&self, jobs: &[(&str, String)]) -> Request {
        let target = jobs.iter().fold(self.target.to_owned(), |target, (word, id)| target.replace(word, id));
        let verb = if self.verb == "ANY" { "GET" } else { self.verb };
        let mut request = Request::new(verb, &target);
        if let Some(kind) = self.kind() {
            request = request.header("content-type", kind).body(self.body());
        }
        if self.pattern.ends_with("/input") { request.header("upload-offset", "0") } else { request }
    }
}

/// A form of one member.
pub(crate) fn form(name: &str, value: &str) -> Vec<u8> {
    form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish().into_bytes()
}

/// The verb and pattern of each route in the table.
pub(crate) fn in_the_table() -> BTreeSet<(String, String)> {
    ROUTES.iter().map(|route| (route.verb.to_owned(), route.pattern.to_owned())).collect()
}

/// The verb and pattern of each `.route(…)` in the source of the crate.
pub(crate) fn in_the_source() -> BTreeSet<(String, String)> {
    let mut files = Vec::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut found = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        for call in text.split(".route(").skip(1) {
            let pattern = call.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
            let pattern = pattern.unwrap_or_else(|| panic!("{}: a pattern that is no literal", file.display()));
            let handlers = arguments(call);
            let mut n_verbs = 0;
            for verb in ["get", "post", "put", "patch", "delete", "head", "options", "trace", "any"] {
                let is_said = handlers.match_indices(&format!("{verb}(")).any(|(at, _)| {
                    handlers[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric() && before != '_')
                });
                if is_said {
                    n_verbs += 1;
                    found.insert((verb.to_uppercase(), pattern.to_owned()));
                }
            }
            assert!(n_verbs > 0, "{}: {pattern} has no verb that is known here", file.display());
        }
    }
    found
}

/// The text of a call up to its closing bracket.
fn arguments(call: &str) -> &str {
    let mut depth = 1;
    for (at, letter) in call.char_indices() {
        depth += match letter {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth == 0 {
            return &call[..at];
        }
    }
    call
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}
