//! Rows of the lists (spec edxml 12.2, 12.4). Names are compared without letter case, as systems differ.

use std::sync::Arc;

use struson::reader::{JsonReader, ValueType};

use super::VxpClient;
use super::answer;
use super::call::Call;
use crate::client::http::body::{self, BodyReader, Progress, Sizes};
use crate::client::http::json::{Row, Unread, unreadable};
use crate::client::{
    Agency, AgencyQd20, AxisError, Listing, ListingSender, MessageKind, Operation, ReceivedRow, SentRow, Unit,
};

/// Entries without a code name nobody.
pub(super) fn agency(mut row: Row) -> Option<Agency> {
    Some(Agency {
        id: row.text("id"),
        parent_id: row.take("pid"),
        code: row.take("code")?,
        name: row.text("name"),
        mail: row.take("mail"),
        old_code: row.take("oldCode"),
    })
}

pub(super) fn agency_qd20(mut row: Row) -> Option<AgencyQd20> {
    Some(AgencyQd20 {
        id: row.text("id"),
        code: row.take("code")?,
        name: row.text("name"),
        mail: row.take("mail"),
        old_code: row.take("code102"),
    })
}

pub(super) fn unit(mut row: Row) -> Option<Unit> {
    Some(Unit {
        id: row.text("id"),
        parent_id: row.take("pid"),
        code: row.take("code")?,
        name: row.text("name"),
        mail: row.take("mail"),
        version: row.take("version"),
        center_code: row.take("centerCode"),
        deleted: row.yes("deleted"),
        modified: row.take("modifyDate"),
        is_agency: row.yes("isAgency"),
    })
}

/// A packet without an id cannot be fetched.
pub(in crate::client) fn received(mut row: Row) -> Option<ReceivedRow> {
    Some(ReceivedRow {
        doc_id: row.take("docId")?,
        kind: MessageKind::parse(&row.text("messageType")),
        from: row.text("from"),
        to: row.text("to"),
        created_at: row.moment("created_time"),
        updated_at: row.moment("updated_time"),
        status: row.text("status"),
        status_desc: row.take("status_desc"),
    })
}

/// A row without an id could be the very packet that is looked for; the list is worthless then.
pub(super) fn sent(mut row: Row) -> Option<SentRow> {
    Some(SentRow {
        kind: MessageKind::parse(&row.text("messageType")),
        from: row.text("fromCode"),
        to: row.text("toCode"),
        sender_doc_id: row.take("senderDocId")?,
        receiver_doc_id: row.take("receiverDocId"),
        title: row.take("title"),
        notation: row.take("notation"),
        sent_at: row.moment("sentTime"),
        send_status: row.take("sendStatus"),
        send_status_desc: row.take("sendStatusDesc"),
        received_at: row.moment("receivedTime"),
        receive_status: row.take("receiveStatus"),
        receive_status_desc: row.take("receiveStatusDesc"),
    })
}

impl VxpClient {
    /// The directory: rows that are not entries are left out and counted in the log, as long as there are others.
    pub(super) async fn directory<T: Send + 'static>(
        &self,
        call: Call<'_>,
        map: fn(Row) -> Option<T>,
    ) -> Result<Listing<T>, AxisError> {
        let whole = self.config.limits.directory_bytes;
        self.listing(call.transfer(), whole, map, false).await
    }

    /// A list of packets, kept in memory. When it is `strict`, a row that is none makes it unusable; else it is left out.
    pub(super) async fn list<T: Send + 'static>(
        &self,
        call: Call<'_>,
        map: fn(Row) -> Option<T>,
        strict: bool,
    ) -> Result<Vec<T>, AxisError> {
        let limits = self.config.limits;
        let listing = self.listing(call, limits.answer_bytes, map, strict).await?;
        listing.all(limits.list_rows).await
    }

    async fn listing<T: Send + 'static>(
        &self,
        call: Call<'_>,
        whole: u64,
        map: fn(Row) -> Option<T>,
        strict: bool,
    ) -> Result<Listing<T>, AxisError> {
        let operation = call.operation;
        let response = self.call(call).await?;
        let sizes = Sizes {
            whole,
            row: self.config.limits.row_bytes,
        };
        let (body, progress) = body::start(operation, response, self.config.timeouts.idle(), sizes);
        let (sender, listing) = Listing::channel(operation);
        tokio::task::spawn_blocking(move || {
            let result = read_rows(operation, body, &progress, map, strict, &sender);
            sender.blocking_end(result);
        });
        Ok(listing)
    }
}

fn read_rows<T>(
    operation: Operation,
    body: BodyReader,
    progress: &Arc<Progress>,
    map: fn(Row) -> Option<T>,
    strict: bool,
    sender: &ListingSender<T>,
) -> Result<(), AxisError> {
    let (mut seen, mut rows, mut left_out) = (false, 0_u64, 0_u64);
    let read = answer::read(body, |json| {
        if json.peek()? != ValueType::Array {
            return Ok(json.skip_value()?);
        }
        seen = true;
        json.begin_array()?;
        while json.has_next()? {
            match map(Row::read(json)?) {
                Some(row) => {
                    if !sender.blocking_row(row) {
                        return Err(Unread::Unwanted);
                    }
                    rows += 1;
                }
                None if strict => return Err(Unread::Bad("một dòng không có mã gói tin".to_owned())),
                None => left_out += 1,
            }
            progress.row_read();
        }
        Ok(json.end_array()?)
    });
    let answer = read.map_err(|unread| {
        progress
            .failure()
            .unwrap_or_else(|| unreadable(operation, unread))
    })?;
    answer::judge(operation, answer)?;
    if !seen {
        return Err(AxisError::BadAnswer {
            operation,
            cause: "không có danh sách (data)".to_owned(),
        });
    }
    if left_out > 0 && rows == 0 {
        // Another form than we know: not an empty list.
        return Err(AxisError::BadAnswer {
            operation,
            cause: "không dòng nào có mã".to_owned(),
        });
    }
    if left_out > 0 {
        tracing::warn!(?operation, left_out, "rows without a code or an id were left out");
    }
    tracing::debug!(?operation, rows, "a list was read");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Row {
        Row::read(&mut crate::client::http::json::reader(text.as_bytes())).unwrap()
    }

    #[test]
    fn edxml_12_2_rows_of_the_directories() {
        let found = agency(row(
            r#"{"id":7,"pid":"1","code":" H16.05 ","name":"Sở Ví Dụ","mail":null,"oldCode":"000.00.05.H16"}"#,
        ));
        let found = found.unwrap();
        assert_eq!((found.id.as_str(), found.code.as_str()), ("7", "H16.05"));
        assert_eq!(found.old_code.as_deref(), Some("000.00.05.H16"));
        assert_eq!(found.mail, None);
        assert!(agency(row(r#"{"id":"8","code":"null","name":"x"}"#)).is_none());
        let found = agency_qd20(row(r#"{"code":"G99","code102":"000.00.00.G99"}"#)).unwrap();
        assert_eq!(found.old_code.as_deref(), Some("000.00.00.G99"));
        let found = unit(row(r#"{"code":"G99","deleted":true,"isAgency":"1","version":3}"#)).unwrap();
        assert!(found.deleted && found.is_agency);
        assert_eq!(found.version.as_deref(), Some("3"));
    }

    #[test]
    fn edxml_12_4_rows_of_packets() {
        let found = received(row(
            r#"{"docId":"5b","messageType":"edoc","created_time":"2022-10-03 08:15:30.0","from":"G99","to":"H16.05",
                "status":"initial","parts":[{"a":1}]}"#,
        ));
        let found = found.unwrap();
        assert_eq!(found.kind, Some(MessageKind::Document));
        assert_eq!(found.created_at, Some("2022-10-03T01:15:30Z".parse().unwrap()));
        assert!(received(row(r#"{"docId":""}"#)).is_none());
        let found = sent(row(
            r#"{"senderDocId":"5b","receiverDocId":"5c","fromCode":"H16.05","toCode":"G99","notation":"1/SVD-VP",
                "sentTime":"03/10/2022 08:15:30","receiveStatus":"done"}"#,
        ));
        let found = found.unwrap();
        assert_eq!(found.receive_status.as_deref(), Some("done"));
        assert_eq!(found.sent_at, Some("2022-10-03T01:15:30Z".parse().unwrap()));
    }
}
