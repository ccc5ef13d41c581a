//! Sessions: acquired by anybody, at a bounded rate, and given back.

use std::net::IpAddr;

use super::announcer::Effect;
use super::state::{Moment, Outcome, State};
use crate::auth::{Session, TokenHash, random_token};
use crate::command::{NewSession, Opened, Reply, Speaker};
use crate::failure::Failure;
use crate::store::Change;
use crate::time::Timestamp;

/// What a client may say about itself, in bytes.
const MOST_METADATA: usize = 4096;

impl State {
    pub(super) fn open_session(
        &mut self,
        by: &Speaker,
        new: &NewSession,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        let size = new.metadata.as_ref().map_or(0, String::len);
        if size > MOST_METADATA {
            return Err(Failure::TooLarge {
                field: "metadata",
                limit: MOST_METADATA,
            });
        }
        self.admit_from(new.address, moment)?;
        let lifetime = i64::try_from(self.config.session_lifetime.as_millis()).unwrap_or(i64::MAX);
        let expires_at = moment.now.as_millis().saturating_add(lifetime);
        let expires_at = Timestamp::from_millis(expires_at);
        let token = random_token();
        out.changes.push(Change::SessionOpened(Session {
            hash: TokenHash::of(&token),
            user: by.identity.user.clone(),
            metadata: new.metadata.clone(),
            created_at: moment.now,
            expires_at,
        }));
        Ok(Reply::Session(Opened { token, expires_at }))
    }

    /// Who spoke with it does not speak any more.
    pub(super) fn end_session(session: TokenHash, out: &mut Outcome) -> Reply {
        out.changes.push(Change::SessionEnded(session));
        out.effects.push(Effect::Expel(session));
        Reply::Done
    }

    fn admit_from(&mut self, address: Option<IpAddr>, moment: Moment) -> Result<(), Failure> {
        let Some(address) = address else {
            return Ok(());
        };
        let verdict = self.doors.admit(&address, moment.instant);
        verdict.map_err(|retry_after_ms| {
            self.config.observer.limited("sessions");
            Failure::RateLimited { retry_after_ms }
        })
    }
}
