//! Fetching packets: never more of them in memory than a piece.

use struson::reader::{JsonReader, ValueType};
use tokio::io::AsyncWrite;
use tokio::sync::mpsc;

use super::VxpClient;
use super::answer;
use super::call::Call;
use crate::client::http::body::{self, Sizes};
use crate::client::http::json::unreadable;
use crate::client::http::packet::{Writing, decode};
use crate::client::http::{self, next_chunk};
use crate::client::{AxisError, Fetched};

impl VxpClient {
    /// `data` of the answer is the packet in base64.
    pub(super) async fn fetch_encoded(
        &self,
        call: Call<'_>,
        to: &mut (dyn AsyncWrite + Send + Unpin),
        limit: u64,
    ) -> Result<Fetched, AxisError> {
        let operation = call.operation;
        let response = self.call(call).await?;
        // Base64 with line breaks written as \r\n, and the rest of the answer.
        let whole = limit.saturating_mul(3) / 2 + (1 << 20);
        let sizes = Sizes { whole, row: u64::MAX };
        let (reader, progress) = body::start(operation, response, self.config.timeouts.idle(), sizes);
        let (sender, mut pieces) = mpsc::channel::<Vec<u8>>(4);
        let parsing = tokio::task::spawn_blocking(move || {
            let read = answer::read(reader, |json| {
                if json.peek()? != ValueType::String {
                    return Ok(json.skip_value()?);
                }
                decode(json.next_string_reader()?, &sender)
            });
            drop(sender);
            match read {
                Ok(answer) => answer::judge(operation, answer).map(drop),
                Err(unread) => Err(progress
                    .failure()
                    .unwrap_or_else(|| unreadable(operation, unread))),
            }
        });
        let mut writing = Writing::new(operation, to, limit);
        while let Some(piece) = pieces.recv().await {
            writing.write(&piece).await?;
        }
        parsing.await.map_err(|_| AxisError::BadAnswer {
            operation,
            cause: "không đọc được trả lời".to_owned(),
        })??;
        writing.finish().await
    }

    /// The answer is the packet, or a refusal in JSON.
    pub(super) async fn fetch_raw(
        &self,
        call: Call<'_>,
        to: &mut (dyn AsyncWrite + Send + Unpin),
        limit: u64,
    ) -> Result<Fetched, AxisError> {
        let operation = call.operation;
        let mut response = self.call(call).await?;
        let mut writing = Writing::new(operation, to, limit);
        let mut begun = false;
        while let Some(piece) = next_chunk(operation, &mut response, self.config.timeouts.idle()).await? {
            let first = piece.iter().find(|b| !b.is_ascii_whitespace());
            // A packet is XML, plain or wrapped: it never begins like this.
            if !begun && first == Some(&b'{') {
                let (idle, limit) = (self.config.timeouts.idle(), self.config.limits.answer_bytes);
                let mut bytes = piece.to_vec();
                bytes.extend(http::whole(operation, response, idle, limit).await?);
                answer::of_bytes(operation, &bytes)?;
                let cause = "máy chủ không trả gói tin".to_owned();
                return Err(AxisError::BadAnswer { operation, cause });
            }
            begun |= first.is_some();
            writing.write(&piece).await?;
        }
        if !begun {
            let cause = "gói tin rỗng".to_owned();
            return Err(AxisError::BadAnswer { operation, cause });
        }
        writing.finish().await
    }
}
