//! The sales: three ways to charge a buyer, and an order that three sellers share.

use counterfoil::ChargeMade;
use counterfoil::domain::charge::{Charge, ChargeKind, DestinationShare};
use counterfoil::domain::money::Rate;
use counterfoil::domain::split::{Ask, Commission, Part, Split};
use counterfoil::domain::{AccountId, ChargeId, Event};

use super::report::Chapter;
use super::story::{Cast, amount};
use super::teller::{Teller, Told};
use super::{words, world};
use crate::exit::Failure;
use crate::ledger::Names;
use crate::output::{Cell, Table, number, text};

/// The charges that the story comes back to.
pub(super) struct Sold {
    pub(super) bread: ChargeId,
    pub(super) wreath: ChargeId,
    basket: ChargeId,
}

/// Charges four buyers.
pub(super) async fn charges(
    teller: &mut Teller<'_>,
    names: &Names,
    cast: Cast,
) -> Result<(Sold, Chapter), Failure> {
    let mut table = table();
    let bread = direct(cast.bakery, 1_200);
    let bread = sell(teller, names, "bread", (2, 10), 12_000, bread, &mut table).await?;
    let bouquet = destination(cast.florist, 2_000);
    sell(teller, names, "bouquet", (2, 11), 20_000, bouquet, &mut table).await?;
    let wreath = destination(cast.florist, 800);
    let wreath = sell(teller, names, "wreath", (2, 12), 8_000, wreath, &mut table).await?;
    let basket = sell(teller, names, "basket", (2, 13), 10_001, ChargeKind::Separate, &mut table).await?;

    let chapter = Chapter::new("The same day: three ways to take money").table("charges", table).words(
        "A direct charge is the seller's sale: she pays the card processor, the platform takes a fee. A \
         destination charge is the platform's: it pays the processor. A separate charge waits to be shared.",
    );
    Ok((Sold { bread, wreath, basket }, chapter))
}

/// Shares the basket among the three, with an odd cent.
pub(super) async fn split(
    teller: &mut Teller<'_>,
    names: &Names,
    cast: Cast,
    sold: &Sold,
) -> Result<Chapter, Failure> {
    let rate = |points| Rate::from_basis_points(points).map_err(Failure::input);
    let commission = rate(1_000)?;
    let asked = [(cast.bakery, 5_000), (cast.florist, 3_000), (cast.potter, 2_000)];
    let mut parts = Vec::with_capacity(asked.len());
    for (account, points) in asked {
        let gross = Ask::Percent(rate(points)?);
        parts.push(Part { account, gross, commission: Commission::Rate(commission) });
    }
    let command = Split { charges: vec![sold.basket], transfer_group: None, parts, details: None };
    let told = teller.ask("split the basket", world::at(2, 13), command).await?;

    let mut table = Table::new(&[
        text("seller", "seller"),
        number("part", "part"),
        number("gross", "gross"),
        number("commission", "commission"),
        number("net", "net"),
    ]);
    let mut lucky = Vec::new();
    if let Some(Event::ChargesSplit(split)) = told.event() {
        let whole: i64 = split.shares.iter().map(|share| share.gross).sum();
        for (share, (_, points)) in split.shares.iter().zip(asked) {
            let name = names.shown(share.account);
            // Who has more than her exact part has the odd cent.
            if share.gross * 10_000 > whole * i64::from(points) {
                lucky.push(format!("the {name}'s"));
            }
            let cells = [Cell::plain(name), Cell::plain(rate(points)?.to_string())];
            table.row(cells.into_iter().chain([share.gross, share.commission, share.net()].map(amount)));
        }
    }
    Ok(Chapter::new("An order from three sellers: the basket is shared").table("shares", table).words(format!(
        "Every part ends in a fraction of a cent, so each is cut down to whole cents first. One cent is left, \
         and goes to the largest fraction: {}. The platform keeps a commission of {commission}.",
        words::list(&lucky)
    )))
}

/// A direct charge of this seller.
pub(super) fn direct(account: AccountId, application_fee: i64) -> ChargeKind {
    ChargeKind::Direct { account, application_fee }
}

/// A destination charge for this seller.
pub(super) fn destination(account: AccountId, fee: i64) -> ChargeKind {
    ChargeKind::Destination { account, share: DestinationShare::LessApplicationFee(fee) }
}

/// A table of charges.
pub(super) fn table() -> Table {
    Table::new(&[
        text("sold", "sold"),
        text("charge", "type"),
        text("for", "seller"),
        number("buyer pays", "amount"),
        number("processor", "processing_fee"),
        number("platform", "platform"),
        number("seller", "seller_net"),
        text("payable from", "available_on"),
    ])
}

/// Charges a buyer and adds a row: who got what is read from the entry's postings.
pub(super) async fn sell(
    teller: &mut Teller<'_>,
    names: &Names,
    what: &'static str,
    (day, hour): (i32, i64),
    minor: i64,
    kind: ChargeKind,
    table: &mut Table,
) -> Result<ChargeId, Failure> {
    let charge = Charge { kind, ..Charge::separate(world::brl(minor), world::card()?) };
    let told: Told<ChargeMade> = teller.ask(&format!("charge {what}"), world::at(day, hour), charge).await?;
    if let Some(Event::ChargeSucceeded(charged)) = told.event() {
        let charge = &charged.charge;
        let seller = charge.seller.map(|seller| names.shown(seller));
        table.row([
            Cell::plain(what),
            Cell::plain(charge.charge_type.name()),
            Cell::plain(seller),
            amount(charge.amount),
            amount(charge.processing_fee),
            amount(told.owed(AccountId::PLATFORM)),
            amount(charge.seller.map_or(0, |seller| told.owed(seller))),
            Cell::shown(words::short(charge.available_on), charge.available_on.to_string()),
        ]);
    }
    Ok(told.reply.charge)
}
