//! So sánh hai phiên bản của dự thảo (CN-202): what changed in the fields, the text and the files.

use std::{borrow::Cow, time::Duration};

use askama::Template;
use axum::{
    Json,
    extract::{Path, Query, State},
};
use axum_extra::extract::cookie::CookieJar;
use rules::{document_types, ids::OutgoingId};
use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};
use store::{args, sql};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    content::{Content, Main},
    template,
};
use crate::{
    context::{App, Who},
    documents::{self, FileOfSet},
    error::{AppError, AppResult},
    outgoing::{
        load,
        view::{self, VersionLine},
    },
    web::{
        Reply, format, frame,
        page::{Badge, Choice, Crumb, FieldErrors, Page, Tone},
        render,
    },
};

/// Which versions are compared.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct CompareQuery {
    /// The older version; the one before `to` when left out.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[param(value_type = Option<u32>)]
    pub from: Option<u32>,
    /// The newer version; the current one when left out.
    #[serde(deserialize_with = "crate::web::blank_as_none")]
    #[param(value_type = Option<u32>)]
    pub to: Option<u32>,
}

/// What changed between two versions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Comparison {
    /// The older version.
    pub from: u32,
    /// The newer version.
    pub to: u32,
    /// Fields that changed.
    pub fields: Vec<FieldChange>,
    /// The composed text: lines that changed, each with a few lines around it. Empty when nothing changed.
    pub text: Vec<LineChange>,
    /// Files that came or went.
    pub files: Vec<FileChange>,
}

/// A field that changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldChange {
    /// Its name in Vietnamese.
    pub label: &'static str,
    /// What it said.
    pub before: String,
    /// What it says.
    pub after: String,
}

/// A line of the text.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineChange {
    /// `same`, `gone`, `new`; `skipped` where unchanged lines are left out.
    pub kind: &'static str,
    /// Its pieces in order.
    pub parts: Vec<LinePart>,
}

/// A piece of a line.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LinePart {
    /// Whether this piece is what changed.
    pub changed: bool,
    /// The piece.
    pub text: String,
}

/// A file that came or went.
#[derive(Debug, Serialize, ToSchema)]
pub struct FileChange {
    /// `gone` or `new`.
    pub kind: &'static str,
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// `main` or `attachment`.
    pub role: &'static str,
}

/// Lines around a change.
const AROUND: usize = 3;
/// Looking for the shortest difference ends after this long; then it is a longer one, and still right.
const PATIENCE: Duration = Duration::from_millis(800);

/// The lines that differ.
fn lines(before: &str, after: &str) -> Vec<LineChange> {
    if before == after {
        return Vec::new();
    }
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(before, after);
    let mut all = Vec::new();
    for (nth, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if nth > 0 {
            all.push(LineChange {
                kind: "skipped",
                parts: Vec::new(),
            });
        }
        for change in group.iter().flat_map(|op| diff.iter_inline_changes(op)) {
            let parts = change
                .iter_strings_lossy()
                .map(|(changed, text): (bool, Cow<'_, str>)| LinePart {
                    changed,
                    text: text.trim_end_matches(['\n', '\r']).to_owned(),
                })
                .filter(|part| !part.text.is_empty())
                .collect();
            all.push(LineChange {
                kind: match change.tag() {
                    ChangeTag::Equal => "same",
                    ChangeTag::Delete => "gone",
                    ChangeTag::Insert => "new",
                },
                parts,
            });
        }
    }
    all
}

/// A version as it was saved.
struct Saved {
    content: Content,
    files: Vec<FileOfSet>,
}

async fn saved(app: &App, id: OutgoingId, version: u32) -> AppResult<Saved> {
    let row = app
        .db
        .opt(
            sql!("SELECT content, file_set FROM outgoing_version WHERE outgoing_id = $1 AND version = $2"),
            args![id, version],
        )
        .await?
        .ok_or(AppError::NotFound)?;
    Ok(Saved {
        content: row.json("content")?,
        files: documents::files_of(app, row.get("file_set")?).await?,
    })
}

/// Compares two versions for somebody who sees the document.
///
/// # Errors
/// [`AppError::NotFound`] for what may not be seen and for a version that is not there.
pub async fn compare(app: &App, who: &Who, id: OutgoingId, query: &CompareQuery) -> AppResult<Comparison> {
    let document = load::for_view(app, who, id).await?;
    let to = query.to.unwrap_or(document.facts.version);
    let from = query.from.unwrap_or_else(|| to.saturating_sub(1).max(1));
    let (before, after) = (saved(app, id, from).await?, saved(app, id, to).await?);
    let texts = (
        template::as_text(&before.content),
        template::as_text(&after.content),
    );
    Ok(Comparison {
        from,
        to,
        fields: fields(app, who, &before.content, &after.content).await?,
        files: file_changes(&before, &after),
        text: app.heavy(move |_| lines(&texts.0, &texts.1)).await?,
    })
}

async fn fields(app: &App, who: &Who, before: &Content, after: &Content) -> AppResult<Vec<FieldChange>> {
    let (old, new) = (told(app, who, before).await?, told(app, who, after).await?);
    let changed = old.into_iter().zip(new).filter(|((_, old), (_, new))| old != new);
    Ok(changed
        .map(|((label, before), (_, after))| FieldChange { label, before, after })
        .collect())
}

/// The fields of a version as people read them, always the same ones in the same order.
async fn told(app: &App, who: &Who, content: &Content) -> AppResult<Vec<(&'static str, String)>> {
    let kind = document_types::by_key(&content.type_key);
    let main = match &content.main {
        Main::None => "chưa có",
        Main::Text { .. } => "soạn trực tiếp",
        Main::File { .. } => "tệp tải lên",
    };
    Ok(vec![
        (
            "Loại văn bản",
            kind.map_or_else(|| content.type_key.clone(), |kind| kind.name.to_owned()),
        ),
        ("Trích yếu", content.subject.clone()),
        ("Mức độ khẩn", content.urgency.label().to_owned()),
        ("Hạn trả lời", format::date_opt(content.respond_by)),
        ("Người ký", view::person(app, content.signer).await?),
        ("Thẩm quyền ký", content.authority.label().to_owned()),
        (
            "Nơi nhận",
            view::recipients(app, who.agency(), content).await?.join("; "),
        ),
        ("Viết tắt đơn vị, lĩnh vực", content.field_abbr.clone()),
        ("Văn bản chính", main.to_owned()),
    ])
}

/// Files that stand in one of the versions only. The PDF that is composed from the text is told by the text.
fn file_changes(before: &Saved, after: &Saved) -> Vec<FileChange> {
    let of = |kind: &'static str, saved: &Saved, other: &Saved| {
        let composed = matches!(saved.content.main, Main::Text { .. });
        saved
            .files
            .iter()
            .filter(|item| !(item.is_main && composed))
            .filter(|item| {
                !other
                    .files
                    .iter()
                    .any(|known| known.is_main == item.is_main && known.file.digest == item.file.digest)
            })
            .map(|item| FileChange {
                kind,
                id: item.file.id.as_uuid(),
                name: item.file.name.clone(),
                role: if item.is_main { "main" } else { "attachment" },
            })
            .collect::<Vec<_>>()
    };
    let mut all = of("gone", before, after);
    all.extend(of("new", after, before));
    all
}

/// What changed between two versions of a draft.
#[utoipa::path(get, path = "/api/v1/outgoing/{id}/compare", tag = "outgoing", params(("id" = Uuid, Path), CompareQuery),
    responses((status = 200, body = Comparison), (status = 404)))]
pub async fn api_compare(
    State(app): State<App>,
    who: Who,
    Path(id): Path<OutgoingId>,
    Query(query): Query<CompareQuery>,
) -> AppResult<Json<Comparison>> {
    Ok(Json(compare(&app, &who, id, &query).await?))
}

/// A file that came or went, as the page shows it.
struct FileLine {
    href: String,
    name: String,
    state: Badge,
}

#[derive(Template)]
#[template(path = "outgoing/drafting/comparison.html")]
struct ComparisonPage {
    page: Page,
    crumbs: Vec<Crumb>,
    heading: String,
    errors: FieldErrors,
    versions: Vec<Choice>,
    from: String,
    to: String,
    between: String,
    fields: Vec<FieldChange>,
    lines: Vec<LineChange>,
    files: Vec<FileLine>,
    is_text: bool,
}

/// `GET /outgoing/{id}/compare`.
pub async fn page(
    State(app): State<App>,
    who: Who,
    jar: CookieJar,
    Path(id): Path<OutgoingId>,
    Query(query): Query<CompareQuery>,
) -> Reply {
    let found = compare(&app, &who, id, &query).await?;
    let document = load::for_view(&app, &who, id).await?;
    let versions = view::versions(&app, id).await?;
    let content = load::content(&app, id, found.to).await?;
    let named = |number: u32| {
        let line = versions.iter().find(|line| line.version == number);
        line.map(told_version).unwrap_or_default()
    };
    let title = "So sánh phiên bản";
    render(&ComparisonPage {
        page: frame(&app, &who, &jar, title, "").await?,
        crumbs: vec![
            Crumb::new(document.subject.clone(), format!("/outgoing/{id}")),
            Crumb::new(title, ""),
        ],
        heading: document.subject.clone(),
        errors: FieldErrors::none(),
        versions: versions
            .iter()
            .map(|line| {
                Choice::new(line.version.to_string(), format!("Phiên bản {}", line.version))
                    .hint(told_version(line))
            })
            .collect(),
        from: found.from.to_string(),
        to: found.to.to_string(),
        between: format!("{} → {}", named(found.from), named(found.to)),
        fields: found.fields,
        lines: found.text,
        files: found.files.iter().map(file_line).collect(),
        is_text: matches!(content.main, Main::Text { .. }),
    })
}

fn told_version(line: &VersionLine) -> String {
    format!("{}, {}", line.author, format::moment(line.moment))
}

fn file_line(change: &FileChange) -> FileLine {
    FileLine {
        href: format!("/files/{}", change.id),
        name: change.name.clone(),
        state: if change.kind == "new" {
            Badge::new("Thêm", Tone::Good)
        } else {
            Badge::new("Bỏ", Tone::Bad)
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str) -> Vec<String> {
        lines(before, after)
            .iter()
            .map(|line| {
                let text: String = line
                    .parts
                    .iter()
                    .map(|part| match part.changed {
                        true => format!("[{}]", part.text),
                        false => part.text.clone(),
                    })
                    .collect();
                format!("{} {text}", line.kind)
            })
            .collect()
    }

    #[test]
    fn cn_202_words_that_changed_are_marked_within_their_line() {
        let before = "Căn cứ Luật.\nĐiều 1. Ban hành kế hoạch năm 2026.\nĐiều 2. Hiệu lực.";
        let after = "Căn cứ Luật.\nĐiều 1. Ban hành kế hoạch năm 2027.\nĐiều 2. Hiệu lực.";
        assert_eq!(
            shown(before, after),
            [
                "same Căn cứ Luật.",
                "gone Điều 1. Ban hành kế hoạch năm [2026.]",
                "new Điều 1. Ban hành kế hoạch năm [2027.]",
                "same Điều 2. Hiệu lực.",
            ]
        );
    }

    #[test]
    fn cn_202_of_a_long_text_only_what_is_around_the_changes_is_told() {
        let line = |n: u32| format!("Khoản {n}.\n");
        let before: String = (0..40).map(line).collect();
        let after = before
            .replace("Khoản 5.\n", "")
            .replace("Khoản 30.\n", "Khoản 30.\nKhoản 30a.\n");
        let told = shown(&before, &after);
        assert_eq!(told.iter().filter(|line| line.starts_with("same")).count(), 12);
        assert!(told.contains(&"gone Khoản 5.".to_owned()), "{told:?}");
        assert!(told.contains(&"new Khoản 30a.".to_owned()), "{told:?}");
        assert!(told.contains(&"skipped ".to_owned()), "{told:?}");
    }

    #[test]
    fn cn_202_equal_texts_have_no_difference() {
        assert_eq!(shown("Một.", "Một."), Vec::<String>::new());
    }
}
