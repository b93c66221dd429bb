//! Calls of the API by programs that do not give up: the same command id on every attempt.

use std::{path::Path, time::Duration};

use serde_json::Value;
use uuid::Uuid;

use super::Server;

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

/// A call of the API; sent again until it is answered, with the same command id.
#[derive(Clone, Debug)]
pub struct Call {
    pub path: String,
    pub token: String,
    pub command: Uuid,
    pub body: Value,
}

impl Call {
    /// A call whose command id follows from what it says: said again, it is the same command.
    pub fn new(token: &str, path: &str, body: Value) -> Self {
        Self {
            path: path.to_owned(),
            token: token.to_owned(),
            command: Uuid::new_v5(&Uuid::nil(), format!("{token}{path}{body}").as_bytes()),
            body,
        }
    }
}

/// What a call was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

/// A client with patience for one answer.
pub fn client() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(20)))
        .http_status_as_error(false)
        .max_redirects(0)
        .build();
    config.into()
}

/// One attempt; `None` when no answer came.
pub fn attempt(agent: &ureq::Agent, port: u16, call: &Call) -> Option<Answer> {
    let answer = agent
        .post(format!("http://127.0.0.1:{port}{}", call.path))
        .header("Authorization", format!("Bearer {}", call.token))
        .header("Command-Id", call.command.to_string())
        .header("Content-Type", "application/json")
        .send(call.body.to_string());
    read(answer)
}

/// Reads something; `None` when no answer came.
pub fn get(agent: &ureq::Agent, port: u16, token: &str, path: &str) -> Option<Answer> {
    let answer = agent
        .get(format!("http://127.0.0.1:{port}{path}"))
        .header("Authorization", format!("Bearer {token}"))
        .call();
    read(answer)
}

fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Option<Answer> {
    let mut answer = answer.ok()?;
    let status = answer.status().as_u16();
    let text = answer.body_mut().read_to_string().ok()?;
    // A server that is killed may leave half an answer.
    let body = serde_json::from_str(&text).ok()?;
    Some(Answer { status, body })
}

/// One attempt of a call that the rules allow; `None` when no answer came.
pub fn send(agent: &ureq::Agent, port: u16, call: &Call) -> Option<Value> {
    let answer = attempt(agent, port, call)?;
    assert!(
        (200..300).contains(&answer.status),
        "{}: {} {}",
        call.path,
        answer.status,
        answer.body
    );
    Some(answer.body)
}

/// A call that must be answered at once, because nobody kills the server now.
pub fn must(agent: &ureq::Agent, port: u16, token: &str, path: &str, body: Value) -> Value {
    send(agent, port, &Call::new(token, path, body)).unwrap_or_else(|| panic!("{path} was not answered"))
}

/// A token of the account.
pub fn token(folder: &Path, database: &str, account: &str) -> String {
    Server::run(folder, database, &["admin", "token", account])
        .trim()
        .to_owned()
}

/// Uploads a small PDF and gives its id.
pub fn upload(agent: &ureq::Agent, port: u16, token: &str) -> String {
    let mut body =
        b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"van-ban.pdf\"\r\n\r\n".to_vec();
    body.extend_from_slice(PDF);
    body.extend_from_slice(b"\r\n--b--\r\n");
    let mut answer = agent
        .post(format!("http://127.0.0.1:{port}/api/v1/files"))
        .header("Authorization", format!("Bearer {token}"))
        .header("Content-Type", "multipart/form-data; boundary=b")
        .send(&body[..])
        .unwrap();
    let file: Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
    file["id"].as_str().unwrap_or_else(|| panic!("{file}")).to_owned()
}

/// Those of the demo's Ủy ban nhân dân tỉnh who bring a document to its recipients, by their tokens.
pub struct People {
    pub drafter: String,
    pub head: String,
    pub clerk: String,
    pub signer: String,
}

impl People {
    /// Makes their tokens.
    pub fn of(folder: &Path, database: &str) -> Self {
        Self {
            drafter: token(folder, database, "quangnd.ubnd"),
            head: token(folder, database, "thaobtp.ubnd"),
            clerk: token(folder, database, "nhungpth.ubnd"),
            signer: token(folder, database, "khaitq.ubnd"),
        }
    }

    /// The acts that bring a draft to where it can be issued, and who does each.
    pub fn way_to_issue(&self) -> [(&str, &'static str); 4] {
        [
            (&self.drafter, "submit"),
            (&self.head, "sign-off-content"),
            (&self.clerk, "sign-off-form"),
            (&self.signer, "approve"),
        ]
    }
}
