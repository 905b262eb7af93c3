//! `docs/reference/refusals.md`: every rule with its sentence and what Connect answers in
//! its place, written from the code.

use std::collections::BTreeSet;
use std::fmt::Write;

use counterfoil_domain::Refusal;
use counterfoil_domain::refusal::{Code, Connect};

use crate::text;

const PAGE: &str = "docs/reference/refusals.md";

const OPENING: &str = "# Refusals

A command that breaks a rule is refused: nothing is recorded, and the answer is the rule's name with the sentence below, filled in with what was asked and what was available. Names are stable; sentences may be reworded. Where a command breaks several rules, the answer is the first in its decision's own order; `tests/scenarios/<noun>/ladder/` pins that order, and `tests/scenarios/<noun>/refused/` has a minimal scenario for each rule.

Beside each rule stands the [error code](https://docs.stripe.com/error-codes) with which Connect refuses the same. Of one that is *unconfirmed* we know the code and not that Connect gives it here; where there is none, Connect documents none or has no such rule. In code: `refusal.connect()`.

Beside refusals there are answers that are about no rule: an idempotency key used with another request, a malformed request, overload, and an outcome that is unknown because a sync failed. They are the variants of `ExecuteError` in `crates/counterfoil/src/error.rs`.

Written by the tests from the code; `COUNTERFOIL_BLESS=1 cargo test -p counterfoil-tests --test docs` writes it anew.
";

fn code(connect: Connect) -> String {
    match connect {
        Connect::Documented(code) => format!("`{code}`"),
        Connect::Unconfirmed(code) => format!("`{code}`, unconfirmed"),
        Connect::NoCode => String::new(),
    }
}

#[test]
fn the_page_is_the_code() {
    let mut page = OPENING.to_owned();
    for noun in Refusal::NOUNS {
        write!(page, "\n## {}\n\n| rule | sentence | Connect |\n|---|---|---|\n", noun.name).unwrap();
        for rule in noun.rules {
            writeln!(page, "| `{}` | {} | {} |", rule.name, rule.sentence, code(rule.connect)).unwrap();
        }
    }
    if std::env::var("COUNTERFOIL_BLESS").is_ok_and(|bless| bless == "1") {
        std::fs::write(crate::house(PAGE), &page).unwrap();
    }
    assert!(text(PAGE) == page, "{PAGE} is not what the code says; COUNTERFOIL_BLESS=1 writes it");
}

#[test]
fn a_rule_has_one_name_and_a_code_has_a_rule() {
    let rules = || Refusal::NOUNS.iter().flat_map(|noun| noun.rules);
    let names: BTreeSet<&str> = rules().map(|rule| rule.name).collect();
    assert_eq!(names.len(), rules().count(), "two rules of one name");
    let used: Vec<Code> = rules().filter_map(|rule| rule.connect.code()).collect();
    let unused: Vec<_> = Code::ALL.iter().filter(|code| !used.contains(code)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}
