//! One program of all tests from outside: linked once.

#![allow(clippy::unwrap_used)]

mod cases;
mod checklist_oracle;
mod elsewhere;
mod examination;
mod examination_oracle;
mod file;
mod gates;
mod history_oracle;
mod oversight;
mod report;
mod results;
mod retention;
mod review;
mod stored;
mod unwilling;
