//! The query of a request: which page of a list, which vocabulary, who speaks.

use axum::extract::{FromRequestParts, Query};
use chat::model::Page;
use chat::{ReadPage, UserId};
use http::request::Parts;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::Problem;
use super::problem::FieldError;

/// As much as one page of messages has when nobody says how much: what a joining shows too.
const DEFAULT_LIMIT: u32 = 50;

/// The largest number that every JSON reader keeps exactly. Nothing here is numbered higher.
const MOST: u64 = (1 << 53) - 1;

/// A page of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "for the document; `Wanted` is what is read")]
pub(crate) struct ListQuery {
    /// The `next` of the page before.
    after: Option<String>,
    /// At most this many; more than a page holds is cut.
    #[param(minimum = 1, maximum = 9007199254740991_i64)]
    limit: Option<u64>,
}

/// A page of check-ins.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "for the document; `Wanted` is what is read")]
pub(crate) struct CheckinsQuery {
    /// The `next` of the page before.
    #[param(pattern = "^([0-9]{1,15})?$")]
    after: Option<String>,
    /// At most this many; more than a page holds is cut.
    #[param(minimum = 1, maximum = 9007199254740991_i64)]
    limit: Option<u64>,
}

/// A page of messages.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "for the document; `Wanted` is what is read")]
pub(crate) struct HistoryQuery {
    /// The newest before this `seq`.
    #[param(minimum = 0, maximum = 9007199254740991_i64)]
    before: Option<u64>,
    /// The oldest after this `seq`.
    #[param(minimum = 0, maximum = 9007199254740991_i64)]
    after: Option<u64>,
    /// At most this many; more than a page holds is cut.
    #[param(minimum = 1, maximum = 9007199254740991_i64)]
    limit: Option<u64>,
}

/// How messages are shown.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "for the document; `Wanted` is what is read")]
pub(crate) struct ShownQuery {
    /// The vocabulary to show messages in; `chatty` when it is not named.
    #[param(inline)]
    vocabulary: Option<ShownIn>,
}

/// The vocabularies that have messages.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "for the document")]
pub(crate) enum ShownIn {
    Chatty,
    Messenger,
    Shows,
    Chats,
}

/// Who speaks.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "for the document; `Wanted` is what is read")]
pub(crate) struct SpeakerQuery {
    /// Who speaks: the owner of the token, and in open mode whoever it is.
    user_id: Option<String>,
}

/// The query, as it came. Repeated and unknown keys are refused by neither clients nor us: the last one counts.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    before: Option<String>,
    after: Option<String>,
    limit: Option<String>,
    /// The vocabulary to show messages in.
    pub(crate) vocabulary: Option<String>,
    /// A handle to look for.
    pub(crate) handle: Option<String>,
    /// Who speaks, in open mode.
    user_id: Option<String>,
}

impl Wanted {
    /// Who speaks, when the query says so.
    pub(crate) fn speaker(&self) -> Option<UserId> {
        self.user_id
            .as_deref()
            .filter(|id| !id.is_empty())
            .map(UserId::from)
    }

    /// A page of messages: `before` and `after` are `seq` numbers.
    pub(crate) fn messages(&self) -> Result<Page, Problem> {
        let mut errors = Vec::new();
        let before = number("before", self.before.as_deref(), &mut errors);
        let after = number("after", self.after.as_deref(), &mut errors);
        let limit = limit(self.limit.as_deref(), &mut errors).unwrap_or(DEFAULT_LIMIT);
        if errors.is_empty() {
            Ok(Page {
                before,
                after,
                limit,
            })
        } else {
            Err(Problem::fields(errors))
        }
    }

    /// A page of any other list: `after` is the `next` of the page before.
    pub(crate) fn list(&self) -> Result<ReadPage<'_>, Problem> {
        let mut errors = Vec::new();
        let limit = limit(self.limit.as_deref(), &mut errors);
        let after = self.after.as_deref().filter(|after| !after.is_empty());
        if errors.is_empty() {
            Ok(ReadPage { after, limit })
        } else {
            Err(Problem::fields(errors))
        }
    }
}

fn number(field: &'static str, value: Option<&str>, errors: &mut Vec<FieldError>) -> Option<u64> {
    let number = value?.parse().ok().filter(|number| *number <= MOST);
    if number.is_none() {
        errors.push(FieldError {
            field: field.into(),
            message: format!("{field} has to be a whole number").into(),
        });
    }
    number
}

/// More than a page holds is cut by the chat, as the number of an eager client; nothing at all is a mistake.
fn limit(value: Option<&str>, errors: &mut Vec<FieldError>) -> Option<u32> {
    match number("limit", value, errors)? {
        0 => {
            errors.push(FieldError {
                field: "limit".into(),
                message: "limit has to be at least 1".into(),
            });
            None
        }
        limit => Some(u32::try_from(limit).unwrap_or(u32::MAX)),
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Wanted {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = Query::from_request_parts(parts, state).await;
        query
            .map(|Query(wanted)| wanted)
            .map_err(|_| Problem::malformed("the query cannot be read"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn wanted(query: &str) -> Result<Wanted, Problem> {
        let request = http::Request::get(format!("/x?{query}")).body(()).unwrap();
        Wanted::from_request_parts(&mut request.into_parts().0, &()).await
    }

    #[tokio::test]
    async fn nothing_named_means_the_newest_page() {
        let page = wanted("").await.unwrap().messages().unwrap();
        assert_eq!(
            page,
            Page {
                before: None,
                after: None,
                limit: DEFAULT_LIMIT
            }
        );
    }

    #[tokio::test]
    async fn a_page_is_named_by_seq() {
        let page = wanted("after=7&before=9&limit=2&x=y")
            .await
            .unwrap()
            .messages()
            .unwrap();
        assert_eq!(
            page,
            Page {
                before: Some(9),
                after: Some(7),
                limit: 2
            }
        );
        let greedy = wanted("limit=99999999999")
            .await
            .unwrap()
            .messages()
            .unwrap();
        assert_eq!(greedy.limit, u32::MAX);
    }

    #[tokio::test]
    async fn what_is_no_number_is_named() {
        let problem = wanted("after=-1&limit=many")
            .await
            .unwrap()
            .messages()
            .unwrap_err();
        let error = |field: &'static str| FieldError {
            field: field.into(),
            message: format!("{field} has to be a whole number").into(),
        };
        assert_eq!(
            problem,
            Problem::fields(vec![error("after"), error("limit")])
        );
        assert!(wanted("limit=0").await.unwrap().list().is_err());
    }

    #[tokio::test]
    async fn a_list_goes_on_where_the_page_before_said() {
        let wanted = wanted("after=room%201&limit=3").await.unwrap();
        let page = wanted.list().unwrap();
        assert_eq!((page.after, page.limit), (Some("room 1"), Some(3)));
    }
}
