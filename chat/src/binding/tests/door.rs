//! Who is let in when the store is in trouble.

use std::sync::atomic::Ordering;

use serde_json::json;

use super::{House, token};
use crate::config::AuthPolicy;
use crate::store::StoreError;

#[tokio::test]
async fn who_exists_is_let_in_also_when_their_rooms_cannot_be_read() {
    let house = House::open(AuthPolicy::Required).await;
    house.store.is_torn.store(true, Ordering::Relaxed);
    let mut anna = house.login(1, "anna").await;
    assert!(anna.heard().await.is_empty());
}

#[tokio::test]
async fn who_cannot_be_made_to_exist_is_refused() {
    let house = House::open(AuthPolicy::Required).await;
    house.store.is_torn.store(true, Ordering::Relaxed);
    let full = StoreError::Unavailable("full".into());
    house.store.fail(Some(full));
    let auth = json!({"token": token(&json!({"sub": 1, "username": "anna"}))});
    let mut anna = house.connect("/", &auth).await;
    let refusal = anna.packet().await;
    assert!(
        refusal.starts_with("44") && refusal.contains("unavailable"),
        "{refusal}"
    );
}
