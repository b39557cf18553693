//! Listening until told to stop.

use std::future::Future;
use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::app::App;
use crate::router::router;
use crate::selftest::Watch;

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
    // It ends with this function.
    let _self_test = Watch::start(&app.engine).map_err(failed)?;
    listening(listener.local_addr().map_err(failed)?);
    axum::serve(listener, router(app)).with_graceful_shutdown(stop).await.map_err(failed)
}
