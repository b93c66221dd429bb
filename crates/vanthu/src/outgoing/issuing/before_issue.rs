//! Kiểm tra trước khi phát hành (CN-226): the list that the clerk reads before the button, with what was found.

use rules::{
    legal_value::SignatureVerdict,
    outgoing::{CheckResult, IssueCheck, OutgoingState, before_issue},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::issue::{self, Ready};
use crate::{
    context::{App, Who},
    error::{AppError, AppResult},
    outgoing::load::Document,
    signing::verdicts,
    web::{
        format,
        page::{Badge, Tone},
    },
};

/// A line of the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IssueCheckLine {
    /// `number`, `date`, `signer`, `signature`, `recipients`, `content`, `form`.
    pub check: &'static str,
    /// `met`, `missing`, `not_asked`.
    pub result: &'static str,
    /// What was found, in Vietnamese.
    pub found: String,
    #[serde(skip)]
    #[schema(ignore)]
    pub(in crate::outgoing) what: &'static str,
    #[serde(skip)]
    #[schema(ignore)]
    pub(in crate::outgoing) badge: Badge,
}

fn line(check: IssueCheck, result: CheckResult, found: String) -> IssueCheckLine {
    let tone = match result {
        CheckResult::Met => Tone::Good,
        CheckResult::Missing => Tone::Bad,
        CheckResult::NotAsked => Tone::Neutral,
    };
    IssueCheckLine {
        check: check.as_str(),
        result: result.as_str(),
        found,
        what: check.label(),
        badge: Badge::new(result.label(), tone),
    }
}

/// The list for a document that waits for its number or for the agency's signature.
///
/// # Errors
/// When the database fails. What the series refuses is a line of the list.
pub(in crate::outgoing) async fn lines(
    app: &App,
    who: &Who,
    document: &Document,
    signer: &str,
) -> AppResult<Vec<IssueCheckLine>> {
    let ready = match issue::ready(app, who, document.id).await {
        // The reserved number is one of another series, the kind is no longer in force: nothing more can be told.
        Err(AppError::Refused(refusal)) => {
            return Ok(vec![line(
                IssueCheck::Number,
                CheckResult::Missing,
                refusal.message,
            )]);
        }
        other => other?,
    };
    let number = match number(app, document, &ready).await {
        Err(AppError::Refused(refusal)) => Err(refusal.message),
        other => Ok(other?),
    };
    let person = person(app, document, &ready).await?;
    let results = ready.with_facts(person, SignatureVerdict::Absent, |facts| {
        Ok(before_issue(&document.facts, facts, number.is_ok()))
    })?;
    let version = document.facts.version;
    let found = |check: IssueCheck| match check {
        IssueCheck::Number => number
            .as_ref()
            .map_or_else(Clone::clone, |(number, _)| number.clone()),
        IssueCheck::Date => number.as_ref().map_or_else(Clone::clone, |(_, day)| day.clone()),
        IssueCheck::Signer => format!("{signer}; thẩm quyền: {}", document.authority.label()),
        IssueCheck::Signature => person.label().to_owned(),
        IssueCheck::Recipients => format!("{} nơi nhận", ready.content.recipient_count()),
        IssueCheck::Content => format!("Kiểm tra nội dung phiên bản {version}"),
        IssueCheck::Form => format!("Kiểm tra thể thức phiên bản {version}; tệp chính là PDF"),
    };
    Ok(results
        .into_iter()
        .map(|(check, result)| line(check, result, found(check)))
        .collect())
}

/// Number and day that the document has, or will get unless somebody is faster.
async fn number(app: &App, document: &Document, ready: &Ready) -> AppResult<(String, String)> {
    if let (OutgoingState::Numbered, Some(number), Some(day)) =
        (document.state(), document.number_and_symbol(), document.issued_on)
    {
        return Ok((format!("{number} (đã cấp)"), format::date(day)));
    }
    let taken = ready.series.foresee(app).await?;
    let (printed, _) = ready.printed(taken)?;
    Ok((format!("{printed} (dự kiến)"), format::date(taken.date)))
}

/// The signer's signature by the last check that was kept; the acts check anew.
async fn person(app: &App, document: &Document, ready: &Ready) -> AppResult<SignatureVerdict> {
    let main = ready.files.iter().find(|item| item.is_main);
    let (Some(_), Some(main)) = (document.signed_set, main) else {
        return Ok(SignatureVerdict::Absent);
    };
    let kept = verdicts::of_file(app, main.file.id).await?;
    Ok(kept.map_or(SignatureVerdict::Undetermined, |kept| kept.person))
}
