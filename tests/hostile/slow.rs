//! Clients that do not read, in a room where 10,000 messages of 1 KiB are said.

use crate::joined::{Watcher, gauges, polling};
use crate::line::Line;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tests::{Client, Options, Server};

/// What is said in the room, and in front of it to warm the server up.
const MESSAGES: usize = 10_000;
const WARM_UP: usize = 1_000;

/// So many more than the slowest member has heard are said: the members are healthy, so their
/// outboxes never fill.
const WINDOW: usize = 100;

/// The outbox limit of a server that is not told otherwise.
const OUTBOX: u64 = 1 << 20;

/// Half an outbox of messages: more than the kernels hold, less than what is too slow.
const SOME: usize = 800;

/// A server, a room with four members who hear everything, and one who speaks.
struct Room {
    server: Arc<Server>,
    speaker: Client,
    said: usize,
    heard: Vec<Arc<AtomicUsize>>,
    members: Vec<JoinHandle<usize>>,
    peak: u64,
}

impl Room {
    fn open(options: &Options) -> Self {
        let server = Arc::new(crate::server(options));
        let mut room = Self {
            speaker: Client::join(&server).0,
            server,
            said: 0,
            heard: Vec::new(),
            members: Vec::new(),
            peak: 0,
        };
        for index in 0..4 {
            let mut line = Line::open(&room.server, index % 2 == 0);
            line.say(&[r#"421["join","room"]"#], &[]);
            assert_eq!(line.hear(), "431[]");
            let heard = Arc::<AtomicUsize>::default();
            room.heard.push(Arc::clone(&heard));
            let listen = move || listen(&mut line, &heard);
            room.members.push(std::thread::spawn(listen));
        }
        room
    }

    /// A client that will not read what is said from now on.
    fn slow_client(&self) -> (Client, String) {
        let (mut client, id) = Client::narrow(&self.server);
        assert_eq!(client.ask("join", &["room".into()]), serde_json::json!([]));
        (client, id)
    }

    /// Says messages at the pace of the members, with an eye on the server's memory.
    fn say(&mut self, count: usize) {
        let text = "x".repeat(1024);
        for _ in 0..count {
            let number = self.said;
            self.speaker.say(&format!(
                r#"2["emit",{{"to":["room"]}},"news",{number},"{text}"]"#
            ));
            self.said += 1;
            if number.is_multiple_of(WINDOW) {
                // in case it was asked: it does not listen itself
                self.speaker.socket.text("3");
                self.wait(WINDOW);
                self.peak = self.peak.max(self.server.memory().unwrap_or(0));
            }
        }
        self.wait(0);
    }

    /// Waits until no member is behind by more.
    fn wait(&self, behind: usize) {
        let until = Instant::now() + Duration::from_secs(20);
        let slowest = || self.heard.iter().map(|h| h.load(Ordering::Acquire)).min();
        while slowest() < Some(self.said.saturating_sub(behind)) {
            assert!(Instant::now() < until, "a member misses something");
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    /// Ends the room; its members heard everything.
    fn close(mut self) {
        self.speaker.say(r#"2["emit",{"to":["room"]},"over"]"#);
        for member in self.members {
            assert_eq!(member.join().expect("a member is well"), self.said);
        }
    }
}

/// Hears numbered news until it is over, or the server stops; how many.
fn listen(line: &mut Line, heard: &AtomicUsize) -> usize {
    for number in 0.. {
        let packet = line.hear();
        if packet == r#"42["over"]"# || packet == "1" {
            return number;
        }
        let start = format!(r#"42["news",{number},"xxx"#);
        assert!(packet.starts_with(&start), "not {number}: {packet}");
        heard.store(number + 1, Ordering::Release);
    }
    0
}

#[test]
fn a_client_that_stops_reading_is_cut_and_costs_no_more_than_its_outbox() {
    let mut room = Room::open(&Options::default());
    room.say(WARM_UP);
    let (client, id) = room.slow_client();
    let before = room.server.memory();
    room.peak = 0;
    room.say(MESSAGES);
    let server = Arc::clone(&room.server);
    assert_eq!(Watcher::new(&server).reason(&id), "slow consumer");
    assert_bounded(before, room.peak);
    room.close();
    drop(client);
}

#[test]
fn a_client_that_answers_pings_and_reads_nothing_is_cut_all_the_same() {
    let options = Options {
        ping_interval: Some(300),
        ping_timeout: Some(2000),
        ..Options::default()
    };
    let mut room = Room::open(&options);
    room.say(WARM_UP);
    let (mut client, id) = room.slow_client();
    let before = room.server.memory();
    room.peak = 0;
    let over = Arc::<AtomicBool>::default();
    let stop = Arc::clone(&over);
    let pongs = std::thread::spawn(move || {
        while !stop.load(Ordering::Relaxed) {
            client.socket.text("3");
            std::thread::sleep(Duration::from_millis(100));
        }
        client
    });
    room.say(SOME);
    // longer than a client lives that does not answer
    for _ in 0..26 {
        room.speaker.socket.text("3");
        std::thread::sleep(Duration::from_millis(100));
    }
    let server = Arc::clone(&room.server);
    let mut watcher = Watcher::new(&server);
    if gauges(&mut watcher)[0]["sockets"] != 7 {
        panic!("it is gone: {}", watcher.reason(&id));
    }
    room.say(MESSAGES - SOME);
    // another one, since nobody answered the pings of the first
    watcher.renew();
    assert_eq!(watcher.reason(&id), "slow consumer");
    assert_bounded(before, room.peak);
    room.close();
    over.store(true, Ordering::Relaxed);
    drop(pongs.join());
}

#[test]
fn the_server_stops_in_time_with_clients_that_do_not_read() {
    let options = Options {
        close_timeout: Some(1000),
        ..Options::default()
    };
    let mut room = Room::open(&options);
    let (silent, _) = room.slow_client();
    let (mut ponging, _) = room.slow_client();
    let server = Arc::clone(&room.server);
    let (away, _) = polling(&server);
    away.say(&[r#"421["join","room"]"#]);
    room.say(SOME);
    room.speaker.say(r#"2["shutdown"]"#);
    let begun = Instant::now();
    // its members are closed like everybody
    room.members
        .into_iter()
        .for_each(|member| drop(member.join()));
    let until = begun + Duration::from_secs(8);
    while Instant::now() < until && server.is_listening() {
        ponging.socket.text("3");
        std::thread::sleep(Duration::from_millis(20));
    }
    println!("stopped in {:?}", begun.elapsed());
    assert!(!server.is_listening(), "close_timeout is 1 s, linger 5 s");
    drop(silent);
}

fn assert_bounded(before: Option<u64>, peak: u64) {
    let Some(before) = before else { return };
    let grown = peak.saturating_sub(before);
    println!("memory before {before}, at most {peak}: grew by {grown}");
    assert!(grown < 2 * OUTBOX, "grew by {grown}");
}
