//! An office for tests: the small demo province in a fresh database, people who click and programs that call, all
//! in process. SQLite always; PostgreSQL when `TEST_DATABASE=postgres` and `TEST_POSTGRES_URL` are set.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test that cannot set up its office fails"
)]

use std::path::Path;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
};
use jiff::Timestamp;
use rules::ids::{AccountId, AgencyId, PostId};
use store::{Blobs, Clock, Db, Ids, Options, args, sql};
use tower::ServiceExt;
use uuid::Uuid;

use crate::{
    commands::demo,
    context::{App, Who},
    exchange, routes,
    settings::Settings,
    sign_in,
};

/// So many agencies has the small province.
const AGENCIES: usize = 5;

/// An office with people.
pub struct Office {
    /// The application.
    pub app: App,
    /// Its clock: Thursday, 8 January 2026, 08:00 in Viet Nam, until a test moves it.
    pub clock: Clock,
    /// Where its database is, for another process that opens it.
    pub address: String,
    router: Router,
    _folder: tempfile::TempDir,
}

impl Office {
    /// A fresh office without documents.
    pub async fn new() -> Self {
        Self::made(0, |_| {}).await
    }

    /// An office with a history of about so many documents, sent and received.
    pub async fn with_history(documents: usize) -> Self {
        Self::made(documents, |_| {}).await
    }

    /// An office whose settings differ.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::made(0, change).await
    }

    async fn made(documents: usize, change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let is_copy = documents == 0;
        let address = if is_copy {
            prepared::copy(folder.path()).await
        } else {
            empty_database(folder.path()).await
        };
        let app = open(folder.path(), &address, change).await;
        if is_copy {
            prepared::settle(&app).await;
        } else {
            app.db.migrate().await.unwrap();
            demo::seed_with_history(&app, AGENCIES, documents, demo::Keys::Quick)
                .await
                .unwrap();
        }
        let router = routes::service(&app);
        Self {
            clock: app.clock.clone(),
            app,
            address,
            router,
            _folder: folder,
        }
    }

    /// Signs a person in, without the password: the session and a token are made directly.
    pub async fn person(&self, username: &str) -> Person {
        let row = self
            .app
            .db
            .one(
                sql!(
                    "SELECT a.id, p.id AS post_id, p.agency_id FROM account a JOIN post p ON p.account_id = a.id \
                     WHERE a.username = $1 ORDER BY p.id LIMIT 1"
                ),
                args![username],
            )
            .await
            .unwrap_or_else(|_| panic!("no demo account {username}"));
        let (account, post): (AccountId, PostId) = (row.get("id").unwrap(), row.get("post_id").unwrap());
        self.signed_in(account, post, row.get("agency_id").unwrap()).await
    }

    /// Signs a person in who holds several posts, in this one.
    pub async fn person_in(&self, username: &str, post: PostId) -> Person {
        let row = self
            .app
            .db
            .one(
                sql!(
                    "SELECT a.id, p.agency_id FROM account a JOIN post p ON p.account_id = a.id \
                     WHERE a.username = $1 AND p.id = $2"
                ),
                args![username, post],
            )
            .await
            .unwrap_or_else(|_| panic!("{username} does not hold this post"));
        self.signed_in(row.get("id").unwrap(), post, row.get("agency_id").unwrap())
            .await
    }

    async fn signed_in(&self, account: AccountId, post: PostId, agency: AgencyId) -> Person {
        let (cookie, csrf) = sign_in::open_for_test(&self.app, account, post).await.unwrap();
        let token = sign_in::create_token(&self.app, account, post, "test", 30)
            .await
            .unwrap()
            .token;
        Person {
            account,
            post,
            agency,
            router: self.router.clone(),
            cookie: format!("{}={}", cookie.name(), cookie.value()),
            csrf,
            token,
        }
    }

    /// What rules know of a signed-in person.
    pub async fn who(&self, person: &Person) -> Who {
        sign_in::who_of_token(&self.app, &person.token).await.unwrap()
    }

    /// Carries out everything in the outbox.
    pub async fn drain(&self) -> usize {
        exchange::drain(&self.app).await.unwrap()
    }

    /// A stranger's request without a session.
    pub async fn stranger(&self, method: &str, path: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .body(Body::empty())
            .unwrap();
        Answer::of(self.router.clone(), request).await
    }
}

/// The application of an office in this folder; the database is opened as it is.
async fn open(folder: &Path, address: &str, change: impl FnOnce(&mut Settings)) -> App {
    let start: Timestamp = "2026-01-08T01:00:00Z".parse().unwrap();
    let db = Db::open(&Options {
        address: address.to_owned(),
        create: true,
        connections: 8,
    })
    .await
    .unwrap();
    let mut settings = Settings::default();
    settings.data.folder = folder.to_path_buf();
    settings.signing.pkcs11_modules = vec!["/usr/lib/softhsm/libsofthsm2.so".into()];
    change(&mut settings);
    let blobs = Blobs::open(&folder.join("files"), Ids::Random).unwrap();
    App::new(db, blobs, Clock::manual(start), Ids::Random, settings)
}

/// The server of PostgreSQL when tests of the application run on it.
fn wanted_server() -> Option<String> {
    let wanted = std::env::var("TEST_DATABASE").is_ok_and(|database| database == "postgres");
    let server = store::testing::postgres_server().filter(|_| wanted);
    assert!(
        server.is_some() || !wanted,
        "TEST_DATABASE=postgres needs TEST_POSTGRES_URL"
    );
    server
}

/// A name that no other database of the server has.
fn database_name(kind: &str) -> String {
    format!("{kind}_{}", Ids::Random.next().simple())
}

/// Where SQLite keeps the database of an office.
fn sqlite_address(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("vanthu.db").display())
}

async fn empty_database(folder: &Path) -> String {
    match wanted_server() {
        Some(server) => store::testing::postgres_address(&server, &database_name("test"))
            .await
            .unwrap(),
        None => sqlite_address(folder),
    }
}

/// A signed-in person with a browser and a program.
#[derive(Clone)]
pub struct Person {
    /// The account.
    pub account: AccountId,
    /// The post.
    pub post: PostId,
    /// The agency.
    pub agency: AgencyId,
    /// The API token.
    pub token: String,
    router: Router,
    cookie: String,
    csrf: String,
}

impl Person {
    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        let request = self.page("GET", path).body(Body::empty()).unwrap();
        Answer::of(self.router.clone(), request).await
    }

    /// Opens a page under another name of the server.
    pub async fn get_at(&self, host: &str, path: &str) -> Answer {
        let request = self.page("GET", path).header(header::HOST, host);
        Answer::of(self.router.clone(), request.body(Body::empty()).unwrap()).await
    }

    /// Sends a form of a page; csrf and a new command id are added.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_command(path, Ids::Random.next(), fields).await
    }

    /// Sends a form with a given command id: the same twice is a double click.
    pub async fn post_command(&self, path: &str, command: Uuid, fields: &[(&str, &str)]) -> Answer {
        self.send_form(&self.csrf, path, command, fields).await
    }

    /// Sends a form with the csrf token of a page that was read before.
    pub async fn post_with(&self, csrf: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send_form(csrf, path, Ids::Random.next(), fields).await
    }

    async fn send_form(&self, csrf: &str, path: &str, command: Uuid, fields: &[(&str, &str)]) -> Answer {
        let command = command.to_string();
        let mut all = vec![("csrf", csrf), ("command_id", command.as_str())];
        all.extend(fields);
        let body = serde_html_form::to_string(&all).unwrap();
        let request = self
            .page("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        Answer::of(self.router.clone(), request).await
    }

    /// Sends a form with files: (field, file name, content).
    pub async fn post_files(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Answer {
        let command = Ids::Random.next().to_string();
        let mut all = vec![("csrf", self.csrf.as_str()), ("command_id", command.as_str())];
        all.extend(fields);
        let request = self
            .page("POST", path)
            .header(
                header::CONTENT_TYPE,
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .body(Body::from(multipart(&all, files)))
            .unwrap();
        Answer::of(self.router.clone(), request).await
    }

    /// The cookie of the session, as a browser sends it.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Calls the API with GET.
    pub async fn api_get(&self, path: &str) -> Answer {
        let request = self.program("GET", path).body(Body::empty()).unwrap();
        Answer::of(self.router.clone(), request).await
    }

    /// Calls the API with POST and a new command id.
    pub async fn api(&self, path: &str, body: &serde_json::Value) -> Answer {
        self.api_command(path, Ids::Random.next(), body).await
    }

    /// Calls the API with POST and a given command id.
    pub async fn api_command(&self, path: &str, command: Uuid, body: &serde_json::Value) -> Answer {
        let request = self
            .program("POST", path)
            .header("Command-Id", command.to_string())
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        Answer::of(self.router.clone(), request).await
    }

    /// Calls the API with GET in the place of somebody who handed work over.
    pub async fn api_get_for(&self, delegation: &str, path: &str) -> Answer {
        let request = self
            .program("GET", path)
            .header("Acting-For", delegation)
            .body(Body::empty())
            .unwrap();
        Answer::of(self.router.clone(), request).await
    }

    /// Calls the API with POST in the place of somebody who handed work over.
    pub async fn api_for(&self, delegation: &str, path: &str, body: &serde_json::Value) -> Answer {
        let request = self
            .program("POST", path)
            .header("Command-Id", Ids::Random.next().to_string())
            .header("Acting-For", delegation)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        Answer::of(self.router.clone(), request).await
    }

    /// Uploads a file through the API and gives its id.
    pub async fn api_upload(&self, name: &str, content: &[u8]) -> Answer {
        let request = self
            .program("POST", "/api/v1/files")
            .header(
                header::CONTENT_TYPE,
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .body(Body::from(multipart(&[], &[("file", name, content)])))
            .unwrap();
        Answer::of(self.router.clone(), request).await
    }

    /// Sends files through the API: (field, file name, content).
    pub async fn api_files(&self, path: &str, files: &[(&str, &str, &[u8])]) -> Answer {
        let request = self
            .program("POST", path)
            .header(
                header::CONTENT_TYPE,
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .body(Body::from(multipart(&[], files)))
            .unwrap();
        Answer::of(self.router.clone(), request).await
    }

    fn page(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let builder = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, &self.cookie);
        builder.header("Sec-Fetch-Site", "same-origin")
    }

    fn program(&self, method: &str, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
    }
}

pub mod directory;
#[cfg(test)]
#[path = "../../pdf-signature/tests/judges/mod.rs"]
pub(crate) mod judges;
mod prepared;
pub mod scans;
pub mod signed;

const BOUNDARY: &str = "vanthu-test-boundary";

fn multipart(fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    for (field, name, content) in files {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body as text; bytes that are not UTF-8 are replaced.
    pub text: String,
    /// The body.
    pub bytes: Vec<u8>,
    /// Where it leads, for a redirect.
    pub location: String,
    headers: HeaderMap,
}

impl Answer {
    async fn of(router: Router, request: Request<Body>) -> Self {
        let response = router.oneshot(request).await.unwrap();
        let status = response.status();
        let location = response
            .headers()
            .get(header::LOCATION)
            .map(|value| value.to_str().unwrap().to_owned())
            .unwrap_or_default();
        let headers = response.headers().clone();
        let bytes = axum::body::to_bytes(response.into_body(), 200 << 20)
            .await
            .unwrap()
            .to_vec();
        Self {
            status,
            text: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
            location,
            headers,
        }
    }

    /// A header of the answer.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|_| panic!("{}: not JSON: {}", self.status, self.text))
    }

    /// The answer, which must be a success or a redirect after one.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert!(
            self.status.is_success() || self.status.is_redirection(),
            "{}: {}",
            self.status,
            self.text
        );
        self
    }
}

/// A small PDF with `text` on its page.
pub fn pdf(text: &str) -> Vec<u8> {
    use lopdf::{
        Document, Object, Stream,
        content::{Content, Operation},
        dictionary,
    };
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let font =
        document.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier" });
    let resources = document.add_object(dictionary! { "Font" => dictionary! { "F1" => font } });
    let operations = vec![
        Operation::new("BT", vec![]),
        Operation::new("Tf", vec!["F1".into(), 14.into()]),
        Operation::new("Td", vec![72.into(), 700.into()]),
        Operation::new("Tj", vec![Object::string_literal(text)]),
        Operation::new("ET", vec![]),
    ];
    let content = document.add_object(Stream::new(
        dictionary! {},
        Content { operations }.encode().unwrap(),
    ));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    });
    document.objects.insert(
        pages,
        Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}
