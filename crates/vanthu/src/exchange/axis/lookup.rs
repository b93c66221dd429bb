//! Đối chiếu: a packet whose outcome is unknown is looked for in the axis' list of sent packets before it is sent again (spec
//! edxml 12.6).

use std::sync::Arc;

use axis::client::{
    Advice, AxisError, AxisTransport, Operation, SentQuery, SentRow, WantedSent, Window, find_sent,
};
use jiff::{SignedDuration, Timestamp};
use store::{args, sql};

use super::{
    calls::{Call, noted},
    connections::{self, Connection},
    matching::plain_code,
    pack::{self, Packet},
    pause,
    send::{Next, kind_of, stop},
    sent,
    sent_lists::SentList,
    states::OutboxState,
    system_act,
};
use crate::{context::App, error::AppResult};

/// A packet that the axis refused for a passing trouble so many times waits for a person.
const MAX_ATTEMPTS: u32 = 12;
/// A list that there is not, or that will not answer about this packet, is asked so often: for more than four hours, in which
/// the recipient's own state may come and settle it.
const MOST_LOOKUPS: u32 = 12;
/// A list that fails for a passing trouble is asked so often: for more than two days.
const MOST_LOOKUPS_IN_TROUBLE: u32 = 60;

/// Why nobody asks any longer.
const NOT_KNOWN: &str = "Chưa rõ cơ quan nhận đã có văn bản hay chưa: trục liên thông không trả lời khi gửi và không đối chiếu được \
    danh sách đã gửi. Vui lòng hỏi cơ quan nhận. Nếu đã nhận được thì chọn “Nơi nhận đã có”; nếu chưa thì bấm “Gửi lại”.";
/// Clocks of ours and of the axis may differ by so much. Wide, as a packet that is not recognised goes twice: what tells packets
/// apart is what they say, and that none that we know of is taken for another.
const CLOCKS: SignedDuration = SignedDuration::from_hours(12);
/// The same for a row of the axis' list that does not say all that tells packets apart.
const CLOCKS_WITHOUT_MARKS: SignedDuration = SignedDuration::from_mins(10);

/// The next look at the axis' list of sent packets, after a growing pause.
async fn look_again(app: &App, packet: &Packet) -> AppResult<()> {
    look_later(app, packet, packet.lookups + 1).await
}

async fn look_later(app: &App, packet: &Packet, lookups: u32) -> AppResult<()> {
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!("UPDATE axis_outbox SET lookups = $2, next_at = $3 WHERE id = $1"),
        args![packet.id, lookups, app.clock.now() + pause(lookups)],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// The list did not answer. That keeps this packet waiting, not those behind it, and not for ever: then a person asks the
/// recipient and decides.
async fn unanswered(app: &App, packet: &Packet, advice: Advice) -> AppResult<()> {
    let most = if advice == Advice::Retry {
        MOST_LOOKUPS_IN_TROUBLE
    } else {
        MOST_LOOKUPS
    };
    if packet.lookups < most {
        return look_again(app, packet).await;
    }
    let mut act = system_act(app).await?;
    pack::give_up(&mut act, packet, OutboxState::Dead, NOT_KNOWN).await?;
    app.commit(act, &()).await
}

/// Whether every recipient has answered the document already: then it arrived, whatever the list of the axis says. What was
/// said about a document proves nothing about a later packet.
async fn recipients_have_it(app: &App, packet: &Packet) -> AppResult<bool> {
    if packet.is_status || !matches!(packet.business.as_str(), "new" | "replace") {
        return Ok(false);
    }
    let rows = app
        .db
        .all(
            sql!(
                "SELECT d.recipient_code FROM dispatch_line l JOIN delivery d ON d.id = l.delivery_id \
                 WHERE l.dispatch_id = $1 AND d.channel = 'axis' \
                 AND d.state IN ('arrived', 'refused', 'received', 'assigned', 'in_progress', 'finished')"
            ),
            args![packet.dispatch],
        )
        .await?;
    let mut have = Vec::with_capacity(rows.len());
    for row in &rows {
        have.extend(row.get::<Option<String>>("recipient_code")?);
    }
    Ok(packet.to.iter().all(|code| have.contains(code)))
}

/// Looks for a packet whose outcome is unknown. It is sent again only when the axis does not show it for a while: its list
/// may lag behind.
///
/// # Errors
/// When the database fails.
pub async fn look_up(app: &App, connection: &Connection, packet: &Packet) -> AppResult<Next> {
    let now = app.clock.now();
    let since = packet.attempted_at.unwrap_or(now);
    let client = match connections::open(app, connection).await? {
        Ok(client) => client,
        Err(error) => {
            stop(app, connection, &format!("{error}. {}", error.what_to_do())).await?;
            return Ok(Next::Pause);
        }
    };
    let listed = {
        // Several packets are in doubt at once: one asks, the others read along.
        let _turn = app.turn(&("axis.sent", connection.id, packet.is_status)).await;
        match kept(app, connection, packet, since) {
            Kept::Serves(list) => Ok(list),
            Kept::AskLater(at) => {
                put_off(app, packet, at).await?;
                return Ok(Next::GoOn);
            }
            Kept::Ask => listed(app, connection, packet, &*client, since).await,
        }
    };
    let list = match listed {
        Ok(list) => list,
        Err(error) if error.advice() == Advice::FixSettings => {
            stop(app, connection, &format!("{error}. {}", error.what_to_do())).await?;
            return Ok(Next::Pause);
        }
        Err(AxisError::NotSent { .. }) => {
            // Nobody was asked: that is no answer about this packet.
            look_later(app, packet, packet.lookups).await?;
            connections::note_unreachable(app, connection).await?;
            return Ok(Next::Pause);
        }
        Err(error) => {
            let advice = error.advice();
            if recipients_have_it(app, packet).await? {
                sent::settle(app, packet, None).await?;
            } else {
                unanswered(app, packet, advice).await?;
            }
            return Ok(Next::GoOn);
        }
    };
    connections::note_reached(app, connection.id).await?;
    if let Some(doc_id) = found(app, connection, packet, &list.rows, since).await? {
        sent::settle(app, packet, Some(&doc_id)).await?;
        return Ok(Next::GoOn);
    }
    if recipients_have_it(app, packet).await? {
        sent::settle(app, packet, None).await?;
        return Ok(Next::GoOn);
    }
    let patience = SignedDuration::from_mins(i64::from(app.settings.exchange.unknown_minutes));
    // A list that another packet asked for a while ago is no proof of what the axis shows now.
    if packet.lookups == 0 || list.asked_at < since + patience {
        look_again(app, packet).await?;
        return Ok(Next::GoOn);
    }
    if packet.attempts >= MAX_ATTEMPTS {
        let why = format!(
            "Đã gửi {} lần nhưng trục liên thông không xác nhận và không có trong danh sách đã gửi.",
            packet.attempts
        );
        let mut act = system_act(app).await?;
        pack::give_up(&mut act, packet, OutboxState::Dead, &why).await?;
        app.commit(act, &()).await?;
        return Ok(Next::GoOn);
    }
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!("UPDATE axis_outbox SET state = 'waiting', next_at = $2 WHERE id = $1 AND state = 'unknown'"),
        args![packet.id, now],
    )
    .await?;
    tx.commit().await?;
    Ok(Next::GoOn)
}

/// What is known of the axis' list already.
enum Kept {
    /// It was asked for since the packet came to be in doubt.
    Serves(Arc<SentList>),
    /// It is too old for this packet, and long: it is asked for again then.
    AskLater(Timestamp),
    /// It is to be asked for now.
    Ask,
}

fn kept(app: &App, connection: &Connection, packet: &Packet, since: Timestamp) -> Kept {
    match app.axis.sent_lists.newest(connection.id, packet.is_status) {
        Some(list) if list.serves(packet.due, since - CLOCKS) => Kept::Serves(list),
        Some(list) if list.next_at() > app.clock.now() => Kept::AskLater(list.next_at()),
        _ => Kept::Ask,
    }
}

/// Keeps a packet in doubt waiting for the next list; that is no look for it.
async fn put_off(app: &App, packet: &Packet, until: Timestamp) -> AppResult<()> {
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!("UPDATE axis_outbox SET next_at = $2 WHERE id = $1 AND state = 'unknown'"),
        args![packet.id, until],
    )
    .await?;
    Ok(tx.commit().await?)
}

async fn listed(
    app: &App,
    connection: &Connection,
    packet: &Packet,
    client: &dyn AxisTransport,
    since: Timestamp,
) -> Result<Arc<SentList>, AxisError> {
    let (asked_at, from) = (app.clock.now(), since - CLOCKS);
    let query = SentQuery {
        doc_id: None,
        window: Window {
            from: Some(from),
            to: None,
        },
    };
    let call = Call::of(connection.id, Operation::ListSent).packet(packet.id, None);
    let rows = noted(app, call, client.list_sent(kind_of(packet), &query), |rows| {
        Some(format!("đối chiếu: {} dòng", rows.len()))
    })
    .await?;
    let list = SentList { asked_at, from, rows };
    Ok(app.axis.sent_lists.keep(connection.id, packet.is_status, list))
}

/// The axis' id of the packet, when it is on its list and is none that we know already. Rows that may be earlier attempts of other packets prove
/// nothing: then it is sent again, as its recipient recognises what came twice, and nobody misses what never came.
async fn found(
    app: &App,
    connection: &Connection,
    packet: &Packet,
    rows: &[SentRow],
    since: Timestamp,
) -> AppResult<Option<String>> {
    let matching = matching_rows(app, connection, packet, rows, since).await?;
    if matching.ours.len() <= matching.surplus {
        return Ok(None);
    }
    let newest = matching.ours.iter().max_by_key(|row| row.sent_at);
    Ok(newest.map(|row| row.sender_doc_id.clone()))
}

/// Rows that say what the packet says. Clocks may be far apart; a row without number or subject may be any packet of that
/// sender, so it counts only near the attempt.
fn alike<'a>(packet: &Packet, rows: &'a [SentRow], since: Timestamp) -> Vec<&'a SentRow> {
    let is_near = |row: &SentRow, within| row.sent_at.is_none_or(|at| at >= since - within);
    if packet.is_status {
        // What an axis shows as the title of a status is not known.
        return rows
            .iter()
            .filter(|row| {
                plain_code(&row.from) == plain_code(&packet.from)
                    && row
                        .notation
                        .as_deref()
                        .is_none_or(|notation| viet_text::same_text(notation, &packet.notation))
                    && is_near(row, CLOCKS_WITHOUT_MARKS)
            })
            .collect();
    }
    let wanted = WantedSent {
        from: &packet.from,
        notation: &packet.notation,
        title: &packet.title,
        since: since - CLOCKS,
    };
    let says_all = |row: &SentRow| row.notation.is_some() && row.title.is_some();
    let mut found = find_sent(rows, &wanted);
    found.retain(|row| {
        is_near(
            row,
            if says_all(row) {
                CLOCKS
            } else {
                CLOCKS_WITHOUT_MARKS
            },
        )
    });
    found
}

/// What the axis' list says of a packet.
struct Matching<'a> {
    /// The rows that are this packet, to any of its recipients, and none that we know already.
    ours: Vec<&'a SentRow>,
    /// So many of them may be earlier attempts of packets that look the same and were sent more than once.
    surplus: usize,
}

async fn matching_rows<'a>(
    app: &App,
    connection: &Connection,
    packet: &Packet,
    rows: &'a [SentRow],
    since: Timestamp,
) -> AppResult<Matching<'a>> {
    let mut matching = Matching {
        ours: Vec::new(),
        surplus: 0,
    };
    for row in alike(packet, rows, since) {
        let is_ours = packet
            .to
            .iter()
            .any(|code| plain_code(code) == plain_code(&row.to));
        if !is_ours {
            continue;
        }
        let known = app
            .db
            .opt(
                sql!("SELECT attempts FROM axis_outbox WHERE connection_id = $1 AND axis_doc_id = $2"),
                args![connection.id, row.sender_doc_id.as_str()],
            )
            .await?;
        match known {
            None => matching.ours.push(row),
            Some(known) => {
                let attempts: u32 = known.get("attempts")?;
                matching.surplus += attempts.saturating_sub(1) as usize;
            }
        }
    }
    Ok(matching)
}

/// For which recipients the axis has this packet although it refused it, as far as its list says now. `None` when that cannot be
/// said: the list does not answer, or an earlier attempt may still show up in it.
///
/// # Errors
/// When the database fails.
pub async fn taken_for(
    app: &App,
    connection: &Connection,
    packet: &Packet,
) -> AppResult<Option<Vec<String>>> {
    if packet.attempts > 0 {
        return Ok(None);
    }
    let Ok(client) = connections::open(app, connection).await? else {
        return Ok(None);
    };
    let since = app.clock.now();
    let Ok(list) = listed(app, connection, packet, &*client, since).await else {
        return Ok(None);
    };
    let found = matching_rows(app, connection, packet, &list.rows, since).await?;
    Ok(Some(found.ours.iter().map(|row| plain_code(&row.to)).collect()))
}

#[cfg(test)]
mod tests {
    use rules::ids::AgencyId;
    use uuid::Uuid;

    use super::*;

    fn packet() -> Packet {
        Packet {
            id: Uuid::nil(),
            agency: AgencyId::from_uuid(Uuid::nil()),
            is_status: false,
            business: "new".to_owned(),
            dispatch: None,
            outgoing: None,
            state: OutboxState::Unknown,
            from: "H16.05".to_owned(),
            to: vec!["G99".to_owned()],
            notation: "12/SVD-VP".to_owned(),
            title: "V/v báo cáo".to_owned(),
            content: String::new(),
            sha256: None,
            attempts: 1,
            lookups: 0,
            attempted_at: None,
            due: Timestamp::UNIX_EPOCH,
            pack_failures: 0,
        }
    }

    fn row(title: Option<&str>, sent_at: &str) -> SentRow {
        SentRow {
            kind: None,
            from: "H16.05".to_owned(),
            to: "G99".to_owned(),
            sender_doc_id: "a".to_owned(),
            receiver_doc_id: None,
            title: title.map(str::to_owned),
            notation: Some("12/SVD-VP".to_owned()),
            sent_at: Some(sent_at.parse().unwrap()),
            send_status: None,
            send_status_desc: None,
            received_at: None,
            receive_status: None,
            receive_status_desc: None,
        }
    }

    #[test]
    fn edxml_12_6_clocks_may_be_hours_apart_when_the_row_says_which_packet_it_is() {
        let since: Timestamp = "2026-01-08T10:00:00Z".parse().unwrap();
        let rows = [
            row(Some("V/v báo cáo"), "2026-01-08T03:00:00Z"),
            row(Some("V/v báo cáo"), "2026-01-07T10:00:00Z"),
            row(Some("V/v họp"), "2026-01-08T10:00:00Z"),
            row(None, "2026-01-08T09:55:00Z"),
            row(None, "2026-01-08T03:00:00Z"),
        ];
        assert_eq!(alike(&packet(), &rows, since), [&rows[0], &rows[3]]);
    }
}
