//! Who is speaking: tokens that others made are verified, those of this server are looked up.

use crate::auth::{Credentials, Identity, Reason, Refusal, Source, TokenHash, Verifier};
use crate::chat::Chat;
use crate::config::AuthPolicy;
use crate::model::User;
use crate::time::Timestamp;

impl Chat {
    /// Who is speaking.
    pub async fn identify(
        &self,
        verifier: &Verifier,
        credentials: &Credentials<'_>,
    ) -> Result<Identity, Refusal> {
        let verdict = self.look_at(verifier, credentials).await;
        if let Err(refusal) = &verdict {
            self.config.observer.rejected(refusal.reason);
        }
        verdict
    }

    async fn look_at(
        &self,
        verifier: &Verifier,
        credentials: &Credentials<'_>,
    ) -> Result<Identity, Refusal> {
        let Some((source, token)) = verifier.session_token(credentials) else {
            return verifier.identify(credentials);
        };
        let verdict = self.session(TokenHash::of(token)).await;
        match verdict {
            // A browser sends its cookie whether it is stale or not; nobody chose to speak with it.
            Err(_) if verifier.policy() == AuthPolicy::Open && source == Source::Cookie => {
                Ok(Identity::guest())
            }
            verdict => verdict.map_err(Refusal::from),
        }
    }

    /// Whether a session is there. Nobody is put out because the store cannot be read.
    pub(crate) async fn has_session(&self, hash: TokenHash) -> bool {
        let session = self.store.session(hash).await;
        session.map_or_else(
            |error| {
                tracing::error!(%error, "read failed");
                true
            },
            |session| session.is_some(),
        )
    }

    async fn session(&self, hash: TokenHash) -> Result<Identity, Reason> {
        let failed = |error| {
            tracing::error!(%error, "read failed");
            Reason::UnknownSession
        };
        let session = self.store.session(hash).await.map_err(failed)?;
        let session = session.ok_or(Reason::UnknownSession)?;
        if session.expires_at <= Timestamp::now() {
            return Err(Reason::Expired);
        }
        let user = self.store.user(&session.user).await.map_err(failed)?;
        let identity = match user {
            Some(user) => Identity {
                username: user.username,
                ..Identity::known(user.id, user.name)
            },
            None => {
                let User { id, name, .. } = User::guest(session.user);
                Identity {
                    user: id,
                    name,
                    ..Identity::guest()
                }
            }
        };
        Ok(Identity {
            expires_at: Some(session.expires_at),
            ..identity
        })
    }
}
