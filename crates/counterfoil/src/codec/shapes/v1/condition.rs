//! Conditions, version 1: each list before what it holds, in one row, so that reading goes no
//! deeper than lists may lie.

use counterfoil_domain::split::rule::{Condition, Fact, MOST_ABREAST, MOST_NESTED};
use serde::{Deserialize, Serialize};

use crate::codec::Fault;
use crate::codec::values::timestamp;

/// An instant, a fact, or a list of so many that follow. A kind is added at the end.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ConditionV1<'a> {
    At(i64),
    Fact(&'a str),
    AllOf(u16),
}

/// The condition in one row.
pub(super) fn write_condition(condition: &Condition) -> Vec<ConditionV1<'_>> {
    let mut row = Vec::new();
    let mut left = vec![condition];
    while let Some(next) = left.pop() {
        row.push(match next {
            Condition::At(instant) => ConditionV1::At(instant.micros()),
            Condition::Fact(fact) => ConditionV1::Fact(fact.as_str()),
            Condition::AllOf(all) => {
                left.extend(all.iter().rev());
                // A list has 8 at most.
                ConditionV1::AllOf(u16::try_from(all.len()).unwrap_or(u16::MAX))
            }
        });
    }
    row
}

/// The condition of a row.
pub(super) fn read_condition(row: Vec<ConditionV1<'_>>) -> Result<Condition, Fault> {
    let mut row = row.into_iter();
    let condition = read(&mut row, 0)?;
    match row.next() {
        None => Ok(condition),
        Some(_) => Err(Fault::Text { what: "condition" }),
    }
}

fn read<'a>(row: &mut impl Iterator<Item = ConditionV1<'a>>, depth: usize) -> Result<Condition, Fault> {
    match row.next().ok_or(Fault::Text { what: "condition" })? {
        ConditionV1::At(instant) => Ok(Condition::At(timestamp(instant)?)),
        ConditionV1::Fact(name) => fact(name).map(Condition::Fact),
        ConditionV1::AllOf(count) => {
            if depth == MOST_NESTED || usize::from(count) > MOST_ABREAST {
                return Err(Fault::Number { what: "list of conditions", found: count.into() });
            }
            (0..count).map(|_| read(row, depth + 1)).collect::<Result<_, _>>().map(Condition::AllOf)
        }
    }
}

/// The fact of that name.
pub(super) fn fact(name: &str) -> Result<Fact, Fault> {
    Fact::new(name).map_err(|_| Fault::Text { what: "fact" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(depth: usize) -> Condition {
        (0..depth).fold(Condition::Fact(Fact::new("inspected").unwrap()), |inner, _| {
            Condition::AllOf(vec![inner, Condition::NONE])
        })
    }

    #[test]
    fn lists_lie_in_each_other_as_deep_as_a_rule_may_say() {
        for depth in 0..MOST_NESTED {
            let condition = nested(depth);
            assert_eq!(read_condition(write_condition(&condition)), Ok(condition));
        }
        // An empty list in the innermost one would be a fourth.
        let fault = read_condition(write_condition(&nested(MOST_NESTED))).unwrap_err();
        assert!(matches!(fault, Fault::Number { .. }), "{fault}");
    }

    #[test]
    fn a_row_without_end_is_not_followed() {
        let row = (0..100_000).map(|_| ConditionV1::AllOf(1)).collect();
        assert!(matches!(read_condition(row), Err(Fault::Number { found: 1, .. })));
        let short = vec![ConditionV1::AllOf(2), ConditionV1::At(0)];
        assert_eq!(read_condition(short), Err(Fault::Text { what: "condition" }));
        let long = vec![ConditionV1::At(0), ConditionV1::At(0)];
        assert_eq!(read_condition(long), Err(Fault::Text { what: "condition" }));
        let wide = vec![ConditionV1::AllOf(9)];
        assert!(matches!(read_condition(wide), Err(Fault::Number { found: 9, .. })));
    }
}
