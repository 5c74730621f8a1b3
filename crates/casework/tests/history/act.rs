//! What people do in a history.

use casework::{Conclusion, Disposition};

use super::paper::{Account, Kind, Row, Subject};

/// What somebody does. Rows and people are right or wrong as they come.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// A supervisor confirms a further search.
    Confirm(Account),
    Send(Account),
    /// A list comes back; `false` for one of another purpose.
    Answer(Account, Vec<Subject>, bool),
    Analyse(Account),
    Open(Account, Row),
    Compare(Account, Row),
    Say(Account, Row, Option<Conclusion>),
    Keep(Account, Option<Row>),
    NoneOfThese(Account),
    Conclude(Account),
    Unveil(Account),
    Change(Account, Row, Conclusion, &'static str),
    Ask(Account),
    Begin(Account),
    HandIn(Account),
    Withdraw(Account),
    Confer(Account, Account, Conclusion),
    Add(Kind),
    /// Disposition, reason, account, and whether what the reviewer asked is answered.
    Write(Option<Disposition>, bool, Option<u8>, bool),
    Seal(Account),
    Review(Account, bool),
    Read(Account),
    /// A month and a day pass.
    Wait,
}
