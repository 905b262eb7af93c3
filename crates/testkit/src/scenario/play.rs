//! Playing a scenario: doing what it says, and comparing what happened.

use std::collections::BTreeSet;

use counterfoil_domain::books::{Book, State};
use counterfoil_domain::money::Currency;
use counterfoil_domain::{Recorded, Refusal};

use super::document::{Document, Group, Left, Line, Row};
use super::phrase::Phrase;
use super::stage::{Outcome, Stage};
use super::words::{Complaint, Words};

/// What of a file is written anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bless {
    /// Its alignment.
    Alignment,
    /// What it says of `then`, `says`, `book` and `left`, too.
    Outcome,
}

/// A scenario that was played.
#[derive(Clone, Debug)]
pub struct Played {
    /// Where it differs from what happened, for people to read; empty where it does not.
    pub differences: Vec<String>,
    /// The file as it should be.
    pub text: String,
    /// How many `when` lines it has.
    pub groups: usize,
    /// The rule that its last `when` broke, if it was refused.
    pub refused: Option<&'static str>,
}

/// Plays the scenario in `text`.
///
/// # Errors
/// A line that cannot be read or done.
pub fn play(text: &str, bless: Bless) -> Result<Played, Complaint> {
    let mut document = Document::read(text)?;
    let phrases = read_phrases(&document)?;
    let mut stage = Stage::default();
    let mut played = Played { differences: Vec::new(), text: String::new(), groups: 0, refused: None };
    for (group, (given, when)) in document.groups.iter_mut().zip(phrases) {
        for (line, phrase) in &given {
            if let Err(refusal) = stage.act(*line, phrase)? {
                let what = format!("what is given was refused: {} ({refusal})", refusal.rule());
                return Err(Complaint::new(*line, what));
            }
        }
        let outcome = stage.act(when.0, &when.1)?;
        played.refused = outcome.as_ref().err().map(Refusal::rule);
        compare(&stage, group, &outcome, &mut played.differences, bless)?;
        played.groups += 1;
    }
    let breaches = stage.world.finish();
    played.differences.extend(breaches.iter().map(|breach| format!("a law is broken: {breach}")));
    played.text = document.write();
    if bless == Bless::Alignment && played.text != text && played.differences.is_empty() {
        played.differences.push("the file is not aligned; COUNTERFOIL_BLESS=align rewrites it".to_owned());
    }
    Ok(played)
}

/// A phrase with the time that it is said to happen at.
type Timed = (usize, (Option<counterfoil_domain::calendar::Timestamp>, Phrase));

fn read_phrases(document: &Document) -> Result<Vec<(Vec<Timed>, Timed)>, Complaint> {
    let read = |line: &Line| -> Result<Timed, Complaint> {
        let mut words = Words::new(line.number, &line.text);
        let at = if words.eat("at") { Some(words.time()?) } else { None };
        Ok((line.number, (at, Phrase::read(&mut words)?)))
    };
    let group = |group: &Group| -> Result<(Vec<Timed>, Timed), Complaint> {
        let given: Result<Vec<Timed>, Complaint> = group.given.iter().map(read).collect();
        let when = group.when.as_ref().ok_or_else(|| Complaint::new(1, "a scenario has a \"when\" line"))?;
        Ok((given?, read(when)?))
    };
    document.groups.iter().map(group).collect()
}

impl Stage {
    fn act(
        &mut self,
        line: usize,
        (at, phrase): &(Option<counterfoil_domain::calendar::Timestamp>, Phrase),
    ) -> Result<Outcome, Complaint> {
        if let Some(at) = at {
            self.world.set_now(*at);
        }
        self.perform(line, phrase)
    }
}

fn compare(
    stage: &Stage,
    group: &mut Group,
    outcome: &Outcome,
    differences: &mut Vec<String>,
    bless: Bless,
) -> Result<(), Complaint> {
    let number = group.when.as_ref().map_or(0, |when| when.number);
    let (then, says) = told(stage, outcome);
    let expected: Vec<&str> = group.then.iter().map(|line| line.text.as_str()).collect();
    if expected.len() != then.len() || !expected.iter().zip(&then).all(|(wanted, told)| tells(told, wanted)) {
        differences.push(difference(number, "then", &expected, &then));
        if bless == Bless::Outcome {
            group.then = then.into_iter().map(|text| Line { number, text }).collect();
        }
    }
    // Only a scenario that says a refusal's sentence is held to it.
    let wanted = group.says.as_ref().map(|line| line.text.clone());
    if wanted.is_some() && wanted != says {
        differences.push(difference(number, "says", wanted.as_slice(), says.as_slice()));
        if bless == Bless::Outcome {
            group.says = says.map(|text| Line { number, text });
        }
    }
    let events = outcome.as_deref().unwrap_or_default();
    compare_book(stage, group, events, differences, bless);
    compare_left(stage, group, events, differences, bless)
}

/// What happened as `then` lines, and a refusal's sentence.
fn told(stage: &Stage, outcome: &Outcome) -> (Vec<String>, Option<String>) {
    match outcome {
        Ok(events) if events.is_empty() => (vec!["nothing".to_owned()], None),
        Ok(events) => (events.iter().map(|recorded| stage.tell(recorded)).collect(), None),
        Err(refusal) => (vec![format!("refused {}", refusal.rule())], Some(refusal.to_string())),
    }
}

/// Whether `told` begins with the words of `wanted`: facts may be left out at the end.
fn tells(told: &str, wanted: &str) -> bool {
    let mut told = told.split_whitespace();
    wanted.split_whitespace().all(|word| told.next() == Some(word))
}

fn compare_book(
    stage: &Stage,
    group: &mut Group,
    events: &[Recorded],
    differences: &mut Vec<String>,
    bless: Bless,
) {
    let mut actual: Vec<(Row, Option<String>)> = Vec::new();
    for entry in events.iter().filter_map(|recorded| recorded.event.entry()) {
        let currency = entry.currency();
        let code = if currency == stage.home() { String::new() } else { format!(" {currency}") };
        for posting in entry.postings() {
            let name = stage.book_name(posting.book);
            let dated = Stage::book_day(posting.book).map(|day| format!("{name}@{day}{code}"));
            let magnitude = i64::try_from(posting.amount.unsigned_abs()).unwrap_or(i64::MAX);
            let (amount, debit) = (currency.format(magnitude), posting.amount > 0);
            actual.push((Row { book: format!("{name}{code}"), amount, debit }, dated));
        }
    }
    let mut left = actual.clone();
    let mut missing = Vec::new();
    // Rows that name a day are matched first: they fit fewer postings.
    let (dated, plain): (Vec<&Row>, Vec<&Row>) = group.rows.iter().partition(|row| row.book.contains('@'));
    for row in dated.into_iter().chain(plain) {
        let fits = |(posted, dated): &(Row, Option<String>)| {
            let same_book = posted.book == row.book || dated.as_ref() == Some(&row.book);
            same_book && posted.amount == row.amount && posted.debit == row.debit
        };
        match left.iter().position(fits) {
            Some(index) => drop(left.swap_remove(index)),
            None => missing.push(row),
        }
    }
    if missing.is_empty() && left.is_empty() {
        return;
    }
    let side = |row: &Row| if row.debit { "debit" } else { "credit" };
    let told = |row: &Row| format!("{} {} {}", row.book, side(row), row.amount);
    let missing: Vec<String> = missing.into_iter().map(told).collect();
    let surplus: Vec<String> = left.iter().map(|(row, _)| told(row)).collect();
    differences.push(difference(group.book.unwrap_or(0), "book", &missing, &surplus));
    if bless == Bless::Outcome {
        group.book = Some(group.book.unwrap_or(0));
        group.rows = actual.into_iter().map(|(row, _)| row).collect();
    }
}

fn compare_left(
    stage: &Stage,
    group: &mut Group,
    events: &[Recorded],
    differences: &mut Vec<String>,
    bless: Bless,
) -> Result<(), Complaint> {
    let moved = events.iter().any(|recorded| recorded.event.entry().is_some());
    let number = group.when.as_ref().map_or(0, |when| when.number);
    if moved && group.left.is_empty() {
        differences.push(format!("line {number}: money moves, so the scenario says what is left"));
        if bless == Bless::Outcome {
            group.left.push((number, touched(stage, events)));
        }
    }
    for (number, items) in &mut group.left {
        for item in items {
            let currency = item.currency.unwrap_or(stage.home());
            let Some(value) = stage.left(&item.label, currency) else {
                return Err(Complaint::new(*number, format!("there is no \"{}\"", item.label)));
            };
            if value != item.value {
                differences
                    .push(format!("line {number}: left {}\n    - {}\n    + {value}", item.label, item.value));
                if bless == Bless::Outcome {
                    item.value = value;
                }
            }
        }
    }
    Ok(())
}

/// Every book that the events touched, with what is left in it.
fn touched(stage: &Stage, events: &[Recorded]) -> Vec<Left> {
    let mut books: BTreeSet<(Book, Currency)> = BTreeSet::new();
    for entry in events.iter().filter_map(|recorded| recorded.event.entry()) {
        for posting in entry.postings() {
            let book = match posting.book {
                // One label for all days.
                Book::Account(account, State::Pending(_)) => {
                    Book::Account(account, State::Pending(counterfoil_domain::calendar::Day::MIN))
                }
                book @ (Book::Rail(_)
                | Book::Account(..)
                | Book::Operator(_)
                | Book::TaxWithheld(_)
                | Book::Suspense
                | Book::Fx(_)) => book,
            };
            books.insert((book, entry.currency()));
        }
    }
    let item = |(book, currency): (Book, Currency)| {
        let label = stage.book_name(book);
        let value = stage.left(&label, currency)?;
        Some(Left { label, currency: (currency != stage.home()).then_some(currency), value })
    };
    books.into_iter().filter_map(item).collect()
}

/// What was expected and is not there, and what is there and was not expected.
fn difference(line: usize, what: &str, expected: &[impl AsRef<str>], actual: &[impl AsRef<str>]) -> String {
    let mut told = format!("line {line}: {what}");
    for (sign, lines) in [("-", lines_of(expected)), ("+", lines_of(actual))] {
        for text in lines {
            told += &format!("\n    {sign} {text}");
        }
    }
    told
}

fn lines_of(lines: &[impl AsRef<str>]) -> Vec<&str> {
    lines.iter().map(AsRef::as_ref).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALE: &str = "# A sale.\ngiven  platform in US, USD\nwhen   order-1 charges 1.00 USD on card\n\
        then   rail_opened card\nthen   charge_succeeded order-1 1.00\n\
        left   rail:card 2.00\n";

    #[test]
    fn what_is_wrong_or_missing_is_told_and_blessed() {
        let played = play(SALE, Bless::Outcome).unwrap();
        let [book, left] = &played.differences[..] else { panic!("{:?}", played.differences) };
        assert!(book.contains("+ rail:card debit 1.00"), "{book}");
        assert!(left.contains("- 2.00") && left.contains("+ 1.00"), "{left}");
        let again = play(&played.text, Bless::Alignment).unwrap();
        assert!(again.differences.is_empty(), "{:?}", again.differences);
    }

    #[test]
    fn a_wrong_event_is_a_difference() {
        for wrong in ["charge_succeeded order-2", "charge_refunded order-1", "charge_succeeded order-1 1.01"]
        {
            let text = SALE.replace("charge_succeeded order-1 1.00", wrong);
            let played = play(&text, Bless::Alignment).unwrap();
            assert!(played.differences.iter().any(|told| told.contains(&format!("- {wrong}"))), "{wrong}");
        }
    }

    #[test]
    fn an_unknown_word_or_name_is_told_with_its_line_and_the_nearest() {
        let verb = play(&SALE.replace(" charges ", " chrages "), Bless::Alignment).unwrap_err();
        assert_eq!(verb.to_string(), "line 3: unknown word \"chrages\"; did you mean \"charges\"?");
        let name = SALE.replace("order-1 charges", "transfer-1 moves").replace("on card", "to platfrom");
        let name = play(&name, Bless::Alignment).unwrap_err();
        assert_eq!(name.to_string(), "line 3: unknown word \"platfrom\"; did you mean \"platform\"?");
    }

    #[test]
    fn what_is_given_must_succeed() {
        let text = SALE.replacen("when   ", "given  order-0 charges 0.00 USD on card\nwhen   ", 1);
        let refused = play(&text, Bless::Alignment).unwrap_err();
        assert!(refused.what.contains("charge_must_be_positive") && refused.line == 3, "{refused}");
    }
}
