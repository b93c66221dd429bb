//! What was written, made whole: defaults filled in, texts cleaned, files checked and converted.

use rules::{
    Refusal,
    access::Action,
    document_types::{self, DocumentType},
    file_rules,
    ids::{FileId, IncomingId, OutgoingId},
    secrecy::{SecrecyLevel, SecretMarks, refuse_state_secret},
    templates,
    urgency::Urgency,
};
use store::{Digest, args, sql};

use super::Draft;
use crate::{
    access,
    context::{App, Who},
    documents::{self, StoredFile},
    error::{AppError, AppResult},
    outgoing::{
        after_issue::{correct, replace},
        drafting::{
            content::{Content, Main},
            layout, template,
        },
        recipients::{self, Recipients},
        signing::authority,
    },
    registers,
    web::clean,
};

/// What was written, made whole: defaults filled in, texts cleaned, files checked and converted.
pub(super) async fn resolve(
    app: &App,
    who: &Who,
    id: Option<OutgoingId>,
    draft: Draft,
) -> AppResult<(Content, &'static DocumentType)> {
    refuse_state_secret(&SecretMarks {
        declared: draft.secrecy.unwrap_or(SecrecyLevel::None),
        ..SecretMarks::default()
    })?;
    let kind = document_types::usable(&draft.type_key, app.clock.today())?;
    if kind.is_copy {
        return Err(AppError::BadInput(
            "Bản sao không soạn thảo từ đầu. Vui lòng chọn loại văn bản khác.".to_owned(),
        ));
    }
    let main_text = draft
        .main_text
        .map(|text| clean(&text))
        .filter(|text| !text.is_empty());
    if main_text.is_some() && draft.main_file.is_some() {
        return Err(Refusal::new(
            "ND30-10.2",
            "outgoing.two_main_contents",
            "Nội dung chính chỉ lấy từ một nguồn: soạn trực tiếp hoặc tệp đính kèm. Vui lòng bỏ bớt một.",
        )
        .on("main_file")
        .into());
    }
    let own = template::settle(
        kind,
        &draft.fields,
        main_text.is_some(),
        draft.main_file.is_some(),
    )?;
    let mut subject = clean(&draft.subject)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    if let (true, Some(text)) = (subject.is_empty(), main_text.as_deref()) {
        subject = layout::subject_of_text(kind, text).unwrap_or_default();
    }
    if subject.is_empty() {
        subject = template::subject(kind, &own);
    }
    let agency = authority::issuing(app, who.agency()).await?;
    let signers = authority::signers(app, who.agency()).await?;
    let signer = match draft.signer {
        Some(post) => authority::named(&signers, post)?,
        None => signers.first().ok_or_else(|| {
            AppError::BadInput(
                "Cơ quan chưa có người có thẩm quyền ký. Vui lòng đề nghị quản trị bổ sung.".to_owned(),
            )
        })?,
    };
    let known = known_files(app, id).await?;
    let copies = registers::copies_to_send(app, who, &draft.copies, &known).await?;
    let mut attachments = Vec::new();
    for file in &draft.attachments {
        if !attachments.contains(file) && !copies.iter().any(|sent| sent.file == *file) {
            attachments.push(own_file(app, who, &known, *file).await?.id);
        }
    }
    let main = match (main_text, draft.main_file) {
        (Some(text), _) => Main::Text { text },
        (None, Some(file)) => Main::File {
            file: main_file(app, who, &known, file).await?,
        },
        // Some templates are their fields alone.
        (None, None) if templates::of(kind).is_used(&own) => Main::Text { text: String::new() },
        (None, None) => Main::None,
    };
    if let Some(incoming) = draft.reply_to {
        may_reply(app, who, incoming).await?;
    }
    let replaces = each_once(draft.replaces);
    replace::check(app, who, id, &replaces).await?;
    let corrects = each_once(draft.corrects);
    correct::check(app, who, id, kind.key, &corrects).await?;
    let recipients = recipients::settle(
        app,
        who.agency(),
        Recipients {
            act: draft.recipients,
            know: draft.to_know,
            axis: draft.axis,
            paper: draft.paper,
        },
    )
    .await?;
    let content = Content {
        type_key: kind.key.to_owned(),
        subject,
        urgency: draft.urgency.unwrap_or(Urgency::Normal),
        respond_by: draft.respond_by,
        signer: signer.post,
        authority: draft
            .authority
            .unwrap_or_else(|| signer.usual_authority(agency.regime)),
        reply_to: draft.reply_to,
        replaces,
        corrects,
        recipients: recipients.act,
        to_know: recipients.know,
        axis: recipients.axis,
        paper: recipients.paper,
        field_abbr: clean(&draft.field_abbr),
        main,
        own,
        attachments,
        copies,
    };
    content.refuse_state_secret()?;
    rules::outgoing::may_compose(&content.texts().concat())?;
    recipients::no_paper_beside_electronic(app, who.agency(), &content).await?;
    Ok((content, kind))
}

fn each_once(mut ids: Vec<OutgoingId>) -> Vec<OutgoingId> {
    let mut named = std::collections::HashSet::new();
    ids.retain(|id| named.insert(*id));
    ids
}

/// Files that earlier versions of this document carry.
async fn known_files(app: &App, id: Option<OutgoingId>) -> AppResult<Vec<FileId>> {
    let Some(id) = id else { return Ok(Vec::new()) };
    let rows = app
        .db
        .all(
            sql!(
                "SELECT i.file_id FROM outgoing_version v JOIN file_set_item i ON i.set_id = v.file_set WHERE v.outgoing_id = $1"
            ),
            args![id],
        )
        .await?;
    Ok(rows
        .iter()
        .map(|row| row.get("file_id"))
        .collect::<store::Result<_>>()?)
}

/// A file that the drafter brought, or that the document has already.
pub async fn own_file(app: &App, who: &Who, known: &[FileId], id: FileId) -> AppResult<StoredFile> {
    let row = app
        .db
        .opt(
            sql!("SELECT id, sha256, name, media_type, size, pages, account_id FROM file WHERE id = $1 AND agency_id = $2"),
            args![id, who.agency()],
        )
        .await?
        .ok_or_else(no_such_file)?;
    let own = row.get::<Option<rules::ids::AccountId>>("account_id")? == Some(who.account());
    if !own && !known.contains(&id) {
        return Err(no_such_file());
    }
    Ok(StoredFile {
        id,
        name: row.get("name")?,
        media_type: row.get("media_type")?,
        size: row.get("size")?,
        digest: Digest::from_slice(&row.get::<Vec<u8>>("sha256")?)?,
        pages: row.get("pages")?,
    })
}

fn no_such_file() -> AppError {
    AppError::BadInput("Không tìm thấy tệp đã chọn. Vui lòng tải tệp lên lại.".to_owned())
}

/// The PDF of the main file: as it is, or converted.
async fn main_file(app: &App, who: &Who, known: &[FileId], id: FileId) -> AppResult<FileId> {
    let file = own_file(app, who, known, id).await?;
    if file.media_type == PDF {
        return Ok(file.id);
    }
    let refuse = |message: &str| {
        AppError::Refused(Refusal::new("QC01-8.3b", "outgoing.main_file_not_pdf", message).on("main_file"))
    };
    let convertible = matches!(
        viet_text::extension(&file.name).as_str(),
        "doc" | "docx" | "odt" | "rtf"
    );
    if !convertible {
        return Err(refuse(
            "Tệp văn bản chính phải là PDF hoặc DOCX, ODT. Tệp loại khác gửi ở phần tài liệu kèm theo.",
        ));
    }
    let converted = documents::convert_to_pdf(app, who, &file).await?.ok_or_else(|| {
        refuse("Máy chủ chưa chuyển được tệp này sang PDF (chưa cài LibreOffice hoặc tệp bị lỗi). Vui lòng lưu thành PDF rồi gửi lại.")
    })?;
    file_rules::check_size(u64::try_from(converted.size).unwrap_or_default())?;
    Ok(converted.id)
}

/// The media type of the main file of an issued document.
pub const PDF: &str = "application/pdf";

/// Refuses a reply to an incoming document that the drafter has no part in (ND30-24.2).
pub async fn may_reply(app: &App, who: &Who, incoming: IncomingId) -> AppResult<()> {
    let object = access::of_incoming(app, incoming).await?;
    access::may(who, Action::Reply, &object)
}
