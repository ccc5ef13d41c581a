//! Whether the process lives and whether it should get work.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::response::{IntoResponse, Response};
use chat::UserId;
use chat::store::Store;
use http::StatusCode;
use http::header::CACHE_CONTROL;
use serde_json::json;

use crate::shutdown::Stop;

/// How long the store may take to answer before it counts as gone. Balancers ask every few seconds.
const STORE_DEADLINE: Duration = Duration::from_secs(2);

/// Answers `/health`, `/health/live` and `/health/ready`.
#[derive(Clone, Debug)]
pub(crate) struct Health {
    store: Arc<dyn Store>,
    stop: Stop,
    service_name: &'static str,
}

impl Health {
    pub(crate) const fn new(store: Arc<dyn Store>, stop: Stop, service_name: &'static str) -> Self {
        Self {
            store,
            stop,
            service_name,
        }
    }

    /// The answer at this address, when it is one of ours.
    pub(crate) async fn answer(&self, path: &str) -> Option<Response> {
        let answer = match path.trim_end_matches('/') {
            "/health/live" => Json(json!({ "status": "ok" })).into_response(),
            "/health" | "/health/ready" => self.ready().await,
            _ => return None,
        };
        Some(([(CACHE_CONTROL, "no-store")], answer).into_response())
    }

    async fn ready(&self) -> Response {
        let mut reasons = Vec::new();
        if self.stop.is_requested() {
            reasons.push("draining");
        }
        if !self.store_answers().await {
            reasons.push("store");
        }
        if reasons.is_empty() {
            return Json(json!({ "status": "ok", "service": self.service_name })).into_response();
        }
        let body = Json(json!({ "status": "unavailable", "reasons": reasons }));
        (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
    }

    /// Any read shows that the store answers; this one finds nobody.
    async fn store_answers(&self) -> bool {
        let nobody = UserId::from("");
        matches!(
            tokio::time::timeout(STORE_DEADLINE, self.store.user(&nobody)).await,
            Ok(Ok(_))
        )
    }
}
