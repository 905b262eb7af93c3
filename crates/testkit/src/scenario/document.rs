//! The document: a scenario file taken apart into lines, and written again aligned.

use std::fmt::Write;

use counterfoil_domain::money::Currency;

use super::words::{Complaint, read_minor};

/// A scenario file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// One per `when`.
    pub groups: Vec<Group>,
}

/// One `when` with what comes before and after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Comment lines without their `#`; the first group's are the rule.
    pub comment: Vec<String>,
    /// What is given.
    pub given: Vec<Line>,
    /// What is done.
    pub when: Option<Line>,
    /// What then happened, or `refused RULE`.
    pub then: Vec<Line>,
    /// The refusal in words.
    pub says: Option<Line>,
    /// Whether there is a book, and where it begins.
    pub book: Option<usize>,
    /// The book's rows.
    pub rows: Vec<Row>,
    /// What is left: each line's labels and values.
    pub left: Vec<(usize, Vec<Left>)>,
}

/// A line of text with its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Counted from 1.
    pub number: usize,
    /// The text after the keyword.
    pub text: String,
}

/// One row of a book.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// The book, with its currency where that is not the platform's.
    pub book: String,
    /// The amount as it is written.
    pub amount: String,
    /// Whether it stands under debit.
    pub debit: bool,
}

/// One balance that is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Of what.
    pub label: String,
    /// In which currency, where that is not the platform's.
    pub currency: Option<Currency>,
    /// What it is.
    pub value: String,
}

impl Document {
    /// Reads a file.
    ///
    /// # Errors
    /// The first line that is no part of a scenario, a missing part, or a book that does
    /// not balance.
    pub fn read(text: &str) -> Result<Self, Complaint> {
        let mut document = Self { groups: vec![Group::default()] };
        let mut columns = None;
        for (index, line) in text.lines().enumerate() {
            document.read_line(index + 1, line, &mut columns)?;
        }
        let first = document.groups.first().map(|group| group.comment.is_empty());
        if first != Some(false) {
            return Err(Complaint::new(1, "the file begins with \"# \" and the rule in a sentence"));
        }
        for group in &document.groups {
            group.check(text.lines().count())?;
        }
        Ok(document)
    }

    fn read_line(
        &mut self,
        number: usize,
        line: &str,
        columns: &mut Option<(usize, usize)>,
    ) -> Result<(), Complaint> {
        let (keyword, rest) = line.split_once(' ').unwrap_or((line, ""));
        let begins_group = matches!(keyword, "#" | "given" | "when");
        if begins_group && self.groups.last().is_some_and(|group| group.when.is_some()) {
            self.groups.push(Group::default());
        }
        let Some(group) = self.groups.last_mut() else {
            return Ok(());
        };
        let text = Line { number, text: rest.trim().to_owned() };
        match keyword {
            "#" => group.comment.push(text.text),
            "given" => group.given.push(text),
            "when" => group.when = Some(text),
            "then" => group.then.push(text),
            "says" => group.says = Some(text),
            "left" => group.left.push((number, left_of(&text)?)),
            "book" => {
                let ends = |word: &str| line.find(word).map(|start| start + word.len());
                let found = ends(" debit").zip(ends(" credit"));
                *columns = Some(found.ok_or_else(|| {
                    Complaint::new(number, "a book has the columns \"debit\" and \"credit\"")
                })?);
                group.book = Some(number);
            }
            "" if rest.is_empty() => {}
            "" => match *columns {
                Some(columns) if group.book.is_some() && group.left.is_empty() => {
                    group.rows.push(row(number, line, columns)?);
                }
                Some(_) | None => return Err(Complaint::new(number, "only the rows of a book are indented")),
            },
            other => {
                let known = ["#", "given", "when", "then", "says", "book", "left"];
                return Err(Complaint::unknown(number, other, known));
            }
        }
        Ok(())
    }

    /// Writes the document, every column aligned.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = String::new();
        for (index, group) in self.groups.iter().enumerate() {
            if index > 0 {
                out.push('\n');
            }
            group.write(&mut out);
        }
        out
    }
}

impl Group {
    fn check(&self, last: usize) -> Result<(), Complaint> {
        let Some(when) = &self.when else {
            return Err(Complaint::new(last, "a scenario has a \"when\" line"));
        };
        if self.then.is_empty() {
            return Err(Complaint::new(when.number, "after \"when\" comes \"then\""));
        }
        let mut sums: Vec<(&str, i128)> = Vec::new();
        for row in &self.rows {
            let (_, currency) = row.book.split_once(' ').unwrap_or((&row.book, ""));
            let of = Currency::from_code(currency).unwrap_or(Currency::USD);
            let amount = read_minor(&row.amount, of).or_else(|| read_minor(&row.amount, Currency::JPY));
            let Some(amount) = amount.filter(|amount| *amount > 0) else {
                let line = self.book.unwrap_or(when.number);
                return Err(Complaint::new(line, format!("\"{}\" is no amount above zero", row.amount)));
            };
            let signed = i128::from(if row.debit { amount } else { -amount });
            match sums.iter_mut().find(|(known, _)| *known == currency) {
                Some((_, sum)) => *sum += signed,
                None => sums.push((currency, signed)),
            }
        }
        match sums.into_iter().find(|(_, sum)| *sum != 0) {
            Some((_, sum)) => {
                let what = format!("the book does not balance: debits exceed credits by {sum} minor units");
                Err(Complaint::new(self.book.unwrap_or(when.number), what))
            }
            None => Ok(()),
        }
    }

    fn write(&self, out: &mut String) {
        let mut put = |keyword: &str, line: &str| {
            // Writing to a text cannot fail.
            let _ = writeln!(out, "{keyword:<7}{line}");
        };
        for comment in &self.comment {
            put(&format!("# {comment}"), "");
        }
        self.given.iter().for_each(|line| put("given", &line.text));
        self.when.iter().for_each(|line| put("when", &line.text));
        self.then.iter().for_each(|line| put("then", &line.text));
        self.says.iter().for_each(|line| put("says", &line.text));
        if self.book.is_some() {
            let name = self.rows.iter().map(|row| row.book.chars().count()).max().unwrap_or(0).max(34);
            let amount = self.rows.iter().map(|row| row.amount.chars().count()).max().unwrap_or(0).max(8);
            let second = amount + 2;
            put("", "");
            put(&format!("{:<w$}  {:>amount$}{:>second$}", "book", "debit", "credit", w = name + 2), "");
            for row in &self.rows {
                let (debit, credit) =
                    if row.debit { (row.amount.as_str(), "") } else { ("", row.amount.as_str()) };
                put(&format!("  {:<name$}  {debit:>amount$}{credit:>second$}", row.book), "");
            }
        }
        let mut first = true;
        for (_, items) in &self.left {
            if std::mem::take(&mut first) && self.book.is_some() {
                put("", "");
            }
            let told: Vec<String> = items.iter().map(Left::told).collect();
            put("left", &told.join("   "));
        }
        let aligned: Vec<&str> = out.lines().map(str::trim_end).collect();
        *out = aligned.join("\n") + "\n";
    }
}

impl Left {
    fn told(&self) -> String {
        match self.currency {
            Some(currency) => format!("{} {currency} {}", self.label, self.value),
            None => format!("{} {}", self.label, self.value),
        }
    }
}

/// `LABEL [CURRENCY] VALUE`, any number of times.
fn left_of(line: &Line) -> Result<Vec<Left>, Complaint> {
    let mut items = Vec::new();
    let mut words = line.text.split_whitespace();
    while let Some(label) = words.next() {
        let mut value = words.next();
        let currency = value.and_then(Currency::from_code);
        if currency.is_some() {
            value = words.next();
        }
        let Some(value) = value else {
            return Err(Complaint::new(line.number, format!("\"{label}\" has no value")));
        };
        items.push(Left { label: label.to_owned(), currency, value: value.to_owned() });
    }
    Ok(items)
}

/// A row: the book, and one amount under the nearer of the two headings.
fn row(number: usize, line: &str, (debit, credit): (usize, usize)) -> Result<Row, Complaint> {
    let line = line.trim_end();
    let Some((book, amount)) = line.trim_start().rsplit_once(' ') else {
        return Err(Complaint::new(number, "a row has a book and an amount"));
    };
    let end = line.len();
    let book = book.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Row { book, amount: amount.to_owned(), debit: end.abs_diff(debit) < end.abs_diff(credit) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALE: &str = "\
# A sale.
given  platform in US, USD
when   order-1 charges 1.00 USD on card
then   charge_succeeded order-1

book                                     debit    credit
  rail:card                               1.00
  platform:pending                                  1.00

left   rail:card 1.00
";

    #[test]
    fn what_is_aligned_stays_as_it_is() {
        assert_eq!(Document::read(SALE).unwrap().write(), SALE);
    }

    #[test]
    fn columns_are_told_by_the_nearer_heading() {
        // An amount that begins where its heading begins ends two columns further right.
        let loose = SALE.replace("  1.00\n  platform", "    1.00\n  platform");
        assert_ne!(loose, SALE);
        assert_eq!(Document::read(&loose).unwrap().write(), SALE);
    }

    #[test]
    fn a_book_that_does_not_balance_is_refused_with_its_line() {
        let short = SALE.replace("1.00\n  platform", "1.01\n  platform");
        let complaint = Document::read(&short).unwrap_err();
        assert_eq!((complaint.line, complaint.what.contains("by 1 minor")), (6, true), "{complaint}");
    }

    #[test]
    fn a_rule_is_required_and_an_unknown_keyword_is_told() {
        let mute = SALE.replacen("# A sale.\n", "", 1);
        assert!(Document::read(&mute).unwrap_err().what.contains("the rule"));
        let typo = SALE.replacen("when", "wehn", 1);
        let complaint = Document::read(&typo).unwrap_err();
        assert_eq!(complaint.to_string(), "line 3: unknown word \"wehn\"; did you mean \"when\"?");
    }
}
