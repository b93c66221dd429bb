//! Quy định về thuật toán: which algorithms and key lengths hold, from when to when, as dated rows (KS-31, KS-40, KS-41). As
//! long as nobody wrote a row the built-in ones hold.

use askama::Template;
use axum::extract::{Path, State};
use axum_extra::extract::cookie::CookieJar;
use jiff::{Timestamp, civil::Date};
use pdf_signature::pki::{AlgorithmPolicy, AlgorithmRow};
use rules::{Refusal, ids::CommandId};
use serde::Deserialize;
use serde_json::json;
use store::{Act, Begun, Entry, Row, args, sql};
use uuid::Uuid;

use super::{
    anchors::begin_of,
    count_up,
    pages::{Reason, day},
};
use crate::{
    act_names, administration,
    context::{App, Who},
    error::{AppError, AppResult},
    signing::scope,
    web::{
        Reply, Stay, Submitted, clean, format, frame,
        page::{Badge, Choice, FieldErrors, Page, RefusalBox, Tab, Tone},
        render, see_other,
    },
};

/// Where the built-in rows come from.
const BUILT_IN: &str = "Danh mục tiêu chuẩn bắt buộc về chữ ký số: RSA từ 2048 bit, ECDSA từ 256 bit, SHA-2";

/// A row to add.
#[derive(Debug, Clone)]
pub struct NewRule {
    /// As [`AlgorithmRow::algorithm`].
    pub algorithm: String,
    /// Least length of the key; 0 for hash functions.
    pub min_bits: u32,
    /// Holds from this day on.
    pub valid_from: Option<Date>,
    /// Holds until this day, it included.
    pub valid_to: Option<Date>,
    /// Căn cứ.
    pub basis: String,
}

fn is_hash(algorithm: &str) -> bool {
    algorithm.starts_with("SHA-")
}

/// The policy in force.
pub async fn load(app: &App) -> AppResult<AlgorithmPolicy> {
    let rows = app
        .db
        .all(
            sql!(
                "SELECT algorithm, min_bits, valid_from, valid_to FROM algorithm_rule WHERE removed_at IS NULL ORDER BY id"
            ),
            args![],
        )
        .await?;
    if rows.is_empty() {
        return Ok(AlgorithmPolicy::default());
    }
    let row = |row: &Row| {
        Ok(AlgorithmRow {
            algorithm: row.get("algorithm")?,
            min_bits: row.get("min_bits")?,
            from: row.get("valid_from")?,
            until: row.get("valid_to")?,
        })
    };
    Ok(AlgorithmPolicy(
        rows.iter().map(row).collect::<store::Result<_>>()?,
    ))
}

/// Adds a row. With the first one the built-in rows are written down too, so that they can be ended.
///
/// # Errors
/// `QC01-23.4` for everybody but the administrator of the province; `KS-31` for what must never hold (SHA-1, MD5, RSA
/// under 2048 bits, curves under 256) or without its basis.
pub async fn add_rule(app: &App, who: &Who, command: CommandId, new: NewRule) -> AppResult<Uuid> {
    administration::must_administer_province(who)?;
    let refuse = |code, sentence: &str, field| Refusal::new("KS-31", code, sentence).on(field);
    let least = match new.algorithm.as_str() {
        "RSA" => 2048,
        "ECDSA" => 256,
        "SHA-256" | "SHA-384" | "SHA-512" => 0,
        _ => {
            return Err(refuse(
                "algorithm.refused",
                "Thuật toán này không được chấp nhận. Chỉ dùng RSA, ECDSA, SHA-256, SHA-384, SHA-512.",
                "algorithm",
            )
            .into());
        }
    };
    if new.min_bits < least || new.min_bits > 16_384 {
        return Err(refuse(
            "algorithm.weak",
            "Độ dài khóa tối thiểu không được dưới 2048 bit đối với RSA, 256 bit đối với ECDSA.",
            "min_bits",
        )
        .into());
    }
    let basis = clean(&new.basis);
    if basis.is_empty() {
        return Err(refuse(
            "algorithm.no_basis",
            "Vui lòng ghi căn cứ của quy định (văn bản nào, điều nào).",
            "basis",
        )
        .into());
    }
    if let (Some(from), Some(to)) = (new.valid_from, new.valid_to)
        && to < from
    {
        return Err(refuse(
            "algorithm.days",
            "Ngày hết hiệu lực không được trước ngày bắt đầu.",
            "valid_to",
        )
        .into());
    }
    let mut act = match app.begin(who, command).await? {
        Begun::Before(id) => return Ok(id),
        Begun::Now(act) => act,
    };
    let version = count_up(&mut act).await?;
    let any = act
        .opt(
            sql!("SELECT id FROM algorithm_rule WHERE removed_at IS NULL LIMIT 1"),
            args![],
        )
        .await?;
    if any.is_none() {
        for row in AlgorithmPolicy::default().0 {
            insert(&mut act, &row, BUILT_IN).await?;
        }
    }
    let row = AlgorithmRow {
        algorithm: new.algorithm,
        min_bits: if least == 0 { 0 } else { new.min_bits },
        from: new.valid_from.map(begin_of).transpose()?,
        until: new
            .valid_to
            .map(|day| begin_of(day.tomorrow().map_err(anyhow::Error::from)?))
            .transpose()?,
    };
    let id = insert(&mut act, &row, &basis).await?;
    act.journal(Entry {
        act: act_names::ALGORITHM_ADD,
        object_kind: "trust",
        object: id,
        agency: None,
        summary: format!(
            "Thêm quy định về thuật toán {}{}, danh sách tin cậy phiên bản {version}.",
            row.algorithm,
            bits(row.min_bits)
        ),
        details: json!({ "row": row, "note": basis }),
    })
    .await?;
    app.commit(act, &id).await?;
    Ok(id)
}

async fn insert(act: &mut Act, row: &AlgorithmRow, basis: &str) -> AppResult<Uuid> {
    let (id, now, who) = (act.new_id(), act.now(), act.actor().label.clone());
    act.run(
        sql!(
            "INSERT INTO algorithm_rule (id, algorithm, min_bits, valid_from, valid_to, basis, added_at, added_by) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        args![id, row.algorithm.as_str(), row.min_bits, row.from, row.until, basis, now, who],
    )
    .await?;
    Ok(id)
}

fn bits(bits: u32) -> String {
    if bits == 0 {
        String::new()
    } else {
        format!(" từ {bits} bit")
    }
}

/// Takes a row away. Without any row for keys or for hash functions nothing could be signed, so that is refused.
async fn remove_rule(app: &App, who: &Who, command: CommandId, id: Uuid, reason: &str) -> AppResult<()> {
    administration::must_administer_province(who)?;
    let mut act = match app.begin(who, command).await? {
        Begun::Before(()) => return Ok(()),
        Begun::Now(act) => act,
    };
    let version = count_up(&mut act).await?;
    let rows = act
        .all(
            sql!("SELECT id, algorithm FROM algorithm_rule WHERE removed_at IS NULL ORDER BY id"),
            args![],
        )
        .await?;
    let mut known = Vec::new();
    for row in &rows {
        known.push((row.get::<Uuid>("id")?, row.get::<String>("algorithm")?));
    }
    let algorithm = known
        .iter()
        .find(|(known, _)| *known == id)
        .map(|(_, algorithm)| algorithm.clone())
        .ok_or(AppError::NotFound)?;
    let left = known
        .iter()
        .filter(|(known, other)| *known != id && is_hash(other) == is_hash(&algorithm))
        .count();
    if left == 0 {
        return Err(Refusal::new(
            "KS-31",
            "algorithm.last",
            "Không bỏ được quy định cuối cùng: khi đó không chữ ký số nào được chấp nhận. Vui lòng thêm quy định mới trước.",
        )
        .into());
    }
    let now = act.now();
    act.run(
        sql!("UPDATE algorithm_rule SET removed_at = $2 WHERE id = $1"),
        args![id, now],
    )
    .await?;
    act.journal(Entry {
        act: act_names::ALGORITHM_REMOVE,
        object_kind: "trust",
        object: id,
        agency: None,
        summary: format!("Bỏ quy định về thuật toán {algorithm}, danh sách tin cậy phiên bản {version}."),
        details: json!({ "note": clean(reason) }),
    })
    .await?;
    app.commit(act, &()).await
}

struct RuleLine {
    /// Empty for built-in rows.
    id: String,
    algorithm: String,
    from: String,
    to: String,
    basis: String,
    state: Badge,
}

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct RuleForm {
    algorithm: String,
    min_bits: String,
    valid_from: String,
    valid_to: String,
    basis: String,
}

#[derive(Template)]
#[template(path = "signing/trust/algorithms.html")]
struct AlgorithmsPage {
    page: Page,
    tabs: Vec<Tab>,
    lines: Vec<RuleLine>,
    is_built_in: bool,
    algorithms: Vec<Choice>,
    form: RuleForm,
    errors: FieldErrors,
    refusal: Option<RefusalBox>,
    command_id: String,
}

/// `GET /administration/signing/algorithms`.
pub async fn page(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    render(&algorithms_page(&app, &who, &jar, RuleForm::default(), None).await?)
}

async fn algorithms_page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    form: RuleForm,
    refused: Option<AppError>,
) -> AppResult<AlgorithmsPage> {
    administration::must_administer_province(who)?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id, algorithm, min_bits, valid_from, valid_to, basis FROM algorithm_rule WHERE removed_at IS NULL \
                 ORDER BY algorithm, min_bits, id"
            ),
            args![],
        )
        .await?;
    let now = app.clock.now();
    let line = |id: String, row: &AlgorithmRow, basis: String| RuleLine {
        id,
        algorithm: format!("{}{}", row.algorithm, bits(row.min_bits)),
        from: row.from.map(day_of).unwrap_or_default(),
        // Stored as the first moment after it.
        to: row
            .until
            .map(|until| day_of(until - jiff::SignedDuration::from_secs(1)))
            .unwrap_or_default(),
        basis,
        state: if row.from.is_some_and(|from| now < from) {
            Badge::new("Chưa hiệu lực", Tone::Neutral)
        } else if row.until.is_some_and(|until| now >= until) {
            Badge::new("Hết hiệu lực", Tone::Neutral)
        } else {
            Badge::new("Đang áp dụng", Tone::Good)
        },
    };
    let mut lines = Vec::new();
    for row in &rows {
        let rule = AlgorithmRow {
            algorithm: row.get("algorithm")?,
            min_bits: row.get("min_bits")?,
            from: row.get("valid_from")?,
            until: row.get("valid_to")?,
        };
        lines.push(line(row.get::<Uuid>("id")?.to_string(), &rule, row.get("basis")?));
    }
    let is_built_in = lines.is_empty();
    if is_built_in {
        let rows = AlgorithmPolicy::default().0;
        lines.extend(
            rows.iter()
                .map(|row| line(String::new(), row, BUILT_IN.to_owned())),
        );
    }
    let mut errors = FieldErrors::none();
    let refusal = refused.map(|error| errors.tell(error));
    Ok(AlgorithmsPage {
        page: frame(app, who, jar, "Quy định về thuật toán", "signing").await?,
        tabs: scope::tabs(who, who.agency(), "trust"),
        lines,
        is_built_in,
        algorithms: ["RSA", "ECDSA", "SHA-256", "SHA-384", "SHA-512"]
            .into_iter()
            .map(|name| Choice::new(name, name))
            .collect(),
        form,
        errors,
        refusal,
        command_id: app.ids.next().to_string(),
    })
}

fn day_of(at: Timestamp) -> String {
    format::date(store::vietnam(at).date())
}

/// `POST /administration/signing/algorithms`.
pub async fn submit(State(app): State<App>, jar: CookieJar, form: Submitted<RuleForm>) -> Reply {
    let typed = form.data.clone();
    let done = async {
        let bits = form.data.min_bits.trim();
        let new = NewRule {
            min_bits: if bits.is_empty() {
                0
            } else {
                bits.parse().map_err(|_| {
                    AppError::BadInput("Độ dài khóa phải là số bit. Vui lòng nhập lại.".to_owned())
                })?
            },
            valid_from: day(&form.data.valid_from)?,
            valid_to: day(&form.data.valid_to)?,
            algorithm: form.data.algorithm,
            basis: form.data.basis,
        };
        add_rule(&app, &form.who, form.command, new).await
    };
    match done.await {
        Ok(_) => Ok(see_other(
            &app,
            "/administration/signing/algorithms",
            "Đã thêm quy định về thuật toán.",
        )),
        Err(error @ (AppError::Refused(_) | AppError::BadInput(_))) => {
            Stay::on(&algorithms_page(&app, &form.who, &jar, typed, Some(error)).await?)
        }
        Err(error) => Err(error),
    }
}

/// `POST /administration/signing/algorithms/{id}/remove`.
pub async fn remove(State(app): State<App>, Path(id): Path<Uuid>, form: Submitted<Reason>) -> Reply {
    remove_rule(&app, &form.who, form.command, id, &form.data.reason).await?;
    Ok(see_other(
        &app,
        "/administration/signing/algorithms",
        "Đã bỏ quy định về thuật toán.",
    ))
}
