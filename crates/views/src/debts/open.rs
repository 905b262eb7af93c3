//! What of each movement is still owed: what comes in pays the oldest first.

use counterfoil_domain::money::Minor;

use super::DebtPart;
use crate::statement::Line;

/// The parts of a debt, from the lines of the available balance and what that was before them.
/// What is open sums to what is owed after the last.
pub(super) fn parts(lines: &[Line], before: Minor) -> Vec<DebtPart> {
    let mut parts: Vec<DebtPart> = Vec::with_capacity(lines.len());
    let mut balance = before;
    let mut oldest = 0;
    for line in lines {
        let mut part = DebtPart {
            entry: line.number,
            position: line.position,
            time: line.time,
            kind: line.kind,
            source: line.source,
            amount: line.amount,
            open: 0,
        };
        let after = balance.saturating_add(line.amount);
        let (owed, owes) = (balance.min(0).saturating_neg(), after.min(0).saturating_neg());
        if owes > owed {
            part.open = owes - owed;
        } else {
            pay(&mut parts, &mut oldest, owed - owes);
        }
        parts.push(part);
        balance = after;
    }
    parts
}

/// Pays the oldest parts first; those before `oldest` are paid already.
fn pay(parts: &mut [DebtPart], oldest: &mut usize, mut amount: Minor) {
    while let Some(part) = parts.get_mut(*oldest).filter(|_| amount > 0) {
        let paid = part.open.min(amount);
        part.open -= paid;
        amount -= paid;
        if part.open == 0 {
            *oldest += 1;
        }
    }
}
