//! One attempt at one file: redirects followed by hand, the answer held against what was asked, the body streamed into the part.
//!
//! Redirects are followed here rather than by the client so that the token stays with the server first asked and https never
//! becomes http.

use std::io::Read as _;
use std::time::{Instant, SystemTime};

use reqwest::blocking::{Client, Response};
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_RANGE, ETAG, HeaderMap, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    IF_RANGE, LAST_MODIFIED, LOCATION, RANGE,
};
use reqwest::{StatusCode, Url};

use crate::error::{FetchError, innermost, shown};
use crate::fetcher::{Answer, Progress, Request, Validators, may_lead};
use crate::options::FetchOptions;
use crate::part::Part;
use crate::{backoff, digest};

/// Most redirects of one request; the OFAC service needs four.
const REDIRECT_LIMIT: usize = 10;

/// What an attempt yields: nothing new, or the whole file in the part.
pub(crate) enum Attempted {
    Unchanged,
    Whole(Answer),
}

/// Everything that an attempt takes.
pub(crate) struct Attempt<'a> {
    pub(crate) client: &'a Client,
    pub(crate) options: &'a FetchOptions,
    pub(crate) request: &'a Request,
    pub(crate) url: &'a Url,
}

impl Attempt<'_> {
    /// Asks once, and streams what comes into the part.
    pub(crate) fn run(&self, part: &mut Part, progress: &mut dyn FnMut(Progress)) -> Result<Attempted, FetchError> {
        let start = Instant::now();
        let response = self.ask(part)?;
        let url = shown(response.url());
        let status = response.status();
        let headers = response.headers().clone();
        let mut of_range = None;
        match status {
            StatusCode::NOT_MODIFIED if self.request.validators.is_some() => return Ok(Attempted::Unchanged),
            StatusCode::OK => part.restart(&self.request.url, strong_tag(&headers))?,
            StatusCode::PARTIAL_CONTENT if part.length > 0 && part.tag.is_some() => {
                of_range = Some(self.check_range(part, &headers, response.content_length(), &url)?);
            }
            StatusCode::RANGE_NOT_SATISFIABLE if part.length > 0 => {
                let asked = part.length;
                part.restart(&self.request.url, None)?;
                return Err(FetchError::Range { url, asked, got: "416".to_owned() });
            }
            _ => {
                let retry_after = backoff::retry_after(&headers, SystemTime::now());
                return Err(FetchError::Status { url, status: status.as_u16(), retry_after });
            }
        }
        let resumed = part.length;
        // Lengths of an answer without a body of its own say nothing; those of a body are held against what comes.
        let total = of_range.or_else(|| response.content_length().map(|length| length.saturating_add(resumed)));
        if total.is_some_and(|total| total > self.request.max_bytes) {
            return Err(FetchError::TooLarge { url, limit: self.request.max_bytes });
        }
        progress(Progress::Started { resumed, total });
        let answer = Answer {
            declared_digest: digest::declared(&headers),
            validators: Validators {
                etag: text(&headers, ETAG.as_str()),
                last_modified: text(&headers, LAST_MODIFIED.as_str()),
            },
            content_type: text(&headers, "content-type"),
            file_name: text(&headers, "content-disposition").and_then(|said| disposition_name(&said)),
            final_url: response.url().to_string(),
        };
        self.stream(response, part, start, total, progress)?;
        Ok(Attempted::Whole(answer))
    }

    /// Follows redirects to an answer.
    fn ask(&self, part: &Part) -> Result<Response, FetchError> {
        let mut url = self.url.clone();
        for _ in 0..=REDIRECT_LIMIT {
            let request = self.client.get(url.clone()).headers(self.headers(part, &url)?);
            let response = request.send().map_err(|error| self.client_error(&url, &error))?;
            let redirect = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
            if !redirect {
                return Ok(response);
            }
            let location = text(response.headers(), LOCATION.as_str()).unwrap_or_default();
            let next = url.join(&location).ok().filter(|next| !location.is_empty() && may_lead(&url, next));
            url = next.ok_or_else(|| FetchError::Redirect { url: shown(&url), location })?;
        }
        Err(FetchError::Redirects { url: shown(self.url), limit: REDIRECT_LIMIT })
    }

    fn headers(&self, part: &Part, url: &Url) -> Result<HeaderMap, FetchError> {
        let value =
            |text: &str| HeaderValue::from_str(text).map_err(|error| FetchError::Options { reason: error.to_string() });
        // The bytes are wanted as the publisher digested them; packed files are seen through by whoever reads them.
        let mut headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("identity"))]);
        if let Some(tag) = &self.request.validators.etag {
            headers.insert(IF_NONE_MATCH, value(tag)?);
        } else if let Some(date) = &self.request.validators.last_modified {
            headers.insert(IF_MODIFIED_SINCE, value(date)?);
        }
        if let (Some(tag), 1..) = (&part.tag, part.length) {
            headers.insert(RANGE, value(&format!("bytes={}-", part.length))?);
            headers.insert(IF_RANGE, value(tag)?);
        }
        if let Some(token) = &self.options.bearer
            && url.origin() == self.url.origin()
        {
            let mut token = value(&format!("Bearer {}", token.reveal()))?;
            token.set_sensitive(true);
            headers.insert(AUTHORIZATION, token);
        }
        if let Some(credential) = &self.request.credential {
            credential.add(url, &mut headers).map_err(|error| FetchError::Options { reason: error.to_string() })?;
        }
        Ok(headers)
    }

    /// The answer must go on where the part ends, to the end of the same file: RFC 9110 (15.3.7) has every 206 carry the entity
    /// tag, so that one without it is not believed. Returns the length of the whole.
    fn check_range(
        &self,
        part: &mut Part,
        headers: &HeaderMap,
        length: Option<u64>,
        url: &str,
    ) -> Result<u64, FetchError> {
        let got = text(headers, CONTENT_RANGE.as_str()).unwrap_or_default();
        let fits = || {
            let (range, total) = got.strip_prefix("bytes ")?.split_once('/')?;
            let (start, end) = range.split_once('-')?;
            let (start, end): (u64, u64) = (start.parse().ok()?, end.parse().ok()?);
            let total: u64 = total.parse().ok()?;
            let rest = total.checked_sub(start)?;
            let same = part.tag.is_some() && text(headers, ETAG.as_str()) == part.tag;
            let whole = end.checked_add(1)? == total && length.is_none_or(|length| length == rest);
            (start == part.length && whole && same).then_some(total)
        };
        if let Some(total) = fits() {
            return Ok(total);
        }
        let asked = part.length;
        part.restart(&self.request.url, None)?;
        let tag = text(headers, ETAG.as_str()).unwrap_or_else(|| "no entity tag".to_owned());
        Err(FetchError::Range { url: url.to_owned(), asked, got: format!("{got} of {tag}") })
    }

    fn stream(
        &self,
        mut response: Response,
        part: &mut Part,
        start: Instant,
        total: Option<u64>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), FetchError> {
        let url = response.url().clone();
        let mut buffer = vec![0; 1 << 16];
        loop {
            let n = response.read(&mut buffer).map_err(|error| self.read_error(&url, &error, part.length, total))?;
            let Some(read) = buffer.get(..n).filter(|read| !read.is_empty()) else { break };
            if part.length + n as u64 > self.request.max_bytes {
                return Err(FetchError::TooLarge { url: shown(&url), limit: self.request.max_bytes });
            }
            part.append(read)?;
            progress(Progress::Received { bytes: n as u64 });
            if start.elapsed() > self.options.total_timeout {
                return Err(FetchError::Timeout { url: shown(&url), waited: self.options.total_timeout });
            }
        }
        match total {
            Some(declared) if declared != part.length => {
                Err(FetchError::Truncated { url: shown(&url), got: part.length, declared })
            }
            _ => Ok(()),
        }
    }

    fn client_error(&self, url: &Url, error: &reqwest::Error) -> FetchError {
        if error.is_timeout() {
            let waited = if error.is_connect() { self.options.connect_timeout } else { self.options.read_timeout };
            return FetchError::Timeout { url: shown(url), waited };
        }
        FetchError::Connection { url: shown(url), reason: innermost(error) }
    }

    fn read_error(&self, url: &Url, error: &std::io::Error, got: u64, total: Option<u64>) -> FetchError {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>());
        if error.kind() == std::io::ErrorKind::TimedOut || inner.is_some_and(reqwest::Error::is_timeout) {
            return FetchError::Timeout { url: shown(url), waited: self.options.read_timeout };
        }
        match total.filter(|declared| *declared > got) {
            Some(declared) => FetchError::Truncated { url: shown(url), got, declared },
            None => FetchError::Connection { url: shown(url), reason: innermost(error) },
        }
    }
}

/// A header field as text.
fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// The entity tag, unless it is weak: a weak one may stand for other bytes.
fn strong_tag(headers: &HeaderMap) -> Option<String> {
    text(headers, ETAG.as_str()).filter(|tag| tag.starts_with('"') && !tag.contains('\n'))
}

/// The file name of `attachment; filename="…"`; only its last part, so that it cannot point elsewhere.
fn disposition_name(said: &str) -> Option<String> {
    let name =
        said.split(';').find_map(|part| part.trim().strip_prefix("filename=")).map(|name| name.trim_matches('"'))?;
    let name = name.rsplit(['/', '\\']).next()?;
    (!name.is_empty() && !name.starts_with('.')).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_cannot_point_elsewhere() {
        for (said, name) in [
            ("attachment; filename=\"consolidated-list_2026-01-02.xml\"", Some("consolidated-list_2026-01-02.xml")),
            ("attachment; filename=../../etc/passwd", Some("passwd")),
            ("attachment; filename=\"..\"", None),
            ("inline", None),
        ] {
            assert_eq!(disposition_name(said).as_deref(), name, "{said}");
        }
    }
}
