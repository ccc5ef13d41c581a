use clap::CommandFactory;

use super::*;

fn serve(flags: &[&str]) -> ServeArgs {
    let line = ["roomcast"].iter().chain(flags);
    Args::try_parse_from(line).unwrap().serve
}

fn wrong(flags: &[&str]) -> String {
    let line = ["roomcast"].iter().chain(flags);
    Args::try_parse_from(line).unwrap_err().to_string()
}

fn shown(settings: &Settings, key: &str) -> String {
    let given = settings.given(table::find(key).unwrap()).unwrap();
    given.value.to_string()
}

#[test]
fn the_command_line_is_consistent() {
    Args::command().debug_assert();
}

#[test]
fn serve_may_be_left_out() {
    let flags = ["--listen", "127.0.0.1:1", "--listen", "[::1]:2"];
    let line = ["roomcast", "serve"].iter().chain(&flags);
    let long = Args::try_parse_from(line).unwrap();
    let Some(Command::Serve(long)) = long.command else {
        panic!("serve")
    };
    assert_eq!(serve(&flags), long);
    assert_eq!(shown(&long.settings, "listen"), "127.0.0.1:1, [::1]:2");
}

#[test]
fn what_no_flag_says_is_a_hole() {
    assert_eq!(serve(&[]), ServeArgs::default());
}

#[test]
fn the_flags_that_were_always_there_are_still_read() {
    for (flags, key, value) in [
        (&["--profile", "chatty"] as &[_], "server.profile", "chatty"),
        (
            &["--listen", "127.0.0.1:1=shows"],
            "listen",
            "127.0.0.1:1=shows",
        ),
        (&["--data-dir", "/data"], "store.data_dir", "/data"),
        (&["--jwt-secret", "s"], "auth.jwt_secret", "(set)"),
        (&["--tls-cert", "c"], "tls.cert", "c"),
        (&["--tls-key", "k"], "tls.key", "k"),
        (&["--auth", "required"], "auth.policy", "required"),
        (
            &["--cors-origin", "http://a", "--cors-origin", "http://b"],
            "cors.origins",
            "http://a, http://b",
        ),
        (&["--no-rate-limits"], "limits.enabled", "false"),
        (&["--allow-open"], "server.allow_open", "true"),
        (
            &["--log", "info,chat=debug"],
            "log.filter",
            "info,chat=debug",
        ),
        (&["--log-format", "json"], "log.format", "json"),
    ] {
        assert_eq!(shown(&serve(flags).settings, key), value, "{flags:?}");
    }
}

#[test]
fn any_setting_can_be_set_by_its_key() {
    let args = serve(&[
        "--set",
        "socketio.ping_interval=10s",
        "--set",
        "chat.page=7",
    ]);
    assert_eq!(shown(&args.settings, "socketio.ping_interval"), "10s");
    assert_eq!(shown(&args.settings, "chat.page"), "7");
    let unknown = wrong(&["--set", "socketio.ping_intervall=10s"]);
    assert!(
        unknown.contains("did you mean socketio.ping_interval?"),
        "{unknown}"
    );
    let value = wrong(&["--set", "chat.page=many"]);
    assert!(
        value.contains("chat.page: `many` is not a number from 1 to 10000"),
        "{value}"
    );
}

#[test]
fn a_wrong_flag_says_what_it_takes() {
    let listen = wrong(&["--listen", "8000"]);
    assert!(
        listen.contains("`8000` is not an address with a port, such as"),
        "{listen}"
    );
    let log = wrong(&["--log", "info,chat=debgu"]);
    assert!(
        log.contains("`chat=debgu` is not a part with one of the levels off, error"),
        "{log}"
    );
    let auth = wrong(&["--auth", "maybe"]);
    assert!(auth.contains("[possible values: open, required]"), "{auth}");
}
