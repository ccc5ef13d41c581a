use super::*;
use crate::config::table;

fn read_all(text: &str) -> (Settings, Vec<ConfigError>) {
    read(
        Path::new("roomcast.toml"),
        text,
        &|path| match path.to_str() {
            Some("/run/secrets/jwt") => Ok("from the file\n".to_owned()),
            _ => Err(std::io::ErrorKind::NotFound.into()),
        },
    )
}

fn shown(text: &str, key: &str) -> String {
    let (settings, errors) = read_all(text);
    assert_eq!(errors, [], "{text}");
    let given = settings.given(table::find(key).unwrap()).unwrap();
    format!("{} from {}", given.value, given.source)
}

fn errors(text: &str) -> Vec<String> {
    read_all(text).1.iter().map(ToString::to_string).collect()
}

#[test]
fn a_value_knows_its_line() {
    let text = "[socketio]\nping_interval = \"10s\"\nping_timeout = 5\n[limits]\nenabled = false\n";
    assert_eq!(
        shown(text, "socketio.ping_interval"),
        "10s from roomcast.toml:2"
    );
    assert_eq!(
        shown(text, "socketio.ping_timeout"),
        "5s from roomcast.toml:3"
    );
    assert_eq!(shown(text, "limits.enabled"), "false from roomcast.toml:5");
    assert_eq!(
        shown("chat.page = 1_000", "chat.page"),
        "1000 from roomcast.toml:1"
    );
    assert_eq!(
        shown("chat.page = 0x10", "chat.page"),
        "16 from roomcast.toml:1"
    );
    let list = "cors.origins = [\"https://a\", \"https://b\"]";
    assert_eq!(
        shown(list, "cors.origins"),
        "https://a, https://b from roomcast.toml:1"
    );
}

#[test]
fn every_mistake_has_its_line_and_its_key() {
    let text = "[socketio]\nping_interval = \"soon\"\npng_timeout = 5\n\n[chatt]\nx = 1\n[chat]\npage = [1]\nhistory = -1\n";
    let expected = [
        "roomcast.toml:2: socketio.ping_interval: `soon` is not a time such as 25s, from 1s to 1day",
        "roomcast.toml:3: unknown setting socketio.png_timeout; did you mean socketio.ping_timeout?",
        "roomcast.toml:5: unknown setting [chatt]; did you mean [chat]?",
        "roomcast.toml:8: chat.page: `[1]` is not a number from 1 to 10000",
        "roomcast.toml:9: chat.history: `-1` is not a number, at least 1",
    ];
    assert_eq!(errors(text), expected);
}

#[test]
fn a_setting_in_the_wrong_section_is_recognised() {
    assert_eq!(
        errors("[server]\ndata_dir = \"/data\""),
        ["roomcast.toml:2: unknown setting server.data_dir; did you mean store.data_dir?"]
    );
    assert_eq!(
        errors("max_text = 5"),
        ["roomcast.toml:1: unknown setting max_text; did you mean chat.max_text?"]
    );
    assert_eq!(
        errors("[server]\nfrobnicate = 5"),
        ["roomcast.toml:2: unknown setting server.frobnicate"]
    );
}

#[test]
fn what_is_no_toml_says_where() {
    let found = errors("[server]\nprofile = \"chatty\"\nprofile = \"shows\"\n");
    assert!(
        found[0].starts_with("roomcast.toml:3: duplicate key"),
        "{found:?}"
    );
    let found = errors("[server\n");
    assert!(found[0].starts_with("roomcast.toml:1: "), "{found:?}");
}

#[test]
fn listeners_are_tables_or_texts() {
    let tables = "[[listen]]\naddress = \"0.0.0.0:8000\"\nprofile = \"chatty\"\n[[listen]]\naddress = \"127.0.0.1:9000\"\n\
                  internal = true\n[[listen]]\naddress = \"[::1]:5000\"\n";
    assert_eq!(
        shown(tables, "listen"),
        "0.0.0.0:8000=chatty, [::1]:5000 from roomcast.toml:1"
    );
    assert_eq!(
        shown(tables, "internal.listen"),
        "127.0.0.1:9000 from roomcast.toml:6"
    );
    let texts = "listen = [\"127.0.0.1:1=shows\"]";
    assert_eq!(
        shown(texts, "listen"),
        "127.0.0.1:1=shows from roomcast.toml:1"
    );
    assert_eq!(
        errors("[[listen]]\nadress = \"0.0.0.0:8000\"\n"),
        ["roomcast.toml:2: unknown setting listen.adress; did you mean listen.address?",]
    );
}

#[test]
fn of_a_list_the_wrong_part_is_shown_and_its_key() {
    let text = "auth.algorithms = [\"HS256\", \"HS25\"]\ncors.origins = [\"https://a\", { b = 1 }]\n\
                limits.trusted_proxies = [\"10.0.0.0/8\", 7]\nsocketio.transports = []\nlog.filter = \"debgu\"\n";
    let found = errors(text);
    assert!(
        found[0].starts_with("roomcast.toml:1: auth.algorithms: `HS25` is not HS256, HS384,"),
        "{found:?}"
    );
    assert!(
        found[1].starts_with("roomcast.toml:2: cors.origins: `{ b = 1 }` is not an origin such as"),
        "{found:?}"
    );
    assert_eq!(
        found[2..4],
        [
            "roomcast.toml:3: limits.trusted_proxies: `7` is not a network, such as 10.0.0.0/8 or ::1",
            "roomcast.toml:4: socketio.transports: `` is not polling or websocket",
        ]
    );
    assert!(
        found[4].starts_with("roomcast.toml:5: log.filter: `debgu` is not a level (off,"),
        "{found:?}"
    );
    let long = errors(&format!("chat.page = [{}]", "1, ".repeat(500)));
    assert!(long[0].len() < 150, "{long:?}");
}

#[test]
fn a_listener_for_operators_that_is_told_twice_names_both_places() {
    let table = "[[listen]]\naddress = \"127.0.0.1:9000\"\ninternal = true\n";
    assert_eq!(
        errors(&format!("{table}[internal]\nlisten = \"127.0.0.1:9001\"\n")),
        [
            "internal.listen (roomcast.toml:5) and listen.internal (roomcast.toml:3) are both set; keep one"
        ]
    );
    assert_eq!(
        errors(&format!("{table}{table}")),
        [
            "listen.internal (roomcast.toml:3) and listen.internal (roomcast.toml:6) are both set; keep one"
        ]
    );
    assert_eq!(
        errors(&format!("{table}profile = \"chatty\"\n")),
        [
            "roomcast.toml:4: listen.profile: `chatty` is not for an internal listener: operators have no profile"
        ]
    );
}

#[test]
fn a_place_to_listen_says_what_is_wrong_with_it() {
    assert_eq!(
        errors("[[listen]]\nprofile = \"chatty\"\n[[listen]]\naddress = \"8000\"\n"),
        [
            "roomcast.toml:1: listen: `address` is not given; a place to listen needs one",
            "roomcast.toml:4: listen.address: `8000` is not an address with a port, such as 127.0.0.1:9000",
        ]
    );
    assert_eq!(
        errors("listen = [\"127.0.0.1:1\", { address = \"127.0.0.1:2\", internal = 1 }]"),
        [
            "roomcast.toml:1: listen: `\"127.0.0.1:1\"` is not a table as the others are",
            "roomcast.toml:1: listen.internal: `1` is not true or false",
        ]
    );
}

#[test]
fn a_secret_may_be_in_a_file_of_its_own_and_is_never_shown() {
    let text = "[auth]\njwt_secret_file = \"/run/secrets/jwt\"";
    let (settings, _) = read_all(text);
    let secret: Option<crate::config::Secret> = settings.find("auth.jwt_secret");
    assert_eq!(secret, Some("from the file".to_owned().into()));
    let both = "[auth]\njwt_secret = \"x\"\njwt_secret_file = \"/run/secrets/jwt\"";
    assert_eq!(
        errors(both),
        [
            "auth.jwt_secret (roomcast.toml:2) and auth.jwt_secret_file (roomcast.toml:3) are both set; keep one"
        ]
    );
    let missing = errors("auth.jwt_secret_file = \"/nowhere\"");
    assert!(
        missing[0].starts_with("roomcast.toml:1: auth.jwt_secret_file: cannot read /nowhere"),
        "{missing:?}"
    );
    let list = errors("auth.jwt_secret = [\"hush\"]");
    assert_eq!(
        list,
        ["roomcast.toml:1: auth.jwt_secret: `***` is not a text"]
    );
    // Only a secret may.
    assert!(errors("auth.cookie_file = \"x\"")[0].contains("unknown setting"));
}
