//! Listening until told to stop.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::app::App;
use crate::reload::LOOK_EVERY;
use crate::router::router;
use crate::settings::Settings;

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

/// Serves until `stop` is done, then lets requests that run end. `listening` is told the address, whose port the system may have
/// chosen.
pub async fn serve(
    app: App,
    address: SocketAddr,
    listening: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ListenError> {
    let failed = |source| ListenError { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    listening(listener.local_addr().map_err(failed)?);
    // Ends with the service, as it is dropped with it.
    let mut beside = JoinSet::new();
    beside.spawn(follow_files(Arc::clone(&app.settings)));
    axum::serve(listener, router(app)).with_graceful_shutdown(stop).await.map_err(failed)
}

/// Takes up keys that changed, within a second; at SIGHUP whether or not they seem to have changed.
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
        drop(tokio::task::spawn_blocking(move || settings.access.refresh(in_any_case)).await);
    }
}

/// Waits until files are to be looked at; nobody said that they changed.
async fn waited() -> bool {
    tokio::time::sleep(LOOK_EVERY).await;
    false
}
