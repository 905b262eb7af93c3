//! Imports name what they import; only tests take everything from the module they test.

use crate::tree::File;

fn check(file: &File) -> Vec<String> {
    if !file.is_rust() {
        return Vec::new();
    }
    let mut in_tests = file.path.starts_with("tests/");
    let mut broken = Vec::new();
    for (number, line) in file.lines() {
        in_tests |= line.trim() == "#[cfg(test)]";
        let words = line.trim();
        let is_import = words.starts_with("use ")
            || words.starts_with("pub use ")
            || words.starts_with("pub(crate) use ");
        let allowed = in_tests && words == "use super::*;";
        if is_import && words.contains("::*") && !allowed {
            broken.push(format!("{number}: a glob import hides where names come from"));
        }
    }
    broken
}

#[test]
fn imports_name_what_they_import() {
    crate::hold(check);
}

#[test]
fn a_glob_import_is_found() {
    let broken = |text: &str| check(&File::sample("crates/domain/src/fee.rs", text)).len();
    assert_eq!(broken("use crate::money::*;\n"), 1);
    assert_eq!(broken("pub use crate::money::{self, rate::*};\n"), 1);
    assert_eq!(broken("use super::*;\n"), 1);
    assert_eq!(broken("#[cfg(test)]\nmod tests {\n    use super::*;\n}\n"), 0);
}
