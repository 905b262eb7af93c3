//! `export`: the whole ledger in another form.

mod books;
mod disputes;
mod hledger;
mod jsonl;
mod objects;
mod reserves;
mod rules;

use clap::ValueEnum;

use crate::args;
use crate::exit::Failure;
use crate::ledger::{self, Names};
use crate::output::{Output, Sink};

/// Write the whole ledger in another form.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The form
    #[arg(long = "as", value_name = "FORM")]
    form: Form,
}

/// A form of export.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// One event a line, as JSON
    Jsonl,
    /// A journal that hledger checks, with balance assertions
    Hledger,
}

/// Reads the log from the first event and writes it.
pub(crate) async fn run(args: &args::Args, asked: &Args) -> Result<Output, Failure> {
    let ledger = ledger::open(args).await?;
    let names = Names::of(&ledger, None)?;
    let mut feed = ledger.subscribe(0);
    let mut text = String::new();
    let mut sink = Sink::new();
    match asked.form {
        Form::Jsonl => {
            let mut lines = jsonl::Lines::new(&names);
            while let Some(recorded) = feed.try_next().await? {
                lines.write(&recorded, &mut text);
                if !sink.write(&mut text)? {
                    break;
                }
            }
        }
        Form::Hledger => {
            let mut journal = hledger::Journal::new(&names);
            while let Some(recorded) = feed.try_next().await? {
                journal.write(&recorded, &mut text);
                if !sink.write(&mut text)? {
                    break;
                }
            }
            journal.finish(&mut text);
        }
    }
    sink.finish(&mut text)?;
    ledger::close(ledger, Output::done("")).await
}
