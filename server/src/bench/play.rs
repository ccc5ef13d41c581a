//! A scene over time: warm up, measure, wait for what is on its way.

use std::time::Duration;

use socketio::client::{ClientError, Notice};

use super::clients::Clients;
use super::crowd::Crowd;
use super::error::BenchError;
use super::meter::{Meter, Window};
use super::plan::Plan;
use super::progress::Progress;
use super::scene::{Count, Measured, Scene};

/// How long nothing may arrive of what is on its way, until it is lost. Longer than a busy server needs between two messages of ten
/// thousand recipients; a stock client would wait longer still, for a heartbeat.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a server that is behind may take for the rest.
const DRAIN: Duration = Duration::from_secs(120);

/// How long those who did not read have to find out whether they were cut.
const WAKE: Duration = Duration::from_secs(2);

/// How long one poll may take.
const TICK: Duration = Duration::from_millis(50);

/// What a scene is played with.
pub(super) struct Play<'a> {
    pub(super) crowd: &'a mut Crowd,
    pub(super) progress: &'a mut Progress,
    pub(super) meter: Meter,
}

impl Play<'_> {
    /// Plays a scene and measures its second part. Both end early when nobody is left.
    pub(super) fn measure(
        &mut self,
        scene: &mut impl Measured,
        plan: &Plan,
    ) -> Result<Window, BenchError> {
        let until = self.crowd.now() + nanos(plan.warm_up);
        self.run(("warm up", plan.warm_up), scene, |_, now| now < until)?;
        let from = self.crowd.now();
        let until = from + nanos(plan.window);
        let enough = scene.count().messages + plan.messages;
        scene.set_window(from..u64::MAX);
        let begun = self.meter.now(scene.count());
        self.run(("measure", plan.window), scene, |scene, now| {
            now < until || scene.count().messages < enough
        })?;
        scene.set_window(from..self.crowd.now());
        Ok(begun.until(self.meter.now(scene.count())))
    }

    /// Waits for what is on its way.
    pub(super) fn drain(&mut self, scene: &mut impl Measured) -> Result<(), BenchError> {
        scene.stop();
        let until = self.crowd.now() + nanos(DRAIN);
        let more = |scene: &_, now| Measured::is_waiting(scene) && now < until;
        self.run(("drain", DRAIN), scene, more)?;
        scene.give_up();
        Ok(())
    }

    /// Has those read again who did not, and waits whether they were cut.
    pub(super) fn wake(&mut self, scene: &mut impl Scene) -> Result<(), BenchError> {
        self.crowd.wake(scene);
        let until = self.crowd.now() + nanos(WAKE);
        while self.crowd.now() < until {
            self.crowd.turn(TICK, scene)?;
        }
        Ok(())
    }

    /// Only stays: heartbeats are answered.
    pub(super) fn stay(&mut self, time: Duration) -> Result<Window, BenchError> {
        let begun = self.meter.now(Count::default());
        let from = self.crowd.now();
        self.progress.begin("stay", millis(time), "ms");
        while let passed = self.crowd.now() - from
            && passed < nanos(time)
        {
            self.progress.at(passed / 1_000_000);
            self.crowd.turn(TICK, &mut Nothing)?;
        }
        self.progress.end();
        Ok(begun.until(self.meter.now(Count::default())))
    }

    /// Plays as long as `goes_on` and somebody is there.
    fn run<S: Measured>(
        &mut self,
        (what, time): (&'static str, Duration),
        scene: &mut S,
        goes_on: impl Fn(&S, u64) -> bool,
    ) -> Result<(), BenchError> {
        let from = self.crowd.now();
        self.progress.begin(what, millis(time), "ms");
        let mut silence = Silence::new(from);
        while let now = self.crowd.now()
            && goes_on(scene, now)
            && !scene.is_empty()
        {
            scene.on_time(now, &mut self.crowd.clients);
            self.crowd.settle(scene);
            self.crowd.turn(scene.patience(now), scene)?;
            if silence.is_too_long(scene, now) {
                scene.give_up();
            }
            self.progress.at((now - from) / 1_000_000);
        }
        self.progress.end();
        Ok(())
    }
}

/// How long nothing has arrived although something is on its way.
struct Silence {
    since: u64,
    deliveries: u64,
}

impl Silence {
    fn new(now: u64) -> Self {
        Self {
            since: now,
            deliveries: 0,
        }
    }

    fn is_too_long(&mut self, scene: &impl Measured, now: u64) -> bool {
        let deliveries = scene.count().deliveries;
        if deliveries != self.deliveries || !scene.is_waiting() {
            self.deliveries = deliveries;
            self.since = now;
        }
        let is_too_long = now - self.since > nanos(PATIENCE);
        if is_too_long {
            self.since = now;
        }
        is_too_long
    }
}

/// A scene in which nothing happens.
struct Nothing;

impl Scene for Nothing {
    fn on_notice(&mut self, _: usize, _: Notice<'_>, _: u64) {}

    fn on_read(&mut self, _: usize, _: u64, _: &mut Clients) {}

    fn on_end(&mut self, _: usize, _: &ClientError) {}
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
