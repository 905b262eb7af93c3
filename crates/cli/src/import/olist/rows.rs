//! The rows of a CSV text, read so that one damaged line costs one row.
//!
//! Fields are separated by commas and may be quoted, with `""` for a quote inside;
//! rows end with LF or CRLF; blank lines are no rows. A quoted field may span lines.
//! A usual reader takes a quote that is never closed for a field that runs to the end
//! of the file, and loses every row after it. Here a row that spans lines must have
//! its quotes in order and as many fields as the header, or it is cut after its first
//! line, and reading goes on with the next.

use std::borrow::Cow;

/// A row as it stands in the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row<'a> {
    /// The line that it begins on, counted from 1.
    pub(super) line: u64,
    /// Its fields as far as they can be told apart, without their quotes.
    pub(super) fields: Vec<Cow<'a, [u8]>>,
    /// Whether its quotes are in order.
    pub(super) in_order: bool,
}

/// Reads a text row by row.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    rest: &'a [u8],
    line: u64,
    /// How many fields the first row has: the header.
    width: Option<usize>,
}

/// What stands at the start of a text.
struct Taken<'a> {
    fields: Vec<Cow<'a, [u8]>>,
    in_order: bool,
    /// How many bytes it takes, with its line end.
    length: usize,
}

impl<'a> Rows<'a> {
    /// The rows of `text`.
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { rest: text, line: 1, width: None }
    }

    fn take_row(&self) -> Taken<'a> {
        let first_line = line_length(self.rest);
        let taken = take_fields(self.rest);
        let spans_lines = taken.length > first_line;
        let right_width = self.width.is_none_or(|width| width == taken.fields.len());
        if spans_lines && !(taken.in_order && right_width) {
            let (line, _) = self.rest.split_at(first_line);
            return Taken { in_order: false, ..take_fields(line) };
        }
        taken
    }
}

impl<'a> Iterator for Rows<'a> {
    type Item = Row<'a>;

    fn next(&mut self) -> Option<Row<'a>> {
        while let Some(length) = line_end(self.rest) {
            self.skip(length);
        }
        if self.rest.is_empty() {
            return None;
        }

        let taken = self.take_row();
        let line = self.line;
        self.skip(taken.length);
        self.width.get_or_insert(taken.fields.len());
        Some(Row { line, fields: taken.fields, in_order: taken.in_order })
    }
}

impl Rows<'_> {
    fn skip(&mut self, length: usize) {
        let (skipped, rest) = self.rest.split_at(length);
        self.line += skipped.iter().filter(|b| **b == b'\n').count() as u64;
        self.rest = rest;
    }
}

/// Takes the fields of one row from the start of `text`. Where quotes are out of order
/// the fields before them are told apart, and the row ends with its line.
fn take_fields(text: &[u8]) -> Taken<'_> {
    let mut fields = Vec::new();
    let mut rest = text;
    loop {
        let Some((field, after)) = take_field(rest) else {
            let length = text.len() - rest.len() + line_length(rest);
            return Taken { fields, in_order: false, length };
        };
        fields.push(field);
        if let Some(next) = after.strip_prefix(b",") {
            rest = next;
        } else {
            let length = text.len() - after.len() + line_end(after).unwrap_or(0);
            return Taken { fields, in_order: true, length };
        }
    }
}

/// The field at the start of `text`, and what follows it: a comma, a line end or
/// nothing. `None` where it is quoted and its quotes are out of order.
fn take_field(text: &[u8]) -> Option<(Cow<'_, [u8]>, &[u8])> {
    let Some(quoted) = text.strip_prefix(b"\"") else {
        let end = text.iter().position(|b| matches!(b, b',' | b'\n')).unwrap_or(text.len());
        let (field, after) = text.split_at(end);
        // A line end of two bytes begins one byte earlier.
        let field = if after.starts_with(b",") { field } else { field.strip_suffix(b"\r").unwrap_or(field) };
        return Some((Cow::Borrowed(field), text.split_at(field.len()).1));
    };

    let mut field = Cow::Borrowed(&b""[..]);
    let mut rest = quoted;
    loop {
        let (part, after) = rest.split_at(rest.iter().position(|b| *b == b'"')?);
        let after = after.strip_prefix(b"\"")?;
        if field.is_empty() {
            field = Cow::Borrowed(part);
        } else {
            field.to_mut().extend_from_slice(part);
        }
        let Some(next) = after.strip_prefix(b"\"") else {
            let ends = after.is_empty() || after.starts_with(b",") || line_end(after).is_some();
            return ends.then_some((field, after));
        };
        field.to_mut().push(b'"');
        rest = next;
    }
}

/// The length of the line end at the start of `text`, if one is there.
fn line_end(text: &[u8]) -> Option<usize> {
    match text {
        [b'\n', ..] => Some(1),
        [b'\r', b'\n', ..] => Some(2),
        [b'\r'] => Some(1),
        _ => None,
    }
}

/// The length of the first line of `text`, with its line end.
fn line_length(text: &[u8]) -> usize {
    text.iter().position(|b| *b == b'\n').map_or(text.len(), |end| end + 1)
}

#[cfg(test)]
mod tests {
    use super::Rows;

    /// Each row as its line, its fields joined by `|`, and `!` where its quotes are not
    /// in order.
    fn check(text: &str, expected: &[&str]) {
        let rows = Rows::new(text.as_bytes()).map(|row| {
            let fields: Vec<_> = row.fields.iter().map(|field| String::from_utf8_lossy(field)).collect();
            format!("{} {}{}", row.line, fields.join("|"), if row.in_order { "" } else { "!" })
        });
        assert_eq!(rows.collect::<Vec<_>>(), expected, "{text:?}");
    }

    #[test]
    fn rows_end_with_either_line_end_or_the_text() {
        check("a,b\nc,d\n", &["1 a|b", "2 c|d"]);
        check("a,b\r\nc,d", &["1 a|b", "2 c|d"]);
        check("a,b\nc,d\r", &["1 a|b", "2 c|d"]);
        check("a,\n,", &["1 a|", "2 |"]);
        check("", &[]);
    }

    #[test]
    fn blank_lines_are_no_rows_and_are_counted() {
        check("\na\n\r\n\nb\n\n", &["2 a", "5 b"]);
        check("a\n \n", &["1 a", "2  "]);
    }

    #[test]
    fn a_carriage_return_inside_a_line_is_part_of_a_field() {
        check("a\rb,c\r,d\r\n", &["1 a\rb|c\r|d"]);
    }

    #[test]
    fn quotes_are_taken_off() {
        check("\"a\",\"b,c\"\n", &["1 a|b,c"]);
        check("\"say \"\"a\"\"\",\"\",\"\"\"\"\n", &["1 say \"a\"||\""]);
        check("a\"b,c\"\n", &["1 a\"b|c\""]);
    }

    #[test]
    fn a_quoted_field_may_span_lines() {
        check("a,b\n\"c\n\nd\",e\nf,g\n", &["1 a|b", "2 c\n\nd|e", "5 f|g"]);
        check("a,b\nc,\"d\r\n\"\r\nf,g\n", &["1 a|b", "2 c|d\r\n", "4 f|g"]);
    }

    #[test]
    fn a_quote_that_is_never_closed_costs_one_row() {
        check("a,b\nc,\"d\ne,f\n", &["1 a|b", "2 c!", "3 e|f"]);
        check("a,b\nc,\"d\ne,\"f\ng,h", &["1 a|b", "2 c!", "3 e!", "4 g|h"]);
        check("a,b\nc,\"d", &["1 a|b", "2 c!"]);
    }

    #[test]
    fn a_row_that_spans_lines_without_the_header_s_width_is_cut() {
        check("a,b\nc,\"d\ne,f\ng\",h\n", &["1 a|b", "2 c!", "3 e|f", "4 g\"|h"]);
    }

    #[test]
    fn text_after_a_closing_quote_costs_one_row() {
        check("a,b\n\"c\"d,e\nf,g\n", &["1 a|b", "2 !", "3 f|g"]);
    }

    #[test]
    fn a_field_before_the_damage_keeps_what_its_own_line_says() {
        // The first field spans lines, and what follows it is damaged.
        check("a,b\n\"c\nd\",\"e\nf,g\n", &["1 a|b", "2 !", "3 d\"!", "4 f|g"]);
    }
}
