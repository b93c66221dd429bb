//! Agencies, their units and posts.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum_extra::extract::cookie::CookieJar;
use rules::{
    Refusal,
    ids::{AgencyId, UnitId},
    organization::AgencyLevel,
};
use serde::Deserialize;
use store::{args, sql};
use uuid::Uuid;

use super::managed::{manages, must_administer};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    organization::{self, PostOption},
    web::{
        Reply, Stay, Submitted, format, frame,
        page::{Fact, FieldErrors, Page, RefusalBox},
        render, see_other,
    },
};

/// A node of the tree, in the order in which it is written.
struct Node {
    name: String,
    /// Mã định danh, or empty.
    code: String,
    /// Where it opens; empty for an agency that somebody else administers.
    href: String,
    has_children: bool,
    /// How many lists end after it.
    closes: usize,
}

#[derive(Template)]
#[template(path = "administration/agencies.html")]
struct AgenciesPage {
    page: Page,
    nodes: Vec<Node>,
}

struct Known {
    id: AgencyId,
    name: String,
    code: String,
}

/// `GET /administration/agencies`: the own agency and what belongs to it; the whole province for its administrator.
pub async fn tree(State(app): State<App>, who: Who, jar: CookieJar) -> Reply {
    must_administer(&who)?;
    let rows = app
        .db
        .all(
            sql!(
                "SELECT id, parent_id, name, code FROM agency WHERE level <> 'partner' \
                 AND (valid_to IS NULL OR valid_to >= $1) ORDER BY folded_name, id"
            ),
            args![app.clock.today()],
        )
        .await?;
    let mut children: HashMap<Option<AgencyId>, Vec<Known>> = HashMap::new();
    let mut root = None;
    for row in &rows {
        let known = Known {
            id: row.get("id")?,
            name: row.get("name")?,
            code: row.get::<Option<String>>("code")?.unwrap_or_default(),
        };
        if known.id == who.agency() {
            root = Some(Known {
                name: known.name.clone(),
                code: known.code.clone(),
                ..known
            });
        }
        children.entry(row.get("parent_id")?).or_default().push(known);
    }
    let mut nodes = Vec::new();
    if who.actor.is_province_administrator {
        write(
            &who,
            &children,
            children.get(&None).map(Vec::as_slice).unwrap_or_default(),
            0,
            &mut nodes,
        );
    } else if let Some(root) = root {
        write(&who, &children, &[root], 0, &mut nodes);
    }
    render(&AgenciesPage {
        page: frame(&app, &who, &jar, "Cơ quan, đơn vị", "agencies").await?,
        nodes,
    })
}

/// Writes siblings with what lies below them. The depth is limited: a circle in the data must not hang the page.
fn write(
    who: &Who,
    children: &HashMap<Option<AgencyId>, Vec<Known>>,
    siblings: &[Known],
    depth: usize,
    nodes: &mut Vec<Node>,
) {
    for agency in siblings {
        let below = children
            .get(&Some(agency.id))
            .filter(|below| !below.is_empty() && depth < 10);
        nodes.push(Node {
            name: agency.name.clone(),
            code: agency.code.clone(),
            href: if manages(who, agency.id) {
                format!("/administration/agencies/{}", agency.id)
            } else {
                String::new()
            },
            has_children: below.is_some(),
            closes: 0,
        });
        if let Some(below) = below {
            write(who, children, below, depth + 1, nodes);
            if let Some(last) = nodes.last_mut() {
                last.closes += 1;
            }
        }
    }
}

#[derive(Template)]
#[template(path = "administration/agency.html")]
struct AgencyPage {
    page: Page,
    id: String,
    facts: Vec<Fact>,
    groups: Vec<(String, String, Vec<PostOption>)>,
    codes: Codes,
    former: Vec<(String, String)>,
    may_change_codes: bool,
    refusal: Option<RefusalBox>,
    errors: FieldErrors,
    command_id: Uuid,
}

/// The codes of an agency, as they are typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Codes {
    code: String,
    old_code: String,
    basis: String,
}

/// `GET /administration/agencies/{id}`: an agency with its units and posts.
pub async fn detail(State(app): State<App>, who: Who, jar: CookieJar, Path(id): Path<AgencyId>) -> Reply {
    render(&detail_page(&app, &who, &jar, id, None, None).await?)
}

/// `POST /administration/agencies/{id}/codes`.
pub async fn change_codes(
    State(app): State<App>,
    jar: CookieJar,
    Path(id): Path<AgencyId>,
    form: Submitted<Codes>,
) -> Reply {
    let Codes {
        code,
        old_code,
        basis,
    } = &form.data;
    match organization::change_codes(&app, &form.who, form.command, id, code, old_code, basis).await {
        Ok(()) => Ok(see_other(
            &app,
            &format!("/administration/agencies/{id}"),
            "Đã đổi mã định danh. Mã trước đó được giữ lại.",
        )),
        Err(AppError::Refused(refusal)) => {
            Stay::on(&detail_page(&app, &form.who, &jar, id, Some(form.data), Some(refusal)).await?)
        }
        Err(error) => Err(error),
    }
}

async fn detail_page(
    app: &App,
    who: &Who,
    jar: &CookieJar,
    id: AgencyId,
    typed: Option<Codes>,
    refusal: Option<Refusal>,
) -> AppResult<AgencyPage> {
    must_administer(who)?;
    if !manages(who, id) {
        return Err(AppError::NotFound);
    }
    let agency = organization::agency(app, id).await?;
    let old_code = app
        .db
        .one(sql!("SELECT old_code FROM agency WHERE id = $1"), args![id])
        .await?
        .get::<Option<String>>("old_code")?
        .unwrap_or_default();
    let codes = typed.unwrap_or_else(|| Codes {
        code: agency.code.clone().unwrap_or_default(),
        old_code: old_code.clone(),
        basis: String::new(),
    });
    let former = organization::former_codes(app, id)
        .await?
        .into_iter()
        .map(|former| {
            let until = format::date(former.to);
            let window = match former.from {
                Some(from) => format!("{} – {until}", format::date(from)),
                None => format!("đến {until}"),
            };
            (former.code, window)
        })
        .collect();
    let mut errors = FieldErrors::none();
    let refusal = refusal.map(|refusal| {
        if let Some(field) = refusal.field {
            errors.add(field, refusal.message.clone());
        }
        RefusalBox {
            sentence: refusal.message,
            clause: format::clause(refusal.clause),
            what_to_do: String::new(),
        }
    });
    let units = app
        .db
        .all(
            sql!(
                "SELECT id, name, abbr FROM unit WHERE agency_id = $1 AND (valid_to IS NULL OR valid_to >= $2) ORDER BY sort, id"
            ),
            args![id, app.clock.today()],
        )
        .await?;
    let mut posts = organization::posts_of(app, id).await?;
    let mut take = |unit: Option<UnitId>| {
        let (those, others) = posts.drain(..).partition(|post: &PostOption| post.unit == unit);
        posts = others;
        those
    };
    let mut groups = vec![(
        "Lãnh đạo và bộ phận trực thuộc".to_owned(),
        String::new(),
        take(None),
    )];
    for unit in &units {
        let (name, abbr): (String, String) = (unit.get("name")?, unit.get("abbr")?);
        let unit: UnitId = unit.get("id")?;
        groups.push((
            format!("{name} ({abbr})"),
            format!("/administration/units/{unit}"),
            take(Some(unit)),
        ));
    }
    let level = agency
        .level
        .parse::<AgencyLevel>()
        .map(AgencyLevel::label)
        .unwrap_or_default();
    let facts = vec![
        Fact::new("Cấp", level),
        Fact::new("Cơ quan chủ quản", agency.printed_parent.unwrap_or_default()),
        Fact::new("Mã định danh", agency.code.unwrap_or_default()),
        Fact::new("Mã 13 ký tự", old_code),
        Fact::new("Chữ viết tắt", agency.abbr),
        Fact::new("Đuôi tên tài khoản", format!(".{}", agency.account_suffix)),
        Fact::new("Địa danh", agency.place_name),
        Fact::new("Người đứng đầu", agency.head_title),
        Fact::new("Cấp phó", agency.deputy_title),
        Fact::new(
            "Chế độ làm việc",
            if agency.collective {
                "Tập thể (ký TM.)"
            } else {
                "Thủ trưởng"
            },
        ),
    ];
    Ok(AgencyPage {
        page: frame(app, who, jar, &agency.name, "agencies").await?,
        id: id.to_string(),
        facts,
        groups,
        codes,
        former,
        may_change_codes: who.actor.is_province_administrator,
        refusal,
        errors,
        command_id: app.ids.next(),
    })
}
