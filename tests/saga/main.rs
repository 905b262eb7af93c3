//! The saga: asks and facts, rails that are silent, and a process that dies between any two steps.

mod crash;
mod processor;
mod shop;
mod silence;
mod stories;
