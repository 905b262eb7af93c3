//! What two keys share: how many bytes from their beginning are equal.

/// How many bytes from the beginning are equal.
#[inline]
pub(crate) fn shared_prefix(one: &[u8], other: &[u8]) -> usize {
    let mut equal = 0;
    for (one, other) in one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0) {
        let differ = u64::from_le_bytes(*one) ^ u64::from_le_bytes(*other);
        if differ != 0 {
            return equal + (differ.trailing_zeros() / 8) as usize;
        }
        equal += 8;
    }
    let rest = |bytes| <[u8]>::get(bytes, equal..).unwrap_or_default();
    equal + rest(one).iter().zip(rest(other)).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use super::shared_prefix;

    #[test]
    fn it_counts_the_bytes_that_are_equal() {
        let long: Vec<u8> = (0..40).collect();
        for length in 0..long.len() {
            for equal in 0..=length {
                let mut other = long[..length].to_vec();
                other.iter_mut().skip(equal).for_each(|byte| *byte ^= 1);
                assert_eq!(shared_prefix(&long, &other), equal, "{length} {equal}");
                assert_eq!(shared_prefix(&other, &long), equal, "{length} {equal}");
            }
        }
    }
}
