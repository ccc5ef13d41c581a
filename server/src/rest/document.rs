//! The API described by itself: OpenAPI 3.1, generated from the routes.

use chat::AuthPolicy;
use utoipa::Modify;
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};

use super::problem::{Body, FieldError};

/// What the document says beside its routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Roomcast",
        description = "Users, rooms, members and messages. What is said here is heard by every Socket.IO client in the room."
    ),
    components(schemas(Body<'static>, FieldError)),
    modifiers(&Bearer)
)]
pub(crate) struct Api;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// Gives every operation a name of its own: the functions behind them share theirs.
pub(crate) fn name_operations(document: &mut Document) {
    for (path, item) in &mut document.paths.paths {
        let words = path.replace(['{', '}'], "").replace('/', "_");
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}{words}"));
            }
        }
    }
}

/// Who has to show a token.
pub(crate) fn secure(document: &mut Document, policy: AuthPolicy) {
    let token = SecurityRequirement::new("bearer", Vec::<String>::new());
    document.security = Some(match policy {
        AuthPolicy::Required => vec![token],
        AuthPolicy::Open => vec![SecurityRequirement::default(), token],
    });
}
