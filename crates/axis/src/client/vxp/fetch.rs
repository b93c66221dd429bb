//! Fetching packets: never more of them in memory than a piece.

use struson::reader::{JsonReader, ValueType};
use tokio::io::AsyncWrite;

use super::VxpClient;
use super::answer;
use super::call::Call;
use crate::client::http::packet::{self, Writing};
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
        packet::fetch(
            operation,
            response,
            self.config.timeouts.idle(),
            to,
            limit,
            move |body, pieces| {
                let answer = answer::read(body, |json| {
                    if json.peek()? != ValueType::String {
                        return Ok(json.skip_value()?);
                    }
                    packet::decode(json.next_string_reader()?, pieces)
                })?;
                Ok(answer::judge(operation, answer).map(drop))
            },
        )
        .await
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
