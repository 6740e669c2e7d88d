//! Databases of a server, which go with the benchmark.

use postgres::{Client, NoTls};

pub(super) struct Database {
    server: String,
    name: String,
    url: String,
}

impl Database {
    /// Makes an empty one.
    pub(super) fn create(server: &str, what: &str) -> anyhow::Result<Self> {
        Self::from(server, what, "template1")
    }

    /// One with the same in it; nobody may be connected to this one.
    pub(super) fn copy(&self, what: &str) -> anyhow::Result<Self> {
        Self::from(&self.server, what, &self.name)
    }

    fn from(server: &str, what: &str, template: &str) -> anyhow::Result<Self> {
        let name = format!("tenure_bench_{}_{what}", std::process::id());
        // The files are copied and written out, so that whoever works on them next does not pay for it.
        let strategy = "STRATEGY file_copy";
        Client::connect(server, NoTls)?
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template} {strategy}"))?;
        let url = addressed(server, &name);
        Ok(Self { server: server.to_owned(), name, url })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn client(&self) -> anyhow::Result<Client> {
        Ok(Client::connect(&self.url, NoTls)?)
    }

    /// Has the server do now what it would do by and by.
    pub(super) fn settle_down(&self) -> anyhow::Result<()> {
        let mut client = self.client()?;
        client.batch_execute("VACUUM ANALYZE")?;
        client.batch_execute("CHECKPOINT")?;
        Ok(())
    }

    /// How far the log of the server is.
    pub(super) fn wal_bytes(&self) -> anyhow::Result<u64> {
        let sql = "SELECT CAST(pg_current_wal_lsn() - CAST('0/0' AS pg_lsn) AS bigint)";
        Ok(self.client()?.query_one(sql, &[])?.get::<_, i64>(0) as u64)
    }

    pub(super) fn bytes(&self) -> anyhow::Result<u64> {
        let row = self.client()?.query_one("SELECT pg_database_size(current_database())", &[])?;
        Ok(row.get::<_, i64>(0) as u64)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let gone = Client::connect(&self.server, NoTls).and_then(|mut client| {
            client.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name))
        });
        if let Err(error) = gone {
            eprintln!("the database {} is left: {error}", self.name);
        }
    }
}

/// The address of a database of that server.
fn addressed(server: &str, name: &str) -> String {
    let Some((scheme, rest)) = server.split_once("://") else { return format!("{server} dbname={name}") };
    let (place, options) =
        rest.split_once('?').map_or((rest, String::new()), |(place, options)| (place, format!("?{options}")));
    let host = place.split_once('/').map_or(place, |(host, _)| host);
    format!("{scheme}://{host}/{name}{options}")
}

#[cfg(test)]
mod tests {
    use super::addressed;

    #[test]
    fn another_database_of_the_server_is_addressed() {
        assert_eq!(addressed("host=h dbname=a", "b"), "host=h dbname=a dbname=b");
        assert_eq!(
            addressed("postgresql://u@h:5/a?sslmode=disable", "b"),
            "postgresql://u@h:5/b?sslmode=disable"
        );
        assert_eq!(addressed("postgres://h", "b"), "postgres://h/b");
    }
}
