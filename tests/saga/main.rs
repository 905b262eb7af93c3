//! The saga: asks and facts, rails that are silent, and a process that dies between any two steps.

mod answers;
mod apart;
mod crash;
mod disputes;
mod processor;
mod scripted;
mod shop;
mod silence;
mod stories;
