//! Version 2: shapes that say more than their first version. Frozen as that is.

mod settings;

pub(in super::super) use settings::LedgerOpenedV2;
