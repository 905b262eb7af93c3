//! What holds of every stream of commands, tried on random ones.
//!
//! The laws are checked at every event of every stream. `COUNTERFOIL_SLOW=1` tries many
//! more. A failure prints the smallest stream that still fails.

#[cfg(test)]
mod captures;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod market;
#[cfg(test)]
mod model;
#[cfg(test)]
mod refunds;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod splits;
