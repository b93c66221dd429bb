//! One copy: what it is of, its files, the signature of the agency on an electronic one, and the button that makes it.

use askama::Template;
use axum::extract::{Path, State};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    Refusal,
    copies::{CopyKind, Medium},
    file_rules::ScanFault,
};
use uuid::Uuid;

use super::{is_visible, list, send_along, sign_copy};
use crate::{
    context::{App, Who},
    documents::{self, scans},
    error::AppResult,
    signing::{
        requests::{self, Subject},
        verdicts::{self, Object, Section},
    },
    web::{
        Reply, format, frame,
        page::{Badge, Crumb, Fact, FieldErrors, FileItem, Page, RefusalBox},
        render,
    },
};

#[derive(Template)]
#[template(path = "registers/copies/detail.html")]
pub(super) struct CopyPage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: Uuid,
    command_id: Uuid,
    refusal: Option<RefusalBox>,
    errors: FieldErrors,
    kind: String,
    badge: Badge,
    /// Whether the agency itself recalled the document that was copied.
    is_of_recalled: bool,
    facts: Vec<Fact>,
    files: Vec<FileItem>,
    /// Of a scan that does not conform, what to set on the scanner.
    scan_faults: Vec<&'static str>,
    /// Whether the signature of the agency is still to be made.
    waits: bool,
    /// Whether this person may be the one who makes it.
    may_sign: bool,
    asks_for_pin: bool,
    /// The own request that waits for a confirmation, or empty.
    resume: String,
    /// Who else is at it and until when, or empty.
    locked: String,
    /// Whether this person may void its number, and the reason typed before.
    may_void: bool,
    pub(super) reason: String,
    /// What the signature will show, but for the time.
    note: String,
    /// What is printed for a copy on paper, or empty.
    print: String,
    print_label: &'static str,
    signatures: Section,
}

/// `GET /registers/copies/{id}`.
pub async fn page(State(app): State<App>, who: Who, jar: CookieJar, Path(id): Path<Uuid>) -> Reply {
    render(&shown(&app, &who, &jar, id, None).await?)
}

/// The page of a copy, with what was refused.
///
/// # Errors
/// Those of [`list::one`].
pub(super) async fn shown(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    id: Uuid,
    refusal: Option<Refusal>,
) -> AppResult<CopyPage> {
    let line = list::one(app, who, id).await?;
    // The book tells that there is a copy; its content is gone with that of a document that was recalled.
    let (base_set, file_set) = if is_visible(app, who, id).await? {
        (line.base_set, line.file_set)
    } else {
        (None, None)
    };
    let base = documents::files_of(app, base_set).await?;
    let mut scan_faults = Vec::new();
    for item in &base {
        let faults = scans::faults_of(app, item.file.id).await?;
        scan_faults.extend(faults.into_iter().map(ScanFault::label));
    }
    let mut files = documents::file_items(&documents::files_of(app, file_set).await?);
    for file in &mut files {
        "Bản sao có chữ ký số của cơ quan".clone_into(&mut file.role);
    }
    let mut before = documents::file_items(&base);
    for file in &mut before {
        "Trước khi ký số".clone_into(&mut file.role);
    }
    files.extend(before);
    let mut errors = FieldErrors::none();
    let mut facts = facts(&line);
    facts.extend(send_along::went_with(app, who, line.file).await?);
    let waits = line.waits();
    let (resume, locked) = under_way(app, who, id).await?;
    let may_sign = waits && who.is_clerk();
    let title = format!("Bản sao số {}", line.number_and_symbol);
    let note = match line.kind.parse::<CopyKind>() {
        Ok(kind) if waits => sign_copy::note(app, who.agency(), kind).await?,
        _ => String::new(),
    };
    Ok(CopyPage {
        page: frame(app, who, jar, &title, "copies").await?,
        crumbs: vec![
            Crumb::new("Sổ bản sao", "/registers/copies"),
            Crumb::new(line.number_and_symbol.as_str(), ""),
        ],
        id,
        command_id: app.ids.next(),
        refusal: refusal.map(|refusal| RefusalBox {
            what_to_do: if waits {
                "Bản sao giữ nguyên số đã cấp và chờ ký số.".to_owned()
            } else {
                String::new()
            },
            ..errors.tell(refusal.into())
        }),
        errors,
        badge: line.badge(),
        is_of_recalled: line.is_of_recalled(),
        facts,
        files,
        scan_faults,
        waits,
        may_sign,
        asks_for_pin: may_sign && sign_copy::asks_for_pin(app, who.agency()).await?,
        resume,
        locked,
        may_void: may_sign,
        reason: String::new(),
        note,
        print: if line.is_electronic() {
            String::new()
        } else {
            format!("/registers/copies/{id}/block.pdf")
        },
        print_label: line.print_label(),
        signatures: verdicts::section(app, Object::Copy(id)).await?,
        kind: line.kind_label,
    })
}

/// The request that waits for the signature of this copy: the address of the own one, or the sentence about somebody else's.
async fn under_way(app: &App, who: &Who, id: Uuid) -> AppResult<(String, String)> {
    let Some(lock) = requests::lock(app, Subject::Copy(id)).await? else {
        return Ok((String::new(), String::new()));
    };
    let batch = requests::batch(app, lock.batch).await?;
    Ok(if sign_copy::is_own(who, &batch) {
        (format!("/signing/requests/{}", batch.id), String::new())
    } else {
        let sentence = format!(
            "Bản sao đang được {} ký số, yêu cầu hết hạn lúc {}.",
            lock.open.signer,
            format::moment(lock.open.expires_at)
        );
        (String::new(), sentence)
    })
}

fn facts(line: &list::CopyLine) -> Vec<Fact> {
    let medium = |name: &str| {
        name.parse::<Medium>()
            .map(Medium::label)
            .unwrap_or_default()
            .to_owned()
    };
    let mut facts = vec![
        Fact::new("Hình thức sao", line.kind_label.as_str()),
        Fact::new("Văn bản được sao", line.source_name.as_str())
            .link(format!("/{}/{}", line.source_kind, line.source)),
    ];
    facts.extend(line.source_changes.iter().map(|change| {
        let fact = Fact::new("Tình trạng văn bản được sao", change.note.as_str());
        match change.by {
            Some(by) => fact.link(format!("/outgoing/{by}")),
            None => fact,
        }
    }));
    facts.extend([
        Fact::new("Sao từ", medium(&line.from)),
        Fact::new("Bản sao là", medium(&line.to)),
        Fact::new("Ngày sao", format::date(line.made_on)),
    ]);
    if !line.extract.is_empty() {
        facts.push(Fact::new("Phần trích sao", line.extract.as_str()));
    }
    if line.is_electronic() {
        facts.push(Fact::new("Người quyết định sao", line.signer.as_str()));
        facts.push(Fact::new(
            "Ký số của cơ quan lúc",
            line.signed.map(verdicts::second).unwrap_or_default(),
        ));
    } else {
        facts.push(Fact::new("Số bản", line.copies.to_string()));
        facts.push(Fact::new("Người ký bản sao", line.signer.as_str()));
    }
    facts.push(Fact::new("Nơi nhận", line.recipients.join("; ")));
    if line.voided.is_some() {
        facts.push(Fact::new("Lý do hủy số", line.void_note()));
    }
    facts
}
