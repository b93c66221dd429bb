//! The members of a group as they stand today: who is still there is put into a list, who is not is told.

use std::collections::HashSet;

use jiff::civil::Date;
use rules::{Refusal, exchange::Purpose, ids::AgencyId};
use store::{args, sql};

use crate::{
    context::App,
    directory::{self, Standing},
    error::AppResult,
    outgoing::{drafting::content::AxisRecipient, recipients::addresses::Recipients},
};

/// What a group adds to a list.
#[derive(Debug, Clone, Default)]
pub struct Added {
    /// Who is to be written to and did not stand in the list.
    pub recipients: Recipients,
    /// What is to be said of the others.
    pub notes: Vec<String>,
}

/// An agency of our tables, with whether it is there today; `None` for an id that no agency has.
async fn agency(app: &App, id: AgencyId) -> AppResult<Option<(String, bool)>> {
    let row = app
        .db
        .opt(sql!("SELECT name, valid_to FROM agency WHERE id = $1"), args![id])
        .await?;
    let today = app.clock.today();
    row.map(|row| {
        let until: Option<Date> = row.get("valid_to")?;
        Ok((row.get("name")?, until.is_none_or(|day| day >= today)))
    })
    .transpose()
}

/// What `members` add to the list `there` of an agency: nobody twice, nobody who cannot be written to today, never the agency itself. Who was taken
/// over is replaced by who answers for them.
///
/// # Errors
/// When the database fails.
pub async fn add(app: &App, own: AgencyId, members: Recipients, there: &Recipients) -> AppResult<Added> {
    let mut added = Added::default();
    let mut known: HashSet<AgencyId> = there.act.iter().chain(&there.know).copied().collect();
    known.insert(own);
    let act = members.act.iter().map(|id| (*id, Purpose::Act));
    let know = members.know.iter().map(|id| (*id, Purpose::Know));
    for (id, purpose) in act.chain(know) {
        if !known.insert(id) {
            continue;
        }
        match agency(app, id).await? {
            Some((_, true)) if purpose == Purpose::Act => added.recipients.act.push(id),
            Some((_, true)) => added.recipients.know.push(id),
            Some((name, false)) => added.notes.push(format!(
                "“{name}” không còn hoạt động trong hệ thống nên không được đưa vào nơi nhận."
            )),
            None => {}
        }
    }
    let mut codes: HashSet<String> = there.axis.iter().map(|known| known.code.clone()).collect();
    for member in members.axis {
        match directory::standing(app, &member.code).await? {
            Standing::InUse(entry) => {
                if !codes.insert(entry.code.clone()) {
                    continue;
                }
                if entry.code != member.code && entry.name != member.name {
                    added.notes.push(format!(
                        "“{}” nay do “{}” ({}) tiếp nhận nhiệm vụ; nơi nhận được thay tương ứng.",
                        member.name, entry.name, entry.code
                    ));
                }
                added.recipients.axis.push(AxisRecipient {
                    code: entry.code,
                    name: entry.name,
                    purpose: member.purpose,
                });
            }
            Standing::Closed(_) | Standing::Unknown => added.notes.push(format!(
                "“{}” ({}) không còn trong danh mục trên trục liên thông nên không được đưa vào nơi nhận.",
                member.name, member.code
            )),
        }
    }
    let mut names: HashSet<String> = there
        .paper
        .iter()
        .map(|paper| viet_text::fold(&paper.name))
        .collect();
    for paper in members.paper {
        if names.insert(viet_text::fold(&paper.name)) {
            added.recipients.paper.push(paper);
        }
    }
    Ok(added)
}

/// Refuses to save an agency that is not there today.
///
/// # Errors
/// `CN-215`.
pub async fn refuse_gone(app: &App, members: &Recipients) -> AppResult<()> {
    for id in members.act.iter().chain(&members.know) {
        if agency(app, *id).await?.is_none_or(|(_, is_there)| !is_there) {
            return Err(Refusal::new(
                "CN-215",
                "recipient_group.gone",
                "Có nơi nhận không còn trong hệ thống. Vui lòng chọn lại nơi nhận.",
            )
            .on("recipients")
            .into());
        }
    }
    Ok(())
}
