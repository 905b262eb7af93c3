//! The sellers: who they are, when they are paid, and what they must still provide.

use counterfoil::domain::Event;
use counterfoil::domain::account::onboard::Onboarded;
use counterfoil::domain::account::{BankAccount, Country, Details, OnboardAccount};
use counterfoil::domain::payout::SetPayoutSchedule;

use super::report::Chapter;
use super::story::Cast;
use super::teller::{Teller, Told};
use super::words;
use super::world::{self, Seller};
use crate::exit::Failure;
use crate::output::{Cell, Table, text};

/// Onboards the sellers.
pub(super) async fn sellers(teller: &mut Teller<'_>) -> Result<(Cast, Chapter), Failure> {
    let mut table = Table::new(&[
        text("seller", "seller"),
        text("holder", "holder"),
        text("bank account", "last4"),
        text("paid", "paid"),
        text("must provide", "must_provide"),
    ]);
    let bakery = onboard(teller, &world::BAKERY, &mut table).await?;
    let florist = onboard(teller, &world::FLORIST, &mut table).await?;
    let potter = onboard(teller, &world::POTTER, &mut table).await?;

    let minimum_balance = Some(world::brl(5_000));
    let keep = SetPayoutSchedule { account: bakery, schedule: None, delay: None, minimum_balance };
    let kept = teller.ask("bakery keeps a minimum", world::at(2, 9), keep).await?;
    let chapter = Chapter::new(format!("{}: three sellers", words::long(world::february(2))))
        .table("sellers", table)
        .words(format!(
            "Names and bank numbers are in the log as ciphertext only; the keys lie beside it. {}",
            minimum(&kept).unwrap_or_default()
        ));
    Ok((Cast { bakery, florist, potter }, chapter))
}

async fn onboard(
    teller: &mut Teller<'_>,
    seller: &Seller,
    table: &mut Table,
) -> Result<counterfoil::domain::AccountId, Failure> {
    let subject = world::subject(seller);
    let holder = teller.ledger.seal(subject, seller.holder).map_err(Failure::input)?;
    let number = teller.ledger.seal(subject, seller.bank).map_err(Failure::input)?;
    let bank = BankAccount { number, last4: world::last4(seller.bank) };
    let requirement = seller.requirement.map(|(name, gates, deadline)| {
        let deadline = deadline.map(|day| world::february(day).start());
        (name, gates, deadline)
    });
    let command = Box::new(OnboardAccount {
        holder: Some(holder),
        schedule: world::fridays()?,
        requirements: requirement.into_iter().collect(),
        bank_account: Some(bank),
        details: Details::external_id(seller.name),
        ..OnboardAccount::new(Country::BR, world::CURRENCY)
    });
    let key = format!("onboard {}", seller.name);
    let told = teller.ask(&key, world::at(2, 9), command).await?;
    if let Some(Event::AccountOnboarded(onboarded)) = told.event() {
        row(teller, onboarded, table)?;
    }
    Ok(told.reply)
}

/// What the ledger recorded of a seller; her name through her key.
fn row(teller: &Teller<'_>, onboarded: &Onboarded, table: &mut Table) -> Result<(), Failure> {
    let holder = onboarded.holder.as_ref().map(|sealed| teller.ledger.unseal(sealed));
    let holder = holder.transpose().map_err(Failure::input)?.flatten();
    let last4 = onboarded.bank_account.as_ref().map(|bank| String::from_utf8_lossy(&bank.last4).into_owned());
    let must: Vec<String> = onboarded.requirements.iter().map(words::requirement).collect();
    let must = if must.is_empty() { "nothing".to_owned() } else { must.join("; ") };
    let name = onboarded.details.as_ref().and_then(|details| details.external_id.as_deref());
    table.row([
        Cell::plain(name),
        Cell::plain(holder.unwrap_or_else(|| "erased".to_owned())),
        Cell::shown(last4.as_ref().map_or(String::new(), |last4| format!("…{last4}")), last4),
        Cell::plain(words::schedule(onboarded.schedule)),
        Cell::plain(must),
    ]);
    Ok(())
}

fn minimum<R>(kept: &Told<R>) -> Option<String> {
    match kept.event() {
        Some(Event::PayoutScheduleSet { minimum_balance: Some(minimum), .. }) => {
            Some(format!("At each payday the bakery leaves {minimum} in her account."))
        }
        Some(_) | None => None,
    }
}
