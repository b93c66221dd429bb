//! Nơi nhận: what the drafter chose, made one per recipient, and how each is reached.

use std::collections::HashSet;

use rules::{
    Refusal,
    exchange::Purpose,
    identifiers::OrganCode,
    ids::AgencyId,
    recipients::{self as rule, Channel, PaperRule, Reach, RecipientFacts, ServedRecipient, reach},
};
use serde::{Deserialize, Serialize};
use store::{args, sql};
use uuid::Uuid;

use crate::{
    context::App,
    directory::{self, Standing},
    error::{AppError, AppResult},
    outgoing::{
        drafting::content::{AxisRecipient, Content, PaperRecipient},
        signing::authority,
    },
    web::clean,
};

/// Recipients as they are chosen, and as groups of them are kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Recipients {
    /// In our tables, to act.
    pub act: Vec<AgencyId>,
    /// In our tables, to know.
    pub know: Vec<AgencyId>,
    /// By code.
    pub axis: Vec<AxisRecipient>,
    /// On paper.
    pub paper: Vec<PaperRecipient>,
}

impl Recipients {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.act.len() + self.know.len() + self.axis.len() + self.paper.len()
    }
}

/// Makes the choice one per recipient: an agency chosen by several codes, or by code and from the list, is one; who is to
/// act is not told twice; never the sender itself.
///
/// # Errors
/// `QD28-10.2a` for a code that no organisation in use has.
pub async fn settle(app: &App, own: AgencyId, chosen: Recipients) -> AppResult<Recipients> {
    let mut settled = Recipients {
        act: chosen.act,
        know: chosen.know,
        ..Recipients::default()
    };
    let mut entries: Vec<(Uuid, AxisRecipient)> = Vec::new();
    for wish in chosen.axis {
        let code = OrganCode::read(&wish.code).map_err(|refusal| refusal.on("axis"))?;
        let entry = match directory::standing(app, code.as_str()).await? {
            Standing::InUse(entry) => entry,
            Standing::Closed(entry) => {
                return Err(refused(
                    "recipients.closed",
                    format!(
                        "“{}” ({code}) đã đóng trong danh mục trên trục liên thông. Vui lòng chọn cơ quan tiếp nhận nhiệm vụ của nơi nhận này.",
                        entry.name
                    ),
                ));
            }
            Standing::Unknown => {
                return Err(refused(
                    "recipients.unknown_code",
                    format!(
                        "Không có cơ quan, tổ chức nào mang mã {code} trong danh mục trên trục liên thông. Vui lòng tìm lại nơi nhận."
                    ),
                ));
            }
        };
        if let Some((agency, _)) = directory::agency_of_entry(app, entry.id).await? {
            match wish.purpose {
                Purpose::Act => settled.act.push(agency),
                Purpose::Know => settled.know.push(agency),
            }
            continue;
        }
        match entries.iter_mut().find(|(id, _)| *id == entry.id) {
            Some((_, known)) if wish.purpose == Purpose::Act => known.purpose = Purpose::Act,
            Some(_) => {}
            None => entries.push((
                entry.id,
                AxisRecipient {
                    code: entry.code,
                    name: entry.name,
                    purpose: wish.purpose,
                },
            )),
        }
    }
    settled.axis = entries.into_iter().map(|(_, recipient)| recipient).collect();
    let mut seen = HashSet::from([own]);
    settled.act.retain(|agency| seen.insert(*agency));
    settled.know.retain(|agency| seen.insert(*agency));
    settled.paper = chosen
        .paper
        .into_iter()
        .filter_map(|paper| {
            let name = clean(&paper.name);
            (!name.is_empty()).then(|| PaperRecipient {
                name,
                reason: clean(&paper.reason),
                purpose: paper.purpose,
            })
        })
        .collect();
    Ok(settled)
}

fn refused(code: &'static str, sentence: String) -> AppError {
    Refusal::new("QD28-10.2a", code, sentence).on("axis").into()
}

/// A recipient with the way to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The agency in our tables.
    pub agency: Option<AgencyId>,
    /// Its name.
    pub name: String,
    /// The code in use, where it is reached over the axis.
    pub code: Option<String>,
    /// What it is sent to it for.
    pub purpose: Purpose,
    /// The way.
    pub channel: Channel,
    /// Why on paper.
    pub reason: String,
}

/// How each recipient of `content` is reached today, one line each, the sender left out.
///
/// # Errors
/// When the database fails.
pub async fn addresses(app: &App, own: AgencyId, content: &Content) -> AppResult<Vec<Address>> {
    let connected = directory::is_connected(app, own).await?;
    let mut lines: Vec<Address> = Vec::new();
    for (id, purpose) in content.agencies() {
        let row = app
            .db
            .opt(
                sql!("SELECT name, level, code, old_code FROM agency WHERE id = $1"),
                args![id],
            )
            .await?;
        let Some(row) = row.filter(|_| id != own) else {
            continue;
        };
        let in_installation = row.get::<String>("level")? != "partner";
        let mut standing = Standing::Unknown;
        if !in_installation {
            for code in [row.get::<Option<String>>("code")?, row.get("old_code")?]
                .into_iter()
                .flatten()
            {
                if standing == Standing::Unknown {
                    standing = directory::standing(app, &code).await?;
                }
            }
        }
        let (code, way) = way(standing, in_installation, connected);
        add(
            &mut lines,
            Address {
                agency: Some(id),
                name: row.get("name")?,
                code,
                purpose,
                channel: way.channel,
                reason: way.reason.to_owned(),
            },
        );
    }
    for recipient in &content.axis {
        let standing = directory::standing(app, &recipient.code).await?;
        let mut agency = None;
        let mut in_installation = false;
        if let Standing::InUse(entry) = &standing
            && let Some((id, ours)) = directory::agency_of_entry(app, entry.id).await?
        {
            // It has joined the installation since the draft was saved.
            (agency, in_installation) = (Some(id), ours);
        }
        if agency == Some(own) {
            continue;
        }
        let (code, way) = way(standing, in_installation, connected);
        add(
            &mut lines,
            Address {
                agency,
                name: recipient.name.clone(),
                code,
                purpose: recipient.purpose,
                channel: way.channel,
                reason: way.reason.to_owned(),
            },
        );
    }
    lines.extend(content.paper.iter().map(|paper| Address {
        agency: None,
        name: paper.name.clone(),
        code: None,
        purpose: paper.purpose,
        channel: Channel::Paper,
        reason: paper.reason.clone(),
    }));
    Ok(lines)
}

fn way(standing: Standing, in_installation: bool, connected: bool) -> (Option<String>, Reach) {
    let way = reach(RecipientFacts {
        in_installation,
        in_directory: matches!(standing, Standing::InUse(_)),
        closed: matches!(standing, Standing::Closed(_)),
        sender_connected: connected,
    });
    let code = match standing {
        Standing::InUse(entry) if way.channel == Channel::Axis => Some(entry.code),
        _ => None,
    };
    (code, way)
}

/// Adds a line unless the same recipient has one; who is to act in one of them is to act.
fn add(lines: &mut Vec<Address>, line: Address) {
    let same = |other: &Address| {
        (other.agency.is_some() && other.agency == line.agency)
            || (other.code.is_some() && other.code == line.code)
    };
    match lines.iter_mut().find(|other| same(other)) {
        Some(other) if line.purpose == Purpose::Act => other.purpose = Purpose::Act,
        Some(_) => {}
        None => lines.push(line),
    }
}

/// Refuses paper to a recipient that gets the document electronically, unless the list of the agency allows it.
///
/// # Errors
/// `QD28-5.3`.
pub async fn no_paper_beside_electronic(app: &App, own: AgencyId, content: &Content) -> AppResult<()> {
    if content.paper.is_empty() {
        return Ok(());
    }
    let today = app.clock.today();
    let list: Vec<PaperRule> = authority::setting(app, own, "exchange.paper_list", today)
        .await?
        .unwrap_or_default();
    let lines = addresses(app, own, content).await?;
    let served: Vec<ServedRecipient<'_>> = lines
        .iter()
        .filter(|line| line.channel != Channel::Paper)
        .map(|line| ServedRecipient {
            name: &line.name,
            code: line.code.as_deref(),
        })
        .collect();
    let paper: Vec<&str> = content.paper.iter().map(|paper| paper.name.as_str()).collect();
    rule::no_paper_beside_electronic(&content.type_key, &paper, &served, &list, today)?;
    Ok(())
}
