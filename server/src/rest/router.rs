//! The table of routes.

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use chat::AuthPolicy;
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use utoipa::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use super::{Api, Problem, document, me, members, messages, rooms, session, users};
use crate::cors;

/// Every route of the API. What is at none of them is a 404 as a problem.
pub(crate) fn router(api: Api) -> Router {
    let mut slashed = Router::new();
    for route in table() {
        // With and without the slash: clients write both, and a redirect would lose the body of a POST.
        for path in route.1.paths.keys() {
            slashed = slashed.route(&format!("{path}/"), route.2.clone());
        }
    }
    let (router, _) = described().split_for_parts();
    let document = Bytes::from(openapi(api.chat.config().auth));
    router
        .merge(slashed)
        .route("/openapi.json", get(move || describe(document.clone())))
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .fallback(|| async { Problem::not_found() })
        .layer(from_fn_with_state(api.clone(), guard))
        .with_state(api)
}

/// The API described by itself, as JSON: OpenAPI 3.1.
pub(crate) fn openapi(policy: AuthPolicy) -> String {
    let mut document = described().into_openapi();
    document::name_operations(&mut document);
    document::secure(&mut document, policy);
    // Texts and numbers only: this cannot fail.
    document.to_json().unwrap_or_default()
}

fn described() -> OpenApiRouter<Api> {
    let described = OpenApiRouter::with_openapi(document::Api::openapi());
    table().into_iter().fold(described, OpenApiRouter::routes)
}

fn table() -> [UtoipaMethodRouter<Api>; 14] {
    [
        routes!(users::create, users::list),
        routes!(users::show),
        routes!(rooms::create, rooms::list),
        routes!(rooms::show),
        routes!(messages::list),
        routes!(members::list, members::add),
        routes!(members::remove),
        routes!(members::list_checkins),
        routes!(messages::create),
        routes!(messages::show, messages::edit, messages::delete),
        routes!(messages::list_direct),
        routes!(me::rooms),
        routes!(session::end),
        routes!(session::acquire),
    ]
}

/// The API described by itself.
async fn describe(document: Bytes) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], document)
}

/// Answers preflights, refuses pages that may not call, and tells the browser about those that may.
async fn guard(State(Api { io, .. }): State<Api>, request: Request, next: Next) -> Response {
    let cors = io.cors();
    let asking = request.headers().clone();
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let mut response = if request.method() == Method::OPTIONS {
        let mut response = StatusCode::NO_CONTENT.into_response();
        cors::preflight(response.headers_mut());
        response
    } else if cors.allows(&asking) {
        next.run(request).await
    } else {
        let detail = "pages of this origin may not call this server";
        Problem::new(StatusCode::FORBIDDEN, "forbidden", detail).into_response()
    };
    cors::decorate(&cors, &asking, response.headers_mut());
    // For the metrics: the pattern, since the path itself is the client's.
    if let Some(matched) = matched {
        response.extensions_mut().insert(matched);
    }
    response
}
