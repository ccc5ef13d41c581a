use super::*;

/// So many members of one room, in which four messages were sent.
fn scene(members: usize) -> Broadcast {
    scene_with(1, members)
}

/// The same with so many senders by turns.
fn scene_with(senders: usize, members: usize) -> Broadcast {
    let seats = Seats {
        rooms: 1,
        members: vec![Some(0); members],
        senders,
        herald: None,
        names: "room".into(),
    };
    let mut scene = Broadcast::new(seats, Pace::InFlight(4), mark::LEN);
    for _ in 0..4 {
        scene.rooms[0].send();
        scene.outstanding += members as u64;
    }
    scene
}

fn hear(scene: &mut Broadcast, who: usize, numbers: &[u32]) {
    for &number in numbers {
        let mut array = mark::EVENT.to_vec();
        Mark { number, at: 0 }.encode(mark::LEN, &mut array);
        array.extend_from_slice(b"\"]");
        scene.on_notice(who, Notice::Event(&array), 1);
    }
}

/// Lost, duplicated, reordered, damaged.
fn told(scene: &Broadcast) -> [u64; 4] {
    let Findings {
        lost,
        duplicated,
        reordered,
        damaged,
        ..
    } = scene.findings();
    [lost, duplicated, reordered, damaged]
}

#[test]
fn all_in_order_is_nothing_to_tell() {
    let mut scene = scene(2);
    hear(&mut scene, 0, &[0, 1, 2, 3]);
    assert!(scene.is_waiting());
    hear(&mut scene, 1, &[0, 1, 2, 3]);
    assert!(!scene.is_waiting());
    assert_eq!(told(&scene), [0, 0, 0, 0]);
    assert_eq!(scene.count().deliveries, 8);
}

#[test]
fn what_is_skipped_is_lost_and_nobody_waits_for_it() {
    let mut scene = scene(2);
    hear(&mut scene, 0, &[0, 2, 3]);
    hear(&mut scene, 1, &[0, 1, 2, 3]);
    assert!(!scene.is_waiting());
    assert_eq!(told(&scene), [1, 0, 0, 0]);
}

#[test]
fn what_comes_later_is_out_of_order_and_what_comes_twice_is_a_duplicate() {
    let mut scene = scene(1);
    hear(&mut scene, 0, &[0, 2, 1, 1, 3, 3]);
    assert_eq!(told(&scene), [0, 2, 1, 0]);
    assert!(!scene.is_waiting());
}

#[test]
fn what_was_never_sent_is_damaged() {
    let mut scene = scene(1);
    hear(&mut scene, 0, &[9]);
    scene.on_notice(0, Notice::Event(br#"["msg","hello"]"#), 1);
    assert_eq!(told(&scene), [0, 0, 0, 2]);
}

#[test]
fn after_giving_up_the_rest_is_lost_unless_it_comes() {
    let mut scene = scene(2);
    hear(&mut scene, 0, &[0, 1]);
    scene.give_up();
    assert!(!scene.is_waiting());
    assert_eq!(told(&scene), [6, 0, 0, 0]);
    hear(&mut scene, 0, &[2]);
    assert_eq!(told(&scene), [5, 0, 1, 0]);
}

#[test]
fn what_those_find_who_did_not_read_is_not_counted() {
    let mut scene = scene(1);
    scene.members.push(None);
    scene.set_window(0..9);
    hear(&mut scene, 1, &[0, 1]);
    assert_eq!(scene.count().deliveries, 0);
    assert_eq!(scene.findings().latency, None);
}

#[test]
fn a_client_that_is_cut_takes_its_messages_along() {
    let mut scene = scene(2);
    hear(&mut scene, 0, &[0, 1, 2, 3]);
    hear(&mut scene, 1, &[0]);
    scene.on_end(1, &ClientError::Hangup);
    assert!(!scene.is_waiting() && !scene.is_empty());
    scene.on_end(0, &ClientError::Hangup);
    assert!(scene.is_empty());
    assert_eq!(told(&scene), [0, 0, 0, 0]);
}

#[test]
fn each_sender_has_an_order_and_all_together_have_none() {
    let mut scene = scene_with(2, 2);
    hear(&mut scene, 0, &[1, 0, 3, 2]);
    hear(&mut scene, 1, &[0, 2, 3, 1]);
    assert_eq!(told(&scene), [0, 0, 1, 0]);
    assert!(!scene.is_waiting());
}
