//! The table is in order, and what is made from it is what is in the repository.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::super::{Otherwise, document, example};
use super::*;

#[test]
fn every_key_variable_and_flag_is_there_once() {
    let mut names = BTreeSet::new();
    for setting in settings() {
        assert!(names.insert(setting.key.to_owned()), "{}", setting.key);
        for variable in setting.variables() {
            assert!(names.insert(variable.to_string()), "{variable}");
        }
        if let Some(flag) = setting.flag {
            assert!(names.insert(format!("--{}", flag.name)), "{}", flag.name);
        }
    }
}

#[test]
fn a_setting_is_in_the_section_that_its_key_names() {
    for section in SECTIONS {
        for setting in section.settings {
            assert_eq!(setting.section(), section.name, "{}", setting.key);
        }
    }
}

#[test]
fn every_default_and_every_example_is_one_that_the_setting_takes() {
    for setting in settings() {
        assert!(setting.help.ends_with('.'), "{}", setting.key);
        match setting.default {
            Otherwise::Value(_) => assert!(setting.default_value().is_some(), "{}", setting.key),
            Otherwise::Words(words) => {
                assert!(!words.is_empty(), "{}", setting.key);
                assert!(
                    setting.kind.read(setting.example).is_ok(),
                    "{}",
                    setting.key
                );
            }
        }
    }
}

/// `ROOMCAST_WRITE=1 cargo test -p roomcast what_is_made` writes them.
fn compare(path: &str, made: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    if std::env::var_os("ROOMCAST_WRITE").is_some() {
        fs::write(&file, made).expect("a file that can be written");
    }
    let kept = fs::read_to_string(&file).expect(path);
    assert!(
        kept == made,
        "{path} is not what the table makes of it: run this test with ROOMCAST_WRITE=1"
    );
}

#[test]
fn what_is_made_from_the_table_is_in_the_repository() {
    compare("docs/configuration.md", &document());
    compare("deploy/roomcast.toml", &example());
}
