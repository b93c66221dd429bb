//! Files of the history: the newest documents have a PDF of their own, the others of one kind share a sample that
//! says in its name and in its text that it is one.

use std::collections::HashMap;

use demo_province::DocumentSketch;
use rules::{document_types, ids::FileId};
use serde_json::{Value, json};
use store::{args, sql};
use the_thuc::{Body, OfficialDocument};
use uuid::Uuid;

use super::people::People;
use crate::context::App;

/// The one file of a document.
#[derive(Debug, Clone)]
pub struct Files {
    pub set: Option<Uuid>,
    pub pages: Option<i64>,
    /// The files as a packet announces them.
    pub announced: Value,
}

/// The shared samples, by kind.
#[derive(Default)]
pub struct Samples {
    by_kind: HashMap<&'static str, Files>,
    warned: bool,
}

impl Samples {
    /// The file of a document itself.
    ///
    /// # Errors
    /// When the file cannot be stored.
    pub async fn own(
        &mut self,
        app: &App,
        people: &People<'_>,
        sketch: &DocumentSketch,
        document: OfficialDocument,
    ) -> anyhow::Result<Files> {
        let stem = match &document.number {
            Some(number) => format!("{number}-{}.pdf", document.symbol),
            None => format!("Du-thao-{}.pdf", document.symbol),
        };
        self.store(
            app,
            people,
            sketch,
            document,
            &viet_text::corrected_file_name(&stem),
        )
        .await
    }

    /// The sample of the document's kind.
    ///
    /// # Errors
    /// When the file cannot be stored.
    pub async fn shared(
        &mut self,
        app: &App,
        people: &People<'_>,
        sketch: &DocumentSketch,
    ) -> anyhow::Result<Files> {
        if let Some(files) = self.by_kind.get(sketch.type_key) {
            return Ok(files.clone());
        }
        let kind = document_types::by_key(sketch.type_key);
        let name = kind.map_or(sketch.type_key, |kind| kind.name);
        let agency = people.agency(sketch.from)?;
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
        let files = self.store(app, people, sketch, document, &file_name).await?;
        self.by_kind.insert(sketch.type_key, files.clone());
        Ok(files)
    }

    async fn store(
        &mut self,
        app: &App,
        people: &People<'_>,
        sketch: &DocumentSketch,
        document: OfficialDocument,
        name: &str,
    ) -> anyhow::Result<Files> {
        let (laid_out, at) = (app.clone(), super::people::instant(sketch.issued_at));
        let composed =
            tokio::task::spawn_blocking(move || anyhow::Ok(laid_out.composer()?.compose(&document, at)?))
                .await?;
        let composed = match composed {
            Ok(composed) => composed,
            Err(error) => {
                // A machine without fonts still gets its history, only without files.
                if !std::mem::replace(&mut self.warned, true) {
                    tracing::warn!(%error, "the documents of the demo history have no files");
                }
                return Ok(Files {
                    set: None,
                    pages: None,
                    announced: json!([]),
                });
            }
        };
        let blob = app.blobs.put(&composed.pdf).await?;
        let (file, set) = (FileId::from_uuid(app.ids.next()), app.ids.next());
        let pages = i64::from(composed.pages);
        let mut tx = app.db.begin().await?;
        tx.run(
            sql!(
                "INSERT INTO file (id, sha256, name, media_type, size, pages, account_id, agency_id, created_at) \
                 VALUES ($1, $2, $3, 'application/pdf', $4, $5, $6, $7, $8)"
            ),
            args![
                file,
                blob.digest.as_bytes(),
                name,
                i64::try_from(blob.size)?,
                pages,
                people.person(sketch.drafter).account,
                people.agency_id(sketch.from),
                at,
            ],
        )
        .await?;
        tx.run(
            sql!("INSERT INTO file_set_item (set_id, sort, role, file_id) VALUES ($1, 0, 'main', $2)"),
            args![set, file],
        )
        .await?;
        tx.commit().await?;
        Ok(Files {
            set: Some(set),
            pages: Some(pages),
            announced: json!([{ "name": name, "sha256": blob.digest.to_string() }]),
        })
    }
}
