//! Whether the process lives and whether it should get work.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use axum::Json;
use axum::response::{IntoResponse, Response};
use chat::UserId;
use chat::store::Store;
use http::StatusCode;
use http::header::CACHE_CONTROL;
use serde_json::{Value, json};

use crate::shutdown::Stop;

/// How long the store may take to answer before it counts as gone. Balancers ask every few seconds.
const STORE_DEADLINE: Duration = Duration::from_secs(2);

/// Answers `/health`, `/health/live` and `/health/ready`.
#[derive(Clone, Debug)]
pub(crate) struct Health {
    condition: Arc<Condition>,
    service_name: &'static str,
}

/// The condition of the whole process.
#[derive(Debug)]
pub(crate) struct Condition {
    /// Missing while it starts.
    store: OnceLock<Arc<dyn Store>>,
    draining: Stop,
    since: Instant,
}

impl Condition {
    /// It starts; nothing is ready.
    pub(crate) fn starting(draining: Stop) -> Self {
        Self {
            store: OnceLock::new(),
            draining,
            since: Instant::now(),
        }
    }

    /// The store is open. Counts once.
    pub(crate) fn started(&self, store: Arc<dyn Store>) {
        let _ = self.store.set(store);
    }

    /// Whether no new work is taken.
    pub(crate) const fn draining(&self) -> &Stop {
        &self.draining
    }

    /// Any read shows that the store answers; this one finds nobody. How long it took.
    async fn ask_store(&self) -> Option<Duration> {
        let (begun, nobody) = (Instant::now(), UserId::from(""));
        let answer = self.store.get()?.user(&nobody);
        let answer = tokio::time::timeout(STORE_DEADLINE, answer).await;
        matches!(answer, Ok(Ok(_))).then(|| begun.elapsed())
    }
}

impl Health {
    pub(crate) const fn new(condition: Arc<Condition>, service_name: &'static str) -> Self {
        Self {
            condition,
            service_name,
        }
    }

    /// The answer at this address, when it is one of ours.
    pub(crate) async fn answer(&self, path: &str) -> Option<Response> {
        let answer = match path.trim_end_matches('/') {
            "/health/live" => Json(json!({ "status": "ok" })).into_response(),
            "/health/ready" => self.ready(&json!({})).await,
            "/health" => self.ready(&self.details()).await,
            _ => return None,
        };
        Some(([(CACHE_CONTROL, "no-store")], answer).into_response())
    }

    fn details(&self) -> Value {
        json!({
            "version": env!("CARGO_PKG_VERSION"),
            "uptime_seconds": self.condition.since.elapsed().as_secs(),
            "draining": self.condition.draining.is_requested(),
        })
    }

    /// Why there should be no work for it, and `details` of the one who asks for more.
    async fn ready(&self, details: &Value) -> Response {
        let mut reasons = Vec::new();
        if self.condition.draining.is_requested() {
            reasons.push("draining");
        }
        let store = self.condition.ask_store().await;
        match (self.condition.store.get(), store) {
            (None, _) => reasons.push("starting"),
            (Some(_), None) => reasons.push("store"),
            (Some(_), Some(_)) => {}
        }
        let mut body = if reasons.is_empty() {
            json!({ "status": "ok", "service": self.service_name })
        } else {
            json!({ "status": "unavailable", "reasons": reasons })
        };
        if let (Some(body), Some(details)) = (body.as_object_mut(), details.as_object()) {
            body.extend(details.clone());
            if let Some(took) = store.filter(|_| !details.is_empty()) {
                body.insert("store_ms".to_owned(), (took.as_secs_f64() * 1e3).into());
            }
        }
        let status = if reasons.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        (status, Json(body)).into_response()
    }
}
