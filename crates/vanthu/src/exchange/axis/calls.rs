//! Nhật ký kết nối: every call with its outcome, without bodies and secrets (spec edxml 15).

use std::{future::Future, time::Instant};

use axis::client::{AxisError, Operation};
use store::{args, sql};
use uuid::Uuid;

use crate::context::App;

/// A call to be noted.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Over which connection.
    pub connection: Uuid,
    /// What is asked.
    pub operation: Operation,
    /// The packet, by our id.
    pub packet: Option<Uuid>,
    /// The packet, by the axis' id.
    pub doc_id: Option<&'a str>,
    /// SHA-256 of what is sent.
    pub sha256: Option<&'a [u8]>,
}

impl<'a> Call<'a> {
    /// A call about no packet.
    pub const fn of(connection: Uuid, operation: Operation) -> Self {
        Self {
            connection,
            operation,
            packet: None,
            doc_id: None,
            sha256: None,
        }
    }

    /// About this packet.
    pub const fn packet(mut self, packet: Uuid, doc_id: Option<&'a str>) -> Self {
        self.packet = Some(packet);
        self.doc_id = doc_id;
        self
    }
}

/// One word for the outcome.
const fn word(error: &AxisError) -> &'static str {
    match error {
        AxisError::Refused { .. } => "refused",
        AxisError::Unknown { .. } => "unknown",
        AxisError::NotSent { .. } => "not_sent",
        AxisError::BadAnswer { .. } | AxisError::TooLarge { .. } => "bad_answer",
        AxisError::Invalid { .. } | AxisError::Config(_) | AxisError::Local { .. } => "local",
    }
}

/// Makes the call and notes it. `told` says whether a success is worth a line and what it says: lists that bring nothing
/// new come every minute.
pub async fn noted<T>(
    app: &App,
    call: Call<'_>,
    work: impl Future<Output = Result<T, AxisError>>,
    told: impl FnOnce(&T) -> Option<String>,
) -> Result<T, AxisError> {
    let began = Instant::now();
    let done = work.await;
    let micros = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
    let (result, detail) = match &done {
        Ok(value) => match told(value) {
            Some(detail) => ("ok", detail),
            None => return done,
        },
        Err(error) => (word(error), error.to_string()),
    };
    if let Err(error) = write(app, call, result, &detail, micros).await {
        tracing::warn!(%error, "a call to the axis could not be noted");
    }
    done
}

async fn write(app: &App, call: Call<'_>, result: &str, detail: &str, micros: i64) -> store::Result<()> {
    let direction = match call.operation {
        Operation::Send | Operation::ListSent => "out",
        _ => "in",
    };
    let mut tx = app.db.begin().await?;
    tx.run(
        sql!(
            "INSERT INTO axis_log (at, connection_id, direction, operation, packet_id, axis_doc_id, sha256, result, detail, micros) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        args![
            app.clock.now(),
            call.connection,
            direction,
            call.operation.path(),
            call.packet,
            call.doc_id,
            call.sha256,
            result,
            detail,
            micros
        ],
    )
    .await?;
    tx.commit().await
}
