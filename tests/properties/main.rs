//! What holds of every stream of commands and of every split rule, tried on random ones.
//!
//! The laws are checked at every event of every stream. `COUNTERFOIL_SLOW=1` tries many
//! more. A failure prints the smallest stream or rule that still fails.

mod asked;
#[cfg(test)]
mod awaiting;
mod captures;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod conditions;
#[cfg(test)]
mod controllers;
#[cfg(test)]
mod debts;
mod dispute_laws;
#[cfg(test)]
mod disputed_refunds;
#[cfg(test)]
mod disputes;
mod disputing;
#[cfg(test)]
mod held_parts;
#[cfg(test)]
mod holds;
#[cfg(test)]
mod laws;
mod liability;
#[cfg(test)]
mod liable_refunds;
#[cfg(test)]
mod market;
#[cfg(test)]
mod model;
#[cfg(test)]
mod over_allocation;
#[cfg(test)]
mod owing;
#[cfg(test)]
mod pending_days;
mod prefunding;
#[cfg(test)]
mod prefunding_laws;
#[cfg(test)]
mod refund_deeds;
#[cfg(test)]
mod refund_laws;
mod refund_lifecycle;
#[cfg(test)]
mod refund_streams;
#[cfg(test)]
mod refunding;
#[cfg(test)]
mod refunds;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod reserves;
#[cfg(test)]
mod reserving;
#[cfg(test)]
mod rule_laws;
#[cfg(test)]
mod rule_model;
#[cfg(test)]
mod rule_splits;
#[cfg(test)]
mod sharing;
#[cfg(test)]
mod split_rules;
#[cfg(test)]
mod splits;
#[cfg(test)]
mod tampering;
#[cfg(test)]
mod told;
#[cfg(test)]
mod topping_up;
#[cfg(test)]
mod write_offs;
