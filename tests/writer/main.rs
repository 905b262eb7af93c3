//! The writer: receipts, idempotency, preview, group commit, and what a failing sync leaves.

mod captures;
mod failing_sync;
mod idempotency;
mod overload;
mod preview;
mod rebuild;
mod refunds;
mod releases;
mod reopening;
mod rules;
mod shop;
mod terms;
mod time;
mod together;
