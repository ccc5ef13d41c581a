use super::*;

fn gate(limits: Admission) -> Arc<Gate> {
    Arc::new(Gate::new(limits))
}

fn from(address: &str) -> Option<SocketAddr> {
    Some(SocketAddr::new(address.parse().unwrap(), 50_000))
}

const NOON: Duration = Duration::from_secs(43_200);

#[test]
fn sessions_in_all_are_limited_and_a_place_is_free_again() {
    let gate = gate(Admission {
        sessions: Some(2),
        ..Admission::unlimited()
    });
    let first = gate.admit(from("10.0.0.1"), NOON).unwrap();
    let _second = gate.admit(None, NOON).unwrap();
    let third = gate.admit(from("10.0.0.2"), NOON);
    assert_eq!(third.unwrap_err(), Limit::Sessions);
    drop(first);
    assert!(gate.admit(from("10.0.0.2"), NOON).is_ok());
}

#[test]
fn sessions_of_one_address_are_limited_and_leave_nothing_behind() {
    let gate = gate(Admission {
        sessions_per_address: Some(1),
        ..Admission::unlimited()
    });
    let place = gate.admit(from("10.0.0.1"), NOON).unwrap();
    for same in ["10.0.0.1", "::ffff:10.0.0.1"] {
        let second = gate.admit(from(same), NOON);
        assert_eq!(second.unwrap_err(), Limit::SessionsOfAddress);
    }
    let other = gate.admit(from("10.0.0.2"), NOON).unwrap();
    let six = gate.admit(from("2001:db8::1"), NOON).unwrap();
    let neighbour = gate.admit(from("2001:db8::2"), NOON);
    assert_eq!(neighbour.unwrap_err(), Limit::SessionsOfAddress);
    assert!(gate.admit(None, NOON).is_ok());
    drop((place, other, six));
    assert!(gate.origins.is_empty());
    assert_eq!(gate.sessions.load(Ordering::Relaxed), 0);
}

#[test]
fn handshakes_of_one_address_come_in_a_burst_and_then_at_a_rate() {
    let rate = Rate {
        per_second: 10,
        burst: 3,
    };
    let gate = gate(Admission {
        handshakes_per_address: Some(rate),
        ..Admission::unlimited()
    });
    let admitted = |after: u64| {
        let at = NOON + Duration::from_millis(after);
        gate.admit(from("10.0.0.1"), at).is_ok()
    };
    let burst = [0, 0, 0, 0, 0].map(admitted);
    assert_eq!(burst, [true, true, true, false, false]);
    assert_eq!(
        [99, 100, 101, 200].map(admitted),
        [false, true, false, true]
    );
    assert_eq!([9000; 4].map(admitted), [true, true, true, false]);
}

#[test]
fn without_limits_everybody_enters() {
    let gate = gate(Admission::unlimited());
    let places: Vec<_> = (0..10_000)
        .map(|_| gate.admit(from("10.0.0.1"), NOON).unwrap())
        .collect();
    assert_eq!(places.len(), 10_000);
}

#[test]
fn other_limits_hold_for_who_comes_later() {
    let gate = self::gate(Admission::unlimited());
    let address = from("10.0.0.1");
    let _first = gate.admit(address, NOON).unwrap();
    gate.set_limits(Admission {
        sessions: Some(1),
        ..Admission::unlimited()
    });
    assert_eq!(gate.admit(address, NOON).unwrap_err(), Limit::Sessions);
    gate.set_limits(Admission {
        handshakes_per_address: Some(Rate {
            per_second: 1,
            burst: 1,
        }),
        ..Admission::unlimited()
    });
    let _second = gate.admit(address, NOON).unwrap();
    assert_eq!(gate.admit(address, NOON).unwrap_err(), Limit::Handshakes);
}
