//! What the fields of a row may be.

use counterfoil::domain::calendar::{Day, Timestamp};
use counterfoil::domain::charge::LARGEST_AMOUNT;
use counterfoil::domain::money::Minor;

/// The most bytes of an id: what the ledger takes as an external id or a transfer group.
const LONGEST_ID: usize = 255;

/// The last day on which an order may stand: its money matures, is paid and arrives
/// before the calendar ends.
const DAYS_AFTER_AN_ORDER: i32 = 90;

/// An id: 1 to 255 bytes, not blank, without control characters.
pub(super) fn id(text: Option<Box<str>>) -> Option<Box<str>> {
    text.filter(|id| id.len() <= LONGEST_ID && !id.trim().is_empty() && !id.contains(char::is_control))
}

/// A number: digits alone.
pub(super) fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// An amount in centavos: `digits`, `digits.d` or `digits.dd`, at most the largest
/// amount that the ledger takes.
pub(super) fn centavos(text: &str) -> Option<Minor> {
    let (reais, rest) = text.split_once('.').unwrap_or((text, "00"));
    let centavos = match rest.len() {
        1 => number(rest)?.checked_mul(10)?,
        2 => number(rest)?,
        _ => return None,
    };
    let amount = number(reais)?.checked_mul(100)?.checked_add(centavos)?;
    Minor::try_from(amount).ok().filter(|amount| *amount <= LARGEST_AMOUNT)
}

/// An instant: `YYYY-MM-DD HH:MM:SS`, taken as UTC.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    let (date, time) = text.split_once(' ')?;
    let day: Day = date.parse().ok().filter(|day| *day <= Day::MAX.plus(-DAYS_AFTER_AN_ORDER))?;
    let mut parts = time.split(':').map(|part| number(part).filter(|_| part.len() == 2));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = (hour * 60 + minute) * 60 + second;
    Some(day.start().plus_seconds(i64::try_from(seconds).ok()?))
}

#[cfg(test)]
mod tests {
    use super::{centavos, id, instant, number};

    #[test]
    fn an_amount_is_digits_with_up_to_two_decimals() {
        let amounts = [("0", 0), ("58.9", 5_890), ("58.90", 5_890), ("7", 700), ("007.05", 705)];
        for (text, amount) in amounts {
            assert_eq!(centavos(text), Some(amount), "{text}");
        }
        assert_eq!(centavos("10000000000.00"), Some(1_000_000_000_000));
        for text in [
            "",
            ".",
            "5.",
            ".5",
            "1.234",
            "-1",
            "-0.00",
            "+1",
            " 1",
            "1 ",
            "1,00",
            "1e3",
            "1.5.",
            "0x1",
            "١",
            "NaN",
            "10000000000.01",
            "99999999999999999999",
            "184467440737095516.16",
        ] {
            assert_eq!(centavos(text), None, "{text:?} is no amount");
        }
    }

    #[test]
    fn a_number_is_digits_alone() {
        assert_eq!((number("1"), number("01"), number("0")), (Some(1), Some(1), Some(0)));
        for text in ["", "1.0", "-1", "+1", " 1", "one", "18446744073709551616"] {
            assert_eq!(number(text), None, "{text:?} is no number");
        }
    }

    #[test]
    fn an_instant_is_a_date_and_a_time() {
        let read = |text| instant(text).map(|instant| instant.to_string());
        assert_eq!(read("2017-09-19 09:45:35").as_deref(), Some("2017-09-19T09:45:35Z"));
        assert_eq!(read("0001-01-01 00:00:00").as_deref(), Some("0001-01-01T00:00:00Z"));
        assert_eq!(read("9998-09-01 23:59:59").as_deref(), Some("9998-09-01T23:59:59Z"));
        for text in [
            "",
            "2017-09-19",
            "2017-09-19T09:45:35",
            "2017-09-19 09:45",
            "2017-09-19 24:00:00",
            "2017-02-29 00:00:00",
            "2017-09-19 09:45:60",
            "2017-9-19 09:45:35",
            "2017-09-19 9:45:35",
            "2017-09-19  09:45:35",
            "2017-09-19 09:45:35Z",
            "19/09/2017 09:45:35",
            "9999-12-31 00:00:00",
            "0000-00-00 00:00:00",
            "2017-09-19 09:45:35 ",
            "2017-09-19 -1:45:35",
        ] {
            assert_eq!(read(text), None, "{text:?} is no instant");
        }
    }

    #[test]
    fn an_id_can_be_shown() {
        let read = |text: &str| id(Some(text.into())).is_some();
        assert!(read("a") && read("São Paulo 1") && read(&"x".repeat(255)));
        for text in ["", "  ", "a\tb", "a\nb", "a\0", "\u{7f}", "\u{85}"] {
            assert!(!read(text), "{text:?} is no id");
        }
        assert!(!read(&"x".repeat(256)) && id(None).is_none());
    }
}
