//! Imports: a ledger made from records that were kept elsewhere.

pub(crate) mod olist;

use crate::args::{Args, Format};
use crate::exit::Failure;
use crate::output::{self, Output, ProgressLine};

/// Make a ledger from records that were kept elsewhere.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Import {
    /// The orders of a real Brazilian marketplace
    Olist(olist::Options),
}

/// Runs an import; refused rows are part of its result and no failure.
pub(crate) async fn run(args: &Args, import: &Import) -> Result<Output, Failure> {
    let Import::Olist(options) = import;
    let mut line = ProgressLine::new("importing");
    let summary = olist::import(options, &args.folder(), &mut |done, total| line.at(done, total)).await?;
    drop(line);
    let text = match args.format {
        Format::Table | Format::Csv => summary.to_string(),
        Format::Json => {
            let value = serde_json::to_value(&summary).map_err(Failure::input)?;
            output::json(&value)
        }
    };
    Ok(Output::done(text))
}

impl From<olist::ImportError> for Failure {
    fn from(error: olist::ImportError) -> Self {
        let damaged = if let olist::ImportError::Open(open) = &error {
            open.is_corruption()
        } else {
            matches!(error, olist::ImportError::Views(_))
        };
        if damaged { Self::integrity(error) } else { Self::input(error) }
    }
}
