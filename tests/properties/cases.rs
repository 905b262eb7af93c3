//! How many random streams are tried.

use proptest::test_runner::Config;

/// A modest number, so that the suite is quick; a hundred times as many where
/// `COUNTERFOIL_SLOW=1` asks for it.
pub(crate) fn cases(usual: u32) -> Config {
    let slow = std::env::var("COUNTERFOIL_SLOW").as_deref() == Ok("1");
    let cases = if slow { usual * 100 } else { usual };
    Config { cases, failure_persistence: None, ..Config::default() }
}
