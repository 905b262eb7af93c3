//! The log, tested from outside: what it promises, and what breaks it.
//!
//! `COUNTERFOIL_SLOW=1` makes the tests that crash, kill and damage try many more times.

#[cfg(test)]
mod anchor;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod crash_image;
#[cfg(test)]
mod damage;
#[cfg(test)]
mod frame;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod recent;
#[cfg(test)]
mod rotation;
#[cfg(test)]
mod sealed;
#[cfg(test)]
mod story;
#[cfg(test)]
mod sync_failure;
#[cfg(test)]
mod sync_order;
#[cfg(test)]
mod volume;
