//! Who does at the partner what only a clerk does.

use std::path::PathBuf;

use async_trait::async_trait;

/// What a clerk of the partner does with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Accepts and registers it (03).
    Accept,
    /// Refuses it with a reason (02).
    Refuse,
    /// Assigns it (04).
    Assign,
    /// Begins to handle it (05).
    Process,
    /// Finishes it (06).
    Finish,
    /// Agrees that it is taken back (15).
    AgreeToRecall,
    /// Refuses that it is taken back (16).
    RefuseRecall,
    /// Agrees to its update (15).
    AgreeToUpdate,
    /// Issues a document of its own to the kit's agency; the identifier is empty.
    Issue,
}

impl Act {
    /// As programs are told.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::Assign => "assign",
            Self::Process => "process",
            Self::Finish => "finish",
            Self::AgreeToRecall => "agree-to-recall",
            Self::RefuseRecall => "refuse-recall",
            Self::AgreeToUpdate => "agree-to-update",
            Self::Issue => "issue",
        }
    }

    /// As people are told.
    pub fn label(self) -> &'static str {
        match self {
            Self::Accept => "tiếp nhận, đăng ký văn bản",
            Self::Refuse => "từ chối tiếp nhận văn bản, có ghi lý do",
            Self::Assign => "phân công xử lý văn bản",
            Self::Process => "bắt đầu xử lý văn bản",
            Self::Finish => "kết thúc xử lý văn bản",
            Self::AgreeToRecall => "đồng ý cho thu hồi văn bản",
            Self::RefuseRecall => "từ chối cho thu hồi văn bản, có ghi lý do",
            Self::AgreeToUpdate => "đồng ý cập nhật văn bản",
            Self::Issue => "phát hành một văn bản tới cơ quan kiểm thử",
        }
    }
}

/// Whether an act was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// It was, or will be within the time.
    Done,
    /// It cannot be done here.
    Impossible(String),
}

/// Somebody who can act at the partner.
#[async_trait]
pub trait Clerk: Send + Sync {
    /// Does something with the document of this identifier.
    async fn act(&self, act: Act, document_id: &str) -> Asked;
}

/// The partner answers by itself; the kit just waits.
#[derive(Debug, Clone, Copy)]
pub struct Alone;

#[async_trait]
impl Clerk for Alone {
    async fn act(&self, act: Act, _document_id: &str) -> Asked {
        match act {
            Act::Issue => Asked::Impossible("đối tác tự trả lời nhưng không tự gửi văn bản".to_owned()),
            _ => Asked::Done,
        }
    }
}

/// Nobody is there: only what a system does by itself is judged.
#[derive(Debug, Clone, Copy)]
pub struct Nobody;

#[async_trait]
impl Clerk for Nobody {
    async fn act(&self, act: Act, _document_id: &str) -> Asked {
        Asked::Impossible(format!("không có văn thư của đối tác để {}", act.label()))
    }
}

/// A program does it: `PROGRAM ACT DOCUMENT_ID`. Exit code 0 is done, anything else is impossible.
#[derive(Debug, Clone)]
pub struct Program(pub PathBuf);

#[async_trait]
impl Clerk for Program {
    async fn act(&self, act: Act, document_id: &str) -> Asked {
        let run = tokio::process::Command::new(&self.0)
            .args([act.name(), document_id])
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .status();
        match run.await {
            Ok(status) if status.success() => Asked::Done,
            Ok(status) => Asked::Impossible(format!("chương trình thao tác “{}” báo {status}", act.name())),
            Err(error) => Asked::Impossible(format!("không chạy được {}: {error}", self.0.display())),
        }
    }
}
