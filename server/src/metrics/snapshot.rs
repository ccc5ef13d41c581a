//! What the tables, the engine and the runtime say at the moment of a scrape.

use std::fmt;

use chat::Census;
use engineio::server::{ByTransport, Distribution, Stats};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;

/// Everything that is counted anew for each scrape.
#[derive(Debug)]
pub(super) struct Snapshot {
    pub(super) residents: ByTransport,
    /// Sockets by namespace. All namespaces are the chat's own.
    pub(super) sockets: Vec<(String, usize)>,
    pub(super) queued: usize,
    pub(super) stats: Stats,
    /// Sockets that no namespace let in.
    pub(super) refusals: Vec<(&'static str, u64)>,
    /// Missing when the chat did not answer in time.
    pub(super) census: Option<Census>,
    pub(super) commands: usize,
    pub(super) connections: usize,
    pub(super) draining: bool,
    pub(super) tasks: Tasks,
}

/// What the runtime does.
#[derive(Debug)]
pub(super) struct Tasks {
    pub(super) alive: usize,
    pub(super) queued: usize,
    pub(super) workers: usize,
}

/// The lines of one scrape.
struct Page<'a>(DescriptorEncoder<'a>);

impl Page<'_> {
    fn metric(
        &mut self,
        (name, help): (&str, &str),
        kind: MetricType,
        write: impl FnOnce(&mut MetricEncoder<'_>) -> fmt::Result,
    ) -> fmt::Result {
        write(&mut self.0.encode_descriptor(name, help, None, kind)?)
    }

    fn gauge(&mut self, about: (&str, &str), value: usize) -> fmt::Result {
        self.metric(about, MetricType::Gauge, |to| {
            to.encode_gauge(&(value as u64))
        })
    }

    fn gauges<S: EncodeLabelSet>(
        &mut self,
        about: (&str, &str),
        all: impl IntoIterator<Item = (S, u64)>,
    ) -> fmt::Result {
        self.metric(about, MetricType::Gauge, |to| {
            all.into_iter()
                .try_for_each(|(labels, value)| to.encode_family(&labels)?.encode_gauge(&value))
        })
    }

    fn counter(&mut self, about: (&str, &str), value: u64) -> fmt::Result {
        self.metric(about, MetricType::Counter, |to| {
            to.encode_counter::<NoLabelSet, _, u64>(&value, None)
        })
    }

    fn counters<S: EncodeLabelSet>(
        &mut self,
        about: (&str, &str),
        all: impl IntoIterator<Item = (S, u64)>,
    ) -> fmt::Result {
        self.metric(about, MetricType::Counter, |to| {
            all.into_iter().try_for_each(|(labels, value)| {
                let mut to = to.encode_family(&labels)?;
                to.encode_counter::<NoLabelSet, _, u64>(&value, None)
            })
        })
    }

    /// `unit` is what one is in the unit of the metric: 1e-6 where microseconds were counted.
    fn histogram(&mut self, about: (&str, &str), values: &Distribution, unit: f64) -> fmt::Result {
        let bounds = values.bounds.iter().map(|bound| *bound as f64 * unit);
        let bounds = bounds.chain([f64::INFINITY]);
        let buckets: Vec<_> = bounds.zip(values.counts.iter().copied()).collect();
        let sum = values.sum as f64 * unit;
        self.metric(about, MetricType::Histogram, |to| {
            to.encode_histogram::<NoLabelSet>(sum, values.count(), &buckets, None)
        })
    }
}

/// What microseconds are in seconds.
const MICRO: f64 = 1e-6;

fn by_transport(
    all: ByTransport,
) -> impl Iterator<Item = ([(&'static str, &'static str); 1], u64)> {
    let named = all.named().into_iter();
    named.map(|(transport, count)| ([("transport", transport)], count))
}

impl Snapshot {
    fn now(&self, page: &mut Page<'_>) -> fmt::Result {
        let about = ("connections", "Sessions, by the transport they are on now");
        page.gauges(about, by_transport(self.residents))?;
        let sockets = self.sockets.iter();
        let sockets = sockets.map(|(name, count)| ([("namespace", name.as_str())], *count as u64));
        page.gauges(("sockets", "Sockets in a namespace"), sockets)?;
        let about = ("http_connections", "Connections that speak HTTP");
        page.gauge(about, self.connections)?;
        let about = ("queued_bytes", "Bytes queued for all sessions together");
        page.gauge(about, self.queued)?;
        if let Some(census) = self.census {
            let about = (
                "users_online",
                "Users with at least one socket that said who it is when it connected",
            );
            page.gauge(about, census.users)?;
            page.gauge(("rooms", "Rooms that some socket hears"), census.rooms)?;
            let about = ("memberships", "Sockets in rooms, one for each room");
            page.gauge(about, census.subscriptions)?;
        }
        let about = ("commands_waiting", "Commands that wait for the committer");
        page.gauge(about, self.commands)?;
        let about = ("draining", "1 while no new session is taken");
        page.gauge(about, usize::from(self.draining))?;
        let Tasks {
            alive,
            queued,
            workers,
        } = self.tasks;
        page.gauge(("runtime_tasks", "Tasks that are alive"), alive)?;
        page.gauge(("runtime_queue_depth", "Tasks that wait to run"), queued)?;
        page.gauge(("runtime_workers", "Threads that run tasks"), workers)
    }

    fn so_far(&self, page: &mut Page<'_>) -> fmt::Result {
        let stats = &self.stats;
        let opened = stats.opened.named().into_iter();
        let opened = opened
            .map(|(transport, count)| ([("transport", transport), ("result", "opened")], count));
        page.counters(("handshakes", "Sessions that opened"), opened)?;
        let closed = stats.closed.iter();
        let closed = closed.map(|(reason, detail, count)| {
            let reason = reason.replace(' ', "_");
            let labels = [("reason", reason), ("detail", (*detail).to_owned())];
            (labels, *count)
        });
        let about = (
            "disconnects",
            "Sessions that ended, and what exactly ended them",
        );
        page.counters(about, closed)?;
        let upgrades = stats.upgrades.iter();
        let upgrades = upgrades.map(|(result, count)| ([("result", *result)], *count));
        let about = (
            "transport_upgrades",
            "How moves from polling to WebSocket ended",
        );
        page.counters(about, upgrades)?;
        let limits = stats.limits.iter();
        let limits = limits.map(|(limit, count)| ([("limit", *limit)], *count));
        let about = (
            "requests_limited",
            "Limits of the protocols that were passed without ending a session",
        );
        page.counters(about, limits)?;
        let refusals = self.refusals.iter();
        let refusals = refusals.map(|(reason, count)| ([("reason", *reason)], *count));
        let about = ("connect_errors", "Sockets that no namespace let in");
        page.counters(about, refusals)?;
        let slow = stats
            .closed
            .iter()
            .filter(|(_, detail, _)| *detail == "slow_consumer");
        let about = (
            "slow_consumers",
            "Sessions that were cut because they did not read",
        );
        page.counter(about, slow.map(|(_, _, count)| count).sum())?;
        let dropped = [([("class", "volatile")], stats.dropped)];
        page.counters(("dropped", "Messages that were left out"), dropped)
    }

    fn traffic(&self, page: &mut Page<'_>) -> fmt::Result {
        let stats = &self.stats;
        let packets = |direction: &'static str, all: &[(&'static str, u64)]| {
            let labelled = all.iter();
            let labelled =
                labelled.map(|(kind, count)| ([("direction", direction), ("type", *kind)], *count));
            labelled.collect::<Vec<_>>()
        };
        let mut all = packets("in", &stats.packets_in);
        all.append(&mut packets("out", &stats.packets_out));
        page.counters(("packets", "Packets of Engine.IO"), all)?;
        let bytes = |direction: &'static str, all: ByTransport| {
            let named = all.named().into_iter();
            named.map(move |(transport, count)| {
                ([("direction", direction), ("transport", transport)], count)
            })
        };
        let all = bytes("in", stats.bytes_in).chain(bytes("out", stats.bytes_out));
        page.counters(
            ("bytes", "Bytes of WebSocket frames and polling bodies"),
            all,
        )?;
        let about = (
            "send_queue_bytes",
            "Bytes that were queued for a session when it was written to",
        );
        page.histogram(about, &stats.queue_bytes, 1.0)?;
        let about = ("ping_rtt_seconds", "From a ping to its pong");
        page.histogram(about, &stats.rtt_micros, MICRO)?;
        let about = (
            "delivery_latency_seconds",
            "From the end of a broadcast until its last socket was written to, or would not take more",
        );
        page.histogram(about, &stats.lag_micros, MICRO)
    }
}

impl Collector for Snapshot {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut page = Page(encoder);
        self.now(&mut page)?;
        self.so_far(&mut page)?;
        self.traffic(&mut page)
    }
}
