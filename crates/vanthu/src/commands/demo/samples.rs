//! Files of the history: the newest documents have a PDF of their own, the others of one kind share a sample that
//! says in its name and in its text that it is one.

use std::collections::HashMap;

use demo_province::DocumentSketch;
use jiff::Timestamp;
use rules::{document_types, ids::FileId};
use serde_json::{Value, json};
use store::{BlobBatch, args};
use the_thuc::{Body, Composed, OfficialDocument};
use uuid::Uuid;

use super::{
    people::{People, instant},
    tables::Tables,
};
use crate::context::App;

/// The one file of a document.
#[derive(Debug, Clone)]
pub struct Files {
    pub set: Option<Uuid>,
    pub pages: Option<i64>,
    /// The files as a packet announces them.
    pub announced: Value,
}

/// Files on their way into the store, and the shared samples by kind.
pub struct Samples<'a> {
    app: &'a App,
    people: &'a People<'a>,
    blobs: BlobBatch,
    by_kind: HashMap<&'static str, Files>,
    warned: bool,
}

impl<'a> Samples<'a> {
    /// No sample yet.
    pub fn new(app: &'a App, people: &'a People<'a>) -> Self {
        Self {
            app,
            people,
            blobs: app.blobs.batch(),
            by_kind: HashMap::new(),
            warned: false,
        }
    }

    /// Makes the files given so far durable: to be called before the rows that name them are.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn keep(&mut self) -> anyhow::Result<()> {
        Ok(self.blobs.finish().await?)
    }

    /// The files of documents themselves, in their order.
    ///
    /// # Errors
    /// When a file cannot be stored.
    pub async fn own(
        &mut self,
        tables: &mut Tables,
        documents: Vec<(&DocumentSketch, OfficialDocument)>,
    ) -> anyhow::Result<Vec<Files>> {
        let names: Vec<_> = documents
            .iter()
            .map(|(sketch, document)| {
                let stem = match &document.number {
                    Some(number) => format!("{number}-{}.pdf", document.symbol),
                    None => format!("Du-thao-{}.pdf", document.symbol),
                };
                (*sketch, viet_text::corrected_file_name(&stem))
            })
            .collect();
        let documents = documents
            .into_iter()
            .map(|(sketch, document)| (document, instant(sketch.issued_at)))
            .collect();
        let composed = compose(self.app, documents).await?;
        let mut files = Vec::with_capacity(names.len());
        for ((sketch, name), composed) in names.iter().zip(composed) {
            files.push(self.store(tables, sketch, composed, name).await?);
        }
        Ok(files)
    }

    /// The sample of the document's kind.
    ///
    /// # Errors
    /// When the file cannot be stored.
    pub async fn shared(&mut self, tables: &mut Tables, sketch: &DocumentSketch) -> anyhow::Result<Files> {
        if let Some(files) = self.by_kind.get(sketch.type_key) {
            return Ok(files.clone());
        }
        let kind = document_types::by_key(sketch.type_key);
        let name = kind.map_or(sketch.type_key, |kind| kind.name);
        let agency = self.people.agency(sketch.from)?;
        let issuer = the_thuc::Issuer {
            parent_name: None,
            name: agency.name.clone(),
        };
        let subject = "Bản mẫu dùng chung của lịch sử văn bản mẫu".to_owned();
        let heading = the_thuc::Kind::Named {
            type_name: name.to_owned(),
            subject,
        };
        let mut document = OfficialDocument::new(issuer, "MAU", agency.place_name.clone(), heading);
        document.body = Body::parse(
            "Đây là bản mẫu dùng chung cho các văn bản cùng loại trong lịch sử của tỉnh mẫu. Nội dung riêng của từng văn bản chỉ gồm trích yếu, thời gian và quá trình xử lý; những văn bản mới nhất có tệp riêng.",
        );
        let file_name = viet_text::corrected_file_name(&format!("Ban-mau-{}.pdf", sketch.type_key));
        let composed = compose(self.app, vec![(document, instant(sketch.issued_at))]).await?;
        let mut files = Vec::with_capacity(1);
        for composed in composed {
            files.push(self.store(tables, sketch, composed, &file_name).await?);
        }
        let files = files.pop().unwrap_or_else(Files::none);
        self.by_kind.insert(sketch.type_key, files.clone());
        Ok(files)
    }

    async fn store(
        &mut self,
        tables: &mut Tables,
        sketch: &DocumentSketch,
        composed: anyhow::Result<Composed>,
        name: &str,
    ) -> anyhow::Result<Files> {
        let composed = match composed {
            Ok(composed) => composed,
            Err(error) => {
                // A machine without fonts still gets its history, only without files.
                if !std::mem::replace(&mut self.warned, true) {
                    tracing::warn!(%error, "the documents of the demo history have no files");
                }
                return Ok(Files::none());
            }
        };
        let blob = self.blobs.put(&composed.pdf).await?;
        let (file, set) = (FileId::from_uuid(self.app.ids.next()), self.app.ids.next());
        let pages = i64::from(composed.pages);
        tables.file.push(args![
            file,
            blob.digest.as_bytes(),
            name,
            i64::try_from(blob.size)?,
            pages,
            self.people.person(sketch.drafter).account,
            self.people.agency_id(sketch.from),
            instant(sketch.issued_at),
        ]);
        tables.file_set_item.push(args![set, file]);
        Ok(Files {
            set: Some(set),
            pages: Some(pages),
            announced: json!([{ "name": name, "sha256": blob.digest.to_string() }]),
        })
    }
}

impl Files {
    fn none() -> Self {
        Self {
            set: None,
            pages: None,
            announced: json!([]),
        }
    }
}

/// Lays documents out on all processors; the results stand in the order of the documents.
async fn compose(
    app: &App,
    documents: Vec<(OfficialDocument, Timestamp)>,
) -> anyhow::Result<Vec<anyhow::Result<Composed>>> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let share = documents.len().div_ceil(workers).max(1);
    let mut documents = documents.into_iter();
    let mut tasks = Vec::new();
    loop {
        let part: Vec<_> = documents.by_ref().take(share).collect();
        if part.is_empty() {
            break;
        }
        let app = app.clone();
        tasks.push(tokio::task::spawn_blocking(move || {
            part.iter()
                .map(|(document, at)| Ok(app.composer()?.compose(document, *at)?))
                .collect::<Vec<_>>()
        }));
    }
    let mut composed = Vec::new();
    for task in tasks {
        composed.extend(task.await?);
    }
    Ok(composed)
}
