//! PostgreSQL 16 or later, where a region outgrows one machine.
//!
//! Several hosts may stand in the URL (`postgresql://a,b/gallery?target_session_attrs=read-write`): whichever takes
//! writes is used, so that a promoted standby is found. A connection that broke is made anew with the next statement;
//! a transaction that it broke is an error, and was not acknowledged.

use std::time::Duration;

use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Config, NoTls};

use super::StoreError;
use super::sql::{Database, Row, Value};

const STEPS: [&str; 2] = [include_str!("postgres.sql"), include_str!("postgres-2.sql")];
/// Held by whoever writes: so outbox positions and audit rows become visible in their order.
const ONE_WRITER: &str = "SELECT pg_advisory_xact_lock(7165190)";

pub(crate) struct Postgres {
    config: Config,
    client: Client,
    open: bool,
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The configuration holds a password.
        f.debug_struct("Postgres").field("hosts", &self.config.get_hosts()).finish_non_exhaustive()
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(value) => value.to_sql(ty, out),
            Value::Real(value) => value.to_sql(ty, out),
            Value::Text(value) => value.to_sql(ty, out),
            Value::Blob(value) => value.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        [Type::INT8, Type::FLOAT8, Type::TEXT, Type::BYTEA].contains(ty)
    }

    to_sql_checked!();
}

impl Postgres {
    pub(crate) fn open(url: &str) -> Result<Self, StoreError> {
        let mut config: Config = url.parse()?;
        config.connect_timeout(Duration::from_secs(2)).tcp_user_timeout(Duration::from_secs(5));
        config.keepalives_idle(Duration::from_secs(5)).application_name("corroborate-gallery");
        let client = config.connect(NoTls)?;
        let mut store = Self { config, client, open: false };
        store.migrate()?;
        Ok(store)
    }

    fn migrate(&mut self) -> Result<(), StoreError> {
        let mut tx = self.client.transaction()?;
        tx.batch_execute(ONE_WRITER)?;
        tx.batch_execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")?;
        let version = tx.query_opt("SELECT version FROM schema_version", &[])?.map_or(0, |r| r.get::<_, i64>(0));
        let steps = STEPS.get(version as usize..).ok_or(StoreError::Newer(version))?;
        for step in steps {
            tx.batch_execute(step)?;
        }
        tx.batch_execute("DELETE FROM schema_version")?;
        tx.execute("INSERT INTO schema_version VALUES ($1)", &[&(STEPS.len() as i64)])?;
        Ok(tx.commit()?)
    }

    /// A connection that works, as far as can be told. None is made anew within a transaction.
    fn ready(&mut self) -> Result<(), StoreError> {
        if self.client.is_closed() {
            if std::mem::take(&mut self.open) {
                return Err(StoreError::Broken);
            }
            self.client = self.config.connect(NoTls)?;
        }
        Ok(())
    }
}

impl Database for Postgres {
    fn begin(&mut self) -> Result<(), StoreError> {
        self.open = false;
        self.ready()?;
        self.client.batch_execute("BEGIN")?;
        self.open = true;
        Ok(self.client.batch_execute(ONE_WRITER)?)
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.open = false;
        Ok(self.client.batch_execute("COMMIT")?)
    }

    fn rollback(&mut self) {
        self.open = false;
        if !self.client.is_closed()
            && let Err(error) = self.client.batch_execute("ROLLBACK")
        {
            tracing::error!(%error, "a transaction could not be taken back");
        }
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        self.ready()?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as _).collect();
        Ok(self.client.execute(sql, &values)?)
    }

    fn query(
        &mut self,
        sql: &str,
        values: &[Value],
        each: &mut dyn FnMut(Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.ready()?;
        let values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as _).collect();
        for row in self.client.query(sql, &values)? {
            let mut values = Vec::with_capacity(row.len());
            for (at, column) in row.columns().iter().enumerate() {
                values.push(match *column.type_() {
                    Type::INT8 => Value::from(row.try_get::<_, Option<i64>>(at)?),
                    Type::INT4 => Value::from(row.try_get::<_, Option<i32>>(at)?.map(i64::from)),
                    Type::FLOAT8 => Value::from(row.try_get::<_, Option<f64>>(at)?),
                    Type::BYTEA => Value::from(row.try_get::<_, Option<Vec<u8>>>(at)?),
                    _ => Value::from(row.try_get::<_, Option<String>>(at)?),
                });
            }
            each(Row(values.into_iter()))?;
        }
        Ok(())
    }

    fn scrub(&mut self) -> Result<(), StoreError> {
        self.ready()?;
        // Pages that nothing was deleted from are passed over. Archived logs are the operator's to expire.
        for table in ["template", "subject_key"] {
            self.client.batch_execute(&format!("VACUUM {table}"))?;
        }
        Ok(())
    }

    fn reader(&self) -> Result<Box<dyn Database>, StoreError> {
        let client = self.config.connect(NoTls)?;
        Ok(Box::new(Self { config: self.config.clone(), client, open: false }))
    }
}
