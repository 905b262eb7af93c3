//! A transcript as text: what is typed, what is printed, and how it exits.
//!
//! ```text
//! Words for the reader.
//! % a step of the test itself
//! $ counterfoil balance bakery --dir demo | head 3
//! what goes to standard output
//! 2> what goes to standard error
//! ? the exit code
//! ```

/// A part of a transcript.
pub(crate) enum Item {
    /// Words for the reader, or an empty line.
    Words(String),
    /// A step of the test itself.
    Step(String),
    /// A command with what it did.
    Command(Command),
}

/// A command with what it did.
#[derive(Clone, Default)]
pub(crate) struct Command {
    /// What is typed.
    pub(crate) typed: String,
    /// Its standard output.
    pub(crate) output: String,
    /// Its standard error.
    pub(crate) errors: String,
    /// Its exit code.
    pub(crate) code: String,
}

/// Reads a transcript.
pub(crate) fn parse(text: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(step) = line.strip_prefix("% ") {
            items.push(Item::Step(step.to_owned()));
        } else if let Some(typed) = line.strip_prefix("$ ") {
            let mut command = Command { typed: typed.to_owned(), ..Command::default() };
            // A new command may stand there alone, for COUNTERFOIL_BLESS to complete it.
            for line in lines.by_ref() {
                if let Some(code) = line.strip_prefix("? ") {
                    command.code = code.to_owned();
                    break;
                }
                let (part, line) = match line.strip_prefix("2> ") {
                    Some(error) => (&mut command.errors, error),
                    None => (&mut command.output, line),
                };
                part.push_str(line);
                part.push('\n');
            }
            items.push(Item::Command(command));
        } else {
            items.push(Item::Words(line.to_owned()));
        }
    }
    items
}

/// Writes a transcript.
pub(crate) fn write(items: &[Item]) -> String {
    let mut text = String::new();
    for item in items {
        match item {
            Item::Words(words) => text.push_str(&format!("{words}\n")),
            Item::Step(step) => text.push_str(&format!("% {step}\n")),
            Item::Command(Command { typed, output, errors, code }) => {
                text.push_str(&format!("$ {typed}\n{output}"));
                for line in errors.lines() {
                    text.push_str(&format!("2> {line}\n"));
                }
                text.push_str(&format!("? {code}\n"));
            }
        }
    }
    text
}
