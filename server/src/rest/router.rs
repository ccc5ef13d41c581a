//! The table of routes.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, delete, get, post};
use http::{Method, StatusCode};

use super::{Api, Problem, me, members, messages, rooms, session, users};
use crate::cors;

/// Every route of the API. What is at none of them is a 404 as a problem.
pub(crate) fn router(api: Api) -> Router {
    let message = get(messages::show)
        .patch(messages::edit)
        .delete(messages::delete);
    let routes: [(&str, MethodRouter<Api>); 14] = [
        ("/users", post(users::create).get(users::list)),
        ("/users/{id}", get(users::show)),
        ("/chatrooms", post(rooms::create).get(rooms::list)),
        ("/chatrooms/{id}", get(rooms::show)),
        ("/chatrooms/{id}/messages", get(messages::list)),
        (
            "/chatrooms/{id}/members",
            get(members::list).post(members::add),
        ),
        ("/chatrooms/{id}/members/{user_id}", delete(members::remove)),
        ("/chatrooms/{id}/checkins", get(members::list_checkins)),
        ("/messages", post(messages::create)),
        ("/messages/{id}", message),
        ("/direct/{user_id}/messages", get(messages::list_direct)),
        ("/me/rooms", get(me::rooms)),
        ("/api/session", delete(session::end)),
        ("/api/session/acquire", post(session::acquire)),
    ];
    let mut router = Router::new();
    for (path, methods) in routes {
        // With and without the slash: clients write both, and a redirect would lose the body of a POST.
        router = router
            .route(path, methods.clone())
            .route(&format!("{path}/"), methods);
    }
    router
        .method_not_allowed_fallback(|| async { Problem::method_not_allowed() })
        .fallback(|| async { Problem::not_found() })
        .layer(from_fn_with_state(api.clone(), guard))
        .with_state(api)
}

/// Answers preflights, refuses pages that may not call, and tells the browser about those that may.
async fn guard(State(Api { cors, .. }): State<Api>, request: Request, next: Next) -> Response {
    let asking = request.headers().clone();
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
    response
}
