//! `vanthu rebuild`: the desk and its counters are derived; this makes them anew from the documents.

use serde_json::json;
use store::{Act, Actor, Begun, Entry, args, sql};
use uuid::Uuid;

use crate::{act_names, context::App, desk};

/// Documents rebuilt in one act.
const BATCH: i64 = 500;

/// Brings the desk of every document to where its facts say, then counts the boxes again.
pub async fn run(app: &App) -> anyhow::Result<()> {
    let lists = [
        (
            "incoming",
            sql!("SELECT id FROM incoming WHERE id > $1 ORDER BY id LIMIT $2"),
        ),
        (
            "outgoing",
            sql!("SELECT id FROM outgoing WHERE id > $1 ORDER BY id LIMIT $2"),
        ),
        (
            "slip",
            sql!("SELECT id FROM slip WHERE id > $1 ORDER BY id LIMIT $2"),
        ),
    ];
    let mut done = 0;
    for (kind, list) in lists {
        let mut after = Uuid::nil();
        loop {
            let rows = app.db.all(list, args![after, BATCH]).await?;
            let Some(last) = rows.last() else { break };
            after = last.get("id")?;
            let mut act = begin(app).await?;
            for row in &rows {
                desk::refresh(&mut act, kind, row.get("id")?).await?;
            }
            done += rows.len();
            finish(app, act, kind, rows.len()).await?;
        }
    }
    let mut act = begin(app).await?;
    act.run(sql!("DELETE FROM desk_count"), args![]).await?;
    act.run(
        sql!("INSERT INTO desk_count (owner_id, box, count) SELECT owner_id, box, count(*) FROM desk GROUP BY owner_id, box"),
        args![],
    )
    .await?;
    finish(app, act, "desk_count", 0).await?;
    println!("Đã dựng lại bàn làm việc của {done} văn bản.");
    Ok(())
}

async fn begin(app: &App) -> anyhow::Result<Act> {
    let command = rules::ids::CommandId::from_uuid(app.ids.next());
    match Act::begin::<()>(&app.db, &app.clock, &app.ids, Actor::system(), command).await? {
        Begun::Now(act) => Ok(act),
        Begun::Before(()) => anyhow::bail!("an id was given out twice"),
    }
}

async fn finish(app: &App, mut act: Act, what: &str, documents: usize) -> anyhow::Result<()> {
    let entry = Entry {
        act: act_names::REBUILD_DESKS,
        object_kind: "installation",
        object: Uuid::nil(),
        agency: None,
        summary: "Dựng lại bàn làm việc.".to_owned(),
        details: json!({ "what": what, "documents": documents }),
    };
    act.journal(entry).await?;
    app.commit(act, &()).await?;
    Ok(())
}
