//! Sessions: acquired by anybody, at a bounded rate, and given back.

use std::net::IpAddr;
use std::time::Duration;

use super::announcer::Effect;
use super::state::{Moment, Outcome, State};
use crate::auth::{Session, TokenHash, random_token};
use crate::command::{NewSession, Opened, Reply, Speaker};
use crate::failure::Failure;
use crate::store::Change;
use crate::time::Timestamp;

/// What a client may say about itself, in bytes.
const MOST_METADATA: usize = 4096;

/// How often sessions that have ended are looked for.
const SWEEP: Duration = Duration::from_secs(3600);

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
        self.sweep(moment, out);
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
    pub(super) fn end_session(
        &mut self,
        by: &Speaker,
        session: TokenHash,
        moment: Moment,
        out: &mut Outcome,
    ) -> Result<Reply, Failure> {
        let theirs = self.roll.sockets(&by.identity.user);
        let theirs = theirs.filter(|attendant| attendant.session == Some(session));
        let sockets: Vec<_> = theirs.map(|attendant| attendant.socket.clone()).collect();
        // From here on they reach nobody, so what is written to their user must not count on them.
        for socket in sockets {
            self.disconnect(by, &socket, moment, out)?;
        }
        out.changes.push(Change::SessionEnded(session));
        out.effects.push(Effect::Expel(session));
        Ok(Reply::Done)
    }

    /// Those that ended by themselves go when others come, now and then: so there are never many of them.
    fn sweep(&mut self, moment: Moment, out: &mut Outcome) {
        let due = self
            .swept
            .is_none_or(|last| moment.instant.duration_since(last) >= SWEEP);
        if due {
            self.swept = Some(moment.instant);
            out.changes.push(Change::SessionsExpired(moment.now));
        }
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Instant;

    use super::*;
    use crate::config::Config;
    use crate::store::Counters;
    use crate::testing::guest;

    #[test]
    fn sessions_that_have_ended_go_when_others_come_once_an_hour() {
        let mut state = State::new(Arc::new(Config::default()), Counters::default());
        let new = NewSession {
            metadata: None,
            address: None,
        };
        let start = Instant::now();
        let mut sweeps = Vec::new();
        for minutes in [0, 1, 59, 61, 119, 122] {
            let (mut out, moment) = (
                Outcome::default(),
                Moment {
                    now: Timestamp::now(),
                    instant: start + Duration::from_secs(minutes * 60),
                },
            );
            let opened = state.open_session(&guest(), &new, moment, &mut out);
            opened.expect("no limit without an address");
            let is_sweep = |change: &Change| matches!(change, Change::SessionsExpired(_));
            if out.changes.iter().any(is_sweep) {
                sweeps.push(minutes);
            }
        }
        assert_eq!(sweeps, [0, 61, 122]);
    }
}
