//! `/me/rooms`: what is the caller's own

use axum::Json;
use axum::extract::State;

use super::caller::Caller;
use super::messages::Authors;
use super::objects::{List, MyRoomObject, RoomObject};
use super::page::{ListQuery, ShownQuery, SpeakerQuery, Wanted};
use super::{Api, Problem};

/// `GET /me/rooms`: with the last message and how many are unread; in open mode `?user_id=` says whose
#[utoipa::path(get, path = "/me/rooms", params(ListQuery, ShownQuery, SpeakerQuery),
    responses((status = 200, body = List<MyRoomObject>), Problem))]
pub(crate) async fn rooms(
    State(api): State<Api>,
    caller: Caller,
    wanted: Wanted,
) -> Result<Json<List<MyRoomObject>>, Problem> {
    let listing = api
        .chat
        .my_rooms(&caller.speaks(wanted.speaker()), wanted.list()?)
        .await?;
    let mut authors = Authors::new(&api, Api::vocabulary(wanted.vocabulary.as_deref())?);
    let mut items = Vec::with_capacity(listing.items.len());
    for summary in &listing.items {
        let last_message = match &summary.last_message {
            Some(message) => Some(authors.show(message).await?),
            None => None,
        };
        let room = RoomObject::from(&summary.room);
        items.push(MyRoomObject {
            room,
            last_message,
            unread_count: summary.unread,
        });
    }
    Ok(Json(List {
        items,
        next: listing.next,
    }))
}
