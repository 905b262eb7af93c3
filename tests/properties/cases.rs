//! How many random streams are tried.

use proptest::test_runner::Config;

/// A modest number, so that the suite is quick; a hundred times as many where
/// `COUNTERFOIL_SLOW=1` asks for it.
pub(crate) fn cases(usual: u32) -> Config {
    long_cases(usual, 100)
}

/// So many times as many where the streams are long.
pub(crate) fn long_cases(usual: u32, slow: u32) -> Config {
    let asked = std::env::var("COUNTERFOIL_SLOW").as_deref() == Ok("1");
    let cases = if asked { usual * slow } else { usual };
    Config { cases, failure_persistence: None, ..Config::default() }
}
