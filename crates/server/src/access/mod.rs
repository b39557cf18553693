//! Who may ask what, and how much.
//!
//! Idea: `credential` reads what a request shows, `keys` and `token` (signed by an `issuer`) know whose it is, `roles` what that one may do, `limits` how much; `layer` asks
//! them in this order before a route sees the request, and `refused` says no.
//! Invariant: where there is any way to say who one is, who does not say it is refused, health alone excepted; a route that no class
//! names is for administrators.

mod credential;
mod issuer;
pub mod keys;
pub(crate) mod layer;
mod limits;
mod refused;
pub(crate) mod roles;
pub mod secret;
mod token;

use std::path::PathBuf;
use std::sync::Arc;

pub use issuer::{Issuer, IssuerError, IssuerOptions};
pub(crate) use layer::Caller;
pub use limits::Rate;
pub use roles::Role;
pub use token::TokenRules;

use crate::reload::Reloaded;
use keys::{Keys, KeysError};

/// Who may ask. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Access {
    keys: Option<Arc<Reloaded<Keys, KeysError>>>,
    certificates: Option<Role>,
    issuer: Option<Arc<Issuer>>,
}

impl Access {
    /// Nobody has to say who they are.
    pub fn open() -> Access {
        Access::default()
    }

    /// Those who have a key of the file, which is followed as it changes.
    ///
    /// # Errors
    /// The file cannot be used.
    pub fn by_keys(file: PathBuf) -> Result<Access, KeysError> {
        let path = file.clone();
        let keys = Reloaded::open("API keys", vec![file], move |before| Keys::read(&path, before))?;
        Ok(Access { keys: Some(Arc::new(keys)), ..Access::open() })
    }

    /// Those, too, who show a token of an issuer.
    #[must_use]
    pub fn with_issuer(self, issuer: Issuer) -> Access {
        Access { issuer: Some(Arc::new(issuer)), ..self }
    }

    /// Those whose certificate TLS found good have a role, where neither keys nor tokens are asked for; where they are, both are needed
    /// and the role of the key or token counts.
    #[must_use]
    pub fn with_certificates(self, role: Role) -> Access {
        Access { certificates: Some(role), ..self }
    }

    /// Whether nobody has to say who they are.
    pub fn is_open(&self) -> bool {
        self.keys.is_none() && self.certificates.is_none() && self.issuer.is_none()
    }

    /// Keeps the keys of the issuer fresh; ends at once where there is none.
    pub(crate) async fn follow_issuer(self) {
        if let Some(issuer) = self.issuer {
            issuer.follow().await;
        }
    }

    /// Takes up files that changed, or reads them in any case. Blocks.
    pub(crate) fn refresh(&self, in_any_case: bool) {
        if let Some(keys) = &self.keys {
            keys.refresh(in_any_case);
        }
    }
}
