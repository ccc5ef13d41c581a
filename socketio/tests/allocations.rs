//! What a broadcast allocates: the same for two recipients as for thousands.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use socketio::server::Emitter;
use socketio::{Config, SocketIo};

/// Joins `/` over polling, which needs no sockets, and empties the outbox.
async fn join(io: &SocketIo) {
    let open = request(io, "GET", "", "").await;
    let (_, open) = open.split_once('{').expect("an open packet");
    let (_, sid) = open.split_once(r#""sid":""#).expect("a sid");
    let query = format!("&sid={}", &sid[..20]);
    assert_eq!(request(io, "POST", &query, "40").await, "ok");
    assert!(request(io, "GET", &query, "").await.starts_with("40"));
}

async fn request(io: &SocketIo, method: &str, query: &str, body: &'static str) -> String {
    let request = http::Request::builder()
        .method(method)
        .uri(format!("/socket.io/?EIO=4&transport=polling{query}"))
        .body(Full::new(Bytes::from_static(body.as_bytes())))
        .expect("a request");
    let response = io.serve(request).await;
    let body = response
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    String::from_utf8(body.to_vec()).expect("text")
}

/// How often emitting allocates. The first time is not counted: it fills the scratch buffer.
fn allocations(emitter: &Emitter) -> u64 {
    let emit = || {
        emitter
            .emit("message", ("hello", 1, [true, false]))
            .expect("encodes")
    };
    emit();
    allocation_counter::measure(|| _ = emit()).count_total
}

#[tokio::test]
async fn a_broadcast_allocates_the_same_for_any_number_of_recipients() {
    let mut counts = Vec::new();
    for recipients in [2, 200, 2000] {
        let io = SocketIo::new(Config::default());
        let nsp = io.of("/");
        nsp.on_connect(|socket: socketio::Socket| socket.join("room").is_ok());
        for _ in 0..recipients {
            join(&io).await;
        }
        let room = nsp.to("room");
        assert_eq!(nsp.len(), recipients);
        counts.push(allocations(&room));
    }
    println!("allocations per broadcast: {counts:?}");
    assert!(counts.iter().all(|count| count == &counts[0]), "{counts:?}");
    assert!(counts[0] <= 10, "{counts:?}");
}
