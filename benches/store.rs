//! A market on the disk: a ledger with sellers and money, opened through the front door.

use std::error::Error;
use std::path::Path;

use counterfoil::domain::Command;
use counterfoil::domain::account::{Country, OnboardAccount};
use counterfoil::domain::money::Currency;
use counterfoil::{Counterfoil, Request};

use crate::{SELLERS, charge, settings, transfer};

/// Makes a market's ledger in a folder.
///
/// # Errors
/// A folder that holds no ledger and cannot, or a disk that fails.
pub async fn open_new(folder: &Path) -> Result<Counterfoil, Box<dyn Error>> {
    let ledger = Counterfoil::builder().path(folder).settings(settings()).open().await?;
    let onboard = || OnboardAccount::new(Country::BR, Currency::BRL);
    let sellers = (0..SELLERS).map(|_| Request::new(Command::OnboardAccount(Box::new(onboard()))));
    let funds = Request::new(charge(900_000_000_000));
    for receipt in ledger.execute_batch(sellers.chain([funds]).collect()).await {
        let _receipt = receipt?;
    }
    Ok(ledger)
}

/// So many requests for a transfer.
#[must_use]
pub fn transfers(count: u64) -> Vec<Request> {
    (0..count).map(|number| Request::new(transfer(number))).collect()
}
