//! A service on a port of its own, and a client that says just what it is told.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use interdict_model::{Entity, ListId, Origin};
use interdict_server::app::App;
use interdict_server::catalogue::Catalogue;
use interdict_server::engine::{Engine, Updater};
use interdict_server::jobs::Jobs;
use interdict_server::observe::Observe;
use interdict_server::pool::{Limits, Pool};
use interdict_server::serve::serve;
use interdict_server::settings::Settings;
use interdict_server::view::View;
use interdict_snapshot::{Builder, ListMeta, Snapshot};
use serde_json::Value as Json;

/// A running service; stops when it is dropped.
pub(crate) struct Service {
    pub(crate) address: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }
}

impl Service {
    pub(crate) fn start_with(view: Option<View>, settings: Settings, jobs: Option<Arc<Jobs>>) -> Service {
        let pool = Pool::start(Limits { n_threads: 2, ..Limits::default() }).unwrap();
        let app = App::new(Arc::new(Engine::new(pool, view, None)), settings);
        Service::of_app(App { jobs, ..app })
    }

    pub(crate) fn start(view: Option<View>, updater: Option<Updater>, settings: Settings) -> Service {
        let pool = Pool::start(Limits { n_threads: 2, ..Limits::default() }).unwrap();
        let engine = Arc::new(Engine::new(pool, view, updater));
        Service::of_app(App::new(engine, settings))
    }

    /// A service of these lists that tells this, too.
    pub(crate) fn observed(lists: &[(&str, &[&str])], observe: Observe) -> Service {
        let pool = Pool::start(Limits { n_threads: 2, ..Limits::default() }).unwrap();
        let engine = Engine::new(pool, Some(view(lists)), None).observed(observe);
        Service::of_app(App::new(Arc::new(engine), Settings::default()))
    }

    /// Asks until something holds of the answer, for some seconds at most.
    pub(crate) fn wait_for(&self, path: &str, holds: impl Fn(&Answer) -> bool) -> Answer {
        let start = std::time::Instant::now();
        loop {
            let answer = self.get(path);
            if holds(&answer) {
                return answer;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "{path}: {answer:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn of_app(app: App) -> Service {
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let (told, listening) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            let stopped = async { drop(stopped.await) };
            let any = SocketAddr::from(([127, 0, 0, 1], 0));
            runtime.block_on(serve(app, any, |address| told.send(address).unwrap(), stopped)).unwrap();
        });
        let address = listening.recv().unwrap();
        Service { address, stop: Some(stop), thread: Some(thread) }
    }

    pub(crate) fn of(lists: &[(&str, &[&str])]) -> Service {
        Service::start(Some(view(lists)), None, Settings::default())
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }

    /// A request without body, with further lines of head, each ended by CR LF.
    pub(crate) fn ask(&self, method: &str, path: &str, lines: &str) -> Answer {
        self.send(&format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{lines}\r\n"))
    }

    pub(crate) fn post(&self, path: &str, body: &str) -> Answer {
        self.post_as(path, Some("application/json"), body.as_bytes())
    }

    pub(crate) fn post_as(&self, path: &str, kind: Option<&str>, body: &[u8]) -> Answer {
        let kind = kind.map(|kind| format!("content-type: {kind}\r\n")).unwrap_or_default();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{kind}content-length: {}\r\n\r\n",
            body.len()
        );
        self.send_bytes(&[head.as_bytes(), body].concat())
    }

    pub(crate) fn send(&self, request: &str) -> Answer {
        self.send_bytes(request.as_bytes())
    }

    pub(crate) fn send_bytes(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        // A server that refuses by the head may close before the body is sent.
        drop(stream.write_all(request));
        let mut bytes = Vec::new();
        drop(stream.read_to_end(&mut bytes));
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
        let body =
            if head.to_lowercase().contains("transfer-encoding: chunked") { unchunked(body) } else { body.to_owned() };
        Answer { status, head: head.to_owned(), body }
    }
}

impl Service {
    pub(crate) fn tell_to_stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _gone_already = stop.send(());
        }
    }

    /// Waits until the service has ended.
    pub(crate) fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.tell_to_stop();
        self.join();
    }
}

fn unchunked(mut body: &str) -> String {
    let mut out = String::new();
    while let Some((size, rest)) = body.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            break;
        }
        out.push_str(&rest[..size]);
        body = &rest[size + 2..];
    }
    out
}

/// A snapshot of lists whose entities are given as FtM JSON.
pub(crate) fn snapshot(lists: &[(&str, &[&str])]) -> Snapshot {
    Snapshot::from_bytes(snapshot_bytes(lists)).unwrap()
}

/// The bytes of that snapshot's file.
pub(crate) fn snapshot_bytes(lists: &[(&str, &[&str])]) -> Vec<u8> {
    let mut builder = Builder::new();
    for (id, entities) in lists {
        let id = ListId::new(id).unwrap();
        let origin = Origin::new(id.clone(), "1", "");
        builder.list(ListMeta { id, version: "1".to_owned(), title: None, partial: None, stale: None, missing: None });
        for text in *entities {
            for entity in Entity::from_ftm(text, &origin).unwrap() {
                builder.entity(entity);
            }
        }
    }
    builder.build().unwrap().bytes
}

pub(crate) fn view(lists: &[(&str, &[&str])]) -> View {
    let snapshot = snapshot(lists);
    let catalogue = Arc::new(Catalogue::of_meta(snapshot.meta()));
    View::new(snapshot, catalogue)
}
