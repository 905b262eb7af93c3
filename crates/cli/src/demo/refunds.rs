//! The refunds: one whole with both flags, one in part, one refused.

use counterfoil::RefundMade;
use counterfoil::domain::refund::{Recover, Refund};

use super::report::Chapter;
use super::sales::Sold;
use super::story::amount;
use super::teller::{Teller, Told};
use super::{words, world};
use crate::exit::Failure;
use crate::output::{Cell, Table, number, text};

/// Gives money back.
pub(super) async fn refunds(teller: &mut Teller<'_>, sold: &Sold) -> Result<Chapter, Failure> {
    let mut table = Table::new(&[
        text("refund", "refund"),
        number("buyer gets", "amount"),
        number("transfer reversed", "reversed"),
        number("fee given back", "fee_refunded"),
    ]);
    let whole =
        Refund { recover: Recover::OwnTransfer, refund_application_fee: true, ..Refund::full(sold.wreath) };
    let told = teller.ask("refund the wreath", world::at(5, 10), whole).await?;
    row(&mut table, "wreath, all of it", &told);
    let part = Refund { amount: Some(3_000), refund_application_fee: true, ..Refund::full(sold.bread) };
    let told = teller.ask("refund some bread", world::at(5, 11), part).await?;
    row(&mut table, "bread, a part", &told);

    let more = Refund { amount: Some(10_000), ..Refund::full(sold.bread) };
    let (rule, why) = teller.refused(more).await?;
    let settled = world::brl(teller.settle("first settlement", world::at(5, 16)).await?);
    Ok(Chapter::new(format!("{}: money back", words::long(world::february(5))))
        .table("refunds", table)
        .words(
            "The wreath is refunded with reverse_transfer and refund_application_fee: the florist returns her \
             transfer, the platform its fee. Of the bread a part goes back, and of its fee in proportion.",
        )
        .words(format!("Another refund of the bread is refused: {rule}. {why}"))
        .words(format!("In the evening the card network pays {settled} to the platform's bank.")))
}

fn row(table: &mut Table, what: &'static str, told: &Told<RefundMade>) {
    let RefundMade { amount: back, reversed, fee_refunded, .. } = told.reply;
    table.row([Cell::plain(what)].into_iter().chain([back, reversed, fee_refunded].map(amount)));
}
