//! The small province without documents, made once for all tests of a program and copied for each of them: to make it takes
//! longer than most tests.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use signing_providers::ProviderConfig;
use store::{args, sql};
use uuid::Uuid;

use super::{AGENCIES, database_name, open, sqlite_address, wanted_server};
use crate::{commands::demo, context::App, signing::demo::keys_folder};

/// What of an original is written last: of which program it is and, on the second line, its database on the server.
const MADE: &str = "made";

/// Copies the province into the folder of an office and gives the address of its database.
pub(super) async fn copy(folder: &Path) -> String {
    let server = wanted_server();
    let (original, database) = original(server.as_deref()).await;
    copy_folder(&original, folder).unwrap();
    match server {
        Some(server) => store::testing::postgres_copy(&server, &database_name("test"), &database)
            .await
            .unwrap(),
        None => sqlite_address(folder),
    }
}

/// What a copy must learn: that it is the made-up province, and where its keys lie.
pub(super) async fn settle(app: &App) {
    demo::note_sample_data(app).await.unwrap();
    let mut change = app.db.begin().await.unwrap();
    let row = change
        .one(sql!("SELECT id, settings FROM signing_provider"), args![])
        .await
        .unwrap();
    let mut settings: ProviderConfig = serde_json::from_str(&row.get::<String>("settings").unwrap()).unwrap();
    let ProviderConfig::Software(software) = &mut settings else {
        panic!("the province signs with keys of software");
    };
    software.folder = std::path::absolute(keys_folder(app)).unwrap();
    change
        .run(
            sql!("UPDATE signing_provider SET settings = $2 WHERE id = $1"),
            args![
                row.get::<Uuid>("id").unwrap(),
                serde_json::to_string(&settings).unwrap()
            ],
        )
        .await
        .unwrap();
    change.commit().await.unwrap();
}

/// The folder of the original, and the name of its database on the server. Made anew when the program is another one, or
/// the server does not have it; of several tests one makes it and the others wait.
async fn original(server: Option<&str>) -> (PathBuf, String) {
    let program = std::env::current_exe().unwrap();
    let name = program.file_name().unwrap().to_string_lossy();
    let kind = if server.is_some() { "postgres" } else { "sqlite" };
    let home = program.with_file_name("offices").join(format!("{name}-{kind}"));
    fs::create_dir_all(&home).unwrap();
    let lock = File::create(home.join("lock")).unwrap();
    // Beside the runtime: a test that opens two offices at once would wait for itself.
    let lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock))
        .await
        .unwrap()
        .unwrap();
    let (folder, stamp) = (home.join("office"), stamp(&program).unwrap());
    let made = fs::read_to_string(home.join(MADE)).unwrap_or_default();
    if let Some(database) = made.strip_prefix(&stamp) {
        let is_there = match server {
            Some(server) => store::testing::postgres_has(server, database).await.unwrap(),
            None => true,
        };
        if is_there {
            return (folder, database.to_owned());
        }
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    let database = database_name("original");
    let address = match server {
        Some(server) => store::testing::postgres_address(server, &database).await.unwrap(),
        None => sqlite_address(&folder),
    };
    let app = open(&folder, &address, |_| {}).await;
    app.db.migrate().await.unwrap();
    demo::seed_with_history(&app, AGENCIES, 0, demo::Keys::Quick)
        .await
        .unwrap();
    app.db.close().await;
    fs::write(home.join(MADE), format!("{stamp}{database}")).unwrap();
    drop(lock);
    (folder, database)
}

/// Tells one build of a program from another.
fn stamp(program: &Path) -> io::Result<String> {
    let facts = fs::metadata(program)?;
    let written = facts.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(format!("{} {}\n", facts.len(), written.as_nanos()))
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (entry, target) = entry.map(|entry| {
            let target = to.join(entry.file_name());
            (entry, target)
        })?;
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
