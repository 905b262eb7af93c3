//! The story in its order: one chapter after the other.

use counterfoil::Counterfoil;
use counterfoil::domain::AccountId;
use counterfoil::domain::money::Minor;

use super::report::Chapter;
use super::teller::Teller;
use super::{onboarding, paydays, refunds, sales, standing, world};
use crate::exit::Failure;
use crate::ledger::Names;
use crate::output::Cell;

/// The three sellers.
#[derive(Clone, Copy)]
pub(super) struct Cast {
    /// Owes a tax number by the end of the month, and keeps a minimum balance.
    pub(super) bakery: AccountId,
    /// Closed the bank account that is on file.
    pub(super) florist: AccountId,
    /// Is not paid before her identity is verified.
    pub(super) potter: AccountId,
}

/// What was told, and commands that show more of it.
pub(super) struct Told {
    pub(super) chapters: Vec<Chapter>,
    /// Each without the folder.
    pub(super) next: Vec<String>,
}

/// Tells the story: what of it has not happened yet happens now.
pub(super) async fn tell(ledger: &Counterfoil) -> Result<Told, Failure> {
    let mut teller = Teller::new(ledger);
    let mut chapters = Vec::new();
    let (cast, chapter) = onboarding::sellers(&mut teller).await?;
    chapters.push(chapter);
    ledger.caught_up().await?;
    let names = Names::of(ledger, None)?;

    let (sold, chapter) = sales::charges(&mut teller, &names, cast).await?;
    chapters.push(chapter);
    chapters.push(sales::split(&mut teller, &names, cast, &sold).await?);
    chapters.push(refunds::refunds(&mut teller, &sold).await?);
    chapters.push(paydays::first(&mut teller, &names).await?);
    chapters.push(paydays::answers(&mut teller, cast).await?);
    chapters.push(paydays::repairs(&mut teller, &names, cast).await?);
    chapters.push(paydays::second(&mut teller, &names).await?);
    chapters.push(paydays::last(&mut teller, &names, cast).await?);
    chapters.extend(standing::chapters(&teller, &names, cast).await?);

    let failed = world::at(9, 15);
    let next = vec![
        format!("counterfoil statement {}", names.shown(cast.bakery)),
        "counterfoil payouts --upcoming".to_owned(),
        format!("counterfoil balance {} --as-of {failed}", names.id(cast.florist)),
    ];
    Ok(Told { chapters, next })
}

/// The cell of an amount.
pub(super) fn amount(minor: Minor) -> Cell {
    Cell::shown(world::CURRENCY.format(minor), minor)
}
