//! Listening until told to stop.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::app::App;
use crate::connection::{Peer, Protocol, Serving, end, said, stopped};
use crate::door::Door;
use crate::reload::LOOK_EVERY;
use crate::router::router;
use crate::selftest::Watch;
use crate::settings::Settings;
use crate::tls::agreement;

/// The service cannot listen.
#[derive(Debug, thiserror::Error)]
#[error("{address}: cannot be listened on")]
pub struct ListenError {
    /// The address.
    pub address: SocketAddr,
    /// Why.
    #[source]
    pub source: std::io::Error,
}

/// Serves until `stop` is done and for [`HttpLimits::notice`](crate::settings::HttpLimits) after it, then lets requests that run end, for as
/// long as `drain` of the same.
/// `listening` is told the address, whose port the system may have chosen.
pub async fn serve(
    app: App,
    address: SocketAddr,
    listening: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ListenError> {
    let failed = |source| ListenError { address, source };
    let listener = listen(address).map_err(failed)?;
    // It ends with this function.
    let _self_test = Watch::start(&app.engine).map_err(failed)?;
    listening(listener.local_addr().map_err(failed)?);
    // Ends with the service, as it is dropped with it.
    let mut beside = JoinSet::new();
    beside.spawn(follow_files(Arc::clone(&app.settings)));
    beside.spawn(app.settings.access.clone().follow_issuer());
    let limits = app.settings.http;
    let tls = app.settings.tls.clone();
    let engine = Arc::clone(&app.engine);
    let stop = async move {
        stop.await;
        engine.give_notice();
        tokio::time::sleep(limits.notice).await;
    };
    let (say_stop, stopping) = watch::channel(false);
    let door = Arc::new(Door::new(app.clone()));
    let serving = Serving { router: router(app), door, limits, stopping };
    let places = Arc::new(Semaphore::new(limits.n_connections));
    let refusals = Arc::new(Semaphore::new(MAX_REFUSALS));
    let mut connections = JoinSet::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            Some(_ended) = connections.join_next(), if !connections.is_empty() => continue,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                wait_out(&error).await;
                continue;
            }
        };
        // Answers are written whole; waiting for more to send only delays them.
        drop(stream.set_nodelay(true));
        if let Ok(place) = Arc::clone(&places).try_acquire_owned() {
            let (serving, tls) = (serving.clone(), tls.as_ref().map(|tls| tls.acceptor()));
            connections.spawn(async move {
                match tls {
                    Some(tls) => shake_hands(serving, &tls, stream).await,
                    None => serving.run(stream, Protocol::Unsaid, Peer::default()).await,
                }
                drop(place);
            });
        } else if tls.is_some() {
            // Without a handshake there are no words that the client would understand.
            drop(stream);
        } else if let Ok(place) = Arc::clone(&refusals).try_acquire_owned() {
            connections.spawn(async move {
                let words =
                    said("503 Service Unavailable", Some(1), "The service has no room for a further connection.");
                end(stream, Some(&words)).await;
                drop(place);
            });
        }
    }
    drop(listener);
    say_stop.send_replace(true);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(limits.drain, all_ended).await.is_err() {
        tracing::warn!(n_connections = connections.len(), "connections are cut off that did not end in time");
        connections.shutdown().await;
    }
    Ok(())
}

/// Connections that may wait to be accepted; the system has a bound of its own (`net.core.somaxconn`). With fewer, the connections of a client
/// that opens hundreds at a time are dropped, and come a second later, when they are tried again.
const BACKLOG: u32 = 4096;

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // On other systems than Unix this would let two programs listen on one port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Agrees on TLS and serves the connection; one that does not agree in time, or shows no good certificate, is closed.
async fn shake_hands(mut serving: Serving, tls: &TlsAcceptor, stream: TcpStream) {
    let agreed = tokio::select! {
        agreed = tokio::time::timeout(serving.limits.head, tls.accept(stream)) => agreed,
        () = stopped(&mut serving.stopping) => return,
    };
    match agreed {
        Ok(Ok(stream)) => {
            let (protocol, peer) = agreement(stream.get_ref().1);
            serving.run(stream, protocol, peer).await;
        }
        Ok(Err(error)) => tracing::info!(%error, "a TLS handshake failed"),
        Err(_) => tracing::info!("a TLS handshake did not end in time"),
    }
}

/// Connections that are told at a time that there is no room; further ones are closed without a word.
const MAX_REFUSALS: usize = 64;

/// After a connection could not be accepted: one that was given up costs nothing, a system without means is given time.
async fn wait_out(error: &std::io::Error) {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "a connection could not be accepted");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Takes up keys and certificates that changed, within a second; at SIGHUP whether or not they seem to have changed.
async fn follow_files(settings: Arc<Settings>) {
    #[cfg(unix)]
    let mut hangup = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok();
    loop {
        #[cfg(unix)]
        let in_any_case = match &mut hangup {
            Some(hangup) => tokio::time::timeout(LOOK_EVERY, hangup.recv()).await.is_ok(),
            None => waited().await,
        };
        #[cfg(not(unix))]
        let in_any_case = waited().await;
        let settings = Arc::clone(&settings);
        // A panic while reading leaves what holds.
        let refresh = move || {
            settings.access.refresh(in_any_case);
            if let Some(tls) = &settings.tls {
                tls.refresh(in_any_case);
            }
        };
        drop(tokio::task::spawn_blocking(refresh).await);
    }
}

/// Waits until files are to be looked at; nobody said that they changed.
async fn waited() -> bool {
    tokio::time::sleep(LOOK_EVERY).await;
    false
}
