//! PostgreSQL 16 or later, where a region outgrows one machine.
//!
//! Several hosts may stand in the URL (`postgresql://a,b/gallery?target_session_attrs=read-write`): whichever takes
//! writes is used, so that a promoted standby is found. A connection that broke is made anew with the next statement;
//! a transaction that it broke is an error, and was not acknowledged.
//!
//! Beyond this machine the connection is TLS, and the server's certificate is verified: photographs' keys, templates and
//! the audit pass over it.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use postgres::config::{Host, SslMode};
use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Config, NoTls};

use super::error::StoreError;
use super::postgres_tls::Verified;
use super::sql::{Database, Kind, Row, Value, one, with};
use super::steps;

/// How the database is reached.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// Authority (PEM) that signs the server's certificate; the system's where none is named.
    pub authority: Option<PathBuf>,
    /// Plain beyond this machine: only where the network between is as good as a cable.
    pub plain: bool,
}

/// Encrypted and verified, or plain.
#[derive(Clone)]
enum Way {
    Plain,
    Tls(Verified),
}

/// Whether every server of `config` is on this machine, whatever their names say.
fn on_this_machine(config: &Config) -> bool {
    let addresses = config.get_hostaddrs();
    let hosts = config.get_hosts();
    let named = |host: &Host| match host {
        Host::Tcp(name) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    !(hosts.is_empty() && addresses.is_empty()) && hosts.iter().all(named) && addresses.iter().all(IpAddr::is_loopback)
}

/// How `config` is reached; it is set so that nothing else happens.
fn way(config: &mut Config, reach: &Reach) -> Result<Way, StoreError> {
    let here = on_this_machine(config);
    let asked = config.get_ssl_mode() == SslMode::Require || reach.authority.is_some();
    if !asked && (here || reach.plain) {
        if !here {
            tracing::warn!(
                "the connection to the database is NOT encrypted (--database-plain): keys, templates and the audit \
                 pass in the clear"
            );
        }
        config.ssl_mode(SslMode::Disable);
        return Ok(Way::Plain);
    }
    config.ssl_mode(SslMode::Require);
    Ok(Way::Tls(Verified::new(reach.authority.as_deref()).map_err(StoreError::Tls)?))
}

fn connect(config: &Config, way: &Way) -> Result<Client, postgres::Error> {
    match way {
        Way::Plain => config.connect(NoTls),
        Way::Tls(verified) => config.connect(verified.clone()),
    }
}

/// Held by whoever writes: so outbox positions and audit rows become visible in their order.
const ONE_WRITER: &str = "SELECT pg_advisory_xact_lock(7165190)";

pub(crate) struct Postgres {
    config: Config,
    way: Way,
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
            Value::Null(_) => Ok(IsNull::Yes),
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
    pub(crate) fn open(url: &str, reach: &Reach) -> Result<Self, StoreError> {
        let mut config: Config = url.parse()?;
        let way = way(&mut config, reach)?;
        config.connect_timeout(Duration::from_secs(2)).tcp_user_timeout(Duration::from_secs(5));
        config.keepalives_idle(Duration::from_secs(5)).application_name("corroborate-gallery");
        let client = connect(&config, &way)?;
        let mut store = Self { config, way, client, open: false };
        store.begin()?;
        match store.migrate() {
            Ok(_) => store.commit()?,
            Err(error) => {
                store.rollback();
                return Err(error);
            }
        }
        Ok(store)
    }

    /// Takes the steps that are lacking; gives how many were taken before.
    fn migrate(&mut self) -> Result<i64, StoreError> {
        self.batch("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)")?;
        let version: i64 = one(self, "SELECT version FROM schema_version", &[], Row::next)?.unwrap_or(0);
        for step in steps::lacking(version, version)? {
            self.batch(step.postgres)?;
            if let Some(then) = step.then {
                then(self)?;
            }
        }
        self.batch("DELETE FROM schema_version")?;
        self.execute("INSERT INTO schema_version VALUES ($1)", with![steps::LAST])?;
        Ok(version)
    }

    /// A connection that works, as far as can be told. None is made anew within a transaction.
    fn ready(&mut self) -> Result<(), StoreError> {
        if self.client.is_closed() {
            if std::mem::take(&mut self.open) {
                return Err(StoreError::Broken);
            }
            self.client = connect(&self.config, &self.way)?;
        }
        Ok(())
    }
}

/// Values with their types: the server infers none, so that a statement means on both databases what it says.
fn typed(values: &[Value]) -> Vec<(&(dyn ToSql + Sync), Type)> {
    let of = |value: &Value| match value.kind() {
        Kind::Int => Type::INT8,
        Kind::Real => Type::FLOAT8,
        Kind::Text => Type::TEXT,
        Kind::Blob => Type::BYTEA,
    };
    values.iter().map(|value| (value as &(dyn ToSql + Sync), of(value))).collect()
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
        Ok(self.client.execute_typed(sql, &typed(values))?)
    }

    fn query(
        &mut self,
        sql: &str,
        values: &[Value],
        each: &mut dyn FnMut(Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.ready()?;
        for row in self.client.query_typed(sql, &typed(values))? {
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

    fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        self.ready()?;
        Ok(self.client.batch_execute(sql)?)
    }

    fn scrub(&mut self) -> Result<(), StoreError> {
        // Pages that nothing was deleted from are passed over. Keys are written anew, whole: a page keeps what its rows
        // held before. Archived logs are the operator's to expire.
        self.batch("VACUUM template")?;
        self.batch("VACUUM FULL subject_key")?;
        self.batch("VACUUM FULL index_key")
    }

    fn writer(&self) -> Result<Box<dyn Database>, StoreError> {
        self.reader()
    }

    fn reader(&self) -> Result<Box<dyn Database>, StoreError> {
        let client = connect(&self.config, &self.way)?;
        Ok(Box::new(Self { config: self.config.clone(), way: self.way.clone(), client, open: false }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(url: &str, reach: &Reach) -> bool {
        let mut config: Config = url.parse().expect("a configuration");
        let way = way(&mut config, reach).expect("a way");
        let plain = matches!(way, Way::Plain);
        assert_eq!(config.get_ssl_mode(), if plain { SslMode::Disable } else { SslMode::Require });
        plain
    }

    #[test]
    fn only_this_machine_is_reached_without_tls() {
        let default = Reach::default();
        for here in
            ["host=127.0.0.1", "host=localhost,::1", "host=localhost hostaddr=127.0.0.1", "host=/run/postgresql"]
        {
            assert!(plain(here, &default), "{here}");
        }
        for beyond in [
            "host=db1",
            "postgresql://gallery@db1/gallery?sslmode=disable",
            "host=db1 sslmode=prefer",
            "host=127.0.0.1,db2",
            "host=db1 hostaddr=127.0.0.1",
            "host=localhost hostaddr=192.0.2.7",
            "hostaddr=192.0.2.7",
            "host=127.0.0.1 sslmode=require",
            "user=gallery",
        ] {
            assert!(!plain(beyond, &default), "{beyond}");
        }
        assert!(plain("host=db1", &Reach { plain: true, ..Reach::default() }));
        assert!(!plain("host=db1 sslmode=require", &Reach { plain: true, ..Reach::default() }));
    }
}
