//! The only crate that names a database: seam over SQLite and PostgreSQL, migrations, jobs, blobs.
