//! Version 2: shapes that say more than their first version. Frozen as that is.

mod account;

pub(in super::super) use account::{ControllerV2, OnboardedV2};
