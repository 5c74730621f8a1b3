//! What the store needs of a database: statements with numbered parameters, values, and one writer at a time.

use super::error::StoreError;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Real,
    Text,
    Blob,
}

/// A value of a row or a parameter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// Nothing, where a value of this kind could stand.
    Null(Kind),
    Int(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

impl Value {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Value::Null(kind) => *kind,
            Value::Int(_) => Kind::Int,
            Value::Real(_) => Kind::Real,
            Value::Text(_) => Kind::Text,
            Value::Blob(_) => Kind::Blob,
        }
    }
}

/// A database. Statements are written once for all: parameters are `$1`, `$2`, …, types are 64-bit integers, doubles,
/// text and bytes.
pub(crate) trait Database: Send + std::fmt::Debug {
    /// Begins a transaction; there is one writer at a time, also between machines.
    fn begin(&mut self) -> Result<(), StoreError>;
    /// Makes it durable.
    fn commit(&mut self) -> Result<(), StoreError>;
    /// Forgets it.
    fn rollback(&mut self);
    /// Runs a statement; gives the number of rows that changed.
    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError>;
    /// Calls `each` with every row.
    fn query(
        &mut self,
        sql: &str,
        values: &[Value],
        each: &mut dyn FnMut(Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;
    /// Runs statements without parameters.
    fn batch(&mut self, sql: &str) -> Result<(), StoreError>;
    /// Takes what was deleted out of the files as far as the engine can.
    fn scrub(&mut self) -> Result<(), StoreError>;
    /// Another connection to the same database, which only reads.
    fn reader(&self) -> Result<Box<dyn Database>, StoreError>;
    /// Another connection to the same database, which writes too.
    fn writer(&self) -> Result<Box<dyn Database>, StoreError>;
}

/// Values of a row, taken from left to right.
#[derive(Debug)]
pub(crate) struct Row(pub std::vec::IntoIter<Value>);

impl Row {
    pub(crate) fn next<T: FromValue>(&mut self) -> Result<T, StoreError> {
        let value = self.0.next().unwrap_or(Value::Null(Kind::Text));
        T::from_value(value).ok_or(StoreError::Column)
    }
}

/// Whose kind is known though there is no value.
pub(crate) trait Kinded {
    const KIND: Kind;
}

impl Kinded for &str {
    const KIND: Kind = Kind::Text;
}

impl Kinded for &String {
    const KIND: Kind = Kind::Text;
}

/// What a value can be read as.
pub(crate) trait FromValue: Sized {
    fn from_value(value: Value) -> Option<Self>;
}

macro_rules! values {
    ($($type:ty: $variant:ident),*) => {$(
        impl FromValue for $type {
            fn from_value(value: Value) -> Option<Self> {
                match value { Value::$variant(value) => Some(value), _ => None }
            }
        }
        impl From<$type> for Value {
            fn from(value: $type) -> Self { Value::$variant(value) }
        }
        impl Kinded for $type {
            const KIND: Kind = Kind::$variant;
        }
    )*};
}
values!(i64: Int, f64: Real, String: Text, Vec<u8>: Blob);

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Option<Self> {
        if matches!(value, Value::Null(_)) { Some(None) } else { T::from_value(value).map(Some) }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Value::Text(text.clone())
    }
}

impl<T: Into<Value> + Kinded> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null(T::KIND), Into::into)
    }
}

/// Parameters of a statement.
macro_rules! with {
    ($($value:expr),* $(,)?) => { &[$(crate::store::sql::Value::from($value)),*] };
}
pub(crate) use with;

/// The one row of a query, or none.
pub(crate) fn one<T>(
    db: &mut dyn Database,
    sql: &str,
    values: &[Value],
    read: impl Fn(&mut Row) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    Ok(all(db, sql, values, read)?.into_iter().next())
}

/// Every row of a query.
pub(crate) fn all<T>(
    db: &mut dyn Database,
    sql: &str,
    values: &[Value],
    read: impl Fn(&mut Row) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut rows = Vec::new();
    db.query(sql, values, &mut |mut row| {
        rows.push(read(&mut row)?);
        Ok(())
    })?;
    Ok(rows)
}

/// Does `work` in one transaction: all of it or nothing.
pub(super) fn write<T>(
    db: &mut dyn Database,
    work: impl FnOnce(&mut dyn Database) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    db.begin()?;
    match work(db) {
        Ok(done) => db.commit().map(|()| done),
        Err(error) => {
            db.rollback();
            Err(error)
        }
    }
}
