//! Numbered: things of accounts, each in the place of its account's number.

use counterfoil_domain::AccountId;

/// What one account has, which is nothing where there is no such account; or what each has.
pub(crate) fn numbered<T>(all: &[T], account: Option<AccountId>) -> impl Iterator<Item = (AccountId, &T)> {
    let (AccountId(first), count) = account.map_or((AccountId::PLATFORM, usize::MAX), |one| (one, 1));
    let from = all.get(AccountId(first).index()..).unwrap_or_default();
    // The number after the last there can be is not reckoned.
    from.iter().take(count).zip(first..).map(|(of, number)| (AccountId(number), of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_found_at_its_number_and_all_in_order() {
        let found = |account| numbered(&["platform", "bakery", "florist"], account).collect::<Vec<_>>();
        let [platform, bakery, florist] =
            [(AccountId(0), &"platform"), (AccountId(1), &"bakery"), (AccountId(2), &"florist")];
        assert_eq!(found(None), [platform, bakery, florist]);
        for one in [platform, bakery, florist] {
            assert_eq!(found(Some(one.0)), [one]);
        }
        assert!(found(Some(AccountId(3))).is_empty() && found(Some(AccountId(u32::MAX))).is_empty());
    }
}
