//! Days as people write them. One text is one day or none: nothing is guessed, and what was read can be said back.

use catalogue::say;
use jiff::civil::Date;

use crate::Day;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl Day {
    /// Reads a day: `2026-10-28`, `10/28/2026` (month first, as the forms of this country have it), `28.10.2026` (day
    /// first), or with the month's name in any order. The year has four digits.
    ///
    /// # Errors
    /// A sentence that says what is wrong and how to write it.
    pub fn read(text: &str) -> Result<Day, String> {
        let text = text.trim();
        let unread = || say!("people-not-read-day", text, ways = say!("people-write-day-like"));
        let numbers = |by: char| -> Option<[i32; 3]> {
            let parts: Vec<&str> = text.split(by).map(str::trim).collect();
            let read: Option<Vec<i32>> = parts.iter().map(|part| number(part)).collect();
            read?.try_into().ok()
        };
        let (year, month, day) = if let Some([first, second, third]) = numbers('-') {
            // With dashes the year leads; another order is written by nobody alike.
            if first < 1000 {
                return Err(unread());
            }
            (first, second, third)
        } else if let Some([month, day, year]) = numbers('/') {
            if month > 12 && day <= 12 {
                return Err(say!("people-no-month-slashes-month-comes", text, month, day, year));
            }
            (year, month, day)
        } else if let Some([day, month, year]) = numbers('.') {
            (year, month, day)
        } else {
            in_words(text).ok_or_else(unread)?
        };
        if year < 1000 {
            return Err(say!("people-year-write-all-four-digits", text, year, ways = say!("people-write-day-like")));
        }
        let date = match (i16::try_from(year), i8::try_from(month), i8::try_from(day)) {
            (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day).ok(),
            _ => None,
        };
        date.map(Day).ok_or_else(|| match month {
            1..=12 => say!("people-no-day-calendar-no-day", text, month = title(month), year, day),
            _ => say!("people-no-day-calendar-no-month", text, month, ways = say!("people-write-day-like")),
        })
    }

    /// The day so that nobody reads it otherwise: `28 October 2026`.
    pub fn in_words(self) -> String {
        format!("{} {} {}", self.0.day(), title(self.0.month().into()), self.0.year())
    }
}

/// A number of at most four digits.
fn number(text: &str) -> Option<i32> {
    let digits = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn title(month: i32) -> String {
    let name = usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or_default();
    name[..1.min(name.len())].to_uppercase() + &name[1.min(name.len())..]
}

/// A month's name, at least its first three letters, with two numbers of which one is a year.
fn in_words(text: &str) -> Option<(i32, i32, i32)> {
    let lower = text.to_lowercase().replace([',', '.'], " ");
    let (mut month, mut numbers) = (None, Vec::new());
    for part in lower.split_whitespace().filter(|part| *part != "of") {
        let ordinal = ["st", "nd", "rd", "th"].iter().find_map(|end| part.strip_suffix(end)).unwrap_or(part);
        if let Some(number) = number(ordinal) {
            numbers.push(number);
        } else {
            let named = MONTHS.iter().position(|name| part.len() >= 3 && name.starts_with(part));
            let named = named.or_else(|| (part == "sept").then_some(8))?;
            month.replace(i32::try_from(named).ok()? + 1).is_none().then_some(())?;
        }
    }
    match (month, numbers.as_slice()) {
        (Some(month), [day, year]) if *year >= 1000 => Some((*year, month, *day)),
        (Some(month), [year, day]) if *year >= 1000 => Some((*year, month, *day)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_people_write_it() {
        for text in [
            "10/28/2026",
            "28.10.2026",
            "2026-10-28",
            "Oct 28 2026",
            "October 28, 2026",
            "28 Oct 2026",
            " 28 october 2026 ",
            "Oct. 28th, 2026",
            "2026 Oct 28",
            "28th of October 2026",
            "10 / 28 / 2026",
        ] {
            let day = Day::read(text).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(day.in_words(), "28 October 2026", "{text}");
        }
        assert_eq!(Day::read("3/4/2026").map(Day::in_words).as_deref(), Ok("4 March 2026"), "slashes: month first");
        assert_eq!(Day::read("3.4.2026").map(Day::in_words).as_deref(), Ok("3 April 2026"), "dots: day first");
        assert_eq!(Day::read("Sept 9 2026").map(Day::in_words).as_deref(), Ok("9 September 2026"));
    }

    #[test]
    fn what_is_no_day_is_refused_with_what_to_write() {
        for (text, says) in [
            ("2026-13-28", "there is no month 13"),
            ("2026-02-30", "February 2026 has no day 30"),
            ("28/10/2026", "Did you mean 10/28/2026?"),
            ("10/28/26", "all four digits"),
            ("28-10-2026", "Write it like"),
            ("last October", "Write it like"),
            ("Oct 2026", "Write it like"),
            ("Ju 4 2026", "Write it like"),
            ("Mar Apr 4 2026", "Write it like"),
            ("10/28", "Write it like"),
            ("99999-1-1", "Write it like"),
            ("28.10.2026.", "Write it like"),
            ("１０/28/2026", "Write it like"),
            ("0/0/2026", "no month 0"),
        ] {
            let refused = Day::read(text).expect_err(text);
            assert!(refused.contains(says), "{text}: {refused}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_said_back_is_read_as_the_same_day(year in 1000i16..=9999, month in 1i8..=12, day in 1i8..=28) {
            let written = Day(Date::new(year, month, day).expect("a day"));
            proptest::prop_assert_eq!(Day::read(&written.in_words()), Ok(written));
            proptest::prop_assert_eq!(Day::read(&written.to_string()), Ok(written));
            proptest::prop_assert_eq!(Day::read(&format!("{month}/{day}/{year}")), Ok(written));
            proptest::prop_assert_eq!(Day::read(&format!("{day}.{month}.{year}")), Ok(written));
        }

        #[test]
        fn no_text_panics(text in ".{0,40}") {
            let _ = Day::read(&text);
        }
    }
}
