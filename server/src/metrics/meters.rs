//! The counters and histograms that are written where things happen.

use std::collections::BTreeMap;
use std::time::Duration;

use chat::auth::Reason;
use chat::model::MessageKind;
use chat::{Failure, Observer, vocabulary};
use engineio::server::{ConnectionError, HttpError};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

use super::buckets::{BATCH, FAN_OUT_SECONDS, RECIPIENTS, SECONDS};
use super::labels::{HttpRequest, Labels, Route};

/// What stands in front of every name of ours.
pub(super) const PREFIX: &str = "roomcast";

/// What an event is called that no vocabulary knows: clients choose those names, and there is no end of them.
const UNKNOWN: &str = "unknown";

/// The handles of one event, so that nothing is looked up under a lock when it comes.
#[derive(Debug)]
struct Asked {
    count: Counter,
    time: Histogram,
}

/// All of them. What they hold is written out by [`Scrape`](super::Scrape).
#[derive(Debug)]
pub(crate) struct Meters {
    pub(super) registry: Registry,
    asked: BTreeMap<&'static str, Asked>,
    unknown: Asked,
    told: Family<Labels<2>, Counter>,
    event_errors: Family<Labels<2>, Counter>,
    fan_out: Histogram,
    fan_out_time: Histogram,
    messages: Family<Labels<1>, Counter>,
    repeated: Counter,
    limits: Family<Labels<1>, Counter>,
    rejections: Family<Labels<1>, Counter>,
    refusals: Family<Labels<2>, Counter>,
    broken: Family<Labels<1>, Counter>,
    requests: Family<HttpRequest, Counter>,
    request_time: Family<Route, Histogram>,
    store_time: Family<Labels<2>, Histogram>,
    store_errors: Family<Labels<2>, Counter>,
    store_batch: Histogram,
}

fn seconds() -> Histogram {
    Histogram::new(SECONDS)
}

impl Meters {
    pub(crate) fn new() -> Self {
        let events = Family::<Labels<2>, Counter>::default();
        let event_time = Family::<Labels<1>, Histogram>::new_with_constructor(seconds);
        let asked = |event: &'static str| Asked {
            count: events
                .get_or_create(&[("direction", "in"), ("event", event)])
                .clone(),
            time: event_time.get_or_create(&[("event", event)]).clone(),
        };
        let mut meters = Self {
            registry: Registry::with_prefix(PREFIX),
            asked: vocabulary::events()
                .map(|event| (event, asked(event)))
                .collect(),
            unknown: asked(UNKNOWN),
            told: events.clone(),
            event_errors: Family::default(),
            fan_out: Histogram::new(RECIPIENTS),
            fan_out_time: Histogram::new(FAN_OUT_SECONDS),
            messages: Family::default(),
            repeated: Counter::default(),
            limits: Family::default(),
            rejections: Family::default(),
            refusals: Family::default(),
            broken: Family::default(),
            requests: Family::default(),
            request_time: Family::new_with_constructor(seconds),
            store_time: Family::new_with_constructor(seconds),
            store_errors: Family::default(),
            store_batch: Histogram::new(BATCH),
        };
        meters.register_chat(events, event_time);
        meters.register_rest();
        meters
    }

    fn register_chat(
        &mut self,
        events: Family<Labels<2>, Counter>,
        event_time: Family<Labels<1>, Histogram>,
    ) {
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        let all = &mut self.registry;
        all.register("build", "What this program is", version);
        all.register(
            "events",
            "Events of clients that were answered (in), and events told to sockets, once for all of them (out)",
            events,
        );
        all.register(
            "event_duration_seconds",
            "From the arrival of a client's event to its answer",
            event_time,
        );
        all.register(
            "event_errors",
            "Events of clients that were refused",
            self.event_errors.clone(),
        );
        all.register(
            "broadcast_fanout",
            "Sockets that an event was handed to; the sum is the number of deliveries",
            self.fan_out.clone(),
        );
        all.register(
            "broadcast_duration_seconds",
            "Time to hand an event to all its sockets",
            self.fan_out_time.clone(),
        );
        all.register(
            "messages",
            "Messages that were stored",
            self.messages.clone(),
        );
        all.register(
            "messages_deduplicated",
            "Messages that came again and were stored once",
            self.repeated.clone(),
        );
        all.register(
            "auth_failures",
            "Tokens that were not accepted, or were missing",
            self.rejections.clone(),
        );
    }

    fn register_rest(&mut self) {
        let all = &mut self.registry;
        all.register(
            "rate_limited",
            "What was turned down because a limit was reached",
            self.limits.clone(),
        );
        all.register(
            "handshake_errors",
            "Requests that the Socket.IO server refused",
            self.refusals.clone(),
        );
        all.register(
            "connection_errors",
            "Connections that were given up before they said anything that makes sense",
            self.broken.clone(),
        );
        all.register(
            "http_requests",
            "Requests that were answered",
            self.requests.clone(),
        );
        all.register(
            "http_request_duration_seconds",
            "Time to answer a request; without Socket.IO, whose polls wait on purpose",
            self.request_time.clone(),
        );
        all.register(
            "store_duration_seconds",
            "Time of one access to the store",
            self.store_time.clone(),
        );
        all.register(
            "store_errors",
            "Accesses to the store that failed",
            self.store_errors.clone(),
        );
        all.register(
            "store_write_batch_size",
            "Changes in one transaction",
            self.store_batch.clone(),
        );
    }

    /// Something was turned down by a limit.
    pub(crate) fn limited(&self, limit: &'static str) {
        self.limits.get_or_create(&[("limit", limit)]).inc();
    }

    /// A connection was given up.
    pub(crate) fn gave_up(&self, reason: &'static str) {
        self.broken.get_or_create(&[("reason", reason)]).inc();
    }

    /// The engine refused a request.
    pub(crate) fn refused(&self, refused: &ConnectionError<'_>) {
        let query = refused.request.uri.query().unwrap_or_default();
        let transport = if query.contains("transport=websocket") {
            "websocket"
        } else {
            "polling"
        };
        let reason = refused.error.reason();
        let labels = [("transport", transport), ("reason", reason)];
        self.refusals.get_or_create(&labels).inc();
        if let HttpError::Limited(limit) = refused.error {
            self.limited(limit.reason());
        }
    }

    /// A request was answered; `took` is missing where waiting is the purpose.
    pub(crate) fn answered(&self, request: HttpRequest, took: Option<Duration>) {
        if let Some(took) = took {
            let route = request.route.clone();
            let time = self.request_time.get_or_create(&Route { route });
            time.observe(took.as_secs_f64());
        }
        self.requests.get_or_create(&request).inc();
    }

    /// The store was asked for something.
    pub(super) fn stored(&self, op: &'static str, took: Duration) {
        let time = self.store_time.get_or_create(&on_store(op));
        time.observe(took.as_secs_f64());
    }

    /// And it failed.
    pub(super) fn store_failed(&self, op: &'static str) {
        self.store_errors.get_or_create(&on_store(op)).inc();
    }

    pub(super) fn batch(&self, changes: usize) {
        self.store_batch.observe(changes as f64);
    }
}

fn on_store(op: &'static str) -> Labels<2> {
    [("backend", "sqlite"), ("op", op)]
}

impl Observer for Meters {
    fn answered(&self, event: Option<&'static str>, refused: Option<&Failure>, took: Duration) {
        let asked = event.and_then(|event| self.asked.get(event));
        let asked = asked.unwrap_or(&self.unknown);
        asked.count.inc();
        asked.time.observe(took.as_secs_f64());
        if let Some(failure) = refused {
            let event = event.unwrap_or(UNKNOWN);
            let labels = [("event", event), ("code", failure.code().as_str())];
            self.event_errors.get_or_create(&labels).inc();
        }
    }

    fn posted(&self, kind: MessageKind) {
        self.messages
            .get_or_create(&[("kind", kind.as_str())])
            .inc();
    }

    fn repeated(&self) {
        self.repeated.inc();
    }

    fn published(&self, event: &'static str, sockets: usize, took: Duration) {
        let labels = [("direction", "out"), ("event", event)];
        self.told.get_or_create(&labels).inc();
        self.fan_out.observe(sockets as f64);
        self.fan_out_time.observe(took.as_secs_f64());
    }

    fn rejected(&self, reason: Reason) {
        let labels = [("reason", reason.as_str())];
        self.rejections.get_or_create(&labels).inc();
    }

    fn limited(&self, limit: &'static str) {
        Self::limited(self, limit);
    }
}
