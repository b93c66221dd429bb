//! Where the program may stop dead between two steps. Tests stop it at every one and start again; both sides must then
//! agree without a person's help.

use crate::context::App;

/// A place between two steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Point {
    /// The packets of the list are noted.
    Listed,
    /// The bytes are stored, and noted.
    Fetched,
    /// The files of a packet are stored.
    FilesStored,
    /// Everything of the act is written, nothing committed.
    BeforeTaking,
    /// Committed.
    Taken,
    /// The axis was told, which is not noted yet.
    Acknowledged,
    /// The bytes of a packet are stored, which is not noted yet.
    Packed,
    /// It is noted that sending begins.
    SendingNoted,
    /// The axis has answered, which is not noted yet.
    SendAnswered,
}

impl Point {
    /// All, receiving first.
    #[cfg(test)]
    pub const ALL: [Self; 9] = [
        Self::Listed,
        Self::Fetched,
        Self::FilesStored,
        Self::BeforeTaking,
        Self::Taken,
        Self::Acknowledged,
        Self::Packed,
        Self::SendingNoted,
        Self::SendAnswered,
    ];
}

/// Which point stops the program, and that it was reached.
#[cfg(test)]
#[derive(Default)]
pub struct Crash {
    pub at: std::sync::Mutex<Option<Point>>,
    pub reached: tokio::sync::Notify,
}

/// Goes on, except in a test that stops the program here.
#[cfg(not(test))]
pub async fn point(_app: &App, _point: Point) {}

/// Goes on, except when the test stops the program here: then nothing comes after, not even the handling of an error.
#[cfg(test)]
pub async fn point(app: &App, point: Point) {
    let here = {
        let mut at = app.axis.crash.at.lock().unwrap();
        let here = *at == Some(point);
        if here {
            *at = None;
        }
        here
    };
    if here {
        app.axis.crash.reached.notify_one();
        std::future::pending::<()>().await;
    }
}
