use rusqlite::{Connection, params};

use crate::error::VaultError;
use crate::hashing::measure;
use crate::originals::put_sealed;
use crate::rows::parse_id;
use crate::sealing::CaseKey;

/// One step a version, in order; a step that was released is never changed.
pub(crate) const STEPS: &[&str] = &[
    include_str!("migrations/0001-first.sql"),
    include_str!("migrations/0002-people.sql"),
    include_str!("migrations/0003-signatures.sql"),
    include_str!("migrations/0004-exchange.sql"),
    include_str!("migrations/0005-proof.sql"),
    include_str!("migrations/0006-parts.sql"),
    include_str!("migrations/0007-entrance.sql"),
    include_str!("migrations/0008-department.sql"),
    include_str!("migrations/0009-verifications.sql"),
    include_str!("migrations/0010-joined.sql"),
    include_str!("migrations/0011-moved.sql"),
    include_str!("migrations/0012-ledger.sql"),
    include_str!("migrations/0013-retention.sql"),
    include_str!("migrations/0014-results.sql"),
    include_str!("migrations/0015-oversight.sql"),
    include_str!("migrations/0016-lost.sql"),
    include_str!("migrations/0017-whole-moves.sql"),
    include_str!("migrations/0018-gallery-log.sql"),
    include_str!("migrations/0019-wanted-rows.sql"),
];

/// What [`STEPS`] come to in an empty file, written by the test below: step after step SQLite reads the whole schema again for each table
/// that is altered.
pub(crate) const WHOLE: &str = include_str!("migrations/whole.sql");

/// What a step of [`STEPS`] cannot say in SQL, right after it.
pub(crate) fn finish(step: usize, db: &Connection) -> Result<(), VaultError> {
    if step == 13 { seal_earlier(db) } else { Ok(()) }
}

/// Seals what an earlier program left open: the second half of `0013-retention.sql`.
fn seal_earlier(db: &Connection) -> Result<(), VaultError> {
    let mut cases = db.prepare("SELECT case_id FROM case_file ORDER BY rowid")?;
    let cases: Vec<String> = cases.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
    for id in cases {
        let key = CaseKey::of(db, parse_id(&id)?)?;
        let mut parts = db.prepare("SELECT name, content FROM case_part_before WHERE case_id = ?1")?;
        let mut rows = parts.query([&id])?;
        while let Some(row) = rows.next()? {
            let (name, text): (String, String) = (row.get(0)?, row.get(1)?);
            let sealed = key.seal_part(&name, &text)?;
            db.execute(
                "INSERT INTO case_part (case_id, name, content) VALUES (?1, ?2, ?3)",
                params![id, name, sealed],
            )?;
        }
        let mut files = db.prepare(
            "SELECT rowid, sha256, kind, file_name, length(bytes) FROM original_before WHERE case_id = ?1 ORDER BY rowid",
        )?;
        let mut rows = files.query([&id])?;
        while let Some(row) = rows.next()? {
            let (at, sha256, length): (i64, String, i64) = (row.get(0)?, row.get(1)?, row.get(4)?);
            let (kind, file_name): (String, String) = (row.get(2)?, row.get(3)?);
            let from = db.blob_open("main", "original_before", "bytes", at, true)?;
            put_sealed(db, &key, &id, (&sha256, &kind, &file_name), length.unsigned_abs(), |mut to| {
                measure(from, &mut to).map(drop)?;
                to.finish()
            })
            .map_err(|e| VaultError::Unreadable(e.to_string()))?;
        }
    }
    // Of what belonged to no case nothing could be read before.
    Ok(db.execute_batch("DROP TABLE case_part_before; DROP TABLE original_before;")?)
}

#[cfg(test)]
mod tests {
    use rusqlite::types::Value;

    use super::*;
    use crate::migrate::migrate;

    /// The schema with the rows that are in it, as SQL. What a virtual table keeps its words in comes with it.
    fn written(db: &Connection) -> rusqlite::Result<String> {
        let of = |sql: &str| -> rusqlite::Result<Vec<String>> {
            db.prepare(sql)?.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()
        };
        let mut lines = of("SELECT sql || ';' FROM sqlite_master WHERE sql IS NOT NULL
             AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
             ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, name")?;
        let tables = "SELECT name FROM pragma_table_list WHERE type = 'table' AND schema = 'main' AND name NOT LIKE 'sqlite_%' ORDER BY name";
        for table in of(tables)? {
            let mut query = db.prepare(&format!("SELECT * FROM {table}"))?;
            let columns = query.column_count();
            let mut rows = query.query([])?;
            while let Some(row) = rows.next()? {
                let values = (0..columns).map(|at| row.get(at).map(literal)).collect::<rusqlite::Result<Vec<_>>>()?;
                lines.push(format!("INSERT INTO {table} VALUES ({});", values.join(", ")));
            }
        }
        Ok(lines.join("\n") + "\n")
    }

    /// Text as its bytes: some of it is blank.
    fn literal(value: Value) -> String {
        match value {
            Value::Null => "NULL".to_owned(),
            Value::Integer(number) => number.to_string(),
            Value::Real(number) => format!("{number:?}"),
            Value::Text(text) => format!("CAST(x'{}' AS TEXT)", hex::encode(text)),
            Value::Blob(bytes) => format!("x'{}'", hex::encode(bytes)),
        }
    }

    /// What an empty file comes to, with its version.
    fn comes_to(whole: Option<&str>) -> Result<(String, i64), VaultError> {
        let mut db = Connection::open_in_memory()?;
        migrate(&mut db, whole, STEPS, finish)?;
        Ok((written(&db)?, db.pragma_query_value(None, "user_version", |r| r.get(0))?))
    }

    #[test]
    fn a_new_file_has_the_schema_that_every_earlier_one_comes_to() -> Result<(), Box<dyn std::error::Error>> {
        let stepwise = comes_to(None)?;
        let said =
            "-- What the steps come to in an empty file. Written by a test of schema.rs: CORROBORATE_WRITE_SCHEMA=1.\n";
        let expected = said.to_owned() + &stepwise.0;
        if std::env::var_os("CORROBORATE_WRITE_SCHEMA").is_some() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/migrations/whole.sql"), &expected)?;
            return Ok(());
        }
        assert!(WHOLE == expected, "the steps come to something else: write it with CORROBORATE_WRITE_SCHEMA=1");
        assert!(comes_to(Some(WHOLE))? == stepwise);
        assert_eq!(stepwise.1, STEPS.len() as i64);
        Ok(())
    }
}
