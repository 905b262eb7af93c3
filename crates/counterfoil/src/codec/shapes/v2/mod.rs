//! Version 2: shapes that say more than their first version. Frozen as that is.

mod account;
mod settings;

pub(in super::super) use account::{ControllerV2, OnboardedV2};
pub(in super::super) use settings::LedgerOpenedV2;
