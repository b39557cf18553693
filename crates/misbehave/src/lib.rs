//! A web server for tests, on the standard library alone, that misbehaves as it is told to.
//!
//! Idea: a handler turns each request into a [`Reply`], which says what is sent and how it goes wrong: cut, stalled, dripping,
//! endless, of a length that is not the declared one. Every request is kept in a log.
//! Invariant: each connection carries one request and is closed; a stalled reply ends when the client goes away or after
//! [`LONGEST_STALL`], so that no test hangs. Cost: a thread a connection.
//! Source: RFC 9110 for ranges and conditions.
#![expect(clippy::unwrap_used, reason = "a server for tests may fail by panicking")]
#![forbid(unsafe_code)]

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Longest time that a stalled reply holds its connection.
pub const LONGEST_STALL: Duration = Duration::from_secs(5);

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What was asked for: a path, or a whole address where the client takes the server for a proxy.
    pub target: String,
    /// Header fields, names in lower case.
    pub headers: Vec<(String, String)>,
    /// How many requests for this target came before.
    pub nth: usize,
}

impl Asked {
    /// The value of a header field.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// The length that is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    True,
    Claimed(usize),
    Unsaid,
}

/// How a body goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    Cut(usize),
    Stall(usize),
    Drip(Duration),
    Endless,
}

/// What is answered.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    length: Length,
    fault: Fault,
}

impl Reply {
    /// An answer of this status and body.
    pub fn of(status: u16, body: impl Into<Vec<u8>>) -> Reply {
        Reply { status, headers: Vec::new(), body: body.into(), length: Length::True, fault: Fault::None }
    }

    /// 200 with this body.
    pub fn ok(body: impl Into<Vec<u8>>) -> Reply {
        Reply::of(200, body)
    }

    /// 302 to this address.
    pub fn redirect(location: &str) -> Reply {
        Reply::of(302, "").header("Location", location)
    }

    /// As a good server answers for a file: with a strong entity tag, 304 where it is known, 206 for a range of it.
    pub fn file(asked: &Asked, body: impl Into<Vec<u8>>) -> Reply {
        let body = body.into();
        let tag = tag_of(&body);
        if asked.header("if-none-match") == Some(&tag) {
            return Reply::of(304, "").header("ETag", &tag);
        }
        let range =
            asked.header("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
        let fresh = asked.header("if-range").is_none_or(|given| given == tag);
        match range {
            Some(start) if fresh && start < body.len() => {
                let said = format!("bytes {start}-{}/{}", body.len() - 1, body.len());
                Reply::of(206, &body[start..]).header("ETag", &tag).header("Content-Range", &said)
            }
            Some(_) if fresh => Reply::of(416, ""),
            _ => Reply::ok(body).header("ETag", &tag),
        }
    }

    /// With one header field more.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Reply {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Declares this length, whatever the body's.
    #[must_use]
    pub fn declaring(mut self, length: usize) -> Reply {
        self.length = Length::Claimed(length);
        self
    }

    /// Declares no length; the body ends with the connection.
    #[must_use]
    pub fn without_length(mut self) -> Reply {
        self.length = Length::Unsaid;
        self
    }

    /// Closes the connection after so many bytes of the body.
    #[must_use]
    pub fn cut_after(mut self, n: usize) -> Reply {
        self.fault = Fault::Cut(n);
        self
    }

    /// Falls silent after so many bytes of the body.
    #[must_use]
    pub fn stalling_after(mut self, n: usize) -> Reply {
        self.fault = Fault::Stall(n);
        self
    }

    /// Sends a byte at a time, with this pause between.
    #[must_use]
    pub fn dripping(mut self, pause: Duration) -> Reply {
        self.fault = Fault::Drip(pause);
        self
    }

    /// Repeats the body until the client goes away, and declares no length.
    #[must_use]
    pub fn endless(mut self) -> Reply {
        self.fault = Fault::Endless;
        self.without_length()
    }
}

/// The entity tag that [`Reply::file`] gives a body: its FNV-1a hash.
pub fn tag_of(body: &[u8]) -> String {
    let hash = body
        .iter()
        .fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    format!("\"{hash:016x}\"")
}

type Handler = dyn Fn(&Asked) -> Reply + Send + Sync;

/// A running server; it ends when dropped.
pub struct Server {
    address: SocketAddr,
    log: Arc<Mutex<Vec<Asked>>>,
    ended: Arc<AtomicBool>,
}

impl Server {
    /// Starts a server on a free port of this machine.
    pub fn start(handler: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (log, ended) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let handler: Arc<Handler> = Arc::new(handler);
        let (kept, stop) = (Arc::clone(&log), Arc::clone(&ended));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(stream), handler, kept) = (stream, Arc::clone(&handler), Arc::clone(&kept)) else { continue };
                // A client that goes away in the middle is what half of the tests are about.
                std::thread::spawn(move || drop(serve(stream, &*handler, &kept)));
            }
        });
        Server { address, log, ended }
    }

    /// Address of a path on it.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// All requests so far.
    pub fn log(&self) -> Vec<Asked> {
        self.log.lock().unwrap().clone()
    }

    /// Number of requests for a target so far.
    pub fn n_asked(&self, target: &str) -> usize {
        self.log().iter().filter(|asked| asked.target == target).count()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for a connection.
        drop(TcpStream::connect(self.address));
    }
}

fn serve(stream: TcpStream, handler: &Handler, log: &Mutex<Vec<Asked>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let Some(target) = line.split_whitespace().nth(1).map(str::to_owned) else { return Ok(()) };
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.push((name.to_lowercase(), value.trim().to_owned()));
        }
    }
    let asked = {
        let mut log = log.lock().unwrap();
        let nth = log.iter().filter(|asked| asked.target == target).count();
        let asked = Asked { target, headers, nth };
        log.push(asked.clone());
        asked
    };
    send(stream, &handler(&asked))
}

fn send(mut stream: TcpStream, reply: &Reply) -> std::io::Result<()> {
    let mut head = format!("HTTP/1.1 {} Said\r\nConnection: close\r\n", reply.status);
    let length = match reply.length {
        Length::True => Some(reply.body.len()),
        Length::Claimed(length) => Some(length),
        Length::Unsaid => None,
    };
    if let Some(length) = length.filter(|_| reply.status != 304) {
        write!(head, "Content-Length: {length}\r\n").unwrap();
    }
    for (name, value) in &reply.headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes())?;
    match reply.fault {
        Fault::None => stream.write_all(&reply.body),
        Fault::Cut(n) => stream.write_all(&reply.body[..n.min(reply.body.len())]),
        Fault::Stall(n) => {
            stream.write_all(&reply.body[..n.min(reply.body.len())])?;
            stream.set_read_timeout(Some(LONGEST_STALL))?;
            // Ends when the client closes.
            stream.read(&mut [0]).map(drop)
        }
        Fault::Drip(pause) => {
            for byte in &reply.body {
                stream.write_all(&[*byte])?;
                std::thread::sleep(pause);
            }
            Ok(())
        }
        Fault::Endless => loop {
            stream.write_all(&reply.body)?;
        },
    }
}
