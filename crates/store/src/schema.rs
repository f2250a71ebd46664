//! The schema of a file from elsewhere, compared with the one that the migrations make. A trigger
//! or a view in a backup would run with the next edit.

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};

use super::database::MIGRATIONS;
use super::integrity::IntegrityError;

/// The table in which sqlx records the migrations.
const MIGRATIONS_TABLE: (&str, &str) = ("table", "_sqlx_migrations");
/// More objects than any schema of ours has.
const MAX_OBJECTS: i64 = 200;

/// Tables, indexes, triggers and views, by type and name: the table they belong to, and their SQL.
type Objects = BTreeMap<(String, String), (String, String)>;

/// The version of the last migration, after checking that all are known and that the schema is
/// exactly theirs.
pub(super) async fn check(connection: &mut SqliteConnection) -> Result<i64, IntegrityError> {
    let found = objects(connection).await.map_err(|error| match error.as_database_error() {
        Some(cause) => match cause.code().as_deref() {
            // SQLITE_ERROR and SQLITE_NOTADB.
            Some("1" | "26") => IntegrityError::NotVoordeur,
            Some("11") => IntegrityError::Damaged(error.to_string()),
            _ => error.into(),
        },
        None => error.into(),
    })?;
    // A view of this name would be evaluated by the query below.
    let (kind, name) = MIGRATIONS_TABLE;
    if !found.contains_key(&(kind.to_owned(), name.to_owned())) {
        return Err(IntegrityError::NotVoordeur);
    }
    let version = version(connection).await?;
    match difference(&found, &expected(version).await?) {
        Some(difference) => Err(IntegrityError::ForeignSchema { version, difference }),
        None => Ok(version),
    }
}

async fn objects(connection: &mut SqliteConnection) -> Result<Objects, sqlx::Error> {
    let rows = sqlx::query(
        "select type, name, tbl_name, coalesce(sql, '') as sql from sqlite_schema limit $1",
    )
    .bind(MAX_OBJECTS)
    .fetch_all(connection)
    .await?;
    let object = |row: &sqlx::sqlite::SqliteRow| {
        let key = (row.try_get("type")?, row.try_get("name")?);
        let sql: String = row.try_get("sql")?;
        Ok((key, (row.try_get("tbl_name")?, normalize(&sql))))
    };
    rows.iter().map(object).collect()
}

/// The schema that the migrations up to a version make.
async fn expected(version: i64) -> Result<Objects, IntegrityError> {
    let mut connection = SqliteConnectOptions::new().in_memory(true).connect().await?;
    let migrated = MIGRATIONS.run_direct(Some(version), &mut connection, false).await;
    migrated.map_err(IntegrityError::Migration)?;
    let objects = objects(&mut connection).await?;
    connection.close().await?;
    Ok(objects)
}

/// The first difference, in words.
fn difference(found: &Objects, expected: &Objects) -> Option<String> {
    let differs = found.iter().find_map(|(key, object)| {
        let words = match expected.get(key) {
            None => "does not belong there",
            Some(same) if same == object => return None,
            Some(_) => "is another one",
        };
        Some(format!("{} {} {words}", key.0, key.1))
    });
    let missing = || {
        // The last one: a table is missing rather than the indexes on it.
        let (kind, name) = expected.keys().rev().find(|key| !found.contains_key(key))?;
        Some(format!("{kind} {name} is missing"))
    };
    differs.or_else(missing)
}

/// The version of the last migration, after checking that all of them are known.
async fn version(connection: &mut SqliteConnection) -> Result<i64, IntegrityError> {
    let applied = "select version, checksum, success from _sqlx_migrations order by version";
    let applied = sqlx::query(applied).fetch_all(connection).await.map_err(|error| {
        match error.as_database_error().and_then(|error| error.code()).as_deref() {
            // SQLITE_ERROR (no such column) and SQLITE_NOTADB.
            Some("1" | "26") => IntegrityError::NotVoordeur,
            Some("11") => IntegrityError::Damaged(error.to_string()),
            _ => error.into(),
        }
    })?;
    let mut known = MIGRATIONS.iter();
    let mut last = None;
    for row in applied {
        let version: i64 = row.try_get("version")?;
        // Migrations run in order: each row is the next one.
        let next = known.next().ok_or(IntegrityError::NewerSchema(version))?;
        if next.version != version {
            return Err(match MIGRATIONS.iter().any(|known| known.version == version) {
                true => IntegrityError::Damaged(format!("migration {} is missing", next.version)),
                false => IntegrityError::NewerSchema(version),
            });
        }
        if !row.try_get::<bool, _>("success")? {
            return Err(IntegrityError::Damaged(format!("migration {version} was not ended")));
        }
        if row.try_get::<&[u8], _>("checksum")? != &*next.checksum {
            return Err(IntegrityError::Damaged(format!("migration {version} was another one")));
        }
        last = Some(version);
    }
    last.ok_or(IntegrityError::NotVoordeur)
}

/// SQL without comments and superfluous spaces and quotes, in lower case: versions of SQLite write
/// an altered table differently.
fn normalize(sql: &str) -> String {
    let mut normal = String::with_capacity(sql.len());
    let mut rest = sql;
    let mut space = false;
    while let Some(letter) = rest.chars().next() {
        let (token, after) = match letter {
            '\'' | '"' => quoted(rest, letter),
            _ if rest.starts_with("--") => (" ", rest.find('\n').map_or("", |end| &rest[end..])),
            _ if rest.starts_with("/*") => (" ", rest.split_once("*/").map_or("", |it| it.1)),
            _ => rest.split_at(letter.len_utf8()),
        };
        rest = after;
        if token.trim().is_empty() {
            space = true;
            continue;
        }
        if space && !normal.is_empty() {
            normal.push(' ');
        }
        space = false;
        let name = token.trim_matches('"');
        let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        match letter {
            '\'' => normal.push_str(token),
            '"' if is_plain => normal.push_str(&name.to_ascii_lowercase()),
            _ => normal.push_str(&token.to_ascii_lowercase()),
        }
    }
    normal
}

/// A quoted text at the beginning, with its quotes, and what follows it.
fn quoted(text: &str, quote: char) -> (&str, &str) {
    let end = text[1..].find(quote).map_or(text.len(), |end| end + 2);
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_is_compared_without_comments_spaces_and_quotes_of_names() {
        let stored = "CREATE TABLE \"board\" (\n  -- one each\n  id text /* key */ primary key)";
        assert_eq!(normalize(stored), "create table board ( id text primary key)");
        assert_eq!(normalize("a 'B  -- b' \"c d\" -- e"), "a 'B  -- b' \"c d\"");
        assert_ne!(normalize("id text"), normalize("\"id text\""));
        for broken in ["'", "\"", "/*", "--", "é'é"] {
            normalize(broken);
        }
    }

    #[tokio::test]
    async fn the_schema_of_each_version_differs_from_the_others() {
        let versions: Vec<i64> = MIGRATIONS.iter().map(|migration| migration.version).collect();
        for version in &versions {
            let schema = expected(*version).await.expect("is made");
            for other in &versions {
                let other_schema = expected(*other).await.expect("is made");
                let differs = difference(&schema, &other_schema).is_some();
                assert_eq!(differs, version != other, "{version} and {other}");
            }
        }
    }
}
