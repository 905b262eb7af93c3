//! `docs/reference/refusals.md`: every rule with its sentence, written from the code.

use std::fmt::Write;

use counterfoil_domain::Refusal;

use crate::text;

const PAGE: &str = "docs/reference/refusals.md";

/// The nouns in the order of [`Refusal::rules`], with the file that declares their rules.
const NOUNS: &[(&str, &str)] = &[
    ("The ledger", "settings.rs"),
    ("Time", "calendar/advance.rs"),
    ("Accounts", "account/mod.rs"),
    ("Charges", "charge/mod.rs"),
    ("Splits", "split/mod.rs"),
    ("Transfers", "transfer/mod.rs"),
    ("Refunds", "refund/mod.rs"),
    ("Payouts", "payout/mod.rs"),
    ("Rails", "rail/mod.rs"),
    ("Bookmarks", "bookmark/mod.rs"),
];

const OPENING: &str = "# Refusals

A command that breaks a rule is refused: nothing is recorded, and the answer is the rule's name with the sentence below, filled in with what was asked and what was available. Names are stable; sentences may be reworded. Where a command breaks several rules, the answer is the first in its decision's own order; `tests/scenarios/<noun>/ladder/` pins that order, and `tests/scenarios/<noun>/refused/` has a minimal scenario for each rule.

Beside refusals there are answers that are about no rule: an idempotency key used with another request, a malformed request, overload, and an outcome that is unknown because a sync failed. They are the variants of `ExecuteError` in `crates/counterfoil/src/error.rs`.

Written by the tests from the code; `COUNTERFOIL_BLESS=1 cargo test -p counterfoil-tests --test docs` writes it anew.
";

/// The rules of one file: what follows `=>` in its list of refusals.
fn rules(source: &str) -> Vec<(String, String)> {
    let list = source.split("refusals! {").nth(1).expect("a list of refusals");
    let list = list.split("\n}\n").next().unwrap_or(list);
    let mut found = Vec::new();
    for rest in list.split("=> \"").skip(1) {
        let (rule, rest) = rest.split_once('"').expect("a rule's name");
        let sentence = rest.split_once('"').expect("its sentence").1;
        let end = sentence.find("\";").expect("the end of its sentence");
        found.push((rule.to_owned(), sentence[..end].replace("\\\"", "\"")));
    }
    found
}

#[test]
fn the_page_is_the_code() {
    let mut page = OPENING.to_owned();
    let mut all = Vec::new();
    for (noun, file) in NOUNS {
        let path = format!("crates/domain/src/{file}");
        write!(page, "\n## {noun}\n\nDeclared in `{path}`.\n\n| rule | sentence |\n|---|---|\n").unwrap();
        for (rule, sentence) in rules(&text(&path)) {
            writeln!(page, "| `{rule}` | {sentence} |").unwrap();
            all.push(rule);
        }
    }
    assert_eq!(all, Refusal::rules(), "the rules as the code lists them");
    if std::env::var("COUNTERFOIL_BLESS").is_ok_and(|bless| bless == "1") {
        std::fs::write(crate::house(PAGE), &page).unwrap();
    }
    assert!(text(PAGE) == page, "{PAGE} is not what the code says; COUNTERFOIL_BLESS=1 writes it");
}
