//! A client that keeps its connection and sends what it is told, letter by letter; what does not come back in time is a fault.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longest time for an answer: on a machine that is busy with other tests none of these takes a second.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) verb: String,
    /// What stands in the request line.
    pub(crate) target: Vec<u8>,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(verb: &str, target: &str) -> Request {
        let (verb, target) = (verb.to_owned(), target.as_bytes().to_vec());
        Request { verb, target, headers: Vec::new(), body: Vec::new() }
    }

    /// With a header in the place of the one of that name.
    pub(crate) fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Request {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Request {
        self.body = body.into();
        self
    }

    pub(crate) fn target(mut self, target: impl Into<Vec<u8>>) -> Request {
        self.target = target.into();
        self
    }

    /// As it goes over the wire.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut out = [self.verb.as_bytes(), b" ", &self.target, b" HTTP/1.1\r\n"].concat();
        if !self.headers.iter().any(|(name, _)| name == "host") {
            out.extend(b"host: x\r\n");
        }
        for (name, value) in &self.headers {
            out.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        if !(self.body.is_empty() && matches!(self.verb.as_str(), "GET" | "HEAD")) {
            out.extend(format!("content-length: {}\r\n", self.body.len()).bytes());
        }
        out.extend(b"\r\n");
        out.extend(&self.body);
        out
    }

    /// For a fault: what was asked, short.
    pub(crate) fn told(&self) -> String {
        let bytes = self.bytes();
        let text = String::from_utf8_lossy(&bytes[..bytes.len().min(1500)]).into_owned();
        format!("{text:?}{}", if bytes.len() > 1500 { format!("… ({} bytes)", bytes.len()) } else { String::new() })
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Told {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A connection that is opened when it is needed.
pub(crate) struct Wire {
    address: SocketAddr,
    stream: Option<TcpStream>,
    /// Came and was not read yet.
    ahead: Vec<u8>,
}

impl Wire {
    pub(crate) fn to(address: SocketAddr) -> Wire {
        Wire { address, stream: None, ahead: Vec::new() }
    }

    /// Sends a request and reads its answer.
    pub(crate) fn ask(&mut self, request: &Request) -> Result<Told, String> {
        let bytes = request.bytes();
        self.send(&bytes, request.verb == "HEAD")
    }

    /// Sends bytes and reads the answer to them.
    pub(crate) fn send(&mut self, bytes: &[u8], is_head: bool) -> Result<Told, String> {
        let is_kept = self.stream.is_some();
        match self.exchange(bytes, is_head) {
            // A server may close a kept connection at any time; the answer to the request before it has told so or not.
            Err(fault) if is_kept && fault == NOTHING => {
                self.close();
                self.exchange(bytes, is_head)
            }
            other => other,
        }
        .inspect_err(|_| self.close())
    }

    pub(crate) fn close(&mut self) {
        self.stream = None;
        self.ahead.clear();
    }

    fn exchange(&mut self, bytes: &[u8], is_head: bool) -> Result<Told, String> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(self.address).map_err(|error| format!("no connection: {error}"))?;
            stream.set_nodelay(true).unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            stream.set_write_timeout(Some(PATIENCE)).unwrap();
            self.stream = Some(stream);
        }
        // Who refuses by the head may answer and close before the body is sent.
        let sent = self.stream.as_mut().map(|stream| stream.write_all(bytes));
        let told = self.answer(is_head)?;
        if !matches!(sent, Some(Ok(()))) || told.header("connection").is_some_and(|word| word == "close") {
            self.close();
        }
        Ok(told)
    }

    fn answer(&mut self, is_head: bool) -> Result<Told, String> {
        let (status, headers) = loop {
            let head = self.until(b"\r\n\r\n")?;
            let text = String::from_utf8(head).map_err(|_| "a head that is not UTF-8".to_owned())?;
            let mut lines = text.split("\r\n");
            let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse::<u16>().ok());
            let status = status.ok_or_else(|| format!("no status: {text:?}"))?;
            if status >= 200 {
                let pairs = lines.filter_map(|line| line.split_once(": "));
                break (status, pairs.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect());
            }
        };
        let mut told = Told { status, headers, body: Vec::new() };
        if is_head || matches!(status, 204 | 304) {
            return Ok(told);
        }
        if told.header("transfer-encoding") == Some("chunked") {
            loop {
                let line = self.until(b"\r\n")?;
                let size = std::str::from_utf8(&line).ok().and_then(|line| usize::from_str_radix(line.trim(), 16).ok());
                let size = size.ok_or_else(|| format!("no size of a chunk: {line:?}"))?;
                let mut chunk = self.exactly(size + 2)?;
                chunk.truncate(size);
                told.body.extend(chunk);
                if size == 0 {
                    return Ok(told);
                }
            }
        }
        let len = told.header("content-length").and_then(|len| len.parse().ok());
        told.body = self.exactly(len.ok_or_else(|| format!("an answer of no length: {told:?}"))?)?;
        Ok(told)
    }

    fn until(&mut self, end: &[u8]) -> Result<Vec<u8>, String> {
        loop {
            if let Some(at) = self.ahead.windows(end.len()).position(|window| window == end) {
                let rest = self.ahead.split_off(at + end.len());
                return Ok(std::mem::replace(&mut self.ahead, rest));
            }
            self.more()?;
        }
    }

    fn exactly(&mut self, n: usize) -> Result<Vec<u8>, String> {
        while self.ahead.len() < n {
            self.more()?;
        }
        let rest = self.ahead.split_off(n);
        Ok(std::mem::replace(&mut self.ahead, rest))
    }

    fn more(&mut self) -> Result<(), String> {
        let mut buffer = [0; 1 << 13];
        let stream = self.stream.as_mut().ok_or("no connection")?;
        match stream.read(&mut buffer) {
            Ok(n) if n > 0 => {
                self.ahead.extend(&buffer[..n]);
                Ok(())
            }
            Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                Err(format!("no answer within {PATIENCE:?}"))
            }
            _ if self.ahead.is_empty() => Err(NOTHING.to_owned()),
            _ => Err("the connection ended within an answer".to_owned()),
        }
    }
}

const NOTHING: &str = "the connection ended without an answer";
