//! What each side knows, read from its database.

use std::collections::{BTreeMap, BTreeSet};

use store::{Db, Row, Sql, args, sql};
use uuid::Uuid;

use crate::{kit::open, office::Office, world::World};

/// The databases of all installations.
pub async fn databases(world: &World) -> Vec<Db> {
    let mut opened = Vec::new();
    for office in &world.offices {
        opened.push(open(&office.folder, &office.database).await);
    }
    opened
}

/// A document and a recipient: what both sides call the same.
pub type Key = (String, String);

/// A delivery line, as its sender has it.
pub struct Line {
    pub subject: String,
    pub state: String,
    pub recall: String,
    pub number: Option<i64>,
}

/// A document, as its recipient has it.
pub struct Received {
    pub business: String,
    pub subject: String,
    pub state: String,
    pub number: Option<i64>,
    pub is_replaced: bool,
}

/// What one installation knows.
pub struct Books {
    pub name: char,
    pub lines: BTreeMap<Key, Line>,
    pub received: BTreeMap<Key, Vec<Received>>,
    /// Recalls and updates with how they ended, in order.
    pub ordered: BTreeMap<(Key, String), Vec<String>>,
    pub asked: BTreeMap<(Key, String), Vec<String>>,
    /// Identifiers of documents that another one replaces.
    pub replaced: BTreeSet<String>,
    pub issued: BTreeSet<String>,
}

pub fn text(row: &Row, column: &str) -> String {
    row.get::<Option<String>>(column).unwrap().unwrap_or_default()
}

fn key(row: &Row) -> Key {
    (text(row, "document_code"), text(row, "recipient"))
}

async fn ends(db: &Db, statement: Sql) -> BTreeMap<(Key, String), Vec<String>> {
    let mut all = BTreeMap::<_, Vec<String>>::new();
    for row in db.all(statement, args![]).await.unwrap() {
        all.entry((key(&row), text(&row, "business")))
            .or_default()
            .push(text(&row, "state"));
    }
    for ends in all.values_mut() {
        ends.sort();
    }
    all
}

pub async fn read(office: &Office, db: &Db) -> Books {
    let lines = db
        .all(
            sql!(
                "SELECT o.document_code, d.recipient_code AS recipient, o.subject, d.state, d.recall_state, d.incoming_number \
                 FROM delivery d JOIN outgoing o ON o.id = d.outgoing_id WHERE d.channel = 'axis'"
            ),
            args![],
        )
        .await
        .unwrap();
    let received = db
        .all(
            sql!(
                "SELECT i.document_code, i.sent_to_code AS recipient, i.subject, i.state, i.arrival_number, x.business, \
                 i.replaced_by FROM incoming i JOIN axis_inbox x ON x.id = i.packet_id ORDER BY i.id"
            ),
            args![],
        )
        .await
        .unwrap();
    let issued = db
        .all(
            sql!("SELECT document_code, replaced_by FROM outgoing WHERE state = 'issued'"),
            args![],
        )
        .await
        .unwrap();
    let mut books = Books {
        name: office.side.letter(),
        lines: BTreeMap::new(),
        received: BTreeMap::new(),
        ordered: ends(
            db,
            sql!(
                "SELECT o.document_code, d.recipient_code AS recipient, p.business, l.state FROM dispatch_line l \
                 JOIN dispatch p ON p.id = l.dispatch_id JOIN delivery d ON d.id = l.delivery_id \
                 JOIN outgoing o ON o.id = d.outgoing_id WHERE p.business IN ('recall', 'update') AND d.channel = 'axis' \
                 AND l.state <> 'dropped'"
            ),
        )
        .await,
        asked: ends(
            db,
            sql!(
                "SELECT i.document_code, i.sent_to_code AS recipient, r.business, r.state FROM sender_request r \
                 JOIN incoming i ON i.id = r.incoming_id WHERE i.packet_id IS NOT NULL"
            ),
        )
        .await,
        replaced: BTreeSet::new(),
        issued: BTreeSet::new(),
    };
    for row in &lines {
        let line = Line {
            subject: text(row, "subject"),
            state: text(row, "state"),
            recall: text(row, "recall_state"),
            number: row.get("incoming_number").unwrap(),
        };
        books.lines.insert(key(row), line);
    }
    for row in &received {
        let document = Received {
            business: text(row, "business"),
            subject: text(row, "subject"),
            state: text(row, "state"),
            number: row.get("arrival_number").unwrap(),
            is_replaced: row.get::<Option<Uuid>>("replaced_by").unwrap().is_some(),
        };
        books.received.entry(key(row)).or_default().push(document);
    }
    for row in &issued {
        let code = text(row, "document_code");
        if row.get::<Option<Uuid>>("replaced_by").unwrap().is_some() {
            books.replaced.insert(code.clone());
        }
        books.issued.insert(code);
    }
    books
}
