//! Who may see the pages, and that all of them are in the binary.

use super::*;

fn those() -> Readers {
    let password = Secret::new("hush");
    Readers::of("docs", Some(&password), Auth::Required, false)
}

fn ask(readers: Readers, path: &str, header: Option<&str>) -> Option<StatusCode> {
    let header = header.map(|text| HeaderValue::from_str(text).expect("a header"));
    let headers = header.map(|value| (AUTHORIZATION, value)).into_iter();
    let page = DocsPage::new(readers);
    let answer = page.answer(path, &Method::GET, &headers.collect());
    answer.map(|(_, answer)| answer.status())
}

fn basic(pair: &str) -> String {
    format!("Basic {}", BASE64.encode(pair.as_bytes()))
}

#[test]
fn a_password_opens_the_pages_and_the_document() {
    for path in ["/api-docs/", "/api-docs/events"] {
        assert_eq!(ask(those(), path, None), Some(StatusCode::UNAUTHORIZED));
        let known = ask(those(), path, Some(&basic("docs:hush")));
        assert_eq!(known, Some(StatusCode::OK), "{path}");
    }
    let document = ask(those(), "/openapi.json", None);
    assert_eq!(document, Some(StatusCode::UNAUTHORIZED));
    // The router answers then.
    let known = ask(those(), "/openapi.json", Some(&basic("docs:hush")));
    assert_eq!(known, None);
}

#[test]
fn nothing_but_name_and_password_opens_them() {
    let wrong = ["docs:hus", "docs:hushh", "doc:hush", "docs", ":hush", ""].map(basic);
    let others = ["Bearer hush", "hush", "Basic !", "Basic"].map(str::to_owned);
    for header in wrong.into_iter().chain(others) {
        let answer = ask(those(), "/api-docs/", Some(&header));
        assert_eq!(answer, Some(StatusCode::UNAUTHORIZED), "{header}");
    }
    let other_case = basic("docs:hush").replacen("Basic", "bASIC", 1);
    assert_eq!(
        ask(those(), "/api-docs/", Some(&other_case)),
        Some(StatusCode::OK)
    );
}

#[test]
fn without_a_password_only_development_has_them() {
    let status = |auth, is_loopback| {
        let readers = Readers::of("docs", None, auth, is_loopback);
        ask(readers, "/api-docs/", None)
    };
    assert_eq!(status(Auth::Open, true), Some(StatusCode::OK));
    for (auth, is_loopback) in [
        (Auth::Open, false),
        (Auth::Required, true),
        (Auth::Required, false),
    ] {
        assert_eq!(status(auth, is_loopback), Some(StatusCode::NOT_FOUND));
    }
    assert_eq!(
        ask(Readers::Nobody, "/openapi.json", None),
        Some(StatusCode::NOT_FOUND)
    );
}

#[test]
fn every_file_that_the_page_asks_for_is_in_the_binary() {
    let viewer = DocsPage::new(Readers::Everybody).viewer;
    let page = serve("index.html", Arc::clone(&viewer)).expect("a page");
    let page = String::from_utf8(page.expect("a page").bytes.into_owned()).expect("text");
    let mut files = 0;
    for part in page.split(['"', '\'']) {
        let name = part.trim_start_matches("./");
        if [".js", ".css", ".png"]
            .iter()
            .any(|ending| name.ends_with(ending))
        {
            assert!(!name.contains("//"), "{name} is elsewhere");
            let status = ask(Readers::Everybody, &format!("/api-docs/{name}"), None);
            assert_eq!(status, Some(StatusCode::OK), "{name}");
            files += 1;
        }
    }
    assert!(files >= 5, "{files}");
    let start = serve("swagger-initializer.js", viewer).expect("a script");
    let start = String::from_utf8(start.expect("a script").bytes.into_owned()).expect("text");
    assert!(start.contains(DOCUMENT), "{start}");
}

#[test]
fn other_addresses_are_not_its_own() {
    for path in ["/", "/api-docsx", "/openapi.jsonx", "/messages/"] {
        assert_eq!(ask(Readers::Nobody, path, None), None, "{path}");
    }
    let missing = ask(Readers::Everybody, "/api-docs/../Cargo.toml", None);
    assert_eq!(missing, Some(StatusCode::NOT_FOUND));
    let folder = ask(Readers::Everybody, "/api-docs", None);
    assert_eq!(folder, Some(StatusCode::PERMANENT_REDIRECT));
}
